/*
 * Containers of objects: linking, searching, iterating (asterisk/astobj2.h).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "container.h"

int ao2_match_by_addr(void *obj, void *arg, int flags)
{
	(void) flags;
	return obj == arg ? CMP_MATCH | CMP_STOP : 0;
}

/* The container, if it is an object; otherwise NULL, which is logged. */
static struct ao2_container *checked(struct ao2_container *c, const char *file, int line, const char *func)
{
	return asterism_object_is(c, "use as a container", file, line, func) ? c : NULL;
}

/* ---- life ---- */

static void free_node(struct node *node)
{
	ao2_ref(node->obj, -1);
	ast_free(node);
}

static void destroy(void *data)
{
	struct ao2_container *c = data;
	struct node *node;

	while ((node = c->kind->step(c, NULL, 0))) {
		c->kind->take_out(c, node);
		free_node(node);
	}
}

struct ao2_container *asterism_container_new(const struct kind *kind, unsigned int ao2_options, unsigned int options,
	unsigned int buckets, ao2_sort_fn *sort, ao2_callback_fn *match)
{
	struct ao2_container *c = ao2_alloc_options(sizeof(*c) + buckets * sizeof(c->buckets[0]), destroy, ao2_options);

	if (c) {
		c->kind = kind;
		c->sort = sort;
		c->match = match;
		c->options = options;
		c->buckets_count = buckets;
		c->seed = 0x9e3779b9u;
	}
	return c;
}

int ao2_container_count(struct ao2_container *c)
{
	return checked(c, __FILE__, __LINE__, __func__) ? __atomic_load_n(&c->count, __ATOMIC_ACQUIRE) : 0;
}

/* ---- cursors ---- */

static void cursors_lock(struct ao2_container *c)
{
	while (__atomic_exchange_n(&c->cursors_busy, 1, __ATOMIC_ACQUIRE)) {
		sched_yield();
	}
}

static void cursors_unlock(struct ao2_container *c)
{
	__atomic_store_n(&c->cursors_busy, 0, __ATOMIC_RELEASE);
}

static void cursor_enter(struct ao2_container *c, struct cursor *cursor, int descending)
{
	cursor->at = NULL;
	cursor->descending = descending;
	cursors_lock(c);
	cursor->next = c->cursors;
	cursor->link = &c->cursors;
	if (cursor->next) {
		cursor->next->link = &cursor->next;
	}
	c->cursors = cursor;
	cursors_unlock(c);
}

static void cursor_leave(struct ao2_container *c, struct cursor *cursor)
{
	cursors_lock(c);
	*cursor->link = cursor->next;
	if (cursor->next) {
		cursor->next->link = cursor->link;
	}
	cursors_unlock(c);
}

/* Unlinks a node and gives it to the caller; cursors at the node move back. */
static void take_out(struct ao2_container *c, struct node *node)
{
	struct cursor *cursor;

	cursors_lock(c);
	for (cursor = c->cursors; cursor; cursor = cursor->next) {
		if (cursor->at == node) {
			cursor->at = c->kind->step(c, node, !cursor->descending);
		}
	}
	cursors_unlock(c);
	c->kind->take_out(c, node);
	__atomic_sub_fetch(&c->count, 1, __ATOMIC_ACQ_REL);
}

/* ---- changing ---- */

enum inserted asterism_container_meet(struct ao2_container *c, struct node *old, struct node *node)
{
	switch (c->options & AO2_CONTAINER_ALLOC_OPT_DUPS_MASK) {
	case AO2_CONTAINER_ALLOC_OPT_DUPS_REJECT:
		return REFUSED;
	case AO2_CONTAINER_ALLOC_OPT_DUPS_OBJ_REJECT:
		return old->obj == node->obj ? REFUSED : INSERTED;
	case AO2_CONTAINER_ALLOC_OPT_DUPS_REPLACE:
		SWAP(old->obj, node->obj);
		return REPLACED;
	default:
		return INSERTED;
	}
}

static void lock(struct ao2_container *c, int flags, int writes)
{
	if (flags & OBJ_NOLOCK) {
		return;
	}
	asterism_object_lock(c, writes ? AO2_LOCK_REQ_WRLOCK : AO2_LOCK_REQ_RDLOCK);
}

static void unlock(struct ao2_container *c, int flags)
{
	if (!(flags & OBJ_NOLOCK)) {
		asterism_object_unlock(c);
	}
}

