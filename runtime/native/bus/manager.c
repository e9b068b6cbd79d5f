/*
 * The parts of the manager API that require C: formats, and the headers of messages.  Python sends the events to their
 * receivers (runtime/api/manager.py).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"

#include "asterisk/json.h"

static int listeners;	/* Whether events have listeners; changed and read atomically. */

void asterism_manager_set_listening(int listening)
{
	__atomic_store_n(&listeners, listening, __ATOMIC_RELAXED);
}

/* ---- messages ---- */

/* The value of a header when its name is name, NULL otherwise. */
static const char *value_of(const char *header, const char *name)
{
	size_t length = strlen(name);

	if (strncasecmp(header, name, length) || header[length] != ':') {
		return NULL;
	}
	return ast_skip_blanks(header + length + 1);
}

const char *astman_get_header(const struct message *m, char *var)
{
	unsigned int i;

	for (i = 0; m && var && i < m->hdrcount; i++) {
		const char *value = value_of(m->headers[i], var);

		if (value) {
			return value;
		}
	}
	return "";
}

/* Puts the variables of one header, "a=1,b=2", before head. */
static struct ast_variable *with_variables(struct ast_variable *head, const char *text)
{
	char *copy = ast_strdup(text), *parse = copy;
	unsigned int i;
	AST_DECLARE_APP_ARGS(args,
		AST_APP_ARG(pairs)[64];
	);

	if (!copy) {
		return head;
	}
	AST_STANDARD_APP_ARGS(args, parse);
	for (i = 0; i < args.argc; i++) {
		char *value = args.pairs[i], *name = strsep(&value, "=");
		struct ast_variable *variable;

		if (!value || ast_strlen_zero(name) || !(variable = ast_variable_new(name, value, ""))) {
			continue;
		}
		variable->next = head;
		head = variable;
	}
	ast_free(copy);
	return head;
}

static struct ast_variable *reversed(struct ast_variable *head)
{
	struct ast_variable *result = NULL;

	while (head) {
		struct ast_variable *next = head->next;

		head->next = result;
		result = head;
		head = next;
	}
	return result;
}

struct ast_variable *astman_get_variables_order(const struct message *m, enum variable_orders order)
{
	struct ast_variable *found = NULL;
	unsigned int i;

	for (i = 0; m && i < m->hdrcount; i++) {
		const char *value = value_of(m->headers[i], "Variable");

		if (value) {
			found = with_variables(found, value);
		}
	}
	return order == ORDER_REVERSE ? found : reversed(found);
}

struct ast_variable *astman_get_variables(const struct message *m)
{
	return astman_get_variables_order(m, ORDER_REVERSE);
}

/* ---- answers ---- */

static void put(struct mansession *s, const char *text)
{
	__typeof__(asterism_table.asterism_manager_append) append = asterism_table.asterism_manager_append;

	if (append && s && text) {
		append(s->request, text);
	}
}

void astman_append(struct mansession *s, const char *fmt, ...)
{
	struct asterism_place place = { "astman_append", 0, "astman_append" };
	char room[1024], *allocated, *text;
	va_list ap;

	va_start(ap, fmt);
	text = asterism_format(room, sizeof(room), &allocated, &place, fmt, ap);
	va_end(ap);
	put(s, text);
	free(allocated);
}

/* A copy in which no line end forges another header. */
static char *one_line(const char *text)
{
	char *copy = ast_strdup(text), *end = copy;

	for (; copy && *(end += strcspn(end, "\r\n")); end++) {
		*end = ' ';
	}
	return copy;
}

static void put_header(struct mansession *s, const char *name, const char *value)
{
	char *text = one_line(value);

	astman_append(s, "%s: %s\r\n", name, S_OR(text, ""));
	ast_free(text);
}

static void begin(struct mansession *s, const struct message *m, const char *kind, const char *value)
{
	const char *id = astman_get_header(m, (char *) "ActionID");

	put_header(s, kind, value);
	if (!ast_strlen_zero(id)) {
		put_header(s, "ActionID", id);
	}
}

static void respond(struct mansession *s, const struct message *m, const char *response, const char *message,
	const char *list)
{
	begin(s, m, "Response", response);
	if (list) {
		put_header(s, "EventList", list);
	}
	if (message) {
		put_header(s, "Message", message);
	}
	put(s, "\r\n");
}

void astman_send_response(struct mansession *s, const struct message *m, char *resp, char *msg)
{
	respond(s, m, S_OR(resp, ""), msg, NULL);
}

void astman_send_ack(struct mansession *s, const struct message *m, char *msg)
{
	respond(s, m, "Success", msg, NULL);
}

void astman_send_error(struct mansession *s, const struct message *m, char *error)
{
	respond(s, m, "Error", error, NULL);
}

void astman_send_error_va(struct mansession *s, const struct message *m, const char *fmt, ...)
{
	struct asterism_place place = { "astman_send_error_va", 0, "astman_send_error_va" };
	char room[1024], *allocated, *text;
	va_list ap;

	va_start(ap, fmt);
	text = asterism_format(room, sizeof(room), &allocated, &place, fmt, ap);
	va_end(ap);
	respond(s, m, "Error", text, NULL);
	free(allocated);
}

