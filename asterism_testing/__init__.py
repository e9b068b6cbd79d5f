"""Tests of modules in a real, fresh asterism.

:mod:`asterism_testing.running` starts and asks the program, :mod:`asterism_testing.plugin` makes a fixture of pytest of
it, :mod:`asterism_testing.command` is ``asterism test``.
"""
