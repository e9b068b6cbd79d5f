/*
 * Memory: the functions of the C library, with failures logged.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"

static void *told(void *block, size_t size, const char *file, int line, const char *func)
{
	if (!block && size) {
		ast_log_safe(__LOG_ERROR, file, line, func, "out of memory: cannot allocate %zu bytes\n", size);
	}
	return block;
}

void *ast_std_malloc(size_t size)
{
	return malloc(size);
}

void *ast_std_calloc(size_t nmemb, size_t size)
{
	return calloc(nmemb, size);
}

void *ast_std_realloc(void *ptr, size_t size)
{
	return realloc(ptr, size);
}

void ast_std_free(void *ptr)
{
	free(ptr);
}

void ast_free_ptr(void *ptr)
{
	free(ptr);
}

void *__ast_malloc(size_t size, const char *file, int lineno, const char *func)
{
	return told(malloc(size), size, file, lineno, func);
}

void *__ast_calloc(size_t nmemb, size_t size, const char *file, int lineno, const char *func)
{
	return told(calloc(nmemb, size), nmemb && size ? size : 0, file, lineno, func);
}

void *__ast_calloc_cache(size_t nmemb, size_t size, const char *file, int lineno, const char *func)
{
	return __ast_calloc(nmemb, size, file, lineno, func);
}

void *__ast_realloc(void *ptr, size_t size, const char *file, int lineno, const char *func)
{
	return told(realloc(ptr, size), size, file, lineno, func);
}

void __ast_free(void *ptr, const char *file, int lineno, const char *func)
{
	(void) file;
	(void) lineno;
	(void) func;
	free(ptr);
}

char *__ast_strdup(const char *s, const char *file, int lineno, const char *func)
{
	return s ? told(strdup(s), 1, file, lineno, func) : NULL;
}

char *__ast_strndup(const char *s, size_t n, const char *file, int lineno, const char *func)
{
	return s ? told(strndup(s, n), 1, file, lineno, func) : NULL;
}

int __ast_vasprintf(char **strp, const char *format, va_list ap, const char *file, int lineno, const char *func)
{
	struct asterism_place place = { file, lineno, func };
	int length;

	*strp = NULL;
	if (asterism_format_refused(&place, format)) {
		return -1;
	}
	length = vasprintf(strp, format, ap);
	if (length < 0) {
		*strp = NULL;	/* The C library leaves it undefined. */
		told(NULL, 1, file, lineno, func);
	}
	return length;
}

int __ast_asprintf(const char *file, int lineno, const char *func, char **strp, const char *format, ...)
{
	va_list ap;
	int length;

	va_start(ap, format);
	length = __ast_vasprintf(strp, format, ap, file, lineno, func);
	va_end(ap);
	return length;
}

void *__ast_repl_malloc(size_t size, const char *file, int lineno, const char *func)
{
	return __ast_malloc(size, file, lineno, func);
}

void *__ast_repl_calloc(size_t nmemb, size_t size, const char *file, int lineno, const char *func)
{
	return __ast_calloc(nmemb, size, file, lineno, func);
}

void *__ast_repl_realloc(void *ptr, size_t size, const char *file, int lineno, const char *func)
{
	return __ast_realloc(ptr, size, file, lineno, func);
}

char *__ast_repl_strdup(const char *s, const char *file, int lineno, const char *func)
{
	return __ast_strdup(s, file, lineno, func);
}

char *__ast_repl_strndup(const char *s, size_t n, const char *file, int lineno, const char *func)
{
	return __ast_strndup(s, n, file, lineno, func);
}

int __ast_repl_vasprintf(char **strp, const char *format, va_list ap, const char *file, int lineno, const char *func)
{
	return __ast_vasprintf(strp, format, ap, file, lineno, func);
}

int __ast_repl_asprintf(const char *file, int lineno, const char *func, char **strp, const char *format, ...)
{
	va_list ap;
	int length;

	va_start(ap, format);
	length = __ast_vasprintf(strp, format, ap, file, lineno, func);
	va_end(ap);
	return length;
}
