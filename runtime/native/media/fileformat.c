/*
 * File formats of sounds: a list of what modules have registered.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"

#include "asterisk/mod_format.h"

static AST_RWLIST_HEAD_STATIC(formats, ast_format_def);

/* Whether a list with '|' between its entries has one, in any case. */
static int lists(const char *list, const char *entry, size_t length,
	int (*differs)(const char *, const char *, size_t))
{
	while (*list) {
		size_t size = strcspn(list, "|");

		if (size == length && !differs(list, entry, size)) {
			return 1;
		}
		list += size + (list[size] == '|');
	}
	return 0;
}

static struct ast_format_def *of_name(const char *name)
{
	struct ast_format_def *format;

	AST_RWLIST_TRAVERSE(&formats, format, list) {
		if (!strcasecmp(format->name, name)) {
			break;
		}
	}
	return format;
}

/* Case counts: "wav" and "WAV" are two formats. */
static struct ast_format_def *of_extension(const char *extension, size_t length)
{
	struct ast_format_def *format;

	AST_RWLIST_TRAVERSE(&formats, format, list) {
		if (lists(format->exts, extension, length, strncmp)) {
			break;
		}
	}
	return format;
}

int __ast_format_def_register(const struct ast_format_def *f, struct ast_module *mod)
{
	struct ast_format_def *copy = f && f->format ? ast_malloc(sizeof(*copy)) : NULL;

	if (!copy) {
		return -1;
	}
	*copy = *f;
	copy->module = mod;
	copy->list.next = NULL;
	AST_RWLIST_WRLOCK(&formats);
	if (of_name(copy->name)) {
		AST_RWLIST_UNLOCK(&formats);
		ast_log(LOG_WARNING, "the file format '%s' is registered already\n", copy->name);
		ast_free(copy);
		return -1;
	}
	ao2_ref(copy->format, +1);
	AST_RWLIST_INSERT_HEAD(&formats, copy, list);
	AST_RWLIST_UNLOCK(&formats);
	ast_verb(2, "Registered file format %s, extension(s) %s\n", f->name, f->exts);
	return 0;
}

int ast_format_def_unregister(const char *name)
{
	struct ast_format_def *format = NULL;

	if (name) {
		AST_RWLIST_WRLOCK(&formats);
		format = of_name(name);
		if (format) {
			AST_RWLIST_REMOVE(&formats, format, list);
		}
		AST_RWLIST_UNLOCK(&formats);
	}
	if (!format) {
		ast_log(LOG_WARNING, "the file format '%s' is not registered\n", S_OR(name, ""));
		return -1;
	}
	ast_verb(2, "Unregistered format %s\n", format->name);
	ao2_ref(format->format, -1);
	ast_free(format);
	return 0;
}

struct ast_format *ast_get_format_for_file_ext(const char *file_ext)
{
	struct ast_format_def *found;
	struct ast_format *format;

	AST_RWLIST_RDLOCK(&formats);
	found = file_ext ? of_extension(file_ext, strlen(file_ext)) : NULL;
	format = found ? found->format : NULL;
	AST_RWLIST_UNLOCK(&formats);
	return format;
}

int ast_get_extension_for_mime_type(const char *mime_type, char *buffer, size_t capacity)
{
	struct ast_format_def *format;
	int is_found = 0;

	if (!mime_type || !buffer || !capacity) {
		return 0;
	}
	AST_RWLIST_RDLOCK(&formats);
	AST_RWLIST_TRAVERSE(&formats, format, list) {
		if (lists(format->mime_types, mime_type, strlen(mime_type), strncasecmp)) {
			size_t size = strcspn(format->exts, "|");

			snprintf(buffer, capacity, ".%.*s", (int) size, format->exts);
			is_found = 1;
			break;
		}
	}
	AST_RWLIST_UNLOCK(&formats);
	return is_found;
}

char *ast_format_str_reduce(char *fmts)
{
	const struct ast_format_def *taken[32];
	size_t count = 0, i;
	char *from = fmts, *to = fmts;

	AST_RWLIST_RDLOCK(&formats);
	while (from && *from) {
		size_t size = strcspn(from, "|"), step = size + (from[size] == '|');
		const struct ast_format_def *format = of_extension(from, size);

		for (i = 0; i < count && taken[i] != format; i++) {
			continue;
		}
		if (format && i == count && count < ARRAY_LEN(taken)) {
			to += to != fmts ? (*to = '|', 1) : 0;
			memmove(to, from, size);
			to += size;
			taken[count++] = format;
		}
		from += step;
	}
	AST_RWLIST_UNLOCK(&formats);
	if (!count) {
		return NULL;
	}
	*to = '\0';
	return fmts;
}
