/*
 * The driver's requests about taskprocessors (asterisk/taskprocessor.h).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"
#include "driver.h"

#include "asterisk/astobj2.h"
#include "asterisk/sem.h"
#include "asterisk/taskprocessor.h"

/* ---- many threads, one queue ---- */

#define PUSHERS 8

struct count {
	int done;	/* Not atomic: one thread at a time does the tasks of a queue. */
	int nested;
	struct ast_taskprocessor *tps;
};

static int add_one(void *data)
{
	struct count *count = data;

	count->done++;
	return 0;
}

static int add_nested(struct ast_taskprocessor_local *local)
{
	struct count *count = local->data;

	count->done++;
	count->nested += local->local_data == count && ast_taskprocessor_is_task(count->tps);
	return count->done % 2 ? 0 : ast_taskprocessor_push(count->tps, add_one, count);
}

static int rounds;

static void *push_many(void *data)
{
	struct count *count = data;
	int i;

	for (i = 0; i < rounds; i++) {
		struct ast_taskprocessor *tps = ast_taskprocessor_get("Hammered", TPS_REF_DEFAULT);

		if (ast_taskprocessor_push(tps, add_one, count) || ast_taskprocessor_push_local(tps, add_nested, count)) {
			abort();
		}
		/* Every second level is reached at once: the alert is raised while others change the levels. */
		ast_taskprocessor_alert_set_levels(tps, -1, i % 2 ? 1 : 1000000000);
		ast_taskprocessor_unreference(tps);
	}
	return NULL;
}

/* 8 threads push into one queue: all is done before it goes, by one thread at a time. */
void tasks_hammer(char *text)
{
	struct count count = { 0, 0, ast_taskprocessor_get("hammered", TPS_REF_DEFAULT) };
	pthread_t many[PUSHERS];
	size_t i;

	rounds = atoi(text);
	ast_taskprocessor_set_local(count.tps, &count);
	for (i = 0; i < PUSHERS; i++) {
		ast_pthread_create(&many[i], NULL, push_many, &count);
	}
	for (i = 0; i < PUSHERS; i++) {
		pthread_join(many[i], NULL);
	}
	ast_taskprocessor_unreference(count.tps);
	printf("%d %d %d", count.done >= 2 * PUSHERS * rounds, count.nested == PUSHERS * rounds,
		ast_taskprocessor_get("hammered", TPS_REF_IF_EXISTS) == NULL);
}

/* ---- many threads make, use and give back the same names ---- */

static int add_safely(void *data)
{
	/* While an old queue of that name does its last tasks, a new one may have begun. */
	__atomic_add_fetch((int *) data, 1, __ATOMIC_RELAXED);
	return 0;
}

static void *come_and_go(void *data)
{
	int i;

	for (i = 0; i < rounds; i++) {
		char name[] = "coming/a";
		struct ast_taskprocessor *tps;

		name[sizeof(name) - 2] = (char) ('a' + i % 3);
		tps = ast_taskprocessor_get(name, TPS_REF_DEFAULT);
		if (ast_taskprocessor_push(tps, add_safely, data)) {
			abort();
		}
		ast_taskprocessor_unreference(tps);
	}
	return NULL;
}

/* 8 threads: every task is done when all have given back what they got. */
void tasks_come_and_go(char *text)
{
	pthread_t many[PUSHERS];
	int done = 0;
	size_t i;

	rounds = atoi(text);
	for (i = 0; i < PUSHERS; i++) {
		ast_pthread_create(&many[i], NULL, come_and_go, &done);
	}
	for (i = 0; i < PUSHERS; i++) {
		pthread_join(many[i], NULL);
	}
	printf("%d %d", done == PUSHERS * rounds, asterism_taskprocessors(NULL, 0));
}

/* ---- a listener of one's own, step by step ---- */

static struct ast_str *told;

static int say_started(struct ast_taskprocessor_listener *listener)
{
	ast_str_append(&told, 0, "start ");
	return *(int *) ast_taskprocessor_listener_get_user_data(listener);
}

static void say_pushed(struct ast_taskprocessor_listener *listener, int was_empty)
{
	struct ast_taskprocessor *tps = ast_taskprocessor_listener_get_tps(listener);

	ast_str_append(&told, 0, "pushed%d%d ", was_empty, ast_taskprocessor_listener(tps) == listener);
	ast_taskprocessor_unreference(tps);
}

static void say_emptied(struct ast_taskprocessor_listener *listener)
{
	(void) listener;
	ast_str_append(&told, 0, "emptied ");
}

