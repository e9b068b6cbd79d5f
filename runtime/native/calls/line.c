/*
 * What modules do with the line of a channel: tones of frequencies, waiting with descriptors, and frames that are left out.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"

#include <poll.h>

#include "asterisk/astobj2.h"
#include "asterisk/framehook.h"
#include "asterisk/indications.h"

#include "channels/record.h"

/* ---- tones ---- */

int ast_tonepair_start(struct ast_channel *chan, int freq1, int freq2, int duration, int vol)
{
	char tones[80];

	snprintf(tones, sizeof(tones), duration > 0 ? "!%d+%d/%d" : "%d+%d", freq1, freq2, duration);
	return ast_playtones_start(chan, vol, tones, 1);
}

void ast_tonepair_stop(struct ast_channel *chan)
{
	ast_playtones_stop(chan);
}

int ast_tonepair(struct ast_channel *chan, int freq1, int freq2, int duration, int vol)
{
	int result = ast_tonepair_start(chan, freq1, freq2, duration, vol);

	if (!result) {
		result = ast_safe_sleep(chan, MAX(duration, 0));
		ast_tonepair_stop(chan);
	}
	return result;
}

/* ---- waiting ---- */

#define SLICE 20

/* The first descriptor on which something has arrived, or -1; waits as long. */
static int wait_for_descriptor(const int *fds, int count, int ms, int *exception)
{
	struct pollfd *polled = count > 0 ? ast_calloc((size_t) count, sizeof(*polled)) : NULL;
	int i, found = -1;

	for (i = 0; polled && i < count; i++) {
		polled[i] = (struct pollfd) { .fd = fds[i], .events = POLLIN | POLLPRI, };
	}
	if (polled && poll(polled, (nfds_t) count, ms) > 0) {
		for (i = 0; i < count && found < 0; i++) {
			found = polled[i].revents ? fds[i] : -1;
			if (found >= 0 && exception) {
				*exception = (polled[i].revents & POLLPRI) != 0;
			}
		}
	}
	ast_free(polled);
	return found;
}

struct ast_channel *ast_waitfor_nandfds(struct ast_channel **c, int n, int *fds, int nfds, int *exception, int *outfd,
	int *ms)
{
	int left = *ms, is_endless = left < 0, slice, given, found;
	struct ast_channel *winner;

	if (outfd) {
		*outfd = -1;
	}
	if (exception) {
		*exception = 0;
	}
	do {
		found = wait_for_descriptor(fds, nfds, n > 0 ? 0 : left, exception);
		if (found >= 0 || n <= 0) {
			*ms = found >= 0 ? left : 0;
			if (outfd) {
				*outfd = found;
			}
			return NULL;
		}
		slice = given = is_endless ? SLICE : MIN(left, SLICE);
		winner = ast_waitfor_n(c, n, &slice);
		left -= is_endless ? 0 : given - slice;
		if (winner) {
			*ms = left;
			return winner;
		}
	} while (is_endless || left > 0);
	*ms = 0;
	return NULL;
}

/* ---- frames that are left out ---- */

/* The hook of a channel for a type of frames: how often each direction is suppressed. */
struct suppression {
	enum ast_frame_type type;
	int id;
	int count[2];	/* Of reading and of writing; used with the channel locked. */
};

static const struct ast_datastore_info suppression_info = { .type = "suppressed frames", .destroy = asterism_free };

static struct ast_frame *leave_out(struct ast_channel *chan, struct ast_frame *frame, enum ast_framehook_event event,
	void *data)
{
	const struct suppression *suppression = data;
	int which = event == AST_FRAMEHOOK_EVENT_WRITE;

	(void) chan;
	if (frame && (event == AST_FRAMEHOOK_EVENT_READ || which) && frame->frametype == suppression->type
		&& suppression->count[which]) {
		return &ast_null_frame;
	}
	return frame;
}

static const char *name_of(enum ast_frame_type type, char *room, size_t size)
{
	snprintf(room, size, "%u", (unsigned int) type);
	return room;
}

