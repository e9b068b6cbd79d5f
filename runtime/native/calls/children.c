/*
 * Child processes of modules (asterisk/app.h).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"

#include <signal.h>
#include <sys/wait.h>




int ast_safe_fork(int stop_reaper)
{
	sigset_t all, before;
	struct sigaction usual = { .sa_handler = SIG_DFL };
	int pid, number;

	(void) stop_reaper;	/* The program reaps its own children only. */
	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, &before);
	pid = fork();
	if (!pid) {
		for (number = 1; number < NSIG; number++) {
			sigaction(number, &usual, NULL);
		}
		sigemptyset(&all);
		pthread_sigmask(SIG_SETMASK, &all, NULL);
	} else {
		pthread_sigmask(SIG_SETMASK, &before, NULL);
	}
	return pid;
}

void ast_safe_fork_cleanup(void)
{
}

void ast_close_fds_above_n(int n)
{
	int fd, most = (int) sysconf(_SC_OPEN_MAX);

	for (fd = n + 1; fd < most && fd < 65536; fd++) {
		close(fd);
	}
}

int ast_safe_execvp(int dualfork, const char *file, char *const argv[])
{
	int status = -1, pid;

	(void) dualfork;
	pid = ast_safe_fork(1);
	if (!pid) {
		ast_close_fds_above_n(STDERR_FILENO);
		execvp(file, argv);
		_exit(127);
	}
	return pid > 0 && waitpid(pid, &status, 0) == pid ? status : -1;
}
