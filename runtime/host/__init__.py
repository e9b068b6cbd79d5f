"""The process and its machine: run directory, background, signals, rights.

Imports core.
"""
