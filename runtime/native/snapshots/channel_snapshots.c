/*
 * Snapshots of channels (asterisk/stasis_channels.h): made, published and shown as JSON.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "snapshots.h"

#include "asterisk/callerid.h"
#include "asterisk/stasis_channels.h"

#include "channels/record.h"

ASTERISM_CORE_TYPE(ast_channel_snapshot_type)
ASTERISM_CORE_TOPIC(ast_channel_topic_all, "channel:all")

/* ---- the parts ---- */

#define FREES_FIELDS(name, type) \
	static void name(void *object) \
	{ \
		ast_string_field_free_memory((struct type *) object); \
	}
FREES_FIELDS(free_base, ast_channel_snapshot_base)
FREES_FIELDS(free_caller, ast_channel_snapshot_caller)
FREES_FIELDS(free_dialplan, ast_channel_snapshot_dialplan)

/* A part whose texts are string fields; NULL when out of memory. */
#define PART(type, release) ({ \
	struct type *__part = ao2_alloc_options(sizeof(*__part), release, AO2_ALLOC_OPT_LOCK_NOLOCK); \
	if (__part && ast_string_field_init(__part, 128)) { \
		ao2_ref(__part, -1); \
		__part = NULL; \
	} \
	__part; \
})

static const char *valid(unsigned char is_valid, const char *text)
{
	return is_valid && text ? text : "";
}

static struct ast_channel_snapshot_base *base_of(struct ast_channel *chan)
{
	struct ast_channel_snapshot_base *base = PART(ast_channel_snapshot_base, free_base);
	const struct ast_channel_tech *tech = ast_channel_tech(chan);

	if (!base || ast_string_field_init_extended(base, protocol_id)) {
		ao2_cleanup(base);
		return NULL;
	}
	ast_string_field_set(base, name, ast_channel_name(chan));
	ast_string_field_set(base, uniqueid, ast_channel_uniqueid(chan));
	ast_string_field_set(base, accountcode, ast_channel_accountcode(chan));
	ast_string_field_set(base, userfield, ast_channel_userfield(chan));
	ast_string_field_set(base, language, ast_channel_language(chan));
	ast_string_field_set(base, type, tech->type);
	ast_string_field_set(base, tenantid, ast_channel_tenantid(chan));
	if (tech->get_pvt_uniqueid) {
		ast_string_field_set(base, protocol_id, S_OR(tech->get_pvt_uniqueid(chan), ""));
	}
	base->creationtime = ast_channel_creationtime(chan);
	base->tech_properties = tech->properties;
	return base;
}

static struct ast_channel_snapshot_caller *caller_of(struct ast_channel *chan)
{
	struct ast_channel_snapshot_caller *part = PART(ast_channel_snapshot_caller, free_caller);
	const struct ast_party_caller *caller = ast_channel_caller(chan);
	const struct ast_party_dialed *dialed = ast_channel_dialed(chan);
	const struct ast_party_number *from = &ast_channel_redirecting(chan)->from.number;

	if (!part) {
		return NULL;
	}
	ast_string_field_set(part, name, valid(caller->id.name.valid, caller->id.name.str));
	ast_string_field_set(part, number, valid(caller->id.number.valid, caller->id.number.str));
	ast_string_field_set(part, subaddr, valid(caller->id.subaddress.valid, caller->id.subaddress.str));
	ast_string_field_set(part, ani, valid(caller->ani.number.valid, caller->ani.number.str));
	ast_string_field_set(part, dnid, S_OR(dialed->number.str, ""));
	ast_string_field_set(part, dialed_subaddr, valid(dialed->subaddress.valid, dialed->subaddress.str));
	ast_string_field_set(part, rdnis, valid(from->valid, from->str));
	part->pres = ast_party_id_presentation(&caller->id);
	return part;
}

static struct ast_channel_snapshot_dialplan *dialplan_of(struct ast_channel *chan)
{
	struct ast_channel_snapshot_dialplan *part = PART(ast_channel_snapshot_dialplan, free_dialplan);

	if (part) {
		ast_string_field_set(part, appl, S_OR(ast_channel_appl(chan), ""));
		ast_string_field_set(part, data, S_OR(ast_channel_data(chan), ""));
		ast_string_field_set(part, context, ast_channel_context(chan));
		ast_string_field_set(part, exten, ast_channel_exten(chan));
		part->priority = ast_channel_priority(chan);
	}
	return part;
}

