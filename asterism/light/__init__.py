"""Stand-ins for modules of the standard library that take long to import.

Imports nothing.
"""
