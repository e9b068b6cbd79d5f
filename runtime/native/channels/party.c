/*
 * The parties of a call: records of allocated texts.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"

static char *copied(const char *text)
{
	return text ? strdup(text) : NULL;
}

/* Copies a text in an update: NULL leaves the old text. */
static void take(char **dest, const char *text)
{
	if (text && text != *dest) {
		free(*dest);
		*dest = strdup(text);
	}
}

void ast_party_name_init(struct ast_party_name *init)
{
	*init = (struct ast_party_name) {
		.char_set = AST_PARTY_CHAR_SET_ISO8859_1,
		.presentation = AST_PRES_ALLOWED_USER_NUMBER_NOT_SCREENED,
	};
}

void ast_party_number_init(struct ast_party_number *init)
{
	*init = (struct ast_party_number) { .presentation = AST_PRES_ALLOWED_USER_NUMBER_NOT_SCREENED, };
}

void ast_party_subaddress_init(struct ast_party_subaddress *init)
{
	*init = (struct ast_party_subaddress) { .str = NULL, };
}

/* Functions common to the three records with one text. */
#define TEXT_RECORD(kind) \
	void ast_party_##kind##_copy(struct ast_party_##kind *dest, const struct ast_party_##kind *src) \
	{ \
		if (dest != src) { \
			free(dest->str); \
			*dest = *src; \
			dest->str = copied(src->str); \
		} \
	} \
	void ast_party_##kind##_set_init(struct ast_party_##kind *init, const struct ast_party_##kind *guide) \
	{ \
		*init = *guide; \
		init->str = NULL; \
	} \
	void ast_party_##kind##_set(struct ast_party_##kind *dest, const struct ast_party_##kind *src) \
	{ \
		if (dest != src) { \
			char *str; \
			\
			take(&dest->str, src->str); \
			str = dest->str; \
			*dest = *src; \
			dest->str = str; \
		} \
	} \
	void ast_party_##kind##_free(struct ast_party_##kind *doomed) \
	{ \
		free(doomed->str); \
		doomed->str = NULL; \
	}

TEXT_RECORD(name)
TEXT_RECORD(number)
TEXT_RECORD(subaddress)

void ast_party_id_init(struct ast_party_id *init)
{
	ast_party_name_init(&init->name);
	ast_party_number_init(&init->number);
	ast_party_subaddress_init(&init->subaddress);
	init->tag = NULL;
}

void ast_party_id_copy(struct ast_party_id *dest, const struct ast_party_id *src)
{
	if (dest != src) {
		ast_party_name_copy(&dest->name, &src->name);
		ast_party_number_copy(&dest->number, &src->number);
		ast_party_subaddress_copy(&dest->subaddress, &src->subaddress);
		free(dest->tag);
		dest->tag = copied(src->tag);
	}
}

void ast_party_id_set_init(struct ast_party_id *init, const struct ast_party_id *guide)
{
	ast_party_name_set_init(&init->name, &guide->name);
	ast_party_number_set_init(&init->number, &guide->number);
	ast_party_subaddress_set_init(&init->subaddress, &guide->subaddress);
	init->tag = NULL;
}

void ast_party_id_set(struct ast_party_id *dest, const struct ast_party_id *src, const struct ast_set_party_id *update)
{
	if (dest == src) {
		return;
	}
	if (!update || update->name) {
		ast_party_name_set(&dest->name, &src->name);
	}
	if (!update || update->number) {
		ast_party_number_set(&dest->number, &src->number);
	}
	if (!update || update->subaddress) {
		ast_party_subaddress_set(&dest->subaddress, &src->subaddress);
	}
	take(&dest->tag, src->tag);
}

void ast_party_id_free(struct ast_party_id *doomed)
{
	ast_party_name_free(&doomed->name);
	ast_party_number_free(&doomed->number);
	ast_party_subaddress_free(&doomed->subaddress);
	free(doomed->tag);
	doomed->tag = NULL;
}

void ast_party_id_invalidate(struct ast_party_id *id)
{
	id->name.valid = 0;
	id->number.valid = 0;
	id->subaddress.valid = 0;
}

void ast_party_id_reset(struct ast_party_id *id)
{
	ast_party_id_free(id);
	ast_party_id_init(id);
}

/* The more it hides, the lower; what says nothing comes last. */
static int openness(int valid, int presentation)
{
	switch (valid ? presentation & AST_PRES_RESTRICTION : AST_PRES_RESERVED) {
	case AST_PRES_RESTRICTED:
		return 0;
	case AST_PRES_ALLOWED:
		return 1;
	case AST_PRES_UNAVAILABLE:
		return 2;
	default:
		return 3;
	}
}

