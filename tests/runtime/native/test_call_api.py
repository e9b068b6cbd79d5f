"""What goes along with calls in C modules: samples, tones, waiting, groups, voicemail, hints, child processes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from native_support import Try

from runtime.core.core import Core
from runtime.model.extensions import HINT, Context, Extension, ExtensionStep

HEADERS = (
    *("alaw", "ulaw", "smoother", "codec", "format_cache", "frame", "framehook", "callerid", "autochan"),
    *("max_forwards", "app", "devicestate", "indications", "alertpipe", "named_locks", "buildinfo", "adsi"),
)


@pytest.fixture
def tried(tried_application: Try) -> Callable[..., list[str]]:
    """Runs the body of an application, and gives what it said."""

    def run(body: str, before: str = "") -> list[str]:
        return tried_application(HEADERS, body, before)

    return run


def test_samples_are_coded_as_g711_says(tried) -> None:
    # The values are those of the tables of G.711: silence, the loudest sample of each sign, and one of each segment.
    assert tried(r"""
	int i, ulaw = 0, alaw = 0;

	SAY("%02x %02x %02x %02x\n", AST_LIN2MU(0), AST_LIN2MU(32767), AST_LIN2MU(-32768), AST_LIN2MU(1000));
	SAY("%02x %02x %02x %02x\n", AST_LIN2A(0), AST_LIN2A(32767), AST_LIN2A(-32768), AST_LIN2A(1000));
	SAY("%d %d %d %d\n", AST_MULAW(0x00), AST_MULAW(0x80), AST_MULAW(0xff), AST_MULAW(0xce));
	SAY("%d %d %d %d\n", AST_ALAW(0x2a), AST_ALAW(0xaa), AST_ALAW(0xd5), AST_ALAW(0x55));
	for (i = 0; i < 256; i++) {
		ulaw += AST_MULAW(AST_LIN2MU(AST_MULAW(i))) == AST_MULAW(i);
		alaw += AST_LIN2A(AST_ALAW(i)) == i;
	}
	SAY("%d %d\n", ulaw, alaw);
""") == ["ff 80 00 ce", "d5 aa 2a fa", "-32124 32124 0 988", "-32256 32256 8 -8", "256 256"]


def test_a_smoother_gives_frames_of_one_length(tried) -> None:
    assert tried(r"""
	struct ast_smoother *smoother = ast_smoother_new(8);
	short samples[] = { 1, 2, 3, 4, 5, 6 };
	struct ast_frame voice = { .frametype = AST_FRAME_VOICE, .samples = 3, .datalen = 6, .data.ptr = samples,
		.subclass.format = ast_format_slin }, *out, other = voice;

	SAY("%d %d\n", ast_smoother_feed(smoother, &voice), ast_smoother_read(smoother) == NULL);
	voice.data.ptr = samples + 3;
	ast_smoother_feed_be(smoother, &voice);
	out = ast_smoother_read(smoother);
	SAY("%d %d %d %d\n", out->samples, out->datalen, ((short *) out->data.ptr)[2], ((short *) out->data.ptr)[3]);
	SAY("%d\n", ast_smoother_read(smoother) == NULL);
	other.subclass.format = ast_format_ulaw;
	SAY("%d\n", ast_smoother_feed(smoother, &other));
	ast_smoother_reset(smoother, 6);
	SAY("%d\n", ast_smoother_feed(smoother, &other));
	other.frametype = AST_FRAME_TEXT;
	SAY("%d %d\n", ast_smoother_feed(smoother, &other), ast_smoother_new(0) == NULL);
	ast_smoother_free(smoother);
	ast_smoother_free(NULL);
