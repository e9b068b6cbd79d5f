/*
 * What is said: pointers that a module may set, and functions that call through them.  Which sounds that are is known in
 * Python (runtime/dialplan/spoken.py).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"

#include "asterisk/say.h"

static int say_text(struct ast_channel *chan, const char *kind, const char *text, int sensitivity, const char *ints,
	int ctrlfd)
{
	__typeof__(asterism_table.asterism_say_text) say = asterism_table.asterism_say_text;

	return say ? say(chan, kind, text, sensitivity, ints, ctrlfd) : -1;
}

static int say_number(struct ast_channel *chan, const char *kind, int num, const char *ints, int ctrlfd)
{
	__typeof__(asterism_table.asterism_say_number) say = asterism_table.asterism_say_number;

	return say ? say(chan, kind, num, ints, ctrlfd) : -1;
}

static int say_time(struct ast_channel *chan, const char *kind, time_t t, const char *ints, const char *format,
	const char *zone)
{
	__typeof__(asterism_table.asterism_say_time) say = asterism_table.asterism_say_time;

	return say ? say(chan, kind, (double) t, ints, format, zone) : -1;
}

#define NUMBER(name, kind) \
	static int name(struct ast_channel *chan, int num, const char *ints, const char *lang attribute_unused, \
		const char *options attribute_unused, int audiofd attribute_unused, int ctrlfd) \
	{ \
		return say_number(chan, kind, num, ints, ctrlfd); \
	}
NUMBER(number, "number")
NUMBER(enumeration, "ordinal")

#define TEXT(name) \
	static int name(struct ast_channel *chan, const char *text, const char *ints, const char *lang attribute_unused, \
		int audiofd attribute_unused, int ctrlfd) \
	{ \
		return say_text(chan, #name, text, 0, ints, ctrlfd); \
	}
TEXT(digit)
TEXT(phonetic)
TEXT(money)

static int character(struct ast_channel *chan, const char *text, const char *ints, const char *lang attribute_unused,
	enum ast_say_case_sensitivity sensitivity, int audiofd attribute_unused, int ctrlfd)
{
	return say_text(chan, "character", text, (int) sensitivity, ints, ctrlfd);
}

static int anything(struct ast_channel *chan attribute_unused, const char *text attribute_unused,
	const char *ints attribute_unused, const char *lang attribute_unused, const char *options attribute_unused,
	int audiofd attribute_unused, int ctrlfd attribute_unused)
{
	return -1;
}

#define MOMENT(name, kind) \
	static int name(struct ast_channel *chan, time_t t, const char *ints, const char *lang attribute_unused) \
	{ \
		return say_time(chan, kind, t, ints, NULL, NULL); \
	}
MOMENT(datetime, "datetime")
MOMENT(only_time, "time")
MOMENT(only_date, "date")
MOMENT(from_now, "from now")

static int with_format(struct ast_channel *chan, time_t t, const char *ints, const char *lang attribute_unused,
	const char *format, const char *zone)
{
	return say_time(chan, "format", t, ints, format, zone);
}

__typeof__(ast_say_number_full) ast_say_number_full = number;
__typeof__(ast_say_enumeration_full) ast_say_enumeration_full = enumeration;
__typeof__(ast_say_ordinal_full) ast_say_ordinal_full = enumeration;
__typeof__(ast_say_digit_str_full) ast_say_digit_str_full = digit;
__typeof__(ast_say_character_str_full) ast_say_character_str_full = character;
__typeof__(ast_say_phonetic_str_full) ast_say_phonetic_str_full = phonetic;
__typeof__(ast_say_money_str_full) ast_say_money_str_full = money;
__typeof__(ast_say_full) ast_say_full = anything;
__typeof__(ast_say_datetime) ast_say_datetime = datetime;
__typeof__(ast_say_time) ast_say_time = only_time;
__typeof__(ast_say_date) ast_say_date = only_date;
__typeof__(ast_say_datetime_from_now) ast_say_datetime_from_now = from_now;
__typeof__(ast_say_date_with_format) ast_say_date_with_format = with_format;

int ast_say_number(struct ast_channel *chan, int num, const char *ints, const char *lang, const char *options)
{
	return ast_say_number_full(chan, num, ints, lang, options, -1, -1);
}

int ast_say_enumeration(struct ast_channel *chan, int num, const char *ints, const char *lang, const char *options)
{
	return ast_say_enumeration_full(chan, num, ints, lang, options, -1, -1);
}

int ast_say_ordinal(struct ast_channel *chan, int num, const char *ints, const char *lang, const char *options)
{
	return ast_say_ordinal_full(chan, num, ints, lang, options, -1, -1);
}

int ast_say_digits_full(struct ast_channel *chan, int num, const char *ints, const char *lang, int audiofd, int ctrlfd)
{
	char text[16];

	snprintf(text, sizeof(text), "%d", num);
	return ast_say_digit_str_full(chan, text, ints, lang, audiofd, ctrlfd);
}

int ast_say_digits(struct ast_channel *chan, int num, const char *ints, const char *lang)
{
	return ast_say_digits_full(chan, num, ints, lang, -1, -1);
}

int ast_say_digit_str(struct ast_channel *chan, const char *num, const char *ints, const char *lang)
{
	return ast_say_digit_str_full(chan, num, ints, lang, -1, -1);
}

int ast_say_character_str(struct ast_channel *chan, const char *num, const char *ints, const char *lang,
	enum ast_say_case_sensitivity sensitivity)
{
	return ast_say_character_str_full(chan, num, ints, lang, sensitivity, -1, -1);
}

int ast_say_phonetic_str(struct ast_channel *chan, const char *num, const char *ints, const char *lang)
{
	return ast_say_phonetic_str_full(chan, num, ints, lang, -1, -1);
}

int ast_say_money_str(struct ast_channel *chan, const char *num, const char *ints, const char *lang)
{
	return ast_say_money_str_full(chan, num, ints, lang, -1, -1);
}

int ast_say_counted_noun(struct ast_channel *chan, int num, const char *noun)
{
	char name[256];

	snprintf(name, sizeof(name), "%s%s", S_OR(noun, ""), num == 1 ? "" : "s");
	return ast_play_and_wait(chan, name);
}

int ast_say_counted_adjective(struct ast_channel *chan, int num attribute_unused, const char *adjective,
	const char *gender attribute_unused)
{
	return ast_play_and_wait(chan, S_OR(adjective, ""));
}
