"""Codecs of modules, descriptors, directories, and states of devices that have channels, as modules use them."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest
from native_support import Try

from runtime.conf import conf_file
from runtime.core.core import Core
from runtime.dialplan import extensions_conf


def test_a_codec_of_a_module_is_added_once_and_joins_sets_of_all_formats(tried_application: Try) -> None:
    said = tried_application(
        ("format_cache", "format_cap", "frame"),
        r"""
	struct ast_format_cap *cap = ast_format_cap_alloc(AST_FORMAT_CAP_FLAG_DEFAULT);
	int i, before = ast_codec_get_max();
	struct ast_codec *found;
	struct ast_format *format;

	for (i = 0; i < 2; i++) {
		SAY("%d", ast_codec_register(&bird));
	}
	SAY("%d", ast_codec_register(&unknown));
	SAY("%d", ast_codec_register(&rateless));
	SAY("%d", __ast_codec_register(NULL, NULL));
	found = ast_codec_get("BIRD", AST_MEDIA_TYPE_UNKNOWN, 0);
	format = ast_format_create(found);
	SAY("%d %d %s", ast_codec_get_max() - before, (int) found->id - before, found->name);
	SAY("%u", ast_codec_samples_count(&(struct ast_frame) {
		.frametype = AST_FRAME_VOICE, .subclass.format = format, .datalen = 3 }));
	SAY("%u", ast_codec_determine_length(found, 7));
	SAY("%d", ast_format_cap_append_by_type(cap, AST_MEDIA_TYPE_UNKNOWN));
	SAY("%d", (int) ast_format_cap_count(cap) - (ast_codec_get_max() - 1));
	SAY("%d", ast_format_cap_iscompatible_format(cap, format));
	ao2_cleanup(ast_codec_get_by_id(ast_codec_get_max() - 1));
	SAY("%d", ast_codec_get_by_id(ast_codec_get_max()) == NULL);
	ao2_cleanup(found);
	ao2_cleanup(format);
	ao2_cleanup(cap);
	ast_module_unref(AST_MODULE_SELF);
""",
        """
static int samples_of(struct ast_frame *frame) { return frame->datalen * 100; }
static int length_of(unsigned int samples) { return (int) samples * 2; }
static struct ast_codec bird = { .name = "bird", .type = AST_MEDIA_TYPE_AUDIO, .sample_rate = 8000, .default_ms = 20,
	.samples_count = samples_of, .get_length = length_of };
static struct ast_codec unknown = { .name = "nix", .sample_rate = 8000 };
static struct ast_codec rateless = { .name = "nix", .type = AST_MEDIA_TYPE_AUDIO };
""",
    )
    refused = "ERROR cannot register the codec"
    assert said == [
        "0",
        f"{refused} 'bird': there is one of this name, type and rate already",
        "-1",
        f"{refused} 'nix': it has no media type",
        "-1",
        f"{refused} 'nix': a codec of audio needs a sample rate",
        "-1",
        f"{refused} '': it has no name",
        "-1",
        "1 0 bird",
        "300",
        "14",
        "0",
        "-1",  # all codecs but "none"
        "0",
        "1",
    ]


def test_a_set_has_the_least_framing_of_its_formats(tried_application: Try) -> None:
    assert tried_application(
        ("format_cache", "format_cap"),
        r"""
	struct ast_format_cap *cap = ast_format_cap_alloc(AST_FORMAT_CAP_FLAG_DEFAULT);

	struct ast_format_cap *other = ast_format_cap_alloc(AST_FORMAT_CAP_FLAG_DEFAULT);
	struct ast_format *own = ast_format_clone(ast_format_ulaw), *found;

	SAY("%u", ast_format_cap_get_framing(cap));
	ast_format_cap_append(cap, ast_format_ulaw, 42);
	SAY("%u %u", ast_format_cap_get_framing(cap), ast_format_cap_get_format_framing(cap, ast_format_ulaw));
	ast_format_cap_append(cap, ast_format_alaw, 0);
	SAY("%u %u", ast_format_cap_get_framing(cap), ast_format_cap_get_format_framing(cap, ast_format_alaw));
	ast_format_cap_append(other, own, 30);
	ast_format_cap_append(other, ast_format_h264, 0);
	ast_format_cap_replace_from_cap(cap, other, AST_MEDIA_TYPE_AUDIO);
	SAY("%u %u", ast_format_cap_get_format_framing(cap, own), (unsigned int) ast_format_cap_count(cap));
	found = ast_format_cap_get_format(cap, 0);
	SAY("%d", found == own);
	ast_format_cap_replace_from_cap(NULL, other, AST_MEDIA_TYPE_UNKNOWN);
	ast_format_cap_replace_from_cap(cap, NULL, AST_MEDIA_TYPE_UNKNOWN);
	ao2_cleanup(found);
	ao2_cleanup(own);
	ao2_cleanup(other);
	ao2_cleanup(cap);