""") == [
        "0 1",
        "4 8 3 1024",
        "1",
        "WARNING a smoother of slin frames was given one of ulaw",
        "-1",
        "0",
        "WARNING a smoother takes voice frames only",
        "-1 1",
    ]


def test_frames_are_told_in_words(tried) -> None:
    assert tried(r"""
	char type[40], what[40], more[8];
	struct ast_frame frames[] = {
		{ .frametype = AST_FRAME_CONTROL, .subclass.integer = AST_CONTROL_RINGING },
		{ .frametype = AST_FRAME_CONTROL, .subclass.integer = 999 },
		{ .frametype = AST_FRAME_DTMF_END, .subclass.integer = '#' },
		{ .frametype = AST_FRAME_VOICE, .subclass.format = ast_format_ulaw, .datalen = 160, .samples = 1 },
		{ .frametype = AST_FRAME_TEXT, .data.ptr = "a text without end", .datalen = 18 },
		{ .frametype = 77 },
	};
	size_t i;

	for (i = 0; i < ARRAY_LEN(frames); i++) {
		ast_frame_type2str(frames[i].frametype, type, sizeof(type));
		ast_frame_subclass2str(&frames[i], what, sizeof(what), more, sizeof(more));
		SAY("%s|%s|%s|%u\n", type, what, more, ast_codec_samples_count(&frames[i]));
	}
	SAY("%u %u\n", ast_format_determine_length(ast_format_slin16, 320), ast_format_determine_length(NULL, 1));
	frames[3].subclass.format = ast_format_slin;
	frames[3].datalen = 4;
	frames[3].data.ptr = (short []) { 20000, -7 };
	SAY("%d", ast_frame_adjust_volume_float(&frames[3], 2.5f));
	SAY("%d %d\n", ((short *) frames[3].data.ptr)[0], ((short *) frames[3].data.ptr)[1]);
""") == [
        "Control|Ringing||0",
        "Control|Unknown control '999'||0",
        "DTMF End|#||0",
        "Voice|ulaw||160",
        "Text|N/A|a text |0",
        "Unknown Frametype '77'|N/A||0",
        "20 0",
        "0",
        "32767 -17",
    ]


def test_numbers_of_parties_have_words(tried) -> None:
    assert tried(r"""
	struct ast_party_redirecting_reason own = { .str = "mine" }, coded = { .code = AST_REDIRECTING_REASON_NO_ANSWER };
	struct ast_party_redirecting from = { .from.number = { .str = "55", .valid = 1 }, .count = 3 };

	SAY("%s %s %s\n", ast_redirecting_reason_name(&own), ast_redirecting_reason_name(&coded),
		ast_redirecting_reason_describe(coded.code));
	SAY("%d %d %d\n", ast_redirecting_reason_parse("NO-ANSWER"), ast_connected_line_source_parse("transfer"),
		ast_party_name_charset_parse("none"));
	SAY("%s %s\n", ast_connected_line_source_name(3), ast_party_name_charset_str(99));
	ast_channel_set_redirecting(chan, &from, NULL);
	SAY("%s %d\n", ast_channel_redirecting(chan)->from.number.str, ast_channel_redirecting(chan)->count);
	ast_channel_set_redirecting(NULL, &from, NULL);
""") == [
        "mine cfnr Call Forwarding No Reply",
        "2 3 -1",
        "transfer_active not-known",
        "55 3",
        "ERROR ast_channel_redirecting: the channel is NULL",
    ]


def test_frames_of_a_type_are_left_out_as_often_as_asked(tried) -> None:
    assert tried(r"""
	struct ast_channel *made = ast_channel_alloc(0, 0, "", "", "", "", "", NULL, NULL, 0, "T/1");
	struct ast_frame *frame, text = { .frametype = AST_FRAME_TEXT, .data.ptr = "t", .datalen = 2 };
	int i;

	ast_channel_unlock(made);
	SAY("%d %d\n", ast_channel_suppress(made, AST_MUTE_DIRECTION_READ, AST_FRAME_TEXT),
		ast_channel_unsuppress(made, AST_MUTE_DIRECTION_READ, AST_FRAME_VOICE));
	for (i = 0; i < 2; i++) {
		ast_queue_frame(made, &text);
		frame = ast_read(made);
		SAY("%d\n", (int) frame->frametype);
		ast_frfree(frame);
		ast_channel_unsuppress(made, AST_MUTE_DIRECTION_READ, AST_FRAME_TEXT);
	}
	SAY("%d %d\n", ast_channel_unsuppress(made, AST_MUTE_DIRECTION_READ, AST_FRAME_TEXT),
		ast_channel_suppress(NULL, 1, AST_FRAME_TEXT));
	ast_hangup(made);
