"""``asterism install --target``: modules in the module directory of the stand-in, and out of it again."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Asterism = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def other(tmp_path: Path, stand_in: Path) -> Path:
    """A stand-in that tests may change."""
    copied = shutil.copytree(stand_in, tmp_path / "other")
    (copied / "etc/asterisk/asterisk.conf").write_text(f"[directories]\nastmoddir => {copied}/lib/asterisk/modules\n")
    return copied


def files_of(prefix: Path) -> list[str]:
    return sorted(str(path.relative_to(prefix)) for path in (prefix / "lib/asterisk").rglob("*") if path.is_file())


def test_modules_and_configuration_go_in_and_out(mine: Path, other: Path, asterism: Asterism) -> None:
    (mine / "res_greet.conf").write_text("[general]\n")
    done = asterism(mine, "install", "--target", str(other))
    told = f"installed 2 files in {other} (2 new or changed)\n"
    told += f"next: '{other}/sbin/asterisk -rx \"module load res_greet\"'\n"
    assert (done.returncode, done.stdout, done.stderr) == (0, told, "")
    assert files_of(other) == [
        "lib/asterisk/asterism/modules.d/mine.json",
        "lib/asterisk/modules/res_base.so",
        "lib/asterisk/modules/res_greet.so",
    ]
    assert (other / "etc/asterisk/res_greet.conf").read_text() == "[general]\n"
    gone = asterism(mine, "uninstall", "--target", str(other))
    assert (gone.returncode, gone.stdout) == (0, f"removed 2 files from {other}\n")
    assert "lib/asterisk/modules/res_greet.so" not in files_of(other)


def test_the_documentation_of_a_module_goes_with_it(mine: Path, other: Path, asterism: Asterism) -> None:
    block = '/*** DOCUMENTATION\n\t<application name="Greet"><synopsis>Greets.</synopsis></application>\n ***/\n'
    (mine / "res_greet.c").write_text((mine / "res_greet.c").read_text() + block)
    assert asterism(mine, "install", "--target", str(other)).returncode == 0
    documented = other / "var/lib/asterisk/documentation/thirdparty/res_greet-en_US.xml"
    assert "<synopsis>Greets.</synopsis>" in documented.read_text()
    assert asterism(mine, "uninstall", "--target", str(other)).returncode == 0
    assert not documented.exists()


def test_a_file_of_somebody_else_is_left_alone(mine: Path, other: Path, asterism: Asterism) -> None:
    theirs = other / "lib/asterisk/modules/res_greet.so"
    theirs.write_bytes(b"theirs")
    done = asterism(mine, "install", "--target", str(other))
    assert (done.returncode, done.stderr) == (
        1,
        f"{theirs}: this file was not installed by Asterism\n"
        "    move the file away, uninstall its package, or give the module another name\n",
    )
    assert (theirs.read_bytes(), (other / "lib/asterisk/asterism/modules.d").exists()) == (b"theirs", False)


def test_a_package_is_staged_below_destdir(mine: Path, other: Path, tmp_path: Path, asterism: Asterism) -> None:
    before = files_of(other)
    done = asterism(mine, "install", "--target", str(other), "--destdir", str(tmp_path / "stage"))
    assert done.returncode == 0, done.stderr
    staged = tmp_path / f"stage{other}/lib/asterisk/modules"
    assert ([path.name for path in staged.iterdir()], files_of(other)) == (["res_greet.so"], before)


def test_a_program_of_other_options_than_the_headers_gets_nothing(mine: Path, other: Path, asterism: Asterism) -> None:
    total = "f" * 32
    (other / "include/asterisk/buildopts.h").write_text(f'#define AST_BUILDOPT_SUM "{total}"\n')
    done = asterism(mine, "install", "--target", str(other))
    assert (done.returncode, done.stderr) == (
        1,
        f"{other}/sbin/asterisk: the program was built with other options than the headers: the headers in "
        f"{other}/include have the sum {total}, which it does not demand\n    name the headers of that build: the "
        "source tree that it was installed from, or its own include directory\n",
    )
    assert files_of(other) == ["lib/asterisk/modules/res_base.so"]


def test_a_module_that_requires_what_is_not_there_is_refused_before_anything_is_copied(
    mine: Path, other: Path, asterism: Asterism
) -> None:
    source = (mine / "res_greet.c").read_text()
    wanting = 'AST_MODULE_INFO(ASTERISK_GPL_KEY, AST_MODFLAG_DEFAULT, "Wants", .load = load_module, '
    tail = '.unload = unload_module, .requires = "res_gone");\n'
    (mine / "res_wants.c").write_text(source[: source.index("AST_MODULE_INFO")] + wanting + tail)
    done = asterism(mine, "install", "--target", str(other))
    assert (done.returncode, done.stderr.splitlines()[0].rpartition("/")[2]) == (
        1,
        "res_wants.so: it requires res_gone, which that Asterisk does not have",
    )
    assert files_of(other) == ["lib/asterisk/modules/res_base.so"]


def test_headers_alone_are_no_place_to_install_to(mine: Path, other: Path, asterism: Asterism) -> None:
    done = asterism(mine, "install", "--target", str(shutil.copytree(other / "include", mine / "headers")))
    assert (done.returncode, done.stderr.splitlines()[0]) == (1, f"{mine}/headers: this Asterisk is not installed")


def test_a_module_that_is_switched_off_is_not_installed(mine: Path, other: Path, asterism: Asterism) -> None:
    shutil.copy(mine / "res_greet.c", mine / "res_other.c")
    assert asterism(mine, "disable", "res_other").returncode == 0
    done = asterism(mine, "install", "--quiet", "--target", str(other))
    told = "menuselect.makeopts: warning: res_other is left out: it was switched off\n"
    cure = "    'asterism enable res_other' switches it on, 'asterism build res_other' builds it all the same\n"
    assert (done.returncode, done.stderr) == (0, told + cure)
    assert "lib/asterisk/modules/res_greet.so" in files_of(other)
    assert "lib/asterisk/modules/res_other.so" not in files_of(other)
