"""Modules in C are opened, describe themselves, are called and closed; what cannot be opened says why."""

from __future__ import annotations

import contextlib
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from native_support import CALLBACKS, FOOT, gcc

from asterism.errors import AsterismError, Fault, Place
from asterism.modulefile import elf
from runtime.core.core import Core
from runtime.model.module_record import GPL_KEY, ModuleInfo, UndefinedSymbolError
from runtime.modules import missing_symbols
from runtime.modules.module_opening import Native, SharedModule, open_module

LISTING = """\
/*** MODULEINFO
    <support_level>extended</support_level>
***/

#include "asterisk.h"
{version}
#include "asterisk/module.h"

static int unload_module(void)
{{
    return 0;
}}

static int load_module(void)
{{
    return AST_MODULE_LOAD_SUCCESS;
}}

AST_MODULE_INFO_STANDARD(ASTERISK_GPL_KEY, "Sample module");
"""


def fault_of(path: Path) -> Fault:
    with pytest.raises(AsterismError) as raised:
        open_module(path)
    (fault,) = raised.value.faults
    return missing_symbols.told(raised.value) if isinstance(raised.value, UndefinedSymbolError) else fault


@pytest.mark.parametrize("version", ['\nASTERISK_FILE_VERSION(__FILE__, "$Revision: $")\n', ""])
def test_the_listing_of_the_tutorial_opens_loads_unloads_and_closes(version, core: Core, compile_module):
    module = open_module(compile_module("res_sample_module", LISTING.format(version=version)))
    assert module.info == ModuleInfo(
        description="Sample module",
        key=GPL_KEY,
        flags=2,
        load_pri=128,
        support_level=1,
        buildopt_sum="0123456789abcdef0123456789abcdef",
        buildopts=("ONE", "TWO"),
        name="res_sample_module",
        has_load=True,
        has_unload=True,
        has_reload=False,
    )
    assert (module.load(), module.unload(), module.use_count) == (0, 0, 0)
    module.close()


DESIGNATED = """
#include "asterisk.h"
#include "asterisk/module.h"
static int unload_module(void) { return -1; }
static int reload_module(void) { return 3; }
static enum ast_module_load_result load_module(void) { return AST_MODULE_LOAD_DECLINE; }
AST_MODULE_INFO(ASTERISK_GPL_KEY, AST_MODFLAG_GLOBAL_SYMBOLS | AST_MODFLAG_LOAD_ORDER, "Everything set",
	.support_level = AST_MODULE_SUPPORT_DEPRECATED,
	.load = load_module,
	.unload = unload_module,
	.reload = reload_module,
	.load_pri = AST_MODPRI_CHANNEL_DEPEND,
	.requires = "res_a, res_b",
	.optional_modules = "res_c",
	.enhances = "res_d",
);
"""


def test_every_field_of_the_record_is_read(core: Core, compile_module):
    module = open_module(compile_module("res_all", DESIGNATED))
    assert module.info == ModuleInfo(
        description="Everything set",
        key=GPL_KEY,
        flags=3,
        load_pri=60,
        requires=("res_a", "res_b"),
        optional=("res_c",),
        enhances=("res_d",),
        support_level=3,
        buildopt_sum="0123456789abcdef0123456789abcdef",
        buildopts=("ONE", "TWO"),
        name="res_all",
        has_load=True,
        has_unload=True,
        has_reload=True,
    )
    assert (module.load(), module.unload(), module.reload()) == (1, -1, 3)
    module.close()


def test_what_is_no_elf_file_is_told_so(core: Core, tmp_path: Path):
    file = tmp_path / "res_text.so"
    file.write_text("hello\n" * 100)
    assert fault_of(file) == Fault(
        "it is not a shared object",
        Place(str(file)),
        cure="build and install it again, or take it out of the module directory",
        code="not-elf",
    )


def test_an_empty_file_is_told_so(core: Core, tmp_path: Path):
    file = tmp_path / "res_empty.so"
    file.touch()
    assert (fault_of(file).what, fault_of(file).code) == ("the file is empty", "not-elf")


