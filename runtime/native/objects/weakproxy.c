/*
 * Weak proxies: references to an object that do not keep it (asterisk/astobj2.h).  What needs the inside of an object is
 * in object.c.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "container.h"

struct ao2_weakproxy_notification {
	ao2_weakproxy_notification_cb cb;
	void *data;
	AST_LIST_ENTRY(ao2_weakproxy_notification) list;
};

/* Locks a proxy unless the caller has done so: 1, or 0 when it is not a proxy. */
static int entered(void *proxy, int flags, const char *file, int line, const char *func)
{
	if (!asterism_weakproxy_is(proxy, file, line, func)) {
		return 0;
	}
	if (!(flags & OBJ_NOLOCK)) {
		ao2_lock(proxy);
	}
	return 1;
}

static void leave(void *proxy, int flags)
{
	if (!(flags & OBJ_NOLOCK)) {
		ao2_unlock(proxy);
	}
}

void asterism_weakproxy_notify(void *proxy, struct ao2_weakproxy *ended)
{
	struct ao2_weakproxy_notification *each;

	while ((each = AST_LIST_REMOVE_HEAD(&ended->destroyed_cb, list))) {
		each->cb(proxy, each->data);
		ast_free(each);
	}
}

void *__ao2_weakproxy_get_object(void *weakproxy, int flags, const char *tag, const char *file, int line,
	const char *func)
{
	void *object;

	if (!entered(weakproxy, flags, file, line, func)) {
		return NULL;
	}
	object = asterism_weakproxy_object(weakproxy);
	if (object) {
		__ao2_ref(object, +1, tag, file, line, func);
	}
	leave(weakproxy, flags);
	return object;
}

int __ao2_weakproxy_ref_object(void *weakproxy, int delta, int flags, const char *tag, const char *file, int line,
	const char *func)
{
	int before = -1;
	void *object;

	if (!entered(weakproxy, flags, file, line, func)) {
		return -2;
	}
	object = asterism_weakproxy_object(weakproxy);
	if (object) {
		before = __ao2_ref(object, delta, tag, file, line, func);
	}
	leave(weakproxy, flags);
	return before;
}

int ao2_weakproxy_subscribe(void *weakproxy, ao2_weakproxy_notification_cb cb, void *data, int flags)
{
	struct ao2_weakproxy_notification *each;
	int is_gone;

	if (!cb || !entered(weakproxy, flags, __FILE__, __LINE__, __func__)) {
		return -1;
	}
	is_gone = !asterism_weakproxy_object(weakproxy);
	each = is_gone ? NULL : ast_calloc(1, sizeof(*each));
	if (each) {
		each->cb = cb;
		each->data = data;
		AST_LIST_INSERT_HEAD(&((struct ao2_weakproxy *) weakproxy)->destroyed_cb, each, list);
	}
	leave(weakproxy, flags);
	if (is_gone) {
		cb(weakproxy, data);
	}
	return is_gone || each ? 0 : -1;
}

int ao2_weakproxy_unsubscribe(void *weakproxy, ao2_weakproxy_notification_cb cb, void *data, int flags)
{
	struct ao2_weakproxy_notification *each;
	int removed = 0;

	if (!cb || !entered(weakproxy, flags, __FILE__, __LINE__, __func__)) {
		return -1;
	}
	AST_LIST_TRAVERSE_SAFE_BEGIN(&((struct ao2_weakproxy *) weakproxy)->destroyed_cb, each, list) {
		if (each->cb == cb && each->data == data && (!removed || flags & OBJ_MULTIPLE)) {
			AST_LIST_REMOVE_CURRENT(list);
			ast_free(each);
			removed++;
		}
	}
	AST_LIST_TRAVERSE_SAFE_END;
	leave(weakproxy, flags);
	return removed;
}

void *__ao2_weakproxy_find(struct ao2_container *c, const void *arg, enum search_flags flags, const char *tag,
	const char *file, int line, const char *func)
{
	void *proxy = __ao2_find(c, arg, flags & ~OBJ_MULTIPLE, tag, file, line, func), *object;

	if (!proxy) {
		return NULL;
	}
	object = __ao2_weakproxy_get_object(proxy, 0, tag, file, line, func);
	ao2_ref(proxy, -1);
	return object;
}

int ao2_container_dup_weakproxy_objs(struct ao2_container *dest, struct ao2_container *src, enum search_flags flags)
{
	struct ao2_iterator each = ao2_iterator_init(src, flags & OBJ_NOLOCK ? AO2_ITERATOR_DONTLOCK : 0);
	int linked = 1;
	void *proxy;

	for (; linked && (proxy = ao2_iterator_next(&each)); ao2_ref(proxy, -1)) {
		void *object = ao2_weakproxy_get_object(proxy, 0);

		linked = !object || ao2_link_flags(dest, object, flags & OBJ_NOLOCK);
		ao2_cleanup(object);
	}
	ao2_iterator_destroy(&each);
	if (!linked) {
		ao2_callback(dest, OBJ_UNLINK | OBJ_NODATA | OBJ_MULTIPLE | (flags & OBJ_NOLOCK), NULL, NULL);
	}
	return linked ? 0 : -1;
}
