"""asterisk/stasis.h: messages for Python modules, and what the core asks; the way of a message is in C.

For authors of Python modules: the decorator :func:`subscription`, and :func:`publish`.
"""

from __future__ import annotations

import itertools
import json
import os
from collections.abc import Callable
from typing import Any, TypeVar

from asterism.errors import AsterismError, Fault
from asterism.values import dataclass, field
from runtime.api import PREPARATIONS, Binding, bound, core, encode, report, text
from runtime.api.export import exported, hook
from runtime.api.json import tokens_of
from runtime.api.pbx import F, Registration, note
from runtime.conf import conf_file
from runtime.model.module_record import Module

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class TopicState:
    """A topic at one moment."""

    name: str
    detail: str
    subscribers: int
    published: int
    """Messages so far."""
    targets: tuple[str, ...]
    """Names of the topics it is forwarded to."""


@dataclass(frozen=True, slots=True)
class SubscriptionState:
    """A subscription at one moment."""

    uniqueid: str
    topic: str
    module: str
    """The module that subscribed."""
    waiting: int | None
    """Messages in its queue; None when it is called where the message is published."""


def _all(struct: str, fill: Callable[[Any, int], int], read: Callable[[Any], T]) -> list[T]:
    """What a C function tells of all that there are; it is asked again with more room when they are too many."""
    room = 32
    while True:
        told = bound().ffi.new(f"struct {struct}[]", room)
        count = fill(told, room)
        if count <= room:
            return [read(told[index]) for index in range(count)]
        room = count * 2


def topics() -> list[TopicState]:
    """All topics, by name."""
    found = _all("asterism_stasis_topic", bound().lib.asterism_stasis_topics, _topic)
    return sorted(found, key=lambda topic: topic.name)


def _topic(told: Any) -> TopicState:
    return TopicState(
        text(told.name), text(told.detail), told.subscribers, told.published, tuple(text(told.targets).splitlines())
    )


def subscriptions() -> list[SubscriptionState]:
    """All subscriptions whose last message has not been dealt with, by topic, oldest first."""
    found = _all("asterism_stasis_subscription", bound().lib.asterism_stasis_subscriptions, _subscription)
    return sorted(found, key=lambda subscription: subscription.topic)


def _subscription(told: Any) -> SubscriptionState:
    return SubscriptionState(
        text(told.uniqueid), text(told.topic), text(told.module), None if told.waiting < 0 else told.waiting
    )


def forget(module: str) -> list[str]:
    """End what a module left subscribed when it goes away, and wait for it; what that was, in words for the log."""
    binding = bound()
    topic = binding.ffi.new("char[128]")
    name = encode(module)
    left = []
    while kind := binding.lib.asterism_stasis_forget(name, topic, 128):
        if kind == binding.lib.ASTERISM_STASIS_SUBSCRIBED:
            left.append(f"subscription to topic '{text(topic)}'")
        if kind == binding.lib.ASTERISM_STASIS_STUCK:
            break
    return left


# ---- for Python modules ----


@dataclass(frozen=True, slots=True)
class Message:
    """A message on a topic."""

    topic: str
    type: str
    """The name of its type: ``ast_security_event_type``."""
    data: Any
    """What it carries, as :mod:`json` gives it; None when it cannot become JSON."""
    moment: float
    """When it was made, in seconds since the epoch."""


@dataclass(slots=True)
class Subscription:
    """A function of a Python module that hears a topic."""

    topic: str
    function: Callable[[Message], object]
    module: str
    number: int = field(default_factory=itertools.count(1).__next__)
    handle: Any = None
    """Its ``struct stasis_subscription``."""

    def hear(self, message: Message) -> None:
        """Call the function; what it raises is logged."""
        try:
            self.function(message)
        except BaseException as error:  # a module is anybody's code
            report(f"{self.module}.{getattr(self.function, '__name__', 'subscription')}", error)


_listeners: dict[int, Subscription] = {}


def subscription(topic: str) -> Callable[[F], F]:
    """Have the decorated function called with each :class:`Message` on a topic while its module runs.

    Messages come one after the other, in the order in which they were published, in a thread of the core.  When the
    module is unloaded, those that were published before come first.
    """

    def decorate(function: F) -> F:
        def make(module: Module) -> Subscription:
            return Subscription(topic, function, module.info.name)

        return note(function, Registration(make, "subscriptions"))

    return decorate


def subscribe(entry: Subscription) -> None:
    """Begin to hear (``stasis_subscribe_pool``).  Raises AsterismError."""
    _listeners[entry.number] = entry
    entry.handle = bound().lib.asterism_stasis_listen(encode(entry.topic), encode(entry.module), entry.number)
    if not entry.handle:
        del _listeners[entry.number]
        raise AsterismError(Fault(f"topic '{entry.topic}' could not be subscribed to", code="no-subscription"))


def unsubscribe(entry: Subscription) -> None:
    """Hear what was published so far, then no more (``stasis_unsubscribe_and_join``)."""
    bound().lib.asterism_stasis_unlisten(entry.handle)
    _listeners.pop(entry.number, None)


def publish(topic: str, data: Any, type: str = "json") -> None:  # noqa: A002 (as C calls it)
    """Publish a message whose data is JSON: C modules find a ``struct ast_json_payload``.

    Args:
        topic: made when there is none.
        data: what :mod:`json` can write: None, numbers, texts, lists, dicts with texts as keys.
        type: the name of the message's type.

    Raises:
        AsterismError: a name is empty, or there is no memory.
        ValueError: a text has a NUL character or half a character.
    """
    tokens = tokens_of(data)
    if not topic or not type or bound().lib.asterism_stasis_tell(encode(topic), encode(type), tokens, len(tokens)):
        raise AsterismError(Fault(f"a message could not be published on topic '{topic}'", code="not-published"))


@hook("void asterism_stasis_heard(size_t number, const char *type, const char *json, long seconds, long microseconds)")
def heard(number: int, type_name: Any, data: Any, seconds: int, microseconds: int) -> None:
    """A message came for a subscription of a Python module."""
    entry = _listeners.get(number)
    if entry is not None:
        value = json.loads(text(data))[0] if data else None
        entry.hear(Message(entry.topic, text(type_name), value, seconds + microseconds / 1_000_000))


# ---- what is left, and what is not wanted ----


def _prepare(binding: Binding) -> None:
    binding.core.forgetters.append(forget)


PREPARATIONS.append(_prepare)


@exported("int stasis_message_type_declined(const char *name)", failure=0)
def stasis_message_type_declined(name: Any) -> int:
    """Whether stasis.conf declines a type (``stasis_message_type_declined`` of main/stasis.c)."""
    return int(text(name) in declined(os.path.join(core().settings.directories.astetcdir, "stasis.conf")))


_read: dict[str, frozenset[str]] = {}
"""What files declined when they were first asked for: as in Asterisk, a start decides it."""


def declined(path: str) -> frozenset[str]:
    """The types that a stasis.conf declines.  A file that is not there, or cannot be read, declines none."""
    if path not in _read:
        try:
            found = conf_file.load(path) if os.path.lexists(path) else None
        except AsterismError as error:
            report("stasis.conf", error)
            found = None
        lines = found.variables("declined_message_types") if found else []
        _read[path] = frozenset(line.value for line in lines if line.name == "decline")
    return _read[path]
