"""Caches of messages: asterisk/stasis.h."""

from __future__ import annotations

from runtime.core.core import Core

CACHES = r"""
#include "asterisk/stasis.h"
#include "asterisk/stasis_message_router.h"
struct lamp {
	char name[8];
	int level;
};
static struct stasis_message_type *type;
static struct ast_eid other = { { 1, 2, 3, 4, 5, 6 } };
static char told[300];
static const char *name_of(struct stasis_message *message)
{
	return stasis_message_type(message) == type ? ((struct lamp *) stasis_message_data(message))->name : NULL;
}
static int level(struct stasis_message *message)
{
	return message ? ((struct lamp *) stasis_message_data(message))->level : -1;
}
static struct stasis_message *message(const char *name, int value, const struct ast_eid *eid)
{
	struct lamp *lamp = ao2_alloc(sizeof(*lamp), NULL);
	struct stasis_message *made;

	ast_copy_string(lamp->name, name, sizeof(lamp->name));
	lamp->level = value;
	made = stasis_message_create_full(type, lamp, eid);
	ao2_ref(lamp, -1);
	return made;
}
static void publish(struct stasis_topic *topic, struct stasis_message *made)
{
	stasis_publish(topic, made);
	ao2_ref(made, -1);
}
/* The brightest of all machines. */
static struct stasis_message *brightest(struct stasis_cache_entry *entry, struct stasis_message *fresh)
{
	struct stasis_message *local = stasis_cache_entry_get_local(entry),
		*remote = stasis_cache_entry_get_remote(entry, 0);
	int most = MAX(level(local), level(remote));

	return most < 0 ? NULL : message(name_of(local ? local : remote), most, NULL);
}
static void note(void *data, struct stasis_subscription *sub, struct stasis_message *update)
{
	struct stasis_cache_update *change = stasis_message_data(update);
	struct stasis_message *known;

	if (stasis_message_type(update) == stasis_cache_update_type()) {
		known = change->new_snapshot ? change->new_snapshot : change->old_snapshot;
		snprintf(told + strlen(told), sizeof(told) - strlen(told), "%s:%d>%d ", name_of(known),
			level(change->old_snapshot),
			level(change->new_snapshot));
	}
}
static void stray(void *data, struct stasis_subscription *sub, struct stasis_message *update)
{
	strcat(told, "stray ");
}
static int count(struct ao2_container *found)
{
	int number = found ? ao2_container_count(found) : -1;

	ao2_cleanup(found);
	return number;
}
static int kept(struct stasis_cache *cache, const char *name, const struct ast_eid *eid)
{
	struct stasis_message *found = stasis_cache_get_by_eid(cache, type, name, eid);
	int value = level(found);

	ao2_cleanup(found);
	return value;
}
static int answer(struct ast_channel *chan, const char *cmd, char *data, char *buf, size_t len)
{
	struct stasis_topic *topic = stasis_topic_create("lamps");
	struct stasis_cache *cache = stasis_cache_create_full(name_of, *data ? brightest : NULL, NULL);
	struct stasis_caching_topic *caching = stasis_caching_topic_create(topic, cache);
	struct stasis_message_router *router = stasis_message_router_create(stasis_caching_get_topic(caching));
	struct stasis_message *hall = message("hall", 1, &ast_eid_default), *clear = stasis_cache_clear_create(hall);

	told[0] = '\0';
	stasis_message_router_add_cache_update(router, type, note, NULL);
	stasis_message_router_add(router, stasis_cache_update_type(), stray, NULL);
	publish(topic, ao2_bump(hall));
	publish(topic, message("hall", 2, &ast_eid_default));
	publish(topic, message("hall", 5, &other));
	publish(topic, message("attic", 3, &ast_eid_default));
	publish(topic, message("attic", 9, NULL));
	snprintf(buf, len, "%d/%d/%d %d %d %d %d %d %d | ", kept(cache, "hall", &ast_eid_default), kept(cache, "hall",
		&other),
		kept(cache, "hall", NULL), kept(cache, "nothing", NULL), count(stasis_cache_dump(cache, type)),
		count(stasis_cache_dump_all(cache, NULL)), count(stasis_cache_get_all(cache, type, "hall")),
		count(stasis_cache_dump_by_eid(cache, type, &other)), count(stasis_cache_dump_by_eid(cache, type, NULL)));
	stasis_publish(topic, clear);
	stasis_publish(topic, clear);
	stasis_caching_unsubscribe_and_join(caching);
	stasis_message_router_unsubscribe_and_join(router);
	snprintf(buf + strlen(buf), len - strlen(buf), "%d %d | %s| %d%d%d%d%d", kept(cache, "hall", &ast_eid_default),
		count(stasis_cache_dump_all(cache, type)), told, stasis_cache_create(NULL) == NULL,
		stasis_caching_topic_create(NULL, cache) == NULL, stasis_cache_get(NULL, type, "a") == NULL,
		stasis_cache_dump(NULL, NULL) == NULL, stasis_caching_unsubscribe(NULL) == NULL);
	ao2_ref(clear, -1);
	ao2_ref(hall, -1);
	ao2_ref(cache, -1);
	ao2_ref(topic, -1);
	return 0;
}
static struct ast_custom_function function = { .name = "LAMPS", .read = answer };
static int unload_module(void)
{
	ao2_cleanup(type);
	return ast_custom_function_unregister(&function);
}
static int load_module(void)
{
	return stasis_message_type_create("lamp", NULL, &type) || ast_custom_function_register(&function);
}
"""


def test_a_cache_keeps_the_last_message_of_each_thing_and_machine(core: Core, opened, log: list[str]):
    module = opened("res_lamps", CACHES, "-Wno-unused-parameter", callbacks="")
    assert module.load() == 0
    read = core.functions.find("LAMPS").read
    plain = "hall:-1>1 hall:1>2 hall:-1>5 attic:-1>3 hall:2>-1 "
    assert read(None, "") == f"2/5/-1 -1 2 3 2 1 0 | -1 2 | {plain}| 11111"
    summed = (
        "hall:-1>1 hall:-1>1 hall:1>2 hall:1>2 hall:-1>5 hall:2>5 attic:-1>3 attic:-1>3 hall:2>-1 hall:5>5 hall:5>5 "
    )
    assert read(None, "sum") == f"2/5/5 -1 2 3 2 1 2 | -1 2 | {summed}| 11111"
    assert module.unload() == 0
    assert log == []
