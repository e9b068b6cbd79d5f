/*
 * Text: tests, trimming, copies with a bound, and struct ast_str, a string that grows.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef ASTERISM_STRINGS_H
#define ASTERISM_STRINGS_H

#include <ctype.h>
#include <limits.h>
#include <stdarg.h>
#include <string.h>
#include <strings.h>

#include "asterisk/utils.h"
#include "asterisk/inline_api.h"
#include "asterisk/threadstorage.h"

#ifdef __cplusplus
extern "C" {
#endif

/* 1 when s is NULL or "". */
static force_inline int attribute_pure attribute_unused ast_strlen_zero(const char *s)
{
	return !s || *s == '\0';
}

/* a unless it is NULL or "", otherwise b; S_COR takes b only when a holds. */
#define S_OR(a, b) ({ typeof(&((a)[0])) __s_or = (a); ast_strlen_zero(__s_or) ? (b) : __s_or; })
#define S_COR(a, b, c) ({ typeof(&((b)[0])) __s_cor = (b); (a) && !ast_strlen_zero(__s_cor) ? __s_cor : (c); })
/* The text of the ast_str a unless it is NULL or empty, otherwise b. */
#define AS_OR(a, b) ((a) && ast_str_strlen(a) ? ast_str_buffer(a) : (b))

#define AST_YESNO(x) ((x) ? "Yes" : "No")

static force_inline int attribute_pure attribute_unused ast_begins_with(const char *str, const char *prefix)
{
	return strncmp(str, prefix, strlen(prefix)) == 0;
}

static force_inline int attribute_pure attribute_unused ast_ends_with(const char *str, const char *suffix)
{
	size_t length = strlen(str), tail = strlen(suffix);

	return tail <= length && memcmp(str + length - tail, suffix, tail) == 0;
}

/* The first character of str that is neither a blank nor a control character; NULL for NULL. */
AST_INLINE_API(
char * attribute_pure attribute_unused ast_skip_blanks(const char *str),
{
	while (str && *str && (unsigned char) *str <= ' ') {
		str++;
	}
	return (char *) str;
}
)

/* The first blank or control character of str; NULL for NULL. */
AST_INLINE_API(
char * attribute_pure attribute_unused ast_skip_nonblanks(const char *str),
{
	while (str && (unsigned char) *str > ' ') {
		str++;
	}
	return (char *) str;
}
)

/* Cuts blanks and control characters off the end, in place; gives str. */
AST_INLINE_API(
char * attribute_unused ast_trim_blanks(char *str),
{
	size_t length = str ? strlen(str) : 0;

	while (length && (unsigned char) str[length - 1] <= ' ') {
		str[--length] = '\0';
	}
	return str;
}
)

/* Cuts blanks and control characters off both ends, in place; gives the new start. */
AST_INLINE_API(
char * attribute_unused ast_strip(char *s),
{
	return ast_trim_blanks(ast_skip_blanks(s));
}
)

/* Copies as much of src as fits into size bytes with the closing NUL. */
AST_INLINE_API(
void attribute_unused ast_copy_string(char *dst, const char *src, size_t size),
{
	size_t length = 0;

	if (!size) {
		return;
	}
	/* No strnlen: of a src that is shorter than dst, compilers say that it is read beyond its end. */
	while (length < size - 1 && src[length]) {
		length++;
	}
	memmove(dst, src, length);
	dst[length] = '\0';
}
)

/* Strips blanks, then one pair of quotes: beg_quotes[i] at the start with end_quotes[i] at the end. */
char *ast_strip_quoted(char *s, const char *beg_quotes, const char *end_quotes);

enum ast_strsep_flags {
	AST_STRSEP_STRIP = 0x01,	/* Take blanks and a pair of quotes off each part. */
	AST_STRSEP_TRIM = 0x02,		/* Take blanks off each part. */
	AST_STRSEP_UNESCAPE = 0x04,	/* Undo backslashes in each part. */
	AST_STRSEP_ALL = 0x07,
};
/* Like strsep(3) with one separator, which single or double quotes and backslashes protect. */
char *ast_strsep(char **s, const char sep, uint32_t flags);
/* Like ast_strsep, with one kind of quotes. */
char *ast_strsep_quoted(char **s, const char sep, const char quote, uint32_t flags);

