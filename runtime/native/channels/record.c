/*
 * The fields of channels: texts, numbers, and what C modules keep there (record.h).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"

#include "asterisk/astobj2.h"

#include "record.h"

static void gone(void *data)
{
	struct asterism_record *record = data;
	size_t i;

	for (i = 0; i < ASTERISM_TEXTS; i++) {
		free(record->texts[i]);
	}
	for (i = 0; i < RECORD_KEPT; i++) {
		free(record->replaced_texts[i]);
	}
	asterism_variables_end(record);
	ast_party_dialed_free(&record->dialed);
	ast_party_caller_free(&record->caller);
	ast_party_connected_line_free(&record->connected);
	ast_party_redirecting_free(&record->redirecting);
	ast_mutex_destroy(&record->changing);
}

struct asterism_record *asterism_record_new(void)
{
	struct asterism_record *record = ao2_alloc(sizeof(*record), gone);

	if (record) {
		ast_mutex_init(&record->changing);
		ast_party_dialed_init(&record->dialed);
		ast_party_caller_init(&record->caller);
		ast_party_connected_line_init(&record->connected);
		ast_party_redirecting_init(&record->redirecting);
	}
	return record;
}

void asterism_record_drop(struct asterism_record *record)
{
	ao2_ref(record, -1);
}

/* ---- the caller, which is in a party ---- */

/* The caller's name or number as Python has it. */
struct caller_text {
	char **str;
	unsigned char *valid;
};

/* Whether the index is that of a text of the caller, which is then told. */
static int is_of_caller(struct asterism_record *record, int which, struct caller_text *told)
{
	struct ast_party_id *id = &record->caller.id;

	if (which == ASTERISM_TEXT_CALLER_NUMBER) {
		*told = (struct caller_text) { &id->number.str, &id->number.valid };
	} else if (which == ASTERISM_TEXT_CALLER_NAME) {
		*told = (struct caller_text) { &id->name.str, &id->name.valid };
	} else {
		return 0;
	}
	return 1;
}

static size_t copied(const char *text, char *room, size_t size)
{
	size_t length = strlen(text);

	if (length < size) {
		memcpy(room, text, length + 1);
	}
	return length;
}

/* ---- texts ---- */

size_t asterism_record_text(struct asterism_record *record, int which, char *room, size_t size)
{
	struct caller_text caller;
	size_t length;

	if (is_of_caller(record, which, &caller)) {
		ao2_lock(record);
		length = copied(*caller.valid ? S_OR(*caller.str, "") : "", room, size);
		ao2_unlock(record);
	} else {
		ast_mutex_lock(&record->changing);
		length = copied(S_OR(record->texts[which], ""), room, size);
		ast_mutex_unlock(&record->changing);
	}
	return length;
}

/* Puts a text, which it takes over, in the place of another; gives what is to be freed. */
static char *replace(struct asterism_record *record, int which, char *text)
{
	char *old = record->texts[which];

	if (!strcmp(S_OR(old, ""), S_OR(text, ""))) {
		return text;	/* The text that modules have stays valid. */
	}
	__atomic_store_n(&record->texts[which], text, __ATOMIC_RELEASE);
	SWAP(old, record->replaced_texts[record->next_text % RECORD_KEPT]);
	record->next_text++;
	return old;
}

/* Sets a text that is not the caller's; when out of memory, the old one stays. */
static void set_text(struct asterism_record *record, int which, const char *value)
{
	char *text = ast_strlen_zero(value) ? NULL : ast_strdup(value);

	if (text || ast_strlen_zero(value)) {
		ast_mutex_lock(&record->changing);
		text = replace(record, which, text);
		ast_mutex_unlock(&record->changing);
		ast_free(text);
	}
}

/* Python's change waits for whoever has the channel locked, so that a text stays valid in a module that locks it. */
void asterism_record_set_text(struct asterism_record *record, int which, const char *value)
{
	struct caller_text caller;

	ao2_lock(record);
	if (is_of_caller(record, which, &caller)) {
		ast_free(*caller.str);
		*caller.str = ast_strlen_zero(value) ? NULL : ast_strdup(value);
		*caller.valid = *caller.str != NULL;
	} else {
		set_text(record, which, value);
	}
	ao2_unlock(record);
}

const char *asterism_channel_text(const struct ast_channel *chan, int which, const char *function)
{
	struct asterism_record *record = asterism_channel_record(chan, function);

	return record ? S_OR(__atomic_load_n(&record->texts[which], __ATOMIC_ACQUIRE), "") : "";
}

void asterism_channel_set_text(struct ast_channel *chan, int which, const char *value, const char *function)
{
	struct asterism_record *record = asterism_channel_record(chan, function);

	if (record) {
		set_text(record, which, value);
	}
}

/* ---- numbers ---- */

long long asterism_record_number(struct asterism_record *record, int which)
{
	return __atomic_load_n(&record->numbers[which], __ATOMIC_ACQUIRE);
}

void asterism_record_set_number(struct asterism_record *record, int which, long long value)
{
	__atomic_store_n(&record->numbers[which], value, __ATOMIC_RELEASE);
}

void asterism_record_change_number(struct asterism_record *record, int which, long long added, long long removed)
{
	long long old = asterism_record_number(record, which);

	while (!__atomic_compare_exchange_n(&record->numbers[which], &old, (old & ~removed) | added, 0, __ATOMIC_ACQ_REL,
		__ATOMIC_ACQUIRE)) {
		continue;
	}
}

long long asterism_channel_number(const struct ast_channel *chan, int which, const char *function)
{
	struct asterism_record *record = asterism_channel_record(chan, function);

	return record ? asterism_record_number(record, which) : 0;
}

void asterism_channel_set_number(struct ast_channel *chan, int which, long long value, const char *function)
{
	struct asterism_record *record = asterism_channel_record(chan, function);

	if (record) {
		asterism_record_set_number(record, which, value);
	}
}
