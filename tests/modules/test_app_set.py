"""Set, MSet and NoOp: what they set, and what they leave alone."""

from __future__ import annotations

import pytest
from module_runtime import Runtime

SETS = [
    ("Set", "a=1", "0", "1"),
    ("Set", " a =1", "0", "1"),
    ("Set", 'a= b, c="d" ', "0", ' b, c="d" '),
    ("Set", "a=", "0", "(none)"),  # empty; the probe shows that in the same way
    ("Set", "a==", "0", "="),
    ("Set", "__a=inherited", "0", "inherited"),
    ("Set", "a", "0\nWARNING Set needs a variable and a value: Set(name=value)", "old"),
    ("Set", "", "0\nWARNING Set needs a variable and a value: Set(name=value)", "old"),
    ("Set", None, "0\nWARNING Set needs a variable and a value: Set(name=value)", "old"),
    ("Set", "=x", "0\nWARNING Set: the variable for the value 'x' has no name", "old"),
    ("MSet", "a=1", "0", "1"),
    ("MSet", "b=2,a=1", "0", "1"),
    ("MSet", 'a="1,2",b=3', "0", "1,2"),
    ("MSet", "a=1\\,2", "0", "1,2"),
    ("MSet", "a=1=2", "0", "1=2"),
    ("MSet", "x,a=1", "0\nWARNING MSet: 'x' is ignored: it is not name=value", "1"),
    ("MSet", "", "0\nWARNING MSet needs variables and values: MSet(name=value[,name=value...])", "old"),
    ("MSet", None, "0\nWARNING MSet needs variables and values: MSet(name=value[,name=value...])", "old"),
    (
        "MSet",
        ",".join(f"v{n}=x" for n in range(98)) + ",a=98,c=99",
        "0\nWARNING MSet sets at most 99 variables; 'c=99' is ignored",
        "98",
    ),
    ("NoOp", "a=1", "0", "old"),
    ("NoOp", None, "0", "old"),
]


@pytest.mark.parametrize("who", ["somebody", "nobody"])
@pytest.mark.parametrize(
    ("application", "data", "expected", "value"), SETS, ids=[f"{a} {str(d)[:20]}" for a, d, _, _ in SETS]
)
def test_application_sets_what_it_was_given(
    runtime: Runtime, application: str, data: str | None, expected: str, value: str, who: str
) -> None:
    runtime.set("a", "old", who)
    assert (runtime.execute(application, data, who), runtime.get("a", who)) == (expected, value)


def test_long_value_is_kept_whole(runtime: Runtime) -> None:
    runtime.execute("Set", f"a={'x' * 50_000}")
    assert runtime.get("a") == "x" * 50_000


def test_function_that_cannot_be_set_is_told_and_the_dialplan_goes_on(runtime: Runtime) -> None:
    assert runtime.execute("Set", "MD5(x)=1") == "0\nWARNING the function 'MD5' can only be read"
