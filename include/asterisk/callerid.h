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

#ifdef __cplusplus
}
#endif

#endif
