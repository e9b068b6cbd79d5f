"""External dependencies: the table of library probes, and the prober that finds libraries.

Compiling a test program for each of a hundred libraries takes seconds. Two commands answer nearly all probes at
once: one preprocessor run says which headers exist, one ``pkg-config --list-all`` which packages. Only the remaining
questions are compiled, in parallel.
"""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from asterism.values import dataclass, field
from buildsys.settled.toolchain import Compiler, Ran, Run, words

MET, UNMET, DISABLED = 1, 0, -1
"""The states of Asterisk's menuselect-deps."""


@dataclass(frozen=True, slots=True)
class LinkCheck:
    """A link test: a program that includes a header and calls a function of a library."""

    library: str
    function: str
    header: str
    extra: tuple[str, ...] = ()

    @property
    def flags(self) -> tuple[str, ...]:
        """The linker flags of the test."""
        return (*((f"-l{self.library}",) if self.library else ()), *self.extra)


@dataclass(frozen=True, slots=True)
class Snippet:
    """A compile test: a statement and the header it needs."""

    header: str
    statement: str


@dataclass(frozen=True, slots=True)
class Probe:
    """A row of ``library_probes.toml``; that file explains the fields."""

    name: str
    pkg: tuple[str, ...] = ()
    link: tuple[LinkCheck, ...] = ()
    config: tuple[str, ...] = ()
    tool: tuple[str, ...] = ()
    compile: tuple[Snippet, ...] = ()
    flags: tuple[str, ...] = ()
    language: str = "c"
    uses: tuple[str, ...] = ()

    @property
    def headers(self) -> set[str]:
        """The headers that a compile or link test of the probe includes."""
        named = [*(link.header for link in self.link), *(snippet.header for snippet in self.compile)]
        return {header for header in named if header}


@dataclass(frozen=True, slots=True)
class Finding:
    """The result of a probe."""

    name: str
    state: int
    include: tuple[str, ...] = ()
    """Compiler flags for modules that depend on the library."""
    lib: tuple[str, ...] = ()
    """Linker flags for modules that depend on the library."""
    reason: str = ""
    """How the library was found, or why it was not."""
    log: tuple[Ran, ...] = ()
    """The programs that were run for the probe."""

    @property
    def is_met(self) -> bool:
        """Whether the library was found, so that modules can depend on it."""
        return self.state == MET


@functools.cache
def load_table(text: str | None = None) -> dict[str, Probe]:
    """The probes by name, from the given text or the table beside this file."""
    from importlib.resources import files  # costs as much as reading the table

    source = files(__package__).joinpath("library_probes.toml").read_text("utf-8") if text is None else text
    return {name: _probe(name, row) for name, row in tomllib.loads(source).items()}


def _probe(name: str, row: Mapping[str, Any]) -> Probe:
    return Probe(
        name=name,
        pkg=tuple(row.get("pkg", ())),
        link=tuple(_link(line) for line in row.get("link", ())),
        config=tuple(row.get("config", ())),
        tool=tuple(row.get("tool", ())),
        compile=tuple(_snippet(line) for line in row.get("compile", ())),
        flags=tuple(row.get("flags", ())),
        language=row.get("language", "c"),
        uses=tuple(row.get("uses", ())),
    )


def _link(line: str) -> LinkCheck:
    library, function, header, *extra = line.split()
    return LinkCheck(library.strip("-"), function, header.strip("-"), tuple(extra))


def _snippet(line: str) -> Snippet:
    header, _, statement = line.partition(":")
    return Snippet(header.strip(), statement.strip())


def link_source(link: LinkCheck) -> str:
    """A program that calls the function through a declaration of its own, so that its prototype does not matter.

    The header decides whether the library can be used at all. The declared name differs from the function's, because
    the header may define that as a macro, as OpenSSL's do.
    """
    return (
        f"#include <{link.header}>\n#undef {link.function}\n"
        f'extern char probe_{link.function}(void) __asm__("{link.function}");\n'
        f"int main(void) {{ return probe_{link.function}() == 'x'; }}\n"
    )


def snippet_source(snippet: Snippet) -> str:
    """A program that contains the statement."""
    return f"#include <stddef.h>\n#include <{snippet.header}>\nint main(void) {{ {snippet.statement} return 0; }}\n"


def headers_source(headers: Iterable[str]) -> str:
    """C text whose preprocessed form lists the headers that exist, one ``found "NAME"`` a line."""
    return "".join(f'#if __has_include(<{name}>)\nfound "{name}"\n#endif\n' for name in headers)


def headers_found(preprocessed: str) -> set[str]:
    """The headers listed in the preprocessed text of :func:`headers_source`."""
    return set(re.findall(r'^found "([^"]+)"', preprocessed, re.MULTILINE))


