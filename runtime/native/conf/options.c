/*
 * Configuration files into structures (asterisk/config_options.h).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "options.h"

struct aco_info_internal {
	void *pending;	/* The whole that is being filled. */
};

struct aco_type_internal {
	int has_regex;
	regex_t regex;
	struct ao2_container *options;	/* In the order of their registration. */
};

/* Compiles an expression: 0, or -1 with the reason in the log. */
static int compiled(regex_t *regex, const char *text)
{
	int failed = text ? regcomp(regex, text, REG_EXTENDED | REG_ICASE | REG_NOSUB) : REG_BADPAT;
	char reason[128];

	if (failed) {
		regerror(failed, text ? regex : NULL, reason, sizeof(reason));
		ast_log(LOG_ERROR, "'%s' is not a regular expression: %s\n", S_OR(text, ""), reason);
	}
	return failed ? -1 : 0;
}

static int matches(const regex_t *regex, const char *text)
{
	return !regexec(regex, text, 0, NULL, 0);
}

/* ---- options ---- */

static void option_destroy(void *obj)
{
	struct aco_option *opt = obj;

	if (opt->has_regex) {
		regfree(&opt->regex);
	}
}

/* Copies a text to *room, which moves behind the copy; NULL stays NULL. */
static const char *copied(char **room, const char *text)
{
	const char *copy = *room;

	if (text) {
		*room = stpcpy(*room, text) + 1;
	}
	return text ? copy : NULL;
}

static size_t size_of(const char *text)
{
	return text ? strlen(text) + 1 : 0;
}

static struct aco_option *new_option(const char *name, enum aco_matchtype match_type, const char *aliased_to,
	const char *default_val, size_t argc)
{
	size_t texts = size_of(name) + size_of(aliased_to) + size_of(default_val);
	struct aco_option *opt = ao2_alloc_options(sizeof(*opt) + argc * sizeof(opt->args[0]) + texts, option_destroy,
		AO2_ALLOC_OPT_LOCK_NOLOCK);
	char *room = opt ? (char *) &opt->args[argc] : NULL;

	if (!opt) {
		return NULL;
	}
	opt->name = copied(&room, name);
	opt->aliased_to = copied(&room, aliased_to);
	opt->default_val = copied(&room, default_val);
	opt->match_type = match_type;
	opt->argc = argc;
	if (match_type == ACO_REGEX && compiled(&opt->regex, name)) {
		ao2_ref(opt, -1);
		return NULL;
	}
	opt->has_regex = match_type == ACO_REGEX;
	return opt;
}

/* Registers an option with its types and releases it: 0, or -1 and it is registered with none. */
static int registered(struct aco_option *opt, struct aco_type **types)
{
	size_t i, linked;

	for (linked = 0; types[linked]; linked++) {
		if (!types[linked]->internal) {
			ast_log(LOG_ERROR, "the option '%s' cannot be registered before aco_info_init\n", opt->name);
			break;
		}
		if (!ao2_link(types[linked]->internal->options, opt)) {
			break;
		}
	}
	for (i = 0; types[linked] && i < linked; i++) {
		ao2_unlink(types[i]->internal->options, opt);
	}
	ao2_ref(opt, -1);
	return types[linked] ? -1 : 0;
}

int asterism_option_register(struct aco_info *info, const char *name, enum aco_matchtype match_type,
	struct aco_type **types, const char *default_val, enum aco_option_type type, aco_option_handler handler,
	unsigned int flags, size_t argc, const intptr_t *args)
{
	struct aco_option *opt = NULL;

	handler = handler ? handler : asterism_option_handler(type, argc);
	if (info && name && types && types[0] && handler) {
		opt = new_option(name, match_type, NULL, default_val, argc);
	}
	if (!opt) {
		ast_log(LOG_ERROR, "cannot register the option '%s'\n", S_OR(name, ""));
		return -1;
	}
	opt->handler = handler;
	opt->flags = flags;
	memcpy(opt->args, args, argc * sizeof(*args));
	return registered(opt, types);
}

#define MOST_ARGUMENTS 8

