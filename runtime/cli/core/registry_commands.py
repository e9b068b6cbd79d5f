"""``core show applications|application|functions|function``: what modules registered for the dialplan."""

from __future__ import annotations

from collections.abc import Sequence

from asterism.documentation.layout import Texts
from asterism.errors import Fault
from asterism.names import did_you_mean
from runtime.core.commands.command import Command, CommandCall, Outcome, answered, declare, failure
from runtime.core.core import Core
from runtime.core.registry import Application, Function

_RULE = "-" * 80


def commands(core: Core) -> tuple[Command, ...]:
    """The commands for one core."""
    return _Registries(core).commands()


class _Registries:
    def __init__(self, core: Core) -> None:
        self.core = core

    def commands(self) -> tuple[Command, ...]:
        return (
            declare(
                "core show applications [like <text>|describing <text>...]",
                self.applications,
                "Show registered applications",
                _APPS,
                listed="core show applications [like|describing]",
            ),
            declare("core show application <application>...", self.application, "Describe applications", _APP),
            declare(
                "core show functions [like <text>]",
                self.functions,
                "Show dialplan functions",
                _FUNCTIONS,
                listed="core show functions [like]",
            ),
            declare("core show function <function>", self.function, "Describe a specific dialplan function", _FUNCTION),
        )

    def applications(self, call: CommandCall) -> Outcome | None:
        kind = "like" if call.has("like") else "describing" if call.has("describing") else ""
        chosen = [entry for entry in self.core.applications if self._matches(entry, kind, call.all("text"))]
        call.line_out(f"    -= {'Matching' if kind else 'Registered'} Asterisk Applications =-")
        for entry in chosen:
            call.line_out(f"  {entry.name:>20}: {_line(self._said(entry).synopsis) or '<Synopsis not available>'}")
        call.line_out(f"    -= {len(chosen)} Applications {'Matching' if kind else 'Registered'} =-")
        return None

    def functions(self, call: CommandCall) -> Outcome | None:
        like, text = call.has("like"), call.value("text")
        chosen = [entry for entry in self.core.functions if text in entry.name]
        call.line_out(f"{'Matching' if like else 'Installed'} Custom Functions:\n{_RULE}")
        call.write(_functions_table([(entry.name, self._said(entry)) for entry in chosen]))
        call.line_out(f"{len(chosen)} {'matching ' if like else ''}custom functions installed.")
        return None

    def application(self, call: CommandCall) -> Outcome | None:
        found = [(name, self.core.applications.find(name)) for name in call.all("application")]
        for _, entry in found:
            if entry is not None:
                call.write(described("Application", entry, self._said(entry)))
        missing = [name for name, entry in found if entry is None]
        faults = _unknown(missing, "application", self.core.applications.names())
        if len(faults) == len(found):
            call.line_out("Your application(s) is (are) not registered")
            return failure(*faults)
        return answered(*faults) if faults else None

    def function(self, call: CommandCall) -> Outcome | None:
        name = call.value("function")
        entry = self.core.functions.find(name)
        if entry is None:
            call.line_out("No function by that name registered.")
            return failure(*_unknown([name], "function", self.core.functions.names()))
        call.write(described("Function", entry, self._said(entry)))
        return None

    def _said(self, entry: Application | Function) -> Texts:
        return self.core.documentation.of(entry)

    def _matches(self, entry: Application, kind: str, words: tuple[str, ...]) -> bool:
        if not kind:
            return True
        text = entry.name if kind == "like" else self._said(entry).description
        return all(word.lower() in text.lower() for word in words)


def described(kind: str, entry: Application | Function, said: Texts) -> str:
    """The description of an application or a function, under Asterisk's headings."""
    parts = [
        ("Synopsis", said.synopsis),
        ("Provided By", entry.module or "the core"),
        ("Since", said.since),
        ("Description", said.description),
        ("Syntax", said.syntax),
        ("Arguments", said.arguments),
        ("See Also", said.see_also),
    ]
    blocks = [f"[{heading}]\n{text.rstrip() or _NOT_SAID}\n" for heading, text in parts]
    return "\n".join(["", f"  -= Info about {kind} '{entry.name}' =- ", "", *blocks, ""])


_NOT_SAID = "Not available"


def _functions_table(entries: Sequence[tuple[str, Texts]]) -> str:
    """Name, syntax and synopsis in columns as wide as Asterisk's, or wider for longer contents."""
    rows = [(name, _line(said.syntax), _line(said.synopsis)) for name, said in entries]
    name = max([20, *(len(row[0]) for row in rows)])
    syntax = max([35, *(len(row[1]) for row in rows)])
    lines = [f"{row[0]:<{name}}  {row[1]:<{syntax}}  {row[2]}".rstrip() for row in rows]
    return "".join(f"{line}\n" for line in lines)


def _line(text: str) -> str:
    """A wrapped text joined to one line."""
    return " ".join(text.split("\n"))


def _unknown(missing: Sequence[str], kind: str, names: list[str]) -> list[Fault]:
    return [
        Fault(
            f"there is no {kind} '{name}'",
            cure=did_you_mean(name, names) or f"'core show {kind}s' lists those that are",
            code=f"unknown-{kind}",
        )
        for name in missing
    ]


_APPS = """\
Lists the dialplan applications: all, those with <text> in their name ('like'),
or those with every word of <text> in their description ('describing'), which the
synopsis is not part of.
"""
_APP = """\
Describes dialplan applications.
"""
_FUNCTIONS = """\
Lists the dialplan functions, or those with <text> in their name.
"""
_FUNCTION = """\
Describes a dialplan function.
"""
