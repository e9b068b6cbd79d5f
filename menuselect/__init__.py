"""What can be built, and what was chosen."""

TREE = "menuselect-tree"
"""The file that lists what can be built."""
