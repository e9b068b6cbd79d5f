"""The fields of a channel: one row for each, and everything else about a field is made from its row.

The name of a row is that of the C functions, ``ast_channel_NAME`` and ``ast_channel_NAME_set``.
:mod:`runtime.bridge.channel_accessors` writes these functions, and their declarations with documentation and lock rule
into ``include/asterisk/channel_fields.h``.  The rows of :class:`Fields` are the attributes of
:class:`runtime.model.emulated_channel.Channel` as well: Python keeps the values until a C module holds the channel;
from then on they are in its C structure, which both sides read and write.
"""

from __future__ import annotations

import enum
import itertools
import threading
import time
from collections.abc import Callable, Iterator

from asterism.light.types import Generic, Protocol, TypeVar, overload
from asterism.values import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any, Self

V = TypeVar("V")

_numbers = itertools.count(1)


class FieldAccess(enum.Enum):
    """Which C functions a field has."""

    BOTH = "both"
    """A getter and a setter."""
    READ = "read"
    """A getter only."""
    HIDDEN = "hidden"
    """None: Python and the core's own files use the field."""


class FieldRow:
    """A field of a channel.

    Args:
        words: the documentation, without the closing full stop.
        ctype: the C type of the value.
        access: the C functions.
    """

    index: int
    """The place of the value among those of the same class."""

    def __init__(self, words: str, ctype: str, access: FieldAccess) -> None:
        self.words = words
        self.ctype = ctype
        self.access = access
        self.name = ""
        self.__doc__ = f"{words}."

    def __set_name__(self, owner: type, name: str) -> None:
        """Take the name of the attribute."""
        self.name = name

    @property
    def lock_rule(self) -> str:
        """What a C module has to do about the channel's lock, as a sentence."""
        return "Needs no lock."


class FieldRecord(Protocol):
    """The C structure that has the values of a channel's fields."""

    def text(self, index: int) -> str:
        """The value of a text."""

    def set_text(self, index: int, value: str) -> None:
        """Set a text."""

    def number(self, index: int) -> int:
        """The value of a number."""

    def set_number(self, index: int, value: int) -> None:
        """Set a number."""

    def change_number(self, index: int, added: int, removed: int) -> None:
        """Set bits of a number and clear others, in one step."""


class FieldStore:
    """The values of the fields of one channel: here, until C modules hold the channel (:meth:`share_fields`)."""

    __slots__ = ("kept_numbers", "kept_texts", "moving", "record")

    def __init__(self) -> None:
        self.kept_texts = [row.default for row in TEXTS]
        self.kept_numbers = [row.default for row in NUMBERS]
        self.record: FieldRecord | None = None
        """The structure in C, which has the values from then on."""
        self.moving = threading.Lock()
        """Held while values move into C; no other lock is waited for meanwhile."""

    def share_fields(self, make: Callable[[], FieldRecord]) -> None:
        """Hand the values over to the structure that ``make`` gives, once."""
        with self.moving:
            if self.record is None:
                record = make()
                for index, text in enumerate(self.kept_texts):
                    record.set_text(index, text)
                for index, number in enumerate(self.kept_numbers):
                    record.set_number(index, number)
                self.record = record

    def change(self, here: Callable[[], None], there: Callable[[FieldRecord], None]) -> None:
        """Change a value where it is."""
        with self.moving:
            record = self.record
            if record is None:
                here()
        if record is not None:
            there(record)


class TextField(FieldRow):
    """A text; modules get a ``const char *`` that is never NULL.

    Args:
        words: the documentation, without the closing full stop.
        default: the value of a new channel.
        access: the C functions.
    """

    _count = itertools.count()

    def __init__(self, words: str, default: str = "", access: FieldAccess = FieldAccess.BOTH) -> None:
        super().__init__(words, "const char *", access)
        self.default = default
        self.index = next(self._count)

    @property
    def lock_rule(self) -> str:
        """What a C module has to do about the channel's lock, as a sentence."""
        if self.access is FieldAccess.READ:
            return "Needs no lock; the text is valid as long as the channel."
        return "Lock the channel; the text is valid until it is set again."

    @overload
    def __get__(self, store: None, owner: type) -> Self: ...
    @overload
    def __get__(self, store: FieldStore, owner: type | None = None) -> str: ...
    def __get__(self, store: FieldStore | None, owner: type | None = None) -> Self | str:
        """The value on a channel; the row itself on the class."""
        if store is None:
            return self
        record = store.record
        return store.kept_texts[self.index] if record is None else record.text(self.index)

    def __set__(self, store: FieldStore, value: str) -> None:
        """Set the value on a channel."""
        index = self.index
        store.change(lambda: store.kept_texts.__setitem__(index, value), lambda record: record.set_text(index, value))


