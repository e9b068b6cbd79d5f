/*
 * Values of configuration files as numbers and lengths of time (asterisk/config.h, asterisk/app.h).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"

#include <math.h>

#include "asterisk/netsock2.h"

int ast_app_parse_timelen(const char *timestr, int *result, enum ast_timelen defunit)
{
	static const struct {
		const char *name;
		enum ast_timelen unit;
	} units[] = {
		{ "h", TIMELEN_HOURS }, { "m", TIMELEN_MINUTES }, { "s", TIMELEN_SECONDS }, { "ms", TIMELEN_MILLISECONDS },
	};
	static const double milliseconds[] = { 3600000, 60000, 1000, 1 };
	double amount;
	char *end;
	size_t i;

	if (!timestr || !result) {
		return -1;
	}
	amount = strtod(timestr, &end);
	if (end == timestr || isnan(amount)) {
		return -1;
	}
	end = ast_strip(ast_strdupa(end));
	for (i = 0; *end && i < ARRAY_LEN(units) && strcasecmp(end, units[i].name); i++) {
		continue;
	}
	if (i == ARRAY_LEN(units)) {
		return -1;
	}
	amount *= milliseconds[*end ? units[i].unit : defunit];
	*result = amount >= INT_MAX ? INT_MAX : amount <= INT_MIN ? INT_MIN : (int) amount;
	return 0;
}

/* A value while it is parsed: every supported type fits a double exactly. */
struct reading {
	double value, fallback, low, high;
	int wrong;
};

static void read_integer(struct reading *reading, const char *arg)
{
	char *end;
	long long number;

	errno = 0;
	number = strtoll(arg, &end, 0);
	reading->value = (double) number;
	reading->wrong = *end || errno;
}

static void read_double(struct reading *reading, const char *arg)
{
	char *end;

	errno = 0;
	reading->value = strtod(arg, &end);
	reading->wrong = *end || errno == ERANGE || isnan(reading->value);
}

/* Whether the value is good, and what it is when it is not. */
static void judge(struct reading *reading, enum ast_parse_flags flags, double lowest, double highest)
{
	int outside;

	if (reading->wrong || reading->value < lowest || reading->value > highest) {
		reading->wrong = 1;
		return;
	}
	outside = reading->value < reading->low || reading->value > reading->high;
	if (outside && (flags & PARSE_RANGE_DEFAULTS)) {
		reading->fallback = reading->value < reading->low ? reading->low : reading->high;
	}
	reading->wrong = flags & PARSE_OUT_RANGE ? !outside : outside;
}

/* Takes the default and the range from the arguments, each of type `kind`. */
#define TAKE(reading, flags, ap, kind, lowest, highest) do { \
	(reading).low = (lowest); \
	(reading).high = (highest); \
	if ((flags) & PARSE_DEFAULT) { \
		(reading).fallback = va_arg(ap, kind); \
	} \
	if ((flags) & (PARSE_IN_RANGE | PARSE_OUT_RANGE)) { \
		(reading).low = va_arg(ap, kind); \
		(reading).high = va_arg(ap, kind); \
	} \
} while (0)

int ast_parse_arg(const char *arg, enum ast_parse_flags flags, void *p_result, ...)
{
	struct reading reading = { 0 };
	int empty = ast_strlen_zero(arg), milliseconds = 0;
	struct ast_sockaddr address;
	enum ast_timelen unit;
	va_list ap;

	va_start(ap, p_result);
	switch (flags & PARSE_TYPE) {
	case PARSE_INT32:
		reading.fallback = p_result ? *(int32_t *) p_result : 0;
		TAKE(reading, flags, ap, int32_t, INT32_MIN, INT32_MAX);
		read_integer(&reading, empty ? "?" : arg);
		judge(&reading, flags, INT32_MIN, INT32_MAX);
		if (p_result) {
			*(int32_t *) p_result = (int32_t) (reading.wrong ? reading.fallback : reading.value);
		}
		break;
	case PARSE_UINT32:
		reading.fallback = p_result ? *(uint32_t *) p_result : 0;
		TAKE(reading, flags, ap, uint32_t, 0, UINT32_MAX);
		read_integer(&reading, empty ? "?" : arg);
		judge(&reading, flags, 0, UINT32_MAX);
		if (p_result) {
			*(uint32_t *) p_result = (uint32_t) (reading.wrong ? reading.fallback : reading.value);
		}
		break;
	case PARSE_INT16:
		reading.fallback = p_result ? *(int16_t *) p_result : 0;
		TAKE(reading, flags, ap, int, INT16_MIN, INT16_MAX);
		read_integer(&reading, empty ? "?" : arg);
		judge(&reading, flags, INT16_MIN, INT16_MAX);
		if (p_result) {
			*(int16_t *) p_result = (int16_t) (reading.wrong ? reading.fallback : reading.value);
		}
		break;
	case PARSE_UINT16:
		reading.fallback = p_result ? *(uint16_t *) p_result : 0;
		TAKE(reading, flags, ap, int, 0, UINT16_MAX);
		read_integer(&reading, empty ? "?" : arg);
		judge(&reading, flags, 0, UINT16_MAX);
		if (p_result) {
			*(uint16_t *) p_result = (uint16_t) (reading.wrong ? reading.fallback : reading.value);
		}
		break;
	case PARSE_ADDR:
		reading.wrong = empty || !ast_sockaddr_parse(p_result ? p_result : &address, arg, flags & PARSE_PORT_MASK);
		break;
	case PARSE_TIMELEN:
		reading.fallback = p_result ? *(int *) p_result : 0;
		unit = va_arg(ap, enum ast_timelen);
		TAKE(reading, flags, ap, int, INT_MIN, INT_MAX);
		reading.wrong = empty || ast_app_parse_timelen(arg, &milliseconds, unit);
		reading.value = milliseconds;
		judge(&reading, flags, INT_MIN, INT_MAX);
		if (p_result) {
			*(int *) p_result = (int) (reading.wrong ? reading.fallback : reading.value);
		}
		break;
	case PARSE_DOUBLE:
		reading.fallback = p_result ? *(double *) p_result : 0;
		TAKE(reading, flags, ap, double, -HUGE_VAL, HUGE_VAL);
		read_double(&reading, empty ? "?" : arg);
		judge(&reading, flags, -HUGE_VAL, HUGE_VAL);
		if (p_result) {
			*(double *) p_result = reading.wrong ? reading.fallback : reading.value;
		}
		break;
	default:
		ast_log(LOG_ERROR, "ast_parse_arg: unknown type %d\n", (int) (flags & PARSE_TYPE));
		reading.wrong = 1;
	}
	va_end(ap);
	return reading.wrong;
}
