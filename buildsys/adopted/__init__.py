"""Asterisk's own source tree, built by ninja with the commands of the tree's own make.

Imports settled, planning, compile and targets.
"""
