/*
 * JSON: values with counted references, which may be shared by threads as long as they are not changed.
 *
 *     struct ast_json *call = ast_json_pack("{s: s, s: i}", "caller", "100", "priority", 1);
 *     char *text = ast_json_dump_string(call);        {"caller":"100","priority":1}
 *     ast_json_free(text);
 *     ast_json_unref(call);
 *
 * A function that puts a value into an array or an object takes over the caller's reference, also when it fails; a function
 * that gets a value does not add a reference.  Texts and keys must be UTF-8: others are refused.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef ASTERISM_JSON_H
#define ASTERISM_JSON_H

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/time.h>

#include "asterisk/netsock2.h"

#ifdef __cplusplus
extern "C" {
#endif

struct ast_json;
struct ast_json_iter;
struct ast_str;
struct ast_variable;
struct varshead;

/* What ast_json_pack takes for "I". */
typedef long long ast_json_int_t;

/* Memory of texts that a dump gave: what frees it, and what makes such. */
void *ast_json_malloc(size_t size);
void ast_json_free(void *p);

/* Adds a reference; releases a reference; both accept NULL. */
struct ast_json *ast_json_ref(struct ast_json *value);
void ast_json_unref(struct ast_json *value);

enum ast_json_type {
	AST_JSON_OBJECT,
	AST_JSON_ARRAY,
	AST_JSON_STRING,
	AST_JSON_INTEGER,
	AST_JSON_REAL,
	AST_JSON_TRUE,
	AST_JSON_FALSE,
	AST_JSON_NULL,
};

/* The type of a value; NULL counts as null. */
enum ast_json_type ast_json_typeof(const struct ast_json *value);
/* "object", "array", "string", "integer", "real", "boolean", "null". */
const char *ast_json_typename(enum ast_json_type type);
int ast_json_is_array(const struct ast_json *value);
int ast_json_is_object(const struct ast_json *value);
int ast_json_is_true(const struct ast_json *value);
int ast_json_is_false(const struct ast_json *value);
int ast_json_is_null(const struct ast_json *value);

/* 1 when a text is UTF-8, 0 otherwise; the second one up to its NUL, and 0 of NULL. */
int ast_json_utf8_check_len(const char *str, size_t len);
int ast_json_utf8_check(const char *str);
/* The text, or an empty one when it is not UTF-8. */
#define AST_JSON_UTF8_VALIDATE(str) (ast_json_utf8_check(str) ? (str) : "")

/* ---- single values: a new value, NULL when out of memory or the argument is not valid ---- */

/* The shared values true, false and null; their references may be counted, but need not be. */
struct ast_json *ast_json_true(void);
struct ast_json *ast_json_false(void);
struct ast_json *ast_json_null(void);
struct ast_json *ast_json_boolean(int value);

struct ast_json *ast_json_string_create(const char *value);
struct ast_json *ast_json_stringf(const char *format, ...) __attribute__((format(printf, 1, 2)));
struct ast_json *ast_json_vstringf(const char *format, va_list args) __attribute__((format(printf, 1, 0)));
/* The text of a string, valid until the value changes; NULL for another type. */
const char *ast_json_string_get(const struct ast_json *string);
/* Sets the text of a string: 0, or -1 when the value is not a string or the text is not UTF-8. */
int ast_json_string_set(struct ast_json *string, const char *value);

struct ast_json *ast_json_integer_create(intmax_t value);
/* 0 of anything else, a real too. */
intmax_t ast_json_integer_get(const struct ast_json *integer);
int ast_json_integer_set(struct ast_json *integer, intmax_t value);

/* NaN and infinity give NULL. */
struct ast_json *ast_json_real_create(double value);
/* 0.0 of anything else, an integer too. */
double ast_json_real_get(const struct ast_json *real);
int ast_json_real_set(struct ast_json *real, double value);

/* ---- arrays: what changes one gives 0, or -1 ---- */

struct ast_json *ast_json_array_create(void);
/* 0 of a value that is not an array. */
size_t ast_json_array_size(const struct ast_json *array);
/* NULL when the index is out of range. */
struct ast_json *ast_json_array_get(const struct ast_json *array, size_t index);
int ast_json_array_set(struct ast_json *array, size_t index, struct ast_json *value);
int ast_json_array_append(struct ast_json *array, struct ast_json *value);
int ast_json_array_insert(struct ast_json *array, size_t index, struct ast_json *value);
int ast_json_array_remove(struct ast_json *array, size_t index);
int ast_json_array_clear(struct ast_json *array);
/* Appends all of tail, which keeps them too. */
int ast_json_array_extend(struct ast_json *array, struct ast_json *tail);

