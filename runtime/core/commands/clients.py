"""Who types commands and receives their answers: the console, a remote console, ``-rx`` and tests."""

from __future__ import annotations

from asterism.light.types import Protocol


class Client(Protocol):
    """The source of commands and receiver of their answers.  All methods may be called from any thread."""

    who: str
    """The client's name, as in "for the console": ``the console``."""
    verbose: int
    """The verbosity of the messages that this client shows."""
    muted: bool
    """Whether the client shows no log lines at all."""
    hidden: set[str]
    """Names, in capitals, of the log levels that the client does not show."""

    def out(self, text: str) -> None:
        """Show output of a command."""

    def err(self, text: str) -> None:
        """Show the reason of a failure."""

    def log(self, text: str) -> None:
        """Show lines of the log; must not wait for a slow reader."""


class Transcript:
    """A client that stores its output, for tests and for output that is needed as text."""

    who = "a transcript"

    def __init__(self, verbose: int = 0) -> None:
        self.verbose = verbose
        self.muted = False
        self.hidden: set[str] = set()
        self.outputs: list[str] = []
        self.errors: list[str] = []

    def out(self, text: str) -> None:
        """Store a piece of output."""
        self.outputs.append(text)

    def err(self, text: str) -> None:
        """Store the reason of a failure."""
        self.errors.append(text)

    def log(self, text: str) -> None:
        """Store lines of the log among the output."""
        self.outputs.append(text)

    @property
    def output(self) -> str:
        """All output so far."""
        return "".join(self.outputs)
