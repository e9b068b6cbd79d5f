"""Every reader of the product, behind one table: a name, what it is fed with, and the function that reads.

A reader takes bytes.  It returns whatever it likes, or raises :class:`AsterismError`; anything else is a mistake.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from asterism.errors import Fault
from asterism.numbers import number
from asterism.tree import Kind, Tree
from buildsys.compile import asterisk_target, progress, timeline
from buildsys.compile.failures import failed_steps
from buildsys.crashes import crash_text
from buildsys.develop import transcript
from buildsys.installing import manifest
from buildsys.planning.checked_blocks import _known as known_blocks
from buildsys.settled import build_record, configuration
from buildsys.settled import tree_facts as facts
from menuselect.listing import query
from menuselect.model import deps, tree_file
from menuselect.reasons.config_log import Log
from menuselect.session import makeopts, presets
from menuselect.sources import makefiles, moduleinfo, settings, source_text
from menuselect.tui import preferences
from runtime.api import json as api_json
from runtime.conf import asterisk_conf, conf_file, conf_values, install_tree
from runtime.control import socket_frames
from runtime.core import event_classes
from runtime.core.commands.clients import Transcript
from runtime.core.commands.command import Command
from runtime.core.commands.command_table import Table
from runtime.core.journal import Journal
from runtime.core.manager_message import Parser
from runtime.core.message_log import Level, Record
from runtime.dialplan import expression, extensions_conf, functions, substitution
from runtime.loader import backtrace, modules_conf
from runtime.loader.distrust import Trust
from runtime.loader.trial_load import _load as probed
from runtime.logs import log_forms, logger_conf
from runtime.manager import filters, manager_conf
from runtime.model import pattern, timing

PROJECT = Path(__file__).resolve().parents[2]

Read = Callable[[bytes], object]


@dataclass(frozen=True)
class Reader:
    """A reader of the product."""

    name: str
    read: Read
    seeds: Callable[[], list[bytes]]
    """Good inputs to begin with."""
    words: tuple[bytes, ...] = ()
    """Words of its language, to be put in."""
    weight: int = 1
    """How many inputs of others one of its inputs is worth in the short run of the tests."""
    formerly: tuple[bytes, ...] = field(default=())
    """Inputs that once ended in an exception, or in none at all."""


# ---- what they are fed with -----------------------------------------------------------------------------------


def _files(*patterns: str, most: int = 6, size: int = 20_000) -> Callable[[], list[bytes]]:
    """The beginnings of some files of the project."""

    def read() -> list[bytes]:
        paths = [path for each in patterns for path in sorted(PROJECT.glob(each)) if path.is_file()]
        return [path.read_bytes()[:size] for path in paths[:: max(len(paths) // most, 1)]]

    return read


def _given(*texts: str | bytes) -> Callable[[], list[bytes]]:
    return lambda: [text if isinstance(text, bytes) else text.encode() for text in texts]


@cache
def _shared_objects() -> tuple[bytes, ...]:
    """Some shared objects: modules when the tree is built, and the smallest that this interpreter has mapped."""
    mapped = {line.split()[-1] for line in Path("/proc/self/maps").read_text().splitlines() if ".so" in line}
    others = sorted((path for path in mapped if os.path.isfile(path)), key=os.path.getsize)[:2]
    modules = sorted((PROJECT / "build/modules").glob("*.so"), key=lambda path: path.stat().st_size)[:3]
    return tuple(Path(path).read_bytes() for path in (*modules, *others))


def _name_of(data: bytes) -> str:
    """The file name of a shared object: that of the module it is a damaged copy of, if it is one."""
    stems = [path.stem for path in (PROJECT / "build/modules").glob("*.so")]
    return f"{next((stem for stem in stems if stem.encode() in data), 'res_x')}.so"


# ---- how they are called --------------------------------------------------------------------------------------


def _text(read: Callable[[str], object]) -> Read:
    return lambda data: read(data.decode("utf-8", "surrogateescape"))


_MEMORY = "/dev/shm"
_room = Path(tempfile.mkdtemp(prefix="asterism-fuzz-", dir=_MEMORY if os.access(_MEMORY, os.W_OK) else None))


def _file(name: str, read: Callable[[Path], object]) -> Read:
    """A reader that takes the path of a file."""

    def through(data: bytes) -> object:
        path = _room / name
        path.write_bytes(data)
        return read(path)

    return through


def remove_files() -> None:
    """Take away what the readers of files were given."""
    shutil.rmtree(_room, ignore_errors=True)


def _conf(read: Callable[[conf_values.Config], object]) -> Read:
    """A reader of what a configuration file says."""
    return _text(lambda text: read(conf_file.loads(text, "x.conf", base="/nonexistent")))


class _World:
    """What expressions and variables may ask for."""

    def variable(self, name: str) -> str | None:
        return {"EXTEN": "100", "X": "7", "LONG": "y" * 50}.get(name)

    def call(self, name: str, arguments: str) -> str | None:
        return {"LEN": str(len(arguments)), "ECHO": arguments}.get(name)

    def warn(self, text: str) -> None:
        str(text)


WORLD = _World()


def _logger_conf(read: conf_values.Config) -> object:
    said = logger_conf.read(read)
    record = Record(Level.NOTICE, "hello", time=1.5)
    return [
        log_forms.FORMATTERS[each.formatter](record, log_forms.stamp_of(record, said.date_format))
        for each in (said.console, *said.files)
    ]


def _extensions_conf(read: conf_values.Config) -> object:
    return extensions_conf.read(read, lambda text: substitution.substitute(text, WORLD))


def _pattern(text: str) -> object:
    name, _, dialed = text.partition("\n")
    return (
        pattern.is_broken(name),
        pattern.matches(name, dialed),
        pattern.rank(name),
        pattern.matches_caller(name, dialed),
    )


def _command_line(text: str) -> object:
    table, client = Table(), Transcript()
    table.register(
        Command("core show {channels|help}", lambda call: call.line_out(f"{call.args} {call.rest}")),
        Command("module load", lambda call: call.line_out(call.rest), complete=lambda asked: [asked.word]),
    )
    table.run(text, client)
    return table.complete(text), client.output


def _filter(text: str) -> object:
    criteria, _, rest = text.partition("=")
    one = filters.parse(criteria.strip(), rest.strip())
    return one.plus if hasattr(one, "plus") else one


def _manager(data: bytes) -> object:
    parser = Parser()
    half = len(data) // 2
    messages = [*parser.feed(data[:half]), *parser.feed(data[half:])]
    return [(each.action, each.get("ActionID"), event_classes.event_mask(each.get("EventMask"))) for each in messages]


class _Socket:
    """A connection that has sent everything."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def recv(self, most: int) -> bytes:
        part, self._data = self._data[:most], self._data[most:]
        return part


