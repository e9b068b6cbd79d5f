/*
 * Configurations and their categories (asterisk/config.h).  Files are read in Python: runtime/api/config.py.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"

#include <regex.h>

/* The name of a category that another one inherits from. */
struct base {
	AST_LIST_ENTRY(base) list;
	char name[];
};

struct ast_category {
	char *name;
	char *file;
	int line;
	int is_template;
	AST_LIST_HEAD_NOLOCK(, base) bases;
	struct ast_variable *first;
	struct ast_variable *last;
	struct ast_category *prev;
	struct ast_category *next;
};

struct ast_config {
	struct ast_category *first;
	struct ast_category *last;
	struct ast_category *current;
};

/* The config itself; NULL for NULL and for what ast_config_load gives instead of one. */
static const struct ast_config *real(const struct ast_config *cfg)
{
	const struct ast_config *unchanged = CONFIG_STATUS_FILEUNCHANGED, *invalid = CONFIG_STATUS_FILEINVALID;

	return cfg == unchanged || cfg == invalid ? NULL : cfg;
}

static struct ast_category *first_of(const struct ast_config *cfg)
{
	cfg = real(cfg);
	return cfg ? cfg->first : NULL;
}

/* ---- configs ---- */

struct ast_config *ast_config_new(void)
{
	return ast_calloc(1, sizeof(struct ast_config));
}

void ast_config_destroy(struct ast_config *cfg)
{
	struct ast_category *cat = first_of(cfg);

	if (!real(cfg)) {
		return;
	}
	while (cat) {
		struct ast_category *next = cat->next;

		ast_category_destroy(cat);
		cat = next;
	}
	ast_free(cfg);
}

static struct ast_category *new_category(const char *name, const char *in_file, int lineno, int is_template)
{
	struct ast_category *cat = ast_calloc(1, sizeof(*cat));

	if (!cat) {
		return NULL;
	}
	cat->name = ast_strdup(S_OR(name, ""));
	cat->file = ast_strdup(S_OR(in_file, ""));
	cat->line = lineno;
	cat->is_template = is_template;
	if (!cat->name || !cat->file) {
		ast_category_destroy(cat);
		return NULL;
	}
	return cat;
}

/* Records the base of a category: 0, or -1 when out of memory. */
static int note_base(struct ast_category *cat, const char *name)
{
	struct base *base = ast_calloc(1, sizeof(*base) + strlen(name) + 1);

	if (!base) {
		return -1;
	}
	memcpy(base->name, name, strlen(name) + 1);
	AST_LIST_INSERT_TAIL(&cat->bases, base, list);
	return 0;
}

/* Copies the variables and bases of a category to a new one: 0, or -1 when out of memory. */
static int copied(struct ast_category *cat, const struct ast_category *from)
{
	struct ast_variable *copies = ast_variables_dup(from->first);
	int failed = from->first && !copies;
	const struct base *base;

	ast_variable_append(cat, copies);
	AST_LIST_TRAVERSE(&from->bases, base, list) {
		failed = failed || note_base(cat, base->name);
	}
	return failed ? -1 : 0;
}

struct ast_config *ast_config_copy(const struct ast_config *orig)
{
	struct ast_config *copy = real(orig) ? ast_config_new() : NULL;
	const struct ast_category *from;

	for (from = copy ? orig->first : NULL; from; from = from->next) {
		struct ast_category *cat = new_category(from->name, from->file, from->line, from->is_template);

		ast_category_append(copy, cat);
		if (!cat || copied(cat, from)) {
			ast_config_destroy(copy);
			return NULL;
		}
	}
	return copy;
}

struct ast_category *ast_config_get_current_category(const struct ast_config *cfg)
{
	return real(cfg) ? cfg->current : NULL;
}

void ast_config_set_current_category(struct ast_config *cfg, const struct ast_category *cat)
{
	if (real(cfg)) {
		cfg->current = (struct ast_category *) cat;
	}
}