int __aco_option_register(struct aco_info *info, const char *name, enum aco_matchtype match_type,
	struct aco_type **types, const char *default_val, enum aco_option_type type, aco_option_handler handler,
	unsigned int flags, unsigned int no_doc, size_t argc, ...)
{
	intptr_t args[MOST_ARGUMENTS];
	va_list ap;
	size_t i;

	(void) no_doc;
	argc = MIN(argc, (size_t) MOST_ARGUMENTS);
	va_start(ap, argc);
	for (i = 0; i < argc; i++) {
		args[i] = va_arg(ap, intptr_t);
	}
	va_end(ap);
	return asterism_option_register(info, name, match_type, types, default_val, type, handler, flags, argc, args);
}

int aco_option_register_deprecated(struct aco_info *info, const char *name, struct aco_type **types,
	const char *aliased_to)
{
	struct aco_option *opt = info && !ast_strlen_zero(name) && types && !ast_strlen_zero(aliased_to)
		? new_option(name, ACO_EXACT, aliased_to, NULL, 0) : NULL;

	return opt ? registered(opt, types) : -1;
}

unsigned int aco_option_get_flags(const struct aco_option *option)
{
	return option ? option->flags : 0;
}

intptr_t aco_option_get_argument(const struct aco_option *option, unsigned int position)
{
	return option && position < option->argc ? option->args[position] : 0;
}

static int is_meant(const struct aco_option *opt, const char *name)
{
	switch (opt->match_type) {
	case ACO_PREFIX:
		return !strncasecmp(name, opt->name, strlen(opt->name));
	case ACO_REGEX:
		return matches(&opt->regex, name);
	default:
		return !strcasecmp(name, opt->name);
	}
}

static int named(void *obj, void *name, int flags)
{
	const struct aco_option *opt = obj;

	(void) flags;
	return !strcasecmp(opt->name, name) && is_meant(opt, name) ? CMP_MATCH | CMP_STOP : 0;
}

static int fitting(void *obj, void *name, int flags)
{
	(void) flags;
	return is_meant(obj, name) ? CMP_MATCH | CMP_STOP : 0;
}

/* The option for a name, with a reference; one that has just this name comes before others. */
static struct aco_option *find_option(const struct aco_type *type, const char *name)
{
	struct aco_option *opt = NULL;

	if (type && type->internal) {
		opt = ao2_callback(type->internal->options, 0, named, (void *) name);
		opt = opt ? opt : ao2_callback(type->internal->options, 0, fitting, (void *) name);
	}
	return opt;
}

struct ao2_container *aco_option_container_alloc(void)
{
	return ao2_container_alloc_list(AO2_ALLOC_OPT_LOCK_MUTEX, 0, NULL, NULL);
}

/* ---- lines into objects ---- */

/* The option that a line is for, with a reference: of an older name the newer one, which is logged. */
static struct aco_option *option_for(const struct aco_type *type, const struct ast_variable *var)
{
	struct aco_option *opt = find_option(type, var->name), *newer;

	if (!opt || !opt->aliased_to) {
		return opt;
	}
	ast_log(LOG_WARNING, "%s:%d: '%s' is deprecated: write '%s'\n", var->file, var->lineno, var->name, opt->aliased_to);
	newer = find_option(type, opt->aliased_to);
	ao2_ref(opt, -1);
	return newer;
}

int aco_process_var(struct aco_type *type, const char *cat, struct ast_variable *var, void *obj)
{
	struct aco_option *opt = type && var && obj ? option_for(type, var) : NULL;
	int failed;

	if (!opt || !opt->handler) {
		ast_log(LOG_ERROR, "%s:%d: there is no option '%s' in [%s]\n", var ? var->file : "", var ? var->lineno : 0,
			var ? var->name : "", S_OR(cat, ""));
		ao2_cleanup(opt);
		return -1;
	}
	failed = opt->handler(opt, var, obj);
	ao2_ref(opt, -1);
	if (failed) {
		ast_log(LOG_ERROR, "%s:%d: '%s' is not a valid value of '%s'\n", var->file, var->lineno, var->value, var->name);
	}
	return failed ? -1 : 0;
}

