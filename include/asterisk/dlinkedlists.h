/*
 * Doubly linked lists whose links live in the elements: those of linkedlists.h, and backwards too.
 *
 *     struct thing { int n; AST_DLLIST_ENTRY(thing) list; };
 *     static AST_DLLIST_HEAD_STATIC(things, thing);
 *
 * The RWDLLIST forms have a read-write lock in their head, the NOLOCK forms none.  A direction is written `first`
 * (forwards) or `last` (backwards).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef ASTERISM_DLINKEDLISTS_H
#define ASTERISM_DLINKEDLISTS_H

#include "asterisk/lock.h"

#define AST_DLLIST_LOCK(head) ast_mutex_lock(&(head)->lock)
#define AST_DLLIST_TRYLOCK(head) ast_mutex_trylock(&(head)->lock)
#define AST_DLLIST_UNLOCK(head) ast_mutex_unlock(&(head)->lock)
#define AST_RWDLLIST_WRLOCK(head) ast_rwlock_wrlock(&(head)->lock)
#define AST_RWDLLIST_RDLOCK(head) ast_rwlock_rdlock(&(head)->lock)
#define AST_RWDLLIST_TRYWRLOCK(head) ast_rwlock_trywrlock(&(head)->lock)
#define AST_RWDLLIST_TRYRDLOCK(head) ast_rwlock_tryrdlock(&(head)->lock)
#define AST_RWDLLIST_UNLOCK(head) ast_rwlock_unlock(&(head)->lock)

/* The type of a list's head, and of the links in an element. */
#define AST_DLLIST_HEAD_NOLOCK(name, type) struct name { struct type *first; struct type *last; }
#define AST_DLLIST_HEAD(name, type) struct name { struct type *first; struct type *last; ast_mutex_t lock; }
#define AST_RWDLLIST_HEAD(name, type) struct name { struct type *first; struct type *last; ast_rwlock_t lock; }
#define AST_DLLIST_ENTRY(type) AST_DLLIST_HEAD_NOLOCK(, type)
#define AST_RWDLLIST_ENTRY AST_DLLIST_ENTRY

#define AST_DLLIST_HEAD_NOLOCK_INIT_VALUE { NULL, NULL }
#define AST_DLLIST_HEAD_INIT_VALUE { NULL, NULL, AST_MUTEX_INIT_VALUE }
#define AST_RWDLLIST_HEAD_INIT_VALUE { NULL, NULL, AST_RWLOCK_INIT_VALUE }

/* An empty list that is ready when the module is opened. */
#define AST_DLLIST_HEAD_NOLOCK_STATIC(name, type) \
	AST_DLLIST_HEAD_NOLOCK(name, type) name = AST_DLLIST_HEAD_NOLOCK_INIT_VALUE
#define AST_DLLIST_HEAD_STATIC(name, type) AST_DLLIST_HEAD(name, type) name = AST_DLLIST_HEAD_INIT_VALUE
#define AST_RWDLLIST_HEAD_STATIC(name, type) AST_RWDLLIST_HEAD(name, type) name = AST_RWDLLIST_HEAD_INIT_VALUE

/* An empty list in a structure; one whose only element is entry; the end of either. */
#define AST_DLLIST_HEAD_INIT_NOLOCK(head) do { (head)->first = NULL; (head)->last = NULL; } while (0)
#define AST_DLLIST_HEAD_INIT(head) do { AST_DLLIST_HEAD_INIT_NOLOCK(head); ast_mutex_init(&(head)->lock); } while (0)
#define AST_RWDLLIST_HEAD_INIT(head) do { AST_DLLIST_HEAD_INIT_NOLOCK(head); ast_rwlock_init(&(head)->lock); } while (0)
#define AST_DLLIST_HEAD_SET_NOLOCK(head, entry) do { (head)->first = (head)->last = (entry); } while (0)
#define AST_DLLIST_HEAD_SET(head, entry) do { \
	AST_DLLIST_HEAD_SET_NOLOCK(head, entry); \
	ast_mutex_init(&(head)->lock); \
} while (0)
#define AST_RWDLLIST_HEAD_SET(head, entry) do { \
	AST_DLLIST_HEAD_SET_NOLOCK(head, entry); \
	ast_rwlock_init(&(head)->lock); \
} while (0)
#define AST_DLLIST_HEAD_DESTROY(head) do { \
	AST_DLLIST_HEAD_INIT_NOLOCK(head); \
	ast_mutex_destroy(&(head)->lock); \
} while (0)
#define AST_RWDLLIST_HEAD_DESTROY(head) do { \
	AST_DLLIST_HEAD_INIT_NOLOCK(head); \
	ast_rwlock_destroy(&(head)->lock); \
} while (0)

