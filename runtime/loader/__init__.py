"""Modules listed, ordered, started, stopped; modules.conf, distrust, trial loads, crashes explained.

Imports conf, model, core and modules.
"""
