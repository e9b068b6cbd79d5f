"""Distribution packages of modules, made by the distribution's tools: their contents, and a file for each format.

Imports all wings that build and install.
"""
