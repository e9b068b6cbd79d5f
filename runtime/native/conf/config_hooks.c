/*
 * Callbacks for files that are read (asterisk/config.h).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"

#include "asterisk/astobj2.h"

struct hook {
	const char *filename;	/* This and the next stand behind the name. */
	const char *module;
	config_hook_cb call;
	char name[];
};

static struct ao2_container *hooks;

AO2_STRING_FIELD_CASE_CMP_FN(hook, name)

static void __attribute__((constructor)) make_container(void)
{
	hooks = ao2_container_alloc_list(AO2_ALLOC_OPT_LOCK_MUTEX, 0, NULL, hook_cmp_fn);
}

int ast_config_hook_register(const char *name, const char *filename, const char *module, enum config_hook_flags flags,
	config_hook_cb hook)
{
	struct hook *added = NULL;
	int linked;

	(void) flags;
	if (name && filename && module && hook) {
		added = ao2_alloc_options(sizeof(*added) + strlen(name) + strlen(filename) + strlen(module) + 3, NULL,
			AO2_ALLOC_OPT_LOCK_NOLOCK);
	}
	if (!added) {
		return -1;
	}
	added->filename = stpcpy(added->name, name) + 1;
	added->module = stpcpy((char *) added->filename, filename) + 1;
	strcpy((char *) added->module, module);
	added->call = hook;
	ast_config_hook_unregister(name);
	linked = ao2_link(hooks, added);
	ao2_ref(added, -1);
	return linked ? 0 : -1;
}

void ast_config_hook_unregister(const char *name)
{
	if (name) {
		ao2_find(hooks, name, OBJ_SEARCH_KEY | OBJ_UNLINK | OBJ_NODATA | OBJ_MULTIPLE);
	}
}

void asterism_config_hooks(const char *filename, const char *module, const struct ast_config *cfg)
{
	struct ao2_iterator each = ao2_iterator_init(hooks, 0);
	struct hook *hook;

	for (; (hook = ao2_iterator_next(&each)); ao2_ref(hook, -1)) {
		struct ast_config *copy = !strcasecmp(hook->filename, filename) && module && !strcasecmp(hook->module, module)
			? ast_config_copy(cfg) : NULL;

		if (copy) {
			hook->call(copy);
		}
	}
	ao2_iterator_destroy(&each);
}
