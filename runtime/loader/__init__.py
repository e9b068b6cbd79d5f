"""The module loader: start order, start, stop and reload, modules.conf, distrusted modules, trial loads, backtraces.

Imports conf, model, core and modules.
"""
