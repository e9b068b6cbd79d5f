/*
 * Messages and their types (asterisk/stasis.h).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "stasis.h"

#include "asterisk/linkedlists.h"

struct stasis_message_type {
	struct stasis_message_vtable *vtable;	/* Changed atomically: it is removed with its module. */
	unsigned int formatters;
	unsigned int hash;
	int id;
	const char *module;	/* Behind the name. */
	AST_LIST_ENTRY(stasis_message_type) list;
	char name[];
};

struct stasis_message {
	struct timeval timestamp;
	struct stasis_message_type *type;
	void *data;
	int is_of_one_machine;
	struct ast_eid eid;
};

/* All types, without references: a type leaves when it is freed. */
static AST_LIST_HEAD_STATIC(types, stasis_message_type);

static struct stasis_message_vtable nothing;
static pthread_rwlock_t converting = PTHREAD_RWLOCK_INITIALIZER;	/* Read-locked inside functions of a vtable. */

const char *asterism_stasis_module(void)
{
	return asterism_marks ? asterism_marks->module : AST_MODULE;
}

static unsigned int formatters_of(const struct stasis_message_vtable *vtable)
{
	return (vtable->to_json ? STASIS_SUBSCRIPTION_FORMATTER_JSON : 0)
		| (vtable->to_ami ? STASIS_SUBSCRIPTION_FORMATTER_AMI : 0)
		| (vtable->to_event ? STASIS_SUBSCRIPTION_FORMATTER_EVENT : 0);
}

static void free_type(void *object)
{
	struct stasis_message_type *type = object;

	AST_LIST_LOCK(&types);
	AST_LIST_REMOVE(&types, type, list);
	AST_LIST_UNLOCK(&types);
}

static struct stasis_message_type *new_type(const char *name, struct stasis_message_vtable *vtable, const char *module)
{
	static int last_id;
	size_t name_size = strlen(name) + 1, module_size = strlen(module) + 1;
	struct stasis_message_type *type = ao2_alloc_options(sizeof(*type) + name_size + module_size, free_type,
		AO2_ALLOC_OPT_LOCK_NOLOCK);

	if (!type) {
		return NULL;
	}
	memcpy(type->name, name, name_size);
	type->module = memcpy(type->name + name_size, module, module_size);
	type->vtable = vtable ? vtable : &nothing;
	type->formatters = formatters_of(type->vtable);
	type->hash = (unsigned int) ast_str_hash(name);
	type->id = __atomic_fetch_add(&last_id, 1, __ATOMIC_RELAXED);
	AST_LIST_LOCK(&types);
	AST_LIST_INSERT_HEAD(&types, type, list);
	AST_LIST_UNLOCK(&types);
	return type;
}

enum stasis_message_type_result stasis_message_type_create(const char *name, struct stasis_message_vtable *vtable,
	struct stasis_message_type **result)
{
	if (ast_strlen_zero(name) || !result) {
		ast_log(LOG_ERROR, "cannot create a message type: the name or the result pointer is NULL\n");
		return STASIS_MESSAGE_TYPE_ERROR;
	}
	*result = NULL;
	if (stasis_message_type_declined(name)) {
		return STASIS_MESSAGE_TYPE_DECLINED;
	}
	*result = new_type(name, vtable, asterism_stasis_module());
	return *result ? STASIS_MESSAGE_TYPE_SUCCESS : STASIS_MESSAGE_TYPE_ERROR;
}

struct stasis_message_type *asterism_stasis_core_type(const char *name, struct stasis_message_vtable *vtable)
{
	return new_type(name, vtable, AST_MODULE);
}

static pthread_mutex_t keeping = PTHREAD_MUTEX_INITIALIZER;

#define KEPT(kept, make) ({ \
	__typeof__(*(kept)) __found; \
	pthread_mutex_lock(&keeping); \
	__found = *(kept) ? *(kept) : (*(kept) = (make)); \
	pthread_mutex_unlock(&keeping); \
	__found; \
})

struct stasis_message_type *asterism_stasis_kept_type(struct stasis_message_type **kept, const char *name,
	struct stasis_message_vtable *vtable)
{
	return KEPT(kept, asterism_stasis_core_type(name, vtable));
}

struct stasis_topic *asterism_stasis_kept_topic(struct stasis_topic **kept, const char *name)
{
	return KEPT(kept, stasis_topic_create(name));
}

