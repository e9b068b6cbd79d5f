"""Declared arguments of commands: what fits, what completes, what help shows."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runtime.core.arguments import Arguments, Kind, split_declaration
from runtime.core.commands.clients import Transcript
from runtime.core.commands.command import CommandCall, declare
from runtime.core.commands.command_table import Table

KINDS = {
    "module": Kind(lambda _: ["res_a", "res_b"], lambda word: not word.startswith("-")),
    "level": Kind(lambda _: ["off", "1"], lambda word: word == "off" or word.isdigit()),
    "family": Kind(lambda _: ["cid", "dnd"]),
    "key": Kind(lambda typed: [f"{typed['family'][0]}/1"]),
}

SPLITS = [
    ("module load <module>", ("module load", "<module>")),
    ("core show version", ("core show version", "")),
    ("core show channels [concise|json]", ("core show channels [concise|json]", "")),
    ("core set verbose [atleast] <level>", ("core set verbose", "[atleast] <level>")),
    ("test run {all|in <place> [name <n>]} [json]", ("test run", "{all|in <place> [name <n>]} [json]")),
    ("set {a|b} <value>", ("set {a|b}", "<value>")),
]  # fmt: skip


@pytest.mark.parametrize(("line", "parts"), SPLITS)
def test_own_words_end_where_a_slot_or_options_before_it_begin(line: str, parts: tuple[str, str]) -> None:
    assert split_declaration(line) == parts


MATCHES = [
    ("<module>", "res_a", {"module": ("res_a",)}),
    ("<module>", "", None),
    ("<module>", "a b", None),
    ("", "", {}),
    ("", "a", None),
    ("[-f|-h] <module>...", "-f a b", {"-f": ("-f",), "module": ("a", "b")}),
    ("[-f|-h] <module>...", "-f", None),
    ("[-f|-h] <module>...", "-x a", None),
    ("[<module>...]", "", {}),
    ("[atleast] <level>", "ATLEAST 3", {"atleast": ("ATLEAST",), "level": ("3",)}),
    ("[atleast] <level> [silent]", "much", None),
    ("[<family> [<key>]]", "a b", {"family": ("a",), "key": ("b",)}),
    ("[<family> [<key>]]", "a b c", None),
    ("[like <text>] [json|--json]", "like json", {"like": ("like",), "text": ("json",)}),
    ("[like <text>] [json|--json]", "like", None),
    ("[like <text>] [json|--json]", "--json", {"--json": ("--json",)}),
    ("{all|in <p>} [and <x>...]", "in a and b c", {"in": ("in",), "p": ("a",), "and": ("and",), "x": ("b", "c")}),
    ("<x>... to <c> [now]", "a to b to c now", {"x": ("a", "to", "b"), "to": ("to",), "c": ("c",), "now": ("now",)}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "typed", "given_words"), MATCHES)
def test_words_fit_a_declaration_or_not(text: str, typed: str, given_words: dict[str, tuple[str, ...]] | None) -> None:
    assert Arguments(text).match(typed.split(), KINDS) == given_words


COMPLETIONS = [
    ("<module>", "", ["res_a", "res_b"]),
    ("<module>", "res_a", []),
    ("<module>...", "res_a res_c", ["res_a", "res_b"]),
    ("<module> [recursively]", "res_a", ["recursively"]),
    ("[atleast] <level>", "", ["1", "atleast", "off"]),
    ("[atleast] <level>", "much", []),
    ("<family> <key>", "dnd", ["dnd/1"]),
    ("{all|in <family>} [json]", "", ["all", "in"]),
    ("{all|in <family>} [json]", "all", ["json"]),
    ("{all|in <family>} [json]", "in", ["cid", "dnd"]),
    ("<unknown>", "", []),
]


@pytest.mark.parametrize(("text", "typed", "words"), COMPLETIONS)
def test_what_may_follow_completes(text: str, typed: str, words: list[str]) -> None:
    assert sorted(Arguments(text).completions(typed.split(), KINDS)) == words


@settings(deadline=None, derandomize=True)
@given(
    st.sampled_from([text for text, _, _ in MATCHES]),
    st.lists(st.sampled_from(["a", "-f", "3", "into", "like", "json", "all", "in", ""]), max_size=6),
)
def test_any_words_fit_or_do_not_and_complete(text: str, words: list[str]) -> None:
    arguments = Arguments(text)
    found = arguments.match(words, KINDS)
    list(arguments.completions(words, {}))
    assert found is None or sum(map(len, found.values())) == len(words)


def test_a_line_of_very_many_words_is_no_deeper_than_its_declaration() -> None:
    found = Arguments("<module>... [json]").match(["a"] * 100_000, KINDS)
    assert found is not None
    assert len(found["module"]) == 100_000


def test_usage_arity_completion_and_help_come_from_the_declaration() -> None:
    def load(call: CommandCall) -> None:
        call.line_out(f"{call.value('module')} {call.all('module')} {call.has('-f')} {call.value('nothing')}")

    table = Table()
    table.kinds |= KINDS
    command = declare("module load [-f] <module>...", load, "Load", "Loads <module>.\nMore.")
    table.register(command)
    answers = []
    for line in ("module load -f res_a res_b", "module load", "module load -x"):
        client = Transcript()
        answers.append((table.run(line, client).ok, client.output))
    usage = "Usage: module load [-f] <module>...\n       Loads <module>. More.\n"
    assert answers == [(True, "res_a ('res_a', 'res_b') True \n"), (False, usage), (False, usage)]
    assert (command.words, command.syntax) == ("module load", "module load [-f] <module>...")
    assert [table.complete(f"module load {word}") for word in ("", "-", "RES_B")] == [
        ["res_a", "res_b"],
        ["-f"],
        ["res_b"],
    ]
