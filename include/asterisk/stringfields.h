/*
 * Strings in memory pools of their structure: cheap to set, and freed together.
 *
 *     struct thing {
 *             int number;
 *             AST_DECLARE_STRING_FIELDS(
 *                     AST_STRING_FIELD(name);
 *                     AST_STRING_FIELD(place);
 *             );
 *     };
 *     struct thing *thing = ast_calloc(1, sizeof(*thing));
 *     if (thing && ast_string_field_init(thing, 128)) ...
 *     ast_string_field_set(thing, name, "x");
 *     ast_string_field_build(thing, place, "%s:%d", file, line);
 *     ast_string_field_free_memory(thing);
 *     ast_free(thing);
 *
 * A field is read as a const char *; it is never NULL once the pool exists.  Each macro gives 0, or -1: the structure is
 * NULL, or out of memory, and the field is as it was.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef ASTERISM_STRINGFIELDS_H
#define ASTERISM_STRINGFIELDS_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "asterisk/inline_api.h"
#include "asterisk/vector.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef const char *ast_string_field;
typedef uint16_t ast_string_field_allocation;	/* Bytes a field may use where it is; stands right before its text. */

/* The text of an empty field. */
extern const char *__ast_string_field_empty;

struct ast_string_field_pool {
	struct ast_string_field_pool *prev;
	size_t size;	/* Of base, in bytes. */
	size_t used;	/* The next field begins there. */
	size_t active;	/* Bytes of fields in it; at 0 it is free again. */
	char base[0] __attribute__((aligned(__alignof__(ast_string_field_allocation))));
};

struct ast_string_field_vector {
	const char ***elems;
	size_t max;
	size_t current;
};

struct ast_string_field_mgr {
	ast_string_field last_alloc;		/* The field at the end of the pool, which can grow. */
	struct ast_string_field_pool *embedded_pool;	/* Of ast_calloc_with_stringfields; not freed by itself. */
	struct ast_string_field_vector string_fields;	/* All added fields. */
};

/* The fields of a structure, between the pool and what manages it. */
#define AST_STRING_FIELD(name) const ast_string_field name
#define AST_DECLARE_STRING_FIELDS(field_list) \
	struct ast_string_field_pool *__field_mgr_pool; \
	field_list \
	struct ast_string_field_mgr __field_mgr
/* An additional field after the others; ast_string_field_init_extended registers it. */
#define AST_STRING_FIELD_EXTENDED(name) AST_STRING_FIELD(name)

enum ast_stringfield_cleanup_type {
	AST_STRINGFIELD_RESET = 0,	/* Empty all fields, keep one pool. */
	AST_STRINGFIELD_DESTROY = -1,	/* Empty all fields, free all pools. */
};

/* The field x->field as a writable pointer. */
#define AST_STRING_FIELD_PLACE_(x, field) ((ast_string_field *) (uintptr_t) &(x)->field)
#define AST_STRING_FIELD_IF_(x, call) ({ int __string_field_result = __ast_string_field_is(x) ? (call) : -1; __string_field_result; })
AST_INLINE_API(
int attribute_unused __ast_string_field_is(const void *structure),
{
	return structure != NULL;
}
)

/* A pool of size bytes, all fields empty; with one of the types above for size, the end of it. */
int __ast_string_field_init(struct ast_string_field_mgr *mgr, struct ast_string_field_pool **pool_head, int needed,
	const char *file, int lineno, const char *func);
#define ast_string_field_init(x, size) \
	AST_STRING_FIELD_IF_(x, __ast_string_field_init(&(x)->__field_mgr, &(x)->__field_mgr_pool, (size), \
		__FILE__, __LINE__, __PRETTY_FUNCTION__))
int asterism_string_field_add(struct ast_string_field_mgr *mgr, ast_string_field *field);
#define ast_string_field_init_extended(x, field) \
	AST_STRING_FIELD_IF_(x, asterism_string_field_add(&(x)->__field_mgr, AST_STRING_FIELD_PLACE_(x, field)))
/* Frees all pools; the structure itself can be freed then. */
int __ast_string_field_free_memory(struct ast_string_field_mgr *mgr, struct ast_string_field_pool **pool_head,
	enum ast_stringfield_cleanup_type cleanup_type, const char *file, int lineno, const char *func);
#define ast_string_field_free_memory(x) \
	AST_STRING_FIELD_IF_(x, __ast_string_field_free_memory(&(x)->__field_mgr, &(x)->__field_mgr_pool, \
		AST_STRINGFIELD_DESTROY, __FILE__, __LINE__, __PRETTY_FUNCTION__))
/* A cleared structure together with a first pool, in one block for ast_free; n is 1. */
void *__ast_calloc_with_stringfields(unsigned int num_structs, size_t struct_size, size_t field_mgr_offset,
	size_t field_mgr_pool_offset, size_t pool_size, const char *file, int lineno, const char *func);
#define ast_calloc_with_stringfields(n, type, size) \
	((type *) __ast_calloc_with_stringfields((n), sizeof(type), offsetof(type, __field_mgr), \
		offsetof(type, __field_mgr_pool), (size), __FILE__, __LINE__, __PRETTY_FUNCTION__))

