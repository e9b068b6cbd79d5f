/*
 * Hash tables of pointers (asterisk/hashtab.h).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"

#include "asterisk/hashtab.h"

int ast_is_prime(int num)
{
	int divisor;

	if (num < 2) {
		return 0;
	}
	for (divisor = 2; divisor <= num / divisor; divisor++) {
		if (num % divisor == 0) {
			return 0;
		}
	}
	return 1;
}

int ast_hashtab_compare_strings(const void *a, const void *b)
{
	return strcmp(a, b);
}

int ast_hashtab_compare_strings_nocase(const void *a, const void *b)
{
	return strcasecmp(a, b);
}

int ast_hashtab_compare_ints(const void *a, const void *b)
{
	int left = *(const int *) a, right = *(const int *) b;

	return (left > right) - (left < right);
}

int ast_hashtab_compare_shorts(const void *a, const void *b)
{
	return *(const short *) a - *(const short *) b;
}

unsigned int ast_hashtab_hash_string(const void *obj)
{
	return (unsigned int) abs(ast_str_hash(obj));
}

unsigned int ast_hashtab_hash_string_nocase(const void *obj)
{
	return (unsigned int) abs(ast_str_case_hash(obj));
}

unsigned int ast_hashtab_hash_string_sax(const void *obj)
{
	const unsigned char *text;
	unsigned int total = 0;

	for (text = obj; *text; text++) {
		total ^= (total << 5) + (total >> 2) + *text;
	}
	return total;
}

unsigned int ast_hashtab_hash_int(const int num)
{
	return (unsigned int) num;
}

unsigned int ast_hashtab_hash_short(const short num)
{
	return (unsigned int) num;
}

int ast_hashtab_resize_java(struct ast_hashtab *tab)
{
	return tab->hash_tab_elements > tab->hash_tab_size / 4 * 3;
}

int ast_hashtab_resize_tight(struct ast_hashtab *tab)
{
	return tab->hash_tab_elements >= tab->hash_tab_size;
}

int ast_hashtab_resize_none(struct ast_hashtab *tab)
{
	(void) tab;
	return 0;
}

static int prime_from(int number)
{
	while (!ast_is_prime(number)) {
		number++;
	}
	return number;
}

int ast_hashtab_newsize_java(struct ast_hashtab *tab)
{
	return prime_from(tab->hash_tab_size * 2);
}

int ast_hashtab_newsize_tight(struct ast_hashtab *tab)
{
	return prime_from(tab->hash_tab_size + tab->hash_tab_size / 2);
}

int ast_hashtab_newsize_none(struct ast_hashtab *tab)
{
	return tab->hash_tab_size;
}

struct ast_hashtab *_ast_hashtab_create(int initial_buckets, int (*compare)(const void *a, const void *b),
	int (*resize)(struct ast_hashtab *), int (*newsize)(struct ast_hashtab *tab), unsigned int (*hash)(const void *obj),
	int do_locking, const char *file, int lineno, const char *function)
{
	struct ast_hashtab *tab;

	if (!compare || !resize || !newsize || !hash) {
		ast_log(__LOG_ERROR, file, lineno, function, "a hash table needs functions to compare, to hash and to grow\n");
		return NULL;
	}
	tab = calloc(1, sizeof(*tab));
	if (!tab) {
		return NULL;
	}
	tab->hash_tab_size = prime_from(initial_buckets > 2 ? initial_buckets : 3);
	tab->array = calloc((size_t) tab->hash_tab_size, sizeof(*tab->array));
	if (!tab->array) {
		free(tab);
		return NULL;
	}
	tab->compare = compare;
	tab->resize = resize;
	tab->newsize = newsize;
	tab->hash = hash;
	tab->do_locking = do_locking;
	if (do_locking) {
		ast_rwlock_init(&tab->lock);
	}
	return tab;
}

static void lock_to_write(struct ast_hashtab *tab)
{
	if (tab->do_locking) {
		ast_rwlock_wrlock(&tab->lock);
	}
}

static void lock_to_read(struct ast_hashtab *tab)
{
	if (tab->do_locking) {
		ast_rwlock_rdlock(&tab->lock);
	}
}

static void unlock(struct ast_hashtab *tab)
{
	if (tab->do_locking) {
		ast_rwlock_unlock(&tab->lock);
	}
}

void ast_hashtab_destroy(struct ast_hashtab *tab, void (*objdestroyfunc)(void *obj))
{
	struct ast_hashtab_bucket *one, *next;

	if (!tab) {
		return;
	}
	lock_to_write(tab);
	for (one = tab->tlist; one; one = next) {
		next = one->tnext;
		if (objdestroyfunc) {
			objdestroyfunc((void *) one->object);
		}
		free(one);
	}
	unlock(tab);
	if (tab->do_locking) {
		ast_rwlock_destroy(&tab->lock);
	}
	free(tab->array);
	free(tab);
}

static unsigned int bucket_of(const struct ast_hashtab *tab, unsigned int hash)
{
	return hash % (unsigned int) tab->hash_tab_size;
}

static void put_in_bucket(struct ast_hashtab *tab, struct ast_hashtab_bucket *one, unsigned int bucket)
{
	struct ast_hashtab_bucket *other;
	int size = 1;

	one->prev = NULL;
	one->next = tab->array[bucket];
	if (one->next) {
		one->next->prev = one;
	}
	tab->array[bucket] = one;
	for (other = one->next; other; other = other->next) {
		size++;
	}
	tab->largest_bucket_size = MAX(tab->largest_bucket_size, size);
}

/* A table without memory for more buckets goes on with those it has. */
static void grow(struct ast_hashtab *tab)
{
	int size = tab->newsize(tab);
	struct ast_hashtab_bucket **array = size > 0 ? calloc((size_t) size, sizeof(*array)) : NULL, *one;

	if (!array) {
		return;
	}
	free(tab->array);
	tab->array = array;
	tab->hash_tab_size = size;
	tab->resize_count++;
	tab->largest_bucket_size = 0;
	for (one = tab->tlist; one; one = one->tnext) {
		put_in_bucket(tab, one, bucket_of(tab, tab->hash(one->object)));
	}
}

