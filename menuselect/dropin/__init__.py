"""Asterisk's own menuselect, with the same options, files and output.

Imports all but verbs and cli.
"""
