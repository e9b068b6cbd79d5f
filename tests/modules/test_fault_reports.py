"""What a test shows of a program that a sanitizer stopped, or that crashed."""

from __future__ import annotations

from asterism_testing.program.fault_reports import crash_report, sanitizer_report


def test_a_sanitizers_report_begins_with_its_line_and_ends_before_the_shadow_bytes() -> None:
    text = """\
Asterisk Ready.
==12==ERROR: AddressSanitizer: heap-use-after-free on address 0x1
    #0 0x1 in helper apps/app_x.c:12
    #1 0x2 in cffi_call _cffi_backend.so
    #2 0x3 in _PyEval Python/ceval.c:7
Shadow bytes around the buggy address:
  0x0: fa fa
"""
    assert sanitizer_report(text) == (
        "==12==ERROR: AddressSanitizer: heap-use-after-free on address 0x1\n    #0 0x1 in helper apps/app_x.c:12"
    )


def test_undefined_behaviour_is_reported_from_the_start_of_its_line() -> None:
    text = "ready\napps/app_x.c:3:9: runtime error: shift exponent 40 is too large\n"
    assert sanitizer_report(text) == "apps/app_x.c:3:9: runtime error: shift exponent 40 is too large"


def test_output_without_a_report_has_none() -> None:
    assert sanitizer_report("Asterisk Ready.\nERROR: nothing of the kind\n") == ""


CRASH = """\
asterism: module res_x crashed in its load callback
/opt/a/lib/libasterism.so(+0x10) [0x7f01]
/lib/libc.so.6(+0x3c050) [0x7f03]
/m/res_x.so(inner+0x4) [0x7f04]
the next start leaves it out
"""


def test_a_crash_has_its_source_line_and_no_calls_inside_python_or_the_c_library() -> None:
    assert crash_report(CRASH, {"res_x": "res_x.c:57"}.__getitem__) == (
        "asterism: module res_x crashed in its load callback\n"
        "    at res_x.c:57\n"
        "/opt/a/lib/libasterism.so(+0x10) [0x7f01]\n"
        "/m/res_x.so(inner+0x4) [0x7f04]"
    )


def test_a_crash_outside_of_modules_has_no_source_line() -> None:
    text = "asterism: the core crashed\n/usr/bin/asterism(+0x1) [0x1]\n"
    assert crash_report(text, lambda name: f"{name}.c:1") == text.rstrip()
