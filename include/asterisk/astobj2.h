/*
 * Reference-counted objects with a lock and a destructor; containers of objects: lists, hash tables, sorted trees.
 *
 *     struct thing *thing = ao2_alloc(sizeof(*thing), thing_destroy);   the caller's reference
 *     ao2_link(things, thing);                                          the container's own
 *     ao2_ref(thing, -1);                                               the caller's is released
 *
 * The forms with _t_ take a text that says why; it is for the reader of the source.  A pointer that is not an object,
 * or is already destroyed, is logged with the source line of the caller, and the call has no effect.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef ASTERISM_ASTOBJ2_H
#define ASTERISM_ASTOBJ2_H

#include <string.h>
#include <strings.h>

#include "asterisk/compat.h"
#include "asterisk/inline_api.h"
#include "asterisk/linkedlists.h"
#include "asterisk/lock.h"
#include "asterisk/strings.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- objects ---- */

/* Called once, when the last reference is released; the memory itself is freed afterwards. */
typedef void (*ao2_destructor_fn)(void *vdoomed);

enum ao2_alloc_opts {
	AO2_ALLOC_OPT_LOCK_MUTEX = (0 << 0),
	AO2_ALLOC_OPT_LOCK_RWLOCK = (1 << 0),
	AO2_ALLOC_OPT_LOCK_NOLOCK = (2 << 0),	/* Locking it does nothing. */
	AO2_ALLOC_OPT_LOCK_MASK = (3 << 0),
	AO2_ALLOC_OPT_LOCK_OBJ = AO2_ALLOC_OPT_LOCK_MASK,	/* Another object's lock: ao2_alloc_with_lockobj. */
	AO2_ALLOC_OPT_NO_REF_DEBUG = (1 << 2),	/* No effect. */
};

/* data_size bytes, cleared, with one reference; NULL when out of memory. */
void *__ao2_alloc(size_t data_size, ao2_destructor_fn destructor_fn, unsigned int options, const char *tag,
	const char *file, int line, const char *func) attribute_warn_unused_result;
#define ao2_t_alloc_options(data_size, destructor_fn, options, debug_msg) \
	__ao2_alloc((data_size), (destructor_fn), (options), (debug_msg), __FILE__, __LINE__, __PRETTY_FUNCTION__)
#define ao2_alloc_options(data_size, destructor_fn, options) \
	ao2_t_alloc_options(data_size, destructor_fn, options, NULL)
#define ao2_t_alloc(data_size, destructor_fn, debug_msg) \
	ao2_t_alloc_options(data_size, destructor_fn, AO2_ALLOC_OPT_LOCK_MUTEX, debug_msg)
#define ao2_alloc(data_size, destructor_fn) ao2_t_alloc(data_size, destructor_fn, NULL)
/* A new object that uses the lock of another object, and keeps a reference to that object. */
void *__ao2_alloc_with_lockobj(size_t data_size, ao2_destructor_fn destructor_fn, void *lockobj, const char *tag,
	const char *file, int line, const char *func) attribute_warn_unused_result;
#define ao2_alloc_with_lockobj(data_size, destructor_fn, lockobj, tag) \
	__ao2_alloc_with_lockobj((data_size), (destructor_fn), (lockobj), (tag), __FILE__, __LINE__, __PRETTY_FUNCTION__)

