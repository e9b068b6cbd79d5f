"""Development of modules: new modules, a console to try them in, builds on each save, transcript tests.

Imports settled, planning and compile.
"""
