"""asterisk/pbx.h: functions, applications by name, variables and their substitution.

For authors of Python modules: the decorators :func:`application` and :func:`function`, and
:func:`split_arguments`.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from asterism.errors import AsterismError, Fault
from asterism.values import TYPE_CHECKING, dataclass
from runtime.api import bound, core, encode, put, report, required, text
from runtime.api.channel import find, given, lent
from runtime.api.export import exported, hook
from runtime.api.module import name_of
from runtime.core.registry import Application, Function
from runtime.dialplan import functions
from runtime.dialplan.application_arguments import split_arguments as split_arguments  # for authors of Python modules
from runtime.model.emulated_channel import Channel
from runtime.model.module_record import Module

if TYPE_CHECKING:
    from typing import Any, TypeVar

    F = TypeVar("F", bound=Callable[..., Any])


VAR_BUF_SIZE = 4096
"""The size of the buffer of a read callback that does not set ``read_max``."""


# ---- functions of C modules ----------------------------------------------------------------------


def _failed(name: str, doing: str) -> AsterismError:
    return AsterismError(
        Fault(f"{doing} the function '{name}' failed", cure="the log may say why", code="function-failed")
    )


@dataclass(frozen=True, slots=True)
class _CFunction:
    """A ``struct ast_custom_function`` and how it is called; the caller holds the module."""

    acf: Any
    name: str
    module: Any
    """The name of the function's module as a C string."""

    def read(self, channel: Channel | None, arguments: str) -> str:
        """Read the function, with read2 if available, whose result has no length limit."""
        call = self._read2 if self.acf.read2 else self._read
        with lent(channel) as chan:
            return call(chan, bound().ffi.new("char[]", encode(arguments)))

    def _read(self, chan: Any, data: Any) -> str:
        binding = bound()
        size = self.acf.read_max or VAR_BUF_SIZE
        buffer = binding.ffi.new("char[]", size)
        if binding.lib.asterism_call_read(self.module, self.acf, chan, data, buffer, size):
            raise _failed(self.name, "reading")
        buffer[size - 1] = b"\0"
        return text(buffer)

    def _read2(self, chan: Any, data: Any) -> str:
        binding = bound()
        string = binding.ffi.new("struct ast_str **", binding.lib.asterism_str_new(256))
        try:
            if binding.lib.asterism_call_read2(self.module, self.acf, chan, data, string, 0):
                raise _failed(self.name, "reading")
            return text(binding.lib.asterism_str_text(string[0]))
        finally:
            binding.lib.asterism_free(string[0])

    def write(self, channel: Channel | None, arguments: str, value: str) -> None:
        """Write a value to the function."""
        binding = bound()
        data = binding.ffi.new("char[]", encode(arguments))
        with lent(channel) as chan:
            result = binding.lib.asterism_call_write(self.module, self.acf, chan, data, encode(value))
        if result:
            raise _failed(self.name, "writing")


def _structure(function: Function | None) -> Any:
    """The structure of a function of a C module; NULL for another function and for None."""
    for call in (function.read, function.write) if function else ():
        own = getattr(call, "__self__", None)
        if isinstance(own, _CFunction):
            return own.acf
    return bound().ffi.NULL


def _lent_structure(function: Function | None) -> Any:
    """A structure that calls a function that is not made in C; NULL for None.

    The structure belongs to the name and is never freed, since C may keep it after the function has gone.
    """
    binding = bound()
    ffi, lib = binding.ffi, binding.lib
    if function is None:
        return ffi.NULL
    if function.name not in binding.functions:
        binding.functions[function.name] = ffi.new("struct ast_custom_function *")
    acf = binding.functions[function.name]
    for field in ("name", "synopsis", "syntax", "arguments", "since", "provided_by"):
        setattr(acf, field, binding.pins.hold((acf, field), getattr(function, field, "")))
    acf.desc = binding.pins.hold((acf, "desc"), function.description)
    acf.seealso = binding.pins.hold((acf, "seealso"), function.see_also)
    acf.read2 = ffi.addressof(lib, "asterism_function_read2") if function.read else ffi.NULL
    acf.write = ffi.addressof(lib, "asterism_function_write") if function.write else ffi.NULL
    acf.read_escalates, acf.write_escalates = function.read_escalates, function.write_escalates
    return acf


def _register(acf: Any, mod: Any, escalation: int) -> int:
    if not acf:
        raise ValueError("the function is NULL")
    name, module = required(acf.name, "the function's name"), name_of(mod)
    if not (acf.read or acf.read2 or acf.write):
        raise ValueError(f"the function '{name}' can neither be read nor written")
    own = _CFunction(acf, name, bound().ffi.new("char[]", encode(module or "core")))
    core().functions.add(
        Function(
            name,
            own.read if acf.read or acf.read2 else None,
            own.write if acf.write else None,
            module,
            synopsis=text(acf.synopsis).strip(),
            syntax=text(acf.syntax).strip(),
            arguments=text(acf.arguments).strip("\n"),
            description=text(acf.desc).strip("\n"),
            see_also=text(acf.seealso).strip(),
            read_escalates=bool(escalation & 1),
            write_escalates=bool(escalation & 2),
        )
    )
    acf.mod = mod
    acf.read_escalates, acf.write_escalates = escalation & 1, escalation >> 1 & 1
    return 0


