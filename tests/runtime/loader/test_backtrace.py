"""The frames of the crash handler's output."""

from __future__ import annotations

from runtime.loader import backtrace
from runtime.loader.backtrace import Frame

WHOLE = """\
asterism: module res_x crashed in its load callback
/opt/a/lib/libasterism.so(+0x10) [0x7f01]
/opt/a/lib/libasterism.so(asterism_crashed+0x20)[0x7f02]
/lib/libc.so.6(+0x3c050) [0x7f03]
/run/modules.12-3/res_x.so(inner+0x4) [0x7f04]
/run/modules.12-3/res_x.so(+0x51) [0x7f05]
/usr/bin/python3() [0x7f06]
a line that says /opt/a/res_y.so(f+0x1) [0x7f07]
"""


def test_the_interrupted_frame_follows_the_handlers_and_the_signals() -> None:
    assert backtrace.frames(WHOLE) == [
        Frame("/opt/a/lib/libasterism.so", "", 0x10),
        Frame("/opt/a/lib/libasterism.so", "asterism_crashed", 0x20),
        Frame("/lib/libc.so.6", "", 0x3C050),
        Frame("/run/modules.12-3/res_x.so", "inner", 0x4, is_exact=True),
        Frame("/run/modules.12-3/res_x.so", "", 0x51),
    ]


def test_no_frame_is_exact_in_a_backtrace_that_the_handler_did_not_write() -> None:
    text = "/m/res_x.so(inner+0x4) [0x7f04]\n/m/res_x.so(outer+0x8) [0x7f05]\n"
    assert backtrace.frames(text) == [Frame("/m/res_x.so", "inner", 4), Frame("/m/res_x.so", "outer", 8)]


def test_a_module_crashed_in_its_innermost_frame() -> None:
    found = backtrace.frames(WHOLE)
    assert (backtrace.of_module(found, "res_x"), backtrace.of_module(found, "res_y")) == (found[3], None)


def test_a_frame_of_a_private_copy_is_the_modules() -> None:
    found = backtrace.frames("/proc/self/fd/7(f+0x4) [0x7f04]\n")
    assert backtrace.of_module(found, "res_x") == Frame("/proc/self/fd/7", "f", 4)
