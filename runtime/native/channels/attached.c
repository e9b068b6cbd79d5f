/*
 * What a channel has besides its fields: descriptors, native formats, a topic, groups.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"

#include <poll.h>

#include "asterisk/astobj2.h"
#include "asterisk/format_cache.h"
#include "asterisk/stasis_channels.h"
#include "asterisk/time.h"

#include "record.h"

void asterism_attached_end(struct asterism_attached *attached)
{
	AST_VECTOR_FREE(&attached->descriptors);
	ao2_cleanup(attached->formats);
	stasis_forward_cancel(attached->to_all);
	stasis_forward_cancel(attached->to_endpoint);
	ao2_cleanup(attached->endpoint);
	ao2_cleanup(attached->topic);
	ao2_cleanup(attached->snapshot);
}

/* ---- descriptors ---- */

void ast_channel_internal_fd_set(struct ast_channel *chan, int which, int value)
{
	struct asterism_attached *attached = asterism_channel_attached(chan, __func__);

	if (!attached || which < 0 || which > 1000) {
		return;
	}
	ao2_lock(chan);
	while ((int) AST_VECTOR_SIZE(&attached->descriptors) <= which) {
		if (AST_VECTOR_APPEND(&attached->descriptors, -1)) {
			break;
		}
	}
	if ((int) AST_VECTOR_SIZE(&attached->descriptors) > which) {
		AST_VECTOR_GET(&attached->descriptors, (size_t) which) = value;
	}
	ao2_unlock(chan);
}

void ast_channel_set_fd(struct ast_channel *chan, int which, int fd)
{
	ast_channel_internal_fd_set(chan, which, fd);
}

void ast_channel_internal_fd_clear(struct ast_channel *chan, int which)
{
	ast_channel_internal_fd_set(chan, which, -1);
}

int ast_channel_fd(const struct ast_channel *chan, int which)
{
	struct asterism_attached *attached = asterism_channel_attached((struct ast_channel *) chan, __func__);
	int fd = -1;

	if (attached) {
		ao2_lock((struct ast_channel *) chan);
		if (which >= 0 && which < (int) AST_VECTOR_SIZE(&attached->descriptors)) {
			fd = AST_VECTOR_GET(&attached->descriptors, (size_t) which);
		}
		ao2_unlock((struct ast_channel *) chan);
	}
	return fd;
}

int ast_channel_fd_isset(const struct ast_channel *chan, int which)
{
	return ast_channel_fd(chan, which) > -1;
}

int ast_channel_fd_count(const struct ast_channel *chan)
{
	struct asterism_attached *attached = asterism_channel_attached((struct ast_channel *) chan, __func__);

	return attached ? (int) AST_VECTOR_SIZE(&attached->descriptors) : 0;
}

int ast_channel_fd_add(struct ast_channel *chan, int value)
{
	struct asterism_attached *attached = asterism_channel_attached(chan, __func__);
	int which = AST_EXTENDED_FDS;

	if (!attached) {
		return -1;
	}
	ao2_lock(chan);
	while (ast_channel_fd_isset(chan, which)) {
		which++;
	}
	ast_channel_internal_fd_set(chan, which, value);
	ao2_unlock(chan);
	return ast_channel_fd(chan, which) == value ? which : -1;
}

/* ---- formats ---- */

/* The channel's own set, made when it is first asked for. */
static struct ast_format_cap *formats_of(struct asterism_attached *attached)
{
	if (!attached->formats) {
		attached->formats = ast_format_cap_alloc(AST_FORMAT_CAP_FLAG_DEFAULT);
		if (attached->formats) {
			ast_format_cap_append(attached->formats, ast_format_slin, 0);
		}
	}
	return attached->formats;
}

struct ast_format_cap *ast_channel_nativeformats(const struct ast_channel *chan)
{
	struct asterism_attached *attached = asterism_channel_attached((struct ast_channel *) chan, __func__);
	struct ast_format_cap *formats;

