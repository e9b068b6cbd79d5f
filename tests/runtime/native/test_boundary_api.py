"""What C modules call and what calls them: applications, functions, variables, commands, messages, text."""

from __future__ import annotations

import threading
from pathlib import Path
from types import SimpleNamespace

import pytest
from native_support import FOOT, HEAD

from asterism.errors import AsterismError, Fault
from runtime import api
from runtime.core.commands.clients import Transcript
from runtime.core.core import Core
from runtime.core.message_log import Record
from runtime.core.registry import Function
from runtime.dialplan import functions, pbx_run
from runtime.model.emulated_channel import Channel
from runtime.modules.module_opening import open_module

APPLICATION = """
static int greet(struct ast_channel *chan, const char *data)
{
	AST_DECLARE_APP_ARGS(args,
		AST_APP_ARG(who);
		AST_APP_ARG(rest);
	);
	char *parse = ast_strdupa(data);

	AST_STANDARD_APP_ARGS(args, parse);
	if (ast_strlen_zero(args.who)) {
		ast_log(LOG_WARNING, "Greet needs a name\\n");
		return -1;
	}
	ast_verb(3, "%s %d: hello %s\\n", ast_channel_exten(chan), ast_channel_priority(chan), args.who);
	pbx_builtin_setvar_helper(chan, "GREETED", args.who);
	return 0;
}
static int unload_module(void) { return ast_unregister_application("Greet"); }
static int load_module(void)
{
	return ast_register_application("Greet", greet, "Greets somebody.", "greet(name)\\n\\nSays hello.\\n");
}
"""


def test_an_application_runs_on_a_channel_and_sets_a_variable(core: Core, opened, log: list[str]):
    module = opened("app_greet", APPLICATION, callbacks="")
    assert module.load() == 0
    channel = Channel(exten="100", priority=2)
    assert functions.execute(core, channel, "greet", "World,x") == 0
    assert functions.execute(core, channel, "Greet", "") == -1
    assert list(channel.variables.items()) == [("GREETED", "World")]
    assert log == ["VERBOSE 100 2: hello World", "WARNING Greet needs a name"]
    entry = core.applications.find("GREET")
    assert (entry.name, entry.module, entry.synopsis, entry.syntax, entry.description) == (
        "Greet",
        "app_greet",
        "Greets somebody.",
        "greet(name)",
        "Says hello.",
    )
    assert (module.unload(), core.applications.names(), module.use_count) == (0, [], 0)


def test_an_application_whose_name_is_taken_is_refused_with_its_owner(core: Core, opened, log: list[str]):
    assert opened("app_greet", APPLICATION, callbacks="").load() == 0
    assert opened("app_again", APPLICATION, callbacks="").load() == -1
    assert log == [
        "WARNING the application 'Greet' exists already: module app_greet registered it\n"
        "    give it another name, or unload that module first"
    ]


FUNCTION = """
static int get(struct ast_channel *chan, const char *cmd, char *data, char *buf, size_t len)
{
	if (!strcmp(data, "fail")) {
		return -1;
	}
	snprintf(buf, len, "%s(%s) on %s", cmd, data, chan ? ast_channel_context(chan) : "nothing");
	return 0;
}
static int get2(struct ast_channel *chan, const char *cmd, char *data, struct ast_str **str, ssize_t len)
{
	int i, count;

	(void) chan;
	(void) cmd;
	if (ast_str_to_int(data, &count)) {
		return -1;
	}
	for (i = 0; i < count; i++) {
		ast_str_append(str, len, "%d;", i);
	}
	return 0;
}
static int set(struct ast_channel *chan, const char *cmd, char *data, const char *value)
{
	(void) cmd;
	return pbx_builtin_setvar_helper(chan, data, value);
}
static struct ast_custom_function one = {
	.name = "ONE", .read = get, .write = set,
	.synopsis = "Reads and writes.", .syntax = "ONE(name)", .arguments = "name - what", .desc = "Words.",
};
static struct ast_custom_function many = { .name = "MANY", .read2 = get2 };
static struct ast_custom_function small = { .name = "SMALL", .read = get, .read_max = 8 };
static int unload_module(void)
{
	return ast_custom_function_unregister(&one) | ast_custom_function_unregister(&many)
		| ast_custom_function_unregister(&small);
}
static int load_module(void)
{
	return ast_custom_function_register(&one) | ast_custom_function_register_escalating(&many, AST_CFE_READ)
		| ast_custom_function_register(&small);
}
"""


