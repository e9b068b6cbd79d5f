"""The commands of the core itself: one file for each first word.

Imports everything below but control.
"""
