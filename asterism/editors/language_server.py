"""The language server itself: documents come in, faults, hovers and completions go out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from lsprotocol import types
from pygls.lsp.server import LanguageServer
from pygls.workspace import TextDocument
from pygls.workspace.position_codec import ServerTextPosition, ServerTextRange

from asterism import __version__
from asterism.editors.assistance import Offered, Spot, completions, hover
from asterism.editors.corrections import Correction, corrections
from asterism.editors.edited_files import faults_of, kind_of, span_of
from asterism.editors.workspace import Workspace, top_of
from asterism.errors import Fault

Params = TypeVar("Params")
Found = TypeVar("Found")

_SEVERITIES = {"error": types.DiagnosticSeverity.Error, "warning": types.DiagnosticSeverity.Warning}


class Assistant:
    """A language server, and the trees that its documents belong to.

    Args:
        directory: the tree of a document that is not a file.
    """

    def __init__(self, directory: Path) -> None:
        self.server = LanguageServer("asterism", __version__)
        self._directory = directory
        self._workspaces: dict[Path, Workspace] = {}
        for method, handler in (
            (types.TEXT_DOCUMENT_DID_OPEN, self._opened),
            (types.TEXT_DOCUMENT_DID_CHANGE, self._changed),
            (types.TEXT_DOCUMENT_DID_SAVE, self._saved),
            (types.TEXT_DOCUMENT_DID_CLOSE, self._closed),
            (types.TEXT_DOCUMENT_HOVER, self._hovered),
        ):
            self.server.feature(method)(_function(handler))
        options = types.CompletionOptions(trigger_characters=["<", ">", "."])
        self.server.feature(types.TEXT_DOCUMENT_COMPLETION, options)(_function(self._completed))
        kinds = types.CodeActionOptions(code_action_kinds=[types.CodeActionKind.QuickFix])
        self.server.feature(types.TEXT_DOCUMENT_CODE_ACTION, kinds)(_function(self._actions))

    def _document(self, uri: str) -> TextDocument:
        return self.server.workspace.get_text_document(uri)

    def _workspace(self, path: str) -> Workspace:
        top = top_of(path) if path else self._directory
        return self._workspaces.setdefault(top, Workspace(top))

    # Faults.

    def _opened(self, params: types.DidOpenTextDocumentParams) -> None:
        self._show_faults(params.text_document.uri)

    def _changed(self, params: types.DidChangeTextDocumentParams) -> None:
        self._show_faults(params.text_document.uri)

    def _saved(self, params: types.DidSaveTextDocumentParams) -> None:
        # Members, libraries and settings are on the disk, and other files may have changed as well.
        self._workspaces.clear()
        self._show_faults(params.text_document.uri)

    def _closed(self, params: types.DidCloseTextDocumentParams) -> None:
        self._publish(params.text_document.uri, [])

    def _show_faults(self, uri: str) -> None:
        document = self._document(uri)
        self._publish(uri, [self._diagnostic(fault, document) for fault in self._faults(document)])

    def _faults(self, document: TextDocument) -> list[Fault]:
        path, text = document.path or "", document.source
        faults = faults_of(path, text, self._workspace(path)) if kind_of(path, text) else []
        return [fault for fault in faults if fault.place is None or fault.place.file == path]

    def _publish(self, uri: str, diagnostics: list[types.Diagnostic]) -> None:
        self.server.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, diagnostics))

    def _diagnostic(self, fault: Fault, document: TextDocument) -> types.Diagnostic:
        line, start, end = span_of(fault.place, document.lines)
        message = ": ".join(filter(None, (fault.what, fault.why)))
        return types.Diagnostic(
            range=_range(document, (line, start), (line, end)),
            message=f"{message}\n{fault.cure}" if fault.cure else message,
            severity=_SEVERITIES[fault.severity],
            code=fault.code,
            source="asterism",
        )

    # Corrections.

    def _actions(self, params: types.CodeActionParams) -> list[types.CodeAction]:
        """The corrections of the faults that the cursor or the selection touches."""
        document = self._document(params.text_document.uri)
        found = []
        for fault in self._faults(document):
            shown = self._diagnostic(fault, document)
            if shown.range.start <= params.range.end and params.range.start <= shown.range.end:
                found += [_action(each, shown, document) for each in corrections(fault, document.source)]
        return found

    # Help while typing.

    def _spot(self, uri: str, position: types.Position) -> Spot:
        document = self._document(uri)
        place = document.position_from_client_units(position)
        return Spot(document.path or "", document.source, place.line, place.character)

    def _hovered(self, params: types.HoverParams) -> types.Hover | None:
        spot = self._spot(params.text_document.uri, params.position)
        found = hover(spot, self._workspace(spot.path))
        return types.Hover(types.MarkupContent(types.MarkupKind.Markdown, found)) if found else None

    def _completed(self, params: types.CompletionParams) -> types.CompletionList:
        spot = self._spot(params.text_document.uri, params.position)
        items = [_item(offered) for offered in completions(spot, self._workspace(spot.path))]
        return types.CompletionList(is_incomplete=False, items=items)


def _function(method: Callable[[Params], Found]) -> Callable[[Params], Found]:
    """A method as a function, since pygls sets attributes of what it is given."""
    return lambda params: method(params)


def _range(document: TextDocument, start: tuple[int, int], end: tuple[int, int]) -> types.Range:
    """The client's range between two places given by line and column in characters."""
    return document.range_to_client_units(ServerTextRange(ServerTextPosition(*start), ServerTextPosition(*end)))


def _action(correction: Correction, shown: types.Diagnostic, document: TextDocument) -> types.CodeAction:
    change = types.TextEdit(_range(document, correction.start, correction.end), correction.text)
    return types.CodeAction(
        title=correction.title,
        kind=types.CodeActionKind.QuickFix,
        diagnostics=[shown],
        is_preferred=correction.is_only_one,
        edit=types.WorkspaceEdit(changes={document.uri: [change]}),
    )


def _item(offered: Offered) -> types.CompletionItem:
    about = types.MarkupContent(types.MarkupKind.Markdown, offered.about) if offered.about else None
    return types.CompletionItem(label=offered.text, detail=offered.note or None, documentation=about)
