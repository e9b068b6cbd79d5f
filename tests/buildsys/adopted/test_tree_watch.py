"""``asterism watch`` in a source tree of Asterisk: what is saved is built, and given to whoever runs it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import stand_in

from asterism.tree import Kind, Tree
from buildsys.develop.tree_watch import TreeWatch
from buildsys.develop.watch_events import Event


class Recorder:
    """Takes each build, and notes which."""

    def __init__(self) -> None:
        self.taken: list[str] = []

    def ask(self, **request: str) -> Iterator[dict[str, Any]]:
        self.taken.append(Path(request["replace"]).name)
        yield {"outcome": "run", "trial": 0.1, "taking": 0.2}


def test_what_is_saved_is_built_and_given_away(tmp_path: Path) -> None:
    top = stand_in.write(tmp_path / "tree")
    told: list[Event] = []
    taker = Recorder()
    watch = TreeWatch(Tree(top, Kind.ASTERISK), told.append, taker)
    watch.begin()
    assert (told, taker.taken, list(watch.modules)) == ([], [], ["app_one", "app_two", "codec_own", "res_one"])
    watch.turn()
    assert (told, taker.taken) == ([], [])

    source = top / "apps/app_one.c"
    good = source.read_text()
    source.write_text(good.replace("return", "return 1 +"))
    watch.turn()
    assert ([(event.event, event.module) for event in told], taker.taken) == ([("run", "app_one")], ["app_one.so"])

    source.write_text(good.replace("return", "retrun"))
    watch.turn()
    assert (told[-1].event, told[-1].module, taker.taken) == ("failed", "app_one", ["app_one.so"])
    assert told[-1].excerpt[0].startswith("apps/app_one.c: In function")

    (top / "include/asterisk/shared.h").write_text((top / "include/asterisk/shared.h").read_text() + "\n")
    source.write_text(good)
    watch.turn()
    assert sorted(taker.taken[1:]) == ["app_one.so", "app_two.so", "codec_own.so", "res_one.so"]
