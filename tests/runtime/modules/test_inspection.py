"""What is checked of a module before any of its callbacks is called."""

from __future__ import annotations

import pytest

from asterism.values import replace
from runtime.model.module_record import GPL_KEY, ModuleInfo
from runtime.modules.inspection import inspect

GOOD = ModuleInfo(description="What it is", key=GPL_KEY, buildopt_sum="aaaa", buildopts=("DEBUG_THREADS",))


@pytest.mark.parametrize(
    ("info", "core_sum", "code"),
    [
        (GOOD, "aaaa", None),
        (GOOD, "", None),
        (replace(GOOD, buildopt_sum=""), "bbbb", None),
        (replace(GOOD, description=None), "aaaa", "no-description"),
        (replace(GOOD, description=""), "aaaa", "no-description"),
        (replace(GOOD, key=None), "aaaa", "no-key"),
        (replace(GOOD, key=GPL_KEY + " "), "aaaa", "wrong-key"),
        (GOOD, "bbbb", "build-options"),
        (replace(GOOD, description="", key=None, buildopt_sum="b"), "aaaa", "no-description"),
    ],
)
def test_the_first_fault_keeps_a_module_from_starting(info: ModuleInfo, core_sum: str, code: str | None) -> None:
    fault = inspect(info, "/m/res_x.so", core_sum)
    assert (fault and fault.code) == code


def test_other_build_options_are_named() -> None:
    fault = inspect(GOOD, "/m/res_x.so", "bbbb", ["LOADABLE_MODULES"])
    assert fault
    assert "DEBUG_THREADS" in fault.why
    assert (fault.place and fault.place.file) == "/m/res_x.so"
