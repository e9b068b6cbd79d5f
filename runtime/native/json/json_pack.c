/*
 * JSON: ast_json_pack (asterisk/json.h), whose format is that of the jansson library's json_pack.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "json.h"

struct packing {
	const char *format;
	const char *at;
	const char *error;	/* The first one. */
	va_list ap;
};

/* Records a fault.  The rest of the format is still walked, since the references in its arguments must be dropped. */
static void wrong(struct packing *packing, const char *error)
{
	if (!packing->error) {
		packing->error = error;
	}
}

/* The next character that counts, which is not taken yet. */
static char next(struct packing *packing)
{
	packing->at += strspn(packing->at, " \t\n,:");
	return *packing->at;
}

static int takes(struct packing *packing, const char *among)
{
	char c = next(packing);

	if (!c || !strchr(among, c)) {
		return 0;
	}
	packing->at++;
	return c;
}

/* A string's argument and, when the format has one, its length. */
static const char *argument(struct packing *packing, size_t *length)
{
	const char *text = va_arg(packing->ap, const char *);

	switch (takes(packing, "#%")) {
	case '#':
		*length = (size_t) va_arg(packing->ap, int);
		break;
	case '%':
		*length = va_arg(packing->ap, size_t);
		break;
	default:
		*length = text ? strlen(text) : 0;
	}
	return text;
}

/* The text of "s", "s#", "s+", "s+#+"...: memory of its own, or NULL when the first argument is. */
static char *strings(struct packing *packing)
{
	char *joined = NULL;
	size_t used = 0;
	int more;

	do {
		size_t length;
		const char *text = argument(packing, &length);
		char *larger;

		if (!text) {
			if (used || next(packing) == '+') {
				wrong(packing, "a string is NULL");
			}
		} else if (memchr(text, '\0', length) || !ast_json_utf8_check_len(text, length)) {
			wrong(packing, "a string is not UTF-8");
		} else {
			larger = ast_realloc(joined, used + length + 1);
			if (!larger) {
				wrong(packing, "out of memory");
			} else {
				joined = larger;
				memcpy(joined + used, text, length);
				used += length;
				joined[used] = '\0';
			}
		}
		more = takes(packing, "+");
	} while (more);
	return joined;
}

static struct ast_json *made(struct packing *packing, struct ast_json *value)
{
	if (!value) {
		wrong(packing, "out of memory");
	}
	return value;
}

/* Handles a NULL argument by the character after its letter; *omit gets whether its entry is omitted. */
static struct ast_json *absent(struct packing *packing, int mark, int *omit, const char *error)
{
	*omit = mark == '*';
	if (mark) {
		return *omit ? NULL : ast_json_null();
	}
	wrong(packing, error);
	return NULL;
}

static struct ast_json *pack_string(struct packing *packing, int *omit)
{
	char *text = strings(packing);
	int mark = takes(packing, "?*");
	struct ast_json *value;

	if (!text) {
		return absent(packing, mark, omit, "a string is NULL");
	}
	value = made(packing, ast_json_string_create(text));
	ast_free(text);
	return value;
}

static struct ast_json *pack_given(struct packing *packing, int *omit, int is_taken)
{
	struct ast_json *value = va_arg(packing->ap, struct ast_json *);
	int mark = takes(packing, "?*");

	if (!value) {
		return absent(packing, mark, omit, "a value is NULL");
	}
	return is_taken ? value : ast_json_ref(value);
}

static struct ast_json *pack_real(struct packing *packing)
{
	struct ast_json *value = ast_json_real_create(va_arg(packing->ap, double));

	if (!value) {
		wrong(packing, "a real is not a number");
	}
	return value;
}

static struct ast_json *pack_value(struct packing *packing, int *omit, int depth);

static int is_at_end(struct packing *packing)
{
	if (next(packing)) {
		return 0;
	}
	wrong(packing, "a bracket is not closed");
	return 1;
}

static struct ast_json *pack_array(struct packing *packing, int depth)
{
	struct ast_json *array = made(packing, ast_json_array_create());

	while (!takes(packing, "]")) {
		int omit = 0;
		struct ast_json *value;

		if (is_at_end(packing)) {
			break;
		}
		value = pack_value(packing, &omit, depth);
		if (value && ast_json_array_append(array, value)) {
			wrong(packing, "out of memory");
		}
	}
	return array;
}

static struct ast_json *pack_object(struct packing *packing, int depth)
{
	struct ast_json *object = made(packing, ast_json_object_create());

	while (!takes(packing, "}")) {
		struct ast_json *value;
		int omit = 0;
		char *key;

		if (is_at_end(packing)) {
			break;
		}
		if (!takes(packing, "s")) {
			wrong(packing, "a key is not a string");
			packing->at = "";	/* After an unknown letter, the arguments cannot be matched to the format. */
			break;
		}
		key = strings(packing);
		if (!key) {
			wrong(packing, "a key is NULL");
		}
		value = pack_value(packing, &omit, depth);
		if (value && ast_json_object_set(object, key, value)) {
			wrong(packing, "out of memory");
		}
		ast_free(key);
	}
	return object;
}

static struct ast_json *pack_container(struct packing *packing, int opening, int depth)
{
	if (depth >= JSON_DEEPEST) {
		wrong(packing, "the format is nested too deeply");
		packing->at = "";
		return NULL;
	}
	return opening == '[' ? pack_array(packing, depth + 1) : pack_object(packing, depth + 1);
}

/* NULL on an error, and when *omit says that the value is omitted. */
static struct ast_json *pack_value(struct packing *packing, int *omit, int depth)
{
	char letter = next(packing);

	if (letter) {
		packing->at++;
	}
	switch (letter) {
	case '{':
	case '[':
		return pack_container(packing, letter, depth);
	case 's':
		return pack_string(packing, omit);
	case 'n':
		return ast_json_null();
	case 'b':
		return ast_json_boolean(va_arg(packing->ap, int));
	case 'i':
		return made(packing, ast_json_integer_create(va_arg(packing->ap, int)));
	case 'I':
		return made(packing, ast_json_integer_create(va_arg(packing->ap, ast_json_int_t)));
	case 'f':
		return pack_real(packing);
	case 'o':
	case 'O':
		return pack_given(packing, omit, letter == 'o');
	default:
		wrong(packing, letter ? "a letter of the format is unknown" : "the format ends too early");
		packing->at = "";
		return NULL;
	}
}

struct ast_json *ast_json_vpack(char const *format, va_list ap)
{
	struct packing packing = { .format = S_OR(format, ""), .at = S_OR(format, "") };
	struct ast_json *value;
	int omit = 0;

	va_copy(packing.ap, ap);
	value = pack_value(&packing, &omit, 0);
	va_end(packing.ap);
	if (!packing.error && next(&packing)) {
		wrong(&packing, "the format goes on after the value");
	}
	if (packing.error) {
		ast_log(LOG_ERROR, "cannot pack JSON with the format '%s': %s\n", S_OR(format, ""), packing.error);
		ast_json_unref(value);
		return NULL;
	}
	return value;
}

struct ast_json *ast_json_pack(char const *format, ...)
{
	struct ast_json *value;
	va_list ap;

	va_start(ap, format);
	value = ast_json_vpack(format, ap);
	va_end(ap);
	return value;
}
