/*
 * struct ast_str and the text functions that work in place.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"

#include "asterisk/astobj2.h"
#include "asterisk/threadstorage.h"

AST_THREADSTORAGE_CUSTOM_SCOPE(ast_str_thread_global_buf, NULL, ast_free_ptr,)

int _ast_str_make_space(struct ast_str **buf, size_t new_len, const char *file, int lineno, const char *function)
{
	struct ast_str *old = *buf, *grown;
	struct ast_threadstorage *ts = old->ts;

	if (new_len <= old->len) {
		return 0;
	}
	if (ts == DS_ALLOCA || ts == DS_STATIC) {
		return -1;
	}
	grown = __ast_realloc(old, sizeof(*grown) + new_len, file, lineno, function);
	if (!grown) {
		return -1;
	}
	if (!grown->len) {
		grown->str[0] = '\0';
	}
	grown->len = new_len;
	*buf = grown;
	if (ts != DS_MALLOC) {
		pthread_setspecific(ts->key, grown);
	}
	return 0;
}

/* Room for `length` bytes of text in all, as far as max_len allows; how many bytes of text fit. */
static size_t fit(struct ast_str **buf, ssize_t max_len, size_t length, const char *file, int line, const char *func)
{
	size_t wanted = length + 1;

	if (max_len > 0) {
		wanted = MIN(wanted, (size_t) max_len);
	}
	if (max_len >= 0 && wanted > (*buf)->len) {
		/* Some more than asked, so that appending in a loop is not one allocation each. */
		size_t generous = wanted + wanted / 2;

		if (max_len > 0) {
			generous = MIN(generous, (size_t) max_len);
		}
		_ast_str_make_space(buf, generous, file, line, func);
	}
	return MIN(wanted, (*buf)->len) ? MIN(wanted, (*buf)->len) - 1 : 0;
}

int __ast_str_helper(struct ast_str **buf, ssize_t max_len, int append, const char *fmt, va_list ap, const char *file,
	int lineno, const char *func)
{
	struct asterism_place place = { file, lineno, func };
	size_t offset = append ? (*buf)->used : 0, room, capacity;
	va_list again;
	int length;

	if (asterism_format_refused(&place, fmt)) {
		return AST_DYNSTR_BUILD_FAILED;
	}
	room = (*buf)->len > offset ? (*buf)->len - offset : 0;
	va_copy(again, ap);
	length = vsnprintf(room ? (*buf)->str + offset : NULL, room, fmt, ap);
	if (length >= 0 && (size_t) length >= room) {
		capacity = fit(buf, max_len, offset + (size_t) length, file, lineno, func);
		room = (*buf)->len > offset ? capacity + 1 - offset : 0;
		vsnprintf(room ? (*buf)->str + offset : NULL, room, fmt, again);
	}
	va_end(again);
	if (length < 0) {
		if (room) {
			(*buf)->str[offset] = '\0';
		}
		(*buf)->used = offset;
		return AST_DYNSTR_BUILD_FAILED;
	}
	(*buf)->used = room ? offset + MIN((size_t) length, room - 1) : offset;
	return (int) (*buf)->used;
}

char *__ast_str_helper2(struct ast_str **buf, ssize_t max_len, const char *src, size_t maxsrc, int append,
	int escapecommas)
{
	size_t offset = append ? (*buf)->used : 0, length = strnlen(src, maxsrc), wanted = offset + length, capacity, i;

	for (i = 0; escapecommas && i < length; i++) {
		wanted += src[i] == '\\' || src[i] == ',';
	}
	capacity = fit(buf, max_len, wanted, "ast_str", 0, "ast_str");
	for (i = 0; i < length; i++) {
		int escaped = escapecommas && (src[i] == '\\' || src[i] == ',');

		if (offset + (size_t) escaped >= capacity) {
			break;	/* An escaped character is never cut in two. */
		}
		if (escaped) {
			(*buf)->str[offset++] = '\\';
		}
		(*buf)->str[offset++] = src[i];
	}
	(*buf)->used = offset;
	if ((*buf)->len) {
		(*buf)->str[offset] = '\0';
	}
	return ast_str_buffer(*buf);
}

