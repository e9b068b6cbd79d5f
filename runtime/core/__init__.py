"""The running core: registries, commands, log, journal, events, database, tests.

Imports conf and model.
"""
