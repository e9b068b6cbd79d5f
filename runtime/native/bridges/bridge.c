/*
 * Bridges: their life, and which channels are in them (asterisk/bridge.h, asterisk/bridge_internal.h).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "bridges.h"

#include "asterisk/causes.h"

#include "channels/record.h"

/* All bridges, without references: a bridge leaves when it is dissolved. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static AST_VECTOR(, struct ast_bridge *) all;

static int base_push(struct ast_bridge *self attribute_unused, struct ast_bridge_channel *member, struct ast_bridge_channel *swap)
{
	ast_bridge_channel_update_linkedids(member, swap);
	ast_bridge_channel_update_accountcodes(member, swap);
	return 0;
}

static void base_end(struct ast_bridge *self attribute_unused)
{
}

static void base_pull(struct ast_bridge *self attribute_unused, struct ast_bridge_channel *member)
{
	if (member->features) {
		ast_bridge_features_remove(member->features, AST_BRIDGE_HOOK_REMOVE_ON_PULL);
	}
}

static void base_masquerade(struct ast_bridge *self attribute_unused, struct ast_bridge_channel *member attribute_unused)
{
}

static int base_priority(struct ast_bridge *self attribute_unused)
{
	return 0;
}

struct ast_bridge_methods ast_bridge_base_v_table = {
	.name = "base",
	.destroy = base_end,
	.dissolving = base_end,
	.push = base_push,
	.pull = base_pull,
	.notify_masquerade = base_masquerade,
	.get_merge_priority = base_priority,
	.push_peek = base_push,
};

/* ---- life ---- */

static void forget(const struct ast_bridge *bridge)
{
	pthread_mutex_lock(&lock);
	AST_VECTOR_REMOVE_CMP_UNORDERED(&all, bridge, AST_VECTOR_ELEM_DEFAULT_CMP, AST_VECTOR_ELEM_CLEANUP_NOOP);
	pthread_mutex_unlock(&lock);
}

static void free_bridge(void *object)
{
	struct ast_bridge *bridge = object;
	struct ast_var_t *variable;

	forget(bridge);
	if (bridge->construction_completed) {
		asterism_bridge_topic_end(bridge);
	}
	if (bridge->v_table->destroy) {
		bridge->v_table->destroy(bridge);
	}
	asterism_bridge_stop(bridge);
	while ((variable = AST_LIST_REMOVE_HEAD(&bridge->bridgevars, entries))) {
		ast_var_delete(variable);
	}
	ast_bridge_remove_video_src(bridge, NULL);
	AST_VECTOR_FREE(&bridge->media_types);
	ao2_cleanup(bridge->topic);
	ao2_cleanup(bridge->current_snapshot);
	ast_string_field_free_memory(bridge);
}

struct ast_bridge *bridge_alloc(size_t size, const struct ast_bridge_methods *v_table)
{
	struct ast_bridge *bridge;

	if (size < sizeof(*bridge) || !v_table) {
		ast_log(LOG_ERROR, "a bridge needs its methods and %zu bytes or more\n", sizeof(*bridge));
		return NULL;
	}
	bridge = ao2_alloc(size, free_bridge);
	if (bridge) {
		bridge->v_table = v_table;
		bridge->creationtime = ast_tvnow();
		if (ast_string_field_init(bridge, 80)) {
			ao2_ref(bridge, -1);
			return NULL;
		}
	}
	return bridge;
}

struct ast_bridge *bridge_base_init(struct ast_bridge *self, uint32_t capabilities, unsigned int flags, const char *creator,
	const char *name, const char *id)
{
	char made[AST_UUID_STR_LEN];

	if (!self) {
		return NULL;
	}
	ast_string_field_set(self, uniqueid, S_OR(id, ast_uuid_generate_str(made, sizeof(made))));
	ast_string_field_set(self, creator, S_OR(creator, ""));
	ast_string_field_set(self, name, S_OR(name, ""));
	self->allowed_capabilities = capabilities;
	ast_set_flag(&self->feature_flags, flags);
	if (asterism_bridge_topic_make(self) || asterism_bridge_start(self)) {
		ao2_ref(self, -1);
		return NULL;
	}
	return self;
}