struct ast_str *asterism_str_new(size_t size)
{
	return ast_str_create(size);
}

int asterism_str_set(struct ast_str **str, ssize_t max_len, const char *text, size_t length)
{
	__ast_str_helper2(str, max_len, text, length, 0, 0);
	return (*str)->used < strnlen(text, length);
}

const char *asterism_str_text(const struct ast_str *str)
{
	return ast_str_buffer(str);
}

char *asterism_copy(const char *data, size_t length)
{
	char *copy = ast_malloc(length + 1);

	if (copy) {
		memcpy(copy, data, length);
		copy[length] = '\0';
	}
	return copy;
}

void asterism_free(void *pointer)
{
	free(pointer);
}

char *ast_strip_quoted(char *s, const char *beg_quotes, const char *end_quotes)
{
	const char *quote;
	size_t length;

	s = ast_strip(s);
	if (!s || !*s || !(quote = strchr(beg_quotes, *s))) {
		return s;
	}
	length = strlen(s);
	if (length > 1 && (size_t) (quote - beg_quotes) < strlen(end_quotes)
		&& s[length - 1] == end_quotes[quote - beg_quotes]) {
		s[length - 1] = '\0';
		s++;
	}
	return s;
}

/* Takes one backslash off each escaped character, and off the end, in place. */
static char *unescaped(char *s)
{
	char *from, *to;

	for (from = to = s; *from; from++) {
		if (*from == '\\' && !*++from) {
			break;
		}
		*to++ = *from;
	}
	*to = '\0';
	return s;
}

/* ast_strsep with a choice of quotes. */
static char *part_of(char **s, char sep, const char *quotes, uint32_t flags)
{
	char *start = *s, *at, quote = '\0';

	if (!start) {
		return NULL;
	}
	for (at = start; *at && (quote || *at != sep); at++) {
		if (*at == '\\' && at[1]) {
			at++;
		} else if (quote ? *at == quote : strchr(quotes, *at) != NULL) {
			quote = quote ? '\0' : *at;
		}
	}
	*s = *at ? at + 1 : NULL;
	*at = '\0';
	if (flags & AST_STRSEP_STRIP) {
		start = ast_strip_quoted(start, quotes, quotes);
	}
	if (flags & AST_STRSEP_TRIM) {
		char *trimmed = ast_strip(start);

		start = *trimmed ? trimmed : start;	/* What was nothing but blanks in quotes keeps them. */
	}
	return flags & AST_STRSEP_UNESCAPE ? unescaped(start) : start;
}

char *ast_strsep(char **s, const char sep, uint32_t flags)
{
	return part_of(s, sep, "'\"", flags);
}

char *ast_strsep_quoted(char **s, const char sep, const char quote, uint32_t flags)
{
	const char quotes[] = { quote, '\0' };

	return part_of(s, sep, quotes, flags);
}

char *ast_unescape_semicolon(char *s)
{
	char *from, *to;

	for (from = to = s; *from; from++) {
		if (*from == '\\' && from[1] == ';') {
			from++;
		}
		*to++ = *from;
	}
	*to = '\0';
	return s;
}

char *ast_unescape_c(char *s)
{
	static const char names[] = "abfnrtv", values[] = "\a\b\f\n\r\t\v";
	char *from, *to;
	const char *name;

	for (from = to = s; *from; from++) {
		if (*from == '\\' && from[1]) {
			from++;
			name = strchr(names, *from);
			*to++ = name ? values[name - names] : *from;
		} else {
			*to++ = *from;
		}
	}
	*to = '\0';
	return s;
}

/* C's letter for a character with a backslash sequence, or the character. */
static char letter_of(char character)
{
	static const char names[] = "abfnrtv", values[] = "\a\b\f\n\r\t\v";
	const char *found = character ? strchr(values, character) : NULL;

	return found ? names[found - values] : character;
}