/* A part with one text at its end, and another one behind it whose address *second gets. */
static void *with_texts(size_t size, const char *first, const char *then, char **second)
{
	size_t length = strlen(first) + 1;
	char *part = ao2_alloc_options(size + length + strlen(then) + 1, NULL, AO2_ALLOC_OPT_LOCK_NOLOCK);

	if (part) {
		memcpy(part + size, first, length);
		*second = strcpy(part + size + length, then);
	}
	return part;
}

static struct ast_channel_snapshot_connected *connected_of(struct ast_channel *chan)
{
	const struct ast_party_id *id = &ast_channel_connected(chan)->id;
	char *number;
	struct ast_channel_snapshot_connected *part = with_texts(sizeof(*part), valid(id->name.valid, id->name.str),
		valid(id->number.valid, id->number.str), &number);

	if (part) {
		part->number = number;
	}
	return part;
}

static struct ast_channel_snapshot_peer *peer_of(struct ast_channel *chan)
{
	char *linkedid;
	struct ast_channel_snapshot_peer *part = with_texts(sizeof(*part), ast_channel_peeraccount(chan),
		ast_channel_linkedid(chan), &linkedid);

	if (part) {
		part->linkedid = linkedid;
	}
	return part;
}

static struct ast_channel_snapshot_hangup *hangup_of(struct ast_channel *chan)
{
	char *source;
	struct ast_channel_snapshot_hangup *part = with_texts(offsetof(struct ast_channel_snapshot_hangup, buffer), "",
		ast_channel_hangupsource(chan), &source);

	if (part) {
		part->source = source;
		part->cause = ast_channel_hangupcause(chan);
		part->tech_cause = ast_channel_tech_hangupcause(chan);
	}
	return part;
}

static struct ast_channel_snapshot_bridge *bridge_of(struct ast_channel *chan)
{
	char *nothing;

	return with_texts(sizeof(struct ast_channel_snapshot_bridge), asterism_channel_bridge_id(chan), "", &nothing);
}

/* ---- snapshots ---- */

static void free_snapshot(void *object)
{
	struct ast_channel_snapshot *snapshot = object;

	ao2_cleanup(snapshot->base);
	ao2_cleanup(snapshot->peer);
	ao2_cleanup(snapshot->caller);
	ao2_cleanup(snapshot->connected);
	ao2_cleanup(snapshot->bridge);
	ao2_cleanup(snapshot->dialplan);
	ao2_cleanup(snapshot->hangup);
	ao2_cleanup(snapshot->manager_vars);
	ao2_cleanup(snapshot->ari_vars);
}

static void fill(struct ast_channel_snapshot *snapshot, struct ast_channel *chan)
{
	snapshot->base = base_of(chan);
	snapshot->peer = peer_of(chan);
	snapshot->caller = caller_of(chan);
	snapshot->connected = connected_of(chan);
	snapshot->bridge = bridge_of(chan);
	snapshot->dialplan = dialplan_of(chan);
	snapshot->hangup = hangup_of(chan);
	snapshot->state = ast_channel_state(chan);
	snapshot->amaflags = (int) ast_channel_amaflags(chan);
	snapshot->flags = *ast_channel_flags(chan);
	snapshot->softhangup_flags.flags = (unsigned int) ast_channel_softhangup_internal_flag(chan);
	snapshot->manager_vars = ast_channel_get_manager_vars(chan);
	snapshot->ari_vars = ast_channel_get_ari_vars(chan);
}

static int is_whole(const struct ast_channel_snapshot *snapshot)
{
	return snapshot->base && snapshot->peer && snapshot->caller && snapshot->connected && snapshot->bridge
		&& snapshot->dialplan && snapshot->hangup;
}

struct ast_channel_snapshot *ast_channel_snapshot_create(struct ast_channel *chan)
{
	struct ast_channel_snapshot *snapshot;

	if (!asterism_channel_record(chan, __func__)) {
		return NULL;
	}
	snapshot = ao2_alloc_options(sizeof(*snapshot), free_snapshot, AO2_ALLOC_OPT_LOCK_NOLOCK);
	if (!snapshot) {
		return NULL;
	}
	ao2_lock(chan);
	fill(snapshot, chan);
	ao2_unlock(chan);
	if (!is_whole(snapshot)) {
		ao2_ref(snapshot, -1);
		return NULL;
	}
	return snapshot;
}

