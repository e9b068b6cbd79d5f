"""The state that configure settles before a build: configuration, compilers, libraries, build options, facts of a tree.

Imports the floor and menuselect.
"""
