"""Compile: run ninja on a plan; its files, progress, logs and timeline, and builds for a real Asterisk.

Imports settled and planning.
"""