char *ast_escape(char *dest, const char *s, size_t size, const char *to_escape)
{
	char *to = dest;

	if (!dest || !size) {
		return dest;
	}
	for (; s && *s; s++) {
		size_t wanted = to_escape && strchr(to_escape, *s) ? 2 : 1;

		if ((size_t) (to - dest) + wanted >= size) {
			break;
		}
		if (wanted == 2) {
			*to++ = '\\';
		}
		*to++ = wanted == 2 ? letter_of(*s) : *s;
	}
	*to = '\0';
	return dest;
}

static const char sequences[] = "\a\b\f\n\r\t\v\\'\"?";	/* What a text of C writes with a backslash. */

char *ast_escape_c(char *dest, const char *s, size_t size)
{
	return ast_escape(dest, s, size, sequences);
}

char *ast_escape_alloc(const char *s, const char *to_escape)
{
	size_t size = s ? strlen(s) * 2 + 1 : 0;
	char *made = size ? ast_malloc(size) : NULL;

	return made ? ast_escape(made, s, size, to_escape) : NULL;
}

char *ast_escape_c_alloc(const char *s)
{
	return ast_escape_alloc(s, sequences);
}

int ast_build_string_va(char **buffer, size_t *space, const char *fmt, va_list ap)
{
	struct asterism_place place = { "ast_build_string", 0, "ast_build_string" };
	int length;

	if (!buffer || !*buffer || !space || !*space || asterism_format_refused(&place, fmt)) {
		return -1;
	}
	length = vsnprintf(*buffer, *space, fmt, ap);
	if (length < 0) {
		return -1;
	}
	if ((size_t) length > *space) {
		*buffer += *space;
		*space = 0;
		return -1;
	}
	*buffer += length;
	*space -= (size_t) length;
	return 0;
}

int ast_build_string(char **buffer, size_t *space, const char *fmt, ...)
{
	va_list ap;
	int result;

	va_start(ap, fmt);
	result = ast_build_string_va(buffer, space, fmt, ap);
	va_end(ap);
	return result;
}

void ast_join_delim(char *s, size_t len, const char * const w[], unsigned int size, char delim)
{
	size_t used = 0;
	unsigned int i;

	if (!len) {
		return;
	}
	for (i = 0; i < size && w[i]; i++) {
		const char *from = w[i];

		if (i && used + 1 < len) {
			s[used++] = delim;
		}
		while (*from && used + 1 < len) {
			s[used++] = *from++;
		}
	}
	s[used] = '\0';
}

int ast_strings_equal(const char *str1, const char *str2)
{
	return str1 && str2 ? !strcmp(str1, str2) : str1 == str2;
}

char *ast_generate_random_string(char *buf, size_t size)
{
	size_t i;

	for (i = 0; i + 1 < size; i++) {
		buf[i] = "0123456789abcdef"[ast_random() & 15];
	}
	if (size) {
		buf[i] = '\0';
	}
	return buf;
}

/* ---- containers of strings ---- */

static int string_hash(const void *string, int flags)
{
	(void) flags;
	return ast_str_hash(string);
}

static int string_order(const void *string, const void *other, int flags)
{
	if ((flags & OBJ_SEARCH_MASK) == OBJ_SEARCH_PARTIAL_KEY) {
		return strncmp(string, other, strlen(other));
	}
	return strcmp(string, other);
}

static int string_match(void *string, void *other, int flags)
{
	return string_order(string, other, flags) ? 0 : CMP_MATCH;
}

struct ao2_container *ast_str_container_alloc_options(enum ao2_alloc_opts opts, int buckets)
{
	return ao2_container_alloc_hash(opts, 0, (unsigned int) buckets, string_hash, string_order, string_match);
}

int ast_str_container_add(struct ao2_container *str_container, const char *add)
{
	size_t size = strlen(add) + 1;
	char *copy = ao2_alloc_options(size, NULL, AO2_ALLOC_OPT_LOCK_NOLOCK);

	if (!copy) {
		return -1;
	}
	memcpy(copy, add, size);
	ao2_link(str_container, copy);
	ao2_ref(copy, -1);
	return 0;
}

void ast_str_container_remove(struct ao2_container *str_container, const char *remove)
{
	ao2_find(str_container, remove, OBJ_SEARCH_KEY | OBJ_NODATA | OBJ_UNLINK);
}
