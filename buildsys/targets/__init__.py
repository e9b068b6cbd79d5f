"""Targets: real Asterisks that modules are built for; their names, their installed files, and private instances.

Imports settled, planning and compile.
"""
