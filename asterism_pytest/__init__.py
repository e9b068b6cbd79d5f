"""Tests of modules in a real, fresh asterism: a plugin of pytest, and what it is made of.

:mod:`asterism_pytest.running` starts and asks the program, :mod:`asterism_pytest.plugin` makes a fixture of it.
"""