def test_functions_are_read_and_written(core: Core, opened):
    module = opened("func_one", FUNCTION, callbacks="")
    assert module.load() == 0
    channel = Channel(context="inner")
    assert functions.read_function(core, channel, "ONE(a,b)") == "ONE(a,b) on inner"
    assert functions.read_function(core, None, "ONE()") == "ONE() on nothing"
    assert functions.read_function(core, channel, "SMALL(abc)") == "SMALL(a"
    assert functions.read_function(core, channel, "MANY(2000)") == "".join(f"{i};" for i in range(2000))
    functions.write_function(core, channel, "ONE(x)", "y")
    assert channel.variables.get("x") == "y"
    entry = core.functions.find("ONE")
    assert (entry.synopsis, entry.syntax, entry.arguments, entry.description, entry.read_escalates) == (
        "Reads and writes.",
        "ONE(name)",
        "name - what",
        "Words.",
        False,
    )
    assert core.functions.find("MANY").read_escalates
    assert (module.unload(), core.functions.names()) == (0, [])


@pytest.mark.parametrize(
    ("call", "fault"),
    [
        ("ONE(fail)", Fault("reading the function 'ONE' failed", cure="the log may say why", code="function-failed")),
        ("MANY(x)", Fault("reading the function 'MANY' failed", cure="the log may say why", code="function-failed")),
        ("MANI(1)", Fault("there is no function 'MANI'", cure="did you mean 'MANY'?", code="unknown-function")),
        (
            "ONE(a",
            Fault("the closing parenthesis of 'ONE(a' is missing", cure="write NAME(arguments)", code="unbalanced"),
        ),
    ],
)
def test_a_function_that_cannot_be_read_says_why(call, fault, core: Core, opened):
    opened("func_one", FUNCTION, callbacks="").load()
    with pytest.raises(AsterismError) as raised:
        functions.read_function(core, Channel(), call)
    assert raised.value.faults == (fault,)


def test_a_function_that_can_only_be_read_refuses_to_be_written(core: Core, opened):
    opened("func_one", FUNCTION, callbacks="").load()
    with pytest.raises(AsterismError, match="the function 'MANY' can only be read"):
        functions.write_function(core, Channel(), "MANY(1)", "x")


COMMAND = """
static char *limits(struct ast_cli_entry *e, int cmd, struct ast_cli_args *a)
{
	static const char * const choices[] = { "core", "cpu", "data", NULL };

	switch (cmd) {
	case CLI_INIT:
		e->command = "limits show [like]";
		e->usage = "Usage: limits show [like TEXT]\\n";
		return NULL;
	case CLI_GENERATE:
		return a->pos == 3 ? ast_cli_complete(a->word, choices, a->n) : NULL;
	}
	if (a->argc > e->args + 1) {
		return CLI_SHOWUSAGE;
	}
	ast_cli(a->fd, "%d of %d words, the last is %s\\n", a->argc, e->args, a->argv[a->argc - 1]);
	return a->argv[a->argc] ? CLI_FAILURE : !strcmp(a->argv[a->argc - 1], "bad") ? CLI_FAILURE : CLI_SUCCESS;
}
static struct ast_cli_entry cli[] = { AST_CLI_DEFINE(limits, "Show limits") };
static int unload_module(void) { return ast_cli_unregister_multiple(cli, ARRAY_LEN(cli)); }
static int load_module(void) { return ast_cli_register_multiple(cli, ARRAY_LEN(cli)); }
"""


@pytest.fixture
def shell(core: Core, opened):
    """The command of COMMAND, registered by a running module."""
    module = opened("res_limits", COMMAND, callbacks="")
    assert module.load() == 0
    return module


@pytest.mark.parametrize(
    ("line", "output"),
    [
        ("limits show", "2 of 3 words, the last is show\n"),
        ("limits show like x", "4 of 3 words, the last is x\n"),
        ("limits show a b", "4 of 3 words, the last is b\n"),
        ("limits show like x y", "Usage: limits show [like TEXT]\n"),
        (
            "limits show like bad",
            "4 of 3 words, the last is bad\nCommand 'limits show like bad' failed.\n",
        ),
    ],
)
def test_a_command_answers_through_its_descriptor(line, output, core: Core, shell):

    client = Transcript()
    core.commands.run(line, client)
    assert client.output == output


