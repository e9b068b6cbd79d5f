"""Log destinations: logger.conf, log files, consoles and the system log.

Imports conf and core.
"""
