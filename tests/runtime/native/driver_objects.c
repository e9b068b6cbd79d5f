/*
 * The driver's requests about objects and containers (asterisk/astobj2.h).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"
#include "driver.h"

#include "asterisk/astobj2.h"

struct thing {
	int number;
	char name[8];
};

AO2_STRING_FIELD_HASH_FN(thing, name)
AO2_STRING_FIELD_SORT_FN(thing, name)
AO2_STRING_FIELD_CMP_FN(thing, name)

static int alive;

static void thing_gone(void *data)
{
	(void) data;
	__atomic_sub_fetch(&alive, 1, __ATOMIC_RELAXED);
}

static struct thing *thing_new(const char *name, int number)
{
	struct thing *thing = ao2_alloc_options(sizeof(*thing), thing_gone, AO2_ALLOC_OPT_LOCK_NOLOCK);

	ast_copy_string(thing->name, name, sizeof(thing->name));
	thing->number = number;
	__atomic_add_fetch(&alive, 1, __ATOMIC_RELAXED);
	return thing;
}

/* A container of a kind (hash, Hash sorted, list, List sorted, tree), of duplicates (allow, reject, object, place). */
static struct ao2_container *container_new(char kind, char dups, char begin)
{
	unsigned int options = (unsigned int) (strchr("arop", dups) - "arop") << 1;

	options |= begin == 'b' ? AO2_CONTAINER_ALLOC_OPT_INSERT_BEGIN : 0;
	switch (kind) {
	case 't':
		return ao2_container_alloc_rbtree(AO2_ALLOC_OPT_LOCK_RWLOCK, options, thing_sort_fn, thing_cmp_fn);
	case 'h':
	case 'H':
		return ao2_container_alloc_hash(AO2_ALLOC_OPT_LOCK_MUTEX, options, 3, thing_hash_fn,
			kind == 'H' ? thing_sort_fn : NULL, thing_cmp_fn);
	default:
		return ao2_container_alloc_list(AO2_ALLOC_OPT_LOCK_MUTEX, options, kind == 'L' ? thing_sort_fn : NULL,
			thing_cmp_fn);
	}
}

static void print_and_drop(struct thing *thing)
{
	if (thing) {
		printf("%d ", thing->number);
		ao2_ref(thing, -1);
	} else {
		printf("- ");
	}
}

static void print_all(struct ao2_container *c, int flags)
{
	struct ao2_iterator i = ao2_iterator_init(c, flags);
	struct thing *thing;

	while ((thing = ao2_iterator_next(&i))) {
		print_and_drop(thing);
	}
	ao2_iterator_destroy(&i);
}

static void print_found(struct ao2_container *c, const char *key, int flags)
{
	struct ao2_iterator *found = ao2_find(c, key, OBJ_MULTIPLE | flags);
	struct thing *thing;

	while ((thing = ao2_iterator_next(found))) {
		print_and_drop(thing);
	}
	ao2_iterator_destroy(found);
}

/* Takes out all of a name while it goes over them, and puts a copy of each in again under the name z. */
static void change_while_going(struct ao2_container *c, const char *name, int number)
{
	struct ao2_iterator i = ao2_iterator_init(c, 0);
	struct thing *thing;

	while ((thing = ao2_iterator_next(&i))) {
		if (!strcmp(thing->name, name) && strcmp(name, "z")) {
			struct thing *other = thing_new("z", 1000 * number + thing->number);

			ao2_unlink(c, thing);
			ao2_link(c, other);
			ao2_ref(other, -1);
		}
		print_and_drop(thing);
	}
	ao2_iterator_destroy(&i);
}

/* Takes itself and everything of its name out of the container it is called for. */
static int take_out_all(void *obj, void *arg, void *data, int flags)
{
	struct thing *thing = obj;
	char name[8];

	(void) arg;
	(void) flags;
	ast_copy_string(name, thing->name, sizeof(name));
	ao2_find(data, name, OBJ_SEARCH_KEY | OBJ_UNLINK | OBJ_MULTIPLE | OBJ_NODATA | OBJ_NOLOCK);
	return CMP_MATCH;
}

static void act(struct ao2_container *c, char what, const char *key, int number)
{
	struct thing *thing;

	switch (what) {
	case '+':
		thing = thing_new(key, number);
		printf("%d ", ao2_link(c, thing));
		ao2_ref(thing, -1);
		break;
	case '-':
		thing = ao2_find(c, key, OBJ_SEARCH_KEY);
		if (thing) {
			ao2_unlink(c, thing);
		}
		print_and_drop(thing);
		break;
	case '?':
		print_found(c, key, OBJ_SEARCH_KEY);
		break;
	case '<':
		print_found(c, key, OBJ_SEARCH_KEY | OBJ_ORDER_DESCENDING);
		break;
	case '^':
		print_found(c, key, OBJ_SEARCH_PARTIAL_KEY);
		break;
	case '!':
		print_found(c, key, OBJ_SEARCH_KEY | OBJ_UNLINK);
		break;
	case '~':
		change_while_going(c, key, number);
		break;
	case '*':
		ao2_callback_data(c, OBJ_UNLINK | OBJ_NODATA, take_out_all, NULL, c);
		break;
	}
}

/* KIND DUPS BEGIN, then pairs of what to do and a name. */
void container_try(char *text)
{
	struct ao2_container *c = container_new(text[0], text[1], text[2]), *clone;
	const char *at;
	int number = 0;

	logged = 0;
	for (at = text + 3; at[0] && at[1]; at += 2) {
		act(c, at[0], (const char[]) { at[1], '\0' }, ++number);
		printf("%s", ao2_container_check(c, 0) ? "UNSOUND " : "");
	}
	printf("| %d | ", ao2_container_count(c));
	print_all(c, 0);
	printf("| ");
	clone = ao2_container_clone(c, 0);
	print_all(clone, AO2_ITERATOR_DESCENDING | AO2_ITERATOR_UNLINK);
	printf("| %d%d", ao2_container_check(clone, 0), ao2_container_count(clone));
	ao2_ref(clone, -1);
	ao2_ref(c, -1);
	printf("%d%d", alive, logged);
}

