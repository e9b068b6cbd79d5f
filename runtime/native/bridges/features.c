/*
 * Hooks of a channel in a bridge, and built-in features (asterisk/bridge_features.h).
 *
 * The thread of the channel runs the hooks; a module may add some meanwhile, under the locks of the containers.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "bridges.h"

#define DIGITS_MS 3000	/* After this long a digit begins anew. */

/* ---- built-in features ---- */

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static ast_bridge_hook_callback builtins[AST_BRIDGE_BUILTIN_END];
static char builtin_digits[AST_BRIDGE_BUILTIN_END][MAXIMUM_DTMF_FEATURE_STRING];
static ast_bridge_builtin_set_limits_fn limit_setters[AST_BRIDGE_BUILTIN_INTERVAL_END];

int ast_bridge_features_register(enum ast_bridge_builtin_feature feature, ast_bridge_hook_callback callback, const char *dtmf)
{
	int result = -1;

	if ((unsigned int) feature >= ARRAY_LEN(builtins) || !callback) {
		return -1;
	}
	pthread_mutex_lock(&lock);
	if (!builtins[feature]) {
		builtins[feature] = callback;
		ast_copy_string(builtin_digits[feature], S_OR(dtmf, ""), sizeof(builtin_digits[feature]));
		result = 0;
	}
	pthread_mutex_unlock(&lock);
	return result;
}

static ast_bridge_hook_callback builtin(enum ast_bridge_builtin_feature feature, int is_removed)
{
	ast_bridge_hook_callback callback = NULL;

	if ((unsigned int) feature < ARRAY_LEN(builtins)) {
		pthread_mutex_lock(&lock);
		callback = builtins[feature];
		builtins[feature] = is_removed ? NULL : callback;
		pthread_mutex_unlock(&lock);
	}
	return callback;
}

int ast_bridge_features_unregister(enum ast_bridge_builtin_feature feature)
{
	return builtin(feature, 1) ? 0 : -1;
}

int ast_bridge_features_do(enum ast_bridge_builtin_feature feature, struct ast_bridge_channel *bridge_channel, void *hook_pvt)
{
	ast_bridge_hook_callback callback = bridge_channel ? builtin(feature, 0) : NULL;

	return callback ? callback(bridge_channel, hook_pvt) : -1;
}

int ast_bridge_interval_register(enum ast_bridge_builtin_interval interval, ast_bridge_builtin_set_limits_fn callback)
{
	int result = -1;

	if ((unsigned int) interval >= ARRAY_LEN(limit_setters) || !callback) {
		return -1;
	}
	pthread_mutex_lock(&lock);
	if (!limit_setters[interval]) {
		limit_setters[interval] = callback;
		result = 0;
	}
	pthread_mutex_unlock(&lock);
	return result;
}

int ast_bridge_interval_unregister(enum ast_bridge_builtin_interval interval)
{
	int result = -1;

	if ((unsigned int) interval < ARRAY_LEN(limit_setters)) {
		pthread_mutex_lock(&lock);
		result = limit_setters[interval] ? 0 : -1;
		limit_setters[interval] = NULL;
		pthread_mutex_unlock(&lock);
	}
	return result;
}

int ast_bridge_features_limits_construct(struct ast_bridge_features_limits *limits)
{
	if (!limits) {
		return -1;
	}
	memset(limits, 0, sizeof(*limits));
	return ast_string_field_init(limits, 256) ? -1 : 0;
}

void ast_bridge_features_limits_destroy(struct ast_bridge_features_limits *limits)
{
	if (limits) {
		ast_string_field_free_memory(limits);
	}
}

int ast_bridge_features_set_limits(struct ast_bridge_features *features, struct ast_bridge_features_limits *limits,
	enum ast_bridge_hook_remove_flags remove_flags)
{
	ast_bridge_builtin_set_limits_fn set;

	pthread_mutex_lock(&lock);
	set = limit_setters[AST_BRIDGE_BUILTIN_INTERVAL_LIMITS];
	pthread_mutex_unlock(&lock);
	return features && limits && set ? set(features, limits, remove_flags) : -1;
}

/* ---- hooks ---- */

