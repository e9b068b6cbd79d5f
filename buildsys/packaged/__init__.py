"""An installation by pip: its core, built once into the user's cache, and the user's tree, installed from the core.

Imports all other wings.
"""
