"""The project's modules as the loader sees them: started, unloaded, loaded again, described."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from elftools.elf.elffile import ELFFile
from module_runtime import Answer, Runtime, compile_module

MODULES = {
    "app_exec.so": ("Exec, TryExec and ExecIf: run other applications", "core"),
    "app_set.so": ("Set, MSet and NoOp", "core"),
    "app_while.so": ("While, EndWhile, ExitWhile and ContinueWhile: loops", "core"),
    "app_stack.py": ("Gosub, Return and LOCAL: subroutines", "core"),
    "app_verbose.so": ("Verbose and Log: messages from the dialplan", "core"),
    "func_base64.so": ("Base64 encoding and decoding", "core"),
    "func_config.so": ("Values of configuration files", "core"),
    "func_db.so": ("Database dialplan functions", "core"),
    "func_env.so": ("The environment, and facts about files", "core"),
    "func_global.so": ("Global and shared variables", "core"),
    "func_logic.so": ("Conditions and variables", "core"),
    "func_math.so": ("Arithmetic", "core"),
    "func_md5.so": ("MD5 digests", "core"),
    "func_module.so": ("Whether a module is running", "core"),
    "func_rand.so": ("Random numbers", "core"),
    "func_sha1.so": ("SHA-1 digests", "core"),
    "func_strings.so": ("Functions on text", "core"),
    "func_uri.so": ("Encoding and decoding for URIs", "core"),
    "func_uuid.py": ("Universally unique identifiers", "extended"),
    "res_clock.py": ("The time in any time zone", "extended"),
    "res_limit.so": ("Limits of the process", "core"),
    "res_sample_module.so": ("Sample module", "core"),
    "res_security_log.so": ("Security events in the log", "core"),
    "res_sorcery_astdb.so": ("Sorcery in the database", "core"),
    "res_sorcery_config.so": ("Sorcery in configuration files", "core"),
    "res_sorcery_memory.so": ("Sorcery in memory", "core"),
}

REGISTERED = {
    "app_exec.so": ["application Exec", "application ExecIf", "application TryExec"],
    "app_set.so": ["application MSet", "application NoOp", "application Set"],
    "app_while.so": [
        "application ContinueWhile",
        "application EndWhile",
        "application ExitWhile",
        "application While",
    ],
    "app_stack.py": [
        "application Gosub",
        "application GosubIf",
        "application Return",
        "application StackPop",
        "function LOCAL",
    ],
    "app_verbose.so": ["application Log", "application Verbose"],
    "func_base64.so": ["function BASE64_DECODE", "function BASE64_ENCODE"],
    "func_config.so": ["function AST_CONFIG"],
    "func_db.so": [
        "function DB",
        "function DB_DELETE",
        "function DB_EXISTS",
        "function DB_KEYCOUNT",
        "function DB_KEYS",
    ],
    "func_env.so": ["function ENV", "function STAT"],
    "func_global.so": [
        "function GLOBAL",
        "function GLOBAL_DELETE",
        "function GLOBAL_EXISTS",
        "function SHARED",
    ],
    "func_logic.so": [
        "function DELETE",
        "function EXISTS",
        "function IF",
        "function IFTIME",
        "function IMPORT",
        "function ISNULL",
        "function SET",
        "function VARIABLE_EXISTS",
    ],
    "func_math.so": ["function DEC", "function INC", "function MATH"],
    "func_md5.so": ["function MD5"],
    "func_module.so": ["function IFMODULE"],
    "func_rand.so": ["function RAND"],
    "func_sha1.so": ["function SHA1"],
    "func_strings.so": [
        "application ClearHash",
        "function ARRAY",
        "function CSV_QUOTE",
        "function CUT",
        "function EVAL",
        "function FIELDNUM",
        "function FIELDQTY",
        "function FILTER",
        "function HASH",
        "function HASHKEYS",
        "function KEYPADHASH",
        "function LEN",
        "function LISTFILTER",
        "function LTRIM",
        "function PASSTHRU",
        "function POP",
        "function PUSH",
        "function QUOTE",
        "function REGEX",
        "function REPLACE",
        "function RTRIM",
        "function SHIFT",
        "function STRBETWEEN",
        "function STRFTIME",
        "function STRPTIME",
        "function STRREPLACE",
        "function TOLOWER",
        "function TOUPPER",
        "function TRIM",
        "function UNSHIFT",
    ],
    "func_uri.so": ["function URIDECODE", "function URIENCODE"],
    "func_uuid.py": ["function UUID"],
    "res_clock.py": ["help clock"],
    "res_limit.so": ["help ulimit"],
    "res_sample_module.so": [],
    "res_security_log.so": [],
    "res_sorcery_astdb.so": [],
    "res_sorcery_config.so": [],
    "res_sorcery_memory.so": [],
}

LISTING = """\
/*** MODULEINFO
    <support_level>extended</support_level>
***/

#include "asterisk.h"

ASTERISK_FILE_VERSION(__FILE__, "$Revision: $")

