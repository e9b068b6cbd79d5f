"""What the verbs share: their options, the tree they open, changes they make, states, what they print.

Imports all but dropin, tui and verbs.
"""
