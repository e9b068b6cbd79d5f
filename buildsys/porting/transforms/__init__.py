"""Transforms for changes that a pattern cannot express: each examines a whole function or file.

Imports the other rooms of this wing: syntax, types of expressions, edits.
"""
