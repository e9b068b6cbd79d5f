/*
 * Arrays that grow.
 *
 *     AST_VECTOR(names, const char *) names;
 *     AST_VECTOR_INIT(&names, 0);
 *     AST_VECTOR_APPEND(&names, "one");
 *     AST_VECTOR_FREE(&names);
 *
 * A macro that can fail gives 0, or -1 when out of memory, and does not change the vector.  Every argument is
 * evaluated once, except a function or macro that is called for each element.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef ASTERISM_VECTOR_H
#define ASTERISM_VECTOR_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "asterisk/astobj2.h"
#include "asterisk/inline_api.h"
#include "asterisk/lock.h"
#include "asterisk/utils.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The type of a vector; with a read-write lock. */
#define AST_VECTOR(name, type) struct name { type *elems; size_t max; size_t current; }
#define AST_VECTOR_RW(name, type) struct name { type *elems; size_t max; size_t current; ast_rwlock_t lock; }

AST_VECTOR(ast_vector_int, int);
AST_VECTOR(ast_vector_string, char *);
AST_VECTOR(ast_vector_const_string, const char *);

enum ast_vector_string_split_flags {
	AST_VECTOR_STRING_SPLIT_NO_TRIM = 0x01,		/* Leave the blanks around each part. */
	AST_VECTOR_STRING_SPLIT_ALLOW_EMPTY = 0x02,	/* Keep empty parts. */
};
/*
 * Appends a copy of each part of a text, split at the characters of delim.  A part is skipped if excludes_cmp (unless
 * NULL) gives 0 for it and an element.  0, or -1 when out of memory; earlier parts stay in the vector.
 */
int ast_vector_string_split(struct ast_vector_string *dest, const char *input, const char *delim, int flags,
	int (*excludes_cmp)(const char *s1, const char *s2));
/* The elements with delim between them, for ast_free; NULL when out of memory. */
char *ast_vector_string_join(struct ast_vector_string *vec, const char *delim);

/* Room for `wanted` elements of size bytes or more, the old ones copied, the others cleared; NULL without memory. */
AST_INLINE_API(
void * attribute_unused __ast_vector_grown(const void *elems, size_t *max, size_t wanted, size_t size,
	const char *file, int line, const char *func),
{
	size_t room = wanted > SIZE_MAX / 2 / size ? 0 : wanted * 2;
	void *grown = room ? __ast_calloc(room, size, file, line, func) : NULL;

	if (grown) {
		if (elems) {
			memcpy(grown, elems, *max * size);
		}
		*max = room;
	}
	return grown;
}
)

/* Makes sure that the vector has room for `wanted` elements. */
#define AST_VECTOR_ROOM_(vec, wanted) ({ \
	typeof(vec) __room_vec = (vec); \
	size_t __room_wanted = (wanted); \
	int __room_res = 0; \
	if (__room_wanted > __room_vec->max) { \
		typeof(__room_vec->elems) __room_elems = __ast_vector_grown(__room_vec->elems, &__room_vec->max, \
			__room_wanted, sizeof(*__room_elems), __FILE__, __LINE__, __PRETTY_FUNCTION__); \
		if (__room_elems) { \
			ast_free(__room_vec->elems); \
			__room_vec->elems = __room_elems; \
		} else { \
			__room_res = -1; \
		} \
	} \
	__room_res; \
})

