/*
 * JSON as text (asterisk/json.h).  C writes it.  Python's json parses it, since that parser is well tested against bad
 * input (runtime/api/json.py); the result comes back as tokens that need no further checks.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "json.h"

/* ---- UTF-8 ---- */

/* The length of the character at text, which has size bytes; 0 when it is not valid. */
static size_t character(const unsigned char *text, size_t size)
{
	size_t length = text[0] < 0x80 ? 1 : text[0] < 0xc2 ? 0 : text[0] < 0xe0 ? 2 : text[0] < 0xf0 ? 3 : text[0] < 0xf5 ? 4 : 0;
	size_t i;

	if (length > size) {
		return 0;
	}
	for (i = 1; i < length; i++) {
		if ((text[i] & 0xc0) != 0x80) {
			return 0;
		}
	}
	/* An overlong encoding, a surrogate, or a number above the last character. */
	if ((text[0] == 0xe0 && text[1] < 0xa0) || (text[0] == 0xed && text[1] > 0x9f) || (text[0] == 0xf0 && text[1] < 0x90)
		|| (text[0] == 0xf4 && text[1] > 0x8f)) {
		return 0;
	}
	return length;
}

int ast_json_utf8_check_len(const char *str, size_t len)
{
	size_t at, length;

	if (!str) {
		return 0;
	}
	for (at = 0; at < len; at += length) {
		length = character((const unsigned char *) str + at, len - at);
		if (!length) {
			return 0;
		}
	}
	return 1;
}

int ast_json_utf8_check(const char *str)
{
	return str && ast_json_utf8_check_len(str, strlen(str));
}

/* ---- writing ---- */

struct output {
	char *text;
	size_t used;
	size_t size;
	enum ast_json_encoding_format format;
};

static int write_value(struct output *output, const struct ast_json *value, int depth);

static int put(struct output *output, const char *text, size_t length)
{
	if (output->size - output->used <= length) {
		size_t size = MAX(2 * output->size, output->used + length + 128);
		char *larger = ast_realloc(output->text, size);

		if (!larger) {
			return -1;
		}
		output->text = larger;
		output->size = size;
	}
	memcpy(output->text + output->used, text, length);
	output->used += length;
	output->text[output->used] = '\0';
	return 0;
}

static int put_text(struct output *output, const char *text)
{
	return put(output, text, strlen(text));
}

static int put_escaped(struct output *output, unsigned char c)
{
	static const char letters[] = "btnvfr";	/* From \b on. */
	char room[8];

	if (c == '"' || c == '\\') {
		snprintf(room, sizeof(room), "\\%c", c);
	} else if (c >= '\b' && c <= '\r' && c != '\v') {
		snprintf(room, sizeof(room), "\\%c", letters[c - '\b']);
	} else {
		snprintf(room, sizeof(room), "\\u%04x", c);
	}
	return put_text(output, room);
}

static int put_string(struct output *output, const char *text)
{
	int failed = put(output, "\"", 1);

	while (!failed && *text) {
		size_t plain = 0;

		while ((unsigned char) text[plain] >= ' ' && text[plain] != '"' && text[plain] != '\\') {
			plain++;
		}
		failed = put(output, text, plain);
		text += plain;
		if (!failed && *text) {
			failed = put_escaped(output, (unsigned char) *text++);
		}
	}
	return failed ? failed : put(output, "\"", 1);
}

/* The shortest number that is read as this one. */
static int put_real(struct output *output, double real)
{
	char room[40];
	int digits;

	for (digits = 15; digits <= 17; digits++) {
		snprintf(room, sizeof(room), "%.*g", digits, real);
		if (strtod(room, NULL) == real) {
			break;
		}
	}
	room[strcspn(room, ",")] = strchr(room, ',') ? '.' : '\0';	/* A module may have set a locale. */
	if (!strpbrk(room, ".e")) {
		strcat(room, ".0");
	}
	return put_text(output, room);
}

static int put_line(struct output *output, int depth)
{
	if (!(output->format & AST_JSON_PRETTY)) {
		return 0;
	}
	if (put(output, "\n", 1)) {
		return -1;
	}
	while (depth-- > 0) {
		if (put(output, "  ", 2)) {
			return -1;
		}
	}
	return 0;
}

static int write_array(struct output *output, const struct body *body, int depth)
{
	size_t i;

	for (i = 0; i < body->size; i++) {
		if ((i && put(output, ",", 1)) || put_line(output, depth + 1) || write_value(output, body->items[i], depth + 1)) {
			return -1;
		}
	}
	return 0;
}

