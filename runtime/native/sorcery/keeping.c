/*
 * What the wizards of a type are asked: to load, create, retrieve, update, delete; and who is told (asterisk/sorcery.h).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "sorcery.h"

#include "asterisk/taskprocessor.h"

/* ---- observers of objects ---- */

enum event { CREATED, UPDATED, DELETED, LOADED };

/* What is told to the observers of a type. */
struct news {
	struct ast_sorcery_object_type *type;
	enum event event;
	void *object;
};

static void news_destroy(void *obj)
{
	struct news *news = obj;

	ao2_cleanup(news->type);
	ao2_cleanup(news->object);
}

static int deliver(void *data)
{
	struct news *news = data;
	struct ao2_container *observers = news->type->observers;

	switch (news->event) {
	case CREATED:
		TELL(observers, ast_sorcery_observer, created, news->object);
		break;
	case UPDATED:
		TELL(observers, ast_sorcery_observer, updated, news->object);
		break;
	case DELETED:
		TELL(observers, ast_sorcery_observer, deleted, news->object);
		break;
	case LOADED:
		TELL(observers, ast_sorcery_observer, loaded, news->type->name);
		break;
	}
	ao2_ref(news, -1);
	return 0;
}

/* The taskprocessor that tells the observers of a type, NULL before the first one; made once, and kept with the type. */
static struct ast_taskprocessor *teller_of(struct ast_sorcery_object_type *type)
{
	struct ast_taskprocessor *teller;

	ao2_lock(type);
	teller = type->teller;
	ao2_unlock(type);
	return teller;
}

/* Tells the observers of a type, in their own thread. */
static void tell(struct ast_sorcery_object_type *type, enum event event, void *object)
{
	struct ast_taskprocessor *teller = teller_of(type);
	struct news *news = teller ? ao2_alloc_options(sizeof(*news), news_destroy, AO2_ALLOC_OPT_LOCK_NOLOCK) : NULL;

	if (news) {
		news->type = ao2_bump(type);
		news->event = event;
		news->object = ao2_bump(object);
		if (ast_taskprocessor_push(teller, deliver, news)) {
			ao2_ref(news, -1);
		}
	}
}

static void make_teller(struct ast_sorcery_object_type *type)
{
	char name[AST_TASKPROCESSOR_MAX_NAME + 1];

	ao2_lock(type);
	if (!type->teller) {
		ast_taskprocessor_build_name(name, sizeof(name), "sorcery/%s", type->name);
		type->teller = ast_taskprocessor_get(name, TPS_REF_DEFAULT);
	}
	ao2_unlock(type);
}

int ast_sorcery_observer_add(const struct ast_sorcery *sorcery, const char *type,
	const struct ast_sorcery_observer *callbacks)
{
	struct ast_sorcery_object_type *found = callbacks ? ast_sorcery_get_object_type(sorcery, type) : NULL;
	int failed = -1;

	if (found) {
		make_teller(found);
		failed = asterism_observer_add(found->observers, callbacks);
		ao2_ref(found, -1);
	}
	return failed;
}

/* A point in the queue of a teller that is waited for. */
struct mark {
	ast_mutex_t lock;
	ast_cond_t passed;
	int is_passed;
};

static int pass(void *data)
{
	struct mark *mark = data;

	ast_mutex_lock(&mark->lock);
	mark->is_passed = 1;
	ast_cond_signal(&mark->passed);
	ast_mutex_unlock(&mark->lock);
	return 0;
}

/* Waits until what was told before has been delivered, so that no callback is running any more. */
static void wait_for_teller(struct ast_taskprocessor *teller)
{
	struct mark mark = { .is_passed = 0 };

	if (!teller || ast_taskprocessor_is_task(teller)) {
		return;
	}
	ast_mutex_init(&mark.lock);
	ast_cond_init(&mark.passed, NULL);
	ast_mutex_lock(&mark.lock);
	if (!ast_taskprocessor_push(teller, pass, &mark)) {
		while (!mark.is_passed) {
			ast_cond_wait(&mark.passed, &mark.lock);
		}
	}
	ast_mutex_unlock(&mark.lock);
	ast_cond_destroy(&mark.passed);
	ast_mutex_destroy(&mark.lock);
}

void ast_sorcery_observer_remove(const struct ast_sorcery *sorcery, const char *type,
	const struct ast_sorcery_observer *callbacks)
{
	struct ast_sorcery_object_type *found = ast_sorcery_get_object_type(sorcery, type);

	if (found) {
		asterism_observer_remove(found->observers, callbacks);
		wait_for_teller(teller_of(found));
		ao2_ref(found, -1);
	}
}