def _frames(data: bytes) -> list[tuple[str, str]]:
    reader, found = socket_frames.Reader(_Socket(data)), []  # type: ignore[arg-type]
    try:
        while (frame := reader.read()) is not None:
            found.append(frame)
    except socket_frames.WireError as error:
        found.append(("refused", str(error)))
    return found


def _api_json(data: bytes) -> object:
    try:
        return api_json.understood(data)
    except api_json.UnreadableError as error:
        return str(error)


def _menu(data: bytes) -> object:
    return tree_file.dumps(tree_file.loads(data).menu)


def _journal(path: Path) -> object:
    crash = path.with_name("crash.log")
    crash.write_bytes(path.read_bytes())
    journal = Journal()
    suspects = journal.open(str(path), str(crash))
    journal.close()
    return suspects


def _boot(data: bytes) -> bytes:
    return data.replace(b"BOOT", Path("/proc/sys/kernel/random/boot_id").read_bytes().strip())


def _trust(path: Path) -> object:
    trust = Trust(str(path), _room)
    return [trust.against(name) for name in trust.names()], trust.warning


def _makefile(path: Path) -> object:
    path.replace(path.with_name("Makefile"))
    return makefiles.read_directory(path.parent), makefiles.read_top(path.parent)


def _scanned(data: bytes) -> object:
    plain = [source_text.description(data, suffix, clean=clean) for suffix in (".c", ".py") for clean in (False, True)]
    return plain, list(source_text.own_options(data)), list(source_text.lines_of(data, [False]))


