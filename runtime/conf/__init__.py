"""Configuration files: the .conf syntax, asterisk.conf, and the description of the installed tree.

Imports the floor alone.
"""
