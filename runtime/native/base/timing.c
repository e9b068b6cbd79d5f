/*
 * Times at which something holds, as C has them; they are read in Python (runtime/api/contexts/timing_masks.py).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"

#include "asterisk/time.h"

int ast_check_timing2(const struct ast_timing *i, const struct timeval tv)
{
	__typeof__(asterism_table.asterism_timing_holds) holds = asterism_table.asterism_timing_holds;

	if (!i || !holds) {
		return 0;
	}
	return holds(i, (double) tv.tv_sec + (double) tv.tv_usec / 1e6);
}

int ast_check_timing(const struct ast_timing *i)
{
	return ast_check_timing2(i, ast_tvnow());
}

int ast_destroy_timing(struct ast_timing *i)
{
	if (i) {
		free(i->timezone);
		i->timezone = NULL;
	}
	return 0;
}
