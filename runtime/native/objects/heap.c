/*
 * Binary heaps (asterisk/heap.h): the element at index n is not smaller than the elements at 2n and 2n + 1.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"

#include "asterisk/heap.h"

struct ast_heap {
	ast_rwlock_t lock;
	ast_heap_cmp_fn compare;
	ssize_t offset;		/* Of the place that each element keeps; below 0 when they keep none. */
	size_t count;
	size_t room;
	void **elements;	/* elements[0] is the one at place 1. */
};

static void put(struct ast_heap *h, size_t place, void *element)
{
	ssize_t kept = (ssize_t) place;

	h->elements[place - 1] = element;
	if (h->offset >= 0) {
		memcpy((char *) element + h->offset, &kept, sizeof(kept));
	}
}

static void *at(const struct ast_heap *h, size_t place)
{
	return h->elements[place - 1];
}

static int is_larger(const struct ast_heap *h, size_t left, size_t right)
{
	return h->compare(at(h, left), at(h, right)) > 0;
}

static void exchange(struct ast_heap *h, size_t left, size_t right)
{
	void *element = at(h, left);

	put(h, left, at(h, right));
	put(h, right, element);
}

static size_t raise_up(struct ast_heap *h, size_t place)
{
	for (; place > 1 && is_larger(h, place, place / 2); place /= 2) {
		exchange(h, place, place / 2);
	}
	return place;
}

static void sink_down(struct ast_heap *h, size_t place)
{
	size_t child;

	for (; (child = place * 2) <= h->count; place = child) {
		if (child < h->count && is_larger(h, child + 1, child)) {
			child++;
		}
		if (!is_larger(h, child, place)) {
			return;
		}
		exchange(h, child, place);
	}
}

/* The place of an element, or 0. */
static size_t find(const struct ast_heap *h, void *element)
{
	ssize_t kept = 0;
	size_t place;

	if (h->offset >= 0) {
		memcpy(&kept, (char *) element + h->offset, sizeof(kept));
		return kept > 0 && (size_t) kept <= h->count && at(h, (size_t) kept) == element ? (size_t) kept : 0;
	}
	for (place = h->count; place && at(h, place) != element; place--) {
		continue;
	}
	return place;
}

static void *take(struct ast_heap *h, size_t place)
{
	void *element = at(h, place);

	if (place < h->count) {
		put(h, place, at(h, h->count));
	}
	h->count--;
	if (place <= h->count) {
		sink_down(h, raise_up(h, place));
	}
	if (h->offset >= 0) {
		memset((char *) element + h->offset, 0, sizeof(ssize_t));
	}
	return element;
}

struct ast_heap *_ast_heap_create(unsigned int init_height, ast_heap_cmp_fn cmp_fn, ssize_t index_offset,
	const char *file, int lineno, const char *func)
{
	struct ast_heap *h = cmp_fn ? __ast_calloc(1, sizeof(*h), file, lineno, func) : NULL;

	if (!h) {
		return NULL;
	}
	h->room = ((size_t) 1 << MIN(MAX(init_height, 1u), 20u)) - 1;
	h->elements = __ast_calloc(h->room, sizeof(*h->elements), file, lineno, func);
	if (!h->elements) {
		ast_free(h);
		return NULL;
	}
	h->compare = cmp_fn;
	h->offset = index_offset;
	ast_rwlock_init(&h->lock);
	return h;
}

struct ast_heap *ast_heap_destroy(struct ast_heap *h)
{
	if (h) {
		ast_rwlock_destroy(&h->lock);
		ast_free(h->elements);
		ast_free(h);
	}
	return NULL;
}

int _ast_heap_push(struct ast_heap *h, void *elm, const char *file, int lineno, const char *func)
{
	if (!h || !elm) {
		return -1;
	}
	if (h->count == h->room) {
		void **grown = __ast_realloc(h->elements, h->room * 2 * sizeof(*grown), file, lineno, func);

		if (!grown) {
			return -1;
		}
		h->elements = grown;
		h->room *= 2;
	}
	put(h, ++h->count, elm);
	raise_up(h, h->count);
	return 0;
}

void *ast_heap_pop(struct ast_heap *h)
{
	return h && h->count ? take(h, 1) : NULL;
}

void *ast_heap_remove(struct ast_heap *h, void *elm)
{
	size_t place = h && elm ? find(h, elm) : 0;

	return place ? take(h, place) : NULL;
}

void *ast_heap_peek(struct ast_heap *h, unsigned int index)
{
	return h && index && index <= h->count ? at(h, index) : NULL;
}

size_t ast_heap_size(struct ast_heap *h)
{
	return h ? h->count : 0;
}

int ast_heap_verify(struct ast_heap *h)
{
	size_t place;

	for (place = 1; h && place <= h->count; place++) {
		if ((place > 1 && is_larger(h, place, place / 2)) || (h->offset >= 0 && find(h, at(h, place)) != place)) {
			return -1;
		}
	}
	return 0;
}

int __ast_heap_wrlock(struct ast_heap *h, const char *file, const char *func, int line)
{
	return h ? __ast_rwlock_wrlock(file, line, func, &h->lock, "heap") : EINVAL;
}

int __ast_heap_rdlock(struct ast_heap *h, const char *file, const char *func, int line)
{
	return h ? __ast_rwlock_rdlock(file, line, func, &h->lock, "heap") : EINVAL;
}

int __ast_heap_unlock(struct ast_heap *h, const char *file, const char *func, int line)
{
	return h ? __ast_rwlock_unlock(file, line, func, &h->lock, "heap") : EINVAL;
}