""") == ["0 -1", "5", "7", "ERROR ast_channel_suppress: the channel is NULL", "-1 -1"]


def test_a_wait_ends_with_a_descriptor_a_channel_or_the_time(tried) -> None:
    assert tried(r"""
	struct ast_channel *made = ast_channel_alloc(0, 0, "", "", "", "", "", NULL, NULL, 0, "T/1");
	struct ast_frame null = { .frametype = AST_FRAME_NULL };
	int ends[2], found, exception, ms = 100;

	ast_channel_unlock(made);
	SAY("%d\n", pipe(ends));
	SAY("%d\n", write(ends[1], "x", 1) == 1);
	SAY("%d ", ast_waitfor_nandfds(&made, 1, ends, 1, &exception, &found, &ms) == NULL);
	SAY("%d\n", found == ends[0]);
	ast_queue_frame(made, &null);
	SAY("%d ", ast_waitfor_nandfds(&made, 1, NULL, 0, &exception, &found, &ms) == made);
	SAY("%d\n", found);
	ms = 0;
	SAY("%d ", ast_waitfor_nandfds(NULL, 0, ends + 1, 0, &exception, &found, &ms) == NULL);
	SAY("%d %d\n", found, ms);
	close(ends[0]);
	close(ends[1]);
	ast_hangup(made);
""") == ["0", "1", "1 ", "1", "1 ", "-1", "1 ", "-1 0"]


def test_channels_are_counted_in_groups(tried) -> None:
    assert tried(r"""
	struct ast_channel *made = ast_channel_alloc(0, 0, "", "", "", "", "", NULL, NULL, 0, "T/1");
	char group[8], category[8];

	ast_channel_unlock(made);
	SAY("%d ", ast_app_group_split_group("one@two", group, sizeof(group), category, sizeof(category)));
	SAY("%s %s\n", group, category);
	SAY("%d %d\n", ast_app_group_set_channel(made, "sales@out"), ast_app_group_set_channel(chan, "sales"));
	SAY("%d %d %d\n", ast_app_group_get_count("sales", "out"), ast_app_group_get_count("SALES", NULL),
		ast_app_group_get_count("", NULL));
	SAY("%d %d %d\n", ast_app_group_match_get_count("^sa", NULL), ast_app_group_match_get_count(".", "^o"),
		ast_app_group_match_get_count("(", NULL));
	ast_app_group_set_channel(made, "other@out");
	SAY("%d\n", ast_app_group_get_count("sales", "out"));
	ast_hangup(made);
	SAY("%d\n", ast_app_group_match_get_count("other", "out"));
	ast_app_group_discard(chan);
	SAY("%d\n", ast_app_group_list_rdlock() || ast_app_group_list_head() || ast_app_group_list_unlock());
""") == [
        "0 ",
        "one two",
        "0 0",
        "1 1 0",
        "WARNING '(' is not a regular expression",
        "2 1 0",
        "0",
        "0",
        "0",
    ]


VOICEMAIL = r"""
static int has(const char *mailboxes, const char *folder) { return !strcmp(mailboxes, "1"); }
static int count(const char *mailboxes, int *new, int *old) { *new = 2; *old = 3; return 0; }
static struct ast_vm_functions functions = {
	.module_version = VM_MODULE_VERSION, .module_name = "app_try", .has_voicemail = has, .inboxcount = count,
};
"""


def test_voicemail_is_asked_of_the_module_that_provides_it(tried) -> None:
    assert tried(
        r"""
	struct ast_vm_functions wrong = { .module_version = 0, .module_name = "app_try" };
	int new = 9, old = 9;

	SAY("%d %d\n", ast_app_has_voicemail("1", NULL), ast_app_copy_recording_to_vm(NULL));
	SAY("%d\n", ast_vm_register(&wrong));
	SAY("%d ", ast_vm_register(&functions));
	SAY("%d\n", ast_vm_is_registered());
	SAY("%d\n", ast_vm_register(&functions));
	SAY("%d %d ", ast_app_has_voicemail("1", NULL), ast_app_inboxcount("1", &new, &old));
	SAY("%d\n", new + old);
	SAY("%d %d\n", ast_app_messagecount("1", "INBOX"), ast_app_sayname(chan, "1"));
	ast_vm_unregister("another");
	ast_vm_unregister("app_try");
	SAY("%d %d\n", ast_vm_is_registered(), ast_app_has_voicemail("1", NULL));
