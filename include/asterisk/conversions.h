/*
 * Text to numbers.  The whole text must be a decimal number in range: 0, or -1 with *res untouched.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef ASTERISM_CONVERSIONS_H
#define ASTERISM_CONVERSIONS_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

int ast_str_to_int(const char *str, int *res);
int ast_str_to_uint(const char *str, unsigned int *res);
int ast_str_to_long(const char *str, long *res);
int ast_str_to_ulong(const char *str, unsigned long *res);
int ast_str_to_imax(const char *str, intmax_t *res);
int ast_str_to_umax(const char *str, uintmax_t *res);

#ifdef __cplusplus
}
#endif

#endif
