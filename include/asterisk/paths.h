/* The directories of asterisk.conf, as text without a closing slash. SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef ASTERISM_PATHS_H
#define ASTERISM_PATHS_H

#ifdef __cplusplus
extern "C" {
#endif

extern const char *ast_config_AST_CONFIG_DIR;	/* astetcdir */
extern const char *ast_config_AST_CONFIG_FILE;	/* asterisk.conf itself */
extern const char *ast_config_AST_MODULE_DIR;	/* astmoddir */
extern const char *ast_config_AST_VAR_DIR;	/* astvarlibdir */
extern const char *ast_config_AST_DB;		/* The database in astdbdir: its name up to the ending. */
extern const char *ast_config_AST_KEY_DIR;	/* astkeydir */
extern const char *ast_config_AST_DATA_DIR;	/* astdatadir */
extern const char *ast_config_AST_AGI_DIR;	/* astagidir */
extern const char *ast_config_AST_SPOOL_DIR;	/* astspooldir */
extern const char *ast_config_AST_RUN_DIR;	/* astrundir */
extern const char *ast_config_AST_LOG_DIR;	/* astlogdir */
extern const char *ast_config_AST_SBIN_DIR;	/* astsbindir */
extern const char *ast_config_AST_CACHE_DIR;	/* astcachedir */
extern const char *ast_config_AST_PID;		/* File that holds the process number. */
extern const char *ast_config_AST_SOCKET;	/* The control socket. */
extern const char *ast_config_AST_MONITOR_DIR;	/* `monitor` in astspooldir. */
extern const char *ast_config_AST_RECORDING_DIR;	/* `recording` in astspooldir. */
extern const char *ast_config_AST_RUN_USER;	/* "": the rights are given up before. */
extern const char *ast_config_AST_RUN_GROUP;
extern const char *ast_config_AST_SYSTEM_NAME;	/* systemname of asterisk.conf, or "". */

#ifdef __cplusplus
}
#endif

#endif
