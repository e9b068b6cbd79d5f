"""The language server, for editors: what menuselect and the runtime know of MODULEINFO, asterism.toml and .conf files.

The wing belongs to the command ``asterism`` and not to the floor: nothing else imports it.  Imports menuselect and
``runtime.conf``, ``runtime.logs`` and ``runtime.loader`` for their readers.
"""