/* Merges two sorted lists, linked forwards only; of equal entries, those of the first list come first. */
static struct ast_category *merged(struct ast_category *one, struct ast_category *other, int sign,
	int (*comparator)(struct ast_category *p, struct ast_category *q))
{
	struct ast_category *head = NULL, **end = &head;

	while (one && other) {
		struct ast_category **from = sign * comparator(one, other) <= 0 ? &one : &other;

		*end = *from;
		*from = (*from)->next;
		end = &(*end)->next;
	}
	*end = one ? one : other;
	return head;
}

static struct ast_category *sorted(struct ast_category *head, int sign,
	int (*comparator)(struct ast_category *p, struct ast_category *q))
{
	struct ast_category *half, *slow = head, *fast;

	if (!head || !head->next) {
		return head;
	}
	for (fast = head->next; fast && fast->next; fast = fast->next->next) {
		slow = slow->next;
	}
	half = slow->next;
	slow->next = NULL;
	return merged(sorted(head, sign, comparator), sorted(half, sign, comparator), sign, comparator);
}

void ast_config_sort_categories(struct ast_config *config, int descending,
	int (*comparator)(struct ast_category *p, struct ast_category *q))
{
	struct ast_category *cat, *before = NULL;

	if (!real(config) || !comparator) {
		return;
	}
	config->first = sorted(config->first, descending ? -1 : 1, comparator);
	for (cat = config->first; cat; before = cat, cat = cat->next) {
		cat->prev = before;
	}
	config->last = before;
}

/* ---- which categories are meant ---- */

/* Whether a variable of a category matches two expressions; false for an invalid expression, which is logged. */
static int has_variable(const struct ast_category *cat, const char *name, const char *value)
{
	const char *texts[] = { name, value };
	const struct ast_variable *var;
	regex_t patterns[2];
	int found = 0, i, failed;
	char reason[128];

	for (i = 0; i < 2; i++) {
		if ((failed = regcomp(&patterns[i], texts[i], REG_EXTENDED | REG_NOSUB))) {
			regerror(failed, &patterns[i], reason, sizeof(reason));
			ast_log(LOG_ERROR, "the filter '%s' is not a regular expression: %s\n", texts[i], reason);
			if (i) {
				regfree(&patterns[0]);
			}
			return 0;
		}
	}
	for (var = cat->first; var && !found; var = var->next) {
		found = !regexec(&patterns[0], var->name, 0, NULL, 0) && !regexec(&patterns[1], var->value, 0, NULL, 0);
	}
	regfree(&patterns[0]);
	regfree(&patterns[1]);
	return found;
}

/* Whether one NAME=VALUE of a filter holds; TEMPLATES= may say that templates are wanted as well. */
static int holds(const struct ast_category *cat, char *pair, int *templates)
{
	const char *name = ast_strsep(&pair, '=', AST_STRSEP_STRIP), *value = ast_strsep(&pair, '=', AST_STRSEP_STRIP);

	if (!name || !value) {
		return 0;
	}
	if (strcmp(name, "TEMPLATES")) {
		return has_variable(cat, name, value);
	}
	*templates |= !strcasecmp(value, "include") || !strcasecmp(value, "restrict");
	return !strcasecmp(value, "include") || (!strcasecmp(value, "restrict") && cat->is_template);
}

static int passes(const struct ast_category *cat, const char *name, const char *filter)
{
	int templates = 0, good = 1;
	char *copy, *rest, *pair;

	if (!ast_strlen_zero(name) && strcasecmp(cat->name, name)) {
		return 0;
	}
	if (ast_strlen_zero(filter)) {
		return !cat->is_template;
	}
	copy = rest = ast_strdup(filter);
	while (good && (pair = ast_strsep(&rest, ',', AST_STRSEP_STRIP))) {
		good = holds(cat, pair, &templates);
	}
	ast_free(copy);
	return copy && good && (templates || !cat->is_template);
}

