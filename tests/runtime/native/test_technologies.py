"""What C modules do with channel technologies, generators, hooks, timers and detectors."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from native_support import Try

from runtime.core.core import Core

HEADERS = ("audiohook", "dsp", "format_cache", "framehook", "timing")


@pytest.fixture
def tried(tried_application: Try) -> Callable[..., list[str]]:
    """Runs the body of an application, and gives what it said."""

    def run(body: str, before: str = "") -> list[str]:
        return tried_application(HEADERS, body, before)

    return run


TECHNOLOGY = r"""
static struct ast_channel_tech tech;
static int ends[2];
static struct ast_channel *request(const char *type, struct ast_format_cap *cap, const struct ast_assigned_ids *ids,
	const struct ast_channel *requestor, const char *addr, int *cause)
{
	struct ast_channel *made;

	SAY("request %s %s %d\n", type, addr, (int) ast_format_cap_count(cap));
	if (!strcmp(addr, "busy")) {
		*cause = AST_CAUSE_BUSY;
		return NULL;
	}
	made = ast_channel_alloc(0, AST_STATE_RING, "5", NULL, "", "s", "default", ids, requestor, 0, "Test/%s-1", addr);
	ast_channel_tech_set(made, &tech);
	ast_channel_tech_pvt_set(made, ast_strdup(addr));
	ast_channel_nativeformats_set(made, cap);
	if (!pipe(ends)) {
		ast_channel_set_fd(made, 1, ends[0]);
	}
	ast_channel_unlock(made);
	return made;
}
static int call(struct ast_channel *chan, const char *addr, int timeout)
{
	SAY("call %s %d\n", addr, timeout);
	return 0;
}
static int hangup(struct ast_channel *chan)
{
	SAY("hangup %s\n", (char *) ast_channel_tech_pvt(chan));
	ast_free(ast_channel_tech_pvt(chan));
	ast_channel_tech_pvt_set(chan, NULL);
	close(ends[0]);
	close(ends[1]);
	return 0;
}
static int answer(struct ast_channel *chan) { SAY("answer\n"); return 0; }
static struct ast_frame *read_one(struct ast_channel *chan)
{
	static struct ast_frame frame = { .frametype = AST_FRAME_CONTROL, .subclass.integer = AST_CONTROL_RINGING };
	char one;