def test_a_command_completes_and_goes(core: Core, shell):
    assert core.commands.complete("limits show like c") == ["core", "cpu"]
    assert core.commands.complete("lim") == ["limits"]
    assert (shell.unload(), core.commands.complete("lim")) == (0, [])


AGAIN = COMMAND.replace("static int unload_module", "static int unload_it").replace(
    "static int load_module",
    """
static int unload_module(void)
{
	int i, result = 0;

	for (i = 0; i < 3; i++) {
		result |= ast_cli_register(cli) || ast_cli_register(cli);	/* The second time it is there. */
		result |= strcmp(cli[0].command, "limits show [like]") || !cli[0]._full_cmd || !cli[0].usage;
		result |= unload_it();
		result |= cli[0].command || cli[0].usage || cli[0]._full_cmd || cli[0].cmda[0];
	}
	return result | ast_cli_unregister(cli);	/* And once more than it was registered. */
}
static int load_module""",
)


def test_an_entry_is_cleared_when_its_command_is_taken_away(core: Core, opened, log: list[str]):
    module = opened("res_again", AGAIN, callbacks="")
    assert (module.load(), module.unload(), core.commands.complete("lim")) == (0, 0, [])
    assert {line for line in log if line.startswith("WARNING")} == {
        "WARNING the command 'limits show [like]' is already registered with this entry"
    }


def expression_module(opened, expression: str, prepare: str = ""):
    """A module whose load callback returns an expression."""
    body = f"static int load_module(void) {{ {prepare} return ({expression}); }}\n"
    return opened("res_try", body + "static int unload_module(void) { return 0; }\n", callbacks="")


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ("ast_log(LOG_NOTICE, bad, 1), 0", "ERROR a format with %n was refused"),
        ("ast_asprintf(&text, bad, 1)", "ERROR a format with %n was refused"),
        ("ast_str_set(&string, 0, bad, 1)", "ERROR a format with %n was refused"),
        ("__ast_verbose(_A_, 0, bad, 1), 0", "ERROR a format with %n was refused"),
    ],
)
def test_a_format_that_writes_memory_is_refused(call, message, opened, log: list[str]):
    prepare = (
        'const char *bad = ast_strdupa("%d%%%5$n"); char *text = NULL; struct ast_str *string = ast_str_create(8);'
    )
    module = expression_module(opened, call.replace("bad", "bad"), prepare + " (void) text; (void) string;")
    module.load()
    assert log == [message]


def test_a_long_message_arrives_whole(opened, log: list[str]):
    prepare = "char *text = ast_malloc(20001); memset(text, 120, 20000); text[20000] = 0;"
    expression_module(opened, 'ast_log(LOG_ERROR, "%s\\n", text), ast_free(text), 0', prepare).load()
    assert log == ["ERROR " + "x" * 20000]


def test_bytes_that_are_no_utf_8_pass_through_both_ways(core: Core, opened):
    prepare = 'const char *v, *given = "\\xff\\xc3\\xa4"; pbx_builtin_setvar_helper(NULL, "A", given);'
    prepare += ' v = pbx_builtin_getvar_helper(NULL, "A");'
    module = expression_module(opened, "!v || strcmp(v, given)", prepare)
    assert module.load() == 0
    assert core.globals == {"A": "\udcffä"}


NULLS = [
    "ast_channel_name(NULL)[0]",
    "ast_channel_priority(NULL)",
    "ast_channel_lock(NULL) == 0",
    "pbx_findapp(NULL) != NULL",
    "pbx_builtin_setvar_helper(NULL, NULL, NULL) + 1",
    "pbx_builtin_getvar_helper(NULL, NULL) != NULL",
    "ast_func_read(NULL, NULL, room, sizeof(room)) + 1",
    "ast_register_application(NULL, NULL, NULL, NULL) + 1",
    "ast_cli_register(NULL) + 1",
    "ast_custom_function_register(NULL) + 1",
    "ast_true(NULL)",
    "(ast_md5_hash(room, NULL), room[0])",
    "pbx_exec(NULL, (struct ast_app *) room, NULL) + 1",
    "ast_load_resource(NULL) + 1",
    "pbx_checkcondition(NULL)",
]
"""Calls with NULL where something is expected; each is 0 when it gave the failure value of its header."""

