/*
 * Commands of AGI, by which other programs steer a call.
 * Implemented by the module res_agi; while it is not loaded, calls fail.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef ASTERISM_AGI_H
#define ASTERISM_AGI_H

#include "asterisk/cli.h"
#include "asterisk/optional_api.h"
#include "asterisk/xmldoc.h"

#ifdef __cplusplus
extern "C" {
#endif

struct ast_speech;

typedef struct agi_state {
	int fd;
	int audio;
	int ctrl;
	unsigned int fast:1;
	struct ast_speech *speech;
} AGI;
typedef struct agi_command {
	const char *const cmda[AST_MAX_CMD_LEN];
	int (*const handler)(struct ast_channel *chan, AGI *agi, int argc, const char *const argv[]);
	const char *const summary;
	const char *const usage;
	const int dead;
	const char *const syntax;
	const char *const seealso;
	const enum ast_doc_src docsrc;
	struct ast_module *mod;
	AST_LIST_ENTRY(agi_command) list;
	const char *const since;
	const char *const arguments;
} agi_command;

AST_OPTIONAL_API(int, ast_agi_register, (struct ast_module *mod, agi_command *cmd), { return
	AST_OPTIONAL_API_UNAVAILABLE; });
AST_OPTIONAL_API(int, ast_agi_unregister, (agi_command *cmd), { return AST_OPTIONAL_API_UNAVAILABLE; });
AST_OPTIONAL_API(int, ast_agi_register_multiple, (struct ast_module *mod, struct agi_command *cmd, unsigned int len),
	{ return AST_OPTIONAL_API_UNAVAILABLE; });
AST_OPTIONAL_API(int, ast_agi_unregister_multiple, (struct agi_command *cmd, unsigned int len),
	{ return AST_OPTIONAL_API_UNAVAILABLE; });
AST_OPTIONAL_API_ATTR(int, format(printf, 3, 4), ast_agi_send, (int fd, struct ast_channel *chan, char *fmt, ...),
	{ return AST_OPTIONAL_API_UNAVAILABLE; });

#ifdef __cplusplus
}
#endif

#endif
