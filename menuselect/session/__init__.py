"""One sitting with a tree: its files read and written, presets, what a changed choice does to a build.

Imports model and choice.
"""
