/* Sets of formats in an order of preference: ao2 objects. SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef ASTERISM_FORMAT_CAP_H
#define ASTERISM_FORMAT_CAP_H

#include <sys/types.h>

#include "asterisk/codec.h"
#include "asterisk/format.h"

#ifdef __cplusplus
extern "C" {
#endif

struct ast_format_cap;
struct ast_str;

#define AST_FORMAT_CAP_NAMES_LEN 384	/* A good size for the text of ast_format_cap_get_names. */

enum ast_format_cap_flags { AST_FORMAT_CAP_FLAG_DEFAULT = 0 };

/* An empty set. */
struct ast_format_cap *__ast_format_cap_alloc(enum ast_format_cap_flags flags, const char *tag, const char *file, int line,
	const char *func);
#define ast_format_cap_alloc(flags) \
	__ast_format_cap_alloc((flags), "ast_format_cap_alloc", __FILE__, __LINE__, __PRETTY_FUNCTION__)
#define ast_t_format_cap_alloc(flags, tag) \
	__ast_format_cap_alloc((flags), (tag), __FILE__, __LINE__, __PRETTY_FUNCTION__)
/* Milliseconds of media in a frame: of the set, which is the least of its formats unless set; of one format of the set. */
void ast_format_cap_set_framing(struct ast_format_cap *cap, unsigned int framing);
unsigned int ast_format_cap_get_framing(const struct ast_format_cap *cap);
unsigned int ast_format_cap_get_format_framing(const struct ast_format_cap *cap, const struct ast_format *format);
/* Appends a format, unless present; all formats of a type (unknown: of any type); those of another set.  0 or -1. */
int __ast_format_cap_append(struct ast_format_cap *cap, struct ast_format *format, unsigned int framing, const char *tag,
	const char *file, int line, const char *func);
#define ast_format_cap_append(cap, format, framing) \
	__ast_format_cap_append((cap), (format), (framing), "ast_format_cap_append", __FILE__, __LINE__, __PRETTY_FUNCTION__)
#define ast_t_format_cap_append(cap, format, framing, tag) \
	__ast_format_cap_append((cap), (format), (framing), (tag), __FILE__, __LINE__, __PRETTY_FUNCTION__)
int ast_format_cap_append_by_type(struct ast_format_cap *cap, enum ast_media_type type);
int ast_format_cap_append_from_cap(struct ast_format_cap *dst, const struct ast_format_cap *src, enum ast_media_type type);
/* Puts the formats of src, with their framing, in the places of those of the same codec in dst. */
void ast_format_cap_replace_from_cap(struct ast_format_cap *dst, const struct ast_format_cap *src, enum ast_media_type type);
/* Parses "!all,ulaw,alaw:20": names in order of preference; '!' removes a format.  -1 for an unknown name, which is logged. */
int ast_format_cap_update_by_allow_disallow(struct ast_format_cap *cap, const char *list, int allowing);
/* The number of formats; the format at an index from 0, or the first of a type, with a reference for the caller, or NULL. */
size_t ast_format_cap_count(const struct ast_format_cap *cap);
struct ast_format *ast_format_cap_get_format(const struct ast_format_cap *cap, int position);
struct ast_format *ast_format_cap_get_best_by_type(const struct ast_format_cap *cap, enum ast_media_type type);
/* The format of the same codec, with a reference; compares it; whether the set has a format of a type; whether it is empty. */
struct ast_format *ast_format_cap_get_compatible_format(const struct ast_format_cap *cap, const struct ast_format *format);
enum ast_format_cmp_res ast_format_cap_iscompatible_format(const struct ast_format_cap *cap, const struct ast_format *format);
int ast_format_cap_has_type(const struct ast_format_cap *cap, enum ast_media_type type);
int ast_format_cap_empty(const struct ast_format_cap *cap);
/* Appends the formats of both sets to a third (0 or -1); whether they share a format; whether they are equal. */
int ast_format_cap_get_compatible(const struct ast_format_cap *cap1, const struct ast_format_cap *cap2,
	struct ast_format_cap *result);
int ast_format_cap_iscompatible(const struct ast_format_cap *cap1, const struct ast_format_cap *cap2);
int ast_format_cap_identical(const struct ast_format_cap *cap1, const struct ast_format_cap *cap2);
/* Removes a format (0, or -1 when it is not in the set); removes all formats of a type (unknown: of any type). */
int ast_format_cap_remove(struct ast_format_cap *cap, struct ast_format *format);
void ast_format_cap_remove_by_type(struct ast_format_cap *cap, enum ast_media_type type);
/* "(ulaw|alaw)", or "(nothing)"; gives the text of *buf. */
const char *ast_format_cap_get_names(const struct ast_format_cap *cap, struct ast_str **buf);
const char *ast_format_cap_append_names(const struct ast_format_cap *cap, struct ast_str **buf);

#ifdef __cplusplus
}
#endif

#endif