	return read(ast_channel_fd(chan, ast_channel_fdno(chan)), &one, 1) == 1 && one == 'r' ? &frame : NULL;
}
static int write_one(struct ast_channel *chan, struct ast_frame *frame)
{
	SAY("write %d samples\n", frame->samples);
	return 0;
}
static int indicate(struct ast_channel *chan, int condition, const void *data, size_t size)
{
	SAY("indicate %d %zu\n", condition, size);
	return 0;
}
static int text(struct ast_channel *chan, const char *words) { SAY("text %s\n", words); return 0; }
static int digit(struct ast_channel *chan, char digit) { SAY("digit %c\n", digit); return 0; }
static int digit_end(struct ast_channel *chan, char digit, unsigned int ms) { SAY("end %c %u\n", digit, ms); return 0; }
static int option(struct ast_channel *chan, int option, void *data, int size) { return option * 10 + size; }
static struct ast_channel_tech tech = {
	.type = "Test", .description = "For a test", .requester = request, .call = call, .hangup = hangup, .answer = answer,
	.read = read_one, .write = write_one, .indicate = indicate, .send_text = text, .send_digit_begin = digit,
	.send_digit_end = digit_end, .setoption = option,
};
"""


def test_a_call_goes_through_the_technology_of_a_module(tried, core: Core) -> None:
    assert tried(
        r"""
	struct ast_format_cap *cap = ast_format_cap_alloc(AST_FORMAT_CAP_FLAG_DEFAULT);
	struct ast_variable *all;
	struct ast_channel *made;
	struct ast_frame *frame, voice = { .frametype = AST_FRAME_VOICE, .samples = 160 };
	char device[40];
	int cause = 0;

	ast_format_cap_append(cap, ast_format_ulaw, 0);
	SAY("%d\n", ast_channel_register(&tech));
	SAY("%d\n", ast_channel_register(&tech));
	all = ast_channeltype_list();
	SAY("%s=%s %d\n", all->name, all->value, ast_get_channel_tech("tEST") == &tech);
	ast_variables_destroy(all);
	SAY("%d\n", ast_request("None", cap, NULL, chan, "x", &cause) == NULL);
	SAY("%d\n", cause);
	SAY("%d\n", ast_request("Test", cap, NULL, chan, "busy", &cause) == NULL);
	SAY("%d\n", cause);
	made = ast_request("test", cap, NULL, chan, "addr", NULL);
	SAY("%s %d %d\n", ast_channel_name(made), ast_channel_nativeformats(made) != NULL, ast_channel_tech(made) == &tech);
	SAY("%d\n", ast_call(made, "addr", 5));
	SAY("%d %d\n", ast_channel_fd_count(made), ast_waitfor(made, 0));
	if (write(ends[1], "r", 1) == 1 && ast_waitfor(made, 100) > 0 && (frame = ast_read(made))) {
		SAY("read %d %d\n", frame->frametype, frame->subclass.integer);
		ast_frfree(frame);
	}
	SAY("%d\n", ast_answer(made));
	SAY("%d\n", ast_channel_state(made));
	ast_write(made, &voice);
	ast_indicate_data(made, AST_CONTROL_HOLD, "x", 2);
	ast_sendtext(made, "hello");
	ast_senddigit(made, '7', 200);
	SAY("%d\n", ast_channel_setoption(made, AST_OPTION_TDD, NULL, 3, 0));
	SAY("%d\n", ast_channel_queryoption(made, AST_OPTION_TDD, NULL, NULL, 0));
	SAY("%d %s\n", ast_channel_get_device_name(made, device, sizeof(device)), device);
	if (write(ends[1], "x", 1) == 1) {
		SAY("%d\n", ast_read(made) == NULL);
		SAY("%d\n", ast_check_hangup(made));
	}
	ast_hangup(made);
	SAY("%d %s\n", ast_call(chan, "x", 1), ast_channel_tech(chan)->type);
	ast_channel_unregister(&tech);
	SAY("%d\n", ast_get_channel_tech("Test") == NULL);
	ao2_ref(cap, -1);
""",
        TECHNOLOGY,
    ) == [
        "0",
        "WARNING there is a channel technology 'Test' already",
        "-1",
        "Test=For a test 1",
        "WARNING there is no channel technology 'None'",
        "1",
        "66",
        "request Test busy 1",
        "1",
        "17",
        "request test addr 1",
        "Test/addr-1 1 1",
        "call addr 5",
        "0",
        "2 0",
        "read 4 3",
        "answer",
        "0",
        "6",
        "write 160 samples",
        "indicate 16 2",
        "text hello",
        "digit 7",
        "end 7 200",
        "23",
        "-1",
        "0 Test/addr",
        "1",
        "1",
        "hangup addr",
        "-1 Emulated",
        "1",
    ]
    assert list(core.channels) == []


def test_the_technology_hangs_up_once_when_the_dialplan_has_run(tried, core: Core) -> None:
    lines = tried(
        """
	struct ast_channel *made;
	ast_channel_register(&tech);
	made = ast_request("Test", NULL, NULL, NULL, "addr", NULL);
	ast_channel_ref(made);
	ast_pbx_run(made);
	ast_hangup(made);
