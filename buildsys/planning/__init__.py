"""From a selection to a plan: the inputs of a build read, and the steps of it as values.

Imports settled.
"""
