"""The meaning of the tags of a MODULEINFO block, of their attributes, and of the keys of asterism.toml."""

from __future__ import annotations

TAGS = {
    "depend": "A member or a library that the module needs. Without it the module cannot be built.",
    "use": "A member or a library that the module uses if it is there.",
    "conflict": "A member or a library that cannot be there together with the module.",
    "support_level": "How well the module is looked after: `core`, `extended`, `deprecated`, `external` or `option`.",
    "defaultenabled": "Whether the module is on without a saved selection: `yes` or `no`.",
    "replacement": "The module that takes the place of this one.",
    "deprecated_in": "The version of Asterisk that deprecated the module.",
    "removed_in": "The version of Asterisk that removes the module.",
    "member_data": "Data for tools; menuselect passes it on.",
}
"""Every tag, and its meaning."""

ATTRIBUTES = {
    "type": "What the name is: a `module` of the tree, or an `external` library.",
    "name": "The text that a menu shows in place of the name.",
    "autoselect": "Whether turning the module on turns what it uses on, too: `yes` or `no`.",
}
"""Every attribute, and its meaning."""

KEYS = {
    "": {
        "directories": "Further directories of modules, relative to this file.",
        "cflags": "Flags of the compiler for all modules: a string, or a list of words.",
        "libs": "Flags of the linker for all modules.",
        "packages": "Packages of pkg-config for all modules.",
        "launcher": "A program before each compilation, such as `ccache`; empty for none.",
        "modules": "`[modules.NAME]`: what is added to a module.",
        "targets": "`[targets.NAME]`: an Asterisk that modules are built for.",
    },
    "modules": {
        "sources": "Further sources of the module, relative to this file.",
        "cflags": "Flags of the compiler for the module.",
        "libs": "Flags of the linker for the module.",
        "packages": "Packages of pkg-config for the module.",
    },
    "targets": {
        "directory": "A configured source tree of Asterisk, a prefix, or a directory of headers.",
        "prefix": "Where that Asterisk is installed, when the directory does not say.",
    },
}
"""The keys of each table of asterism.toml, and their meaning."""
