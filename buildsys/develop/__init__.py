"""An author's day: a new module, a console to try it in, a build on each save, transcripts.

Imports settled, planning and compile.
"""