/* Changes the reference count by delta; gives the old count, or -1 when o is not an object. */
int __ao2_ref(void *o, int delta, const char *tag, const char *file, int line, const char *func);
#define ao2_t_ref(o, delta, tag) __ao2_ref((o), (delta), (tag), __FILE__, __LINE__, __PRETTY_FUNCTION__)
#define ao2_ref(o, delta) ao2_t_ref(o, delta, NULL)
/* Adds a reference, unless o is NULL; gives o. */
#define ao2_t_bump(obj, tag) ({ \
	typeof(obj) __ao2_bumped = (obj); \
	if (__ao2_bumped) { \
		ao2_t_ref(__ao2_bumped, +1, (tag)); \
	} \
	__ao2_bumped; \
})
#define ao2_bump(obj) ao2_t_bump((obj), NULL)
/* dst = src: references src and releases dst; either may be NULL. */
#define ao2_t_replace(dst, src, tag) { \
	typeof(dst) *__ao2_place = &(dst); \
	typeof(src) __ao2_given = (src); \
	if (__ao2_given != *__ao2_place) { \
		ao2_t_bump(__ao2_given, (tag)); \
		ao2_t_cleanup(*__ao2_place, (tag)); \
		*__ao2_place = __ao2_given; \
	} \
}
#define ao2_replace(dst, src) ao2_t_replace((dst), (src), NULL)
/* Releases a reference, unless o is NULL. */
void __ao2_cleanup(void *obj);
void __ao2_cleanup_debug(void *obj, const char *tag, const char *file, int line, const char *function);
#define ao2_t_cleanup(obj, tag) __ao2_cleanup_debug((obj), (tag), __FILE__, __LINE__, __PRETTY_FUNCTION__)
#define ao2_cleanup(obj) ao2_t_cleanup(obj, NULL)
/* The options of ao2_alloc_options. */
unsigned int ao2_options_get(void *obj);

/* ---- locks of objects ---- */

enum ao2_lock_req {
	AO2_LOCK_REQ_MUTEX,	/* Alone. */
	AO2_LOCK_REQ_RDLOCK,	/* With other readers, when it has a read-write lock. */
	AO2_LOCK_REQ_WRLOCK,
};
/* 0 or an errno. */
int __ao2_lock(void *a, enum ao2_lock_req lock_how, const char *file, const char *func, int line, const char *var);
int __ao2_trylock(void *a, enum ao2_lock_req lock_how, const char *file, const char *func, int line, const char *var);
int __ao2_unlock(void *a, const char *file, const char *func, int line, const char *var);
#define ao2_lock(a) __ao2_lock((a), AO2_LOCK_REQ_MUTEX, __FILE__, __PRETTY_FUNCTION__, __LINE__, #a)
#define ao2_rdlock(a) __ao2_lock((a), AO2_LOCK_REQ_RDLOCK, __FILE__, __PRETTY_FUNCTION__, __LINE__, #a)
#define ao2_wrlock(a) __ao2_lock((a), AO2_LOCK_REQ_WRLOCK, __FILE__, __PRETTY_FUNCTION__, __LINE__, #a)
#define ao2_trylock(a) __ao2_trylock((a), AO2_LOCK_REQ_MUTEX, __FILE__, __PRETTY_FUNCTION__, __LINE__, #a)
#define ao2_tryrdlock(a) __ao2_trylock((a), AO2_LOCK_REQ_RDLOCK, __FILE__, __PRETTY_FUNCTION__, __LINE__, #a)
#define ao2_trywrlock(a) __ao2_trylock((a), AO2_LOCK_REQ_WRLOCK, __FILE__, __PRETTY_FUNCTION__, __LINE__, #a)
#define ao2_unlock(a) __ao2_unlock((a), __FILE__, __PRETTY_FUNCTION__, __LINE__, #a)
/* The lock of an object (ast_mutex_t or ast_rwlock_t), for conditions; NULL when the object has no own lock. */
void *ao2_object_get_lockaddr(void *obj);
/* Takes a reference and the lock, or neither: 1 or 0; releases both. */
AST_INLINE_API(
int attribute_unused ao2_ref_and_lock(void *obj),
{
	ao2_ref(obj, +1);
	if (ao2_lock(obj)) {
		ao2_ref(obj, -1);
		return 0;
	}
	return 1;
}
)
AST_INLINE_API(
int attribute_unused ao2_unlock_and_unref(void *obj),
{
	if (ao2_unlock(obj)) {
		return 0;
	}
	ao2_ref(obj, -1);
	return 1;
}
)
#define SCOPED_AO2LOCK(varname, obj) SCOPED_LOCK(varname, (obj), ao2_lock, ao2_unlock)
#define SCOPED_AO2RDLOCK(varname, obj) SCOPED_LOCK(varname, (obj), ao2_rdlock, ao2_unlock)
#define SCOPED_AO2WRLOCK(varname, obj) SCOPED_LOCK(varname, (obj), ao2_wrlock, ao2_unlock)

