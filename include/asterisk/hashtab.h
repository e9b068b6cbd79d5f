/*
 * Hash tables of pointers, with the functions that hash and compare given at creation.
 *
 * Elements are the module's; a table keeps pointers.  With do_locking, each call locks the table for itself; a traversal
 * holds the lock until it ends.  New modules use the containers of astobj2.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef ASTERISM_HASHTAB_H
#define ASTERISM_HASHTAB_H

#include "asterisk/lock.h"

#ifdef __cplusplus
extern "C" {
#endif

/* An element in the chain of its bucket (next, prev) and in the list of all, the newest first (tnext, tprev). */
struct ast_hashtab_bucket {
	const void *object;
	struct ast_hashtab_bucket *next;
	struct ast_hashtab_bucket *prev;
	struct ast_hashtab_bucket *tnext;
	struct ast_hashtab_bucket *tprev;
};

struct ast_hashtab {
	struct ast_hashtab_bucket **array;
	struct ast_hashtab_bucket *tlist;
	int (*compare)(const void *a, const void *b);	/* 0 when equal. */
	int (*newsize)(struct ast_hashtab *tab);
	int (*resize)(struct ast_hashtab *tab);
	unsigned int (*hash)(const void *obj);
	int hash_tab_size;
	int hash_tab_elements;
	int largest_bucket_size;
	int resize_count;
	int do_locking;
	ast_rwlock_t lock;
};

struct ast_hashtab_iter {
	struct ast_hashtab *tab;
	struct ast_hashtab_bucket *next;
};

/* Whether a number is a prime. */
int ast_is_prime(int num);

/* Ready functions for a table of texts, or of pointers to numbers: 0 when equal. */
int ast_hashtab_compare_strings(const void *a, const void *b);
int ast_hashtab_compare_strings_nocase(const void *a, const void *b);
int ast_hashtab_compare_ints(const void *a, const void *b);
int ast_hashtab_compare_shorts(const void *a, const void *b);
unsigned int ast_hashtab_hash_string(const void *obj);
unsigned int ast_hashtab_hash_string_nocase(const void *obj);
unsigned int ast_hashtab_hash_string_sax(const void *obj);
unsigned int ast_hashtab_hash_int(const int num);
unsigned int ast_hashtab_hash_short(const short num);

/* Whether a table grows: at three quarters full, when full, or never; and to which size. */
int ast_hashtab_resize_java(struct ast_hashtab *tab);
int ast_hashtab_resize_tight(struct ast_hashtab *tab);
int ast_hashtab_resize_none(struct ast_hashtab *tab);
int ast_hashtab_newsize_java(struct ast_hashtab *tab);
int ast_hashtab_newsize_tight(struct ast_hashtab *tab);
int ast_hashtab_newsize_none(struct ast_hashtab *tab);

/* An empty table, or NULL when out of memory. */
struct ast_hashtab *_ast_hashtab_create(int initial_buckets, int (*compare)(const void *a, const void *b),
	int (*resize)(struct ast_hashtab *), int (*newsize)(struct ast_hashtab *tab), unsigned int (*hash)(const void *obj),
	int do_locking, const char *file, int lineno, const char *function);
#define ast_hashtab_create(initial_buckets, compare, resize, newsize, hash, do_locking) \
	_ast_hashtab_create(initial_buckets, compare, resize, newsize, hash, do_locking, __FILE__, __LINE__, __PRETTY_FUNCTION__)
/* Frees a table; each element is given to objdestroyfunc, which may be NULL. */
void ast_hashtab_destroy(struct ast_hashtab *tab, void (*objdestroyfunc)(void *obj));

/* Adds an element without looking for an equal one: 1, or 0 when out of memory; h is its bucket, as looked up. */
int _ast_hashtab_insert_immediate(struct ast_hashtab *tab, const void *obj, const char *file, int lineno, const char *func);
int _ast_hashtab_insert_immediate_bucket(struct ast_hashtab *tab, const void *obj, unsigned int h, const char *file,
	int lineno, const char *func);
