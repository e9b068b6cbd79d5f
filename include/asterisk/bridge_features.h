/*
 * Hooks and features of a channel in a bridge.
 *
 * Hooks are called in the thread of the channel, with nothing locked.  A hook that returns -1 is removed.  NULL as a structure or a
 * callback gives -1.  Digits are hooked as the channel reads them; what a caller types at the terminal is such a digit.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef ASTERISM_BRIDGE_FEATURES_H
#define ASTERISM_BRIDGE_FEATURES_H

#include "asterisk/channel.h"
#include "asterisk/heap.h"
#include "asterisk/stringfields.h"
#include "asterisk/utils.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The most bytes of the digits of a feature, with the closing NUL. */
#define MAXIMUM_DTMF_FEATURE_STRING (11 + 1)

/* What a bridge does: when it ends by itself, whether its technology changes with its channels, who may come and go. */
enum ast_bridge_feature_flags {
	AST_BRIDGE_FLAG_DISSOLVE_HANGUP = (1 << 0),
	AST_BRIDGE_FLAG_DISSOLVE_EMPTY = (1 << 1),
	AST_BRIDGE_FLAG_SMART = (1 << 2),
	AST_BRIDGE_FLAG_MERGE_INHIBIT_FROM = (1 << 3),
	AST_BRIDGE_FLAG_MERGE_INHIBIT_TO = (1 << 4),
	AST_BRIDGE_FLAG_SWAP_INHIBIT_FROM = (1 << 5),
	AST_BRIDGE_FLAG_SWAP_INHIBIT_TO = (1 << 6),
	AST_BRIDGE_FLAG_MASQUERADE_ONLY = (1 << 7),
	AST_BRIDGE_FLAG_TRANSFER_PROHIBITED = (1 << 8),
	AST_BRIDGE_FLAG_TRANSFER_BRIDGE_ONLY = (1 << 9),
	AST_BRIDGE_FLAG_INVISIBLE = (1 << 10),
};

/* What a channel does to its bridge: its hangup ends it; it does not keep it alive; it is not moved to another. */
enum ast_bridge_channel_feature_flags {
	AST_BRIDGE_CHANNEL_FLAG_DISSOLVE_HANGUP = (1 << 0),
	AST_BRIDGE_CHANNEL_FLAG_LONELY = (1 << 1),
	AST_BRIDGE_CHANNEL_FLAG_IMMOVABLE = (1 << 2),
};

enum ast_bridge_builtin_feature {
	AST_BRIDGE_BUILTIN_BLINDTRANSFER,
	AST_BRIDGE_BUILTIN_ATTENDEDTRANSFER,
	AST_BRIDGE_BUILTIN_HANGUP,
	AST_BRIDGE_BUILTIN_PARKCALL,
	AST_BRIDGE_BUILTIN_AUTOMIXMON,
	AST_BRIDGE_BUILTIN_END
};
enum ast_bridge_builtin_interval {
	AST_BRIDGE_BUILTIN_INTERVAL_LIMITS,
	AST_BRIDGE_BUILTIN_INTERVAL_END
};

struct ast_bridge;
struct ast_bridge_channel;

typedef int (*ast_bridge_hook_callback)(struct ast_bridge_channel *bridge_channel, void *hook_pvt);
typedef void (*ast_bridge_hook_pvt_destructor)(void *hook_pvt);
typedef int (*ast_bridge_talking_indicate_callback)(struct ast_bridge_channel *bridge_channel, void *hook_pvt, int
	talking);
typedef int (*ast_bridge_move_indicate_callback)(struct ast_bridge_channel *bridge_channel, void *hook_pvt,
	struct ast_bridge *src, struct ast_bridge *dst);

