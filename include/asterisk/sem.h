/* Counting semaphores: POSIX's, under Asterisk's names. Each gives 0, or -1 with errno set. SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef ASTERISM_SEM_H
#define ASTERISM_SEM_H

#include <limits.h>
#include <semaphore.h>

#include "asterisk/compiler.h"
#include "asterisk/lock.h"

struct ast_sem {
	sem_t real_sem;
};

#define AST_SEM_VALUE_MAX SEM_VALUE_MAX

/* Initializes a semaphore with this number of posts; pshared is 0 within one process. */
static force_inline int ast_sem_init(struct ast_sem *sem, int pshared, unsigned int value)
{
	return sem_init(&sem->real_sem, pshared, value);
}

static force_inline int ast_sem_destroy(struct ast_sem *sem)
{
	return sem_destroy(&sem->real_sem);
}

static force_inline int ast_sem_post(struct ast_sem *sem)
{
	return sem_post(&sem->real_sem);
}

/* Waits for a post; the timed form until a time of CLOCK_REALTIME (ETIMEDOUT). */
static force_inline int ast_sem_wait(struct ast_sem *sem)
{
	return sem_wait(&sem->real_sem);
}

static force_inline int ast_sem_timedwait(struct ast_sem *sem, const struct timespec *abs_timeout)
{
	return sem_timedwait(&sem->real_sem, abs_timeout);
}

static force_inline int ast_sem_getvalue(struct ast_sem *sem, int *sval)
{
	return sem_getvalue(&sem->real_sem, sval);
}

#endif