static int insert(struct ast_hashtab *tab, const void *obj, unsigned int bucket)
{
	struct ast_hashtab_bucket *one = calloc(1, sizeof(*one));

	if (!one) {
		return 0;
	}
	one->object = obj;
	one->tnext = tab->tlist;
	if (one->tnext) {
		one->tnext->tprev = one;
	}
	tab->tlist = one;
	tab->hash_tab_elements++;
	put_in_bucket(tab, one, bucket);
	if (tab->resize(tab)) {
		grow(tab);
	}
	return 1;
}

static struct ast_hashtab_bucket *find(const struct ast_hashtab *tab, const void *obj, unsigned int bucket)
{
	struct ast_hashtab_bucket *one = tab->array[bucket];

	while (one && tab->compare(obj, one->object)) {
		one = one->next;
	}
	return one;
}

/* Insert an object under the lock; with "once" only when no equal object is there. */
static int insert_hashed(struct ast_hashtab *tab, const void *obj, unsigned int hash, int once)
{
	unsigned int bucket;
	int done;

	lock_to_write(tab);
	bucket = bucket_of(tab, hash);
	done = !(once && find(tab, obj, bucket)) && insert(tab, obj, bucket);
	unlock(tab);
	return done;
}

int _ast_hashtab_insert_immediate_bucket(struct ast_hashtab *tab, const void *obj, unsigned int h, const char *file,
	int lineno, const char *func)
{
	(void) file;
	(void) lineno;
	(void) func;
	return tab && obj ? insert_hashed(tab, obj, h, 0) : 0;
}

int _ast_hashtab_insert_immediate(struct ast_hashtab *tab, const void *obj, const char *file, int lineno, const char *func)
{
	(void) file;
	(void) lineno;
	(void) func;
	return tab && obj ? insert_hashed(tab, obj, tab->hash(obj), 0) : 0;
}

int _ast_hashtab_insert_safe(struct ast_hashtab *tab, const void *obj, const char *file, int lineno, const char *func)
{
	(void) file;
	(void) lineno;
	(void) func;
	return tab && obj ? insert_hashed(tab, obj, tab->hash(obj), 1) : 0;
}

void *ast_hashtab_lookup_with_hash(struct ast_hashtab *tab, const void *obj, unsigned int hashval)
{
	struct ast_hashtab_bucket *found;
	const void *object;

	if (!tab || !obj) {
		return NULL;
	}
	lock_to_read(tab);
	found = find(tab, obj, bucket_of(tab, hashval));
	object = found ? found->object : NULL;
	unlock(tab);
	return (void *) object;
}

void *ast_hashtab_lookup(struct ast_hashtab *tab, const void *obj)
{
	return tab && obj ? ast_hashtab_lookup_with_hash(tab, obj, tab->hash(obj)) : NULL;
}

void *ast_hashtab_lookup_bucket(struct ast_hashtab *tab, const void *obj, unsigned int *h)
{
	unsigned int hash;

	if (!tab || !obj) {
		return NULL;
	}
	hash = tab->hash(obj);
	*h = bucket_of(tab, hash);
	return ast_hashtab_lookup_with_hash(tab, obj, hash);
}

static void *take_out(struct ast_hashtab *tab, struct ast_hashtab_bucket *one, unsigned int bucket)
{
	const void *object = one->object;

	*(one->prev ? &one->prev->next : &tab->array[bucket]) = one->next;
	if (one->next) {
		one->next->prev = one->prev;
	}
	*(one->tprev ? &one->tprev->tnext : &tab->tlist) = one->tnext;
	if (one->tnext) {
		one->tnext->tprev = one->tprev;
	}
	tab->hash_tab_elements--;
	free(one);
	return (void *) object;
}

