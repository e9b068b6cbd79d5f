/*
 * The record of a channel, whose fields runtime/model/channel_fields.py lists.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef ASTERISM_RECORD_H
#define ASTERISM_RECORD_H

#include "asterisk/vector.h"

#include "fields.h"

#define RECORD_KEPT 16

/* The source of frames of silence that the core makes. */
#define ASTERISM_SILENCE "silence"

/* Logs once that a function only pretends to do something; runtime/bridge/coverage_page.py lists these functions. */
#define PRETENDED(words) \
	do { \
		static int is_told; \
		\
		if (!__atomic_exchange_n(&is_told, 1, __ATOMIC_RELAXED)) { \
			ast_log(LOG_NOTICE, "%s\n", words); \
		} \
	} while (0)

/*
 * An object whose lock the channel uses too; Python keeps a reference as long as it has the channel, so that fields and
 * variables outlive the channel's own object.
 *
 * The lock of the object, which is the channel's, protects the parties and the variables, which modules read and write
 * in place.  Texts are replaced under `changing`, a leaf: nothing else is locked, called or waited for while it is held.
 * Numbers are atomic.
 */
struct asterism_record {
	ast_mutex_t changing;
	char *texts[ASTERISM_TEXTS];	/* NULL for an empty one; read with atomic loads. */
	long long numbers[ASTERISM_NUMBERS];
	char *replaced_texts[RECORD_KEPT];	/* Kept readable for threads that may just be using them. */
	unsigned int next_text;

	struct ast_party_dialed dialed;
	struct ast_party_caller caller;
	struct ast_party_connected_line connected;
	struct ast_party_redirecting redirecting;

	struct varshead variables;	/* The newest first. */
	struct ast_var_t *replaced[RECORD_KEPT];	/* As with the texts. */
	unsigned int next;
};

/* The record of a channel; NULL, which is logged under the name of the function, for anything else. */
HIDDEN struct asterism_record *asterism_channel_record(const struct ast_channel *chan, const char *function);

/* What a channel has as long as modules have references to it; used with the channel locked. */
struct asterism_attached {
	struct ast_vector_int descriptors;	/* -1 for none. */
	struct ast_format_cap *formats;		/* The native ones; NULL for the usual. */
	struct stasis_topic *topic;		/* NULL until somebody asks for it. */
	struct stasis_forward *to_all;		/* From this topic to the one of all channels. */
	struct stasis_forward *to_endpoint;
	struct ast_endpoint *endpoint;		/* The one that the channel belongs to, or NULL. */
	struct ast_channel_snapshot *snapshot;	/* The last one that was published, or NULL. */
	struct timeval whentohangup;
};
HIDDEN struct asterism_attached *asterism_channel_attached(struct ast_channel *chan, const char *function);
HIDDEN void asterism_attached_end(struct asterism_attached *attached);

/* Takes a channel that ends out of its endpoint: snapshots/endpoints.c. */
HIDDEN void asterism_endpoint_left(struct ast_channel *chan);

/* The unique id of the bridge that the channel is in; "" without a bridge. */
HIDDEN const char *asterism_channel_bridge_id(struct ast_channel *chan);

/* ---- tech.c: what the core's own channels have, and frames of a module's own ---- */

extern HIDDEN const struct ast_channel_tech asterism_emulated_tech;
HIDDEN int asterism_tech_has_frame(struct ast_channel *chan);
/* The frame that the technology has read, for ast_frfree; NULL when nothing has arrived. */
HIDDEN struct ast_frame *asterism_tech_read(struct ast_channel *chan);
HIDDEN int asterism_tech_write(struct ast_channel *chan, struct ast_frame *frame);

/* ---- media/audiohook.c ---- */

/* Detaches the hooks of a channel that ends. */
HIDDEN void asterism_audiohooks_end(struct ast_channel *chan);

/* ---- generator.c ---- */

/* A frame was read: the generator makes as much. */
HIDDEN void asterism_generator_run(struct ast_channel *chan, const struct ast_frame *frame);
HIDDEN void asterism_generator_digit(struct ast_channel *chan, char digit);
/* Whether a generator has the channel, so that what others write is dropped; one that may be interrupted is ended. */
HIDDEN int asterism_generator_has(struct ast_channel *chan);

/* Frees the variables of a record. */
HIDDEN void asterism_variables_end(struct asterism_record *record);

/* The value of the newest variable of a name, readable until it was replaced and RECORD_KEPT more were; or NULL. */
HIDDEN const char *asterism_variables_find(struct asterism_record *record, const char *name);

#endif
