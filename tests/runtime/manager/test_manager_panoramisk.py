"""The manager of an installed program, driven by a client that others wrote: panoramisk."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Awaitable, Callable
from typing import Any

import panoramisk
import pytest
from manager_client import free_port
from runtime_support import Place
from waiting import HANG

Heard = asyncio.Queue[Any]
Scene = Callable[[Any, Heard], Awaitable[None]]

ACCOUNT = "[bob]\nsecret = geheim\nread = system,user\nwrite = all\n"


@pytest.fixture
def port(place: Place) -> int:
    found = free_port()
    file = place.root / "etc/manager.conf"
    file.write_text(f"[general]\nenabled = yes\nport = {found}\n{ACCOUNT}")
    file.chmod(0o600)
    return found


def played(port: int, scene: Scene, **options: object) -> None:
    """Play a scene with a client that is connected."""

    async def play() -> None:
        log = logging.getLogger("panoramisk.test")
        log.setLevel(logging.CRITICAL)
        loop = asyncio.get_running_loop()
        client = panoramisk.Manager(loop=loop, host="127.0.0.1", port=port, log=log, reconnect_timeout=60, **options)
        heard: Heard = asyncio.Queue()
        client.register_event("*", lambda _client, event: heard.put_nowait(event))
        await client.connect()
        await asyncio.sleep(0)  # its callbacks run
        try:
            await asyncio.wait_for(scene(client, heard), HANG)
        finally:
            client.close()

    asyncio.run(play())


def test_login_actions_lists_and_events_as_panoramisk_knows_them(place: Place, port: int) -> None:
    place.take("res_clock.py", "func_codes.so")

    async def scene(client: Any, heard: Heard) -> None:
        assert (await client.authenticated_future).success
        booted = await heard.get()
        assert (booted.event, booted.status) == ("FullyBooted", "Fully Booted")
        assert (await client.send_action({"Action": "Ping"})).ping == "Pong"
        version = await client.send_command("core show version")
        assert version.success
        assert version.output.startswith("Asterism ")
        wrong = await client.send_action({"Action": "Command", "Command": "core shw version"})
        assert not wrong.success
        unload = await client.send_action({"Action": "ModuleLoad", "Module": "res_clock", "LoadType": "unload"})
        assert (unload.success, unload.message) == (True, "Module unloaded.")
        event = await heard.get()
        assert (event.event, event.module, event.status) == ("Unload", "res_clock", "Success")
        check = await client.send_action({"Action": "ModuleCheck", "Module": "res_clock"})
        assert (check.success, check.message) == (False, "Module not loaded")
        await client.send_action({"Action": "ModuleLoad", "Module": "res_clock", "LoadType": "load"})
        assert (await heard.get()).event == "Load"
        assert (await client.send_action({"Action": "Reload"})).success
        reload = await heard.get()
        assert (reload.event, reload.module, reload.status) == ("Reload", "All", "0")
        status = await client.send_action({"Action": "CoreStatus"})
        assert status.corecurrentcalls == "0"
        await client.send_action({"Action": "UserEvent", "UserEvent": "Mine", "Number": "7"})
        mine = await heard.get()
        assert (mine.event, mine.userevent, mine.number) == ("UserEvent", "Mine", "7")

    with place.running():
        played(port, scene, username="bob", secret="geheim")
        shown = place.ask("manager show connected").stdout.splitlines()
        assert shown[-1] == "0 users connected."


def test_a_wrong_secret_is_no_login_and_a_challenge_is_one(place: Place, port: int) -> None:
    async def refused(client: Any, heard: Heard) -> None:
        answer = await client.authenticated_future
        assert (answer.success, answer.message) == (False, "Authentication failed")

    async def challenged(client: Any, heard: Heard) -> None:
        asked = await client.send_action({"Action": "Challenge", "AuthType": "MD5"})
        key = hashlib.md5(f"{asked.challenge}geheim".encode()).hexdigest()
        answer = await client.send_action({"Action": "Login", "AuthType": "MD5", "Username": "bob", "Key": key})
        assert (answer.success, answer.message) == (True, "Authentication accepted")

    with place.running():
        played(port, refused, username="bob", secret="falsch")
        played(port, challenged)


def test_a_client_that_is_there_during_the_stop_is_told(place: Place, port: int) -> None:
    async def scene(client: Any, heard: Heard) -> None:
        gone = asyncio.get_running_loop().create_future()
        client.on_disconnect = lambda _client, why: gone.done() or gone.set_result(why)
        assert (await client.authenticated_future).success
        assert (await client.send_command("core stop gracefully")).success
        assert (await heard.get()).event == "FullyBooted"
        last = await heard.get()
        assert (last.shutdown, last.restart) == ("Cleanly", "False")
        await gone

    with place.running() as process:
        played(port, scene, username="bob", secret="geheim")
        assert process.wait(HANG) == 0
