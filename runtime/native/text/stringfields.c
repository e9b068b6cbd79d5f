/*
 * Strings in pools of their structure (asterisk/stringfields.h).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"

#define HEAD sizeof(ast_string_field_allocation)	/* Before each field. */
#define MOST UINT16_MAX	/* The longest size that a head can store; a longer field is not reused. */

static const struct {
	ast_string_field_allocation allocation;
	char text[2];
} empty;

const char *__ast_string_field_empty = empty.text;

/* Bytes of a pool that a field takes, with its head: the next head is aligned. */
static size_t room_of(size_t needed)
{
	return (HEAD + needed + HEAD - 1) / HEAD * HEAD;
}

static int add_pool(struct ast_string_field_mgr *mgr, struct ast_string_field_pool **pool_head, size_t size,
	const char *file, int lineno, const char *func)
{
	struct ast_string_field_pool *pool = __ast_calloc(1, sizeof(*pool) + size, file, lineno, func);

	if (!pool) {
		return -1;
	}
	pool->prev = *pool_head;
	pool->size = size;
	*pool_head = pool;
	mgr->last_alloc = NULL;
	return 0;
}

static int note_field(struct ast_string_field_vector *fields, const char **field)
{
	if (fields->current == fields->max) {
		size_t max = fields->max ? fields->max * 2 : 4;
		const char ***elems = ast_realloc(fields->elems, max * sizeof(*elems));

		if (!elems) {
			return -1;
		}
		fields->elems = elems;
		fields->max = max;
	}
	fields->elems[fields->current++] = field;
	return 0;
}

static void free_fields(struct ast_string_field_vector *fields)
{
	ast_free(fields->elems);
	memset(fields, 0, sizeof(*fields));
}

/* The fields stand between the pool and its manager. */
static int note_fields(struct ast_string_field_mgr *mgr, struct ast_string_field_pool **pool_head)
{
	const char **field = (const char **) (pool_head + 1);

	memset(&mgr->string_fields, 0, sizeof(mgr->string_fields));
	for (; (void *) field != (void *) mgr; field++) {
		if (asterism_string_field_add(mgr, field)) {
			free_fields(&mgr->string_fields);
			return -1;
		}
	}
	return 0;
}

int asterism_string_field_add(struct ast_string_field_mgr *mgr, ast_string_field *field)
{
	*field = __ast_string_field_empty;
	return note_field(&mgr->string_fields, field);
}

int __ast_string_field_init(struct ast_string_field_mgr *mgr, struct ast_string_field_pool **pool_head, int needed,
	const char *file, int lineno, const char *func)
{
	if (needed <= 0) {
		return __ast_string_field_free_memory(mgr, pool_head, needed, file, lineno, func);
	}
	mgr->embedded_pool = NULL;
	*pool_head = NULL;
	if (note_fields(mgr, pool_head)) {
		return -1;
	}
	if (add_pool(mgr, pool_head, (size_t) needed, file, lineno, func)) {
		free_fields(&mgr->string_fields);
		return -1;
	}
	return 0;
}

void *__ast_calloc_with_stringfields(unsigned int num_structs, size_t struct_size, size_t field_mgr_offset,
	size_t field_mgr_pool_offset, size_t pool_size, const char *file, int lineno, const char *func)
{
	char *block = num_structs == 1
		? __ast_calloc(1, struct_size + sizeof(struct ast_string_field_pool) + pool_size, file, lineno, func) : NULL;
	struct ast_string_field_pool *pool, **pool_head;
	struct ast_string_field_mgr *mgr;

	if (!block) {
		return NULL;
	}
	mgr = (void *) (block + field_mgr_offset);
	pool_head = (void *) (block + field_mgr_pool_offset);
	pool = (void *) (block + struct_size);
	if (note_fields(mgr, pool_head)) {
		ast_free(block);
		return NULL;
	}
	pool->size = pool_size;
	mgr->embedded_pool = *pool_head = pool;
	return block;
}

int __ast_string_field_free_memory(struct ast_string_field_mgr *mgr, struct ast_string_field_pool **pool_head,
	enum ast_stringfield_cleanup_type cleanup_type, const char *file, int lineno, const char *func)
{
	struct ast_string_field_pool *kept = mgr->embedded_pool, *pool, *prev;
	size_t i;

	if (cleanup_type == AST_STRINGFIELD_RESET && !*pool_head) {
		ast_log(__LOG_WARNING, file, lineno, func, "cannot reset string fields before ast_string_field_init\n");
		return -1;
	}
	for (i = 0; i < mgr->string_fields.current; i++) {
		*mgr->string_fields.elems[i] = __ast_string_field_empty;
	}
	if (cleanup_type == AST_STRINGFIELD_DESTROY) {
		free_fields(&mgr->string_fields);
	} else if (!kept) {
		kept = *pool_head;
	}
	for (pool = *pool_head; pool; pool = prev) {
		prev = pool->prev;
		if (pool != kept) {
			ast_free(pool);
		}
	}
	if (kept) {
		kept->prev = NULL;
		kept->used = kept->active = 0;
	}
	mgr->last_alloc = NULL;
	*pool_head = kept;
	return 0;
}

