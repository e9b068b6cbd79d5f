"""``dialplan ...``: try functions and applications on a channel that carries no media."""

from __future__ import annotations

from asterism.errors import Fault
from runtime import dialplan
from runtime.channel import Channel
from runtime.commands import SHOWUSAGE, Call, Command, Completing, Outcome, failure
from runtime.core import Core
from runtime.substitution import split_call


def commands(core: Core) -> tuple[Command, ...]:
    """The commands for one core."""
    return _Dialplan(core).commands()


class _Dialplan:
    def __init__(self, core: Core) -> None:
        self.core = core

    def commands(self) -> tuple[Command, ...]:
        return (
            Command("dialplan eval function", self.evaluate, "Evaluate dialplan function", _EVAL, self.functions),
            Command(
                "dialplan exec application", self.execute, "Execute dialplan application", _EXEC, self.applications
            ),
            Command("dialplan set global", self.set_global, "Set global dialplan variable", _SET),
            Command("dialplan show globals", self.show_globals, "Show global dialplan variables", _GLOBALS),
        )

    def evaluate(self, call: Call) -> Outcome | None:
        if not call.rest:
            return SHOWUSAGE
        channel = Channel()
        value = dialplan.read_function(self.core, channel, dialplan.replace(self.core, channel, call.rest))
        call.line_out(f"Return Value: Success (0)\nResult: {value}")
        return None

    def execute(self, call: Call) -> Outcome | None:
        if not call.rest:
            return SHOWUSAGE
        channel = Channel()
        name, data, closed = split_call(call.rest)
        if not closed:
            return failure(Fault("the closing parenthesis is missing", cure="write NAME(arguments)", code="unbalanced"))
        text = dialplan.replace(self.core, channel, data)
        result = dialplan.execute(self.core, channel, name.strip(), text)
        call.line_out(f"Return Value: {'Success' if result == 0 else 'Failure'} ({result})")
        for variable, value in channel.variables.items():
            call.line_out(f"{variable}={value}")
        if result:
            return failure(Fault(f"the application {name.strip()} asks to hang up", code="hang-up"))
        return None

    def set_global(self, call: Call) -> Outcome | None:
        if len(call.args) != 2:
            return SHOWUSAGE
        dialplan.set_variable(self.core, None, *call.args)
        call.line_out(f"\n    -- Global variable '{call.args[0]}' set to '{call.args[1]}'")
        return None

    def show_globals(self, call: Call) -> Outcome | None:
        if call.args:
            return SHOWUSAGE
        values = sorted(self.core.globals.items())
        for name, value in values:
            call.line_out(f"   {name}={value}")
        call.line_out(f"\n    -- {len(values)} variable(s)")
        return None

    def functions(self, asked: Completing) -> list[str]:
        return self.core.functions.names() if asked.position == 3 else []

    def applications(self, asked: Completing) -> list[str]:
        return self.core.applications.names() if asked.position == 3 else []


_EVAL = """\
Usage: dialplan eval function NAME(ARGUMENTS)
       Evaluates a function on a channel of its own, after replacing variables,
       functions and expressions in its arguments.
"""
_EXEC = """\
Usage: dialplan exec application NAME(ARGUMENTS)
       Runs an application on a channel of its own, and shows the variables it set.
"""
_SET = """\
Usage: dialplan set global NAME VALUE
       Sets a global variable.
"""
_GLOBALS = """\
Usage: dialplan show globals
       Lists the global variables.
"""
