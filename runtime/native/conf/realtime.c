/*
 * Configuration out of databases, through the engines of modules (asterisk/config.h).
 *
 * An engine is called under a read lock, so that it is not taken back while it runs.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"

#include "asterisk/astobj2.h"

/* A line of extconfig.conf. */
struct mapping {
	const char *engine;	/* This and the next two stand behind the family. */
	const char *database;
	const char *table;
	int priority;
	int is_of_file;
	char family[];
};

static struct ao2_container *mappings;
static struct ast_config_engine *engines;
AST_RWLOCK_DEFINE_STATIC(engines_lock);

static void __attribute__((constructor)) make_container(void)
{
	mappings = ao2_container_alloc_list(AO2_ALLOC_OPT_LOCK_MUTEX, 0, NULL, NULL);
}

/* ---- engines ---- */

int ast_config_engine_register(struct ast_config_engine *newconfig)
{
	struct ast_config_engine **end;

	if (!newconfig || !newconfig->name) {
		return 0;
	}
	ast_rwlock_wrlock(&engines_lock);
	for (end = &engines; *end && *end != newconfig; end = &(*end)->next) {
		continue;
	}
	if (!*end) {
		newconfig->next = NULL;
		*end = newconfig;
	}
	ast_rwlock_unlock(&engines_lock);
	return 1;
}

int ast_config_engine_deregister(struct ast_config_engine *del)
{
	struct ast_config_engine **place;

	ast_rwlock_wrlock(&engines_lock);
	for (place = &engines; *place && *place != del; place = &(*place)->next) {
		continue;
	}
	if (*place) {
		*place = del->next;
	}
	ast_rwlock_unlock(&engines_lock);
	return 0;
}

int ast_realtime_enabled(void)
{
	return __atomic_load_n(&engines, __ATOMIC_ACQUIRE) != NULL;
}

static struct ast_config_engine *engine_named(const char *name)
{
	struct ast_config_engine *engine;

	for (engine = engines; engine && strcasecmp(engine->name, name); engine = engine->next) {
		continue;
	}
	return engine;
}

/* ---- mappings ---- */

static int add_mapping(const char *family, const char *engine, const char *database, const char *table, int priority,
	int is_of_file)
{
	struct mapping *mapping;
	int linked;

	mapping = ao2_alloc_options(sizeof(*mapping) + strlen(family) + strlen(engine) + strlen(database) + strlen(table) + 4,
		NULL, AO2_ALLOC_OPT_LOCK_NOLOCK);
	if (!mapping) {
		return -1;
	}
	mapping->engine = stpcpy(mapping->family, family) + 1;
	mapping->database = stpcpy((char *) mapping->engine, engine) + 1;
	mapping->table = stpcpy((char *) mapping->database, database) + 1;
	strcpy((char *) mapping->table, table);
	mapping->priority = priority;
	mapping->is_of_file = is_of_file;
	linked = ao2_link(mappings, mapping);
	ao2_ref(mapping, -1);
	return linked ? 0 : -1;
}

int ast_realtime_append_mapping(const char *name, const char *driver, const char *database, const char *table,
	int priority)
{
	return name && driver && database ? add_mapping(name, driver, database, S_OR(table, name), priority, 0) : -1;
}

/* Takes one line, ENGINE,DATABASE[,TABLE[,PRIORITY]]. */
static void take_line(const struct ast_variable *line)
{
	char *rest = ast_strdupa(line->value);
	const char *engine = ast_strsep(&rest, ',', AST_STRSEP_ALL), *database = ast_strsep(&rest, ',', AST_STRSEP_ALL);
	const char *table = ast_strsep(&rest, ',', AST_STRSEP_ALL), *priority = ast_strsep(&rest, ',', AST_STRSEP_ALL);
	int number = 1;

	if (!strcasecmp(line->name, "extconfig.conf") || ast_strlen_zero(engine) || ast_strlen_zero(database)
		|| (!ast_strlen_zero(priority) && (ast_str_to_int(priority, &number) || number < 1))) {
		ast_log(LOG_WARNING, "%s:%d: '%s => %s' is not FAMILY => ENGINE,DATABASE[,TABLE[,PRIORITY]]\n", line->file,
			line->lineno, line->name, line->value);
		return;
	}
	add_mapping(line->name, engine, database, S_OR(table, line->name), number, 1);
}

static int is_of_file(void *obj, void *arg, int flags)
{
	(void) arg, (void) flags;
	return ((struct mapping *) obj)->is_of_file ? CMP_MATCH : 0;
}