/* ---- an object that threads share while it is replaced now and then: a configuration ---- */

struct ao2_global_obj {
	ast_rwlock_t lock;
	void *obj;
};
#define AO2_GLOBAL_OBJ_STATIC(name) struct ao2_global_obj name = { .lock = AST_RWLOCK_INIT_VALUE, }
/* Stores an object, with the holder's own reference; gives the old object and its reference. */
void *__ao2_global_obj_replace(struct ao2_global_obj *holder, void *obj, const char *tag, const char *file, int line,
	const char *func, const char *name) attribute_warn_unused_result;
/* Stores an object and releases the old one: 1 when there was an old one. */
int __ao2_global_obj_replace_unref(struct ao2_global_obj *holder, void *obj, const char *tag, const char *file, int line,
	const char *func, const char *name);
/* The stored object, with a reference for the caller; NULL when the holder is empty. */
void *__ao2_global_obj_ref(struct ao2_global_obj *holder, const char *tag, const char *file, int line, const char *func,
	const char *name) attribute_warn_unused_result;
#define ao2_t_global_obj_replace(holder, obj, tag) \
	__ao2_global_obj_replace(&(holder), (obj), (tag), __FILE__, __LINE__, __PRETTY_FUNCTION__, #holder)
#define ao2_global_obj_replace(holder, obj) ao2_t_global_obj_replace(holder, obj, NULL)
#define ao2_t_global_obj_replace_unref(holder, obj, tag) \
	__ao2_global_obj_replace_unref(&(holder), (obj), (tag), __FILE__, __LINE__, __PRETTY_FUNCTION__, #holder)
#define ao2_global_obj_replace_unref(holder, obj) ao2_t_global_obj_replace_unref(holder, obj, NULL)
#define ao2_t_global_obj_release(holder, tag) ao2_t_global_obj_replace_unref(holder, NULL, tag)
#define ao2_global_obj_release(holder) ao2_t_global_obj_release(holder, NULL)
#define ao2_t_global_obj_ref(holder, tag) \
	__ao2_global_obj_ref(&(holder), (tag), __FILE__, __LINE__, __PRETTY_FUNCTION__, #holder)
#define ao2_global_obj_ref(holder) ao2_t_global_obj_ref(holder, NULL)

/* ---- weak proxies: references to an object that do not keep it ---- */

/*
 * A proxy is an object that begins with AO2_WEAKPROXY() and usually holds the key by which its object is found.  The
 * object keeps its proxy; the proxy knows the object until the last reference to the object is released.
 * The count of references of such an object is one higher for its proxy.
 */
struct ao2_weakproxy_notification;
struct ao2_weakproxy {
	AST_LIST_HEAD_NOLOCK(, ao2_weakproxy_notification) destroyed_cb;
};
#define AO2_WEAKPROXY() struct ao2_weakproxy __weakproxy
/* Called without a lock, in the thread that released the last reference to the object. */
typedef void (*ao2_weakproxy_notification_cb)(void *weakproxy, void *data);

void *__ao2_weakproxy_alloc(size_t data_size, ao2_destructor_fn destructor_fn, const char *tag, const char *file,
	int line, const char *func) attribute_warn_unused_result;
#define ao2_t_weakproxy_alloc(data_size, destructor_fn, tag) \
	__ao2_weakproxy_alloc((data_size), (destructor_fn), (tag), __FILE__, __LINE__, __PRETTY_FUNCTION__)
#define ao2_weakproxy_alloc(data_size, destructor_fn) ao2_t_weakproxy_alloc(data_size, destructor_fn, NULL)
/* In all functions that take flags, OBJ_NOLOCK says that the caller has locked the proxy. */
/* Joins a proxy and an object: 0, or -1 when one of them has a partner already. */
int __ao2_weakproxy_set_object(void *weakproxy, void *obj, int flags, const char *tag, const char *file, int line,
	const char *func);
#define ao2_t_weakproxy_set_object(weakproxy, obj, flags, tag) \
	__ao2_weakproxy_set_object((weakproxy), (obj), (flags), (tag), __FILE__, __LINE__, __PRETTY_FUNCTION__)
#define ao2_weakproxy_set_object(weakproxy, obj, flags) ao2_t_weakproxy_set_object(weakproxy, obj, flags, NULL)
/* Changes the reference count of the proxy's object; gives the old count, -1 without an object, -2 for another pointer. */
int __ao2_weakproxy_ref_object(void *weakproxy, int delta, int flags, const char *tag, const char *file, int line,
	const char *func);
#define ao2_t_weakproxy_ref_object(weakproxy, delta, flags, tag) \
	__ao2_weakproxy_ref_object((weakproxy), (delta), (flags), (tag), __FILE__, __LINE__, __PRETTY_FUNCTION__)
#define ao2_weakproxy_ref_object(weakproxy, delta, flags) ao2_t_weakproxy_ref_object(weakproxy, delta, flags, NULL)
/* The proxy's object, with a reference for the caller; NULL when it is gone. */
void *__ao2_weakproxy_get_object(void *weakproxy, int flags, const char *tag, const char *file, int line,
	const char *func) attribute_warn_unused_result;
#define ao2_t_weakproxy_get_object(weakproxy, flags, tag) \
	__ao2_weakproxy_get_object((weakproxy), (flags), (tag), __FILE__, __LINE__, __PRETTY_FUNCTION__)
#define ao2_weakproxy_get_object(weakproxy, flags) ao2_t_weakproxy_get_object(weakproxy, flags, NULL)
/* The proxy of an object, with a reference for the caller; NULL when it has none. */
void *__ao2_get_weakproxy(void *obj, const char *tag, const char *file, int line, const char *func)
	attribute_warn_unused_result;
#define ao2_t_get_weakproxy(obj, tag) __ao2_get_weakproxy((obj), (tag), __FILE__, __LINE__, __PRETTY_FUNCTION__)
#define ao2_get_weakproxy(obj) ao2_t_get_weakproxy(obj, NULL)
/* Asks for a call when the object is gone, at once when it is: 0, or -1.  Takes that back: the number taken back. */
int ao2_weakproxy_subscribe(void *weakproxy, ao2_weakproxy_notification_cb cb, void *data, int flags);
int ao2_weakproxy_unsubscribe(void *weakproxy, ao2_weakproxy_notification_cb cb, void *data, int flags);

/* ---- containers ---- */

/* Results of a callback: the object matches; stop the search. */
enum _cb_results {
	CMP_MATCH = 0x1,
	CMP_STOP = 0x2,
};

enum search_flags {
	OBJ_UNLINK = (1 << 0),		/* Unlink matching objects. */
	OBJ_NODATA = (1 << 1),		/* Do not return objects. */
	OBJ_MULTIPLE = (1 << 2),	/* All that match, as an iterator; otherwise the first. */
	OBJ_NOLOCK = (1 << 4),		/* The caller has locked the container. */
	/* The type of the argument: unknown to the container; an object; a key; the beginning of a key. */
	OBJ_SEARCH_MASK = (0x07 << 5),
	OBJ_SEARCH_NONE = (0 << 5),
	OBJ_SEARCH_OBJECT = (1 << 5),
	OBJ_SEARCH_KEY = (2 << 5),
	OBJ_SEARCH_PARTIAL_KEY = (4 << 5),
	/* The order of the search; PRE and POST are equal to ASCENDING. */
	OBJ_ORDER_MASK = (0x03 << 8),
	OBJ_ORDER_ASCENDING = (0 << 8),
	OBJ_ORDER_DESCENDING = (1 << 8),
	OBJ_ORDER_PRE = (2 << 8),
	OBJ_ORDER_POST = (3 << 8),
};
#define OBJ_POINTER OBJ_SEARCH_OBJECT
#define OBJ_KEY OBJ_SEARCH_KEY
#define OBJ_PARTIAL_KEY OBJ_SEARCH_PARTIAL_KEY

enum ao2_container_opts {
	AO2_CONTAINER_ALLOC_OPT_INSERT_BEGIN = (1 << 0),	/* A new object is linked before its equals, not after them. */
	/* An equal object in a sorted container is linked too; refused; refused if identical; replaces the old one. */
	AO2_CONTAINER_ALLOC_OPT_DUPS_MASK = (3 << 1),
	AO2_CONTAINER_ALLOC_OPT_DUPS_ALLOW = (0 << 1),
	AO2_CONTAINER_ALLOC_OPT_DUPS_REJECT = (1 << 1),
	AO2_CONTAINER_ALLOC_OPT_DUPS_OBJ_REJECT = (2 << 1),
	AO2_CONTAINER_ALLOC_OPT_DUPS_REPLACE = (3 << 1),
};

/* flags are those of the search; OBJ_SEARCH_MASK gives the type of arg (obj_right). */
typedef int (ao2_callback_fn)(void *obj, void *arg, int flags);
typedef int (ao2_callback_data_fn)(void *obj, void *arg, void *data, int flags);
typedef int (ao2_hash_fn)(const void *obj, int flags);
typedef int (ao2_sort_fn)(const void *obj_left, const void *obj_right, int flags);
/* Matches the very object. */
int ao2_match_by_addr(void *obj, void *arg, int flags);

struct ao2_container;

/*
 * Empty containers, themselves objects; NULL when out of memory.  sort_fn and cmp_fn may be NULL, but not a tree's;
 * they compare, and do not change the container.
 */
struct ao2_container *__ao2_container_alloc_hash(unsigned int ao2_options, unsigned int container_options,
	unsigned int n_buckets, ao2_hash_fn *hash_fn, ao2_sort_fn *sort_fn, ao2_callback_fn *cmp_fn, const char *tag,
	const char *file, int line, const char *func) attribute_warn_unused_result;
struct ao2_container *__ao2_container_alloc_list(unsigned int ao2_options, unsigned int container_options,
	ao2_sort_fn *sort_fn, ao2_callback_fn *cmp_fn, const char *tag, const char *file, int line,
	const char *func) attribute_warn_unused_result;
struct ao2_container *__ao2_container_alloc_rbtree(unsigned int ao2_options, unsigned int container_options,
	ao2_sort_fn *sort_fn, ao2_callback_fn *cmp_fn, const char *tag, const char *file, int line,
	const char *func) attribute_warn_unused_result;
#define ao2_t_container_alloc_hash(ao2_options, container_options, n_buckets, hash_fn, sort_fn, cmp_fn, tag) \
	__ao2_container_alloc_hash((ao2_options), (container_options), (n_buckets), (hash_fn), (sort_fn), (cmp_fn), (tag), \
		__FILE__, __LINE__, __PRETTY_FUNCTION__)
#define ao2_container_alloc_hash(ao2_options, container_options, n_buckets, hash_fn, sort_fn, cmp_fn) \
	ao2_t_container_alloc_hash(ao2_options, container_options, n_buckets, hash_fn, sort_fn, cmp_fn, NULL)
#define ao2_t_container_alloc_list(ao2_options, container_options, sort_fn, cmp_fn, tag) \
	__ao2_container_alloc_list((ao2_options), (container_options), (sort_fn), (cmp_fn), (tag), \
		__FILE__, __LINE__, __PRETTY_FUNCTION__)
#define ao2_container_alloc_list(ao2_options, container_options, sort_fn, cmp_fn) \
	ao2_t_container_alloc_list(ao2_options, container_options, sort_fn, cmp_fn, NULL)
#define ao2_t_container_alloc_rbtree(ao2_options, container_options, sort_fn, cmp_fn, tag) \
	__ao2_container_alloc_rbtree((ao2_options), (container_options), (sort_fn), (cmp_fn), (tag), \
		__FILE__, __LINE__, __PRETTY_FUNCTION__)
#define ao2_container_alloc_rbtree(ao2_options, container_options, sort_fn, cmp_fn) \
	ao2_t_container_alloc_rbtree(ao2_options, container_options, sort_fn, cmp_fn, NULL)

int ao2_container_count(struct ao2_container *c);
/* Links everything of src into dest: 0, or -1 and dest is empty. */
int ao2_container_dup(struct ao2_container *dest, struct ao2_container *src, enum search_flags flags);
struct ao2_container *__ao2_container_clone(struct ao2_container *orig, enum search_flags flags, const char *tag,
	const char *file, int line, const char *func) attribute_warn_unused_result;
#define ao2_t_container_clone(orig, flags, tag) \
	__ao2_container_clone((orig), (flags), (tag), __FILE__, __LINE__, __PRETTY_FUNCTION__)
#define ao2_container_clone(orig, flags) ao2_t_container_clone(orig, flags, NULL)
/* Checks the order and the count of a container: 0, or -1. */
int ao2_container_check(struct ao2_container *self, enum search_flags flags);
/* Prints each object, or the number of objects. */
typedef void (ao2_prnt_fn)(void *where, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
typedef void (ao2_prnt_obj_fn)(void *v_obj, void *where, ao2_prnt_fn *prnt);
void ao2_container_dump(struct ao2_container *self, enum search_flags flags, const char *name, void *where,
	ao2_prnt_fn *prnt, ao2_prnt_obj_fn *prnt_obj);
void ao2_container_stats(struct ao2_container *self, enum search_flags flags, const char *name, void *where,
	ao2_prnt_fn *prnt);

/* Links an object, with the container's own reference: 1, or 0 when refused or out of memory. */
int __ao2_link(struct ao2_container *c, void *obj_new, int flags, const char *tag, const char *file, int line,
	const char *func);
#define ao2_t_link_flags(container, obj, flags, tag) \
	__ao2_link((container), (obj), (flags), (tag), __FILE__, __LINE__, __PRETTY_FUNCTION__)
#define ao2_link_flags(container, obj, flags) ao2_t_link_flags(container, obj, flags, NULL)
#define ao2_t_link(container, obj, tag) ao2_t_link_flags(container, obj, 0, tag)
#define ao2_link(container, obj) ao2_t_link(container, obj, NULL)
/* Unlinks this object and releases the container's reference.  Gives NULL. */
void *__ao2_unlink(struct ao2_container *c, void *obj, int flags, const char *tag, const char *file, int line,
	const char *func);
#define ao2_t_unlink_flags(container, obj, flags, tag) \
	__ao2_unlink((container), (obj), (flags), (tag), __FILE__, __LINE__, __PRETTY_FUNCTION__)
#define ao2_unlink_flags(container, obj, flags) ao2_t_unlink_flags(container, obj, flags, NULL)
#define ao2_t_unlink(container, obj, tag) ao2_t_unlink_flags(container, obj, 0, tag)
#define ao2_unlink(container, obj) ao2_t_unlink(container, obj, NULL)
/*
 * Calls cb_fn (NULL: everything matches) for the objects that the search allows.  Gives the first that matches, with a
 * reference for the caller; with OBJ_MULTIPLE an iterator over all that match, for ao2_iterator_destroy; otherwise NULL.
 * cb_fn may change the container.
 */
void *__ao2_callback(struct ao2_container *c, enum search_flags flags, ao2_callback_fn *cb_fn, void *arg,
	const char *tag, const char *file, int line, const char *func);
void *__ao2_callback_data(struct ao2_container *c, enum search_flags flags, ao2_callback_data_fn *cb_fn, void *arg,
	void *data, const char *tag, const char *file, int line, const char *func);
#define ao2_t_callback(c, flags, cb_fn, arg, tag) \
	__ao2_callback((c), (flags), (cb_fn), (arg), (tag), __FILE__, __LINE__, __PRETTY_FUNCTION__)
#define ao2_callback(c, flags, cb_fn, arg) ao2_t_callback(c, flags, cb_fn, arg, NULL)
#define ao2_t_callback_data(container, flags, cb_fn, arg, data, tag) \
	__ao2_callback_data((container), (flags), (cb_fn), (arg), (data), (tag), __FILE__, __LINE__, __PRETTY_FUNCTION__)
#define ao2_callback_data(container, flags, cb_fn, arg, data) \
	ao2_t_callback_data(container, flags, cb_fn, arg, data, NULL)
/* Calls the container's cmp_fn for the objects that the search allows; the result is that of ao2_callback. */
void *__ao2_find(struct ao2_container *c, const void *arg, enum search_flags flags, const char *tag, const char *file,
	int line, const char *func);
#define ao2_t_find(container, arg, flags, tag) \
	__ao2_find((container), (arg), (flags), (tag), __FILE__, __LINE__, __PRETTY_FUNCTION__)
#define ao2_find(container, arg, flags) ao2_t_find(container, arg, flags, NULL)

/* Finds a weak proxy in a container, and gives its object with a reference for the caller; NULL for none. */
void *__ao2_weakproxy_find(struct ao2_container *c, const void *arg, enum search_flags flags, const char *tag,
	const char *file, int line, const char *func) attribute_warn_unused_result;
#define ao2_weakproxy_find(c, arg, flags, tag) \
	__ao2_weakproxy_find((c), (arg), (flags), (tag), __FILE__, __LINE__, __PRETTY_FUNCTION__)

/* Links the objects of the weak proxies in src, as far as they are there, into dest: 0, or -1 and dest is empty. */
int ao2_container_dup_weakproxy_objs(struct ao2_container *dest, struct ao2_container *src, enum search_flags flags);

/*
 * Names a container for Asterisk's console commands about containers, which are built there in dev mode alone: no
 * effect, and 0.
 */
int ao2_container_register(const char *name, struct ao2_container *self, ao2_prnt_obj_fn *prnt_obj);
void ao2_container_unregister(const char *name);

/* ---- iterators ---- */

/*
 *     i = ao2_iterator_init(things, 0);
 *     for (; (thing = ao2_iterator_next(&i)); ao2_ref(thing, -1)) {
 *     }
 *     ao2_iterator_destroy(&i);
 *
 * The container may be changed between two steps: unlinked objects are skipped, objects linked behind the iterator are
 * met.
 */
struct ao2_iterator {
	struct ao2_container *c;
	void *last_node;
	int complete;
	int flags;
};
enum ao2_iterator_flags {
	AO2_ITERATOR_DONTLOCK = (1 << 0),	/* The caller has locked the container. */
	AO2_ITERATOR_MALLOCD = (1 << 1),	/* The iterator is freed when it is destroyed. */
	AO2_ITERATOR_UNLINK = (1 << 2),		/* Each object is unlinked. */
	AO2_ITERATOR_DESCENDING = (1 << 3),
};
struct ao2_iterator ao2_iterator_init(struct ao2_container *c, int flags) attribute_warn_unused_result;
/* The next object, with a reference for the caller; NULL at the end, and from then on. */
void *__ao2_iterator_next(struct ao2_iterator *iter, const char *tag, const char *file, int line,
	const char *func) attribute_warn_unused_result;
#define ao2_t_iterator_next(iter, tag) __ao2_iterator_next((iter), (tag), __FILE__, __LINE__, __PRETTY_FUNCTION__)
#define ao2_iterator_next(iter) ao2_t_iterator_next(iter, NULL)
void ao2_iterator_restart(struct ao2_iterator *iter);
void ao2_iterator_destroy(struct ao2_iterator *iter);
/* Ends an iteration; NULL does nothing. */
void ao2_iterator_cleanup(struct ao2_iterator *iter);
/* The number of objects in the iterator's container. */
int ao2_iterator_count(struct ao2_iterator *iter);

/* ---- hash, order and comparison by a text field, as functions STYPE_hash_fn, STYPE_sort_fn and STYPE_cmp_fn ---- */

#define AO2_FIELD_HASH_FN(stype, field, hash_fn) \
static int stype##_hash_fn(const void *obj, const int flags) \
{ \
	switch (flags & OBJ_SEARCH_MASK) { \
	case OBJ_SEARCH_KEY: \
		return hash_fn((const char *) obj); \
	case OBJ_SEARCH_OBJECT: \
		return hash_fn(((const struct stype *) obj)->field); \
	default: \
		ast_assert(0); \
		return 0; \
	} \
}
#define AO2_FIELD_TRANSFORM_CMP_FN(cmp) ((cmp) ? 0 : CMP_MATCH)
#define AO2_FIELD_TRANSFORM_SORT_FN(cmp) (cmp)
#define AO2_FIELD_CMP_FN(stype, fn_suffix, field, key_cmp, partial_key_cmp, transform, argconst) \
static int stype##fn_suffix(argconst void *obj, argconst void *arg, int flags) \
{ \
	const char *own = ((const struct stype *) obj)->field; \
	int cmp = 0; \
	switch (flags & OBJ_SEARCH_MASK) { \
	case OBJ_SEARCH_OBJECT: \
		cmp = key_cmp(own, ((const struct stype *) arg)->field); \
		break; \
	case OBJ_SEARCH_KEY: \
		cmp = key_cmp(own, (const char *) arg); \
		break; \
	case OBJ_SEARCH_PARTIAL_KEY: \
		cmp = partial_key_cmp(own, (const char *) arg, strlen((const char *) arg)); \
		break; \
	} \
	return transform(cmp); \
}
#define AO2_STRING_FIELD_HASH_FN(stype, field) AO2_FIELD_HASH_FN(stype, field, ast_str_hash)
#define AO2_STRING_FIELD_CASE_HASH_FN(stype, field) AO2_FIELD_HASH_FN(stype, field, ast_str_case_hash)
#define AO2_STRING_FIELD_CMP_FN(stype, field) \
	AO2_FIELD_CMP_FN(stype, _cmp_fn, field, strcmp, strncmp, AO2_FIELD_TRANSFORM_CMP_FN,)
#define AO2_STRING_FIELD_CASE_CMP_FN(stype, field) \
	AO2_FIELD_CMP_FN(stype, _cmp_fn, field, strcasecmp, strncasecmp, AO2_FIELD_TRANSFORM_CMP_FN,)
#define AO2_STRING_FIELD_SORT_FN(stype, field) \
	AO2_FIELD_CMP_FN(stype, _sort_fn, field, strcmp, strncmp, AO2_FIELD_TRANSFORM_SORT_FN, const)
#define AO2_STRING_FIELD_CASE_SORT_FN(stype, field) \
	AO2_FIELD_CMP_FN(stype, _sort_fn, field, strcasecmp, strncasecmp, AO2_FIELD_TRANSFORM_SORT_FN, const)

/* A hash table of strings, which are objects of their own (a char *): found with OBJ_SEARCH_KEY or OBJ_SEARCH_PARTIAL_KEY. */
struct ao2_container *ast_str_container_alloc_options(enum ao2_alloc_opts opts, int buckets);
#define ast_str_container_alloc(buckets) ast_str_container_alloc_options(AO2_ALLOC_OPT_LOCK_MUTEX, buckets)
/* Adds a copy of a string, even if the container has an equal one: 0, or -1 when out of memory. */
int ast_str_container_add(struct ao2_container *str_container, const char *add);
/* Removes one equal string. */
void ast_str_container_remove(struct ao2_container *str_container, const char *remove);

#ifdef __cplusplus
}
#endif

#endif
