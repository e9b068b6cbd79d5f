/*
 * JSON: single values and arrays (asterisk/json.h).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "json.h"

#include <math.h>

#include "asterisk/astobj2.h"

static struct ast_json constants[] = {
	{ .type = AST_JSON_TRUE }, { .type = AST_JSON_FALSE }, { .type = AST_JSON_NULL },
};

static int is_constant(const struct ast_json *value)
{
	return value >= constants && value < constants + ARRAY_LEN(constants);
}

/* ---- references ---- */

void *ast_json_malloc(size_t size)
{
	return ast_malloc(size);
}

void ast_json_free(void *p)
{
	ast_free(p);
}

struct ast_json *ast_json_ref(struct ast_json *value)
{
	if (value && !is_constant(value)) {
		ao2_ref(value, +1);
	}
	return value;
}

void ast_json_unref(struct ast_json *value)
{
	if (value && !is_constant(value)) {
		ao2_ref(value, -1);
	}
}

/* Bodies that this thread is about to free: a loop instead of recursion, since values may be nested deeply. */
static __thread struct body *doomed;
static __thread int freeing;

static void free_body(struct body *body)
{
	size_t i;

	for (i = 0; body->items && i < body->size; i++) {
		ast_json_unref(body->items[i]);
	}
	asterism_json_members_free(body);
	ast_free(body->items);
	ast_free(body);
}

static void abandon(struct body *body)
{
	body->next = doomed;
	doomed = body;
	if (freeing) {
		return;
	}
	freeing = 1;
	while ((body = doomed)) {
		doomed = body->next;
		free_body(body);
	}
	freeing = 0;
}

static void destroy(void *data)
{
	struct ast_json *value = data;

	if (value->type == AST_JSON_STRING) {
		ast_free(value->text);
	} else if (value->type == AST_JSON_ARRAY || value->type == AST_JSON_OBJECT) {
		abandon(value->body);
	}
}

static struct ast_json *new_value(enum ast_json_type type)
{
	struct ast_json *value = ao2_alloc_options(sizeof(*value), NULL, AO2_ALLOC_OPT_LOCK_NOLOCK);

	if (value) {
		value->type = type;
	}
	return value;
}

/* A value that takes over its content and frees it; NULL for NULL content. */
static struct ast_json *new_owner(enum ast_json_type type, void *content)
{
	struct ast_json *value = content ? ao2_alloc_options(sizeof(*value), destroy, AO2_ALLOC_OPT_LOCK_NOLOCK) : NULL;

	if (!value) {
		ast_free(content);
		return NULL;
	}
	value->type = type;
	if (type == AST_JSON_STRING) {
		value->text = content;
	} else {
		value->body = content;
	}
	return value;
}

struct ast_json *asterism_json_container(enum ast_json_type type)
{
	return new_owner(type, ast_calloc(1, sizeof(struct body)));
}

struct body *asterism_json_body(const struct ast_json *value, enum ast_json_type type)
{
	return value && value->type == type ? value->body : NULL;
}

/* ---- types ---- */

enum ast_json_type ast_json_typeof(const struct ast_json *value)
{
	return value ? value->type : AST_JSON_NULL;
}

const char *ast_json_typename(enum ast_json_type type)
{
	static const char * const names[] = {
		[AST_JSON_OBJECT] = "object", [AST_JSON_ARRAY] = "array", [AST_JSON_STRING] = "string",
		[AST_JSON_INTEGER] = "integer", [AST_JSON_REAL] = "real", [AST_JSON_TRUE] = "boolean",
		[AST_JSON_FALSE] = "boolean", [AST_JSON_NULL] = "null",
	};

	return ARRAY_IN_BOUNDS(type, names) ? names[type] : "?";
}

static int is(const struct ast_json *value, enum ast_json_type type)
{
	return value && value->type == type;
}

int ast_json_is_array(const struct ast_json *value)
{
	return is(value, AST_JSON_ARRAY);
}

int ast_json_is_object(const struct ast_json *value)
{
	return is(value, AST_JSON_OBJECT);
}

int ast_json_is_true(const struct ast_json *value)
{
	return is(value, AST_JSON_TRUE);
}

int ast_json_is_false(const struct ast_json *value)
{
	return is(value, AST_JSON_FALSE);
}

int ast_json_is_null(const struct ast_json *value)
{
	return is(value, AST_JSON_NULL);
}

/* ---- single values ---- */

struct ast_json *ast_json_true(void)
{
	return &constants[0];
}

struct ast_json *ast_json_false(void)
{
	return &constants[1];
}

struct ast_json *ast_json_null(void)
{
	return &constants[2];
}

struct ast_json *ast_json_boolean(int value)
{
	return value ? ast_json_true() : ast_json_false();
}

struct ast_json *asterism_json_text(const char *text, size_t length)
{
	if (!text || memchr(text, '\0', length) || !ast_json_utf8_check_len(text, length)) {
		return NULL;
	}
	return new_owner(AST_JSON_STRING, ast_strndup(text, length));
}

struct ast_json *ast_json_string_create(const char *value)
{
	return value ? asterism_json_text(value, strlen(value)) : NULL;
}

const char *ast_json_string_get(const struct ast_json *string)
{
	return is(string, AST_JSON_STRING) ? string->text : NULL;
}

