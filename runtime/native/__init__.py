"""The C side: what libasterism.so is made of, and the generator that joins it to :mod:`runtime.api`."""
