"""Every way in which modules of Asterisk 13 to 23 name themselves compiles, and says what it says."""

from __future__ import annotations

import subprocess
from pathlib import Path
from types import SimpleNamespace

import pytest
from native_support import BUILDOPTS, STRICT

from runtime.core.core import Core
from runtime.dialplan import functions
from runtime.model.module_record import Flag, ModuleInfo, SupportLevel
from runtime.modules.module_opening import SharedModule, open_module

INT = """
static int unload_module(void) { return 0; }
static int load_module(void) { return AST_MODULE_LOAD_SUCCESS; }
"""
ENUM = """
static int unload_module(void) { return 0; }
static enum ast_module_load_result load_module(void) { return AST_MODULE_LOAD_DECLINE; }
"""
RELOAD = "static int reload_module(void) { return 0; }\n"
OLD = 'ASTERISK_FILE_VERSION(__FILE__, "$Revision: 1 $")\n'
OLDER = "ASTERISK_REGISTER_FILE()\n"
ORDER = Flag.LOAD_ORDER

STANDARD = 'AST_MODULE_INFO_STANDARD(ASTERISK_GPL_KEY, "It");'
EXTENDED = 'AST_MODULE_INFO_STANDARD_EXTENDED(ASTERISK_GPL_KEY, "It");'
DEPRECATED = 'AST_MODULE_INFO_STANDARD_DEPRECATED(ASTERISK_GPL_KEY, "It");'
PLAIN = 'AST_MODULE_INFO(ASTERISK_GPL_KEY, AST_MODFLAG_DEFAULT, "It", .load = load_module, .unload = unload_module,);'
WHOLE = """
AST_MODULE_INFO(ASTERISK_GPL_KEY, AST_MODFLAG_GLOBAL_SYMBOLS | AST_MODFLAG_LOAD_ORDER, "It",
	.support_level = AST_MODULE_SUPPORT_CORE,
	.load = load_module,
	.unload = unload_module,
	.reload = reload_module,
	.load_pri = AST_MODPRI_CHANNEL_DEPEND,
	.requires = "res_a,res_b",
	.optional_modules = "res_c",
	.enhances = "res_d",
);
"""
NONOPTREQ = """
AST_MODULE_INFO(ASTERISK_GPL_KEY, AST_MODFLAG_LOAD_ORDER, "It",
		.load = load_module,
		.unload = unload_module,
		.nonoptreq = "res_monitor",
		.load_pri = AST_MODPRI_DEVSTATE_PROVIDER
	);
"""
POSITIONAL = """
AST_MODULE_INFO(ASTERISK_GPL_KEY, AST_MODFLAG_LOAD_ORDER, "It", load_module, unload_module, reload_module,
	AST_MODPRI_CDR_DRIVER, AST_MODULE_SUPPORT_EXTENDED);
"""
SELF = """
static int unload_module(void) { return 0; }
static int load_module(void)
{
	return strcmp(ast_module_name(ast_module_info->self), AST_MODULE) || AST_MODULE_SELF != ast_module_info->self;
}
"""

LEVELS = SupportLevel
NAMES = ["standard", "extended", "deprecated", "plain", "whole", "nonoptreq", "self"]
NAMES += ["c++ standard", "c++ extended", "c++ deprecated", "c++ positional"]


