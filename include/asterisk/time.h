/*
 * Times and durations as struct timeval: seconds and microseconds.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef ASTERISM_TIME_H
#define ASTERISM_TIME_H

#include <math.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "asterisk/inline_api.h"

#ifdef __cplusplus
extern "C" {
#endif

#define AST_TIME_T_LEN 21	/* Bytes for a time_t in decimal digits, with the NUL. */

typedef time_t ast_time_t;
typedef suseconds_t ast_suseconds_t;

/* The current time. */
AST_INLINE_API(
struct timeval attribute_unused ast_tvnow(void),
{
	struct timeval now;

	gettimeofday(&now, NULL);
	return now;
}
)

/* The current time with nanoseconds. */
AST_INLINE_API(
struct timespec attribute_unused ast_tsnow(void),
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return now;
}
)

/* A timeval from seconds and microseconds; from seconds as a floating point number, and back. */
AST_INLINE_API(
struct timeval attribute_unused ast_tv(ast_time_t sec, ast_suseconds_t usec),
{
	struct timeval moment = { sec, usec };

	return moment;
}
)

AST_INLINE_API(
struct timeval attribute_unused ast_double2tv(double seconds),
{
	double whole = floor(seconds);
	struct timeval moment = { (time_t) whole, (suseconds_t) ((seconds - whole) * 1000000.0) };

	return moment;
}
)

AST_INLINE_API(
double attribute_unused ast_tv2double(const struct timeval *tv),
{
	return (double) tv->tv_sec + (double) tv->tv_usec / 1000000.0;
}
)

AST_INLINE_API(
int attribute_unused ast_tvzero(const struct timeval t),
{
	return t.tv_sec == 0 && t.tv_usec == 0;
}
)

AST_INLINE_API(
int attribute_unused ast_tveq(struct timeval a, struct timeval b),
{
	return a.tv_sec == b.tv_sec && a.tv_usec == b.tv_usec;
}
)

/* -1, 0 or 1: a is before, equal to or after b. */
AST_INLINE_API(
int attribute_unused ast_tvcmp(struct timeval a, struct timeval b),
{
	if (a.tv_sec != b.tv_sec) {
		return a.tv_sec < b.tv_sec ? -1 : 1;
	}
	return a.tv_usec < b.tv_usec ? -1 : a.tv_usec > b.tv_usec;
}
)

/* end - start in microseconds; in milliseconds, rounded down; in whole seconds, rounded towards 0. */
AST_INLINE_API(
int64_t attribute_unused ast_tvdiff_us(struct timeval end, struct timeval start),
{
	return (int64_t) (end.tv_sec - start.tv_sec) * 1000000 + (end.tv_usec - start.tv_usec);
}
)

AST_INLINE_API(
int64_t attribute_unused ast_tvdiff_ms(struct timeval end, struct timeval start),
{
	int64_t us = ast_tvdiff_us(end, start);

	return us / 1000 - (us % 1000 < 0);
}
)

AST_INLINE_API(
int64_t attribute_unused ast_tvdiff_sec(struct timeval end, struct timeval start),
{
	return ast_tvdiff_us(end, start) / 1000000;
}
)

/* a + b and a - b; the arguments are normalized. */
struct timeval ast_tvadd(struct timeval a, struct timeval b);
struct timeval ast_tvsub(struct timeval a, struct timeval b);
/* The rest of max_ms milliseconds since start, at least 0; a negative max_ms means no limit and is returned. */
int ast_remaining_ms(struct timeval start, int max_ms);
/* Seconds as HH:MM:SS, without a sign. */
void ast_format_duration_hh_mm_ss(int duration, char *buf, size_t length);

/* Samples at a rate (in Hz) as a duration, and back. */
AST_INLINE_API(
struct timeval attribute_unused ast_samp2tv(unsigned int nsamp, unsigned int rate),
{
	struct timeval length = { nsamp / rate, (suseconds_t) ((uint64_t) (nsamp % rate) * 1000000 / rate) };

	return length;
}
)

AST_INLINE_API(
time_t attribute_unused ast_tv2samp(const struct timeval *tv, int rate),
{
	return (time_t) (ast_tv2double(tv) * (double) rate);
}
)

AST_INLINE_API(
double attribute_unused ast_samp2sec(unsigned int nsamp, unsigned int rate),
{
	return (double) nsamp / (double) rate;
}
)

AST_INLINE_API(
unsigned int attribute_unused ast_sec2samp(double seconds, int rate),
{
	return (unsigned int) (seconds * rate);
}
)

enum TIME_UNIT {
	TIME_UNIT_ERROR = -1,
	TIME_UNIT_NANOSECOND,
	TIME_UNIT_MICROSECOND,
	TIME_UNIT_MILLISECOND,
	TIME_UNIT_SECOND,
	TIME_UNIT_MINUTE,
	TIME_UNIT_HOUR,
	TIME_UNIT_DAY,
	TIME_UNIT_WEEK,
	TIME_UNIT_MONTH,
	TIME_UNIT_YEAR,
};

/* A unit by its name, in the plural or the singular, or an abbreviation: "ns", "usec", "sec", "m", "hr", "wk", "mo", "years". */
enum TIME_UNIT ast_time_str_to_unit(const char *unit);
/* Microseconds of a timeval; a normalized timeval. */
ast_suseconds_t ast_time_tv_to_usec(const struct timeval *tv);
struct timeval ast_time_create(ast_time_t sec, ast_suseconds_t usec);
/* A duration from a number of units; a month and a year have their average length.  0 for an unknown unit. */
struct timeval ast_time_create_by_unit(unsigned long val, enum TIME_UNIT unit);
struct timeval ast_time_create_by_unit_str(unsigned long val, const char *unit);
/* A time_t as decimal digits (0, or -1 when they do not fit), and back (-1 when the text is not a number). */
int ast_time_t_to_string(time_t time, char *buf, size_t length);
time_t ast_string_to_time_t(const char *str);

#ifdef __cplusplus
}
#endif

#endif
