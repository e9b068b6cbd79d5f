"""configure: find the compiler and the libraries, and write the results.

The results are ``makeopts``, ``build_tools/menuselect-deps``, ``include/asterisk/autoconfig.h`` and ``config.log``.
Each file is replaced whole, so an interrupted run leaves the files of the previous run.
"""

from __future__ import annotations

import argparse
import io
import os
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from asterism import __version__, files
from asterism.errors import AsterismError, Collector, Fault, Place, report
from asterism.modulefile import elf
from asterism.streams import guarded, reported
from asterism.terminal import columns
from asterism.tree import Kind, Tree
from asterism.values import dataclass, replace
from asterism.words import both
from buildsys.installing import tree_contents
from buildsys.planning import plan_inputs
from buildsys.settled import (
    compiler_launcher,
    configure_line,
    configure_options,
    sanitizers,
    system_libraries,
    toolchain,
)
from buildsys.settled.configuration import Configuration, Flags, dumps, load
from buildsys.settled.configure_options import Request
from buildsys.settled.library_probes import DISABLED, Finding, Probe, Prober, load_table
from buildsys.settled.system_libraries import SystemPython
from buildsys.settled.toolchain import Compiler, Ran, Run, find_compiler, words
from menuselect.model.menu import Menu
from menuselect.reasons.package_hints import package_hint

OPTIONS = "build_tools/cflags.xml"
"""A file that every source tree has."""

LOG = "config.log"

WARNINGS = ("-Wall", "-Wstrict-prototypes", "-Wmissing-prototypes", "-Wmissing-declarations", "-Wpointer-arith")
"""The warning flags of every build."""

DEV_WARNINGS = (
    "-Werror",
    "-Wunused",
    "-Wundef",
    "-Wshadow",
    "-Wformat=2",
    "-Wmissing-format-attribute",
    "-Wdeclaration-after-statement",
    "-Wtrampolines",
)
"""The further flags of dev mode, as in Asterisk's Makefile."""

BASE = ("-D_GNU_SOURCE", "-D_REENTRANT")
"""The definitions for every C file and every probe: without the first, the C library hides many declarations."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of a run of configure."""

    request: Request
    configuration: Configuration
    compilers: Mapping[str, Compiler]
    findings: Mapping[str, Finding]
    log: tuple[Ran, ...]
    """The programs that were run, without those in the findings."""


def examine(request: Request, table: Mapping[str, Probe], run: Run) -> Outcome:
    """Find compilers and libraries; writes no file.

    Sets the variables ``PKG_CONFIG_*`` of the request in the environment of this process.

    Raises:
        AsterismError: no C compiler is found, it fails on the smallest program, or it lacks the wanted sanitizers.
    """
    variables = dict(request.variables)
    os.environ.update({name: value for name, value in variables.items() if name.startswith("PKG_CONFIG_")})
    log: list[Ran] = []
    prefixed = compiler_launcher.find(request.launcher)
    compilers = _compilers(run, variables, request.target)
    if "ziglang" in compilers["c"].command:
        # Without a message, such a long run would look as if it hung.
        print("configure: taking the compiler of the ziglang wheel; its first run takes some minutes", file=sys.stderr)
    names = configure_line.words_of(request.sanitizers)
    preload: tuple[str, ...] = ()
    given = {name: words(variables.get(name, ""), name) for name in ("CPPFLAGS", "CFLAGS", "CXXFLAGS", "LDFLAGS")}
    with tempfile.TemporaryDirectory(prefix="asterism-configure-") as scratch:
        flags = (*BASE, *given["CPPFLAGS"], *given["CFLAGS"])
        smallest = Path(scratch) / "smallest"
        log += _check_compiler(run, compilers["c"], [*flags, *given["LDFLAGS"]], smallest)
        if not request.target:
            _check_machine(compilers["c"], smallest)
        warnings = _warnings(run, compilers["c"], log, dev_mode=request.dev_mode)
        precompile = _precompile(run, compilers["c"], flags, log, Path(scratch))
        if names:
            log.append(sanitizers.check(run, compilers["c"], names, f"{scratch}/sanitized"))
            preload = sanitizers.preload(run, compilers["c"], names)
        prober = Prober(
            run,
            compilers,
            Path(scratch),
            (*flags, *given["LDFLAGS"]),
            dict(request.wishes),
            request.target,
            variables.get("PKG_CONFIG") or _pkg_config(run, request.target),
        )
        findings = prober.find(table)
    found = _Compilation(given, warnings, precompile, prefixed, preload)
    configuration = _settled(request, compilers, findings, found)
    return Outcome(request, configuration, compilers, findings, (*log, *prober.log))