def _transcript(text: str) -> object:
    return list(transcript.failures(text, "x.test", lambda command: command * 3))


def _progress(text: str) -> object:
    ended = list(progress.Reader().read(text.splitlines(keepends=True)))
    return [
        failed_steps.failures(ended),
        progress.full_disk(ended),
        [failed_steps.complaints(each.output) for each in ended],
    ]


def _query(text: str) -> object:
    return query.marked(query.parse(text), "res_timing_dahdi, the timing of DAHDI")


def _config_log(text: str) -> object:
    return Log(text).of("curl")


def _backtrace(text: str) -> object:
    return backtrace.of_module(backtrace.frames(text), "res_x"), crash_text.calls(text)


def _first(*names: str) -> Callable[..., Any]:
    """The first of some functions, ``module:function``, that this version of the product has."""
    for name in names:
        module, _, function = name.partition(":")
        try:
            return getattr(importlib.import_module(module), function)  # type: ignore[no-any-return]
        except ModuleNotFoundError:
            continue
    raise LookupError(names)


_parse_shared = _first("asterism.modulefile.reader:parse_shared", "buildsys.binary_elf:parse")
_parse_python = _first("asterism.modulefile.reader:parse_python", "buildsys.binary_python:parse")
_declaration = _first("runtime.modules.declaration:read")
_identity = _first("runtime.modules.build_id:of_file")


def _python(data: bytes) -> object:
    takes_bytes = _parse_python.__module__.startswith("asterism")
    return _parse_python(data if takes_bytes else data.decode("utf-8", "surrogateescape"), "res_x.py")