struct ast_bridge *bridge_register(struct ast_bridge *bridge)
{
	int result;

	if (!bridge) {
		return NULL;
	}
	pthread_mutex_lock(&lock);
	result = AST_VECTOR_APPEND(&all, bridge);
	pthread_mutex_unlock(&lock);
	if (result) {
		ao2_ref(bridge, -1);
		return NULL;
	}
	ao2_lock(bridge);
	bridge->construction_completed = 1;
	ast_bridge_publish_state(bridge);
	ao2_unlock(bridge);
	return bridge;
}

struct ast_bridge *ast_bridge_base_new(uint32_t capabilities, unsigned int flags, const char *creator, const char *name,
	const char *id)
{
	struct ast_bridge *bridge = bridge_alloc(sizeof(*bridge), &ast_bridge_base_v_table);

	return bridge_register(bridge_base_init(bridge, capabilities, flags, creator, name, id));
}

void bridge_dissolve(struct ast_bridge *bridge, int cause)
{
	struct ast_bridge_channel *member;

	if (!bridge || bridge->dissolved) {
		return;
	}
	bridge->dissolved = 1;
	bridge->cause = cause > 0 ? cause : AST_CAUSE_NORMAL_CLEARING;
	if (bridge->v_table->dissolving) {
		bridge->v_table->dissolving(bridge);
	}
	AST_LIST_TRAVERSE(&bridge->channels, member, entry) {
		ast_bridge_channel_leave_bridge(member, BRIDGE_CHANNEL_STATE_END_NO_DISSOLVE, bridge->cause);
	}
	forget(bridge);
}

int ast_bridge_destroy(struct ast_bridge *bridge, int cause)
{
	if (!bridge) {
		return -1;
	}
	ao2_lock(bridge);
	bridge_dissolve(bridge, cause);
	ao2_unlock(bridge);
	ao2_ref(bridge, -1);
	return 0;
}

/* ---- bridges and channels by name ---- */

static int order(const void *left, const void *right, int flags)
{
	const char *name = flags & OBJ_SEARCH_KEY ? right : ((const struct ast_bridge *) right)->uniqueid;

	return strcmp(((const struct ast_bridge *) left)->uniqueid, name);
}

struct ao2_container *ast_bridges(void)
{
	struct ao2_container *bridges = ao2_container_alloc_rbtree(AO2_ALLOC_OPT_LOCK_MUTEX,
		AO2_CONTAINER_ALLOC_OPT_DUPS_ALLOW, order, NULL);
	size_t i;

	pthread_mutex_lock(&lock);
	for (i = 0; bridges && i < AST_VECTOR_SIZE(&all); i++) {
		/* A bridge whose last reference is in release waits for the lock in its destructor. */
		if (asterism_object_revive(AST_VECTOR_GET(&all, i))) {
			ao2_link(bridges, AST_VECTOR_GET(&all, i));
			ao2_ref(AST_VECTOR_GET(&all, i), -1);
		}
	}
	pthread_mutex_unlock(&lock);
	return bridges;
}

struct ast_bridge *ast_bridge_find_by_id(const char *bridge_id)
{
	struct ao2_container *bridges = bridge_id ? ast_bridges() : NULL;
	struct ast_bridge *found = bridges ? ao2_find(bridges, bridge_id, OBJ_SEARCH_KEY) : NULL;

	ao2_cleanup(bridges);
	return found;
}

struct ast_bridge_channel *bridge_find_channel(struct ast_bridge *bridge, struct ast_channel *chan)
{
	struct ast_bridge_channel *member = NULL;

	if (bridge && chan) {
		AST_LIST_TRAVERSE(&bridge->channels, member, entry) {
			if (member->chan == chan) {
				break;
			}
		}
	}
	return member;
}

/* The bridge channel of a channel, with a reference, or NULL. */
static struct ast_bridge_channel *member_of(struct ast_channel *chan, const char *function)
{
	struct ast_bridge_channel *member;

	if (!asterism_channel_record(chan, function)) {
		return NULL;
	}
	ao2_lock(chan);
	member = ao2_bump(ast_channel_internal_bridge_channel(chan));
	ao2_unlock(chan);
	return member;
}