static int by_key(const void *a, const void *b)
{
	return strcmp((*(struct member * const *) a)->key, (*(struct member * const *) b)->key);
}

/* The members in the order in which they are written; NULL when out of memory. */
static struct member **in_order(const struct body *body, int sorted)
{
	struct member **members = ast_malloc(body->size * sizeof(*members)), *member;
	size_t i = 0;

	if (!members) {
		return NULL;
	}
	for (member = body->first; member; member = member->next) {
		members[i++] = member;
	}
	if (sorted) {
		qsort(members, i, sizeof(*members), by_key);
	}
	return members;
}

static int write_members(struct output *output, const struct body *body, int depth)
{
	struct member **members = in_order(body, output->format & AST_JSON_SORTED);
	size_t i;
	int failed = !members;

	for (i = 0; !failed && i < body->size; i++) {
		failed = (i && put(output, ",", 1)) || put_line(output, depth + 1) || put_string(output, members[i]->key)
			|| put_text(output, output->format & AST_JSON_PRETTY ? ": " : ":")
			|| write_value(output, members[i]->value, depth + 1);
	}
	ast_free(members);
	return failed ? -1 : 0;
}

static int write_container(struct output *output, const struct ast_json *value, int depth)
{
	int is_array = value->type == AST_JSON_ARRAY, failed;

	if (depth >= JSON_DEEPEST) {
		ast_log(LOG_WARNING, "cannot write JSON that is nested more than %d levels deep\n", JSON_DEEPEST);
		return -1;
	}
	if (!value->body->size) {
		return put(output, is_array ? "[]" : "{}", 2);
	}
	if (put(output, is_array ? "[" : "{", 1)) {
		return -1;
	}
	failed = is_array ? write_array(output, value->body, depth) : write_members(output, value->body, depth);
	return failed || put_line(output, depth) || put(output, is_array ? "]" : "}", 1) ? -1 : 0;
}

static int write_value(struct output *output, const struct ast_json *value, int depth)
{
	char number[24];

	switch (value->type) {
	case AST_JSON_OBJECT:
	case AST_JSON_ARRAY:
		return write_container(output, value, depth);
	case AST_JSON_STRING:
		return put_string(output, value->text);
	case AST_JSON_INTEGER:
		snprintf(number, sizeof(number), "%" PRIdMAX, value->integer);
		return put_text(output, number);
	case AST_JSON_REAL:
		return put_real(output, value->real);
	case AST_JSON_TRUE:
		return put(output, "true", 4);
	case AST_JSON_FALSE:
		return put(output, "false", 5);
	default:
		return put(output, "null", 4);
	}
}

/* The text of an array or an object, or NULL; *length gets its bytes. */
static char *written(const struct ast_json *root, enum ast_json_encoding_format format, size_t *length)
{
	struct output output = { .format = format };

	if (!ast_json_is_array(root) && !ast_json_is_object(root)) {
		return NULL;
	}
	if (write_value(&output, root, 0)) {
		ast_free(output.text);
		return NULL;
	}
	*length = output.used;
	return output.text;
}

char *ast_json_dump_string_format(struct ast_json *root, enum ast_json_encoding_format format)
{
	size_t length;

	return written(root, format, &length);
}

int ast_json_dump_str_format(struct ast_json *root, struct ast_str **dst, enum ast_json_encoding_format format)
{
	size_t length, used;
	char *text = dst && *dst ? written(root, format, &length) : NULL;

	if (!text) {
		return -1;
	}
	used = ast_str_strlen(*dst);
	ast_str_append_substr(dst, 0, text, length);
	ast_free(text);
	return ast_str_strlen(*dst) == used + length ? 0 : -1;
}

int ast_json_dump_file_format(struct ast_json *root, FILE *output, enum ast_json_encoding_format format)
{
	size_t length, put_out;
	char *text = output ? written(root, format, &length) : NULL;

	if (!text) {
		return -1;
	}
	put_out = fwrite(text, 1, length, output);
	ast_free(text);
	return put_out == length ? 0 : -1;
}

int ast_json_dump_new_file_format(struct ast_json *root, const char *path, enum ast_json_encoding_format format)
{
	FILE *file = path ? fopen(path, "w") : NULL;
	int failed;

	if (!file) {
		return -1;
	}
	failed = ast_json_dump_file_format(root, file, format);
	return fclose(file) || failed ? -1 : 0;
}

/* ---- reading ---- */

/* The tokens that Python made of a text: a letter for each value, and its content. */
struct input {
	const char *at;
	const char *end;
};