/* ---- objects: they keep the order in which keys were put in; what changes one gives 0, or -1 ---- */

struct ast_json *ast_json_object_create(void);
/* An object of strings, without the variables that excludes names: "a,b". */
struct ast_json *ast_json_object_create_vars(const struct ast_variable *variables, const char *excludes);
/* 0 of a value that is not an object. */
size_t ast_json_object_size(struct ast_json *object);
/* NULL when it has no such key. */
struct ast_json *ast_json_object_get(struct ast_json *object, const char *key);
#define ast_json_object_string_get(object, key) ast_json_string_get(ast_json_object_get(object, key))
#define ast_json_object_integer_get(object, key) ast_json_integer_get(ast_json_object_get(object, key))
#define ast_json_object_real_get(object, key) ast_json_real_get(ast_json_object_get(object, key))
int ast_json_object_set(struct ast_json *object, const char *key, struct ast_json *value);
/* -1 when it has no such key. */
int ast_json_object_del(struct ast_json *object, const char *key);
int ast_json_object_clear(struct ast_json *object);
/* Copies all keys of other; only keys that object has; only keys that object does not have. */
int ast_json_object_update(struct ast_json *object, struct ast_json *other);
int ast_json_object_update_existing(struct ast_json *object, struct ast_json *other);
int ast_json_object_update_missing(struct ast_json *object, struct ast_json *other);

/*
 * for (iter = ast_json_object_iter(object); iter; iter = ast_json_object_iter_next(object, iter)): every key, in order.
 * The current key may be set again, but must not be deleted.
 */
struct ast_json_iter *ast_json_object_iter(struct ast_json *object);
/* The iterator at a key; NULL when the key does not exist. */
struct ast_json_iter *ast_json_object_iter_at(struct ast_json *object, const char *key);
struct ast_json_iter *ast_json_object_iter_next(struct ast_json *object, struct ast_json_iter *iter);
const char *ast_json_object_iter_key(struct ast_json_iter *iter);
struct ast_json *ast_json_object_iter_value(struct ast_json_iter *iter);
int ast_json_object_iter_set(struct ast_json *object, struct ast_json_iter *iter, struct ast_json *value);

/* ---- as text ---- */

/* Flags: on one line; indented by two; with sorted keys (and on one line). */
enum ast_json_encoding_format {
	AST_JSON_COMPACT,
	AST_JSON_PRETTY,
	AST_JSON_SORTED,
};

/*
 * An array or an object as text; of another value, and of one that is nested more than 500 deep, NULL or -1.  The text is
 * freed with ast_json_free.  The second appends to dst; the others write, without an end of line.
 */
char *ast_json_dump_string_format(struct ast_json *root, enum ast_json_encoding_format format);
int ast_json_dump_str_format(struct ast_json *root, struct ast_str **dst, enum ast_json_encoding_format format);
int ast_json_dump_file_format(struct ast_json *root, FILE *output, enum ast_json_encoding_format format);
int ast_json_dump_new_file_format(struct ast_json *root, const char *path, enum ast_json_encoding_format format);
#define ast_json_dump_string(root) ast_json_dump_string_format(root, AST_JSON_COMPACT)
#define ast_json_dump_string_sorted(root) ast_json_dump_string_format(root, AST_JSON_SORTED)
#define ast_json_dump_str(root, dst) ast_json_dump_str_format(root, dst, AST_JSON_COMPACT)
#define ast_json_dump_file(root, output) ast_json_dump_file_format(root, output, AST_JSON_COMPACT)
#define ast_json_dump_new_file(root, path) ast_json_dump_new_file_format(root, path, AST_JSON_COMPACT)

#define AST_JSON_ERROR_TEXT_LENGTH 160
#define AST_JSON_ERROR_SOURCE_LENGTH 80

/* Why a text is not JSON. */
struct ast_json_error {
	int line;	/* From 1; -1 when the error has no position in the text. */
	int column;	/* In characters, from 1. */
	int position;	/* In bytes, from 0. */
	char text[AST_JSON_ERROR_TEXT_LENGTH];
	char source[AST_JSON_ERROR_TEXT_LENGTH];	/* A path, or "<string>", "<buffer>", "<stream>". */
};

