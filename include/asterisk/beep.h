/*
 * Beeps on a channel at intervals.
 * Implemented by the module func_periodic_hook; while it is not loaded, calls fail.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef ASTERISM_BEEP_H
#define ASTERISM_BEEP_H

#include "asterisk/optional_api.h"

#ifdef __cplusplus
extern "C" {
#endif

struct ast_channel;

/* Starts the beeps, every so many seconds, and writes their id; ends them: 0, or -1. */
AST_OPTIONAL_API(int, ast_beep_start, (struct ast_channel *chan, unsigned int interval, char *beep_id, size_t len), { return -1; });
AST_OPTIONAL_API(int, ast_beep_stop, (struct ast_channel *chan, const char *beep_id), { return -1; });

#ifdef __cplusplus
}
#endif

#endif
