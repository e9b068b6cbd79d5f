/*
 * Calls the C core, linked in, with a table that C fills: one request on each line of standard input (its name and a
 * text), one answer on each line of standard output.  Texts go both ways as hexadecimal digits.  Meant for the sanitizers.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"
#include "driver.h"

int logged;

static void log_text(int level, const char *file, int line, const char *function, const char *message)
{
	(void) level;
	(void) file;
	(void) line;
	(void) function;
	__atomic_add_fetch(&logged, message[0] != '\0', __ATOMIC_RELAXED);
}

char *unhex(const char *hex)
{
	size_t length = strlen(hex) / 2, i;
	char *text = ast_malloc(length + 1);

	for (i = 0; i < length; i++) {
		unsigned int byte;

		sscanf(hex + 2 * i, "%2x", &byte);
		text[i] = (char) byte;
	}
	text[length] = '\0';
	return text;
}

void hex(const char *text)
{
	putchar('.');
	while (text && *text) {
		printf("%02x", (unsigned char) *text++);
	}
	putchar(' ');
}

void hex_free(char *text)
{
	hex(text);
	ast_free(text);
}

static void split(char *text, int remove_chars)
{
	char *array[64];
	unsigned int i, count = __ast_app_separate_args(text, ',', remove_chars, array, 64);

	for (i = 0; i < count; i++) {
		hex(array[i]);
	}
}

static void arguments(char *text)
{
	split(text, 1);
}

static void raw_arguments(char *text)
{
	split(text, 0);
}

static void few(char *text)
{
	char *array[3];
	unsigned int i, count = __ast_app_separate_args(text, ',', 1, array, 3);

	for (i = 0; i < count; i++) {
		hex(array[i]);
	}
}

static void options(char *text)
{
	static const struct ast_app_option known[128] = {
		AST_APP_OPTION('a', 1),
		AST_APP_OPTION_ARG('b', 2, 0),
		AST_APP_OPTION_ARG('c', 4, 1),
	};
	struct ast_flags64 flags;
	char *args[2] = { NULL, NULL };
	int result = ast_app_parse_options64(known, &flags, args, text);

	printf("%d %u ", result, (unsigned int) flags.flags);
	hex(args[0]);
	hex(args[1]);
}

static void encoded(char *text)
{
	char room[16];

	hex(ast_get_encoded_str(text, room, sizeof(room)));
}

static void separate(char *text)
{
	char *rest = text, *part;

	while ((part = ast_strsep(&rest, ',', AST_STRSEP_ALL))) {
		hex(part);
	}
}

/* Appends the text until the string holds it five times, first as it grows, then within 20 bytes. */
static void grow(char *text)
{
	struct ast_str *free_one = ast_str_create(0), *bound_one = ast_str_create(1), *fixed = ast_str_alloca(4);
	int i;

	for (i = 0; i < 5; i++) {
		ast_str_append(&free_one, 0, "%s", text);
		ast_str_append(&bound_one, 20, "%s", text);
		ast_str_append_escapecommas(&fixed, 0, text, 100);
	}
	hex(ast_str_buffer(free_one));
	hex(ast_str_buffer(bound_one));
	hex(ast_str_buffer(fixed));
	ast_str_truncate(free_one, -2);
	ast_str_trim_blanks(free_one);
	ast_str_copy_string(&bound_one, free_one);
	printf("%zu %d", ast_str_strlen(bound_one), ast_str_strlen(bound_one) == strlen(ast_str_buffer(bound_one)));
	ast_free(free_one);
	ast_free(bound_one);
}

static void refuse(char *text)
{
	char *made = NULL;
	int result;

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
#pragma GCC diagnostic ignored "-Wformat-security"
	result = ast_asprintf(&made, text);
#pragma GCC diagnostic pop
	printf("%d %d", result, made != NULL);
	ast_free(made);
}

