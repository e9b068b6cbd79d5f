"""Ask the tree's own make for its recipes: the rim that runs it and keeps its answers below ``build/make``.

The rule of Asterisk's Makefile for its directories sets their flags and starts ``$(SUBMAKE)``. A recorder takes the
place of that make and receives all that the make of the directory would be given; then it runs that make so that it
prints its recipes. ``-B`` is never used at the top, where it would clean the tree.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import shutil
import subprocess
import threading
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from asterism import files
from asterism.errors import AsterismError, Fault, Place
from asterism.tree import BUILD, MAKEDEPS, MAKEOPTS, SELECTION, Tree
from asterism.values import dataclass
from buildsys.adopted import edges, recipes, tree_state
from buildsys.adopted.edges import Part
from buildsys.settled.toolchain import run, which

KEPT = f"{BUILD}/make"
"""The directory of the answers, with a directory for each of the tree's."""

THIRD_PARTY = "third-party"
"""The directory of bundled libraries: downloaded archives, built by their own make, and never asked with ``-B``."""

"""The libraries that each module uses."""

_RECORDER = f"{KEPT}/record.sh"
_QUESTION = f"{KEPT}/question.mk"
_TOP = f"{KEPT}/top"

_NO_DOCUMENTATION = ("DOC_MOD_SUBDIRS=", "XML_core_en_US=")
"""Variables that keep the top Makefile from searching all sources for documentation, most of its time."""

_ENVIRONMENT, _WORDS, _ANSWER, _COMPLAINT, _STATUS, _KEY = "environment", "words", "printed", "said", "status", "key"
_RAW = "raw"
"""The file that a make prints into while it runs."""

_RECORD = """\
#!/bin/sh
# Written by Asterism: stands in for the make of one directory, and has it print its recipes.
for word; do
    case $word in SUBDIR=*) directory=${word#SUBDIR=} ;; esac
done
at=build/make/$directory
mkdir -p "$at" && env -0 > "$at/environment" && printf '%s\\0' "$@" > "$at/words" || exit 1
"""

_ASK = """\
.PHONY: asterism-question
asterism-question: $(filter-out third-party,$(SUBDIRS))
$(info ASTERISM SUBDIRS $(SUBDIRS))
$(info ASTERISM DOCUMENTATION $(CORE_XMLDOC) $(ADDL_TARGETS))
$(info ASTERISM VERSION $(ASTERISKVERSION))
"""

_LINE = re.compile(r"ASTERISM (?P<name>\w+) (?P<value>.*)")
_ERROR = re.compile(r"(?:\S*make(?:\[\d+\])?: )?(?P<file>[^\s:]+):(?P<line>\d+): \*\*\* (?P<what>.*?)\.?(?:  Stop\.)?$")
_OURS = re.compile(r"MAKE\w*|MFLAGS|PWD|OLDPWD|SHLVL|_|SUBMAKE|NOISY_BUILD|DOC_MOD_SUBDIRS|XML_core_en_US|GNUMAKEFLAGS")
"""Variables of a make's environment that its commands must not get."""

_VERSION = re.compile(r"GNU Make (\d+)\.(\d+)")
_OLDEST = (4, 0)


@dataclass(frozen=True, slots=True)
class Answers:
    """The answers of the tree's own make."""

    parts: Mapping[str, Part]
    """The steps of each directory."""
    refused: Mapping[str, str]
    """Directories whose make did not print its recipes, and why."""
    environment: Mapping[str, str]
    """The variables that the Makefiles export for their commands."""
    documentation: tuple[str, ...]
    """The documentation files that the top Makefile makes, apart from those of its directories."""
    version: str
    """The version that is compiled into the program."""
    made_from: tuple[str, ...]
    """The files that the answers depend on, relative to the tree."""


@dataclass(frozen=True, slots=True)
class Make:
    """The make to ask, and the arguments that its caller gave it."""

    program: str
    overrides: str = ""
    """The variables of its command line, as MAKEFLAGS has them: ``ASTCFLAGS=-g NAME=value``."""

    @property
    def environment(self) -> dict[str, str]:
        """The environment for asking: messages are in English, and the make is not a sub-make of the caller's."""
        given = {name: value for name, value in os.environ.items() if name not in ("MAKELEVEL", "MFLAGS")}
        if "LC_ALL" in given:
            whole = given.pop("LC_ALL")
            given |= dict.fromkeys(("LC_CTYPE", "LC_COLLATE", "LC_NUMERIC", "LC_TIME"), whole)
        given |= {"LC_MESSAGES": "C", "MAKEFLAGS": f" -- {self.overrides}" if self.overrides else ""}
        return given


