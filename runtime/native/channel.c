/*
 * A channel as modules hold it: a lock and a count of references.  What it knows is kept in Python.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"

#define MAGIC 0x2a2a2a2au

struct ast_channel {
	unsigned int magic;
	int references;
	ast_mutex_t lock;
};

/* The channel, or NULL and a word in the log when it is none. */
static struct ast_channel *checked(struct ast_channel *chan, const char *doing)
{
	if (chan && chan->magic == MAGIC) {
		return chan;
	}
	ast_log(LOG_ERROR, "cannot %s %s\n", doing, chan ? "what is no channel, or one that is gone" : "a channel that is NULL");
	return NULL;
}

struct ast_channel *asterism_channel_new(void)
{
	struct ast_channel *chan = ast_calloc(1, sizeof(*chan));

	if (chan) {
		chan->magic = MAGIC;
		chan->references = 1;
		ast_mutex_init(&chan->lock);
	}
	return chan;
}

void asterism_channel_free(struct ast_channel *chan)
{
	ast_mutex_destroy(&chan->lock);
	chan->magic = 0;
	free(chan);
}

int asterism_channel_references(const struct ast_channel *chan)
{
	return __atomic_load_n(&chan->references, __ATOMIC_ACQUIRE);
}

void asterism_channel_use(struct ast_channel *chan)
{
	__ast_channel_ref(chan);
}

void asterism_channel_drop(struct ast_channel *chan)
{
	__ast_channel_unref(chan);
}

int __ast_channel_lock(struct ast_channel *chan)
{
	return checked(chan, "lock") ? ast_mutex_lock(&chan->lock) : EINVAL;
}

int __ast_channel_unlock(struct ast_channel *chan)
{
	return checked(chan, "unlock") ? ast_mutex_unlock(&chan->lock) : EINVAL;
}

int __ast_channel_trylock(struct ast_channel *chan)
{
	return checked(chan, "lock") ? ast_mutex_trylock(&chan->lock) : EINVAL;
}

struct ast_channel *__ast_channel_ref(struct ast_channel *chan)
{
	if (checked(chan, "refer to")) {
		__atomic_add_fetch(&chan->references, 1, __ATOMIC_ACQ_REL);
	}
	return chan;
}

struct ast_channel *__ast_channel_unref(struct ast_channel *chan)
{
	__typeof__(asterism_table.asterism_channel_gone) gone = asterism_table.asterism_channel_gone;

	if (chan && checked(chan, "let go of") && !__atomic_sub_fetch(&chan->references, 1, __ATOMIC_ACQ_REL) && gone) {
		gone(chan);
	}
	return NULL;
}

struct ast_channel *ast_channel_release(struct ast_channel *chan)
{
	return __ast_channel_unref(chan);
}
