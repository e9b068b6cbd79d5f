"""logger.conf: which messages go where, and in which form.

Imports conf and core.
"""