CONF = (b"[a](!)", b"[a](+,b)", b"#include x", b"#tryinclude ", b"=>", b"+=", b";--", b"--;", b"\\", b"[general]\n")
MENU = """<?xml version="1.0"?>
<menu name="M"><category name="MENUSELECT_RES" displayname="Res" remove_on_change="res/*.o">
<member name="res_a" displayname="A" remove_on_change="res/a.o"><defaultenabled>no</defaultenabled>
<depend>curl</depend><use type="external">b</use><conflict>c</conflict><support_level>core</support_level>
<member_data><x/></member_data></member></category>
<category name="C" positive_output="yes" exclusive="yes"><member name="D"/></category></menu>"""
BLOCK = """/*** MODULEINFO
\t<depend>curl</depend>
\t<use type="external">openssl</use>
\t<conflict>res_b</conflict>
\t<defaultenabled>no</defaultenabled>
\t<replacement>res_c</replacement>
\t<support_level>extended</support_level>
***/
"""
BLOCKS = (
    b"<depend>",
    b"</depend>",
    b'type="module"',
    b"/*** MODULEINFO",
    b"***/",
    b"<support_level>core</support_level>",
)
EXTENSIONS = """[general]
clearglobalvars = yes
[globals]
X = 1
[default]
include => other,9:00-17:00,mon-fri,*,jan&jun
ignorepat => 9
switch => Realtime/x
exten => _9[1-5]NXX!,1(start),NoOp(${EXTEN:1})
same => n,GotoIf($[${X} > 3]?start)
exten => 100/200,hint,SIP/x
exten => s,n+2(label),Set(A=1)
[other]
exten => i,1,Hangup()
"""
PRESET = 'title = "x"\nextends = ["portable"]\non = ["res_a"]\noff = ["category:MENUSELECT_RES"]\n'
TOML = (b"[", b"]]", b'"""', b"= {", b"= [", b"1979-05-27T07:32:00Z", b"0x", b"inf", b"\\u0000", b"a.b.c = ")
NOTE = (
    '[{"module": "res_x", "callback": "its load", "how": "x", "file": "res_x.so", "size": 1, "changed": 2, "time": 1}]'
)
TREE = """{"version": "1.2.0", "prefix": "../..", "native": "native", "include": "include",
"directories": {"astetcdir": "etc"}, "buildopts": {"sum": "x", "options": ["A"]},
"compiler": {"cc": ["gcc"], "cppflags": [], "ldflags": [], "cxx": [], "cflags": [], "launcher": []}}"""
MANIFEST = """{"version": "1.2.0", "directories": ["lib"],
"files": [{"path": "lib/a", "size": 1, "sha256": "00", "config": true}]}"""
JSON = (
    b"[",
    b"{",
    b"}",
    b"null",
    b"1e400",
    b'"\\ud800"',
    b'"\\u0000"',
    b"true",
    b": ",
    b'"version"',
    b"-1",
    b"{}",
    b"[]",
)
AMI = b"Action: Login\r\nUsername: a\r\nSecret: b\r\nEventMask: call,system\r\nActionID: 1\r\n\r\nAction: Ping\r\n\r\n"
MANAGER = """[general]
enabled = yes
port = 5038
bindaddr = 127.0.0.1
authtimeout = 30
[a]
secret = b
read = system,call
write = all
deny = 0.0.0.0/0.0.0.0
permit = 127.0.0.1/255.255.255.255
eventfilter = !Event: Newexten
eventfilter(name(X),header(Y),method(regex)) = a.*b
"""
MAKEFILE = """-include ../menuselect.makeopts
MODULE_PREFIX=app
MENUSELECT_CATEGORY=APPS
MENUSELECT_DESCRIPTION=Applications
C_MODS:=$(filter-out $(MENUSELECT_APPS),$(patsubst %.c,%,$(wildcard app_*.c)))
ifneq ($(findstring X,$(Y)),)
include ../Makefile.rules
endif
$(call MOD_ADD_C,app_x,$(wildcard x/*.c))
.app_y.moduleinfo: app_y.c x.c
menuselect-tree: $(Z)
\t@cat build_tools/cflags.xml >> $@
\t@$(MAKE) -s moduleinfo >> $@
MOD_SUBDIRS:=apps $(A) res
"""
CRASH = (
    "asterism: module res_x crashed in its load callback (SIGSEGV, a wrong memory access)\n"
    "/usr/lib/res_x.so(load_module+0x1f)[0x7f0000001f]\n/lib/libc.so.6(+0x3)[0x7f00]\n"
)
NINJA_LOG = "# ninja log v5\n1\t20\t1700000000000000000\tbuild/a.o\tabc\n"
PROGRESS = (
    "%%asterism 1 3 0.5 res_x compile res/res_x.c\nFAILED: [code=1] build/x.o\nLC_ALL=C gcc -c x.c\n"
    "x.c:3:5: error: expected ';'\nninja: build stopped: subcommand failed.\n"
)
PYTHON = """from runtime.api.module import *
MODULE = ModuleInfo("Clock", support_level=SupportLevel.CORE, load_pri=Priority.DEFAULT, requires=("a", "b"))
def load_module():
    return 0
def reload_module():
    return '\\d'
"""
ELF_WORDS = (b"\x7fELF", b"\x00" * 64, b"\xff" * 16, b".dynsym\x00", b"AST_MODULE_SELF", b"\x00\x00\x00\x7f")
DIGITS = b"9" * 5000
DEEP = b"[" * 3000

