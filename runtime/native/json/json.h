/*
 * Declarations shared by the JSON files.
 *
 * A value is an object of astobj2.h without a lock: its references are counted atomically, and a second release is
 * reported.  true, false and null are three static ones that are never freed.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef ASTERISM_JSON_VALUE_H
#define ASTERISM_JSON_VALUE_H

#include "internal.h"

#include "asterisk/json.h"

/* How deep values may be nested that are read, written, copied or compared. */
#define JSON_DEEPEST 500

/* A key of an object and its value; struct ast_json_iter for modules. */
struct member {
	struct member *next;	/* In the order of the object. */
	struct member *previous;
	struct member *neighbour;	/* In the bucket. */
	struct ast_json *value;
	uint64_t hash;
	char key[];
};

/* The content of an array or an object. */
struct body {
	struct body *next;	/* The next body to empty. */
	size_t size;
	/* Of an array: */
	size_t room;
	struct ast_json **items;
	/* Of an object; without buckets as long as it is small: */
	struct member *first;
	struct member *last;
	size_t buckets_count;
	struct member **buckets;
};

struct ast_json {
	enum ast_json_type type;
	union {
		char *text;
		intmax_t integer;
		double real;
		struct body *body;
	};
};

/* The content of an array or an object; NULL for another type. */
HIDDEN struct body *asterism_json_body(const struct ast_json *value, enum ast_json_type type);
HIDDEN struct ast_json *asterism_json_container(enum ast_json_type type);
HIDDEN struct ast_json *asterism_json_text(const char *text, size_t length);
/* Empties the body of an object. */
HIDDEN void asterism_json_members_free(struct body *body);
HIDDEN struct member *asterism_json_member(const struct body *body, const char *key);

#endif