""",
        TECHNOLOGY,
    )
    assert [line for line in lines if "hangup" in line or "left" in line] == [
        "hangup addr",
        "WARNING module app_try left its channel technology 'Test' registered; it has been removed",
    ]


GENERATOR = r"""
static void *begin(struct ast_channel *chan, void *params) { SAY("begin %s\n", (char *) params); return params; }
static void end(struct ast_channel *chan, void *data) { SAY("end %s\n", (char *) data); }
static int make(struct ast_channel *chan, void *data, int len, int samples)
{
	struct ast_frame frame = { .frametype = AST_FRAME_VOICE, .samples = samples, .subclass.format = ast_format_slin };

	SAY("make %s %d %d\n", (char *) data, len, samples);
	return strcmp(data, "broken") ? ast_write(chan, &frame) : -1;
}
static void heard(struct ast_channel *chan, char digit) { SAY("digit %c\n", digit); }
static struct ast_generator generator = { begin, end, make, heard, NULL };
static void *none(struct ast_channel *chan, void *params) { return NULL; }
static struct ast_generator refusing = { none, end, make, NULL, NULL };
"""


def test_a_generator_makes_as_much_as_is_read(tried) -> None:
    assert tried(
        r"""
	struct ast_channel *made = ast_channel_alloc(0, 0, "", "", "", "", "", NULL, NULL, 0, "T/1");
	struct ast_frame digit = { .frametype = AST_FRAME_DTMF_END, .subclass.integer = '5' };
	struct ast_silence_generator *silence;

	ast_channel_unlock(made);
	ast_activate_generator(chan, &generator, "one");
	ast_frfree(ast_read(chan));
	ast_channel_set_writeformat(chan, ast_format_slin16);
	ast_queue_frame(chan, &digit);
	ast_frfree(ast_read(chan));
	ast_activate_generator(chan, &generator, "two");
	ast_frfree(ast_read(chan));
	ast_deactivate_generator(chan);
	ast_deactivate_generator(chan);
	ast_frfree(ast_read(chan));
	SAY("%d %d\n", ast_activate_generator(chan, &refusing, NULL), ast_channel_generator(chan) == NULL);
	ast_activate_generator(made, &generator, "broken");
	ast_frfree(ast_read(made));
	silence = ast_channel_start_silence_generator(made);
	ast_frfree(ast_read(made));
	SAY("%d\n", ast_channel_generator(made) != NULL);
	ast_channel_stop_silence_generator(made, silence);
	SAY("%d\n", ast_channel_generator(made) == NULL);
	ast_activate_generator(made, &generator, "left");
	ast_hangup(made);
""",
        GENERATOR,
    ) == [
        "begin one",
        "make one 320 160",
        "digit 5",
        "end one",
        "begin two",
        "make two 320 320",
        "end two",
        "-1 1",
        "begin broken",
        "make broken 320 160",
        "end broken",
        "1",
        "1",
        "begin left",
        "end left",
    ]


HOOKS = r"""
static const char *events[] = { "read", "write", "attached", "detached" };
static struct ast_frame *event(struct ast_channel *chan, struct ast_frame *frame, enum ast_framehook_event what,
	void *data)
{
	SAY("%s %s %d\n", (char *) data, events[what], frame ? (int) frame->frametype : -1);
	if (frame && !strcmp(data, "takes")) {
		if (what == AST_FRAMEHOOK_EVENT_READ) {
			ast_frfree(frame);
		}
		return NULL;
	}
	return frame;
}
static void gone(void *data) { SAY("%s gone\n", (char *) data); }
static int voice_only(void *data, enum ast_frame_type type) { return type == AST_FRAME_VOICE; }
"""


def test_frame_hooks_see_and_take_what_is_read_and_written(tried) -> None:
    assert tried(
        r"""
	struct ast_channel *made = ast_channel_alloc(0, 0, "", "", "", "", "", NULL, NULL, 0, "T/1");
	struct ast_framehook_interface one = { AST_FRAMEHOOK_INTERFACE_VERSION, .event_cb = event, .destroy_cb = gone,
		.consume_cb = voice_only, .data = "sees" }, two = one, wrong = { .version = 1, .event_cb = event, };
	struct ast_frame text = { .frametype = AST_FRAME_TEXT }, *frame;
	int first, second;

	two.data = "takes";
	SAY("%d %d\n", ast_framehook_attach(made, &wrong), ast_framehook_list_is_empty(ast_channel_framehooks(made)));
	first = ast_framehook_attach(made, &one);
	second = ast_framehook_attach(made, &two);
	SAY("%d %d\n", first, second);
	ast_channel_unlock(made);
	frame = ast_read(made);
	SAY("%d\n", frame == &ast_null_frame);
	ast_write(made, &text);
	SAY("%d %d\n", ast_framehook_list_contains_no_active_of_type(ast_channel_framehooks(made), AST_FRAME_TEXT),
		ast_framehook_list_contains_no_active_of_type(ast_channel_framehooks(made), AST_FRAME_VOICE));
	SAY("%d\n", ast_framehook_detach(made, second));
	SAY("%d\n", ast_framehook_detach(made, 7));
	frame = ast_read(made);
	SAY("%d\n", frame->frametype);
	ast_frfree(frame);
	ast_hangup(made);
