/*
 * Named callbacks of modules.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "providers.h"

static pthread_mutex_t tables_lock = PTHREAD_MUTEX_INITIALIZER;
static struct asterism_providers *tables;

static void list_table(struct asterism_providers *all)
{
	pthread_mutex_lock(&tables_lock);
	if (!all->is_listed) {
		all->is_listed = 1;
		all->next = tables;
		tables = all;
	}
	pthread_mutex_unlock(&tables_lock);
}

/* The place that points to the provider of a name, or to the end. */
static struct asterism_provider **place_of(struct asterism_providers *all, const char *name)
{
	struct asterism_provider **at = &all->first;

	while (*at && strcasecmp((*at)->name, name)) {
		at = &(*at)->next;
	}
	return at;
}

int asterism_provider_add(struct asterism_providers *all, const char *name, void (*callback)(void))
{
	struct asterism_provider *made, **at;

	if (ast_strlen_zero(name) || !callback || !(made = calloc(1, sizeof(*made) + strlen(name) + 1))) {
		return -1;
	}
	list_table(all);
	made->callback = callback;
	strcpy(made->name, name);	/* Safe: that much was allocated. */
	pthread_rwlock_wrlock(&all->lock);
	at = place_of(all, name);
	if (*at) {
		free(made);
		made = NULL;
	} else {
		*at = made;
	}
	pthread_rwlock_unlock(&all->lock);
	if (!made) {
		ast_log(LOG_WARNING, "there is a %s '%s' already\n", all->what, name);
	}
	return made ? 0 : -1;
}

int asterism_provider_remove(struct asterism_providers *all, const char *name)
{
	struct asterism_provider **at, *found;

	if (!name) {
		return -1;
	}
	pthread_rwlock_wrlock(&all->lock);
	at = place_of(all, name);
	found = *at;
	if (found) {
		*at = found->next;
	}
	pthread_rwlock_unlock(&all->lock);
	free(found);
	return found ? 0 : -1;
}

int asterism_provider_suspend(struct asterism_providers *all, const char *name, int is_suspended)
{
	struct asterism_provider *found;

	if (!name) {
		return -1;
	}
	pthread_rwlock_wrlock(&all->lock);
	found = *place_of(all, name);
	if (found) {
		found->is_suspended = is_suspended;
	}
	pthread_rwlock_unlock(&all->lock);
	return found ? 0 : -1;
}

struct asterism_provider *asterism_provider_lock(struct asterism_providers *all, const char *name)
{
	pthread_rwlock_rdlock(&all->lock);
	return name ? *place_of(all, name) : NULL;
}

void asterism_provider_unlock(struct asterism_providers *all)
{
	pthread_rwlock_unlock(&all->lock);
}

static void forget_in(struct asterism_providers *all, const char *module, void *handle)
{
	struct asterism_provider **at, *one;

	pthread_rwlock_wrlock(&all->lock);
	for (at = &all->first; (one = *at);) {
		if (asterism_owns(handle, (const void *) one->callback)) {
			*at = one->next;
			ast_log(LOG_WARNING, "module %s left its %s '%s' registered; it has been removed\n", module, all->what, one->name);
			free(one);
		} else {
			at = &one->next;
		}
	}
	pthread_rwlock_unlock(&all->lock);
}

void asterism_providers_closing(const char *module, void *handle)
{
	struct asterism_providers *all;

	pthread_mutex_lock(&tables_lock);
	for (all = tables; all; all = all->next) {
		forget_in(all, module, handle);
	}
	pthread_mutex_unlock(&tables_lock);
}
