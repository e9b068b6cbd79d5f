"""``asterism package``: a Debian package of modules, read back with dpkg-deb."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from asterism.errors import AsterismError
from buildsys.packages import contents, debian

Asterism = Callable[..., "subprocess.CompletedProcess[str]"]
MAINTAINER = "Ann Example <ann@example.org>"


@pytest.fixture
def tools() -> None:
    missing = [package for tool, package in debian.TOOLS.items() if shutil.which(tool) is None]
    if missing:
        pytest.skip("needs dpkg-deb")


def said(*argv: str | Path) -> str:
    return subprocess.run(list(map(str, argv)), check=True, capture_output=True, text=True).stdout


@pytest.mark.usefixtures("tools")
def test_a_package_for_a_real_asterisk_holds_modules_and_needs_its_sum(
    mine: Path, stand_in: Path, tmp_path: Path, asterism: Asterism, monkeypatch: pytest.MonkeyPatch
) -> None:
    (mine / "res_greet.conf").write_text("[general]\n")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    made = []
    for output in (tmp_path / "one", tmp_path / "two"):
        words = ("--deb", "--target", stand_in, "--maintainer", MAINTAINER, "--version", "1.2-1", "-o", output)
        done = asterism(mine, "package", *map(str, words))
        assert (done.returncode, done.stderr) == (0, "")
        made += sorted(output.iterdir())
    assert len({hashlib.sha256(path.read_bytes()).digest() for path in made}) == 1

    machine = said("dpkg", "--print-architecture").strip()
    assert made[0].name == f"asterisk-mine_1.2-1_{machine}.deb"
    fields = dict(
        zip(("sum", "needs"), said("dpkg-deb", "-f", made[0], "Maintainer", "Depends").splitlines(), strict=True)
    )
    abi = next(line for line in done.stdout.splitlines() if line.startswith("it depends on ")).split()[-1]
    assert fields["sum"] == f"Maintainer: {MAINTAINER}"
    assert fields["needs"].startswith(f"Depends: {abi}")
    assert abi.startswith("asterisk-abi-")

    shutil.rmtree(tmp_path / "root", ignore_errors=True)
    said("dpkg-deb", "-R", made[0], tmp_path / "root")
    top = tmp_path / "root"
    found = sorted(f"/{path.relative_to(top)}" for path in top.rglob("*") if path.is_file())
    assert found == sorted(
        [
            "/DEBIAN/conffiles",
            "/DEBIAN/control",
            "/DEBIAN/md5sums",
            f"{stand_in}/etc/asterisk/res_greet.conf",
            f"{stand_in}/lib/asterisk/modules/res_greet.so",
            "/usr/share/doc/asterisk-mine/changelog.Debian.gz",
            "/usr/share/doc/asterisk-mine/copyright",
        ]
    )
    assert (top / "DEBIAN/conffiles").read_text() == f"{stand_in}/etc/asterisk/res_greet.conf\n"
    owners = {line.split()[1] for line in said("dpkg-deb", "-c", made[0]).splitlines()}
    assert owners == {"root/root"}


def test_all_that_keeps_a_package_from_being_made_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(AsterismError) as told:
        debian.check(contents.About("asterisk-x", "one", "nobody", "x"))
    assert [(fault.what, fault.cure) for fault in told.value.faults] == [
        ("the tools that make Debian packages are not installed", "apt install binutils dpkg dpkg-dev"),
        ("'one' is not a version of a Debian package", "a version begins with a digit: 1.0, 1.0-1"),
        (
            "the package has no maintainer",
            "set DEBFULLNAME and DEBEMAIL, or write --maintainer 'Ann Example <ann@example.org>'",
        ),
    ]


@pytest.mark.parametrize(
    ("directory", "name"),
    [
        ("mine", "asterisk-mine"),
        ("My_Modules!", "asterisk-my-modules"),
        ("asterisk-x", "asterisk-x"),
        ("..", "asterisk-modules"),
    ],
)
def test_a_package_is_named_after_its_directory(directory: str, name: str) -> None:
    assert contents.package_name("asterisk", directory) == name


@pytest.mark.skipif(shutil.which("rpmbuild") is None, reason="needs rpmbuild")
def test_an_rpm_package_has_the_same_files_and_need(
    mine: Path, stand_in: Path, tmp_path: Path, asterism: Asterism
) -> None:
    (mine / "res_greet.conf").write_text("[general]\n")
    done = asterism(
        mine, "package", "--rpm", "--target", str(stand_in), "--version", "1.2-3", "-o", str(tmp_path / "out")
    )
    assert (done.returncode, done.stderr) == (0, "")
    (made,) = (tmp_path / "out").iterdir()
    abi = done.stdout.splitlines()[-1].removeprefix("it depends on ")
    assert said("rpm", "-qp", "--qf", "%{NAME} %{VERSION} %{RELEASE}", made) == "asterisk-mine 1.2 3"
    assert said("rpm", "-qpl", made).split() == [
        f"{stand_in}/etc/asterisk/res_greet.conf",
        f"{stand_in}/lib/asterisk/modules/res_greet.so",
    ]
    assert said("rpm", "-qpc", made).split() == [f"{stand_in}/etc/asterisk/res_greet.conf"]
    assert abi in said("rpm", "-qpR", made).splitlines()