""",
    ) == ["0", "42 42", "20 20", "30 2", "1"]


def test_a_descriptor_is_added_in_the_first_free_place_behind_those_of_the_technology(tried_application: Try) -> None:
    assert tried_application(
        ("channel",),
        r"""
	SAY("%d", ast_channel_fd_add(chan, 1) - AST_EXTENDED_FDS);
	SAY("%d", ast_channel_fd_add(chan, 1) - AST_EXTENDED_FDS);
	ast_channel_set_fd(chan, AST_EXTENDED_FDS, -1);
	SAY("%d", ast_channel_fd_add(chan, 1) - AST_EXTENDED_FDS);
	SAY("%d", ast_channel_fd(chan, 0));
	SAY("%d", ast_channel_fd_add(NULL, 1));
""",
    ) == ["0", "1", "0", "-1", "ERROR ast_channel_fd_add: the channel is NULL", "-1"]


def test_a_wait_in_microseconds_tells_what_is_left_of_it(tried_application: Try) -> None:
    assert tried_application(
        ("poll-compat", "time"),
        r"""
	int ends[2];
	struct timeval left = { 100, 0 }, none = { 0, 1000 };
	struct pollfd files[2] = { { .events = POLLIN }, { .events = POLLOUT } };

	if (pipe(ends)) {
		return -1;
	}
	files[0].fd = ends[0];
	files[1].fd = ends[1];
	SAY("%d", ast_poll2(files, 1, &none));
	SAY("%d", (int) none.tv_usec);
	SAY("%d", ast_poll2(files, 2, &left));
	SAY("%d", left.tv_sec <= 99 && left.tv_usec > 0);
	SAY("%d", ast_poll2(files, 2, NULL));
	SAY("%d", files[1].revents == POLLOUT);
	close(ends[0]);
	close(ends[1]);
""",
    ) == ["0", "1000", "1", "1", "1", "1"]


@pytest.mark.parametrize(("depth", "found"), [(1, "0"), (2, "7")])
def test_a_walk_through_directories_gives_what_its_callback_ended_it_with(
    tried_application: Try, tmp_path: Path, depth: int, found: str
) -> None:
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "wanted").write_text("")
    assert tried_application(
        ("file",),
        f'SAY("%d", ast_file_read_dirs("{tmp_path}", find, NULL, {depth}));',
        'static int find(const char *dir, const char *name, void *data) { return strcmp(name, "wanted") ? 0 : 7; }',
    ) == [found]


def zone_file(offset: int, name: str) -> bytes:
    """A file of a time zone that has one offset for all times (RFC 8536)."""
    counts = struct.pack(">6l", 0, 0, 0, 0, 1, len(name) + 1)
    return b"TZif" + bytes(16) + counts + struct.pack(">lbb", offset, 0, 0) + name.encode() + b"\0"


def test_a_file_of_a_time_zone_is_read_again_when_it_changes(tried_application: Try, tmp_path: Path) -> None:
    (tmp_path / "one").write_bytes(zone_file(-18000, "CDT"))
    (tmp_path / "two").write_bytes(zone_file(-14400, "EDT"))
    steps = "".join(
        f'rename("{tmp_path}/{name}", "{tmp_path}/zone"); ast_localtime(&when, &tm, "{tmp_path}/zone");'
        'SAY("%d %s", tm.tm_hour, tm.tm_zone);'
        for name in ("one", "two")
    )
    before = "struct timeval when = { 1000000000, 0 }; struct ast_tm tm;"
    assert tried_application(("localtime", "time"), before + steps) == ["20 CDT", "21 EDT"]


def test_a_device_has_the_state_that_was_told_last_or_that_of_its_channels(tried_application: Try) -> None:
    assert tried_application(
        ("channel", "devicestate", "stasis"),
        r"""
	struct ast_channel *phone = ast_channel_alloc(0, AST_STATE_RINGING, "", "", "", "", "", NULL, NULL, 0, "Buzz/a-1");
	struct ast_channel *other = ast_channel_alloc(0, AST_STATE_DOWN, "", "", "", "", "", NULL, NULL, 0, "Buzz/c-1");

	ast_channel_unlock(other);
	ast_channel_unlock(phone);
	ast_channel_register(&buzz);
	SAY("%s", ast_devstate_str(ast_parse_device_state("Buzz/a")));
	SAY("%s", ast_devstate_str(ast_parse_device_state("Buzz/b")));
	SAY("%s %s", ast_devstate_str(ast_device_state("Buzz/a")), ast_devstate_str(ast_device_state("Buzz/b")));
	ast_setstate(other, AST_STATE_UP);
	while (!(kept = stasis_cache_get(ast_device_state_cache(), ast_device_state_message_type(), "Buzz/c"))) {
		usleep(1000);
	}
	ao2_cleanup(kept);
	SAY("%s", ast_devstate_str(ast_device_state("Buzz/c")));
	ast_hangup(other);
	ast_channel_hold_state_set(phone, AST_CONTROL_HOLD);
	SAY("%s %s", ast_devstate_str(ast_device_state("Buzz/a")), ast_devstate_str(ast_device_state("Nix/a")));
	ast_devstate_changed_literal(AST_DEVICE_BUSY, AST_DEVSTATE_CACHABLE, "Buzz/a");
	while (!(kept = stasis_cache_get(ast_device_state_cache(), ast_device_state_message_type(), "Buzz/a"))) {
		usleep(1000);
	}
	ao2_cleanup(kept);
	SAY("%s", ast_devstate_str(ast_device_state("Buzz/a")));
	ast_device_state_clear_cache("Buzz/a");
	ast_channel_unregister(&buzz);
	ast_hangup(phone);
	SAY("%s", ast_devstate_str(ast_parse_device_state("Buzz/a")));
	SAY("%s", ast_devstate_str(ast_parse_device_state(NULL)));
