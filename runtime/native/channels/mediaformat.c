/*
 * Formats by name, with the codecs that Asterisk has (asterisk/format.h, format_cache.h).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"

#include "asterisk/astobj2.h"
#include "asterisk/format_cache.h"
#include "asterisk/vector.h"

struct ast_format *ast_format_slin;
struct ast_format *ast_format_slin12;
struct ast_format *ast_format_slin16;
struct ast_format *ast_format_slin24;
struct ast_format *ast_format_slin32;
struct ast_format *ast_format_slin44;
struct ast_format *ast_format_slin48;
struct ast_format *ast_format_slin96;
struct ast_format *ast_format_slin192;
struct ast_format *ast_format_ulaw;
struct ast_format *ast_format_alaw;
struct ast_format *ast_format_gsm;
struct ast_format *ast_format_adpcm;
struct ast_format *ast_format_g722;
struct ast_format *ast_format_g726;
struct ast_format *ast_format_g726_aal2;
struct ast_format *ast_format_ilbc;
struct ast_format *ast_format_lpc10;
struct ast_format *ast_format_speex;
struct ast_format *ast_format_speex16;
struct ast_format *ast_format_speex32;
struct ast_format *ast_format_g723;
struct ast_format *ast_format_g729;
struct ast_format *ast_format_g719;
struct ast_format *ast_format_h261;
struct ast_format *ast_format_h263;
struct ast_format *ast_format_h263p;
struct ast_format *ast_format_h264;
struct ast_format *ast_format_h265;
struct ast_format *ast_format_mp4;
struct ast_format *ast_format_vp8;
struct ast_format *ast_format_vp9;
struct ast_format *ast_format_jpeg;
struct ast_format *ast_format_png;
struct ast_format *ast_format_siren14;
struct ast_format *ast_format_siren7;
struct ast_format *ast_format_opus;
struct ast_format *ast_format_codec2;
struct ast_format *ast_format_t140;
struct ast_format *ast_format_t140_red;
struct ast_format *ast_format_t38;
struct ast_format *ast_format_none;
struct ast_format *ast_format_silk8;
struct ast_format *ast_format_silk12;
struct ast_format *ast_format_silk16;
struct ast_format *ast_format_silk24;

/* In the order of their numbers. */
static const struct {
	struct ast_format **variable;
	const char *name;
	struct ast_codec codec;
} known[] = {
	{ &ast_format_codec2, "codec2", { 0, "codec2", "Codec 2", AST_MEDIA_TYPE_AUDIO, 8000, 20, 300, 20, 6, NULL, NULL, 1, 0, 0, NULL } },
	{ &ast_format_g723, "g723", { 0, "g723", "G.723.1", AST_MEDIA_TYPE_AUDIO, 8000, 30, 300, 30, 20, NULL, NULL, 0, 0, 20, NULL } },
	{ &ast_format_ulaw, "ulaw", { 0, "ulaw", "G.711 mu-law", AST_MEDIA_TYPE_AUDIO, 8000, 10, 140, 20, 80, NULL, NULL, 1, 0, 100, NULL } },
	{ &ast_format_alaw, "alaw", { 0, "alaw", "G.711 A-law", AST_MEDIA_TYPE_AUDIO, 8000, 10, 140, 20, 80, NULL, NULL, 1, 0, 100, NULL } },
	{ &ast_format_gsm, "gsm", { 0, "gsm", "GSM", AST_MEDIA_TYPE_AUDIO, 8000, 20, 300, 20, 33, NULL, NULL, 1, 0, 40, NULL } },
	{ &ast_format_g726, "g726", { 0, "g726", "G.726 (RFC 3551)", AST_MEDIA_TYPE_AUDIO, 8000, 10, 300, 20, 40, NULL, NULL, 1, 0, 85, NULL } },
	{ &ast_format_g726_aal2, "g726aal2", { 0, "g726aal2", "G.726 (AAL2)", AST_MEDIA_TYPE_AUDIO, 8000, 10, 300, 20, 40, NULL, NULL, 1, 0, 85, NULL } },
	{ &ast_format_adpcm, "adpcm", { 0, "adpcm", "Dialogic ADPCM", AST_MEDIA_TYPE_AUDIO, 8000, 10, 300, 20, 40, NULL, NULL, 1, 0, 80, NULL } },
	{ &ast_format_slin, "slin", { 0, "slin", "Linear, 16 bits", AST_MEDIA_TYPE_AUDIO, 8000, 10, 60, 20, 160, NULL, NULL, 1, 0, 115, NULL } },
	{ &ast_format_slin12, "slin12", { 0, "slin", "Linear, 16 bits", AST_MEDIA_TYPE_AUDIO, 12000, 10, 60, 20, 240, NULL, NULL, 1, 0, 116, NULL } },
	{ &ast_format_slin16, "slin16", { 0, "slin", "Linear, 16 bits", AST_MEDIA_TYPE_AUDIO, 16000, 10, 60, 20, 320, NULL, NULL, 1, 0, 117, NULL } },
	{ &ast_format_slin24, "slin24", { 0, "slin", "Linear, 16 bits", AST_MEDIA_TYPE_AUDIO, 24000, 10, 60, 20, 480, NULL, NULL, 1, 0, 118, NULL } },
	{ &ast_format_slin32, "slin32", { 0, "slin", "Linear, 16 bits", AST_MEDIA_TYPE_AUDIO, 32000, 10, 60, 20, 640, NULL, NULL, 1, 0, 119, NULL } },
	{ &ast_format_slin44, "slin44", { 0, "slin", "Linear, 16 bits", AST_MEDIA_TYPE_AUDIO, 44100, 10, 60, 20, 882, NULL, NULL, 1, 0, 120, NULL } },
	{ &ast_format_slin48, "slin48", { 0, "slin", "Linear, 16 bits", AST_MEDIA_TYPE_AUDIO, 48000, 10, 60, 20, 960, NULL, NULL, 1, 0, 121, NULL } },
	{ &ast_format_slin96, "slin96", { 0, "slin", "Linear, 16 bits", AST_MEDIA_TYPE_AUDIO, 96000, 10, 60, 20, 1920, NULL, NULL, 1, 0, 122, NULL } },
	{ &ast_format_slin192, "slin192", { 0, "slin", "Linear, 16 bits", AST_MEDIA_TYPE_AUDIO, 192000, 10, 60, 20, 3840, NULL, NULL, 1, 0, 123, NULL } },
	{ &ast_format_lpc10, "lpc10", { 0, "lpc10", "LPC10", AST_MEDIA_TYPE_AUDIO, 8000, 20, 20, 20, 7, NULL, NULL, 1, 0, 8, NULL } },
	{ &ast_format_g729, "g729", { 0, "g729", "G.729A", AST_MEDIA_TYPE_AUDIO, 8000, 10, 220, 20, 10, NULL, NULL, 1, 0, 45, NULL } },
	{ &ast_format_speex, "speex", { 0, "speex", "Speex", AST_MEDIA_TYPE_AUDIO, 8000, 10, 60, 20, 10, NULL, NULL, 0, 0, 40, NULL } },
	{ &ast_format_speex16, "speex16", { 0, "speex", "Speex", AST_MEDIA_TYPE_AUDIO, 16000, 10, 60, 20, 10, NULL, NULL, 0, 0, 40, NULL } },
	{ &ast_format_speex32, "speex32", { 0, "speex", "Speex", AST_MEDIA_TYPE_AUDIO, 32000, 10, 60, 20, 10, NULL, NULL, 0, 0, 40, NULL } },
	{ &ast_format_ilbc, "ilbc", { 0, "ilbc", "iLBC", AST_MEDIA_TYPE_AUDIO, 8000, 20, 300, 20, 38, NULL, NULL, 0, 0, 35, NULL } },
	{ &ast_format_g722, "g722", { 0, "g722", "G.722", AST_MEDIA_TYPE_AUDIO, 16000, 10, 140, 20, 80, NULL, NULL, 1, 0, 110, NULL } },
	{ &ast_format_siren7, "siren7", { 0, "siren7", "G.722.1", AST_MEDIA_TYPE_AUDIO, 16000, 20, 80, 20, 80, NULL, NULL, 0, 0, 85, NULL } },
	{ &ast_format_siren14, "siren14", { 0, "siren14", "G.722.1 Annex C", AST_MEDIA_TYPE_AUDIO, 32000, 20, 80, 20, 120, NULL, NULL, 0, 0, 90, NULL } },
	{ &ast_format_g719, "g719", { 0, "g719", "G.719", AST_MEDIA_TYPE_AUDIO, 48000, 20, 80, 20, 160, NULL, NULL, 0, 0, 95, NULL } },
	{ &ast_format_opus, "opus", { 0, "opus", "Opus", AST_MEDIA_TYPE_AUDIO, 48000, 20, 60, 20, 10, NULL, NULL, 0, 0, 75, NULL } },
	{ &ast_format_jpeg, "jpeg", { 0, "jpeg", "JPEG", AST_MEDIA_TYPE_IMAGE, 0, 0, 0, 0, 0, NULL, NULL, 0, 0, 0, NULL } },
	{ &ast_format_png, "png", { 0, "png", "PNG", AST_MEDIA_TYPE_IMAGE, 0, 0, 0, 0, 0, NULL, NULL, 0, 0, 0, NULL } },
	{ &ast_format_h261, "h261", { 0, "h261", "H.261", AST_MEDIA_TYPE_VIDEO, 1000, 0, 0, 0, 0, NULL, NULL, 0, 0, 0, NULL } },
	{ &ast_format_h263, "h263", { 0, "h263", "H.263", AST_MEDIA_TYPE_VIDEO, 1000, 0, 0, 0, 0, NULL, NULL, 0, 0, 0, NULL } },
	{ &ast_format_h263p, "h263p", { 0, "h263p", "H.263+", AST_MEDIA_TYPE_VIDEO, 1000, 0, 0, 0, 0, NULL, NULL, 0, 0, 0, NULL } },
	{ &ast_format_h264, "h264", { 0, "h264", "H.264", AST_MEDIA_TYPE_VIDEO, 1000, 0, 0, 0, 0, NULL, NULL, 0, 0, 0, NULL } },
	{ &ast_format_h265, "h265", { 0, "h265", "H.265", AST_MEDIA_TYPE_VIDEO, 1000, 0, 0, 0, 0, NULL, NULL, 0, 0, 0, NULL } },
	{ &ast_format_mp4, "mpeg4", { 0, "mpeg4", "MPEG-4", AST_MEDIA_TYPE_VIDEO, 1000, 0, 0, 0, 0, NULL, NULL, 0, 0, 0, NULL } },
	{ &ast_format_vp8, "vp8", { 0, "vp8", "VP8", AST_MEDIA_TYPE_VIDEO, 1000, 0, 0, 0, 0, NULL, NULL, 0, 0, 0, NULL } },
	{ &ast_format_vp9, "vp9", { 0, "vp9", "VP9", AST_MEDIA_TYPE_VIDEO, 1000, 0, 0, 0, 0, NULL, NULL, 0, 0, 0, NULL } },
	{ &ast_format_t140_red, "red", { 0, "red", "T.140 with redundancy", AST_MEDIA_TYPE_TEXT, 0, 0, 0, 0, 0, NULL, NULL, 0, 0, 0, NULL } },
	{ &ast_format_t140, "t140", { 0, "t140", "T.140", AST_MEDIA_TYPE_TEXT, 0, 0, 0, 0, 0, NULL, NULL, 0, 0, 0, NULL } },
	{ &ast_format_t38, "t38", { 0, "t38", "T.38", AST_MEDIA_TYPE_IMAGE, 0, 0, 0, 0, 0, NULL, NULL, 0, 0, 0, NULL } },
	{ &ast_format_none, "none", { 0, "none", "No codec", AST_MEDIA_TYPE_AUDIO, 8000, 10, 140, 20, 20, NULL, NULL, 0, 0, 0, NULL } },
	{ &ast_format_silk8, "silk8", { 0, "silk", "SILK", AST_MEDIA_TYPE_AUDIO, 8000, 20, 100, 20, 160, NULL, NULL, 0, 0, 0, NULL } },
	{ &ast_format_silk12, "silk12", { 0, "silk", "SILK", AST_MEDIA_TYPE_AUDIO, 12000, 20, 100, 20, 240, NULL, NULL, 0, 0, 0, NULL } },
	{ &ast_format_silk16, "silk16", { 0, "silk", "SILK", AST_MEDIA_TYPE_AUDIO, 16000, 20, 100, 20, 320, NULL, NULL, 0, 0, 0, NULL } },
	{ &ast_format_silk24, "silk24", { 0, "silk", "SILK", AST_MEDIA_TYPE_AUDIO, 24000, 20, 100, 20, 480, NULL, NULL, 0, 0, 0, NULL } },
};

