"""The state of members: references, the engine, selections, cycles, the graph of dependencies.

Imports model; pure, no file is touched.
"""