int aco_process_category_options(struct aco_type *type, struct ast_config *cfg, const char *cat, void *obj)
{
	struct ast_variable *var;
	int failed = 0;

	for (var = ast_variable_browse(cfg, cat); var && !failed; var = var->next) {
		failed = aco_process_var(type, cat, var, obj);
	}
	return failed;
}

/* Puts the default of an option into an object: 0, or CMP_MATCH when that is not possible. */
static int put_default(void *opt_obj, void *obj, int flags)
{
	const struct aco_option *opt = opt_obj;
	struct ast_variable *var;
	int failed;

	(void) flags;
	if (ast_strlen_zero(opt->default_val)) {
		return 0;
	}
	var = ast_variable_new(opt->name, opt->default_val, "");
	failed = !var || opt->handler(opt, var, obj);
	ast_variables_destroy(var);
	if (failed) {
		ast_log(LOG_ERROR, "the default '%s' of '%s' is not valid\n", opt->default_val, opt->name);
	}
	return failed ? CMP_MATCH | CMP_STOP : 0;
}

int aco_set_defaults(struct aco_type *type, const char *category, void *obj)
{
	void *failed;

	(void) category;
	if (!type || !type->internal || !obj) {
		return -1;
	}
	failed = ao2_callback(type->internal->options, 0, put_default, obj);
	ao2_cleanup(failed);
	return failed ? -1 : 0;
}

/* ---- sections ---- */

static int is_among(const char *const *names, const char *name)
{
	while (names && !ast_strlen_zero(*names) && strcasecmp(*names, name)) {
		names++;
	}
	return names && !ast_strlen_zero(*names);
}

static int takes_name(const struct aco_type *type, const char *category)
{
	switch (type->category_match) {
	case ACO_WHITELIST:
		return matches(&type->internal->regex, category);
	case ACO_BLACKLIST:
		return !matches(&type->internal->regex, category);
	case ACO_WHITELIST_EXACT:
		return !strcasecmp(type->category, category);
	case ACO_BLACKLIST_EXACT:
		return strcasecmp(type->category, category) != 0;
	case ACO_WHITELIST_ARRAY:
		return is_among((const char *const *) type->category, category);
	case ACO_BLACKLIST_ARRAY:
		return !is_among((const char *const *) type->category, category);
	}
	return 0;
}

/* Whether a section has what a type asks of a field: 1, 0, or -1 when it lacks the field, which is logged. */
static int has_field(const struct aco_type *type, struct ast_config *cfg, const char *category)
{
	const char *value;

	if (ast_strlen_zero(type->matchfield) || (ast_strlen_zero(type->matchvalue) && !type->matchfunc)) {
		return 1;
	}
	value = ast_variable_retrieve(cfg, category, type->matchfield);
	if (!value) {
		ast_log(LOG_ERROR, "[%s] needs a line '%s'\n", category, type->matchfield);
		return -1;
	}
	return type->matchfunc ? type->matchfunc(value) : !strcasecmp(value, type->matchvalue);
}

static struct aco_type *type_of(const struct aco_file *file, struct ast_config *cfg, const char *category)
{
	int has = 0;
	size_t i;

	for (i = 0; file->types[i] && has >= 0; i++) {
		has = takes_name(file->types[i], category) ? has_field(file->types[i], cfg, category) : 0;
		if (has > 0) {
			return file->types[i];
		}
	}
	return NULL;
}

/* Whether the file's skip_category names a section; an expression that is not valid names none, and is logged. */
static int is_skipped(const struct aco_file *file, const char *category)
{
	regex_t regex;
	int skipped;

	if (ast_strlen_zero(file->skip_category) || compiled(&regex, file->skip_category)) {
		return 0;
	}
	skipped = matches(&regex, category);
	regfree(&regex);
	return skipped;
}

static int fill_item(struct aco_type *type, struct ast_config *cfg, const char *cat, void *item)
{
	return (type->item_pre_process && type->item_pre_process(item))
		|| aco_process_category_options(type, cfg, cat, item)
		|| (type->item_prelink && type->item_prelink(item)) ? -1 : 0;
}

