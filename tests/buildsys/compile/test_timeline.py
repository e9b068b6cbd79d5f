"""The picture of a build: what ninja's log says, put into lanes and drawn."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from source_tree import GOOD_C, SourceTree

from buildsys.compile.timeline import Record, html, last_run, read_log, ticks, timeline
from buildsys.planning.plan import Step

SECOND = 1_000_000_000


def step(kind: str, output: str, *inputs: str, order_only: tuple[str, ...] = ()) -> Step:
    return Step(kind, output.split(".")[0], (output,), inputs, ("x",), order_only=order_only)  # type: ignore[arg-type]


STEPS = [
    step("generate", "g.h", "g.py"),
    step("cc", "a.o", "a.c", order_only=("g.h",)),
    step("cc", "b.o", "b.c"),
    step("link", "a.so", "a.o"),
    step("link", "b.so", "b.o"),
]
RUN = {
    "g.h": Record(0.5, 1.5, 0, "g.h"),
    "a.o": Record(1.5, 3.0, 0, "a.o"),
    "b.o": Record(0.5, 3.5, 0, "b.o"),
    "a.so": Record(3.0, 3.2, 0, "a.so"),
    "b.so": Record(3.5, 3.6, 0, "b.so"),
}


def test_lines_that_are_no_records_are_passed_over() -> None:
    text = "# ninja log v7\n17\t1327\t1000000017000000\tx.o\tabc\n5\t6\t7\thalf"
    assert read_log(text) == [Record(0.017, 1.327, 1_000_000_000_000_000, "x.o")]


def test_only_the_newest_run_counts() -> None:
    old = [Record(0, 9, 1 * SECOND, "a.o"), Record(9, 10, 1 * SECOND, "a.so")]
    new = [Record(0, 2, 60 * SECOND, "b.o"), Record(2, 3, 60 * SECOND + 5_000_000, "b.so")]
    assert list(last_run([*old, *new])) == ["b.o", "b.so"]
    assert last_run([]) == {}


def test_a_generator_belongs_to_the_run_it_stands_before() -> None:
    """The record of a step holds the time of its output, which may be older or newer."""
    records = [Record(0, 9, SECOND, "a.o"), Record(0, 1, 5 * SECOND, "g.h"), Record(1, 2, 60 * SECOND, "b.o")]
    assert list(last_run(records, {"g.h"})) == ["b.o", "g.h"]
    assert list(last_run([*records, Record(0, 1, 90 * SECOND, "c.o")], {"g.h"})) == ["c.o"]


def test_steps_go_into_the_first_lane_that_is_free() -> None:
    drawn = timeline(STEPS, RUN)
    assert [(bar.step.outputs[0], bar.start, bar.lane) for bar in drawn.bars] == [
        ("g.h", 0.0, 0),
        ("b.o", 0.0, 1),
        ("a.o", 1.0, 0),
        ("a.so", 2.5, 0),
        ("b.so", 3.0, 0),
    ]


def test_the_longest_chain_is_that_of_the_most_work() -> None:
    drawn = timeline(STEPS, RUN)
    assert [bar.step.outputs[0] for bar in drawn.critical] == ["b.o", "b.so"]
    slower = {**RUN, "a.so": Record(3.0, 5.0, 0, "a.so")}
    assert [bar.step.outputs[0] for bar in timeline(STEPS, slower).critical] == ["g.h", "a.o", "a.so"]


def test_the_sentence_says_how_parallel_it_was() -> None:
    assert str(timeline(STEPS, RUN)) == "5 steps in 3.1 s, 5.8 s of work in 2 lanes; the longest chain took 3.1 s"
    assert timeline(STEPS, RUN).units[0] == ("b", pytest.approx(3.1), 2)


def test_the_axis_has_few_marks_at_round_numbers() -> None:
    assert ticks(3.1) == [0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0]
    assert ticks(0) == [0.0]
    assert all(len(ticks(seconds / 7)) <= 11 for seconds in range(1, 5000, 13))


class Tags(HTMLParser):
    """Every tag, and whatever would be fetched."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.fetched: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.fetched += [f"{tag} {name}" for name, _ in attrs if name in ("src", "href", "data")]


def test_names_are_escaped_and_nothing_is_fetched() -> None:
    evil = step("cc", "<script>alert(1)</script>.o", '"><img src=x>.c')
    text = html(timeline([evil], {evil.outputs[0]: Record(0, 1, 0, evil.outputs[0])}), "<b>&")
    tags = Tags()
    tags.feed(text)
    assert (tags.fetched, {"script", "img", "b"} & set(tags.tags)) == ([], set())
    assert "&lt;b&gt;&amp;" in text
    assert not re.search(r"https?://|url\(|@import", text)


def test_a_build_draws_what_it_did(sources: SourceTree) -> None:
    done = sources.build("--timeline")
    said = done.stdout.splitlines()[-1]
    assert re.fullmatch(r"build/timeline\.html: 5 steps in .* lanes; the longest chain took [\d.]+ s", said)
    text = (sources.top / "build/timeline.html").read_text()
    assert text.count("<rect ") == 5
    sources.write({"res/res_one.c": GOOD_C + "int more;\n"})
    assert sources.build("--timeline").stdout.splitlines()[-1].startswith("build/timeline.html: 2 steps in ")
    assert sources.build("--timeline").stdout.splitlines()[0] == "nothing to do: every chosen module is built"
