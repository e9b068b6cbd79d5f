"""asterisk/pbx.h: contexts, extensions and the places of channels in them.

One file for each idea, since the header has more than a file should hold; imported by :mod:`runtime.api.all`.
"""
