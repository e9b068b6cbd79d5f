"""``asterism lsp``: the language server, which speaks the Language Server Protocol over standard input and output."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path

from asterism.errors import AsterismError, Fault

_ABOUT = """\
Speak the Language Server Protocol over standard input and output, for editors: the faults of MODULEINFO blocks,
asterism.toml and .conf files as they are typed, what a tag, a member, a library or an option means, and completion."""


def parser() -> ArgumentParser:
    """The options of ``asterism lsp``."""
    return ArgumentParser("asterism lsp", description=_ABOUT)


def main(words: Sequence[str]) -> int:
    """Run ``asterism lsp`` until the editor ends it.

    Raises:
        AsterismError: pygls is not installed.
    """
    parser().parse_args(words)
    try:
        # pygls is an extra, and nothing but this verb needs it.
        from asterism.editors.language_server import Assistant
    except ImportError as error:
        cure = "pip install 'asterism[lsp]'"
        raise AsterismError(Fault("pygls is not installed", cure=cure, code="no-lsp")) from error
    Assistant(Path.cwd()).server.start_io()
    return 0