""",
        HOOKS,
    ) == [
        "ERROR the interface of a frame hook must be of version 4 and have an event_cb",
        "-1 1",
        "sees attached -1",
        "takes attached -1",
        "1 2",
        "sees read 2",
        "takes read 2",
        "1",
        "sees write 7",
        "takes write 7",
        "1 0",
        "0",
        "-1",
        "takes detached -1",
        "takes gone",
        "sees read 2",
        "2",
        "sees detached -1",
        "sees gone",
    ]


TIMERS = r"""
static void *first_open(void) { return "first"; }
static void *best_open(void) { return "best"; }
static void shut(void *data) { SAY("close %s\n", (char *) data); }
static int rate(void *data, unsigned int rate) { SAY("rate %s %u\n", (char *) data, rate); return 0; }
static int ack(void *data, unsigned int quantity) { return (int) quantity; }
static int same(void *data) { return 3; }
static enum ast_timer_event why(void *data) { return AST_TIMING_EVENT_CONTINUOUS; }
static unsigned int most(void *data) { return 1000; }
static struct ast_timing_interface first = { "first", 1, first_open, shut, rate, ack, same, same, why, most, same };
static struct ast_timing_interface best = { "best", 9, best_open, shut, rate, ack, same, same, why, most, same };
static struct ast_timing_interface poor = { .name = "poor" };
"""


def test_timers_are_opened_of_the_best_interface(tried) -> None:
    assert tried(
        r"""
	struct ast_timer *timer;
	void *one, *two;

	SAY("%d\n", ast_timer_open() == NULL);
	SAY("%d\n", ast_register_timing_interface(&poor) == NULL);
	one = ast_register_timing_interface(&first);
	two = ast_register_timing_interface(&best);
	timer = ast_timer_open();
	SAY("%s %u\n", ast_timer_get_name(timer), ast_timer_get_max_rate(timer));
	ast_timer_set_rate(timer, 50);
	SAY("%d %d %d\n", ast_timer_fd(timer), ast_timer_ack(timer, 2), ast_timer_get_event(timer));
	SAY("%d %d\n", ast_timer_enable_continuous(timer), ast_timer_disable_continuous(timer));
	SAY("%d\n", ast_unregister_timing_interface(two));
	SAY("%d\n", ast_unregister_timing_interface(NULL));
	ast_timer_close(timer);	/* An open timer keeps its interface. */
	timer = ast_timer_open();
	SAY("%s %d\n", ast_timer_get_name(timer), one != NULL);
	ast_timer_close(timer);
""",
        TIMERS,
    ) == [
        "1",
        "ERROR an interface of timers must have every callback",
        "1",
        "best 1000",
        "rate best 50",
        "3 2 2",
        "3 3",
        "0",
        "-1",
        "close best",
        "first 1",
        "close first",
    ]
    assert tried('\tSAY("%d\\n", ast_timer_open() == NULL);\n') == ["1"]  # the first module left its interface


def test_a_channel_takes_from_the_one_that_asks_for_it(tried) -> None:
    assert tried(r"""
	struct ast_channel *made = ast_channel_alloc(0, 0, "", "", "", "", "", NULL, chan, 0, "T/1");
	struct ast_format_cap *formats = ast_channel_nativeformats(made);
	char text[60];

	pbx_builtin_setvar_helper(chan, "plain", "1");
	pbx_builtin_setvar_helper(chan, "_once", "2");
	pbx_builtin_setvar_helper(chan, "__always", "3");
	ast_channel_inherit_variables(chan, made);
	SAY("%d %s %s %s\n", pbx_builtin_getvar_helper(made, "plain") == NULL, pbx_builtin_getvar_helper(made, "once"),
		ast_var_full_name(AST_LIST_FIRST(ast_channel_varshead(made))),
		ast_var_full_name(AST_LIST_LAST(ast_channel_varshead(made))));
	ast_channel_req_accountcodes(made, chan, AST_CHANNEL_REQUESTOR_BRIDGE_PEER);
	SAY("%s %s\n", ast_channel_accountcode(made), ast_channel_peeraccount(made));
	ast_connected_line_copy_from_caller(ast_channel_connected(made), ast_channel_caller(chan));
	SAY("%s\n", ast_print_group(text, sizeof(text), ast_get_group("1,3-5,63,70,x")));
	SAY("%d %d\n", (int) ast_format_cap_count(formats), formats == ast_channel_nativeformats(made));
	SAY("%d %d\n", ast_channel_topic(made) == ast_channel_topic(made), ast_channel_topic(NULL) == NULL);
	SAY("%d %d\n", ast_channel_bridge_peer(made) == NULL, ast_channel_make_compatible(chan, made));
	ast_channel_setwhentohangup_tv(made, ast_tv(60, 0));
	SAY("%d\n", ast_channel_cmpwhentohangup_tv(made, ast_tv(30, 0)) < 0);
	ast_set_hangupsource(made, "me", 0);
	ast_set_hangupsource(made, "you", 0);
	SAY("%s\n", ast_channel_hangupsource(made));
	ast_channel_unlock(made);
	ast_hangup(made);
