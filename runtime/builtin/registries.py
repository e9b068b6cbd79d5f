"""``core show applications|application|functions|function``: what modules have registered for the dialplan."""

from __future__ import annotations

from collections.abc import Sequence

from asterism.errors import AsterismError, Fault
from asterism.names import did_you_mean
from runtime.commands import SHOWUSAGE, Call, Command, Completing, Outcome
from runtime.core import Core
from runtime.registry import Application, Function

_RULE = "-" * 80


def commands(core: Core) -> tuple[Command, ...]:
    """The commands for one core."""
    return _Registries(core).commands()


class _Registries:
    def __init__(self, core: Core) -> None:
        self.core = core

    def commands(self) -> tuple[Command, ...]:
        return (
            Command(
                "core show applications [like|describing]", self.applications, "Show registered applications", _APPS
            ),
            Command("core show application", self.application, "Describe applications", _APP, self.application_names),
            Command("core show functions [like]", self.functions, "Show registered dialplan functions", _FUNCTIONS),
            Command("core show function", self.function, "Describe dialplan functions", _FUNCTION, self.function_names),
        )

    def applications(self, call: Call) -> Outcome | None:
        kind = call.words[3].lower() if len(call.words) > 3 else ""
        if (kind and not call.args) or (kind == "like" and len(call.args) > 1) or (call.args and not kind):
            return SHOWUSAGE
        chosen = [entry for entry in self.core.applications if _matches(entry, kind, call.args)]
        call.line_out(f"    -= {'Matching' if kind else 'Registered'} Asterisk Applications =-")
        for entry in chosen:
            call.line_out(f"  {entry.name:>20}: {entry.synopsis or '<Synopsis not available>'}")
        call.line_out(f"    -= {len(chosen)} Applications {'Matching' if kind else 'Registered'} =-")
        return None

    def functions(self, call: Call) -> Outcome | None:
        like = len(call.words) > 3
        if len(call.args) != int(like):
            return SHOWUSAGE
        text = call.args[0].lower() if like else ""
        chosen = [entry for entry in self.core.functions if text in entry.name.lower()]
        call.line_out(f"{'Matching' if like else 'Installed'} Custom Functions:\n{_RULE}")
        call.write(_functions_table(chosen))
        call.line_out(f"{len(chosen)} {'matching ' if like else ''}custom functions installed.")
        return None

    def application(self, call: Call) -> Outcome | None:
        if not call.args:
            return SHOWUSAGE
        found = [(name, self.core.applications.find(name)) for name in call.args]
        _check(found, "application", self.core.applications.names())
        for _, entry in found:
            if entry is not None:
                call.write(described("Application", entry))
        return None

    def function(self, call: Call) -> Outcome | None:
        if not call.args:
            return SHOWUSAGE
        found = [(name, self.core.functions.find(name)) for name in call.args]
        _check(found, "function", self.core.functions.names())
        for _, entry in found:
            if entry is not None:
                call.write(described("Function", entry))
        return None

    def application_names(self, _asked: Completing) -> list[str]:
        return self.core.applications.names()

    def function_names(self, _asked: Completing) -> list[str]:
        return self.core.functions.names()


def described(kind: str, entry: Application | Function) -> str:
    """All that is known of an application or a function, under the headings Asterisk uses."""
    parts = [
        ("Synopsis", entry.synopsis),
        ("Provided By", entry.module or "the core"),
        ("Description", entry.description),
        ("Syntax", entry.syntax),
        ("Arguments", entry.arguments),
    ]
    if isinstance(entry, Function) and entry.see_also:
        parts.append(("See Also", entry.see_also))
    blocks = [f"[{heading}]\n{text.rstrip() or 'Not available'}\n" for heading, text in parts]
    return "\n".join(["", f"  -= Info about {kind} '{entry.name}' =- ", "", *blocks, ""])


def _functions_table(entries: Sequence[Function]) -> str:
    """Name, syntax and synopsis in columns: at least as wide as Asterisk's, wider when something is longer."""
    name = max([20, *(len(entry.name) for entry in entries)])
    syntax = max([35, *(len(entry.syntax) for entry in entries)])
    lines = [f"{entry.name:<{name}}  {entry.syntax:<{syntax}}  {entry.synopsis}".rstrip() for entry in entries]
    return "".join(f"{line}\n" for line in lines)


def _matches(entry: Application, kind: str, words: tuple[str, ...]) -> bool:
    text = entry.name if kind == "like" else f"{entry.synopsis} {entry.description}"
    return all(word.lower() in text.lower() for word in words) if kind else True


def _check(
    found: list[tuple[str, Application | None]] | list[tuple[str, Function | None]], kind: str, names: list[str]
) -> None:
    faults = [
        Fault(
            f"there is no {kind} '{name}'",
            cure=did_you_mean(name, names) or f"'core show {kind}s' lists those that are",
            code=f"unknown-{kind}",
        )
        for name, entry in found
        if entry is None
    ]
    if faults:
        raise AsterismError(*faults)


_APPS = """\
Usage: core show applications [{like|describing} TEXT]
       Lists the dialplan applications: all, those with TEXT in their name ('like'),
       or those with every word of TEXT in their description ('describing').
"""
_APP = """\
Usage: core show application NAME [NAME ...]
       Describes dialplan applications.
"""
_FUNCTIONS = """\
Usage: core show functions [like TEXT]
       Lists the dialplan functions, or those with TEXT in their name.
"""
_FUNCTION = """\
Usage: core show function NAME [NAME ...]
       Describes dialplan functions.
"""
