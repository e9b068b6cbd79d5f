"""A plan carried out by ninja: its files, its progress, logs, the time line; builds for a real Asterisk.

Imports settled and planning.
"""
