"""The installed unit under a real systemd: a user manager in namespaces of its own."""

from __future__ import annotations

import os
import shutil
import subprocess

import pytest
from runtime_support import Place
from waiting import HANG

SYSTEMD = "/lib/systemd/systemd"
NAMESPACES = ("unshare", "--mount", "--cgroup", "--pid", "--fork", "--mount-proc")

PROBE = """\
set -eu
mount --make-rprivate /
mount -t cgroup2 none /sys/fs/cgroup
mkdir "/sys/fs/cgroup/asterism-probe-$$"
rmdir "/sys/fs/cgroup/asterism-probe-$$"
"""

MANAGER = """\
set -eu
mount --make-rprivate /
mount -t tmpfs tmpfs /run
mkdir -p /run/systemd/system /run/user
mount -t cgroup2 none /sys/fs/cgroup
group=/sys/fs/cgroup/asterism-test-$1
mkdir "$group"
echo $$ > "$group/cgroup.procs"
XDG_RUNTIME_DIR=/run/user XDG_CONFIG_HOME=$2
export XDG_RUNTIME_DIR XDG_CONFIG_HOME
/lib/systemd/systemd --user > "$2/manager.log" 2>&1 &
manager=$!
is_there() { until systemctl --user show -P Version; do kill -0 $manager || return 1; sleep 0.05; done; }
if is_there > /dev/null 2>&1; then
	sh -u "$3" || :
	systemctl --user exit
else
	echo 'no manager'
fi
wait
echo $$ > /sys/fs/cgroup/cgroup.procs
find "$group" -depth -type d -exec rmdir {} +
"""

STEPS = """\
pid() { systemctl --user show -P MainPID asterism; }
state() { echo "$1: $(systemctl --user show -P ActiveState asterism) $(systemctl --user show -P Result asterism)"; }
ask() { timeout 20 PROGRAM -rx "$1"; }
systemctl --user start asterism; echo "start $?"; state started
ask 'module show like res_sample'
systemctl --user reload asterism; echo "reload $?"; state reloaded
first=$(pid)
systemctl --user restart asterism; echo "restart $?"; state restarted
second=$(pid)
[ "$first" != "$second" ] && echo 'another process'
kill -KILL "$second"
until [ "$(systemctl --user show -P NRestarts asterism)" = 1 ] && [ "$(pid)" != 0 ] &&
	ask 'core waitfullybooted' 2> /dev/null; do
	sleep 0.05
done
state 'killed'
systemctl --user stop asterism; echo "stop $?"; state stopped
"""


def can_have_a_manager() -> bool:
    """Whether this process may make namespaces, and systemd is there to be run in them."""
    if not (os.path.exists(SYSTEMD) and shutil.which("unshare") and os.getuid() == 0):
        return False
    return subprocess.run([*NAMESPACES, "sh", "-c", PROBE], capture_output=True, check=False).returncode == 0


def test_the_unit_starts_reloads_restarts_and_stops_under_systemd(place: Place) -> None:
    if not can_have_a_manager():
        pytest.skip("needs systemd and the right to make namespaces")
    place.take("res_sample_module.so")
    place.configure("load = res_sample_module.so\n")
    program = f"{place.tree}/sbin/asterism"
    unit = (place.tree / "lib/systemd/system/asterism.service").read_text()
    units = place.root / "config/systemd/user"
    units.mkdir(parents=True)
    (units / "asterism.service").write_text(unit.replace(program, f"{program} -C {place.conf}"))
    steps = place.root / "steps"
    steps.write_text(STEPS.replace("PROGRAM", f"{program} -C {place.conf}"))
    done = subprocess.run(
        [*NAMESPACES, "sh", "-c", MANAGER, "sh", str(os.getpid()), str(place.root / "config"), str(steps)],
        capture_output=True,
        text=True,
        timeout=3 * HANG,
        check=False,
    )
    if done.stdout == "no manager\n":
        pytest.skip("needs systemd and the right to make namespaces")
    assert (done.stdout, done.stderr) == (
        "start 0\n"
        "started: active success\n"
        "Module                         Description                              Use Count  Status      Support Level\n"
        "res_sample_module.so           Sample module                            0          Running              core\n"
        "1 modules loaded\n"
        "reload 0\n"
        "reloaded: active success\n"
        "restart 0\n"
        "restarted: active success\n"
        "another process\n"
        "Asterisk has fully booted.\n"
        "killed: active success\n"
        "stop 0\n"
        "stopped: inactive success\n",
        "",
    )
