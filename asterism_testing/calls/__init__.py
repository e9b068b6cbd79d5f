"""Calls that a test makes by hand.

Imports the floor.
"""
