"""A place where an installed program runs: its configuration, its directories, its console."""

from __future__ import annotations

import contextlib
import os
import select
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pexpect
import pytest
from waiting import HANG, until

from asterism_testing.program.started_program import ready_socket

BIN = Path("sbin/asterism")


@dataclass
class Place:
    """A configuration and the directories of one run of an installed program."""

    tree: Path
    root: Path

    @property
    def conf(self) -> Path:
        return self.root / "etc/asterisk.conf"

    @property
    def run(self) -> Path:
        return self.root / "run"

    @property
    def modules(self) -> Path:
        return self.root / "modules"

    def configure(self, text: str, options: str = "") -> None:
        (self.root / "etc/modules.conf").write_text(f"[modules]\n{text}")
        names = {"astetcdir": "etc", "astmoddir": "modules", "astrundir": "run", "astlogdir": "log", "astdbdir": "db"}
        lines = "".join(f"{key} => {self.root}/{name}\n" for key, name in names.items())
        self.conf.write_text(f"[directories]\n{lines}[options]\n{options}")

    def take(self, *names: str) -> None:
        """Put modules of the tree into the module directory."""
        for name in names:
            target = self.modules / name
            target.symlink_to(self.tree / "lib/asterism/modules" / name)

    def words(self, *flags: str) -> list[str]:
        return [str(self.tree / BIN), "-C", str(self.conf), *flags]

    def asterism(self, *flags: str, given: str = "\n", **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.words(*flags),
            input=given,
            capture_output=True,
            text=True,
            timeout=HANG,
            check=False,
            env={**os.environ, "HOME": str(self.root), **environment},
        )

    def ask(self, command: str) -> subprocess.CompletedProcess[str]:
        return self.asterism("-rx", command)

    @contextlib.contextmanager
    def running(self, *flags: str, **environment: str) -> Iterator[subprocess.Popen[str]]:
        """The program in the foreground, fully booted."""
        with ready_socket() as (listener, address):
            process = subprocess.Popen(
                self.words("-f", *flags),
                stdin=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                env={**os.environ, "NOTIFY_SOCKET": address, **environment},
            )
            if "NOTIFY_SOCKET" not in environment:
                until(lambda: select.select([listener], [], [], 0)[0] or process.poll() is not None, "the start")
        try:
            if process.poll() is not None:
                pytest.fail(f"it ended: {process.communicate()}", pytrace=False)
            yield process
        finally:
            if process.poll() is None:
                process.kill()
            process.communicate()

    def console(self, *flags: str, **environment: str) -> pexpect.spawn[str]:
        env = {**os.environ, "HOME": str(self.root), "TERM": "xterm", "NO_COLOR": "1", **environment}
        words = self.words(*flags)
        return pexpect.spawn(words[0], words[1:], encoding="utf-8", timeout=HANG, env=env, dimensions=(30, 120))


SOURCE = """\
#include "asterisk.h"
#include "asterisk/module.h"
{before}
static int unload_module(void) {{ return 0; }}
static int load_module(void) {{ {load} }}
AST_MODULE_INFO(ASTERISK_GPL_KEY, AST_MODFLAG_DEFAULT, "Test module", .load = load_module, .unload = unload_module,);
"""
