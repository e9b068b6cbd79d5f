"""asterisk/channel.h: the emulated channel as C modules hold it.

C holds a small object with a lock and a count of references (runtime/native/channel.c); what the
channel knows stays in :class:`runtime.channel.Channel`.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from runtime.api import PREPARATIONS, Binding, Pins, bound, report, text
from runtime.channel import Channel
from runtime.native.export import exported, hook


@dataclass(slots=True)
class _Held:
    """A channel that C knows."""

    channel: Channel
    pointer: Any
    pins: Pins


_held: dict[int, _Held] = {}
"""By the address of the C object."""
_addresses: dict[int, int] = {}
"""The address by the identity of the channel."""
_changing = threading.Lock()
"""Held while both are changed together; never across a call into a module."""


def _address(pointer: Any) -> int:
    return int(bound().ffi.cast("intptr_t", pointer))


def _hold(channel: Channel) -> _Held:
    """Make the C object of a channel, with one reference."""
    binding = bound()
    pointer = binding.lib.asterism_channel_new()
    if not pointer:
        raise MemoryError("no memory for a channel")
    held = _Held(channel, pointer, Pins(binding.ffi))
    _held[_address(pointer)] = held
    _addresses[id(channel)] = _address(pointer)
    return held


def _refer(channel: Channel) -> Any:
    """One more reference to a channel, as a C pointer; its C object is made when there is none."""
    with _changing:
        known = _held.get(_addresses.get(id(channel), 0))
        if known is not None and bound().lib.asterism_channel_use(known.pointer):
            return known.pointer
        # There is none, or it is just going in another thread, which waits in channel_gone.
        return _hold(channel).pointer


@contextlib.contextmanager
def lent(channel: Channel | None) -> Iterator[Any]:
    """The channel as a C pointer, NULL of None, valid while the body runs."""
    binding = bound()
    if channel is None:
        yield binding.ffi.NULL
        return
    pointer = _refer(channel)
    try:
        yield pointer
    finally:
        binding.lib.asterism_channel_drop(pointer)


def find(pointer: Any) -> _Held:
    """What C means by a channel.  Raises ValueError when it is NULL or none."""
    if not pointer:
        raise ValueError("the channel is NULL")
    held = _held.get(_address(pointer))
    if held is None:
        raise ValueError("what was given as a channel is none, or one that is gone")
    return held


def given(pointer: Any) -> Channel | None:
    """The channel C means, None of NULL.  Raises ValueError when it is none."""
    return find(pointer).channel if pointer else None


@hook("void asterism_channel_gone(struct ast_channel *chan)")
def channel_gone(chan: Any) -> None:
    """The last reference was dropped: the C object goes, and the channel may get another one."""
    with _changing:
        held = _held.pop(_address(chan), None)
        if held is not None and _addresses.get(id(held.channel)) == _address(chan):
            del _addresses[id(held.channel)]


def _forget(_binding: Binding) -> None:
    """Channels of an earlier core are nobody's."""
    _held.clear()
    _addresses.clear()


PREPARATIONS.append(_forget)


# ---- accessors -----------------------------------------------------------------------------------

_TEXTS = ("name", "uniqueid", "context", "exten", "language", "accountcode")
_SETTABLE_TEXTS = ("context", "exten", "language", "accountcode")


def _reader(name: str) -> Callable[[Any], Any]:
    def read(chan: Any) -> Any:
        if not chan:
            report(f"ast_channel_{name}", ValueError("the channel is NULL"))
            return bound().pins.hold("", "")
        held = find(chan)
        return held.pins.hold(name, getattr(held.channel, name))

    return read


def _writer(name: str) -> Callable[[Any, Any], None]:
    def write(chan: Any, value: Any) -> None:
        setattr(find(chan).channel, name, text(value))

    return write


for _name in _TEXTS:
    exported(f"const char *ast_channel_{_name}(const struct ast_channel *chan)")(_reader(_name))
for _name in _SETTABLE_TEXTS:
    exported(f"void ast_channel_{_name}_set(struct ast_channel *chan, const char *value)")(_writer(_name))


@exported("const char *ast_channel_linkedid(const struct ast_channel *chan)")
def ast_channel_linkedid(chan: Any) -> Any:
    """An emulated channel is linked to itself only."""
    return _reader("uniqueid")(chan)


@exported("int ast_channel_priority(const struct ast_channel *chan)", failure=0)
def ast_channel_priority(chan: Any) -> int:
    """Its priority, from 1."""
    return find(chan).channel.priority


@exported("void ast_channel_priority_set(struct ast_channel *chan, int value)")
def ast_channel_priority_set(chan: Any, value: int) -> None:
    """Move it to another priority."""
    find(chan).channel.priority = value


@exported("enum ast_channel_state ast_channel_state(const struct ast_channel *chan)", failure=0)
def ast_channel_state(chan: Any) -> int:
    """Its state."""
    return int(find(chan).channel.state)


@exported("int ast_channel_hangupcause(const struct ast_channel *chan)", failure=0)
def ast_channel_hangupcause(chan: Any) -> int:
    """Why it was hung up."""
    return find(chan).channel.hangupcause


@exported("void ast_channel_hangupcause_set(struct ast_channel *chan, int value)")
def ast_channel_hangupcause_set(chan: Any, value: int) -> None:
    """Say why it is hung up."""
    find(chan).channel.hangupcause = value


@exported("struct ast_channel *__ast_dummy_channel_alloc(const char *file, int line, const char *function)")
def ast_dummy_channel_alloc(_file: Any, _line: int, _function: Any) -> Any:
    """A new channel; the caller has the one reference to it."""
    return _refer(Channel())


@exported("struct ast_channel *ast_channel_get_by_name(const char *name)")
def ast_channel_get_by_name(name: Any) -> Any:
    """One more reference to the channel of that name or unique id, or NULL."""
    wanted = text(name).lower()
    for held in list(_held.values()):
        if wanted in (held.channel.name.lower(), held.channel.uniqueid):
            return _refer(held.channel)
    return bound().ffi.NULL


@exported("int ast_autoservice_start(struct ast_channel *chan)", failure=-1)
def ast_autoservice_start(chan: Any) -> int:
    """There is no media to be looked after."""
    find(chan)
    return 0


@exported("int ast_autoservice_stop(struct ast_channel *chan)", failure=-1)
def ast_autoservice_stop(chan: Any) -> int:
    """There is no media to be looked after."""
    find(chan)
    return 0


@exported("int ast_check_hangup(struct ast_channel *chan)", failure=0)
def ast_check_hangup(chan: Any) -> int:
    """Whether it was hung up."""
    return int(find(chan).channel.is_hung_up)


@exported("int ast_safe_sleep(struct ast_channel *chan, int ms)", failure=-1)
def ast_safe_sleep(chan: Any, ms: int) -> int:
    """Wait, but not longer than the channel is up."""
    channel = find(chan).channel
    end = time.monotonic() + max(ms, 0) / 1000
    while not channel.is_hung_up and (left := end - time.monotonic()) > 0:
        time.sleep(min(left, 0.05))
    return -1 if channel.is_hung_up else 0
