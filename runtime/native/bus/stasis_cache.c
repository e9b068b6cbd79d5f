/*
 * Caches of messages (asterisk/stasis.h): the last message of each type, about each thing, of each machine.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "stasis.h"

#include "asterisk/vector.h"

struct stasis_cache_entry {
	struct stasis_message_type *type;
	struct stasis_message *aggregate;
	struct stasis_message *local;
	AST_VECTOR(, struct stasis_message *) remote;
	char id[];
};

struct stasis_cache {
	struct ao2_container *entries;	/* By id; its lock is that of all entries. */
	snapshot_get_id id_fn;
	cache_aggregate_calc_fn calculate;
	cache_aggregate_publish_fn publish;
};

struct stasis_caching_topic {
	struct stasis_cache *cache;
	struct stasis_topic *topic;
	struct stasis_topic *original;
	struct stasis_subscription *sub;
};

#define BUCKETS 57

AO2_STRING_FIELD_HASH_FN(stasis_cache_entry, id)

/* An entry is found by its id and its type. */
struct sought {
	struct stasis_message_type *type;
	const char *id;
};

static int is_sought(void *obj, void *arg, void *data, int flags)
{
	const struct stasis_cache_entry *entry = obj;
	const struct sought *sought = data;

	(void) arg, (void) flags;
	return entry->type == sought->type && !strcmp(entry->id, sought->id) ? CMP_MATCH | CMP_STOP : 0;
}

/* The entry of a thing in a cache that is locked, with a reference. */
static struct stasis_cache_entry *find(struct stasis_cache *cache, struct stasis_message_type *type, const char *id)
{
	struct sought sought = { type, id };

	return ao2_callback_data(cache->entries, OBJ_SEARCH_KEY | OBJ_NOLOCK, is_sought, (void *) id, &sought);
}

/* ---- types ---- */

static struct stasis_message_type *update_type, *clear_type;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void make_types(void)
{
	update_type = asterism_stasis_core_type("stasis_cache_update", NULL);
	clear_type = asterism_stasis_core_type("StasisCacheClear", NULL);
}

struct stasis_message_type *stasis_cache_update_type(void)
{
	pthread_once(&once, make_types);
	return update_type;
}

struct stasis_message_type *stasis_cache_clear_type(void)
{
	pthread_once(&once, make_types);
	return clear_type;
}

struct stasis_message *stasis_cache_clear_create(struct stasis_message *message)
{
	return message ? stasis_message_create(stasis_cache_clear_type(), message) : NULL;
}

/* ---- entries ---- */

static void entry_destroy(void *obj)
{
	struct stasis_cache_entry *entry = obj;

	ao2_cleanup(entry->type);
	ao2_cleanup(entry->aggregate);
	ao2_cleanup(entry->local);
	AST_VECTOR_CALLBACK_VOID(&entry->remote, ao2_cleanup);
	AST_VECTOR_FREE(&entry->remote);
}

static struct stasis_cache_entry *new_entry(struct stasis_message_type *type, const char *id)
{
	struct stasis_cache_entry *entry = ao2_alloc_options(sizeof(*entry) + strlen(id) + 1, entry_destroy,
		AO2_ALLOC_OPT_LOCK_NOLOCK);

	if (entry) {
		entry->type = ao2_bump(type);
		strcpy(entry->id, id);
	}
	return entry;
}

struct stasis_message *stasis_cache_entry_get_aggregate(struct stasis_cache_entry *entry)
{
	return entry->aggregate;
}

struct stasis_message *stasis_cache_entry_get_local(struct stasis_cache_entry *entry)
{
	return entry->local;
}

struct stasis_message *stasis_cache_entry_get_remote(struct stasis_cache_entry *entry, int idx)
{
	return idx >= 0 && (size_t) idx < AST_VECTOR_SIZE(&entry->remote) ? AST_VECTOR_GET(&entry->remote, idx) : NULL;
}

static int is_of(const struct stasis_message *message, const struct ast_eid *eid)
{
	return !ast_eid_cmp(stasis_message_eid(message), eid);
}

/* Takes the message of a machine out of an entry, and gives its reference, or NULL. */
static struct stasis_message *taken(struct stasis_cache_entry *entry, const struct ast_eid *eid)
{
	struct stasis_message *old = NULL;
	size_t i;

