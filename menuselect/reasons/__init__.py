"""Reasons for the state of members, remedies, and the effects of requests and of other trees; as data and as text.

Imports model, sources, choice and session.
"""