/* Reads extconfig.conf when it has changed. */
static void refresh(void)
{
	struct ast_flags flags = { CONFIG_FLAG_FILEUNCHANGED | CONFIG_FLAG_NOREALTIME };
	struct ast_config *cfg = ast_config_load2("extconfig.conf", "extconfig", flags);
	const struct ast_variable *line;

	if (cfg == CONFIG_STATUS_FILEUNCHANGED || cfg == CONFIG_STATUS_FILEINVALID) {
		return;
	}
	ao2_lock(mappings);
	ao2_callback(mappings, OBJ_UNLINK | OBJ_NODATA | OBJ_MULTIPLE | OBJ_NOLOCK, is_of_file, NULL);
	for (line = ast_variable_browse(cfg, "settings"); line; line = line->next) {
		take_line(line);
	}
	ao2_unlock(mappings);
	ast_config_destroy(cfg);
}

struct wanted {
	const char *family;
	int priority;	/* 0: any. */
};

static int is_wanted(void *obj, void *arg, int flags)
{
	const struct mapping *mapping = obj;
	const struct wanted *wanted = arg;

	(void) flags;
	return !strcasecmp(mapping->family, wanted->family) && (!wanted->priority || mapping->priority == wanted->priority)
		? CMP_MATCH | CMP_STOP : 0;
}

static struct mapping *find_mapping(const char *family, int priority)
{
	struct wanted wanted = { family, priority };

	return family ? ao2_callback(mappings, 0, is_wanted, &wanted) : NULL;
}

int ast_realtime_is_mapping_defined(const char *family)
{
	struct mapping *mapping;

	refresh();
	mapping = find_mapping(family, 0);
	ao2_cleanup(mapping);
	return mapping != NULL;
}

/* ---- asking the engines of a family ---- */

/* What an engine is asked, and what came of it. */
struct question {
	int (*ask)(const struct ast_config_engine *engine, const struct mapping *mapping, struct question *question);
	const struct ast_variable *fields;
	const struct ast_variable *changes;
	const char *keyfield;
	const char *lookup;
	va_list *arguments;
	struct ast_variable *record;
	struct ast_config *records;
	int result;
};

/* Asks one engine under the lock: 1 when that settles the question, 0 when the next is to be asked, -1 without one. */
static int ask_one(const char *family, int priority, struct question *question)
{
	struct mapping *mapping = find_mapping(family, priority);
	const struct ast_config_engine *engine;
	int settled = -1;

	if (!mapping) {
		return -1;
	}
	ast_rwlock_rdlock(&engines_lock);
	engine = engine_named(mapping->engine);
	if (engine) {
		settled = question->ask(engine, mapping, question);
	} else {
		ast_log(LOG_WARNING, "extconfig.conf: '%s' needs the engine '%s', which no module has registered\n", family,
			mapping->engine);
	}
	ast_rwlock_unlock(&engines_lock);
	ao2_ref(mapping, -1);
	return settled;
}

static void ask(const char *family, struct question *question)
{
	int priority, settled = 0;

	if (!ast_realtime_enabled() || ast_strlen_zero(family)) {
		return;
	}
	refresh();
	for (priority = 1; !settled; priority++) {
		settled = ask_one(family, priority, question);
	}
}

static int is_there(const struct ast_config_engine *engine, const struct mapping *mapping, struct question *question)
{
	(void) engine, (void) mapping;
	question->result = 1;
	return 1;
}

int ast_check_realtime(const char *family)
{
	struct question question = { .ask = is_there };

	ask(family, &question);
	return question.result;
}

static int ask_record(const struct ast_config_engine *engine, const struct mapping *mapping, struct question *question)
{
	if (engine->realtime_func) {
		question->record = engine->realtime_func(mapping->database, mapping->table, question->fields);
	}
	return question->record != NULL;
}

struct ast_variable *ast_load_realtime_all_fields(const char *family, const struct ast_variable *fields)
{
	struct question question = { .ask = ask_record, .fields = fields };

	ask(family, &question);
	return question.record == CONFIG_RT_NOT_FOUND ? NULL : question.record;
}

struct ast_variable *ast_load_realtime_fields(const char *family, const struct ast_variable *fields)
{
	struct ast_variable *record = ast_load_realtime_all_fields(family, fields), **place = &record;

	while (*place) {
		struct ast_variable *var = *place;

		if (ast_strlen_zero(var->value)) {
			*place = var->next;
			var->next = NULL;
			ast_variables_destroy(var);
			continue;
		}
		if (!strcmp(var->value, " ")) {
			*(char *) var->value = '\0';
		}
		place = &var->next;
	}
	return record;
}

