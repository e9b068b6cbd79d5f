/*
 * Singly linked lists whose links live in the elements.
 *
 *     struct thing { int n; AST_LIST_ENTRY(thing) list; };
 *     static AST_LIST_HEAD_STATIC(things, thing);
 *
 * The RWLIST forms have a read-write lock in their head, the NOLOCK forms none.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef ASTERISM_LINKEDLISTS_H
#define ASTERISM_LINKEDLISTS_H

#include "asterisk/lock.h"

#define AST_LIST_LOCK(head) ast_mutex_lock(&(head)->lock)
#define AST_LIST_TRYLOCK(head) ast_mutex_trylock(&(head)->lock)
#define AST_LIST_UNLOCK(head) ast_mutex_unlock(&(head)->lock)
#define AST_RWLIST_WRLOCK(head) ast_rwlock_wrlock(&(head)->lock)
#define AST_RWLIST_RDLOCK(head) ast_rwlock_rdlock(&(head)->lock)
#define AST_RWLIST_TRYWRLOCK(head) ast_rwlock_trywrlock(&(head)->lock)
#define AST_RWLIST_TRYRDLOCK(head) ast_rwlock_tryrdlock(&(head)->lock)
/* Waits until a time of CLOCK_REALTIME, a struct timespec *: then ETIMEDOUT. */
#define AST_RWLIST_TIMEDWRLOCK(head, ts) ast_rwlock_timedwrlock(&(head)->lock, ts)
#define AST_RWLIST_TIMEDRDLOCK(head, ts) ast_rwlock_timedrdlock(&(head)->lock, ts)
#define AST_RWLIST_UNLOCK(head) ast_rwlock_unlock(&(head)->lock)

/* The type of a list's head. */
#define AST_LIST_HEAD_NOLOCK(name, type) struct name { struct type *first; struct type *last; }
#define AST_LIST_HEAD(name, type) struct name { struct type *first; struct type *last; ast_mutex_t lock; }
#define AST_RWLIST_HEAD(name, type) struct name { struct type *first; struct type *last; ast_rwlock_t lock; }

#define AST_LIST_HEAD_NOLOCK_INIT_VALUE { NULL, NULL }
#define AST_LIST_HEAD_INIT_VALUE { NULL, NULL, AST_MUTEX_INIT_VALUE }
#define AST_RWLIST_HEAD_INIT_VALUE { NULL, NULL, AST_RWLOCK_INIT_VALUE }

/* An empty list that is ready when the module is opened. */
#define AST_LIST_HEAD_NOLOCK_STATIC(name, type) AST_LIST_HEAD_NOLOCK(name, type) name = AST_LIST_HEAD_NOLOCK_INIT_VALUE
#define AST_LIST_HEAD_STATIC(name, type) AST_LIST_HEAD(name, type) name = AST_LIST_HEAD_INIT_VALUE
#define AST_RWLIST_HEAD_STATIC(name, type) AST_RWLIST_HEAD(name, type) name = AST_RWLIST_HEAD_INIT_VALUE

#define AST_LIST_HEAD_INIT_NOLOCK(head) do { (head)->first = NULL; (head)->last = NULL; } while (0)
#define AST_LIST_HEAD_INIT(head) do { AST_LIST_HEAD_INIT_NOLOCK(head); ast_mutex_init(&(head)->lock); } while (0)
#define AST_RWLIST_HEAD_INIT(head) do { AST_LIST_HEAD_INIT_NOLOCK(head); ast_rwlock_init(&(head)->lock); } while (0)
#define AST_LIST_HEAD_DESTROY(head) do { AST_LIST_HEAD_INIT_NOLOCK(head); ast_mutex_destroy(&(head)->lock); } while (0)
#define AST_RWLIST_HEAD_DESTROY(head) do { AST_LIST_HEAD_INIT_NOLOCK(head); ast_rwlock_destroy(&(head)->lock); } while (0)

