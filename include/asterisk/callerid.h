/*
 * Caller ids as text, and their presentation.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef ASTERISM_CALLERID_H
#define ASTERISM_CALLERID_H

#include "asterisk/format.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A presentation: whether a number may be shown, and who checked it. */
#define AST_PRES_NUMBER_TYPE 0x03
#define AST_PRES_USER_NUMBER_UNSCREENED 0x00
#define AST_PRES_USER_NUMBER_PASSED_SCREEN 0x01
#define AST_PRES_USER_NUMBER_FAILED_SCREEN 0x02
#define AST_PRES_NETWORK_NUMBER 0x03
#define AST_PRES_RESTRICTION 0x60
#define AST_PRES_ALLOWED 0x00
#define AST_PRES_RESTRICTED 0x20
#define AST_PRES_UNAVAILABLE 0x40
#define AST_PRES_RESERVED 0x60
#define AST_PRES_ALLOWED_USER_NUMBER_NOT_SCREENED (AST_PRES_ALLOWED + AST_PRES_USER_NUMBER_UNSCREENED)
#define AST_PRES_ALLOWED_USER_NUMBER_PASSED_SCREEN (AST_PRES_ALLOWED + AST_PRES_USER_NUMBER_PASSED_SCREEN)
#define AST_PRES_ALLOWED_USER_NUMBER_FAILED_SCREEN (AST_PRES_ALLOWED + AST_PRES_USER_NUMBER_FAILED_SCREEN)
#define AST_PRES_ALLOWED_NETWORK_NUMBER (AST_PRES_ALLOWED + AST_PRES_NETWORK_NUMBER)
#define AST_PRES_PROHIB_USER_NUMBER_NOT_SCREENED (AST_PRES_RESTRICTED + AST_PRES_USER_NUMBER_UNSCREENED)
#define AST_PRES_PROHIB_USER_NUMBER_PASSED_SCREEN (AST_PRES_RESTRICTED + AST_PRES_USER_NUMBER_PASSED_SCREEN)
#define AST_PRES_PROHIB_USER_NUMBER_FAILED_SCREEN (AST_PRES_RESTRICTED + AST_PRES_USER_NUMBER_FAILED_SCREEN)
#define AST_PRES_PROHIB_NETWORK_NUMBER (AST_PRES_RESTRICTED + AST_PRES_NETWORK_NUMBER)
#define AST_PRES_NUMBER_NOT_AVAILABLE (AST_PRES_UNAVAILABLE + AST_PRES_NETWORK_NUMBER)

/* Parses "Name" <number> in place: *name and *location point into instr, or are NULL.  0, or -1 for NULL. */
int ast_callerid_parse(char *instr, char **name, char **location);
/* Parses "Name" <number> into buffers; a missing part becomes empty.  Always 0. */
int ast_callerid_split(const char *src, char *name, int namelen, char *num, int numlen);
/* Writes "Name" <number>, only the known part, or unknown ("<unknown>" for NULL) to buf; gives buf. */
char *ast_callerid_merge(char *buf, int bufsiz, const char *name, const char *num, const char *unknown);

/* Removes ( ) . - and blanks from a number, except inside [ ]. */
void ast_shrink_phone_number(char *n);
/* 1 when text has only characters of a dialed number: 0-9 * # +; 0 otherwise, and of "" and NULL. */
int ast_isphonenumber(const char *n);
/* 1 when text is a dialed number that may contain the characters that ast_shrink_phone_number removes. */
int ast_is_shrinkable_phonenumber(const char *n);

/* A presentation by its name such as "prohib_not_screened", or -1. */
int ast_parse_caller_presentation(const char *data);
/* The name of a presentation, or "unknown"; its description. */
const char *ast_named_caller_presentation(int data);
const char *ast_describe_caller_presentation(int data);

/* ---- words for the numbers in parties of channel.h ---- */

enum AST_REDIRECTING_REASON {
	AST_REDIRECTING_REASON_UNKNOWN,
	AST_REDIRECTING_REASON_USER_BUSY,
	AST_REDIRECTING_REASON_NO_ANSWER,
	AST_REDIRECTING_REASON_UNAVAILABLE,
	AST_REDIRECTING_REASON_UNCONDITIONAL,
	AST_REDIRECTING_REASON_TIME_OF_DAY,
	AST_REDIRECTING_REASON_DO_NOT_DISTURB,
	AST_REDIRECTING_REASON_DEFLECTION,
	AST_REDIRECTING_REASON_FOLLOW_ME,
	AST_REDIRECTING_REASON_OUT_OF_ORDER,
	AST_REDIRECTING_REASON_AWAY,
	AST_REDIRECTING_REASON_CALL_FWD_DTE,
	AST_REDIRECTING_REASON_SEND_TO_VM,
};
enum AST_CONNECTED_LINE_UPDATE_SOURCE {
	AST_CONNECTED_LINE_UPDATE_SOURCE_UNKNOWN,
	AST_CONNECTED_LINE_UPDATE_SOURCE_ANSWER,
	AST_CONNECTED_LINE_UPDATE_SOURCE_DIVERSION,
	AST_CONNECTED_LINE_UPDATE_SOURCE_TRANSFER,
	AST_CONNECTED_LINE_UPDATE_SOURCE_TRANSFER_ALERTING,
};

struct ast_party_redirecting_reason;
/* The number of a word such as "cfu", "no-answer", "transfer", "utf8"; -1 for another word. */
int ast_redirecting_reason_parse(const char *data);
int ast_connected_line_source_parse(const char *data);
int ast_party_name_charset_parse(const char *data);
/* The word of a number; a reason with a text of its own has that. */
const char *ast_redirecting_reason_name(const struct ast_party_redirecting_reason *data);
const char *ast_connected_line_source_name(int data);
const char *ast_party_name_charset_str(int data);
/* The number in words for people. */
const char *ast_redirecting_reason_describe(int data);
const char *ast_connected_line_source_describe(int data);
const char *ast_party_name_charset_describe(int data);

#ifdef __cplusplus
}
#endif

#endif