static int ask_records(const struct ast_config_engine *engine, const struct mapping *mapping, struct question *question)
{
	if (engine->realtime_multi_func) {
		question->records = engine->realtime_multi_func(mapping->database, mapping->table, question->fields);
	}
	return question->records != NULL;
}

struct ast_config *ast_load_realtime_multientry_fields(const char *family, const struct ast_variable *fields)
{
	struct question question = { .ask = ask_records, .fields = fields };

	ask(family, &question);
	if (question.records && !ast_category_browse(question.records, NULL)) {
		ast_config_destroy(question.records);
		question.records = NULL;
	}
	return question.records;
}

static int ask_update(const struct ast_config_engine *engine, const struct mapping *mapping, struct question *question)
{
	if (engine->update_func) {
		question->result = engine->update_func(mapping->database, mapping->table, question->keyfield, question->lookup,
			question->fields);
	}
	return question->result >= 0;
}

int ast_update_realtime_fields(const char *family, const char *keyfield, const char *lookup,
	const struct ast_variable *fields)
{
	struct question question = { .ask = ask_update, .keyfield = keyfield, .lookup = lookup, .fields = fields, .result = -1 };

	ask(family, &question);
	return question.result;
}

static int ask_update2(const struct ast_config_engine *engine, const struct mapping *mapping, struct question *question)
{
	if (engine->update2_func) {
		question->result = engine->update2_func(mapping->database, mapping->table, question->fields, question->changes);
	}
	return !question->result;
}

int ast_update2_realtime_fields(const char *family, const struct ast_variable *lookup_fields,
	const struct ast_variable *update_fields)
{
	struct question question = { .ask = ask_update2, .fields = lookup_fields, .changes = update_fields, .result = -1 };

	ask(family, &question);
	return question.result;
}

static int ask_store(const struct ast_config_engine *engine, const struct mapping *mapping, struct question *question)
{
	if (engine->store_func) {
		question->result = engine->store_func(mapping->database, mapping->table, question->fields);
	}
	return question->result >= 0;
}

int ast_store_realtime_fields(const char *family, const struct ast_variable *fields)
{
	struct question question = { .ask = ask_store, .fields = fields, .result = -1 };

	ask(family, &question);
	return question.result;
}

static int ask_destroy(const struct ast_config_engine *engine, const struct mapping *mapping, struct question *question)
{
	if (engine->destroy_func) {
		question->result = engine->destroy_func(mapping->database, mapping->table, question->keyfield, question->lookup,
			question->fields);
	}
	return question->result >= 0;
}

int ast_destroy_realtime_fields(const char *family, const char *keyfield, const char *lookup,
	const struct ast_variable *fields)
{
	struct question question = { .ask = ask_destroy, .keyfield = keyfield, .lookup = lookup, .fields = fields, .result = -1 };

	ask(family, &question);
	return question.result;
}

static int ask_require(const struct ast_config_engine *engine, const struct mapping *mapping, struct question *question)
{
	va_list copy;

	if (engine->require_func) {
		va_copy(copy, *question->arguments);
		question->result = engine->require_func(mapping->database, mapping->table, copy);
		va_end(copy);
	}
	return !question->result;
}

int ast_realtime_require_field(const char *family, ...)
{
	struct question question = { .ask = ask_require, .result = -1 };
	va_list ap;

	va_start(ap, family);
	question.arguments = &ap;
	ask(family, &question);
	va_end(ap);
	return question.result;
}

/* Asks all engines of the family. */
static int ask_unload(const struct ast_config_engine *engine, const struct mapping *mapping, struct question *question)
{
	if (engine->unload_func) {
		question->result = engine->unload_func(mapping->database, mapping->table);
	}
	return 0;
}

int ast_unload_realtime(const char *family)
{
	struct question question = { .ask = ask_unload, .result = -1 };

	ask(family, &question);
	return question.result;
}

/* ---- the forms with arguments ---- */

/* One group of arguments as a list in their order; NULL when there is none or out of memory. */
static struct ast_variable *list_of(va_list ap)
{
	struct ast_variable *list = NULL, *last = NULL;
	const char *name;

	while ((name = va_arg(ap, const char *))) {
		const char *value = va_arg(ap, const char *);

		last = ast_variable_list_append_hint(&list, last, ast_variable_new(name, S_OR(value, ""), ""));
	}
	return list;
}