def make_of(flags: str, program: str = "make") -> Make:
    """The make whose MAKEFLAGS are given.

    Raises:
        AsterismError: make is missing, or older than 4.0.
    """
    found = which(program)
    if found is None:
        cure = "install it: 'apt install make' on Debian or Ubuntu"
        raise AsterismError(Fault(f"'{program}' is missing", None, "", cure, "no-make"))
    said = run([found, "--version"], "").output
    version = _VERSION.match(said)
    if version is None or tuple(map(int, version.groups())) < _OLDEST:
        line = said.partition("\n")[0] or "it does not say its version"
        cure = "build with the tree's own make ('make -f Makefile'), or install a newer one"
        raise AsterismError(Fault("GNU make 4.0 or later is needed", Place(found), line, cure, "old-make"))
    return Make(found, _without_letters(flags).removeprefix(" -- "))


def own(tree: Tree, make: Make, goals: Sequence[str], *, documented: bool = False) -> subprocess.CompletedProcess[str]:
    """Run the tree's own make.

    Args:
        tree: the tree.
        make: the make.
        goals: the goals of the run.
        documented: whether to search for documentation, which takes seconds.
    """
    words = [make.program, "-s", "-f", "Makefile", *(() if documented else _NO_DOCUMENTATION), *goals]
    return _run(tree, words, make.environment)


def check(done: subprocess.CompletedProcess[str], tree: Tree, doing: str) -> None:
    """Raise AsterismError when a make has failed, with its first complaint."""
    if done.returncode:
        raise AsterismError(_refusal(done.stdout, done.stderr, tree, doing))


def ask(tree: Tree, make: Make, given: str) -> Answers:
    """The recipes of the tree; its make is asked again where their inputs have changed.

    Args:
        tree: the tree; configured, with a selection.
        make: the make to ask.
        given: the other inputs of the answers: variables, as one text.

    Raises:
        AsterismError: the top Makefile cannot be read, or its prerequisites cannot be made.
    """
    top_key = _digest([given, make.overrides, str(tree.top), *_texts(tree, _top_files(tree))])
    if _read(tree, _TOP, _KEY) != top_key:
        _ask_all(tree, make, given)
        _keep(tree, _TOP, _KEY, top_key)
        inputs = stale = _inputs(tree, _names(tree), top_key)
        parts = {}
    else:
        inputs = _inputs(tree, _names(tree), top_key)
        names = [name for name in inputs if _read(tree, f"{KEPT}/{name}", _KEY) != inputs[name].key]
        with _asked(tree, make, names):
            parts = {name: _part(tree, name) for name in inputs if name not in names}
        stale = _inputs(tree, names, top_key)  # a make may have made Makefiles anew that it includes
    for name in stale:
        _keep(tree, f"{KEPT}/{name}", _KEY, stale[name].key)
    parts |= {name: _part(tree, name) for name in stale}
    return _answers(tree, {**inputs, **stale}, parts)


# ---- asking ------------------------------------------------------------------------------------------------


def _ask_all(tree: Tree, make: Make, given: str) -> None:
    """Run the tree's own rule for its directories with the recorder as its make."""
    for old in (tree / KEPT).glob("*/"):
        shutil.rmtree(old, ignore_errors=True)
    files.write(tree / _RECORDER, _RECORD)
    files.write(tree / _QUESTION, _ASK)
    words = [make.program, "-s", "-f", "Makefile", "-f", _QUESTION, *_NO_DOCUMENTATION]
    words += [f"SUBMAKE=sh {_RECORDER}", "NOISY_BUILD=yes", "asterism-question"]
    done = _run(tree, words, make.environment)
    check(done, tree, "the tree's own make cannot say how it builds")
    for match in filter(None, map(_LINE.match, done.stdout.splitlines())):
        _keep(tree, _TOP, match["name"], match["value"].strip())
    _keep(tree, _TOP, _ENVIRONMENT, "\0".join(f"{name}={value}" for name, value in make.environment.items()))
    _keep(tree, _TOP, "given", given)
    with _asked(tree, make, _names(tree)):
        pass