static void change(char *text)
{
	char room[8];

	ast_escape(room, text, sizeof(room), ",\\");
	hex(room);
	ast_unescape_c(room);
	hex(room);
	ast_copy_string(room, text, sizeof(room));
	hex(ast_strip(room));
	hex(ast_strip_quoted(ast_unescape_semicolon(text), "'\"", "'\""));
}

static void *count_up(void *data)
{
	struct ast_module *mod = data;
	int i;

	for (i = 0; i < 10000; i++) {
		ast_module_unref(ast_module_ref(mod));
	}
	return NULL;
}

static void threads(char *text)
{
	struct ast_module *mod = asterism_module_new(text);
	pthread_t many[4];
	size_t i;

	for (i = 0; i < ARRAY_LEN(many); i++) {
		ast_pthread_create(&many[i], NULL, count_up, mod);
	}
	asterism_crash_install();	/* As in a program whose threads run already. */
	for (i = 0; i < ARRAY_LEN(many); i++) {
		pthread_join(many[i], NULL);
	}
	logged = 0;
	ast_module_unref(mod);
	printf("%d %d", asterism_module_uses(mod), logged);
	asterism_module_drop(mod);
}

static void locks(char *text)
{
	static AST_LIST_HEAD_NOLOCK_STATIC(list, ast_var_t);
	struct asterism_record *record = asterism_record_new();
	struct ast_channel *chan = asterism_channel_new(record);
	struct ast_var_t *var;
	AST_MUTEX_DEFINE_STATIC(mutex);
	int wrong;

	ast_mutex_lock(&mutex);
	ast_mutex_lock(&mutex);
	ast_mutex_unlock(&mutex);
	ast_mutex_unlock(&mutex);
	logged = 0;
	wrong = ast_mutex_unlock(&mutex) != 0;
	ast_channel_lock(chan);
	ast_channel_unlock(chan);
	AST_LIST_INSERT_TAIL(&list, ast_var_assign("_a", text), entries);
	AST_LIST_INSERT_HEAD(&list, ast_var_assign("__b", text), entries);
	AST_LIST_INSERT_TAIL(&list, ast_var_assign("c", text), entries);
	AST_LIST_TRAVERSE_SAFE_BEGIN(&list, var, entries) {
		if (!strcmp(ast_var_name(var), "a")) {
			AST_LIST_REMOVE_CURRENT(entries);
			ast_var_delete(var);
		}
	}
	AST_LIST_TRAVERSE_SAFE_END;
	printf("%d %d ", wrong, logged);
	while ((var = AST_LIST_REMOVE_HEAD(&list, entries))) {
		printf("%s%s", ast_var_name(var), ast_var_value(var));
		ast_var_delete(var);
	}
	asterism_channel_drop(chan);
	asterism_record_drop(record);
}

static void numbers(char *text)
{
	long number = 7;
	unsigned int positive = 7;
	int result = ast_str_to_long(text, &number);

	printf("%d %ld ", result, number);
	result = ast_str_to_uint(text, &positive);
	printf("%d %u", result, positive);
}

/* Reads a list from the text, puts it through a category, and gives it back joined; then reads it as values. */
static void variables(char *text)
{
	static const enum ast_parse_flags kinds[] = { PARSE_INT32, PARSE_UINT32, PARSE_DOUBLE };
	struct ast_variable *list = ast_variable_list_from_string(text, ",", "="), *copy = ast_variables_dup(list);
	struct ast_config *cfg = ast_config_new(), *other;
	struct ast_category *cat = ast_category_new("x", "", 1), *heir = ast_category_new(text, "", 2);
	struct ast_str *joined;
	double room;
	size_t i;

	ast_category_append(cfg, cat);
	ast_category_append(cfg, heir);
	ast_variable_append(cat, ast_variable_list_sort(ast_variables_reverse(copy)));
	ast_category_inherit(heir, cat);
	ast_variable_insert(cat, ast_variable_new(text, text, ""), "1");
	ast_variable_update(cat, "a", text, NULL, 0);
	ast_variable_delete(cat, text, text, NULL);
	ast_variable_delete(heir, NULL, NULL, "0");
	ast_category_exist(cfg, NULL, text);
	other = ast_config_copy(cfg);
	ast_variable_retrieve(other, text, "a");
	ast_config_destroy(other);
	ast_category_delete(cfg, cat);
	ast_config_destroy(cfg);
	joined = ast_variable_list_join(list, ",", "=", NULL, NULL);
	hex(ast_str_buffer(joined));
	ast_free(joined);
	ast_variables_destroy(list);
	for (i = 0; i < ARRAY_LEN(kinds); i++) {
		ast_parse_arg(text, kinds[i], &room);
	}
	ast_parse_arg(text, PARSE_TIMELEN | PARSE_DEFAULT, &room, TIMELEN_HOURS, 1);
}

