"""The language server in a process of its own, over its protocol."""

from __future__ import annotations

import asyncio
import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

HAS_PYGLS = importlib.util.find_spec("pygls") is not None

SOURCE = """\
/*** MODULEINFO
\t<depend>res_crul</depend> <!-- \U0001f4de --> <use>nix nix</use>
\t<support_level>core</support_level>
 ***/
AST_MODULE_INFO_STANDARD(ASTERISK_GPL_KEY, "X");
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A tree with one member."""
    (tmp_path / "menuselect-tree").write_text(
        '<menu name="M"><category name="MENUSELECT_RES" displayname="R"><member name="res_curl" displayname="cURL"/>'
        "</category></menu>"
    )
    for name in ("main/loader.c", "include/asterisk.h", "build_tools/cflags.xml", "Makefile"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    return tmp_path


@pytest.mark.skipif(not HAS_PYGLS, reason="needs the extra 'lsp'")
def test_a_session_of_an_editor(tree: Path) -> None:
    from lsprotocol import types
    from pygls.lsp.client import LanguageClient

    async def session() -> tuple[list[str], list[str], str, list[str], list[tuple[str, str]]]:
        client = LanguageClient("test", "1")
        published: asyncio.Queue[types.PublishDiagnosticsParams] = asyncio.Queue()

        @client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        def receive(params: types.PublishDiagnosticsParams) -> None:
            published.put_nowait(params)

        async def told() -> list[str]:
            params = await asyncio.wait_for(published.get(), 30)
            return [
                f"{each.range.start.line}:{each.range.start.character}-{each.range.end.character} {each.code}"
                for each in params.diagnostics
            ]

        await client.start_io(sys.executable, "-m", "asterism", "lsp")
        await client.initialize_async(types.InitializeParams(capabilities=types.ClientCapabilities()))
        client.initialized(types.InitializedParams())
        path = tree / "res_x.c"
        document = types.TextDocumentItem(path.as_uri(), "c", 1, SOURCE)
        client.text_document_did_open(types.DidOpenTextDocumentParams(document))
        first = await told()
        at = types.Range(types.Position(1, 12), types.Position(1, 12))
        context = types.CodeActionContext(diagnostics=[])
        actions = await client.text_document_code_action_async(
            types.CodeActionParams(types.TextDocumentIdentifier(path.as_uri()), at, context)
        )
        edits = [
            (action.title, f"{edit.range.start} {edit.range.end} {edit.new_text}")
            for action in actions or []
            if isinstance(action, types.CodeAction) and action.edit and action.edit.changes
            for edit in action.edit.changes[path.as_uri()]
        ]
        change = types.TextDocumentContentChangePartial(
            range=types.Range(types.Position(1, 9), types.Position(1, 17)), text="res_curl"
        )
        client.text_document_did_change(
            types.DidChangeTextDocumentParams(types.VersionedTextDocumentIdentifier(2, path.as_uri()), [change])
        )
        second = await told()
        place = (types.TextDocumentIdentifier(path.as_uri()), types.Position(1, 12))
        hovered = await client.text_document_hover_async(types.HoverParams(*place))
        assert hovered
        assert isinstance(hovered.contents, types.MarkupContent)
        offered = await client.text_document_completion_async(types.CompletionParams(*place))
        assert isinstance(offered, types.CompletionList)
        await client.shutdown_async(None)
        client.exit(None)
        await client.stop()
        return first, second, hovered.contents.value, [item.label for item in offered.items][:1], edits

    first, second, hovered, offered, edits = asyncio.run(session())
    assert ("1:9-17 unknown-dependency" in first, "1:9-17 unknown-dependency" in second) == (True, False)
    assert hovered.startswith("**res_curl**: cURL")
    assert offered == ["res_curl"]
    assert edits == [("Change to 'res_curl'", "1:9 1:17 res_curl")]


def test_without_pygls_the_message_says_what_to_install(tmp_path: Path) -> None:
    for name in ("pygls", "lsprotocol"):
        (tmp_path / f"{name}.py").write_text("raise ImportError\n")
    code = "import sys; from asterism.__main__ import main; sys.exit(main(['lsp']))"
    path = ":".join([str(tmp_path), *sys.path])
    done = subprocess.run([sys.executable, "-c", code], env={"PYTHONPATH": path}, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (
        1,
        "asterism: pygls is not installed\n    pip install 'asterism[lsp]'\n",
    )
