/*
 * A channel as modules hold it: an object with a lock.  What it knows is kept in Python (runtime/api/channel.py).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"

#include "asterisk/astobj2.h"

static void gone(void *data)
{
	__typeof__(asterism_table.asterism_channel_gone) forget = asterism_table.asterism_channel_gone;

	if (forget) {
		forget(data);
	}
}

struct ast_channel *asterism_channel_new(void)
{
	return ao2_alloc(1, gone);
}

int asterism_channel_use(struct ast_channel *chan)
{
	return asterism_object_revive(chan);
}

void asterism_channel_drop(struct ast_channel *chan)
{
	ao2_ref(chan, -1);
}

struct ast_channel *ast_channel_release(struct ast_channel *chan)
{
	ao2_cleanup(chan);
	return NULL;
}