static struct ast_category *next_passing(struct ast_category *cat, const char *name, const char *filter)
{
	while (cat && !passes(cat, name, filter)) {
		cat = cat->next;
	}
	return cat;
}

/* The category whose name is at this very address, or else the first of that name. */
static struct ast_category *of_name(const struct ast_config *config, const char *name)
{
	struct ast_category *cat;

	for (cat = first_of(config); cat; cat = cat->next) {
		if (cat->name == name) {
			return cat;
		}
	}
	for (cat = first_of(config); cat && strcasecmp(cat->name, name); cat = cat->next) {
		continue;
	}
	return cat;
}

char *ast_category_browse(struct ast_config *config, const char *prev_name)
{
	struct ast_category *cat = prev_name ? of_name(config, prev_name) : NULL;

	cat = next_passing(prev_name ? (cat ? cat->next : NULL) : first_of(config), NULL, NULL);
	return cat ? cat->name : NULL;
}

struct ast_category *ast_category_browse_filtered(struct ast_config *config, const char *category_name,
	struct ast_category *prev, const char *filter)
{
	return next_passing(prev ? prev->next : first_of(config), category_name, filter);
}

struct ast_category *ast_category_get(const struct ast_config *config, const char *category_name, const char *filter)
{
	struct ast_category *cat;

	for (cat = first_of(config); cat && category_name; cat = cat->next) {
		if (cat->name == category_name && passes(cat, category_name, filter)) {
			return cat;
		}
	}
	return next_passing(first_of(config), category_name, filter);
}

int ast_category_exist(const struct ast_config *config, const char *category_name, const char *filter)
{
	return ast_category_get(config, category_name, filter) != NULL;
}

/* ---- categories ---- */

struct ast_category *ast_category_new(const char *name, const char *in_file, int lineno)
{
	return new_category(name, in_file, lineno, 0);
}

struct ast_category *ast_category_new_template(const char *name, const char *in_file, int lineno)
{
	return new_category(name, in_file, lineno, 1);
}

void ast_category_destroy(struct ast_category *cat)
{
	struct base *base;

	if (!cat) {
		return;
	}
	while ((base = AST_LIST_REMOVE_HEAD(&cat->bases, list))) {
		ast_free(base);
	}
	ast_variables_destroy(cat->first);
	ast_free(cat->name);
	ast_free(cat->file);
	ast_free(cat);
}

void ast_category_append(struct ast_config *config, struct ast_category *category)
{
	if (!real(config) || !category) {
		return;
	}
	category->prev = config->last;
	category->next = NULL;
	*(config->last ? &config->last->next : &config->first) = category;
	config->last = config->current = category;
}

int ast_category_insert(struct ast_config *config, struct ast_category *cat, const char *match)
{
	struct ast_category *at = match ? of_name(config, match) : NULL;

	if (!at || !cat) {
		return -1;
	}
	cat->next = at;
	cat->prev = at->prev;
	*(at->prev ? &at->prev->next : &config->first) = cat;
	at->prev = cat;
	return 0;
}

struct ast_category *ast_category_delete(struct ast_config *cfg, struct ast_category *cat)
{
	struct ast_category *before;

	if (!real(cfg) || !cat) {
		return NULL;
	}
	before = cat->prev;
	*(before ? &before->next : &cfg->first) = cat->next;
	*(cat->next ? &cat->next->prev : &cfg->last) = before;
	if (cfg->current == cat) {
		cfg->current = before;
	}
	ast_category_destroy(cat);
	return before;
}

int ast_category_inherit(struct ast_category *existing, const struct ast_category *base)
{
	struct ast_variable *copies, *var;

	if (!existing || !base || note_base(existing, base->name)) {
		return -1;
	}
	copies = ast_variables_dup(base->first);
	if (base->first && !copies) {
		return -1;
	}
	for (var = copies; var; var = var->next) {
		var->inherited = 1;
	}
	ast_variable_append(existing, copies);
	return 0;
}

