"""The connection of libasterism.so to runtime.api: generated table, exports and types, and the page docs/api.md.

Imports api; runs at build time.
"""