/* Takes the observers from a type of an instance that ends: CMP_MATCH, so that the type is unlinked. */
int asterism_sorcery_silence(void *obj, void *arg, int flags)
{
	struct ast_sorcery_object_type *type = obj;

	(void) arg, (void) flags;
	ao2_callback(type->observers, OBJ_UNLINK | OBJ_NODATA | OBJ_MULTIPLE, NULL, NULL);
	wait_for_teller(teller_of(type));
	return CMP_MATCH;
}

/* ---- loading ---- */

struct loading {
	const struct ast_sorcery *sorcery;
	int is_reload;
	int is_forced;
};

static void load_mapping(struct mapping *mapping, const struct loading *loading, const char *type)
{
	const struct ast_sorcery_wizard *wizard = &mapping->wizard->callbacks;
	void (*load)(void *, const struct ast_sorcery *, const char *) = !loading->is_reload ? wizard->load
		: loading->is_forced && wizard->force_reload ? wizard->force_reload : wizard->reload;

	if (load) {
		TELL(mapping->wizard->observers, ast_sorcery_wizard_observer, wizard_loading, wizard->name, wizard, type,
			loading->is_reload);
		load(mapping->data, loading->sorcery, type);
		TELL(mapping->wizard->observers, ast_sorcery_wizard_observer, wizard_loaded, wizard->name, wizard, type,
			loading->is_reload);
	}
}

static void load_type(struct ast_sorcery_object_type *type, const struct loading *loading)
{
	const struct ast_sorcery *sorcery = loading->sorcery;

	if (!type->type.item_alloc) {
		return;
	}
	if (loading->is_reload && !type->reloadable) {
		ast_log(LOG_NOTICE, "objects of type '%s' are not reloaded: the old ones stay\n", type->name);
		return;
	}
	TELL(sorcery->observers, ast_sorcery_instance_observer, object_type_loading, sorcery->module_name, sorcery, type->name,
		loading->is_reload);
	AST_VECTOR_RW_RDLOCK(&type->mappings);
	AST_VECTOR_CALLBACK_VOID(&type->mappings, load_mapping, loading, type->name);
	AST_VECTOR_RW_UNLOCK(&type->mappings);
	TELL(sorcery->observers, ast_sorcery_instance_observer, object_type_loaded, sorcery->module_name, sorcery, type->name,
		loading->is_reload);
	tell(type, LOADED, NULL);
}

static void load_all(const struct loading *loading)
{
	const struct ast_sorcery *sorcery = loading->sorcery;
	struct ast_sorcery_object_type *type;
	struct ao2_iterator each;

	if (!sorcery) {
		return;
	}
	TELL(sorcery->observers, ast_sorcery_instance_observer, instance_loading, sorcery->module_name, sorcery,
		loading->is_reload);
	each = ao2_iterator_init(sorcery->types, 0);
	for (; (type = ao2_iterator_next(&each)); ao2_ref(type, -1)) {
		load_type(type, loading);
	}
	ao2_iterator_destroy(&each);
	TELL(sorcery->observers, ast_sorcery_instance_observer, instance_loaded, sorcery->module_name, sorcery,
		loading->is_reload);
}

static void load_one(const struct loading *loading, const char *type)
{
	struct ast_sorcery_object_type *found = ast_sorcery_get_object_type(loading->sorcery, type);

	if (found) {
		load_type(found, loading);
		ao2_ref(found, -1);
	}
}

void ast_sorcery_load(const struct ast_sorcery *sorcery)
{
	load_all(&(struct loading) { sorcery, 0, 0 });
}

void ast_sorcery_load_object(const struct ast_sorcery *sorcery, const char *type)
{
	load_one(&(struct loading) { sorcery, 0, 0 }, type);
}

void ast_sorcery_reload(const struct ast_sorcery *sorcery)
{
	load_all(&(struct loading) { sorcery, 1, 0 });
}

void ast_sorcery_reload_object(const struct ast_sorcery *sorcery, const char *type)
{
	load_one(&(struct loading) { sorcery, 1, 0 }, type);
}

void ast_sorcery_force_reload(const struct ast_sorcery *sorcery)
{
	load_all(&(struct loading) { sorcery, 1, 1 });
}

