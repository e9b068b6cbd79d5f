"""Opening the library of the core: a damaged file is one message with the cure."""

from __future__ import annotations

from pathlib import Path

import pytest

from asterism.errors import AsterismError
from runtime.modules import native_library


def test_a_damaged_library_is_told_with_the_cure_for_make_and_for_pip(tmp_path: Path) -> None:
    library = tmp_path / "libasterism.so"
    library.write_bytes(bytes(64))
    (tmp_path / "core_types.py").write_text("import cffi\n\nffi = cffi.FFI()\n")
    with pytest.raises(AsterismError) as caught:
        native_library._open_library(library)
    first, *cure = str(caught.value).splitlines()
    assert first.startswith(f"{library}: the core cannot be loaded: ")
    assert cure == [
        "    run 'make clean' and 'make install' again;",
        "    after an installation by pip, remove this file: the next use installs it anew",
    ]
