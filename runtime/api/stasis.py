"""asterisk/stasis.h: messages for Python modules, and reports for the core; C delivers the messages.

For authors of Python modules: the decorator :func:`subscription`, and :func:`publish`.
"""

from __future__ import annotations

import itertools
import json
import os
from collections.abc import Callable

from asterism.errors import AsterismError, Fault
from asterism.values import TYPE_CHECKING, dataclass, field
from runtime.api import PREPARATIONS, Binding, bound, core, encode, report, text
from runtime.api.export import exported, hook
from runtime.api.json import tokens_of
from runtime.api.pbx import Registration, note
from runtime.conf import conf_file
from runtime.model.module_record import Module

if TYPE_CHECKING:
    from typing import Any, TypeVar

    from runtime.api.pbx import F

    T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class TopicState:
    """A topic at one moment."""

    name: str
    detail: str
    subscribers: int
    published: int
    """The number of messages published so far."""
    targets: tuple[str, ...]
    """The names of the topics to which the topic is forwarded."""


@dataclass(frozen=True, slots=True)
class SubscriptionState:
    """A subscription at one moment."""

    uniqueid: str
    topic: str
    module: str
    """The module that subscribed."""
    waiting: int | None
    """The number of queued messages; None when messages are delivered in the publisher's thread."""


def _all(struct: str, fill: Callable[[Any, int], int], read: Callable[[Any], T]) -> list[T]:
    """All records of a C function, which is called again with more room while its records do not fit."""
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
    """All subscriptions whose last message is not yet delivered, by topic, oldest first."""
    found = _all("asterism_stasis_subscription", bound().lib.asterism_stasis_subscriptions, _subscription)
    return sorted(found, key=lambda subscription: subscription.topic)


def _subscription(told: Any) -> SubscriptionState:
    return SubscriptionState(
        text(told.uniqueid), text(told.topic), text(told.module), None if told.waiting < 0 else told.waiting
    )


def forget(module: str) -> list[str]:
    """End the subscriptions that a module has left, and wait for them.  Returns their descriptions for the log."""
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
    """The name of the message type: ``ast_security_event_type``."""
    data: Any
    """The data as JSON; None when the message cannot be converted to JSON."""
    moment: float
    """The creation time, in seconds since the epoch."""


@dataclass(slots=True)
class Subscription:
    """A subscription of a Python module's function to a topic."""

    topic: str
    function: Callable[[Message], object]
    module: str
    number: int = field(default_factory=itertools.count(1).__next__)
    handle: Any = None
    """The ``struct stasis_subscription``."""

    def hear(self, message: Message) -> None:
        """Call the function with a message; an exception is logged."""
        try:
            self.function(message)
        except BaseException as error:  # a module is anybody's code
            report(f"{self.module}.{getattr(self.function, '__name__', 'subscription')}", error)


_listeners: dict[int, Subscription] = {}


def subscription(topic: str) -> Callable[[F], F]:
    """Call the decorated function with each :class:`Message` on a topic while its module runs.

    Messages are delivered in order of publication, in a thread of the core.  An unload of the module first delivers the
    messages that were published before it.
    """

    def decorate(function: F) -> F:
        def make(module: Module) -> Subscription:
            return Subscription(topic, function, module.info.name)

        return note(function, Registration(make, "subscriptions"))

    return decorate


def subscribe(entry: Subscription) -> None:
    """Start a subscription (``stasis_subscribe_pool``).  Raises AsterismError."""
    _listeners[entry.number] = entry
    entry.handle = bound().lib.asterism_stasis_listen(encode(entry.topic), encode(entry.module), entry.number)
    if not entry.handle:
        del _listeners[entry.number]
        raise AsterismError(Fault(f"cannot subscribe to topic '{entry.topic}'", code="no-subscription"))


def unsubscribe(entry: Subscription) -> None:
    """Deliver the messages published so far, then end the subscription (``stasis_unsubscribe_and_join``)."""
    bound().lib.asterism_stasis_unlisten(entry.handle)
    _listeners.pop(entry.number, None)


def publish(topic: str, data: Any, type: str = "json") -> None:  # noqa: A002 (as C calls it)
    """Publish a message whose data is JSON: C modules receive a ``struct ast_json_payload``.

    Args:
        topic: the name of the topic, created if it does not exist.
        data: a JSON value: None, numbers, texts, lists, dicts with texts as keys.
        type: the name of the message type.

    Raises:
        AsterismError: a name is empty, or out of memory.
        ValueError: a text has a NUL character or half a character.
    """
    tokens = tokens_of(data)
    if not topic or not type or bound().lib.asterism_stasis_tell(encode(topic), encode(type), tokens, len(tokens)):
        raise AsterismError(Fault(f"cannot publish a message on topic '{topic}'", code="not-published"))


@hook("void asterism_stasis_heard(size_t number, const char *type, const char *json, long seconds, long microseconds)")
def heard(number: int, type_name: Any, data: Any, seconds: int, microseconds: int) -> None:
    """Deliver a message to a subscription of a Python module."""
    entry = _listeners.get(number)
    if entry is not None:
        value = json.loads(text(data))[0] if data else None
        entry.hear(Message(entry.topic, text(type_name), value, seconds + microseconds / 1_000_000))


# ---- remaining subscriptions and declined types ----


def _prepare(binding: Binding) -> None:
    binding.core.forgetters.append(forget)


PREPARATIONS.append(_prepare)


@exported("int stasis_message_type_declined(const char *name)", failure=0)
def stasis_message_type_declined(name: Any) -> int:
    """Whether stasis.conf declines a type (``stasis_message_type_declined`` of main/stasis.c)."""
    return int(text(name) in declined(os.path.join(core().settings.directories.astetcdir, "stasis.conf")))


_read: dict[str, frozenset[str]] = {}
"""The declined types of each file at its first use: as in Asterisk, later changes need a restart."""


def declined(path: str) -> frozenset[str]:
    """The types that a stasis.conf declines.  A missing or unreadable file declines no types."""
    if path not in _read:
        try:
            found = conf_file.load(path) if os.path.lexists(path) else None
        except AsterismError as error:
            report("stasis.conf", error)
            found = None
        lines = found.variables("declined_message_types") if found else []
        _read[path] = frozenset(line.value for line in lines if line.name == "decline")
    return _read[path]
