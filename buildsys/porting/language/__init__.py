"""The C of a source: syntax tree, declarations, types of expressions, patterns, and arms of ``#if``.

Imports the floor.
"""