/* A list whose only element is entry. */
#define AST_LIST_HEAD_SET_NOLOCK(head, entry) do { (head)->first = (head)->last = (entry); } while (0)
#define AST_LIST_HEAD_SET(head, entry) do { AST_LIST_HEAD_SET_NOLOCK(head, entry); ast_mutex_init(&(head)->lock); } while (0)
#define AST_RWLIST_HEAD_SET(head, entry) do { AST_LIST_HEAD_SET_NOLOCK(head, entry); ast_rwlock_init(&(head)->lock); } while (0)

/* The link in an element. */
#define AST_LIST_ENTRY(type) struct { struct type *next; }
#define AST_RWLIST_ENTRY AST_LIST_ENTRY

#define AST_LIST_FIRST(head) ((head)->first)
#define AST_LIST_LAST(head) ((head)->last)
#define AST_LIST_NEXT(elm, field) ((elm)->field.next)
#define AST_LIST_EMPTY(head) (AST_LIST_FIRST(head) == NULL)

#define AST_LIST_TRAVERSE(head, var, field) for ((var) = (head)->first; (var); (var) = (var)->field.next)

/* Goes over a list that may be changed with the ..._CURRENT macros; closed by AST_LIST_TRAVERSE_SAFE_END. */
#define AST_LIST_TRAVERSE_SAFE_BEGIN(head, var, field) { \
	typeof((head)) __list_head = (head); \
	typeof((head)->first) __list_current, __list_prev = NULL, __list_next = NULL; \
	int __list_removed; \
	for ((var) = __list_current = __list_head->first; \
		__list_current && (__list_removed = 0, __list_next = __list_current->field.next, 1); \
		__list_prev = __list_removed ? __list_prev : __list_current, (var) = __list_current = __list_next)
#define AST_LIST_REMOVE_CURRENT(field) do { \
	__list_removed = 1; \
	if (__list_prev) { \
		__list_prev->field.next = __list_next; \
	} else { \
		__list_head->first = __list_next; \
	} \
	if (!__list_next) { \
		__list_head->last = __list_prev; \
	} \
} while (0)
/* Moves the current element to the end of another list; inserts an element before the current one. */
#define AST_LIST_MOVE_CURRENT(newhead, field) do { \
	AST_LIST_REMOVE_CURRENT(field); \
	AST_LIST_INSERT_TAIL((newhead), __list_current, field); \
} while (0)
#define AST_LIST_INSERT_BEFORE_CURRENT(elm, field) do { \
	typeof(__list_prev) __list_new = (elm); \
	if (__list_prev) { \
		__list_new->field.next = __list_prev->field.next; \
		__list_prev->field.next = __list_new; \
	} else { \
		__list_new->field.next = __list_head->first; \
		__list_head->first = __list_new; \
	} \
	if (!__list_new->field.next) { \
		__list_head->last = __list_new; \
	} \
	__list_prev = __list_new; \
} while (0)
#define AST_LIST_TRAVERSE_SAFE_END }