@dataclass(frozen=True, slots=True)
class _Compilation:
    """What was found of the way in which sources are compiled."""

    given: Mapping[str, tuple[str, ...]]
    """The flags of the user, by variable."""
    warnings: tuple[str, ...]
    """The flags that switch warnings on."""
    precompile: tuple[str, ...]
    """The flags with which headers are compiled in advance."""
    launcher: tuple[str, ...]
    preload: tuple[str, ...]
    """The libraries that the program has to load first."""


def _settled(
    request: Request, compilers: Mapping[str, Compiler], findings: Mapping[str, Finding], found: _Compilation
) -> Configuration:
    """The configuration of a request, with the compilers and libraries that were found."""
    names = configure_line.words_of(request.sanitizers)
    return Configuration(
        cc=compilers["c"].command,
        cxx=compilers["c++"].command if "c++" in compilers else (),
        dev_mode=request.dev_mode,
        directories=request.directories,
        cppflags=found.given["CPPFLAGS"],
        cflags=found.given["CFLAGS"],
        cxxflags=found.given["CXXFLAGS"],
        ldflags=(*found.given["LDFLAGS"], *sanitizers.link_flags(compilers["c"], names)),
        warnings=found.warnings,
        precompile=found.precompile,
        libraries={name.upper(): Flags(each.include, each.lib) for name, each in findings.items() if each.is_met},
        launcher=found.launcher,
        sanitizers=names,
        preload=found.preload,
        host=(request.target,) if request.target else (),
        arguments=request.arguments,
    )


def _compilers(run: Run, variables: Mapping[str, str], host: str) -> dict[str, Compiler]:
    compiler = find_compiler(run, "c", variables.get("CC", ""), host)
    if compiler is None:
        raise AsterismError(toolchain.no_cross_compiler(host) if host else toolchain.NO_COMPILER)
    plusplus = find_compiler(run, "c++", variables.get("CXX", ""), host)
    return {"c": compiler} | ({"c++": plusplus} if plusplus else {})


def _pkg_config(run: Run, host: str) -> str:
    """The pkg-config for the host; the usual program is restricted to the host's files by PKG_CONFIG_LIBDIR."""
    if not host:
        return "pkg-config"
    theirs = f"{host}-pkg-config"
    if run([theirs, "--version"], "").is_good:
        return theirs
    places = [f"/usr/lib/{host}/pkgconfig", f"/usr/{host}/lib/pkgconfig", "/usr/share/pkgconfig"]
    os.environ.setdefault("PKG_CONFIG_LIBDIR", ":".join(places))
    return "pkg-config"


def _check_compiler(run: Run, compiler: Compiler, flags: Sequence[str], program: Path) -> list[Ran]:
    """Compile and link the smallest program that includes the C library; this fails when its headers are missing."""
    source = '#include <stdio.h>\nint main(void) { return printf("") != 0; }\n'
    argv = [*compiler.command, *flags, "-x", "c", "-", "-o", str(program)]
    ran = run(argv, source)
    if not ran.is_good:
        raise AsterismError(
            Fault(
                what=f"the compiler {compiler.command[0]} cannot compile the smallest program",
                why=f"{toolchain.how_it_ended(ran.status)}\n    " + "\n    ".join(ran.complaint.splitlines()[:12]),
                cure="check CC, CFLAGS and LDFLAGS, and that the C library's headers are installed\n"
                "    ('apt install libc6-dev' on Debian or Ubuntu, 'dnf install glibc-devel' on Fedora)",
                code="compiler-fails",
            )
        )
    return [ran]


