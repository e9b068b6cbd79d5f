/*
 * The driver's requests about heaps, moments and calls that are made later (asterisk/heap.h, time.h, sched.h).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"
#include "driver.h"

#include "asterisk/heap.h"
#include "asterisk/sched.h"
#include "asterisk/time.h"

/* ---- heaps ---- */

struct leaf {
	int number;
	ssize_t place;
};

static int by_number(void *left, void *right)
{
	return ((struct leaf *) left)->number - ((struct leaf *) right)->number;
}

static void print_leaf(const struct leaf *leaf)
{
	printf("%d ", leaf ? leaf->number : -1);
}

/* '+' or '-' says whether elements keep their places; a digit puts one in, 'p' takes the largest, 'rN' the Nth put in. */
void heap_try(char *text)
{
	static struct leaf leaves[256];
	struct ast_heap *heap = ast_heap_create(1, by_number, text[0] == '+' ? (ssize_t) offsetof(struct leaf, place) : -1);
	size_t used = 0;
	char *at;

	for (at = text + 1; *at; at++) {
		if (*at == 'p') {
			print_leaf(ast_heap_pop(heap));
		} else if (*at == 'r') {
			size_t n = (size_t) (*++at - '0');

			print_leaf(n < used ? ast_heap_remove(heap, &leaves[n]) : NULL);
		} else {
			leaves[used].number = (*at - '0') * 100 + (int) used;
			ast_heap_push(heap, &leaves[used++]);
		}
		if (ast_heap_verify(heap)) {
			printf("wrong ");
		}
	}
	printf("| %zu ", ast_heap_size(heap));
	print_leaf(ast_heap_peek(heap, 1));
	printf("%d", ast_heap_peek(heap, (unsigned int) ast_heap_size(heap) + 1) == NULL);
	ast_heap_destroy(heap);
}

/* ---- moments ---- */

/* Two moments as four numbers; what is computed of them, as seconds and microseconds. */
void time_try(char *text)
{
	long a, b, c, d;
	struct timeval one, other, sum, difference;

	sscanf(text, "%ld %ld %ld %ld", &a, &b, &c, &d);
	one = ast_time_create(a, b);
	other = ast_time_create(c, d);
	sum = ast_tvadd(ast_tv(a, b), other);
	difference = ast_tvsub(one, ast_tv(c, d));
	printf("%ld %ld %ld %ld ", (long) sum.tv_sec, (long) sum.tv_usec, (long) difference.tv_sec, (long) difference.tv_usec);
	printf("%lld %lld %lld %d %d", (long long) ast_tvdiff_us(one, other), (long long) ast_tvdiff_ms(one, other),
		(long long) ast_tvdiff_sec(one, other), ast_tvcmp(one, other), ast_tveq(one, other));
}

/* A number and a unit: microseconds; then the number as a time and back, and as a duration. */
void time_units(char *text)
{
	char unit[16] = "", number[AST_TIME_T_LEN], shown[16];
	unsigned long value = 0;
	struct timeval length;

	sscanf(text, "%lu %15s", &value, unit);
	length = ast_time_create_by_unit_str(value, unit);
	ast_format_duration_hh_mm_ss(-(int) value, shown, sizeof(shown));
	printf("%d %ld %s ", ast_time_str_to_unit(unit), (long) ast_time_tv_to_usec(&length), shown);
	printf("%d ", ast_time_t_to_string((time_t) value, number, sizeof(number)));
	printf("%ld ", (long) ast_string_to_time_t(number));
	printf("%d", ast_time_t_to_string((time_t) value, number, 2));
}

/* ---- calls later ---- */

struct later {
	struct ast_sched_context *sched;
	char what;
	int id;
	int times;
};

static struct later laters[10];

static int later_call(const void *data)
{
	struct later *later = (struct later *) data;

	printf("%d%c ", (int) (later - laters), later->what);
	later->times++;
	switch (later->what) {
	case 'a':	/* Again, at once, three times. */
		return later->times < 3;
	case 'f':	/* Again, but in 1000 s: the value counts. */
		return 1000000;
	case 'd':	/* Deletes the next one. */
		printf("(%d) ", ast_sched_del(later->sched, later[1].id));
		return 0;
	case 's':	/* Deletes itself, which is refused. */
		printf("(%d) ", ast_sched_del(later->sched, later->id));
		return 0;
	case 'n':	/* Adds the next one, which is due at once too. */
		later[1].what = 'o';
		later[1].id = ast_sched_add(later->sched, 0, later_call, &later[1]);
		return 0;
	default:
		return 0;
	}
}

