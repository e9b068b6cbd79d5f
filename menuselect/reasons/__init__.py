"""Why a member is as it is, what to do about it, what a request or another tree changes; in data and in words.

Imports model, sources, choice and session.
"""
