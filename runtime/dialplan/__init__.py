"""Calls: functions and variables, expressions, substitution, extensions.conf, the way of a call.

Imports conf, model and core.
"""
