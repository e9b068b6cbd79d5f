"""The arguments of applications and functions, taken apart."""

from __future__ import annotations


def split_arguments(data: str, delimiter: str = ",", *, raw: bool = False) -> list[str]:
    """The arguments of an application or a function (``AST_STANDARD_APP_ARGS``).

    Delimiters inside ``()``, ``[]`` and ``""`` and after a backslash do not count; quotes and backslashes
    are removed, unless ``raw`` is set.  An empty text has no arguments.
    """
    if not data:
        return []
    parts: list[list[str]] = [[]]
    depth = {"(": 0, "[": 0}
    is_quoted = is_escaped = False
    for char in data:
        if is_escaped:
            parts[-1].append(char)
            is_escaped = False
        elif char in "([":
            depth[char] += 1
            parts[-1].append(char)
        elif char in ")]":
            opening = "(" if char == ")" else "["
            depth[opening] = max(depth[opening] - 1, 0)
            parts[-1].append(char)
        elif char == '"' and delimiter != '"':
            is_quoted = not is_quoted
            parts[-1] += [char] * raw
        elif char == "\\":
            is_escaped = True
            parts[-1] += [char] * raw
        elif char == delimiter and not (is_quoted or any(depth.values())):
            parts.append([])
        else:
            parts[-1].append(char)
    return ["".join(part) for part in parts]