class NumberField(FieldRow, Generic[V]):
    """A number, read and written whole.

    Args:
        words: the documentation, without the closing full stop.
        default: the number of a new channel.
        view: gives Python's value for a number.
        number: gives the number for Python's value.
        ctype: the C type of the value.
        access: the C functions.
    """

    _count = itertools.count()

    def __init__(
        self,
        words: str,
        view: Callable[[int], V],
        default: int = 0,
        number: Callable[[Any], int] = int,
        ctype: str = "int",
        access: FieldAccess = FieldAccess.BOTH,
    ) -> None:
        super().__init__(words, ctype, access)
        self.default = default
        self.index = next(self._count)
        self._view, self._number = view, number

    @overload
    def __get__(self, store: None, owner: type) -> Self: ...
    @overload
    def __get__(self, store: FieldStore, owner: type | None = None) -> V: ...
    def __get__(self, store: FieldStore | None, owner: type | None = None) -> Self | V:
        """The value on a channel; the row itself on the class."""
        if store is None:
            return self
        record = store.record
        return self._view(store.kept_numbers[self.index] if record is None else record.number(self.index))

    def __set__(self, store: FieldStore, value: V) -> None:
        """Set the value on a channel."""
        index, number = self.index, self._number(value)
        store.change(
            lambda: store.kept_numbers.__setitem__(index, number), lambda record: record.set_number(index, number)
        )

    def change(self, store: FieldStore, added: V, removed: V) -> None:
        """Set bits of the value on a channel and clear others, in one step."""
        index, on, off = self.index, self._number(added), self._number(removed)

        def here() -> None:
            store.kept_numbers[index] = store.kept_numbers[index] & ~off | on

        store.change(here, lambda record: record.change_number(index, on, off))


class NativeField(FieldRow):
    """A value for C alone: a pointer that the channel only keeps, or a number of a module.

    Args:
        name: the name of the C functions.
        words: the documentation, without the closing full stop.
        ctype: the C type of the value.
        default: the number of a new channel; 0 for NULL.
        is_used: whether the core looks at the value, too.
    """

    _count = itertools.count()

    def __init__(self, name: str, words: str, ctype: str = "int", default: int = 0, *, is_used: bool = False) -> None:
        super().__init__(words, ctype, FieldAccess.BOTH)
        self.name = name
        self.is_used = is_used
        self.default = default
        self.index = next(self._count)

    @property
    def lock_rule(self) -> str:
        """What a C module has to do about the channel's lock, as a sentence."""
        return "Lock the channel." if self.is_used else "Kept for modules; lock the channel."


class ChannelState(enum.IntEnum):
    """``enum ast_channel_state``; a module may set other numbers, which are members of the name ``UNKNOWN``."""

    DOWN = 0
    RESERVED = 1
    OFFHOOK = 2
    DIALING = 3
    RING = 4
    RINGING = 5
    UP = 6
    BUSY = 7
    DIALING_OFFHOOK = 8
    PRERING = 9

    @classmethod
    def _missing_(cls, value: object) -> ChannelState | None:
        if not isinstance(value, int):
            return None
        member = int.__new__(cls, value)
        member._name_, member._value_ = "UNKNOWN", value
        return member

    @property
    def words(self) -> str:
        """The name of the state on the console (``ast_state2str``)."""
        return _STATE_WORDS.get(self, "Unknown")


