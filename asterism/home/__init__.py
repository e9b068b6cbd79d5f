"""What this program belongs to: an installed tree, the package of pip, or a source tree.

Imports the rest of the floor.
"""
