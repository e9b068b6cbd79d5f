"""What C modules do with channels, contexts and times."""

from __future__ import annotations

import threading

import pytest
from waiting import HANG, until

from runtime.conf import conf_file
from runtime.core.core import Core
from runtime.core.registry import Application
from runtime.dialplan import extensions_conf, functions, pbx_run
from runtime.model.emulated_channel import Channel, Hangup

LOAD = """
static int say(struct ast_channel *chan, const char *data) {{
	(void) chan;
	(void) data;
{body}
	return 0;
}}
static int unload_module(void) {{ return ast_unregister_application("Say"); }}
static int load_module(void) {{ return ast_register_application("Say", say, "", ""); }}
"""


@pytest.fixture
def said(core: Core, opened, log: list[str]):
    """Compiles the body of an application, runs it on a channel, and gives what it said."""

    def run(body: str, channel: Channel | None = None, before: str = "") -> list[str]:
        module = opened("app_say", before + LOAD.format(body=body), callbacks="")
        assert module.load() == 0
        with core.hold(channel or Channel()):
            assert functions.execute(core, channel or Channel("C/1", "inner", "100", 3), "Say") == 0
        lines, log[:] = log[:], []
        assert module.unload() == 0
        return [line.removeprefix("VERBOSE ") for line in lines]

    return run


def test_every_field_is_read_and_written(said) -> None:
    names = ["context", "exten", "appl", "data", "language", "musicclass", "accountcode", "peeraccount"]
    names += ["userfield", "call_forward", "parkinglot", "hangupsource", "dialcontext", "name"]
    sets = "".join(f'\tast_channel_{name}_set(chan, "<{name}>");\n' for name in names)
    shows = "".join(f'\tast_verb(0, "%s\\n", ast_channel_{name}(chan));\n' for name in names)
    numbers = """
	ast_channel_priority_set(chan, 7);
	ast_channel_hangupcause_set(chan, AST_CAUSE_BUSY);
	ast_channel_amaflags_set(chan, AST_AMA_BILLING);
	ast_setstate(chan, AST_STATE_RINGING);
	ast_verb(0, "%d %s %s %s\\n", ast_channel_priority(chan), ast_cause2str(ast_channel_hangupcause(chan)),
		ast_channel_amaflags2string(ast_channel_amaflags(chan)), ast_state2str(ast_channel_state(chan)));
	ast_verb(0, "%d %d %d\\n", ast_str2cause("USER_BUSY"), ast_str2cause("nix"),
		ast_channel_string2amaflag("billing"));
	ast_verb(0, "%d\\n", time(NULL) - ast_channel_creationtime(chan).tv_sec < 100 && !ast_channel_get_duration(chan));
"""
    assert said(sets + shows + numbers) == [
        *(f"<{name}>" for name in names),
        "7 User busy BILLING Ringing",
        "17 -1 2",
        "1",
    ]


def test_python_and_c_have_one_structure_from_the_first_use_by_a_module_on(said, core: Core) -> None:
    channel = Channel("C/1", "inner", "x" * 1000, 2, language="de", caller_name="é", created=5.5)
    lines = said(
        """
	ast_verb(0, "%s %zu %d %s %s %ld\\n", ast_channel_name(chan), strlen(ast_channel_exten(chan)),
		ast_channel_priority(chan), ast_channel_language(chan), ast_channel_caller(chan)->id.name.str,
		(long) ast_channel_creationtime(chan).tv_usec);
	ast_channel_name_set(chan, "C/2");
	ast_channel_state_set(chan, 77);
	ast_channel_tech_pvt_set(chan, chan);
	ast_softhangup(chan, AST_SOFTHANGUP_TIMEOUT | (1 << 20));
	ast_channel_exten_set(chan, NULL);
""",
        channel,
    )
    assert lines == ["C/1 1000 2 de é 500000"]
    assert (channel.name, channel.exten, channel.state, channel.state.words) == ("C/2", "", 77, "Unknown")
    assert (channel.softhangup, channel.caller_name, channel.created) == (Hangup.TIMEOUT, "é", 5.5)
    # The next module finds what Python wrote meanwhile, but no pointer of the first one.
    channel.hang_up(Hangup.EXPLICIT)
    channel.context, channel.caller_number = "outer", "7" * 300
    assert said(
        """
	ast_verb(0, "%s %x %zu %d\\n", ast_channel_context(chan), ast_channel_softhangup_internal_flag(chan),
		strlen(ast_channel_caller(chan)->id.number.str), ast_channel_tech_pvt(chan) == NULL);
""",
        channel,
    ) == ["outer 100028 300 1"]


