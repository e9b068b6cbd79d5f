"""The manager protocol (AMI), with which programs observe and control the core over TCP.

===================  ====================================================================
``server``           the sockets, and the thread that serves them all
``session``          one connection
``request``          a running action, and its answer
``pending``          the queue of events for one session
``tls``              the TLS options of manager.conf
``throttle``         the delay of answers to failed logins
``manager_conf``     manager.conf: settings and accounts
``filters``          event filters of accounts and sessions
``actions``          the actions, one file for each subject
``core_events``      descriptions of the core's events
``service``          the manager's interface to the program: start, reload, stop
===================  ====================================================================

Actions, events, their classes and the protocol as text are in :mod:`runtime.core` (``actions``, ``events``,
``event_classes``, ``manager_message``, ``login_reports``), where a program without a manager needs them too.  What
reads manager.conf, listens and answers is imported when that file says ``enabled = yes``.

Imports conf, model, core and dialplan.
"""