/* An empty vector with room for size elements. */
#define AST_VECTOR_INIT(vec, size) ({ \
	typeof(vec) __init_vec = (vec); \
	size_t __init_size = (size); \
	__init_vec->elems = __init_size ? ast_calloc(__init_size, sizeof(*__init_vec->elems)) : NULL; \
	__init_vec->max = __init_vec->elems ? __init_size : 0; \
	__init_vec->current = 0; \
	__init_size && !__init_vec->elems ? -1 : 0; \
})
#define AST_VECTOR_RW_INIT(vec, size) ({ \
	typeof(vec) __rw_vec = (vec); \
	AST_VECTOR_INIT(__rw_vec, (size)) ? -1 : ast_rwlock_init(&__rw_vec->lock); \
})
/* Frees the array, but not the objects that its elements point to.  PTR: frees the vector too. */
#define AST_VECTOR_FREE(vec) do { \
	typeof(vec) __free_vec = (vec); \
	ast_free(__free_vec->elems); \
	__free_vec->elems = NULL; \
	__free_vec->max = __free_vec->current = 0; \
} while (0)
#define AST_VECTOR_PTR_FREE(vec) do { \
	typeof(vec) __ptr_vec = (vec); \
	AST_VECTOR_FREE(__ptr_vec); \
	ast_free(__ptr_vec); \
} while (0)
#define AST_VECTOR_RW_FREE(vec) do { \
	typeof(vec) __rw_vec = (vec); \
	AST_VECTOR_FREE(__rw_vec); \
	ast_rwlock_destroy(&__rw_vec->lock); \
} while (0)
#define AST_VECTOR_RW_PTR_FREE(vec) do { \
	typeof(vec) __rwptr_vec = (vec); \
	AST_VECTOR_RW_FREE(__rwptr_vec); \
	ast_free(__rwptr_vec); \
} while (0)
/* Gives the array to the caller, and makes the vector empty. */
#define AST_VECTOR_STEAL_ELEMENTS(vec) ({ \
	typeof(vec) __steal_vec = (vec); \
	typeof(__steal_vec->elems) __steal_elems = __steal_vec->elems; \
	AST_VECTOR_INIT(__steal_vec, 0); \
	__steal_elems; \
})
/* Frees unused capacity. */
#define AST_VECTOR_COMPACT(vec) ({ \
	typeof(vec) __compact_vec = (vec); \
	int __compact_res = 0; \
	if (!__compact_vec->current) { \
		AST_VECTOR_FREE(__compact_vec); \
	} else if (__compact_vec->max > __compact_vec->current) { \
		typeof(__compact_vec->elems) __compact_elems = ast_realloc(__compact_vec->elems, \
			__compact_vec->current * sizeof(*__compact_elems)); \
		if (__compact_elems) { \
			__compact_vec->elems = __compact_elems; \
			__compact_vec->max = __compact_vec->current; \
		} else { \
			__compact_res = -1; \
		} \
	} \
	__compact_res; \
})

/* The number of elements; the capacity. */
#define AST_VECTOR_SIZE(vec) ((vec)->current)
#define AST_VECTOR_MAX_SIZE(vec) ((vec)->max)
/* The element at an index, which must exist; its address. */
#define AST_VECTOR_GET_ADDR(vec, idx) ({ \
	typeof(vec) __get_vec = (vec); \
	size_t __get_idx = (idx); \
	ast_assert(__get_idx < __get_vec->current); \
	&__get_vec->elems[__get_idx]; \
})
#define AST_VECTOR_GET(vec, idx) (*AST_VECTOR_GET_ADDR(vec, idx))

