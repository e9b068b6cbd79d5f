/*
 * Hash tables, and lists, which are hash tables with one bucket.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "container.h"

static unsigned int bucket_of(struct ao2_container *c, const void *arg, int kind)
{
	/* As in Asterisk, a negative hash is replaced by its absolute value. */
	return c->hash ? (unsigned int) llabs((long long) c->hash(arg, kind)) % c->buckets_count : 0;
}

/* Puts a node behind another one of its bucket; NULL: at the beginning. */
static void put_behind(struct bucket *bucket, struct node *before, struct node *node)
{
	node->left = before;
	node->right = before ? before->right : bucket->first;
	*(before ? &before->right : &bucket->first) = node;
	*(node->right ? &node->right->left : &bucket->last) = node;
}

/* The effect of inserting a node among its equals: INSERTED to continue. */
static enum inserted meet_equals(struct ao2_container *c, const struct bucket *bucket, struct node *node)
{
	enum inserted met = INSERTED;
	struct node *other;
	int order = 1;

	if (!c->sort || !(c->options & AO2_CONTAINER_ALLOC_OPT_DUPS_MASK)) {
		return INSERTED;
	}
	for (other = bucket->last; other && order >= 0 && met == INSERTED; other = other->left) {
		order = c->sort(other->obj, node->obj, OBJ_SEARCH_OBJECT);
		met = order ? INSERTED : asterism_container_meet(c, other, node);
	}
	return met;
}

/* The node of a bucket behind which a new one belongs; NULL: at the beginning. */
static struct node *place_of(struct ao2_container *c, const struct bucket *bucket, const struct node *node)
{
	int at_front = c->options & AO2_CONTAINER_ALLOC_OPT_INSERT_BEGIN, order;
	struct node *before = at_front && !c->sort ? NULL : bucket->last;

	/* From the end backwards: objects added in order need no search. */
	while (c->sort && before && (order = c->sort(before->obj, node->obj, OBJ_SEARCH_OBJECT)) >= 0
		&& (order || at_front)) {
		before = before->left;
	}
	return before;
}

static enum inserted insert(struct ao2_container *c, struct node *node)
{
	struct bucket *bucket;
	enum inserted met;

	node->place = bucket_of(c, node->obj, OBJ_SEARCH_OBJECT);
	bucket = &c->buckets[node->place];
	met = meet_equals(c, bucket, node);
	if (met == INSERTED) {
		put_behind(bucket, place_of(c, bucket, node), node);
	}
	return met;
}

static void take_out(struct ao2_container *c, struct node *node)
{
	struct bucket *bucket = &c->buckets[node->place];

	*(node->left ? &node->left->right : &bucket->first) = node->right;
	*(node->right ? &node->right->left : &bucket->last) = node->left;
}

/* The first node of this bucket or of a later one. */
static struct node *from_bucket(struct ao2_container *c, unsigned int number, int descending)
{
	struct node *node = NULL;

	/* Downwards the number ends below 0, which is above the count. */
	for (; !node && number < c->buckets_count; number += descending ? -1u : 1u) {
		node = descending ? c->buckets[number].last : c->buckets[number].first;
	}
	return node;
}

static struct node *step(struct ao2_container *c, struct node *node, int descending)
{
	struct node *next;

	if (!node) {
		return from_bucket(c, descending ? c->buckets_count - 1 : 0, descending);
	}
	next = descending ? node->left : node->right;
	return next ? next : from_bucket(c, node->place + (descending ? -1u : 1u), descending);
}

/* Whether all matches are in one bucket. */
static int is_narrow(const struct ao2_container *c, const struct search *search)
{
	return c->buckets_count == 1
		|| (c->hash && (search->kind == OBJ_SEARCH_OBJECT || search->kind == OBJ_SEARCH_KEY));
}

static struct node *seek(struct ao2_container *c, struct search *search)
{
	struct bucket *bucket;

	search->narrow = is_narrow(c, search);
	if (!search->narrow || c->buckets_count == 1) {
		return step(c, NULL, search->descending);
	}
	search->place = bucket_of(c, search->arg, search->kind);
	bucket = &c->buckets[search->place];
	return search->descending ? bucket->last : bucket->first;
}

static int compare(struct ao2_container *c, const struct node *node, const struct search *search)
{
	int order;

	if (search->narrow && node->place != search->place) {
		return (node->place < search->place) == !search->descending ? -1 : 1;
	}
	if (!c->sort || search->kind == OBJ_SEARCH_NONE) {
		return 0;
	}
	order = c->sort(node->obj, search->arg, search->kind);
	order = search->descending ? -order : order;
	return !order ? 0 : order > 0 && search->narrow ? 1 : -1;
}

static const struct kind hash_kind;

static struct ao2_container *like(struct ao2_container *c)
{
	struct ao2_container *empty = asterism_container_new(&hash_kind, ao2_options_get(c), c->options, c->buckets_count,
		c->sort, c->match);

	if (empty) {
		empty->hash = c->hash;
	}
	return empty;
}

static int is_sound(struct ao2_container *c)
{
	unsigned int number;
	int count = 0;

	for (number = 0; number < c->buckets_count; number++) {
		struct node *node, *before = NULL;

		for (node = c->buckets[number].first; node; before = node, node = node->right, count++) {
			if (node->left != before || node->place != number
				|| bucket_of(c, node->obj, OBJ_SEARCH_OBJECT) != number
				|| (before && c->sort && c->sort(before->obj, node->obj, OBJ_SEARCH_OBJECT) > 0)) {
				return 0;
			}
		}
		if (c->buckets[number].last != before) {
			return 0;
		}
	}
	return count == c->count;
}

static const struct kind hash_kind = { insert, take_out, step, seek, compare, like, is_sound };

struct ao2_container *__ao2_container_alloc_hash(unsigned int ao2_options, unsigned int container_options,
	unsigned int n_buckets, ao2_hash_fn *hash_fn, ao2_sort_fn *sort_fn, ao2_callback_fn *cmp_fn, const char *tag,
	const char *file, int line, const char *func)
{
	unsigned int buckets = hash_fn && n_buckets ? n_buckets : 1;
	struct ao2_container *c = asterism_container_new(&hash_kind, ao2_options, container_options, buckets, sort_fn, cmp_fn);

	(void) tag;
	(void) file;
	(void) line;
	(void) func;
	if (c) {
		c->hash = hash_fn;
	}
	return c;
}

struct ao2_container *__ao2_container_alloc_list(unsigned int ao2_options, unsigned int container_options,
	ao2_sort_fn *sort_fn, ao2_callback_fn *cmp_fn, const char *tag, const char *file, int line, const char *func)
{
	return __ao2_container_alloc_hash(ao2_options, container_options, 1, NULL, sort_fn, cmp_fn, tag, file, line, func);
}
