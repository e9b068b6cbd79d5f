/*
 * The driver's request about the manager (asterisk/manager.h): the text is a message, a header on each line.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"
#include "driver.h"

#include "asterisk/json.h"

static struct ast_str *said;
static int heard;

static void append(long request, const char *text)
{
	(void) request;
	ast_str_append(&said, 0, "%s", text);
}

static int publish(int category, const char *event, const char *text, int chancount, struct ast_channel **chans,
	const char *file, int line, const char *func)
{
	(void) category;
	(void) chancount;
	(void) chans;
	(void) file;
	(void) line;
	(void) func;
	heard++;
	ast_str_append(&said, 0, "%s|%s|", event, text);
	return 0;
}

static int not_a(const char *key)
{
	return !strcmp(key, "a");
}

/* Answers "variables in order;variables in reverse|the answer of a list|events" in hexadecimal digits. */
void manager_try(char *text)
{
	struct mansession s = { 1 };
	struct message m = { 0 };
	struct ast_variable *lists[2], *each;
	struct ast_json *json;
	struct ast_str *fields = NULL;
	char *rest = text, *line;
	int i;

	said = ast_str_create(16);
	asterism_table.asterism_manager_append = append;
	asterism_table.asterism_manager_publish = publish;
	while (m.hdrcount < AST_MAX_MANHEADERS && (line = strsep(&rest, "\n"))) {
		m.headers[m.hdrcount++] = line;
	}
	lists[0] = astman_get_variables_order(&m, ORDER_NATURAL);
	lists[1] = astman_get_variables(&m);
	for (i = 0; i < 2; i++) {
		for (each = lists[i]; each; each = each->next) {
			ast_str_append(&said, 0, "%s=%s,", each->name, each->value);
		}
		ast_str_append(&said, 0, ";");
		ast_variables_destroy(lists[i]);
	}
	astman_send_listack(&s, &m, (char *) astman_get_header(&m, (char *) "Name"), (char *) "start");
	astman_send_list_complete_start(&s, &m, "EntriesComplete", 0);
	astman_send_list_complete_end(&s);
	astman_send_error_va(&s, &m, "%s", astman_get_header(&m, (char *) "Name"));
	astman_append(NULL, "nobody %d", 1);

	manager_event(EVENT_FLAG_USER, "Unheard", "%s", text);
	asterism_manager_set_listening(1);
	manager_event(EVENT_FLAG_USER, "Heard", "%s", astman_get_header(&m, (char *) "Name"));
	json = ast_json_pack("{s: s, s: {s: i}, s: [b, n]}", "a", AST_JSON_UTF8_VALIDATE(text), "b", "c", 7, "d", 1);
	ast_manager_publish_event("Blob", EVENT_FLAG_USER, json);
	fields = ast_manager_str_from_json_object(json, not_a);
	ast_str_append(&said, 0, "%s", ast_str_buffer(fields));
	ast_str_append_event_header(&fields, "More", "x");
	ast_free(fields);
	ast_json_unref(json);
	asterism_manager_set_listening(0);
	hex(ast_str_buffer(said));
	ast_free(said);
}