#define AST_DLLIST_FIRST(head) ((head)->first)
#define AST_DLLIST_LAST(head) ((head)->last)
#define AST_DLLIST_NEXT_DIRECTION(elm, field, direction) ((elm)->field.direction)
#define AST_DLLIST_NEXT(elm, field) AST_DLLIST_NEXT_DIRECTION(elm, field, first)
#define AST_DLLIST_PREV(elm, field) AST_DLLIST_NEXT_DIRECTION(elm, field, last)
#define AST_DLLIST_EMPTY(head) (AST_DLLIST_FIRST(head) == NULL)

/* Whether an element is in a list: compares every element. */
#define AST_DLLIST_IS_MEMBER(head, elm, field) ({ \
	typeof((head)->first) __dllist_elm = (elm), __dllist_at = (head)->first; \
	while (__dllist_at && __dllist_at != __dllist_elm) { \
		__dllist_at = __dllist_at->field.first; \
	} \
	__dllist_at != NULL; \
})

#define AST_DLLIST_TRAVERSE_DIRECTION(head, var, field, start) \
	for ((var) = (head)->start; (var); (var) = (var)->field.start)
#define AST_DLLIST_TRAVERSE(head, var, field) AST_DLLIST_TRAVERSE_DIRECTION(head, var, field, first)
#define AST_DLLIST_TRAVERSE_BACKWARDS(head, var, field) AST_DLLIST_TRAVERSE_DIRECTION(head, var, field, last)

/*
 * Goes over a list that may be changed with the ..._CURRENT macros; closed by AST_DLLIST_TRAVERSE_SAFE_END (or
 * _BACKWARDS_SAFE_END, or _DIRECTION_SAFE_END).  An element inserted next to the current one is skipped.
 */
#define AST_DLLIST_TRAVERSE_DIRECTION_SAFE_BEGIN(head, var, field, start) { \
	typeof((head)) __dllist_head = (head); \
	typeof((head)->first) __dllist_current, __dllist_next; \
	for ((var) = __dllist_current = __dllist_head->start; \
		__dllist_current && (__dllist_next = __dllist_current->field.start, 1); \
		(var) = __dllist_current = __dllist_next)
#define AST_DLLIST_TRAVERSE_SAFE_BEGIN(head, var, field) \
	AST_DLLIST_TRAVERSE_DIRECTION_SAFE_BEGIN(head, var, field, first)
#define AST_DLLIST_TRAVERSE_BACKWARDS_SAFE_BEGIN(head, var, field) \
	AST_DLLIST_TRAVERSE_DIRECTION_SAFE_BEGIN(head, var, field, last)
#define AST_DLLIST_TRAVERSE_DIRECTION_SAFE_END }
#define AST_DLLIST_TRAVERSE_SAFE_END AST_DLLIST_TRAVERSE_DIRECTION_SAFE_END
#define AST_DLLIST_TRAVERSE_BACKWARDS_SAFE_END AST_DLLIST_TRAVERSE_DIRECTION_SAFE_END

/* In a traversal: inserts an element next to the current one, in list order; removes the current one; moves it. */
#define AST_DLLIST_INSERT_BEFORE_CURRENT(elm, field) \
	AST_DLLIST_INSERT_BEFORE(__dllist_head, __dllist_current, elm, field)
#define AST_DLLIST_INSERT_AFTER_CURRENT(elm, field) \
	AST_DLLIST_INSERT_AFTER(__dllist_head, __dllist_current, elm, field)
