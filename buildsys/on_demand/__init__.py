"""An installation by pip: its core, built on first need into the cache of the user, and the tree of the user.

The tree is installed from the core; see the page where.md.

Imports all other wings.
"""
