/* The formats of Asterisk, as variables and by name. SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef ASTERISM_FORMAT_CACHE_H
#define ASTERISM_FORMAT_CACHE_H

#include "asterisk/format.h"

#ifdef __cplusplus
extern "C" {
#endif

extern struct ast_format *ast_format_slin;
extern struct ast_format *ast_format_slin12;
extern struct ast_format *ast_format_slin16;
extern struct ast_format *ast_format_slin24;
extern struct ast_format *ast_format_slin32;
extern struct ast_format *ast_format_slin44;
extern struct ast_format *ast_format_slin48;
extern struct ast_format *ast_format_slin96;
extern struct ast_format *ast_format_slin192;
extern struct ast_format *ast_format_ulaw;
extern struct ast_format *ast_format_alaw;
extern struct ast_format *ast_format_gsm;
extern struct ast_format *ast_format_adpcm;
extern struct ast_format *ast_format_g722;
extern struct ast_format *ast_format_g726;
extern struct ast_format *ast_format_g726_aal2;
extern struct ast_format *ast_format_ilbc;
extern struct ast_format *ast_format_lpc10;
extern struct ast_format *ast_format_speex;
extern struct ast_format *ast_format_speex16;
extern struct ast_format *ast_format_speex32;
extern struct ast_format *ast_format_g723;
extern struct ast_format *ast_format_g729;
extern struct ast_format *ast_format_g719;
extern struct ast_format *ast_format_h261;
extern struct ast_format *ast_format_h263;
extern struct ast_format *ast_format_h263p;
extern struct ast_format *ast_format_h264;
extern struct ast_format *ast_format_h265;
extern struct ast_format *ast_format_mp4;
extern struct ast_format *ast_format_vp8;
extern struct ast_format *ast_format_vp9;
extern struct ast_format *ast_format_jpeg;
extern struct ast_format *ast_format_png;
extern struct ast_format *ast_format_siren14;
extern struct ast_format *ast_format_siren7;
extern struct ast_format *ast_format_opus;
extern struct ast_format *ast_format_codec2;
extern struct ast_format *ast_format_t140;
extern struct ast_format *ast_format_t140_red;
extern struct ast_format *ast_format_t38;
extern struct ast_format *ast_format_none;
extern struct ast_format *ast_format_silk8;
extern struct ast_format *ast_format_silk12;
extern struct ast_format *ast_format_silk16;
extern struct ast_format *ast_format_silk24;

/* Adds a format to the cache, in place of an older one of the same name: 0, or -1. */
int ast_format_cache_set(struct ast_format *format);
/* A format by its name in any case, with a reference for the caller; NULL when not found. */
struct ast_format *__ast_format_cache_get(const char *name, const char *tag, const char *file, int line, const char *func);
#define ast_format_cache_get(name) \
	__ast_format_cache_get((name), "ast_format_cache_get", __FILE__, __LINE__, __PRETTY_FUNCTION__)
#define ast_t_format_cache_get(name, tag) \
	__ast_format_cache_get((name), (tag), __FILE__, __LINE__, __PRETTY_FUNCTION__)
/* The linear format of a rate in Hz (of 8000 for an unknown rate), without a reference; whether a format is linear. */
struct ast_format *ast_format_cache_get_slin_by_rate(unsigned int rate);
int ast_format_cache_is_slinear(struct ast_format *format);
/* The first format of a codec, with a reference for the caller. */
struct ast_format *ast_format_cache_get_by_codec(const struct ast_codec *codec);

#ifdef __cplusplus
}
#endif

#endif
