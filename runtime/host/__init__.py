"""The process and its machine: run directory, background process, signals, rights.

Imports core.
"""