	if (!ast_eid_cmp(eid, &ast_eid_default)) {
		SWAP(old, entry->local);
		return old;
	}
	for (i = 0; i < AST_VECTOR_SIZE(&entry->remote) && !old; i++) {
		if (is_of(AST_VECTOR_GET(&entry->remote, i), eid)) {
			old = AST_VECTOR_REMOVE_UNORDERED(&entry->remote, i);
		}
	}
	return old;
}

/* Puts a message into an entry that has none of its machine. */
static void put(struct stasis_cache_entry *entry, const struct ast_eid *eid, struct stasis_message *message)
{
	if (!ast_eid_cmp(eid, &ast_eid_default)) {
		entry->local = ao2_bump(message);
	} else if (!AST_VECTOR_APPEND(&entry->remote, message)) {
		ao2_ref(message, +1);
	}
}

/* The message of a machine, or (NULL) the aggregate of all; without a reference. */
static struct stasis_message *message_of(struct stasis_cache_entry *entry, const struct ast_eid *eid)
{
	size_t i;

	if (!eid) {
		return entry->aggregate;
	}
	if (!ast_eid_cmp(eid, &ast_eid_default)) {
		return entry->local;
	}
	for (i = 0; i < AST_VECTOR_SIZE(&entry->remote); i++) {
		if (is_of(AST_VECTOR_GET(&entry->remote, i), eid)) {
			return AST_VECTOR_GET(&entry->remote, i);
		}
	}
	return NULL;
}

/* ---- changes ---- */

/* What a change replaced, with references; each may be NULL. */
struct change {
	struct stasis_message *old;
	struct stasis_message *old_aggregate;
	struct stasis_message *new_aggregate;
};

/* Keeps a message, or (NULL) takes the one of its thing and machine out. */
static struct change changed(struct stasis_cache *cache, struct stasis_message_type *type, const char *id,
	const struct ast_eid *eid, struct stasis_message *message)
{
	struct change change = { NULL, NULL, NULL };
	struct stasis_cache_entry *entry;

	ao2_wrlock(cache->entries);
	entry = find(cache, type, id);
	if (!entry && message && (entry = new_entry(type, id))) {
		ao2_link_flags(cache->entries, entry, OBJ_NOLOCK);
	}
	if (entry) {
		change.old = taken(entry, eid);
		if (message) {
			put(entry, eid, message);
		} else if (!entry->local && !AST_VECTOR_SIZE(&entry->remote)) {
			ao2_unlink_flags(cache->entries, entry, OBJ_NOLOCK);
		}
		if (cache->calculate) {
			change.old_aggregate = entry->aggregate;
			change.new_aggregate = cache->calculate(entry, message);
			entry->aggregate = ao2_bump(change.new_aggregate);
		}
		ao2_ref(entry, -1);
	}
	ao2_unlock(cache->entries);
	return change;
}

static void update_destroy(void *obj)
{
	struct stasis_cache_update *update = obj;

	ao2_cleanup(update->type);
	ao2_cleanup(update->old_snapshot);
	ao2_cleanup(update->new_snapshot);
}

/* Publishes what changed. */
static void tell(struct stasis_topic *topic, struct stasis_message *before, struct stasis_message *after)
{
	struct stasis_cache_update *update = stasis_topic_subscribers(topic)
		? ao2_alloc_options(sizeof(*update), update_destroy, AO2_ALLOC_OPT_LOCK_NOLOCK) : NULL;
	struct stasis_message *message;

	if (!update) {
		return;
	}
	update->type = ao2_bump(stasis_message_type(after ? after : before));
	update->old_snapshot = ao2_bump(before);
	update->new_snapshot = ao2_bump(after);
	message = stasis_message_create(stasis_cache_update_type(), update);
	stasis_publish(topic, message);
	ao2_cleanup(message);
	ao2_ref(update, -1);
}

