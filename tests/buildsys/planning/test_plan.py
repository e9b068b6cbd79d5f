"""From what is chosen to what is done."""

from __future__ import annotations

import json
import shlex
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asterism.errors import AsterismError
from buildsys.compile.ninja_file import build_text, check_text, compile_commands, description
from buildsys.planning.plan import Core, Module, Plan, Step, compile_flags, make_plan
from buildsys.settled.configuration import Configuration, Flags

GCC = Configuration(
    cc=("gcc",),
    cxx=("g++",),
    warnings=("-Wall", "-Wstrict-prototypes"),
    cflags=("-DMINE",),
    libraries={"CURL": Flags(("-I/opt/curl",), ("-L/opt", "-lcurl"))},
)
IMPLICIT = "-Werror=implicit-function-declaration -Werror=implicit-int"
BASE = "-pipe -g -O2 -D_GNU_SOURCE -D_REENTRANT -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2 -fPIC -pthread -Iinclude"


def commands(*modules: Module, options: tuple[str, ...] = (), core: Core | None = None) -> list[str]:
    return [shlex.join(step.command) for step in make_plan(GCC, modules, options, core).steps]


def test_a_c_module_is_compiled_and_linked() -> None:
    own = "'-DAST_MODULE=\"res_x\"' -DAST_MODULE_SELF_SYM=__internal_res_x_self -fvisibility=hidden"
    output = "build/obj/res_x/res_x.c.o"
    assert commands(Module("res_x", ("res/res_x.c",))) == [
        f"gcc {BASE} -Wall -Wstrict-prototypes {IMPLICIT} -DMINE {own} -MMD -MF {output}.d -c res/res_x.c -o {output}",
        f"gcc -shared -pthread -DMINE -o build/modules/res_x.so {output} -Wl,--as-needed -lm",
    ]


def test_a_module_gets_the_flags_of_the_libraries_it_names() -> None:
    compile_, link = commands(Module("res_x", ("res/res_x.c",), ("CURL", "NOT_FOUND")))
    assert " -I/opt/curl -MMD" in compile_
    assert link.endswith("build/obj/res_x/res_x.c.o -L/opt -lcurl -Wl,--as-needed -lm")


def test_a_module_of_several_sources_with_c_plus_plus_is_linked_by_its_compiler() -> None:
    first, second, link = commands(Module("res_x", ("res/res_x.c", "res/res_x/more.cc")))
    assert first.startswith("gcc ")
    assert second.startswith("g++ ")
    assert "-Wstrict-prototypes" not in second
    assert link == (
        "g++ -shared -pthread -o build/modules/res_x.so build/obj/res_x/res_x.c.o build/obj/res_x/more.cc.o"
        " -Wl,--as-needed -lm"
    )


def test_a_module_that_others_use_shows_its_symbols() -> None:
    compile_, link = commands(Module("res_x", ("res/res_x.c",), is_global=True, version_script="res/res_x.exports"))
    assert "-fvisibility" not in compile_
    assert " -Wl,--version-script,res/res_x.exports" in link


def test_a_python_module_is_copied() -> None:
    assert commands(Module("res_x", ("res/res_x.py",))) == ["cp res/res_x.py build/modules/res_x.py"]


def test_the_core_library_is_generated_compiled_and_linked_before_the_modules() -> None:
    core = Core(
        ("runtime/native/base/log.c",), ("python", "-m", "gen"), ("table.h", "exports.c"), ("runtime/api/a.py",)
    )
    plan = make_plan(GCC, [Module("res_x", ("res/res_x.c",))], (), core)
    assert [(step.kind, step.unit, step.outputs) for step in plan.steps[:4]] == [
        ("generate", "libasterism", ("build/generated/table.h", "build/generated/exports.c")),
        ("cc", "libasterism", ("build/obj/native/runtime/native/base/log.o",)),
        ("cc", "libasterism", ("build/obj/native/build/generated/exports.o",)),
        ("link", "libasterism", ("build/native/libasterism.so",)),
    ]
    assert plan.steps[0].command == ("python", "-m", "gen", "build/generated")
    assert plan.steps[1].order_only == ("build/generated/table.h", "build/generated/exports.c")


def test_sources_of_the_core_with_one_file_name_have_an_object_each() -> None:
    core = Core(("runtime/native/base/fields.c", "runtime/native/text/fields.c"), ("gen",), ("fields.c",))
    *compiled, link = [step for step in make_plan(GCC, [], (), core).steps if step.kind != "generate"]
    made = [output for step in compiled for output in step.outputs]
    assert (len(made), len(set(made))) == (3, 3)
    assert set(link.inputs) == set(made)


