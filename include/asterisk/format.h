/*
 * Media formats: a codec under a name.  Opaque ao2 objects; media is not encoded here.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef ASTERISM_FORMAT_H
#define ASTERISM_FORMAT_H

#include "asterisk/codec.h"

#ifdef __cplusplus
extern "C" {
#endif

struct ast_format;

enum ast_format_cmp_res {
	AST_FORMAT_CMP_EQUAL = 0,
	AST_FORMAT_CMP_NOT_EQUAL,
	AST_FORMAT_CMP_SUBSET,
};

/* A new format of a codec, named after the codec or with its own name; a copy.  NULL without a codec or memory. */
struct ast_format *ast_format_create(struct ast_codec *codec);
struct ast_format *ast_format_create_named(const char *format_name, struct ast_codec *codec);
struct ast_format *ast_format_clone(const struct ast_format *format);
/* Formats of one codec are equal. */
enum ast_format_cmp_res ast_format_cmp(const struct ast_format *format1, const struct ast_format *format2);
/* The first format, with a reference, when both have the same codec; otherwise NULL. */
struct ast_format *ast_format_joint(const struct ast_format *format1, const struct ast_format *format2);

const char *ast_format_get_name(const struct ast_format *format);
const char *ast_format_get_codec_name(const struct ast_format *format);
/* The codec of a format, with a reference for the caller; the codec's number, type and properties. */
struct ast_codec *ast_format_get_codec(const struct ast_format *format);
unsigned int ast_format_get_codec_id(const struct ast_format *format);
enum ast_media_type ast_format_get_type(const struct ast_format *format);
unsigned int ast_format_get_default_ms(const struct ast_format *format);
unsigned int ast_format_get_minimum_ms(const struct ast_format *format);
unsigned int ast_format_get_maximum_ms(const struct ast_format *format);
unsigned int ast_format_get_minimum_bytes(const struct ast_format *format);
/* In Hz; 8000 for a codec without a sample rate. */
unsigned int ast_format_get_sample_rate(const struct ast_format *format);
/* How many milliseconds samples last. */
unsigned int ast_format_determine_length(const struct ast_format *format, unsigned int samples);
int ast_format_can_be_smoothed(const struct ast_format *format);
int ast_format_get_smoother_flags(const struct ast_format *format);
unsigned int ast_format_get_channel_count(const struct ast_format *format);
void ast_format_set_channel_count(struct ast_format *format, unsigned int channel_count);
/* Data that a module attaches to a format; the module frees it. */
void *ast_format_get_attribute_data(const struct ast_format *format);
void ast_format_set_attribute_data(struct ast_format *format, void *attribute_data);

struct ast_module;
struct ast_str;

/* What a module knows of the attributes of a codec's formats; parts but the first two may be NULL. */
struct ast_format_interface {
	void (*const format_destroy)(struct ast_format *format);
	int (*const format_clone)(const struct ast_format *src, struct ast_format *dst);
	enum ast_format_cmp_res (*const format_cmp)(const struct ast_format *format1, const struct ast_format *format2);
	struct ast_format *(*const format_get_joint)(const struct ast_format *format1, const struct ast_format *format2);
	struct ast_format *(*const format_attribute_set)(const struct ast_format *format, const char *name,
		const char *value);
	struct ast_format *(*const format_parse_sdp_fmtp)(const struct ast_format *format, const char *attributes);
	void (*const format_generate_sdp_fmtp)(const struct ast_format *format, unsigned int payload, struct ast_str **str);
	const void *(*const format_attribute_get)(const struct ast_format *format, const char *name);
};

/* Registers the interface of a codec, until the module is unloaded: 0, or -1 when the codec has one already. */
int __ast_format_interface_register(const char *codec, const struct ast_format_interface *interface,
	struct ast_module *mod);
#define ast_format_interface_register(codec, interface) \
	__ast_format_interface_register(codec, interface, AST_MODULE_SELF)
/* A format with an attribute, or with those of an fmtp line; the format itself, with a reference, without an interface. */
struct ast_format *ast_format_attribute_set(const struct ast_format *format, const char *name, const char *value);
struct ast_format *ast_format_parse_sdp_fmtp(const struct ast_format *format, const char *attributes);
/* Appends the fmtp line of a format; an attribute of it, or NULL. */
void ast_format_generate_sdp_fmtp(const struct ast_format *format, unsigned int payload, struct ast_str **str);
const void *ast_format_attribute_get(const struct ast_format *format, const char *name);

#ifdef __cplusplus
}
#endif

#endif
