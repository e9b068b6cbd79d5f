/*
 * Dates and times of day, in any time zone, with microseconds.
 *
 * A zone is a name of the system's database ("Europe/Vienna"); NULL or "" is the system's own.  UTC is used for an
 * unknown zone, with a warning.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef ASTERISM_LOCALTIME_H
#define ASTERISM_LOCALTIME_H

#include <locale.h>
#include <sys/time.h>
#include <time.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A struct tm, and the microseconds behind it. */
struct ast_tm {
	int tm_sec;
	int tm_min;
	int tm_hour;
	int tm_mday;
	int tm_mon;
	int tm_year;
	int tm_wday;
	int tm_yday;
	int tm_isdst;
	long int tm_gmtoff;
	char *tm_zone;
	int tm_usec;
};

/* Converts a time to the local time of a zone, in *p_tm; gives p_tm. */
struct ast_tm *ast_localtime(const struct timeval *timep, struct ast_tm *p_tm, const char *zone);
/* Converts the local time of a zone to a time; tm_isdst chooses between two equal local times. */
struct timeval ast_mktime(struct ast_tm * const tmp, const char *zone);
/*
 * strftime, with %q for milliseconds, and %1q to %6q for that many digits of the second's fraction.  Bytes written without
 * the NUL; 0 and an empty text when they do not fit.  A locale is a name of the system's ("de_AT.UTF-8"), NULL for none.
 */
int ast_strftime(char *buf, size_t len, const char *format, const struct ast_tm *tm);
int ast_strftime_locale(char *buf, size_t len, const char *format, const struct ast_tm *tm, const char *locale);
/* strptime into a cleared *tm: the first character that was not read, or NULL. */
char *ast_strptime(const char *s, const char *format, struct ast_tm *tm);
char *ast_strptime_locale(const char *s, const char *format, struct ast_tm *tm, const char *locale);

#define AST_ISO8601_FORMAT "%FT%T.%q%z"
#define AST_ISO8601_LEN 29	/* Bytes of such a text, with the NUL. */

#ifdef __cplusplus
}
#endif

#endif