/* Turns `\;` into `;`, in place; and C's backslash sequences. */
char *ast_unescape_semicolon(char *s);
char *ast_unescape_c(char *s);
/*
 * s with a backslash before each character of to_escape, cut to size bytes; gives dest.  A line end becomes \n, and so for
 * C's other sequences.  _c: all that C writes with a backslash.  _alloc: a new text, to be freed, or NULL.
 */
char *ast_escape(char *dest, const char *s, size_t size, const char *to_escape);
char *ast_escape_c(char *dest, const char *s, size_t size);
char *ast_escape_alloc(const char *s, const char *to_escape);
char *ast_escape_c_alloc(const char *s);

/* Appends to *buffer, advances it and subtracts the used bytes from *space: 0, or -1 when the text was cut. */
int ast_build_string(char **buffer, size_t *space, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
int ast_build_string_va(char **buffer, size_t *space, const char *fmt, va_list ap) __attribute__((format(printf, 3, 0)));

/* -1 when the text means yes (yes true y t 1 on) or no (no false n f 0 off), 0 otherwise and for NULL. */
int attribute_pure ast_true(const char *val);
int attribute_pure ast_false(const char *val);

/* Joins the words of w, up to size or the first NULL, with delim between them. */
void ast_join_delim(char *s, size_t len, const char * const w[], unsigned int size, char delim);
#define ast_join(s, len, w) ast_join_delim((s), (len), (w), -1, ' ')

/* Parses seconds since 1970 into *dst: 0, or -1 with _default in *dst. */
int ast_get_time_t(const char *src, time_t *dst, time_t _default, int *consumed);
/* Parses seconds since 1970 with a fraction: "1700000000.25". */
int ast_get_timeval(const char *src, struct timeval *dst, struct timeval _default, int *consumed);

/* 1 when every character is a decimal digit. */
AST_INLINE_API(
int attribute_unused ast_check_digits(const char *arg),
{
	while (*arg >= '0' && *arg <= '9') {
		arg++;
	}
	return *arg == '\0';
}
)

static force_inline attribute_unused char *ast_str_to_lower(char *str)
{
	char *c;

	for (c = str; c && *c; c++) {
		*c = (char) tolower((unsigned char) *c);
	}
	return str;
}

static force_inline attribute_unused char *ast_str_to_upper(char *str)
{
	char *c;

	for (c = str; c && *c; c++) {
		*c = (char) toupper((unsigned char) *c);
	}
	return str;
}

/* Non-negative hashes of a text, with and without regard to case. */
static force_inline int attribute_pure attribute_unused ast_str_hash(const char *str)
{
	unsigned int hash = 5381;

	while (*str) {
		hash = hash * 33 ^ (unsigned char) *str++;
	}
	return (int) (hash & INT_MAX);
}

static force_inline int attribute_pure attribute_unused ast_str_case_hash(const char *str)
{
	unsigned int hash = 5381;

	while (*str) {
		hash = hash * 33 ^ (unsigned char) tolower((unsigned char) *str++);
	}
	return (int) (hash & INT_MAX);
}

int ast_strings_equal(const char *str1, const char *str2);
char *ast_generate_random_string(char *buf, size_t size);

/*
 * struct ast_str: a string that grows.  Functions take `struct ast_str **`, because growing may move it.
 *
 * max_len bounds the buffer: 0 means as large as needed, -1 the size it has now, otherwise that many bytes with the NUL.
 */
struct ast_threadstorage;

struct ast_str {
	size_t len;			/* Bytes of str, with the closing NUL. */
	size_t used;			/* Bytes of the text, without it. */
	struct ast_threadstorage *ts;	/* The memory of the string: one of the three below, or a thread storage. */
#define DS_MALLOC ((struct ast_threadstorage *) 1)
#define DS_ALLOCA ((struct ast_threadstorage *) 2)
#define DS_STATIC ((struct ast_threadstorage *) 3)
	char str[0];
};

#ifndef AST_INLINE_MALLOC_
#define AST_INLINE_MALLOC_ attribute_malloc
#endif

/* An empty string with room for init_len bytes, freed with ast_free; NULL when out of memory. */
#define ast_str_create(init_len) _ast_str_create((init_len), __FILE__, __LINE__, __PRETTY_FUNCTION__)
AST_INLINE_API(
struct ast_str * AST_INLINE_MALLOC_ attribute_unused _ast_str_create(size_t init_len, const char *file, int lineno, const char *func),
{
	struct ast_str *buf = (struct ast_str *) __ast_calloc(1, sizeof(*buf) + init_len, file, lineno, func);

	if (buf) {
		buf->len = init_len;
		buf->ts = DS_MALLOC;
	}
	return buf;
}
)

/* An empty string on the stack of the calling function; it cannot grow. */
#define ast_str_alloca(init_len) \
	({ \
		struct ast_str *__ast_str_buf = (struct ast_str *) ast_alloca(sizeof(*__ast_str_buf) + (init_len)); \
		__ast_str_buf->len = (init_len); \
		__ast_str_buf->used = 0; \
		__ast_str_buf->ts = DS_ALLOCA; \
		__ast_str_buf->str[0] = '\0'; \
		__ast_str_buf; \
	})

/* This thread's string in a thread storage. */
AST_INLINE_API(
struct ast_str * attribute_unused ast_str_thread_get(struct ast_threadstorage *ts, size_t init_len),
{
	struct ast_str *buf = (struct ast_str *) ast_threadstorage_get(ts, sizeof(*buf) + init_len);

	if (buf && !buf->len) {
		buf->len = init_len;
		buf->ts = ts;
	}
	return buf;
}
)

/* The text of a string; its length; the size of its buffer. */
AST_INLINE_API(
char * attribute_pure attribute_unused ast_str_buffer(const struct ast_str *buf),
{
	return buf->len ? (char *) buf->str : (char *) "";
}
)

AST_INLINE_API(
size_t attribute_pure attribute_unused ast_str_strlen(const struct ast_str *buf),
{
	return buf->used;
}
)

AST_INLINE_API(
size_t attribute_pure attribute_unused ast_str_size(const struct ast_str *buf),
{
	return buf->len;
}
)

/* Makes a string empty. */
AST_INLINE_API(
void attribute_unused ast_str_reset(struct ast_str *buf),
{
	if (buf) {
		buf->used = 0;
		if (buf->len) {
			buf->str[0] = '\0';
		}
	}
}
)

/* Updates the length after a write into ast_str_buffer. */
AST_INLINE_API(
void attribute_unused ast_str_update(struct ast_str *buf),
{
	buf->used = buf->len ? strnlen(buf->str, buf->len) : 0;
}
)

AST_INLINE_API(
void attribute_unused ast_str_trim_blanks(struct ast_str *buf),
{
	while (buf && buf->used && (unsigned char) buf->str[buf->used - 1] <= ' ') {
		buf->str[--buf->used] = '\0';
	}
}
)

/* Cuts a string to len bytes, or by -len bytes; gives the text. */
AST_INLINE_API(
char * attribute_unused ast_str_truncate(struct ast_str *buf, ssize_t len),
{
	if (!buf->len) {
		return ast_str_buffer(buf);
	}
	if (len >= 0) {
		buf->used = MIN((size_t) len, buf->used);
	} else {
		buf->used = (size_t) -len >= buf->used ? 0 : buf->used - (size_t) -len;
	}
	buf->str[buf->used] = '\0';
	return buf->str;
}
)

/* Makes room for new_len bytes: 0, or -1 when it cannot grow. */
#define ast_str_make_space(buf, new_len) \
	_ast_str_make_space((buf), (new_len), __FILE__, __LINE__, __PRETTY_FUNCTION__)
int _ast_str_make_space(struct ast_str **buf, size_t new_len, const char *file, int lineno, const char *function);

AST_INLINE_API(
int attribute_unused ast_str_copy_string(struct ast_str **dst, struct ast_str *src),
{
	if (ast_str_make_space(dst, src->used + 1)) {
		return -1;
	}
	memcpy((*dst)->str, ast_str_buffer(src), src->used + 1);
	(*dst)->used = src->used;
	return 0;
}
)

enum {
	AST_DYNSTR_BUILD_FAILED = -1,	/* The format was refused, or out of memory. */
	AST_DYNSTR_BUILD_RETRY = -2,	/* Not used: growing happens inside. */
};

/* Formats into *buf; append keeps the old text.  The new length, or AST_DYNSTR_BUILD_FAILED. */
int __ast_str_helper(struct ast_str **buf, ssize_t max_len, int append, const char *fmt, va_list ap, const char *file,
	int lineno, const char *func) __attribute__((format(printf, 4, 0)));
/* Adds at most maxsrc bytes of src, with a backslash before commas and backslashes when escapecommas is set. */
char *__ast_str_helper2(struct ast_str **buf, ssize_t max_len, const char *src, size_t maxsrc, int append,
	int escapecommas);

AST_INLINE_API(
int __attribute__((format(printf, 3, 0))) attribute_unused ast_str_set_va(struct ast_str **buf, ssize_t max_len, const char *fmt, va_list ap),
{
	return __ast_str_helper(buf, max_len, 0, fmt, ap, __FILE__, __LINE__, __PRETTY_FUNCTION__);
}
)

AST_INLINE_API(
int __attribute__((format(printf, 3, 0))) attribute_unused ast_str_append_va(struct ast_str **buf, ssize_t max_len, const char *fmt, va_list ap),
{
	return __ast_str_helper(buf, max_len, 1, fmt, ap, __FILE__, __LINE__, __PRETTY_FUNCTION__);
}
)

/* ast_str_set(&buf, 0, "format", ...): the new length, or -1. */
AST_INLINE_API(
int __attribute__((format(printf, 3, 4))) attribute_unused ast_str_set(struct ast_str **buf, ssize_t max_len, const char *fmt, ...),
{
	int res;
	va_list ap;

	va_start(ap, fmt);
	res = ast_str_set_va(buf, max_len, fmt, ap);
	va_end(ap);
	return res;
}
)

AST_INLINE_API(
int __attribute__((format(printf, 3, 4))) attribute_unused ast_str_append(struct ast_str **buf, ssize_t max_len, const char *fmt, ...),
{
	int res;
	va_list ap;

	va_start(ap, fmt);
	res = ast_str_append_va(buf, max_len, fmt, ap);
	va_end(ap);
	return res;
}
)

AST_INLINE_API(
char * attribute_unused ast_str_set_substr(struct ast_str **buf, ssize_t maxlen, const char *src, size_t maxsrc),
{
	return __ast_str_helper2(buf, maxlen, src, maxsrc, 0, 0);
}
)

AST_INLINE_API(
char * attribute_unused ast_str_append_substr(struct ast_str **buf, ssize_t maxlen, const char *src, size_t maxsrc),
{
	return __ast_str_helper2(buf, maxlen, src, maxsrc, 1, 0);
}
)

AST_INLINE_API(
char * attribute_unused ast_str_set_escapecommas(struct ast_str **buf, ssize_t maxlen, const char *src, size_t maxsrc),
{
	return __ast_str_helper2(buf, maxlen, src, maxsrc, 0, 1);
}
)

AST_INLINE_API(
char * attribute_unused ast_str_append_escapecommas(struct ast_str **buf, ssize_t maxlen, const char *src, size_t maxsrc),
{
	return __ast_str_helper2(buf, maxlen, src, maxsrc, 1, 1);
}
)

/* The text of an expression, which may use STR_TMP, an ast_str of init_len bytes on the stack. */
#define ast_str_tmp(init_len, expr) ({ \
	struct ast_str *STR_TMP = ast_str_create(init_len); \
	char *__str_tmp = ast_strdupa(expr); \
	ast_free(STR_TMP); \
	__str_tmp; \
})

/*
 * Whether a text fits another by an operator: = != < <= > >= (as numbers when both are), like (% is any text), regex.
 * Without one the right text is an expression when it stands between two slashes, and otherwise the operator is =.
 */
int ast_strings_match(const char *left, const char *op, const char *right);
/* Whether a text is one of the parts of another, which delim separates. */
int ast_in_delimited_string(const char *needle, const char *haystack, char delim);

#ifdef __cplusplus
}
#endif

/* At the end: it needs this header, and declares the containers of strings (ast_str_container_alloc). */
#include "asterisk/astobj2.h"

#endif