/* Each argument is evaluated once. */
#define AST_LIST_INSERT_AFTER(head, listelm, elm, field) do { \
	typeof((head)->first) __list_after = (listelm), __list_new = (elm); \
	__list_new->field.next = __list_after->field.next; \
	__list_after->field.next = __list_new; \
	if ((head)->last == __list_after) { \
		(head)->last = __list_new; \
	} \
} while (0)
#define AST_LIST_INSERT_HEAD(head, elm, field) do { \
	typeof((head)->first) __list_new = (elm); \
	__list_new->field.next = (head)->first; \
	(head)->first = __list_new; \
	if (!(head)->last) { \
		(head)->last = __list_new; \
	} \
} while (0)
#define AST_LIST_INSERT_TAIL(head, elm, field) do { \
	typeof((head)->first) __list_new = (elm); \
	__list_new->field.next = NULL; \
	if ((head)->first) { \
		(head)->last->field.next = __list_new; \
	} else { \
		(head)->first = __list_new; \
	} \
	(head)->last = __list_new; \
} while (0)
/* Inserts before the first element whose text is not less (strcmp). */
#define AST_LIST_INSERT_SORTALPHA(head, elm, field, sortfield) do { \
	typeof((head)->first) __list_sorted = (elm), __list_at = (head)->first, __list_less = NULL; \
	while (__list_at && strcmp(__list_at->sortfield, __list_sorted->sortfield) < 0) { \
		__list_less = __list_at; \
		__list_at = __list_at->field.next; \
	} \
	if (__list_less) { \
		AST_LIST_INSERT_AFTER(head, __list_less, __list_sorted, field); \
	} else { \
		AST_LIST_INSERT_HEAD(head, __list_sorted, field); \
	} \
} while (0)
/* Moves all elements of another list to the end; after a given element. */
#define AST_LIST_APPEND_LIST(head, list, field) do { \
	if (!(list)->first) { \
		break; \
	} \
	if ((head)->first) { \
		(head)->last->field.next = (list)->first; \
	} else { \
		(head)->first = (list)->first; \
	} \
	(head)->last = (list)->last; \
	AST_LIST_HEAD_INIT_NOLOCK(list); \
} while (0)
#define AST_LIST_INSERT_LIST_AFTER(head, list, elm, field) do { \
	typeof((head)->first) __list_after = (elm); \
	if (!(list)->first) { \
		break; \
	} \
	(list)->last->field.next = __list_after->field.next; \
	__list_after->field.next = (list)->first; \
	if ((head)->last == __list_after) { \
		(head)->last = (list)->last; \
	} \
	AST_LIST_HEAD_INIT_NOLOCK(list); \
} while (0)
/* Removes the first element; NULL for an empty list. */
#define AST_LIST_REMOVE_HEAD(head, field) ({ \
	typeof((head)->first) __list_elm = (head)->first; \
	if (__list_elm) { \
		(head)->first = __list_elm->field.next; \
		__list_elm->field.next = NULL; \
		if ((head)->last == __list_elm) { \
			(head)->last = NULL; \
		} \
	} \
	__list_elm; \
})
/* Removes an element at any position; NULL when it is not in the list. */
#define AST_LIST_REMOVE(head, elm, field) ({ \
	typeof((head)->first) __list_out = (elm), __list_it = (head)->first, __list_before = NULL; \
	while (__list_it && __list_it != __list_out) { \
		__list_before = __list_it; \
		__list_it = __list_it->field.next; \
	} \
	if (__list_it) { \
		if (__list_before) { \
			__list_before->field.next = __list_it->field.next; \
		} else { \
			(head)->first = __list_it->field.next; \
		} \
		if ((head)->last == __list_it) { \
			(head)->last = __list_before; \
		} \
		__list_it->field.next = NULL; \
	} \
	__list_it; \
})

#define AST_RWLIST_FIRST AST_LIST_FIRST
#define AST_RWLIST_LAST AST_LIST_LAST
#define AST_RWLIST_NEXT AST_LIST_NEXT
#define AST_RWLIST_EMPTY AST_LIST_EMPTY
#define AST_RWLIST_TRAVERSE AST_LIST_TRAVERSE
#define AST_RWLIST_TRAVERSE_SAFE_BEGIN AST_LIST_TRAVERSE_SAFE_BEGIN
#define AST_RWLIST_REMOVE_CURRENT AST_LIST_REMOVE_CURRENT
#define AST_RWLIST_MOVE_CURRENT AST_LIST_MOVE_CURRENT
#define AST_RWLIST_INSERT_BEFORE_CURRENT AST_LIST_INSERT_BEFORE_CURRENT
#define AST_RWLIST_INSERT_SORTALPHA AST_LIST_INSERT_SORTALPHA
#define AST_RWLIST_APPEND_LIST AST_LIST_APPEND_LIST
#define AST_RWLIST_INSERT_LIST_AFTER AST_LIST_INSERT_LIST_AFTER
#define AST_RWLIST_TRAVERSE_SAFE_END AST_LIST_TRAVERSE_SAFE_END
#define AST_RWLIST_INSERT_AFTER AST_LIST_INSERT_AFTER
#define AST_RWLIST_INSERT_HEAD AST_LIST_INSERT_HEAD
#define AST_RWLIST_INSERT_TAIL AST_LIST_INSERT_TAIL
#define AST_RWLIST_REMOVE_HEAD AST_LIST_REMOVE_HEAD
#define AST_RWLIST_REMOVE AST_LIST_REMOVE

#endif
