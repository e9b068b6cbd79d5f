"""The project's own unit tests in C, run as a user runs them: 'test execute all'."""

from __future__ import annotations

import json

from module_runtime import Runtime


def test_every_unit_test_of_the_project_passes(runtime: Runtime) -> None:
    done = runtime.ask("test execute all")
    results = json.loads(runtime.ask("test show results all json").out)
    assert {entry["result"] for entry in results} == {"pass"}, done.out
    assert done.status == 0
    modules = {f"{entry['module']}{entry['category']}" for entry in results}
    assert modules >= {"test_strings/main/strings/", "test_vector/main/vector/", "test_astobj2/main/astobj2/"}
    assert f"\n{len(results)} Test(s) Executed  {len(results)} Passed  0 Failed\n" in done.out