struct ast_format {
	struct ast_codec *codec;
	unsigned int channel_count;
	void *attribute_data;
	char name[];
};

static pthread_mutex_t cache_lock = PTHREAD_MUTEX_INITIALIZER;
static AST_VECTOR(, struct ast_format *) cache;

/* ---- types of media ---- */

static const struct {
	enum ast_media_type type;
	const char *name;
} types[] = {
	{ AST_MEDIA_TYPE_AUDIO, "audio" }, { AST_MEDIA_TYPE_VIDEO, "video" }, { AST_MEDIA_TYPE_IMAGE, "image" },
	{ AST_MEDIA_TYPE_TEXT, "text" },
};

const char *ast_codec_media_type2str(enum ast_media_type type)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(types); i++) {
		if (types[i].type == type) {
			return types[i].name;
		}
	}
	return "<unknown>";
}

enum ast_media_type ast_media_type_from_str(const char *media_type_str)
{
	size_t i;

	for (i = 0; media_type_str && i < ARRAY_LEN(types); i++) {
		if (!strcasecmp(types[i].name, media_type_str)) {
			return types[i].type;
		}
	}
	return AST_MEDIA_TYPE_UNKNOWN;
}

/* ---- formats ---- */

/* The interface of a format's codec or NULL, until asterism_interface_end. */
static const struct ast_format_interface *interface_of(const struct ast_format *format)
{
	return asterism_interface_begin(format->codec->name);
}

