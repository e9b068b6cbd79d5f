/* Arithmetic on struct timeval. SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef ASTERISM_TIME_H
#define ASTERISM_TIME_H

#include <sys/time.h>
#include <time.h>

#include "asterisk/inline_api.h"

/* Now, and a moment made of seconds and microseconds. */
AST_INLINE_API(
struct timeval attribute_unused ast_tvnow(void),
{
	struct timeval now;

	gettimeofday(&now, NULL);
	return now;
}
)

AST_INLINE_API(
struct timeval attribute_unused ast_tv(time_t sec, suseconds_t usec),
{
	struct timeval moment = { sec, usec };

	return moment;
}
)

AST_INLINE_API(
int attribute_unused ast_tvzero(const struct timeval t),
{
	return t.tv_sec == 0 && t.tv_usec == 0;
}
)

/* -1, 0 or 1 as a is before, at or after b. */
AST_INLINE_API(
int attribute_unused ast_tvcmp(struct timeval a, struct timeval b),
{
	if (a.tv_sec != b.tv_sec) {
		return a.tv_sec < b.tv_sec ? -1 : 1;
	}
	return a.tv_usec < b.tv_usec ? -1 : a.tv_usec > b.tv_usec;
}
)

/* end - start in milliseconds and in microseconds. */
AST_INLINE_API(
int64_t attribute_unused ast_tvdiff_us(struct timeval end, struct timeval start),
{
	return (int64_t) (end.tv_sec - start.tv_sec) * 1000000 + (end.tv_usec - start.tv_usec);
}
)

AST_INLINE_API(
int64_t attribute_unused ast_tvdiff_ms(struct timeval end, struct timeval start),
{
	return ast_tvdiff_us(end, start) / 1000;
}
)

#endif