	if (!attached) {
		return NULL;
	}
	ao2_lock((struct ast_channel *) chan);
	formats = formats_of(attached);
	ao2_unlock((struct ast_channel *) chan);
	return formats;
}

void ast_channel_nativeformats_set(struct ast_channel *chan, struct ast_format_cap *value)
{
	struct asterism_attached *attached = asterism_channel_attached(chan, __func__);
	struct ast_format_cap *old = ao2_bump(value);

	if (attached) {
		ao2_lock(chan);
		SWAP(attached->formats, old);
		ao2_unlock(chan);
	}
	ao2_cleanup(old);
}

/* ---- the topic ---- */

struct stasis_topic *ast_channel_topic(struct ast_channel *chan)
{
	struct asterism_attached *attached;
	char name[256];

	if (!chan) {
		return NULL;
	}
	attached = asterism_channel_attached(chan, __func__);
	if (!attached) {
		return NULL;
	}
	ao2_lock(chan);
	if (!attached->topic) {
		snprintf(name, sizeof(name), "channel:%s", ast_channel_uniqueid(chan));
		attached->topic = stasis_topic_create(name);
		attached->to_all = stasis_forward_all(attached->topic, ast_channel_topic_all());
	}
	ao2_unlock(chan);
	return attached->topic;
}

struct ast_channel_snapshot *ast_channel_snapshot(const struct ast_channel *chan)
{
	struct asterism_attached *attached = asterism_channel_attached((struct ast_channel *) chan, __func__);

	return attached ? attached->snapshot : NULL;
}

void ast_channel_snapshot_set(struct ast_channel *chan, struct ast_channel_snapshot *snapshot)
{
	struct asterism_attached *attached = asterism_channel_attached(chan, __func__);

	if (attached) {
		ao2_replace(attached->snapshot, snapshot);
	}
}

/* ---- times and flags ---- */

struct timeval *ast_channel_whentohangup(struct ast_channel *chan)
{
	struct asterism_attached *attached = asterism_channel_attached(chan, __func__);

	return attached ? &attached->whentohangup : NULL;
}

void ast_channel_whentohangup_set(struct ast_channel *chan, struct timeval *value)
{
	struct timeval *when = value ? ast_channel_whentohangup(chan) : NULL;

	if (when) {
		PRETENDED("ast_channel_whentohangup_set: the time is stored, and the channel is not hung up then");
		*when = *value;
	}
}

void ast_channel_setwhentohangup_tv(struct ast_channel *chan, struct timeval offset)
{
	struct timeval when = ast_tvzero(offset) ? offset : ast_tvadd(offset, ast_tvnow());

	ast_channel_whentohangup_set(chan, &when);
}

int ast_channel_cmpwhentohangup_tv(struct ast_channel *chan, struct timeval offset)
{
	struct timeval *when = ast_channel_whentohangup(chan);

	if (!when || ast_tvzero(*when)) {
		return ast_tvzero(offset) ? 0 : -1;
	}
	return ast_tvzero(offset) ? 1 : ast_tvcmp(ast_tvadd(offset, ast_tvnow()), *when);
}

void ast_channel_set_flag(struct ast_channel *chan, unsigned int flag)
{
	if (asterism_channel_record(chan, __func__)) {
		ao2_lock(chan);
		ast_set_flag(ast_channel_flags(chan), flag);
		ao2_unlock(chan);
	}
}

void ast_channel_clear_flag(struct ast_channel *chan, unsigned int flag)
{
	if (asterism_channel_record(chan, __func__)) {
		ao2_lock(chan);
		ast_clear_flag(ast_channel_flags(chan), flag);
		ao2_unlock(chan);
	}
}

void ast_set_hangupsource(struct ast_channel *chan, const char *source, int force)
{
	if (asterism_channel_record(chan, __func__)) {
		ao2_lock(chan);
		if (force || ast_strlen_zero(ast_channel_hangupsource(chan))) {
			ast_channel_hangupsource_set(chan, source);
		}
		ao2_unlock(chan);
	}
}

