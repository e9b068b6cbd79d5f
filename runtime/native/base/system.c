/*
 * Shell commands, for applications whose purpose is to run them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"

#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>

extern char **environ;

/* Starts the shell with no signal blocked or ignored, independent of this thread: 0, or an error. */
static int start(pid_t *pid, const char *text)
{
	char *const words[] = { "/bin/sh", "-c", (char *) text, NULL };
	posix_spawnattr_t attributes;
	sigset_t none, all;
	int error;

	sigemptyset(&none);
	sigfillset(&all);
	error = posix_spawnattr_init(&attributes);
	if (error) {
		return error;
	}
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	posix_spawnattr_setsigmask(&attributes, &none);
	posix_spawnattr_setsigdefault(&attributes, &all);
	error = posix_spawn(pid, words[0], NULL, &attributes, words, environ);
	posix_spawnattr_destroy(&attributes);
	return error;
}

int ast_safe_system(const char *s)
{
	int error, status;
	pid_t pid;

	if (!s) {
		return -1;
	}
	error = start(&pid, s);
	if (error) {
		ast_log(LOG_WARNING, "cannot run /bin/sh: %s\n", strerror(error));
		return -1;
	}
	while (waitpid(pid, &status, 0) < 0) {
		if (errno != EINTR) {
			ast_log(LOG_WARNING, "cannot read the exit status of '%s': %s\n", s, strerror(errno));
			return -1;
		}
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}
