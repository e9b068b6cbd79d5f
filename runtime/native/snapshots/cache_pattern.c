/*
 * Topics for many things of a kind (asterisk/stasis_cache_pattern.h).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "snapshots.h"

#include "asterisk/stasis_cache_pattern.h"

struct stasis_cp_all {
	struct stasis_topic *topic;
	struct stasis_topic *cached;
	struct stasis_cache *cache;
};

struct stasis_cp_single {
	struct stasis_topic *topic;
	struct stasis_caching_topic *cached;	/* NULL of a sink. */
	struct stasis_forward *to_all;
	struct stasis_forward *to_all_cached;
};

static void free_all(void *object)
{
	struct stasis_cp_all *all = object;

	ao2_cleanup(all->topic);
	ao2_cleanup(all->cached);
	ao2_cleanup(all->cache);
}

struct stasis_cp_all *stasis_cp_all_create(const char *name, snapshot_get_id id_fn)
{
	struct stasis_cp_all *all = ast_strlen_zero(name) ? NULL
		: ao2_alloc_options(sizeof(*all), free_all, AO2_ALLOC_OPT_LOCK_NOLOCK);
	char cached[256];

	if (!all) {
		return NULL;
	}
	snprintf(cached, sizeof(cached), "%s-cached", name);
	all->topic = stasis_topic_create(name);
	all->cached = stasis_topic_create(cached);
	all->cache = stasis_cache_create(id_fn);
	if (!all->topic || !all->cached || !all->cache) {
		ao2_ref(all, -1);
		return NULL;
	}
	return all;
}

struct stasis_topic *stasis_cp_all_topic(struct stasis_cp_all *all)
{
	return all ? all->topic : NULL;
}

struct stasis_topic *stasis_cp_all_topic_cached(struct stasis_cp_all *all)
{
	return all ? all->cached : NULL;
}

struct stasis_cache *stasis_cp_all_cache(struct stasis_cp_all *all)
{
	return all ? all->cache : NULL;
}

static void free_single(void *object)
{
	struct stasis_cp_single *one = object;

	stasis_forward_cancel(one->to_all);
	stasis_forward_cancel(one->to_all_cached);
	ao2_cleanup(one->topic);
}

struct stasis_cp_single *stasis_cp_sink_create(struct stasis_cp_all *all, const char *name)
{
	struct stasis_cp_single *one = all && !ast_strlen_zero(name)
		? ao2_alloc_options(sizeof(*one), free_single, AO2_ALLOC_OPT_LOCK_NOLOCK) : NULL;

	if (!one) {
		return NULL;
	}
	one->topic = stasis_topic_create(name);
	if (!one->topic) {
		ao2_ref(one, -1);
		return NULL;
	}
	return one;
}

struct stasis_cp_single *stasis_cp_single_create(struct stasis_cp_all *all, const char *name)
{
	struct stasis_cp_single *one = stasis_cp_sink_create(all, name);

	if (!one) {
		return NULL;
	}
	one->to_all = stasis_forward_all(one->topic, all->topic);
	one->cached = one->to_all ? stasis_caching_topic_create(one->topic, all->cache) : NULL;
	one->to_all_cached = one->cached ? stasis_forward_all(stasis_caching_get_topic(one->cached), all->cached) : NULL;
	if (!one->to_all_cached) {
		stasis_cp_single_unsubscribe(one);
		return NULL;
	}
	return one;
}

void stasis_cp_single_unsubscribe(struct stasis_cp_single *one)
{
	if (one) {
		one->cached = stasis_caching_unsubscribe(one->cached);
		ao2_ref(one, -1);
	}
}

struct stasis_topic *stasis_cp_single_topic(struct stasis_cp_single *one)
{
	return one ? one->topic : NULL;
}

struct stasis_topic *stasis_cp_single_topic_cached(struct stasis_cp_single *one)
{
	return one && one->cached ? stasis_caching_get_topic(one->cached) : NULL;
}

int stasis_cp_single_accept_message_type(struct stasis_cp_single *one, struct stasis_message_type *type)
{
	return one && one->cached ? stasis_caching_accept_message_type(one->cached, type) : -1;
}

int stasis_cp_single_set_filter(struct stasis_cp_single *one, enum stasis_subscription_message_filter filter)
{
	return one && one->cached ? stasis_caching_set_filter(one->cached, filter) : -1;
}