def test_a_file_that_was_cut_short_is_refused_before_anything_maps_it(core: Core, compile_module):
    file = compile_module("res_trunc", LISTING.format(version=""))
    whole = file.read_bytes()
    for size in (64, 100, 3000):
        file.write_bytes(whole[:size])
        fault = fault_of(file)
        assert (fault.what, fault.code) == ("the file is cut short", "not-elf")
        assert re.fullmatch(rf"it has {size} of at least \d+ bytes", fault.why)
    file.write_bytes(whole)
    open_module(file).close()


@settings(deadline=None, max_examples=300)
@given(st.binary(max_size=80), st.binary(max_size=200))
def test_no_bytes_hurt_the_look_at_the_headers(start: bytes, rest: bytes):
    for data in (start + rest, b"\x7fELF\x02\x01" + start.ljust(58, b"\0") + rest):
        with contextlib.suppress(AsterismError):
            elf.check(Path("res_any.so"), data)


def test_a_program_is_told_from_a_module(core: Core, tmp_path: Path):
    (tmp_path / "main.c").write_text("int main(void) { return 0; }\n")
    told = {}
    for name, flags in {"res_pie": ["-pie", "-fPIE"], "res_fixed": ["-no-pie"], "res_object": ["-c"]}.items():
        gcc(*flags, tmp_path / "main.c", "-o", tmp_path / f"{name}.so")
        fault = fault_of(tmp_path / f"{name}.so")
        told[name] = (fault.what, fault.why, fault.cure, fault.code)
    program = (
        "it is a program, not a shared object",
        "",
        "link it with -shared, or take it out of the module directory",
        "not-elf",
    )
    assert told == {
        "res_pie": program,
        "res_fixed": program,
        "res_object": ("it is an object file that was not linked", "", "link it with -shared", "not-elf"),
    }


def test_a_link_to_nowhere_is_told_so(core: Core, tmp_path: Path):
    file = tmp_path / "res_dangling.so"
    file.symlink_to("gone/res_real.so")
    assert fault_of(file) == Fault(
        "it is a link to gone/res_real.so, which is not there",
        Place(str(file)),
        cure="install the module again, or take the link away",
        code="no-such-file",
    )


def test_an_object_of_another_machine_names_both(core: Core, compile_module):
    file = compile_module("res_alien", LISTING.format(version=""))
    data = bytearray(file.read_bytes())
    data[18:20] = (22).to_bytes(2, "little")
    file.write_bytes(data)
    assert (fault_of(file).what, fault_of(file).code) == (
        "it was built for another machine: s390, 64 bits",
        "wrong-machine",
    )


def test_an_undefined_symbol_is_named_with_the_nearest_that_is_there(core: Core, compile_module):
    source = LISTING.format(version="").replace("return 0;", "return ast_unregister_aplication();")
    file = compile_module("res_lost", "int ast_unregister_aplication(void);\n" + source)
    assert fault_of(file) == Fault(
        "it needs 'ast_unregister_aplication', which nobody provides",
        Place(str(file)),
        cure="did you mean 'ast_unregister_application'? Otherwise load the module that provides it, or build this one "
        "against the headers of this version",
        code="undefined-symbol",
        names=("ast_unregister_aplication",),
    )


def test_an_undefined_function_of_asterisk_is_named_with_its_header(core: Core, compile_module):
    source = LISTING.format(version="").replace("return 0;", "return ast_dsp_noise_of_the_sea() != NULL;")
    file = compile_module("res_deaf", "void *ast_dsp_noise_of_the_sea(void);\n" + source)
    assert fault_of(file) == Fault(
        "it needs 'ast_dsp_noise_of_the_sea', which nobody provides",
        Place(str(file)),
        why="asterisk/dsp.h of Asterisk declares it (detection of tones and silence): Asterism carries no media",
        cure="leave out what plays, records or changes sound, or build this module with Asterisk",
        code="undefined-symbol",
        names=("ast_dsp_noise_of_the_sea",),
    )


def test_a_missing_library_is_named(core: Core, compile_module, tmp_path: Path):
    compile_module("libgone", "int gone(void);\nint gone(void) { return 0; }\n", "-Wl,-soname,libgone.so.1")
    (tmp_path / "libgone.so").rename(tmp_path / "libgone.so.1")
    source = LISTING.format(version="").replace("return 0;", "return gone();")
    file = compile_module(
        "res_needy", "int gone(void);\n" + source, "-Wl,--no-as-needed", str(tmp_path / "libgone.so.1")
    )
    (tmp_path / "libgone.so.1").unlink()
    assert fault_of(file) == Fault(
        "it needs the library libgone.so.1, which is not installed",
        Place(str(file)),
        cure="install the package that holds libgone.so.1",
        code="missing-library",
    )


