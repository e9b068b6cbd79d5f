/* The running version. SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef ASTERISM_AST_VERSION_H
#define ASTERISM_AST_VERSION_H

#ifdef __cplusplus
extern "C" {
#endif

/* "1.1.0"; as a number, "10100"; the build options, separated by commas. */
const char *ast_get_version(void);
const char *ast_get_version_num(void);
const char *ast_get_build_opts(void);

#ifdef __cplusplus
}
#endif

#endif
