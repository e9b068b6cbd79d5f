"""What C modules do with frames, file formats, translators and the attributes of formats."""

from __future__ import annotations

import math

import pytest

from runtime.core.core import Core
from runtime.dialplan import functions
from runtime.model.emulated_channel import Channel
from runtime.model.line import Line, OwnTime

SILENT = "NOTICE no audio arrives on channels"
"""What is said once in a process."""
SOURCE = """
#include "asterisk/channel.h"
#include "asterisk/format_cache.h"
#include "asterisk/mod_format.h"
#include "asterisk/pbx.h"
#include "asterisk/translate.h"
{before}
static int say(struct ast_channel *chan, const char *data) {{
	(void) data;
	(void) chan;
{body}
	return 0;
}}
static int unload_module(void) {{ return ast_unregister_application("Say"); }}
static int load_module(void) {{ return ast_register_application("Say", say, "", ""); }}
"""


@pytest.fixture
def said(core: Core, opened, log: list[str]):
    """Compiles the body of an application, runs it on a channel whose time passes at once, and gives what it said."""

    def run(body: str, before: str = "", digits: str = "") -> list[str]:
        module = opened("app_say", SOURCE.format(before=before, body=body), callbacks="")
        assert module.load() == 0
        channel = Channel("C/1", line=Line(OwnTime()))
        channel.line.clock.let_pass(math.inf)
        channel.line.type(digits)
        log.clear()
        with core.hold(channel):
            functions.execute(core, channel, "Say")
        lines, log[:] = log[:], []
        assert module.unload() == 0
        core.forget_module("app_say")
        return [line.removeprefix("VERBOSE ") for line in lines if not line.startswith(SILENT)]

    return run


SHOW = r"""
static void show(struct ast_frame *f) {
	if (!f) {
		ast_verb(0, "none\n");
		return;
	}
	ast_verb(0, "%d %d %d samples %d bytes\n", f->frametype, f->frametype == AST_FRAME_VOICE ? 0 : f->subclass.integer,
		f->samples, f->datalen);
	ast_frfree(f);
}
"""


def test_digits_are_read_before_silence(said) -> None:
    body = r"""
	ast_verb(0, "%d\n", ast_waitfor(chan, 1000));
	show(ast_read(chan));
	ast_verb(0, "%d\n", ast_waitfor(chan, 1000));
	show(ast_read(chan));
	ast_set_read_format(chan, ast_format_ulaw);
	show(ast_read(chan));
	ast_set_read_format(chan, ast_format_gsm);
	show(ast_read(chan));
	ast_verb(0, "%d %d\n", ast_waitfor(chan, 5), ast_waitfor(chan, -1));
"""
    assert said(body, SHOW, "4") == [
        "1000",
        "1 52 0 samples 0 bytes",
        "980",
        "2 0 160 samples 320 bytes",
        "2 0 160 samples 160 bytes",
        "5 0 0 samples 0 bytes",
        "0 1",
    ]


def test_queued_frames_are_read_in_their_order_until_a_hangup(said) -> None:
    body = r"""
	struct ast_frame text = { .frametype = AST_FRAME_TEXT, .data.ptr = "hello", .datalen = 5, };
	ast_verb(0, "%d", ast_queue_frame(chan, &text));
	ast_queue_control(chan, AST_CONTROL_RINGING);
	text.datalen = 0;
	ast_queue_frame_head(chan, &text);
	ast_queue_control(chan, AST_CONTROL_HANGUP);
	ast_verb(0, "%d\n", ast_waitfor(chan, 100));
	show(ast_read(chan));
	show(ast_read(chan));
	show(ast_read(chan));
	show(ast_read(chan));
	ast_verb(0, "%d %d %d\n", ast_check_hangup(chan), ast_waitfor(chan, 100), ast_write(chan, &text));
	ast_queue_control_data(chan, AST_CONTROL_RINGING, "left", 4);
"""
    assert said(body, SHOW) == [
        "0",
        "100",
        "7 0 0 samples 0 bytes",
        "7 0 0 samples 5 bytes",
        "4 3 0 samples 0 bytes",
        "none",
        "1 -1 -1",
    ]


