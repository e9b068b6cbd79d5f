/*
 * Metrics for a statsd server.
 *
 * res_statsd sends metrics over UDP to the server in statsd.conf; while it is not loaded or disabled, calls do nothing.  A
 * character that would end a name (: | @ and newline) becomes '_'.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef ASTERISM_STATSD_H
#define ASTERISM_STATSD_H

#include "asterisk/optional_api.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The type of a metric: gauge; counter; timer in milliseconds; histogram; meter. */
#define AST_STATSD_GAUGE "g"
#define AST_STATSD_GUAGE AST_STATSD_GAUGE
#define AST_STATSD_COUNTER "c"
#define AST_STATSD_TIMER "ms"
#define AST_STATSD_HISTOGRAM "h"
#define AST_STATSD_METER "m"

/*
 * Sends a value, or with a sample_rate below 1.0 only that share of the values, chosen by chance; below 0.0 none.  The
 * forms with _va have a format as their first argument.  A text as value can change a gauge: "+1", "-1".
 */
AST_OPTIONAL_API(void, ast_statsd_log_string, (const char *metric_name, const char *metric_type, const char *value,
	double sample_rate), {});
AST_OPTIONAL_API_ATTR(void, format(printf, 1, 5), ast_statsd_log_string_va, (const char *metric_name,
	const char *metric_type, const char *value, double sample_rate, ...), {});
AST_OPTIONAL_API(void, ast_statsd_log_full, (const char *metric_name, const char *metric_type, intmax_t value,
	double sample_rate), {});
AST_OPTIONAL_API_ATTR(void, format(printf, 1, 5), ast_statsd_log_full_va, (const char *metric_name,
	const char *metric_type, intmax_t value, double sample_rate, ...), {});
/* Sends a value, regardless of a sample rate. */
AST_OPTIONAL_API(void, ast_statsd_log, (const char *metric_name, const char *metric_type, intmax_t value), {});
/* A counter. */
AST_OPTIONAL_API(void, ast_statsd_log_sample, (const char *metric_name, intmax_t value, double sample_rate), {});

#ifdef __cplusplus
}
#endif

#endif
