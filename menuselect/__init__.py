"""The members of a tree that can be built, and the selection among them."""
