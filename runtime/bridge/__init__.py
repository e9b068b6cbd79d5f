"""What joins libasterism.so to runtime.api: the generated table, exports and types, and the page docs/api.md.

Imports api; runs at build time.
"""