/* Adds an element unless an equal one is there: 1, or 0. */
int _ast_hashtab_insert_safe(struct ast_hashtab *tab, const void *obj, const char *file, int lineno, const char *func);
#define ast_hashtab_insert_immediate(tab, obj) \
	_ast_hashtab_insert_immediate(tab, obj, __FILE__, __LINE__, __PRETTY_FUNCTION__)
#define ast_hashtab_insert_immediate_bucket(tab, obj, h) \
	_ast_hashtab_insert_immediate_bucket(tab, obj, h, __FILE__, __LINE__, __PRETTY_FUNCTION__)
#define ast_hashtab_insert_safe(tab, obj) _ast_hashtab_insert_safe(tab, obj, __FILE__, __LINE__, __PRETTY_FUNCTION__)

/* The element equal to obj, or NULL; hashval is the hash of obj, and *h gets its bucket. */
void *ast_hashtab_lookup(struct ast_hashtab *tab, const void *obj);
void *ast_hashtab_lookup_with_hash(struct ast_hashtab *tab, const void *obj, unsigned int hashval);
void *ast_hashtab_lookup_bucket(struct ast_hashtab *tab, const void *obj, unsigned int *h);

/* Removes an element, an equal one (via_lookup) or this very one, and gives it back; NULL when it is not there. */
void *ast_hashtab_remove_object_via_lookup(struct ast_hashtab *tab, void *obj);
void *ast_hashtab_remove_this_object(struct ast_hashtab *tab, void *obj);
void *ast_hashtab_remove_object_via_lookup_nolock(struct ast_hashtab *tab, void *obj);
void *ast_hashtab_remove_this_object_nolock(struct ast_hashtab *tab, void *obj);

/* The number of elements, and of buckets; and what a table tells about itself. */
int ast_hashtab_size(struct ast_hashtab *tab);
int ast_hashtab_capacity(struct ast_hashtab *tab);
void ast_hashtab_get_stats(struct ast_hashtab *tab, int *biggest_bucket_size, int *resize_count, int *num_objects,
	int *num_buckets);
/* A copy of a table, with each element as obj_dup_func gives it. */
struct ast_hashtab *_ast_hashtab_dup(struct ast_hashtab *tab, void *(*obj_dup_func)(const void *obj), const char *file,
	int lineno, const char *func);
#define ast_hashtab_dup(tab, obj_dup_func) _ast_hashtab_dup(tab, obj_dup_func, __FILE__, __LINE__, __PRETTY_FUNCTION__)

/* Goes through all elements, the newest first; the element that was given last may be removed (_nolock). */
struct ast_hashtab_iter *_ast_hashtab_start_traversal(struct ast_hashtab *tab, const char *file, int lineno,
	const char *func);
struct ast_hashtab_iter *_ast_hashtab_start_write_traversal(struct ast_hashtab *tab, const char *file, int lineno,
	const char *func);
#define ast_hashtab_start_traversal(tab) _ast_hashtab_start_traversal(tab, __FILE__, __LINE__, __PRETTY_FUNCTION__)
#define ast_hashtab_start_write_traversal(tab) \
	_ast_hashtab_start_write_traversal(tab, __FILE__, __LINE__, __PRETTY_FUNCTION__)
void *ast_hashtab_next(struct ast_hashtab_iter *it);
void ast_hashtab_end_traversal(struct ast_hashtab_iter *it);

/* The lock of a table, for tables that do not lock themselves. */
void ast_hashtab_initlock(struct ast_hashtab *tab);
void ast_hashtab_wrlock(struct ast_hashtab *tab);
void ast_hashtab_rdlock(struct ast_hashtab *tab);
void ast_hashtab_unlock(struct ast_hashtab *tab);
void ast_hashtab_destroylock(struct ast_hashtab *tab);

#ifdef __cplusplus
}
#endif

#endif