def test_a_shared_object_that_registers_nothing_is_told_so(core: Core, compile_module):
    file = compile_module("res_mute", "int mute(void);\nint mute(void) { return 0; }\n")
    assert fault_of(file).code == "registers-nothing"


def test_a_module_that_registers_under_another_name_has_the_name_of_its_file(
    core: Core, compile_module, tmp_path: Path
):
    file = compile_module("res_one", LISTING.format(version=""))
    file.rename(tmp_path / "res_other.so")
    opened = open_module(tmp_path / "res_other.so")
    assert opened.info.name == "res_other"
    assert opened.load() == 0
    assert opened.unload() == 0
    opened.close()


def test_a_record_of_another_layout_is_refused_before_anything_is_called(core: Core, compile_module):
    source = """
    struct ast_module_info;
    void ast_module_register(const struct ast_module_info *info);
    static struct { void *self, *load, *reload, *unload, *backup, *restore; const char *name; } old = {
        .name = "res_old",
    };
    static void __attribute__((constructor)) reg(void)
    {
        ast_module_register((const struct ast_module_info *) (void *) &old);
    }
    """
    assert fault_of(compile_module("res_old", source)).code == "other-layout"


def test_an_absent_module_names_the_nearest(core: Core, compile_module, tmp_path: Path):
    compile_module("res_sample", LISTING.format(version=""))
    assert fault_of(tmp_path / "res_sampel.so") == Fault(
        "there is no module res_sampel.so",
        Place(str(tmp_path / "res_sampel.so")),
        cure="did you mean 'res_sample'?",
        code="no-such-file",
    )


