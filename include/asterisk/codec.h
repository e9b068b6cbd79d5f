/*
 * Codecs by name, and their properties as in Asterisk.  Media is not encoded here.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef ASTERISM_CODEC_H
#define ASTERISM_CODEC_H

#ifdef __cplusplus
extern "C" {
#endif

struct ast_frame;
struct ast_module;

enum ast_media_type {
	AST_MEDIA_TYPE_UNKNOWN = 0,
	AST_MEDIA_TYPE_AUDIO = 1 << 0,
	AST_MEDIA_TYPE_VIDEO = 1 << 1,
	AST_MEDIA_TYPE_IMAGE = 1 << 2,
	AST_MEDIA_TYPE_TEXT = 1 << 3,
	AST_MEDIA_TYPE_END,
};

/* An ao2 object. */
struct ast_codec {
	unsigned int id;		/* 1 or more. */
	const char *name;
	const char *description;
	enum ast_media_type type;
	unsigned int sample_rate;	/* In Hz. */
	unsigned int minimum_ms;	/* Of media in a frame. */
	unsigned int maximum_ms;
	unsigned int default_ms;
	unsigned int minimum_bytes;	/* Of a frame of minimum_ms. */
	int (*samples_count)(struct ast_frame *frame);	/* NULL for codecs of the core. */
	int (*get_length)(unsigned int samples);	/* NULL for codecs of the core. */
	unsigned int smooth;
	unsigned int smoother_flags;
	unsigned int quality;		/* 0 to 150; mu-law has 100. */
	struct ast_module *mod;
};

/* Adds a copy of a codec: 0, or -1 for one without a type, audio without a rate, and one that is there.  It is not removed
 * again, and the module stays until the program stops. */
int __ast_codec_register(struct ast_codec *codec, struct ast_module *mod);
#define ast_codec_register(codec) __ast_codec_register((codec), AST_MODULE_SELF)

/* A codec with a reference for the caller, or NULL; a sample_rate of 0 and an unknown type match any value. */
struct ast_codec *ast_codec_get(const char *name, enum ast_media_type type, unsigned int sample_rate);
struct ast_codec *ast_codec_get_by_id(int id);
/* One more than the highest number of a codec. */
int ast_codec_get_max(void);
/* How many samples a frame has; how many milliseconds samples last. */
unsigned int ast_codec_samples_count(struct ast_frame *frame);
unsigned int ast_codec_determine_length(const struct ast_codec *codec, unsigned int samples);
/* "audio", "video", "image", "text" or "<unknown>"; the type of such a name. */
const char *ast_codec_media_type2str(enum ast_media_type type);
enum ast_media_type ast_media_type_from_str(const char *media_type_str);

#ifdef __cplusplus
}
#endif

#endif