@contextlib.contextmanager
def _asked(tree: Tree, make: Make, names: Sequence[str]) -> Iterator[None]:
    """Ask the makes of directories while the body runs; they have answered when it ends."""
    if not names:
        yield
        return
    waiting, failed = list(reversed(names)), list[BaseException]()

    def work() -> None:
        while waiting and not failed:
            try:
                _ask_one(tree, make, waiting.pop())
            except Exception as error:  # told to the caller below
                failed.append(error)

    threads = [threading.Thread(target=work) for _ in range(min(len(names), os.cpu_count() or 1))]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        for thread in threads:
            thread.join()
    if failed:
        raise failed[0]


def _ask_one(tree: Tree, make: Make, name: str) -> None:
    """Run the make of a directory so that it prints its recipes."""
    at = f"{KEPT}/{name}"
    words, environment = directory_environment(tree, name)
    environment["MAKEFLAGS"] = _without_letters(environment.get("MAKEFLAGS", ""))
    # make writes each of ten thousand lines by itself: into a file, where nobody is woken up for it.
    path = tree / at / _RAW
    argv = [make.program, "-n", "-B", "-w", "-p", "--trace", *words]
    with files.told(path, "write"), open(path, "wb") as raw:
        done = subprocess.run(
            argv, cwd=tree, env=environment, stdin=subprocess.DEVNULL, stdout=raw, stderr=subprocess.PIPE, check=False
        )
    printed = files.read_text(path)
    os.unlink(path)
    _keep(tree, at, _ANSWER, recipes.trimmed(printed))
    _keep(tree, at, _COMPLAINT, done.stderr.decode("utf-8", "surrogateescape"))
    _keep(tree, at, _STATUS, str(done.returncode))


def _without_letters(flags: str) -> str:
    """MAKEFLAGS with the variables of the command line alone; with ``s``, make would not print its directory."""
    _, marked, overrides = f" {flags}".partition(" -- ")
    return f" -- {overrides}" if marked else ""


def _run(tree: Tree, words: Sequence[str], environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        words,
        cwd=tree,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        errors="surrogateescape",
        check=False,
    )


def _refusal(printed: str, said: str, tree: Tree, doing: str) -> Fault:
    """The fault of a make that stopped, with the place in a Makefile when it prints one."""
    lines = [line for line in said.splitlines() if line.strip()]
    for line in lines:
        match = _ERROR.match(line)
        if match:
            place = Place(match["file"], int(match["line"]))
            return Fault(doing, place, match["what"], "mend that Makefile, or take it back from git", "makefile")
    why = lines[0] if lines else (printed.strip().splitlines() or ["it gives no reason"])[-1]
    return Fault(doing, Place(str(tree)), why, "'make -f Makefile' shows all that it says", "own-make")


# ---- answers -----------------------------------------------------------------------------------------------


def _part(tree: Tree, name: str) -> Part:
    """The steps of a directory, from its last answer."""
    return edges.part(str(tree.top), recipes.read(_read(tree, f"{KEPT}/{name}", _ANSWER), str(tree.top)))


def _answers(tree: Tree, inputs: Mapping[str, _Inputs], parts: Mapping[str, Part]) -> Answers:
    refused: dict[str, str] = {}
    for name in inputs:
        at = f"{KEPT}/{name}"
        if _read(tree, at, _STATUS) != "0":
            refused[name] = next(iter(_read(tree, at, _COMPLAINT).splitlines()), "its make stops")
    documentation = _read(tree, _TOP, "DOCUMENTATION").split()
    below = (path for each in inputs.values() for path in each.makefiles)
    made_from = (*_top_files(tree), SELECTION, *below)
    return Answers(
        {name: parts[name] for name in inputs},
        refused,
        _exported(tree),
        tuple(documentation),
        _read(tree, _TOP, "VERSION"),
        made_from,
    )


