"""The reader of module files: the information in a ``NAME.so`` or ``NAME.py``, read without running it.

The loader, the plan, modinfo, depmod and the doctor read through :mod:`asterism.modulefile.reader`, so they agree
about a file. Imports the floor only.
"""
