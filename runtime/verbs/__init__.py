"""Verbs that look at modules or talk to a running program: plan and replace.

Imports conf, core, host, loader and control.
"""
