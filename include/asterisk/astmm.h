/*
 * Memory.  A failed allocation is logged with the source line of the caller, and gives NULL.
 *
 * Define ASTMM_LIBC before asterisk.h to choose the effect of the C library's names in a module: ASTMM_BLOCK (the default)
 * stops the compiler, ASTMM_REDIRECT turns them into the functions below, ASTMM_IGNORE does not change them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef ASTERISM_ASTMM_H
#define ASTERISM_ASTMM_H

#include "asterisk/compiler.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The C library's functions, whatever ASTMM_LIBC is. */
void *ast_std_malloc(size_t size) attribute_malloc;
void *ast_std_calloc(size_t nmemb, size_t size) attribute_malloc;
void *ast_std_realloc(void *ptr, size_t size);
void ast_std_free(void *ptr);
/* ast_free as a function, for use as a destructor. */
void ast_free_ptr(void *ptr);

/* The functions behind the macros below; file, line and function are those of the caller. */
void *__ast_malloc(size_t size, const char *file, int lineno, const char *func) attribute_malloc;
void *__ast_calloc(size_t nmemb, size_t size, const char *file, int lineno, const char *func) attribute_malloc;
void *__ast_calloc_cache(size_t nmemb, size_t size, const char *file, int lineno, const char *func) attribute_malloc;
void *__ast_realloc(void *ptr, size_t size, const char *file, int lineno, const char *func);
void __ast_free(void *ptr, const char *file, int lineno, const char *func);
char *__ast_strdup(const char *s, const char *file, int lineno, const char *func) attribute_malloc;
char *__ast_strndup(const char *s, size_t n, const char *file, int lineno, const char *func) attribute_malloc;
int __ast_asprintf(const char *file, int lineno, const char *func, char **strp, const char *format, ...)
	__attribute__((format(printf, 5, 6)));
int __ast_vasprintf(char **strp, const char *format, va_list ap, const char *file, int lineno, const char *func)
	__attribute__((format(printf, 2, 0)));

/* What the C library's names become under ASTMM_REDIRECT. */
void *__ast_repl_malloc(size_t size, const char *file, int lineno, const char *func) attribute_malloc;
void *__ast_repl_calloc(size_t nmemb, size_t size, const char *file, int lineno, const char *func) attribute_malloc;
void *__ast_repl_realloc(void *ptr, size_t size, const char *file, int lineno, const char *func);
char *__ast_repl_strdup(const char *s, const char *file, int lineno, const char *func) attribute_malloc;
char *__ast_repl_strndup(const char *s, size_t n, const char *file, int lineno, const char *func) attribute_malloc;
int __ast_repl_asprintf(const char *file, int lineno, const char *func, char **strp, const char *format, ...)
	__attribute__((format(printf, 5, 6)));
int __ast_repl_vasprintf(char **strp, const char *format, va_list ap, const char *file, int lineno, const char *func)
	__attribute__((format(printf, 2, 0)));

#define ASTMM_BLOCK 0
#define ASTMM_REDIRECT 1
#define ASTMM_IGNORE 2
#ifndef ASTMM_LIBC
#define ASTMM_LIBC ASTMM_BLOCK
#endif