int main(void)
{
	static const struct {
		const char *name;
		void (*run)(char *text);
	} requests[] = {
		{ "arguments", arguments },
		{ "raw-arguments", raw_arguments },
		{ "options", options },
		{ "encode", encoded },
		{ "separate", separate },
		{ "grow-string", grow },
		{ "refuse-format", refuse },
		{ "change-text", change },
		{ "module-threads", threads },
		{ "locks", locks },
		{ "numbers", numbers },
		{ "few-arguments", few },
		{ "variables", variables },
		{ "container", container_try },
		{ "container-threads", container_hammer },
		{ "objects", object_try },
		{ "manager", manager_try },
		{ "channel-variables", channel_variables },
		{ "channel-fields", channel_fields },
		{ "channel-mistakes", channel_mistakes },
		{ "channel-hangups", channel_hangups },
		{ "channel-threads", channel_hammer },
		{ "channel-hooks", channel_hooks },
		{ "snapshot-threads", snapshot_hammer },
		{ "snapshot-mistakes", snapshot_mistakes },
		{ "json", json_try },
		{ "json-object", json_object },
		{ "json-array", json_array },
		{ "json-pack", json_pack },
		{ "json-deep", json_deep },
		{ "json-threads", json_hammer },
		{ "stasis", stasis_try },
		{ "stasis-threads", stasis_hammer },
		{ "vector", vector_try },
		{ "split-text", vector_text },
		{ "task-threads", tasks_hammer },
		{ "task-names", tasks_come_and_go },
		{ "task-listener", tasks_listen },
		{ "task-mistakes", tasks_mistakes },
		{ "list", list_try },
		{ "double-list", dllist_try },
		{ "string-fields", fields_try },
		{ "field-mistakes", fields_mistakes },
		{ "localtime", localtime_try },
		{ "uuid", uuid_try },
		{ "text-functions", small_try },
		{ "parse", parse_try },
		{ "md5", md5_try },
		{ "term", term_try },
		{ "uri", uri_try },
		{ "heap", heap_try },
		{ "hashtab", hashtab_try },
		{ "io", io_try },
		{ "acl", acl_try },
		{ "tos", tos_try },
		{ "cdr", cdr_try },
		{ "moments", time_try },
		{ "time-units", time_units },
		{ "schedule", sched_try },
		{ "schedule-threads", sched_hammer },
	};
	char line[65536];

	asterism_table.asterism_log_text = log_text;
	while (fgets(line, sizeof(line), stdin)) {
		char *name = line, *digits, *text;
		size_t i = 0;

		line[strcspn(line, "\n")] = '\0';
		digits = strchr(line, ' ');
		*digits++ = '\0';
		while (i < ARRAY_LEN(requests) && strcmp(requests[i].name, name)) {
			i++;
		}
		if (i == ARRAY_LEN(requests)) {
			fprintf(stderr, "there is no request '%s'\n", name);
			return 1;
		}
		text = unhex(digits);
		requests[i].run(text);
		ast_free(text);
		putchar('\n');
		fflush(stdout);
	}
	return 0;
}
