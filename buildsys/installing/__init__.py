"""Install trees: the files that belong in one, changing one all at once, and finding what is wrong with one.

Imports settled and planning.
"""