int ast_category_empty(struct ast_category *category)
{
	if (!category) {
		return -1;
	}
	ast_variables_destroy(ast_category_detach_variables(category));
	return 0;
}

void ast_category_rename(struct ast_category *cat, const char *name)
{
	char *copy = cat && name ? ast_strdup(name) : NULL;

	if (copy) {
		ast_free(cat->name);
		cat->name = copy;
	}
}

const char *ast_category_get_name(const struct ast_category *category)
{
	return category ? category->name : NULL;
}

int ast_category_is_template(const struct ast_category *category)
{
	return category && category->is_template;
}

struct ast_str *ast_category_get_templates(const struct ast_category *category)
{
	struct ast_str *names = category && !AST_LIST_EMPTY(&category->bases) ? ast_str_create(128) : NULL;
	const struct base *base;

	if (names) {
		AST_LIST_TRAVERSE(&category->bases, base, list) {
			ast_str_append(&names, 0, "%s%s", ast_str_strlen(names) ? "," : "", base->name);
		}
	}
	return names;
}

/* ---- variables of categories ---- */

struct ast_variable *ast_category_first(struct ast_category *cat)
{
	return cat ? cat->first : NULL;
}

struct ast_variable *ast_category_root(struct ast_config *config, char *cat)
{
	return ast_category_first(ast_category_get(config, cat, NULL));
}

struct ast_variable *ast_category_detach_variables(struct ast_category *cat)
{
	struct ast_variable *list = ast_category_first(cat);

	if (cat) {
		cat->first = cat->last = NULL;
	}
	return list;
}

struct ast_variable *ast_variable_browse(const struct ast_config *config, const char *category_name)
{
	return ast_category_first(ast_category_get(config, category_name, NULL));
}

const char *ast_variable_retrieve(struct ast_config *config, const char *category, const char *variable)
{
	const struct ast_category *cat;
	const char *value = NULL;

	if (category) {
		return ast_variable_find_last_in_list(ast_variable_browse(config, category), variable);
	}
	for (cat = first_of(config); cat; cat = cat->next) {
		const char *own = ast_variable_find_last_in_list(cat->first, variable);

		value = own ? own : value;
	}
	return value;
}

const char *ast_variable_retrieve_filtered(struct ast_config *config, const char *category, const char *variable,
	const char *filter)
{
	struct ast_category *cat = NULL;
	const char *value = NULL;

	while (!value && (cat = ast_category_browse_filtered(config, category, cat, filter))) {
		value = ast_variable_find(cat, variable);
	}
	return value;
}

const char *ast_variable_find(const struct ast_category *category, const char *variable)
{
	return category ? ast_variable_find_in_list(category->first, variable) : NULL;
}

const char *ast_config_option(struct ast_config *cfg, const char *cat, const char *var)
{
	const char *value = ast_variable_retrieve(cfg, cat, var);

	return value ? value : ast_variable_retrieve(cfg, "general", var);
}

void ast_variable_append(struct ast_category *category, struct ast_variable *variable)
{
	if (category && variable) {
		category->last = ast_variable_list_append_hint(&category->first, category->last, variable);
	}
}

void ast_variable_insert(struct ast_category *category, struct ast_variable *variable, const char *line)
{
	struct ast_variable **place;
	unsigned int number;

	if (!category || !variable || ast_str_to_uint(line, &number)) {
		return;
	}
	for (place = &category->first; *place && number; number--) {
		place = &(*place)->next;
	}
	variable->next = *place;
	*place = variable;
	if (!variable->next) {
		category->last = variable;
	}
}

/* Whether a variable has a name and, unless that is empty, a value; in any case. */
static int is_meant(const struct ast_variable *var, const char *name, const char *value)
{
	return name && !strcasecmp(var->name, name) && (ast_strlen_zero(value) || !strcasecmp(var->value, value));
}

