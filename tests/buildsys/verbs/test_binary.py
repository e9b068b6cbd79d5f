"""Reading modules' files, and who needs whom."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asterism.branches import built_in
from asterism.errors import AsterismError
from asterism.modulefile import reader
from asterism.modulefile.content import ModuleFile, Need
from buildsys.compile.symbol_table import Dependency, survey
from buildsys.settled import build_options
from buildsys.verbs.modinfo import Home, find, text, verdict

Outcome = subprocess.CompletedProcess[str]

SOURCE = """\
#include "asterisk.h"
#include "asterisk/module.h"
{code}
static int load_module(void) {{ return 0; }}
static int unload_module(void) {{ return 0; }}
AST_MODULE_INFO(ASTERISK_GPL_KEY, {flags}, "About {name}", .load = load_module, .unload = unload_module,
	.support_level = AST_MODULE_SUPPORT_EXTENDED, .load_pri = 77, {fields});
"""


@pytest.fixture(scope="module")
def compiled(built_sources: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Compiles a module against the headers of a built tree; each once."""
    if shutil.which("gcc") is None:
        pytest.skip("needs gcc")
    directory = tmp_path_factory.mktemp("modules")

    def compile_(
        name: str, code: str = "", flags: str = "AST_MODFLAG_LOAD_ORDER", fields: str = "", *options: str
    ) -> Path:
        product = directory / f"{name}.so"
        source = SOURCE.format(name=name, code=code, flags=flags, fields=fields)
        own = [f'-DAST_MODULE="{name}"', f"-DAST_MODULE_SELF_SYM=__internal_{name}_self"]
        command = ["gcc", "-shared", "-fPIC", "-fvisibility=hidden", f"-I{built_sources / 'include'}", *own, *options]
        subprocess.run([*command, "-x", "c", "-", "-o", str(product)], input=source, text=True, check=True)
        return product

    return compile_


FIELDS = '.requires = "res_a, res_b", .optional_modules = "res_c", .enhances = "res_d"'


@pytest.mark.parametrize("options", [(), ("-s",), ("-Wl,-z,pack-relative-relocs",)], ids=["plain", "stripped", "relr"])
def test_all_that_a_module_says_is_read_from_its_file(compiled: Callable[..., Path], options: tuple[str, ...]) -> None:
    code = '__attribute__((visibility("default"))) int res_it_value(void); int res_it_value(void) { return 1; }'
    try:
        path = compiled("res_it", code, "AST_MODFLAG_GLOBAL_SYMBOLS", FIELDS, *options)
    except subprocess.CalledProcessError:
        pytest.skip(f"needs a linker that knows {options}")
    found = reader.read(path)
    assert (found.name, found.description, found.language) == ("res_it", "About res_it", "C")
    assert (found.level, found.rank, found.flag_names) == ("extended", "77", ("global symbols",))
    assert (found.requires, found.optional, found.enhances) == (("res_a", "res_b"), ("res_c",), ("res_d",))
    assert found.callbacks == ("load", "unload")
    options = ("OPTIONAL_API", "TEST_FRAMEWORK")
    assert (found.sum, found.options) == (build_options.option_sum(options), options)
    assert "GNU General Public License" in found.key
    assert "res_it_value" in found.exports
    assert {need.name for need in found.needs if not need.library and not need.is_weak} == {
        "ast_module_register",
        "ast_module_unregister",
    }


def test_what_sources_say_of_themselves_is_read(compiled: Callable[..., Path]) -> None:
    named = compiled("res_named", 'ASTERISK_FILE_VERSION("res_named.c", "$Revision: 7 $")')
    assert reader.read(named).sources == ("res_named.c $Revision: 7 $",)
    assert "sources      res_named.c $Revision: 7 $" in text(reader.read(named), None).splitlines()
    registered = compiled("res_registered", "ASTERISK_REGISTER_FILE();", "AST_MODFLAG_DEFAULT", "", "-s")
    assert reader.read(registered).sources == ("<stdin>",)
    old = compiled("res_old", 'const char *revision(void); const char *revision(void) { return "$Revision: 9 $"; }')
    assert reader.read(old).sources == ("$Revision: 9 $",)


def test_a_library_that_has_gone_is_told(
    compiled: Callable[..., Path], built_sources: Path, tmp_path: Path, asterism: Callable[..., Outcome]
) -> None:
    command = ["gcc", "-shared", "-fPIC", "-x", "c", "-", "-o", "libgone.so"]
    subprocess.run(command, cwd=tmp_path, input="int gone(void) { return 1; }\n", text=True, check=True)
    code = "int gone(void); int use_it(void); int use_it(void) { return gone(); }"
    libs = (f"-L{tmp_path}", "-Wl,--no-as-needed", "-lgone")
    module = compiled("res_lost", code, "AST_MODFLAG_GLOBAL_SYMBOLS", "", *libs)
    directory = tmp_path / "modules"
    directory.mkdir()
    shutil.copy(module, directory)
    (tmp_path / "libgone.so").unlink()
    done = asterism(built_sources, "depmod", str(directory))
    assert (done.returncode, done.stderr) == (
        1,
        f"{directory}/res_lost.so: it needs 'libgone.so', which cannot be found: "
        "the dynamic linker cannot load the file\n"
        "    install the package that has it again; where it is elsewhere, name that directory in LD_LIBRARY_PATH\n",
    )


