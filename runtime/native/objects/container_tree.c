/*
 * Sorted trees.  They are balanced by a random priority for each node (a treap): the order and the expected cost of a
 * red-black tree, with half of its cases.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "container.h"

/* The pointer to a node. */
static struct node **link_of(struct ao2_container *c, struct node *node)
{
	struct node *parent = node->parent;

	return !parent ? &c->root : parent->left == node ? &parent->left : &parent->right;
}

/* Puts a node, which may be NULL, in the place of another. */
static void put_in_place(struct ao2_container *c, struct node *old, struct node *node)
{
	*link_of(c, old) = node;
	if (node) {
		node->parent = old->parent;
	}
}

/* Lets a node and its parent change places; the order stays. */
static void rise(struct ao2_container *c, struct node *node)
{
	struct node *parent = node->parent, *between;
	int is_left = parent->left == node;

	put_in_place(c, parent, node);
	between = is_left ? node->right : node->left;
	*(is_left ? &parent->left : &parent->right) = between;
	if (between) {
		between->parent = parent;
	}
	*(is_left ? &node->right : &node->left) = parent;
	parent->parent = node;
}

static unsigned int random_priority(struct ao2_container *c)
{
	/* xorshift; never 0 once it is not. */
	c->seed ^= c->seed << 13;
	c->seed ^= c->seed >> 17;
	c->seed ^= c->seed << 5;
	return c->seed;
}

static struct node *farthest(struct node *node, int left)
{
	while (node && (left ? node->left : node->right)) {
		node = left ? node->left : node->right;
	}
	return node;
}

static struct node *step(struct ao2_container *c, struct node *node, int descending)
{
	struct node *below;

	if (!node) {
		return farthest(c->root, !descending);
	}
	below = descending ? node->left : node->right;
	if (below) {
		return farthest(below, !descending);
	}
	while (node->parent && node == (descending ? node->parent->left : node->parent->right)) {
		node = node->parent;
	}
	return node->parent;
}

/* The first node whose order against arg is not below 0; descending, the last whose order is not above. */
static struct node *bound(struct ao2_container *c, const struct search *search)
{
	struct node *node = c->root, *found = NULL;

	while (node) {
		int order = c->sort(node->obj, search->arg, search->kind);
		int fits = search->descending ? order <= 0 : order >= 0;

		found = fits ? node : found;
		node = fits == search->descending ? node->right : node->left;
	}
	return found;
}

static struct node *seek(struct ao2_container *c, struct search *search)
{
	return search->kind == OBJ_SEARCH_NONE ? step(c, NULL, search->descending) : bound(c, search);
}

static int compare(struct ao2_container *c, const struct node *node, const struct search *search)
{
	int order = search->kind == OBJ_SEARCH_NONE ? 0 : c->sort(node->obj, search->arg, search->kind);

	order = search->descending ? -order : order;
	return !order ? 0 : order > 0 ? 1 : -1;
}

/* The effect of inserting a node among its equals: INSERTED to continue. */
static enum inserted meet_equals(struct ao2_container *c, struct node *node)
{
	struct search same = { .arg = node->obj, .kind = OBJ_SEARCH_OBJECT };
	enum inserted met = INSERTED;
	struct node *equal;

	if (!(c->options & AO2_CONTAINER_ALLOC_OPT_DUPS_MASK)) {
		return INSERTED;
	}
	for (equal = bound(c, &same); equal && met == INSERTED && !compare(c, equal, &same); equal = step(c, equal, 0)) {
		met = asterism_container_meet(c, equal, node);
	}
	return met;
}

static enum inserted insert(struct ao2_container *c, struct node *node)
{
	int at_front = c->options & AO2_CONTAINER_ALLOC_OPT_INSERT_BEGIN;
	struct node **link = &c->root, *parent = NULL;
	enum inserted met = meet_equals(c, node);

	if (met != INSERTED) {
		return met;
	}
	while (*link) {
		int order = c->sort((*link)->obj, node->obj, OBJ_SEARCH_OBJECT);

		parent = *link;
		link = order > 0 || (!order && at_front) ? &parent->left : &parent->right;
	}
	node->parent = parent;
	node->left = node->right = NULL;
	node->place = random_priority(c);
	*link = node;
	while (node->parent && node->parent->place < node->place) {
		rise(c, node);
	}
	return INSERTED;
}

static void take_out(struct ao2_container *c, struct node *node)
{
	while (node->left && node->right) {
		rise(c, node->left->place > node->right->place ? node->left : node->right);
	}
	put_in_place(c, node, node->left ? node->left : node->right);
}

static const struct kind tree_kind;

static struct ao2_container *like(struct ao2_container *c)
{
	return asterism_container_new(&tree_kind, ao2_options_get(c), c->options, 0, c->sort, c->match);
}

static int is_sound(struct ao2_container *c)
{
	struct node *node, *before = NULL;
	int count = 0;

	for (node = step(c, NULL, 0); node; before = node, node = step(c, node, 0), count++) {
		if (*link_of(c, node) != node || (node->parent && node->parent->place < node->place)
			|| (before && c->sort(before->obj, node->obj, OBJ_SEARCH_OBJECT) > 0)) {
			return 0;
		}
	}
	return count == c->count;
}

static const struct kind tree_kind = { insert, take_out, step, seek, compare, like, is_sound };

struct ao2_container *__ao2_container_alloc_rbtree(unsigned int ao2_options, unsigned int container_options,
	ao2_sort_fn *sort_fn, ao2_callback_fn *cmp_fn, const char *tag, const char *file, int line, const char *func)
{
	(void) tag;
	if (!sort_fn) {
		ast_log_safe(__LOG_ERROR, file, line, func, "a tree needs a sort function\n");
		return NULL;
	}
	return asterism_container_new(&tree_kind, ao2_options, container_options, 0, sort_fn, cmp_fn);
}