void ast_sorcery_force_reload_object(const struct ast_sorcery *sorcery, const char *type)
{
	load_one(&(struct loading) { sorcery, 1, 1 }, type);
}

/* ---- changes ---- */

/* What asks a wizard to create, update or delete; both of them asked are caches, or both are not. */
typedef int (*change_fn)(const struct ast_sorcery *sorcery, void *data, void *object);

static change_fn change_of(const struct mapping *mapping, enum event event)
{
	const struct ast_sorcery_wizard *wizard = &mapping->wizard->callbacks;

	if (mapping->flags & AST_SORCERY_WIZARD_APPLY_READONLY) {
		return NULL;
	}
	return event == CREATED ? wizard->create : event == UPDATED ? wizard->update : wizard->delete;
}

/* Asks the wizards that are caches, or those that are not; gives the number of those that did it. */
static int ask_for_change(struct ast_sorcery_object_type *type, const struct ast_sorcery *sorcery, enum event event,
	void *object, int caches)
{
	int done = 0;
	size_t i;

	for (i = 0; i < AST_VECTOR_SIZE(&type->mappings); i++) {
		struct mapping *mapping = AST_VECTOR_GET(&type->mappings, i);
		change_fn change = change_of(mapping, event);

		if (change && !(mapping->flags & AST_SORCERY_WIZARD_APPLY_CACHING) == !caches) {
			done += !change(sorcery, mapping->data, object);
		}
	}
	return done;
}

static int changed(const struct ast_sorcery *sorcery, enum event event, void *object)
{
	struct ast_sorcery_object_type *type = asterism_sorcery_type_of(sorcery, object);
	int done;

	if (!type) {
		return -1;
	}
	AST_VECTOR_RW_RDLOCK(&type->mappings);
	done = ask_for_change(type, sorcery, event, object, 0);
	if (done) {
		ask_for_change(type, sorcery, event, object, 1);
		tell(type, event, object);
	}
	AST_VECTOR_RW_UNLOCK(&type->mappings);
	ao2_ref(type, -1);
	return done ? 0 : -1;
}

int ast_sorcery_create(const struct ast_sorcery *sorcery, void *object)
{
	return changed(sorcery, CREATED, object);
}

int ast_sorcery_update(const struct ast_sorcery *sorcery, void *object)
{
	return changed(sorcery, UPDATED, object);
}

int ast_sorcery_delete(const struct ast_sorcery *sorcery, void *object)
{
	return changed(sorcery, DELETED, object);
}

int ast_sorcery_is_stale(const struct ast_sorcery *sorcery, void *object)
{
	struct ast_sorcery_object_type *type = asterism_sorcery_type_of(sorcery, object);
	int stale = 0;
	size_t i;

	if (!type) {
		return -1;
	}
	AST_VECTOR_RW_RDLOCK(&type->mappings);
	for (i = 0; i < AST_VECTOR_SIZE(&type->mappings); i++) {
		struct mapping *mapping = AST_VECTOR_GET(&type->mappings, i);

		if (mapping->wizard->callbacks.is_stale) {
			stale |= mapping->wizard->callbacks.is_stale(sorcery, mapping->data, object);
		}
	}
	AST_VECTOR_RW_UNLOCK(&type->mappings);
	ao2_ref(type, -1);
	return stale;
}

/* ---- retrieval ---- */

/* What is looked for, and how a wizard is asked for it. */
struct wanted {
	const struct ast_sorcery *sorcery;
	const char *id;		/* Or: */
	const char *regex;	/* Or: */
	const char *prefix;	/* Or: */
	struct ast_variable *fields;
	int wants_many;
};

/* Asks one wizard for one object. */
static void *ask_for_one(const struct mapping *mapping, const struct wanted *wanted, const char *type)
{
	const struct ast_sorcery_wizard *wizard = &mapping->wizard->callbacks;

	if (wanted->id) {
		return wizard->retrieve_id ? wizard->retrieve_id(wanted->sorcery, mapping->data, type, wanted->id) : NULL;
	}
	return wanted->fields && wizard->retrieve_fields
		? wizard->retrieve_fields(wanted->sorcery, mapping->data, type, wanted->fields) : NULL;
}

/* Lets one wizard add to a container. */
static void ask_for_many(const struct mapping *mapping, const struct wanted *wanted, const char *type,
	struct ao2_container *found)
{
	const struct ast_sorcery_wizard *wizard = &mapping->wizard->callbacks;

