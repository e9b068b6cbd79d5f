"""The complete running program, and its command line.

Imports everything.
"""