static void free_format(void *object)
{
	struct ast_format *format = object;
	const struct ast_format_interface *interface = interface_of(format);

	if (interface && format->attribute_data) {
		interface->format_destroy(format);
	}
	asterism_interface_end();
	ao2_cleanup(format->codec);
}

struct ast_format *ast_format_create_named(const char *format_name, struct ast_codec *codec)
{
	struct ast_format *format = format_name && codec
		? ao2_alloc_options(sizeof(*format) + strlen(format_name) + 1, free_format, AO2_ALLOC_OPT_LOCK_NOLOCK) : NULL;

	if (format) {
		strcpy(format->name, format_name);
		format->codec = ao2_bump(codec);
		format->channel_count = 1;
	}
	return format;
}

struct ast_format *ast_format_create(struct ast_codec *codec)
{
	return codec ? ast_format_create_named(codec->name, codec) : NULL;
}

struct ast_format *ast_format_clone(const struct ast_format *format)
{
	struct ast_format *copy = format ? ast_format_create_named(format->name, format->codec) : NULL;

	if (copy) {
		const struct ast_format_interface *interface = interface_of(format);
		int failed = interface && interface->format_clone(format, copy);

		asterism_interface_end();
		copy->channel_count = format->channel_count;
		if (failed) {
			ao2_ref(copy, -1);
			return NULL;
		}
	}
	return copy;
}

