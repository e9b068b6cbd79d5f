"""What Asterisk itself has, branch by branch: names of modules, build options, headers and libraries.

Imports the floor.
"""
