/*
 * What is said, as sounds one after the other, in English: 12 is the sound digits/12.
 *
 * Each function gives 0, the digit of ints that interrupted it, or -1 when the channel is hung up.  The pointers can be
 * set by a module that says things in another way; it sets them back when it is unloaded.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef ASTERISM_SAY_H
#define ASTERISM_SAY_H

#include <time.h>

#include "asterisk/channel.h"
#include "asterisk/file.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Which letters are said with their case. */
enum ast_say_case_sensitivity {
	AST_SAY_CASE_NONE,
	AST_SAY_CASE_LOWER,
	AST_SAY_CASE_UPPER,
	AST_SAY_CASE_ALL,
};

/* A number; a place in an order (21 is "twenty-first"); a number digit by digit. */
int ast_say_number(struct ast_channel *chan, int num, const char *ints, const char *lang, const char *options);
int ast_say_enumeration(struct ast_channel *chan, int num, const char *ints, const char *lang, const char *options);
int ast_say_ordinal(struct ast_channel *chan, int num, const char *ints, const char *lang, const char *options);
int ast_say_digits(struct ast_channel *chan, int num, const char *ints, const char *lang);
int ast_say_digits_full(struct ast_channel *chan, int num, const char *ints, const char *lang, int audiofd, int ctrlfd);
/* A text: its digits, its letters, its letters in the words of radio operators, an amount of dollars. */
int ast_say_digit_str(struct ast_channel *chan, const char *num, const char *ints, const char *lang);
int ast_say_character_str(struct ast_channel *chan, const char *num, const char *ints, const char *lang,
	enum ast_say_case_sensitivity sensitivity);
int ast_say_phonetic_str(struct ast_channel *chan, const char *num, const char *ints, const char *lang);
int ast_say_money_str(struct ast_channel *chan, const char *num, const char *ints, const char *lang);
/* A noun or an adjective in the form that a number asks for: "s" is added unless the number is 1. */
int ast_say_counted_noun(struct ast_channel *chan, int num, const char *noun);
int ast_say_counted_adjective(struct ast_channel *chan, int num, const char *adjective, const char *gender);

/* Behind the functions; audiofd and ctrlfd as in ast_waitstream_full. */
extern int (*ast_say_number_full)(struct ast_channel *chan, int num, const char *ints, const char *lang,
	const char *options, int audiofd, int ctrlfd);
extern int (*ast_say_enumeration_full)(struct ast_channel *chan, int num, const char *ints, const char *lang,
	const char *options, int audiofd, int ctrlfd);
extern int (*ast_say_ordinal_full)(struct ast_channel *chan, int num, const char *ints, const char *lang,
	const char *options, int audiofd, int ctrlfd);
extern int (*ast_say_digit_str_full)(struct ast_channel *chan, const char *num, const char *ints, const char *lang,
	int audiofd, int ctrlfd);
extern int (*ast_say_character_str_full)(struct ast_channel *chan, const char *num, const char *ints, const char *lang,
	enum ast_say_case_sensitivity sensitivity, int audiofd, int ctrlfd);
extern int (*ast_say_phonetic_str_full)(struct ast_channel *chan, const char *num, const char *ints, const char *lang,
	int audiofd, int ctrlfd);
extern int (*ast_say_money_str_full)(struct ast_channel *chan, const char *num, const char *ints, const char *lang,
	int audiofd, int ctrlfd);
/* A text of any kind; nothing is said here. */
extern int (*ast_say_full)(struct ast_channel *chan, const char *num, const char *ints, const char *lang,
	const char *options, int audiofd, int ctrlfd);
/* Date and time; only one of them; as far as they differ from now. */
extern int (*ast_say_datetime)(struct ast_channel *chan, time_t t, const char *ints, const char *lang);
extern int (*ast_say_time)(struct ast_channel *chan, time_t t, const char *ints, const char *lang);
extern int (*ast_say_date)(struct ast_channel *chan, time_t t, const char *ints, const char *lang);
extern int (*ast_say_datetime_from_now)(struct ast_channel *chan, time_t t, const char *ints, const char *lang);
/* In a format as voicemail.conf has them, "ABdY 'digits/at' IMp" for NULL, in a time zone, the machine's for NULL. */
extern int (*ast_say_date_with_format)(struct ast_channel *chan, time_t t, const char *ints, const char *lang,
	const char *format, const char *timezone);

/* The sounds of a text or a number, with '&' between them, for ast_free; NULL when out of memory. */
struct ast_str *ast_get_character_str(const char *str, const char *lang, enum ast_say_case_sensitivity sensitivity);
struct ast_str *ast_get_phonetic_str(const char *str, const char *lang);
struct ast_str *ast_get_digit_str(const char *str, const char *lang);
struct ast_str *ast_get_money_str(const char *str, const char *lang);
struct ast_str *ast_get_number_str(int num, const char *lang);
struct ast_str *ast_get_ordinal_str(int num, const char *lang);

#ifdef __cplusplus
}
#endif

#endif