""",
        VOICEMAIL,
    ) == [
        "no module provides voicemail",
        "0 -1",
        "ERROR voicemail needs the name of its module and version 2",
        "-1",
        "0 ",
        "1",
        "WARNING 'app_try' provides voicemail already",
        "-1",
        "1 0 ",
        "5",
        "0 -1",
        "0 0",
    ]


def test_a_hint_has_devices_and_their_state(tried, core: Core) -> None:
    step = ExtensionStep(HINT, "Custom:a,CustomPresence:b", "Ann")
    hinted = Context("hints", extensions=(Extension("55", steps=(step,)),))
    core.plans.change(lambda plan: plan.with_context(hinted))
    assert tried(r"""
	char hint[40], name[4];

	SAY("%d ", ast_get_hint(hint, sizeof(hint), name, sizeof(name), chan, "hints", "55"));
	SAY("%s %s\n", hint, name);
	SAY("%d %d\n", ast_extension_state(chan, "hints", "55"), ast_extension_state(NULL, "hints", "56"));
	SAY("%s %s\n", ast_extension_state2str(ast_devstate_to_extenstate(AST_DEVICE_RINGINUSE)),
		ast_extension_state2str(77));
	SAY("%d%d%d\n", ast_matchmore_extension(chan, "hints", "5", 1, NULL),
		ast_canmatch_extension(NULL, "hints", "5", 1, ""), ast_canmatch_extension(chan, "hints", "6", 1, NULL));
	SAY("%d%d\n", ast_extension_close("_5X", "5", 1), ast_extension_close("_5X", "55", 1));
	SAY("%d\n", ast_active_calls());
""") == ["1 ", "Custom:a,CustomPresence:b Ann", "4 -1", "InUse&Ringing Unknown", "110", "10", "0"]


def test_variables_of_a_list_are_replaced_and_those_of_a_channel_written(tried) -> None:
    assert tried(r"""
	struct varshead list = { NULL, NULL };
	struct ast_var_t *one = ast_var_assign("A", "b");
	struct ast_str *text = ast_str_create(16), *own = ast_str_thread_get(&ast_str_thread_global_buf, 16);
	char room[16];

	AST_LIST_INSERT_HEAD(&list, one, entries);
	pbx_substitute_variables_varshead(&list, "x${A}${NONE}", room, sizeof(room) - 1);
	ast_str_substitute_variables_varshead(&text, 0, &list, "${A}${A}");
	SAY("%s %s\n", room, ast_str_buffer(text));
	ast_var_delete(one);
	pbx_builtin_setvar_helper(chan, "B", "c");
	SAY("%d ", pbx_builtin_serialize_variables(chan, &text));
	SAY("%s", ast_str_buffer(text));
	ast_free(text);
	ast_str_set(&own, 0, "the thread's");
	SAY("%s\n", ast_str_buffer(ast_str_thread_get(&ast_str_thread_global_buf, 16)));
""") == ["xb bb", "1 ", "B=c", "the thread's"]


def test_a_program_is_run_and_its_status_is_given(tried) -> None:
    assert tried(r"""
	char *arguments[] = { "false", NULL }, *missing[] = { "/nonexistent/program", NULL };
	struct ast_autochan *follows = ast_autochan_setup(chan);

	SAY("%d %d\n", WEXITSTATUS(ast_safe_execvp(0, "false", arguments)),
		WEXITSTATUS(ast_safe_execvp(0, missing[0], missing)));
	SAY("%d\n", follows->chan == chan);
	ast_autochan_destroy(follows);
	ast_max_forwards_set(chan, 2);
	ast_max_forwards_decrement(chan);
	SAY("%d\n", ast_max_forwards_get(chan));
	ast_max_forwards_reset(chan);
	SAY("%d %d\n", ast_max_forwards_get(chan), ast_max_forwards_get(NULL));
	SAY("%d %d\n", ast_autochan_setup(NULL) == NULL, ast_tonepair_start(chan, 350, 440, 0, 0));
	ast_tonepair_stop(chan);
""") == [
        "1 127",
        "1",
        "1",
        "ERROR ast_max_forwards_get: the channel is NULL",
        "2 -1",
        "ERROR ast_autochan_setup: the channel is NULL",
        "1 0",
    ]


def test_a_pipe_keeps_alerts_until_they_are_taken(tried) -> None:
    assert tried(r"""
	int ends[2], others[2];

	ast_alertpipe_clear(others);
	SAY("%d %d %d\n", ast_alertpipe_init(ends), ast_alertpipe_read(others), (int) ast_alertpipe_write(others));
	SAY("%d\n", ast_alertpipe_read(ends));
	ast_alertpipe_write(ends);
	ast_alertpipe_write(ends);
	SAY("%d\n", ast_alertpipe_read(ends));
	SAY("%d %d\n", ast_alertpipe_flush(ends), ast_alertpipe_readable(others));
	ast_alertpipe_swap(ends, others);
	SAY("%d %d\n", ast_alertpipe_readfd(ends), ast_alertpipe_writable(others));
	ast_alertpipe_close(ends);
	ast_alertpipe_close(others);
	SAY("%d\n", ast_alertpipe_readable(others));