int __ao2_link(struct ao2_container *c, void *obj_new, int flags, const char *tag, const char *file, int line,
	const char *func)
{
	enum inserted result;
	struct node *node;

	if (!checked(c, file, line, func) || __ao2_ref(obj_new, +1, tag, file, line, func) < 0) {
		return 0;
	}
	node = __ast_malloc(sizeof(*node), file, line, func);
	if (!node) {
		ao2_ref(obj_new, -1);
		return 0;
	}
	*node = (struct node) { .obj = obj_new };
	lock(c, flags, 1);
	result = c->kind->insert(c, node);
	if (result == INSERTED) {
		__atomic_add_fetch(&c->count, 1, __ATOMIC_ACQ_REL);
	}
	unlock(c, flags);
	if (result != INSERTED) {
		free_node(node);	/* Outside the lock: the destructor is the module's. */
	}
	return result != REFUSED;
}

/* The node that holds this very object, or NULL. */
static struct node *node_of(struct ao2_container *c, const void *obj, struct search *search)
{
	struct node *node;
	int order = -1;

	for (node = c->kind->seek(c, search); node; node = c->kind->step(c, node, 0)) {
		order = c->kind->compare(c, node, search);
		if (order > 0) {
			return NULL;
		}
		if (!order && node->obj == obj) {
			break;
		}
	}
	return node;
}

void *__ao2_unlink(struct ao2_container *c, void *obj, int flags, const char *tag, const char *file, int line,
	const char *func)
{
	struct search search = { .arg = obj, .kind = OBJ_SEARCH_OBJECT };
	struct node *node;

	(void) tag;
	if (!checked(c, file, line, func) || !asterism_object_is(obj, "unlink", file, line, func)) {
		return NULL;
	}
	lock(c, flags, 1);
	node = node_of(c, obj, &search);
	if (node) {
		take_out(c, node);
	}
	unlock(c, flags);
	if (node) {
		free_node(node);
	}
	return NULL;
}

/* ---- searching ---- */

/* A running search. */
struct traversal {
	struct ao2_container *c;
	int flags;
	ao2_callback_fn *match;		/* One of the two, or neither: everything matches. */
	ao2_callback_data_fn *match_data;
	void *arg;
	void *data;
	struct ao2_container *many;	/* Receives the matching objects; NULL: the first is returned. */
	struct node *out;		/* Nodes taken out, to be freed when the lock is free: their links are `right`. */
};

static int matches(const struct traversal *t, void *obj)
{
	if (t->match_data) {
		return t->match_data(obj, t->arg, t->data, t->flags);
	}
	return t->match ? t->match(obj, t->arg, t->flags) : CMP_MATCH;
}

/* Handles a matching object as the flags request.  Gives the object when it is the result of the search. */
static void *found(struct traversal *t, struct cursor *cursor, void *obj)
{
	struct node *node = cursor->at;
	void *result = NULL;

	if (!node || node->obj != obj) {
		return NULL;	/* The callback itself has removed it. */
	}
	if (t->many) {
		ao2_link(t->many, obj);
	} else if (!(t->flags & OBJ_NODATA)) {
		result = ao2_bump(obj);
	}
	if (t->flags & OBJ_UNLINK) {
		take_out(t->c, node);
		node->right = t->out;
		t->out = node;
	}
	return result;
}

/* Calls the callback for a cursor's object.  Gives its answer, and in *result the result of the search. */
static int visit(struct traversal *t, struct cursor *cursor, void **result)
{
	void *obj = cursor->at->obj;	/* The callback may remove it, and release its last reference. */
	int answer = matches(t, obj);

	if (answer & CMP_MATCH) {
		*result = found(t, cursor, obj);
		answer |= t->flags & OBJ_MULTIPLE ? 0 : CMP_STOP;
	}
	return answer;
}

static struct search search_of(const struct traversal *t)
{
	return (struct search) { .arg = t->arg, .kind = t->flags & OBJ_SEARCH_MASK,
		.descending = (t->flags & OBJ_ORDER_MASK) == OBJ_ORDER_DESCENDING };
}

static void *traverse(struct traversal *t)
{
	struct search search = search_of(t);
	const struct kind *kind = t->c->kind;
	struct cursor cursor;
	void *result = NULL;
	struct node *node;

	cursor_enter(t->c, &cursor, search.descending);
	for (node = kind->seek(t->c, &search); node; node = kind->step(t->c, cursor.at, search.descending)) {
		int order = kind->compare(t->c, node, &search);

		cursor.at = node;
		if (order > 0 || (!order && (visit(t, &cursor, &result) & CMP_STOP))) {
			break;
		}
	}
	cursor_leave(t->c, &cursor);
	return result;
}

/*
 * A reference to the first matching object.  The container's own comparison changes nothing, so that no cursor is needed,
 * which halves the time of a search.
 */