ast_string_field __ast_string_field_alloc_space(struct ast_string_field_mgr *mgr,
	struct ast_string_field_pool **pool_head, size_t needed, const char *file, int lineno, const char *func)
{
	size_t room = room_of(needed);
	struct ast_string_field_pool *pool = *pool_head;
	char *field;

	if (!pool) {
		ast_log(__LOG_ERROR, file, lineno, func, "cannot set a string field before ast_string_field_init\n");
		return NULL;
	}
	if (room > pool->size - pool->used) {
		if (add_pool(mgr, pool_head, MAX(pool->size * 2, room), file, lineno, func)) {
			return NULL;
		}
		pool = *pool_head;
	}
	field = pool->base + pool->used + HEAD;
	AST_STRING_FIELD_ALLOCATION(field) = (ast_string_field_allocation) MIN(needed, (size_t) MOST);
	pool->active += AST_STRING_FIELD_ALLOCATION(field);
	pool->used += room;
	mgr->last_alloc = field;
	return field;
}

int __ast_string_field_ptr_grow(struct ast_string_field_mgr *mgr, struct ast_string_field_pool **pool_head, size_t needed,
	const ast_string_field *ptr)
{
	struct ast_string_field_pool *pool = *pool_head;
	const char *field = *ptr;
	size_t begin, allocated;

	if (!pool || field == __ast_string_field_empty || field != mgr->last_alloc || needed > MOST) {
		return 1;
	}
	begin = (size_t) (field - pool->base) - HEAD;
	if (room_of(needed) > pool->size - begin) {
		return 1;
	}
	allocated = AST_STRING_FIELD_ALLOCATION(field);
	pool->used = begin + room_of(needed);
	pool->active += needed - allocated;
	AST_STRING_FIELD_ALLOCATION(field) = (ast_string_field_allocation) needed;
	return 0;
}

void __ast_string_field_release_active(struct ast_string_field_pool *pool_head, const ast_string_field ptr)
{
	struct ast_string_field_pool *pool, *newer = NULL;

	for (pool = pool_head; pool && !(ptr >= pool->base && ptr < pool->base + pool->size); pool = pool->prev) {
		newer = pool;
	}
	if (!pool || ptr == __ast_string_field_empty) {
		return;
	}
	pool->active -= AST_STRING_FIELD_ALLOCATION(ptr);
	if (pool->active) {
		return;
	}
	if (newer && pool->prev) {
		newer->prev = pool->prev;
		ast_free(pool);
	} else {
		pool->used = 0;	/* The newest is used on; the oldest may be embedded in the structure. */
	}
}

void __ast_string_field_ptr_build_va(struct ast_string_field_mgr *mgr, struct ast_string_field_pool **pool_head,
	ast_string_field *ptr, const char *format, va_list ap, const char *file, int lineno, const char *func)
{
	struct asterism_place place = { file, lineno, func };
	char room[512], *allocated, *text = asterism_format(room, sizeof(room), &allocated, &place, format, ap);

	if (text) {
		__ast_string_field_ptr_set(mgr, pool_head, ptr, text, file, lineno, func);
	}
	free(allocated);
}

void __ast_string_field_ptr_build(const char *file, int lineno, const char *func, struct ast_string_field_mgr *mgr,
	struct ast_string_field_pool **pool_head, ast_string_field *ptr, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	__ast_string_field_ptr_build_va(mgr, pool_head, ptr, format, ap, file, lineno, func);
	va_end(ap);
}

int __ast_string_fields_cmp(struct ast_string_field_vector *left, struct ast_string_field_vector *right)
{
	size_t i;
	int order = 0;

	if (left->current != right->current) {
		return left->current < right->current ? -1 : 1;
	}
	for (i = 0; !order && i < left->current; i++) {
		order = strcmp(*left->elems[i], *right->elems[i]);
	}
	return order;
}

int __ast_string_fields_copy(struct ast_string_field_pool *copy_pool, struct ast_string_field_mgr *copy_mgr,
	struct ast_string_field_mgr *orig_mgr, const char *file, int lineno, const char *func)
{
	struct ast_string_field_vector *to = &copy_mgr->string_fields, *from = &orig_mgr->string_fields;
	struct ast_string_field_pool **pool_head;
	size_t i;

	(void) copy_pool;
	if (to->current != from->current || !to->current) {
		return to->current == from->current ? 0 : -1;
	}
	/* The pool stands before the first field.  A copy of its address would lose a pool that is added here. */
	pool_head = (struct ast_string_field_pool **) to->elems[0] - 1;
	for (i = 0; i < to->current; i++) {
		if (__ast_string_field_ptr_set(copy_mgr, pool_head, to->elems[i], *from->elems[i], file, lineno, func)) {
			return -1;
		}
	}
	return 0;
}
