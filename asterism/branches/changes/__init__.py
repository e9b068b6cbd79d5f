"""What changed between Asterisk's branches, and how a module's source follows: the rules of ``asterism port``.

Imports the floor.
"""
