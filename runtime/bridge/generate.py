"""Generate the connection of libasterism.so to :mod:`runtime.api`: ``python -m runtime.bridge.generate OUTDIR``.

``table.h``
    the struct of function pointers that Python fills
``precompiled.h``
    all declarations of the core, to be compiled before its sources
``exports.c``
    a C function for each exported one, which calls through the table; the headers are included, so that a prototype
    that differs from its header does not compile
``fields.h``, ``fields.c``
    the accessors of a channel's fields (:mod:`runtime.bridge.channel_accessors`)
``layout.c``
    a static assertion for each structure that Python sees
``core_types.py``
    cffi's own description of all types and functions; needs no compiler, neither here nor later

Files whose content does not change keep their modification time.
"""

from __future__ import annotations

import contextlib
import io
import re
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cffi import FFI

import runtime.api.all  # noqa: F401 - declares every export
from asterism import files
from asterism.errors import AsterismError, report
from runtime.api.export import EXPORTS, Export
from runtime.bridge import channel_accessors

NATIVE = Path(__file__).resolve().parents[1] / "native"
HEADER = "/* Written by runtime.bridge.generate. Do not edit: change runtime/api instead. */\n"


def _without_directives(text: str) -> str:
    """C declarations as cffi reads them: no comments, no preprocessor lines."""
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    return "\n".join(line for line in text.splitlines() if not line.startswith("#"))


def declarations() -> str:
    """All C declarations that Python sees."""
    parts = [_without_directives((NATIVE / name).read_text()) for name in ("types.h", "core.h")]
    return "\n".join([*parts, table_struct(), "extern struct asterism_table asterism_table;"])


def table_struct() -> str:
    """The struct of function pointers."""
    fields = "\n".join(f"\t{export.prototype.pointer};" for export in EXPORTS.values())
    return f"struct asterism_table {{\n{fields}\n}};"


def table_header() -> str:
    """``table.h``."""
    return "\n".join(
        [
            HEADER.rstrip(),
            "#ifndef ASTERISM_TABLE_H",
            "#define ASTERISM_TABLE_H",
            "",
            table_struct(),
            "",
            "extern struct asterism_table asterism_table;",
            "",
            "#endif",
            "",
        ]
    )


def trampoline(export: Export) -> str:
    """The C function of one export."""
    name = export.prototype.name
    is_void = export.prototype.result.strip() == "void"
    failure = "" if is_void else f" {export.failure if export.failure is not None else 'NULL'}"
    # Taken once: another thread may empty the table between a look and a call.
    return "\n".join(
        [
            f"{export.prototype}",
            "{",
            f"\t{export.prototype.pointer.replace(f'(*{name})', '(*call)', 1)} = asterism_table.{name};",
            "",
            "\tif (!call) {",
            f'\t\tasterism_unbound("{name}");',
            f"\t\treturn{failure};",
            "\t}",
            f"\t{'' if is_void else 'return '}call({', '.join(export.prototype.names)});",
            "}",
            "",
        ]
    )


def exports_source() -> str:
    """``exports.c``."""
    public = [trampoline(export) for export in EXPORTS.values() if export.is_public]
    return "\n".join([HEADER, '#include "internal.h"', "", "struct asterism_table asterism_table;", "", *public])


def layout_source(ffi: Any) -> str:
    """``layout.c``: cffi's idea of each structure against the compiler's."""
    lines = [HEADER, '#include "internal.h"', ""]
    for name in re.findall(r"^struct (\w+) \{", declarations(), flags=re.MULTILINE):
        lines += _assertions(name, ffi.typeof(f"struct {name}"))
    return "\n".join([*lines, ""])


def _assertions(name: str, kind: Any) -> list[str]:
    size = _size_of(kind)
    lines = [f'_Static_assert(sizeof(struct {name}) == {size}, "struct {name} has a different size");']
    lines += [
        f'_Static_assert(offsetof(struct {name}, {field}) == {item.offset}, "{name}.{field} has a different offset");'
        for field, item in kind.fields
        if item.bitsize < 0  # a bit field has no address
    ]
    return [*lines, ""]


def _size_of(kind: Any) -> int:
    return int(FFI().sizeof(kind))


def types_module(ffi: Any) -> str:
    """``core_types.py``."""
    ffi.set_source("core_types", None)
    with tempfile.TemporaryDirectory() as room:
        target = Path(room) / "core_types.py"
        with contextlib.redirect_stdout(io.StringIO()):  # it announces itself
            ffi.emit_python_code(str(target))
        return target.read_text()


def generate(outdir: Path) -> list[Path]:
    """Write all files below ``outdir``; returns those that changed.

    Raises:
        AsterismError: a file cannot be written.
    """
    ffi = FFI()
    ffi.cdef(declarations())
    wanted = {
        "table.h": table_header(),
        "precompiled.h": HEADER + '#include "internal.h"\n',
        "exports.c": exports_source(),
        "fields.h": HEADER + channel_accessors.fields_header(),
        "fields.c": HEADER + channel_accessors.fields_source(),
        "layout.c": layout_source(ffi),
        "core_types.py": types_module(ffi),
    }
    return [outdir / name for name, text in wanted.items() if files.write(outdir / name, text)]


def main(words: Sequence[str] | None = None) -> int:
    """``python -m runtime.bridge.generate OUTDIR``."""
    arguments = sys.argv[1:] if words is None else words
    if len(arguments) != 1:
        print("usage: python -m runtime.bridge.generate OUTDIR", file=sys.stderr)
        return 2
    try:
        generate(Path(arguments[0]))
    except AsterismError as error:
        report(error.faults, program="generate")
        return error.status
    return 0


if __name__ == "__main__":
    sys.exit(main())