@pytest.mark.skipif(shutil.which("g++") is None, reason="needs a C++ compiler")
def test_a_module_in_c_plus_plus_opens(core: Core, includes: list[str], tmp_path: Path):
    source = LISTING.format(version='ASTERISK_FILE_VERSION(__FILE__, "$Revision: $")')
    (tmp_path / "res_plus.cc").write_text(source.replace("int load_module", "enum ast_module_load_result load_module"))
    defines = ['-DAST_MODULE="res_plus"', "-DAST_MODULE_SELF_SYM=__internal_res_plus_self"]
    words = ["g++", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", *defines, *includes, tmp_path / "res_plus.cc"]
    subprocess.run([*words, "-o", tmp_path / "res_plus.so"], check=True)
    module = open_module(tmp_path / "res_plus.so")
    assert (module.info.description, module.load(), module.unload()) == ("Sample module", 0, 0)
    module.close()


ANSWERS = """
#include "asterisk.h"
#include "asterisk/module.h"
static int unload_module(void) {{ return 0; }}
static int load_module(void) {{ return {answer}; }}
AST_MODULE_INFO_STANDARD(ASTERISK_GPL_KEY, "It answers");
"""


def answers(compile_module, answer: int) -> SharedModule:
    module = open_module(compile_module("res_answer", ANSWERS.format(answer=answer)))
    assert isinstance(module, SharedModule)
    return module


def test_a_rebuilt_module_runs_its_new_code(core: Core, compile_module):
    for answer in (11, 12, 13):
        module = answers(compile_module, answer)
        assert module.load() == answer
        module.close()


def test_a_rebuilt_module_runs_its_new_code_even_while_the_old_one_stays_mapped(core: Core, compile_module):
    first = answers(compile_module, 11)
    second = answers(compile_module, 12)
    third = answers(compile_module, 13)
    assert [module.load() for module in (first, second, third)] == [11, 12, 13]
    for module in (second, third, first):
        module.close()


def test_one_module_uses_symbols_that_another_makes_global(core: Core, compile_module):
    provider = """
    #include "asterisk.h"
    #include "asterisk/module.h"
    int provided(void);
    int provided(void) { return 42; }
    static int unload_module(void) { return 0; }
    static int load_module(void) { return 0; }
    AST_MODULE_INFO(ASTERISK_GPL_KEY, AST_MODFLAG_GLOBAL_SYMBOLS, "It provides",
        .load = load_module, .unload = unload_module);
    """
    user = ANSWERS.format(answer="provided()").replace("static int unload", "int provided(void);\nstatic int unload")
    file = compile_module("res_answer", user)
    assert fault_of(file).code == "undefined-symbol"
    one = open_module(compile_module("res_provider", provider))
    other = open_module(file)
    assert other.load() == 42
    other.close()
    one.close()


OFFER = """
#include "asterisk.h"
{switch}
#include "asterisk/module.h"
{is_provider}
#include "asterisk/optional_api.h"
AST_OPTIONAL_API(int, optional_answer, (int what), {{ return AST_OPTIONAL_API_UNAVAILABLE; }});
"""


@pytest.mark.parametrize(("switch", "opens_alone"), [("", True), ("#undef OPTIONAL_API", False)])
def test_optional_functions_need_their_provider_without_the_build_option_only(
    switch: str, opens_alone: bool, core: Core, compile_module
):
    offered = OFFER.format(switch=switch, is_provider="#define AST_API_MODULE")
    provider = f"""{offered}
    int AST_OPTIONAL_API_NAME(optional_answer)(int what) {{ return what + 2; }}
    {CALLBACKS}
    AST_MODULE_INFO(ASTERISK_GPL_KEY, AST_MODFLAG_GLOBAL_SYMBOLS, "It provides",
        .load = load_module, .unload = unload_module);
    """
    user = f"""{OFFER.format(switch=switch, is_provider="")}
    static int unload_module(void) {{ return 0; }}
    static int load_module(void) {{ return optional_answer(40); }}
    {FOOT}
    """
    file = compile_module("res_user", user)
    if opens_alone:
        alone = open_module(file)
        assert alone.load() == -(2**31)
        alone.close()
    else:
        assert fault_of(file).code == "undefined-symbol"
    one = open_module(compile_module("res_offer", provider))
    other = open_module(file)
    assert other.load() == 42
    other.close()
    one.close()


def test_use_counts_are_shared_by_the_loader_and_the_module(opened, log: list[str]):
    module = opened(
        "res_count",
        """
        static int unload_module(void) { ast_module_unref(AST_MODULE_SELF); return 0; }
        static int load_module(void)
        {
            ast_module_ref(AST_MODULE_SELF);
            return ast_module_running_ref(AST_MODULE_SELF) != NULL;
        }
        """,
        callbacks="",
    )
    assert (module.load(), module.use_count, module.use(1)) == (0, 1, 2)
    assert (module.use(-1), module.unload(), module.use_count) == (1, 0, 0)
    assert log == []
    module.unload()
    assert log == ["ERROR module res_count: a reference was released twice"]
    module.set_running(True)
    assert (module.load(), module.use_count) == (1, 2)


def test_the_record_of_a_closed_module_can_still_be_looked_at_and_given_back(core: Core, compile_module):
    module = open_module(compile_module("res_gone", LISTING.format(version="")))
    assert (module.load(), module.use(2), module.unload()) == (0, 2, 0)
    module.close()
    module.set_running(False)
    assert (module.use_count, module.use(-1), module.use(-1), module.use(-1)) == (2, 1, 0, -1)


def test_uses_of_the_older_kind_are_counted_and_given_back_once(opened, log: list[str]):
    module = opened(
        "res_users",
        """
        static struct ast_module_user *first;
        static int load_module(void)
        {
            first = ast_module_user_add(NULL);
            ast_module_user_add(NULL);
            return 0;
        }
        static int unload_module(void)
        {
            ast_module_user_remove(first);
            ast_module_user_hangup_all();
            ast_module_user_remove(first);
            return 0;
        }
        """,
        callbacks="",
    )
    assert (module.load(), module.use_count, module.unload(), module.use_count) == (0, 2, 0, 0)
    assert log == ["ERROR module res_users: a use was released twice"]


def test_a_closed_core_gives_failure_values_to_c(native: Native, opened, capfd):
    module = opened(
        "res_late",
        'static int load_module(void) { return ast_unregister_application("x"); }\n'
        "static int unload_module(void) { return 0; }\n",
        callbacks="",
    )
    native.close()
    assert module.load() == -1
    assert capfd.readouterr().err == "asterism: ast_unregister_application was called while the core is not running\n"
    module.close()