def core_compiled_by(configuration: Configuration) -> Plan:
    sources = ("runtime/native/base/log.c",)
    core = Core(sources, ("gen",), ("table.h", "precompiled.h", "exports.c"), ("runtime/api/a.py",))
    return make_plan(configuration, [], (), core)


def test_the_header_of_the_core_is_compiled_before_its_sources_and_with_their_flags() -> None:
    header = "build/generated/precompiled.h"
    _, first, *compiled, _ = core_compiled_by(replace(GCC, precompile=("-x", "c-header"))).steps
    flags = f"gcc {BASE} -Wall -Wstrict-prototypes {IMPLICIT} -DMINE -fvisibility=default -Ibuild/generated"
    made = f"-MMD -MF {header}.gch.d -x c-header {header} -o {header}.gch"
    assert shlex.join(first.command) == f"{flags} -Iruntime/native {made}"
    assert (first.kind, first.outputs, first.inputs) == ("header", (f"{header}.gch",), (header,))
    assert [step.outputs for step in compiled] == [
        ("build/obj/native/runtime/native/base/log.o",),
        ("build/obj/native/build/generated/exports.o",),
    ]
    for step in compiled:
        assert shlex.join(step.command).startswith(f"{flags} -Iruntime/native -include {header} -MMD")
        assert step.implicit == (f"{header}.gch",)


def test_a_compiler_that_cannot_compile_headers_reads_them_with_each_source() -> None:
    plan = core_compiled_by(GCC)
    assert [step.kind for step in plan.steps] == ["generate", "cc", "cc", "link"]
    assert "-include" not in {word for step in plan.steps for word in step.command}


def test_editors_are_not_told_of_precompiled_headers() -> None:
    """The language server clangd does not read what GCC has precompiled."""
    with_header = core_compiled_by(replace(GCC, precompile=("-x", "c-header")))
    assert compile_commands(with_header, "/src") == compile_commands(core_compiled_by(GCC), "/src")


def test_a_cache_of_compilations_is_told_of_precompiled_headers() -> None:
    text = build_text(core_compiled_by(replace(GCC, precompile=("-x", "c-header"))))
    slack = "CCACHE_SLOPPINESS=$${CCACHE_SLOPPINESS:+$$CCACHE_SLOPPINESS,}pch_defines,time_macros"
    assert f"rule compile_core\n  command = LC_ALL=C {slack} $$ASTERISM_LAUNCHER $run\n" in text
    rules = [line.split(": ")[1].split()[0] for line in text.splitlines() if line.startswith("build ")]
    assert rules == ["generate", "compile_core", "compile_core", "compile_core", "link"]


@pytest.mark.parametrize(
    ("option", "flag", "links"),
    [
        ("KEEP_FRAME_POINTERS", "-fno-omit-frame-pointer", False),
        ("BUILD_NATIVE", "-march=native", False),
        ("UNDEFINED_SANITIZER", "-fsanitize=undefined", True),
        ("CODE_COVERAGE", "--coverage", True),
    ],
)
def test_an_option_adds_its_flags(option: str, flag: str, links: bool) -> None:
    flags = compile_flags(GCC, [option])
    assert flag in flags.c
    assert flag in flags.cxx
    assert (flag in flags.link) is links


def test_without_optimization_nothing_is_fortified() -> None:
    flags = compile_flags(GCC, ["DONT_OPTIMIZE"]).c
    assert "-O0" in flags
    assert not [flag for flag in flags if "FORTIFY" in flag or flag == "-O2"]


def test_the_users_own_flags_come_last() -> None:
    assert compile_flags(GCC, ["BUILD_NATIVE"]).c[-1] == "-DMINE"


def test_flags_of_compilations_and_links_reach_both_kinds_of_modules() -> None:
    given = replace(GCC, cppflags=("-DP",), cflags=("-flto", "-DC"), cxxflags=("-fno-rtti",), ldflags=("-Wl,-z,now",))
    flags = compile_flags(given, [])
    assert flags.c[-3:] == ("-DP", "-flto", "-DC")
    assert flags.cxx[-2:] == ("-DP", "-fno-rtti")
    assert flags.link[-3:] == ("-flto", "-DC", "-Wl,-z,now")
    assert flags.link_cxx[-2:] == ("-fno-rtti", "-Wl,-z,now")


def test_a_level_of_checks_that_was_given_takes_the_place_of_ours() -> None:
    flags = compile_flags(replace(GCC, cppflags=("-D_FORTIFY_SOURCE=3",)), []).c
    assert [flag for flag in flags if "FORTIFY" in flag] == ["-D_FORTIFY_SOURCE=3"]