static void say_shutdown(struct ast_taskprocessor_listener *listener)
{
	/* A late reference: it comes and goes without a second shutdown. */
	ast_taskprocessor_unreference(ast_taskprocessor_listener_get_tps(listener));
	ast_str_append(&told, 0, "shutdown ");
}

static void say_gone(struct ast_taskprocessor_listener *listener)
{
	(void) listener;
	ast_str_append(&told, 0, "gone ");
}

static const struct ast_taskprocessor_listener_callbacks saying = {
	say_started, say_pushed, say_emptied, say_shutdown, say_gone,
};

static int say_done(void *data)
{
	ast_str_append(&told, 0, "done%s ", (const char *) data);
	return 0;
}

static void tell_levels(struct ast_taskprocessor *tps)
{
	ast_str_append(&told, 0, "[%ld %u %u] ", ast_taskprocessor_size(tps), ast_taskprocessor_alert_get(),
		ast_taskprocessor_get_subsystem_alert("say"));
}

/* Each letter does something with a taskprocessor of a listener; what happens is printed. */
void tasks_listen(char *text)
{
	int refuses = text[0] == '!';
	struct ast_taskprocessor_listener *listener = ast_taskprocessor_listener_alloc(&saying, &refuses);
	struct ast_taskprocessor *tps;

	told = ast_str_create(64);
	tps = ast_taskprocessor_create_with_listener("say/it", listener);
	ao2_ref(listener, -1);
	logged = 0;
	for (; tps && *text; text++) {
		switch (*text) {
		case 'p':
			ast_str_append(&told, 0, "%s", ast_taskprocessor_push(tps, say_done, "") ? "refused " : "");
			break;
		case 'x':
			ast_str_append(&told, 0, "more%d ", ast_taskprocessor_execute(tps));
			break;
		case 'l':
			tell_levels(tps);
			break;
		case '2':
			ast_taskprocessor_alert_set_levels(tps, 1, 2);
			break;
		case 's':
			ast_taskprocessor_suspend(tps);
			ast_str_append(&told, 0, "suspended%d ", ast_taskprocessor_is_suspended(tps));
			ast_taskprocessor_unsuspend(tps);
			break;
		case 'n':
			ast_str_append(&told, 0, "refused%d ", ast_taskprocessor_create_with_listener("SAY/it", listener) == NULL);
			break;
		}
	}
	ast_taskprocessor_unreference(tps);
	ast_str_append(&told, 0, "%d%u", logged, ast_taskprocessor_alert_get());
	fputs(ast_str_buffer(told), stdout);
	ast_free(told);
}

/* ---- mistakes ---- */

/* A task that gives back the last reference to its own queue. */
static int give_back(void *data)
{
	struct ast_sem *done = data;
	struct ast_taskprocessor *tps = ast_taskprocessor_get("own", TPS_REF_IF_EXISTS);

	ast_taskprocessor_unreference(tps);
	ast_taskprocessor_unreference(tps);
	ast_sem_post(done);
	return 0;
}

void tasks_mistakes(char *text)
{
	struct ast_taskprocessor *tps = ast_taskprocessor_get("own", TPS_REF_DEFAULT);
	char name[16];
	struct ast_sem done;
	int wrong;

	ast_sem_init(&done, 0, 0);
	if (ast_taskprocessor_push(tps, give_back, &done)) {
		abort();
	}
	while (ast_sem_wait(&done)) {
	}
	ast_sem_destroy(&done);
	logged = 0;
	wrong = ast_taskprocessor_push(NULL, add_one, NULL);
	wrong += ast_taskprocessor_push(tps, NULL, NULL);
	wrong += ast_taskprocessor_get("", TPS_REF_DEFAULT) ? 0 : -1;
	wrong += ast_taskprocessor_create_with_listener("x", NULL) ? 0 : -1;
	wrong += ast_taskprocessor_suspend(NULL) + ast_taskprocessor_is_suspended(NULL);
	wrong += ast_taskprocessor_size(NULL) < 0 ? -1 : 0;
	wrong += ast_taskprocessor_alert_set_levels(NULL, 1, 2);
	ast_taskprocessor_build_name(name, sizeof(name), "%s/%d", text, 7);
	printf("%d %d %s ", wrong, logged, ast_taskprocessor_name(NULL) ? "?" : "-");
	printf("%.*s %zu", (int) strlen(name) - 8, name, strlen(name));
}