/* Puts a section into the item of its name, or into a new one: 0, or -1. */
static int process_item(struct aco_type *type, struct ast_config *cfg, const char *cat, struct ao2_container *items)
{
	void *item = type->item_find ? type->item_find(items, cat) : NULL;
	int is_new = !item, failed;

	if (is_new && type->item_alloc) {
		item = type->item_alloc(cat);
	}
	failed = !item || (is_new && aco_set_defaults(type, cat, item)) || fill_item(type, cfg, cat, item)
		|| (is_new && !ao2_link(items, item));
	ao2_cleanup(item);
	return failed ? -1 : 0;
}

static int process_category(struct ast_config *cfg, struct aco_info *info, const struct aco_file *file, const char *cat)
{
	struct aco_type *type;
	void *target;
	int failed;

	if (is_skipped(file, cat)) {
		return 0;
	}
	type = type_of(file, cfg, cat);
	if (!type) {
		ast_log(LOG_ERROR, "%s: [%s] is not a section of this file\n", file->filename, cat);
		return -1;
	}
	if (type->type == ACO_IGNORE) {
		return 0;
	}
	target = *(void **) ((char *) info->internal->pending + type->item_offset);
	failed = !target || (type->type == ACO_GLOBAL ? aco_process_category_options(type, cfg, cat, target)
		: process_item(type, cfg, cat, target));
	if (failed) {
		ast_log(LOG_ERROR, "%s: [%s] cannot be used\n", file->filename, cat);
	}
	return failed ? -1 : 0;
}

/* ---- files ---- */

static int process_content(struct aco_info *info, const struct aco_file *file, struct ast_config *cfg)
{
	const char *cat = NULL;
	int failed = 0, i;

	for (i = 0; file->preload && !ast_strlen_zero(file->preload[i]) && !failed; i++) {
		failed = process_category(cfg, info, file, file->preload[i]);
	}
	while (!failed && (cat = ast_category_browse(cfg, cat))) {
		if (!is_among(file->preload, cat)) {
			failed = process_category(cfg, info, file, cat);
		}
	}
	return failed;
}

/* Puts the defaults into the structures that are there from the beginning: 0, or -1. */
static int set_global_defaults(struct aco_info *info, const struct aco_file *file)
{
	size_t i;

	for (i = 0; file->types[i]; i++) {
		void *target = *(void **) ((char *) info->internal->pending + file->types[i]->item_offset);

		if (file->types[i]->type == ACO_GLOBAL && target && aco_set_defaults(file->types[i], NULL, target)) {
			return -1;
		}
	}
	return 0;
}

/* A file, or the one of its other name. */
static struct ast_config *load_file(const struct aco_info *info, const struct aco_file *file, unsigned int flags)
{
	struct ast_config *cfg = ast_config_load2(file->filename, info->module, (struct ast_flags) { flags });

	if (cfg == CONFIG_STATUS_FILEMISSING && !ast_strlen_zero(file->alias)) {
		cfg = ast_config_load2(file->alias, info->module, (struct ast_flags) { flags });
	}
	return cfg;
}

static int process_file(struct aco_info *info, const struct aco_file *file)
{
	struct ast_config *cfg = load_file(info, file, 0);
	int failed;

	if (cfg == CONFIG_STATUS_FILEMISSING || cfg == CONFIG_STATUS_FILEINVALID) {
		ast_log(LOG_ERROR, "cannot use '%s': %s\n", file->filename, cfg ? "it has faults" : "no such file");
		return -1;
	}
	failed = process_content(info, file, cfg);
	ast_config_destroy(cfg);
	return failed;
}

static int has_changed(const struct aco_info *info)
{
	int changed = 0;
	size_t i;

	for (i = 0; info->files[i]; i++) {
		struct ast_config *cfg = load_file(info, info->files[i], CONFIG_FLAG_FILEUNCHANGED);

		changed |= cfg != CONFIG_STATUS_FILEUNCHANGED;
		ast_config_destroy(cfg);
	}
	return changed;
}

