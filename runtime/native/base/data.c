/*
 * Variables that modules read.  Python sets them (runtime/api/options.py).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"

struct ast_flags64 ast_options;
int option_verbose;
int option_debug;
int option_trace;
int ast_verb_sys_level;
int ast_option_maxfiles;
char ast_defaultlanguage[MAX_LANGUAGE] = DEFAULT_LANGUAGE;
struct timeval ast_startuptime;
struct timeval ast_lastreloadtime;
pid_t ast_mainpid;
struct ast_eid ast_eid_default;

const struct ast_flags ast_uri_http = { AST_URI_UNRESERVED };
const struct ast_flags ast_uri_http_legacy = { AST_URI_LEGACY_SPACE | AST_URI_UNRESERVED };
const struct ast_flags ast_uri_sip_user = { AST_URI_UNRESERVED | AST_URI_SIP_USER_UNRESERVED };

const char *ast_config_AST_CONFIG_DIR = "";
const char *ast_config_AST_CONFIG_FILE = "";
const char *ast_config_AST_MODULE_DIR = "";
const char *ast_config_AST_VAR_DIR = "";
const char *ast_config_AST_DB = "";
const char *ast_config_AST_KEY_DIR = "";
const char *ast_config_AST_DATA_DIR = "";
const char *ast_config_AST_AGI_DIR = "";
const char *ast_config_AST_SPOOL_DIR = "";
const char *ast_config_AST_RUN_DIR = "";
const char *ast_config_AST_LOG_DIR = "";
const char *ast_config_AST_SBIN_DIR = "";
const char *ast_config_AST_CACHE_DIR = "";
const char *ast_config_AST_PID = "";
const char *ast_config_AST_SOCKET = "";
const char *ast_config_AST_SYSTEM_NAME = "";
const char *ast_config_AST_MONITOR_DIR = "";
const char *ast_config_AST_RECORDING_DIR = "";
const char *ast_config_AST_RUN_USER = "";
const char *ast_config_AST_RUN_GROUP = "";

int ast_option_maxcalls;
double ast_option_maxload;

/* In the order of PATHS in runtime/api/options.py. */
static const char ** const paths[] = {
	&ast_config_AST_CONFIG_DIR,
	&ast_config_AST_CONFIG_FILE,
	&ast_config_AST_MODULE_DIR,
	&ast_config_AST_VAR_DIR,
	&ast_config_AST_DB,
	&ast_config_AST_KEY_DIR,
	&ast_config_AST_DATA_DIR,
	&ast_config_AST_AGI_DIR,
	&ast_config_AST_SPOOL_DIR,
	&ast_config_AST_RUN_DIR,
	&ast_config_AST_LOG_DIR,
	&ast_config_AST_SBIN_DIR,
	&ast_config_AST_CACHE_DIR,
	&ast_config_AST_PID,
	&ast_config_AST_SOCKET,
	&ast_config_AST_SYSTEM_NAME,
	&ast_config_AST_MONITOR_DIR,
	&ast_config_AST_RECORDING_DIR,
};

void asterism_set_path(int which, const char *value)
{
	char *copy = which >= 0 && which < (int) ARRAY_LEN(paths) ? strdup(value) : NULL;

	if (copy) {
		*paths[which] = copy;	/* Set once, before the first module; the old text may still be read. */
	}
}

void asterism_set_levels(int verbose, int debug, int trace)
{
	option_verbose = ast_verb_sys_level = verbose;
	option_debug = debug;
	option_trace = trace;
}

void asterism_set_options(unsigned long set, unsigned long clear)
{
	ast_options.flags = (ast_options.flags & ~(uint64_t) clear) | (uint64_t) set;
}

void asterism_set_times(long started, long reloaded)
{
	ast_startuptime.tv_sec = started;
	ast_lastreloadtime.tv_sec = reloaded;
	ast_mainpid = getpid();
}
