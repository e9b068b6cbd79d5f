"""Lay out entries as Asterisk does on its console, without colours: main/xmldoc.c."""

from __future__ import annotations

from asterism.documentation.syntax_line import call, syntax
from asterism.light.patterns import pattern
from asterism.values import TYPE_CHECKING, dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from xml.etree.ElementTree import Element

COLUMNS = 79
"""The longest line in characters: xmldoc_text_columns."""
FARTHEST_BREAK = 30
"""The distance in characters from the end of a line within which it is broken at a blank; a longer word is split."""

MARKS = {
    "replaceable": ("<", ">"),
    "literal": ("'", "'"),
    "emphasis": ("*", "*"),
    "filename": ('"', '"'),
    "directory": ('"', '"'),
    "variable": ("${", "}"),
    "astcli": ("'", "'"),
}
"""The characters around marked-up words on the console."""
SPECIAL = {"note": "NOTE: ", "warning": "WARNING!!!: ", "example": "Example: "}
STEP = "    "


@dataclass(frozen=True, slots=True)
class Texts:
    """The texts of an entry, laid out; missing parts are empty."""

    synopsis: str = ""
    since: str = ""
    description: str = ""
    syntax: str = ""
    arguments: str = ""
    see_also: str = ""


def texts(entry: Element) -> Texts:
    """All texts of an entry, with lines of at most 79 columns."""
    return Texts(
        wrapped(synopsis(entry)),
        ", ".join(each.text or "" for each in entry.findall("since/version")),
        wrapped(_description(entry)),
        wrapped(syntax(entry)),
        wrapped(_arguments(entry)),
        wrapped(", ".join(filter(None, map(_reference, entry.findall("see-also/ref"))))),
    )


def synopsis(entry: Element) -> str:
    """The synopsis of an entry: one line about its purpose."""
    return _content(entry.find("synopsis")).strip()


def wrapped(text: str, columns: int = COLUMNS) -> str:
    """Break lines that are too long, and indent each continuation like its line: xmldoc_string_wrap."""
    return "\n".join(part for line in text.split("\n") for part in _broken(line, columns))


def _broken(line: str, columns: int) -> Iterable[str]:
    indent = line[: len(line) - len(line.lstrip(" \t"))]
    rest, before, room = line, "", columns
    while len(rest) > room:
        blank = rest.rfind(" ", 1, room + 1)
        is_near = blank > len(indent) * (not before) and room - blank < FARTHEST_BREAK
        at = blank if is_near else room
        yield before + rest[:at]
        rest = rest[at + 1 :] if is_near else rest[at:]
        before, room = indent, max(columns - len(indent.expandtabs(8)), FARTHEST_BREAK)
    yield before + rest


def _reference(ref: Element) -> str:
    text = "".join(ref.itertext())
    return {"application": f"{text}()", "astcli": f"'{text}'"}.get(ref.get("type", ""), text) if text else ""


def _content(element: Element | None) -> str:
    """The text of an element with all its descendants; a line end and the tabs after it become one blank."""
    return "" if element is None else cleaned("".join(element.itertext()))


def cleaned(text: str) -> str:
    """A text in which line ends and the tabs after them are one blank: xmldoc_string_cleanup."""
    return _LINE_END.sub(" ", text)


_LINE_END = pattern(r"[\n\r][\t\r\n]*")


# ---- elements that may occur in many places --------------------------------------------------------


def _common(element: Element, before: str, after: str) -> str | None:
    """The text of a paragraph, note, example or ``info``; None for other elements: xmldoc_parse_common_elements."""
    shown = _COMMON.get(element.tag)
    return shown(element, before, after) if shown and (len(element) or element.text) else None


def _para(element: Element, before: str, after: str) -> str:
    parts = [cleaned(element.text or "")]
    for child in element:
        begin, end = MARKS.get(child.tag, ("", ""))
        parts += [begin, _content(child), end, cleaned(child.tail or "")]
    return f"{before}{''.join(parts)}{after}"


def _special(element: Element, before: str, after: str) -> str:
    inside = [_common(each, "", after) or "" for each in element if each.tag in ("para", "info")]
    return f"{before}{SPECIAL[element.tag]}{''.join(inside)}"


def _example(element: Element, before: str, _after: str) -> str:
    text = _EXAMPLE_END.sub(r"\1 ", "".join(element.itertext()).lstrip())
    return f"{before}{SPECIAL['example']}{element.get('title', '')}\n\n {before}{text}\n"


_EXAMPLE_END = pattern(r"([\n\r])[\t\r\n]*")