int ast_json_string_set(struct ast_json *string, const char *value)
{
	char *copy = is(string, AST_JSON_STRING) && ast_json_utf8_check(value) ? ast_strdup(value) : NULL;

	if (!copy) {
		return -1;
	}
	ast_free(string->text);
	string->text = copy;
	return 0;
}

struct ast_json *ast_json_vstringf(const char *format, va_list args)
{
	struct ast_json *string;
	char *text;

	if (!format || ast_vasprintf(&text, format, args) < 0) {
		return NULL;
	}
	string = ast_json_string_create(text);
	ast_free(text);
	return string;
}

struct ast_json *ast_json_stringf(const char *format, ...)
{
	struct ast_json *string;
	va_list args;

	va_start(args, format);
	string = ast_json_vstringf(format, args);
	va_end(args);
	return string;
}

struct ast_json *ast_json_integer_create(intmax_t value)
{
	struct ast_json *integer = new_value(AST_JSON_INTEGER);

	if (integer) {
		integer->integer = value;
	}
	return integer;
}

intmax_t ast_json_integer_get(const struct ast_json *integer)
{
	return is(integer, AST_JSON_INTEGER) ? integer->integer : 0;
}

int ast_json_integer_set(struct ast_json *integer, intmax_t value)
{
	if (!is(integer, AST_JSON_INTEGER)) {
		return -1;
	}
	integer->integer = value;
	return 0;
}

struct ast_json *ast_json_real_create(double value)
{
	struct ast_json *real = isfinite(value) ? new_value(AST_JSON_REAL) : NULL;

	if (real) {
		real->real = value;
	}
	return real;
}

double ast_json_real_get(const struct ast_json *real)
{
	return is(real, AST_JSON_REAL) ? real->real : 0.0;
}

int ast_json_real_set(struct ast_json *real, double value)
{
	if (!is(real, AST_JSON_REAL) || !isfinite(value)) {
		return -1;
	}
	real->real = value;
	return 0;
}

/* ---- arrays ---- */

struct ast_json *ast_json_array_create(void)
{
	return asterism_json_container(AST_JSON_ARRAY);
}

size_t ast_json_array_size(const struct ast_json *array)
{
	struct body *body = asterism_json_body(array, AST_JSON_ARRAY);

	return body ? body->size : 0;
}

struct ast_json *ast_json_array_get(const struct ast_json *array, size_t index)
{
	struct body *body = asterism_json_body(array, AST_JSON_ARRAY);

	return body && index < body->size ? body->items[index] : NULL;
}

int ast_json_array_set(struct ast_json *array, size_t index, struct ast_json *value)
{
	struct body *body = asterism_json_body(array, AST_JSON_ARRAY);

	if (!value || !body || value == array || index >= body->size) {
		ast_json_unref(value);
		return -1;
	}
	SWAP(body->items[index], value);
	ast_json_unref(value);
	return 0;
}

static int make_room(struct body *body, size_t size)
{
	size_t room = MAX(size, 2 * body->room);
	struct ast_json **items;

	if (size <= body->room) {
		return 0;
	}
	items = ast_realloc(body->items, MAX(room, (size_t) 4) * sizeof(*items));
	if (!items) {
		return -1;
	}
	body->items = items;
	body->room = MAX(room, (size_t) 4);
	return 0;
}

int ast_json_array_insert(struct ast_json *array, size_t index, struct ast_json *value)
{
	struct body *body = asterism_json_body(array, AST_JSON_ARRAY);

	if (!value || !body || value == array || index > body->size || make_room(body, body->size + 1)) {
		ast_json_unref(value);
		return -1;
	}
	memmove(&body->items[index + 1], &body->items[index], (body->size - index) * sizeof(*body->items));
	body->items[index] = value;
	body->size++;
	return 0;
}

int ast_json_array_append(struct ast_json *array, struct ast_json *value)
{
	return ast_json_array_insert(array, ast_json_array_size(array), value);
}

int ast_json_array_remove(struct ast_json *array, size_t index)
{
	struct body *body = asterism_json_body(array, AST_JSON_ARRAY);
	struct ast_json *value;

	if (!body || index >= body->size) {
		return -1;
	}
	value = body->items[index];
	body->size--;
	memmove(&body->items[index], &body->items[index + 1], (body->size - index) * sizeof(*body->items));
	ast_json_unref(value);
	return 0;
}

int ast_json_array_clear(struct ast_json *array)
{
	struct body *body = asterism_json_body(array, AST_JSON_ARRAY);

	if (!body) {
		return -1;
	}
	while (body->size) {
		ast_json_unref(body->items[--body->size]);
	}
	return 0;
}

int ast_json_array_extend(struct ast_json *array, struct ast_json *tail)
{
	struct body *body = asterism_json_body(array, AST_JSON_ARRAY), *other = asterism_json_body(tail, AST_JSON_ARRAY);
	size_t i, count = other ? other->size : 0;	/* Taken once: tail may be the array itself. */

	if (!body || !other || make_room(body, body->size + count)) {
		return -1;
	}
	for (i = 0; i < count; i++) {
		body->items[body->size++] = ast_json_ref(other->items[i]);
	}
	return 0;
}