/* ---- objects ---- */

static AO2_GLOBAL_OBJ_STATIC(shared);

#define TELL(expression) printf("%d ", (int) (expression))

void object_try(char *text)
{
	struct thing *thing = thing_new(text, 1), *other = thing_new(text, 2), *old;
	void *lockers[] = { ao2_alloc(1, NULL), ao2_alloc_options(1, NULL, AO2_ALLOC_OPT_LOCK_RWLOCK), NULL };
	size_t i;

	lockers[2] = ao2_alloc_with_lockobj(1, NULL, lockers[0], NULL);
	logged = 0;
	TELL(ao2_ref(thing, 0));
	TELL(ao2_ref(thing, +2));
	TELL(ao2_ref(thing, -2));
	old = ao2_global_obj_replace(shared, thing);
	TELL(old == NULL);
	old = ao2_global_obj_ref(shared);
	TELL(old == thing);
	TELL(ao2_ref(old, -1));
	TELL(ao2_global_obj_replace_unref(shared, other));
	TELL(ao2_global_obj_release(shared));
	TELL(ao2_global_obj_release(shared));
	old = NULL;
	ao2_replace(old, other);
	TELL(old == other);
	ao2_replace(old, NULL);
	TELL(ao2_ref(other, 0));
	printf("| ");
	for (i = 0; i < ARRAY_LEN(lockers); i++) {
		TELL(ao2_rdlock(lockers[i]));
		TELL(ao2_tryrdlock(lockers[i]));
		TELL(ao2_unlock(lockers[i]));
		TELL(ao2_unlock(lockers[i]));
		TELL(ao2_ref_and_lock(lockers[i]));
		TELL(ao2_unlock_and_unref(lockers[i]));
	}
	TELL(ao2_object_get_lockaddr(lockers[2]) == ao2_object_get_lockaddr(lockers[0]));
	TELL(ao2_object_get_lockaddr(thing) == NULL);
	TELL(ao2_lock(thing));
	TELL(ao2_unlock(thing));
	for (i = ARRAY_LEN(lockers); i; i--) {
		ao2_ref(lockers[i - 1], -1);
	}
	printf("| ");
	TELL(logged);
	ao2_ref(thing, -1);
	ao2_ref(other, -1);
	ao2_cleanup(NULL);
	TELL(alive);
	/* Gone: dropped twice, referred to, locked; NULL. */
	TELL(ao2_ref(thing, -1));
	TELL(ao2_ref(thing, +1));
	TELL(ao2_lock(thing) == EINVAL);
	TELL(ao2_ref(NULL, 1));
	TELL(ao2_container_count(NULL));
	TELL(ao2_link(NULL, NULL));
	TELL(ao2_find(NULL, NULL, 0) == NULL);
	TELL(ao2_container_alloc_rbtree(0, 0, NULL, NULL) == NULL);
	TELL(ao2_alloc_options(1, NULL, AO2_ALLOC_OPT_LOCK_OBJ) == NULL);
	TELL(logged);
}

/* ---- threads ---- */

struct hammer {
	struct ao2_container *c;
	unsigned int seed;
	int rounds;
};

static void *hammer(void *data)
{
	struct hammer *h = data;
	int i;

	for (i = 0; i < h->rounds; i++) {
		char name[2] = { (char) ('a' + rand_r(&h->seed) % 20), '\0' };
		struct ao2_iterator all;
		struct thing *thing;
		int steps = 5;

		switch (rand_r(&h->seed) % 6) {
		case 0:
		case 1:
			thing = thing_new(name, i);
			ao2_link(h->c, thing);
			ao2_global_obj_replace_unref(shared, thing);
			ao2_ref(thing, -1);
			break;
		case 2:
			ao2_find(h->c, name, OBJ_SEARCH_KEY | OBJ_UNLINK | OBJ_NODATA | OBJ_MULTIPLE);
			break;
		case 3:
			thing = ao2_find(h->c, name, OBJ_SEARCH_KEY);
			if (thing) {
				ao2_unlink(h->c, thing);
			}
			ao2_cleanup(thing);
			break;
		case 4:
			all = ao2_iterator_init(h->c, rand_r(&h->seed) % 2 ? AO2_ITERATOR_DESCENDING : 0);
			while (steps-- && (thing = ao2_iterator_next(&all))) {
				ao2_ref(thing, -1);
			}
			ao2_iterator_destroy(&all);
			break;
		default:
			thing = ao2_global_obj_ref(shared);
			ao2_cleanup(thing);
		}
	}
	return NULL;
}

/* KIND, then how often: eight threads change one container in every way. */
void container_hammer(char *text)
{
	struct hammer h[8];
	pthread_t threads[ARRAY_LEN(h)];
	struct ao2_container *c = container_new(text[0], 'a', '-');
	size_t i;

	logged = 0;
	for (i = 0; i < ARRAY_LEN(h); i++) {
		h[i] = (struct hammer) { c, (unsigned int) i + 1, atoi(text + 1) };
		ast_pthread_create(&threads[i], NULL, hammer, &h[i]);
	}
	for (i = 0; i < ARRAY_LEN(h); i++) {
		pthread_join(threads[i], NULL);
	}
	ao2_global_obj_release(shared);
	printf("%d ", ao2_container_check(c, 0));
	ao2_ref(c, -1);
	printf("%d %d", alive, logged);
}