#include "asterisk/module.h"

static int unload_module(void)
{
    return 0;
}

static int load_module(void)
{
    return AST_MODULE_LOAD_SUCCESS;
}

AST_MODULE_INFO_STANDARD(ASTERISK_GPL_KEY, "Sample module");
"""


@pytest.mark.parametrize("name", MODULES)
def test_module_starts_by_itself(runtime: Runtime, name: str) -> None:
    description, level = MODULES[name]
    row = f"{name:<30} {description:<40.40} {0:<10} {'Running':<11} {level:>12}"
    shown = runtime.ask(f"module show like {name}").out.splitlines()
    assert [line.split() for line in shown[1:]] == [row.split(), ["1", "modules", "loaded"]]


def known(runtime: Runtime, name: str) -> list[bool]:
    """Whether each thing the module registers is there."""
    return [runtime.ask(f"core show {what}").status == 0 for what in REGISTERED[name]]


@pytest.mark.parametrize("name", MODULES)
def test_module_leaves_nothing_behind_and_comes_back(runtime: Runtime, name: str) -> None:
    count = len(REGISTERED[name])
    assert known(runtime, name) == [True] * count
    for _ in range(2):
        assert runtime.ask(f"module unload {name}") == Answer(
            f"Unloaded {name}\n", "", 0, (f"VERBOSE Unloading {name}",)
        )
        assert known(runtime, name) == [False] * count
        said = f"VERBOSE Loaded {name} => ({MODULES[name][0]})"
        assert runtime.ask(f"module load {name}") == Answer(f"Loaded {name}\n", "", 0, (said,))
        assert known(runtime, name) == [True] * count


# ---- the tutorial's listing


def test_sample_module_is_the_listing(project: Path) -> None:
    assert (project / "res" / "res_sample_module.c").read_text() == LISTING


FORMS = {
    "as it stands": LISTING,
    "with a semicolon": LISTING.replace('$")', '$");'),
    "without the version": LISTING.replace('ASTERISK_FILE_VERSION(__FILE__, "$Revision: $")\n\n', ""),
    "registered": LISTING.replace('ASTERISK_FILE_VERSION(__FILE__, "$Revision: $")', "ASTERISK_REGISTER_FILE()"),
}


@pytest.mark.parametrize("form", FORMS)
def test_listing_compiles_loads_and_unloads_in_each_form(
    runtime: Runtime, tree: Path, tmp_path: Path, form: str
) -> None:
    name = f"res_{form.replace(' ', '_')}"
    source = tmp_path / f"{name}.c"
    source.write_text(FORMS[form])
    shutil.copy(compile_module(tree, source, tmp_path), runtime.modules)
    assert runtime.ask(f"module load {name}.so").log == (f"VERBOSE Loaded {name}.so => (Sample module)",)
    assert runtime.ask(f"module unload {name}.so").out == f"Unloaded {name}.so\n"


# ---- what other modules see of them


@pytest.mark.parametrize("name", [name for name in MODULES if name.endswith(".so")])
def test_module_exports_no_symbol(tree: Path, name: str) -> None:
    with (tree / "lib" / "asterism" / "modules" / name).open("rb") as file:
        symbols = list(ELFFile(file).get_section_by_name(".dynsym").iter_symbols())
    assert [symbol.name for symbol in symbols if symbol.name and symbol["st_shndx"] != "SHN_UNDEF"] == []


# ---- when a name is taken

TAKEN = '''\
"""MODULEINFO: <support_level>extended</support_level>"""
from runtime.api.module import ModuleInfo
from runtime.api.pbx import application, function

MODULE = ModuleInfo("Takes names")


@application("Log")
def log(channel, data):
    return 0


@function("STAT")
def stat(channel, data):
    return "taken"


@function("LEN")
def length(channel, data):
    return "taken"


@function("URIDECODE")
def uridecode(channel, data):
    return "taken"


@function("DEC")
def dec(channel, data):
    return "taken"


@application("ExecIf")
def execif(channel, data):
    return 0


@function("BASE64_DECODE")
def decode(channel, data):
    return "taken"
'''
CLASHING = ["app_exec.so", "app_verbose.so", "func_base64.so", "func_env.so", "func_math.so", "func_strings.so"]
CLASHING += ["func_uri.so"]


def test_module_declines_and_takes_everything_back_when_a_name_is_taken(runtime: Runtime) -> None:
    (runtime.modules / "app_taken.py").write_text(TAKEN)
    for name in CLASHING:
        assert runtime.ask(f"module unload {name}").status == 0
    assert runtime.ask("module load app_taken.py").status == 0
    taken = ["application ExecIf", "application Log", "function BASE64_DECODE", "function DEC", "function LEN"]
    taken += ["function STAT", "function URIDECODE"]
    for name in CLASHING:
        assert runtime.ask(f"module load {name}").status == 1
        assert [what for what, is_there in zip(REGISTERED[name], known(runtime, name), strict=True) if is_there] == [
            what for what in REGISTERED[name] if what in taken
        ]
    assert runtime.read("LEN(abc)") == "0 'taken'"
    assert runtime.ask("module unload app_taken.py").status == 0
    for name in CLASHING:
        assert runtime.ask(f"module load {name}").status == 0
        assert all(known(runtime, name))


# ---- what 'core show' says of them


def test_application_is_described(runtime: Runtime) -> None:
    assert (
        runtime.ask("core show application TryExec").out
        == """
  -= Info about Application 'TryExec' =- \n
