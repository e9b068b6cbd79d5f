/*
 * The record of a channel, whose fields runtime/model/channel_fields.py lists.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef ASTERISM_RECORD_H
#define ASTERISM_RECORD_H

#include "fields.h"

#define RECORD_KEPT 16

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

/* Frees the variables of a record. */
HIDDEN void asterism_variables_end(struct asterism_record *record);

/* The value of the newest variable of a name, readable until it was replaced and RECORD_KEPT more were; or NULL. */
HIDDEN const char *asterism_variables_find(struct asterism_record *record, const char *name);

#endif
