"""Sources of old branches of Asterisk made to fit newer ones: what has changed, where, and why.

Imports targets and the wings below it, menuselect's command line, and the floor.
"""