struct ast_bridge_channel *ast_channel_get_bridge_channel(struct ast_channel *chan)
{
	return member_of(chan, __func__);
}

struct ast_bridge *ast_channel_get_bridge(const struct ast_channel *chan)
{
	struct ast_bridge *bridge = NULL;

	if (asterism_channel_record(chan, __func__)) {
		ao2_lock((void *) chan);
		bridge = ao2_bump(ast_channel_internal_bridge(chan));
		ao2_unlock((void *) chan);
	}
	return bridge;
}

int ast_channel_is_bridged(const struct ast_channel *chan)
{
	return ast_channel_internal_bridge(chan) != NULL;
}

struct ast_channel *ast_channel_bridge_peer(struct ast_channel *chan)
{
	struct ast_bridge *bridge = ast_channel_get_bridge(chan);
	struct ast_channel *peer = ast_bridge_peer(bridge, chan);

	ao2_cleanup(bridge);
	return peer;
}

const char *asterism_channel_bridge_id(struct ast_channel *chan)
{
	const struct ast_bridge *bridge = ast_channel_internal_bridge(chan);

	return bridge ? bridge->uniqueid : "";
}

struct ao2_container *ast_bridge_peers_nolock(struct ast_bridge *bridge)
{
	struct ao2_container *peers = ao2_container_alloc_list(AO2_ALLOC_OPT_LOCK_NOLOCK, 0, NULL, NULL);
	struct ast_bridge_channel *member;

	if (peers && bridge) {
		AST_LIST_TRAVERSE(&bridge->channels, member, entry) {
			ao2_link(peers, member->chan);
		}
	}
	return peers;
}

struct ao2_container *ast_bridge_peers(struct ast_bridge *bridge)
{
	struct ao2_container *peers;

	if (!bridge) {
		return ast_bridge_peers_nolock(NULL);
	}
	ao2_lock(bridge);
	peers = ast_bridge_peers_nolock(bridge);
	ao2_unlock(bridge);
	return peers;
}

struct ast_channel *ast_bridge_peer_nolock(struct ast_bridge *bridge, struct ast_channel *chan)
{
	struct ast_bridge_channel *peer = ast_bridge_channel_peer(bridge_find_channel(bridge, chan));

	return peer ? ao2_bump(peer->chan) : NULL;
}

struct ast_channel *ast_bridge_peer(struct ast_bridge *bridge, struct ast_channel *chan)
{
	struct ast_channel *peer;

	if (!bridge) {
		return NULL;
	}
	ao2_lock(bridge);
	peer = ast_bridge_peer_nolock(bridge, chan);
	ao2_unlock(bridge);
	return peer;
}

/* ---- frames ---- */

static int give_all(struct ast_bridge *bridge, const struct ast_bridge_channel *but, struct ast_frame *frame)
{
	struct ast_bridge_channel *member;
	int result = -1;

	AST_LIST_TRAVERSE(&bridge->channels, member, entry) {
		if (member != but && !ast_bridge_channel_queue_frame(member, frame)) {
			result = 0;
		}
	}
	return result;
}

int ast_bridge_queue_everyone_else(struct ast_bridge *bridge, struct ast_bridge_channel *bridge_channel,
	struct ast_frame *frame)
{
	if (!bridge || !frame) {
		return -1;
	}
	/* The core makes silence for each channel by itself. */
	if (frame->frametype == AST_FRAME_VOICE && frame->src && !strcmp(frame->src, ASTERISM_SILENCE)) {
		return 0;
	}
	return give_all(bridge, bridge_channel, frame);
}

int ast_bridge_queue_action(struct ast_bridge *bridge, struct ast_frame *action)
{
	int result;

	if (!bridge || !action) {
		return -1;
	}
	ao2_lock(bridge);
	result = give_all(bridge, NULL, action);
	ao2_unlock(bridge);
	return result;
}

/* ---- channels come and go ---- */

