"""``asterism config``: flags and directories, for Makefiles and scripts, in a source tree or an installed one."""

from __future__ import annotations

import argparse
import json
import shlex
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from asterism.home import directory_option
from buildsys.settled.tree_facts import Facts, facts
from buildsys.targets import installed_asterisk

QUESTIONS: Mapping[str, Callable[[Facts], str]] = {
    "version": lambda facts: facts.version,
    "prefix": lambda facts: facts.prefix,
    "cflags": lambda facts: facts.cflags,
    "libs": lambda facts: facts.libs,
    "includedir": lambda facts: facts.includedir,
    "moddir": lambda facts: facts.directories["astmoddir"],
    "sysconfdir": lambda facts: facts.directories["astetcdir"],
    "sum": lambda facts: facts.sum,
    "options": lambda facts: ", ".join(facts.options),
    "cc": lambda facts: shlex.join(facts.cc),
}
"""The options of ``asterism config`` that print one line each, with the answers."""


def as_json(known: Facts) -> str:
    """All answers and the directories as JSON."""
    answers: dict[str, object] = {name: answer(known) for name, answer in QUESTIONS.items()}
    answers |= {"options": list(known.options), "directories": dict(known.directories)}
    return json.dumps(answers, indent=1)


def parser() -> argparse.ArgumentParser:
    """The command line of ``asterism config``."""
    made = argparse.ArgumentParser(
        prog="asterism config",
        description="Print flags and directories; without an option, all of them.",
        epilog="A module outside the tree: gcc -shared -DAST_MODULE='\"res_x\"' $(asterism config --cflags) ...",
    )
    directory_option.add(made)
    for name in QUESTIONS:
        made.add_argument(f"--{name}", dest="asked", action="append_const", const=name)
    made.add_argument("--target", metavar="NAME|DIR", help="of a real Asterisk; see 'asterism target list'")
    made.add_argument("--json", action="store_true", help="everything as JSON")
    return made


def main(words: Sequence[str]) -> int:
    """Serve ``asterism config``."""
    options = parser().parse_args(words)
    target = installed_asterisk.the_one(options.target, Path.cwd()) if options.target else None
    known = installed_asterisk.facts(target) if target else facts()
    if options.json:
        print(as_json(known))
    elif options.asked:
        print("\n".join(QUESTIONS[name](known) for name in options.asked))
    else:
        print("\n".join(f"{name:<11}{answer(known)}".rstrip() for name, answer in QUESTIONS.items()))
    return 0