/* ---- from another channel ---- */

/* Copies the first text that is not empty; keep: unless the channel has one. */
static void take_account(struct ast_channel *chan, const char *first, const char *other, int keep)
{
	const char *found = S_OR(first, other);

	if (!ast_strlen_zero(found) && !(keep && !ast_strlen_zero(ast_channel_accountcode(chan)))) {
		ast_channel_accountcode_set(chan, found);
	}
}

static void take_accounts(struct ast_channel *chan, const struct ast_channel *requestor,
	enum ast_channel_requestor_relationship relationship, int precious)
{
	const char *account = ast_channel_accountcode(requestor), *peer = ast_channel_peeraccount(requestor), *to_peer = peer;

	if (relationship == AST_CHANNEL_REQUESTOR_BRIDGE_PEER) {
		take_account(chan, peer, precious ? "" : account, precious);
		to_peer = account;
	} else {
		take_account(chan, account, "", precious);
	}
	if (!ast_strlen_zero(to_peer)) {
		ast_channel_peeraccount_set(chan, to_peer);
	}
}

void ast_channel_req_accountcodes(struct ast_channel *chan, const struct ast_channel *requestor,
	enum ast_channel_requestor_relationship relationship)
{
	take_accounts(chan, requestor, relationship, 0);
}

void ast_channel_req_accountcodes_precious(struct ast_channel *chan, const struct ast_channel *requestor,
	enum ast_channel_requestor_relationship relationship)
{
	take_accounts(chan, requestor, relationship, 1);
}

void ast_channel_inherit_variables(const struct ast_channel *parent, struct ast_channel *child)
{
	struct varshead *from = ast_channel_varshead((struct ast_channel *) parent), *to = ast_channel_varshead(child);
	struct ast_var_t *var, *copy;

	if (!from || !to || from == to) {
		return;
	}
	AST_LIST_TRAVERSE(from, var, entries) {
		/* One underscore: inherited once, without it; two: inherited for ever. */
		const char *name = var->name[0] == '_' && var->name[1] != '_' ? var->name + 1 : var->name;

		copy = var->name[0] == '_' ? ast_var_assign(name, var->value) : NULL;
		if (copy) {
			AST_LIST_INSERT_TAIL(to, copy, entries);
		}
	}
}

void ast_connected_line_copy_from_caller(struct ast_party_connected_line *dest, const struct ast_party_caller *src)
{
	ast_party_id_copy(&dest->id, &src->id);
	ast_party_id_copy(&dest->ani, &src->ani);
	dest->ani2 = src->ani2;
}

void ast_connected_line_copy_to_caller(struct ast_party_caller *dest, const struct ast_party_connected_line *src)
{
	ast_party_id_copy(&dest->id, &src->id);
	ast_party_id_copy(&dest->ani, &src->ani);
	dest->ani2 = src->ani2;
}

void ast_channel_set_connected_line(struct ast_channel *chan, const struct ast_party_connected_line *connected,
	const struct ast_set_party_connected_line *update)
{
	struct ast_party_connected_line *own = ast_channel_connected(chan);

	if (own && connected && connected != own) {
		ao2_lock(chan);
		ast_party_connected_line_set(own, connected, update);
		ao2_unlock(chan);
	}
}

void ast_channel_update_connected_line(struct ast_channel *chan, const struct ast_party_connected_line *connected,
	const struct ast_set_party_connected_line *update)
{
	ast_channel_set_connected_line(chan, connected, update);
	ast_indicate(chan, AST_CONTROL_CONNECTED_LINE);
}

int ast_channel_connected_line_sub(struct ast_channel *autoservice_chan attribute_unused,
	struct ast_channel *sub_chan attribute_unused, const void *connected_info attribute_unused,
	int frame attribute_unused)
{
	return -1;
}