/* Releases a channel from its bridge channel. */
static void disclaim(struct ast_channel *chan)
{
	ao2_lock(chan);
	ast_channel_internal_bridge_channel_set(chan, NULL);
	ao2_unlock(chan);
}

int ast_bridge_join(struct ast_bridge *bridge, struct ast_channel *chan, struct ast_channel *swap,
	struct ast_bridge_features *features, struct ast_bridge_tech_optimizations *tech_args, enum ast_bridge_join_flags flags)
{
	struct ast_bridge_features *own = features ? NULL : ast_bridge_features_new();
	struct ast_bridge_channel *member = asterism_member_new(bridge, chan, swap, features ? features : own);
	int result = -1;

	if (bridge && flags & AST_BRIDGE_JOIN_PASS_REFERENCE) {
		ao2_ref(bridge, -1);
	}
	if (member) {
		if (tech_args) {
			member->tech_args = *tech_args;
		}
		result = asterism_member_run(member);
		disclaim(chan);
		member->features = NULL;
		ao2_ref(member, -1);
		ast_bridge_run_after_callback(chan);
		ast_bridge_setup_after_goto(chan);
	}
	ast_bridge_features_destroy(own);
	return result;
}

static void *stay_until_departed(void *data)
{
	struct ast_bridge_channel *member = data;

	asterism_member_run(member);
	ast_bridge_features_destroy(member->features);
	member->features = NULL;
	return NULL;
}

static void *stay_alone(void *data)
{
	struct ast_bridge_channel *member = data;
	struct ast_channel *chan = member->chan;
	int result = asterism_member_run(member);

	ast_bridge_features_destroy(member->features);
	member->features = NULL;
	disclaim(chan);
	if (!result) {
		ast_bridge_run_after_callback(chan);
		ast_bridge_run_after_goto(chan);	/* Hangs the channel up in the end. */
	}
	ao2_ref(member, -1);
	return NULL;
}

/* Starts the thread of a bridge channel and waits until it is in its bridge: 0, or -1. */
static int start(struct ast_bridge_channel *member, int is_independent)
{
	const struct asterism_member *way = (struct asterism_member *) member;
	pthread_t thread;
	int entered;

	ao2_ref(member, 1);
	if (is_independent ? ast_pthread_create_detached(&thread, NULL, stay_alone, member)
		: ast_pthread_create(&thread, NULL, stay_until_departed, member)) {
		ao2_ref(member, -1);
		return -1;
	}
	ao2_lock(member);
	while (!way->entered) {
		ast_cond_wait(&member->cond, ao2_object_get_lockaddr(member));
	}
	entered = way->entered;
	ao2_unlock(member);
	if (!is_independent && entered < 0) {
		pthread_join(thread, NULL);
	} else {
		member->depart_wait = !is_independent;
	}
	return entered > 0 ? 0 : -1;
}

int ast_bridge_impart(struct ast_bridge *bridge, struct ast_channel *chan, struct ast_channel *swap,
	struct ast_bridge_features *features, enum ast_bridge_impart_flags flags)
{
	const int is_independent = (flags & AST_BRIDGE_IMPART_CHAN_MASK) == AST_BRIDGE_IMPART_CHAN_INDEPENDENT;
	struct ast_bridge_channel *member;
	int result;

	features = features ? features : ast_bridge_features_new();
	member = features ? asterism_member_new(bridge, chan, swap, features) : NULL;
	if (!member) {
		ast_bridge_features_destroy(features);
		return -1;
	}
	result = start(member, is_independent);
	if (result && chan) {
		disclaim(chan);
		ast_bridge_discard_after_callback(chan, AST_BRIDGE_AFTER_CB_REASON_IMPART_FAILED);
		ast_bridge_discard_after_goto(chan);
	}
	ao2_ref(member, -1);
	return result;
}

int ast_bridge_depart(struct ast_channel *chan)
{
	struct ast_bridge_channel *member = member_of(chan, __func__);
	int result = member && member->depart_wait ? 0 : -1;

	if (!result) {
		ast_bridge_channel_leave_bridge(member, BRIDGE_CHANNEL_STATE_END_NO_DISSOLVE, 0);
		pthread_join(member->thread, NULL);
		disclaim(chan);
		ast_bridge_discard_after_callback(chan, AST_BRIDGE_AFTER_CB_REASON_DEPART);
		ast_bridge_discard_after_goto(chan);
		ao2_ref(member, -1);	/* That of its thread. */
	}
	ao2_cleanup(member);
	return result;
}

