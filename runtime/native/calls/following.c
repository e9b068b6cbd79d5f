/*
 * What goes along with a call: references that follow a channel, and how often it may be forwarded
 * (asterisk/autochan.h, asterisk/max_forwards.h).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"

#include "asterisk/astobj2.h"
#include "asterisk/autochan.h"
#include "asterisk/datastore.h"
#include "asterisk/max_forwards.h"

#include "channels/record.h"

struct ast_autochan *ast_autochan_setup(struct ast_channel *chan)
{
	struct ast_autochan *made = asterism_channel_record(chan, __func__) ? ast_calloc(1, sizeof(*made)) : NULL;

	if (made) {
		ast_mutex_init(&made->lock);
		made->chan = ao2_bump(chan);
	}
	return made;
}

void ast_autochan_destroy(struct ast_autochan *autochan)
{
	if (autochan) {
		ao2_cleanup(autochan->chan);
		ast_mutex_destroy(&autochan->lock);
		ast_free(autochan);
	}
}

#define FORWARDS 20
#define IS_INHERITED UINT_MAX	/* However many generations there are. */

struct forwards {
	int at_first;
	int left;
};

static void *copy_forwards(void *data)
{
	struct forwards *copy = ast_malloc(sizeof(*copy));

	return copy ? memcpy(copy, data, sizeof(*copy)) : NULL;
}

static const struct ast_datastore_info forwards_info = {
	.type = "max-forwards", .duplicate = copy_forwards, .destroy = asterism_free,
};

static struct forwards *add_forwards(struct ast_channel *chan, int count)
{
	struct forwards *made = ast_malloc(sizeof(*made));
	struct ast_datastore *store = made ? __ast_datastore_alloc(&forwards_info, NULL, NULL, __FILE__, __LINE__, __func__)
		: NULL;

	if (!store) {
		ast_free(made);
		return NULL;
	}
	*made = (struct forwards) { count, count };
	store->data = made;
	store->inheritance = IS_INHERITED;
	ast_channel_datastore_add(chan, store);
	return made;
}

/* The number of a channel, which gets one when it has none; NULL for what is not a channel. */
static struct forwards *forwards_of(struct ast_channel *chan, const char *function)
{
	struct ast_datastore *store;

	if (!asterism_channel_record(chan, function)) {
		return NULL;
	}
	store = ast_channel_datastore_find(chan, &forwards_info, NULL);
	return store ? store->data : add_forwards(chan, FORWARDS);
}

int ast_max_forwards_set(struct ast_channel *chan, int starting_count)
{
	struct forwards *forwards = forwards_of(chan, __func__);

	if (forwards) {
		*forwards = (struct forwards) { starting_count, starting_count };
	}
	return forwards ? 0 : -1;
}

int ast_max_forwards_get(struct ast_channel *chan)
{
	struct forwards *forwards = forwards_of(chan, __func__);

	return forwards ? forwards->left : -1;
}

int ast_max_forwards_decrement(struct ast_channel *chan)
{
	struct forwards *forwards = forwards_of(chan, __func__);

	if (forwards) {
		forwards->left--;
	}
	return forwards ? 0 : -1;
}

int ast_max_forwards_reset(struct ast_channel *chan)
{
	struct forwards *forwards = forwards_of(chan, __func__);

	if (forwards) {
		forwards->left = forwards->at_first;
	}
	return forwards ? 0 : -1;
}