static int by_digits(const void *left, const void *right, int flags)
{
	const char *digits = flags & (OBJ_SEARCH_KEY | OBJ_SEARCH_PARTIAL_KEY) ? right
		: ((const struct ast_bridge_hook_dtmf *) right)->dtmf.code;
	const char *code = ((const struct ast_bridge_hook_dtmf *) left)->dtmf.code;

	return flags & OBJ_SEARCH_PARTIAL_KEY ? strncasecmp(code, digits, strlen(digits)) : strcasecmp(code, digits);
}

/* A heap gives its largest element first: the one that is due first. */
static int by_time(void *left, void *right)
{
	const struct ast_bridge_hook_timer_parms *first = &((struct ast_bridge_hook_timer *) left)->timer;
	const struct ast_bridge_hook_timer_parms *second = &((struct ast_bridge_hook_timer *) right)->timer;
	int result = ast_tvcmp(second->trip_time, first->trip_time);

	return result ? result : (int) (second->seqno - first->seqno);
}

int ast_bridge_features_init(struct ast_bridge_features *features)
{
	if (!features) {
		return -1;
	}
	memset(features, 0, sizeof(*features));
	features->dtmf_hooks = ao2_container_alloc_rbtree(AO2_ALLOC_OPT_LOCK_MUTEX, AO2_CONTAINER_ALLOC_OPT_DUPS_REPLACE,
		by_digits, NULL);
	features->other_hooks = ao2_container_alloc_list(AO2_ALLOC_OPT_LOCK_MUTEX, 0, NULL, NULL);
	features->interval_hooks = ast_heap_create(8, by_time, (ssize_t) offsetof(struct ast_bridge_hook_timer, timer.heap_index));
	if (!features->dtmf_hooks || !features->other_hooks || !features->interval_hooks) {
		ast_bridge_features_cleanup(features);
		return -1;
	}
	return 0;
}

void ast_bridge_features_cleanup(struct ast_bridge_features *features)
{
	struct ast_bridge_hook_timer *timer;

	if (!features) {
		return;
	}
	while (features->interval_hooks && (timer = ast_heap_pop(features->interval_hooks))) {
		ao2_ref(timer, -1);
	}
	features->interval_hooks = features->interval_hooks ? ast_heap_destroy(features->interval_hooks) : NULL;
	ao2_cleanup(features->other_hooks);
	ao2_cleanup(features->dtmf_hooks);
	features->other_hooks = features->dtmf_hooks = NULL;
}

struct ast_bridge_features *ast_bridge_features_new(void)
{
	struct ast_bridge_features *features = ast_calloc(1, sizeof(*features));

	if (features && ast_bridge_features_init(features)) {
		ast_free(features);
		features = NULL;
	}
	return features;
}

void ast_bridge_features_destroy(struct ast_bridge_features *features)
{
	ast_bridge_features_cleanup(features);
	ast_free(features);
}

void ast_bridge_features_set_flag(struct ast_bridge_features *features, unsigned int flag)
{
	if (features) {
		ast_set_flag(&features->feature_flags, flag);
		features->usable = 1;
	}
}

static void free_hook(void *object)
{
	struct ast_bridge_hook *hook = object;

	if (hook->destructor) {
		hook->destructor(hook->hook_pvt);
	}
}

/* A hook of that size, whose destructor the caller sets once nothing can fail. */
static void *new_hook(struct ast_bridge_features *features, size_t size, enum ast_bridge_hook_type type,
	ast_bridge_hook_callback callback, void *hook_pvt, enum ast_bridge_hook_remove_flags remove_flags)
{
	struct ast_bridge_hook *hook;

	if (!features || !features->other_hooks || !callback) {
		return NULL;
	}
	hook = ao2_alloc(size, free_hook);
	if (hook) {
		hook->callback = callback;
		hook->hook_pvt = hook_pvt;
		hook->type = type;
		ast_set_flag(&hook->remove_flags, remove_flags);
	}
	return hook;
}

/* Releases a new hook; it was kept when the result is 0. */
static int kept(struct ast_bridge_features *features, struct ast_bridge_hook *hook, ast_bridge_hook_pvt_destructor destructor,
	int is_kept)
{
	if (is_kept) {
		hook->destructor = destructor;
		features->usable = 1;
	}
	ao2_ref(hook, -1);
	return is_kept ? 0 : -1;
}