static int take_out(struct ast_bridge *bridge, struct ast_channel *chan, enum bridge_channel_state state)
{
	struct ast_bridge_channel *member;

	if (!bridge || !chan) {
		return -1;
	}
	ao2_lock(bridge);
	member = bridge_find_channel(bridge, chan);
	ast_bridge_channel_leave_bridge(member, state, 0);
	ao2_unlock(bridge);
	return member ? 0 : -1;
}

int ast_bridge_remove(struct ast_bridge *bridge, struct ast_channel *chan)
{
	return take_out(bridge, chan, BRIDGE_CHANNEL_STATE_END_NO_DISSOLVE);
}

int ast_bridge_kick(struct ast_bridge *bridge, struct ast_channel *chan)
{
	return take_out(bridge, chan, BRIDGE_CHANNEL_STATE_END);
}

int ast_bridge_move(struct ast_bridge *dst_bridge, struct ast_bridge *src_bridge, struct ast_channel *chan,
	struct ast_channel *swap, int attempt_recovery)
{
	struct ast_bridge_channel *member;
	int result = -1;

	if (!dst_bridge || !src_bridge || dst_bridge == src_bridge || !chan) {
		return -1;
	}
	ast_bridge_lock_both(dst_bridge, src_bridge);
	member = ao2_bump(bridge_find_channel(src_bridge, chan));
	if (member && member->state == BRIDGE_CHANNEL_STATE_WAIT && !dst_bridge->dissolved) {
		ao2_cleanup(member->swap);
		member->swap = ao2_bump(swap);
		result = asterism_member_move(member, dst_bridge, attempt_recovery);
	}
	ao2_unlock(src_bridge);
	ao2_unlock(dst_bridge);
	if (!result) {
		asterism_hooks_moved(member, src_bridge, dst_bridge);
	}
	ao2_cleanup(member);
	return result;
}

static int is_listed(struct ast_channel *chan, struct ast_channel **list, unsigned int count)
{
	unsigned int i;

	for (i = 0; list && i < count; i++) {
		if (list[i] == chan) {
			return 1;
		}
	}
	return 0;
}

int ast_bridge_merge(struct ast_bridge *dst_bridge, struct ast_bridge *src_bridge, int merge_best_direction attribute_unused,
	struct ast_channel **kick_me, unsigned int num_kick)
{
	struct ast_bridge_channel *member, *next;

	if (!dst_bridge || !src_bridge || dst_bridge == src_bridge) {
		return -1;
	}
	ast_bridge_lock_both(dst_bridge, src_bridge);
	if (dst_bridge->dissolved || src_bridge->dissolved || dst_bridge->inhibit_merge || src_bridge->inhibit_merge) {
		ao2_unlock(src_bridge);
		ao2_unlock(dst_bridge);
		return -1;
	}
	ast_bridge_publish_merge(dst_bridge, src_bridge);
	for (member = AST_LIST_FIRST(&src_bridge->channels); member; member = next) {
		next = AST_LIST_NEXT(member, entry);
		if (is_listed(member->chan, kick_me, num_kick)) {
			ast_bridge_channel_kick(member, 0);
		} else {
			asterism_member_move(member, dst_bridge, 0);
		}
	}
	bridge_dissolve(src_bridge, 0);
	ao2_unlock(src_bridge);
	ao2_unlock(dst_bridge);
	return 0;
}

void bridge_merge_inhibit_nolock(struct ast_bridge *bridge, int request)
{
	bridge->inhibit_merge += (unsigned int) request;
}

void ast_bridge_merge_inhibit(struct ast_bridge *bridge, int request)
{
	if (bridge) {
		ao2_lock(bridge);
		bridge_merge_inhibit_nolock(bridge, request);
		ao2_unlock(bridge);
	}
}

void ast_bridge_notify_masquerade(struct ast_channel *chan attribute_unused)
{
}

