"""The manager protocol (AMI): programs that watch the core and steer it over TCP.

===================  ====================================================================
``server``           the sockets, and the thread that serves them all
``session``          one connection
``request``          one action under way, and its answer
``pending``          the events that wait for one session
``tls``              what manager.conf says of TLS
``throttle``         how long a failed login waits for its answer
``manager_conf``     manager.conf: settings and accounts
``filters``          which events an account or a session wants
``actions``          what clients can ask for, one file for each subject
``core_events``      the events of the core, described
``service``          the manager as the rest of the program sees it: start, reload, stop
===================  ====================================================================

Actions, events, their classes and the protocol as text are in :mod:`runtime.core` (``actions``, ``events``,
``event_classes``, ``manager_message``, ``login_reports``), where a program without a manager needs them too.  What
reads manager.conf, listens and answers is imported when that file says ``enabled = yes``.

Imports conf, model, core and dialplan.
"""
