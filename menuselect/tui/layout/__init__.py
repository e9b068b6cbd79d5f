"""Where things go on the screen: panes, columns, the line of keys, and the characters a terminal has.

Pure functions, without Textual.
"""