def test_eight_threads_set_a_field_while_it_moves_into_c(core: Core) -> None:
    for _ in range(20):
        channel = Channel()
        start = threading.Barrier(9)

        def use(number: int, channel: Channel = channel, start: threading.Barrier = start) -> None:
            start.wait(HANG)
            Channel.softhangup.change(channel, Hangup(1 << number % 6), Hangup(0))

        threads = [threading.Thread(target=use, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        start.wait(HANG)
        with core.hold(channel):
            for thread in threads:
                thread.join(HANG)
        assert channel.softhangup == sum(Hangup)


def test_null_channel_gives_failure_values(said) -> None:
    lines = said("""
	struct ast_channel *none = NULL;
	ast_verb(0, "'%s' %d\\n", ast_channel_exten(none), ast_channel_priority(none));
	ast_channel_exten_set(none, "x");
	ast_verb(0, "%d %d %d\\n", ast_softhangup(none, AST_SOFTHANGUP_DEV), ast_answer(none),
		ast_channel_caller(none) == NULL);
	ast_verb(0, "%d\\n", ast_parseable_goto(none, "1"));
	ast_hangup(none);
""")
    assert [line for line in lines if not line.startswith("ERROR")] == ["'' 0", "-1 -1 1", "-1"]


def test_caller_is_what_c_wrote_as_long_as_the_channel_lives(said, core: Core) -> None:
    channel = Channel(caller_number="1", caller_name="One")
    lines = said(
        """
	struct ast_party_caller *caller = ast_channel_caller(chan), copy;
	struct ast_set_party_caller update = { .id.name = 1, };
	ast_verb(0, "%s %s %d\\n", caller->id.number.str, caller->id.name.str, caller->ani.number.valid);
	ast_set_callerid(chan, "22", NULL, "33");
	ast_verb(0, "%s %s %s\\n", caller->id.number.str, caller->id.name.str, caller->ani.number.str);
	ast_party_caller_set_init(&copy, caller);
	copy.id.name.str = ast_strdup("Two");
	copy.id.number.str = ast_strdup("not asked for");
	ast_channel_set_caller(chan, &copy, &update);
	ast_party_caller_free(&copy);
	ast_verb(0, "%s %s\\n", caller->id.number.str, caller->id.name.str);
	ast_party_caller_init(&copy);
	ast_party_caller_copy(&copy, caller);
	ast_verb(0, "%s %d\\n", copy.id.number.str, copy.id.number.str != caller->id.number.str);
	ast_party_caller_free(&copy);
	ast_verb(0, "%x\\n", ast_party_id_presentation(&caller->id));
	caller->id.name.presentation = AST_PRES_PROHIB_USER_NUMBER_PASSED_SCREEN;
	ast_verb(0, "%x\\n", ast_party_id_presentation(&caller->id));
	ast_party_id_invalidate(&caller->id);
	ast_verb(0, "%x\\n", ast_party_id_presentation(&caller->id));
	caller->id.number.valid = 1;
""",
        channel,
    )
    assert lines == ["1 One 0", "22 One 33", "22 Two", "22 1", "0", "20", "43"]
    assert (channel.number, channel.caller_number, channel.caller_name) == ("22", "22", "")


def test_caller_ids_are_taken_apart_and_put_together(said) -> None:
    texts = ["Name <12", "55-1 2", '\\"55\\"', "Name", "<7>", ""]
    calls = "".join(f'\tshow("{text}");\n' for text in texts)
    show = """
static void show(const char *text)
{
	char name[40], number[40], again[80];

	ast_callerid_split(text, name, sizeof(name), number, sizeof(number));
	ast_verb(0, "%s|%s|%s\\n", name, number,
		ast_callerid_merge(again, sizeof(again), *name ? name : NULL, *number ? number : NULL, "none"));
}
"""
    quoted = '\tshow("\\"A \\\\\\"B\\\\\\" C\\" <(55) 1-2>");\n'
    more = """
	ast_verb(0, "%d %d %d %s %s\\n", ast_isphonenumber("0*#+"), ast_isphonenumber(""), ast_isphonenumber("1-2"),
		ast_named_caller_presentation(ast_parse_caller_presentation("PROHIB")), ast_named_caller_presentation(99));
"""
    assert said(quoted + calls + more, before=show) == [
        'A "B" C|5512|"A \\"B\\" C" <5512>',
        'Name|12|"Name" <12>',
        "|5512|5512",
        "55||55",
        "Name||Name",
        "|7|7",
        "||none",
        "1 0 0 prohib unknown",
    ]


DATASTORE = """
static void *copy(void *data) { return ast_strdup(data); }
static void gone(void *data) { ast_verb(0, "freed %s\\n", (char *) data); ast_free(data); }
static const struct ast_datastore_info kind = { .type = "kind", .duplicate = copy, .destroy = gone, };
static const struct ast_datastore_info other = { .type = "other", .destroy = gone, };
static struct ast_datastore *add(struct ast_channel *chan, const struct ast_datastore_info *info,
		const char *uid, const char *text)
{
	struct ast_datastore *made = ast_datastore_alloc(info, uid);

	made->data = ast_strdup(text);
	ast_channel_datastore_add(chan, made);
	return made;
}
static const char *found(struct ast_channel *chan, const struct ast_datastore_info *info, const char *uid)
{
	struct ast_datastore *store = ast_channel_datastore_find(chan, info, uid);

	return store ? store->data : "none";
}
"""


def test_data_stay_on_a_channel_until_its_end(said) -> None:
    lines = said(
        """
	struct ast_channel *heir = ast_dummy_channel_alloc();
	struct ast_datastore *mine;
	ast_channel_lock(chan);
	add(chan, &kind, NULL, "one")->inheritance = DATASTORE_INHERIT_FOREVER;
	add(chan, &kind, "b", "two")->inheritance = 1;
	add(chan, &other, NULL, "three")->inheritance = 1;
	mine = add(chan, &kind, "c", "four");
	ast_verb(0, "%s %s %s %s\\n", found(chan, &kind, "B"), found(chan, &kind, NULL), found(chan, &other,
		NULL), found(chan, &other, "x"));
	ast_verb(0, "%d\\n", ast_channel_datastore_remove(chan, mine));
	ast_verb(0, "%d\\n", ast_channel_datastore_remove(chan, mine));
	ast_datastore_free(mine);
	ast_channel_datastore_inherit(chan, heir);
	ast_verb(0, "%s %s %s\\n", found(heir, &kind, "b"), found(heir, &kind, NULL), found(heir, &other, NULL));
	ast_verb(0, "%u %u\\n", ast_channel_datastore_find(heir, &kind, "b")->inheritance,
		ast_channel_datastore_find(heir, &kind, NULL)->inheritance == 0);
	ast_channel_unlock(chan);
	ast_channel_unref(heir);
""",
        before=DATASTORE,
    )
    assert lines == [
        "two four three none",
        "0",
        "-1",
        "freed four",
        "two two none",
        "0 1",
        "freed two",
        "freed one",
        "freed three",
        "freed two",
        "freed one",
    ]


def test_channels_of_a_module_are_listed_until_they_are_hung_up(said, core: Core) -> None:
    lines = said(
        """
	struct ast_assigned_ids ids = { .uniqueid = "u.1", };
	struct ast_channel *mine = ast_channel_alloc(0, AST_STATE_RING, "55", "Five", "acc", "7", "ctx", &ids,
		chan, AST_AMA_OMIT, "T/%d-%s", 1, "a");
	struct ast_channel *found;
	struct ast_channel_iterator *all;
	ast_verb(0, "%s %s@%s %s %d %s %d\\n", ast_channel_name(mine), ast_channel_exten(mine), ast_channel_context(mine),
		ast_channel_uniqueid(mine), !strcmp(ast_channel_linkedid(mine), ast_channel_linkedid(chan)),
		ast_channel_caller(mine)->id.number.str, ast_active_channels());
	ast_channel_unlock(mine);
	found = ast_channel_get_by_name("t/1-A");
	ast_verb(0, "%d\\n", found == mine);
	ast_channel_cleanup(found);
	found = ast_channel_get_by_name_prefix("T/1-bcd", 4);
	ast_verb(0, "%d\\n", found == mine);
	ast_channel_cleanup(found);
	found = ast_channel_get_by_exten("7", "ctx");
	ast_verb(0, "%d\\n", found == mine);
	ast_channel_cleanup(found);
	all = ast_channel_iterator_by_exten_new(NULL, "ctx");
	while ((found = ast_channel_iterator_next(all))) {{
		ast_verb(0, "met %s\\n", ast_channel_name(found));
		ast_channel_unref(found);
	}}
	ast_channel_iterator_destroy(all);
	ast_channel_ref(mine);
	ast_hangup(mine);
	ast_verb(0, "%d %d\\n", ast_check_hangup(mine), ast_active_channels());
	ast_channel_unref(mine);
	found = ast_channel_get_by_uniqueid("u.1");
	ast_verb(0, "%d\\n", found == NULL);
""".replace("{{", "{").replace("}}", "}")
    )
    assert lines == ["T/1-a 7@ctx u.1 1 55 1", "1", "1", "1", "met T/1-a", "1 0", "1"]
    assert list(core.channels) == []


def test_variables_are_walked_from_the_last_one_on(said) -> None:
    channel = Channel()
    channel.variables.set("a", "1")
    channel.variables.set("__b", "2")
    assert said(
        """
	struct ast_var_t *var;
	ast_channel_lock(chan);
	AST_LIST_TRAVERSE(ast_channel_varshead(chan), var, entries) { ast_verb(0, "%s=%s\\n", ast_var_name(var),
		ast_var_value(var)); }
	ast_channel_unlock(chan);
""",
        channel,
    ) == ["b=2", "a=1"]


def test_a_module_puts_variables_into_the_list_of_a_channel_and_takes_them_out(said) -> None:
    assert said("""
	struct ast_channel *own = ast_dummy_channel_alloc();
	struct ast_var_t *var = ast_var_assign("X", "1"), *other = ast_var_assign("_Y", "2");
	struct varshead *head = ast_channel_varshead(own);
	AST_LIST_INSERT_HEAD(ast_channel_varshead(own), var, entries);
	AST_LIST_INSERT_TAIL(ast_channel_varshead(own), other, entries);
	ast_verb(0, "%s %s\\n", pbx_builtin_getvar_helper(own, "X"), pbx_builtin_getvar_helper(own, "__Y"));
	AST_LIST_REMOVE(ast_channel_varshead(own), var, entries);
	ast_verb(0, "%d %d\\n", pbx_builtin_getvar_helper(own, "X") == NULL, head == ast_channel_varshead(own));
	ast_verb(0, "%s\\n", ast_var_full_name(AST_LIST_FIRST(ast_channel_varshead(own))));
	ast_var_delete(var);
	ast_channel_release(own);
""") == ["1 2", "1 1", "_Y"]


def test_a_module_and_python_see_the_same_variables(said) -> None:
    channel = Channel()
    channel.variables.set("OLD", "0")
    channel.variables.push("OLD", "1")
    assert said(
        """
	struct ast_var_t *var = ast_var_assign("_NEW", "2");
	ast_channel_lock(chan);
	AST_LIST_INSERT_HEAD(ast_channel_varshead(chan), var, entries);
	ast_channel_unlock(chan);
	pbx_builtin_setvar_helper(chan, "__SET", "3");
	pbx_builtin_pushvar_helper(chan, "SET", "4");
	pbx_builtin_setvar_helper(chan, "OLD", NULL);
	ast_verb(0, "%s %s\\n", pbx_builtin_getvar_helper(chan, "OLD"), pbx_builtin_getvar_helper(chan, "SET"));
""",
        channel,
    ) == ["0 4"]
    assert list(channel.variables.items()) == [("OLD", "0"), ("NEW", "2"), ("SET", "4")]
    channel.variables.set("SET", None)
    assert (channel.variables.get("_SET"), channel.variables.get("NEW"), len(channel.variables)) == ("3", "2", 3)


def test_a_value_stays_readable_while_it_is_replaced(said) -> None:
    assert said(
        """
	const char *first;
	int i;
	char value[16];
	pbx_builtin_setvar_helper(chan, "X", "first");
	first = pbx_builtin_getvar_helper(chan, "X");
	for (i = 0; i < 16; i++) {{
		snprintf(value, sizeof(value), "%d", i);
		pbx_builtin_setvar_helper(chan, "X", value);
	}}
	ast_verb(0, "%s %s\\n", first, pbx_builtin_getvar_helper(chan, "X"));
""".replace("{{", "{").replace("}}", "}")
    ) == ["first 15"]


PLAN = """\
[inner]
exten => 100,1(top),NoOp(one)
same => 3,Say()
exten => _1X.,1,NoOp(two)
exten => 100/5,1,NoOp(five)
include => outer,*,*,*,*
ignorepat => 9
[outer]
exten => 200,hint,SIP/200
"""


@pytest.fixture
def planned(core: Core) -> Core:
    """A core with two contexts."""
    core.plans.change(lambda _: extensions_conf.read(conf_file.loads(PLAN, "extensions.conf")).dialplan)
    return core


def test_contexts_are_walked(said, planned: Core) -> None:
    assert said("""
	struct ast_context *con = NULL;
	struct ast_exten *e, *p;
	int i;
	ast_rdlock_contexts();
	while ((con = ast_walk_contexts(con))) {
		ast_verb(0, "[%s] %s\\n", ast_get_context_name(con), ast_get_context_registrar(con));
		for (e = NULL; (e = ast_walk_context_extensions(con, e));) {
			for (p = NULL; (p = ast_walk_extension_priorities(e, p));) {
				ast_verb(0, "%s %d %s %s(%s) %s %s:%d %d\\n", ast_get_extension_name(p),
		ast_get_extension_priority(p),
					S_OR(ast_get_extension_label(p), "-"), ast_get_extension_app(p),
		(char *) ast_get_extension_app_data(p),
					ast_get_extension_matchcid(p) ? ast_get_extension_cidmatch(p) : "-",
					ast_get_extension_registrar_file(p), ast_get_extension_registrar_line(p),
					ast_get_extension_context(p) == con);
			}
		}
		for (i = 0; i < ast_context_includes_count(con); i++) {
			ast_verb(0, "include %s\\n", ast_get_include_name(ast_context_includes_get(con, i)));
		}
		for (i = 0; i < ast_context_ignorepats_count(con); i++) {
			ast_verb(0, "ignore %s\\n", ast_get_ignorepat_name(ast_context_ignorepats_get(con, i)));
		}
	}
	ast_unlock_contexts();
	ast_verb(0, "%d %d\\n", ast_context_find("nix") == NULL, ast_ignore_pattern("inner", "9"));
""") == [
        "[inner] pbx_config",
        "100 1 - NoOp(five) 5 extensions.conf:5 1",
        "100 1 top NoOp(one) - extensions.conf:2 1",
        "100 3 - Say() - extensions.conf:3 1",
        "_1X. 1 - NoOp(two) - extensions.conf:4 1",
        "include outer,*,*,*,*",
        "ignore 9",
        "[outer] pbx_config",
        "200 -1 - SIP/200() - extensions.conf:9 1",
        "1 1",
    ]


def test_questions_about_places_are_answered(said, planned: Core) -> None:
    assert said("""
	ast_verb(0, "%d %d %d %d\\n", ast_exists_extension(NULL, "inner", "100", 1, NULL),
		ast_exists_extension(chan, "inner", "100", 2, NULL),
		ast_exists_extension(NULL, "inner", "155", 1, ""), ast_exists_extension(NULL, NULL, NULL, 1, NULL));
	ast_verb(0, "%d %d\\n", ast_findlabel_extension(chan, "inner", "100", "top", NULL),
		ast_findlabel_extension(chan, "inner", "100", "nix", NULL));
	ast_verb(0, "%d %d\\n", ast_extension_match("_1X.", "155"), ast_extension_match("_1X.", "15"));
	ast_verb(0, "%d %d %d\\n", ast_extension_cmp("1", "_1"), ast_extension_cmp("_X", "_1"),
		ast_extension_cmp("_X", "_x"));
""") == ["1 0 1 0", "1 -1", "1 0", "-1 1 0"]


def test_channel_is_sent_to_places(said, planned: Core) -> None:
    where = "ast_channel_context(chan), ast_channel_exten(chan), ast_channel_priority(chan)"
    place = f'\tast_verb(0, "%s,%s,%d\\n", {where});\n'
    assert said(f"""
	ast_explicit_goto(chan, "outer", NULL, 2);
{place}
	ast_verb(0, "%d\\n", ast_goto_if_exists(chan, "inner", "100", 9));
	ast_verb(0, "%d\\n", ast_goto_if_exists(chan, "inner", "100", 3));
{place}
	ast_verb(0, "%d\\n", ast_parseable_goto(chan, "top"));
{place}
	ast_verb(0, "%d\\n", ast_parseable_goto(chan, "nix"));
{place}
""") == [
        "outer,100,2",
        "-3",
        "0",
        "inner,100,3",
        "0",
        "inner,100,1",
        "WARNING '100@inner' has no priority and no label 'nix'\n"
        "    write a number from 1 on, +1, -1 or a label of that extension",
        "-1",
        "inner,100,1",
    ]


def test_extensions_of_a_module_are_added_and_taken_away(said, planned: Core) -> None:
    assert said("""
	struct ast_context *con = ast_context_find_or_create(NULL, NULL, "mine", "app_say");
	ast_verb(0, "%s\\n", ast_get_context_name(con));
	ast_verb(0, "%d\\n", ast_add_extension("mine", 0, "1", 1, "go", NULL, "NoOp", ast_strdup("x,y"),
		ast_free_ptr, "app_say"));
	ast_verb(0, "%d\\n", ast_add_extension2(con, 0, "1", 2, NULL, "77", "NoOp", NULL, NULL, "app_say", "f.c", 3));
	ast_verb(0, "%d\\n", ast_add_extension("nowhere", 0, "1", 1, NULL, NULL, "NoOp", NULL, NULL, "app_say"));
	ast_verb(0, "%d\\n", ast_context_add_include("mine", "inner", "app_say"));
	ast_verb(0, "%d\\n", ast_exists_extension(NULL, "mine", "100", 1, NULL));
	ast_verb(0, "%d\\n", ast_context_remove_include("mine", "inner", NULL));
	ast_verb(0, "%d\\n", ast_context_remove_extension("mine", "1/77", 2, NULL));
	ast_verb(0, "%d %d\\n", ast_findlabel_extension2(NULL, con, "1", "go", NULL), ast_exists_extension(NULL,
		"mine", "1", 1, NULL));
	ast_context_destroy(NULL, "app_say");
	ast_verb(0, "%d %d\\n", ast_context_find("mine") == NULL, ast_context_find("inner") != NULL);
""") == [
        "mine",
        "0",
        "0",
        "WARNING there is no context 'nowhere'\n    'dialplan show' lists those that are",
        "-1",
        "0",
        "1",
        "0",
        "0",
        "1 1",
        "1 1",
    ]


def test_call_can_be_run_and_sent_elsewhere_by_c(said, planned: Core, log: list[str]) -> None:
    planned.applications.add(Application("NoOp", lambda channel, data: 0))
    lines = said("""
	int found;
	struct ast_channel *mine = ast_channel_alloc(0, AST_STATE_UP, "5", NULL, NULL, "100", "inner", NULL, NULL,
		0, "T/1");
	ast_channel_unlock(mine);
	ast_verb(0, "%d\\n", ast_spawn_extension(mine, "inner", "199", 1, NULL, &found, 1));
	ast_verb(0, "%d\\n", found);
	ast_verb(0, "%d\\n", ast_spawn_extension(mine, "inner", "199", 2, NULL, &found, 1));
	ast_verb(0, "%d\\n", found);
	ast_explicit_goto(mine, "inner", "100", 1);
	ast_verb(0, "%d\\n", ast_pbx_run(mine));
""")
    assert lines == [
        'Executing [199@inner:1] NoOp("T/1", "two") in new stack',
        "0",
        "1",
        "-1",
        "0",
        'Executing [100@inner:1] NoOp("T/1", "five") in new stack',
        "Auto fallthrough, channel 'T/1' status is 'UNKNOWN'",
        "0",
    ]


def test_waiting_channel_is_sent_elsewhere_by_another_thread(planned: Core) -> None:
    steps: list[str] = []

    def wait(channel: Channel | None, _data: str) -> int:
        assert channel is not None
        steps.append(f"wait {channel.priority}")
        return 0 if channel.sleep(600) else -1

    planned.applications.add(Application("NoOp", lambda channel, data: steps.append(data) or 0))
    planned.applications.add(Application("Say", wait))
    channel = Channel("C/1", "inner", "100", 3)
    thread = threading.Thread(target=lambda: pbx_run.run(planned, channel))
    thread.start()
    until(lambda: steps)
    channel.redirect("inner", "155", 1)
    thread.join(HANG)
    assert steps == ["wait 3", "two"]


def test_times_are_built_and_hold(said) -> None:
    # Wednesday, 25 November 2026, 22:30 UTC
    assert said("""
	struct ast_timing t;
	struct timeval now = { .tv_sec = 1795645800, };
	ast_verb(0, "%d\\n", ast_build_timing(&t, "22:00-22:31,mon-wed,25,nov&jan,UTC"));
	ast_verb(0, "%s %x %x %x %x\\n", t.timezone, t.monthmask, t.daymask, t.dowmask, t.minmask[44]);
	ast_verb(0, "%d %d\\n", t.minmask[45], ast_check_timing2(&t, now));
	now.tv_sec += 120;
	ast_verb(0, "%d\\n", ast_check_timing2(&t, now));
	ast_destroy_timing(&t);
	ast_verb(0, "%d\\n", ast_build_timing(&t, "*"));
	ast_verb(0, "%d\\n", ast_check_timing(&t));
	ast_verb(0, "%d %d\\n", ast_build_timing(&t, ""), ast_build_timing(&t, NULL));
	ast_verb(0, "%d\\n", ast_build_timing(&t, "9,x"));
""") == [
        "1",
        "UTC 401 1000000 e 3fffffff",
        "3 1",
        "0",
        "1",
        "1",
        "0 0",
        "WARNING '9' is not a time such as 9:00\n    write a value, a range or *",
        "WARNING 'x' is not a day of the week such as mon\n    write a value, a range or *",
        "0",
    ]


def test_eight_threads_take_channels_apart_together(core: Core) -> None:
    channels = [Channel(f"C/{number}") for number in range(8)]
    faults: list[BaseException] = []

    def use(channel: Channel) -> None:
        try:
            for _ in range(200):
                core.channels.add(channel)
                with core.hold(channel):
                    assert channel.number == ""
                core.channels.remove(channel)
        except BaseException as error:
            faults.append(error)

    threads = [threading.Thread(target=use, args=(channel,)) for channel in channels]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert (faults, list(core.channels)) == ([], [])
