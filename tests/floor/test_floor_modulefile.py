"""The one reader of module files: whole files, damaged ones, and both languages."""

from __future__ import annotations

import random
import shutil
import struct
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from asterism.errors import AsterismError
from asterism.modulefile import elf, reader
from asterism.modulefile.buildsums import options_of_sum, sum_of, verdict
from asterism.modulefile.content import ModuleFile, Need
from asterism.modulefile.enums import level_name, support_level_named

RECORD = """\
struct info {
	void *self; int (*load)(void); int (*reload)(void); int (*unload)(void);
	const char *name, *description, *key;
	unsigned int flags; char sum[33]; unsigned char rank;
	const char *requires, *optional, *enhances, *reserved[4];
	unsigned int level;
};
extern void core_register(struct info *);
extern int core_maybe(void) __attribute__((weak));
int shown(void) { return core_maybe ? 1 : 0; }
__attribute__((visibility("hidden"))) int hidden(void) { return 2; }
static struct info info = { 0, shown, 0, hidden, NAME, "What it is", "a key", 3,
	"0123456789abcdef0123456789abcdef", 40, "res_a, res_b", 0, "res_c", { 0 }, 2 };
__attribute__((constructor)) static void start(void) { core_register(&info); }
"""
"""A module without any header of ours."""


