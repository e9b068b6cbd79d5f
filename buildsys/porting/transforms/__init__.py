"""Changes that a pattern cannot express: each looks at a whole function or a whole file.

Imports what the wing's own rooms offer: syntax, types of expressions, edits.
"""
