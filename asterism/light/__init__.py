"""Stand-ins for modules of the standard library that take long to import: docs/decisions.md says how long.

Imports nothing.
"""
