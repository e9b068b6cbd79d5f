"""The running program put together, and its command line.

Imports everything.
"""