static void *first(struct traversal *t)
{
	struct search search = search_of(t);
	const struct kind *kind = t->c->kind;
	struct node *node;

	for (node = kind->seek(t->c, &search); node; node = kind->step(t->c, node, search.descending)) {
		int order = kind->compare(t->c, node, &search), answer = order ? 0 : matches(t, node->obj);

		if (answer & CMP_MATCH) {
			return ao2_bump(node->obj);
		}
		if (order > 0 || (answer & CMP_STOP)) {
			break;
		}
	}
	return NULL;
}

/* The container is known to be one. */
static void *run(struct traversal *t, const char *file, int line, const char *func)
{
	struct ao2_iterator *iterator = NULL;
	void *result;

	if ((t->flags & (OBJ_MULTIPLE | OBJ_NODATA)) == OBJ_MULTIPLE) {
		t->many = ao2_container_alloc_list(AO2_ALLOC_OPT_LOCK_NOLOCK, 0, NULL, NULL);
		iterator = __ast_calloc(1, sizeof(*iterator), file, line, func);
		if (!t->many || !iterator) {
			ao2_cleanup(t->many);
			ast_free(iterator);
			return NULL;
		}
		*iterator = ao2_iterator_init(t->many, AO2_ITERATOR_UNLINK | AO2_ITERATOR_MALLOCD);
	}
	lock(t->c, t->flags, t->flags & OBJ_UNLINK);
	result = traverse(t);
	unlock(t->c, t->flags);
	while (t->out) {
		struct node *node = t->out;

		t->out = node->right;
		free_node(node);
	}
	ao2_cleanup(t->many);
	return iterator ? iterator : result;
}

void *__ao2_callback(struct ao2_container *c, enum search_flags flags, ao2_callback_fn *cb_fn, void *arg,
	const char *tag, const char *file, int line, const char *func)
{
	struct traversal t = { .c = c, .flags = (int) flags, .match = cb_fn, .arg = arg };

	(void) tag;
	return checked(c, file, line, func) ? run(&t, file, line, func) : NULL;
}

void *__ao2_callback_data(struct ao2_container *c, enum search_flags flags, ao2_callback_data_fn *cb_fn, void *arg,
	void *data, const char *tag, const char *file, int line, const char *func)
{
	struct traversal t = { .c = c, .flags = (int) flags, .match_data = cb_fn, .arg = arg, .data = data };

	(void) tag;
	return checked(c, file, line, func) ? run(&t, file, line, func) : NULL;
}

void *__ao2_find(struct ao2_container *c, const void *arg, enum search_flags flags, const char *tag, const char *file,
	int line, const char *func)
{
	struct traversal t = { .c = c, .flags = (int) flags, .arg = (void *) arg };
	void *found;

	(void) tag;
	if (!checked(c, file, line, func)) {
		return NULL;
	}
	t.match = c->match;
	if (flags & (OBJ_MULTIPLE | OBJ_UNLINK | OBJ_NODATA)) {
		return run(&t, file, line, func);
	}
	lock(c, t.flags, 0);
	found = first(&t);
	unlock(c, t.flags);
	return found;
}

/* ---- iterating ---- */

struct ao2_iterator ao2_iterator_init(struct ao2_container *c, int flags)
{
	struct ao2_iterator iterator = { .c = checked(c, __FILE__, __LINE__, __func__), .flags = flags };

	if (iterator.c) {
		ao2_ref(c, +1);
	}
	return iterator;
}

/* The cursor of an iterator, created on first use; NULL when out of memory. */
static struct cursor *cursor_of(struct ao2_iterator *iter)
{
	struct cursor *cursor = iter->last_node ? iter->last_node : ast_calloc(1, sizeof(*cursor));

	if (cursor && !iter->last_node) {
		cursor_enter(iter->c, cursor, (iter->flags & AO2_ITERATOR_DESCENDING) != 0);
		iter->last_node = cursor;
	}
	return cursor;
}

void *__ao2_iterator_next(struct ao2_iterator *iter, const char *tag, const char *file, int line, const char *func)
{
	int flags = iter->flags & AO2_ITERATOR_DONTLOCK ? OBJ_NOLOCK : 0, unlinks = iter->flags & AO2_ITERATOR_UNLINK;
	struct node *node = NULL;
	struct cursor *cursor;
	void *obj = NULL;

	if (iter->complete || !checked(iter->c, file, line, func)) {
		return NULL;
	}
	lock(iter->c, flags, unlinks);
	cursor = cursor_of(iter);
	if (cursor && (node = iter->c->kind->step(iter->c, cursor->at, cursor->descending))) {
		obj = node->obj;
		__ao2_ref(obj, +1, tag, file, line, func);
		if (unlinks) {
			take_out(iter->c, node);
		} else {
			cursor->at = node;
		}
	}
	unlock(iter->c, flags);
	if (node && unlinks) {
		free_node(node);
	}
	iter->complete = !node;
	return obj;
}

