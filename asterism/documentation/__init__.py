"""The documentation of applications, functions and manager commands: DOCUMENTATION blocks of XML, as in Asterisk.

``blocks`` reads them from sources and writes them to one file. ``library`` finds entries in such files. ``layout``
and ``syntax_line`` make the text of the console, and ``pages`` makes pages. Imports the floor only.
"""
