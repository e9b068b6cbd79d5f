"""Port sources of old branches of Asterisk to newer ones, with the place and the reason of each change.

Imports targets and the wings below it, menuselect's command line, and the floor.
"""