def test_copies_of_frames_are_their_own(said) -> None:
    body = r"""
	int16_t samples[2] = { 30000, -5 };
	struct ast_frame frame = { .frametype = AST_FRAME_VOICE, .subclass.format = ast_format_slin, .samples = 2,
		.datalen = 4, .data.ptr = samples, .src = "here", };
	struct ast_frame *copy = ast_frdup(&frame), *whole;
	ast_frame_adjust_volume(copy, 2);
	ast_verb(0, "%d %d %s\n", ((int16_t *) copy->data.ptr)[0], ((int16_t *) copy->data.ptr)[1], copy->src);
	ast_verb(0, "%d\n", ast_frame_slinear_sum(&frame, copy));
	ast_verb(0, "%d %d\n", samples[0], samples[1]);
	ast_verb(0, "%d\n", ast_frame_clear(&frame));
	ast_verb(0, "%d\n", samples[0]);
	whole = ast_frisolate(copy);
	ast_verb(0, "%d\n", whole == copy);
	ast_frfree(whole);
	whole = ast_frisolate(&ast_null_frame);
	ast_frfree(whole);
	ast_frfree(&ast_null_frame);
	ast_frfree(NULL);
	frame.subclass.format = ast_format_ulaw;
	ast_verb(0, "%d %d\n", ast_frame_clear(&frame), ast_frame_adjust_volume(&frame, 2));
"""
    assert said(body) == ["32767 -10 here", "0", "32767 -15", "0", "0", "1", "-1 -1"]


def test_what_is_no_channel_and_no_frame_is_refused(said) -> None:
    body = r"""
	char room[512] = "";
	struct ast_channel *stale = (struct ast_channel *) (room + 256);
	ast_verb(0, "%d %d %d %d\n", ast_waitfor(NULL, 10), ast_read(NULL) == NULL, ast_write(NULL, &ast_null_frame),
		ast_queue_frame(NULL, &ast_null_frame));
	ast_verb(0, "%d %d\n", ast_read(stale) == NULL, ast_set_read_format(stale, ast_format_slin));
	ast_verb(0, "%d %d %d\n", ast_queue_frame(chan, NULL), ast_set_write_format(chan, NULL), ast_frdup(NULL) == NULL);
	ast_verb(0, "%d\n", ast_write(chan, NULL));
"""
    lines = [line for line in said(body) if not line.startswith("ERROR")]
    assert lines == ["-1 1 -1 -1", "1 -1", "-1 -1 1", "0"]


def test_file_formats_are_known_by_extension_until_they_are_unregistered(said) -> None:
    before = 'static struct ast_format_def wav = { .name = "wav", .exts = "wav|WAV49", .mime_types = "audio/wav", };'
    body = r"""
	char buffer[16] = "", formats[] = "wav|WAV49|nix|wav";
	wav.format = ast_format_slin;
	ast_verb(0, "%d", ast_format_def_register(&wav));
	ast_verb(0, "%d", ast_format_def_register(&wav));
	ast_verb(0, "%d %d\n", ast_get_format_for_file_ext("WAV49") == ast_format_slin,
		ast_get_format_for_file_ext("WAV") == NULL);
	ast_verb(0, "%d %s\n", ast_get_extension_for_mime_type("audio/wav", buffer, sizeof(buffer)), buffer);
	ast_verb(0, "%s\n", ast_format_str_reduce(formats));
	ast_verb(0, "%d", ast_format_def_unregister("wav"));
	ast_verb(0, "%d", ast_format_def_unregister("wav"));
	ast_verb(0, "%d\n", ast_get_format_for_file_ext("wav") == NULL);
"""
    assert said(body, before) == [
        "Registered file format wav, extension(s) wav|WAV49",
        "0",
        "WARNING the file format 'wav' is registered already",
        "-1",
        "1 1",
        "1 .wav",
        "wav",
        "Unregistered format wav",
        "0",
        "WARNING the file format 'wav' is not registered",
        "-1",
        "1",
    ]