#define AST_DLLIST_INSERT_BEFORE_CURRENT_BACKWARDS(elm, field) AST_DLLIST_INSERT_AFTER_CURRENT(elm, field)
#define AST_DLLIST_REMOVE_CURRENT(field) ((void) AST_DLLIST_REMOVE(__dllist_head, __dllist_current, field))
#define AST_DLLIST_MOVE_CURRENT(newhead, field) do { \
	AST_DLLIST_REMOVE_CURRENT(field); \
	AST_DLLIST_INSERT_TAIL((newhead), __dllist_current, field); \
} while (0)
#define AST_DLLIST_MOVE_CURRENT_BACKWARDS(newhead, field) do { \
	AST_DLLIST_REMOVE_CURRENT(field); \
	AST_DLLIST_INSERT_HEAD((newhead), __dllist_current, field); \
} while (0)

/* Every argument of these macros except the head is evaluated once. */
#define AST_DLLIST_INSERT_AFTER(head, listelm, elm, field) do { \
	typeof((head)->first) __dllist_place = (listelm), __dllist_new = (elm); \
	__dllist_new->field.last = __dllist_place; \
	__dllist_new->field.first = __dllist_place->field.first; \
	if (__dllist_new->field.first) { \
		__dllist_new->field.first->field.last = __dllist_new; \
	} else { \
		(head)->last = __dllist_new; \
	} \
	__dllist_place->field.first = __dllist_new; \
} while (0)
#define AST_DLLIST_INSERT_BEFORE(head, listelm, elm, field) do { \
	typeof((head)->first) __dllist_place = (listelm), __dllist_new = (elm); \
	__dllist_new->field.first = __dllist_place; \
	__dllist_new->field.last = __dllist_place->field.last; \
	if (__dllist_new->field.last) { \
		__dllist_new->field.last->field.first = __dllist_new; \
	} else { \
		(head)->first = __dllist_new; \
	} \
	__dllist_place->field.last = __dllist_new; \
} while (0)
#define AST_DLLIST_INSERT_END_(head, elm, field, front, back) do { \
	typeof((head)->first) __dllist_new = (elm); \
	__dllist_new->field.front = (head)->front; \
	__dllist_new->field.back = NULL; \
	if ((head)->front) { \
		(head)->front->field.back = __dllist_new; \
	} else { \
		(head)->back = __dllist_new; \
	} \
	(head)->front = __dllist_new; \
} while (0)
#define AST_DLLIST_INSERT_HEAD(head, elm, field) AST_DLLIST_INSERT_END_(head, elm, field, first, last)
#define AST_DLLIST_INSERT_TAIL(head, elm, field) AST_DLLIST_INSERT_END_(head, elm, field, last, first)
/* Moves all elements of another list to the end of this one. */
#define AST_DLLIST_APPEND_DLLIST(head, list, field) do { \
	if (!(list)->first) { \
		break; \
	} \
	(list)->first->field.last = (head)->last; \
	if ((head)->last) { \
		(head)->last->field.first = (list)->first; \
	} else { \
		(head)->first = (list)->first; \
	} \
	(head)->last = (list)->last; \
	(list)->first = NULL; \
	(list)->last = NULL; \
} while (0)
/* Removes an element of the list; NULL for NULL. */
#define AST_DLLIST_REMOVE(head, elm, field) ({ \
	typeof((head)->first) __dllist_out = (elm); \
	if (__dllist_out) { \
		if (__dllist_out->field.last) { \
			__dllist_out->field.last->field.first = __dllist_out->field.first; \
		} else { \
			(head)->first = __dllist_out->field.first; \
		} \
		if (__dllist_out->field.first) { \
			__dllist_out->field.first->field.last = __dllist_out->field.last; \
		} else { \
			(head)->last = __dllist_out->field.last; \
		} \
		__dllist_out->field.first = NULL; \
		__dllist_out->field.last = NULL; \
	} \
	__dllist_out; \
})
/* Removes an element, NULL when it is not in the list; removes the first or the last element, NULL for an empty list. */
#define AST_DLLIST_REMOVE_VERIFY(head, elm, field) ({ \
	typeof((head)->first) __dllist_wanted = (elm); \
	AST_DLLIST_IS_MEMBER(head, __dllist_wanted, field) ? AST_DLLIST_REMOVE(head, __dllist_wanted, field) : NULL; \
})
#define AST_DLLIST_REMOVE_HEAD(head, field) AST_DLLIST_REMOVE(head, (head)->first, field)
#define AST_DLLIST_REMOVE_TAIL(head, field) AST_DLLIST_REMOVE(head, (head)->last, field)