@exported("int __ast_custom_function_register(struct ast_custom_function *acf, struct ast_module *mod)", failure=-1)
def ast_custom_function_register(acf: Any, mod: Any) -> int:
    """Register a function: 0, or -1, which is logged, when the name is taken."""
    return _register(acf, mod, 0)


@exported(
    "int __ast_custom_function_register_escalating(struct ast_custom_function *acf, "
    "enum ast_custom_function_escalation escalation, struct ast_module *mod)",
    failure=-1,
)
def ast_custom_function_register_escalating(acf: Any, escalation: int, mod: Any) -> int:
    """Register a function that may do more than every user is allowed to do."""
    return _register(acf, mod, escalation)


@exported("int ast_custom_function_unregister(struct ast_custom_function *acf)", failure=-1)
def ast_custom_function_unregister(acf: Any) -> int:
    """Unregister a function: 0, or -1 when it is not registered."""
    if not acf:
        return -1
    found = core().functions.find(required(acf.name, "the function's name"))
    if found is None or _structure(found) != acf:
        return -1
    core().functions.remove(found.name)
    return 0


@exported("struct ast_custom_function *ast_custom_function_find(const char *name)")
def ast_custom_function_find(name: Any) -> Any:
    """The structure of a function, or NULL: the one that a C module registered, or one that calls another function."""
    found = core().functions.find(text(name))
    return _structure(found) or _lent_structure(found)


@exported("int ast_func_read(struct ast_channel *chan, const char *function, char *workspace, size_t len)", failure=-1)
def ast_func_read(chan: Any, function: Any, workspace: Any, size: int) -> int:
    """Evaluate ``NAME(arguments)`` into a buffer, cut to fit."""
    put(workspace, min(size, 1), "")
    put(workspace, size, functions.read_function(core(), given(chan), required(function, "the function")))
    return 0


@exported(
    "int ast_func_read2(struct ast_channel *chan, const char *function, struct ast_str **str, ssize_t maxlen)",
    failure=-1,
)
def ast_func_read2(chan: Any, function: Any, string: Any, most: int) -> int:
    """Evaluate ``NAME(arguments)`` into a string that grows."""
    _set_string(string, most, functions.read_function(core(), given(chan), required(function, "the function")))
    return 0


@exported("int ast_func_write(struct ast_channel *chan, const char *function, const char *value)", failure=-1)
def ast_func_write(chan: Any, function: Any, value: Any) -> int:
    """Set ``NAME(arguments)``."""
    functions.write_function(core(), given(chan), required(function, "the function"), text(value))
    return 0


def _set_string(string: Any, most: int, value: str) -> None:
    if not string or not string[0]:
        raise ValueError("the string is NULL")
    data = encode(value)
    bound().lib.asterism_str_set(string, most, data, len(data))


# ---- applications by name ------------------------------------------------------------------------


@exported("struct ast_app *pbx_findapp(const char *app)")
def pbx_findapp(app: Any) -> Any:
    """The handle of an application: its name, at a permanent address."""
    binding = bound()
    found = binding.core.applications.find(text(app))
    if found is None:
        return binding.ffi.NULL
    return binding.ffi.cast("struct ast_app *", binding.pins.hold(("app", found.name), found.name))


def _application_name(app: Any) -> str:
    binding = bound()
    for application in binding.core.applications:
        if binding.ffi.cast("struct ast_app *", binding.pins.hold(("app", application.name), application.name)) == app:
            return application.name
    raise ValueError("not an application, or already unregistered")


@exported("int pbx_exec(struct ast_channel *c, struct ast_app *app, const char *data)", failure=-1)
def pbx_exec(c: Any, app: Any, data: Any) -> int:
    """Run an application."""
    return functions.execute(core(), given(c), _application_name(app), text(data))


@exported(
    "int ast_pbx_exec_application(struct ast_channel *chan, const char *app_name, const char *app_args)", failure=-1
)
def ast_pbx_exec_application(chan: Any, app_name: Any, app_args: Any) -> int:
    """Run an application by name, variables in its arguments replaced."""
    channel = given(chan)
    arguments = functions.replace(core(), channel, text(app_args))
    return functions.execute(core(), channel, required(app_name, "the application's name"), arguments)


# ---- variables -----------------------------------------------------------------------------------


@hook("const char *asterism_variable_get(struct ast_channel *chan, const char *name)")
def variable_get(chan: Any, name: Any) -> Any:
    """The value of a global variable or a function, valid until it changes; NULL when not set."""
    wanted = required(name, "the variable's name")
    value = functions.get_variable(core(), given(chan), wanted)
    if value is None:
        return bound().ffi.NULL
    pins = find(chan).pins if chan and wanted.endswith(")") else bound().pins
    # As in Asterisk, the result of a function is valid until this thread reads the next one.
    key = ("call", threading.get_ident()) if wanted.endswith(")") else ("variable", wanted)
    return pins.hold(key, value)


