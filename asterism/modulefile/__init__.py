"""The reader of module files: what a ``NAME.so`` or ``NAME.py`` says of itself, without running it.

The loader, the plan, modinfo, depmod and the doctor read through :mod:`asterism.modulefile.reader`, so they agree
about a file.  May import the floor alone.
"""