LIBRARIES = {"CURL": configuration.Flags(("-I/usr/include/c url",), ("-lcurl",))}
_LAYOUT = install_tree.parse({"version": "1", "prefix": "."}, "/nonexistent/tree.json")
_FILES = ("res_a.so", "res_b.py")


def _c_sources() -> list[bytes]:
    return _files("res/*.c", "funcs/*.c", "apps/*.c", most=8)()


def _elf(read: Callable[[bytes], object]) -> Read:
    return read


READERS: tuple[Reader, ...] = (
    Reader(
        "conf",
        _conf(lambda read: read.warnings),
        _files("configs/*.conf"),
        CONF,
        formerly=(b"[a]\n#include a\0b", b"[a]\n#tryinclude a\0*"),
    ),
    Reader(
        "modules.conf",
        _conf(lambda read: modules_conf.wanted(read, _FILES)),
        _files("configs/modules.conf"),
        (*CONF, b"load => ", b"preload-require = "),
    ),
    Reader(
        "asterisk.conf",
        _text(lambda text: asterisk_conf.loads(text, _LAYOUT)),
        _files("configs/asterisk.conf"),
        (*CONF, b"[options]\nverbose = ", b"[files]\nastctl="),
    ),
    Reader(
        "logger.conf",
        _conf(_logger_conf),
        _given("[general]\ndateformat = %F %T.%3q\n[logfiles]\nfull => [json]notice,verbose(3)\nconsole => *\n"),
        (*CONF, b"verbose(", b"%6q", b"dateformat = "),
        formerly=(
            b"[logfiles]\na => verbose(" + DIGITS + b")",
            b"[logfiles]\na => verbose(\xc2\xb2)",
            b"[general]\ndateformat = %F\0\n[logfiles]\na => notice\n",
            b"[general]\ndateformat = \xff\n[logfiles]\na => notice\n",
        ),
    ),
    Reader(
        "manager.conf",
        _text(manager_conf.loads),
        _given(MANAGER),
        (*CONF, b"permit = ", b"eventfilter(", b"port = "),
        formerly=(b"[general]\nport = " + DIGITS, b"[general]\nauthtimeout = " + DIGITS),
    ),
    Reader(
        "extensions.conf",
        _conf(_extensions_conf),
        _given(EXTENSIONS),
        (*CONF, b"exten => ", b"same => n,", b"include => "),
        formerly=(
            b"[a]\nexten => s,1,NoOp()\nsame => n+" + DIGITS + b",NoOp()\n",
            b"[a]\ninclude => b,*,*,1-" + DIGITS + b"\n",
        ),
    ),
    Reader(
        "command line",
        _text(_command_line),
        _given('core show channels a \'b c\' "d\\" e"', "module load res_x.so"),
        (b'"', b"'", b"\\", b"core show ", b"module "),
    ),
    Reader(
        "timing",
        _text(timing.parse),
        _given("9:00-17:00,mon-fri,1-15&20,jan&jun,Europe/Berlin", "*,*,*,*"),
        (b"&", b"-", b",", b"*", b"sun"),
        formerly=(
            b"*,*,1-" + DIGITS,
            b"*,*,\xc2\xb2",
            b"*,*,*,*,\0",
            b"*,*,*,*,Europe" + b"/x" * 3000,
            b"*,*,*,*," + b"x" * 300,
        ),
    ),
    Reader(
        "expression",
        _text(lambda text: expression.evaluate(text, WORLD)),
        _given("1 + 2 * (3 - ${X}) / 4 % 5", '"a b" =~ "(a+)"', "x ? 1 :: 2", "SQRT(2) > LEN(abc) & !0 | ~~"),
        (b" % ", b" / ", b" : ", b"(", b")", b'"', b"::", b"POW(", b"EXP("),
        formerly=(
            b"9" * 400 + b" % 3",
            b"!" + DIGITS,
            b"!x" + DIGITS,
            b'"a" : "a{99999999999}"',
            b"9" * 5000 + b" * " + b"9" * 5000 + b" % 7",
        ),
    ),
    Reader(
        "substitution",
        _text(lambda text: substitution.substitute(text, WORLD)),
        _given("a ${EXTEN:1:2} $[1 + ${X}] ${ECHO(${X})} ${LONG:-3}"),
        (b"${", b"}", b"$[", b"]", b":", b"ECHO("),
    ),
    Reader("jump", _text(functions._split), _given("LEN(abc)", "SET(a(b)c)"), (b"(", b")")),
    Reader(
        "pattern",
        _text(_pattern),
        _given("_9[1-5]NXX!\n91234", "_[a-z].\nabc", "100\n100"),
        (b"[", b"]", b"-", b"_", b"!", b"."),
    ),
    Reader("number", _text(number), _given("123", " 7"), (b"9", b"-")),
    Reader(
        "menuselect-tree",
        _menu,
        _given(MENU),
        (b"<member", b"/>", b"<depend>", b"&amp;", b"<!ENTITY a 'b'>", b"<![CDATA["),
    ),
    Reader(
        "menuselect-deps",
        _text(lambda text: deps.dumps(deps.loads(text).entries)),
        _given("CURL=1:1\nX=0\nY=-1\n"),
        (b"=1", b":", b"\n"),
        formerly=(b"A=" + DIGITS,),
    ),
    Reader(
        "menuselect.makeopts",
        _text(makeopts.loads),
        _given("MENUSELECT_APPS=app_a -app_b \nMENUSELECT_DEPSFAILED=X=y\nMENUSELECT_CFLAGS=\n"),
        (b"MENUSELECT_", b"=", b" -", b"DEPSFAILED"),
    ),
    Reader(
        "makeopts",
        _text(configuration.loads),
        lambda: [configuration.dumps(configuration.Configuration(("gcc", "-m64"), libraries=LIBRARIES)).encode()],
        (b"=", b"'", b'"', b"${prefix}", b"_LIB="),
    ),
    Reader(
        "makeopts of Asterisk",
        _text(lambda text: asterisk_target.libraries(asterisk_target.read_makeopts(text))),
        _given("CC=gcc\nCURL_LIB=-lcurl $(X)\nX:=a ${Y}\nY+=$(CURL_LIB)\n"),
        (b"$(", b"$(shell", b":=", b"'"),
        formerly=(b"A=" + b"$(A)" * 20, b"A=$(B)$(B)\nB=" + b"$(C)" * 60 + b"\nC=" + b"$(A)" * 60),
    ),
    Reader(
        "MODULEINFO",
        _text(lambda text: moduleinfo.read(text, "res_x.c").faults),
        lambda: [BLOCK.encode(), *_c_sources()[:3]],
        BLOCKS,
        weight=3,
    ),
    Reader("source", _scanned, _c_sources, (*BLOCKS, b"AST_MODULE_INFO(", b'"', b"MODULE = ModuleInfo(")),
    Reader("preset", _text(presets.read), _given(PRESET), TOML, formerly=(b"a = " + DEEP, b"a = " + DIGITS)),
    Reader(
        "asterism.toml",
        _text(lambda text: settings.read(text, "asterism.toml", _room)),
        _given(
            'directories = ["local"]\ncflags = "-O2"\nlibs = ["-lm"]\nlauncher = "ccache"\n',
            '[modules.res_x]\nsources = ["a.c"]\ncflags = "-DX"\n',
        ),
        (*TOML, b"sources = ["),
        formerly=(
            b'directories = ["' + b"x" * 300 + b'"]',
            b'[modules.res_x]\nsources = ["' + b"x/" * 3000 + b'"]',
            b"a = " + DEEP,
            b'[modules.x]\nsources = ["\\u0000"]',
            b'directories = ["~\\u0000/x"]',
        ),
    ),
    Reader(
        "asterism.toml of a user",
        _text(lambda text: settings.read_shared(text, "asterism.toml")),
        _given('cflags = "-O2"\nlauncher = "ccache"\n'),
        TOML,
    ),
    Reader(
        "menu.toml",
        _text(lambda text: preferences.loads(text, "menu.toml", preferences.Preferences())),
        _given('keymap = "classic"\ntheme = "dark"\nmouse = true\n[keys]\nsave = ["x", "f2"]\n'),
        TOML,
        formerly=(b"a = " + DEEP, b"theme = []", b"keymap = {}"),
    ),
    Reader(
        "tree.json",
        _file("tree.json", lambda path: install_tree.load(str(path))),
        _given(TREE),
        JSON,
        formerly=(DEEP, DIGITS),
    ),
    Reader(
        "tree.json of the tools",
        _file("tree.json", facts.of_tree),
        _given(TREE),
        JSON,
        formerly=(DEEP, b'{"prefix": "", "compiler": [], "directories": []}'),
    ),
    Reader("manifest.json", _text(manifest.loads), _given(MANIFEST), JSON, formerly=(DEEP, DIGITS)),
    Reader(
        "built.json",
        _file("built.json", lambda path: _built(path)),
        _given('{"products": ["build/modules/a.so"], "options": ["X"]}'),
        JSON,
        formerly=(DEEP,),
    ),
    Reader("blocks.json", _file("blocks.json", known_blocks), _given('{"res/a.c": [1, 2]}'), JSON, formerly=(DEEP,)),
    Reader(
        "probed.json",
        _file("probed.json", lambda path: probed(str(path))),
        _given('{"res_a.so": [1, 2]}'),
        JSON,
        formerly=(DEEP, b'{"a": [1e400]}', b'{"a": ["' + DIGITS + b'"]}'),
    ),
    Reader("distrusted.json", _file("distrusted.json", _trust), _given(NOTE), JSON, formerly=(DEEP,)),
    Reader(
        "journal",
        lambda data: _file("journal", _journal)(_boot(data)),
        _given("asterism-journal BOOT 0\nres_x\tits load callback\t123\t456\n"),
        (b"asterism-journal BOOT 0\n", b"\t", CRASH.encode()),
        formerly=(
            b"asterism-journal BOOT 99999999999999999999\n",
            b"asterism-journal BOOT \xc2\xb2\n",
            b"asterism-journal BOOT 0\na\tb\t\xc2\xb2\t1\n",
        ),
    ),
    Reader("manager messages", _manager, _given(AMI), (b"\r\n", b"Action: ", b": ", b"EventMask: ")),
    Reader(
        "event filter",
        _text(_filter),
        _given(
            "name(X),header(Y),method(regex) = a.*b", "= !Event: (a|b)+", "action(exclude),method(exact),name(q) = x"
        ),
        (b"method(regex) = ", b"(", b")", b"[", b"\\", b"{1,9}", b"(?P<a>"),
        formerly=(b"= a{99999999999}", b"= [[a]", b"= " + b"(" * 5000),
    ),
    Reader(
        "transcript",
        _text(_transcript),
        _given("*CLI> core show version\nAsterism ...\n...\nend\n# comment\n*CLI> x\n"),
        (b"*CLI> ", b"...\n", b"\n"),
        formerly=(b"*CLI> a\n" + b"...\n" * 40 + b"b\n", b"*CLI> " + b"a\x0b" * 3000),
    ),
    Reader(
        "Makefile",
        _file("Makefile.x", _makefile),
        _given(MAKEFILE),
        (b"$(", b")", b"ifeq (", b"endif", b"$(call MOD_ADD_C,", b"\\\n", b":=", b"$(wildcard "),
        formerly=(
            b"A:=$(wildcard *\0.c)",
            b"A=" + b"$(A)" * 50 + b"\nMENUSELECT_CATEGORY=$(A)",
        ),
    ),
    Reader(
        "shared object",
        lambda data: _parse_shared(data, f"/x/{_name_of(data)}"),
        lambda: list(_shared_objects()),
        ELF_WORDS,
        weight=10,
    ),
    *(
        [
            Reader(
                "shared object, as the plan reads it",
                lambda data: _file(_name_of(data), _declaration)(data),
                lambda: list(_shared_objects()),
                ELF_WORDS,
                weight=10,
            )
        ]
        if importlib.util.find_spec("asterism.modulefile")
        else []
    ),
    Reader("build id", _file("res_x.so", _identity), lambda: list(_shared_objects()), ELF_WORDS),
    Reader(
        "Python module",
        _python,
        _given(PYTHON),
        (b"(", b"ModuleInfo(", b"MODULE = ", b"lambda: ", b"-", b".a", b"f'{"),
        formerly=(
            b"(" * 5000,
            b"-" * 50_000 + b"1",
            b"x" + b".a" * 50_000,
            b"\0",
            b"MODULE = ModuleInfo(" + b"9" * 5000 + b")",
            b"MODULE = ModuleInfo('\\d')",
        ),
    ),
    Reader(
        "Python module, as the plan reads it",
        _file("res_x.py", _declaration),
        _given(PYTHON),
        (b"(", b"ModuleInfo(", b"MODULE = ", b"-", b" | ", b"Priority."),
        formerly=(b"(" * 5000, b"-" * 50_000 + b"1", b"MODULE = ModuleInfo(" + b"9" * 5000 + b")"),
    ),
    Reader(
        "control frames",
        _frames,
        _given(b"hello 1\n1run 11\nmodule show"),
        (b"run 5\n", b"\n", b" "),
        formerly=(b"run " + DIGITS + b"\n",),
    ),
    Reader(
        "JSON of modules",
        _api_json,
        _given('{"a": [1, 2.5, "x", null, true, {"b": "\\u00e9"}]}'),
        JSON,
        formerly=(DEEP, b"[" + DIGITS + b"]", b"[1e400]"),
    ),
    Reader(
        "ninja's log",
        _text(timeline.read_log),
        _given(NINJA_LOG),
        (b"\t", b"\n"),
        formerly=(b"1\t2\t" + DIGITS + b"\ta\tb\n", b"\xc2\xb2\t2\t3\ta\tb\n"),
    ),
    Reader(
        "ninja's output",
        _text(_progress),
        _given(PROGRESS),
        (b"FAILED: ", b": error: ", b"\n"),
        formerly=(b"%%asterism 1 1 0.5 a b c\nFAILED: x\ny\na.c:" + DIGITS + b": error: z\n",),
    ),
    Reader(
        "config.log",
        _text(_config_log),
        _given("configure:1: checking for curl\nconfigure:2: result: no\n## curl\ncurl: found: x\n"),
        (b"configure:", b": result: ", b"## "),
    ),
    Reader("backtrace", _text(_backtrace), _given(CRASH), (b"res_x.so(", b"+0x", b")[0x")),
    Reader("filter of the menu", _text(_query), _given('res !app "two words" DAHDI', "tmg"), (b'"', b"!", b" ", b":")),
)


def _built(path: Path) -> object:
    tree = Tree(_room, Kind.SOURCES)
    tree.build.mkdir(parents=True, exist_ok=True)
    path.replace(tree.built)
    return build_record.load(tree)


def by_name() -> Mapping[str, Reader]:
    """The readers by their names."""
    return {reader.name: reader for reader in READERS}


def faults_in(value: object) -> Iterator[Fault]:
    """The faults that a result carries."""
    if isinstance(value, Fault):
        yield value
    elif isinstance(value, Iterable) and not isinstance(value, (str, bytes)):
        for each in value:
            yield from faults_in(each) if each is not value else ()
