"""The program under a supervisor that knows nothing of it: runit's runsv."""

from __future__ import annotations

import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from runtime_support import Place
from waiting import HANG, until

RUN = "#!/bin/sh\nexec 2>&1\nexec {program} -f -C {conf} >> {root}/output\n"
FINISH = '#!/bin/sh\necho "$1 $2" >> {root}/ends\n'


class Service:
    """A directory of a service that runsv looks after."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.directory = place.root / "service"
        self.directory.mkdir()
        for name, text in (("run", RUN), ("finish", FINISH)):
            script = self.directory / name
            script.write_text(text.format(program=place.tree / "sbin/asterism", conf=place.conf, root=place.root))
            script.chmod(0o755)

    def sv(self, *words: str) -> int:
        """Ask runsv, and return the status."""
        done = subprocess.run(["sv", *words, str(self.directory)], capture_output=True, timeout=HANG, check=False)
        return done.returncode

    def pid(self) -> int:
        """The process that runs, once it is booted."""
        until(lambda: self.place.ask("core waitfullybooted").returncode == 0, "the start")
        return int((self.directory / "supervise/pid").read_text())

    def ends(self) -> list[str]:
        """Status and signal of each end so far, as runsv tells its finish script."""
        path = self.place.root / "ends"
        return path.read_text().splitlines() if path.exists() else []


@pytest.fixture
def service(place: Place) -> Iterator[Service]:
    if not (shutil.which("runsv") and shutil.which("sv")):
        pytest.skip("needs runit")
    place.take("res_sample_module.so")
    place.configure("load = res_sample_module.so\n")
    service = Service(place)
    runsv = subprocess.Popen(["runsv", str(service.directory)])
    try:
        yield service
    finally:
        runsv.send_signal(signal.SIGTERM)
        runsv.wait(HANG)


def test_a_supervisor_brings_back_what_was_killed_and_keeps_down_what_it_stopped(service: Service) -> None:
    first = service.pid()
    assert service.sv("kill") == 0
    until(lambda: service.ends() == ["-1 9"], "the end that runsv tells")
    second = service.pid()
    assert first != second
    assert service.sv("-w", "30", "down") == 0
    assert service.ends() == ["-1 9", "0 0"]
    assert service.place.ask("core show version").returncode == 1


def test_a_restart_from_the_console_is_no_end_for_a_supervisor(service: Service) -> None:
    first = service.pid()
    log = Path(service.place.root / "output")
    assert service.place.ask("core restart gracefully").returncode == 0
    until(lambda: log.read_text().count("Asterisk Ready.") == 2, "the second start")
    assert (service.pid(), service.ends()) == (first, [])


def test_hangup_reloads_and_a_failed_command_of_a_script_tells_so(service: Service) -> None:
    first = service.pid()
    assert service.sv("hup") == 0
    assert service.place.ask("module reload nix").returncode == 1
    assert (service.pid(), service.ends()) == (first, [])


def test_the_working_directory_stays_free_of_files(service: Service) -> None:
    service.pid()
    assert sorted(path.name for path in service.directory.iterdir()) == ["finish", "run", "supervise"]
