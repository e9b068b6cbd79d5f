"""A session with a tree: reading and writing its files, presets, and the effects of a changed selection on a build.

Imports model and choice.
"""
