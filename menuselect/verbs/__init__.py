"""The verbs of ``asterism`` that select modules: one Python module each, with a ``main`` that takes words.

The verbs use :mod:`menuselect.session.session`, as the menu does.  A verb is imported only when it is used.
Imports all but dropin and tui.
"""
