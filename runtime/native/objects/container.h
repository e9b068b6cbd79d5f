/*
 * Declarations shared by the kinds of containers: container.c drives them; container_hash.c and container_tree.c keep
 * the nodes.
 *
 * A node is removed from its structure at once.  An iterator or a running callback has a cursor in the container's
 * list; when the cursor's node is removed, the cursor moves to the node before it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef ASTERISM_CONTAINER_H
#define ASTERISM_CONTAINER_H

#include "internal.h"

#include "asterisk/astobj2.h"

struct node {
	void *obj;
	/* In a hash table: neighbours in the bucket.  In a tree: children. */
	struct node *left;
	struct node *right;
	struct node *parent;
	unsigned int place;	/* The bucket; or, in a tree, the priority that keeps it balanced. */
};

enum inserted {
	INSERTED,
	REPLACED,	/* The node's object took the place of an equal one; the node holds the old one. */
	REFUSED,
};

/* The criteria of a search, and how far it can be narrowed. */
struct search {
	const void *arg;
	int kind;	/* OBJ_SEARCH_MASK. */
	int descending;
	/* Settled by seek, for hash tables: whether all that match are in one bucket, and which. */
	int narrow;
	unsigned int place;
};

struct kind {
	enum inserted (*insert)(struct ao2_container *c, struct node *node);
	void (*take_out)(struct ao2_container *c, struct node *node);
	/* The node after this one (NULL: the first), or before it (NULL: the last). */
	struct node *(*step)(struct ao2_container *c, struct node *node, int descending);
	/* The first node that may match. */
	struct node *(*seek)(struct ao2_container *c, struct search *search);
	/* -1: this node stands before all that match; 0: it may match; 1: no later one does. */
	int (*compare)(struct ao2_container *c, const struct node *node, const struct search *search);
	struct ao2_container *(*like)(struct ao2_container *c);	/* An empty one. */
	int (*is_sound)(struct ao2_container *c);
};

struct cursor {
	struct node *at;	/* The last visited node; NULL: before the beginning. */
	int descending;
	struct cursor *next;
	struct cursor **link;	/* The pointer to this cursor. */
};

struct bucket {
	struct node *first;
	struct node *last;
};

struct ao2_container {
	const struct kind *kind;
	ao2_sort_fn *sort;
	ao2_callback_fn *match;
	ao2_hash_fn *hash;
	unsigned int options;
	int count;	/* Changed atomically. */
	struct cursor *cursors;
	int cursors_busy;	/* A lock held for a few instructions: readers of one container make and drop cursors together. */
	struct node *root;		/* Of a tree. */
	unsigned int seed;
	unsigned int buckets_count;	/* Of a hash table; a list has one. */
	struct bucket buckets[];
};

/* Locks a pointer that is known to be an object (object.c). */
HIDDEN void asterism_object_lock(void *data, enum ao2_lock_req how);
HIDDEN void asterism_object_unlock(void *data);

/* Whether this is a weak proxy; otherwise says so in the log (object.c). */
HIDDEN int asterism_weakproxy_is(void *data, const char *file, int line, const char *func);
/* The object of a weak proxy that is locked; NULL when the object is gone. */
HIDDEN void *asterism_weakproxy_object(void *proxy);
/* Tells those who subscribed that the object of a proxy is gone (weakproxy.c). */
HIDDEN void asterism_weakproxy_notify(void *proxy, struct ao2_weakproxy *ended);

/* A container without nodes; NULL when out of memory. */
HIDDEN struct ao2_container *asterism_container_new(const struct kind *kind, unsigned int ao2_options,
	unsigned int options, unsigned int buckets, ao2_sort_fn *sort, ao2_callback_fn *match);

/* The effect of inserting a node beside an equal one: INSERTED to continue. */
HIDDEN enum inserted asterism_container_meet(struct ao2_container *c, struct node *old, struct node *node);

#endif
