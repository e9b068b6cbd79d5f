"""The members of a tree that can be built, and the selection among them."""

TREE = "menuselect-tree"
"""The file that lists what can be built."""
