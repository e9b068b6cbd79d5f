/*
 * Pipes that wake a poll (asterisk/alertpipe.h).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"

#include <fcntl.h>

#include "asterisk/alertpipe.h"

int ast_alertpipe_init(int alert_pipe[2])
{
	ast_alertpipe_clear(alert_pipe);
	if (pipe2(alert_pipe, O_NONBLOCK | O_CLOEXEC)) {
		ast_log(LOG_WARNING, "cannot open a pipe: %s\n", strerror(errno));
		return -1;
	}
	return 0;
}

void ast_alertpipe_close(int alert_pipe[2])
{
	int i;

	for (i = 0; i < 2; i++) {
		if (alert_pipe[i] > -1) {
			close(alert_pipe[i]);
		}
	}
	ast_alertpipe_clear(alert_pipe);
}

/* Reads up to so many bytes: what became of that. */
static ast_alert_status_t take(int fd, size_t most)
{
	char bytes[256];
	ssize_t count;

	if (fd < 0) {
		return AST_ALERT_NOT_READABLE;
	}
	count = read(fd, bytes, most);
	if (count > 0) {
		return AST_ALERT_READ_SUCCESS;
	}
	return count < 0 && (errno == EINTR || errno == EAGAIN) ? AST_ALERT_READ_FAIL : AST_ALERT_READ_FATAL;
}

ast_alert_status_t ast_alertpipe_read(int alert_pipe[2])
{
	return take(alert_pipe[0], sizeof(int));
}

ast_alert_status_t ast_alertpipe_flush(int alert_pipe[2])
{
	ast_alert_status_t status;

	do {
		status = take(alert_pipe[0], 256);
	} while (status == AST_ALERT_READ_SUCCESS);
	return status == AST_ALERT_READ_FAIL ? AST_ALERT_READ_SUCCESS : status;
}

ssize_t ast_alertpipe_write(int alert_pipe[2])
{
	int one = 1;

	if (alert_pipe[1] < 0) {
		errno = EBADF;
		return -1;
	}
	return write(alert_pipe[1], &one, sizeof(one));
}
