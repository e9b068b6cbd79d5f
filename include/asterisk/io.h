/*
 * Waiting for several descriptors in one thread, with a callback for each.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef ASTERISM_IO_H
#define ASTERISM_IO_H

#include "asterisk/netsock2.h"
#include "asterisk/poll-compat.h"

#ifdef __cplusplus
extern "C" {
#endif

#define AST_IO_IN POLLIN
#define AST_IO_OUT POLLOUT
#define AST_IO_PRI POLLPRI
#define AST_IO_ERR POLLERR
#define AST_IO_HUP POLLHUP
#define AST_IO_NVAL POLLNVAL

struct io_context;

/* Called with what is ready; a descriptor whose callback gives 0 is removed. */
typedef int (*ast_io_cb)(int *id, int fd, short events, void *cbdata);
#define AST_IO_CB(a) ((ast_io_cb) (a))

/* A context without descriptors, or NULL. */
struct io_context *io_context_create(void);
void io_context_destroy(struct io_context *ioc);
/* Adds a descriptor: its id, which stays valid until the descriptor is removed; or NULL. */
int *ast_io_add(struct io_context *ioc, int fd, ast_io_cb callback, short events, void *data);
/* Changes what is given: fd unless below 0, callback unless NULL, events unless below 0, data unless NULL.  The id, or NULL. */
int *ast_io_change(struct io_context *ioc, int *id, int fd, ast_io_cb callback, short events, void *data);
/* Removes a descriptor: 0, or -1 when it is not in the context. */
int ast_io_remove(struct io_context *ioc, int *id);
/* Waits up to howlong milliseconds (-1: without limit) and calls the callbacks: the number of ready descriptors, or -1. */
int ast_io_wait(struct io_context *ioc, int howlong);
/* Writes the descriptors of a context to the log, as debug messages. */
void ast_io_dump(struct io_context *ioc);

/* The width of a terminal; 80 when the descriptor is not a terminal. */
int ast_get_termcols(int fd);

#ifdef __cplusplus
}
#endif

#endif