""") == [
        "1 2 __always once",
        "mine mine",
        "WARNING groups are 0 to 63: '70'",
        "ERROR 'x' is not a group",
        "1, 3, 4, 5, 63",
        "1 1",
        "1 1",
        "1 0",
        "1",
        "me",
    ]


AUDIO = r"""
static int change(struct ast_audiohook *hook, struct ast_channel *chan, struct ast_frame *frame,
	enum ast_audiohook_direction direction)
{
	SAY("%s %d %d\n", hook->source, direction, (int) frame->frametype);
	return 0;
}
static int first_of(struct ast_frame *frame)
{
	int sample = frame ? ((short *) frame->data.ptr)[0] : -1;

	if (frame) {
		ast_frfree(frame);
	}
	return sample;
}
"""


def test_audio_hooks_hear_add_and_change(tried) -> None:
    assert tried(
        r"""
	struct ast_channel *made = ast_channel_alloc(0, 0, "", "", "", "", "", NULL, NULL, 0, "T/1");
	struct ast_audiohook spy, whisper, changer;
	short loud[160], quiet[160];
	struct ast_frame voice = { .frametype = AST_FRAME_VOICE, .samples = 160, .datalen = 320, .data.ptr = loud,
		.subclass.format = ast_format_slin }, digit = { .frametype = AST_FRAME_DTMF_END, .subclass.integer = '1' };
	int i;

	for (i = 0; i < 160; i++) {
		loud[i] = 1000;
		quiet[i] = 10;
	}
	ast_channel_unlock(made);
	ast_audiohook_init(&spy, AST_AUDIOHOOK_TYPE_SPY, "spy", 0);
	ast_audiohook_init(&whisper, AST_AUDIOHOOK_TYPE_WHISPER, "whisper", 0);
	ast_audiohook_init(&changer, AST_AUDIOHOOK_TYPE_MANIPULATE, "changer", 0);
	changer.manipulate_callback = change;
	changer.flags |= AST_AUDIOHOOK_WANTS_DTMF;
	SAY("%d\n", ast_audiohook_set_frame_feed_direction(&spy, AST_AUDIOHOOK_DIRECTION_BOTH));
	SAY("%d%d%d\n", ast_audiohook_attach(made, &changer), ast_audiohook_attach(made, &whisper),
		ast_audiohook_attach(made, &spy));
	SAY("%d\n", ast_audiohook_set_frame_feed_direction(&spy, AST_AUDIOHOOK_DIRECTION_BOTH));
	SAY("%d %d\n", ast_channel_audiohook_count_by_source(made, "spy", AST_AUDIOHOOK_TYPE_SPY),
		ast_channel_audiohook_count_by_source(made, "spy", AST_AUDIOHOOK_TYPE_WHISPER));
	ast_write(made, &voice);
	voice.data.ptr = quiet;
	ast_audiohook_lock(&whisper);
	ast_audiohook_write_frame(&whisper, AST_AUDIOHOOK_DIRECTION_READ, &voice);
	ast_audiohook_unlock(&whisper);
	SAY("%d\n", first_of(ast_read(made)));
	ast_write(made, &digit);
	SAY("%d\n", loud[0]);
	ast_audiohook_lock(&spy);
	SAY("%d\n", ast_audiohook_read_frame(&spy, 200, AST_AUDIOHOOK_DIRECTION_READ, ast_format_slin) == NULL);
	SAY("%d\n", first_of(ast_audiohook_read_frame(&spy, 100, AST_AUDIOHOOK_DIRECTION_BOTH, ast_format_slin)));
	SAY("%d\n", first_of(ast_audiohook_read_frame(&spy, 60, AST_AUDIOHOOK_DIRECTION_WRITE, ast_format_slin)));
	SAY("%d\n", first_of(ast_audiohook_read_frame(&spy, 60, AST_AUDIOHOOK_DIRECTION_READ, ast_format_slin)));
	SAY("%d\n", ast_audiohook_detach(&spy));
	SAY("%d\n", spy.status);
	ast_audiohook_unlock(&spy);
	SAY("%d %d\n", ast_audiohook_remove(made, &spy), ast_audiohook_remove(made, &whisper));
	ast_audiohook_set_mute(made, "changer", AST_AUDIOHOOK_MUTE_READ, 0);
	ast_audiohook_volume_set(made, AST_AUDIOHOOK_DIRECTION_BOTH, 2);
	ast_audiohook_volume_adjust(made, AST_AUDIOHOOK_DIRECTION_READ, 3);
	SAY("%d %d\n", ast_audiohook_volume_get(made, AST_AUDIOHOOK_DIRECTION_READ),
		ast_audiohook_volume_get(made, AST_AUDIOHOOK_DIRECTION_WRITE));
	ast_frfree(ast_read(made));
	ast_hangup(made);
	ast_audiohook_lock(&changer);
	SAY("%d\n", ast_audiohook_detach(&changer));
	SAY("%d\n", changer.status);
	ast_audiohook_unlock(&changer);
	ast_audiohook_destroy(&spy);
	ast_audiohook_destroy(&whisper);
	ast_audiohook_destroy(&changer);
