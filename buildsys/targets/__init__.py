"""Real Asterisks that modules are built for: their names, what is installed of each, private instances of them.

Imports settled, planning and compile.
"""
