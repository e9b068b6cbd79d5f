/*
 * Dates and times of day (asterisk/localtime.h).  The zones are Python's; the system's own is the C library's.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"

#include <locale.h>

#include "asterisk/localtime.h"
#include "asterisk/time.h"

/* ---- abbreviations of zones: callers may keep the pointers, so they are never freed ---- */

struct name {
	struct name *next;
	char text[];
};

static char *kept_name(const char *text)
{
	static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
	static struct name *names;
	struct name *name;

	pthread_mutex_lock(&lock);
	for (name = names; name && strcmp(name->text, text); name = name->next) {
		continue;
	}
	if (!name && (name = ast_malloc(sizeof(*name) + strlen(text) + 1))) {
		strcpy(name->text, text);
		name->next = names;
		names = name;
	}
	pthread_mutex_unlock(&lock);
	return name ? name->text : (char *) "";
}

/* ---- conversions ---- */

static void from_tm(struct ast_tm *to, const struct tm *from)
{
	*to = (struct ast_tm) {
		from->tm_sec, from->tm_min, from->tm_hour, from->tm_mday, from->tm_mon, from->tm_year, from->tm_wday,
		from->tm_yday, from->tm_isdst, from->tm_gmtoff, (char *) from->tm_zone, 0,
	};
}

static struct tm to_tm(const struct ast_tm *from)
{
	return (struct tm) {
		.tm_sec = from->tm_sec, .tm_min = from->tm_min, .tm_hour = from->tm_hour, .tm_mday = from->tm_mday,
		.tm_mon = from->tm_mon, .tm_year = from->tm_year, .tm_wday = from->tm_wday, .tm_yday = from->tm_yday,
		.tm_isdst = from->tm_isdst, .tm_gmtoff = from->tm_gmtoff, .tm_zone = from->tm_zone,
	};
}

/* Seconds a zone is ahead of UTC at a moment, or at a local time of it; without Python, none. */
static long offset_of(const char *zone, long seconds, int is_local, int *is_dst, char *abbreviation, int size)
{
	long (*ask)(const char *name, long moment, int local, int *dst, char *text, int room)
		= asterism_table.asterism_zone_offset;

	ast_copy_string(abbreviation, "UTC", (size_t) size);
	return ask ? ask(zone, seconds, is_local, is_dst, abbreviation, size) : 0;
}

struct ast_tm *ast_localtime(const struct timeval *timep, struct ast_tm *p_tm, const char *zone)
{
	struct timeval moment = ast_time_create(timep->tv_sec, timep->tv_usec);
	char abbreviation[16];
	struct tm tm;
	time_t local;
	int is_dst = 0;

	if (ast_strlen_zero(zone)) {
		localtime_r(&moment.tv_sec, &tm);
		from_tm(p_tm, &tm);
	} else {
		long offset = offset_of(zone, moment.tv_sec, 0, &is_dst, abbreviation, sizeof(abbreviation));

		local = moment.tv_sec + offset;
		gmtime_r(&local, &tm);
		from_tm(p_tm, &tm);
		p_tm->tm_isdst = is_dst;
		p_tm->tm_gmtoff = offset;
		p_tm->tm_zone = kept_name(abbreviation);
	}
	p_tm->tm_usec = (int) moment.tv_usec;
	return p_tm;
}

struct timeval ast_mktime(struct ast_tm * const tmp, const char *zone)
{
	struct tm tm = to_tm(tmp);
	char abbreviation[16];
	int is_dst = tmp->tm_isdst;
	long local;

	if (ast_strlen_zero(zone)) {
		return ast_time_create(mktime(&tm), tmp->tm_usec);
	}
	local = timegm(&tm);
	return ast_time_create(local - offset_of(zone, local, 1, &is_dst, abbreviation, sizeof(abbreviation)), tmp->tm_usec);
}

/* ---- text ---- */

static locale_t opened_locale(const char *name)
{
	locale_t locale = ast_strlen_zero(name) ? (locale_t) 0 : newlocale(LC_ALL_MASK, name, (locale_t) 0);

	if (!locale && !ast_strlen_zero(name)) {
		ast_log(LOG_WARNING, "unknown locale '%s'; 'locale -a' lists the locales of this system\n", name);
	}
	return locale;
}

/* Whether a format has a fraction of the second at this '%': its digits, and in *after what follows it. */
static int fraction_digits(const char *at, const char **after)
{
	int digits = 3;

	at++;
	if (*at >= '1' && *at <= '6' && at[1] == 'q') {
		digits = *at++ - '0';
	}
	*after = at + 1;
	return *at == 'q' ? digits : 0;
}

/* The format with its fractions written out. */
static struct ast_str *without_fractions(const char *format, int microseconds)
{
	struct ast_str *plain = ast_str_create(64);
	char fraction[16];

	snprintf(fraction, sizeof(fraction), "%06d", microseconds % 1000000);
	while (plain && *format) {
		const char *after = format + 1;
		int digits = *format == '%' ? fraction_digits(format, &after) : 0;

		if (digits) {
			ast_str_append(&plain, 0, "%.*s", digits, fraction);
		} else {
			after = format + 1 + (*format == '%' && format[1]);
			ast_str_append_substr(&plain, 0, format, (size_t) (after - format));
		}
		format = after;
	}
	return plain;
}

int ast_strftime_locale(char *buf, size_t len, const char *format, const struct ast_tm *tm, const char *locale)
{
	struct tm plain_tm = to_tm(tm);
	struct ast_str *plain = without_fractions(S_OR(format, ""), tm->tm_usec);
	locale_t opened = opened_locale(locale);
	size_t written = 0;

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	if (plain && len && ast_str_strlen(plain)) {
		written = opened ? strftime_l(buf, len, ast_str_buffer(plain), &plain_tm, opened)
			: strftime(buf, len, ast_str_buffer(plain), &plain_tm);
	}
#pragma GCC diagnostic pop
	if (!written && len) {
		buf[0] = '\0';	/* The C library leaves what did not fit undefined. */
	}
	if (opened) {
		freelocale(opened);
	}
	ast_free(plain);
	return (int) written;
}

int ast_strftime(char *buf, size_t len, const char *format, const struct ast_tm *tm)
{
	return ast_strftime_locale(buf, len, format, tm, NULL);
}

char *ast_strptime_locale(const char *s, const char *format, struct ast_tm *tm, const char *locale)
{
	locale_t opened = opened_locale(locale), before = opened ? uselocale(opened) : (locale_t) 0;
	struct tm plain_tm = { 0 };
	char *rest = s && format ? strptime(s, format, &plain_tm) : NULL;

	if (opened) {
		uselocale(before);
		freelocale(opened);
	}
	from_tm(tm, &plain_tm);
	return rest;
}

char *ast_strptime(const char *s, const char *format, struct ast_tm *tm)
{
	return ast_strptime_locale(s, format, tm, NULL);
}