/* ---- suspension ---- */

static int suspend(struct ast_bridge *bridge, struct ast_channel *chan, int is_suspended)
{
	struct ast_bridge_channel *member;

	if (!bridge) {
		return -1;
	}
	ao2_lock(bridge);
	member = bridge_find_channel(bridge, chan);
	if (member && member->suspended != is_suspended) {
		void (*tell)(struct ast_bridge *, struct ast_bridge_channel *) = !bridge->technology ? NULL
			: is_suspended ? bridge->technology->suspend : bridge->technology->unsuspend;

		ao2_lock(member);
		member->suspended = is_suspended != 0;
		asterism_member_wake(member);
		ao2_unlock(member);
		bridge->num_active += is_suspended ? -1U : 1U;
		if (tell) {
			tell(bridge, member);
		}
	}
	ao2_unlock(bridge);
	return member ? 0 : -1;
}

int ast_bridge_suspend(struct ast_bridge *bridge, struct ast_channel *chan)
{
	return suspend(bridge, chan, 1);
}

int ast_bridge_unsuspend(struct ast_bridge *bridge, struct ast_channel *chan)
{
	return suspend(bridge, chan, 0);
}

/* ---- for Python ---- */

static void tell(struct asterism_bridge_told *told, struct ast_bridge *bridge)
{
	ao2_lock(bridge);
	snprintf(told->id, sizeof(told->id), "%s", bridge->uniqueid);
	snprintf(told->kind, sizeof(told->kind), "%s", bridge->v_table->name);
	snprintf(told->technology, sizeof(told->technology), "%s", bridge->technology ? bridge->technology->name : "");
	snprintf(told->name, sizeof(told->name), "%s", bridge->name);
	snprintf(told->creator, sizeof(told->creator), "%s", bridge->creator);
	snprintf(told->video, sizeof(told->video), "%s", ast_bridge_video_mode_to_string(bridge->softmix.video_mode.mode));
	told->created = (long long) bridge->creationtime.tv_sec;
	told->channels = (int) bridge->num_channels;
	told->is_invisible = ast_test_flag(&bridge->feature_flags, AST_BRIDGE_FLAG_INVISIBLE) != 0;
	ao2_unlock(bridge);
}

int asterism_bridges(struct asterism_bridge_told *told, int room)
{
	struct ao2_container *bridges = ast_bridges();
	struct ao2_iterator walk;
	struct ast_bridge *bridge;
	int found = 0;

	if (!bridges) {
		return 0;
	}
	walk = ao2_iterator_init(bridges, 0);
	while ((bridge = ao2_iterator_next(&walk))) {
		if (found < room) {
			tell(&told[found], bridge);
		}
		found++;
		ao2_ref(bridge, -1);
	}
	ao2_iterator_destroy(&walk);
	ao2_ref(bridges, -1);
	return found;
}

char *asterism_bridge_channels(const char *id)
{
	struct ast_bridge *bridge = ast_bridge_find_by_id(id);
	struct ast_str *names = bridge ? ast_str_create(256) : NULL;
	struct ast_bridge_channel *member;
	char *result = NULL;

	if (names) {
		ao2_lock(bridge);
		AST_LIST_TRAVERSE(&bridge->channels, member, entry) {
			ast_str_append(&names, 0, "%s\n", ast_channel_name(member->chan));
		}
		ao2_unlock(bridge);
		result = strdup(ast_str_buffer(names));
		ast_free(names);
	}
	ao2_cleanup(bridge);
	return result;
}

int asterism_bridge_end(const char *id)
{
	struct ast_bridge *bridge = ast_bridge_find_by_id(id);

	if (!bridge) {
		return -1;
	}
	ao2_lock(bridge);
	bridge_dissolve(bridge, 0);
	ao2_unlock(bridge);
	ao2_ref(bridge, -1);
	return 0;
}

int asterism_bridge_kick(const char *id, struct ast_channel *chan)
{
	struct ast_bridge *bridge = ast_bridge_find_by_id(id);
	int result = ast_bridge_kick(bridge, chan);

	ao2_cleanup(bridge);
	return result;
}
