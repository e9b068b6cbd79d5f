/*
 * Call detail records: the registry of back ends that store them, and the record itself.
 *
 * This program writes no records: back ends are registered, suspended and unregistered, and never called by the core
 * (ast_cdr_is_enabled gives 0, functions about the record of a channel fail).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef ASTERISM_CDR_H
#define ASTERISM_CDR_H

#include "asterisk/channel.h"

#ifdef __cplusplus
extern "C" {
#endif

struct ast_str;
struct stasis_message_router;

enum ast_cdr_settings {
	CDR_ENABLED = 1 << 0,
	CDR_BATCHMODE = 1 << 1,
	CDR_UNANSWERED = 1 << 2,
	CDR_CONGESTION = 1 << 3,
	CDR_END_BEFORE_H_EXTEN = 1 << 4,
	CDR_INITIATED_SECONDS = 1 << 5,
	CDR_DEBUG = 1 << 6,
	CDR_CHANNEL_DEFAULT_ENABLED = 1 << 7,
	CDR_IGNORE_STATE_CHANGES = 1 << 8,
	CDR_IGNORE_DIAL_CHANGES = 1 << 9,
	CDR_CANCEL_DISPOSITION_ENABLED = 1 << 10,
};

enum ast_cdr_batch_mode_settings {
	BATCH_MODE_SCHEDULER_ONLY = 1 << 0,
	BATCH_MODE_SAFE_SHUTDOWN = 1 << 1,
};

enum ast_cdr_options {
	AST_CDR_FLAG_KEEP_VARS = (1 << 0),
	AST_CDR_FLAG_DISABLE = (1 << 1),
	AST_CDR_FLAG_DISABLE_ALL = (3 << 1),
	AST_CDR_FLAG_PARTY_A = (1 << 3),
	AST_CDR_FLAG_FINALIZE = (1 << 4),
	AST_CDR_FLAG_SET_ANSWER = (1 << 5),
	AST_CDR_FLAG_RESET = (1 << 6),
	AST_CDR_LOCK_APP = (1 << 7),
};

enum ast_cdr_disposition {
	AST_CDR_NOANSWER = 0,
	AST_CDR_NULL = (1 << 0),
	AST_CDR_FAILED = (1 << 1),
	AST_CDR_BUSY = (1 << 2),
	AST_CDR_ANSWERED = (1 << 3),
	AST_CDR_CONGESTION = (1 << 4),
	AST_CDR_CANCEL = (1 << 5),
};

struct ast_cdr_config {
	struct ast_flags settings;	/* enum ast_cdr_settings */
	struct batch_settings {
		unsigned int time;
		unsigned int size;
		struct ast_flags settings;	/* enum ast_cdr_batch_mode_settings */
	} batch_settings;
};

/* A record; times are zero when they did not come. */
struct ast_cdr {
	char clid[AST_MAX_EXTENSION];
	char src[AST_MAX_EXTENSION];
	char dst[AST_MAX_EXTENSION];
	char dcontext[AST_MAX_EXTENSION];
	char channel[AST_MAX_EXTENSION];
	char dstchannel[AST_MAX_EXTENSION];
	char lastapp[AST_MAX_EXTENSION];
	char lastdata[AST_MAX_EXTENSION];
	struct timeval start;
	struct timeval answer;
	struct timeval end;
	long int duration;
	long int billsec;
	long int disposition;
	long int amaflags;
	char accountcode[AST_MAX_ACCOUNT_CODE];
	char peeraccount[AST_MAX_ACCOUNT_CODE];
	unsigned int flags;
	char uniqueid[AST_MAX_UNIQUEID];
	char linkedid[AST_MAX_UNIQUEID];
	char tenantid[AST_MAX_TENANT_ID];
	char peertenantid[AST_MAX_TENANT_ID];
	char userfield[AST_MAX_USER_FIELD];
	int sequence;
	struct varshead varshead;
	struct ast_cdr *next;
};

/* Stores a record: 0. */
typedef int (*ast_cdrbe)(struct ast_cdr *cdr);

/* Adds or removes a back end, or one that changes records before they are stored: 0, or -1 when the name is taken. */
int ast_cdr_register(const char *name, const char *desc, ast_cdrbe be);
int ast_cdr_unregister(const char *name);
int ast_cdr_modifier_register(const char *name, const char *desc, ast_cdrbe be);
int ast_cdr_modifier_unregister(const char *name);
/* Has a back end pass records over for a while, or no longer: 0, or -1 when there is none of that name. */
int ast_cdr_backend_suspend(const char *name);
int ast_cdr_backend_unsuspend(const char *name);

/* Whether records are written: 0 here. */
int ast_cdr_is_enabled(void);
/* The configuration in force, with a reference; and another one. */
struct ast_cdr_config *ast_cdr_get_config(void);
void ast_cdr_set_config(struct ast_cdr_config *config);

/* An empty record, a copy, and the end of a record and of those behind it. */
struct ast_cdr *ast_cdr_alloc(void);
struct ast_cdr *ast_cdr_dup(struct ast_cdr *cdr);
void ast_cdr_free(struct ast_cdr *cdr);
/* A field or variable of a record as text in workspace, and *ret points to it, or NULL; raw gives numbers. */
void ast_cdr_format_var(struct ast_cdr *cdr, const char *name, char **ret, char *workspace, int workspacelen, int raw);
/* "ANSWERED" and its like, or NULL. */
const char *ast_cdr_disp2str(int disposition);

/* About the record of a channel, which it does not have: -1, or nothing. */
int ast_cdr_getvar(const char *channel_name, const char *name, char *value, size_t length);
int ast_cdr_setvar(const char *channel_name, const char *name, const char *value);
int ast_cdr_fork(const char *channel_name, struct ast_flags *options);
int ast_cdr_set_property(const char *channel_name, enum ast_cdr_options option);
int ast_cdr_clear_property(const char *channel_name, enum ast_cdr_options option);
int ast_cdr_reset(const char *channel_name, int keep_variables);
void ast_cdr_setuserfield(const char *channel_name, const char *userfield);

/* The router of messages about records; nothing is published on its topic. */
struct stasis_message_router *ast_cdr_message_router(void);

#ifdef __cplusplus
}
#endif

#endif