void astman_send_listack(struct mansession *s, const struct message *m, char *msg, char *listflag)
{
	respond(s, m, "Success", msg, listflag);
}

void astman_send_list_complete_start(struct mansession *s, const struct message *m, const char *event_name, int count)
{
	begin(s, m, "Event", S_OR(event_name, ""));
	put_header(s, "EventList", "Complete");
	astman_append(s, "ListItems: %d\r\n", count);
}

void astman_send_list_complete_end(struct mansession *s)
{
	put(s, "\r\n");
}

/* ---- events ---- */

int __ast_manager_event_multichan(int category, const char *event, int chancount, struct ast_channel **chans,
	const char *file, int line, const char *func, const char *contents, ...)
{
	__typeof__(asterism_table.asterism_manager_publish) publish = asterism_table.asterism_manager_publish;
	struct asterism_place place = { file, line, func };
	char room[1024], *allocated, *text;
	va_list ap;
	int result = -1;

	if (!publish || !event || !__atomic_load_n(&listeners, __ATOMIC_RELAXED)) {
		return 0;
	}
	va_start(ap, contents);
	text = asterism_format(room, sizeof(room), &allocated, &place, contents, ap);
	va_end(ap);
	if (text) {
		result = publish(category, event, text, chancount, chans, S_OR(file, ""), line, S_OR(func, ""));
	}
	free(allocated);
	return result;
}

static void append_value(struct ast_str **res, struct ast_json *value, const char *key)
{
	char *text;

	switch (ast_json_typeof(value)) {
	case AST_JSON_STRING:
		text = one_line(ast_json_string_get(value));
		ast_str_append(res, 0, "%s: %s\r\n", key, S_OR(text, ""));
		ast_free(text);
		break;
	case AST_JSON_INTEGER:
		ast_str_append(res, 0, "%s: %jd\r\n", key, ast_json_integer_get(value));
		break;
	case AST_JSON_REAL:
		ast_str_append(res, 0, "%s: %g\r\n", key, ast_json_real_get(value));
		break;
	case AST_JSON_TRUE:
		ast_str_append(res, 0, "%s: True\r\n", key);
		break;
	case AST_JSON_FALSE:
		ast_str_append(res, 0, "%s: False\r\n", key);
		break;
	default:
		ast_str_append(res, 0, "%s: \r\n", key);
		break;
	}
}

/* JSON nests no deeper than JSON_DEEPEST, and so does this. */
static void append_json(struct ast_str **res, struct ast_json *value, const char *key, key_exclusion_cb exclusion_cb)
{
	struct ast_json_iter *iter;
	size_t i;
	char *name, *own;

	if (key && exclusion_cb && exclusion_cb(key)) {
		return;
	}
	if (ast_json_is_object(value)) {
		for (iter = ast_json_object_iter(value); iter; iter = ast_json_object_iter_next(value, iter)) {
			own = one_line(ast_json_object_iter_key(iter));
			if (asprintf(&name, "%s%s%s", S_OR(key, ""), key ? "/" : "", S_OR(own, "")) < 0) {
				name = NULL;
			}
			ast_free(own);
			if (!name) {
				return;
			}
			append_json(res, ast_json_object_iter_value(iter), name, exclusion_cb);
			free(name);
		}
	} else if (key && ast_json_is_array(value)) {
		for (i = 0; i < ast_json_array_size(value); i++) {
			if (asprintf(&name, "%s(%zu)", key, i) < 0) {
				return;
			}
			append_json(res, ast_json_array_get(value, i), name, exclusion_cb);
			free(name);
		}
	} else if (key) {
		append_value(res, value, key);
	}
}

struct ast_str *ast_manager_str_from_json_object(struct ast_json *blob, key_exclusion_cb exclusion_cb)
{
	struct ast_str *res = ast_str_create(256);

	if (res) {
		append_json(&res, blob, NULL, exclusion_cb);
	}
	return res;
}

void ast_manager_publish_event(const char *type, int class_type, struct ast_json *obj)
{
	__typeof__(asterism_table.asterism_manager_publish) publish = asterism_table.asterism_manager_publish;
	struct ast_str *text;

	if (!publish || !type || !obj || !__atomic_load_n(&listeners, __ATOMIC_RELAXED)) {
		return;
	}
	text = ast_manager_str_from_json_object(obj, NULL);
	if (text) {
		publish(class_type, type, ast_str_buffer(text), 0, NULL, "", 0, "");
	}
	ast_free(text);
}

int ast_str_append_event_header(struct ast_str **fields_string, const char *header, const char *value)
{
	char *text;
	int result;

	if (!*fields_string && !(*fields_string = ast_str_create(128))) {
		return -1;
	}
	text = one_line(value);
	result = ast_str_append(fields_string, 0, "%s: %s\r\n", header, S_OR(text, "")) < 0 ? -1 : 0;
	ast_free(text);
	return result;
}