def test_what_a_module_enhances_is_a_link_and_no_need() -> None:
    modules = (ModuleFile("a.so", "C", "a", enhances=("b",)), ModuleFile("b.so", "C", "b", requires=("a",)))
    found = survey(modules, (), {})
    assert found.links == (Dependency("a", "b", ("enhances",)), Dependency("b", "a", ("requires",)))
    assert [link.is_needed for link in found.links] == [False, True]
    assert (found.cycles, found.faults) == ((), [])


def test_a_module_that_is_built_here_is_found_by_its_name(
    compiled: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "build/modules").mkdir(parents=True)
    shutil.copy(compiled("res_here"), tmp_path / "build/modules")
    assert find("res_here", None) == Path("build/modules/res_here.so")


def test_a_python_module_is_read_without_running_it(tmp_path: Path) -> None:
    path = tmp_path / "res_p.py"
    path.write_text(
        '"""P.\n\n/*** MODULEINFO\n\t<support_level>extended</support_level>\n***/\n"""\n'
        "raise SystemExit('it was run')\n"
        "MODULE = ModuleInfo('About P', load_pri=Priority.CORE, requires=('res_a',), optional=[])\n"
        "def load_module():\n    pass\n"
    )
    assert reader.read(path) == ModuleFile(
        str(path),
        "Python",
        "res_p",
        description="About P",
        level="extended",
        rank="Priority.CORE",
        requires=("res_a",),
        callbacks=("load",),
    )


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("res_x.so", b"", "the file is empty"),
        ("res_x.so", b"\x7fELF\x02\x01\x01" + bytes(9), "it is not a shared object"),
        ("res_x.txt", b"", "it is not named like a module"),
        ("res_x.py", b"x = 1\n", "it registers no module"),
        ("res_x.py", b"x = \n", "1:5: it is not valid Python: invalid syntax"),
    ],
)
def test_a_file_that_is_no_module_is_told_with_its_reason(
    tmp_path: Path, name: str, content: bytes, expected: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(AsterismError) as caught:
        reader.read(path)
    assert str(caught.value).startswith((f"{path}: {expected}", f"{path}:{expected}"))


def test_a_shared_object_without_a_record_registers_nothing(tmp_path: Path) -> None:
    path = tmp_path / "res_x.so"
    command = ["gcc", "-shared", "-fPIC", "-x", "c", "-", "-o", str(path)]
    words = 'const char *words[40] = {"a", "b", "c", "d", "res_y", "about", "key"};\n'
    subprocess.run(command, input=words, text=True, check=True)
    with pytest.raises(AsterismError, match="it registers no module"):
        reader.read(path)


@settings(deadline=None, max_examples=40)
@given(st.data())
def test_a_damaged_file_is_a_fault_or_a_module_and_nothing_else(data: st.DataObject) -> None:
    whole = bytearray(_small().read_bytes())
    for at in data.draw(st.lists(st.integers(0, len(whole) - 1), min_size=1, max_size=8)):
        whole[at] = data.draw(st.integers(0, 255))
    try:
        found = reader.parse_shared(bytes(whole[: data.draw(st.integers(0, len(whole)))]), "res_x.so")
    except AsterismError as error:
        codes = [fault.code for fault in error.faults]
    else:
        codes = [] if found.path == "res_x.so" else ["other"]
    assert codes in ([], ["not-elf"])


def _small() -> Path:
    """A shared object that is there in any case."""
    import _struct

    return Path(_struct.__file__)


THEIRS = ModuleFile(
    "res_x.so", "C", "res_x", sum=build_options.option_sum(["DEBUG_THREADS"]), options=("DEBUG_THREADS",)
)


def test_a_sum_that_differs_is_explained_option_by_option() -> None:
    ours = Home(Path(), ("TEST_FRAMEWORK",), build_options.option_sum(["TEST_FRAMEWORK"]))
    assert text(THEIRS, ours).splitlines()[-4:] == [
        f"sum          {THEIRS.sum}  (this tree has 4a42379a6da59ab1f006e6ad07609ac3)",
        "options      DEBUG_THREADS",
        "differs      DEBUG_THREADS: on in the module, off in this tree",
        "             TEST_FRAMEWORK: off in the module, on in this tree",
    ]


def test_options_that_a_file_does_not_name_are_found_by_their_sum() -> None:
    nameless = ModuleFile("res_x.so", "C", "res_x", sum=build_options.option_sum(["OPTIONAL_API", "MTX_PROFILE"]))
    assert verdict(nameless, Home(Path(), (), build_options.option_sum(()))) == [
        "OPTIONAL_API: on in the module, off in this tree",
        "MTX_PROFILE: on in the module, off in this tree",
    ]
    unknown = ModuleFile("res_x.so", "C", "res_x", sum="0" * 32)
    assert verdict(unknown, Home(Path(), (), build_options.option_sum(()))) == [
        "of options that its file does not name; compile it against this tree's headers"
    ]


def module(name: str, exports: str = "", needs: str = "", *, shared: bool = True, requires: str = "") -> ModuleFile:
    return ModuleFile(
        f"{name}.so",
        "C",
        name,
        flags=int(shared),
        exports=tuple(exports.split()),
        needs=tuple(Need(symbol) for symbol in needs.split()),
        requires=tuple(requires.split()),
    )


def test_who_needs_whom_is_told_by_symbols_and_by_what_is_declared() -> None:
    found = survey(
        [
            module("app_user", needs="core_fn give_a give_b", requires="res_giver"),
            module("res_giver", exports="give_a give_b"),
            module("app_loose", needs="give_a"),
        ],
        ["core_fn"],
        {},
    )
    assert found.links == (
        Dependency("app_loose", "res_giver", ("uses",), ("give_a",)),
        Dependency("app_user", "res_giver", ("uses", "requires"), ("give_a", "give_b")),
    )
    assert [str(fault) for fault in found.faults] == [
        "app_loose.so: warning: the module does not declare that it requires res_giver: the module uses its 'give_a'\n"
        '    add .requires = "res_giver" to its AST_MODULE_INFO'
    ]


@pytest.mark.parametrize(
    ("modules", "expected"),
    [
        ([module("res_a", needs="give_x")], ["res_a.so: it needs 'give_x', which nobody provides"]),
        ([module("res_a", requires="res_z")], ["res_a.so: the module requires res_z, which does not exist"]),
        (
            [module("res_a", needs="b", requires="res_b"), module("res_b", exports="b", shared=False)],
            ["res_a.so: res_b does not share its symbols: the module uses its 'b'"],
        ),
        (
            [module("res_a", exports="x"), module("res_b", exports="x")],
            ["res_a.so: warning: 'res_a' and 'res_b' both provide 'x'"],
        ),
        (
            [module("res_c", requires="res_a"), module("res_a", requires="res_b"), module("res_b", requires="res_c")],
            ["res_a.so: res_a -> res_b -> res_c -> res_a need each other"],
        ),
        ([module("res_a", requires="res_a")], ["res_a.so: res_a -> res_a need each other"]),
        ([ModuleFile("res_a.so", "C", "res_a", needs=(Need("w", "", True), Need("puts", "libc.so.6")))], []),
    ],
)
def test_each_way_in_which_modules_do_not_fit_is_a_finding(modules: list[ModuleFile], expected: list[str]) -> None:
    assert [str(fault).splitlines()[0] for fault in survey(modules, [], {}).faults] == expected


def test_a_part_of_asterisk_that_it_lists_as_a_module_may_be_required() -> None:
    modules = [module("res_y", requires="http"), module("res_x", requires="manager")]
    assert survey(modules, [], {}, built_in.NAMES).faults == []
    told = [str(fault).splitlines()[0] for fault in survey(modules, [], {}).faults]
    assert told == ["res_y.so: the module requires http, which does not exist"]


def test_a_library_that_provides_a_symbol_or_cannot_be_read_is_no_finding() -> None:
    user = ModuleFile("res_a.so", "C", "res_a", needs=(Need("curl_init"),), libraries=("libcurl.so",))
    assert survey([user], [], {"libcurl.so": ["curl_init"]}).missing == {}
    assert survey([user], [], {}).missing == {}
    assert survey([user], [], {"libcurl.so": []}).missing == {"res_a": ("curl_init",)}


def test_the_modules_of_the_project_need_nothing_that_is_not_there(
    built_sources: Path, asterism: Callable[..., Outcome]
) -> None:
    done = asterism(built_sources, "depmod", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    answer = json.loads(done.stdout)
    assert {"res_sample_module", "res_clock", "func_math"} <= set(answer["modules"])
    assert (answer["missing"], answer["cycles"], answer["faults"]) == ({}, [], [])
    assert asterism(built_sources, "depmod", "--format", "dot").stdout.startswith("digraph ")
    assert asterism(built_sources, "depmod", "--format", "svg").stdout.startswith("<svg ")


def test_modinfo_reads_all_it_can_and_names_what_it_cannot(
    built_sources: Path, asterism: Callable[..., Outcome]
) -> None:
    done = asterism(built_sources, "modinfo", "--json", "res_limt", "res_limit", "res/res_clock.py")
    assert done.returncode == 1
    assert [(each["name"], each["fits"]) for each in json.loads(done.stdout)] == [
        ("res_limit", True),
        ("res_clock", None),
    ]
    assert done.stderr == (
        f"{built_sources}/build/modules: there is no module 'res_limt'\n    did you mean 'res_limit'?\n"
    )