int ast_channel_redirecting_sub(struct ast_channel *autoservice_chan attribute_unused,
	struct ast_channel *sub_chan attribute_unused, const void *redirecting_info attribute_unused,
	int is_frame attribute_unused)
{
	return -1;
}

/* ---- channels together ---- */

int ast_channel_make_compatible(struct ast_channel *chan, struct ast_channel *peer)
{
	PRETENDED("ast_channel_make_compatible: channels are compatible without anything to do, since media is not translated");
	return asterism_channel_record(chan, __func__) && asterism_channel_record(peer, __func__) ? 0 : -1;
}

void ast_autoservice_chan_hangup_peer(struct ast_channel *chan, struct ast_channel *peer)
{
	if (chan && !ast_autoservice_start(chan)) {
		ast_hangup(peer);
		ast_autoservice_stop(chan);
	} else {
		ast_hangup(peer);
	}
}

/* ---- groups ---- */

/* Adds the groups of "3" or "3-5"; says what is wrong with others. */
static ast_group_t add_groups(ast_group_t group, const char *piece)
{
	int first, last, i, read = sscanf(piece, "%30d-%30d", &first, &last);

	if (read < 1) {
		ast_log(LOG_ERROR, "'%s' is not a group\n", piece);
		return group;
	}
	last = read == 2 ? last : first;
	if (first < 0 || last > 63) {
		ast_log(LOG_WARNING, "groups are 0 to 63: '%s'\n", piece);
	}
	for (i = MAX(first, 0); i <= MIN(last, 63); i++) {
		group |= (ast_group_t) 1 << i;
	}
	return group;
}

ast_group_t ast_get_group(const char *s)
{
	char *rest = ast_strlen_zero(s) ? NULL : ast_strdupa(s), *piece;
	ast_group_t group = 0;

	while ((piece = strsep(&rest, ","))) {
		group = add_groups(group, piece);
	}
	return group;
}

char *ast_print_group(char *buf, int buflen, ast_group_t group)
{
	struct ast_str *text = ast_str_alloca(256);
	int i;

	for (i = 0; i < 64; i++) {
		if (group & ((ast_group_t) 1 << i)) {
			ast_str_append(&text, 0, "%s%d", ast_str_strlen(text) ? ", " : "", i);
		}
	}
	ast_copy_string(buf, ast_str_buffer(text), (size_t) buflen);
	return buf;
}

/* ---- frames about a channel ---- */

int ast_queue_hold(struct ast_channel *chan, const char *musicclass)
{
	return ast_queue_control_data(chan, AST_CONTROL_HOLD, ast_strlen_zero(musicclass) ? NULL : musicclass,
		ast_strlen_zero(musicclass) ? 0 : strlen(musicclass) + 1);
}

int ast_queue_unhold(struct ast_channel *chan)
{
	return ast_queue_control(chan, AST_CONTROL_UNHOLD);
}

/* Descriptors that can be read, within *ms milliseconds: the first, or -1. */
int ast_waitfor_n_fd(int *fds, int n, int *ms, int *exception)
{
	struct timeval start = ast_tvnow();
	int i, found = -1;
	struct pollfd *polled = n > 0 ? ast_calloc((size_t) n, sizeof(*polled)) : NULL;

	for (i = 0; polled && i < n; i++) {
		polled[i] = (struct pollfd) { .fd = fds[i], .events = POLLIN | POLLPRI, };
	}
	if (polled && poll(polled, (nfds_t) n, *ms) > 0) {
		for (i = 0; i < n && found < 0; i++) {
			found = polled[i].revents ? fds[i] : -1;
			if (found >= 0 && exception) {
				*exception = (polled[i].revents & POLLPRI) != 0;
			}
		}
	}
	if (*ms > 0) {
		*ms = MAX(*ms - (int) ast_tvdiff_ms(ast_tvnow(), start), 0);
	}
	ast_free(polled);
	return found;
}