/*
 * An array or an object from text, or NULL and, unless error is NULL, the reason.  Of equal keys the last one counts.
 * Refused: text that is not UTF-8, NUL characters and half characters (\ud800), integers of more than 64 bits, NaN, infinity,
 * and nesting of more than 500.
 */
struct ast_json *ast_json_load_string(const char *input, struct ast_json_error *error);
struct ast_json *ast_json_load_str(const struct ast_str *input, struct ast_json_error *error);
struct ast_json *ast_json_load_buf(const char *buffer, size_t buflen, struct ast_json_error *error);
struct ast_json *ast_json_load_file(FILE *input, struct ast_json_error *error);
struct ast_json *ast_json_load_new_file(const char *path, struct ast_json_error *error);

/*
 * A value built after a format, or NULL with the reason in the log.
 *
 *     s  const char *        s#  const char *, int        s%  const char *, size_t      n  null
 *     b  int, a boolean      i   int                      I   ast_json_int_t            f  double
 *     o  struct ast_json *, whose reference is taken      O   the same, with its own reference
 *     [...]  an array        {s: ..., s+: ...}  an object, its keys like strings
 *
 * s? o? O? are null where the argument is NULL; s* o* O* leave the entry out; each + behind s joins one more string: s+ takes
 * two, s+# another one and its length.
 */
struct ast_json *ast_json_pack(char const *format, ...);
struct ast_json *ast_json_vpack(char const *format, va_list ap);

/* ---- whole values ---- */

/* 1 when they are equal: of one type, and objects whatever their order. */
int ast_json_equal(const struct ast_json *lhs, const struct ast_json *rhs);
/* A copy whose entries are shared, and one whose entries are copies too; NULL when it is nested more than 500 deep. */
struct ast_json *ast_json_copy(const struct ast_json *value);
struct ast_json *ast_json_deep_copy(const struct ast_json *value);

/* ---- common objects ---- */

/* {"name", "number"}; text that is not UTF-8 becomes empty. */
struct ast_json *ast_json_name_number(const char *name, const char *number);
/* "2026-11-25T22:40:53.120+0000"; in the machine's time zone when zone is NULL. */
struct ast_json *ast_json_timeval(const struct timeval tv, const char *zone);
/* "IPV4/UDP/192.0.2.1/5060"; without the second part when transport_type is 0. */
struct ast_json *ast_json_ipaddr(const struct ast_sockaddr *addr, enum ast_transport transport_type);
/* {"context", "exten", "priority", "app_name", "app_data"}; NULL and priority -1 become null. */
struct ast_json *ast_json_dialplan_cep_app(const char *context, const char *exten, int priority, const char *app_name,
	const char *app_data);
struct ast_json *ast_json_dialplan_cep(const char *context, const char *exten, int priority);

/* An object of astobj2.h that holds JSON: what messages of stasis.h carry. */
struct ast_json_payload {
	struct ast_json *json;
};
/* A new payload, which takes its own reference to json. */
struct ast_json_payload *ast_json_payload_create(struct ast_json *json);

enum ast_json_to_ast_vars_code {
	AST_JSON_TO_AST_VARS_CODE_SUCCESS,
	AST_JSON_TO_AST_VARS_CODE_INVALID_TYPE,	/* A value is not a string. */
	AST_JSON_TO_AST_VARS_CODE_OOM,
};
/* {"name": "value"} as a list of variables, which the caller destroys. */
enum ast_json_to_ast_vars_code ast_json_to_ast_variables(struct ast_json *json_variables,
	struct ast_variable **variables);

enum ast_json_nvp_ast_vars_code {
	AST_JSON_NVP_AST_VARS_CODE_SUCCESS,
	AST_JSON_NVP_AST_VARS_CODE_INVALID_TYPE,
	AST_JSON_NVP_AST_VARS_CODE_OOM,
	AST_JSON_NVP_AST_VARS_CODE_NO_INPUT,	/* There is nothing in it. */
};
/* [{"name": "...", "value": "..."}] as a list of variables, and back; NULL of no variables. */
enum ast_json_nvp_ast_vars_code ast_json_nvp_array_to_ast_variables(struct ast_json *json_array,
	struct ast_variable **variables);
struct ast_json *ast_variables_to_json_nvp_array(struct ast_variable *variables);
/* {"name": "value"} of a list of chanvars.h. */
struct ast_json *ast_json_channel_vars(struct varshead *channelvars);

#ifdef __cplusplus
}
#endif

#endif