/* A snapshot of a channel whose reference is released; NULL for NULL. */
static struct ast_channel_snapshot *latest(struct ast_channel *chan)
{
	struct ast_channel_snapshot *snapshot = chan ? ast_channel_snapshot_create(chan) : NULL;

	ao2_cleanup(chan);
	return snapshot;
}

struct ast_channel_snapshot *ast_channel_snapshot_get_latest(const char *uniqueid)
{
	return ast_strlen_zero(uniqueid) ? NULL : latest(ast_channel_get_by_uniqueid(uniqueid));
}

struct ast_channel_snapshot *ast_channel_snapshot_get_latest_by_name(const char *name)
{
	return ast_strlen_zero(name) ? NULL : latest(ast_channel_get_by_name(name));
}

static const char *id_of(const struct ast_channel_snapshot *snapshot)
{
	return snapshot->base->uniqueid;
}

static const char *name_of(const struct ast_channel_snapshot *snapshot)
{
	return snapshot->base->name;
}

#define SORTED_BY(key_of) \
	static int sorted_by_ ## key_of(const void *left, const void *right, int flags) \
	{ \
		const char *key = flags & OBJ_SEARCH_KEY ? right : key_of(right); \
		\
		return flags & OBJ_SEARCH_PARTIAL_KEY ? strncmp(key_of(left), right, strlen(right)) \
			: strcmp(key_of(left), key); \
	}
SORTED_BY(id_of)
SORTED_BY(name_of)

static struct ao2_container *new_container(ao2_sort_fn *sort)
{
	return ao2_container_alloc_rbtree(AO2_ALLOC_OPT_LOCK_MUTEX, AO2_CONTAINER_ALLOC_OPT_DUPS_REPLACE, sort, NULL);
}

static struct ao2_container *all(ao2_sort_fn *sort)
{
	struct ao2_container *found = new_container(sort);
	struct ast_channel_iterator *walk = found ? ast_channel_iterator_all_new() : NULL;
	struct ast_channel *chan;

	while (walk && (chan = ast_channel_iterator_next(walk))) {
		struct ast_channel_snapshot *snapshot = latest(chan);

		if (snapshot) {
			ao2_link(found, snapshot);
			ao2_ref(snapshot, -1);
		}
	}
	if (walk) {
		ast_channel_iterator_destroy(walk);
	}
	return found;
}

struct ao2_container *ast_channel_cache_all(void)
{
	return all(sorted_by_id_of);
}

struct ao2_container *ast_channel_cache_by_name(void)
{
	return all(sorted_by_name_of);
}

struct ao2_container *asterism_snapshots_by_name(void)
{
	return new_container(sorted_by_name_of);
}

/* ---- publication ---- */

static void free_update(void *object)
{
	struct ast_channel_snapshot_update *update = object;

	ao2_cleanup(update->old_snapshot);
	ao2_cleanup(update->new_snapshot);
}

void asterism_publish_data(struct stasis_topic *topic, struct stasis_message_type *type, void *data)
{
	struct stasis_message *message = data ? stasis_message_create(type, data) : NULL;

	if (message) {
		stasis_publish(topic, message);
	}
	ao2_cleanup(message);
	ao2_cleanup(data);
}

void ast_channel_publish_snapshot(struct ast_channel *chan)
{
	struct ast_flags *flags = ast_channel_flags(chan);
	struct ast_channel_snapshot_update *update;

	if (!flags || ast_test_flag(flags, AST_FLAG_SNAPSHOT_STAGE)) {
		return;
	}
	update = ao2_alloc_options(sizeof(*update), free_update, AO2_ALLOC_OPT_LOCK_NOLOCK);
	if (!update) {
		return;
	}
	ao2_lock(chan);
	update->old_snapshot = ao2_bump(ast_channel_snapshot(chan));
	update->new_snapshot = ast_channel_snapshot_create(chan);
	ast_channel_snapshot_set(chan, update->new_snapshot);
	asterism_publish_data(ast_channel_topic(chan), ast_channel_snapshot_type(), update);
	ao2_unlock(chan);
}