static int has_same_codec(const struct ast_format *format1, const struct ast_format *format2)
{
	return format1 && format2 && format1->codec == format2->codec;
}

enum ast_format_cmp_res ast_format_cmp(const struct ast_format *format1, const struct ast_format *format2)
{
	enum ast_format_cmp_res result = AST_FORMAT_CMP_NOT_EQUAL;

	if (has_same_codec(format1, format2)) {
		const struct ast_format_interface *interface = format1 != format2 ? interface_of(format1) : NULL;

		result = interface && interface->format_cmp ? interface->format_cmp(format1, format2) : AST_FORMAT_CMP_EQUAL;
		if (format1 != format2) {
			asterism_interface_end();
		}
	}
	return result;
}

struct ast_format *ast_format_joint(const struct ast_format *format1, const struct ast_format *format2)
{
	const struct ast_format_interface *interface;
	struct ast_format *joint;

	if (!has_same_codec(format1, format2)) {
		return NULL;
	}
	interface = interface_of(format1);
	joint = interface && interface->format_get_joint ? interface->format_get_joint(format1, format2)
		: ao2_bump((struct ast_format *) format1);
	asterism_interface_end();
	return joint;
}

struct ast_format *ast_format_attribute_set(const struct ast_format *format, const char *name, const char *value)
{
	const struct ast_format_interface *interface;
	struct ast_format *made;

