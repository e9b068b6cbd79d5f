"""Tests of modules in a real, newly started asterism.

:mod:`asterism_testing.running` starts the program and sends it commands, :mod:`asterism_testing.plugin` offers it as
a pytest fixture, and :mod:`asterism_testing.command` is ``asterism test``.
"""
