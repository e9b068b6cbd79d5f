"""What joins Python and C is generated from one declaration each, and a difference does not compile."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from native_support import ROOT, STRICT, gcc

from runtime.api.export import EXPORTS, Export, Prototype
from runtime.bridge import channel_accessors
from runtime.bridge.api_page import provider
from runtime.bridge.generate import generate, main, trampoline
from runtime.model import channel_fields


def parsed(text: str) -> tuple[str, str, tuple[str, ...], tuple[str, ...], str]:
    prototype = Prototype.parse(text)
    return prototype.result, prototype.name, prototype.parameters, prototype.names, prototype.pointer


def test_a_prototype_is_taken_apart():
    assert parsed("int f(void)") == ("int ", "f", (), (), "int (*f)(void)")
    assert parsed("const char *name_of(const struct ast_channel *chan)") == (
        "const char *",
        "name_of",
        ("const struct ast_channel *chan",),
        ("chan",),
        "const char *(*name_of)(const struct ast_channel *chan)",
    )
    assert parsed("int reg(int (*run)(struct x *, int), char *words[], unsigned int n)") == (
        "int ",
        "reg",
        ("int (*run)(struct x *, int)", "char *words[]", "unsigned int n"),
        ("run", "words", "n"),
        "int (*reg)(int (*run)(struct x *, int), char *words[], unsigned int n)",
    )


@pytest.mark.parametrize("text", ["nonsense", "int f(int)", "int f(char *a, long)"])
def test_what_is_no_prototype_with_named_parameters_is_refused(text):
    with pytest.raises(ValueError, match=r"not a C prototype|has no name"):
        Prototype.parse(text)


def test_a_trampoline_calls_through_the_table_and_fails_without_it():
    export = Export(Prototype.parse("int f(int a, char *b)"), lambda: None, -1, True)
    assert trampoline(export).expandtabs(4).splitlines() == [
        "int f(int a, char *b)",
        "{",
        "    int (*call)(int a, char *b) = asterism_table.f;",
        "",
        "    if (!call) {",
        '        asterism_unbound("f");',
        "        return -1;",
        "    }",
        "    return call(a, b);",
        "}",
    ]


def test_generating_again_changes_no_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    names = {file.name for file in generate(tmp_path)}
    assert names == {"table.h", "precompiled.h", "exports.c", "fields.h", "fields.c", "layout.c", "core_types.py"}
    before = {name: (tmp_path / name).stat().st_mtime_ns for name in names}
    assert main([str(tmp_path)]) == 0
    assert {name: (tmp_path / name).stat().st_mtime_ns for name in names} == before
    assert capsys.readouterr().out == ""


def test_the_header_of_the_fields_is_what_the_table_says(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert channel_accessors.HEADER.read_text() == channel_accessors.header(), "write it again: make pages"
    assert channel_accessors.main([str(tmp_path / "written.h")]) == 0
    assert (tmp_path / "written.h").read_text() == channel_accessors.header()
    (tmp_path / "file").touch()
    assert (channel_accessors.main([str(tmp_path / "file" / "x.h")]), channel_accessors.main(["a", "b"])) == (1, 2)
    assert capsys.readouterr().err.splitlines()[-1] == "usage: python -m runtime.bridge.channel_accessors [FILE]"


def test_a_row_of_the_table_becomes_a_declaration_and_two_functions():
    pbx = next(row for row in channel_fields.NATIVES if row.name == "pbx")
    assert channel_accessors.declaration(pbx).splitlines() == [
        "/* The dialplan run, stored without effect. Kept for modules; lock the channel. */",
        "struct ast_pbx *ast_channel_pbx(const struct ast_channel *chan);",
        "void ast_channel_pbx_set(struct ast_channel *chan, struct ast_pbx *value);",
    ]
    assert channel_accessors.accessors(channel_fields.Fields.state).expandtabs(4).splitlines() == [
        "enum ast_channel_state ast_channel_state(const struct ast_channel *chan)",
        "{",
        "    return (enum ast_channel_state) asterism_channel_number(chan, ASTERISM_NUMBER_STATE, __func__);",
        "}",
        "",
        "void ast_channel_state_set(struct ast_channel *chan, enum ast_channel_state value)",
        "{",
        "    asterism_channel_set_number(chan, ASTERISM_NUMBER_STATE, value, __func__);",
        "}",
    ]


def test_generating_into_a_place_that_cannot_be_written_is_a_fault(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / "file").touch()
    assert main([str(tmp_path / "file" / "below")]) == 1
    assert "cannot write the file: not a directory" in capsys.readouterr().err


def test_generating_takes_one_directory(capsys: pytest.CaptureFixture[str]):
    assert main([]) == 2
    assert capsys.readouterr().err == "usage: python -m runtime.bridge.generate OUTDIR\n"


def test_a_prototype_that_differs_from_its_header_does_not_compile(build_room: Path, includes: list[str], tmp_path):
    source = (build_room / "exports.c").read_text()
    assert "int ast_true(const char *val)" in source
    (tmp_path / "exports.c").write_text(
        source.replace("int ast_true(const char *val)", "long ast_true(const char *val)")
    )
    with pytest.raises(AssertionError, match=r"conflicting types for .ast_true"):
        gcc("-c", *STRICT, *includes, tmp_path / "exports.c", "-o", tmp_path / "exports.o")


def test_a_structure_that_differs_from_its_header_does_not_compile(build_room: Path, includes: list[str], tmp_path):
    source = (build_room / "layout.c").read_text()
    (tmp_path / "layout.c").write_text(
        source.replace("struct ast_module_info) == 160", "struct ast_module_info) == 152")
    )
    with pytest.raises(AssertionError, match="struct ast_module_info has a different size"):
        gcc("-c", *STRICT, *includes, tmp_path / "layout.c", "-o", tmp_path / "layout.o")


def declared(includes: list[str], room: Path) -> set[str]:
    """Functions and variables of the core that the headers declare and do not define."""
    headers = [header for header in sorted((ROOT / "include" / "asterisk").glob("*.h")) if not provider(header)]
    lines = ["#define AST_IN_CORE", "#define ASTMM_LIBC 2", '#include "asterisk.h"']
    (room / "all.c").write_text("\n".join([*lines, *(f'#include "asterisk/{header.name}"' for header in headers), ""]))
    gcc("-E", "-P", *includes, room / "all.c", "-o", room / "all.i")
    text = re.sub(r"^#.*\n", "", (room / "all.i").read_text(), flags=re.MULTILINE)
    while (shorter := re.sub(r"\{[^{}]*\}", "@", text)) != text:
        text = shorter
    text = re.sub(r"__attribute__\s*\(\((?:[^()]|\([^()]*\))*\)\)", "", text)
    names: set[str] = set()
    for statement in re.split(r"[;@]", text):
        plain = statement.strip()
        if plain.startswith(("static", "typedef")) or re.fullmatch(r"(struct|enum) \w+", plain):
            continue
        pointer = re.match(r"[^=(]*\(\*(\w+)\)\(", plain)
        if found := pointer or re.match(r"[^=(]*?\b(\w+)\s*(?:\(|\[|$)", plain):
            names.add(found[1])
    return {
        name
        for name in names
        if re.match(r"_*(aco|ast|astman|bridge|pbx|ao2|stasis|term|io_context)_|option_|MD5|htonll|ntohll", name)
    }


def test_what_the_headers_declare_is_provided_and_nothing_else(native_directory: Path, includes: list[str], tmp_path):
    library = native_directory / "libasterism.so"
    nm = subprocess.run(["nm", "-D", "--defined-only", library], capture_output=True, text=True, check=True)
    provided = {line.split()[-1] for line in nm.stdout.splitlines()}
    wanted = declared(includes, tmp_path)
    assert len(wanted) > 150
    assert wanted - provided == set()
    assert {name for name in provided - wanted if not name.startswith("asterism_")} == set()


LAYOUTS: dict[str, tuple[int, dict[str, int]]] = {
    "ast_module_info": (160, {"buildopt_sum": 60, "load_pri": 93, "requires": 96, "support_level": 152}),
    "ast_cli_entry": (200, {"usage": 136, "args": 172, "handler": 184, "list": 192}),
    "ast_cli_args": (40, {"n": 36}),
    "ast_custom_function": (
        176,
        {"seealso": 48, "docsrc": 96, "read": 104, "write": 128, "mod": 136, "acflist": 152, "since": 160},
    ),
    "ast_str": (24, {"ts": 16}),
    "ast_variable": (72, {"next": 16, "file": 24, "lineno": 32, "inherited": 44, "trailing": 64, "stuff": 72}),
}
"""Sizes and offsets that modules compiled against the headers of Asterisk 20 have, on 64-bit machines."""


@pytest.fixture
def ffi(build_room: Path) -> Any:
    spec = importlib.util.spec_from_file_location("core_types_under_test", build_room / "core_types.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.ffi


@pytest.mark.skipif(sys.maxsize < 2**32, reason="needs a 64-bit machine")
@pytest.mark.parametrize("name", LAYOUTS)
def test_structures_are_laid_out_as_in_asterisk(name: str, ffi: Any):
    size, offsets = LAYOUTS[name]
    kind = f"struct {name}"
    assert (ffi.sizeof(kind), {field: ffi.offsetof(kind, field) for field in offsets}) == (size, offsets)


def test_opening_the_core_needs_neither_a_compiler_nor_a_parser(native_directory: Path, tmp_path: Path):
    program = (
        "import sys\nfrom pathlib import Path\nfrom native_support import settings_of\n"
        "from runtime.core.core import Core\n"
        "from runtime.modules.module_opening import open_native\n"
        f"open_native(Path({str(native_directory)!r}), Core(settings_of(Path({str(tmp_path)!r}))))\n"
        "print(sorted({'cffi', 'pycparser', 'elftools', 'lark', 'jinja2', 'textual'} & set(sys.modules)))\n"
    )
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}:{Path(__file__).parent}", "PATH": "/nowhere"}
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env=environment)
    assert (done.stdout, done.stderr) == ("[]\n", "")


def test_a_start_without_a_manager_needs_neither_its_server_nor_tls():
    program = (
        "import sys\nimport runtime.program.program_run\nimport runtime.manager.actions.all_actions\n"
        "print(sorted({'asyncio', 'concurrent.futures', 'secrets', 'ssl'} & set(sys.modules)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, env={"PYTHONPATH": str(ROOT)}
    )
    assert (done.stdout, done.stderr) == ("[]\n", "")


def test_each_export_has_words_for_its_reader():
    import runtime.api.all  # noqa: F401

    accessors = re.compile(r"ast_channel_\w+")
    bare = [name for name, export in EXPORTS.items() if not export.implementation.__doc__ and not accessors.match(name)]
    assert bare == []