	if (!format) {
		return NULL;
	}
	interface = interface_of(format);
	made = interface && interface->format_attribute_set ? interface->format_attribute_set(format, name, value)
		: ao2_bump((struct ast_format *) format);
	asterism_interface_end();
	return made;
}

struct ast_format *ast_format_parse_sdp_fmtp(const struct ast_format *format, const char *attributes)
{
	const struct ast_format_interface *interface;
	struct ast_format *made;

	if (!format) {
		return NULL;
	}
	interface = interface_of(format);
	made = interface && interface->format_parse_sdp_fmtp ? interface->format_parse_sdp_fmtp(format, attributes)
		: ao2_bump((struct ast_format *) format);
	asterism_interface_end();
	return made;
}

void ast_format_generate_sdp_fmtp(const struct ast_format *format, unsigned int payload, struct ast_str **str)
{
	const struct ast_format_interface *interface;

	if (!format || !str) {
		return;
	}
	interface = interface_of(format);
	if (interface && interface->format_generate_sdp_fmtp) {
		interface->format_generate_sdp_fmtp(format, payload, str);
	}
	asterism_interface_end();
}

const void *ast_format_attribute_get(const struct ast_format *format, const char *name)
{
	const struct ast_format_interface *interface;
	const void *value;

	if (!format) {
		return NULL;
	}
	interface = interface_of(format);
	value = interface && interface->format_attribute_get ? interface->format_attribute_get(format, name) : NULL;
	asterism_interface_end();
	return value;
}

const char *ast_format_get_name(const struct ast_format *format)
{
	return format ? format->name : "";
}

struct ast_codec *ast_format_get_codec(const struct ast_format *format)
{
	return format ? ao2_bump(format->codec) : NULL;
}

/* The properties of a format's codec; zeros for NULL. */
static const struct ast_codec *codec_of(const struct ast_format *format)
{
	static const struct ast_codec none = { .name = "" };

	return format ? format->codec : &none;
}

const char *ast_format_get_codec_name(const struct ast_format *format)
{
	return codec_of(format)->name;
}

unsigned int ast_format_get_codec_id(const struct ast_format *format)
{
	return codec_of(format)->id;
}

enum ast_media_type ast_format_get_type(const struct ast_format *format)
{
	return codec_of(format)->type;
}

unsigned int ast_format_get_default_ms(const struct ast_format *format)
{
	return codec_of(format)->default_ms;
}

unsigned int ast_format_get_minimum_ms(const struct ast_format *format)
{
	return codec_of(format)->minimum_ms;
}

