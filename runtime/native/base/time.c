/*
 * Moments and lengths of time (asterisk/time.h).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"

#include "asterisk/time.h"

#define MILLION 1000000

/* A normalized time, with 0 to 999999 microseconds. */
static struct timeval ordered(struct timeval moment)
{
	struct timeval result = { moment.tv_sec + moment.tv_usec / MILLION, moment.tv_usec % MILLION };

	if (result.tv_usec < 0) {
		result.tv_sec--;
		result.tv_usec += MILLION;
	}
	return result;
}

struct timeval ast_tvadd(struct timeval a, struct timeval b)
{
	struct timeval first = ordered(a), second = ordered(b);

	return ordered(ast_tv(first.tv_sec + second.tv_sec, first.tv_usec + second.tv_usec));
}

struct timeval ast_tvsub(struct timeval a, struct timeval b)
{
	struct timeval first = ordered(a), second = ordered(b);

	return ordered(ast_tv(first.tv_sec - second.tv_sec, first.tv_usec - second.tv_usec));
}

int ast_remaining_ms(struct timeval start, int max_ms)
{
	return max_ms < 0 ? max_ms : (int) MAX((int64_t) 0, max_ms - ast_tvdiff_ms(ast_tvnow(), start));
}

void ast_format_duration_hh_mm_ss(int duration, char *buf, size_t length)
{
	unsigned int seconds = duration < 0 ? 0u - (unsigned int) duration : (unsigned int) duration;

	snprintf(buf, length, "%02u:%02u:%02u", seconds / 3600, seconds / 60 % 60, seconds % 60);
}

/* Units with the beginnings of their names, the one before the other where one begins the other. */
static const struct {
	const char *name;
	enum TIME_UNIT unit;
} units[] = {
	{ "nsec", TIME_UNIT_NANOSECOND }, { "nanosecond", TIME_UNIT_NANOSECOND }, { "ns", TIME_UNIT_NANOSECOND },
	{ "usec", TIME_UNIT_MICROSECOND }, { "microsecond", TIME_UNIT_MICROSECOND }, { "us", TIME_UNIT_MICROSECOND },
	{ "msec", TIME_UNIT_MILLISECOND }, { "millisecond", TIME_UNIT_MILLISECOND }, { "ms", TIME_UNIT_MILLISECOND },
	{ "sec", TIME_UNIT_SECOND }, { "s", TIME_UNIT_SECOND },
	{ "mo", TIME_UNIT_MONTH }, { "mth", TIME_UNIT_MONTH },
	{ "m", TIME_UNIT_MINUTE },
	{ "hr", TIME_UNIT_HOUR }, { "h", TIME_UNIT_HOUR },
	{ "d", TIME_UNIT_DAY },
	{ "wk", TIME_UNIT_WEEK }, { "w", TIME_UNIT_WEEK },
	{ "yr", TIME_UNIT_YEAR }, { "y", TIME_UNIT_YEAR },
};

enum TIME_UNIT ast_time_str_to_unit(const char *unit)
{
	size_t i;

	for (i = 0; unit && i < ARRAY_LEN(units); i++) {
		if (!strncasecmp(unit, units[i].name, strlen(units[i].name))) {
			return units[i].unit;
		}
	}
	return TIME_UNIT_ERROR;
}

ast_suseconds_t ast_time_tv_to_usec(const struct timeval *tv)
{
	return tv->tv_sec * MILLION + tv->tv_usec;
}

struct timeval ast_time_create(ast_time_t sec, ast_suseconds_t usec)
{
	return ordered(ast_tv(sec, usec));
}

struct timeval ast_time_create_by_unit(unsigned long val, enum TIME_UNIT unit)
{
	static const long seconds[] = {
		[TIME_UNIT_SECOND] = 1, [TIME_UNIT_MINUTE] = 60, [TIME_UNIT_HOUR] = 3600, [TIME_UNIT_DAY] = 86400,
		[TIME_UNIT_WEEK] = 604800, [TIME_UNIT_MONTH] = 2629746, [TIME_UNIT_YEAR] = 31556952,
	};

	switch (unit) {
	case TIME_UNIT_NANOSECOND:
		return ast_time_create((time_t) (val / 1000000000), (suseconds_t) (val % 1000000000 / 1000));
	case TIME_UNIT_MICROSECOND:
		return ast_time_create((time_t) (val / MILLION), (suseconds_t) (val % MILLION));
	case TIME_UNIT_MILLISECOND:
		return ast_time_create((time_t) (val / 1000), (suseconds_t) (val % 1000 * 1000));
	default:
		return ast_tv((int) unit >= 0 && (size_t) unit < ARRAY_LEN(seconds) ? (time_t) val * seconds[unit] : 0, 0);
	}
}

struct timeval ast_time_create_by_unit_str(unsigned long val, const char *unit)
{
	return ast_time_create_by_unit(val, ast_time_str_to_unit(unit));
}

int ast_time_t_to_string(time_t time, char *buf, size_t length)
{
	int written = snprintf(buf, length, "%jd", (intmax_t) time);

	return written < 0 || (size_t) written >= length ? -1 : 0;
}

time_t ast_string_to_time_t(const char *str)
{
	long seconds;

	return ast_strlen_zero(str) || ast_str_to_long(ast_skip_blanks(str), &seconds) ? (time_t) -1 : (time_t) seconds;
}
