/*
 * Tests of asterisk/astobj2.h: objects live as long as somebody holds them, and containers hold what is in them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/*** MODULEINFO
	<depend>TEST_FRAMEWORK</depend>
	<support_level>core</support_level>
 ***/

#include "asterisk.h"

#include "asterisk/astobj2.h"
#include "asterisk/module.h"
#include "asterisk/test.h"

#define CATEGORY "/main/astobj2/"
#define MANY 100

struct thing {
	int number;
	int *destroyed;		/* Counts the things that have gone. */
};

static void thing_destroy(void *obj)
{
	struct thing *thing = obj;

	++*thing->destroyed;
}

static struct thing *thing_new(int number, int *destroyed)
{
	struct thing *thing = ao2_alloc(sizeof(*thing), thing_destroy);

	if (thing) {
		thing->number = number;
		thing->destroyed = destroyed;
	}
	return thing;
}

static int thing_hash(const void *obj, int flags)
{
	return flags & OBJ_SEARCH_KEY ? *(const int *) obj : ((const struct thing *) obj)->number;
}

static int thing_cmp(void *obj, void *arg, int flags)
{
	int wanted = flags & OBJ_SEARCH_KEY ? *(int *) arg : ((struct thing *) arg)->number;

	return ((struct thing *) obj)->number == wanted ? CMP_MATCH : 0;
}

static int thing_sort(const void *left, const void *right, int flags)
{
	int other = flags & OBJ_SEARCH_KEY ? *(const int *) right : ((const struct thing *) right)->number;

	return ((const struct thing *) left)->number - other;
}

static struct ao2_container *container(const char *kind)
{
	if (!strcmp(kind, "hash")) {
		return ao2_container_alloc_hash(AO2_ALLOC_OPT_LOCK_MUTEX, 0, 7, thing_hash, NULL, thing_cmp);
	}
	if (!strcmp(kind, "list")) {
		return ao2_container_alloc_list(AO2_ALLOC_OPT_LOCK_RWLOCK, 0, thing_sort, thing_cmp);
	}
	return ao2_container_alloc_rbtree(AO2_ALLOC_OPT_LOCK_RWLOCK, 0, thing_sort, thing_cmp);
}

AST_TEST_DEFINE(lives_while_it_is_held)
{
	int destroyed = 0;
	struct thing *thing;

	switch (cmd) {
	case TEST_INIT:
		info->name = "lives_while_it_is_held";
		info->category = CATEGORY;
		info->summary = "The last reference takes the object along";
		info->description = "Takes and drops references of an object, and looks when its destructor is called.";
		return AST_TEST_NOT_RUN;
	case TEST_EXECUTE:
		break;
	}
	thing = thing_new(1, &destroyed);
	ast_test_validate(test, thing != NULL);
	ast_test_validate(test, ao2_ref(thing, +1) == 1);
	ast_test_validate(test, ao2_ref(thing, -1) == 2 && !destroyed);
	ao2_cleanup(thing);
	ast_test_validate(test, destroyed == 1);
	return AST_TEST_PASS;
}

/* Fills a container, finds each thing once, walks through them all, and empties it. */
static enum ast_test_result_state fill_and_empty(struct ast_test *test, const char *kind)
{
	RAII_VAR(struct ao2_container *, things, container(kind), ao2_cleanup);
	struct ao2_iterator i;
	struct thing *thing;
	int destroyed = 0, met = 0, key;

	ast_test_validate(test, things != NULL);
	for (key = 0; key < MANY; key++) {
		thing = thing_new(key, &destroyed);
		ast_test_validate(test, thing && ao2_link(things, thing));
		ao2_ref(thing, -1);
	}
	ast_test_validate(test, ao2_container_count(things) == MANY && !destroyed);
	for (key = 0; key < MANY; key++) {
		thing = ao2_find(things, &key, OBJ_SEARCH_KEY);
		ast_test_validate(test, thing && thing->number == key);
		ao2_ref(thing, -1);
	}
	key = MANY;
	ast_test_validate(test, !ao2_find(things, &key, OBJ_SEARCH_KEY));
	i = ao2_iterator_init(things, 0);
	for (; (thing = ao2_iterator_next(&i)); ao2_ref(thing, -1)) {
		met++;
	}
	ao2_iterator_destroy(&i);
	ast_test_validate(test, met == MANY);
	ao2_callback(things, OBJ_UNLINK | OBJ_NODATA | OBJ_MULTIPLE, NULL, NULL);
	ast_test_validate(test, !ao2_container_count(things) && destroyed == MANY);
	return AST_TEST_PASS;
}

AST_TEST_DEFINE(is_found_in_containers)
{
	static const char * const kinds[] = { "hash", "list", "tree" };
	size_t i;

	switch (cmd) {
	case TEST_INIT:
		info->name = "is_found_in_containers";
		info->category = CATEGORY;
		info->summary = "Each kind of container holds, finds and gives back";
		info->description = "Puts a hundred objects into a hash table, a list and a tree; finds, walks and unlinks them.";
		return AST_TEST_NOT_RUN;
	case TEST_EXECUTE:
		break;
	}
	for (i = 0; i < ARRAY_LEN(kinds); i++) {
		if (fill_and_empty(test, kinds[i]) != AST_TEST_PASS) {
			ast_test_status_update(test, "that was the %s\n", kinds[i]);
			return AST_TEST_FAIL;
		}
	}
	return AST_TEST_PASS;
}

static int unload_module(void)
{
	AST_TEST_UNREGISTER(lives_while_it_is_held);
	AST_TEST_UNREGISTER(is_found_in_containers);
	return 0;
}

static int load_module(void)
{
	AST_TEST_REGISTER(lives_while_it_is_held);
	AST_TEST_REGISTER(is_found_in_containers);
	return AST_MODULE_LOAD_SUCCESS;
}

AST_MODULE_INFO_STANDARD(ASTERISK_GPL_KEY, "Tests of objects and containers");
