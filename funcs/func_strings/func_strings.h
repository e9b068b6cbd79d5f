/*
 * What the sources of func_strings share.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FUNC_STRINGS_H
#define FUNC_STRINGS_H

#include "asterisk.h"

#include "asterisk/module.h"
#include "asterisk/app.h"
#include "asterisk/pbx.h"
#include "asterisk/strings.h"

#define INHERITANCE (size_t) 2	/* A variable has at most two '_' before its name, which say who inherits it. */

/* Some functions that are registered together. */
struct function_table {
	struct ast_custom_function *functions;
	size_t count;
};

extern const struct function_table list_table;
extern const struct function_table text_table;
extern const struct function_table hash_table;
extern const struct function_table time_table;

/* The application ClearHash. */
int clearhash_exec(struct ast_channel *chan, const char *data);

/* The value of ${name}, to be freed with ast_free; NULL when out of memory. */
struct ast_str *variable_value(struct ast_channel *chan, const char *name);

/* Takes one character, perhaps written with a backslash, off *text: 0, or -1 when it is written wrongly. */
int take_character(const char **text, unsigned char *character);

#endif
