"""Crashes: read core files, logs and pasted backtraces, and resolve their addresses to source lines.

Imports installing (its manifests) and settled.
"""