/* When a hook is removed by itself: when its channel leaves a bridge, or the bridge changes its personality. */
enum ast_bridge_hook_remove_flags {
	AST_BRIDGE_HOOK_REMOVE_ON_PULL = (1 << 0),
	AST_BRIDGE_HOOK_REMOVE_ON_PERSONALITY_CHANGE = (1 << 1),
};
enum ast_bridge_hook_type {
	AST_BRIDGE_HOOK_TYPE_NONE,
	AST_BRIDGE_HOOK_TYPE_DTMF,
	AST_BRIDGE_HOOK_TYPE_TIMER,
	AST_BRIDGE_HOOK_TYPE_HANGUP,
	AST_BRIDGE_HOOK_TYPE_JOIN,
	AST_BRIDGE_HOOK_TYPE_LEAVE,
	AST_BRIDGE_HOOK_TYPE_TALK,
	AST_BRIDGE_HOOK_TYPE_MOVE,
};

/* A hook, an object; remove_flags are of enum ast_bridge_hook_remove_flags. */
struct ast_bridge_hook {
	ast_bridge_hook_callback callback;
	ast_bridge_hook_pvt_destructor destructor;
	void *hook_pvt;
	struct ast_flags remove_flags;
	enum ast_bridge_hook_type type;
};
struct ast_bridge_hook_dtmf_parms {
	char code[MAXIMUM_DTMF_FEATURE_STRING];
};
struct ast_bridge_hook_dtmf {
	struct ast_bridge_hook generic;
	struct ast_bridge_hook_dtmf_parms dtmf;
};
enum ast_bridge_hook_timer_option {
	AST_BRIDGE_HOOK_TIMER_OPTION_MEDIA = (1 << 0),
};
/* interval in milliseconds; seqno orders hooks of the same time. */
struct ast_bridge_hook_timer_parms {
	struct timeval trip_time;
	ssize_t heap_index;
	unsigned int interval;
	unsigned int seqno;
	unsigned int flags;
};
struct ast_bridge_hook_timer {
	struct ast_bridge_hook generic;
	struct ast_bridge_hook_timer_parms timer;
};

/* The hooks of a channel and how it takes part; usable when there is a hook. */
struct ast_bridge_features {
	struct ao2_container *dtmf_hooks;
	struct ao2_container *other_hooks;
	struct ast_heap *interval_hooks;
	struct ast_flags feature_flags;
	unsigned int interval_sequence;
	unsigned int usable:1;
	unsigned int mute:1;
	unsigned int dtmf_passthrough:1;
	unsigned int inhibit_colp:1;
	unsigned int text_messaging:1;
};
struct ast_bridge_features_blind_transfer {
	char context[AST_MAX_CONTEXT];
};
struct ast_bridge_features_attended_transfer {
	char context[AST_MAX_CONTEXT];
	char abort[MAXIMUM_DTMF_FEATURE_STRING];
	char threeway[MAXIMUM_DTMF_FEATURE_STRING];
	char complete[MAXIMUM_DTMF_FEATURE_STRING];
	char swap[MAXIMUM_DTMF_FEATURE_STRING];
};
enum ast_bridge_features_monitor {
	AUTO_MONITOR_TOGGLE,
	AUTO_MONITOR_START,
	AUTO_MONITOR_STOP,
};
struct ast_bridge_features_automixmonitor {
	enum ast_bridge_features_monitor start_stop;
};
/* How long a channel may stay, in milliseconds, and when it is warned. */
struct ast_bridge_features_limits {
	AST_DECLARE_STRING_FIELDS(
	AST_STRING_FIELD(duration_sound);
	AST_STRING_FIELD(warning_sound);
	AST_STRING_FIELD(connect_sound);
	);
	struct timeval quitting_time;
	unsigned int duration;
	unsigned int warning;
	unsigned int frequency;
};

/* Provides a built-in feature, with the digits that call for it (NULL: none): 0, or -1 when it is provided already.  unregister: 0, or -1.
 * do calls it: its result, or -1. */
int ast_bridge_features_register(enum ast_bridge_builtin_feature feature, ast_bridge_hook_callback callback,
	const char *dtmf);
int ast_bridge_features_unregister(enum ast_bridge_builtin_feature feature);
int ast_bridge_features_do(enum ast_bridge_builtin_feature feature, struct ast_bridge_channel *bridge_channel, void
	*hook_pvt);
/* Provides the limits of a call, which ast_bridge_features_set_limits asks for: 0, or -1. */
typedef int (*ast_bridge_builtin_set_limits_fn)(struct ast_bridge_features *features,
	struct ast_bridge_features_limits *limits, enum ast_bridge_hook_remove_flags remove_flags);
