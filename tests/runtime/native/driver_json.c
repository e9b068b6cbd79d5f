/*
 * The driver's requests about JSON (asterisk/json.h).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"
#include "driver.h"

#include "asterisk/astobj2.h"
#include "asterisk/json.h"

static void put(char *text)
{
	printf("%s ", text ? text : "-");
	ast_json_free(text);
}

/* Tokens as hexadecimal digits. */
static struct ast_json *built(const char *digits)
{
	size_t length = strlen(digits) / 2;
	char *tokens = unhex(digits);
	struct ast_json *value = asterism_json_build(tokens, length);

	ast_free(tokens);
	return value;
}

/* A value in its three forms, and those of its copies; then whether they are equal, and how deep a copy is one. */
void json_try(char *text)
{
	struct ast_json *value = built(text), *copy = ast_json_copy(value), *deep = ast_json_deep_copy(value);
	struct ast_str *room = ast_str_create(1);

	hex_free(ast_json_dump_string(value));
	hex_free(ast_json_dump_string_format(copy, AST_JSON_PRETTY));
	hex_free(ast_json_dump_string_sorted(deep));
	ast_str_set(&room, 0, "%s", "was: ");
	ast_json_dump_str(value, &room);
	hex(ast_str_buffer(room));
	printf("%d%d%d", ast_json_equal(value, copy), ast_json_equal(copy, deep), ast_json_equal(NULL, value));
	ast_free(room);
	ast_json_unref(copy);
	ast_json_unref(value);
	ast_json_unref(deep);
}

/* "+k" sets a key to the place of the word, "?k" to the same only where it is, "!k" only where it is not; "-k" deletes. */
void json_object(char *text)
{
	struct ast_json *object = ast_json_object_create(), *one;
	char *word;
	int place = 0, failures = 0;

	while ((word = ast_strsep(&text, ' ', AST_STRSEP_TRIM)) && *word) {
		struct ast_json_iter *at = ast_json_object_iter_at(object, word + 1);

		one = ast_json_object_create();
		ast_json_object_set(one, word + 1, ast_json_integer_create(place++));
		switch (*word) {
		case '+':
			failures += ast_json_object_update(object, one) != 0;
			break;
		case '?':
			failures += ast_json_object_update_existing(object, one) != 0;
			break;
		case '!':
			failures += ast_json_object_update_missing(object, one) != 0;
			break;
		case '=':
			failures += ast_json_object_iter_set(object, at, ast_json_string_create(word)) != 0;
			break;
		case '-':
			failures += ast_json_object_del(object, word + 1) != 0;
			break;
		case 'c':
			failures += ast_json_object_clear(object) != 0;
			break;
		}
		ast_json_unref(one);
	}
	hex_free(ast_json_dump_string(object));
	printf("%d %zu", failures, ast_json_object_size(object));
	ast_json_unref(object);
}

/* Words "aN", "iN", "sN", "rN", "x", "c": append, insert, set, remove, extend by itself, clear. */
void json_array(char *text)
{
	struct ast_json *array = ast_json_array_create();
	char *word;
	int place = 0, failures = 0;

	while ((word = ast_strsep(&text, ' ', AST_STRSEP_TRIM)) && *word) {
		size_t at = (size_t) atoi(word + 1);
		struct ast_json *value = ast_json_integer_create(place++);

		switch (*word) {
		case 'a':
			failures += ast_json_array_append(array, ast_json_ref(value)) != 0;
			break;
		case 'i':
			failures += ast_json_array_insert(array, at, ast_json_ref(value)) != 0;
			break;
		case 's':
			failures += ast_json_array_set(array, at, ast_json_ref(value)) != 0;
			break;
		case 'r':
			failures += ast_json_array_remove(array, at) != 0;
			break;
		case 'x':
			failures += ast_json_array_extend(array, array) != 0;
			break;
		case 'c':
			failures += ast_json_array_clear(array) != 0;
			break;
		}
		ast_json_unref(value);
	}
	put(ast_json_dump_string(array));
	printf("%d %zu", failures, ast_json_array_size(array));
	ast_json_unref(array);
}

#define PACK(...) ({ \
	struct ast_json *__made = ast_json_pack(__VA_ARGS__); \
	put(ast_json_dump_string(__made)); \
	ast_json_unref(__made); \
})

