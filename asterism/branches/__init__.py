"""The names that Asterisk's branches have: modules, build options, headers, libraries, functions.

Imports the floor.
"""