@hook("int asterism_variable_set(struct ast_channel *chan, const char *name, const char *value)", failure=-1)
def variable_set(chan: Any, name: Any, value: Any) -> int:
    """Set a global variable or write a function; NULL deletes a variable."""
    functions.set_variable(core(), given(chan), required(name, "the variable's name"), text(value) if value else None)
    return 0


@exported("int pbx_builtin_setvar(struct ast_channel *chan, const char *data)", failure=-1)
def pbx_builtin_setvar(chan: Any, data: Any) -> int:
    """Set a variable from ``name=value``."""
    assignment = text(data)
    name, equals, value = assignment.partition("=")
    if not equals or not name.strip():
        raise ValueError(f"'{assignment}' is not 'name=value'")
    functions.set_variable(core(), given(chan), name.strip(), value)
    return 0


@exported("void pbx_substitute_variables_helper(struct ast_channel *c, const char *cp1, char *cp2, int count)")
def pbx_substitute_variables_helper(c: Any, cp1: Any, cp2: Any, count: int) -> None:
    """Replace variables into a buffer of ``count`` + 1 bytes."""
    put(cp2, 1, "")
    put(cp2, count + 1, functions.replace(core(), given(c), text(cp1)))


@exported(
    "void ast_str_substitute_variables(struct ast_str **buf, ssize_t maxlen, struct ast_channel *chan, "
    "const char *templ)"
)
def ast_str_substitute_variables(buf: Any, maxlen: int, chan: Any, templ: Any) -> None:
    """Replace variables into a string that grows."""
    _set_string(buf, maxlen, "")
    _set_string(buf, maxlen, functions.replace(core(), given(chan), text(templ)))


@exported("int pbx_checkcondition(const char *condition)", failure=0)
def pbx_checkcondition(condition: Any) -> int:
    """The number at the beginning of a condition; 1 for another text, 0 for an empty one."""
    return functions.condition(text(condition))


@exported("int pbx_builtin_setvar_multiple(struct ast_channel *chan, const char *data)", failure=-1)
def pbx_builtin_setvar_multiple(chan: Any, data: Any) -> int:
    """Set several variables; a part that is not ``name=value`` is logged."""
    channel = given(chan)
    for part in split_arguments(text(data)):
        name, equals, value = part.partition("=")
        try:
            if not (equals and name.strip()):
                raise AsterismError(Fault(f"'{part}' is not name=value", code="assignment"))
            functions.set_variable(core(), channel, name.strip(), value)
        except AsterismError as error:
            report("pbx_builtin_setvar_multiple", error)
    return 0


@exported("void pbx_builtin_clear_globals(void)")
def pbx_builtin_clear_globals() -> None:
    """Remove all global variables."""
    core().globals.clear()


# ---- for authors of Python modules ---------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Registration:
    """A registration that a decorator attaches to a function of a Python module, for the loader."""

    make: Callable[[Module], Any]
    """Creates the entry for the registry from the module."""
    registry: str
    """The name of the core's registry: ``applications``, ``functions``, ``commands``, ``subscriptions``, ...."""


REGISTRATIONS = "__asterism_registrations__"


def note(function: F, registration: Registration) -> F:
    """Attach a registration to a function."""
    setattr(function, REGISTRATIONS, (*getattr(function, REGISTRATIONS, ()), registration))
    return function


def application(
    name: str, *, synopsis: str = "", syntax: str = "", arguments: str = "", description: str = ""
) -> Callable[[F], F]:
    """Make the decorated function a dialplan application while its module runs.

    The function is called with the channel (or None) and the argument text, and returns None or 0 to continue,
    -1 to hang up.  An exception is logged, and counts as -1.
    """

    def decorate(function: F) -> F:
        def make(module: Module) -> Application:
            def execute(channel: Channel | None, data: str) -> int:
                try:
                    return int(function(channel, data) or 0)
                except BaseException as error:  # a mistake ends the call, not the program
                    report(name, error)
                    return -1

            return Application(name, execute, module.info.name, synopsis, syntax, arguments, description)

        return note(function, Registration(make, "applications"))

    return decorate


def function(
    name: str,
    *,
    write: Callable[[Channel | None, str, str], None] | None = None,
    synopsis: str = "",
    syntax: str = "",
    arguments: str = "",
    description: str = "",
    see_also: str = "",
) -> Callable[[F], F]:
    """Make the decorated function the read callback of a dialplan function while its module runs.

    The function is called with the channel (or None) and the argument text, and returns the value; ``write``, if
    given, is called with the channel, the argument text and the new value.  To fail, either raises AsterismError.
    """

    def decorate(read: F) -> F:
        def make(module: Module) -> Function:
            return Function(
                name,
                _told(name, read),
                _told(name, write) if write else None,
                module.info.name,
                synopsis,
                syntax,
                arguments,
                description,
                see_also,
            )

        return note(read, Registration(make, "functions"))

    return decorate


def _told(name: str, run: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap a function so that every exception becomes a fault."""

    def call(*arguments: Any) -> Any:
        try:
            return run(*arguments)
        except AsterismError:
            raise
        except BaseException as error:
            report(name, error)
            raise _failed(name, "calling") from error

    return call
