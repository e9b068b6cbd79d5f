/*
 * Messages from and to Python (runtime/api/stasis.py): they carry JSON.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "stasis.h"

#include "asterisk/linkedlists.h"

static struct ast_json *payload_to_json(struct stasis_message *message, const struct stasis_message_sanitizer *sanitize)
{
	(void) sanitize;
	return ast_json_ref(((struct ast_json_payload *) stasis_message_data(message))->json);
}

/* Types that Python published with, by name: kept, as they are few. */
struct named {
	struct stasis_message_type *type;
	AST_LIST_ENTRY(named) list;
};
static AST_LIST_HEAD_STATIC(types, named);

static struct stasis_message_type *type_of(const char *name)
{
	static struct stasis_message_vtable vtable = { .to_json = payload_to_json };
	struct stasis_message_type *type = NULL;
	struct named *named;

	AST_LIST_LOCK(&types);
	AST_LIST_TRAVERSE(&types, named, list) {
		if (!strcmp(stasis_message_type_name(named->type), name)) {
			break;
		}
	}
	if (!named && (named = ast_calloc(1, sizeof(*named)))) {
		named->type = asterism_stasis_core_type(name, &vtable);
		AST_LIST_INSERT_TAIL(&types, named, list);
	}
	type = named ? named->type : NULL;
	AST_LIST_UNLOCK(&types);
	return type;
}

int asterism_stasis_tell(const char *topic, const char *type, const char *tokens, size_t length)
{
	struct stasis_topic *target = stasis_topic_create(topic);
	struct ast_json *json = asterism_json_build(tokens, length);
	struct ast_json_payload *payload = json ? ast_json_payload_create(json) : NULL;
	struct stasis_message *message = stasis_message_create(type_of(type), payload);
	int failed = !target || !message;

	stasis_publish(target, message);
	ao2_cleanup(message);
	ao2_cleanup(payload);
	ast_json_unref(json);
	ao2_cleanup(target);
	return failed ? -1 : 0;
}

/* data is the number by which Python knows the listener. */
static void hear(void *data, struct stasis_subscription *sub, struct stasis_message *message)
{
	__typeof__(asterism_table.asterism_stasis_heard) heard = asterism_table.asterism_stasis_heard;
	const struct timeval *moment = stasis_message_timestamp(message);
	struct ast_json *json;
	char *text;

	(void) sub;
	if (!heard || stasis_message_type(message) == stasis_subscription_change_type()) {
		return;
	}
	json = ast_json_pack("[o?]", stasis_message_to_json(message, NULL));	/* A single value is not a JSON text by itself. */
	text = ast_json_dump_string(json);
	heard((size_t) data, stasis_message_type_name(stasis_message_type(message)), text, (long) moment->tv_sec,
		(long) moment->tv_usec);
	ast_json_free(text);
	ast_json_unref(json);
}

struct stasis_subscription *asterism_stasis_listen(const char *topic, const char *module, size_t number)
{
	struct asterism_place place = { module, 0, "Python" };
	struct stasis_topic *source = stasis_topic_create(topic);
	struct stasis_subscription *sub;
	struct asterism_mark mark;

	asterism_enter(&mark, module, "subscription");
	sub = source ? asterism_stasis_subscribe(source, hear, (void *) number, ASTERISM_STASIS_POOL,
		STASIS_SUBSCRIPTION_FILTER_NONE, &place) : NULL;
	asterism_leave(&mark);
	ao2_cleanup(source);
	return sub;
}

void asterism_stasis_unlisten(struct stasis_subscription *sub)
{
	stasis_unsubscribe_and_join(sub);
}
