"""asterisk/channel.h: the emulated channel for C modules.

C has a small object with a lock and a reference count (runtime/native/channels/channel.c), and the channel's record:
its fields (:mod:`runtime.model.channel_fields`) and variables, which Python reads and writes in place.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator

from asterism.values import TYPE_CHECKING, dataclass
from runtime.api import PREPARATIONS, Binding, Pins, bound, core, encode, text
from runtime.api.export import exported, hook
from runtime.model import causes
from runtime.model.emulated_channel import Channel as Channel
from runtime.model.emulated_channel import ChannelState

if TYPE_CHECKING:
    from typing import Any


@dataclass(slots=True)
class _Held:
    """A channel that has a C object."""

    channel: Channel
    pointer: Any
    pins: Pins
    is_listed: bool = False
    """Whether a module created the channel; it is listed until its C object is destroyed."""


_held: dict[int, _Held] = {}
"""Channels by the address of their C object."""
_addresses: dict[int, int] = {}
"""Addresses of C objects by the identity of their channel."""
_changing = threading.Lock()
"""Held while both tables are changed; never during a call into a module."""


_TEXT_ROOM = 256
"""The size of the usual text in bytes; a longer one is asked for twice."""


@dataclass(frozen=True, slots=True)
class _NativeRecord:
    """The record of a channel in C; see :class:`runtime.model.emulated_channel.ChannelRecord`."""

    pointer: Any
    """A ``struct asterism_record``, released with this object."""
    binding: Binding

    @classmethod
    def make(cls) -> _NativeRecord:
        binding = bound()
        pointer = binding.lib.asterism_record_new()
        if not pointer:
            raise MemoryError("out of memory for a channel")
        return cls(binding.ffi.gc(pointer, binding.lib.asterism_record_drop), binding)

    def text(self, index: int) -> str:
        size, length = 0, _TEXT_ROOM
        while length >= size:  # more than once when the text is long, or another thread makes it longer
            size = length + 1
            room = self.binding.ffi.new("char[]", size)
            length = self.binding.lib.asterism_record_text(self.pointer, index, room, size)
        data: bytes = self.binding.ffi.unpack(room, length)
        return data.decode("utf-8", "surrogateescape")

    def set_text(self, index: int, value: str) -> None:
        self.binding.lib.asterism_record_set_text(self.pointer, index, encode(value))

    def number(self, index: int) -> int:
        return int(self.binding.lib.asterism_record_number(self.pointer, index))

    def set_number(self, index: int, value: int) -> None:
        self.binding.lib.asterism_record_set_number(self.pointer, index, value)

    def change_number(self, index: int, added: int, removed: int) -> None:
        self.binding.lib.asterism_record_change_number(self.pointer, index, added, removed)

    def get(self, name: str) -> str | None:
        copy = self.binding.lib.asterism_variables_get(self.pointer, encode(name))
        if not copy:
            return None
        try:
            data: bytes = self.binding.ffi.string(copy)
            return data.decode("utf-8", "surrogateescape")
        finally:
            self.binding.lib.asterism_free(copy)

    def set(self, name: str, value: str | None) -> None:
        new = self.binding.ffi.NULL if value is None else encode(value)
        self.binding.lib.asterism_variables_set(self.pointer, encode(name), new)

    def push(self, name: str, value: str) -> None:
        self.binding.lib.asterism_variables_push(self.pointer, encode(name), encode(value))

    def pairs(self) -> list[tuple[str, str]]:
        ffi, lib = self.binding.ffi, self.binding.lib
        size = ffi.new("size_t *")
        room = lib.asterism_variables_all(self.pointer, size)
        if not room:
            raise MemoryError("out of memory for the variables of a channel")
        try:
            words = bytes(ffi.buffer(room, size[0])).decode("utf-8", "surrogateescape").split("\0")[:-1]
        finally:
            lib.asterism_free(room)
        return list(zip(words[::2], words[1::2], strict=True))


def _address(pointer: Any) -> int:
    return int(bound().ffi.cast("intptr_t", pointer))


def _hold(channel: Channel) -> _Held:
    """Create the C object of a channel, with one reference."""
    binding = bound()
    channel.share(_NativeRecord.make)
    record: Any = channel.record
    pointer = binding.lib.asterism_channel_new(record.pointer)
    if not pointer:
        raise MemoryError("out of memory for a channel")
    held = _Held(channel, pointer, Pins(binding.ffi))
    _held[_address(pointer)] = held
    _addresses[id(channel)] = _address(pointer)
    return held


def _refer(channel: Channel) -> Any:
    """A new reference to a channel, as a C pointer; the C object is created if it does not exist."""
    with _changing:
        known = _held.get(_addresses.get(id(channel), 0))
        if known is not None and bound().lib.asterism_channel_use(known.pointer):
            return known.pointer
        # The channel has no C object, or another thread is destroying it and waits in channel_gone.
        return _hold(channel).pointer


@contextlib.contextmanager
def lent(channel: Channel | None) -> Iterator[Any]:
    """The channel as a C pointer, NULL for None, valid while the body runs."""
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
    """The channel of a C pointer.  Raises ValueError for NULL and for a pointer that is not a channel."""
    if not pointer:
        raise ValueError("the channel is NULL")
    held = _held.get(_address(pointer))
    if held is None:
        raise ValueError("not a channel, or already destroyed")
    return held


def given(pointer: Any) -> Channel | None:
    """The channel of a C pointer, None for NULL.  Raises ValueError for a pointer that is not a channel."""
    return find(pointer).channel if pointer else None


@hook("void asterism_channel_gone(struct ast_channel *chan)")
def channel_gone(chan: Any) -> None:
    """Forget the C object of a channel after its last reference was released; the channel may get a new one."""
    with _changing:
        held = _held.pop(_address(chan), None)
        if held is None:
            return
        channel = held.channel
        if _addresses.get(id(channel)) == _address(chan):
            del _addresses[id(channel)]
    if held.is_listed:
        core().channels.remove(channel)


def _forget_formats(module: str) -> list[str]:
    """Take away what a module that goes has said of the attributes of formats, and its timers."""
    bound().lib.asterism_interfaces_forget(encode(module))
    bound().lib.asterism_timers_forget(encode(module))
    return []


def _begin(binding: Binding) -> None:
    """Ignore channels that belong to a previous core."""
    _held.clear()
    _addresses.clear()
    binding.core.hold = lent
    binding.core.forgetters.append(_forget_formats)


PREPARATIONS.append(_begin)


# ---- words ---------------------------------------------------------------------------------------

_AMA_FLAGS = ("None", "OMIT", "BILLING", "DOCUMENTATION")


def _word(word: str) -> Any:
    return bound().pins.hold(("word", word), word)


@exported("const char *ast_state2str(enum ast_channel_state state)")
def ast_state2str(state: int) -> Any:
    """The name of a state; "Unknown" for an unknown number."""
    return _word(ChannelState(state).words)


@exported("const char *ast_cause2str(int cause)")
def ast_cause2str(cause: int) -> Any:
    """The description of a cause."""
    return _word(causes.words(cause))


@exported("int ast_str2cause(const char *name)", failure=-1)
def ast_str2cause(name: Any) -> int:
    """The number of a cause, or -1."""
    return causes.number(text(name)) or -1


@exported("const char *ast_channel_amaflags2string(enum ama_flags flags)")
def ast_channel_amaflags2string(flags: int) -> Any:
    """The name of an AMA flag."""
    return _word(_AMA_FLAGS[flags] if 0 < flags < len(_AMA_FLAGS) else "Unknown")


@exported("enum ama_flags ast_channel_string2amaflag(const char *flag)", failure=0)
def ast_channel_string2amaflag(flag: Any) -> int:
    """The number of an AMA flag, 0 for an unknown name."""
    wanted = text(flag).upper()
    if wanted == "DEFAULT":
        return _AMA_FLAGS.index("DOCUMENTATION")
    return _AMA_FLAGS.index(wanted) if wanted in _AMA_FLAGS else 0


# ---- life ----------------------------------------------------------------------------------------


@hook(
    "struct ast_channel *asterism_channel_alloc(int state, const char *acctcode, const char *exten, "
    "const char *context, const char *uniqueid, const struct ast_channel *requestor, int amaflag, const char *name)"
)
def channel_alloc(
    state: int, acctcode: Any, exten: Any, context: Any, uniqueid: Any, requestor: Any, amaflag: int, name: Any
) -> Any:
    """A new, listed channel; the caller owns its only reference."""
    asking = given(requestor)
    channel = Channel(
        text(name),
        text(context) or "default",
        text(exten) or "s",
        accountcode=text(acctcode),
        state=ChannelState(state),
        amaflags=amaflag,
        linkedid=asking.linkedid if asking else "",
    )
    if uniqueid:
        channel.uniqueid = text(uniqueid)
        channel.linkedid = asking.linkedid if asking else channel.uniqueid
    core().channels.add(channel)
    pointer = _refer(channel)
    find(pointer).is_listed = True
    return pointer


@hook("void asterism_channel_ended(struct ast_channel *chan)")
def channel_ended(chan: Any) -> None:
    """Hang up the channel of a module and remove it from the list."""
    channel = find(chan).channel
    channel.hang_up()
    core().channels.remove(channel)


@exported("struct ast_channel *__ast_dummy_channel_alloc(const char *file, int line, const char *function)")
def ast_dummy_channel_alloc(_file: Any, _line: int, _function: Any) -> Any:
    """A new channel that is not listed and nowhere in the dialplan; the caller owns its only reference."""
    return _refer(Channel("", "", "", 0))


def _known() -> list[Channel]:
    """The listed channels, and the channels that C created for their variables only."""
    listed = list(core().channels)
    return [*listed, *(held.channel for held in list(_held.values()) if held.channel not in listed)]


def _first(wanted: Callable[[Channel], bool]) -> Any:
    found = next((channel for channel in _known() if wanted(channel)), None)
    return bound().ffi.NULL if found is None else _refer(found)


def _begins(beginning: str) -> Callable[[Channel], bool]:
    return lambda channel: channel.name.lower().startswith(beginning.lower())


def _is_at(exten: str, context: str) -> Callable[[Channel], bool]:
    return lambda channel: (not exten or channel.exten == exten) and (not context or channel.context == context)


@exported("struct ast_channel *ast_channel_get_by_name(const char *name)")
def ast_channel_get_by_name(name: Any) -> Any:
    """A new reference to the channel with a name or unique id, or NULL."""
    wanted = text(name).lower()
    return _first(lambda channel: wanted in (channel.name.lower(), channel.uniqueid))


@exported("struct ast_channel *ast_channel_get_by_name_prefix(const char *name, size_t name_len)")
def ast_channel_get_by_name_prefix(name: Any, name_len: int) -> Any:
    """A new reference to the first channel whose name begins with a text, or NULL."""
    return _first(_begins(_cut(name, name_len)))


@exported("struct ast_channel *ast_channel_get_by_exten(const char *exten, const char *context)")
def ast_channel_get_by_exten(exten: Any, context: Any) -> Any:
    """A new reference to the first channel at an extension, or NULL."""
    return _first(_is_at(text(exten), text(context)))


@exported("struct ast_channel *ast_channel_get_by_uniqueid(const char *uniqueid)")
def ast_channel_get_by_uniqueid(uniqueid: Any) -> Any:
    """A new reference to the channel with a unique id, or NULL."""
    wanted = text(uniqueid)
    return _first(lambda channel: channel.uniqueid == wanted)


def _cut(name: Any, length: int) -> str:
    return encode(text(name))[: length or None].decode("utf-8", "surrogateescape")


@dataclass(slots=True)
class _Walk:
    """The state of a ``struct ast_channel_iterator``."""

    handle: Any
    rest: list[Channel]


_walks: dict[int, _Walk] = {}
"""Walks by the address of their handle."""


def _walk(wanted: Callable[[Channel], bool]) -> Any:
    handle = bound().ffi.new("char[1]")
    _walks[_address(handle)] = _Walk(handle, [channel for channel in core().channels if wanted(channel)])
    return bound().ffi.cast("struct ast_channel_iterator *", handle)


@exported("struct ast_channel_iterator *ast_channel_iterator_all_new(void)")
def ast_channel_iterator_all_new() -> Any:
    """Walk over all current channels."""
    return _walk(lambda _channel: True)


@exported("struct ast_channel_iterator *ast_channel_iterator_by_name_new(const char *name, size_t name_len)")
def ast_channel_iterator_by_name_new(name: Any, name_len: int) -> Any:
    """Walk over the channels with a name or, with a length, whose names begin with it."""
    wanted = _cut(name, name_len)
    return _walk(_begins(wanted) if name_len else lambda channel: channel.name.lower() == wanted.lower())


@exported("struct ast_channel_iterator *ast_channel_iterator_by_exten_new(const char *exten, const char *context)")
def ast_channel_iterator_by_exten_new(exten: Any, context: Any) -> Any:
    """Walk over the channels at an extension."""
    return _walk(_is_at(text(exten), text(context)))


@exported("struct ast_channel *ast_channel_iterator_next(struct ast_channel_iterator *i)")
def ast_channel_iterator_next(i: Any) -> Any:
    """A new reference to the next channel that still exists, or NULL."""
    walk = _walks.get(_address(i)) if i else None
    if walk is None:
        raise ValueError("not a channel iterator, or already destroyed")
    while walk.rest:
        channel = walk.rest.pop(0)
        if channel in list(core().channels):
            return _refer(channel)
    return bound().ffi.NULL


@exported("struct ast_channel_iterator *ast_channel_iterator_destroy(struct ast_channel_iterator *i)")
def ast_channel_iterator_destroy(i: Any) -> Any:
    """End a walk."""
    _walks.pop(_address(i), None)
    return bound().ffi.NULL


@exported("int ast_active_calls(void)", failure=0)
def ast_active_calls() -> int:
    """The number of channels that run through the dialplan."""
    return sum(channel.is_running for channel in core().channels)


@exported("int ast_active_channels(void)", failure=0)
def ast_active_channels() -> int:
    """The number of listed channels."""
    return len(core().channels)


@hook("int asterism_line_answer(struct ast_channel *chan)", failure=-1)
def line_answer(chan: Any) -> int:
    """Answer a call; -1 when the channel is already hung up."""
    channel = find(chan).channel
    if channel.is_hung_up:
        return -1
    channel.answer()
    return 0


@exported("int ast_autoservice_start(struct ast_channel *chan)", failure=-1)
def ast_autoservice_start(chan: Any) -> int:
    """Count a wait of the channel; media is not emulated, so autoservice does nothing else."""
    find(chan).channel.waits += 1
    return 0


@exported("int ast_autoservice_stop(struct ast_channel *chan)", failure=-1)
def ast_autoservice_stop(chan: Any) -> int:
    """Check the channel only: media is not emulated."""
    find(chan)
    return 0


@exported("int ast_safe_sleep(struct ast_channel *chan, int ms)", failure=-1)
def ast_safe_sleep(chan: Any, ms: int) -> int:
    """Sleep until the time is over or the channel is hung up."""
    return 0 if find(chan).channel.sleep(max(ms, 0) / 1000) else -1
