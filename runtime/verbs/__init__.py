"""Verbs that look at modules or connect to a running program: plan and replace.

Imports conf, model, core, host, control, modules and loader.
"""
