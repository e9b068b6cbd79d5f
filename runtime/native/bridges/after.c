/*
 * What a channel does after a bridge (asterisk/bridge_after.h).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "bridges.h"

#include "channels/record.h"

/* What is kept on the channel. */
struct after {
	ast_bridge_after_cb callback;
	ast_bridge_after_cb_failed failed;
	void *data;
	char *words;	/* A place as for ast_parseable_goto, or NULL; the other fields are of a place without it. */
	char context[AST_MAX_CONTEXT];
	char exten[AST_MAX_EXTENSION];
	int priority;
	int is_next;	/* Whether the place is the one after (context, exten, priority). */
	int has_place;
};

static void tell_failed(struct after *after, enum ast_bridge_after_cb_reason reason)
{
	ast_bridge_after_cb_failed failed = after->callback ? after->failed : NULL;

	after->callback = NULL;
	if (failed) {
		failed(reason, after->data);
	}
}

static void free_after(void *data)
{
	struct after *after = data;

	tell_failed(after, AST_BRIDGE_AFTER_CB_REASON_DESTROY);
	ast_free(after->words);
	ast_free(after);
}

static const struct ast_datastore_info info = { .type = "after a bridge", .destroy = free_after };

/* What is kept on a channel that is locked; makes it when wanted. */
static struct after *after_of(struct ast_channel *chan, int is_made)
{
	struct ast_datastore *store = ast_channel_datastore_find(chan, &info, NULL);

	if (!store && is_made && (store = ast_datastore_alloc(&info, NULL))) {
		store->data = ast_calloc(1, sizeof(struct after));
		ast_channel_datastore_add(chan, store);
	}
	return store ? store->data : NULL;
}

/* Locks a channel and gives what is kept; NULL, unlocked, for what is not a channel. */
static struct after *lock_after(struct ast_channel *chan, int is_made, const char *function)
{
	struct after *after;

	if (!asterism_channel_record(chan, function)) {
		return NULL;
	}
	ao2_lock(chan);
	after = after_of(chan, is_made);
	if (!after) {
		ao2_unlock(chan);
	}
	return after;
}

/* ---- the place ---- */

static void set_place(struct ast_channel *chan, const char *context, const char *exten, int priority, int is_next,
	const char *words, const char *function)
{
	struct after *after = lock_after(chan, 1, function);

	if (!after) {
		return;
	}
	ast_free(after->words);
	after->words = ast_strlen_zero(words) ? NULL : ast_strdup(words);
	ast_copy_string(after->context, S_OR(context, ""), sizeof(after->context));
	ast_copy_string(after->exten, S_OR(exten, ""), sizeof(after->exten));
	after->priority = priority;
	after->is_next = is_next;
	after->has_place = 1;
	ao2_unlock(chan);
}

void ast_bridge_set_after_goto(struct ast_channel *chan, const char *context, const char *exten, int priority)
{
	set_place(chan, context, exten, priority, 0, NULL, __func__);
}

void ast_bridge_set_after_h(struct ast_channel *chan, const char *context)
{
	set_place(chan, context, "h", 1, 0, NULL, __func__);
}

void ast_bridge_set_after_go_on(struct ast_channel *chan, const char *context, const char *exten, int priority,
	const char *parseable_goto)
{
	set_place(chan, context, exten, priority, 1, parseable_goto, __func__);
}

void ast_bridge_discard_after_goto(struct ast_channel *chan)
{
	struct after *after = lock_after(chan, 0, __func__);

	if (after) {
		after->has_place = 0;
		ao2_unlock(chan);
	}
}

void ast_bridge_read_after_goto(struct ast_channel *chan, char *buffer, size_t buf_size)
{
	struct after *after;

	if (!buffer || !buf_size) {
		return;
	}
	*buffer = '\0';
	after = lock_after(chan, 0, __func__);
	if (after) {
		if (after->has_place && after->words) {
			ast_copy_string(buffer, after->words, buf_size);
		} else if (after->has_place) {
			snprintf(buffer, buf_size, "%s,%s,%d", after->context, after->exten, after->priority + after->is_next);
		}
		ao2_unlock(chan);
	}
}

/* Takes the place: whether there is one. */
static int take_place(struct ast_channel *chan, struct after *place, const char *function)
{
	struct after *after = lock_after(chan, 0, function);

	if (!after) {
		return 0;
	}
	*place = *after;
	after->words = NULL;
	after->has_place = 0;
	ao2_unlock(chan);
	return place->has_place;
}

int ast_bridge_setup_after_goto(struct ast_channel *chan)
{
	struct after place = { .words = NULL };
	int result = -1;

	if (take_place(chan, &place, __func__) && strcmp(place.exten, "h")) {
		result = ast_strlen_zero(place.context) ? 0
			: ast_explicit_goto(chan, place.context, place.exten, place.priority + place.is_next);
		if (place.words) {
			result = ast_parseable_goto(chan, place.words);
		}
	}
	ast_free(place.words);
	return result ? -1 : 0;
}

void ast_bridge_run_after_goto(struct ast_channel *chan)
{
	if (!asterism_channel_record(chan, __func__)) {
		return;
	}
	if (ast_check_hangup(chan) || ast_bridge_setup_after_goto(chan) || ast_pbx_run(chan)) {
		ast_hangup(chan);
	}
}

/* ---- the callback ---- */

int ast_bridge_set_after_callback(struct ast_channel *chan, ast_bridge_after_cb callback, ast_bridge_after_cb_failed failed,
	void *data)
{
	struct after *after = callback ? lock_after(chan, 1, __func__) : NULL;
	struct after old;

	if (!after) {
		return -1;
	}
	old = *after;
	after->callback = callback;
	after->failed = failed;
	after->data = data;
	ao2_unlock(chan);
	tell_failed(&old, AST_BRIDGE_AFTER_CB_REASON_REPLACED);
	return 0;
}

/* Takes the callback; an empty one when no callback was set. */
static struct after take_callback(struct ast_channel *chan, const char *function)
{
	struct after *after = lock_after(chan, 0, function), taken = { .callback = NULL };

	if (after) {
		taken = *after;
		after->callback = NULL;
		ao2_unlock(chan);
	}
	return taken;
}

void ast_bridge_run_after_callback(struct ast_channel *chan)
{
	struct after taken = take_callback(chan, __func__);

	if (taken.callback) {
		taken.callback(chan, taken.data);
	}
}

void ast_bridge_discard_after_callback(struct ast_channel *chan, enum ast_bridge_after_cb_reason reason)
{
	struct after taken = take_callback(chan, __func__);

	tell_failed(&taken, reason);
}

const char *ast_bridge_after_cb_reason_string(enum ast_bridge_after_cb_reason reason)
{
	static const char *const words[] = {
		[AST_BRIDGE_AFTER_CB_REASON_DESTROY] = "the channel was destroyed",
		[AST_BRIDGE_AFTER_CB_REASON_REPLACED] = "another callback was set",
		[AST_BRIDGE_AFTER_CB_REASON_MASQUERADE] = "the channel took over another one",
		[AST_BRIDGE_AFTER_CB_REASON_DEPART] = "the channel departed",
		[AST_BRIDGE_AFTER_CB_REASON_REMOVED] = "the callback was removed",
		[AST_BRIDGE_AFTER_CB_REASON_IMPART_FAILED] = "the channel could not enter the bridge",
	};

	return (size_t) reason < ARRAY_LEN(words) ? words[reason] : "unknown";
}
