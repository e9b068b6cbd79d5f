"""A program under test: its directories, its start and end, and the reports of its faults.

Imports the floor, and of the runtime the reader of the crash handler's output.
"""