int ast_party_id_presentation(const struct ast_party_id *id)
{
	static const int restrictions[] = {
		AST_PRES_RESTRICTED, AST_PRES_ALLOWED, AST_PRES_UNAVAILABLE, AST_PRES_UNAVAILABLE,
	};
	int name = openness(id->name.valid, id->name.presentation);
	int number = openness(id->number.valid, id->number.presentation);
	int screening = id->number.valid ? id->number.presentation & AST_PRES_NUMBER_TYPE : AST_PRES_USER_NUMBER_UNSCREENED;
	int restriction = restrictions[MIN(name, number)];

	return restriction == AST_PRES_UNAVAILABLE ? AST_PRES_NUMBER_NOT_AVAILABLE : restriction | screening;
}

void ast_party_dialed_init(struct ast_party_dialed *init)
{
	*init = (struct ast_party_dialed) { .transit_network_select = 0, };
}

void ast_party_dialed_copy(struct ast_party_dialed *dest, const struct ast_party_dialed *src)
{
	if (dest != src) {
		free(dest->number.str);
		dest->number.str = copied(src->number.str);
		dest->number.plan = src->number.plan;
		ast_party_subaddress_copy(&dest->subaddress, &src->subaddress);
		dest->transit_network_select = src->transit_network_select;
	}
}

void ast_party_dialed_set_init(struct ast_party_dialed *init, const struct ast_party_dialed *guide)
{
	init->number.str = NULL;
	init->number.plan = guide->number.plan;
	ast_party_subaddress_set_init(&init->subaddress, &guide->subaddress);
	init->transit_network_select = guide->transit_network_select;
}

void ast_party_dialed_set(struct ast_party_dialed *dest, const struct ast_party_dialed *src)
{
	take(&dest->number.str, src->number.str);
	dest->number.plan = src->number.plan;
	ast_party_subaddress_set(&dest->subaddress, &src->subaddress);
	dest->transit_network_select = src->transit_network_select;
}

void ast_party_dialed_free(struct ast_party_dialed *doomed)
{
	free(doomed->number.str);
	doomed->number.str = NULL;
	ast_party_subaddress_free(&doomed->subaddress);
}

void ast_party_caller_init(struct ast_party_caller *init)
{
	ast_party_id_init(&init->id);
	ast_party_id_init(&init->ani);
	ast_party_id_init(&init->priv);
	init->ani2 = 0;
}

void ast_party_caller_copy(struct ast_party_caller *dest, const struct ast_party_caller *src)
{
	ast_party_id_copy(&dest->id, &src->id);
	ast_party_id_copy(&dest->ani, &src->ani);
	ast_party_id_copy(&dest->priv, &src->priv);
	dest->ani2 = src->ani2;
}

void ast_party_caller_set_init(struct ast_party_caller *init, const struct ast_party_caller *guide)
{
	ast_party_id_set_init(&init->id, &guide->id);
	ast_party_id_set_init(&init->ani, &guide->ani);
	ast_party_id_set_init(&init->priv, &guide->priv);
	init->ani2 = guide->ani2;
}

void ast_party_caller_set(struct ast_party_caller *dest, const struct ast_party_caller *src,
	const struct ast_set_party_caller *update)
{
	ast_party_id_set(&dest->id, &src->id, update ? &update->id : NULL);
	ast_party_id_set(&dest->ani, &src->ani, update ? &update->ani : NULL);
	ast_party_id_set(&dest->priv, &src->priv, update ? &update->priv : NULL);
	dest->ani2 = src->ani2;
}

void ast_party_caller_free(struct ast_party_caller *doomed)
{
	ast_party_id_free(&doomed->id);
	ast_party_id_free(&doomed->ani);
	ast_party_id_free(&doomed->priv);
}

void ast_party_connected_line_init(struct ast_party_connected_line *init)
{
	ast_party_id_init(&init->id);
	ast_party_id_init(&init->ani);
	ast_party_id_init(&init->priv);
	init->ani2 = 0;
	init->source = 0;
}

void ast_party_connected_line_copy(struct ast_party_connected_line *dest, const struct ast_party_connected_line *src)
{
	ast_party_id_copy(&dest->id, &src->id);
	ast_party_id_copy(&dest->ani, &src->ani);
	ast_party_id_copy(&dest->priv, &src->priv);
	dest->ani2 = src->ani2;
	dest->source = src->source;
}

void ast_party_connected_line_set_init(struct ast_party_connected_line *init,
	const struct ast_party_connected_line *guide)
{
	ast_party_id_set_init(&init->id, &guide->id);
	ast_party_id_set_init(&init->ani, &guide->ani);
	ast_party_id_set_init(&init->priv, &guide->priv);
	init->ani2 = guide->ani2;
	init->source = guide->source;
}

