/*
 * Call detail records (asterisk/cdr.h): back ends and the record; no record is written.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "providers.h"

#include "asterisk/astobj2.h"
#include "asterisk/cdr.h"
#include "asterisk/localtime.h"
#include "asterisk/stasis.h"
#include "asterisk/stasis_message_router.h"

static struct asterism_providers backends = ASTERISM_PROVIDERS("CDR back end");
static struct asterism_providers modifiers = ASTERISM_PROVIDERS("CDR modifier");

int ast_cdr_register(const char *name, const char *desc, ast_cdrbe be)
{
	(void) desc;
	return asterism_provider_add(&backends, name, (void (*)(void)) be);
}

/* 0 for an unknown one as well, as in Asterisk. */
int ast_cdr_unregister(const char *name)
{
	asterism_provider_remove(&backends, name);
	return 0;
}

int ast_cdr_modifier_register(const char *name, const char *desc, ast_cdrbe be)
{
	(void) desc;
	return asterism_provider_add(&modifiers, name, (void (*)(void)) be);
}

int ast_cdr_modifier_unregister(const char *name)
{
	asterism_provider_remove(&modifiers, name);
	return 0;
}

int ast_cdr_backend_suspend(const char *name)
{
	return asterism_provider_suspend(&backends, name, 1);
}

int ast_cdr_backend_unsuspend(const char *name)
{
	return asterism_provider_suspend(&backends, name, 0);
}

int ast_cdr_is_enabled(void)
{
	return 0;
}

/* ---- the configuration ---- */

static AO2_GLOBAL_OBJ_STATIC(configuration);

struct ast_cdr_config *ast_cdr_get_config(void)
{
	struct ast_cdr_config *config = ao2_global_obj_ref(configuration);

	if (!config && (config = ao2_alloc(sizeof(*config), NULL))) {
		ao2_global_obj_replace_unref(configuration, config);
	}
	return config;
}

void ast_cdr_set_config(struct ast_cdr_config *config)
{
	ao2_global_obj_replace_unref(configuration, config);
}

/* ---- records ---- */

struct ast_cdr *ast_cdr_alloc(void)
{
	return ast_calloc(1, sizeof(struct ast_cdr));
}

struct ast_cdr *ast_cdr_dup(struct ast_cdr *cdr)
{
	struct ast_cdr *copy = cdr ? ast_malloc(sizeof(*copy)) : NULL;
	struct ast_var_t *one, *made;

	if (!copy) {
		return NULL;
	}
	*copy = *cdr;
	copy->next = NULL;
	AST_LIST_HEAD_INIT_NOLOCK(&copy->varshead);
	AST_LIST_TRAVERSE(&cdr->varshead, one, entries) {
		made = ast_var_assign(ast_var_name(one), ast_var_value(one));
		if (made) {
			AST_LIST_INSERT_TAIL(&copy->varshead, made, entries);
		}
	}
	return copy;
}

void ast_cdr_free(struct ast_cdr *cdr)
{
	struct ast_cdr *next;
	struct ast_var_t *one;

	for (; cdr; cdr = next) {
		next = cdr->next;
		while ((one = AST_LIST_REMOVE_HEAD(&cdr->varshead, entries))) {
			ast_var_delete(one);
		}
		ast_free(cdr);
	}
}

const char *ast_cdr_disp2str(int disposition)
{
	switch (disposition) {
	case AST_CDR_NULL:
	case AST_CDR_NOANSWER:
		return "NO ANSWER";
	case AST_CDR_FAILED:
		return "FAILED";
	case AST_CDR_BUSY:
		return "BUSY";
	case AST_CDR_ANSWERED:
		return "ANSWERED";
	case AST_CDR_CONGESTION:
		return "CONGESTION";
	case AST_CDR_CANCEL:
		return "CANCEL";
	default:
		return NULL;
	}
}

enum kind { TEXT, TIME, SECONDS, DISPOSITION, AMAFLAGS, NUMBER };