def test_the_directory_of_the_sources_is_kept_out_of_what_is_compiled_but_for_developers() -> None:
    here = replace(GCC, origin="/home/me/a b")
    assert "-ffile-prefix-map=/home/me/a b=." in compile_flags(here, []).c
    for flags in (compile_flags(replace(here, dev_mode=True), []), compile_flags(here, ["CODE_COVERAGE"])):
        assert not [flag for flag in flags.c if "prefix-map" in flag]


def test_impossible_and_double_names_are_told_together() -> None:
    modules = [Module("a b", ("res/a b.c",)), Module("res_x", ("res/res_x.c",)), Module("res_x", ("apps/res_x.c",))]
    with pytest.raises(AsterismError) as caught:
        make_plan(GCC, modules, ())
    assert str(caught.value).splitlines() == [
        "res/a b.c: 'a b' cannot be a module's name",
        "    rename the file: letters, digits, '_', '-' and '+', starting with a letter",
        "apps/res_x.c: two modules are named res_x: res/res_x.c has the same name",
        "    rename one of them",
    ]


def test_the_order_of_the_modules_does_not_matter() -> None:
    modules = [Module(name, (f"res/{name}.c",)) for name in ("res_b", "res_a", "res_c")]
    assert make_plan(GCC, modules, ()) == make_plan(GCC, reversed(modules), ())


def test_build_ninja_has_a_rule_for_each_kind_and_an_edge_for_each_step() -> None:
    plan = Plan(
        (
            Step("generate", "libasterism", ("o/a.h",), ("a.py",), ("gen", "o")),
            Step("cc", "res_x", ("x.o",), ("x y.c",), ("gcc", "-DA=$B c", "x y.c"), order_only=("o/a.h",)),
            Step("link", "res_x", ("x.so",), ("x.o",), ("gcc", "x.o"), implicit=("x.exports",)),
        ),
        (),
    )
    assert build_text(plan) == (
        """\
# Written by the build from what is chosen; changes are lost.
ninja_required_version = 1.13
builddir = build

rule generate
  command = $run
  description = $what
  restat = 1

rule compile
  command = LC_ALL=C $$ASTERISM_LAUNCHER $run
  description = $what
  deps = gcc
  depfile = $out.d

rule compile_core
  command = LC_ALL=C CCACHE_SLOPPINESS=$${CCACHE_SLOPPINESS:+$$CCACHE_SLOPPINESS,}pch_defines,time_macros\
 $$ASTERISM_LAUNCHER $run
  description = $what
  deps = gcc
  depfile = $out.d

rule link
  command = LC_ALL=C $run
  description = $what

rule copy
  command = LC_ALL=C $run || { rm -f $out; exit 1; }
  description = $what

build o/a.h: generate a.py
  run = gen o
  what = libasterism GEN a.py

build x.o: compile x$ y.c || o/a.h
  run = gcc '-DA=$$B c' 'x y.c'
  what = res_x CC x y.c

build x.so: link x.o | x.exports
  run = gcc x.o
  what = res_x LD x.so

"""
    )


def test_check_ninja_adds_what_the_plan_itself_is_made_of() -> None:
    assert check_text(["res", "makeopts"]) == (
        """\
include build/build.ninja

rule plan
  command = false
  description = $what
  generator = 1

build build/check.ninja: plan | makeopts res
"""
    )


def test_editors_are_told_every_compilation() -> None:
    plan = make_plan(GCC, [Module("res_x", ("res/res_x.c",)), Module("res_y", ("res/res_y.py",))], ())
    (entry,) = json.loads(compile_commands(plan, "/src"))
    assert (entry["directory"], entry["file"], entry["output"]) == ("/src", "res/res_x.c", "build/obj/res_x/res_x.c.o")
    assert entry["arguments"][0] == "gcc"


names = st.from_regex(r"[a-z]{1,4}_[a-z0-9]{1,6}", fullmatch=True)
sources = st.sampled_from((".c", ".cc", ".py"))


@settings(deadline=None, max_examples=60)
@given(st.dictionaries(names, sources, max_size=8), st.lists(st.sampled_from(["DONT_OPTIMIZE", "CODE_COVERAGE"])))
def test_every_output_is_made_once_and_every_input_is_made_or_a_source(
    found: dict[str, str], options: list[str]
) -> None:
    plan = make_plan(GCC, [Module(name, (f"res/{name}{suffix}",)) for name, suffix in found.items()], options)
    made = [output for step in plan.steps for output in step.outputs]
    assert len(made) == len(set(made))
    assert set(plan.products) <= set(made)
    read = {path for step in plan.steps for path in (*step.inputs, *step.implicit, *step.order_only)}
    assert read - set(made) == {f"res/{name}{suffix}" for name, suffix in found.items()}
    assert {description(step).split()[0] for step in plan.steps} == set(found)
