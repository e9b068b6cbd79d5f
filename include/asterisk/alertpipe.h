/*
 * A pipe that wakes a thread which polls: both ends do not block.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef ASTERISM_ALERTPIPE_H
#define ASTERISM_ALERTPIPE_H

#include "asterisk/inline_api.h"

#ifdef __cplusplus
extern "C" {
#endif

enum ast_alert_status {
	AST_ALERT_READ_SUCCESS = 0,
	AST_ALERT_NOT_READABLE,
	AST_ALERT_READ_FAIL,
	AST_ALERT_READ_FATAL,
};
typedef enum ast_alert_status ast_alert_status_t;

/* Opens the pipe: 0, or -1; and closes what is open of it. */
int ast_alertpipe_init(int alert_pipe[2]);
void ast_alertpipe_close(int alert_pipe[2]);
/* Takes one alert; all of them.  What became of that. */
ast_alert_status_t ast_alertpipe_read(int alert_pipe[2]);
ast_alert_status_t ast_alertpipe_flush(int alert_pipe[2]);
/* Adds an alert: how many bytes were written, or -1 with errno. */
ssize_t ast_alertpipe_write(int alert_pipe[2]);

/* An end, or -1; whether an end is open; a pipe that is closed, without closing anything; one pipe takes over another's ends. */
AST_INLINE_API(
int ast_alertpipe_readfd(int alert_pipe[2]),
{
	return alert_pipe[0];
}
)
AST_INLINE_API(
int ast_alertpipe_readable(int alert_pipe[2]),
{
	return alert_pipe[0] > -1;
}
)
AST_INLINE_API(
int ast_alertpipe_writable(int alert_pipe[2]),
{
	return alert_pipe[1] > -1;
}
)
AST_INLINE_API(
void ast_alertpipe_clear(int alert_pipe[2]),
{
	alert_pipe[0] = alert_pipe[1] = -1;
}
)
AST_INLINE_API(
void ast_alertpipe_swap(int alert_pipe_1[2], int alert_pipe_2[2]),
{
	int kept[2] = { alert_pipe_1[0], alert_pipe_1[1] };

	alert_pipe_1[0] = alert_pipe_2[0];
	alert_pipe_1[1] = alert_pipe_2[1];
	alert_pipe_2[0] = kept[0];
	alert_pipe_2[1] = kept[1];
}
)

#ifdef __cplusplus
}
#endif

#endif
