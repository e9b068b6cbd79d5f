"""How a file becomes a module: opened from a private copy, inspected, its record read, its symbols missing.

Imports model, core and api.
"""