_STATE_WORDS = {
    ChannelState.DOWN: "Down",
    ChannelState.RESERVED: "Rsrvd",
    ChannelState.OFFHOOK: "OffHook",
    ChannelState.DIALING: "Dialing",
    ChannelState.RING: "Ring",
    ChannelState.RINGING: "Ringing",
    ChannelState.UP: "Up",
    ChannelState.BUSY: "Busy",
    ChannelState.DIALING_OFFHOOK: "Dialing Offhook",
    ChannelState.PRERING: "Pre-ring",
}


class Hangup(enum.IntFlag):
    """Why a channel is to be hung up (``enum ast_channel_softhangup_flag``)."""

    DEVICE = 1
    """Somebody asked for it."""
    ASYNCGOTO = 2
    """No hangup: it was sent elsewhere while an application ran."""
    SHUTDOWN = 4
    TIMEOUT = 8
    APPUNLOAD = 16
    EXPLICIT = 32


ALL_REASONS = sum(Hangup)
"""Every reason for a hangup, as bits."""
_STORED = "stored without effect"


def _seconds(microseconds: int) -> float:
    return microseconds / 1e6


def _microseconds(seconds: float) -> int:
    return round(seconds * 1e6)


class Fields(FieldStore):
    """The fields that both Python and C have."""

    __slots__ = ()

    name = TextField("The name, `Emulated/1`")
    uniqueid = TextField("The unique id, `SECONDS.NUMBER`, like no other of this process", access=FieldAccess.READ)
    linkedid = TextField("The unique id of the channel that began the call", access=FieldAccess.READ)
    context = TextField("The context of the dialplan position", "default")
    exten = TextField("The extension of the dialplan position", "s")
    appl = TextField("The application that runs")
    data = TextField("The arguments of the application that runs")
    language = TextField("The language of sounds", "en")
    musicclass = TextField("The class of music on hold")
    latest_musicclass = TextField("The class of the music that was started last")
    accountcode = TextField("The account of the call")
    peeraccount = TextField(f"The account of the peer, {_STORED}")
    userfield = TextField("A text for records of calls")
    call_forward = TextField(f"Where the call is forwarded to, {_STORED}")
    parkinglot = TextField(f"The parking lot, {_STORED}")
    hangupsource = TextField("Who hung up")
    dialcontext = TextField(f"The context of dialed extensions, {_STORED}")
    tenantid = TextField(f"The tenant, {_STORED}")
    caller_number = TextField("The number of the caller, in `ast_channel_caller`", access=FieldAccess.HIDDEN)
    caller_name = TextField("The name of the caller, in `ast_channel_caller`", access=FieldAccess.HIDDEN)

    priority = NumberField("The priority of the dialplan position", int, 1)
    hangupcause = NumberField("The cause of the hangup, AST_CAUSE_..., or 0", int)
    tech_hangupcause = NumberField(f"The cause of the hangup as the technology knows it, {_STORED}", int)
    amaflags = NumberField("How the call is billed", int, 3, ctype="enum ama_flags")
    state = NumberField("The state", ChannelState, ChannelState.UP, ctype="enum ast_channel_state")
    softhangup = NumberField(
        "The reasons for the hangup; 0 while it is not hung up",
        lambda number: Hangup(number & ALL_REASONS),
        access=FieldAccess.HIDDEN,
    )
    created = NumberField(
        "The time of creation; in C microseconds, in Python seconds since the epoch",
        _seconds,
        number=_microseconds,
        access=FieldAccess.HIDDEN,
    )
    answered = NumberField(
        "The time of the answer; in C microseconds, in Python seconds since the epoch; 0 before",
        _seconds,
        number=_microseconds,
        access=FieldAccess.HIDDEN,
    )


