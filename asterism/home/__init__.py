"""The origin of this program: an installed tree, the pip package, or a source tree.

Imports the rest of the floor.
"""