def test_translators_lead_from_one_format_to_another(said) -> None:
    before = """
static struct ast_translator t = { .name = "ulawtolin",
	.src_codec = { .name = "ulaw", .type = AST_MEDIA_TYPE_AUDIO, .sample_rate = 8000, },
	.dst_codec = { .name = "slin", .type = AST_MEDIA_TYPE_AUDIO, .sample_rate = 8000, }, };
static struct ast_translator unknown = { .name = "nix",
	.src_codec = { .name = "nix" }, .dst_codec = { .name = "slin" } };
"""
    body = r"""
	ast_verb(0, "%d", ast_register_translator(&t));
	ast_verb(0, "%d", ast_register_translator(&t));
	ast_verb(0, "%d", ast_register_translator(&unknown));
	ast_verb(0, "%d %d %d\n", ast_translate_path_steps(ast_format_slin, ast_format_ulaw),
		ast_translate_path_steps(ast_format_ulaw, ast_format_slin),
		ast_translate_path_steps(ast_format_gsm, ast_format_gsm));
	ast_verb(0, "%d", ast_unregister_translator(&t));
	ast_verb(0, "%d", ast_unregister_translator(&t));
"""
    assert [line for line in said(body, before) if "egistered translator" not in line] == [
        "0",
        "WARNING the translator 'ulawtolin' is registered already",
        "-1",
        "WARNING the translator 'nix' is between unknown codecs: 'nix' and 'slin'",
        "-1",
        "1 -1 0",
        "0",
        "-1",
    ]


def test_attributes_of_a_format_are_those_of_its_module(said) -> None:
    before = r"""
static int freed;
static void destroy(struct ast_format *format) { freed++; ast_free(ast_format_get_attribute_data(format)); }
static int copy_to(const struct ast_format *src, struct ast_format *dst) {
	ast_format_set_attribute_data(dst, ast_strdup(S_OR((char *) ast_format_get_attribute_data(src), "new")));
	return 0;
}
static struct ast_format *parse(const struct ast_format *format, const char *attributes) {
	struct ast_format *made = ast_format_clone(format);
	ast_free(ast_format_get_attribute_data(made));
	ast_format_set_attribute_data(made, ast_strdup(attributes));
	return made;
}
static void generate(const struct ast_format *format, unsigned int payload, struct ast_str **str) {
	ast_str_append(str, 0, "a=fmtp:%u %s", payload, (char *) ast_format_get_attribute_data(format));
}
static struct ast_format_interface own = { .format_destroy = destroy, .format_clone = copy_to,
	.format_parse_sdp_fmtp = parse, .format_generate_sdp_fmtp = generate, };
"""
    body = r"""
	struct ast_str *str = ast_str_create(16);
	struct ast_format *format;
	ast_verb(0, "%d", ast_format_interface_register("opus", &own));
	ast_verb(0, "%d", ast_format_interface_register("opus", &own));
	format = ast_format_parse_sdp_fmtp(ast_format_opus, "stereo=1");
	ast_format_generate_sdp_fmtp(format, 96, &str);
	ast_verb(0, "%s %d\n", ast_str_buffer(str), ast_format_cmp(format, ast_format_opus));
	ao2_ref(format, -1);
	ast_verb(0, "%d\n", freed);
	ast_free(str);
"""
    first = ["0", "ERROR the codec 'opus' has an interface already", "-1", "a=fmtp:96 stereo=1 0", "1"]
    assert said(body, before) == first
    assert said(body, before) == first, "the interface has gone with its module"
