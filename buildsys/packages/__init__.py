"""Packages of modules for a distribution, made by its own tools: contents, and one file for each kind of package.

Uses all that builds and installs.
"""