#define AST_RWDLLIST_FIRST AST_DLLIST_FIRST
#define AST_RWDLLIST_LAST AST_DLLIST_LAST
#define AST_RWDLLIST_NEXT_DIRECTION AST_DLLIST_NEXT_DIRECTION
#define AST_RWDLLIST_NEXT AST_DLLIST_NEXT
#define AST_RWDLLIST_PREV AST_DLLIST_PREV
#define AST_RWDLLIST_EMPTY AST_DLLIST_EMPTY
#define AST_RWDLLIST_IS_MEMBER AST_DLLIST_IS_MEMBER
#define AST_RWDLLIST_TRAVERSE_DIRECTION AST_DLLIST_TRAVERSE_DIRECTION
#define AST_RWDLLIST_TRAVERSE AST_DLLIST_TRAVERSE
#define AST_RWDLLIST_TRAVERSE_BACKWARDS AST_DLLIST_TRAVERSE_BACKWARDS
#define AST_RWDLLIST_TRAVERSE_DIRECTION_SAFE_BEGIN AST_DLLIST_TRAVERSE_DIRECTION_SAFE_BEGIN
#define AST_RWDLLIST_TRAVERSE_SAFE_BEGIN AST_DLLIST_TRAVERSE_SAFE_BEGIN
#define AST_RWDLLIST_TRAVERSE_BACKWARDS_SAFE_BEGIN AST_DLLIST_TRAVERSE_BACKWARDS_SAFE_BEGIN
#define AST_RWDLLIST_TRAVERSE_DIRECTION_SAFE_END AST_DLLIST_TRAVERSE_DIRECTION_SAFE_END
#define AST_RWDLLIST_TRAVERSE_SAFE_END AST_DLLIST_TRAVERSE_SAFE_END
#define AST_RWDLLIST_TRAVERSE_BACKWARDS_SAFE_END AST_DLLIST_TRAVERSE_BACKWARDS_SAFE_END
#define AST_RWDLLIST_INSERT_BEFORE_CURRENT AST_DLLIST_INSERT_BEFORE_CURRENT
#define AST_RWDLLIST_INSERT_AFTER_CURRENT AST_DLLIST_INSERT_AFTER_CURRENT
#define AST_RWDLLIST_INSERT_BEFORE_CURRENT_BACKWARDS AST_DLLIST_INSERT_BEFORE_CURRENT_BACKWARDS
#define AST_RWDLLIST_REMOVE_CURRENT AST_DLLIST_REMOVE_CURRENT
#define AST_RWDLLIST_MOVE_CURRENT AST_DLLIST_MOVE_CURRENT
#define AST_RWDLLIST_MOVE_CURRENT_BACKWARDS AST_DLLIST_MOVE_CURRENT_BACKWARDS
#define AST_RWDLLIST_INSERT_AFTER AST_DLLIST_INSERT_AFTER
#define AST_RWDLLIST_INSERT_BEFORE AST_DLLIST_INSERT_BEFORE
#define AST_RWDLLIST_INSERT_HEAD AST_DLLIST_INSERT_HEAD
#define AST_RWDLLIST_INSERT_TAIL AST_DLLIST_INSERT_TAIL
#define AST_RWDLLIST_APPEND_DLLIST AST_DLLIST_APPEND_DLLIST
#define AST_RWDLLIST_REMOVE AST_DLLIST_REMOVE
#define AST_RWDLLIST_REMOVE_VERIFY AST_DLLIST_REMOVE_VERIFY
#define AST_RWDLLIST_REMOVE_HEAD AST_DLLIST_REMOVE_HEAD
#define AST_RWDLLIST_REMOVE_TAIL AST_DLLIST_REMOVE_TAIL

#endif
