"""``asterism replace``: put a new build of a module into the running program, and restore the old one on failure.

``--serve`` does so repeatedly, with a line of JSON for each request and each answer, for ``asterism watch``; the child
for the next trial is kept ready.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from asterism.errors import AsterismError, Fault, report
from asterism.home.loading import by_name
from asterism.words import both
from runtime.modules import build_id
from runtime.verbs.replacement import ALONE, BACK, BUSY, LOST, PUT, REFUSED, RUN, SAME, Replaced
from runtime.verbs.replacer import Replacer


def sentence(made: Replaced) -> str:
    """The result in words."""
    also = f"; {both(made.others)} with it" if made.others else ""
    return {
        RUN: f"{made.module} runs its new build{also} (build {made.build[:12]})",
        SAME: f"{made.module} runs this build already",
        REFUSED: f"{made.module} was refused; nothing was changed",
        BUSY: f"{made.module} was not replaced",
        BACK: f"{made.module} does not run; the old build runs again",
        LOST: f"{made.module} does not run, and neither does the old build",
        ALONE: f"no running asterism answers: {made.module} was not replaced",
        PUT: f"no running Asterisk answers: {made.module} is installed, and its next start loads it",
    }[made.outcome]


def parser() -> argparse.ArgumentParser:
    """The argument parser of the verb."""
    made = argparse.ArgumentParser(
        prog="asterism replace",
        description="Put a new build of a module into the running asterism: try it in a child process, "
        "refresh it with all that depend on it, see that it is the new code that runs, and go back if it is not.",
        epilog="Ends with 1 when the new build does not run.",
    )
    made.add_argument("files", metavar="FILE", nargs="*", help="a module: NAME.so or NAME.py")
    made.add_argument("-C", metavar="FILE", dest="confs", action="append", help="the asterisk.conf of the program")
    made.add_argument(
        "--target",
        metavar="NAME|DIR",
        help="a running real Asterisk instead, in the directory of the modules; see 'asterism target list'",
    )
    made.add_argument("--json", action="store_true", help="for programs")
    made.add_argument("--serve", action="store_true", help="take requests as lines of JSON on standard input")
    return made


def main(words: Sequence[str]) -> int:
    """Run the verb and return its exit status.  Raises AsterismError."""
    options = parser().parse_args(words)
    if options.target and (options.serve or options.confs):
        what = "--target goes with neither -C nor --serve"
        raise AsterismError(Fault(what, cure="'asterism watch --target' builds and replaces again and again"), status=2)
    if options.serve:
        return serve(Replacer(options.confs or [""], options.serve))
    if not options.files:
        raise AsterismError(
            Fault("name the file of a module", cure="asterism replace build/modules/res_x.so"), status=2
        )
    paths = [Path(file).absolute() for file in options.files]
    if options.target:
        made = _replaced_there(options.target, paths)
    else:
        replacer = Replacer(options.confs or [""])
        made = [replacer.replace(path) for path in paths]
    for one in made:
        print(json.dumps(one.as_json()) if options.json else sentence(one))
        report(one.faults if not options.json else ())
    return int(any(one.outcome not in (RUN, SAME, PUT) for one in made))


def _replaced_there(word: str, paths: Sequence[Path]) -> list[Replaced]:
    """The results of replacements in the running Asterisk of a target.  Raises AsterismError."""
    builds = [build_id.of_file(path) for path in paths]  # a file that is no module is refused before anything is done
    outcomes = by_name("buildsys.develop.target_attendant:replace_there")(word, paths)
    return [
        Replaced(
            path.name,
            PUT if said["outcome"] == ALONE else said["outcome"],
            tuple(map(Fault.of_json, said["faults"])),
            build=build,
            trial=said["trial"],
            taking=said["taking"],
        )
        for path, build, said in zip(paths, builds, outcomes, strict=True)
    ]


def serve(replacer: Replacer) -> int:
    """Answer requests until the input ends."""
    replacer.preview = lambda others: print(json.dumps({"preview": list(others)}), flush=True)
    replacer.prepare()
    print(json.dumps({"ready": True}), flush=True)
    try:
        for line in sys.stdin:
            print(json.dumps(_answered(replacer, json.loads(line))), flush=True)
    finally:
        replacer.close()
    return 0


def _answered(replacer: Replacer, asked: Mapping[str, Any]) -> dict[str, object]:
    actions: dict[str, Callable[[str], Replaced]] = {
        "replace": lambda name: replacer.replace(Path(name), Path(asked["kept"]) if asked.get("kept") else None),
        "unload": replacer.unload,
    }
    made = next((action(asked[name]) for name, action in actions.items() if name in asked), None)
    return {} if made is None else made.as_json()
