"""What can be built: categories, members, what configure found, and the files that say so.

Imports the floor alone.
"""