""") == ["0 1 -1", "2", "0", "0 0", "-1 1", "0"]


SUBROUTINES = r"""
static int run_sub(struct ast_channel *chan, const char *args, int ignore_hangup)
{
	SAY("%s %s\n", ast_channel_name(chan), args);
	return 0;
}
static struct ast_app_stack_funcs subroutines;
"""


def test_subroutines_are_run_by_the_module_that_can(tried) -> None:
    assert tried(
        r"""
	SAY("%d\n", ast_app_exec_sub(NULL, chan, "s,1", 0));
	subroutines.module = AST_MODULE_SELF;
	subroutines.run_sub = run_sub;
	ast_install_stack_functions(&subroutines);
	SAY("%d %d\n", ast_app_exec_sub(NULL, chan, "sub,s,1(a)", 0), ast_app_expand_sub_args(chan, "s") != NULL);
	SAY("%d %d\n", ast_app_run_sub(NULL, chan, "sub,s,1", "b", 0), ast_app_run_sub(NULL, chan, "", "b", 0));
	ast_install_stack_functions(NULL);
""",
        SUBROUTINES,
    ) == [
        "WARNING no module runs subroutines: load app_stack",
        "-1",
        "C/1 sub,s,1(a)",
        "0 0",
        "C/1 sub,s,1(b)",
        "0 -1",
    ]


def test_one_name_is_one_lock_while_somebody_has_it(tried, tmp_path) -> None:
    assert tried(
        r"""
	struct ast_named_lock *one = ast_named_lock_get(AST_NAMED_LOCK_TYPE_MUTEX, "kind", "a");
	struct ast_named_lock *same = ast_named_lock_get(AST_NAMED_LOCK_TYPE_MUTEX, "kind", "a");
	struct ast_named_lock *other = ast_named_lock_get(AST_NAMED_LOCK_TYPE_MUTEX, "kind", "b");

	SAY("%d %d %d\n", one == same, one == other, ao2_ref(one, 0));
	ast_named_lock_put(one);
	ast_named_lock_put(same);
	ast_named_lock_put(other);
	SAY("%d ", ast_lock_path(DIRECTORY));
	SAY("%d\n", access(DIRECTORY "/.lock", F_OK));
	SAY("%d ", ast_unlock_path(DIRECTORY));
	SAY("%d %d\n", ast_unlock_path(DIRECTORY), ast_lock_path("/nonexistent"));
	SAY("%s %d\n", ast_build_os, ast_strlen_zero(ast_build_kernel));
""",
        f'#define DIRECTORY "{tmp_path}"\n',
    ) == ["1 0 2", "0 ", "0", "0 ", "-1 -2", "Linux 0"]


DISPLAY = r"""
static int available(struct ast_channel *chan) { return 7; }
static int key(unsigned char *buf, int key, const char *llabel, const char *slabel, char *ret, int data)
{
	SAY("%d %s %s %d\n", key, llabel, slabel, data);
	return 3;
}
static struct adsi_funcs display = { .version = AST_ADSI_VERSION, .available = available, .load_soft_key = key };
"""


def test_displays_of_telephones_are_asked_of_the_module_that_serves_them(tried) -> None:
    assert tried(
        r"""
	struct adsi_funcs old = { .version = 0 };

	SAY("%d\n", ast_adsi_available(chan));
	ast_adsi_install_funcs(&old);
	ast_adsi_install_funcs(&display);
	SAY("%d %d\n", ast_adsi_available(chan), ast_adsi_end_download(chan));
	SAY("%d\n", ast_adsi_load_soft_key(NULL, 5, "long", "short", NULL, 1));
	ast_adsi_install_funcs(NULL);
	SAY("%d\n", ast_adsi_load_soft_key(NULL, 5, "long", "short", NULL, 1));
""",
        DISPLAY,
    ) == [
        "0",
        "WARNING functions for ADSI of version 0 are refused: version 1 is needed",
        "7 0",
        "5 long short 1",
        "3",
        "0",
    ]
