/*
 * The settings of jitter buffers, as channel drivers read them.  There are no jitter buffers here, since no media arrives.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef ASTERISM_ABSTRACT_JB_H
#define ASTERISM_ABSTRACT_JB_H

#ifdef __cplusplus
extern "C" {
#endif

/* The bits of the flags. */
enum {
	AST_JB_ENABLED = (1 << 0),
	AST_JB_FORCED = (1 << 1),
	AST_JB_LOG = (1 << 2),
	AST_JB_SYNC_VIDEO = (1 << 3),
};

#define AST_JB_IMPL_NAME_SIZE 12

struct ast_jb_conf {
	unsigned int flags;
	long max_size;		/* In milliseconds, as the next. */
	long resync_threshold;
	char impl[AST_JB_IMPL_NAME_SIZE];
	long target_extra;
};

/* Takes a line of a configuration file whose name begins with jb: 0, or -1 when it is not one of a jitter buffer. */
int ast_jb_read_conf(struct ast_jb_conf *conf, const char *varname, const char *value);

#ifdef __cplusplus
}
#endif

#endif
