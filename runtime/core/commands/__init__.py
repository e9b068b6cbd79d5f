"""Commands of the console: what a command is, who types it, and the table that finds, runs and completes it.

Imports the floor and :mod:`runtime.core`'s arguments and holding.
"""
