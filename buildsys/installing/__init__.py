"""An install tree: what belongs into it, how it is changed all at once, what is wrong with it.

Imports settled and planning.
"""
