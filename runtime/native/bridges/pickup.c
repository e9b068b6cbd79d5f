/*
 * Picking up a call that rings elsewhere (asterisk/pickup.h).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "bridges.h"

#include "asterisk/causes.h"
#include "asterisk/pickup.h"

#include "bus/stasis.h"
#include "channels/record.h"

int ast_can_pickup(struct ast_channel *chan)
{
	enum ast_channel_state state;

	if (!asterism_channel_record(chan, __func__) || ast_check_hangup(chan) || ast_channel_is_bridged(chan)) {
		return 0;
	}
	state = ast_channel_state(chan);
	return state == AST_STATE_RINGING || state == AST_STATE_RING;
}

static int rings_for(void *object, void *arg, void *data attribute_unused, int flags attribute_unused)
{
	struct ast_channel *target = object;
	const struct ast_channel *chan = arg;

	return target != chan && ast_can_pickup(target) && ast_channel_pickupgroup(chan) & ast_channel_callgroup(target)
		? CMP_MATCH | CMP_STOP : 0;
}

struct ast_channel *ast_pickup_find_by_group(struct ast_channel *chan)
{
	struct ast_channel *found = asterism_channel_record(chan, __func__) ? ast_channel_callback(rings_for, chan, NULL, 0) : NULL;

	if (found) {
		ao2_lock(found);
	}
	return found;
}

/* The channel that picks up answers; the one that rang is hung up as answered elsewhere. */
int ast_do_pickup(struct ast_channel *chan, struct ast_channel *target)
{
	if (!asterism_channel_record(chan, __func__) || chan == target || !ast_can_pickup(target) || ast_answer(chan)) {
		return -1;
	}
	ast_log(LOG_NOTICE, "%s picks up the call of %s; here the call itself is not handed over\n", ast_channel_name(chan),
		ast_channel_name(target));
	ast_channel_hangupcause_set(target, AST_CAUSE_ANSWERED_ELSEWHERE);
	ast_softhangup(target, AST_SOFTHANGUP_DEV);
	return 0;
}

int ast_pickup_call(struct ast_channel *chan)
{
	struct ast_channel *target = ast_pickup_find_by_group(chan);
	int result = -1;

	if (target) {
		ao2_unlock(target);
		result = ast_do_pickup(chan, target);
		ao2_ref(target, -1);
	}
	return result;
}

ASTERISM_CORE_TYPE(ast_call_pickup_type)
