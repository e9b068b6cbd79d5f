/*
 * Named callbacks of modules: who tells the state of a device, who stores a call record.
 *
 * A callback is called while its table is locked for reading, so an unregistration waits for calls that run.  What a module
 * leaves registered is removed before its code goes.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef ASTERISM_PROVIDERS_H
#define ASTERISM_PROVIDERS_H

#include "internal.h"

struct asterism_provider {
	struct asterism_provider *next;
	void (*callback)(void);
	int is_suspended;
	char name[];
};

struct asterism_providers {
	const char *what;	/* "device state provider". */
	pthread_rwlock_t lock;
	struct asterism_provider *first;
	struct asterism_providers *next;	/* Of all tables that have been used. */
	int is_listed;
};

#define ASTERISM_PROVIDERS(what) { what, PTHREAD_RWLOCK_INITIALIZER, NULL, NULL, 0 }

/* Adds one: 0, or -1 when the name is taken, something is NULL, or out of memory. */
HIDDEN int asterism_provider_add(struct asterism_providers *all, const char *name, void (*callback)(void));
/* Removes one: 0, or -1 when it is not there. */
HIDDEN int asterism_provider_remove(struct asterism_providers *all, const char *name);
/* Suspends one, or ends that: 0, or -1 when it is not there. */
HIDDEN int asterism_provider_suspend(struct asterism_providers *all, const char *name, int is_suspended);
/* The one of a name, with the table locked for reading in any case; NULL when it is not there. */
HIDDEN struct asterism_provider *asterism_provider_lock(struct asterism_providers *all, const char *name);
HIDDEN void asterism_provider_unlock(struct asterism_providers *all);

#endif