void asterism_stasis_types_forget(const char *module)
{
	struct stasis_message_type *type;

	AST_LIST_LOCK(&types);
	AST_LIST_TRAVERSE(&types, type, list) {
		if (!strcmp(type->module, module)) {
			__atomic_store_n(&type->vtable, &nothing, __ATOMIC_RELEASE);
		}
	}
	AST_LIST_UNLOCK(&types);
	/* Waits for running calls of functions of the module; later calls find no function. */
	pthread_rwlock_wrlock(&converting);
	pthread_rwlock_unlock(&converting);
}

const char *stasis_message_type_name(const struct stasis_message_type *type)
{
	return type ? type->name : NULL;
}

unsigned int stasis_message_type_hash(const struct stasis_message_type *type)
{
	return type ? type->hash : 0;
}

int stasis_message_type_id(const struct stasis_message_type *type)
{
	return type ? type->id : -1;
}

enum stasis_subscription_message_formatters stasis_message_type_available_formatters(
	const struct stasis_message_type *message_type)
{
	return message_type ? message_type->formatters : STASIS_SUBSCRIPTION_FORMATTER_NONE;
}

int asterism_stasis_has_formatter(const struct stasis_message_type *type,
	enum stasis_subscription_message_formatters formatters)
{
	return (type->formatters & formatters) != 0;
}

void stasis_log_bad_type_access(const char *name)
{
	if (!stasis_message_type_declined(name)) {
		ast_log(LOG_ERROR, "the message type %s is used before it is created or after it is destroyed\n", S_OR(name, "?"));
	}
}

/* ---- messages ---- */

static void free_message(void *object)
{
	struct stasis_message *message = object;

	ao2_cleanup(message->type);
	ao2_cleanup(message->data);
}

struct stasis_message *stasis_message_create_full(struct stasis_message_type *type, void *data,
	const struct ast_eid *eid)
{
	struct stasis_message *message = type && data
		? ao2_alloc_options(sizeof(*message), free_message, AO2_ALLOC_OPT_LOCK_NOLOCK) : NULL;

	if (!message) {
		return NULL;
	}
	message->timestamp = ast_tvnow();
	message->type = ao2_bump(type);
	message->data = ao2_bump(data);
	if (eid) {
		message->eid = *eid;
		message->is_of_one_machine = 1;
	}
	return message;
}

struct stasis_message *stasis_message_create(struct stasis_message_type *type, void *data)
{
	return stasis_message_create_full(type, data, &ast_eid_default);
}

struct stasis_message_type *stasis_message_type(const struct stasis_message *msg)
{
	return msg ? msg->type : NULL;
}

void *stasis_message_data(const struct stasis_message *msg)
{
	return msg ? msg->data : NULL;
}

const struct ast_eid *stasis_message_eid(const struct stasis_message *msg)
{
	return msg && msg->is_of_one_machine ? &msg->eid : NULL;
}

const struct timeval *stasis_message_timestamp(const struct stasis_message *msg)
{
	return msg ? &msg->timestamp : NULL;
}

/*
 * Calls a function of the type's module, when it has one; the module cannot go meanwhile (asterism_stasis_types_forget).
 * A conversion may convert another message: readers are let in while a writer waits.
 */
#define CONVERTED(msg, function, ...) ({ \
	struct stasis_message_vtable *__vtable; \
	struct asterism_mark __mark; \
	__typeof__(__vtable->function(msg, ##__VA_ARGS__)) __made = NULL; \
	pthread_rwlock_rdlock(&converting); \
	__vtable = msg ? __atomic_load_n(&msg->type->vtable, __ATOMIC_ACQUIRE) : &nothing; \
	if (__vtable->function) { \
		asterism_enter(&__mark, msg->type->module, #function " of a message"); \
		__made = __vtable->function(msg, ##__VA_ARGS__); \
		asterism_leave(&__mark); \
	} \
	pthread_rwlock_unlock(&converting); \
	__made; \
})

struct ast_json *stasis_message_to_json(struct stasis_message *msg, struct stasis_message_sanitizer *sanitize)
{
	return CONVERTED(msg, to_json, sanitize);
}

struct ast_manager_event_blob *stasis_message_to_ami(struct stasis_message *msg)
{
	return CONVERTED(msg, to_ami);
}

struct ast_event *stasis_message_to_event(struct stasis_message *msg)
{
	return CONVERTED(msg, to_event);
}

int stasis_message_can_be_ami(struct stasis_message *msg)
{
	return msg && asterism_stasis_has_formatter(msg->type, STASIS_SUBSCRIPTION_FORMATTER_AMI);
}