@dataclass(slots=True)
class Prober:
    """Finds libraries with the compilers and pkg-config of this machine.

    Args:
        run: runs a program.
        compilers: by language; the probes of a missing language are unmet.
        flags: the user's flags for every compilation: CPPFLAGS and CFLAGS, then LDFLAGS.
        scratch: a directory for the linker's output, removed by the caller.
        wishes: ``--with-X`` and ``--without-X`` by name: True, False or a path.
        host: the other machine to build for, as a triple; programs of this machine are not used as evidence then.
        pkg_config: the pkg-config program for that machine.
    """

    run: Run
    compilers: Mapping[str, Compiler]
    scratch: Path
    flags: tuple[str, ...] = ()
    wishes: Mapping[str, bool | str] = field(default_factory=dict)
    host: str = ""
    pkg_config: str = "pkg-config"
    _headers: set[str] | None = None
    _packages: set[str] = field(default_factory=set)
    _log: list[Ran] = field(default_factory=list)

    @property
    def log(self) -> tuple[Ran, ...]:
        """The runs that served all probes."""
        return tuple(self._log)

    def find(self, table: Mapping[str, Probe], names: Iterable[str] | None = None) -> dict[str, Finding]:
        """Run the named probes and those they use, or all probes; the findings are sorted by name."""
        from concurrent.futures import ThreadPoolExecutor  # 8 ms, needed by configure alone

        wanted = _with_uses(table, table if names is None else names)
        self._survey([table[name] for name in wanted])
        found: dict[str, Finding] = {}
        with ThreadPoolExecutor() as pool:
            # Probes that use others run second, when the flags of those are known.
            for wave in ([n for n in wanted if not table[n].uses], [n for n in wanted if table[n].uses]):
                probes = [table[name] for name in wave]
                results = pool.map(lambda probe: self._find(probe, [found[name] for name in probe.uses]), probes)
                found.update(zip(wave, results, strict=True))
        return dict(sorted(found.items()))

    def _survey(self, probes: Sequence[Probe]) -> None:
        """Find out which headers and packages exist, with one run each."""
        headers = sorted(set().union(*(probe.headers for probe in probes)))
        compiler = self.compilers.get("c")
        if compiler and headers:
            paths = [f"-I{wish}/include" for wish in self.wishes.values() if isinstance(wish, str)]
            argv = [*compiler.command, *self.flags, *paths, "-E", "-P", "-x", "c", "-"]
            answer = self._note(self.run(argv, headers_source(headers)))
            # Without __has_include in the compiler, each probe compiles its own test.
            self._headers = headers_found(answer.output) if answer.is_good else None
        if any(probe.pkg for probe in probes):
            answer = self._note(self.run([self.pkg_config, "--list-all"], ""))
            self._packages = {line.split()[0] for line in answer.output.splitlines() if line.strip()}

    def _note(self, ran: Ran) -> Ran:
        self._log.append(ran)
        return ran

    def _find(self, probe: Probe, uses: Sequence[Finding]) -> Finding:
        wish = self.wishes.get(probe.name, True)
        if wish is False:
            return Finding(probe.name, DISABLED, reason=f"switched off by --without-{probe.name}")
        missing = [each.name for each in uses if not each.is_met]
        if missing:
            return Finding(probe.name, UNMET, reason=f"needs {', '.join(missing)}")
        search = _Search(self, probe, tuple(f for each in uses for f in (*each.include, *each.lib)))
        return search.result(wish if isinstance(wish, str) else "")

    def lacks_header(self, name: str) -> bool:
        """Whether the survey has shown that a header is missing."""
        return bool(name) and self._headers is not None and name not in self._headers

    def has_package(self, spec: str) -> bool:
        """Whether all pkg-config packages of a specification exist, regardless of version."""
        names = [word for word in re.sub(r"[<>=!]+\s*\S+", " ", spec).split() if word]
        return all(name in self._packages for name in names)


def _with_uses(table: Mapping[str, Probe], names: Iterable[str]) -> list[str]:
    wanted: dict[str, None] = {}
    for name in names:
        if name in table:
            wanted |= dict.fromkeys([*table[name].uses, name])
    return list(wanted)


