"""Names of codecs and formats, and sets of them (asterisk/codec.h, format.h, format_cache.h, format_cap.h)."""

from __future__ import annotations

import pytest

from runtime.core.core import Core
from runtime.dialplan import functions

MODULE = """
#include "asterisk/format_cache.h"
#include "asterisk/format_cap.h"
#include "asterisk/strings.h"
static int fact(struct ast_channel *chan, const char *cmd, char *data, char *buf, size_t len)
{
	struct ast_format *format = ast_format_cache_get(data), *copy = ast_format_clone(format);
	struct ast_codec *codec = ast_format_get_codec(format);

	(void) chan;
	(void) cmd;
	snprintf(buf, len, "%s %s %s %u %u %d%d%d", ast_format_get_name(format), ast_format_get_codec_name(copy),
		ast_codec_media_type2str(ast_format_get_type(format)), ast_format_get_sample_rate(format),
		ast_format_get_default_ms(format), ast_format_cmp(format, copy), ast_format_cmp(format, ast_format_ulaw),
		format == ast_format_cache_get_slin_by_rate(ast_format_get_sample_rate(format)));
	ao2_cleanup(format);
	ao2_cleanup(copy);
	ao2_cleanup(codec);
	return 0;
}
/* A set read from the argument, what it has in common with ulaw and h264, and those that are no video. */
static int set(struct ast_channel *chan, const char *cmd, char *data, struct ast_str **str, ssize_t len)
{
	struct ast_format_cap *cap = ast_format_cap_alloc(0), *other = ast_format_cap_alloc(0);
	struct ast_format_cap *both = ast_format_cap_alloc(0);
	int result = ast_format_cap_update_by_allow_disallow(cap, data, 1);
	struct ast_format *best = ast_format_cap_get_best_by_type(cap, AST_MEDIA_TYPE_AUDIO);

	(void) chan;
	(void) cmd;
	ast_format_cap_append(other, ast_format_ulaw, 0);
	ast_format_cap_append(other, ast_format_h264, 0);
	ast_format_cap_append(other, ast_format_ulaw, 40);
	ast_format_cap_get_compatible(cap, other, both);
	ast_str_set(str, len, "%d ", result);
	ast_format_cap_append_names(cap, str);
	ast_format_cap_append_names(both, str);
	ast_str_append(str, len, " %d%d %s %u ", ast_format_cap_iscompatible(cap, other),
		ast_format_cap_identical(other, both),
		ast_format_get_name(best), ast_format_cap_get_format_framing(cap, ast_format_ulaw));
	ast_format_cap_remove_by_type(cap, AST_MEDIA_TYPE_VIDEO);
	ast_str_append(str, len, "%s", ast_str_tmp(64, ast_format_cap_get_names(cap, &STR_TMP)));
	ao2_cleanup(best);
	ao2_cleanup(cap);
	ao2_cleanup(other);
	ao2_cleanup(both);
	return 0;
}
static struct ast_custom_function fact_function = { .name = "FACT", .read = fact };
static struct ast_custom_function set_function = { .name = "SET", .read2 = set };
static int unload_module(void)
{
	return ast_custom_function_unregister(&fact_function) | ast_custom_function_unregister(&set_function);
}
static int load_module(void)
{
	struct ast_codec *codec = ast_codec_get("ulaw", AST_MEDIA_TYPE_AUDIO, 8000);
	struct ast_format *own = ast_format_create_named("Mine", codec), *again = ast_format_cache_get_by_codec(codec);
	int is_wrong = ast_format_cache_set(own) || again != ast_format_ulaw || ast_codec_get("ulaw", 0, 1) != NULL
		|| ast_media_type_from_str("VIDEO") != AST_MEDIA_TYPE_VIDEO || ast_format_create(NULL) != NULL;

	ao2_cleanup(own);
	ao2_cleanup(again);
	ao2_cleanup(codec);
	return is_wrong || ast_custom_function_register(&fact_function) || ast_custom_function_register(&set_function);
}
"""


@pytest.fixture
def ask(core: Core, opened):
    assert opened("func_formats", MODULE, callbacks="").load() == 0
    return lambda call: functions.read_function(core, None, call)


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        ("ulaw", "ulaw ulaw audio 8000 20 000"),
        ("SLIN", "slin slin audio 8000 20 011"),
        ("slin48", "slin48 slin audio 48000 20 011"),
        ("h264", "h264 h264 video 1000 0 010"),
        ("t38", "t38 t38 image 8000 0 010"),
        ("mine", "Mine ulaw audio 8000 20 000"),
        ("none such", "  <unknown> 8000 0 110"),
    ],
)
def test_a_format_is_found_by_name_and_tells_its_facts(ask, name: str, facts: str):
    assert ask(f"FACT({name})") == facts


@pytest.mark.parametrize(
    ("names", "told"),
    [
        ("ulaw,alaw:30,h264", "0 (ulaw|alaw|h264)(ulaw|h264) 11 ulaw 0 (ulaw|alaw)"),
        ("gsm, ulaw:40", "0 (gsm|ulaw)(ulaw) 10 gsm 40 (gsm|ulaw)"),
        ("all,!all,vp8", "0 (vp8)(nothing) 00  0 (nothing)"),
        ("", "0 (nothing)(nothing) 00  20 (nothing)"),
    ],
)
def test_a_set_keeps_its_order_and_tells_what_two_have_in_common(ask, names: str, told: str):
    assert ask(f"SET({names})") == told


def test_a_format_that_is_not_known_is_named(ask, log: list[str]):
    assert ask("SET(ulow,alaw)") == "-1 (alaw)(nothing) 00 alaw 20 (alaw)"
    assert log == ["WARNING unknown format 'ulow'"]
