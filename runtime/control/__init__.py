"""The control socket and both its ends: the server, -rx, the console, the terminal.

Imports core and host.
"""