static void *remove_object(struct ast_hashtab *tab, void *obj, int is_same)
{
	struct ast_hashtab_bucket *one;
	unsigned int bucket;

	if (!tab || !obj) {
		return NULL;
	}
	bucket = bucket_of(tab, tab->hash(obj));
	one = is_same ? tab->array[bucket] : find(tab, obj, bucket);
	while (is_same && one && one->object != obj) {
		one = one->next;
	}
	return one ? take_out(tab, one, bucket) : NULL;
}

void *ast_hashtab_remove_object_via_lookup_nolock(struct ast_hashtab *tab, void *obj)
{
	return remove_object(tab, obj, 0);
}

void *ast_hashtab_remove_this_object_nolock(struct ast_hashtab *tab, void *obj)
{
	return remove_object(tab, obj, 1);
}

static void *remove_locked(struct ast_hashtab *tab, void *obj, int is_same)
{
	void *object;

	if (!tab) {
		return NULL;
	}
	lock_to_write(tab);
	object = remove_object(tab, obj, is_same);
	unlock(tab);
	return object;
}

void *ast_hashtab_remove_object_via_lookup(struct ast_hashtab *tab, void *obj)
{
	return remove_locked(tab, obj, 0);
}

void *ast_hashtab_remove_this_object(struct ast_hashtab *tab, void *obj)
{
	return remove_locked(tab, obj, 1);
}

int ast_hashtab_size(struct ast_hashtab *tab)
{
	return tab ? tab->hash_tab_elements : 0;
}

int ast_hashtab_capacity(struct ast_hashtab *tab)
{
	return tab ? tab->hash_tab_size : 0;
}

void ast_hashtab_get_stats(struct ast_hashtab *tab, int *biggest_bucket_size, int *resize_count, int *num_objects,
	int *num_buckets)
{
	if (!tab) {
		*biggest_bucket_size = *resize_count = *num_objects = *num_buckets = 0;
		return;
	}
	lock_to_read(tab);
	*biggest_bucket_size = tab->largest_bucket_size;
	*resize_count = tab->resize_count;
	*num_objects = tab->hash_tab_elements;
	*num_buckets = tab->hash_tab_size;
	unlock(tab);
}

struct ast_hashtab *_ast_hashtab_dup(struct ast_hashtab *tab, void *(*obj_dup_func)(const void *obj), const char *file,
	int lineno, const char *func)
{
	struct ast_hashtab *copy;
	struct ast_hashtab_bucket *one;
	void *object;

	if (!tab || !obj_dup_func) {
		return NULL;
	}
	copy = _ast_hashtab_create(tab->hash_tab_size, tab->compare, tab->resize, tab->newsize, tab->hash, tab->do_locking,
		file, lineno, func);
	lock_to_read(tab);
	for (one = copy ? tab->tlist : NULL; one; one = one->tnext) {
		object = obj_dup_func(one->object);
		_ast_hashtab_insert_immediate(copy, object, file, lineno, func);
	}
	unlock(tab);
	return copy;
}

static struct ast_hashtab_iter *begin(struct ast_hashtab *tab, void (*lock)(struct ast_hashtab *))
{
	struct ast_hashtab_iter *it = tab ? calloc(1, sizeof(*it)) : NULL;

	if (it) {
		lock(tab);
		it->tab = tab;
		it->next = tab->tlist;
	}
	return it;
}

struct ast_hashtab_iter *_ast_hashtab_start_traversal(struct ast_hashtab *tab, const char *file, int lineno,
	const char *func)
{
	(void) file;
	(void) lineno;
	(void) func;
	return begin(tab, lock_to_read);
}

struct ast_hashtab_iter *_ast_hashtab_start_write_traversal(struct ast_hashtab *tab, const char *file, int lineno,
	const char *func)
{
	(void) file;
	(void) lineno;
	(void) func;
	return begin(tab, lock_to_write);
}

void *ast_hashtab_next(struct ast_hashtab_iter *it)
{
	const void *object;

	if (!it || !it->next) {
		return NULL;
	}
	object = it->next->object;
	it->next = it->next->tnext;
	return (void *) object;
}

void ast_hashtab_end_traversal(struct ast_hashtab_iter *it)
{
	if (it) {
		unlock(it->tab);
		free(it);
	}
}

void ast_hashtab_initlock(struct ast_hashtab *tab)
{
	ast_rwlock_init(&tab->lock);
}

void ast_hashtab_wrlock(struct ast_hashtab *tab)
{
	ast_rwlock_wrlock(&tab->lock);
}

void ast_hashtab_rdlock(struct ast_hashtab *tab)
{
	ast_rwlock_rdlock(&tab->lock);
}

void ast_hashtab_unlock(struct ast_hashtab *tab)
{
	ast_rwlock_unlock(&tab->lock);
}

void ast_hashtab_destroylock(struct ast_hashtab *tab)
{
	ast_rwlock_destroy(&tab->lock);
}
