/*
 * Options of configuration files, shared by options.c and option_kinds.c.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef ASTERISM_OPTIONS_IN_FILES_H
#define ASTERISM_OPTIONS_IN_FILES_H

#include "internal.h"

#include "asterisk/config_options.h"

struct aco_option {
	const char *name;	/* The three texts are copies, which stand behind the arguments. */
	const char *aliased_to;
	const char *default_val;
	enum aco_matchtype match_type;
	int has_regex;
	regex_t regex;
	aco_option_handler handler;
	unsigned int flags;
	size_t argc;
	intptr_t args[];
};

/* The handler of a type; NULL for a custom one, an unknown one, or too few arguments. */
HIDDEN aco_option_handler asterism_option_handler(enum aco_option_type type, size_t argc);

/* __aco_option_register with its arguments in an array. */
HIDDEN int asterism_option_register(struct aco_info *info, const char *name, enum aco_matchtype match_type,
	struct aco_type **types, const char *default_val, enum aco_option_type type, aco_option_handler handler,
	unsigned int flags, size_t argc, const intptr_t *args);

#endif
