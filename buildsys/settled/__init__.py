"""What is settled before a build: the configuration, compilers, libraries, build options, facts of a tree.

Imports the floor and menuselect.
"""
