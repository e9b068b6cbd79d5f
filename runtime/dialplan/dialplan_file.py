"""extensions.conf of the running program: read at the start, when asked for, and when everything is reloaded."""

from __future__ import annotations

import os
from collections.abc import Iterator

from asterism import files
from asterism.errors import AsterismError, Fault, Place
from asterism.names import did_you_mean
from asterism.words import counted
from runtime.conf import conf_file, conf_values
from runtime.core.core import Core
from runtime.dialplan import dialplan_text, extensions_conf, functions
from runtime.dialplan.extensions_conf import FILE
from runtime.model.extensions import HINT, OWN


def path(core: Core) -> str:
    """Where the file is looked for."""
    return os.path.join(core.settings.directories.astetcdir, FILE)


def load(core: Core) -> tuple[Fault, ...]:
    """Read the file and put what it says in the place of what it said before; what modules added stays.

    Returns:
        What was passed over or will not do what it seems to: warnings.  Applications that nobody has registered are
        not among them: :func:`unknown_applications`.

    Raises:
        AsterismError: there is no such file, or it is no configuration file; nothing changed.
    """
    read = conf_file.load(path(core), exec_=core.settings.options.execincludes)
    if extensions_conf.clears_globals(read):
        core.globals.clear()
    for variable in extensions_conf.global_variables(read):
        functions.set_variable(core, None, variable.name, functions.replace(core, None, variable.value))
    reading = extensions_conf.read(read, lambda text: functions.replace(core, None, text))
    core.plans.change(lambda plan: reading.dialplan.merged(plan.without(OWN)))
    return (*read.warnings, *reading.faults)


def save(core: Core, name: str = "") -> str:
    """Write what extensions.conf and the console made of the dialplan into a configuration file; returns its path.

    Args:
        core: whose dialplan it is.
        name: the file, in the configuration directory; extensions.conf by default.

    Raises:
        AsterismError: [general] of extensions.conf does not allow it, or the file cannot be read or written.
    """
    read = conf_file.load(path(core), exec_=core.settings.options.execincludes)
    general = {entry.name.lower(): entry.value for entry in read.variables("general")}
    if not conf_values.is_true(general.get("static", "")) or conf_values.is_true(general.get("writeprotect", "")):
        cure = "write static=yes and writeprotect=no into [general]"
        raise AsterismError(Fault("the dialplan is not saved", Place(path(core)), cure=cure, code="not-static"))
    target = files.name_inside(core.settings.directories.astetcdir, name or FILE)
    global_variables = [(entry.name, entry.value) for entry in extensions_conf.global_variables(read)]
    text = dialplan_text.dumps(general.items(), global_variables, core.plans.current.of(OWN))
    files.write(target, text)
    return target


def start(core: Core) -> bool:
    """Read the file when the program starts, if there is one; whatever is wrong is logged.

    Returns:
        Whether the contexts are those of the file now.
    """
    if not os.path.lexists(path(core)):
        return True
    try:
        faults = load(core)
    except AsterismError as error:
        core.doubt(error.faults)
        core.logger.error(f"{FILE} was not read; the contexts stay as they were")
        return False
    core.doubt(faults)
    count = len(core.plans.current.contexts)
    core.logger.verbose(2, f"Read {counted(count, 'context')} from {FILE}")
    return True


def reload(core: Core) -> bool:
    """Read the file again when everything is reloaded; a file that cannot be read leaves the dialplan as it is."""
    return start(core)


def unknown_applications(core: Core) -> Iterator[Fault]:
    """A warning for each application that the dialplan runs and nobody has registered, with where it first stands.

    Nobody is told at the start: a module may be loaded later, and a call that meets such a step says so.
    """
    first: dict[str, Place] = {}
    count: dict[str, int] = {}
    for context in core.plans.current.contexts.values():
        for extension in context.extensions:
            for step in extension.steps:
                if step.priority == HINT or step.application in core.applications:
                    continue
                first.setdefault(step.application, Place(step.origin.file, step.origin.line))
                count[step.application] = count.get(step.application, 0) + 1
    for name, place in first.items():
        more = f"; it is used {count[name]} times" if count[name] > 1 else ""
        cure = did_you_mean(name, core.applications.names()) or "'core show applications' lists those that are"
        yield Fault(f"there is no application '{name}'{more}", place, "", cure, "unknown-application", "warning")