static struct suppression *suppression_of(struct ast_channel *chan, enum ast_frame_type type)
{
	char name[16];
	struct ast_datastore *store = ast_channel_datastore_find(chan, &suppression_info, name_of(type, name, sizeof(name)));

	return store ? store->data : NULL;
}

static struct suppression *add_suppression(struct ast_channel *chan, enum ast_frame_type type)
{
	char name[16];
	struct suppression *made = ast_calloc(1, sizeof(*made));
	struct ast_datastore *store = made ? __ast_datastore_alloc(&suppression_info, name_of(type, name, sizeof(name)), NULL,
		__FILE__, __LINE__, __func__) : NULL;
	struct ast_framehook_interface hook = {
		.version = AST_FRAMEHOOK_INTERFACE_VERSION, .event_cb = leave_out, .data = made,
	};

	if (!store) {
		ast_free(made);
		return NULL;
	}
	made->type = type;
	made->id = ast_framehook_attach(chan, &hook);
	store->data = made;
	ast_channel_datastore_add(chan, store);
	return made;
}

/* Changes the counts of both directions: 0, or -1 when there is nothing to take away. */
static int change(struct ast_channel *chan, unsigned int direction, enum ast_frame_type type, int by)
{
	struct suppression *found;
	int which, result = -1;

	ao2_lock(chan);
	found = suppression_of(chan, type);
	found = found || by < 0 ? found : add_suppression(chan, type);
	for (which = 0; found && which < 2; which++) {
		if (direction & (1U << which) && found->count[which] + by >= 0) {
			found->count[which] += by;
			result = 0;
		}
	}
	ao2_unlock(chan);
	return result;
}

int ast_channel_suppress(struct ast_channel *chan, unsigned int direction, enum ast_frame_type frametype)
{
	return asterism_channel_record(chan, __func__) ? change(chan, direction, frametype, 1) : -1;
}

int ast_channel_unsuppress(struct ast_channel *chan, unsigned int direction, enum ast_frame_type frametype)
{
	return asterism_channel_record(chan, __func__) ? change(chan, direction, frametype, -1) : -1;
}

/* ---- small things ---- */

int ast_transfer_protocol(struct ast_channel *chan, char *dest, int *protocol)
{
	if (protocol) {
		*protocol = 0;
	}
	return ast_transfer(chan, dest);
}

const char *ast_channel_reason2str(int reason)
{
	switch (reason) {
	case 0:
		return "Call Failure (not BUSY, and not NO_ANSWER, maybe Circuit busy or down?)";
	case AST_CONTROL_HANGUP:
		return "Hangup";
	case AST_CONTROL_RING:
		return "Local Ring";
	case AST_CONTROL_RINGING:
		return "Remote end Ringing";
	case AST_CONTROL_ANSWER:
		return "Remote end has Answered";
	case AST_CONTROL_BUSY:
		return "Remote end is Busy";
	case AST_CONTROL_CONGESTION:
		return "Congestion (circuits busy)";
	default:
		return "Unknown Reason!!";
	}
}

void ast_set_variables(struct ast_channel *chan, struct ast_variable *vars)
{
	for (; vars; vars = vars->next) {
		pbx_builtin_setvar_helper(chan, vars->name, vars->value);
	}
}

void ast_channel_name_to_dial_string(char *channel_name)
{
	char *dash = channel_name ? strrchr(channel_name, '-') : NULL;

	if (dash) {
		*dash = '\0';
	}
}

struct ast_channel *ast_channel_callback(ao2_callback_data_fn *cb_fn, void *arg, void *data, int ao2_flags)
{
	struct ast_channel_iterator *walk = ast_channel_iterator_all_new();
	struct ast_channel *chan, *found = NULL;

	while (walk && !found && (chan = ast_channel_iterator_next(walk))) {
		int result = cb_fn(chan, arg, data, ao2_flags);

		if (result & CMP_MATCH && !(ao2_flags & OBJ_NODATA)) {
			found = chan;
		} else {
			ao2_ref(chan, -1);
		}
		if (result & CMP_STOP) {
			break;
		}
	}
	if (walk) {
		ast_channel_iterator_destroy(walk);
	}
	return found;
}
