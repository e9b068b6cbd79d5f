"""The program that loads modules, and the console to it."""
