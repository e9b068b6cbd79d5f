"""The verbs of ``asterism`` that choose what is built: one module each, with a ``main`` that takes words.

They stand on :mod:`menuselect.session.session` as the menu does.  Nothing here is imported before its verb is used.
"""
