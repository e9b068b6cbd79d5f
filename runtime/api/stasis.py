"""asterisk/stasis.h: what the core asks about topics and subscriptions; the way of a message is in C."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from asterism.errors import AsterismError
from runtime import config
from runtime.api import PREPARATIONS, Binding, bound, core, encode, report, text
from runtime.native.export import exported

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
            found = config.load(path) if os.path.exists(path) else None
        except AsterismError as error:
            report("stasis.conf", error)
            found = None
        lines = found.variables("declined_message_types") if found else []
        _read[path] = frozenset(line.value for line in lines if line.name == "decline")
    return _read[path]