/* Evaluates a call with the arguments behind `after` as the list `fields`; its value is `result`. */
#define WITH_FIELDS(result, after, call) do { \
	struct ast_variable *fields; \
	va_list ap; \
	va_start(ap, after); \
	fields = list_of(ap); \
	va_end(ap); \
	result = (call); \
	ast_variables_destroy(fields); \
} while (0)

struct ast_variable *ast_load_realtime(const char *family, ...)
{
	struct ast_variable *record;

	WITH_FIELDS(record, family, fields ? ast_load_realtime_fields(family, fields) : NULL);
	return record;
}

struct ast_variable *ast_load_realtime_all(const char *family, ...)
{
	struct ast_variable *record;

	WITH_FIELDS(record, family, fields ? ast_load_realtime_all_fields(family, fields) : NULL);
	return record;
}

struct ast_config *ast_load_realtime_multientry(const char *family, ...)
{
	struct ast_config *records;

	WITH_FIELDS(records, family, fields ? ast_load_realtime_multientry_fields(family, fields) : NULL);
	return records;
}

int ast_update_realtime(const char *family, const char *keyfield, const char *lookup, ...)
{
	int result;

	WITH_FIELDS(result, lookup, fields ? ast_update_realtime_fields(family, keyfield, lookup, fields) : -1);
	return result;
}

int ast_store_realtime(const char *family, ...)
{
	int result;

	WITH_FIELDS(result, family, fields ? ast_store_realtime_fields(family, fields) : -1);
	return result;
}

int ast_destroy_realtime(const char *family, const char *keyfield, const char *lookup, ...)
{
	int result;

	WITH_FIELDS(result, lookup, ast_destroy_realtime_fields(family, keyfield, lookup, fields));
	return result;
}

int ast_update2_realtime(const char *family, ...)
{
	struct ast_variable *fields = NULL, *changes = NULL, *last = NULL;
	const char *name;
	int result = -1;
	va_list ap;

	/* Both groups are read here: a va_list that was passed to a function is of no use afterwards. */
	va_start(ap, family);
	while ((name = va_arg(ap, const char *))) {
		last = ast_variable_list_append_hint(&fields, last, ast_variable_new(name, S_OR(va_arg(ap, const char *), ""), ""));
	}
	last = NULL;
	while (fields && (name = va_arg(ap, const char *))) {
		last = ast_variable_list_append_hint(&changes, last, ast_variable_new(name, S_OR(va_arg(ap, const char *), ""), ""));
	}
	va_end(ap);
	if (fields && changes) {
		result = ast_update2_realtime_fields(family, fields, changes);
	}
	ast_variables_destroy(fields);
	ast_variables_destroy(changes);
	return result;
}

/* ---- files ---- */

int asterism_realtime_file(const char *filename, const char *who_asked, unsigned int flags, struct ast_config *cfg,
	struct ast_config **result)
{
	const struct ast_config_engine *engine;
	struct mapping *mapping;

	if (flags & CONFIG_FLAG_NOREALTIME || !ast_realtime_enabled() || ast_strlen_zero(filename)) {
		return 0;
	}
	refresh();
	mapping = find_mapping(filename, 1);
	if (!mapping) {
		return 0;
	}
	ast_rwlock_rdlock(&engines_lock);
	engine = engine_named(mapping->engine);
	if (engine && engine->load_func) {
		*result = engine->load_func(mapping->database, mapping->table, filename, cfg, (struct ast_flags) { flags }, "",
			who_asked);
	}
	ast_rwlock_unlock(&engines_lock);
	ao2_ref(mapping, -1);
	return engine && engine->load_func;
}

/* ---- values in columns ---- */

char *ast_realtime_encode_chunk(struct ast_str **dest, ssize_t maxlen, const char *chunk)
{
	ast_str_reset(*dest);
	for (; *chunk; chunk++) {
		ast_str_append(dest, maxlen, strchr(";^", *chunk) ? "^%02hhX" : "%c", *chunk);
	}
	return ast_str_buffer(*dest);
}

char *ast_realtime_decode_chunk(char *chunk)
{
	char *from = chunk, *to = chunk;

	while (*from) {
		unsigned int code;

		if (*from == '^' && isxdigit((unsigned char) from[1]) && isxdigit((unsigned char) from[2])
			&& sscanf(from + 1, "%2x", &code) == 1) {
			*to++ = (char) code;
			from += 3;
		} else {
			*to++ = *from++;
		}
	}
	*to = '\0';
	return chunk;
}
