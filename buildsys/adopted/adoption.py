"""``asterism adopt``: let a source tree of Asterisk be built by Asterism, and take that back.

GNU make reads a ``GNUmakefile`` before a ``Makefile``. One at the top hands ``make`` and ``make all`` over to Asterism,
brings the menu up to date before goals that need it, and leaves every other goal to the tree's own Makefile; one in
``menuselect/`` makes a launcher of Asterism's menuselect. No file of the tree is changed.
"""

from __future__ import annotations

import shlex
import shutil
import sys
from pathlib import Path

from asterism import files
from asterism.errors import AsterismError, Fault, Place
from asterism.tree import BUILD, CHECK, SELECTION, Kind, Tree
from buildsys.adopted import menu_program, own_steps, quick_build, tree_state, upkeep
from buildsys.compile.following import IDLE
from buildsys.settled import ninja_program

FILE = "GNUmakefile"
_WRITTEN = "# Written by 'asterism adopt'"
_CHOOSING = ("menuselect", "nmenuselect", "cmenuselect", "gmenuselect", "menuconfig", "menuselect.makeopts")

_START = (
    "from buildsys.adopted.quick_build import launched; launched(); import site, sys; site.main(); "
    "from asterism.__main__ import main; sys.exit(main(['build', *sys.argv[1:]]))"
)

_TEXT = """\
{written}: 'make' builds by ninja, and every other goal is the Makefile's.
# 'asterism adopt --undo' removes this file; 'make -f Makefile' builds as if it were not here.
ASTERISM := PYTHONPATH={packages} {python} -P -m asterism
# A build goes without the site packages until it needs them: these take as long as the rest of a start.
ASTERISM_BUILD := PYTHONPATH={packages} {python} -S -P -c {start}
ASTERISM_FLAGS := $(filter-out --%,$(firstword -$(MAKEFLAGS)))
ASTERISM_GOALS := $(or $(MAKECMDGOALS),all)
# What decides about the commands besides the tree: variables of the command line, and those of the environment.
ASTERISM_GIVEN := $(strip $(MAKEOVERRIDES) $(foreach name,{names},$(filter environment%,$(origin $(name)))))

ifneq ($(strip $(foreach flag,n q t p,$(findstring $(flag),$(ASTERISM_FLAGS)))),)
include Makefile
else ifeq ($(filter-out {choosing},$(ASTERISM_GOALS)),)
# The menu is brought up to date here; then the Makefile need not look through the sources for it.
override DOC_MOD_SUBDIRS :=
ifneq ($(wildcard makeopts),)
ifneq ($(shell $(ASTERISM) adopt --refresh-menu >&2 || echo failed),)
$(error the menu cannot be brought up to date)
endif
endif
include Makefile
else ifneq ($(filter-out all,$(ASTERISM_GOALS)),)
include Makefile
else
.PHONY: all
all:
	+@if test -z '$(ASTERISM_GIVEN)' && test -f {idle} && ! test {chosen} -nt {check} && \\
		{ninja} -f {check} -n 2>/dev/null | grep -q '^ninja: no work to do'; then cat {idle}; \\
	elif test -f {here}; then \\
		{variable}='$(MAKE)' {plain}='$(if $(ASTERISM_GIVEN),,yes)' \\
		$(ASTERISM_BUILD)$(if $(findstring s,$(ASTERISM_FLAGS)), -q)$(if $(NOISY_BUILD), -v); \\
	else echo {gone} >&2; exit 1; fi
endif
"""


def text(root: Path, python: str, packages: str, ninja: str) -> str:
    """The text of the makefile at the top of an adopted tree.

    Args:
        root: the tree.
        python: the interpreter to run.
        packages: the directory that holds the packages of Asterism.
        ninja: the ninja to run.
    """
    return _TEXT.format(
        written=_WRITTEN,
        packages=_quoted(packages),
        python=_quoted(python),
        start=_quoted(_START),
        ninja=_quoted(ninja),
        here=_quoted(f"{packages}/buildsys/adopted/quick_build.py"),
        gone=_quoted(menu_program.GONE),
        names=" ".join(own_steps.environment_names(Tree(root, Kind.ASTERISK))),
        choosing=" ".join(_CHOOSING),
        chosen=SELECTION,
        idle=IDLE,
        check=CHECK,
        plain=quick_build.PLAIN,
        variable=tree_state.MAKE,
    )


def _quoted(word: str) -> str:
    """A word of a command in a makefile."""
    return shlex.quote(word).replace("$", "$$").replace("#", "\\#")


def adopt(root: Path, *, is_menu_only: bool = False) -> str:
    """Let a tree be built by Asterism, or use its menuselect alone.

    Returns:
        The sentence to print.

    Raises:
        AsterismError: the directory is no source tree of Asterisk, has a GNUmakefile of its own, or cannot be written.
    """
    _check(root, is_menu_only)
    packages = str(Path(__file__).resolve().parents[2])
    if is_menu_only:
        _remove_build(root)
    else:
        files.write(root / FILE, text(root, sys.executable, packages, ninja_program.find()))
    menu_program.install(root, sys.executable, packages)
    if is_menu_only:
        return f"{root}: 'make menuselect' and 'make' now use Asterism's menuselect"
    return f"{root}: 'make' now builds by ninja, and 'make menuselect' uses Asterism's menuselect"


def undo(root: Path) -> str:
    """Let a tree be built by its own make again.

    Returns:
        The sentence to print.

    Raises:
        AsterismError: the directory is no source tree of Asterisk, or cannot be written.
    """
    _check(root, is_menu_only=True)
    _remove_build(root)
    menu_program.remove(root)
    return f"{root}: 'make' and 'make menuselect' are now those of this tree"


def refresh_menu(root: Path) -> None:
    """Bring menuselect-tree up to date, for a make that is to find nothing to do for it.

    Raises:
        AsterismError: a source cannot be read, or the file cannot be written.
    """
    upkeep.refresh_menu(Tree(root, Kind.ASTERISK))


def _remove_build(root: Path) -> None:
    """Remove all that a build by Asterism has left besides what the tree's own make builds, too."""
    link, build = root / "compile_commands.json", root / BUILD
    if link.is_symlink() and str(link.readlink()).startswith(f"{BUILD}/"):
        _remove(link)
    if _is_ours(root / FILE):
        _remove(root / FILE)
    if (build / ".gitignore").is_file() and files.read_text(build / ".gitignore") == "*\n":
        with files.told(build, "remove"):
            shutil.rmtree(build)


def _remove(path: Path) -> None:
    with files.told(path, "remove"):
        path.unlink(missing_ok=True)


def _is_ours(path: Path) -> bool:
    return path.is_file() and files.read_text(path).startswith(_WRITTEN)


def _check(root: Path, is_menu_only: bool) -> None:
    if not (root / "menuselect/menuselect.c").is_file():
        raise AsterismError(
            Fault(
                "this is not a source tree of Asterisk",
                Place(str(root)),
                why="menuselect/menuselect.c is missing",
                cure="name the directory that Asterisk was unpacked in",
                code="not-asterisk",
            )
        )
    if not is_menu_only and (root / FILE).exists() and not _is_ours(root / FILE):
        why = "make reads it before the Makefile, as it would read Asterism's"
        cure = "move it elsewhere, or use 'asterism adopt --only menuselect'"
        raise AsterismError(
            Fault("the tree has a GNUmakefile of its own", Place(str(root / FILE)), why, cure, "exists")
        )
