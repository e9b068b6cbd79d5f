"""Draws the pictures of the menu that the documentation shows.

    make screenshots

Each is the menu itself, driven by keys over a small tree, as an SVG in this directory.
"""

from __future__ import annotations

import asyncio
import re
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from asterism import files
from menuselect.session.session import Session
from menuselect.tui.app import MenuApp
from menuselect.tui.preferences import Preferences
from menuselect.tui.screens.menu_drawing import THINK

HERE = Path(__file__).parent

CATEGORIES = {
    "Applications": """
        app_agent_pool core Call center agent pool applications
        app_authenticate core Authentication Application
        app_confbridge core Conference Bridge Application | bridge_softmix
        app_dial core Dialing Application | res_features
        app_echo core Simple Echo Application
        app_exec core Executes dialplan applications
        app_queue core True Call Queueing | res_monitor
        app_voicemail core Comedian Mail | res_adsi
        app_jack extended JACK Interface | jack
        app_osplookup extended Open Settlement Protocol Applications | osptk
        app_mysql deprecated Simple Mysql Interface | mysqlclient""",
    "Bridging Modules": """
        bridge_simple core Simple two channel bridging module
        bridge_softmix core Multi-party software based channel mixing""",
    "Codec Translators": """
        codec_alaw core A-law Coder/Decoder
        codec_opus external OPUS Coder/Decoder | xmllint
        codec_speex core Speex Coder/Decoder | speex
        codec_ulaw core mu-Law Coder/Decoder""",
    "Dialplan Functions": """
        func_base64 core base64 encode/decode dialplan functions
        func_curl core Load external URL | res_curl
        func_env core Environment/filesystem dialplan functions
        func_uuid core A universally unique identifier""",
    "Resource Modules": """
        res_adsi extended ADSI Resource
        res_config_curl core Realtime Curl configuration | res_curl func_curl
        res_config_ldap extended LDAP realtime interface | ldap
        res_curl core cURL Resource Module | curl
        res_features core Call Features
        res_monitor deprecated Call Monitoring Resource
        res_http_media_cache core HTTP Media Cache Backend | res_curl""",
}

DEPS = "CURL=1\nSPEEX=1\nJACK=0\nOSPTK=0\nMYSQLCLIENT=0\nLDAP=0\nXMLLINT=0\n"


@dataclass(frozen=True, slots=True)
class Picture:
    """One file, and how the menu comes to look like it."""

    name: str
    keys: str
    theme: str = "dark"
    size: tuple[int, int] = (100, 24)


PICTURES = (
    Picture("menu", "end enter down down n up", size=(132, 22)),
    Picture("menu-filter", "slash c u r l down n"),
    Picture("menu-missing", "enter end", "light"),
    Picture("menu-narrow", "down down down enter down space", "high-contrast", (48, 18)),
)


def tree() -> str:
    """The menu that the pictures show, as menuselect-tree."""
    return "\n".join(['<menu name="Asterisk Module and Build Option Selection">', *_categories(), "</menu>"])


def _categories() -> Iterator[str]:
    for number, (title, lines) in enumerate(CATEGORIES.items()):
        yield f'<category name="MENUSELECT_C{number}" displayname="{title}">'
        for line in lines.strip().splitlines():
            described, _, needs = line.partition("|")
            name, level, description = described.split(maxsplit=2)
            depends = "".join(f"<depend>{need}</depend>" for need in needs.split())
            yield f'<member name="{name}" displayname="{description.strip()}">{depends}'
            yield f"<support_level>{level}</support_level></member>"
        yield "</category>"


async def draw(picture: Picture) -> str:
    """A picture as SVG."""
    with tempfile.TemporaryDirectory() as directory:
        top = Path(directory)
        (top / "build_tools").mkdir()
        (top / "menuselect-tree").write_text(tree())
        (top / "build_tools" / "menuselect-deps").write_text(DEPS)
        app = MenuApp(Session.open(top), Preferences(theme=picture.theme))
    async with app.run_test(size=picture.size) as pilot:
        await pilot.press(*picture.keys.split())
        await pilot.pause(THINK * 2)
        svg = app.export_screenshot(title="menuselect")
    # The fonts would come from another site, which a page that shows the picture should not ask.
    return re.sub(r"\s*@font-face \{.*?\}", "", svg, flags=re.DOTALL)


def main() -> int:
    """Draw all of them."""
    for picture in PICTURES:
        path = HERE / f"{picture.name}.svg"
        written = files.write(path, asyncio.run(draw(picture)))
        print(f"{path.relative_to(HERE.parent)}: {'drawn' if written else 'as before'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
