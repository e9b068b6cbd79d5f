"""A machine as configure sees it, made of what a test says of it."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from buildsys.settled.toolchain import NOT_FOUND, Ran

Flags = tuple[str, str]


@dataclass
class FakeToolchain:
    """Answers in place of gcc, pkg-config and other programs."""

    packages: Mapping[str, Flags | None] = field(default_factory=dict)
    """pkg-config modules: (cflags, libs), or None for one that is too old."""
    headers: Collection[str] = ()
    links: Mapping[str, str] = field(default_factory=dict)
    """Functions, and the flag without which they do not link."""
    programs: Collection[str] = ()
    compilers: Mapping[str, str] = field(default_factory=lambda: {"gcc": "gcc 12.2"})
    """Compilers and what they print for --version."""
    refused: Collection[str] = ()
    """Flags that no compiler here takes."""
    knows_has_include: bool = True
    commands: list[tuple[str, ...]] = field(default_factory=list)

    def __call__(self, argv: Sequence[str], text: str) -> Ran:
        self.commands.append(tuple(argv))
        status, output, complaint = self._answer(list(argv), text)
        return Ran(tuple(argv), status, output, complaint)

    def _answer(self, argv: list[str], text: str) -> tuple[int, str, str]:
        program = argv[0]
        if program == "pkg-config":
            return self._pkg_config(argv)
        if program in self.compilers:
            return self._compile(argv, text)
        return (0, f"{program} 1.0\n", "") if program in self.programs else (NOT_FOUND, "", f"{program}: not found")

    def _pkg_config(self, argv: list[str]) -> tuple[int, str, str]:
        if "--list-all" in argv:
            return 0, "".join(f"{name}  {name} - a library\n" for name in self.packages), ""
        flags = self.packages[argv[-1].split()[0]]
        if flags is None:
            return 1, "", "its version is too old"
        return 0, flags[argv[-2] == "--libs"] + "\n", ""

    def _compile(self, argv: list[str], text: str) -> tuple[int, str, str]:
        if "--version" in argv:
            return 0, self.compilers[argv[0]] + "\n", ""
        if set(argv) & set(self.refused):
            return 1, "", "unrecognized command-line option"
        if "__has_include" in text:
            found = [name for name in re.findall(r"__has_include\(<(.*?)>\)", text) if name in self.headers]
            listed = "".join(f'found "{name}"\n' for name in found)
            return (0, listed, "") if self.knows_has_include else (1, "", "missing binary operator")
        function = re.search(r"probe_(\w+)\(void\)", text)
        if function and self.links.get(function[1], "-l?") not in argv:
            return 1, "", f"undefined reference to `{function[1]}'"
        return 0, "", ""