/* Appends an element. */
#define AST_VECTOR_APPEND(vec, elem) ({ \
	typeof(vec) __append_vec = (vec); \
	int __append_res = AST_VECTOR_ROOM_(__append_vec, __append_vec->current + 1); \
	if (!__append_res) { \
		__append_vec->elems[__append_vec->current++] = (elem); \
	} \
	__append_res; \
})
/* Replaces the element at an index; for an index behind the end, cleared elements are added before it. */
#define AST_VECTOR_REPLACE(vec, idx, elem) ({ \
	typeof(vec) __replace_vec = (vec); \
	size_t __replace_idx = (idx); \
	int __replace_res = __replace_idx == SIZE_MAX ? -1 : AST_VECTOR_ROOM_(__replace_vec, __replace_idx + 1); \
	if (!__replace_res) { \
		if (__replace_idx >= __replace_vec->current) { \
			memset(&__replace_vec->elems[__replace_vec->current], 0, \
				(__replace_idx - __replace_vec->current) * sizeof(*__replace_vec->elems)); \
			__replace_vec->current = __replace_idx + 1; \
		} \
		__replace_vec->elems[__replace_idx] = (elem); \
	} \
	__replace_res; \
})
/* Sets the first size elements, or (0) all elements. */
#define AST_VECTOR_DEFAULT(vec, size, value) ({ \
	typeof(vec) __default_vec = (vec); \
	size_t __default_size = (size), __default_idx; \
	typeof(*__default_vec->elems) __default_value = (value); \
	int __default_res = 0; \
	__default_size = __default_size ? __default_size : __default_vec->current; \
	for (__default_idx = 0; !__default_res && __default_idx < __default_size; __default_idx++) { \
		__default_res = AST_VECTOR_REPLACE(__default_vec, __default_idx, __default_value); \
	} \
	__default_res; \
})
/* Inserts an element at an index; for an index behind the end, cleared elements are added before it. */
#define AST_VECTOR_INSERT_AT(vec, idx, elem) ({ \
	typeof(vec) __insert_vec = (vec); \
	size_t __insert_idx = (idx); \
	int __insert_res = 0; \
	if (__insert_idx >= __insert_vec->current) { \
		__insert_res = AST_VECTOR_REPLACE(__insert_vec, __insert_idx, (elem)); \
	} else if (!(__insert_res = AST_VECTOR_ROOM_(__insert_vec, __insert_vec->current + 1))) { \
		memmove(&__insert_vec->elems[__insert_idx + 1], &__insert_vec->elems[__insert_idx], \
			(__insert_vec->current - __insert_idx) * sizeof(*__insert_vec->elems)); \
		__insert_vec->elems[__insert_idx] = (elem); \
		__insert_vec->current++; \
	} \
	__insert_res; \
})
/* Inserts an element into a sorted vector, after its equals; cmp(a, b) as for strcmp. */
#define AST_VECTOR_ADD_SORTED(vec, elem, cmp) ({ \
	typeof(vec) __sorted_vec = (vec); \
	typeof(*__sorted_vec->elems) __sorted_elem = (elem); \
	size_t __sorted_idx = __sorted_vec->current; \
	while (__sorted_idx && cmp(__sorted_vec->elems[__sorted_idx - 1], __sorted_elem) > 0) { \
		__sorted_idx--; \
	} \
	AST_VECTOR_INSERT_AT(__sorted_vec, __sorted_idx, __sorted_elem); \
})
/* Sorts a vector; searches a sorted vector: cmp as for qsort(3), or bsearch(3) with a pointer to key. */
#define AST_VECTOR_SORT(vec, cmp) ({ \
	typeof(vec) __sort_vec = (vec); \
	if (__sort_vec->current) { \
		qsort(__sort_vec->elems, __sort_vec->current, sizeof(*__sort_vec->elems), cmp); \
	} \
})
#define AST_VECTOR_BSEARCH(vec, key, cmp) ({ \
	typeof(vec) __search_vec = (vec); \
	typeof(key) __search_key = (key); \
	__search_vec->current \
		? bsearch(&__search_key, __search_vec->elems, __search_vec->current, sizeof(*__search_vec->elems), cmp) : NULL; \
})

