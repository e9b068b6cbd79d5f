"""What a core file, a log or a pasted backtrace says of a crash: texts and cores read, addresses resolved.

Imports installing (its manifests) and settled.
"""
