/* What the two sides of bench/hot_calls.py share: each job once with the core, once as plain C would do it. */
#ifndef HOT_JOBS_H
#define HOT_JOBS_H

#include <stddef.h>

#define HELD 1000		/* How many objects the containers and lists hold. */

typedef void (*hot_job)(size_t count);

struct hot_row {
	const char *name;
	hot_job core;
	hot_job plain;
	size_t count;		/* How many times in one run. */
};

/* What one side needs before its jobs. */
void core_prepare(void);
void plain_prepare(void);

#define HOT_JOBS(job) \
	job(allocate, "64 bytes allocated and freed", 1000000) \
	job(duplicate, "a string duplicated and freed", 1000000) \
	job(mutex, "a recursive mutex locked and unlocked", 2000000) \
	job(rwlock, "a lock taken for reading and given back", 2000000) \
	job(string_set, "a string formatted anew", 500000) \
	job(string_append, "ten bytes appended to a string of up to 1,000", 500000) \
	job(object_new, "an object made, its last reference dropped", 500000) \
	job(object_ref, "a reference taken and dropped", 2000000) \
	job(object_lock, "an object locked and unlocked", 2000000) \
	job(find, "an object of 1,000 found by its name, and dropped", 500000) \
	job(iterate, "1,000 objects walked, each referred to", 1000) \
	job(link, "an object put into a hash table and taken out", 200000) \
	job(list, "an entry put at a list's end and taken from its head", 2000000) \
	job(walk, "a list of 1,000 entries walked", 2000) \
	job(vector, "a number appended to an array and taken away", 2000000) \
	job(thread_buffer, "the thread's own buffer", 2000000)

#define HOT_DECLARE(job, words, count) void core_##job(size_t times); void plain_##job(size_t times);
HOT_JOBS(HOT_DECLARE)

#endif
