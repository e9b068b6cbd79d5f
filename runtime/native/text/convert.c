/*
 * Text to numbers, strictly.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"

#include <math.h>

int ast_str_to_imax(const char *str, intmax_t *res)
{
	char *end;
	intmax_t value;

	if (ast_strlen_zero(str)) {
		return -1;
	}
	errno = 0;
	value = strtoimax(str, &end, 10);
	if (errno || *end || end == str) {
		return -1;
	}
	*res = value;
	return 0;
}

int ast_str_to_umax(const char *str, uintmax_t *res)
{
	char *end;
	uintmax_t value;

	/* The C library takes a sign here and wraps around. */
	if (ast_strlen_zero(str) || *ast_skip_blanks(str) == '-') {
		return -1;
	}
	errno = 0;
	value = strtoumax(str, &end, 10);
	if (errno || *end || end == str) {
		return -1;
	}
	*res = value;
	return 0;
}

#define SIGNED(name, type, least, most) \
	int name(const char *str, type *res) \
	{ \
		intmax_t value; \
		if (ast_str_to_imax(str, &value) || value < (least) || value > (most)) { \
			return -1; \
		} \
		*res = (type) value; \
		return 0; \
	}

#define UNSIGNED(name, type, most) \
	int name(const char *str, type *res) \
	{ \
		uintmax_t value; \
		if (ast_str_to_umax(str, &value) || value > (most)) { \
			return -1; \
		} \
		*res = (type) value; \
		return 0; \
	}

SIGNED(ast_str_to_int, int, INT_MIN, INT_MAX)
SIGNED(ast_str_to_long, long, LONG_MIN, LONG_MAX)
UNSIGNED(ast_str_to_uint, unsigned int, UINT_MAX)
UNSIGNED(ast_str_to_ulong, unsigned long, ULONG_MAX)

int ast_get_timeval(const char *src, struct timeval *dst, struct timeval _default, int *consumed)
{
	long double seconds;
	int scanned = 0;

	if (consumed) {
		*consumed = 0;
	}
	if (!dst) {
		return -1;
	}
	*dst = _default;
	if (ast_strlen_zero(src) || sscanf(src, "%30Lf%n", &seconds, &scanned) != 1 || !isfinite(seconds)
		|| fabsl(seconds) > (long double) LONG_MAX) {
		return -1;
	}
	dst->tv_sec = (time_t) floorl(seconds);
	dst->tv_usec = (suseconds_t) ((seconds - floorl(seconds)) * 1000000);
	if (consumed) {
		*consumed = scanned;
	}
	return 0;
}

int ast_get_time_t(const char *src, time_t *dst, time_t _default, int *consumed)
{
	long seconds;
	int scanned = 0;

	if (consumed) {
		*consumed = 0;
	}
	if (!dst) {
		return -1;
	}
	*dst = _default;
	if (ast_strlen_zero(src) || sscanf(src, "%30ld%n", &seconds, &scanned) != 1) {
		return -1;
	}
	*dst = seconds;
	if (consumed) {
		*consumed = scanned;
	}
	return 0;
}
