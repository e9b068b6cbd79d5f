/*
 * The C part of modules: opening, registration, use counts, closing.
 *
 * A constructor runs inside dlopen and only notes the pointer to its record; everything else about it is decided
 * afterwards, in Python, when no lock of the dynamic linker is held.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"

#include <dlfcn.h>
#include <link.h>

static __thread struct asterism_opening *opening;	/* The dlopen this thread is in. */

/*
 * A record has two counts.  `uses` is the use count that users see.  `holders` counts the references on the record: one
 * for the opener of the module, and one for each use.  The record outlives the module's code until all are released.
 */
struct ast_module *asterism_module_new(const char *name)
{
	size_t size = strlen(name) + 1;
	struct ast_module *mod = calloc(1, sizeof(*mod) + size);

	if (mod) {
		mod->holders = 1;
		memcpy(mod->name, name, size);
	}
	return mod;
}

static void drop(struct ast_module *mod, int count)
{
	if (!__atomic_sub_fetch(&mod->holders, count, __ATOMIC_SEQ_CST)) {
		free(mod);
	}
}

/* Adds a user of the record. */
void asterism_module_keep(struct ast_module *mod)
{
	__atomic_fetch_add(&mod->holders, 1, __ATOMIC_SEQ_CST);
}

void asterism_module_drop(struct ast_module *mod)
{
	if (mod) {
		drop(mod, 1);
	}
}

const char *asterism_module_name(const struct ast_module *mod)
{
	return mod ? mod->name : "";
}

int asterism_module_uses(const struct ast_module *mod)
{
	return mod ? __atomic_load_n(&mod->uses, __ATOMIC_SEQ_CST) : 0;
}

/* Changes the use count, which never goes below 0: the new count, or -1 when it would have. */
int asterism_module_use(struct ast_module *mod, int change)
{
	int now = asterism_module_uses(mod);

	if (!mod) {
		return -1;
	}
	if (change > 0) {
		__atomic_fetch_add(&mod->holders, change, __ATOMIC_SEQ_CST);
	}
	do {
		if (now + change < 0) {
			return -1;
		}
	} while (!__atomic_compare_exchange_n(&mod->uses, &now, now + change, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST));
	if (change < 0) {
		drop(mod, -change);
	}
	return now + change;
}

/*
 * The loader says that a module stops and then looks at its use count; __ast_module_running_ref() counts first and then
 * looks whether the module runs.  Both orders are sequentially consistent, so at least one of the two sees the other.
 */
void asterism_module_set_running(struct ast_module *mod, int running)
{
	if (mod) {
		__atomic_store_n(&mod->running, running, __ATOMIC_SEQ_CST);
	}
}

void *asterism_open(struct asterism_opening *request, const char *path, int flags)
{
	struct asterism_opening *outer = opening;
	struct asterism_mark mark;
	const char *reason;
	void *handle;

	opening = request;
	asterism_enter(&mark, request->module->name, "constructor (it was being opened)");
	handle = dlopen(path, flags);
	reason = handle ? NULL : dlerror();
	asterism_leave(&mark);
	opening = outer;
	if (!handle) {
		ast_copy_string(request->error, reason ? reason : "unknown error", sizeof(request->error));
	}
	return handle;
}

int asterism_close(struct ast_module *mod, void *handle, char *error, size_t size)
{
	struct asterism_mark mark;
	const char *reason = NULL;

	asterism_enter(&mark, mod->name, "destructor (it was being closed)");
	asterism_providers_closing(mod->name, handle);
	asterism_voicemail_closing(mod);
	asterism_codecs_closing(handle);
	if (dlclose(handle)) {
		reason = dlerror();
	}
	asterism_stand_ins_closed(mod->name);
	asterism_leave(&mark);
	ast_copy_string(error, reason ? reason : "", size);
	return reason ? -1 : 0;
}

int asterism_is_mapped(const char *path)
{
	void *handle = dlopen(path, RTLD_NOW | RTLD_NOLOAD);

	if (handle) {
		dlclose(handle);
	} else {
		dlerror();
	}
	return handle != NULL;
}

