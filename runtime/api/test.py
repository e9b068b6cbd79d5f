"""asterisk/test.h: unit tests of modules.

For authors of Python modules: the decorator :func:`unit_test`.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

from asterism.errors import AsterismError, trace_of
from asterism.values import TYPE_CHECKING, dataclass, field
from runtime.api import bound, core, encode, required, text
from runtime.api.export import exported, hook
from runtime.api.pbx import Registration, note
from runtime.core.event_classes import REPORTING
from runtime.core.message_log import Level
from runtime.core.unit_tests import Asked, Test, TestState
from runtime.model.module_record import Module

if TYPE_CHECKING:
    from typing import Any

    from runtime.api.pbx import F

# ---- tests of C modules --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _CTest:
    """A ``struct ast_test`` and how it is run."""

    test: Any
    callback: Any
    """The C function that identifies the test when it is unregistered."""

    def run(self, asked: Asked) -> tuple[TestState, str]:
        """Run the test."""
        ffi, lib = bound().ffi, bound().lib
        strings = [ffi.new("char[]", encode(word)) for word in asked.words]
        argv = ffi.new("char *[]", [*strings, ffi.NULL])
        line = ffi.new("char[]", encode(" ".join(asked.words)))
        arguments = ffi.new("struct ast_cli_args *", {"fd": asked.fd, "argc": len(strings), "argv": argv, "line": line})
        state = TestState(lib.asterism_test_run(self.test, arguments))
        return state, text(lib.asterism_test_status(self.test))


def _c_tests() -> list[tuple[Test, _CTest]]:
    owners = [(test, getattr(test.run, "__self__", None)) for test in core().tests]
    return [(test, owner) for test, owner in owners if isinstance(owner, _CTest)]


def _described(info: Any, module: str | None, run: Callable[[Asked], tuple[TestState, str]]) -> Test:
    """A test from its own description.  Raises ValueError when the description is incomplete."""
    said = {name: text(getattr(info, name)) for name in ("name", "category", "summary", "description")}
    who = f"the test {said['category']}{said['name']}"
    for name, value in said.items():
        if not value:
            raise ValueError(f"{who} has an empty {name}")
    warn = core().logger.warning
    if not (said["category"].startswith("/") and said["category"].endswith("/")):
        warn(f"the category of {who} does not begin and end with a slash")
    for name in ("summary", "description"):
        if said[name].endswith("\n"):
            warn(f"the {name} of {who} ends with a newline")
    return Test(
        said["category"],
        said["name"],
        run,
        module,
        said["summary"].rstrip("\n"),
        said["description"].rstrip("\n"),
        bool(info.explicit_only),
    )


@exported(
    "int ast_test_register(enum ast_test_result_state (*cb)(struct ast_test_info *, enum ast_test_command, "
    "struct ast_test *))",
    failure=-1,
)
def ast_test_register(cb: Any) -> int:
    """Register a test: 0, or -1 when its description is incomplete or it is already registered."""
    if not cb:
        raise ValueError("the test has no function")
    ffi, lib = bound().ffi, bound().lib
    module = text(lib.asterism_calling_module()) or None
    made = lib.asterism_test_new(encode(module or "core"), cb)
    if not made:
        raise ValueError("out of memory for a test")
    own = _CTest(ffi.gc(made, lib.asterism_test_free), cb)
    test = _described(lib.asterism_test_info(made), module, own.run)
    is_again = any(other.callback == cb for _, other in _c_tests())
    core().tests.add(test if is_again else core().tests.numbered(test))
    return 0


@exported(
    "int ast_test_unregister(enum ast_test_result_state (*cb)(struct ast_test_info *, enum ast_test_command, "
    "struct ast_test *))",
    failure=-1,
)
def ast_test_unregister(cb: Any) -> int:
    """Unregister a test: 0, or -1 when it is not registered."""
    gone = [test for test, own in _c_tests() if own.callback == cb]
    for test in gone:
        core().tests.remove(test.name)
    return 0 if gone else -1


def _around(category: Any, init: Any, cleanup: Any) -> int:
    wanted = required(category, "the category")
    found = [own for test, own in _c_tests() if test.category.startswith(wanted)]
    for own in found:
        bound().lib.asterism_test_around(own.test, init, cleanup)
    return 0 if found else 1


@exported(
    "int ast_test_register_init(const char *category, int (*cb)(struct ast_test_info *, struct ast_test *))", failure=1
)
def ast_test_register_init(category: Any, cb: Any) -> int:
    """Register a function that is called before each test of a category."""
    return _around(category, cb, bound().ffi.NULL)


@exported(
    "int ast_test_register_cleanup(const char *category, int (*cb)(struct ast_test_info *, struct ast_test *))",
    failure=1,
)
def ast_test_register_cleanup(category: Any, cb: Any) -> int:
    """Register a function that is called after each test of a category."""
    return _around(category, bound().ffi.NULL, cb)


@hook("void asterism_test_event(const char *file, int line, const char *function, const char *state, const char *text)")
def test_event(file: Any, line: int, function: Any, state: Any, words: Any) -> None:
    """Write a report of ``ast_test_suite_event_notify`` to the log, and raise it as an event of the manager."""
    name, place = os.path.basename(text(file)), (text(file), line, text(function))
    core().logger.log(Level.DEBUG, name, line, place[2], f"test event {text(state)}: {text(words)}")
    fields = (
        ("Type", "StateChange"),
        ("State", text(state)),
        ("AppFile", place[0]),
        ("AppFunction", place[2]),
        ("AppLine", line),
    )
    core().events.publish("TestEvent", REPORTING, fields, text=text(words), place=place)


# ---- programs ------------------------------------------------------------------------------------


@exported(
    "int ast_test_capture_command(struct ast_test_capture *capture, const char *file, char *const argv[], "
    "const char *data, unsigned datalen)",
    failure=0,
)
def ast_test_capture_command(capture: Any, file: Any, argv: Any, data: Any, datalen: int) -> int:
    """Run a program to its end and keep its output: 1, or 0 when it cannot be run."""
    import subprocess  # costs a start more than a test that asks for it

    binding = bound()
    if not capture or not argv:
        raise ValueError("the capture or its arguments are NULL")
    capture.outbuf = capture.errbuf = binding.ffi.NULL
    capture.pid = capture.exitcode = -1
    program = required(file, "the program")
    words: list[bytes] = []
    while argv[len(words)]:
        words.append(os.fsencode(text(argv[len(words)])))
    given = bytes(binding.ffi.buffer(data, datalen)) if data and datalen else b""
    try:
        with subprocess.Popen(
            words, executable=program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as process:
            out, err = process.communicate(given)
    except OSError as error:
        raise ValueError(f"cannot run '{program}': {(error.strerror or str(error)).lower()}") from error
    capture.outbuf, capture.outlen = binding.lib.asterism_copy(out, len(out)), len(out)
    capture.errbuf, capture.errlen = binding.lib.asterism_copy(err, len(err)), len(err)
    capture.pid = process.pid
    capture.exitcode = process.returncode if process.returncode >= 0 else 128 - process.returncode
    return 1


# ---- for authors of Python modules ---------------------------------------------------------------


@dataclass(slots=True)
class Running:
    """A test of a Python module while it runs."""

    asked: Asked
    said: list[str] = field(default_factory=list)
    state: TestState = TestState.NOT_RUN

    def status_update(self, words: str) -> None:
        """Show a message and keep it with the result."""
        caller = sys._getframe(1)
        self._say(f"[{caller.f_code.co_filename}:{caller.f_code.co_name}:{caller.f_lineno}]: {words.rstrip()}\n")

    def debug(self, words: str) -> None:
        """Show a message without keeping it."""
        _write(self.asked.fd, f"{words.rstrip()}\n")

    def fail(self) -> None:
        """Mark the test as failed; the test continues."""
        self.state = TestState.FAIL

    def _say(self, line: str) -> None:
        self.said.append(line)
        _write(self.asked.fd, line)

    def raised(self, error: BaseException) -> None:
        """Fail with an exception of the test: an assertion in one line, another exception with its traceback."""
        self.fail()
        import traceback  # costs a start more than a test that fails

        last = traceback.extract_tb(error.__traceback__)[-1]
        if isinstance(error, AssertionError):
            words = str(error) or last.line or "assert"
        elif isinstance(error, AsterismError):
            words = "; ".join(str(fault) for fault in error.faults)
        else:
            words = trace_of(error)
        self._say(f"[{last.filename}:{last.name}:{last.lineno}]: {words}\n")


def _write(fd: int, line: str) -> None:
    data = encode(line)
    while data:
        data = data[os.write(fd, data) :]


def unit_test(
    name: str = "", *, category: str, summary: str, description: str = "", explicit_only: bool = False
) -> Callable[[F], F]:
    """Make the decorated function a test while its module runs: ``test execute category /res/clock/``.

    Args:
        name: the name of the test; the name of the function if omitted.
        category: a path that begins and ends with a slash.
        summary: the tested rule, in one line.
        description: a longer description.
        explicit_only: run the test only by its name.

    The function is called with a :class:`Running`.  It passes unless it raises, most easily by ``assert``.
    """

    def decorate(function: F) -> F:
        def run(asked: Asked) -> tuple[TestState, str]:
            running = Running(asked)
            try:
                function(running)
            except BaseException as error:  # an exception fails this test only
                running.raised(error)
            state = TestState.FAIL if running.state is TestState.FAIL else TestState.PASS
            return state, "".join(running.said)

        def make(module: Module) -> Test:
            title = name or function.__name__
            return Test(category, title, run, module.info.name, summary, description or summary, explicit_only)

        return note(function, Registration(make, "tests"))

    return decorate
