"""``dialplan eval|exec|set|reload``: evaluate functions and run applications on an emulated channel; variables."""

from __future__ import annotations

from asterism.errors import AsterismError, Fault
from asterism.names import did_you_mean
from runtime.core.commands.command import Command, CommandCall, Outcome, answered, declare, failure
from runtime.core.core import Core
from runtime.dialplan import dialplan_file, functions
from runtime.dialplan.substitution import split_call
from runtime.model.emulated_channel import Channel


def commands(core: Core) -> tuple[Command, ...]:
    """The commands for one core."""
    return _Dialplan(core).commands()


class _Dialplan:
    def __init__(self, core: Core) -> None:
        self.core = core

    def commands(self) -> tuple[Command, ...]:
        return (
            declare("dialplan eval function <function> [<more>...]", self.evaluate, "Evaluate a function", _EVAL),
            declare("dialplan exec application <application> [<more>...]", self.execute, "Run an application", _EXEC),
            declare("dialplan set global <name> <value>", self.set_global, "Set global dialplan variable", _SET),
            declare("dialplan show globals", self.show_globals, "Show global dialplan variables", _GLOBALS),
            declare(
                "dialplan set chanvar <channel> <varname> <value>",
                self.set_chanvar,
                "Set a channel variable",
                _SET_CHANVAR,
            ),
            declare("dialplan show chanvar <channel>", self.show_chanvar, "Show channel variables", _CHANVAR),
            declare("dialplan reload", self.reload, "Reload extensions and *only* extensions", _RELOAD),
        )

    def evaluate(self, call: CommandCall) -> Outcome | None:
        channel = Channel()
        try:
            with self.core.hold(channel):
                value = functions.read_function(self.core, channel, functions.replace(self.core, channel, call.rest))
        except AsterismError as error:
            call.line_out("Return Value: Failure (-1)\nResult: ")
            return answered(*error.faults)
        call.line_out(f"Return Value: Success (0)\nResult: {value}")
        return None

    def execute(self, call: CommandCall) -> Outcome | None:
        channel = Channel()
        name, data, closed = split_call(call.rest)
        if not closed:
            return failure(Fault("the closing parenthesis is missing", cure="write NAME(arguments)", code="unbalanced"))
        with self.core.hold(channel):
            text = functions.replace(self.core, channel, data)
            result = functions.execute(self.core, channel, name.strip(), text)
        call.line_out(f"Return Value: {'Success' if result == 0 else 'Failure'} ({result})")
        for variable, value in channel.variables.items():
            call.line_out(f"{variable}={value}")
        if result:
            return failure(Fault(f"the application {name.strip()} asks to hang up", code="hang-up"))
        return None

    def set_global(self, call: CommandCall) -> Outcome | None:
        functions.set_variable(self.core, None, *call.args)
        call.line_out(f"\n    -- Global variable '{call.args[0]}' set to '{call.args[1]}'")
        return None

    def show_globals(self, call: CommandCall) -> Outcome | None:
        values = sorted(self.core.globals.items())
        for name, value in values:
            call.line_out(f"   {name}={value}")
        call.line_out(f"\n    -- {len(values)} variable(s)")
        return None

    def set_chanvar(self, call: CommandCall) -> Outcome | None:
        channel = self._channel(call)
        if isinstance(channel, Outcome):
            return channel
        name, value = call.value("varname"), call.value("value")
        with self.core.hold(channel):
            functions.set_variable(self.core, channel, name, value)
        call.line_out(f"\n    -- Channel variable '{name}' set to '{value}' for '{channel.name}'")
        return None

    def show_chanvar(self, call: CommandCall) -> Outcome | None:
        channel = self._channel(call)
        if isinstance(channel, Outcome):
            return channel
        for name, value in channel.variables.items():
            call.line_out(f"{name}={value}")
        return None

    def _channel(self, call: CommandCall) -> Channel | Outcome:
        """The named channel, or a failure when it does not exist."""
        name = call.value("channel")
        found = self.core.channels.find(name)
        if found is not None:
            return found
        call.line_out(f"Channel '{name}' not found")
        names = [channel.name for channel in self.core.channels]
        cure = did_you_mean(name, names) or "'core show channels' lists those there are"
        return failure(Fault(f"there is no channel '{name}'", cure=cure, code="no-channel"))

    def reload(self, call: CommandCall) -> Outcome | None:
        faults = dialplan_file.load(self.core)
        for fault in (*faults, *dialplan_file.unknown_applications(self.core)):
            call.client.err(f"{fault}\n")
        call.line_out("Dialplan reloaded.")
        return None


_RELOAD = """\
Reads extensions.conf again. Calls that are under way go on in what it says now;
what cannot be understood is told, and a file that cannot be read changes
nothing.
"""
_EVAL = """\
Evaluates a function on a channel of its own, after replacing variables,
functions and expressions in its arguments.
"""
_EXEC = """\
Runs an application on a channel of its own, and shows the variables it set.
"""
_SET = """\
Sets a global variable.
"""
_GLOBALS = """\
Lists the global variables.
"""
_SET_CHANVAR = """\
Sets a variable of a channel, or a function on it.
"""
_CHANVAR = """\
Lists the variables of a channel and their values.
"""
