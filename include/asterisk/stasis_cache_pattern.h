/*
 * Topics for many things of a kind, each with its own, that are forwarded to a topic of all, with a cache of their states.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef ASTERISM_STASIS_CACHE_PATTERN_H
#define ASTERISM_STASIS_CACHE_PATTERN_H

#include "asterisk/stasis.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What all things share: objects of astobj2.h.  NULL when out of memory; what it gives has no reference. */
struct stasis_cp_all;
struct stasis_cp_all *stasis_cp_all_create(const char *name, snapshot_get_id id_fn);
struct stasis_topic *stasis_cp_all_topic(struct stasis_cp_all *all);
struct stasis_topic *stasis_cp_all_topic_cached(struct stasis_cp_all *all);
struct stasis_cache *stasis_cp_all_cache(struct stasis_cp_all *all);

/* A thing: with a cached topic and forwards, or (a sink) without; unsubscribe ends it and releases the caller's reference. */
struct stasis_cp_single;
struct stasis_cp_single *stasis_cp_single_create(struct stasis_cp_all *all, const char *name);
struct stasis_cp_single *stasis_cp_sink_create(struct stasis_cp_all *all, const char *name);
void stasis_cp_single_unsubscribe(struct stasis_cp_single *one);
struct stasis_topic *stasis_cp_single_topic(struct stasis_cp_single *one);
struct stasis_topic *stasis_cp_single_topic_cached(struct stasis_cp_single *one);
int stasis_cp_single_accept_message_type(struct stasis_cp_single *one, struct stasis_message_type *type);
int stasis_cp_single_set_filter(struct stasis_cp_single *one, enum stasis_subscription_message_filter filter);

#ifdef __cplusplus
}
#endif

#endif
