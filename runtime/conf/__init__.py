"""Files of configuration: the .conf syntax, asterisk.conf, the installed tree's own description.

Imports the floor alone.
"""
