"""The manager protocol (AMI): programs that watch the core and steer it over TCP.

=================  ================================================================================
``protocol``       bytes to messages and messages to bytes; pure
``classes``        the classes of events and rights: names and bits
``events``         what happens, told to whoever listens; imported by every start, so it is light
``action``         what a client can ask for, as values in a registry; light as well
``request``        one action under way, and its answer
``known``          the events of the core, described
``filters``        which events an account or a session wants
``accounts``       manager.conf: settings and accounts
``actions``        the actions of the core itself
``login``          those of them that let a session in and go
``calls``          those about channels and variables
``security``       who got in and who did not, as values that others make events of
``throttle``       how long a failed login waits for its answer
``pending``        the events that wait for one session
``session``        one connection
``server``         the sockets, and the thread that serves them all
``service``        the manager as the rest of the program sees it: start, reload, stop
=================  ================================================================================

What reads manager.conf, listens and answers is imported when that file says ``enabled = yes``.
"""