""",
        r"""
static struct stasis_message *kept;
static int state_of(const char *number)
{
	if (*number == 'c') {
		return AST_DEVICE_BUSY;
	}
	return *number == 'b' ? AST_DEVICE_UNAVAILABLE : AST_DEVICE_UNKNOWN;
}
static const struct ast_channel_tech buzz = { .type = "Buzz", .description = "", .devicestate = state_of };
""",
    ) == ["RINGING", "UNKNOWN", "RINGING UNAVAILABLE", "BUSY", "ONHOLD INVALID", "BUSY", "UNKNOWN", "UNKNOWN"]


def test_keys_of_the_database_are_found_by_their_beginning(tried_application: Try) -> None:
    assert tried_application(
        ("astdb",),
        r"""
	struct ast_db_entry *list, *one;

	ast_db_put("birds/test", "blah-98", "x");
	ast_db_put("birds/test", "blah-93", "y");
	ast_db_put("birds/test", "neener", "z");
	list = ast_db_gettree("birds/test", "blah-%");
	for (one = list; one; one = one->next) {
		SAY("%s", one->key);
	}
	ast_db_freetree(list);
	SAY("%d", ast_db_gettree("birds/test", "blah-") == NULL);
""",
    ) == ["/birds/test/blah-93", "/birds/test/blah-98", "1"]


PLAN = "[sub]\nexten => s,1,Try(${EXTEN})\n"


def test_a_channel_goes_on_after_the_dialplan_when_its_owner_says_so(core: Core, tried_application: Try) -> None:
    core.plans.change(lambda _: extensions_conf.read(conf_file.loads(PLAN, "extensions.conf")).dialplan)
    assert tried_application(
        ("pbx", "channel"),
        r"""
	struct ast_pbx_args stay = { .no_hangup_chan = 1 };

	if (!strcmp(data, "s")) {
		SAY("in the dialplan");
		return 0;
	}
	ast_explicit_goto(chan, "sub", "s", 1);
	SAY("%d", ast_pbx_run_args(chan, &stay));
	SAY("%d", ast_check_hangup(chan));
	SAY("%d", ast_pbx_run_args(NULL, &stay));
""",
    ) == [
        'Executing [s@sub:1] Try("C/1", "s") in new stack',
        "in the dialplan",
        "Auto fallthrough, channel 'C/1' status is 'UNKNOWN'",
        "0",
        "0",
        "ERROR ast_pbx_run_args: the channel is NULL",
        "-1",
    ]
