/*
 * The jobs of jobs.h as plain C does them, in a library of their own: a module calls these and the core's
 * functions in the same way. SPDX-License-Identifier: GPL-2.0-or-later
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "jobs.h"
#include "plain.h"

static pthread_key_t key;

void plain_object_ref_one(struct plain_object *object)
{
	__atomic_fetch_add(&object->references, 1, __ATOMIC_RELAXED);
}

void plain_object_drop(struct plain_object *object)
{
	if (__atomic_fetch_sub(&object->references, 1, __ATOMIC_ACQ_REL) == 1) {
		pthread_mutex_destroy(&object->lock);
		free(object);
	}
}

struct plain_object *plain_object_alloc(void)
{
	struct plain_object *object = calloc(1, sizeof(*object));
	pthread_mutexattr_t attr;

	pthread_mutexattr_init(&attr);
	pthread_mutexattr_settype(&attr, PTHREAD_MUTEX_RECURSIVE);
	pthread_mutex_init(&object->lock, &attr);
	pthread_mutexattr_destroy(&attr);
	object->references = 1;
	return object;
}

static unsigned int hash_of(const char *name)
{
	unsigned int hash = 5381;

	while (*name) {
		hash = hash * 33 ^ (unsigned char) *name++;
	}
	return hash % PLAIN_BUCKETS;
}

void plain_table_put(struct plain_table *table, struct plain_object *object)
{
	unsigned int bucket = hash_of(object->name);
	struct plain_node *node = malloc(sizeof(*node));

	plain_object_ref_one(object);
	node->object = object;
	pthread_mutex_lock(&table->lock);
	node->next = table->buckets[bucket];
	table->buckets[bucket] = node;
	pthread_mutex_unlock(&table->lock);
}

void plain_table_take(struct plain_table *table, struct plain_object *object)
{
	struct plain_node **at = &table->buckets[hash_of(object->name)], *node;

	pthread_mutex_lock(&table->lock);
	while ((node = *at) && node->object != object) {
		at = &node->next;
	}
	if (node) {
		*at = node->next;
	}
	pthread_mutex_unlock(&table->lock);
	if (node) {
		plain_object_drop(object);
		free(node);
	}
}

struct plain_object *plain_table_find(struct plain_table *table, const char *name)
{
	struct plain_node *node = table->buckets[hash_of(name)];
	struct plain_object *found = NULL;

	pthread_mutex_lock(&table->lock);
	while (node && strcmp(node->object->name, name)) {
		node = node->next;
	}
	if (node) {
		found = node->object;
		plain_object_ref_one(found);
	}
	pthread_mutex_unlock(&table->lock);
	return found;
}

/* The object after the place in the table's order, referred to; the place is NULL at first. */
struct plain_object *plain_table_next(struct plain_table *table, struct plain_node **place)
{
	struct plain_node *next = NULL;
	unsigned int bucket = 0;

	pthread_mutex_lock(&table->lock);
	if (*place) {
		next = (*place)->next;
		bucket = hash_of((*place)->object->name) + 1;
	}
	while (!next && bucket < PLAIN_BUCKETS) {
		next = table->buckets[bucket++];
	}
	*place = next;
	if (next) {
		plain_object_ref_one(next->object);
	}
	pthread_mutex_unlock(&table->lock);
	return next ? next->object : NULL;
}

int plain_string_put(struct plain_string *string, size_t offset, const char *format, ...)
{
	va_list ap;
	int length;

	va_start(ap, format);
	length = vsnprintf(string->text + offset, string->size - offset, format, ap);
	va_end(ap);
	if ((size_t) length >= string->size - offset) {
		string->size = offset + (size_t) length * 2 + 1;
		string->text = realloc(string->text, string->size);
		va_start(ap, format);
		vsnprintf(string->text + offset, string->size - offset, format, ap);
		va_end(ap);
	}
	string->used = offset + (size_t) length;
	return length;
}

static void make_key(void)
{
	pthread_key_create(&key, free);
}

void *plain_buffer(size_t size)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	void *buffer;

	pthread_once(&once, make_key);
	buffer = pthread_getspecific(key);
	if (!buffer) {
		buffer = calloc(1, size);
		pthread_setspecific(key, buffer);
	}
	return buffer;
}