def _check_machine(compiler: Compiler, program: Path) -> None:
    """Raise AsterismError for a compiler whose programs this machine cannot run."""
    other = elf.other_machine(files.read_bytes(program, files.BINARY)) if program.exists() else ""
    if other:
        raise AsterismError(
            Fault(
                f"the compiler {compiler.command[0]} makes programs for another machine: {other}",
                why=f"this one is {os.uname().machine}",
                cure="leave CC and CFLAGS out, or name a compiler for this machine;\n"
                "    './configure --host=TRIPLE' builds modules for another one",
                code="wrong-machine",
            )
        )


def _warnings(run: Run, compiler: Compiler, log: list[Ran], *, dev_mode: bool) -> tuple[str, ...]:
    """The wanted warning flags that the compiler supports; tried together first, then one by one."""
    wanted = (*WARNINGS, *(DEV_WARNINGS if dev_mode else ()))

    def takes(flags: Sequence[str]) -> bool:
        argv = [*compiler.command, "-Werror", *flags, "-fsyntax-only", "-x", "c", "-"]
        ran = run(argv, "int probe_nothing;\n")
        log.append(ran)
        return ran.is_good

    return wanted if takes(wanted) else tuple(flag for flag in wanted if takes([flag]))


PRECOMPILE = ("-x", "c-header")
"""The flags with which GCC and clang compile a header in advance."""


def _precompile(run: Run, compiler: Compiler, flags: Sequence[str], log: list[Ran], scratch: Path) -> tuple[str, ...]:
    """:data:`PRECOMPILE` if the compiler compiles a header in advance and then reads it; otherwise empty."""
    header = scratch / "probe.h"
    files.write(header, "int probe_header(void);\n")
    made = [*compiler.command, *flags, *PRECOMPILE, str(header), "-o", f"{header}.gch"]
    used = [*compiler.command, *flags, "-include", str(header), "-x", "c", "-c", "-", "-o", str(scratch / "probe.o")]
    source = "int probe(void);\nint probe(void) { return probe_header(); }\n"
    for argv, text in ((made, ""), (used, source)):
        log.append(run(argv, text))
        if not log[-1].is_good:
            return ()
    return PRECOMPILE


def check_wishes(request: Request, findings: Mapping[str, Finding]) -> None:
    """Check that every dependency demanded by ``--with-NAME`` was found.

    Raises:
        AsterismError: with a fault for each dependency that was not found.
    """
    faults = Collector()
    for name, wish in dict(request.wishes).items():
        if wish is not False and not findings[name].is_met:
            hint = package_hint([name])
            cure = (
                f"{hint}; or leave --with-{name} out" if hint else f"leave --with-{name} out; {LOG} says what was tried"
            )
            faults.add(
                Fault(f"{name} was not found, and --with-{name} demands it", why=findings[name].reason, cure=cure)
            )
    faults.check()


def system_python(python: str, run: Run) -> SystemPython:
    """The distribution's Python libraries for the installed program.

    Args:
        python: the interpreter that the program starts with.
        run: runs the interpreter and ninja.

    Raises:
        AsterismError: a library is missing, or its version is outside of the required range.
    """
    found = SystemPython(system_libraries.directories(python, run), system_libraries.needed())
    faults = Collector()
    faults.extend(system_libraries.faults(found, system_libraries.lacking(found, run)))
    faults.check()
    return found


def deps_text(findings: Mapping[str, Finding], before: str = "") -> str:
    """The text of menuselect-deps; each value is followed by the one of the previous text, as in ``CURL=1:0``."""
    previous = dict(line.split("=", 1) for line in before.splitlines() if "=" in line)
    lines = []
    for name, found in sorted(findings.items(), key=lambda item: item[0].upper()):
        old = previous.get(name.upper(), "").split(":")[0]
        lines.append(f"{name.upper()}={found.state}:{old}" if old else f"{name.upper()}={found.state}")
    return "\n".join(lines) + "\n"


