"""The syntax of an entry, built from its parameters: main/xmldoc.c, _ast_xmldoc_build_syntax."""

from __future__ import annotations

from asterism.values import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from xml.etree.ElementTree import Element

TRUE = ("yes", "true", "y", "t", "1", "on")


def is_true(element: Element, attribute: str) -> bool:
    """Whether an attribute is true, by the rules of ast_true."""
    return element.get(attribute, "").lower() in TRUE


def syntax(entry: Element) -> str:
    """The syntax of an entry: ``Dial(a[,b])``, ``Action: Ping`` with its headers, ``database get <family> <key>``."""
    name, found = entry.get("name", ""), entry.find("syntax")
    return _KINDS.get(entry.tag, _of_call)(name, found)


def _of_call(name: str, found: Element | None) -> str:
    return call(name, found, "parameter", brackets=True)


def call(name: str, root: Element | None, child: str, *, brackets: bool, optional: bool = False) -> str:
    """The syntax of a call: xmldoc_get_syntax_fun.

    Args:
        name: the name of the function; with an empty name, only the arguments are returned.
        root: the element whose children are the arguments.
        child: the tag of the arguments: ``parameter`` or ``argument``.
        brackets: whether a call without arguments has brackets: ``Answer()``.
        optional: whether the arguments with their brackets may be omitted: ``G[(context)]``.
    """
    arguments = [] if root is None else root.findall(child)
    if root is None or not arguments:
        return f"{name}{'()' if brackets else ''}"
    separator = root.get("argsep", ",")
    required = [is_true(each, "required") for each in arguments]
    has_gap = required[0] and any(each.get("required") and not is_true(each, "required") for each in arguments[1:-1])
    shown = _backward if required[-1] and (not required[0] or has_gap) else _forward
    inside = shown(root, arguments, separator)
    if not name:
        return inside
    return f"{name}[({inside})]" if optional else f"{name}({inside})"


def _forward(root: Element, arguments: Sequence[Element], separator: str) -> str:
    text, is_open = "", 0
    for index, each in enumerate(arguments):
        name, more = _argument_name(each), f"[{separator}...]" if is_true(each, "multiple") else ""
        if is_true(each, "required"):
            text += f"{']' * is_open}{separator if index else ''}{name}{more}"
            is_open = 0
        elif not index:
            text += f"[{name}{more}]"
        elif _is_last(root, each):
            text += f"{separator}[{name}{more}]"
        else:
            text += f"[{separator}{name}{more}"
            is_open += 1
    return text + "]" * is_open


def _backward(root: Element, arguments: Sequence[Element], separator: str) -> str:
    """The arguments when the last one is required and an earlier one is not: brackets open at the end."""
    text, is_open = "", 0
    for index, each in enumerate(reversed(arguments)):
        name, more = _argument_name(each), f"[{separator}...]" if is_true(each, "multiple") else ""
        if is_true(each, "required"):
            before = separator if index else ""
            text = f"{name}{more}{before}{'[' * is_open}{text}"
            is_open = 0
        elif not index:
            text = f"[{name}{more}]{text}"
        elif _is_first(root, each):
            text = f"[{name}{more}]{separator}{text}"
        else:
            text = f"{name}{separator}{more}]{text}"
            is_open += 1
    return "[" * is_open + text


def _is_last(root: Element, element: Element) -> bool:
    """Whether nothing follows an element, not even blanks, which libxml2 keeps."""
    return root[-1] is element and not element.tail


def _is_first(root: Element, element: Element) -> bool:
    return root[0] is element and not root.text


def _argument_name(element: Element) -> str:
    name = element.get("name")
    if element.find("argument") is None:
        return name or "**unknown**"
    has = element.get("hasparams", "").lower()
    is_called = is_true(element, "hasparams") or has == "optional"
    return call(name or "" if is_called else "", element, "argument", brackets=is_called, optional=has == "optional")


def _of_action(name: str, found: Element | None) -> str:
    return _headers("Action", name, found, required=False)


def _of_event(name: str, found: Element | None) -> str:
    return _headers("Event", name, found, required=True)


def _headers(kind: str, name: str, found: Element | None, *, required: bool) -> str:
    """The syntax of a manager action or event, one line for each header: xmldoc_get_syntax_manager."""
    lines = [f"{kind}: {name}"]
    for each in () if found is None else found.findall("parameter"):
        needed = is_true(each, "required") if "required" in each.attrib else required
        if each.get("name"):
            lines.append(f"{each.get('name')}: <value>" if needed else f"[{each.get('name')}:] <value>")
    return "\n".join(lines)


def _of_command(name: str, found: Element | None) -> str:
    return " ".join(filter(None, [name, _words(found)]))


def _words(root: Element | None) -> str:
    """The words of a command: literal ones unchanged, others in angle brackets: xmldoc_get_syntax_cmd."""
    words = []
    for each in () if root is None else root.findall("parameter"):
        choices = each.find("enumlist")
        if each.find("parameter") is not None:
            word = _words(each)
        elif choices is not None:
            word = "{" + "|".join(_words(choice) for choice in choices.findall("enum")) + "}"
        else:
            name = each.get("name", "")
            word = name if is_true(each, "literal") else f"<{name}>"
        words.append(word if is_true(each, "required") else f"[{word}]")
    return " ".join(words)


_KINDS: dict[str, Callable[[str, Element | None], str]] = {
    "manager": _of_action,
    "managerEvent": _of_event,
    "agi": _of_command,
}
