/*
 * Stand-ins: what a module calls in place of a function of Asterisk that this program does not have.
 *
 * runtime/modules/stand_in_file.py writes a shared object with a small function for each missing name, which comes here
 * with its number.  Nothing is done: the result is 0, NULL, or an empty text.  Who called is noted by the address that
 * the call returns to.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"

#include <dlfcn.h>

#define MOST 16384	/* Stand-ins of one process: four times what Asterisk exports. */

/* The calls from one place; never freed, and changed atomically. */
struct call_site {
	struct call_site *next;
	const void *address;	/* NULL when the module was closed: another may be mapped there. */
	unsigned long calls;
	char module[];
};

struct stand_in {
	const char *name;
	const char *result;	/* What the function returns. */
	struct call_site *sites;
};

static struct stand_in *stand_ins[MOST];
static int count;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;	/* Held to add, never to look. */

int asterism_stand_in_new(const char *name, int is_text)
{
	struct stand_in *made = calloc(1, sizeof(*made));
	int number = -1;

	pthread_mutex_lock(&lock);
	if (made && count < MOST && (made->name = strdup(name))) {
		made->result = is_text ? "" : NULL;
		number = count;
		stand_ins[number] = made;
		__atomic_store_n(&count, number + 1, __ATOMIC_RELEASE);
	}
	pthread_mutex_unlock(&lock);
	if (number < 0) {
		free(made);
	}
	return number;
}

/* Writes the name of the module that holds an address, or of the one this thread is in. */
static void name_caller(const void *address, char *name, size_t size)
{
	const char *bare;
	Dl_info info;

	if (dladdr(address, &info) && info.dli_fname) {
		bare = strrchr(info.dli_fname, '/');
		bare = bare ? bare + 1 : info.dli_fname;
		if (ast_ends_with(bare, ".so") && strcmp(bare, "libasterism.so")) {
			snprintf(name, size, "%.*s", (int) (strlen(bare) - 3), bare);
			return;
		}
	}
	ast_copy_string(name, asterism_marks ? asterism_marks->module : "core", size);
}

/* Adds the calls from one place, and says in the log that a module meets a stand-in, once for each module. */
static struct call_site *add_site(struct stand_in *one, const void *address)
{
	struct call_site *made, *other;
	int is_told = 0;
	char name[256];

	name_caller(address, name, sizeof(name));
	made = calloc(1, sizeof(*made) + strlen(name) + 1);
	if (!made) {
		return NULL;
	}
	made->address = address;
	strcpy(made->module, name);	/* Safe: that much was allocated. */
	pthread_mutex_lock(&lock);
	for (other = one->sites; other; other = other->next) {
		is_told |= !strcmp(other->module, name);
	}
	made->next = one->sites;
	__atomic_store_n(&one->sites, made, __ATOMIC_RELEASE);
	pthread_mutex_unlock(&lock);
	if (!is_told) {
		ast_log(LOG_WARNING, "module %s called %s, which this program does not have: a stand-in did nothing\n",
			name, one->name);
	}
	return made;
}

static void note_call(struct stand_in *one, const void *address)
{
	struct call_site *site = __atomic_load_n(&one->sites, __ATOMIC_ACQUIRE);

	while (site && __atomic_load_n(&site->address, __ATOMIC_RELAXED) != address) {
		site = site->next;
	}
	if (site || (site = add_site(one, address))) {
		__atomic_fetch_add(&site->calls, 1, __ATOMIC_RELAXED);
	}
}

/* Two registers hold a result of up to 16 bytes; both are cleared. */
#ifdef __SIZEOF_INT128__
typedef unsigned __int128 result_type;
#else
typedef unsigned long long result_type;
#endif

result_type asterism_stand_in_called(unsigned int number);
result_type asterism_stand_in_called(unsigned int number)
{
	int error = errno;

	if (number >= (unsigned int) __atomic_load_n(&count, __ATOMIC_ACQUIRE)) {
		return 0;
	}
	note_call(stand_ins[number], __builtin_return_address(0));
	errno = error;
	return (uintptr_t) stand_ins[number]->result;
}

void asterism_stand_ins_closed(const char *module)
{
	struct call_site *site;
	int number;

	for (number = 0; number < __atomic_load_n(&count, __ATOMIC_ACQUIRE); number++) {
		for (site = __atomic_load_n(&stand_ins[number]->sites, __ATOMIC_ACQUIRE); site; site = site->next) {
			if (!strcmp(site->module, module)) {
				__atomic_store_n(&site->address, NULL, __ATOMIC_RELAXED);
			}
		}
	}
}

int asterism_stand_in_calls(struct asterism_stand_in_call *told, int room)
{
	struct call_site *site;
	int number, found = 0;

	for (number = 0; number < __atomic_load_n(&count, __ATOMIC_ACQUIRE); number++) {
		for (site = __atomic_load_n(&stand_ins[number]->sites, __ATOMIC_ACQUIRE); site; site = site->next, found++) {
			if (found < room) {
				told[found] = (struct asterism_stand_in_call) { stand_ins[number]->name, site->module,
					__atomic_load_n(&site->calls, __ATOMIC_RELAXED) };
			}
		}
	}
	return found;
}
