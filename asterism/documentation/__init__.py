"""The documentation of applications, functions and manager commands, as Asterisk keeps it: DOCUMENTATION blocks of XML.

``blocks`` reads them from sources and writes them as one file; ``library`` finds entries in such files; ``layout`` and
``syntax_line`` make the text of the console, and ``pages`` makes pages.  Uses the floor only.
"""
