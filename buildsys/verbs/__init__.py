"""The command lines of the build: one file for each verb.

Imports settled, planning, compile and installing.
"""
