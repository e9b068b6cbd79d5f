/* Identifiers like no other: random UUIDs (version 4). SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef ASTERISM_UUID_H
#define ASTERISM_UUID_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

#define AST_UUID_STR_LEN (36 + 1)	/* Bytes of a UUID as text, with the NUL. */

struct ast_uuid;

/* A new UUID, for ast_free; NULL when out of memory. */
struct ast_uuid *ast_uuid_generate(void);
/* A UUID as text, in lower case, in buf of at least AST_UUID_STR_LEN bytes, NULL when too small; a new UUID as text. */
char *ast_uuid_to_str(struct ast_uuid *uuid, char *buf, size_t size);
char *ast_uuid_generate_str(char *buf, size_t size);
/* Parses a UUID, for ast_free; NULL when the text is not a UUID. */
struct ast_uuid *ast_str_to_uuid(char *str);
/* A copy, for ast_free; compares two (less than 0, 0, more than 0); sets all bytes to 0; whether all bytes are 0. */
struct ast_uuid *ast_uuid_copy(struct ast_uuid *src);
int ast_uuid_compare(struct ast_uuid *left, struct ast_uuid *right);
void ast_uuid_clear(struct ast_uuid *uuid);
int ast_uuid_is_nil(struct ast_uuid *uuid);

#ifdef __cplusplus
}
#endif

#endif