def _exported(tree: Tree) -> dict[str, str]:
    """The variables of a directory's make that the Makefiles have set, and not the user's environment."""
    before = set(_read(tree, _TOP, _ENVIRONMENT).split("\0"))
    name = next(iter(_names(tree)), "")
    lines = _read(tree, f"{KEPT}/{name}", _ENVIRONMENT).split("\0")
    found = dict(line.split("=", 1) for line in lines if "=" in line and line not in before)
    return {name: value for name, value in found.items() if not _OURS.fullmatch(name)}


def directory_environment(tree: Tree, name: str) -> tuple[list[str], dict[str, str]]:
    """The arguments and the environment of the make of a directory."""
    at = f"{KEPT}/{name}"
    words = [word for word in _read(tree, at, _WORDS).split("\0") if word]
    return words, dict(line.split("=", 1) for line in _read(tree, at, _ENVIRONMENT).split("\0") if "=" in line)


def _names(tree: Tree) -> list[str]:
    """The directories that the tree's make visits, in order."""
    return [name for name in _read(tree, _TOP, "SUBDIRS").split() if name != THIRD_PARTY]


# ---- inputs of the answers ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Inputs:
    """What the answer of a directory depends on."""

    makefiles: tuple[str, ...]
    """The Makefiles below the directory, relative to the tree."""
    key: str
    """A digest of all that the answer depends on."""


def _inputs(tree: Tree, names: Iterable[str], top_key: str) -> dict[str, _Inputs]:
    """The inputs of the answers of directories, by name."""
    rules = _named(_texts(tree, ("Makefile.rules", "Makefile.moddir_rules")))
    settings = _settings("\n".join(_texts(tree, (SELECTION, MAKEDEPS))))
    return {name: _inputs_of(tree, name, top_key, rules, settings) for name in names}


def _inputs_of(
    tree: Tree, name: str, top_key: str, rules: Collection[str], settings: Iterable[tuple[str, str]]
) -> _Inputs:
    below = sorted(f"{path}/{each}" for path, names, _ in tree_state.walked(os.fspath(tree), name) for each in names)
    makefiles = tuple(path for path in below if tree_state.is_makefile(os.path.basename(path)))
    texts = _texts(tree, makefiles)
    sources = [path for path in below if path.endswith(_SOURCES)]
    modules = {os.path.splitext(os.path.basename(path))[0] for path in sources}
    wanted = {*rules, *_named(texts), *modules}
    chosen = [line for named, line in settings if named in wanted]
    return _Inputs(makefiles, _digest([top_key, *makefiles, *texts, *chosen, *sources]))


_CATEGORY = re.compile(r"^MENUSELECT_CATEGORY\s*:?=\s*(\w+)", re.MULTILINE)
_MENTIONED = re.compile(r"MENUSELECT_(\w+)")
_SETS = re.compile(r"MENUSELECT_(?:(?:OPTS|DEPENDS)_(?P<module>\w+)|(?P<category>\w+))\s*[:+?]?=")
_SOURCES = (".c", ".cc", ".y", ".fl", ".flex", ".in", ".dynamics")


def _named(makefiles: Iterable[str]) -> set[str]:
    """The categories and modules whose lines of a selection Makefiles read."""
    named = {name for text in makefiles for name in (*_CATEGORY.findall(text), *_MENTIONED.findall(text))}
    return named | {name.removeprefix("OPTS_") for name in named}


def _settings(text: str) -> list[tuple[str, str]]:
    """The lines of a selection, each after the category or module that it is about."""
    lines = ((_SETS.match(line), line) for line in text.splitlines())
    return [(match["module"] or match["category"], line) for match, line in lines if match]


def _top_files(tree: Tree) -> list[str]:
    wanted = ("Makefile", "Makefile.rules", "Makefile.moddir_rules", MAKEOPTS, ".cleancount", ".version", ".flavor")
    return [name for name in wanted if (tree / name).is_file()]


def _texts(tree: Tree, names: Iterable[str]) -> list[str]:
    return [files.read_text(tree / name) if (tree / name).is_file() else "" for name in names]


def _digest(texts: Iterable[str]) -> str:
    whole = "\0".join(texts).encode("utf-8", "surrogateescape")
    return hashlib.sha256(whole).hexdigest()


def _read(tree: Tree, at: str, name: str) -> str:
    path = tree / at / name
    return files.read_text(path) if path.is_file() else ""


def _keep(tree: Tree, at: str, name: str, text: str) -> Path:
    path = tree / at / name
    files.write(path, text)
    return path
