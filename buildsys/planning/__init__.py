"""Planning: read the inputs of a build, and turn a selection into build steps (plain values).

Imports settled.
"""
