"""Lists of members for people: the filter language, rows under headings, styled text.

Imports model and choice.
"""
