/*
 * Channels.  Here a channel is emulated: it has a name, a place in the dialplan and variables, and carries no media.
 *
 * Text that an accessor gives stays valid while the channel lives.  Every accessor takes a real channel; of NULL it
 * gives "" or 0, and says so in the log.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef ASTERISM_CHANNEL_H
#define ASTERISM_CHANNEL_H

#include "asterisk/astobj2.h"
#include "asterisk/chanvars.h"
#include "asterisk/utils.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Bytes of a name, with the closing NUL. */
#define AST_MAX_EXTENSION 80
#define AST_MAX_CONTEXT 80
#define AST_MAX_ACCOUNT_CODE 80
#define MAX_LANGUAGE 40

/* States of a channel. */
enum ast_channel_state {
	AST_STATE_DOWN,
	AST_STATE_RESERVED,
	AST_STATE_OFFHOOK,
	AST_STATE_DIALING,
	AST_STATE_RING,
	AST_STATE_RINGING,
	AST_STATE_UP,
	AST_STATE_BUSY,
	AST_STATE_DIALING_OFFHOOK,
	AST_STATE_PRERING,
};

/* How the dialplan reads and writes a function: 0, or -1. buf and *str hold at most len bytes with the NUL. */
typedef int (*ast_acf_read_fn_t)(struct ast_channel *chan, const char *function, char *data, char *buf, size_t len);
typedef int (*ast_acf_read2_fn_t)(struct ast_channel *chan, const char *cmd, char *data, struct ast_str **str, ssize_t len);
typedef int (*ast_acf_write_fn_t)(struct ast_channel *chan, const char *function, char *data, const char *value);

const char *ast_channel_name(const struct ast_channel *chan);
const char *ast_channel_uniqueid(const struct ast_channel *chan);
const char *ast_channel_linkedid(const struct ast_channel *chan);
const char *ast_channel_context(const struct ast_channel *chan);
const char *ast_channel_exten(const struct ast_channel *chan);
const char *ast_channel_language(const struct ast_channel *chan);
const char *ast_channel_accountcode(const struct ast_channel *chan);
int ast_channel_priority(const struct ast_channel *chan);
enum ast_channel_state ast_channel_state(const struct ast_channel *chan);
int ast_channel_hangupcause(const struct ast_channel *chan);
void ast_channel_context_set(struct ast_channel *chan, const char *value);
void ast_channel_exten_set(struct ast_channel *chan, const char *value);
void ast_channel_language_set(struct ast_channel *chan, const char *value);
void ast_channel_accountcode_set(struct ast_channel *chan, const char *value);
void ast_channel_priority_set(struct ast_channel *chan, int value);
void ast_channel_hangupcause_set(struct ast_channel *chan, int value);

/* The channel's lock (recursive), and references to it: a channel is an object.  unref gives NULL. */
#define ast_channel_lock(chan) ao2_lock(chan)
#define ast_channel_unlock(chan) ao2_unlock(chan)
#define ast_channel_trylock(chan) ao2_trylock(chan)
#define ast_channel_ref(c) ({ typeof(c) __ast_channel = (c); ao2_ref(__ast_channel, +1); __ast_channel; })
#define ast_channel_unref(c) ({ ao2_ref((c), -1); (struct ast_channel *) NULL; })
#define ast_channel_cleanup(c) ({ ao2_cleanup(c); (struct ast_channel *) NULL; })

/* A channel that only carries variables, to be given back with ast_channel_unref or ast_channel_release. */
#define ast_dummy_channel_alloc() __ast_dummy_channel_alloc(__FILE__, __LINE__, __PRETTY_FUNCTION__)
struct ast_channel *__ast_dummy_channel_alloc(const char *file, int line, const char *function);
struct ast_channel *ast_channel_release(struct ast_channel *chan);
/* A reference to the channel of that name or unique id, or NULL. */
struct ast_channel *ast_channel_get_by_name(const char *name);

/* Media is not emulated, so nothing has to be serviced: 0. */
int ast_autoservice_start(struct ast_channel *chan);
int ast_autoservice_stop(struct ast_channel *chan);
/* 1 when the channel was hung up. */
int ast_check_hangup(struct ast_channel *chan);
/* Waits ms milliseconds: 0, or -1 when the channel is hung up meanwhile. */
int ast_safe_sleep(struct ast_channel *chan, int ms);

#ifdef __cplusplus
}
#endif

#endif
