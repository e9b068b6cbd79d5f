/*
 * The presence of people: told by providers, published on stasis.
 *
 * Not supported: caches (ast_presence_state_cache, ast_presence_state_topic_cached); a provider is asked each time.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef ASTERISM_PRESENCESTATE_H
#define ASTERISM_PRESENCESTATE_H

#include "asterisk/stringfields.h"

#ifdef __cplusplus
extern "C" {
#endif

struct stasis_message_type;
struct stasis_topic;

enum ast_presence_state {
	AST_PRESENCE_NOT_SET = 0,
	AST_PRESENCE_UNAVAILABLE,
	AST_PRESENCE_AVAILABLE,
	AST_PRESENCE_AWAY,
	AST_PRESENCE_XA,	/* Away for long. */
	AST_PRESENCE_CHAT,
	AST_PRESENCE_DND,	/* Not to be disturbed. */
	AST_PRESENCE_INVALID,
};

/* Tells a presence; *subtype and *message get texts to be freed, or NULL.  data is what follows the label and the colon. */
typedef enum ast_presence_state (*ast_presence_state_prov_cb_type)(const char *data, char **subtype, char **message);

/* A state as text, "xa"; and back, AST_PRESENCE_INVALID for other texts. */
const char *ast_presence_state2str(enum ast_presence_state state);
enum ast_presence_state ast_presence_state_val(const char *val);

/* The presence of "label:...", asked of its provider; AST_PRESENCE_INVALID when there is none. */
enum ast_presence_state ast_presence_state(const char *presence_provider, char **subtype, char **message);
enum ast_presence_state ast_presence_state_nocache(const char *presence_provider, char **subtype, char **message);

/* Publishes a presence; its provider is asked when it is AST_PRESENCE_NOT_SET.  0, or -1. */
int ast_presence_state_changed(enum ast_presence_state state, const char *subtype, const char *message, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
int ast_presence_state_changed_literal(enum ast_presence_state state, const char *subtype, const char *message,
	const char *presence_provider);

/* Adds or removes a provider: 0, or -1 when the label is taken, or is not there. */
int ast_presence_state_prov_add(const char *label, ast_presence_state_prov_cb_type callback);
int ast_presence_state_prov_del(const char *label);

/* The data of a published message. */
struct ast_presence_state_message {
	AST_DECLARE_STRING_FIELDS(
		AST_STRING_FIELD(provider);
		AST_STRING_FIELD(subtype);
		AST_STRING_FIELD(message);
	);
	enum ast_presence_state state;
};

/* The topic of all presences, and the type of its messages; without references. */
struct stasis_topic *ast_presence_state_topic_all(void);
/* The states that were published last, by provider; and the topic of their changes. */
struct stasis_cache *ast_presence_state_cache(void);
struct stasis_topic *ast_presence_state_topic_cached(void);
struct stasis_message_type *ast_presence_state_message_type(void);

#ifdef __cplusplus
}
#endif

#endif
