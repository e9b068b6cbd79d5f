"""Calls of a backtrace, read from what programs write of a crash."""

from __future__ import annotations

import pytest

from buildsys.crashes.crash_text import Call, calls


@pytest.mark.parametrize(
    ("line", "call"),
    [
        (
            "/usr/lib/asterisk/modules/app_x.so(load_module+0x1b) [0x7f12]",
            Call("/usr/lib/asterisk/modules/app_x.so", 0x1B, "load_module"),
        ),
        ("app_x.so(+0x1b) [0x7f12]", Call("app_x.so", 0x1B)),
        ("[12] VERBOSE: /opt/a[1]/it's/app_x.so(f+0x1b) [0x7f12]", Call("/opt/a[1]/it's/app_x.so", 0x1B, "f")),
        ("  #0  0x00007f32a4b2749b n/a (app_x.so + 0x2749b)", Call("app_x.so", 0x2749B, is_innermost=True)),
        ("  #3  0x00007f32a4b2749b pbx_exec (asterisk + 0x49b)", Call("asterisk", 0x49B, function="pbx_exec")),
        (
            "    #1 0x7f in func (/path/app_x.so+0x123) (BuildId: abcdef12)",
            Call("/path/app_x.so", 0x123, function="func", build_id="abcdef12"),
        ),
        ("    #2 0x7f  (/path/app_x.so+0x123)", Call("/path/app_x.so", 0x123)),
        ("    #1 0x7f in func app/app_x.c:12:3", Call(function="func", source="app/app_x.c:12")),
        (
            "# 2: [0x55d0] asterisk lock.c:268 __ast_pthread_mutex_lock()",
            Call("asterisk", function="__ast_pthread_mutex_lock", source="lock.c:268"),
        ),
        (
            "\t[inlined] app_x.so app_x.c:26 helper()",
            Call("app_x.so", function="helper", source="app_x.c:26", is_innermost=True),
        ),
        ("# 1: app_x.so <unknown>()", Call("app_x.so")),
        (
            "#1  0x7fa0 in load_module (n=1) at app_x.c:123",
            Call(function="load_module", source="app_x.c:123", address=0x7FA0),
        ),
        ("#1  0x7fa0 in ?? () from /m/app_x.so", Call("/m/app_x.so", address=0x7FA0)),
        ("#2  main (argc=1, argv=0x7) at asterisk.c:1", Call(function="main", source="asterisk.c:1")),
        (
            "kernel: asterisk[47]: segfault at 0 ip 00007f32a4b2749b sp 00007f error 4 in app_x.so[7f32a4b20000+9000]",
            Call("app_x.so", 0x749B, is_innermost=True, is_in_text=True),
        ),
        (
            "segfault at 0 ip 00007f32a4b2749b sp 00007f error 4 in app_x.so[2749b,7f32a4b20000+9000] likely on CPU 1",
            Call("app_x.so", 0x2749B, is_innermost=True, is_in_file=True),
        ),
        ("it crashed in app_x.so + 0x2749b, they say", Call("app_x.so", 0x2749B, is_innermost=True)),
        ("[Nov 30] NOTICE[12] app_x.c: nothing of the kind", None),
    ],
)
def test_a_line_names_one_call(line: str, call: Call | None) -> None:
    assert calls(line) == ([call] if call else [])


def test_build_ids_that_stand_elsewhere_are_those_of_the_calls() -> None:
    text = "Module app_x.so with build-id 9A8B7C6D5E4F\n#0  0x00007f1 n/a (app_x.so + 0x10)\n"
    assert calls(text) == [Call("app_x.so", 0x10, build_id="9a8b7c6d5e4f", is_innermost=True)]


def test_calls_are_of_the_thread_whose_heading_stands_above_them() -> None:
    text = "Thread 2 (LWP 12):\n#0  one () at a.c:1\nThread 1 (LWP 11):\n#0  two () at a.c:2\n"
    assert calls(text) == [
        Call(function="one", source="a.c:1", thread="Thread 2 (LWP 12)", is_innermost=True),
        Call(function="two", source="a.c:2", thread="Thread 1 (LWP 11)", is_innermost=True),
    ]


def test_behind_the_crash_handler_the_call_that_the_signal_interrupted_is_the_innermost() -> None:
    text = "".join(f"{name}(+0x1) [0x7f]\n" for name in ("libasterism.so", "libc.so.6", "res_x.so", "libasterism.so"))
    assert [call.name for call in calls(text) if call.is_innermost] == ["res_x.so"]
