/* What plain.c offers to main.c. */
#ifndef HOT_PLAIN_H
#define HOT_PLAIN_H

#include <pthread.h>
#include <stddef.h>

#define PLAIN_BUCKETS 563

struct plain_object {
	int references;
	int number;
	pthread_mutex_t lock;
	char name[20];
};

/* An object may be in several tables. */
struct plain_node {
	struct plain_object *object;
	struct plain_node *next;
};

struct plain_table {
	pthread_mutex_t lock;
	struct plain_node *buckets[PLAIN_BUCKETS];
};

struct plain_string {
	size_t used;
	size_t size;
	char *text;
};

struct plain_object *plain_object_alloc(void);
void plain_object_ref_one(struct plain_object *object);
void plain_object_drop(struct plain_object *object);
void plain_table_put(struct plain_table *table, struct plain_object *object);
void plain_table_take(struct plain_table *table, struct plain_object *object);
struct plain_object *plain_table_find(struct plain_table *table, const char *name);
struct plain_object *plain_table_next(struct plain_table *table, struct plain_node **place);
int plain_string_put(struct plain_string *string, size_t offset, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void *plain_buffer(size_t size);

#endif