void ast_channel_publish_final_snapshot(struct ast_channel *chan)
{
	struct ast_flags *flags = ast_channel_flags(chan);

	if (flags) {
		ast_clear_flag(flags, AST_FLAG_SNAPSHOT_STAGE);
		ast_set_flag(flags, AST_FLAG_DEAD);
		ast_channel_publish_snapshot(chan);
	}
}

void ast_channel_stage_snapshot(struct ast_channel *chan)
{
	struct ast_flags *flags = ast_channel_flags(chan);

	if (flags) {
		ast_set_flag(flags, AST_FLAG_SNAPSHOT_STAGE);
	}
}

void ast_channel_stage_snapshot_done(struct ast_channel *chan)
{
	struct ast_flags *flags = ast_channel_flags(chan);

	if (flags) {
		ast_clear_flag(flags, AST_FLAG_SNAPSHOT_STAGE);
		ast_channel_publish_snapshot(chan);
	}
}

/* Every part of every snapshot is made anew. */
void ast_channel_snapshot_invalidate_segment(struct ast_channel *chan,
	enum ast_channel_snapshot_segment_invalidation segment)
{
	(void) chan;
	(void) segment;
}

/* ---- comparisons and JSON ---- */

int ast_channel_snapshot_cep_equal(const struct ast_channel_snapshot *old_snapshot,
	const struct ast_channel_snapshot *new_snapshot)
{
	const struct ast_channel_snapshot_dialplan *old = old_snapshot->dialplan, *new = new_snapshot->dialplan;

	return !(ast_strlen_zero(old->appl) && !ast_strlen_zero(new->appl)) && old->priority == new->priority
		&& !strcmp(old->context, new->context) && !strcmp(old->exten, new->exten);
}

int ast_channel_snapshot_caller_id_equal(const struct ast_channel_snapshot *old_snapshot,
	const struct ast_channel_snapshot *new_snapshot)
{
	return !strcmp(old_snapshot->caller->number, new_snapshot->caller->number)
		&& !strcmp(old_snapshot->caller->name, new_snapshot->caller->name);
}

int ast_channel_snapshot_connected_line_equal(const struct ast_channel_snapshot *old_snapshot,
	const struct ast_channel_snapshot *new_snapshot)
{
	return !strcmp(old_snapshot->connected->number, new_snapshot->connected->number)
		&& !strcmp(old_snapshot->connected->name, new_snapshot->connected->name);
}

struct ast_json *ast_channel_snapshot_to_json(const struct ast_channel_snapshot *snapshot,
	const struct stasis_message_sanitizer *sanitize)
{
	struct ast_json *told;

	if (!snapshot || (sanitize && sanitize->channel_snapshot && sanitize->channel_snapshot(snapshot))) {
		return NULL;
	}
	told = ast_json_pack("{s: s, s: s, s: s, s: s, s: o, s: o, s: s, s: o, s: o, s: s}",
		"id", snapshot->base->uniqueid, "name", snapshot->base->name, "state", ast_state2str(snapshot->state),
		"protocol_id", snapshot->base->protocol_id,
		"caller", ast_json_name_number(snapshot->caller->name, snapshot->caller->number),
		"connected", ast_json_name_number(snapshot->connected->name, snapshot->connected->number),
		"accountcode", snapshot->base->accountcode,
		"dialplan", ast_json_dialplan_cep_app(snapshot->dialplan->context, snapshot->dialplan->exten,
			snapshot->dialplan->priority, snapshot->dialplan->appl, snapshot->dialplan->data),
		"creationtime", ast_json_timeval(snapshot->base->creationtime, NULL),
		"language", snapshot->base->language);
	if (told && !ast_strlen_zero(snapshot->caller->rdnis)) {
		ast_json_object_set(told, "caller_rdnis", ast_json_string_create(snapshot->caller->rdnis));
	}
	if (told && snapshot->ari_vars && !AST_LIST_EMPTY(snapshot->ari_vars)) {
		ast_json_object_set(told, "channelvars", ast_json_channel_vars(snapshot->ari_vars));
	}
	if (told && !ast_strlen_zero(snapshot->base->tenantid)) {
		ast_json_object_set(told, "tenantid", ast_json_string_create(snapshot->base->tenantid));
	}
	return told;
}
