/* The jobs of jobs.h without the core, and the program that runs both. SPDX-License-Identifier: GPL-2.0-or-later */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "jobs.h"
#include "plain.h"

#define KEEP(pointer) __asm__ volatile("" : : "r"(pointer) : "memory")
#define RUNS 7

struct entry {
	int number;
	struct entry *next;
};

static pthread_mutex_t mutex = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
static pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;
static struct plain_table things = { .lock = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP };
static struct plain_object *one;
static struct entry entries[HELD];

void plain_prepare(void)
{
	size_t i;

	for (i = 0; i < HELD; i++) {
		struct plain_object *object = plain_object_alloc();

		snprintf(object->name, sizeof(object->name), "thing-%zu", i);
		plain_table_put(&things, object);
		plain_object_drop(object);
		entries[i].next = i + 1 < HELD ? &entries[i + 1] : NULL;
	}
	one = plain_object_alloc();
	snprintf(one->name, sizeof(one->name), "thing-%d", HELD);
}

void plain_allocate(size_t times)
{
	while (times--) {
		void *block = malloc(64);

		KEEP(block);
		free(block);
	}
}

void plain_duplicate(size_t times)
{
	while (times--) {
		char *copy = strdup("a name of middling length");

		KEEP(copy);
		free(copy);
	}
}

void plain_mutex(size_t times)
{
	while (times--) {
		pthread_mutex_lock(&mutex);
		pthread_mutex_unlock(&mutex);
	}
}

void plain_rwlock(size_t times)
{
	while (times--) {
		pthread_rwlock_rdlock(&rwlock);
		pthread_rwlock_unlock(&rwlock);
	}
}

void plain_string_set(size_t times)
{
	struct plain_string string = { .size = 32, .text = malloc(32) };

	while (times--) {
		plain_string_put(&string, 0, "%s %d", "number", (int) times);
	}
	free(string.text);
}

void plain_string_append(size_t times)
{
	struct plain_string string = { .size = 32, .text = malloc(32) };

	while (times--) {
		plain_string_put(&string, string.used > 990 ? 0 : string.used, "%s", "ten bytes.");
	}
	free(string.text);
}

void plain_object_new(size_t times)
{
	while (times--) {
		struct plain_object *object = plain_object_alloc();

		KEEP(object);
		plain_object_drop(object);
	}
}

void plain_object_ref(size_t times)
{
	while (times--) {
		plain_object_ref_one(one);
		plain_object_drop(one);
	}
}

void plain_object_lock(size_t times)
{
	while (times--) {
		pthread_mutex_lock(&one->lock);
		pthread_mutex_unlock(&one->lock);
	}
}

void plain_find(size_t times)
{
	while (times--) {
		struct plain_object *found = plain_table_find(&things, "thing-500");

		KEEP(found);
		plain_object_drop(found);
	}
}

void plain_iterate(size_t times)
{
	while (times--) {
		struct plain_node *place = NULL;
		struct plain_object *object;

		while ((object = plain_table_next(&things, &place))) {
			KEEP(object);
			plain_object_drop(object);
		}
	}
}

void plain_link(size_t times)
{
	while (times--) {
		plain_table_put(&things, one);
		plain_table_take(&things, one);
	}
}

void plain_list(size_t times)
{
	struct entry *first = NULL, *last = NULL;
	static struct entry entry;

	while (times--) {
		entry.next = NULL;
		if (first) {
			last->next = &entry;
		} else {
			first = &entry;
		}
		last = &entry;
		KEEP(&first);
		KEEP(&last);
		first = first->next;
		if (!first) {
			last = NULL;
		}
	}
}

void plain_walk(size_t times)
{
	while (times--) {
		struct entry *entry;

		for (entry = entries; entry; entry = entry->next) {
			KEEP(entry);
		}
	}
}

void plain_vector(size_t times)
{
	struct {
		int *numbers;
		size_t used;
		size_t size;
	} array = { NULL, 0, 0 };

	while (times--) {
		if (array.used == array.size) {
			array.size = array.size * 2 + 1;
			array.numbers = realloc(array.numbers, array.size * sizeof(*array.numbers));
		}
		array.numbers[array.used++] = (int) times;
		KEEP(&array);
		array.used -= array.used > 0;
	}
	free(array.numbers);
}

void plain_thread_buffer(size_t times)
{
	while (times--) {
		KEEP(plain_buffer(64));
	}
}

#define ROW(job, words, count) { words, core_##job, plain_##job, count },

static const struct hot_row rows[] = { HOT_JOBS(ROW) };

static double seconds(hot_job job, size_t count)
{
	struct timespec begin, end;

	clock_gettime(CLOCK_MONOTONIC, &begin);
	job(count);
	clock_gettime(CLOCK_MONOTONIC, &end);
	return (double) (end.tv_sec - begin.tv_sec) + (double) (end.tv_nsec - begin.tv_nsec) / 1e9;
}

/* One line for each job: nanoseconds with the core and without, the best of several runs in turn, and its words. */
int main(void)
{
	size_t i, run;

	core_prepare();
	plain_prepare();
	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		double core = 1e9, plain = 1e9;

		for (run = 0; run < RUNS; run++) {
			double taken = seconds(rows[i].core, rows[i].count);

			core = taken < core ? taken : core;
			taken = seconds(rows[i].plain, rows[i].count);
			plain = taken < plain ? taken : plain;
		}
		printf("%.2f %.2f %s\n", core * 1e9 / (double) rows[i].count, plain * 1e9 / (double) rows[i].count,
			rows[i].name);
	}
	return 0;
}
