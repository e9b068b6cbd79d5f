/*
 * Sets of formats (asterisk/format_cap.h).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"

#include "asterisk/astobj2.h"
#include "asterisk/format_cache.h"
#include "asterisk/format_cap.h"
#include "asterisk/vector.h"

struct member {
	struct ast_format *format;
	unsigned int framing;
};

struct ast_format_cap {
	AST_VECTOR(, struct member) members;
	unsigned int framing;	/* The least of its members, or what was set; UINT_MAX for an empty set. */
};

static void drop_member(struct member member)
{
	ao2_cleanup(member.format);
}

static void free_cap(void *object)
{
	struct ast_format_cap *cap = object;

	AST_VECTOR_CALLBACK_VOID(&cap->members, drop_member);
	AST_VECTOR_FREE(&cap->members);
}

struct ast_format_cap *__ast_format_cap_alloc(enum ast_format_cap_flags flags, const char *tag, const char *file, int line,
	const char *func)
{
	struct ast_format_cap *cap = __ao2_alloc(sizeof(*cap), free_cap, AO2_ALLOC_OPT_LOCK_NOLOCK, tag, file, line, func);

	(void) flags;
	if (cap) {
		cap->framing = UINT_MAX;
	}
	return cap;
}

/* The place of a format's codec in a set; the count when it has none. */
static size_t find(const struct ast_format_cap *cap, const struct ast_format *format)
{
	size_t i, count = cap ? AST_VECTOR_SIZE(&cap->members) : 0;

	for (i = 0; i < count && ast_format_cmp(AST_VECTOR_GET(&cap->members, i).format, format); i++) {
		continue;
	}
	return i;
}

static const struct member *found(const struct ast_format_cap *cap, const struct ast_format *format)
{
	size_t place = find(cap, format);

	return place < ast_format_cap_count(cap) ? AST_VECTOR_GET_ADDR(&cap->members, place) : NULL;
}

static int is_of(const struct ast_format *format, enum ast_media_type type)
{
	return type == AST_MEDIA_TYPE_UNKNOWN || ast_format_get_type(format) == type;
}

void ast_format_cap_set_framing(struct ast_format_cap *cap, unsigned int framing)
{
	cap->framing = framing;
}

unsigned int ast_format_cap_get_framing(const struct ast_format_cap *cap)
{
	return cap->framing == UINT_MAX ? 0 : cap->framing;
}

unsigned int ast_format_cap_get_format_framing(const struct ast_format_cap *cap, const struct ast_format *format)
{
	const struct member *member = found(cap, format);

	if (member && member->framing) {
		return member->framing;
	}
	return cap->framing == UINT_MAX ? ast_format_get_default_ms(format) : cap->framing;
}

int __ast_format_cap_append(struct ast_format_cap *cap, struct ast_format *format, unsigned int framing, const char *tag,
	const char *file, int line, const char *func)
{
	struct member member = { format, framing };

	if (!cap || !format || found(cap, format)) {
		return cap && format ? 0 : -1;
	}
	if (AST_VECTOR_APPEND(&cap->members, member)) {
		return -1;
	}
	__ao2_ref(format, +1, tag, file, line, func);
	cap->framing = MIN(cap->framing, framing ? framing : ast_format_get_default_ms(format));
	return 0;
}

int ast_format_cap_append_by_type(struct ast_format_cap *cap, enum ast_media_type type)
{
	int id, result = 0;

	for (id = 1; id < ast_codec_get_max(); id++) {
		struct ast_codec *codec = ast_codec_get_by_id(id);
		struct ast_format *format = codec ? ast_format_cache_get_by_codec(codec) : NULL;

		if (codec && !format) {
			format = ast_format_create(codec);	/* A codec of a module, without a format in the cache. */
		}
		if (format != ast_format_none && is_of(format, type)) {
			result |= ast_format_cap_append(cap, format, 0);
		}
		ao2_cleanup(format);
		ao2_cleanup(codec);
	}
	return result;
}

int ast_format_cap_append_from_cap(struct ast_format_cap *dst, const struct ast_format_cap *src, enum ast_media_type type)
{
	size_t i;
	int result = 0;

	for (i = 0; i < ast_format_cap_count(src); i++) {
		struct member member = AST_VECTOR_GET(&src->members, i);

		if (is_of(member.format, type)) {
			result |= ast_format_cap_append(dst, member.format, member.framing);
		}
	}
	return result;
}

void ast_format_cap_replace_from_cap(struct ast_format_cap *dst, const struct ast_format_cap *src, enum ast_media_type type)
{
	size_t i, at;

	for (i = 0; i < ast_format_cap_count(src); i++) {
		struct member member = AST_VECTOR_GET(&src->members, i);

		for (at = 0; at < ast_format_cap_count(dst) && is_of(member.format, type); at++) {
			struct member *old = AST_VECTOR_GET_ADDR(&dst->members, at);

			if (ast_format_get_codec_id(old->format) == ast_format_get_codec_id(member.format)) {
				ao2_replace(old->format, member.format);
				old->framing = member.framing;
				break;
			}
		}
	}
}