int asterism_owns(void *handle, const void *address)
{
	struct link_map *map;
	Dl_info info;

	return !dlinfo(handle, RTLD_DI_LINKMAP, &map) && dladdr(address, &info) && (ElfW(Addr)) info.dli_fbase == map->l_addr;
}

/* The start of a module in memory: its ELF header, unless a linker option changed that. */
const void *asterism_begin(void *handle)
{
	struct link_map *map;

	return dlinfo(handle, RTLD_DI_LINKMAP, &map) ? NULL : (const void *) map->l_addr;
}

void ast_module_register(const struct ast_module_info *info)
{
	if (!opening) {
		ast_log(LOG_ERROR, "'%s' registered itself, but no module is being opened\n", info->name ? info->name : "?");
		return;
	}
	if (opening->count < (int) ARRAY_LEN(opening->registered)) {
		opening->registered[opening->count] = info;
		/* The record is the module's own variable; only its declaration here is const. */
		((struct ast_module_info *) info)->self = opening->module;
	}
	opening->count++;
}

void ast_module_unregister(const struct ast_module_info *info)
{
	/* Inside dlclose: the loader has taken everything back already. */
	(void) info;
}

const char *ast_module_name(const struct ast_module *mod)
{
	return mod ? mod->name : NULL;
}

const char *ast_module_support_level_to_string(enum ast_module_support_level support_level)
{
	static const char * const names[] = { "unknown", "core", "extended", "deprecated" };

	return (unsigned int) support_level < ARRAY_LEN(names) ? names[support_level] : "unknown";
}

struct ast_module *__ast_module_ref(struct ast_module *mod, const char *file, int line, const char *func)
{
	(void) file;
	(void) line;
	(void) func;
	if (mod) {
		asterism_module_use(mod, 1);
	}
	return mod;
}

struct ast_module *__ast_module_running_ref(struct ast_module *mod, const char *file, int line, const char *func)
{
	if (__ast_module_ref(mod, file, line, func) && !__atomic_load_n(&mod->running, __ATOMIC_SEQ_CST)) {
		asterism_module_use(mod, -1);
		return NULL;
	}
	return mod;
}

void __ast_module_unref(struct ast_module *mod, const char *file, int line, const char *func)
{
	if (mod && asterism_module_use(mod, -1) < 0) {
		ast_log(__LOG_ERROR, file, line, func, "module %s: a reference was released twice\n", mod->name);
	}
}

void __ast_module_shutdown_ref(struct ast_module *mod, const char *file, int line, const char *func)
{
	__ast_module_ref(mod, file, line, func);
}

struct ast_module_user {
	struct ast_channel *chan;
	struct ast_module_user *next;
};

static pthread_mutex_t users_lock = PTHREAD_MUTEX_INITIALIZER;

struct ast_module_user *__ast_module_user_add(struct ast_module *mod, struct ast_channel *chan)
{
	struct ast_module_user *user = ast_calloc(1, sizeof(*user));

	if (user && mod) {
		user->chan = chan;
		pthread_mutex_lock(&users_lock);
		user->next = mod->users;
		mod->users = user;
		pthread_mutex_unlock(&users_lock);
		asterism_module_use(mod, 1);
	}
	return user;
}

void __ast_module_user_remove(struct ast_module *mod, struct ast_module_user *user)
{
	struct ast_module_user **at;
	int found = 0;

	if (!mod || !user) {
		return;
	}
	pthread_mutex_lock(&users_lock);
	for (at = &mod->users; *at; at = &(*at)->next) {
		if (*at == user) {
			*at = user->next;
			found = 1;
			break;
		}
	}
	pthread_mutex_unlock(&users_lock);
	if (!found) {
		ast_log(LOG_ERROR, "module %s: a use was released twice\n", mod->name);
		return;
	}
	asterism_module_use(mod, -1);
	free(user);
}

void __ast_module_user_hangup_all(struct ast_module *mod)
{
	struct ast_module_user *user;

	do {
		pthread_mutex_lock(&users_lock);
		user = mod ? mod->users : NULL;
		pthread_mutex_unlock(&users_lock);
		__ast_module_user_remove(mod, user);
	} while (user);
}

void ast_update_use_count(void)
{
}