/* The steps of setting a field: allocate; grow the last field (0 on success); release a field. */
ast_string_field __ast_string_field_alloc_space(struct ast_string_field_mgr *mgr,
	struct ast_string_field_pool **pool_head, size_t needed, const char *file, int lineno, const char *func);
int __ast_string_field_ptr_grow(struct ast_string_field_mgr *mgr, struct ast_string_field_pool **pool_head,
	size_t needed, const ast_string_field *ptr);
void __ast_string_field_release_active(struct ast_string_field_pool *pool_head, const ast_string_field ptr);
#define AST_STRING_FIELD_ALLOCATION(x) \
	(*(ast_string_field_allocation *) (uintptr_t) ((x) - __alignof__(ast_string_field_allocation)))

AST_INLINE_API(
int attribute_unused __ast_string_field_ptr_set(struct ast_string_field_mgr *mgr, struct ast_string_field_pool **pool_head,
	ast_string_field *ptr, const char *data, const char *file, int lineno, const char *func),
{
	size_t needed = data ? strlen(data) + 1 : 1;
	ast_string_field target = *ptr ? *ptr : __ast_string_field_empty;

	if (needed == 1) {
		target = __ast_string_field_empty;
	} else if (needed > AST_STRING_FIELD_ALLOCATION(target) && __ast_string_field_ptr_grow(mgr, pool_head, needed, &target)) {
		target = __ast_string_field_alloc_space(mgr, pool_head, needed, file, lineno, func);
	}
	if (!target) {
		return -1;
	}
	if (needed > 1) {
		memmove((char *) (uintptr_t) target, data, needed);	/* It may be a part of the old text. */
	}
	if (target != *ptr) {
		__ast_string_field_release_active(*pool_head, *ptr);
		*ptr = target;
	}
	return 0;
}
)

/* Sets a field, by address or by name, to a copy of data; NULL makes the field empty. */
#define ast_string_field_ptr_set_by_fields(field_mgr_pool, field_mgr, ptr, data) \
	__ast_string_field_ptr_set(&(field_mgr), &(field_mgr_pool), (ast_string_field *) (uintptr_t) (ptr), (data), \
		__FILE__, __LINE__, __PRETTY_FUNCTION__)
#define ast_string_field_ptr_set(x, ptr, data) \
	AST_STRING_FIELD_IF_(x, ast_string_field_ptr_set_by_fields((x)->__field_mgr_pool, (x)->__field_mgr, ptr, data))
#define ast_string_field_set(x, field, data) ast_string_field_ptr_set(x, &(x)->field, data)

/* Sets a field to a formatted text, which may contain the field itself; a format with %n does not change the field. */
void __ast_string_field_ptr_build(const char *file, int lineno, const char *func, struct ast_string_field_mgr *mgr,
	struct ast_string_field_pool **pool_head, ast_string_field *ptr, const char *format, ...)
	__attribute__((format(printf, 7, 8)));
void __ast_string_field_ptr_build_va(struct ast_string_field_mgr *mgr, struct ast_string_field_pool **pool_head,
	ast_string_field *ptr, const char *format, va_list ap, const char *file, int lineno, const char *func)
	__attribute__((format(printf, 4, 0)));
#define ast_string_field_ptr_build(x, ptr, ...) \
	AST_STRING_FIELD_IF_(x, (__ast_string_field_ptr_build(__FILE__, __LINE__, __PRETTY_FUNCTION__, &(x)->__field_mgr, \
		&(x)->__field_mgr_pool, (ast_string_field *) (uintptr_t) (ptr), __VA_ARGS__), 0))
#define ast_string_field_build(x, field, ...) ast_string_field_ptr_build(x, &(x)->field, __VA_ARGS__)
#define ast_string_field_ptr_build_va(x, ptr, fmt, args) \
	AST_STRING_FIELD_IF_(x, (__ast_string_field_ptr_build_va(&(x)->__field_mgr, &(x)->__field_mgr_pool, \
		(ast_string_field *) (uintptr_t) (ptr), (fmt), (args), __FILE__, __LINE__, __PRETTY_FUNCTION__), 0))
#define ast_string_field_build_va(x, field, fmt, args) ast_string_field_ptr_build_va(x, &(x)->field, fmt, args)

/* Whether the fields of two structures of a kind differ (0: they do not); copies those of the second into the first. */
int __ast_string_fields_cmp(struct ast_string_field_vector *left, struct ast_string_field_vector *right);
#define ast_string_fields_cmp(instance1, instance2) \
	(__ast_string_field_is(instance1) && __ast_string_field_is(instance2) \
		? __ast_string_fields_cmp(&(instance1)->__field_mgr.string_fields, &(instance2)->__field_mgr.string_fields) : -1)
int __ast_string_fields_copy(struct ast_string_field_pool *copy_pool, struct ast_string_field_mgr *copy_mgr,
	struct ast_string_field_mgr *orig_mgr, const char *file, int lineno, const char *func);
#define ast_string_fields_copy(copy, orig) \
	(__ast_string_field_is(copy) && __ast_string_field_is(orig) \
		? __ast_string_fields_copy((copy)->__field_mgr_pool, (struct ast_string_field_mgr *) &(copy)->__field_mgr, \
			(struct ast_string_field_mgr *) &(orig)->__field_mgr, __FILE__, __LINE__, __PRETTY_FUNCTION__) : -1)

#ifdef __cplusplus
}
#endif

#endif
