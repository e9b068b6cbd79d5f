"""Asterisk's own menuselect, option for option and byte for byte.

Imports all but verbs and cli.
"""
