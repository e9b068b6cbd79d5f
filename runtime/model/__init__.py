"""The field in values: module records, emulated channels, extensions, patterns, times, causes.

Imports the floor alone.
"""