TEXTS = [
    ('(ast_md5_hash(room, "hello"), room)', "5d41402abc4b2a76b9719d911017c592"),
    ('(ast_sha1_hash(room, "hello"), room)', "aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d"),
    ('(ast_base64encode(room, (const unsigned char *) "hello", 5, 64), room)', "aGVsbG8="),
    ('(ast_base64encode(room, (const unsigned char *) "hello", 5, 8), room)', "aGVs"),
    ('(room[ast_base64decode((unsigned char *) room, "aGVsbG8=", 64)] = 0, room)', "hello"),
    ('ast_uri_encode("a b&c/é", room, 64, ast_uri_http)', "a%20b%26c%2F%C3%A9"),
    ('ast_uri_encode("a b", room, 4, ast_uri_http)', "a"),
    ('ast_uri_encode("a b~", room, 64, ast_uri_http_legacy)', "a+b~"),
    ('(strcpy(room, "a%20b%2"), ast_uri_decode(room, ast_uri_http), room)', "a b%2"),
    ('(strcpy(room, "  \\"x y\\" "), ast_strip_quoted(room, "\\"", "\\""))', "x y"),
    ('(strcpy(room, "\'a,b\',c"), rest = room, ast_strsep(&rest, 44, AST_STRSEP_ALL))', "a,b"),
    ('(strcpy(room, "a\\\\,b\\\\"), rest = room, ast_strsep(&rest, 44, AST_STRSEP_ALL))', "a,b"),
    ('ast_get_encoded_str("a\\\\tb\\\\x41\\\\060", room, 64)', "a\tbA0"),
    ('(ast_join(room, 6, words), room)', "one t"),
    ('ast_escape(room, "a;b;", 5, ";")', "a\\;b"),
    ('ast_escape(room, "plain", 64, NULL)', "plain"),
    ('ast_escape(room, "a\\nb", 64, "\\n")', "a\\nb"),
    ('ast_escape_c(room, "\\t?", 64)', "\\t\\?"),
    ('(ast_xml_escape("<a & \\"b\\">", room, 64), room)', "&lt;a &amp; &quot;b&quot;&gt;"),
    ('(ast_xml_escape("a<b", room, 5), room)', "a"),
    ('ast_check_command_in_path("sh") && !ast_check_command_in_path("nix-nowhere") ? "there" : "lost"', "there"),
    ('(strcpy(room, "a\\\\;b"), ast_unescape_semicolon(room))', "a;b"),
    ('(pbx_substitute_variables_helper(NULL, "<${X}|$[1+2]>", room, 63), room)', "<|3>"),
    ('(pbx_substitute_variables_helper(NULL, "abcdef", room, 3), room)', "abc"),
    ('(string = ast_str_create(1), ast_str_set_escapecommas(&string, 0, "a,b", 9))', "a\\,b"),
    ('(string = ast_str_alloca(4), ast_str_set(&string, 0, "%s", "abcdef"), ast_str_buffer(string))', "abc"),
    ('(string = ast_str_create(0), ast_str_buffer(string))', ""),
    ('(ast_str_substitute_variables((string = ast_str_create(2), &string), 0, NULL, "$[3*4]"), '
     "ast_str_buffer(string))", "12"),
]  # fmt: skip
"""Calls that give a text, and that text."""

PREPARED = """
	char room[64] = "x", *rest = NULL;
	struct ast_str *string = NULL;
	static const char * const words[] = { "one", "two", NULL };

	(void) room, (void) rest, (void) string, (void) words;
"""


