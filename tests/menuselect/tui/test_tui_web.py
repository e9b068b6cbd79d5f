"""The menu in a real browser, and who may open it."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from asterism.errors import AsterismError

aiohttp = pytest.importorskip("aiohttp", reason="needs the extra 'web'")
pytest.importorskip("textual_serve", reason="needs the extra 'web'")

BROWSER = next(
    filter(None, map(shutil.which, ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"))), ""
)


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def wait_for(port: int) -> None:
    """Wait until a server listens on the port."""
    for _ in range(400):
        with socket.socket() as knocking:
            if knocking.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)


@pytest.fixture
def address(tree: Path) -> Iterator[str]:
    """The address of a served menu."""
    port = free_port()
    command = [sys.executable, "-m", "asterism", "select", "--web", "--port", str(port), str(tree)]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert server.stdout
    try:
        said = server.stdout.readline().removeprefix("The menu is at ").strip()
        wait_for(port)
        yield said
    finally:
        server.terminate()
        server.wait(10)
        server.stdout.close()


class Browser:
    """A headless Chromium, driven over its debugging protocol."""

    def __init__(self, socket: Any) -> None:
        self._socket = socket
        self._count = 0
        self.text = ""
        """What the page's terminal has been sent, without its escape sequences."""

    async def do(self, method: str, **parameters: object) -> None:
        self._count += 1
        await self._socket.send_json({"id": self._count, "method": method, "params": parameters})

    async def until(self, wanted: str, limit: float = 30) -> None:
        """Wait until a text has been sent to the terminal."""
        ends = time.monotonic() + limit
        while wanted not in self.text:
            if time.monotonic() > ends:
                raise TimeoutError(self.text)
            message = json.loads((await self._socket.receive(timeout=max(ends - time.monotonic(), 0.1))).data)
            if message.get("method") == "Network.webSocketFrameReceived":
                self._take(message["params"]["response"])

    def _take(self, frame: dict[str, Any]) -> None:
        data = frame["payloadData"]
        text = base64.b64decode(data).decode("utf-8", "replace") if frame["opcode"] == 2 else data
        self.text += re.sub(r"\x1b\[[\d;?<>=]*[a-zA-Z$]", "", text)

    async def press_until(self, key: str, wanted: str) -> None:
        """Press a key until it is obeyed: the page shows the terminal first, and listens to keys a moment later."""
        for _ in range(15):
            await self.press(key)
            with contextlib.suppress(TimeoutError):
                await self.until(wanted, 2)
                return
        raise AssertionError(self.text)

    async def press(self, key: str) -> None:
        code = {"Enter": 13}.get(key, ord(key[0].upper()))
        typed = {"text": "\r" if key == "Enter" else key}
        await self.do("Input.dispatchKeyEvent", type="keyDown", key=key, windowsVirtualKeyCode=code, **typed)
        await self.do("Input.dispatchKeyEvent", type="keyUp", key=key, windowsVirtualKeyCode=code)


@contextlib.asynccontextmanager
async def browsing(address: str, profile: Path) -> Any:
    flags = ["--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-port=0", f"--user-data-dir={profile}"]
    # A group of its own: the command is a script on some systems, and the browser its child.
    process = subprocess.Popen(
        [BROWSER, *flags, "about:blank"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        port = profile / "DevToolsActivePort"
        while not (port.exists() and port.read_text().strip()):
            await asyncio.sleep(0.05)
        base = f"http://127.0.0.1:{port.read_text().split()[0]}"
        async with aiohttp.ClientSession() as client:
            async with client.get(f"{base}/json/list") as response:
                page = next(each for each in await response.json() if each["type"] == "page")
            async with client.ws_connect(page["webSocketDebuggerUrl"], max_msg_size=0) as channel:
                browser = Browser(channel)
                await browser.do("Network.enable")
                await browser.do("Page.enable")
                await browser.do("Page.navigate", url=address)
                yield browser
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@pytest.mark.skipif(not BROWSER, reason="needs a Chromium")
def test_a_choice_is_made_and_saved_in_a_browser(address: str, tree: Path, tmp_path: Path) -> None:
    async def choose() -> None:
        async with browsing(address, tmp_path / "profile") as browser:
            await browser.until("Asterism Module Selection")
            await browser.until("q quit")
            await asyncio.sleep(1)
            await browser.do("Runtime.evaluate", expression="document.querySelector('textarea').focus()")
            await browser.press_until("h", "Help: type to search")
            await browser.press("Enter")  # closes the help
            await browser.press("Enter")
            await browser.until("Enter toggle")
            await browser.press("n")
            await browser.until("app_dial is off.")
            await browser.press("x")
            for _ in range(200):
                if (tree / "menuselect.makedeps").exists():
                    return
                await asyncio.sleep(0.05)

    asyncio.run(choose())
    assert (tree / "menuselect.makeopts").read_text().startswith("MENUSELECT_APPS=app_dial app_mysql \n")


async def status(url: str, **headers: str) -> int:
    async with aiohttp.ClientSession() as client, client.get(url, headers=headers) as response:
        return int(response.status)


def test_only_who_has_the_address_gets_in(address: str) -> None:
    base, _, key = address.partition("?key=")

    async def statuses() -> list[int]:
        return [
            await status(address),
            await status(base),
            await status(f"{base}?key=guess"),
            await status(f"{base}ws"),
            await status(f"{base}static/js/textual.js"),
            await status(address, Origin="http://evil.example"),
            await status(address, Host="evil.example"),
            await status(base, Cookie=f"asterism-key={key}"),
        ]

    assert asyncio.run(statuses()) == [200, 403, 403, 403, 403, 403, 403, 200]


def test_the_page_asks_no_other_site_for_anything(address: str) -> None:
    async def policy() -> str:
        async with aiohttp.ClientSession() as client, client.get(address) as response:
            return str(response.headers["Content-Security-Policy"])

    host = address.removeprefix("http://").partition("/")[0]
    assert asyncio.run(policy()) == (
        f"default-src 'self' 'unsafe-inline' data: blob:; connect-src 'self' ws://{host}; frame-ancestors 'none'"
    )


def test_a_port_that_is_taken_is_said(tree: Path) -> None:
    from menuselect.tui.web import serve

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(AsterismError) as caught:
            serve(str(tree), port)
    assert str(caught.value).startswith(f"cannot listen on port {port}: ")
    assert str(caught.value).endswith("\n    choose another one with --port")
