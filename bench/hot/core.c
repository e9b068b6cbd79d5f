/* The jobs of jobs.h with what the core offers to modules. SPDX-License-Identifier: GPL-2.0-or-later */
#include "asterisk.h"

#include "asterisk/astobj2.h"
#include "asterisk/linkedlists.h"
#include "asterisk/lock.h"
#include "asterisk/strings.h"
#include "asterisk/threadstorage.h"
#include "asterisk/utils.h"
#include "asterisk/vector.h"

#include "jobs.h"

#define KEEP(pointer) __asm__ volatile("" : : "r"(pointer) : "memory")

struct thing {
	int number;
	char name[20];
	AST_LIST_ENTRY(thing) list;
};

AO2_STRING_FIELD_HASH_FN(thing, name)
AO2_STRING_FIELD_CMP_FN(thing, name)

AST_MUTEX_DEFINE_STATIC(mutex);
AST_RWLOCK_DEFINE_STATIC(rwlock);
AST_THREADSTORAGE(buffer);

static struct ao2_container *things;
static struct thing *one;
static struct thing entries[HELD];
static AST_LIST_HEAD_NOLOCK_STATIC(entry_list, thing);

static struct thing *thing_new(size_t number)
{
	struct thing *thing = ao2_alloc(sizeof(*thing), NULL);

	thing->number = (int) number;
	snprintf(thing->name, sizeof(thing->name), "thing-%zu", number);
	return thing;
}

void core_prepare(void)
{
	size_t i;

	things = ao2_container_alloc_hash(AO2_ALLOC_OPT_LOCK_MUTEX, 0, 563, thing_hash_fn, NULL, thing_cmp_fn);
	for (i = 0; i < HELD; i++) {
		struct thing *thing = thing_new(i);

		ao2_link(things, thing);
		ao2_ref(thing, -1);
		AST_LIST_INSERT_TAIL(&entry_list, &entries[i], list);
	}
	one = thing_new(HELD);
}

void core_allocate(size_t times)
{
	while (times--) {
		void *block = ast_malloc(64);

		KEEP(block);
		ast_free(block);
	}
}

void core_duplicate(size_t times)
{
	while (times--) {
		char *copy = ast_strdup("a name of middling length");

		KEEP(copy);
		ast_free(copy);
	}
}

void core_mutex(size_t times)
{
	while (times--) {
		ast_mutex_lock(&mutex);
		ast_mutex_unlock(&mutex);
	}
}

void core_rwlock(size_t times)
{
	while (times--) {
		ast_rwlock_rdlock(&rwlock);
		ast_rwlock_unlock(&rwlock);
	}
}

void core_string_set(size_t times)
{
	struct ast_str *str = ast_str_create(32);

	while (times--) {
		ast_str_set(&str, 0, "%s %d", "number", (int) times);
	}
	ast_free(str);
}

void core_string_append(size_t times)
{
	struct ast_str *str = ast_str_create(32);

	while (times--) {
		if (ast_str_strlen(str) > 990) {
			ast_str_reset(str);
		}
		ast_str_append(&str, 0, "%s", "ten bytes.");
	}
	ast_free(str);
}

void core_object_new(size_t times)
{
	while (times--) {
		struct thing *thing = ao2_alloc(sizeof(*thing), NULL);

		KEEP(thing);
		ao2_ref(thing, -1);
	}
}

void core_object_ref(size_t times)
{
	while (times--) {
		ao2_ref(one, +1);
		ao2_ref(one, -1);
	}
}

void core_object_lock(size_t times)
{
	while (times--) {
		ao2_lock(one);
		ao2_unlock(one);
	}
}

void core_find(size_t times)
{
	while (times--) {
		struct thing *found = ao2_find(things, "thing-500", OBJ_SEARCH_KEY);

		KEEP(found);
		ao2_ref(found, -1);
	}
}

void core_iterate(size_t times)
{
	while (times--) {
		struct ao2_iterator i = ao2_iterator_init(things, 0);
		struct thing *thing;

		while ((thing = ao2_iterator_next(&i))) {
			KEEP(thing);
			ao2_ref(thing, -1);
		}
		ao2_iterator_destroy(&i);
	}
}

void core_link(size_t times)
{
	while (times--) {
		ao2_link(things, one);
		ao2_unlink(things, one);
	}
}

void core_list(size_t times)
{
	AST_LIST_HEAD_NOLOCK(, thing) head = AST_LIST_HEAD_NOLOCK_INIT_VALUE;
	static struct thing thing;

	while (times--) {
		AST_LIST_INSERT_TAIL(&head, &thing, list);
		KEEP(&head);
		AST_LIST_REMOVE_HEAD(&head, list);
	}
}

void core_walk(size_t times)
{
	while (times--) {
		struct thing *entry;

		AST_LIST_TRAVERSE(&entry_list, entry, list) {
			KEEP(entry);
		}
	}
}

void core_vector(size_t times)
{
	AST_VECTOR(, int) numbers;

	AST_VECTOR_INIT(&numbers, 0);
	while (times--) {
		if (AST_VECTOR_APPEND(&numbers, (int) times)) {
			break;
		}
		KEEP(&numbers);
		AST_VECTOR_REMOVE_UNORDERED(&numbers, AST_VECTOR_SIZE(&numbers) - 1);
	}
	AST_VECTOR_FREE(&numbers);
}

void core_thread_buffer(size_t times)
{
	while (times--) {
		KEEP(ast_threadstorage_get(&buffer, 64));
	}
}