/* Removes the element at an index, which must exist, and gives it; unordered: the last element fills the gap. */
#define AST_VECTOR_REMOVE(vec, idx, preserve_ordered) ({ \
	typeof(vec) __remove_vec = (vec); \
	size_t __remove_idx = (idx); \
	typeof(*__remove_vec->elems) __remove_elem; \
	ast_assert(__remove_idx < __remove_vec->current); \
	__remove_elem = __remove_vec->elems[__remove_idx]; \
	__remove_vec->current--; \
	if (preserve_ordered) { \
		memmove(&__remove_vec->elems[__remove_idx], &__remove_vec->elems[__remove_idx + 1], \
			(__remove_vec->current - __remove_idx) * sizeof(*__remove_vec->elems)); \
	} else { \
		__remove_vec->elems[__remove_idx] = __remove_vec->elems[__remove_vec->current]; \
	} \
	__remove_elem; \
})
#define AST_VECTOR_REMOVE_UNORDERED(vec, idx) AST_VECTOR_REMOVE(vec, idx, 0)
#define AST_VECTOR_REMOVE_ORDERED(vec, idx) AST_VECTOR_REMOVE(vec, idx, 1)
/* Removes at most `most` elements for which cmp(element, value) is true, after cleanup(element): their number. */
#define AST_VECTOR_REMOVE_MOST_(vec, value, cmp, cleanup, most, preserve_ordered) ({ \
	typeof(vec) __cmp_vec = (vec); \
	typeof(value) __cmp_value = (value); \
	int __cmp_count = 0; \
	size_t __cmp_idx = 0; \
	while (__cmp_idx < __cmp_vec->current && __cmp_count < (most)) { \
		if (cmp(__cmp_vec->elems[__cmp_idx], __cmp_value)) { \
			cleanup(__cmp_vec->elems[__cmp_idx]); \
			AST_VECTOR_REMOVE(__cmp_vec, __cmp_idx, preserve_ordered); \
			__cmp_count++; \
		} else { \
			__cmp_idx++; \
		} \
	} \
	__cmp_count; \
})
/* Removes all matching elements: their number; the first matching element: 0, or -1 when nothing matches. */
#define AST_VECTOR_REMOVE_ALL_CMP_UNORDERED(vec, value, cmp, cleanup) \
	AST_VECTOR_REMOVE_MOST_(vec, value, cmp, cleanup, INT_MAX, 0)
#define AST_VECTOR_REMOVE_ALL_CMP_ORDERED(vec, value, cmp, cleanup) \
	AST_VECTOR_REMOVE_MOST_(vec, value, cmp, cleanup, INT_MAX, 1)
#define AST_VECTOR_REMOVE_CMP_UNORDERED(vec, value, cmp, cleanup) \
	(AST_VECTOR_REMOVE_MOST_(vec, value, cmp, cleanup, 1, 0) ? 0 : -1)
#define AST_VECTOR_REMOVE_CMP_ORDERED(vec, value, cmp, cleanup) \
	(AST_VECTOR_REMOVE_MOST_(vec, value, cmp, cleanup, 1, 1) ? 0 : -1)
/* Removes the first element that is equal: 0, or -1 when nothing matches. */
#define AST_VECTOR_REMOVE_ELEM_UNORDERED(vec, elem, cleanup) \
	AST_VECTOR_REMOVE_CMP_UNORDERED(vec, elem, AST_VECTOR_ELEM_DEFAULT_CMP, cleanup)
#define AST_VECTOR_REMOVE_ELEM_ORDERED(vec, elem, cleanup) \
	AST_VECTOR_REMOVE_CMP_ORDERED(vec, elem, AST_VECTOR_ELEM_DEFAULT_CMP, cleanup)
#define AST_VECTOR_ELEM_DEFAULT_CMP(elem, value) ((elem) == (value))
#define AST_VECTOR_ELEM_CLEANUP_NOOP(elem)
/* Removes all elements, each after cleanup(element); the capacity does not change. */
#define AST_VECTOR_RESET(vec, cleanup) ({ \
	typeof(vec) __reset_vec = (vec); \
	AST_VECTOR_CALLBACK_VOID(__reset_vec, cleanup); \
	__reset_vec->current = 0; \
})

/* Index of the nth (from 1) element for which cmp(element, value) is true; -1 when nothing matches. */
#define AST_VECTOR_GET_INDEX_NTH(vec, nth, value, cmp) ({ \
	typeof(vec) __nth_vec = (vec); \
	typeof(value) __nth_value = (value); \
	size_t __nth_left = (nth), __nth_idx; \
	int __nth_res = -1; \
	for (__nth_idx = 0; __nth_res < 0 && __nth_idx < __nth_vec->current; __nth_idx++) { \
		if (cmp(__nth_vec->elems[__nth_idx], __nth_value) && !--__nth_left) { \
			__nth_res = (int) __nth_idx; \
		} \
	} \
	__nth_res; \
})
#define AST_VECTOR_GET_INDEX(vec, value, cmp) AST_VECTOR_GET_INDEX_NTH(vec, 1, value, cmp)
/* The address of the first match; NULL when nothing matches. */
#define AST_VECTOR_GET_CMP(vec, value, cmp) ({ \
	typeof(vec) __find_vec = (vec); \
	int __find_idx = AST_VECTOR_GET_INDEX(__find_vec, value, cmp); \
	__find_idx < 0 ? NULL : (void *) &__find_vec->elems[__find_idx]; \
})