/* Handles a name of a list: 0, or -1 for an unknown name. */
static int update(struct ast_format_cap *cap, char *name, int allowing)
{
	struct ast_format *format;
	char *framing;

	if (*name == '!') {
		name++;
		allowing = !allowing;
	}
	if (!strcasecmp(name, "all")) {
		if (!allowing) {
			ast_format_cap_remove_by_type(cap, AST_MEDIA_TYPE_UNKNOWN);
		}
		return allowing ? ast_format_cap_append_by_type(cap, AST_MEDIA_TYPE_UNKNOWN) : 0;
	}
	framing = strchr(name, ':');
	if (framing) {
		*framing++ = '\0';
	}
	format = ast_format_cache_get(name);
	if (!format) {
		ast_log(LOG_WARNING, "unknown format '%s'\n", name);
		return -1;
	}
	ast_format_cap_remove(cap, format);
	if (allowing) {
		ast_format_cap_append(cap, format, framing ? (unsigned int) atoi(framing) : 0);
	}
	ao2_ref(format, -1);
	return 0;
}

int ast_format_cap_update_by_allow_disallow(struct ast_format_cap *cap, const char *list, int allowing)
{
	char *rest = ast_strdup(S_OR(list, "")), *kept = rest, *name;
	int result = rest ? 0 : -1;

	while ((name = ast_strip(strsep(&rest, ",")))) {
		if (*name) {
			result |= update(cap, name, allowing);
		}
	}
	ast_free(kept);
	return result;
}

size_t ast_format_cap_count(const struct ast_format_cap *cap)
{
	return cap ? AST_VECTOR_SIZE(&cap->members) : 0;
}

struct ast_format *ast_format_cap_get_format(const struct ast_format_cap *cap, int position)
{
	return position >= 0 && (size_t) position < ast_format_cap_count(cap)
		? ao2_bump(AST_VECTOR_GET(&cap->members, (size_t) position).format) : NULL;
}

struct ast_format *ast_format_cap_get_best_by_type(const struct ast_format_cap *cap, enum ast_media_type type)
{
	size_t i;

	for (i = 0; i < ast_format_cap_count(cap); i++) {
		if (is_of(AST_VECTOR_GET(&cap->members, i).format, type)) {
			return ao2_bump(AST_VECTOR_GET(&cap->members, i).format);
		}
	}
	return NULL;
}

struct ast_format *ast_format_cap_get_compatible_format(const struct ast_format_cap *cap, const struct ast_format *format)
{
	const struct member *member = found(cap, format);

	return member ? ao2_bump(member->format) : NULL;
}

enum ast_format_cmp_res ast_format_cap_iscompatible_format(const struct ast_format_cap *cap, const struct ast_format *format)
{
	return found(cap, format) ? AST_FORMAT_CMP_EQUAL : AST_FORMAT_CMP_NOT_EQUAL;
}

int ast_format_cap_has_type(const struct ast_format_cap *cap, enum ast_media_type type)
{
	struct ast_format *format = ast_format_cap_get_best_by_type(cap, type);

	ao2_cleanup(format);
	return format != NULL;
}

int ast_format_cap_empty(const struct ast_format_cap *cap)
{
	return !ast_format_cap_count(cap);
}

int ast_format_cap_get_compatible(const struct ast_format_cap *cap1, const struct ast_format_cap *cap2,
	struct ast_format_cap *result)
{
	size_t i;
	int failed = 0;

	for (i = 0; i < ast_format_cap_count(cap1); i++) {
		struct member member = AST_VECTOR_GET(&cap1->members, i);

		if (found(cap2, member.format)) {
			failed |= ast_format_cap_append(result, member.format, member.framing);
		}
	}
	return failed;
}

/* The number of formats that both sets have. */
static size_t common(const struct ast_format_cap *cap1, const struct ast_format_cap *cap2)
{
	size_t i, count = 0;

	for (i = 0; i < ast_format_cap_count(cap1); i++) {
		count += found(cap2, AST_VECTOR_GET(&cap1->members, i).format) != NULL;
	}
	return count;
}

int ast_format_cap_iscompatible(const struct ast_format_cap *cap1, const struct ast_format_cap *cap2)
{
	return common(cap1, cap2) > 0;
}

int ast_format_cap_identical(const struct ast_format_cap *cap1, const struct ast_format_cap *cap2)
{
	return ast_format_cap_count(cap1) == ast_format_cap_count(cap2) && common(cap1, cap2) == ast_format_cap_count(cap1);
}

int ast_format_cap_remove(struct ast_format_cap *cap, struct ast_format *format)
{
	size_t place = find(cap, format);

	if (place >= ast_format_cap_count(cap)) {
		return -1;
	}
	drop_member(AST_VECTOR_REMOVE_ORDERED(&cap->members, place));
	return 0;
}

void ast_format_cap_remove_by_type(struct ast_format_cap *cap, enum ast_media_type type)
{
	size_t i;

	for (i = ast_format_cap_count(cap); i; i--) {
		if (is_of(AST_VECTOR_GET(&cap->members, i - 1).format, type)) {
			drop_member(AST_VECTOR_REMOVE_ORDERED(&cap->members, i - 1));
		}
	}
}

const char *ast_format_cap_append_names(const struct ast_format_cap *cap, struct ast_str **buf)
{
	size_t i;

	ast_str_append(buf, 0, "(");
	for (i = 0; i < ast_format_cap_count(cap); i++) {
		ast_str_append(buf, 0, "%s%s", i ? "|" : "", ast_format_get_name(AST_VECTOR_GET(&cap->members, i).format));
	}
	ast_str_append(buf, 0, ast_format_cap_empty(cap) ? "nothing)" : ")");
	return ast_str_buffer(*buf);
}

const char *ast_format_cap_get_names(const struct ast_format_cap *cap, struct ast_str **buf)
{
	ast_str_reset(*buf);
	return ast_format_cap_append_names(cap, buf);
}