static int print_data(const void *data)
{
	printf("c%d ", (int) ((const struct later *) data - laters));
	return 0;
}

/* Each letter adds a call that is due at once ('F': in 1000 s); the calls are made; what is left is told. */
void sched_try(char *text)
{
	static char name[] = "later";
	struct ast_cb_names names = { 1, { name }, { later_call } };
	struct ast_sched_context *sched = ast_sched_context_create();
	struct ast_str *report = ast_str_create(64);
	int i, deleted;

	logged = 0;
	memset(laters, 0, sizeof(laters));
	for (i = 0; i < 9 && text[i]; i++) {
		laters[i] = (struct later) { sched, text[i], 0, 0 };
		laters[i].id = ast_sched_add_variable(sched, text[i] == 'F' ? 1000000 : 0, later_call, &laters[i],
			text[i] == 'f');
	}
	printf("%d ", ast_sched_wait(sched) > 0);
	i = ast_sched_runq(sched);
	printf("| %d %d ", i, ast_sched_wait(sched) > 990000);
	ast_sched_report(sched, &report, &names);
	for (i = 0; ast_str_buffer(report)[i]; i++) {
		putchar(ast_str_buffer(report)[i] == '\n' ? ';' : ast_str_buffer(report)[i]);
	}
	ast_sched_dump(sched);
	printf("%d %d ", ast_sched_when(sched, laters[0].id) >= 990, ast_sched_find_data(sched, laters[0].id) == &laters[0]);
	AST_SCHED_REPLACE(laters[0].id, sched, 2000000, later_call, &laters[0]);
	deleted = AST_SCHED_DEL(sched, laters[0].id);
	printf("%d %d %d ", deleted, laters[0].id, ast_sched_del(sched, 77));
	laters[0].id = ast_sched_add(sched, 5000, later_call, &laters[0]);
	AST_SCHED_DEL_UNREF(sched, laters[0].id, printf("unref "));
	ast_sched_clean_by_callback(sched, later_call, print_data);
	printf("%d %d ", ast_sched_wait(sched), ast_sched_add(sched, 0, NULL, NULL));
	printf("%d", logged);
	ast_free(report);
	ast_sched_context_destroy(sched);
}

static int rounds;
static int made;	/* Calls, atomically. */
static int taken;	/* Those deleted before they were made. */

static int count_call(const void *data)
{
	(void) data;
	__atomic_add_fetch(&made, 1, __ATOMIC_RELAXED);
	return 0;
}

static void *schedule_many(void *data)
{
	struct ast_sched_context *sched = data;
	int i;

	for (i = 0; i < rounds; i++) {
		int id = ast_sched_add(sched, i % 3, count_call, NULL), other = ast_sched_add(sched, 1000000, count_call, NULL);

		if (i % 2 && !ast_sched_del(sched, id)) {
			__atomic_add_fetch(&taken, 1, __ATOMIC_RELAXED);
		}
		__atomic_add_fetch(&taken, !ast_sched_del(sched, other), __ATOMIC_RELAXED);
	}
	return NULL;
}

/* 8 threads add and delete while the context's own thread makes the calls: each is made or deleted, once. */
void sched_hammer(char *text)
{
	struct ast_sched_context *sched = ast_sched_context_create();
	pthread_t many[8];
	size_t i;

	rounds = atoi(text);
	made = taken = 0;
	ast_sched_start_thread(sched);
	for (i = 0; i < ARRAY_LEN(many); i++) {
		ast_pthread_create(&many[i], NULL, schedule_many, sched);
	}
	for (i = 0; i < ARRAY_LEN(many); i++) {
		pthread_join(many[i], NULL);
	}
	while (ast_sched_wait(sched) >= 0) {
		usleep(100);
	}
	ast_sched_context_destroy(sched);
	printf("%d %d", made + taken - 2 * 8 * rounds, taken >= 8 * rounds);
}
