"""The core's own commands: one file for each first word.

Imports conf, model, core, dialplan, logs, manager, api and loader.
"""