static const struct {
	const char *name;
	enum kind kind;
	size_t offset;
} fields[] = {
#define FIELD(name, kind) { #name, kind, offsetof(struct ast_cdr, name) }
	FIELD(clid, TEXT), FIELD(src, TEXT), FIELD(dst, TEXT), FIELD(dcontext, TEXT), FIELD(channel, TEXT),
	FIELD(dstchannel, TEXT), FIELD(lastapp, TEXT), FIELD(lastdata, TEXT), FIELD(start, TIME), FIELD(answer, TIME),
	FIELD(end, TIME), FIELD(duration, SECONDS), FIELD(billsec, SECONDS), FIELD(disposition, DISPOSITION),
	FIELD(amaflags, AMAFLAGS), FIELD(accountcode, TEXT), FIELD(peeraccount, TEXT), FIELD(uniqueid, TEXT),
	FIELD(linkedid, TEXT), FIELD(tenantid, TEXT), FIELD(peertenantid, TEXT), FIELD(userfield, TEXT),
	FIELD(sequence, NUMBER),
};

static void format_time(const struct timeval *when, char *room, size_t size, int raw)
{
	struct ast_tm tm;

	if (raw) {
		snprintf(room, size, "%ld.%06ld", (long) when->tv_sec, (long) when->tv_usec);
	} else if (when->tv_sec) {
		ast_localtime(when, &tm, NULL);
		ast_strftime(room, (int) size, "%Y-%m-%d %T", &tm);
	} else {
		ast_copy_string(room, "", size);
	}
}

static void format_field(enum kind kind, const void *at, char *room, size_t size, int raw)
{
	long number = kind == NUMBER ? *(const int *) at : kind == TEXT || kind == TIME ? 0 : *(const long *) at;

	if (kind == TEXT) {
		ast_copy_string(room, at, size);
	} else if (kind == TIME) {
		format_time(at, room, size, raw);
	} else if (kind == DISPOSITION && !raw) {
		ast_copy_string(room, S_OR(ast_cdr_disp2str((int) number), "UNKNOWN"), size);
	} else if (kind == AMAFLAGS && !raw) {
		ast_copy_string(room, ast_channel_amaflags2string((enum ama_flags) number), size);
	} else {
		snprintf(room, size, "%ld", number);
	}
}

void ast_cdr_format_var(struct ast_cdr *cdr, const char *name, char **ret, char *workspace, int workspacelen, int raw)
{
	struct ast_var_t *one;
	size_t i;

	*ret = NULL;
	if (!cdr || !name || workspacelen <= 0) {
		return;
	}
	for (i = 0; i < ARRAY_LEN(fields); i++) {
		if (!strcasecmp(name, fields[i].name)) {
			format_field(fields[i].kind, (const char *) cdr + fields[i].offset, workspace, (size_t) workspacelen, raw);
			*ret = ast_strlen_zero(workspace) ? NULL : workspace;
			return;
		}
	}
	AST_LIST_TRAVERSE(&cdr->varshead, one, entries) {
		if (!strcasecmp(name, ast_var_name(one))) {
			ast_copy_string(workspace, ast_var_value(one), (size_t) workspacelen);
			*ret = ast_strlen_zero(workspace) ? NULL : workspace;
			return;
		}
	}
}

/* ---- about channels, which have no records ---- */

int ast_cdr_getvar(const char *channel_name, const char *name, char *value, size_t length)
{
	(void) channel_name;
	(void) name;
	ast_copy_string(value, "", length);
	return -1;
}

int ast_cdr_setvar(const char *channel_name, const char *name, const char *value)
{
	(void) channel_name;
	(void) name;
	(void) value;
	return -1;
}

int ast_cdr_fork(const char *channel_name, struct ast_flags *options)
{
	(void) channel_name;
	(void) options;
	return -1;
}

int ast_cdr_set_property(const char *channel_name, enum ast_cdr_options option)
{
	(void) channel_name;
	(void) option;
	return -1;
}

int ast_cdr_clear_property(const char *channel_name, enum ast_cdr_options option)
{
	(void) channel_name;
	(void) option;
	return -1;
}

int ast_cdr_reset(const char *channel_name, int keep_variables)
{
	(void) channel_name;
	(void) keep_variables;
	return -1;
}

void ast_cdr_setuserfield(const char *channel_name, const char *userfield)
{
	(void) channel_name;
	(void) userfield;
}

/* ---- messages ---- */

static struct stasis_message_router *router;

static void make(void)
{
	struct asterism_mark mark;
	struct stasis_topic *topic;

	asterism_enter(&mark, AST_MODULE, "the topic of call records");
	topic = stasis_topic_create("cdr:aggregator");
	router = topic ? stasis_message_router_create(topic) : NULL;
	asterism_leave(&mark);
}

static pthread_once_t made = PTHREAD_ONCE_INIT;

struct stasis_message_router *ast_cdr_message_router(void)
{
	pthread_once(&made, make);
	return router ? ao2_bump(router) : NULL;
}
