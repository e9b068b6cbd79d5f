/*
 * Heaps: the largest element is found at once, and any other element can be removed.
 *
 * For quick removal, an element keeps its index in a ssize_t field, whose offset is given to ast_heap_create.  A heap does
 * not lock itself.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef ASTERISM_HEAP_H
#define ASTERISM_HEAP_H

#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

struct ast_heap;

/* Less than 0, 0 or more than 0 as elm1 is smaller than, equal to or larger than elm2. */
typedef int (*ast_heap_cmp_fn)(void *elm1, void *elm2);

/* An empty heap with room for 2^init_height - 1 elements at first; a negative offset when elements do not keep their index. */
struct ast_heap *_ast_heap_create(unsigned int init_height, ast_heap_cmp_fn cmp_fn, ssize_t index_offset,
	const char *file, int lineno, const char *func);
#define ast_heap_create(init_height, cmp_fn, index_offset) \
	_ast_heap_create(init_height, cmp_fn, index_offset, __FILE__, __LINE__, __PRETTY_FUNCTION__)
/* Frees a heap, not its elements.  NULL. */
struct ast_heap *ast_heap_destroy(struct ast_heap *h);
/* Adds an element: 0, or -1 when out of memory. */
int _ast_heap_push(struct ast_heap *h, void *elm, const char *file, int lineno, const char *func);
#define ast_heap_push(h, elm) _ast_heap_push(h, elm, __FILE__, __LINE__, __PRETTY_FUNCTION__)
/* Removes the largest element, or the given element; NULL when it is not in the heap. */
void *ast_heap_pop(struct ast_heap *h);
void *ast_heap_remove(struct ast_heap *h, void *elm);
/* The largest for 1; larger numbers give the others in no order, and NULL beyond the last. */
void *ast_heap_peek(struct ast_heap *h, unsigned int index);
size_t ast_heap_size(struct ast_heap *h);
/* 0 when every element is at its correct position. */
int ast_heap_verify(struct ast_heap *h);

/* The lock of the heap, for threads that share it: 0, or an errno. */
int __ast_heap_wrlock(struct ast_heap *h, const char *file, const char *func, int line);
int __ast_heap_rdlock(struct ast_heap *h, const char *file, const char *func, int line);
int __ast_heap_unlock(struct ast_heap *h, const char *file, const char *func, int line);
#define ast_heap_wrlock(h) __ast_heap_wrlock(h, __FILE__, __PRETTY_FUNCTION__, __LINE__)
#define ast_heap_rdlock(h) __ast_heap_rdlock(h, __FILE__, __PRETTY_FUNCTION__, __LINE__)
#define ast_heap_unlock(h) __ast_heap_unlock(h, __FILE__, __PRETTY_FUNCTION__, __LINE__)

#ifdef __cplusplus
}
#endif

#endif