/* Begins a whole: 0, or -1. */
static int begin(struct aco_info *info)
{
	if (!info || !info->internal || !info->snapshot_alloc || !info->global_obj) {
		ast_log(LOG_ERROR, "a configuration is not initialized: aco_info_init comes first\n");
		return -1;
	}
	info->internal->pending = info->snapshot_alloc();
	if (!info->internal->pending) {
		ast_log(LOG_ERROR, "no memory for the configuration of '%s'\n", S_OR(info->module, ""));
	}
	return info->internal->pending ? 0 : -1;
}

/* Ends a whole, which takes the place of the old one unless something failed. */
static enum aco_process_status end(struct aco_info *info, int failed)
{
	failed = failed || (info->pre_apply_config && info->pre_apply_config());
	if (!failed) {
		ao2_global_obj_replace_unref(*info->global_obj, info->internal->pending);
	}
	return failed ? ACO_PROCESS_ERROR : ACO_PROCESS_OK;
}

static void forget(struct aco_info *info)
{
	ao2_cleanup(info->internal->pending);
	info->internal->pending = NULL;
}

enum aco_process_status aco_process_ast_config(struct aco_info *info, struct aco_file *file, struct ast_config *cfg)
{
	enum aco_process_status status;

	if (!file || begin(info)) {
		return ACO_PROCESS_ERROR;
	}
	status = end(info, process_content(info, file, cfg));
	forget(info);
	return status;
}

enum aco_process_status aco_process_config(struct aco_info *info, int reload)
{
	enum aco_process_status status;
	int failed;
	size_t i;

	if (info && info->internal && reload && info->files[0] && !has_changed(info)) {
		return ACO_PROCESS_UNCHANGED;
	}
	if (begin(info)) {
		return ACO_PROCESS_ERROR;
	}
	failed = !info->files[0];
	for (i = 0; info->files[i] && !failed; i++) {
		failed = set_global_defaults(info, info->files[i]) || process_file(info, info->files[i]);
	}
	status = end(info, failed);
	if (status == ACO_PROCESS_OK && info->post_apply_config) {
		info->post_apply_config();
	}
	forget(info);
	return status;
}

/* ---- beginning and end ---- */

void *aco_pending_config(struct aco_info *info)
{
	return info && info->internal ? info->internal->pending : NULL;
}

static void type_destroy(struct aco_type *type)
{
	if (!type->internal) {
		return;
	}
	if (type->internal->has_regex) {
		regfree(&type->internal->regex);
	}
	ao2_cleanup(type->internal->options);
	ast_free(type->internal);
	type->internal = NULL;
}

static int type_init(struct aco_type *type)
{
	int has_regex = type->category_match == ACO_BLACKLIST || type->category_match == ACO_WHITELIST;

	type->internal = ast_calloc(1, sizeof(*type->internal));
	if (!type->internal) {
		return -1;
	}
	type->internal->options = aco_option_container_alloc();
	if (!type->internal->options || (has_regex ? compiled(&type->internal->regex, type->category) : !type->category)) {
		type_destroy(type);
		return -1;
	}
	type->internal->has_regex = has_regex;
	return 0;
}

int aco_info_init(struct aco_info *info)
{
	struct aco_file **file;
	struct aco_type **type;

	if (!info || info->internal || !(info->internal = ast_calloc(1, sizeof(*info->internal)))) {
		return -1;
	}
	for (file = info->files; *file; file++) {
		for (type = (*file)->types; *type; type++) {
			if (!(*type)->internal && type_init(*type)) {
				aco_info_destroy(info);
				return -1;
			}
		}
	}
	return 0;
}

void aco_info_destroy(struct aco_info *info)
{
	struct aco_file **file;
	struct aco_type **type;

	if (!info || !info->internal) {
		return;
	}
	for (file = info->files; *file; file++) {
		for (type = (*file)->types; *type; type++) {
			type_destroy(*type);
		}
	}
	ast_free(info->internal);
	info->internal = NULL;
}