int ast_variable_delete(struct ast_category *category, const char *variable, const char *match, const char *line)
{
	struct ast_variable **place = category ? &category->first : NULL, *last = NULL;
	unsigned int wanted = 0, number = 0;
	int by_number = !ast_strlen_zero(line), result = -1;

	if (!category || (by_number && ast_str_to_uint(line, &wanted))) {
		return -1;
	}
	for (; *place; number++) {
		struct ast_variable *var = *place;

		if (by_number ? number == wanted : is_meant(var, variable, match)) {
			*place = var->next;
			ast_free(var);
			result = 0;
		} else {
			place = &var->next;
			last = var;
		}
	}
	category->last = last;
	return result;
}

int ast_variable_update(struct ast_category *category, const char *variable, const char *value, const char *match,
	unsigned int object)
{
	struct ast_variable **place = category ? &category->first : NULL, *var, *old;

	while (place && *place && !is_meant(*place, variable, match)) {
		place = &(*place)->next;
	}
	old = place ? *place : NULL;
	if (!old || !(var = ast_variable_new(variable, value, old->file))) {
		return -1;
	}
	var->lineno = old->lineno;
	var->object = old->object || object;
	var->blanklines = old->blanklines;
	if (category->last == old) {
		category->last = var;
	}
	var->next = old->next;
	*place = var;
	ast_free(old);
	return 0;
}

/* ---- reading files ---- */

/* Reads a file into a config: the config or a status value. */
static struct ast_config *read_file(const char *filename, const char *who_asked, unsigned int flags,
	struct ast_config *cfg)
{
	__typeof__(asterism_table.asterism_config_read) read = asterism_table.asterism_config_read;

	if (!read) {
		asterism_unbound("ast_config_load2");
		return CONFIG_STATUS_FILEINVALID;
	}
	switch (read(cfg, filename, who_asked, flags)) {
	case ASTERISM_CONFIG_READ:
		return cfg;
	case ASTERISM_CONFIG_MISSING:
		return CONFIG_STATUS_FILEMISSING;
	case ASTERISM_CONFIG_UNCHANGED:
		return CONFIG_STATUS_FILEUNCHANGED;
	default:
		return CONFIG_STATUS_FILEINVALID;
	}
}

struct ast_config *ast_config_internal_load(const char *configfile, struct ast_config *cfg, struct ast_flags flags,
	const char *suggested_incl_file, const char *who_asked)
{
	struct ast_config *result;

	(void) suggested_incl_file;
	if (!real(cfg)) {
		return CONFIG_STATUS_FILEINVALID;
	}
	if (!asterism_realtime_file(configfile, who_asked, flags.flags, cfg, &result)) {
		result = read_file(configfile, who_asked, flags.flags, cfg);
	}
	if (real(result)) {
		asterism_config_hooks(configfile, who_asked, result);
	}
	return result;
}

struct ast_config *ast_config_load2(const char *filename, const char *who_asked, struct ast_flags flags)
{
	struct ast_config *cfg = ast_config_new();
	struct ast_config *result = cfg ? ast_config_internal_load(filename, cfg, flags, "", who_asked)
		: CONFIG_STATUS_FILEINVALID;

	if (result != cfg) {
		ast_config_destroy(cfg);
	}
	return result;
}

struct ast_category *asterism_config_category(struct ast_config *cfg, const char *name, const char *file, int line,
	int is_template)
{
	struct ast_category *cat = new_category(name, file, line, is_template);

	ast_category_append(cfg, cat);
	return cat;
}

int asterism_config_base(struct ast_category *cat, const char *name)
{
	return note_base(cat, name);
}

int asterism_config_variable(struct ast_category *cat, const char *name, const char *value, const char *file, int line,
	int object, int inherited)
{
	struct ast_variable *var = ast_variable_new(name, value, file);

	if (!var) {
		return -1;
	}
	var->lineno = line;
	var->object = object;
	var->inherited = inherited;
	ast_variable_append(cat, var);
	return 0;
}
