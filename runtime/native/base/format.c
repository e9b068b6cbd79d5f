/*
 * Formatting that a module cannot hurt the core with.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"

/* The conversion character of the specification that begins after a '%', or the closing NUL. */
static const char *conversion(const char *spec)
{
	return spec + strspn(spec, "#0- +'I123456789.*$hlLqjzt");
}

/* Whether a format has %n, which writes into memory. */
static int writes_memory(const char *fmt)
{
	const char *at = fmt;

	while ((at = strchr(at, '%'))) {
		at = conversion(at + 1);
		if (*at == 'n') {
			return 1;
		}
		if (*at) {
			at++;
		}
	}
	return 0;
}

int asterism_format_refused(const struct asterism_place *place, const char *fmt)
{
	const char *why = !fmt ? "a NULL format" : writes_memory(fmt) ? "a format with %n" : NULL;

	if (!why) {
		return 0;
	}
	ast_log(__LOG_ERROR, place->file, place->line, place->function, "%s was refused\n", why);
	return 1;
}

char *asterism_format(char *room, size_t size, char **allocated, const struct asterism_place *place, const char *fmt,
	va_list ap)
{
	va_list again;
	int length;

	*allocated = NULL;
	if (asterism_format_refused(place, fmt)) {
		return NULL;
	}
	va_copy(again, ap);
	length = vsnprintf(room, size, fmt, ap);
	if (length >= 0 && (size_t) length >= size) {
		*allocated = malloc((size_t) length + 1);
		if (*allocated) {
			length = vsnprintf(*allocated, (size_t) length + 1, fmt, again);
		}
		room = *allocated;
	}
	va_end(again);
	if (length < 0) {
		ast_log(__LOG_ERROR, place->file, place->line, place->function, "a message could not be formatted: %s\n",
			strerror(errno));
		free(*allocated);
		*allocated = NULL;
		return NULL;
	}
	return room;
}