static int add(struct ast_bridge_features *features, enum ast_bridge_hook_type type, ast_bridge_hook_callback callback,
	void *hook_pvt, ast_bridge_hook_pvt_destructor destructor, enum ast_bridge_hook_remove_flags remove_flags)
{
	struct ast_bridge_hook *hook = new_hook(features, sizeof(*hook), type, callback, hook_pvt, remove_flags);

	return hook ? kept(features, hook, destructor, ao2_link(features->other_hooks, hook)) : -1;
}

#define ADD(name, type, callback_type) \
int name(struct ast_bridge_features *features, callback_type callback, void *hook_pvt, \
	ast_bridge_hook_pvt_destructor destructor, enum ast_bridge_hook_remove_flags remove_flags) \
{ \
	return add(features, type, (ast_bridge_hook_callback) (void (*)(void)) callback, hook_pvt, destructor, remove_flags); \
}
ADD(ast_bridge_join_hook, AST_BRIDGE_HOOK_TYPE_JOIN, ast_bridge_hook_callback)
ADD(ast_bridge_leave_hook, AST_BRIDGE_HOOK_TYPE_LEAVE, ast_bridge_hook_callback)
ADD(ast_bridge_hangup_hook, AST_BRIDGE_HOOK_TYPE_HANGUP, ast_bridge_hook_callback)
ADD(ast_bridge_talk_detector_hook, AST_BRIDGE_HOOK_TYPE_TALK, ast_bridge_talking_indicate_callback)
ADD(ast_bridge_move_hook, AST_BRIDGE_HOOK_TYPE_MOVE, ast_bridge_move_indicate_callback)

int ast_bridge_dtmf_hook(struct ast_bridge_features *features, const char *dtmf, ast_bridge_hook_callback callback,
	void *hook_pvt, ast_bridge_hook_pvt_destructor destructor, enum ast_bridge_hook_remove_flags remove_flags)
{
	struct ast_bridge_hook_dtmf *hook;

	if (ast_strlen_zero(dtmf) || strlen(dtmf) >= sizeof(hook->dtmf.code)) {
		return -1;
	}
	hook = new_hook(features, sizeof(*hook), AST_BRIDGE_HOOK_TYPE_DTMF, callback, hook_pvt, remove_flags);
	if (!hook) {
		return -1;
	}
	ast_copy_string(hook->dtmf.code, dtmf, sizeof(hook->dtmf.code));
	return kept(features, &hook->generic, destructor, ao2_link(features->dtmf_hooks, hook));
}

int ast_bridge_interval_hook(struct ast_bridge_features *features, enum ast_bridge_hook_timer_option flags,
	unsigned int interval, ast_bridge_hook_callback callback, void *hook_pvt, ast_bridge_hook_pvt_destructor destructor,
	enum ast_bridge_hook_remove_flags remove_flags)
{
	struct ast_bridge_hook_timer *hook = interval ? new_hook(features, sizeof(*hook), AST_BRIDGE_HOOK_TYPE_TIMER, callback,
		hook_pvt, remove_flags) : NULL;
	int is_kept;

	if (!hook) {
		return -1;
	}
	hook->timer.interval = interval;
	hook->timer.flags = flags;
	hook->timer.trip_time = ast_tvadd(ast_tvnow(), ast_samp2tv(interval, 1000));
	ast_heap_wrlock(features->interval_hooks);
	hook->timer.seqno = features->interval_sequence++;
	is_kept = !ast_heap_push(features->interval_hooks, ao2_bump(hook));
	ast_heap_unlock(features->interval_hooks);
	if (!is_kept) {
		ao2_ref(hook, -1);
	}
	return kept(features, &hook->generic, destructor, is_kept);
}

int ast_bridge_features_enable(struct ast_bridge_features *features, enum ast_bridge_builtin_feature feature,
	const char *dtmf, void *config, ast_bridge_hook_pvt_destructor destructor, enum ast_bridge_hook_remove_flags remove_flags)
{
	char digits[MAXIMUM_DTMF_FEATURE_STRING] = "";
	ast_bridge_hook_callback callback = builtin(feature, 0);

	if (callback) {
		pthread_mutex_lock(&lock);
		ast_copy_string(digits, builtin_digits[feature], sizeof(digits));
		pthread_mutex_unlock(&lock);
	}
	return ast_bridge_dtmf_hook(features, S_OR(dtmf, digits), callback, config, destructor, remove_flags);
}

