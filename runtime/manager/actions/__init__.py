"""The manager's actions that the core itself provides, one file for each subject.

====================  =================================================================
``login``             login and logoff
``session_actions``   the session: its events, filters and permitted actions
``core_actions``      the core: commands, modules, its state
``database_actions``  the database of families and keys
``config_actions``    configuration files: reading, changing, creating
``channel_actions``   channels and their variables
``originate_action``  calls made by a client
``call_actions``      operations on calls
``dialplan_actions``  the dialplan, and the states of extensions
``all_actions``       all of them, for the registry
====================  =================================================================
"""