int ast_bridge_interval_register(enum ast_bridge_builtin_interval interval, ast_bridge_builtin_set_limits_fn callback);
int ast_bridge_interval_unregister(enum ast_bridge_builtin_interval interval);

/* Add a hook: 0, or -1; after -1 the caller still owns hook_pvt.  join: when the channel has entered; leave: when it leaves; hangup: when it hangs up. */
int ast_bridge_join_hook(struct ast_bridge_features *features, ast_bridge_hook_callback callback, void *hook_pvt,
	ast_bridge_hook_pvt_destructor destructor, enum ast_bridge_hook_remove_flags remove_flags);
int ast_bridge_leave_hook(struct ast_bridge_features *features, ast_bridge_hook_callback callback, void *hook_pvt,
	ast_bridge_hook_pvt_destructor destructor, enum ast_bridge_hook_remove_flags remove_flags);
int ast_bridge_hangup_hook(struct ast_bridge_features *features, ast_bridge_hook_callback callback, void *hook_pvt,
	ast_bridge_hook_pvt_destructor destructor, enum ast_bridge_hook_remove_flags remove_flags);
/* When these digits were typed; they are then not passed to the bridge. */
int ast_bridge_dtmf_hook(struct ast_bridge_features *features, const char *dtmf, ast_bridge_hook_callback callback,
	void *hook_pvt, ast_bridge_hook_pvt_destructor destructor, enum ast_bridge_hook_remove_flags remove_flags);
/* Every interval milliseconds, at least 1; a positive result of the callback is the new interval. */
int ast_bridge_interval_hook(struct ast_bridge_features *features, enum ast_bridge_hook_timer_option flags,
	unsigned int interval, ast_bridge_hook_callback callback, void *hook_pvt, ast_bridge_hook_pvt_destructor
	destructor, enum ast_bridge_hook_remove_flags remove_flags);
/* When ast_bridge_channel_notify_talking tells of it; when the channel was moved to another bridge. */
int ast_bridge_talk_detector_hook(struct ast_bridge_features *features, ast_bridge_talking_indicate_callback callback,
	void *hook_pvt, ast_bridge_hook_pvt_destructor destructor, enum ast_bridge_hook_remove_flags remove_flags);
int ast_bridge_move_hook(struct ast_bridge_features *features, ast_bridge_move_indicate_callback callback, void
	*hook_pvt, ast_bridge_hook_pvt_destructor destructor, enum ast_bridge_hook_remove_flags remove_flags);
/* Has the digits of a feature (NULL: those of its registration) call it: 0, or -1.  config goes to the callback. */
int ast_bridge_features_enable(struct ast_bridge_features *features, enum ast_bridge_builtin_feature feature,
	const char *dtmf, void *config, ast_bridge_hook_pvt_destructor destructor, enum ast_bridge_hook_remove_flags
	remove_flags);
int ast_bridge_features_limits_construct(struct ast_bridge_features_limits *limits);
void ast_bridge_features_limits_destroy(struct ast_bridge_features_limits *limits);
/* Has the module that provides limits set them up: 0, or -1 when no module does. */
int ast_bridge_features_set_limits(struct ast_bridge_features *features, struct ast_bridge_features_limits *limits,
	enum ast_bridge_hook_remove_flags remove_flags);
/* Sets flags of enum ast_bridge_channel_feature_flags. */
void ast_bridge_features_set_flag(struct ast_bridge_features *features, unsigned int flag);
/* Adds the hooks and flags of another one. */
void ast_bridge_features_merge(struct ast_bridge_features *into, const struct ast_bridge_features *from);
/* init and cleanup are for a structure of the caller; new and destroy for one of the heap.  0 or -1; NULL when out of memory. */
int ast_bridge_features_init(struct ast_bridge_features *features);
void ast_bridge_features_cleanup(struct ast_bridge_features *features);
struct ast_bridge_features *ast_bridge_features_new(void);
void ast_bridge_features_destroy(struct ast_bridge_features *features);

#ifdef __cplusplus
}
#endif

#endif