static void take(struct stasis_caching_topic *caching, struct stasis_message *about, struct stasis_message *message)
{
	const struct ast_eid *eid = stasis_message_eid(about);
	const char *id = caching->cache->id_fn(about);
	struct change change;

	if (!id || !eid) {
		return;
	}
	change = changed(caching->cache, stasis_message_type(about), id, eid, message);
	if (change.old || message) {
		tell(caching->topic, change.old, message);
	}
	if (change.old_aggregate != change.new_aggregate) {
		if (change.new_aggregate && caching->cache->publish) {
			caching->cache->publish(caching->original, change.new_aggregate);
		}
		tell(caching->topic, change.old_aggregate, change.new_aggregate);
	}
	ao2_cleanup(change.old);
	ao2_cleanup(change.old_aggregate);
	ao2_cleanup(change.new_aggregate);
}

static void on_message(void *data, struct stasis_subscription *sub, struct stasis_message *message)
{
	struct stasis_caching_topic *caching = data;
	struct stasis_message_type *type = stasis_message_type(message);

	if (type == stasis_cache_clear_type()) {
		take(caching, stasis_message_data(message), NULL);
	} else if (type != stasis_subscription_change_type()) {
		take(caching, message, message);
	}
	if (stasis_subscription_final_message(sub, message)) {
		ao2_ref(caching, -1);
	}
}

/* ---- caches and caching topics ---- */

static void cache_destroy(void *obj)
{
	ao2_cleanup(((struct stasis_cache *) obj)->entries);
}

struct stasis_cache *stasis_cache_create_full(snapshot_get_id id_fn, cache_aggregate_calc_fn aggregate_calc_fn,
	cache_aggregate_publish_fn aggregate_publish_fn)
{
	struct stasis_cache *cache = id_fn ? ao2_alloc_options(sizeof(*cache), cache_destroy, AO2_ALLOC_OPT_LOCK_NOLOCK) : NULL;

	if (!cache) {
		return NULL;
	}
	cache->id_fn = id_fn;
	cache->calculate = aggregate_calc_fn;
	cache->publish = aggregate_publish_fn;
	cache->entries = ao2_container_alloc_hash(AO2_ALLOC_OPT_LOCK_RWLOCK, 0, BUCKETS, stasis_cache_entry_hash_fn, NULL,
		NULL);
	if (!cache->entries) {
		ao2_ref(cache, -1);
		return NULL;
	}
	return cache;
}

struct stasis_cache *stasis_cache_create(snapshot_get_id id_fn)
{
	return stasis_cache_create_full(id_fn, NULL, NULL);
}

static void caching_destroy(void *obj)
{
	struct stasis_caching_topic *caching = obj;

	ao2_cleanup(caching->sub);
	ao2_cleanup(caching->cache);
	ao2_cleanup(caching->topic);
	ao2_cleanup(caching->original);
}

struct stasis_caching_topic *stasis_caching_topic_create(struct stasis_topic *original_topic,
	struct stasis_cache *cache)
{
	static int last;
	struct stasis_caching_topic *caching = original_topic && cache
		? ao2_alloc_options(sizeof(*caching), caching_destroy, AO2_ALLOC_OPT_LOCK_NOLOCK) : NULL;
	struct stasis_subscription *sub;
	char name[256];

	if (!caching) {
		return NULL;
	}
	snprintf(name, sizeof(name), "cache:%d/%s", ast_atomic_fetchadd_int(&last, +1), stasis_topic_name(original_topic));
	caching->cache = ao2_bump(cache);
	caching->original = ao2_bump(original_topic);
	caching->topic = stasis_topic_create(name);
	/* The subscription has a reference of its own until its last message. */
	sub = caching->topic ? stasis_subscribe_synchronous(original_topic, on_message, ao2_bump(caching)) : NULL;
	if (!sub) {
		if (caching->topic) {
			ao2_ref(caching, -1);
		}
		ao2_ref(caching, -1);
		return NULL;
	}
	caching->sub = sub;
	return caching;
}

struct stasis_caching_topic *stasis_caching_unsubscribe(struct stasis_caching_topic *caching_topic)
{
	if (caching_topic) {
		ao2_bump(caching_topic->sub);
		stasis_unsubscribe(caching_topic->sub);
		ao2_ref(caching_topic, -1);
	}
	return NULL;
}

