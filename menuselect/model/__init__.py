"""The data of a menu: categories, members, results of configure, and the files that contain them.

Imports the floor alone.
"""