/* Links the hooks of one container into another. */
static void copy_hooks(struct ao2_container *into, struct ao2_container *from)
{
	struct ao2_iterator walk = ao2_iterator_init(from, 0);
	void *hook;

	while ((hook = ao2_iterator_next(&walk))) {
		ao2_link(into, hook);
		ao2_ref(hook, -1);
	}
	ao2_iterator_destroy(&walk);
}

void ast_bridge_features_merge(struct ast_bridge_features *into, const struct ast_bridge_features *from)
{
	struct ast_bridge_hook_timer *timer;
	size_t i;

	if (!into || !from || into == from) {
		return;
	}
	copy_hooks(into->dtmf_hooks, from->dtmf_hooks);
	copy_hooks(into->other_hooks, from->other_hooks);
	ast_heap_wrlock(into->interval_hooks);
	for (i = 1; i <= ast_heap_size(from->interval_hooks); i++) {
		timer = ast_heap_peek(from->interval_hooks, (unsigned int) i);
		ast_heap_push(into->interval_hooks, ao2_bump(timer));
	}
	ast_heap_unlock(into->interval_hooks);
	ast_set_flag(&into->feature_flags, from->feature_flags.flags);
	into->usable |= from->usable;
	into->mute |= from->mute;
	into->dtmf_passthrough |= from->dtmf_passthrough;
}

static int has_flag(void *object, void *flags, int how attribute_unused)
{
	const struct ast_bridge_hook *hook = object;

	return hook->remove_flags.flags & *(const unsigned int *) flags ? CMP_MATCH : 0;
}

void ast_bridge_features_remove(struct ast_bridge_features *features, enum ast_bridge_hook_remove_flags flags)
{
	unsigned int wanted = flags, i;
	struct ast_bridge_hook_timer *timer;

	if (!features || !features->other_hooks) {
		return;
	}
	ao2_callback(features->dtmf_hooks, OBJ_UNLINK | OBJ_NODATA | OBJ_MULTIPLE, has_flag, &wanted);
	ao2_callback(features->other_hooks, OBJ_UNLINK | OBJ_NODATA | OBJ_MULTIPLE, has_flag, &wanted);
	ast_heap_wrlock(features->interval_hooks);
	for (i = 1; (timer = ast_heap_peek(features->interval_hooks, i));) {
		if (timer->generic.remove_flags.flags & wanted) {
			ast_heap_remove(features->interval_hooks, timer);
			ao2_ref(timer, -1);
			i = 1;
		} else {
			i++;
		}
	}
	ast_heap_unlock(features->interval_hooks);
}

/* ---- hooks are run ---- */

/* Calls one hook; removes it when it wants that. */
#define RUN(member, type_, call) \
	do { \
		struct ao2_container *hooks = (member)->features ? (member)->features->other_hooks : NULL; \
		struct ao2_iterator walk; \
		struct ast_bridge_hook *hook; \
		\
		if (hooks) { \
			walk = ao2_iterator_init(hooks, 0); \
			while ((hook = ao2_iterator_next(&walk))) { \
				if (hook->type == (type_) && (call)) { \
					ao2_unlink(hooks, hook); \
				} \
				ao2_ref(hook, -1); \
			} \
			ao2_iterator_destroy(&walk); \
		} \
	} while (0)

void asterism_hooks_run(struct ast_bridge_channel *member, enum ast_bridge_hook_type type)
{
	RUN(member, type, hook->callback(member, hook->hook_pvt));
}

void asterism_hooks_moved(struct ast_bridge_channel *member, struct ast_bridge *from, struct ast_bridge *to)
{
	RUN(member, AST_BRIDGE_HOOK_TYPE_MOVE,
		((ast_bridge_move_indicate_callback) (void (*)(void)) hook->callback)(member, hook->hook_pvt, from, to));
}

int ast_bridge_channel_notify_talking(struct ast_bridge_channel *bridge_channel, int started_talking)
{
	if (!bridge_channel) {
		return -1;
	}
	RUN(bridge_channel, AST_BRIDGE_HOOK_TYPE_TALK, ((ast_bridge_talking_indicate_callback) (void (*)(void)) hook->callback)(
		bridge_channel, hook->hook_pvt, started_talking));
	return 0;
}

