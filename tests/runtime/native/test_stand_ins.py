"""Modules that need names of Asterisk which are not here are opened with stand-ins, and each call is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from native_support import CALLBACKS, FOOT, HEAD, Sink, settings_of

from asterism.errors import AsterismError
from runtime.cli.core import stand_in_commands
from runtime.conf.asterisk_conf import Options
from runtime.core.commands.clients import Transcript
from runtime.core.core import Core
from runtime.modules import stand_ins
from runtime.modules.module_opening import SharedModule, open_module, open_native
from runtime.modules.stand_ins import Call

CALLER = """
int ast_{name}_number(int first, ...);
const char *ast_get_cc_callback_sub(void *params);
extern struct {{ char text[40]; }} secure_call_info;
static int unload_module(void) {{ return ast_{name}_number(1, 2.0, "three"); }}
static int load_module(void)
{{
	const char *text = ast_get_cc_callback_sub(ast_get_cc_callback_sub);
	int i, sum = text && !*text ? 100 : 0;

	for (i = 0; i < 40; i++) {{
		sum += secure_call_info.text[i];
	}}
	return sum + ast_{name}_number(1) + ast_{name}_number(2);
}}
"""


@pytest.fixture
def host(native_directory: Path, tmp_path: Path) -> Iterator[Core]:
    """A core that stands in."""
    settings = settings_of(tmp_path)._replace(options=Options(standins=True))
    opened = open_native(native_directory, Core(settings))
    yield opened.core
    opened.close()


Open = Callable[..., SharedModule]


@pytest.fixture
def hosted(host: Core, compile_module: Callable[..., Path]) -> Iterator[Open]:
    """Compiles and opens a module; those that a test leaves open are closed in the end."""
    modules: list[SharedModule] = []

    def make(name: str, body: str, *, global_symbols: bool = False) -> SharedModule:
        module = open_module(compile_module(name, HEAD + body + FOOT), global_symbols=global_symbols)
        assert isinstance(module, SharedModule)
        modules.append(module)
        return module

    yield make
    for module in reversed(modules):
        if module.handle:
            module.close()


def calls_of(module: str) -> list[tuple[str, int]]:
    return [(call.name, call.count) for call in stand_ins.calls() if call.module == module]


def test_a_module_that_lacks_names_is_opened_and_its_calls_are_counted_and_told_once(host: Core, hosted: Open):
    sink = Sink()
    host.logger.attach(sink)
    module = hosted("res_caller", CALLER.format(name="first"))
    assert calls_of("res_caller") == []
    assert (module.load(), module.unload()) == (100, 0)
    module.close()
    counted = [("ast_first_number", 3), ("ast_get_cc_callback_sub", 1)]
    assert calls_of("res_caller") == counted
    assert stand_ins.met()["res_caller"] == 2
    assert stand_ins.needing("secure_call_info") == ["res_caller"]
    assert sink.lines == [
        f"WARNING module res_caller called {name}, which this program does not have: a stand-in did nothing"
        for name, _ in reversed(counted)
    ]


TEXTS = """
extern const char *ast_config_AST_CTL, *ast_config_AST_CTL_OWNER;
static int unload_module(void) { return 0; }
static int load_module(void)
{
	char room[8] = "x";

	ast_copy_string(room, ast_config_AST_CTL, sizeof(room));
	return *room || *ast_config_AST_CTL_OWNER || ast_config_AST_CTL == (const char *) &ast_config_AST_CTL;
}
"""


def test_a_missing_variable_that_holds_a_text_points_to_an_empty_text(hosted: Open):
    assert hosted("res_texts", TEXTS).load() == 0
    assert stand_ins.needing("ast_config_AST_CTL_OWNER") == ["res_texts"]


def test_without_the_option_it_is_refused(core: Core, compile_module):
    with pytest.raises(AsterismError, match="it needs 'ast_never_number', which nobody provides"):
        open_module(compile_module("res_never", HEAD + CALLER.format(name="never") + FOOT))


def test_a_name_that_a_module_beside_provides_gets_no_stand_in(hosted: Open, compile_module):
    provider = """
    int provided_beside(void);
    int provided_beside(void) { return 42; }
    """
    compile_module("res_beside", f"{HEAD}{provider}{CALLBACKS}{FOOT}")
    user = """
    int provided_beside(void);
    static int unload_module(void) { return 0; }
    static int load_module(void) { return provided_beside(); }
    """
    file = compile_module("res_needs_it", HEAD + user + FOOT)
    with pytest.raises(AsterismError, match="it needs 'provided_beside', which nobody provides"):
        open_module(file)
    hosted("res_beside", provider + CALLBACKS, global_symbols=True)
    assert hosted("res_needs_it", user).load() == 42
    assert "provided_beside" not in stand_ins.names()


THREADS = """
void *ast_counted_call(void *);
static void *call_often(void *data)
{
	int i;

	for (i = 0; i < 1000; i++) {
		if (ast_counted_call(data)) {
			return data;
		}
	}
	return NULL;
}
static int unload_module(void) { return 0; }
static int load_module(void)
{
	pthread_t threads[8];
	void *result;
	int i, failed = 0;

	for (i = 0; i < 8; i++) {
		failed |= ast_pthread_create(&threads[i], NULL, call_often, threads) != 0;
	}
	for (i = 0; i < 8; i++) {
		pthread_join(threads[i], &result);
		failed |= result != NULL;
	}
	return failed;
}
"""


def test_calls_of_eight_threads_are_all_counted(hosted: Open):
    module = hosted("res_threads", THREADS)
    assert module.load() == 0
    module.close()
    assert Call("ast_counted_call", "res_threads", 8000) in stand_ins.calls()


def test_a_module_that_was_built_again_is_not_taken_for_the_one_before(hosted: Open):
    """Both are mapped at the same place as a rule; the calls belong to the name of the file."""
    for name in ("res_before", "res_after"):
        module = hosted(name, CALLER.format(name="again"))
        assert module.load() == 100
        module.close()
    expected = [("ast_again_number", 2), ("ast_get_cc_callback_sub", 1)]
    assert (calls_of("res_before"), calls_of("res_after")) == (expected, expected)


def _shown(core: Core, line: str) -> list[str]:
    transcript = Transcript()
    core.commands.run(line, transcript)
    return transcript.output.splitlines()


def test_the_command_lists_what_was_called_and_all_that_stands_in(host: Core, hosted: Open):
    host.commands.register(*stand_in_commands.commands(host))
    hosted("res_shown", CALLER.format(name="shown")).load()
    shown, everything = (_shown(host, f"core show stand-ins{word}") for word in ("", " all"))
    row = f"{'ast_shown_number':<42} {'-':<22} {2:>10}  res_shown"
    assert row in shown
    assert set(shown[:-1]) <= set(everything)
    variable = [line for line in everything if line.startswith("secure_call_info ")]
    assert [line.split()[1:3] for line in variable] == [["global_datastores.h", "0"]]
    assert not [line for line in shown if line.startswith("secure_call_info ")]