NATIVES = (
    NativeField("tech", "The technology, never NULL", "const struct ast_channel_tech *", is_used=True),
    NativeField("tech_pvt", "The data of the channel technology, or NULL", "void *"),
    NativeField("pbx", f"The dialplan run, {_STORED}", "struct ast_pbx *"),
    NativeField("cdr", f"The record of the call, {_STORED}", "struct ast_cdr *"),
    NativeField("music_state", "What music on hold keeps, or NULL", "void *"),
    NativeField("generator", "The generator, or NULL", "struct ast_generator *", is_used=True),
    NativeField("generatordata", "What the generator keeps, or NULL", "void *", is_used=True),
    NativeField("framehooks", "The frame hooks, or NULL", "struct ast_framehook_list *", is_used=True),
    NativeField("audiohooks", "The audio hooks, or NULL", "struct ast_audiohook_list *", is_used=True),
    NativeField("callid", "The number of the call in the log, or 0", "ast_callid"),
    NativeField("timingdata", "The argument of the timing function", "void *"),
    NativeField(
        "timingfunc",
        "The timing function; while there is one, frames that are read drive no generator",
        "ast_timing_func_t",
        is_used=True,
    ),
    NativeField("sched", "The schedule, or NULL", "struct ast_sched_context *"),
    NativeField("stream", "The file that is played, or NULL", "struct ast_filestream *"),
    NativeField("vstream", "The video that is played, or NULL", "struct ast_filestream *"),
    NativeField("timer", "The timer, or NULL", "struct ast_timer *"),
    NativeField("zone", "The tone zone, or NULL", "struct ast_tone_zone *"),
    NativeField("readtrans", "The translation of what is read, or NULL", "struct ast_trans_pvt *"),
    NativeField("writetrans", "The translation of what is written, or NULL", "struct ast_trans_pvt *"),
    NativeField("masq", "The channel that this one takes over, or NULL", "struct ast_channel *"),
    NativeField("masqr", "The channel that takes over this one, or NULL", "struct ast_channel *"),
    NativeField("internal_bridge", "The bridge that it is in, or NULL", "struct ast_bridge *", is_used=True),
    NativeField(
        "internal_bridge_channel",
        "Its part in a bridge, or NULL; it is there before it enters and after it has left",
        "struct ast_bridge_channel *",
        is_used=True,
    ),
    NativeField("blockproc", "The function that waits on the channel, or NULL", "const char *"),
    NativeField("blocker_tid", "The thread that waits on the channel"),
    NativeField("adsicpe", "Whether the caller has a display for text", "enum ast_channel_adsicpe"),
    NativeField("callgroup", "The call groups, as bits", "ast_group_t"),
    NativeField("pickupgroup", "The groups whose calls it may pick up, as bits", "ast_group_t"),
    NativeField("rings", "How often it rang"),
    NativeField("streamid", "The job that plays the file, or -1", default=-1),
    NativeField("vstreamid", "The job that plays the video, or -1", default=-1),
    NativeField("timingfd", "The descriptor of the timer, or -1", default=-1),
    NativeField("fdno", "The descriptor on which something arrived, or -1", default=-1, is_used=True),
    NativeField("hold_state", "Whether it is on hold, as AST_CONTROL_HOLD or AST_CONTROL_UNHOLD"),
    NativeField("visible_indication", "The condition that the caller sees, AST_CONTROL_..."),
    NativeField("transfercapability", "The transfer capability of ISDN", "unsigned short"),
    NativeField("fin", "How many frames were read", "unsigned int"),
    NativeField("fout", "How many frames were written", "unsigned int"),
    NativeField("insmpl", "How many samples were read", "unsigned long"),
    NativeField("outsmpl", "How many samples were written", "unsigned long"),
    NativeField("emulate_dtmf_duration", "How long an emulated digit lasts, in milliseconds", "unsigned int"),
    NativeField("dtmf_digit_to_emulate", "The digit that is emulated, or 0", "char"),
    NativeField("sending_dtmf_digit", "The digit that is sent, or 0", "char", is_used=True),
)
"""The rows of C alone, by their index."""


def _rows(kind: type[FieldRow], owner: type) -> Iterator[Any]:
    return (row for row in vars(owner).values() if isinstance(row, kind))


TEXTS: tuple[TextField, ...] = tuple(_rows(TextField, Fields))
"""The rows of texts, by their index."""
NUMBERS: tuple[NumberField[Any], ...] = tuple(_rows(NumberField, Fields))
"""The rows of numbers, by their index."""


def new_uniqueid() -> str:
    """A unique id: the time in seconds and a number of this process."""
    return f"{int(time.time())}.{next(_numbers)}"