def _info(element: Element, before: str, after: str) -> str:
    inner = f"{before}{STEP}"
    parts = []
    if "tech" in element.attrib or "module" in element.attrib:
        of, by = element.get("tech", "unknown"), element.get("module", "unknown")
        parts.append(f"{inner}Technology: {of}  Provided by: {by}\n")
    for child in element:
        if child.tag == "enumlist":
            parts.append(_enumlist(child, inner))
        elif child.tag == "parameter":
            parts.append(_parameter(child, inner))
        else:
            parts.append(_common(child, inner, after) or "")
    return "".join(parts)


_COMMON: dict[str, Callable[[Element, str, str], str]] = {
    "para": _para,
    "note": _special,
    "warning": _special,
    "example": _example,
    "info": _info,
}


# ---- lists -----------------------------------------------------------------------------------------


def _variablelist(element: Element, before: str) -> str:
    parts: list[str] = []
    for child in element:
        shown = _common(child, before if parts else "", "\n")
        if shown is not None:
            parts.append(shown)
        elif child.tag == "variable" and child.get("name"):
            parts.append(f"{before}${{{child.get('name')}}}: {_variable(child, before + STEP)}")
    return "".join(parts)


def _variable(element: Element, before: str) -> str:
    text, has_values = "", False
    for child in element:
        shown = _common(child, before if has_values else "", "\n")
        if shown is not None:
            text += shown
        elif child.tag == "value":
            means = _content(child).rstrip()
            text += "" if text else "\n"
            text += f"{before}{child.get('name', '')}{f':{means}' if means else ''}\n"
            has_values = True
    return text


def _enumlist(element: Element, before: str) -> str:
    named = [each for each in element.findall("enum") if each.get("name")]
    return "".join(f"{before}{each.get('name')}{_enum(each, before) or chr(10)}" for each in named)


def _enum(element: Element, before: str) -> str:
    parts: list[str] = []
    for child in element:
        shown = _common(child, before if parts else " - ", "\n")
        if shown is not None:
            parts.append(shown)
        elif child.tag == "enumlist":
            parts.append(("" if parts else "\n") + _enumlist(child, before + STEP))
        elif child.tag == "parameter":
            parts.append(_parameter(child, before + STEP))
    return "".join(parts)


def _optionlist(element: Element, before: str) -> str:
    return "".join(_option(each, before) for each in element.findall("option") if each.get("name"))


def _option(element: Element, before: str) -> str:
    is_optional = element.get("hasparams", "").lower() == "optional"
    head = call(element.get("name", ""), element, "argument", brackets=False, optional=is_optional)
    inner, parts, said = before + STEP, [f"{before}{head}: "], False
    for child in element:
        if not said and (len(child) or child.text):
            parts.append("\n")
        shown = _argument(child, inner) if child.tag == "argument" else _common(child, inner, "\n")
        said = said or bool(shown)
        parts.append(shown or "")
        parts.append(_variablelist(child, inner) if child.tag == "variablelist" else "")
        parts.append(_enumlist(child, inner) if child.tag == "enumlist" else "")
    parts.append("\n" if said else "\n\n")
    return "".join(parts)


def _argument(element: Element, before: str, inside: str | None = None) -> str:
    """The text of an argument with a description; empty without one.

    Args:
        element: the argument.
        before: the indentation of its name.
        inside: the indentation of its text, below a parameter; None where the text follows the name.
    """
    parts: list[str] = []
    for child in element:
        indent = inside if inside is not None else before if parts else " - "
        shown = _common(child, indent, "\n")
        parts += [] if shown is None else [shown]
    if not parts or not element.get("name"):
        return ""
    return f"{before}{element.get('name')}{'' if inside is None else chr(10)}{''.join(parts)}"


# ---- parts of an entry -----------------------------------------------------------------------------


def _parameter(element: Element, before: str) -> str:
    """The text of a parameter with its description: xmldoc_parse_parameter."""
    name = element.get("name")
    if not name:
        return ""
    has_arguments, inner = element.find("argument") is not None, f"{before}{STEP}"
    parts = [f"\n{name}\n"] if not has_arguments and len(element) else []
    for child in element:
        if child.tag == "optionlist":
            parts.append(_optionlist(child, inner))
        elif child.tag == "enumlist":
            parts.append(_enumlist(child, inner))
        elif child.tag == "argument":
            parts.append(_argument(child, "", inner))
        else:
            parts += [f"{name}\n"] if not parts and child.tag in ("para", "info") else []
            parts.append(_common(child, inner, "\n") or "")
    return "".join(parts)


def _arguments(entry: Element) -> str:
    return "".join(_parameter(each, "") for each in entry.findall("syntax/parameter")).removesuffix("\n")


def _description(entry: Element) -> str:
    parts = []
    for child in entry.findall("description/*"):
        shown = _common(child, "", "\n")
        if shown is None and child.tag == "variablelist":
            shown = _variablelist(child, "")
        elif shown is None and child.tag == "enumlist":
            shown = _enumlist(child, STEP)
        parts.append(shown or "")
    return "".join(parts).removesuffix("\n")