unsigned int ast_format_get_maximum_ms(const struct ast_format *format)
{
	return codec_of(format)->maximum_ms;
}

unsigned int ast_format_get_minimum_bytes(const struct ast_format *format)
{
	return codec_of(format)->minimum_bytes;
}

unsigned int ast_format_get_sample_rate(const struct ast_format *format)
{
	unsigned int rate = codec_of(format)->sample_rate;

	return rate ? rate : 8000;
}

int ast_format_can_be_smoothed(const struct ast_format *format)
{
	return (int) codec_of(format)->smooth;
}

int ast_format_get_smoother_flags(const struct ast_format *format)
{
	return (int) codec_of(format)->smoother_flags;
}

unsigned int ast_format_get_channel_count(const struct ast_format *format)
{
	return format ? format->channel_count : 0;
}

void ast_format_set_channel_count(struct ast_format *format, unsigned int channel_count)
{
	if (format) {
		format->channel_count = channel_count;
	}
}

void *ast_format_get_attribute_data(const struct ast_format *format)
{
	return format ? format->attribute_data : NULL;
}

void ast_format_set_attribute_data(struct ast_format *format, void *attribute_data)
{
	if (format) {
		format->attribute_data = attribute_data;
	}
}

/* ---- by name ---- */

/* The place of the first format that matches, by name or else by codec; the count when nothing matches.  Locked. */
static size_t find(const char *name, const struct ast_codec *codec)
{
	size_t i;

	for (i = 0; i < AST_VECTOR_SIZE(&cache); i++) {
		struct ast_format *format = AST_VECTOR_GET(&cache, i);

		if (name ? !strcasecmp(format->name, name) : format->codec == codec) {
			break;
		}
	}
	return i;
}

int ast_format_cache_set(struct ast_format *format)
{
	struct ast_format *old;
	size_t place;
	int result;

	if (!format || !format->name[0]) {
		return -1;
	}
	pthread_mutex_lock(&cache_lock);
	place = find(format->name, NULL);
	old = place < AST_VECTOR_SIZE(&cache) ? AST_VECTOR_GET(&cache, place) : NULL;
	result = AST_VECTOR_REPLACE(&cache, place, format);
	if (!result) {
		ao2_bump(format);
	}
	pthread_mutex_unlock(&cache_lock);
	if (!result) {
		ao2_cleanup(old);
	}
	return result;
}

static struct ast_format *get(const char *name, const struct ast_codec *codec)
{
	struct ast_format *format = NULL;
	size_t place;

	pthread_mutex_lock(&cache_lock);
	place = find(name, codec);
	if (place < AST_VECTOR_SIZE(&cache)) {
		format = ao2_bump(AST_VECTOR_GET(&cache, place));
	}
	pthread_mutex_unlock(&cache_lock);
	return format;
}

struct ast_format *__ast_format_cache_get(const char *name, const char *tag, const char *file, int line, const char *func)
{
	(void) tag;
	(void) file;
	(void) line;
	(void) func;
	return ast_strlen_zero(name) ? NULL : get(name, NULL);
}

struct ast_format *ast_format_cache_get_by_codec(const struct ast_codec *codec)
{
	return codec ? get(NULL, codec) : NULL;
}

int ast_format_cache_is_slinear(struct ast_format *format)
{
	return format && !strcmp(format->codec->name, "slin");
}

struct ast_format *ast_format_cache_get_slin_by_rate(unsigned int rate)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(known); i++) {
		if (known[i].codec.sample_rate == rate && ast_format_cache_is_slinear(*known[i].variable)) {
			return *known[i].variable;
		}
	}
	return ast_format_slin;
}

/* Before any module: their variables are read without asking. */
static void __attribute__((constructor)) make_known(void)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(known); i++) {
		*known[i].variable = ast_format_create_named(known[i].name, asterism_codec_add(&known[i].codec));
		ast_format_cache_set(*known[i].variable);
	}
}