void ast_party_connected_line_set(struct ast_party_connected_line *dest, const struct ast_party_connected_line *src,
	const struct ast_set_party_connected_line *update)
{
	ast_party_id_set(&dest->id, &src->id, update ? &update->id : NULL);
	ast_party_id_set(&dest->ani, &src->ani, update ? &update->ani : NULL);
	ast_party_id_set(&dest->priv, &src->priv, update ? &update->priv : NULL);
	dest->ani2 = src->ani2;
	dest->source = src->source;
}

void ast_party_connected_line_free(struct ast_party_connected_line *doomed)
{
	ast_party_id_free(&doomed->id);
	ast_party_id_free(&doomed->ani);
	ast_party_id_free(&doomed->priv);
}

#define REDIRECTING_IDS(record) \
	{ &(record)->orig, &(record)->from, &(record)->to, &(record)->priv_orig, &(record)->priv_from, &(record)->priv_to }

void ast_party_redirecting_init(struct ast_party_redirecting *init)
{
	struct ast_party_id *ids[] = REDIRECTING_IDS(init);
	size_t i;

	for (i = 0; i < ARRAY_LEN(ids); i++) {
		ast_party_id_init(ids[i]);
	}
	init->reason = (struct ast_party_redirecting_reason) { .code = 0, };
	init->orig_reason = init->reason;
	init->count = 0;
}

static void copy_reason(struct ast_party_redirecting_reason *dest, const struct ast_party_redirecting_reason *src)
{
	free(dest->str);
	dest->str = copied(src->str);
	dest->code = src->code;
}

void ast_party_redirecting_copy(struct ast_party_redirecting *dest, const struct ast_party_redirecting *src)
{
	struct ast_party_id *to[] = REDIRECTING_IDS(dest);
	const struct ast_party_id *from[] = REDIRECTING_IDS(src);
	size_t i;

	if (dest == src) {
		return;
	}
	for (i = 0; i < ARRAY_LEN(to); i++) {
		ast_party_id_copy(to[i], from[i]);
	}
	copy_reason(&dest->reason, &src->reason);
	copy_reason(&dest->orig_reason, &src->orig_reason);
	dest->count = src->count;
}

void ast_party_redirecting_free(struct ast_party_redirecting *doomed)
{
	struct ast_party_id *ids[] = REDIRECTING_IDS(doomed);
	size_t i;

	for (i = 0; i < ARRAY_LEN(ids); i++) {
		ast_party_id_free(ids[i]);
	}
	free(doomed->reason.str);
	free(doomed->orig_reason.str);
	doomed->reason.str = doomed->orig_reason.str = NULL;
}

#define REDIRECTING_UPDATES(update) \
	{ &(update)->orig, &(update)->from, &(update)->to, &(update)->priv_orig, &(update)->priv_from, &(update)->priv_to }

void ast_party_redirecting_set_init(struct ast_party_redirecting *init, const struct ast_party_redirecting *guide)
{
	struct ast_party_id *to[] = REDIRECTING_IDS(init);
	const struct ast_party_id *from[] = REDIRECTING_IDS(guide);
	size_t i;

	for (i = 0; i < ARRAY_LEN(to); i++) {
		ast_party_id_set_init(to[i], from[i]);
	}
	init->reason = (struct ast_party_redirecting_reason) { .code = guide->reason.code };
	init->orig_reason = (struct ast_party_redirecting_reason) { .code = guide->orig_reason.code };
	init->count = guide->count;
}

void ast_party_redirecting_set(struct ast_party_redirecting *dest, const struct ast_party_redirecting *src,
	const struct ast_set_party_redirecting *update)
{
	static const struct ast_set_party_redirecting all;
	struct ast_party_id *to[] = REDIRECTING_IDS(dest);
	const struct ast_party_id *from[] = REDIRECTING_IDS(src);
	const struct ast_set_party_id *parts[] = REDIRECTING_UPDATES(update ? update : &all);
	size_t i;

	for (i = 0; i < ARRAY_LEN(to); i++) {
		ast_party_id_set(to[i], from[i], update ? parts[i] : NULL);
	}
	copy_reason(&dest->reason, &src->reason);
	copy_reason(&dest->orig_reason, &src->orig_reason);
	dest->count = src->count;
}

void ast_channel_set_redirecting(struct ast_channel *chan, const struct ast_party_redirecting *redirecting,
	const struct ast_set_party_redirecting *update)
{
	struct ast_party_redirecting *own = ast_channel_redirecting(chan);

	if (own && redirecting && redirecting != own) {
		ao2_lock(chan);
		ast_party_redirecting_set(own, redirecting, update);
		ao2_unlock(chan);
	}
}

void ast_channel_update_redirecting(struct ast_channel *chan, const struct ast_party_redirecting *redirecting,
	const struct ast_set_party_redirecting *update)
{
	ast_channel_set_redirecting(chan, redirecting, update);
	ast_indicate(chan, AST_CONTROL_REDIRECTING);
}
