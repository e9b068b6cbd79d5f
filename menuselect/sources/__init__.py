"""From sources to menuselect-tree: MODULEINFO blocks, Makefiles of Asterisk, asterism.toml.

Imports model.
"""
