"""What to do about a name of the API that newer branches lack: for the build, for depmod and for the loader."""

from __future__ import annotations

from asterism.branches import api_names
from asterism.branches.changes import rules


def cure(name: str) -> str:
    """The next step for a name that is gone; an empty string when it is there, or no rule is about it."""
    if not api_names.gone_words(name):
        return ""
    rule = rules.explaining(name)
    if rule is None:
        return ""
    new = rule.renames.get(name, "")
    instead = f"use {new}; " if new else ""
    does = "'asterism port' changes sources" if rule.is_mechanical else "it needs the author"
    return f"{instead}since {rule.since} {rule.about}: {does}, 'asterism port --explain {rule.id}' says more"
