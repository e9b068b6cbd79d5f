"""Values of the domain: module records, emulated channels, extensions, patterns, times, causes.

Imports the floor alone.
"""
