/*
 * Locks by name (asterisk/named_locks.h), locks of directories (asterisk/app.h) and the build (asterisk/buildinfo.h).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"

#include <fcntl.h>
#include <sys/utsname.h>

#include "asterisk/buildinfo.h"
#include "asterisk/linkedlists.h"
#include "asterisk/named_locks.h"

struct ast_named_lock {
	AST_LIST_ENTRY(ast_named_lock) list;
	char name[];	/* "KEYSPACE-KEY". */
};

/* Without references: a lock leaves when it is freed. */
static AST_LIST_HEAD_STATIC(locks, ast_named_lock);

static void free_lock(void *object)
{
	struct ast_named_lock *lock = object;

	AST_LIST_LOCK(&locks);
	AST_LIST_REMOVE(&locks, lock, list);
	AST_LIST_UNLOCK(&locks);
}

/* The lock of that name with a reference, or NULL; the list is locked. */
static struct ast_named_lock *find(const char *name)
{
	struct ast_named_lock *one;

	AST_LIST_TRAVERSE(&locks, one, list) {
		if (!strcmp(one->name, name) && asterism_object_revive(one)) {
			return one;
		}
	}
	return NULL;
}

struct ast_named_lock *__ast_named_lock_get(const char *filename, int lineno, const char *func,
	enum ast_named_lock_type lock_type, const char *keyspace, const char *key)
{
	struct ast_named_lock *lock;
	char name[512];

	(void) filename;
	(void) lineno;
	(void) func;
	snprintf(name, sizeof(name), "%s-%s", S_OR(keyspace, ""), S_OR(key, ""));
	AST_LIST_LOCK(&locks);
	lock = find(name);
	if (!lock && (lock = ao2_alloc_options(sizeof(*lock) + strlen(name) + 1, free_lock, (unsigned int) lock_type))) {
		strcpy(lock->name, name);
		AST_LIST_INSERT_TAIL(&locks, lock, list);
	}
	AST_LIST_UNLOCK(&locks);
	return lock;
}

/* ---- directories ---- */

#define SECONDS_TO_LOCK 5

static int lock_file(const char *path, char *room, size_t size)
{
	return path && (size_t) snprintf(room, size, "%s/.lock", path) < size;
}

enum AST_LOCK_RESULT ast_lock_path(const char *path)
{
	char file[PATH_MAX];
	int fd, tries;

	if (!lock_file(path, file, sizeof(file)) || access(path, F_OK)) {
		return AST_LOCK_PATH_NOT_FOUND;
	}
	for (tries = 0; tries < SECONDS_TO_LOCK * 100; tries++) {
		fd = open(file, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
		if (fd >= 0) {
			close(fd);
			return AST_LOCK_SUCCESS;
		}
		if (errno != EEXIST) {
			ast_log(LOG_ERROR, "cannot lock '%s': %s\n", path, strerror(errno));
			return AST_LOCK_FAILURE;
		}
		usleep(10000);
	}
	ast_log(LOG_WARNING, "'%s' has been locked for %d seconds; remove '%s' when nobody uses it\n", path, SECONDS_TO_LOCK,
		file);
	return AST_LOCK_TIMEOUT;
}

int ast_unlock_path(const char *path)
{
	char file[PATH_MAX];

	return lock_file(path, file, sizeof(file)) ? unlink(file) : -1;
}

/* ---- the build ---- */

static struct utsname machine;
const char *ast_build_hostname = machine.nodename;
const char *ast_build_kernel = machine.release;
const char *ast_build_machine = machine.machine;
const char *ast_build_os = machine.sysname;
const char *ast_build_date = "unknown";
const char *ast_build_user = "unknown";

static void __attribute__((constructor)) look_at_machine(void)
{
	uname(&machine);
}