	if (wanted->regex) {
		if (wizard->retrieve_regex) {
			wizard->retrieve_regex(wanted->sorcery, mapping->data, type, found, wanted->regex);
		}
	} else if (wanted->prefix) {
		if (wizard->retrieve_prefix) {
			wizard->retrieve_prefix(wanted->sorcery, mapping->data, type, found, wanted->prefix, strlen(wanted->prefix));
		}
	} else if (wizard->retrieve_multiple) {
		wizard->retrieve_multiple(wanted->sorcery, mapping->data, type, found, wanted->fields);
	}
}

static struct ao2_container *found_many(struct ast_sorcery_object_type *type, const struct wanted *wanted)
{
	struct ao2_container *found = ao2_container_alloc_list(AO2_ALLOC_OPT_LOCK_NOLOCK,
		AO2_CONTAINER_ALLOC_OPT_DUPS_REJECT, ast_sorcery_object_id_sort, ast_sorcery_object_id_compare);
	int is_complete = !found;
	size_t i;

	for (i = 0; i < AST_VECTOR_SIZE(&type->mappings) && !is_complete; i++) {
		struct mapping *mapping = AST_VECTOR_GET(&type->mappings, i);

		ask_for_many(mapping, wanted, type->name, found);
		is_complete = mapping->flags & AST_SORCERY_WIZARD_APPLY_CACHING && ao2_container_count(found);
	}
	return found;
}

/* Gives an object that no cache had to all caches. */
static void keep_in_caches(struct ast_sorcery_object_type *type, const struct ast_sorcery *sorcery, void *object)
{
	size_t i;

	for (i = 0; i < AST_VECTOR_SIZE(&type->mappings); i++) {
		struct mapping *mapping = AST_VECTOR_GET(&type->mappings, i);

		if (mapping->flags & AST_SORCERY_WIZARD_APPLY_CACHING && mapping->wizard->callbacks.create) {
			mapping->wizard->callbacks.create(sorcery, mapping->data, object);
		}
	}
}

static void *found_one(struct ast_sorcery_object_type *type, const struct wanted *wanted)
{
	void *object = NULL;
	size_t i;

	for (i = 0; i < AST_VECTOR_SIZE(&type->mappings) && !object; i++) {
		struct mapping *mapping = AST_VECTOR_GET(&type->mappings, i);

		object = ask_for_one(mapping, wanted, type->name);
		if (object && !(mapping->flags & AST_SORCERY_WIZARD_APPLY_CACHING)) {
			keep_in_caches(type, wanted->sorcery, object);
		}
	}
	return object;
}

static void *retrieved(const char *type, const struct wanted *wanted)
{
	struct ast_sorcery_object_type *found = ast_sorcery_get_object_type(wanted->sorcery, type);
	void *result;

	if (!found) {
		return NULL;
	}
	AST_VECTOR_RW_RDLOCK(&found->mappings);
	result = wanted->wants_many ? (void *) found_many(found, wanted) : found_one(found, wanted);
	AST_VECTOR_RW_UNLOCK(&found->mappings);
	ao2_ref(found, -1);
	return result;
}

void *ast_sorcery_retrieve_by_id(const struct ast_sorcery *sorcery, const char *type, const char *id)
{
	return ast_strlen_zero(id) ? NULL : retrieved(type, &(struct wanted) { .sorcery = sorcery, .id = id });
}

void *ast_sorcery_retrieve_by_fields(const struct ast_sorcery *sorcery, const char *type, unsigned int flags,
	struct ast_variable *fields)
{
	return retrieved(type, &(struct wanted) { .sorcery = sorcery, .fields = fields,
		.wants_many = (flags & AST_RETRIEVE_FLAG_MULTIPLE) != 0 });
}

struct ao2_container *ast_sorcery_retrieve_by_regex(const struct ast_sorcery *sorcery, const char *type,
	const char *regex)
{
	return regex ? retrieved(type, &(struct wanted) { .sorcery = sorcery, .regex = regex, .wants_many = 1 }) : NULL;
}

struct ao2_container *ast_sorcery_retrieve_by_prefix(const struct ast_sorcery *sorcery, const char *type,
	const char *prefix, const size_t prefix_len)
{
	char *copy = prefix && prefix_len ? ast_strndup(prefix, prefix_len) : NULL;
	struct ao2_container *found = copy ? retrieved(type,
		&(struct wanted) { .sorcery = sorcery, .prefix = copy, .wants_many = 1 }) : NULL;

	ast_free(copy);
	return found;
}
