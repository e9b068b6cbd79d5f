"""Asterism: choose modules, build them, run them."""

__version__ = "1.1.0"
