"""What is written for a terminal: lines broken at its width.

A part of the floor; imports nothing of it.
"""
