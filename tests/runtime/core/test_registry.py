"""What modules register is found by name, in any case, and goes with its module."""

from __future__ import annotations

import pytest

from asterism.errors import AsterismError, Fault
from runtime.core.registry import Application, Registry


def run(_channel: object, _data: str) -> int:
    return 0


@pytest.fixture
def registry() -> Registry[Application]:
    made: Registry[Application] = Registry("application")
    for name, module in (("Set", "app_set"), ("dial", None), ("Busy", "app_busy"), ("MSet", "app_set")):
        made.add(Application(name, run, module))
    return made


def test_entries_are_found_without_regard_to_case_and_listed_in_order(registry: Registry[Application]):
    assert registry.names() == ["Busy", "dial", "MSet", "Set"]
    found = registry.find("mSET")
    assert found is not None
    assert (found.name, "DIAL" in registry, "x" in registry, 1 in registry, len(registry)) == (
        "MSet",
        True,
        False,
        False,
        4,
    )
    assert registry.find("MSe") is None


def test_a_name_that_is_taken_is_refused_with_its_owner(registry: Registry[Application]):
    faults = []
    for name in ("set", "DIAL", ""):
        with pytest.raises(AsterismError) as raised:
            registry.add(Application(name, run, "app_other"))
        faults += raised.value.faults
    cure = "give it another name, or unload that module first"
    assert faults == [
        Fault("the application 'Set' exists already", why="module app_set registered it", cure=cure, code="name-taken"),
        Fault("the application 'dial' exists already", why="the core registered it", cure=cure, code="name-taken"),
        Fault("the name of the application is empty", code="empty-name"),
    ]
    assert len(registry) == 4


def test_what_a_module_registered_goes_with_it(registry: Registry[Application]):
    assert [entry.name for entry in registry.remove_of("app_set")] == ["MSet", "Set"]
    assert (registry.names(), registry.remove_of("app_set"), registry.remove("nobody")) == (["Busy", "dial"], [], None)


def test_a_reader_sees_the_entries_as_they_were_when_it_began(registry: Registry[Application]):
    reader = iter(registry)
    registry.remove("dial")
    assert [entry.name for entry in reader] == ["Busy", "dial", "MSet", "Set"]