static int take(struct input *input, void *into, size_t size)
{
	if ((size_t) (input->end - input->at) < size) {
		return -1;
	}
	memcpy(into, input->at, size);
	input->at += size;
	return 0;
}

/* A text with its length before and a NUL after it. */
static const char *take_text(struct input *input, uint32_t *length)
{
	const char *text;

	if (take(input, length, sizeof(*length)) || (size_t) (input->end - input->at) <= *length) {
		return NULL;
	}
	text = input->at;
	input->at += *length + 1;
	return text;
}

static struct ast_json *build(struct input *input);

static struct ast_json *build_container(struct input *input, int is_array)
{
	struct ast_json *made = is_array ? ast_json_array_create() : ast_json_object_create();
	uint32_t count, length;
	int failed = !made || take(input, &count, sizeof(count));

	while (!failed && count--) {
		const char *key = is_array ? NULL : take_text(input, &length);

		failed = is_array ? ast_json_array_append(made, build(input)) : ast_json_object_set(made, key, build(input));
	}
	if (failed) {
		ast_json_unref(made);
		return NULL;
	}
	return made;
}

static struct ast_json *build(struct input *input)
{
	const char *text;
	int64_t integer;
	uint32_t length;
	double real;
	char kind;

	if (take(input, &kind, 1)) {
		return NULL;
	}
	switch (kind) {
	case 'a':
	case 'o':
		return build_container(input, kind == 'a');
	case 's':
		text = take_text(input, &length);
		return text ? asterism_json_text(text, length) : NULL;
	case 'i':
		return take(input, &integer, sizeof(integer)) ? NULL : ast_json_integer_create(integer);
	case 'r':
		return take(input, &real, sizeof(real)) ? NULL : ast_json_real_create(real);
	case 't':
		return ast_json_true();
	case 'f':
		return ast_json_false();
	case 'n':
		return ast_json_null();
	default:
		return NULL;
	}
}

struct ast_json *asterism_json_build(const char *tokens, size_t length)
{
	struct input input = { tokens, tokens + length };

	return build(&input);
}

static void cannot(struct ast_json_error *error, const char *source, const char *text)
{
	if (error) {
		error->line = error->column = -1;
		error->position = 0;
		ast_copy_string(error->text, text, sizeof(error->text));
		ast_copy_string(error->source, source, sizeof(error->source));
	}
}

static struct ast_json *load(const char *text, size_t length, const char *source, struct ast_json_error *error)
{
	__typeof__(asterism_table.asterism_json_parse) parse = asterism_table.asterism_json_parse;

	cannot(error, source, "");
	if (!text) {
		cannot(error, source, "the text is NULL");
		return NULL;
	}
	if (!parse) {
		asterism_unbound("ast_json_load");
		cannot(error, source, "the core is not running");
		return NULL;
	}
	return parse(text, length, error);
}

struct ast_json *ast_json_load_string(const char *input, struct ast_json_error *error)
{
	return load(input, input ? strlen(input) : 0, "<string>", error);
}

struct ast_json *ast_json_load_str(const struct ast_str *input, struct ast_json_error *error)
{
	return ast_json_load_string(input ? ast_str_buffer(input) : NULL, error);
}

struct ast_json *ast_json_load_buf(const char *buffer, size_t buflen, struct ast_json_error *error)
{
	return load(buffer, buflen, "<buffer>", error);
}

static struct ast_json *load_stream(FILE *input, const char *source, struct ast_json_error *error)
{
	struct output all = { .text = NULL };
	struct ast_json *value = NULL;
	char block[4096];
	size_t count;
	int failed = 0;

	while (!failed && (count = fread(block, 1, sizeof(block), input))) {
		failed = put(&all, block, count);
	}
	if (failed || ferror(input)) {
		cannot(error, source, failed ? "out of memory" : strerror(errno));
	} else {
		value = load(S_OR(all.text, ""), all.used, source, error);
	}
	ast_free(all.text);
	return value;
}

struct ast_json *ast_json_load_file(FILE *input, struct ast_json_error *error)
{
	if (!input) {
		cannot(error, "<stream>", "the stream is NULL");
		return NULL;
	}
	return load_stream(input, "<stream>", error);
}

struct ast_json *ast_json_load_new_file(const char *path, struct ast_json_error *error)
{
	FILE *file = path ? fopen(path, "r") : NULL;
	struct ast_json *value;

	if (!file) {
		cannot(error, S_OR(path, "?"), path ? strerror(errno) : "the path is NULL");
		return NULL;
	}
	value = load_stream(file, path, error);
	fclose(file);
	return value;
}