void json_pack(char *text)
{
	struct ast_json *mine = ast_json_string_create(text), *given;
	ast_json_int_t large = INT64_MIN;

	logged = 0;
	PACK("{s:s,s:i,s:I,s:f,s:b,s:n}", "a", text, "b", -1, "c", large, "d", 0.5, "e", 7, "f");
	PACK(" [ s#, s%, s+#+ ] ", "abcd", 2, "abcd", (size_t) 3, "a", "bcd", 1, "c");
	PACK("{s+: [], s: {}}", "a", "b", "c");
	PACK("[s?,s*,o?,o*,O?,O*,s?]", NULL, NULL, NULL, NULL, NULL, NULL, "x");
	PACK("{s:s*,s:o*,s:s?}", "a", NULL, "b", NULL, "c", NULL);
	PACK("[O,O,o,o]", mine, mine, ast_json_ref(mine), ast_json_null());
	printf("| %d ", logged);
	/* Refused; what they were given is given back. */
	logged = 0;
	PACK(NULL);
	PACK("");
	PACK("[");
	PACK("{s:[i]", "a", 1);
	PACK("[i]]", 1);
	PACK("{i:i}", 1, 2);
	PACK("[z]");
	PACK("[s]", NULL);
	PACK("[s]", "\xff");
	PACK("[f]", (double) (1e308 * 10));
	PACK("[s,o,{s:o}]", NULL, ast_json_ref(mine), "k", ast_json_ref(mine));
	PACK("[o]", NULL);
	PACK("{s:i}", NULL, 1);
	printf("| %d %d ", logged, ao2_ref(mine, 0));
	given = ast_json_array_create();
	printf("%d%d ", ast_json_array_append(given, ast_json_ref(given)), ast_json_array_append(given, NULL));
	printf("%d%d ", ast_json_object_set(given, "a", ast_json_ref(mine)), ast_json_object_set(mine, NULL, NULL));
	printf("%d%d ", ast_json_string_set(given, "x"), ast_json_string_set(mine, "\xc0\x80"));
	printf("%d%d ", ast_json_real_create(-1e308 * 10) == NULL, ast_json_string_create("\xed\xa0\x80") == NULL);
	printf("%s%s", ast_json_dump_string(mine) ? "?" : "-", ast_json_string_get(given) ? "?" : "-");
	ast_json_unref(given);
	ast_json_unref(mine);
	printf(" %d", logged);
	ast_json_unref(mine);
	printf("%d", logged);
}

/* Nested so deep that recursion would overflow the stack: it is freed all the same, and not written. */
void json_deep(char *text)
{
	struct ast_json *value = ast_json_array_create(), *outer, *copy;
	char *written;
	int depth = atoi(text), i;

	logged = 0;
	for (i = 1; i < depth; i++) {
		outer = i % 2 ? ast_json_array_create() : ast_json_object_create();
		if (i % 2) {
			ast_json_array_append(outer, value);
		} else {
			ast_json_object_set(outer, "k", value);
		}
		value = outer;
	}
	copy = ast_json_deep_copy(value);
	written = ast_json_dump_string(copy);
	printf("%s %d %d", written ? "written" : "-", copy != NULL, logged);
	ast_json_free(written);
	ast_json_unref(copy);
	ast_json_unref(value);
}

/* ---- threads ---- */

static void *use(void *data)
{
	struct ast_json *value = data;
	int i;

	for (i = 0; i < 2000; i++) {
		struct ast_json *entry = ast_json_ref(ast_json_object_get(value, "k"));
		struct ast_json *whole = ast_json_pack("{s: O, s: o, s: o}", "whole", value, "entry", entry, "n", ast_json_null());
		char *text = i % 100 ? NULL : ast_json_dump_string(whole);

		ast_json_free(text);
		ast_json_unref(whole);
	}
	ast_json_unref(value);
	return NULL;
}

/* Eight threads share a value; the last one that drops it frees it. */
void json_hammer(char *text)
{
	struct ast_json *value = built(text);
	pthread_t threads[8];
	size_t i;

	logged = 0;
	for (i = 0; i < ARRAY_LEN(threads); i++) {
		ast_pthread_create(&threads[i], NULL, use, ast_json_ref(value));
	}
	printf("%d ", ast_json_equal(value, value));
	ast_json_unref(value);
	for (i = 0; i < ARRAY_LEN(threads); i++) {
		pthread_join(threads[i], NULL);
	}
	printf("%d", logged);
}