/* Matches every element, as a callback. */
#define AST_VECTOR_MATCH_ALL(element) (CMP_MATCH)
/*
 * Calls callback(element, ...) for each element until it returns CMP_MATCH, and gives that element.  After CMP_STOP, and
 * at the end, the result is default_value.
 */
#define AST_VECTOR_CALLBACK(vec, callback, default_value, ...) ({ \
	typeof(vec) __call_vec = (vec); \
	typeof(*__call_vec->elems) __call_res = default_value; \
	size_t __call_idx; \
	int __call_rc = 0; \
	for (__call_idx = 0; !__call_rc && __call_idx < __call_vec->current; __call_idx++) { \
		__call_rc = callback(__call_vec->elems[__call_idx], ##__VA_ARGS__) & (CMP_MATCH | CMP_STOP); \
		if (__call_rc & CMP_MATCH) { \
			__call_res = __call_vec->elems[__call_idx]; \
		} \
	} \
	__call_res; \
})
/* A new vector of all matches, for AST_VECTOR_PTR_FREE; NULL when out of memory. */
#define AST_VECTOR_CALLBACK_MULTIPLE(vec, callback, ...) ({ \
	typeof(vec) __many_vec = (vec), __many_res = ast_calloc(1, sizeof(*__many_res)); \
	size_t __many_idx; \
	int __many_rc = 0; \
	if (__many_res && AST_VECTOR_INIT(__many_res, __many_vec->current)) { \
		ast_free(__many_res); \
		__many_res = NULL; \
	} \
	for (__many_idx = 0; __many_res && !(__many_rc & CMP_STOP) && __many_idx < __many_vec->current; __many_idx++) { \
		__many_rc = callback(__many_vec->elems[__many_idx], ##__VA_ARGS__); \
		if (__many_rc & CMP_MATCH) { \
			AST_VECTOR_APPEND(__many_res, __many_vec->elems[__many_idx]); \
		} \
	} \
	__many_res; \
})
/* Calls callback(element, ...) for each element, whatever it returns. */
#define AST_VECTOR_CALLBACK_VOID(vec, callback, ...) ({ \
	typeof(vec) __void_vec = (vec); \
	size_t __void_idx; \
	for (__void_idx = 0; __void_idx < __void_vec->current; __void_idx++) { \
		callback(__void_vec->elems[__void_idx], ##__VA_ARGS__); \
	} \
})

/* The lock of an AST_VECTOR_RW: 0 or an errno. */
#define AST_VECTOR_RW_RDLOCK(vec) ast_rwlock_rdlock(&(vec)->lock)
#define AST_VECTOR_RW_WRLOCK(vec) ast_rwlock_wrlock(&(vec)->lock)
#define AST_VECTOR_RW_UNLOCK(vec) ast_rwlock_unlock(&(vec)->lock)
#define AST_VECTOR_RW_RDLOCK_TRY(vec) ast_rwlock_tryrdlock(&(vec)->lock)
#define AST_VECTOR_RW_WRLOCK_TRY(vec) ast_rwlock_trywrlock(&(vec)->lock)
#define AST_VECTOR_RW_RDLOCK_TIMED(vec, timespec) ast_rwlock_timedrdlock(&(vec)->lock, timespec)
#define AST_VECTOR_RW_WRLOCK_TIMED(vec, timespec) ast_rwlock_timedwrlock(&(vec)->lock, timespec)

#ifdef __cplusplus
}
#endif

#endif
