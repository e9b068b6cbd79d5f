"""Commands whose first word is ``core``: the program, its settings, registries and queues."""