@dataclass(slots=True)
class _Search:
    """The search for one library: the methods in order, with a log of the programs run."""

    prober: Prober
    probe: Probe
    used: tuple[str, ...]
    log: list[Ran] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)

    def result(self, path: str) -> Finding:
        """The finding of the first successful method; a path from the user excludes pkg-config and config programs."""
        ways: list[Callable[[Sequence[str], Sequence[str]], Finding | None]]
        ways = [self._tool, self._flags, self._snippet, self._link]
        if not path:
            ways = [self._pkg, self._config, *ways]
        place = ((f"-I{path}/include",), (f"-L{path}/lib",)) if path else ((), ())
        for way in ways:
            found = way(*place)
            if found:
                return found
        reason = "; ".join(dict.fromkeys(self.reasons)) or "nothing looks for it on this system"
        return Finding(self.probe.name, UNMET, reason=reason, log=tuple(self.log))

    def _met(self, reason: str, include: Sequence[str] = (), lib: Sequence[str] = ()) -> Finding:
        return Finding(self.probe.name, MET, tuple(include), tuple(lib), reason, tuple(self.log))

    def _run(self, argv: Sequence[str], text: str = "") -> Ran:
        ran = self.prober.run(argv, text)
        self.log.append(ran)
        return ran

    def _pkg(self, _include: Sequence[str] = (), _lib: Sequence[str] = ()) -> Finding | None:
        for spec in self.probe.pkg:
            if not self.prober.has_package(spec):
                self.reasons.append(f"pkg-config knows no {spec}")
                continue
            flags, libs = (
                self._run([self.prober.pkg_config, "--print-errors", kind, spec]) for kind in ("--cflags", "--libs")
            )
            if flags.is_good and libs.is_good:
                return self._met(f"pkg-config {spec}", words(flags.output, "cflags"), words(libs.output, "libs"))
            self.reasons.append(f"pkg-config refuses {spec}")
        return None

    def _config(self, _include: Sequence[str] = (), _lib: Sequence[str] = ()) -> Finding | None:
        for name in self.probe.config:
            # The program without the host's prefix knows the flags of this machine.
            program = f"{self.prober.host}-{name}" if self.prober.host else name
            flags, libs = (self._run([program, kind]) for kind in ("--cflags", "--libs"))
            if flags.is_good and libs.is_good:
                return self._met(program, words(flags.output, "cflags"), words(libs.output, "libs"))
            self.reasons.append(f"no {program}")
        return None

    def _tool(self, _include: Sequence[str] = (), _lib: Sequence[str] = ()) -> Finding | None:
        for program in self.probe.tool:
            if self._run([program, "--version"]).is_good:
                return self._met(f"the program {program}")
            self.reasons.append(f"no program {program}")
        return None

    def _flags(self, _include: Sequence[str] = (), _lib: Sequence[str] = ()) -> Finding | None:
        if self.prober.host and "-march=native" in self.probe.flags:
            self.reasons.append(f"native is this machine, and modules are built for {self.prober.host}")
        elif self.probe.flags and self._compiles("int main(void) { return 0; }\n", self.probe.flags):
            return self._met(f"the compiler takes {' '.join(self.probe.flags)}")
        return None

    def _snippet(self, include: Sequence[str] = (), lib: Sequence[str] = ()) -> Finding | None:
        for snippet in self.probe.compile:
            if self._header_missing(snippet.header):
                continue
            if self._compiles(snippet_source(snippet), [*include, *lib]):
                return self._met(f"<{snippet.header}>", include, lib)
        return None

    def _link(self, include: Sequence[str] = (), lib: Sequence[str] = ()) -> Finding | None:
        for link in self.probe.link:
            if self._header_missing(link.header):
                continue
            if self._compiles(link_source(link), [*include, *lib, *self.used, *link.flags]):
                where = f"lib{link.library}" if link.library else "the C library"
                return self._met(f"{link.function} in {where}", include, [*lib, *link.flags])
        return None

    def _header_missing(self, header: str) -> bool:
        if self.prober.lacks_header(header):
            self.reasons.append(f"no header <{header}>")
            return True
        return False

    def _compiles(self, source: str, flags: Sequence[str]) -> bool:
        compiler = self.prober.compilers.get(self.probe.language)
        if compiler is None:
            self.reasons.append(f"no {self.probe.language.upper()} compiler")
            return False
        output = self.prober.scratch / f"probe-{self.probe.name}"
        # Linker flags come after the source, or the linker drops libraries that are not needed yet.
        argv = [*compiler.command, *self.prober.flags, "-x", self.probe.language, "-", "-x", "none", *flags]
        ran = self._run([*argv, "-o", str(output)], source)
        if not ran.is_good:
            self.reasons.append(f"a test program does not compile{_first_complaint(ran)}")
        return ran.is_good


_COMPLAINT = re.compile(r"(?:.*?: )?(?:fatal )?error: (.+)|.*(cannot find -l\S+)|.*(undefined ref.+)")


def _first_complaint(ran: Ran) -> str:
    """The first error of the compiler or linker, after a colon; empty when no known message is found."""
    found = next(filter(None, map(_COMPLAINT.match, ran.complaint.splitlines())), None)
    return f": {next(filter(None, found.groups())).rstrip(':')}" if found else ""
