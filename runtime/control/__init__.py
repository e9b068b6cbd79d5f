"""Both ends of the control socket: the server, -rx, the consoles, the terminal.

Imports core and host.
"""