def autoconfig_text(findings: Mapping[str, Finding]) -> str:
    """The text of autoconfig.h: ``HAVE_X`` is defined for each dependency that was found."""
    lines = ["/* Written by configure. */", "", "#ifndef ASTERISM_AUTOCONFIG_H", "#define ASTERISM_AUTOCONFIG_H", ""]
    lines += ["#ifndef _GNU_SOURCE", "#define _GNU_SOURCE 1", "#endif", ""]
    for name, found in sorted(findings.items()):
        macro = f"HAVE_{name.upper().removeprefix('HAVE_')}"
        lines.append(f"#define {macro} 1" if found.is_met else f"/* #undef {macro} */")
    return "\n".join([*lines, "", "#endif"]) + "\n"


def log_text(outcome: Outcome) -> str:
    """The text of config.log: the command, its output and the verdict of every probe."""
    lines = [
        f"asterism {__version__} configure",
        f"$ ./configure {' '.join(outcome.request.arguments)}".rstrip(),
        "",
        *(f"compiler for {c.language}: {' '.join(c.command)}: {c.version}" for c in outcome.compilers.values()),
        "",
        "## for all probes",
        *(str(ran) for ran in outcome.log),
    ]
    for name, found in outcome.findings.items():
        verdict = {1: "found", DISABLED: "disabled"}.get(found.state, "not found")
        lines += ["", f"## {name}", *(str(ran) for ran in found.log), f"{name}: {verdict}: {found.reason}"]
    return "\n".join(lines) + "\n"


def write(outcome: Outcome, tree: Tree) -> None:
    """Write the four files, ``makeopts`` last, since a tree without it counts as not configured."""
    deps = tree.deps
    before = files.read_text(deps) if deps.exists() else ""
    files.write(tree / LOG, log_text(outcome))
    files.write(deps, deps_text(outcome.findings, before))
    files.write(tree.autoconfig, autoconfig_text(outcome.findings))
    files.write(tree.makeopts, dumps(outcome.configuration))


def summary(outcome: Outcome, wanted: Mapping[str, Sequence[str]]) -> str:
    """The summary at the end of configure.

    Args:
        outcome: the result of the run.
        wanted: the modules and options that name each dependency, by its name in lower case.
    """
    configuration, directories = outcome.configuration, outcome.configuration.directories.resolved()
    rows = [
        ("compiler", f"{' '.join(configuration.cc)}  ({outcome.compilers['c'].version})"),
        ("C++ compiler", " ".join(configuration.cxx) or "none; C++ modules cannot be built"),
        ("prefix", directories.prefix),
        ("configuration", f"{directories.sysconfdir}/asterism"),
        ("dev mode", "on: warnings are errors" if configuration.dev_mode else "off"),
        ("launcher", " ".join(configuration.launcher)),
        ("sanitizers", ", ".join(configuration.sanitizers)),
        ("built for", "".join(f"{host}; modules cannot be tried on this machine" for host in configuration.host)),
    ]
    met = sorted(name for name, found in outcome.findings.items() if found.is_met)
    lines = ["", f"⁂ Asterism {__version__} is configured", "", *(f"  {name:<15}{text}" for name, text in rows if text)]
    lines.append(f"  {'libraries':<15}{len(met)} of {len(outcome.findings)} that modules may ask for; see {LOG}")
    lines += _missing_lines(outcome, wanted)
    return "\n".join(
        [*lines, "", "Next: 'make menuselect' to choose modules, 'make' to build them, 'make run' to run them."]
    )


def _missing_lines(outcome: Outcome, wanted: Mapping[str, Sequence[str]]) -> list[str]:
    missing = [name for name in sorted(wanted) if name in outcome.findings and not outcome.findings[name].is_met]
    if not missing:
        return []
    lines = ["", "Missing, and wanted by modules:"]
    lines += [f"  {name:<15}for {both(wanted[name])}: {outcome.findings[name].reason}" for name in missing]
    hint = package_hint(name for name in missing if outcome.findings[name].state != DISABLED)
    return [*lines, f"  {hint}, then ./configure again"] if hint else lines


def wanted_by(menu: Menu) -> dict[str, list[str]]:
    """The modules and options that name each external dependency, by its name in lower case."""
    wanted: dict[str, list[str]] = {}
    for member in menu.members:
        for reference in (*member.depends, *member.uses):
            if menu.resolve(member, reference) is None:
                wanted.setdefault(reference.name.lower(), []).append(member.name)
    return wanted