""",
        AUDIO,
    ) == [
        "0",
        "000",
        "ERROR the direction of an audio hook can be set before it is attached only",
        "-1",
        "1 0",
        "changer 1 2",
        "changer 0 2",
        "10",
        "changer 1 1",
        "1000",
        "1",
        "1000",
        "1000",
        "0",
        "0",
        "3",
        "-1 0",
        "5 2",
        "0",
        "3",
    ]


def test_silence_is_measured_and_tones_are_not(tried) -> None:
    assert tried(r"""
	struct ast_dsp *dsp = ast_dsp_new();
	unsigned char without[160];
	short sound[160];
	struct ast_frame linear = { .frametype = AST_FRAME_VOICE, .samples = 160, .datalen = 320, .data.ptr = sound,
		.subclass.format = ast_format_slin }, coded = linear, text = { .frametype = AST_FRAME_TEXT };
	int i, total = 0, energy = 0;

	for (i = 0; i < 160; i++) {
		sound[i] = i % 2 ? 300 : -300;
		without[i] = i % 2 ? 0x7f : 0xff;
	}
	coded.data.ptr = without;
	coded.datalen = 160;
	coded.subclass.format = ast_format_ulaw;
	SAY("%d\n", ast_dsp_silence_with_energy(dsp, &linear, &total, &energy));
	SAY("%d %d\n", total, energy);
	SAY("%d\n", ast_dsp_silence(dsp, &coded, &total));
	SAY("%d\n", total);
	ast_dsp_set_threshold(dsp, ast_dsp_get_threshold_from_settings(THRESHOLD_SILENCE));
	SAY("%d\n", ast_dsp_noise(dsp, &linear, &total));
	SAY("%d\n", total);
	SAY("%d\n", ast_dsp_silence(dsp, &linear, &total));
	SAY("%d\n", total);
	SAY("%d\n", ast_dsp_silence(dsp, &text, &total));
	SAY("%d %d\n", ast_dsp_process(chan, dsp, &linear) == &linear, ast_dsp_busydetect(dsp));
	ast_dsp_free(dsp);
	ast_dsp_free(NULL);
""") == [
        "1",
        "20 300",
        "1",
        "40",
        "1",
        "20",
        "0",
        "0",
        "WARNING silence can be detected in linear frames, in ulaw and in alaw only",
        "0",
        "1 0",
    ]