@pytest.mark.parametrize(
    ("source", "language", "loads", "said"),
    [
        (INT + STANDARD, "c", 0, {"flags": ORDER, "support_level": LEVELS.CORE}),
        (ENUM + EXTENDED, "c", 1, {"flags": ORDER, "support_level": LEVELS.EXTENDED}),
        (OLD + INT + DEPRECATED, "c", 0, {"flags": ORDER, "support_level": LEVELS.DEPRECATED}),
        (OLDER + INT + PLAIN, "c", 0, {"load_pri": 0}),
        (
            ENUM + RELOAD + WHOLE,
            "c",
            1,
            {
                "flags": ORDER | Flag.GLOBAL_SYMBOLS,
                "support_level": LEVELS.CORE,
                "load_pri": 60,
                "requires": ("res_a", "res_b"),
                "optional": ("res_c",),
                "enhances": ("res_d",),
                "has_reload": True,
            },
        ),
        (INT + NONOPTREQ, "c", 0, {"flags": ORDER, "load_pri": 90}),
        (SELF + STANDARD, "c", 0, {"flags": ORDER, "support_level": LEVELS.CORE}),
        (
            INT.replace("int load", "ast_module_load_result load") + STANDARD,
            "c++",
            0,
            {"flags": ORDER, "support_level": LEVELS.CORE},
        ),
        (ENUM + EXTENDED, "c++", 1, {"flags": ORDER, "support_level": LEVELS.EXTENDED}),
        (ENUM + DEPRECATED, "c++", 1, {"flags": ORDER, "support_level": LEVELS.DEPRECATED}),
        (
            ENUM + RELOAD + POSITIONAL,
            "c++",
            1,
            {"flags": ORDER, "support_level": LEVELS.EXTENDED, "load_pri": 110, "has_reload": True},
        ),
    ],
    ids=NAMES,
)
def test_a_form_compiles_and_says_what_it_says(
    source: str, language: str, loads: int, said: dict[str, object], native, includes: list[str], tmp_path: Path
):
    file = tmp_path / f"res_form.{'cc' if language == 'c++' else 'c'}"
    file.write_text('#include "asterisk.h"\n#include "asterisk/module.h"\n' + source)
    defines = ['-DAST_MODULE="res_form"', "-DAST_MODULE_SELF_SYM=__internal_res_form_self"]
    strict = [flag for flag in STRICT if language != "c++" or "prototypes" not in flag]
    compiler = ["g++"] if language == "c++" else ["gcc", "-std=gnu99"]
    words = [*compiler, "-shared", "-fPIC", *strict, *defines, *includes, file, "-o", tmp_path / "res_form.so"]
    done = subprocess.run(words, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    module = open_module(tmp_path / "res_form.so")
    assert isinstance(module, SharedModule)
    try:
        info = module.info
        expected = {
            "name": "res_form",
            "description": "It",
            "key": info.key,
            "flags": 0,
            "load_pri": 128,
            "support_level": LEVELS.UNKNOWN,
            "has_load": True,
            "has_unload": True,
            "buildopt_sum": BUILDOPTS.split('"')[1],
            "buildopts": ("ONE", "TWO"),
            **said,
        }
        assert (info, module.load()) == (ModuleInfo(**expected), loads)  # type: ignore[arg-type]
    finally:
        module.close()


class Shelf:
    """A loader of three modules."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, bool]] = []

    def names(self, *, running: bool | None = None) -> list[str]:
        return ["app_a.so", "res_b.so"] if running else ["app_a.so", "app_c.so", "res_b.so"]

    def files(self) -> list[str]:
        return [*self.names(), "app_new.so"]

    def reloadable(self) -> list[str]:
        return ["res_b.so"]

    def rows(self) -> list[SimpleNamespace]:
        keys = ("file", "description", "use_count", "running", "support_level")
        values = [
            ("app_a.so", "A", 0, True, "core"),
            ("app_c.so", "C", 0, False, "unknown"),
            ("res_b.so", "B", 2, True, "extended"),
        ]
        return [SimpleNamespace(**dict(zip(keys, row, strict=True))) for row in values]

    def refresh(self, name: str, *, recursively: bool = False) -> str:
        self.asked.append((name, recursively))
        return name


LIST = """
static int entry(const char *module, const char *description, int usecnt, const char *status, const char *like,
	enum ast_module_support_level support_level, void *data)
{
	ast_str_append(data, 0, "%s %s %d %s %s %d;", module, description, usecnt, status, like, support_level);
	return usecnt + 1;
}
static int get(struct ast_channel *chan, const char *cmd, char *data, struct ast_str **str, ssize_t len)
{
	int kind, state;
	char *name;

	(void) chan;
	(void) cmd;
	ast_str_append(str, len, "%d|", ast_update_module_list_data(entry, data, str));
	for (kind = AST_MODULE_HELPER_LOADED; kind <= AST_MODULE_HELPER_RUNNING; kind++) {
		for (state = 0; (name = ast_module_helper("", data, 2, state, 2, kind)); state++) {
			ast_str_append(str, len, "%s ", name);
			ast_free(name);
		}
		ast_str_append(str, len, "|");
	}
	ast_str_append(str, len, "%d%d", ast_module_helper("", "", 2, 0, 3, 0) == NULL, ast_refresh_resource(data, 0, 1));
	return 0;
}
static struct ast_custom_function list = { .name = "LIST", .read2 = get };
static int unload_module(void) { return ast_custom_function_unregister(&list); }
static int load_module(void) { return ast_custom_function_register(&list); }
"""


def test_a_module_lists_completes_and_refreshes_modules(core: Core, opened):
    opened("func_list", LIST, callbacks="").load()
    core.loader = shelf = Shelf()  # type: ignore[assignment]
    assert functions.read_function(core, None, "LIST(App)") == (
        "app_a.so A 0 Running App 1;app_c.so C 0 Not Running App 0;2|"
        "app_a.so app_c.so ||app_c.so app_new.so |app_a.so |app_a.so |10"
    )
    assert shelf.asked == [("App", True)]