@pytest.fixture(scope="module")
def linked(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Compiles RECORD as a module of a name."""
    if shutil.which("cc") is None:
        pytest.skip("needs a C compiler")

    def make(name: str, *flags: str, source: str = RECORD) -> Path:
        product = tmp_path_factory.mktemp("modules") / f"{name}.so"
        words = ["cc", "-shared", "-fPIC", f'-DNAME="{name}"', "-x", "c", "-", "-o", str(product), *flags]
        subprocess.run(words, input=source, text=True, check=True, capture_output=True)
        return product

    return make


KINDS = {
    "plain": (),
    "stripped": ("-s",),
    "classic hashes": ("-Wl,--hash-style=sysv",),
    "new hashes": ("-Wl,--hash-style=gnu",),
    "packed relocations": ("-Wl,-z,pack-relative-relocs",),
    "bound at once": ("-Wl,-z,now",),
}


@pytest.mark.parametrize("flags", KINDS.values(), ids=KINDS)
def test_a_shared_object_is_read_whatever_the_linker_did(linked: Callable[..., Path], flags: tuple[str, ...]) -> None:
    """The record, the symbols, the libraries and the run path are found by the program headers alone."""
    try:
        path = linked("res_it", *flags, "-Wl,-rpath,$ORIGIN/lib:/opt/lib", "-Wl,--no-as-needed", "-lm")
    except subprocess.CalledProcessError:
        pytest.skip(f"needs a linker that knows {flags}")
    found = reader.read(path)
    assert found == ModuleFile(
        str(path),
        "C",
        "res_it",
        description="What it is",
        level="extended",
        key="a key",
        flags=3,
        rank="40",
        sum="0123456789abcdef0123456789abcdef",
        requires=("res_a", "res_b"),
        enhances=("res_c",),
        callbacks=("load", "unload"),
        exports=("shown",),
        needs=found.needs,
        libraries=found.libraries,
        runpath=(f"{path.parent}/lib", "/opt/lib"),
        machine=elf.machine(path.read_bytes()),
    )
    assert found.libraries[0].startswith("libm.")
    needs = [need for need in found.needs if need.name.startswith("core_")]
    assert needs == [Need("core_maybe", is_weak=True), Need("core_register")]
    assert [need.name for need in needs if need.is_open] == ["core_register"]
    assert reader.exports_of(path.read_bytes(), str(path)) == {"shown"}


def test_a_file_without_its_table_of_sections_is_whole_for_all(linked: Callable[..., Path]) -> None:
    """The dynamic linker reads the program headers only, and so does the reader."""
    path = linked("res_it")
    whole = reader.read(path)
    path.write_bytes(path.read_bytes()[:-100])
    assert reader.read(path) == whole


def test_a_file_that_ends_within_its_code_is_cut_short(linked: Callable[..., Path]) -> None:
    data = linked("res_it").read_bytes()
    with pytest.raises(AsterismError, match=r"^res_it.so: the file is cut short: it has 4000 of at least \d+ bytes\n"):
        reader.parse_shared(data[:4000], "res_it.so")


def small(form: elf.Form, tags: dict[int, int], payload: bytes) -> bytes:
    """A shared object without code: headers, a dynamic section, and a payload at 4096; tags may count from there."""
    wide = form.bits == 64
    word = "Q" if wide else "I"
    ident = bytes([127, 69, 76, 70, 2 if wide else 1, 1 if form.order == "little" else 2, 1]).ljust(16, b"\0")
    table = 64
    head = ident + struct.pack(f"{form.sign}HHI3{word}I6H", 3, 62, 1, 0, table, 0, 0, 0, form.segment.size, 2, 0, 0, 0)
    dynamic = b"".join(struct.pack(f"{form.sign}2{word}", *pair) for pair in [*tags.items(), (0, 0)])
    parts = [(1, 0, 0, 4096 + len(payload)), (elf.PT_DYNAMIC, 1024, 1024, len(dynamic))]
    rows = b""
    for kind, offset, address, size in parts:
        fields = (kind, 6, offset, address, 0, size, size, 0) if wide else (kind, offset, address, 0, size, size, 6, 0)
        rows += form.segment.pack(*fields)
    return (head.ljust(table, b"\0") + rows).ljust(1024, b"\0") + dynamic.ljust(3072, b"\0") + payload


FORMS = [(bits, order) for bits in (1, 2) for order in (1, 2)]


@pytest.mark.parametrize(("bits", "order"), FORMS)
def test_files_of_other_machines_are_read(bits: int, order: int) -> None:
    form = elf.form_of(bytes([127, 69, 76, 70, bits, order]))
    strings = b"\0libone.so.1\0libtwo.so\0$ORIGIN/x:/opt\0"
    tags = {5: 4096, 10: len(strings), 1: 1, 29: strings.index(b"$")}
    found = reader.parse_shared(small(form, tags, strings), "/there/res_x.so")
    assert found == ModuleFile(
        "/there/res_x.so", "C", "", libraries=("libone.so.1",), runpath=("/there/x", "/opt"), machine="x86-64"
    )


def test_more_relocations_than_bytes_are_damage() -> None:
    """Packed in bits, a small file could ask for a table that fills the memory."""
    form = elf.form_of(bytes([127, 69, 76, 70, 2, 1]))
    data = small(form, {36: 4096, 35: 4096}, bytes([255]) * 4096)
    with pytest.raises(AsterismError, match=r"^res_x.so: the file is damaged: it has more relocations than bytes\n"):
        reader.parse_shared(data, "res_x.so")


def _damaged(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.choice((1, 2, 4, 16))):
        at = chance.randrange(chance.choice((64, 1024, len(changed))))
        changed[at : at + chance.choice((1, 4, 8))] = bytes(chance.choice((0, 1, 127, 255)) for _ in range(4))
    return bytes(changed[: chance.randrange(len(changed))]) if chance.random() < 0.2 else bytes(changed)


def _code(parse: Callable[[bytes, str], object], data: bytes, name: str) -> str:
    """What comes of reading: ``result``, or the code of the fault."""
    try:
        parse(data, name)
    except AsterismError as error:
        return error.faults[0].code
    return "result"


def test_any_bytes_give_a_module_or_a_fault(linked: Callable[..., Path]) -> None:
    """Two thousand damaged files, the same ones each time."""
    data, chance = linked("res_it").read_bytes(), random.Random(11)
    codes = {_code(reader.parse_shared, _damaged(data, chance), "res_it.so") for _ in range(2000)}
    assert codes == {"result", "not-elf"}


PYTHON = {
    "nested brackets": b"x = " + b"(" * 5000,
    "nested lists": b"x = " + b"[" * 100 + b"]" * 100,
    "a zero byte": b"x = 1\0",
    "another encoding": b"# coding: nothing\nx = 1\n",
    "a syntax error": b"def f(:\n",
    "an operand without end": b"MODULE = ModuleInfo(" + b"-" * 3000 + b"1)",
    "a warning": b"MODULE = ModuleInfo('\\d')\nx = 1 is 1\n",
}


@pytest.mark.parametrize("source", PYTHON.values(), ids=PYTHON)
def test_any_source_gives_a_module_or_a_fault(source: bytes) -> None:
    assert _code(reader.parse_python, source, "res_x.py") in ("result", "python-module", "registers-nothing", "not-elf")


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("res_x.so", b"", "the file is empty"),
        ("res_x.so", b"#!/bin/sh\n" * 20, "it is not a shared object"),
        ("res_x.txt", b"", "it is not named like a module"),
    ],
)
def test_what_is_not_a_module_is_told(tmp_path: Path, name: str, content: bytes, told: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(AsterismError) as caught:
        reader.read(tmp_path / name)
    assert str(caught.value).splitlines()[0] == f"{tmp_path / name}: {told}"


def test_files_that_provide_symbols_are_found_in_one_pass(linked: Callable[..., Path], tmp_path: Path) -> None:
    path = linked("res_it")
    (tmp_path / "res_no.so").write_bytes(b"no")
    (tmp_path / "res_no.py").write_text("shown = 1\n")
    paths = [path, tmp_path / "res_no.so", tmp_path / "res_no.py", tmp_path / "res_gone.so"]
    assert reader.providers(paths, ["shown", "hidden", "core_register"]) == {"shown": ["res_it.so"]}


def test_a_sum_is_explained_by_the_options_behind_it() -> None:
    theirs = sum_of("OPTIONAL_API, DO_CRASH")
    assert options_of_sum(theirs) == ("OPTIONAL_API", "DO_CRASH")
    assert options_of_sum("0" * 32) is None
    assert verdict(theirs, None, sum_of(""), ()) == [
        "OPTIONAL_API: on in the module, off in this tree",
        "DO_CRASH: on in the module, off in this tree",
    ]
    assert verdict("", None, sum_of(""), ()) == verdict(theirs, None, theirs, ()) == verdict(theirs, (), "", ()) == []


def test_levels_have_words() -> None:
    assert [level_name(number) for number in (0, 2, 3, 4, -1)] == [
        "unknown",
        "extended",
        "deprecated",
        "unknown",
        "unknown",
    ]
    assert support_level_named("<support_level> Core </support_level>").name == "CORE"
    assert support_level_named("no block").name == "UNKNOWN"
