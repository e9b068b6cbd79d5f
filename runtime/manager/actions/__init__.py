"""What clients of the manager can ask for: the actions of the core, one file for each subject.

====================  =================================================================
``login``             the actions that let a session in and go
``session_actions``   the session: its events, its filters, what it may ask for
``core_actions``      the core: commands, modules, its state
``database_actions``  the database of families and keys
``config_actions``    configuration files: read, changed, made
``channel_actions``   channels and their variables
``originate_action``  calls that a client makes
``call_actions``      what is done with calls
``dialplan_actions``  the dialplan, and the states of extensions
``all_actions``       all of them, for the registry
====================  =================================================================
"""