/* Takes the first hook that is due; otherwise says how many milliseconds that takes, or -1. */
static struct ast_bridge_hook_timer *take_due(struct ast_bridge_features *features, int *ms)
{
	struct ast_bridge_hook_timer *hook;
	int64_t left = -1;

	ast_heap_wrlock(features->interval_hooks);
	hook = ast_heap_peek(features->interval_hooks, 1);
	if (hook) {
		left = ast_tvdiff_ms(hook->timer.trip_time, ast_tvnow());
		hook = left <= 0 ? ast_heap_pop(features->interval_hooks) : NULL;
	}
	ast_heap_unlock(features->interval_hooks);
	*ms = (int) MIN(left, INT_MAX);
	return hook;
}

int asterism_hooks_intervals(struct ast_bridge_channel *member)
{
	struct ast_bridge_features *features = member->features;
	struct ast_bridge_hook_timer *hook;
	int ms = -1, result;

	while (features && features->interval_hooks && (hook = take_due(features, &ms))) {
		result = hook->generic.callback(member, hook->generic.hook_pvt);
		if (result >= 0) {
			hook->timer.interval = result > 0 ? (unsigned int) result : hook->timer.interval;
			hook->timer.trip_time = ast_tvadd(ast_tvnow(), ast_samp2tv(hook->timer.interval, 1000));
			ast_heap_wrlock(features->interval_hooks);
			result = ast_heap_push(features->interval_hooks, hook) ? -1 : 0;
			ast_heap_unlock(features->interval_hooks);
		}
		if (result < 0) {
			ao2_ref(hook, -1);
		}
	}
	return ms;
}

/* ---- digits ---- */

int asterism_hooks_want_digits(struct ast_bridge_channel *member)
{
	return member->features && member->features->dtmf_hooks && ao2_container_count(member->features->dtmf_hooks);
}

void ast_bridge_channel_feature_digit_add(struct ast_bridge_channel *bridge_channel, int digit)
{
	size_t length;
	char *collected;

	if (bridge_channel && digit) {
		collected = bridge_channel->dtmf_hook_state.collected;
		length = strlen(collected);
		if (length + 1 < sizeof(bridge_channel->dtmf_hook_state.collected)) {
			collected[length] = (char) digit;
			collected[length + 1] = '\0';
		}
		bridge_channel->dtmf_hook_state.interdigit_timeout = ast_tvadd(ast_tvnow(), ast_samp2tv(DIGITS_MS, 1000));
	}
}

/* Gives the digits that belong to no hook to the bridge. */
static void pass_digits(struct ast_bridge_channel *member)
{
	char digits[MAXIMUM_DTMF_FEATURE_STRING];
	const char *digit;

	ast_copy_string(digits, member->dtmf_hook_state.collected, sizeof(digits));
	member->dtmf_hook_state.collected[0] = '\0';
	ast_bridge_channel_lock_bridge(member);
	for (digit = digits; *digit && member->in_bridge && member->bridge->technology; digit++) {
		struct ast_frame frame = { .frametype = AST_FRAME_DTMF_END, .subclass.integer = *digit, .len = 100, };

		member->bridge->technology->write(member->bridge, member, &frame);
	}
	ao2_unlock(member->bridge);
}

void ast_bridge_channel_feature_digit(struct ast_bridge_channel *bridge_channel, int digit)
{
	struct ast_bridge_hook *hook, *longer;
	char *collected;

	if (!bridge_channel || !digit || !bridge_channel->features) {
		return;
	}
	collected = bridge_channel->dtmf_hook_state.collected;
	if (*collected && ast_tvcmp(ast_tvnow(), bridge_channel->dtmf_hook_state.interdigit_timeout) > 0) {
		pass_digits(bridge_channel);
	}
	ast_bridge_channel_feature_digit_add(bridge_channel, digit);
	hook = ao2_find(bridge_channel->features->dtmf_hooks, collected, OBJ_SEARCH_KEY);
	if (hook) {
		*collected = '\0';
		if (hook->callback(bridge_channel, hook->hook_pvt)) {
			ao2_unlink(bridge_channel->features->dtmf_hooks, hook);
		}
		ao2_ref(hook, -1);
		return;
	}
	longer = ao2_find(bridge_channel->features->dtmf_hooks, collected, OBJ_SEARCH_PARTIAL_KEY);
	if (longer) {
		ao2_ref(longer, -1);
	} else {
		pass_digits(bridge_channel);
	}
}