def was_dev_mode(tree: Tree) -> bool:
    """Whether the existing configuration is for dev mode."""
    try:
        return load(tree).dev_mode
    except AsterismError:
        return False


def prepare(tree: Tree, *, dev_mode: bool, entered: bool) -> Menu:
    """Write the files that depend on the selection: menuselect-tree and asterisk/buildopts.h.

    Args:
        tree: the source tree.
        dev_mode: whether the tree is configured for development.
        entered: whether dev mode is new, so that an old selection lacks its options.

    Raises:
        AsterismError: the sources have faults.
    """
    session = plan_inputs.refresh(tree, dev_mode=dev_mode)
    if entered and session.existing:
        plan_inputs.enter_dev_mode(session.selection)
        session.save()
    chosen = plan_inputs.all_options(load(tree), plan_inputs.options_of(session.selection))
    plan_inputs.write_buildopts(tree, chosen, dev_mode=dev_mode)
    return session.menu


def _check_sources(tree: Tree) -> None:
    """Refuse a directory without sources before anything is written there.  Raises AsterismError."""
    if not (tree / OPTIONS).is_file():
        cure = "go to the source tree; one has a " + OPTIONS
        raise AsterismError(Fault("this is not a source tree", Place(str(tree)), "", cure, "no-sources"), status=2)


def parser() -> argparse.ArgumentParser:
    """The options of configure, for completion and the manual; :mod:`buildsys.settled.configure_line` parses them."""
    made = argparse.ArgumentParser(
        prog="asterism configure",
        usage="asterism configure [OPTION ...] [VARIABLE=value ...]",
        description="Find the compiler and the libraries, and settle where things go; './configure' does the same.",
        epilog="Variables, here or in the environment: " + ", ".join(configure_options.VARIABLES) + ".",
        add_help=False,
    )
    for option in configure_options.OPTIONS:
        text = option.help.replace("%", "%%") or "taken, and of no effect"
        if option.argument:
            made.add_argument(option.word, metavar=option.argument, help=text)
        else:
            made.add_argument(option.word, action="store_true", help=text)
    made.add_argument("--with-NAME", metavar="DIR", help="insist on a dependency; look for it in DIR")
    made.add_argument("--without-NAME", action="store_true", help="do without a dependency")
    return made


def main(arguments: Sequence[str] | None = None) -> int:
    """Configure the source tree of the current directory."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        # On a terminal that cannot show a character, print a question mark instead of raising an exception.
        sys.stdout.reconfigure(errors="replace")
    table = load_table()
    given = sys.argv[1:] if arguments is None else list(arguments)
    request = configure_line.parse(given, sorted(table), os.environ)
    if request.help:
        print(columns.fitted(configure_options.usage(table), sys.stdout))
        return 0
    if request.version:
        print(f"Asterism {__version__}")
        return 0
    tree = Tree(Path.cwd(), Kind.SOURCES)
    _check_sources(tree)
    entered = request.dev_mode and not was_dev_mode(tree)
    outcome = examine(request, table, toolchain.run)
    # The log is written in any case.
    files.write(tree / LOG, log_text(outcome))
    check_wishes(request, outcome.findings)
    if request.system_python:
        places = system_python(tree_contents.base_python(), toolchain.run).directories
        outcome = replace(outcome, configuration=replace(outcome.configuration, system_python=places))
    write(outcome, tree)
    menu, faults = Menu(), tuple[Fault, ...]()
    try:
        menu = prepare(tree, dev_mode=request.dev_mode, entered=entered)
    except AsterismError as error:
        # The tree is configured nevertheless; make stops at these faults until they are corrected.
        faults = error.faults
    if not request.quiet:
        print(summary(outcome, wanted_by(menu)), flush=True)
    report((*request.warnings, *faults), program="configure")
    return 0


def program() -> int:
    """``python -m buildsys.verbs.configure``: faults are printed as lines, without a traceback."""
    return guarded(lambda: reported(main, "configure", "run it again when you like"), "configure")


if __name__ == "__main__":
    sys.exit(program())
