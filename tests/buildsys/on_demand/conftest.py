"""The wheel, installed into environments of its own, and a user's cache with the core built from it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from on_demand_support import Installation, make_environment, succeed
from shared_builds import Builds

Copy = Callable[[Path], Path]


@pytest.fixture(scope="session")
def wheel(builds: Builds, project_files: list[Path], copied: Copy) -> Path:
    """The wheel of the project, made without a network."""

    def make(place: Path) -> None:
        top = copied(place / "sources")
        succeed(sys.executable, "-m", "build", "--no-isolation", "--wheel", "--outdir", place / "dist", top)

    return next((builds.get("wheel", project_files, make) / "dist").glob("*.whl"))


@pytest.fixture(scope="session")
def pip_environment(builds: Builds, wheel: Path) -> Path:
    """A virtual environment with the wheel in it; changed by nobody."""
    return builds.get("pip", [wheel], lambda place: make_environment(place / "env", wheel)) / "env"


@pytest.fixture(scope="session")
def filled_cache(builds: Builds, wheel: Path, pip_environment: Path) -> Path:
    """A cache, below a path with blanks and letters that are not ASCII, with the core of the wheel in it."""

    def make(place: Path) -> None:
        cache = place / "la caché de ö"
        user = Installation(pip_environment, place / "home of nobody", cache)
        done = user.run(place, "config", "--prefix")
        if done.returncode:
            pytest.fail(f"the core is not built:\n{done.stderr}", pytrace=False)
        (place / "said").write_text(done.stderr)

    return builds.get("pip-core", [wheel, os.environ.get("PATH", "")], make) / "la caché de ö"


@pytest.fixture
def pip(pip_environment: Path, filled_cache: Path, tmp_path: Path) -> Installation:
    """A user with an empty home, below a path with blanks, whose cache has the core."""
    home = tmp_path / "zu Hause bei ü"
    home.mkdir()
    return Installation(pip_environment, home, filled_cache)
