/*
 * The machine on which the program runs; the date and the user of the build are not kept, so that every build is the same.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef ASTERISM_BUILDINFO_H
#define ASTERISM_BUILDINFO_H

#ifdef __cplusplus
extern "C" {
#endif

extern const char *ast_build_hostname;
extern const char *ast_build_kernel;
extern const char *ast_build_machine;
extern const char *ast_build_os;
extern const char *ast_build_date;
extern const char *ast_build_user;

#ifdef __cplusplus
}
#endif

#endif
