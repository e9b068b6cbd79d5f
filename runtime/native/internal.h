/*
 * Declarations shared by the C files of the core.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef ASTERISM_INTERNAL_H
#define ASTERISM_INTERNAL_H

#define AST_IN_CORE 1
#define AST_MODULE "core"
#define ASTMM_LIBC 2	/* The core's own malloc is the C library's. */

#include "asterisk.h"
#include "asterisk/app.h"
#include "asterisk/astdb.h"
#include "asterisk/channel.h"
#include "asterisk/chanvars.h"
#include "asterisk/cli.h"
#include "asterisk/config.h"
#include "asterisk/conversions.h"
#include "asterisk/stasis.h"
#include "asterisk/logger.h"
#include "asterisk/manager.h"
#include "asterisk/module.h"
#include "asterisk/options.h"
#include "asterisk/paths.h"
#include "asterisk/pbx.h"
#include "asterisk/indications.h"
#include "asterisk/musiconhold.h"
#include "asterisk/say.h"
#include "asterisk/strings.h"
#include "asterisk/test.h"
#include "asterisk/utils.h"

#include "core.h"
#include "table.h"

#define HIDDEN __attribute__((visibility("hidden")))

/* The client of an action; opaque to modules. */
struct mansession {
	long request;	/* The number of the request in runtime/api/manager.py. */
};

/* A module as the core sees it; `struct ast_module` of the headers. */
struct ast_module {
	int uses;	/* Use count; this and the next two are changed atomically. */
	int holders;	/* The number of references that keep this record; it is freed with the last. */
	int running;
	struct ast_module_user *users;
	char name[];
};

/* ---- format.c ---- */

/*
 * Formats into room (size bytes) or, when that is too small, into memory that *allocated gets.  The text, or NULL when
 * the format was refused (it has %n, or an argument cannot be shown) or out of memory; the reason is logged.
 */
struct asterism_place {
	const char *file;
	int line;
	const char *function;
};
HIDDEN char *asterism_format(char *room, size_t size, char **allocated, const struct asterism_place *place,
	const char *fmt, va_list ap) __attribute__((format(printf, 5, 0)));
HIDDEN int asterism_format_refused(const struct asterism_place *place, const char *fmt);

/* ---- object.c ---- */

/* Whether this is the data of an object; otherwise says in the log what cannot be done with it. */
HIDDEN int asterism_object_is(void *data, const char *doing, const char *file, int line, const char *func);

/* Whether this is the data of an object with that destructor; any pointer that can be read, or NULL. */
HIDDEN int asterism_object_is_of(const void *data, void (*destructor)(void *));

/* Adds a reference to an object whose last reference may be in release: 1, or 0 when released.  The object is readable. */
HIDDEN int asterism_object_revive(void *data);

/* ---- realtime.c ---- */

/* Lets the engine of a file fill a config: 1 with the result, or 0 when no engine has the file. */
HIDDEN int asterism_realtime_file(const char *filename, const char *who_asked, unsigned int flags,
	struct ast_config *cfg, struct ast_config **result);

/* ---- config_hooks.c ---- */

/* Calls the hooks of a module for a file that was read. */
HIDDEN void asterism_config_hooks(const char *filename, const char *module, const struct ast_config *cfg);

/* ---- log.c ---- */

/* Reports a call of a function implemented in Python while no core is bound. */
HIDDEN void asterism_unbound(const char *function);

/* ---- record.c, channel.c: what the accessors of a channel's fields do; fields.c has them ---- */

/* The value of a field for a C module; "", 0 or NULL, with a message under the name of the function, without a channel. */
HIDDEN const char *asterism_channel_text(const struct ast_channel *chan, int which, const char *function);
HIDDEN void asterism_channel_set_text(struct ast_channel *chan, int which, const char *value, const char *function);
HIDDEN long long asterism_channel_number(const struct ast_channel *chan, int which, const char *function);
HIDDEN void asterism_channel_set_number(struct ast_channel *chan, int which, long long value, const char *function);
HIDDEN void *asterism_channel_native(const struct ast_channel *chan, int which, const char *function);
HIDDEN void asterism_channel_set_native(struct ast_channel *chan, int which, void *value, const char *function);

/* ---- providers.c ---- */

/* A module is closed: removes the named callbacks that it left. */
HIDDEN void asterism_providers_closing(const char *module, void *handle);

/* ---- codecs.c ---- */

/* Adds a copy of a codec: the copy without a reference, or NULL when there is one like it. */
struct ast_codec;
HIDDEN struct ast_codec *asterism_codec_add(const struct ast_codec *codec);
/* A module is closed: its codecs remain without their callbacks. */
HIDDEN void asterism_codecs_closing(void *handle);

/* ---- tech.c ---- */

/* The state of a device that a technology tells; AST_DEVICE_UNKNOWN when it tells none, -1 without such a technology. */
HIDDEN int asterism_technology_state(const char *technology, const char *number);

/* ---- devicestate.c ---- */

/* A channel of a technology has another state, or is gone: its device is asked for its state, in another thread. */
HIDDEN void asterism_device_of_channel_changed(const char *channel);

/* ---- calls/voicemail.c ---- */

/* A module is closed: forgets that it provides voicemail. */
HIDDEN void asterism_voicemail_closing(const struct ast_module *module);

/* ---- frames.c ---- */

/* What a channel reads next, and in which formats; all zeros at first, used under the lock of the channel. */
struct asterism_frames {
	AST_LIST_HEAD_NOLOCK(, ast_frame) queue;
	struct ast_format *read;	/* NULL for the usual one. */
	struct ast_format *write;
	struct ast_format *raw_read;	/* NULL for the same as without raw. */
	struct ast_format *raw_write;
	struct ast_flags flags;
	char digit;			/* A digit that was typed and not read; 0 for none. */
};
HIDDEN struct asterism_frames *asterism_channel_frames(struct ast_channel *chan, const char *function);
HIDDEN void asterism_frames_end(struct asterism_frames *frames);

/* ---- interfaces.c ---- */

/* The interface of a codec or NULL, which can be used until the matching end. */
struct ast_format_interface;
HIDDEN const struct ast_format_interface *asterism_interface_begin(const char *codec);
HIDDEN void asterism_interface_end(void);

/* ---- call.c ---- */

/* Where this thread is in modules: the innermost call first. */
struct asterism_mark {
	const char *module;
	const char *callback;
	struct asterism_mark *outer;
};
HIDDEN extern __thread struct asterism_mark *asterism_marks;
HIDDEN void asterism_enter(struct asterism_mark *mark, const char *module, const char *callback);
HIDDEN void asterism_leave(struct asterism_mark *mark);

/* ---- process.c ---- */

/* A callback has returned: ends a child process that was made in it. */
HIDDEN void asterism_process_returned(const struct asterism_mark *mark);

/* ---- crash.c ---- */

/* Gives this thread a stack for the crash handler, once. */
HIDDEN void asterism_crash_prepare_thread(void);

#endif