@pytest.fixture(scope="session")
def tries(compile_into, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A module that makes any of these calls, by its number."""
    calls = [*NULLS, *(f'(ast_log(LOG_NOTICE, "%s", {call}), 0)' for call, _ in TEXTS)]
    cases = [f"static int case_{n}(void)\n{{{PREPARED}\n\treturn ({call});\n}}\n" for n, call in enumerate(calls)]
    table = f"static int (*cases[])(void) = {{ {', '.join(f'case_{n}' for n in range(len(calls)))} }};\n"
    run = "static int run(struct ast_channel *chan, const char *n) { (void) chan; return cases[atoi(n)](); }\n"
    load = 'static int load_module(void) { return ast_register_application("Try", run, NULL, NULL); }\n'
    unload = "static int unload_module(void) { return 0; }\n"
    source = HEAD + "".join(cases) + table + run + load + unload + FOOT
    return compile_into(tmp_path_factory.mktemp("tries"), "res_tries", source)


@pytest.fixture
def attempt(core: Core, tries: Path):
    """Make a call by its number and give its result."""
    module = open_module(tries)
    assert module.load() == 0
    yield lambda number: functions.execute(core, None, "Try", str(number))
    core.forget_module("res_tries")
    module.close()


@pytest.mark.parametrize("number", range(len(NULLS)), ids=NULLS)
def test_null_where_something_is_expected_gives_the_failure_value(number: int, attempt):
    assert attempt(number) == 0


@pytest.mark.parametrize("number", range(len(TEXTS)), ids=[call for call, _ in TEXTS])
def test_text_functions_give_what_they_say(number: int, attempt, log: list[str]):
    attempt(len(NULLS) + number)
    assert log == [f"NOTICE {TEXTS[number][1]}"]


def test_an_implementation_that_raises_is_logged_and_gives_its_failure_value(core: Core, opened, log: list[str]):
    def broken(_channel, _arguments):
        raise RuntimeError("out of order")

    core.functions.add(Function("BROKEN", broken))
    assert expression_module(opened, 'ast_func_read(NULL, "BROKEN()", room, 8)', "char room[8];").load() == -1
    assert log[0].startswith("ERROR ast_func_read raised RuntimeError: out of order\nTraceback")


def test_an_application_that_runs_itself_for_ever_ends_in_one_warning(core: Core, opened, log: list[str]):
    source = """
    static int again(struct ast_channel *chan, const char *data)
    {
        return pbx_exec(chan, pbx_findapp("Again"), data);
    }
    static int unload_module(void) { return 0; }
    static int load_module(void) { return ast_register_application("Again", again, NULL, NULL); }
    """
    opened("app_again", source, callbacks="").load()
    assert functions.execute(core, Channel(), "Again", "x") == -1
    assert log == [
        "WARNING 'Again' is nested more than 50 deep\n    does an application or a function call itself without an end?"
    ]


def test_dynamic_levels_are_numbered_and_found(opened):
    call = 'ast_logger_register_level("fax") == 17 && ast_logger_get_dynamic_level("FAX") == 17'
    again = '&& ast_logger_register_level("Fax") == -1'
    module = expression_module(opened, f'({call} {again}) ? (ast_logger_unregister_level("fax"), 0) : 1')
    assert module.load() == 0


def test_a_message_of_a_dynamic_level_is_logged_with_it_and_the_level_goes_with_the_module(
    core, opened, log: list[str]
):
    call = 'level = ast_logger_register_level("fax"), ast_log_dynamic_level(level, "%d pages\\n", 3), 0'
    module = expression_module(opened, call, "int level;")
    assert module.load() == 0
    assert log == ["FAX 3 pages"]
    assert core.forget_module("res_other") == []
    assert core.forget_module("res_try") == ["log level FAX"]


CALLS = """
static int wrong;

static void check(int holds)
{
    wrong += !holds;
}
static void *work(void *data)
{
    ast_callid *given = data;

    check(ast_read_threadstorage_callid() == 0 && ast_callid_threadassoc_remove() == -1);
    check(ast_callid_threadassoc_add(*given) == 0);
    ast_log(LOG_NOTICE, "in a thread\\n");
    check(ast_callid_threadassoc_add(*given) == 1);
    return NULL;
}
static int unload_module(void) { return wrong; }
static int load_module(void)
{
    char room[AST_CALLID_BUFFER_LENGTH];
    ast_callid one = 0, again = 0, other = ast_create_callid();
    int made = ast_callid_threadstorage_auto(&one);
    pthread_t thread;

    check(made == 1 && one && one != other && !ast_callid_threadstorage_auto(&again) && again == one);
    ast_callid_threadstorage_auto_clean(again, 0);
    check(ast_read_threadstorage_callid() == one);
    ast_log(LOG_NOTICE, "one\\n");
    ast_log_callid(LOG_NOTICE, other, "other\\n");
    ast_verb_callid(0, 0, "none\\n");
    ast_verb(0, "one\\n");
    ast_pthread_create(&thread, NULL, work, &other);
    pthread_join(thread, NULL);
    check(!ast_callid_threadassoc_change(other) && ast_read_threadstorage_callid() == other);
    ast_callid_threadstorage_auto_clean(one, made);
    check(ast_read_threadstorage_callid() == 0);
    ast_callid_strnprint(room, sizeof(room), 0xdeadbeef);
    check(!strcmp(room, "[C-deadbeef]"));
    return 0;
}
"""


def test_what_is_logged_of_a_call_has_its_number(core: Core, opened):
    records: list[Record] = []
    core.logger.attach(SimpleNamespace(wants=lambda _record: True, write=records.append, verbose=10))
    module = opened("res_calls", CALLS, callbacks="")
    assert (module.load(), module.unload()) == (0, 0)
    first = records[0].call
    other = records[1].call
    assert [(record.text, {0: 0, first: 1, other: 2}[record.call]) for record in records] == [
        ("one", 1),
        ("other", 2),
        ("none", 0),
        ("one", 1),
        ("in a thread", 2),
        (f"this thread already has the call id C-{other:08x}; C-{other:08x} is not set", 2),
    ]


def test_each_call_through_the_dialplan_has_a_number_of_its_own(core: Core):
    records: list[Record] = []
    core.logger.attach(SimpleNamespace(wants=lambda _record: True, write=records.append, verbose=10))
    for _ in range(2):
        pbx_run.run(core, Channel())
    with core.calling():
        core.logger.notice("outer")
        pbx_run.run(core, Channel())
    core.logger.notice("after")
    numbers = list(dict.fromkeys(record.call for record in records))
    assert len(numbers) == 4
    assert numbers[-1] == 0
    assert 0 not in numbers[:-1]


def test_threads_of_a_module_call_into_the_core(core: Core, opened, log: list[str]):
    source = """
    static void *work(void *data)
    {
        int i;

        for (i = 0; i < 200; i++) {
            pbx_builtin_setvar_helper(NULL, data, "x");
            pbx_builtin_getvar_helper(NULL, data);
        }
        return NULL;
    }
    static pthread_t threads[4];
    static int load_module(void)
    {
        static char names[4][2] = { "A", "B", "C", "D" };
        size_t i;

        for (i = 0; i < ARRAY_LEN(threads); i++) {
            ast_pthread_create(&threads[i], NULL, work, names[i]);
        }
        return 0;
    }
    static int unload_module(void)
    {
        size_t i;

        for (i = 0; i < ARRAY_LEN(threads); i++) {
            pthread_join(threads[i], NULL);
        }
        return 0;
    }
    """
    module = opened("res_threads", source, callbacks="")
    assert (module.load(), module.unload()) == (0, 0)
    assert (core.globals, log) == (dict.fromkeys("ABCD", "x"), [])


def test_one_channel_is_used_by_many_threads(core: Core, opened, log: list[str]):
    assert opened("app_greet", APPLICATION, callbacks="").load() == 0
    channel, results = Channel(), []

    def run() -> None:
        results.extend(functions.execute(core, channel, "Greet", "you") for _ in range(100))

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (set(results), len(results), set(log)) == ({0}, 400, {"VERBOSE s 1: hello you"})


def test_a_module_call_lets_other_python_threads_run(opened):
    source = """
    static volatile int go;
    static int load_module(void) { while (!go) { usleep(1000); } return 7; }
    static int unload_module(void) { go = 1; return 0; }
    """
    module = opened("res_wait", source, callbacks="")
    results: list[int] = []
    waiting = threading.Thread(target=lambda: results.append(module.load()))
    waiting.start()
    module.unload()
    waiting.join(30)
    assert results == [7]


def test_a_dummy_channel_lives_as_long_as_its_references(core: Core, opened, log: list[str]):
    prepare = """
    struct ast_channel *chan = ast_dummy_channel_alloc(), *found;
    char value[8] = "";
    pbx_builtin_setvar_helper(chan, "__X", "1");
    pbx_builtin_pushvar_helper(chan, "X", "2");
    pbx_substitute_variables_helper(chan, "${X}${UNIQUEID:0:0}", value, 7);
    pbx_builtin_setvar_helper(chan, "X", NULL);
    found = ast_channel_get_by_name(ast_channel_name(chan));
    ast_channel_unref(found);
    """
    result = '!strcmp(value, "2") && !strcmp(pbx_builtin_getvar_helper(chan, "X"), "1") && found == chan'
    call = f"({result}) ? (ast_channel_unref(chan), 0) : 1"
    assert expression_module(opened, call, prepare).load() == 0
    assert log == []
    assert api.bound().lib is not None
