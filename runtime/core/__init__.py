"""The running core that is handed around: registries, commands, log, journal, events, database, tests.

Imports conf and model.
"""
