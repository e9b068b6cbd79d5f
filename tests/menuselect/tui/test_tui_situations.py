"""The text of the screen in the main situations, at four sizes of a terminal.

    PYTHONPATH=.:tests/menuselect/tui .venv/bin/python tests/menuselect/tui/test_tui_situations.py

writes the files anew; each holds the screens of one situation, to be looked at before they are committed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from driving import drive, keys

from menuselect.session.session import Session
from menuselect.tui.preferences import Preferences

HERE = Path(__file__).parent / "situations"
SIZES = [(40, 15), (80, 24), (132, 43), (200, 60)]

SITUATIONS = {
    "first": "",
    "category": "down down down enter down down n down v v",
    "filter": "slash 'curl' down n",
    "missing": "enter right_square_bracket i",
    "needs": "down down down enter e",
    "differences": "down enter f7 d",
}
"""The keys that lead to each situation."""

CATEGORIES = (
    ("ADDONS", "Add-ons (See README-addons.txt)", ("chan_mobile Bluetooth Mobile Device Channel Driver|otherlib",)),
    ("APPS", "Applications", (
        "app_dial Dialing Application|res_features",
        "app_queue True Call Queueing|res_monitor",
        "app_voicemail Comedian Mail|res_adsi",
        *(f"app_number_{number} Application number {number}, whose description is longer" for number in range(1, 31)),
    )),
    ("BRIDGES", "Bridging Modules", ("bridge_simple Simple two channel bridging module",)),
    ("RES", "Resource Modules", (
        "res_curl cURL Resource Module|curl",
        "res_config_curl Realtime Curl configuration|res_curl func_curl",
        "res_pjsip_outbound_authenticator_digest PJSIP authentication resource|pjproject res_pjsip",
        "res_pjsip Basic SIP resource|pjproject res_sorcery_config",
        "res_sorcery_config Sorcery Configuration File Object Wizard",
        "res_features Call Features",
        "res_monitor Call Monitoring Resource",
        "res_adsi ADSI Resource",
        *(f"res_number_{number} Resource number {number}" for number in range(1, 41)),
    )),
    ("FUNCS", "Dialplan Functions", ("func_curl Load external URL|res_curl",)),
    ("CHANNELSTORAGE", "Alternate Channel Storage Backends", ("storage_map Channel storage in a C++ map|strangelib",)),
)  # fmt: skip

DEPS = "CURL=1\nPJPROJECT=1\nOTHERLIB=0\nSTRANGELIB=0\n"


def tree() -> Iterator[str]:
    """The menu of the situations, as menuselect-tree."""
    yield '<menu name="Asterisk Module and Build Option Selection">'
    for name, title, members in CATEGORIES:
        yield f'<category name="MENUSELECT_{name}" displayname="{title}">'
        for line in members:
            described, _, needs = line.partition("|")
            member, title = described.split(" ", 1)
            depends = "".join(f"<depend>{need}</depend>" for need in needs.split())
            yield f'<member name="{member}" displayname="{title}">{depends}<support_level>core</support_level></member>'
        yield "</category>"
    yield "</menu>"


def drawn(directory: Path, pressed: str) -> str:
    """The screens of a situation at every size."""
    (directory / "build_tools").mkdir(exist_ok=True)
    (directory / "menuselect-tree").write_text("\n".join(tree()))
    (directory / "build_tools" / "menuselect-deps").write_text(DEPS)
    screens = []
    for size in SIZES:
        app = asyncio.run(drive(Session.open(directory), keys(pressed), size, Preferences()))
        screens.append(f"=== {size[0]}x{size[1]}\n{app.text}")  # type: ignore[attr-defined]
    return "".join(screens)


@pytest.mark.parametrize("name", SITUATIONS)
def test_the_screen_at_every_size(tmp_path: Path, name: str) -> None:
    assert drawn(tmp_path, SITUATIONS[name]) == (HERE / f"{name}.txt").read_text()


def test_no_line_is_wider_than_the_terminal_and_no_screen_higher() -> None:
    for name in SITUATIONS:
        for screen in (HERE / f"{name}.txt").read_text().split("=== ")[1:]:
            size, *lines = screen.splitlines()
            width, height = map(int, size.split("x"))
            assert max(map(len, lines)) <= width
            assert len(lines) == height


if __name__ == "__main__":
    import tempfile

    for each, way in SITUATIONS.items():
        with tempfile.TemporaryDirectory() as place:
            (HERE / f"{each}.txt").write_text(drawn(Path(place), way))
