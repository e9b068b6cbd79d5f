"""Write the C accessors of a channel's fields from the table, and the header that declares them.

    python -m runtime.bridge.channel_accessors [FILE]

writes ``include/asterisk/channel_fields.h``, which is a part of the sources; :mod:`runtime.bridge.generate` writes
``fields.h`` and ``fields.c`` at each build.
"""

from __future__ import annotations

import itertools
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from asterism import files
from asterism.errors import AsterismError, report
from runtime.model.channel_fields import NATIVES, NUMBERS, TEXTS, FieldAccess, FieldRow, NativeField, TextField

HEADER = Path(__file__).parents[2] / "include" / "asterisk" / "channel_fields.h"

_BEGINNING = """\
/*
 * The fields of a channel.  Written by runtime.bridge.channel_accessors from runtime/model/channel_fields.py.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef ASTERISM_CHANNEL_FIELDS_H
#define ASTERISM_CHANNEL_FIELDS_H

struct ast_channel;
"""


def rows() -> Iterator[FieldRow]:
    """Every field that modules can read, in the order of the table."""
    return (row for row in (*TEXTS, *NUMBERS, *NATIVES) if row.access is not FieldAccess.HIDDEN)


def getter(row: FieldRow) -> str:
    """The prototype of the function that reads a field."""
    return f"{_joined(row.ctype, f'ast_channel_{row.name}')}(const struct ast_channel *chan)"


def setter(row: FieldRow) -> str:
    """The prototype of the function that sets a field."""
    return f"void ast_channel_{row.name}_set(struct ast_channel *chan, {_joined(row.ctype, 'value')})"


def _joined(ctype: str, name: str) -> str:
    return f"{ctype}{name}" if ctype.endswith("*") else f"{ctype} {name}"


def declaration(row: FieldRow) -> str:
    """The functions of a field, below their documentation."""
    comment = f"/* {row.words.replace('`', '')}. {row.lock_rule} */"
    set_it = [f"{setter(row)};"] if row.access is FieldAccess.BOTH else []
    return "\n".join([comment, f"{getter(row)};", *set_it, ""])


def header() -> str:
    """``channel_fields.h``."""
    structures = sorted({word for row in rows() for word in _structures(row.ctype)} - {"ast_channel"})
    opaque = "".join(f"struct {name};\n" for name in structures)
    return "\n".join([f"{_BEGINNING}{opaque}", *map(declaration, rows()), "#endif\n"])


def _structures(ctype: str) -> Iterator[str]:
    words = ctype.replace("*", " ").split()
    return (name for kind, name in itertools.pairwise(words) if kind == "struct")


def _kind(row: FieldRow) -> str:
    return "text" if isinstance(row, TextField) else "native" if isinstance(row, NativeField) else "number"


def constant(row: FieldRow) -> str:
    """The index of a field, by name: ``ASTERISM_TEXT_NAME``."""
    return f"ASTERISM_{_kind(row)}_{row.name}".upper()


def fields_header() -> str:
    """``fields.h``: the indices."""
    lines = ["#ifndef ASTERISM_FIELDS_H", "#define ASTERISM_FIELDS_H", ""]
    for kind, table in (("text", TEXTS), ("number", NUMBERS), ("native", NATIVES)):
        lines += [f"enum asterism_{kind}_field {{", *(f"\t{constant(row)}," for row in table)]
        lines += [f"\tASTERISM_{kind.upper()}S", "};", ""]
    defaults = ", ".join(f"[{constant(row)}] = (void *) {row.default}L" for row in NATIVES if row.default)
    lines += [f"#define ASTERISM_NATIVE_DEFAULTS {defaults}", ""]
    return "\n".join([*lines, "#endif", ""])


def accessors(row: FieldRow) -> str:
    """The functions of a field."""
    kind, which = _kind(row), constant(row)
    is_pointer = row.ctype.endswith(("*", "_func_t"))
    through = "" if is_pointer else "(intptr_t) "  # a pointer is not converted to another type at once
    cast = {"text": "", "number": f"({row.ctype}) ", "native": f"({row.ctype}) {through}"}[kind]
    value = {"text": "", "number": "", "native": f"(void *) {through}"}[kind]
    read = f"return {cast}asterism_channel_{kind}(chan, {which}, __func__);"
    written = f"asterism_channel_set_{kind}(chan, {which}, {value}value, __func__);"
    functions = [(getter(row), read), (setter(row), written)][: 1 if row.access is FieldAccess.READ else 2]
    return "\n".join(f"{head}\n{{\n\t{body}\n}}\n" for head, body in functions)


def fields_source() -> str:
    """``fields.c``: the accessors."""
    return "\n".join(['#include "internal.h"', '#include "fields.h"', "", *map(accessors, rows())])


def main(words: Sequence[str] | None = None) -> int:
    """``python -m runtime.bridge.channel_accessors [FILE]``."""
    arguments = sys.argv[1:] if words is None else words
    if len(arguments) > 1:
        print("usage: python -m runtime.bridge.channel_accessors [FILE]", file=sys.stderr)
        return 2
    try:
        files.write(Path(arguments[0]) if arguments else HEADER, header())
    except AsterismError as error:
        report(error.faults, program="channel_accessors")
        return error.status
    return 0


if __name__ == "__main__":
    sys.exit(main())