struct stasis_caching_topic *stasis_caching_unsubscribe_and_join(struct stasis_caching_topic *caching_topic)
{
	if (caching_topic) {
		ao2_bump(caching_topic->sub);
		stasis_unsubscribe_and_join(caching_topic->sub);
		ao2_ref(caching_topic, -1);
	}
	return NULL;
}

struct stasis_topic *stasis_caching_get_topic(struct stasis_caching_topic *caching_topic)
{
	return caching_topic ? caching_topic->topic : NULL;
}

int stasis_caching_accept_message_type(struct stasis_caching_topic *caching_topic, struct stasis_message_type *type)
{
	return !caching_topic || stasis_subscription_accept_message_type(caching_topic->sub, stasis_cache_clear_type())
		|| stasis_subscription_accept_message_type(caching_topic->sub, type) ? -1 : 0;
}

int stasis_caching_set_filter(struct stasis_caching_topic *caching_topic,
	enum stasis_subscription_message_filter filter)
{
	return caching_topic ? stasis_subscription_set_filter(caching_topic->sub, filter) : -1;
}

/* ---- what is kept ---- */

struct stasis_message *stasis_cache_get_by_eid(struct stasis_cache *cache, struct stasis_message_type *type,
	const char *id, const struct ast_eid *eid)
{
	struct stasis_cache_entry *entry;
	struct stasis_message *message = NULL;

	if (!cache || !type || !id) {
		return NULL;
	}
	ao2_rdlock(cache->entries);
	entry = find(cache, type, id);
	if (entry) {
		message = ao2_bump(message_of(entry, eid));
		ao2_ref(entry, -1);
	}
	ao2_unlock(cache->entries);
	return message;
}

struct stasis_message *stasis_cache_get(struct stasis_cache *cache, struct stasis_message_type *type, const char *id)
{
	return stasis_cache_get_by_eid(cache, type, id, &ast_eid_default);
}

static void add(struct ao2_container *found, struct stasis_message *message)
{
	if (message) {
		ao2_link(found, message);
	}
}

static void add_all(struct ao2_container *found, struct stasis_cache_entry *entry)
{
	size_t i;

	add(found, entry->local);
	for (i = 0; i < AST_VECTOR_SIZE(&entry->remote); i++) {
		add(found, AST_VECTOR_GET(&entry->remote, i));
	}
}

/* The messages of entries: of a type (NULL: any) and an id (NULL: any); of all machines, or of one. */
static struct ao2_container *dumped(struct stasis_cache *cache, struct stasis_message_type *type, const char *id,
	int of_all, const struct ast_eid *eid)
{
	struct ao2_container *found = cache ? ao2_container_alloc_list(AO2_ALLOC_OPT_LOCK_NOLOCK, 0, NULL, NULL) : NULL;
	struct stasis_cache_entry *entry;
	struct ao2_iterator each;

	if (!found) {
		return NULL;
	}
	ao2_rdlock(cache->entries);
	each = ao2_iterator_init(cache->entries, AO2_ITERATOR_DONTLOCK);
	for (; (entry = ao2_iterator_next(&each)); ao2_ref(entry, -1)) {
		if ((type && entry->type != type) || (id && strcmp(entry->id, id))) {
			continue;
		}
		if (of_all) {
			add_all(found, entry);
		} else {
			add(found, message_of(entry, eid));
		}
	}
	ao2_iterator_destroy(&each);
	ao2_unlock(cache->entries);
	return found;
}

struct ao2_container *stasis_cache_get_all(struct stasis_cache *cache, struct stasis_message_type *type, const char *id)
{
	return id ? dumped(cache, type, id, 1, NULL) : NULL;
}

struct ao2_container *stasis_cache_dump_by_eid(struct stasis_cache *cache, struct stasis_message_type *type,
	const struct ast_eid *eid)
{
	return dumped(cache, type, NULL, 0, eid);
}

struct ao2_container *stasis_cache_dump(struct stasis_cache *cache, struct stasis_message_type *type)
{
	return stasis_cache_dump_by_eid(cache, type, &ast_eid_default);
}

struct ao2_container *stasis_cache_dump_all(struct stasis_cache *cache, struct stasis_message_type *type)
{
	return dumped(cache, type, NULL, 1, NULL);
}
