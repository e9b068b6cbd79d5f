"""The lines of C that a test run has reached, as counted by gcov."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from asterism.errors import AsterismError, Fault
from asterism.tree import Tree
from asterism.values import dataclass


@dataclass(frozen=True, slots=True)
class Covered:
    """The coverage of one source file."""

    file: str
    counts: Mapping[int, int]
    """The number of times each line with code was reached, by line number."""

    @property
    def reached(self) -> int:
        """The number of lines that were reached."""
        return sum(count > 0 for count in self.counts.values())

    @property
    def missing(self) -> tuple[int, ...]:
        """The numbers of the lines that were not reached."""
        return tuple(line for line in sorted(self.counts) if not self.counts[line])

    @property
    def percent(self) -> float:
        """The percentage of lines that were reached; 100 for a file without code."""
        return 100 * self.reached / len(self.counts) if self.counts else 100.0

    def as_json(self) -> dict[str, object]:
        """The file as plain data."""
        return {
            "file": self.file,
            "lines": len(self.counts),
            "reached": self.reached,
            "percent": round(self.percent, 1),
            "missing": list(self.missing),
        }


def measured(tree: Tree, place: Path, cc: Sequence[str]) -> list[Covered]:
    """The coverage of a build with ``--coverage`` in ``place``, by the sources of the directory.

    Raises:
        AsterismError: gcov is missing, or cannot read the files of the compiler.
    """
    profiles = sorted(place.rglob("*.gcno"))
    if not profiles:
        return []
    program = _gcov(cc)
    # A file without a called function has no counters; gcov reports its lines as not reached.
    done = subprocess.run(
        [program, "--json-format", "--stdout", *map(str, profiles)],
        cwd=tree,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode:
        why = (done.stderr.strip().splitlines() or [f"it ended with status {done.returncode}"])[-1]
        raise AsterismError(Fault(f"{program} fails", None, why, "is it of the compiler's own version?", "gcov"))
    return list(merged(done.stdout))


def _gcov(cc: Sequence[str]) -> str:
    """The gcov that belongs to a compiler: ``gcov-12`` for ``gcc-12``.

    Raises:
        AsterismError: the compiler is clang, or gcov is missing.
    """
    name = os.path.basename(cc[0])
    if "clang" in name:
        cure = "configure with gcc"
        raise AsterismError(Fault("coverage needs gcc, and this tree was built with clang", cure=cure, code="gcov"))
    wanted = re.sub(r"g?cc(?=(?:-[\d.]+)?$)", "gcov", name)
    found = shutil.which(wanted) or shutil.which("gcov")
    if found is None:
        raise AsterismError(Fault(f"'{wanted}' is not installed", cure="it comes with gcc", code="gcov"))
    return found


def merged(text: str) -> Iterator[Covered]:
    """The files in gcov's JSON output, one document a line; headers of the core and the system are left out."""
    counts: dict[str, dict[int, int]] = {}
    for document in filter(None, text.splitlines()):
        for file in json.loads(document)["files"]:
            name = os.path.normpath(file["file"])
            if os.path.isabs(name) or name.startswith("include/"):
                continue
            own = counts.setdefault(name, {})
            for line in file["lines"]:
                own[line["line_number"]] = own.get(line["line_number"], 0) + line["count"]
    for name in sorted(counts):
        yield Covered(name, counts[name])


def table(files: Sequence[Covered]) -> list[str]:
    """A line for each file and for the total: lines, lines reached, and the lines not reached."""
    width = max([5, *(len(file.file) for file in files)])
    lines = [f"{'file':<{width}}  lines  reached        not reached"]
    rows = [(file.file, len(file.counts), file.reached, file.percent, ranges(file.missing)) for file in files]
    total = sum(row[1] for row in rows)
    reached = sum(row[2] for row in rows)
    rows.append(("total", total, reached, 100 * reached / total if total else 100.0, ""))
    for name, count, there, percent, missing in rows:
        lines.append(f"{name:<{width}}  {count:>5}  {there:>7}  {percent:>3.0f} %  {missing}".rstrip())
    return lines


def ranges(numbers: Iterable[int]) -> str:
    """Line numbers as ranges: ``3-5, 9`` for 3, 4, 5 and 9."""
    parts: list[list[int]] = []
    for number in numbers:
        if parts and number == parts[-1][-1] + 1:
            parts[-1].append(number)
        else:
            parts.append([number])
    return ", ".join(f"{part[0]}-{part[-1]}" if len(part) > 1 else str(part[0]) for part in parts)
