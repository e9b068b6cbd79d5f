/*
 * Translators: a list of what modules have registered.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"

#include "asterisk/translate.h"

static AST_RWLIST_HEAD_STATIC(translators, ast_translator);

static int is_registered(const struct ast_translator *wanted)
{
	struct ast_translator *t;

	AST_RWLIST_TRAVERSE(&translators, t, list) {
		if (t == wanted) {
			break;
		}
	}
	return t != NULL;
}

static void drop_codecs(struct ast_translator *t)
{
	ao2_cleanup(t->core_src_codec);
	ao2_cleanup(t->core_dst_codec);
	t->core_src_codec = t->core_dst_codec = NULL;
}

static int take_codecs(struct ast_translator *t)
{
	t->core_src_codec = ast_codec_get(t->src_codec.name, t->src_codec.type, t->src_codec.sample_rate);
	t->core_dst_codec = ast_codec_get(t->dst_codec.name, t->dst_codec.type, t->dst_codec.sample_rate);
	if (t->core_src_codec && t->core_dst_codec) {
		return 0;
	}
	ast_log(LOG_WARNING, "the translator '%s' is between unknown codecs: '%s' and '%s'\n", t->name,
		S_OR(t->src_codec.name, ""), S_OR(t->dst_codec.name, ""));
	drop_codecs(t);
	return -1;
}

int __ast_register_translator(struct ast_translator *t, struct ast_module *module)
{
	int is_twice;

	if (!t) {
		return -1;
	}
	AST_RWLIST_WRLOCK(&translators);
	is_twice = is_registered(t);
	if (is_twice || take_codecs(t)) {
		AST_RWLIST_UNLOCK(&translators);
		if (is_twice) {
			ast_log(LOG_WARNING, "the translator '%s' is registered already\n", t->name);
		}
		return -1;
	}
	t->module = module;
	t->active = 1;
	AST_RWLIST_INSERT_HEAD(&translators, t, list);
	AST_RWLIST_UNLOCK(&translators);
	ast_verb(5, "Registered translator '%s' from codec %s to %s\n", t->name, t->src_codec.name, t->dst_codec.name);
	return 0;
}

int ast_unregister_translator(struct ast_translator *t)
{
	int found;

	AST_RWLIST_WRLOCK(&translators);
	found = t && is_registered(t);
	if (found) {
		AST_RWLIST_REMOVE(&translators, t, list);
	}
	AST_RWLIST_UNLOCK(&translators);
	if (!found) {
		return -1;
	}
	drop_codecs(t);
	t->active = 0;
	ast_verb(5, "Unregistered translator '%s' from codec %s to %s\n", t->name, t->src_codec.name, t->dst_codec.name);
	return 0;
}

void ast_translator_activate(struct ast_translator *t)
{
	AST_RWLIST_WRLOCK(&translators);
	t->active = 1;
	AST_RWLIST_UNLOCK(&translators);
}

void ast_translator_deactivate(struct ast_translator *t)
{
	AST_RWLIST_WRLOCK(&translators);
	t->active = 0;
	AST_RWLIST_UNLOCK(&translators);
}

unsigned int ast_translate_path_steps(struct ast_format *dest, struct ast_format *src)
{
	struct ast_translator *t;

	if (!dest || !src) {
		return (unsigned int) -1;
	}
	if (ast_format_get_codec_id(dest) == ast_format_get_codec_id(src)) {
		return 0;
	}
	AST_RWLIST_RDLOCK(&translators);
	AST_RWLIST_TRAVERSE(&translators, t, list) {
		if (t->active && t->core_src_codec->id == ast_format_get_codec_id(src)
				&& t->core_dst_codec->id == ast_format_get_codec_id(dest)) {
			break;
		}
	}
	AST_RWLIST_UNLOCK(&translators);
	return t ? 1 : (unsigned int) -1;
}

int ast_translator_best_choice(struct ast_format_cap *dst_cap, struct ast_format_cap *src_cap,
	struct ast_format **dst_fmt_out, struct ast_format **src_fmt_out)
{
	size_t i;

	for (i = 0; dst_cap && src_cap && i < ast_format_cap_count(dst_cap); i++) {
		struct ast_format *format = ast_format_cap_get_format(dst_cap, (int) i);
		struct ast_format *both = ast_format_cap_get_compatible_format(src_cap, format);

		if (both) {
			*dst_fmt_out = format;
			*src_fmt_out = both;
			return 0;
		}
		ao2_cleanup(format);
	}
	return -1;
}

struct ast_frame *ast_trans_frameout(struct ast_trans_pvt *pvt, int datalen, int samples)
{
	struct ast_frame *frame = &pvt->f;

	if (samples) {
		frame->samples = samples;
	} else if (!pvt->samples) {
		return NULL;
	} else {
		frame->samples = pvt->samples;
		pvt->samples = 0;
	}
	frame->datalen = datalen ? datalen : pvt->datalen;
	pvt->datalen = datalen ? pvt->datalen : 0;
	frame->data.ptr = pvt->outbuf.c;
	frame->frametype = AST_FRAME_VOICE;
	frame->mallocd = 0;
	frame->offset = AST_FRIENDLY_OFFSET;
	frame->src = pvt->t->name;
	return ast_frisolate(frame);
}