void ao2_iterator_restart(struct ao2_iterator *iter)
{
	if (iter->last_node) {
		cursor_leave(iter->c, iter->last_node);
		ast_free(iter->last_node);
		iter->last_node = NULL;
	}
	iter->complete = 0;
}

void ao2_iterator_destroy(struct ao2_iterator *iter)
{
	ao2_iterator_restart(iter);
	iter->complete = 1;
	ao2_cleanup(iter->c);
	iter->c = NULL;
	if (iter->flags & AO2_ITERATOR_MALLOCD) {
		ast_free(iter);
	}
}

void ao2_iterator_cleanup(struct ao2_iterator *iter)
{
	if (iter) {
		ao2_iterator_destroy(iter);
	}
}

int ao2_iterator_count(struct ao2_iterator *iter)
{
	return iter && iter->c ? ao2_container_count(iter->c) : 0;
}

/* ---- whole containers ---- */

static int link_into(void *obj, void *dest, int flags)
{
	(void) flags;
	return ao2_link_flags(dest, obj, OBJ_NOLOCK) ? 0 : CMP_MATCH | CMP_STOP;
}

int ao2_container_dup(struct ao2_container *dest, struct ao2_container *src, enum search_flags flags)
{
	int order = 0;
	void *failed;

	if (!checked(dest, __FILE__, __LINE__, __func__) || !checked(src, __FILE__, __LINE__, __func__)) {
		return -1;
	}
	if (dest->options & AO2_CONTAINER_ALLOC_OPT_INSERT_BEGIN) {
		order = OBJ_ORDER_DESCENDING;	/* Each object is linked before earlier ones: start at the end, so that the order is kept. */
	}
	lock(src, flags, 0);
	lock(dest, flags, 1);
	failed = ao2_callback(src, OBJ_NOLOCK | order, link_into, dest);
	if (failed) {
		ao2_callback(dest, OBJ_NOLOCK | OBJ_UNLINK | OBJ_NODATA | OBJ_MULTIPLE, NULL, NULL);
	}
	unlock(dest, flags);
	unlock(src, flags);
	ao2_cleanup(failed);
	return failed ? -1 : 0;
}

struct ao2_container *__ao2_container_clone(struct ao2_container *orig, enum search_flags flags, const char *tag,
	const char *file, int line, const char *func)
{
	struct ao2_container *clone = checked(orig, file, line, func) ? orig->kind->like(orig) : NULL;

	(void) tag;
	/* No other thread has the clone, so it needs no lock. */
	if (clone) {
		int failed;

		lock(orig, flags, 0);
		failed = ao2_container_dup(clone, orig, OBJ_NOLOCK);
		unlock(orig, flags);
		if (failed) {
			ao2_ref(clone, -1);
			return NULL;
		}
	}
	return clone;
}

int ao2_container_check(struct ao2_container *self, enum search_flags flags)
{
	int sound;

	if (!checked(self, __FILE__, __LINE__, __func__)) {
		return -1;
	}
	lock(self, flags, 0);
	sound = self->kind->is_sound(self);
	unlock(self, flags);
	return sound ? 0 : -1;
}

void ao2_container_dump(struct ao2_container *self, enum search_flags flags, const char *name, void *where,
	ao2_prnt_fn *prnt, ao2_prnt_obj_fn *prnt_obj)
{
	struct node *node = NULL;

	if (!checked(self, __FILE__, __LINE__, __func__) || !prnt) {
		return;
	}
	lock(self, flags, 0);
	prnt(where, "%s: %d objects\n", S_OR(name, "container"), self->count);
	while (prnt_obj && (node = self->kind->step(self, node, 0))) {
		prnt_obj(node->obj, where, prnt);
		prnt(where, "\n");
	}
	unlock(self, flags);
}

void ao2_container_stats(struct ao2_container *self, enum search_flags flags, const char *name, void *where,
	ao2_prnt_fn *prnt)
{
	(void) flags;
	if (prnt) {
		prnt(where, "%s: %d objects\n", S_OR(name, "container"), ao2_container_count(self));
	}
}

int ao2_container_register(const char *name, struct ao2_container *self, ao2_prnt_obj_fn *prnt_obj)
{
	(void) name, (void) self, (void) prnt_obj;
	return 0;
}

void ao2_container_unregister(const char *name)
{
	(void) name;
}