[Synopsis]
Runs an application and continues, whatever its result.

[Provided By]
app_exec

[Since]
Not available

[Description]
application  - its name, usually from a variable.
arguments    - its arguments; variables in them are substituted once more.

Sets the variable TRYSTATUS to
  SUCCESS    when the application returned 0,
  FAILED     when it returned something else,
  NOAPP      when the application is unknown or its name is missing.

[Syntax]
TryExec(application(arguments))

[Arguments]
Not available

[See Also]
Not available

"""
    )


def test_function_is_described(runtime: Runtime) -> None:
    assert (
        runtime.ask("core show function CUT").out
        == r"""
  -= Info about Function 'CUT' =-"""
        + """ \n
[Synopsis]
Gives fields of the value of a variable.

[Provided By]
func_strings

[Since]
Not available

[Description]
The fields are given with the delimiter between them.

[Syntax]
CUT(variable,delimiter,fields)

[Arguments]
variable  - its name, without ${ }.
delimiter - the character between fields, such as \\\\n or \\\\x2C; '-' if
            omitted.
fields    - the fields, counted from 1: 2, 2-4, 2-, -4, or several of these
            separated by &, in ascending order.

[See Also]
STRREPLACE()

"""
    )


THINGS = [what for things in REGISTERED.values() for what in things if not what.startswith("help ")]


STAND_ALONE = {
    *(what for what in THINGS if what.startswith("application ")),
    *("function ARRAY", "function AST_CONFIG", "function ENV", "function EVAL", "function IFMODULE"),
    *("function KEYPADHASH", "function LEN", "function LISTFILTER", "function PASSTHRU", "function RAND"),
    *("function REGEX", "function STAT", "function STRBETWEEN", "function UUID"),
}
"""What names no neighbours under ``[See Also]``."""


@pytest.mark.parametrize("what", THINGS)
def test_everything_is_described_within_80_columns(runtime: Runtime, what: str) -> None:
    kind, name = what.split()
    shown = runtime.ask(f"core show {what}").out
    heading, *blocks = shown.strip("\n").split("\n\n[")
    parts = dict(block.rstrip("\n").split("]\n", 1) for block in blocks)
    missing = [key for key, text in parts.items() if text == "Not available"]
    assert heading == f"  -= Info about {kind.capitalize()} '{name}' =- "
    alone = ["See Also"] if what in STAND_ALONE else []
    assert missing == ["Since", *(["Arguments"] if kind == "application" else []), *alone]
    assert parts["Syntax"].startswith(f"{name}(")
    assert max(map(len, shown.splitlines())) <= 80


def test_everything_is_in_the_documentation(project: Path) -> None:
    rows = re.findall(
        r"^\| (\w+) \| `([\w ]+)[(\[]?", (project / "docs" / "dialplan.md").read_text(), flags=re.MULTILINE
    )
    listed = sorted((module, name.split()[0]) for module, name in rows if module in map(stem, REGISTERED))
    assert listed == sorted((stem(module), what.split()[1]) for module, things in REGISTERED.items() for what in things)


def stem(name: str) -> str:
    return name.partition(".")[0]


# ---- memory

SIZE, TIMES, MOST = 50_000, 80, 2_000_000
LONG = "x" * SIZE
READS = ["BASE64_ENCODE({})", "BASE64_DECODE({})", "URIENCODE({})", "REPLACE(long,x,y)", "STRREPLACE(long,x,yy,3)"]
READS += ["CUT(long,-,1)", "CUT(long,-,1x)"]
APPLICATIONS = [("Verbose", "9,{}"), ("Log", "LOUD{},x"), ("Exec", "TryExec(Nothing({}))"), ("ExecIf", "1?Exec:{}")]


def resident(runtime: Runtime) -> int:
    """Bytes of memory the program has in RAM."""
    status = Path(f"/proc/{runtime.pid}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) * 1024


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs Linux, which tells the memory of a process")
@pytest.mark.parametrize("case", [*READS, *APPLICATIONS], ids=str)
def test_memory_is_given_back(runtime: Runtime, case: str | tuple[str, str]) -> None:
    """A buffer kept at each call would take twice as much memory as is allowed."""
    runtime.set("long", LONG)

    def once() -> None:
        if isinstance(case, str):
            runtime.read(case.format(LONG))
        else:
            runtime.execute(case[0], case[1].format(LONG))

    for _ in range(10):
        once()
    before = resident(runtime)
    for _ in range(TIMES):
        once()
    assert resident(runtime) - before < MOST
