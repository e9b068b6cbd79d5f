"""C as it is written in a source: its tree, declarations, types of expressions, patterns, and arms of ``#if``.

Imports the floor.
"""
