"""``core show license`` and ``core show warranty``: the texts that the licence asks of an interactive program."""

from __future__ import annotations

from runtime.core.commands.command import Command, CommandCall, Outcome, declare


def commands() -> tuple[Command, ...]:
    """The commands."""
    return (
        declare("core show license", _license, "Show the license of this program", _SHOW_LICENSE),
        declare("core show warranty", _warranty, "Show that there is no warranty", _SHOW_WARRANTY),
    )


def _license(call: CommandCall) -> Outcome | None:
    call.write(LICENSE)
    return None


def _warranty(call: CommandCall) -> Outcome | None:
    call.write(WARRANTY)
    return None


BANNER = """\
Asterism comes with ABSOLUTELY NO WARRANTY; type 'core show warranty' for details.
This is free software under the GNU General Public License version 2 or later;
you are welcome to redistribute it: type 'core show license' for the conditions.
========================================================================="""
"""The notice at the start of a console (section 2c of the licence)."""

LICENSE = """\

Asterism is free software: you may copy it, change it and pass it on, changed
or not, under the terms of the GNU General Public License, version 2 or (at
your option) any later version, as the Free Software Foundation publishes it.

Whoever gets a copy or a changed version from you has the same rights; with
a program file you have to give, or offer, its complete source.

The text of the licence is in the file LICENSE of the sources and at
https://www.gnu.org/licenses/old-licenses/gpl-2.0.html

Modules may have licences of their own; 'asterism modinfo NAME' shows what a
module says of itself. There is no warranty: 'core show warranty'.

"""
WARRANTY = """\

There is no warranty for Asterism, as far as the law allows that. The program
is provided as it is. Nobody who wrote it, changed it or passed it on promises
that it does what you need or that it is free of faults, and nobody is liable
for damage that comes of using it or of not being able to use it: lost or
wrong data, or a failure to work with other programs. If it proves faulty, you
bear the cost of whatever has to be put right.

Sections 11 and 12 of the GNU General Public License, version 2, say this with
the force of law; 'core show license' tells where its text is.

"""

_SHOW_LICENSE = """\
Shows under which conditions this program may be used and passed on.
"""
_SHOW_WARRANTY = """\
Shows that there is no warranty for this program.
"""
