"""Kinds of arguments of commands: the words that each accepts, and its completions."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterable

from asterism.names import bare
from runtime.api import bridges, provided_states
from runtime.api.stasis import topics
from runtime.api.taskprocessor import taskprocessors
from runtime.core.arguments import Given, Kind
from runtime.core.core import Core
from runtime.core.database import split_key
from runtime.dialplan import hints
from runtime.loader.loader import Loader
from runtime.logs.log_files import Logs
from runtime.manager.core_events import KNOWN
from runtime.manager.service import Service

MOST_DIGITS = 9
"""The greatest number of digits of a number on the command line, enough for levels, priorities and descriptors."""


def is_number(word: str) -> bool:
    """Whether a word is a number of a reasonable size."""
    return word.isascii() and word.isdecimal() and len(word) <= MOST_DIGITS


def _is_level(word: str) -> bool:
    return word.lower() == "off" or is_number(word)


def _is_no_flag(word: str) -> bool:
    return not word.startswith("-")


def kinds(core: Core, loader: Loader, logs: Logs, service: Service) -> dict[str, Kind]:
    """The kinds of arguments of the core's own commands; commands of modules may use them as well."""
    return {
        "number": Kind(accepts=is_number),
        "level": Kind(_fixed("off", *map(str, range(10))), _is_level),
        **of_modules(loader),
        **of_the_dialplan(core),
        **of_the_database(core),
        **of_the_manager(service),
        **of_the_log(core, logs),
        **of_tests(core),
        **of_queues(),
        "file.conf": Kind(lambda _: _conf_files(core)),
    }


def _fixed(*words: str) -> Callable[[Given], Iterable[str]]:
    return lambda _: words


def of_queues() -> dict[str, Kind]:
    """Kinds for task processors and topics."""
    return {
        "taskprocessor": Kind(lambda _: [entry.name for entry in taskprocessors()]),
        "topic": Kind(lambda _: [topic.name for topic in topics()]),
    }


def of_modules(loader: Loader) -> dict[str, Kind]:
    """Kinds for modules, by the operation that is possible."""

    def loadable(_: Given) -> list[str]:
        running = {name.lower() for name in loader.names(running=True)}
        return [name for name in loader.files() if name.lower() not in running]

    return {
        "module": Kind(lambda _: loader.names()),
        "module name": Kind(lambda _: map(bare, loader.names())),
        "running": Kind(lambda _: loader.names(running=True)),
        "loadable": Kind(loadable),
        "unloadable": Kind(
            lambda _: [row.file for row in loader.rows() if row.running and not row.use_count], _is_no_flag
        ),
        "reloadable": Kind(lambda _: [*loader.core.parts, *loader.reloadable()]),
        "distrusted": Kind(lambda _: loader.trust.names()),
    }


def of_the_dialplan(core: Core) -> dict[str, Kind]:
    """Kinds for applications, functions, channels, technologies, contexts, extensions and hints."""
    return {
        "application": Kind(lambda _: core.applications.names(), bool),
        "function": Kind(lambda _: core.functions.names(), bool),
        "channel": Kind(lambda _: [channel.name for channel in core.channels]),
        "call": Kind(lambda _: [phone.channel.name for phone in core.phones]),
        "context": Kind(lambda _: core.plans.current.contexts),
        "place": Kind(lambda _: extension_places(core)),
        "destination": Kind(lambda _: [f"Local/{place}" for place in extension_places(core)]),
        "place or context": Kind(lambda _: [*core.plans.current.contexts, *extension_places(core)]),
        "extension": Kind(lambda _: _full_extensions(core)),
        "hint": Kind(lambda _: [hint.name for hint in hints.hints(core.plans.current)]),
        "technology": Kind(lambda _: [each.name for each in provided_states.channel_types()]),
        "bridge": Kind(lambda _: [each.uniqueid for each in bridges.bridges()]),
        "bridge technology": Kind(lambda _: [each.name for each in bridges.technologies()]),
    }


def extension_places(core: Core) -> list[str]:
    """``extension@context`` for each extension that is not a pattern."""
    return [
        f"{extension.name}@{context.name}"
        for context in core.plans.current.contexts.values()
        for extension in context.extensions
        if not extension.name.startswith("_")
    ]


def _full_extensions(core: Core) -> list[str]:
    contexts = core.plans.current.contexts.values()
    return [f"{entry.full_name}@{context.name}" for context in contexts for entry in context.extensions]


def of_the_database(core: Core) -> dict[str, Kind]:
    """Kinds for families, and for keys of the family typed before or of all families."""
    database = core.database

    def keys(given: Given) -> list[str]:
        family = given.get("family", ("",))[0]
        return sorted({split_key(entry[0])[1] for entry in database.tree(family)})

    return {
        "family": Kind(lambda _: sorted({split_key(entry[0])[0] for entry in database.tree()})),
        "key": Kind(keys),
    }


def of_the_manager(service: Service) -> dict[str, Kind]:
    """Kinds for accounts, actions, events and sessions."""
    core = service.core

    def sessions(_: Given) -> list[str]:
        server = service.server
        return [str(one.descriptor) for one in server.sessions] if server else []

    return {
        "account": Kind(lambda _: [one.name for one in service.settings().accounts.values()]),
        "action": Kind(lambda _: core.actions.names()),
        "event": Kind(lambda _: [one.name for one in KNOWN]),
        "session": Kind(sessions, is_number),
    }


def of_the_log(core: Core, logs: Logs) -> dict[str, Kind]:
    """Kinds for levels and files of the log."""

    def is_log_level(word: str) -> bool:
        return word.upper() in core.logger.kinds()

    return {
        "log level": Kind(lambda _: list(core.logger.kinds()), is_log_level),
        "log levels": Kind(lambda _: [name.lower() for name in core.logger.kinds()]),
        "log file": Kind(lambda _: [sink.channel.name for sink in logs.sinks]),
    }


def of_tests(core: Core) -> dict[str, Kind]:
    """Kinds for categories of tests, and for the tests of the category typed before."""
    return {
        "category": Kind(lambda _: sorted({test.category for test in core.tests})),
        "test": Kind(lambda given: sorted({test.title for test in core.tests.chosen(given["in"][-1])})),
    }


def _conf_files(core: Core) -> list[str]:
    with contextlib.suppress(OSError):
        return [name for name in os.listdir(core.settings.directories.astetcdir) if name.endswith(".conf")]
    return []
