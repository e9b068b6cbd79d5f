"""Commands whose first word is ``core``: the program, its settings, what modules registered, its queues."""