#if ASTMM_LIBC != ASTMM_IGNORE && !defined(__cplusplus)
#undef malloc
#undef calloc
#undef realloc
#undef free
#undef strdup
#undef strndup
#undef asprintf
#undef vasprintf
#if ASTMM_LIBC == ASTMM_REDIRECT
#define malloc(size) __ast_repl_malloc((size), __FILE__, __LINE__, __PRETTY_FUNCTION__)
#define calloc(nmemb, size) __ast_repl_calloc((nmemb), (size), __FILE__, __LINE__, __PRETTY_FUNCTION__)
#define realloc(ptr, size) __ast_repl_realloc((ptr), (size), __FILE__, __LINE__, __PRETTY_FUNCTION__)
#define free(ptr) __ast_free((ptr), __FILE__, __LINE__, __PRETTY_FUNCTION__)
#define strdup(s) __ast_repl_strdup((s), __FILE__, __LINE__, __PRETTY_FUNCTION__)
#define strndup(s, n) __ast_repl_strndup((s), (n), __FILE__, __LINE__, __PRETTY_FUNCTION__)
#define asprintf(strp, format, ...) \
	__ast_repl_asprintf(__FILE__, __LINE__, __PRETTY_FUNCTION__, (strp), (format), ##__VA_ARGS__)
#define vasprintf(strp, format, ap) \
	__ast_repl_vasprintf((strp), (format), (ap), __FILE__, __LINE__, __PRETTY_FUNCTION__)
#elif ASTMM_LIBC == ASTMM_BLOCK
#define malloc(size) Do_not_use_malloc__use_ast_malloc->fail(size)
#define calloc(nmemb, size) Do_not_use_calloc__use_ast_calloc->fail(nmemb, size)
#define realloc(ptr, size) Do_not_use_realloc__use_ast_realloc->fail(ptr, size)
#define free(ptr) Do_not_use_free__use_ast_free_or_ast_std_free->fail(ptr)
#define strdup(s) Do_not_use_strdup__use_ast_strdup->fail(s)
#define strndup(s, n) Do_not_use_strndup__use_ast_strndup->fail(s, n)
#define asprintf(strp, ...) Do_not_use_asprintf__use_ast_asprintf->fail(strp, __VA_ARGS__)
#define vasprintf(strp, format, ap) Do_not_use_vasprintf__use_ast_vasprintf->fail(strp, format, ap)
#else
#error "ASTMM_LIBC must be ASTMM_BLOCK, ASTMM_REDIRECT or ASTMM_IGNORE"
#endif
#endif

/* len bytes, not cleared. */
#define ast_malloc(len) __ast_malloc((len), __FILE__, __LINE__, __PRETTY_FUNCTION__)
/* num objects of len bytes, cleared. */
#define ast_calloc(num, len) __ast_calloc((num), (len), __FILE__, __LINE__, __PRETTY_FUNCTION__)
#define ast_calloc_cache(num, len) __ast_calloc_cache((num), (len), __FILE__, __LINE__, __PRETTY_FUNCTION__)
/* Resizes the block p to len bytes; on NULL, the old block does not change. */
#define ast_realloc(p, len) __ast_realloc((p), (len), __FILE__, __LINE__, __PRETTY_FUNCTION__)
/* Frees memory of any of these functions; NULL does nothing. */
#define ast_free(a) __ast_free((a), __FILE__, __LINE__, __PRETTY_FUNCTION__)
/* A copy of a string; of NULL, NULL. */
#define ast_strdup(str) __ast_strdup((str), __FILE__, __LINE__, __PRETTY_FUNCTION__)
#define ast_strndup(str, len) __ast_strndup((str), (len), __FILE__, __LINE__, __PRETTY_FUNCTION__)
/* A formatted string in *ret; its length, or -1 with *ret NULL. */
#define ast_asprintf(ret, ...) __ast_asprintf(__FILE__, __LINE__, __PRETTY_FUNCTION__, (ret), __VA_ARGS__)
#define ast_vasprintf(ret, fmt, ap) __ast_vasprintf((ret), (fmt), (ap), __FILE__, __LINE__, __PRETTY_FUNCTION__)

/* Memory that is freed when the calling function returns. */
#define ast_alloca(size) __builtin_alloca(size)
/* A copy of a string (not NULL) that is freed when the calling function returns. */
#define ast_strdupa(s) \
	(__extension__ ({ \
		const char *__ast_from = (s); \
		size_t __ast_size = strlen(__ast_from) + 1; \
		(char *) memcpy(__builtin_alloca(__ast_size), __ast_from, __ast_size); \
	}))

#ifdef __cplusplus
}
#endif

#endif
