"""Modules in files: opening from a private copy, inspection, reading the record, missing symbols.

Imports model, core and api.
"""
