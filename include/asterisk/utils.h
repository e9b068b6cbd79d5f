/*
 * Flags, hashes, encodings, threads and other small tools.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef ASTERISM_UTILS_H
#define ASTERISM_UTILS_H

#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "asterisk/compiler.h"
#include "asterisk/endian.h"
#include "asterisk/localtime.h"
#include "asterisk/lock.h"
#include "asterisk/logger.h"
#include "asterisk/network.h"
#include "asterisk/stringfields.h"
#include "asterisk/time.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A set of flags; every macro below takes a pointer to a structure with a field `flags`. */
struct ast_flags {
	unsigned int flags;
};

struct ast_flags64 {
	uint64_t flags;
};

#define AST_FLAGS_ALL UINT_MAX
#define AST_FLAGS64_ALL ULONG_MAX

/* Fails to compile for a structure whose flags do not have the type `kind`. */
#define AST_FLAGS_CHECK_(p, kind) ((void) (&(p)->flags == (kind *) 0))

#define ast_test_flag(p, flag) (AST_FLAGS_CHECK_(p, unsigned int), (p)->flags & (flag))
#define ast_set_flag(p, flag) do { AST_FLAGS_CHECK_(p, unsigned int); (p)->flags |= (flag); } while (0)
#define ast_clear_flag(p, flag) do { AST_FLAGS_CHECK_(p, unsigned int); (p)->flags &= ~(flag); } while (0)
#define ast_set2_flag(p, value, flag) do { \
	AST_FLAGS_CHECK_(p, unsigned int); \
	(p)->flags = (value) ? (p)->flags | (flag) : (p)->flags & ~(flag); \
} while (0)
#define ast_set_flags_to(p, flag, value) do { \
	AST_FLAGS_CHECK_(p, unsigned int); \
	(p)->flags = ((p)->flags & ~(flag)) | (value); \
} while (0)
#define ast_copy_flags(dest, src, flagz) do { \
	AST_FLAGS_CHECK_(dest, unsigned int); \
	AST_FLAGS_CHECK_(src, unsigned int); \
	(dest)->flags = ((dest)->flags & ~(flagz)) | ((src)->flags & (flagz)); \
} while (0)

#define ast_test_flag64(p, flag) (AST_FLAGS_CHECK_(p, uint64_t), (p)->flags & (uint64_t) (flag))
#define ast_set_flag64(p, flag) do { AST_FLAGS_CHECK_(p, uint64_t); (p)->flags |= (uint64_t) (flag); } while (0)
#define ast_clear_flag64(p, flag) do { AST_FLAGS_CHECK_(p, uint64_t); (p)->flags &= ~(uint64_t) (flag); } while (0)
#define ast_set2_flag64(p, value, flag) do { \
	AST_FLAGS_CHECK_(p, uint64_t); \
	(p)->flags = (value) ? (p)->flags | (uint64_t) (flag) : (p)->flags & ~(uint64_t) (flag); \
} while (0)
#define ast_copy_flags64(dest, src, flagz) do { \
	AST_FLAGS_CHECK_(dest, uint64_t); \
	AST_FLAGS_CHECK_(src, uint64_t); \
	(dest)->flags = ((dest)->flags & ~(uint64_t) (flagz)) | ((src)->flags & (uint64_t) (flagz)); \
} while (0)

/* The macros for flags of any type. */
#define ast_test_flag_nonstd(p, flag) ((p)->flags & (flag))
#define ast_set_flag_nonstd(p, flag) do { (p)->flags |= (flag); } while (0)
#define ast_clear_flag_nonstd(p, flag) do { (p)->flags &= ~(flag); } while (0)

#undef MIN
#undef MAX
#define MIN(a, b) ({ typeof(a) __min_a = (a); typeof(b) __min_b = (b); __min_a > __min_b ? __min_b : __min_a; })
#define MAX(a, b) ({ typeof(a) __max_a = (a); typeof(b) __max_b = (b); __max_a < __max_b ? __max_b : __max_a; })
#define SWAP(a, b) do { typeof(a) __swap = (a); (a) = (b); (b) = __swap; } while (0)

/* The number of elements of an array; whether a number is between two others, or an index of an array. */
#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))
#define IN_BOUNDS(v, min, max) ((v) >= (min) && (v) <= (max))
#define ARRAY_IN_BOUNDS(v, a) IN_BOUNDS((int) (v), 0, (int) ARRAY_LEN(a) - 1)

/* A variable whose destructor dtor(varname) runs at the end of its block. */
#ifdef __BLOCKS__
/*
 * clang has blocks (-fblocks) instead of nested functions.  A block that is never copied and holds only a pointer needs
 * no library: its class is the address of this symbol, which is never read.
 */
__attribute__((weak, visibility("hidden"))) void *_NSConcreteStackBlock[32];
typedef void (^ast_raii_block_)(void);
static inline attribute_unused void ast_raii_run_(ast_raii_block_ *block)
{
	(*block)();
}
#define RAII_VAR(vartype, varname, initval, dtor) \
	vartype varname = (initval); \
	typeof(varname) *const _at_ ## varname = &varname; \
	ast_raii_block_ __attribute__((cleanup(ast_raii_run_), unused)) _end_ ## varname = \
		^{ (void) dtor(*_at_ ## varname); }
#else
#define RAII_VAR(vartype, varname, initval, dtor) \
	auto void _dtor_ ## varname(vartype *v); \
	void _dtor_ ## varname(vartype *v) { dtor(*v); } \
	vartype varname __attribute__((cleanup(_dtor_ ## varname))) = (initval)
#endif

/* The id of a machine, for messages of stasis.h; the id of this machine is not set. */
struct ast_eid {
	unsigned char eid[6];
} __attribute__((__packed__));
extern struct ast_eid ast_eid_default;

/* In dev mode: logs a failed assertion with its source line. */
void __ast_assert_failed(int condition, const char *condition_str, const char *file, int line, const char *function);
#ifdef AST_DEVMODE
#define ast_assert(a) \
	do { \
		if (__builtin_expect(!(a), 0)) { \
			__ast_assert_failed(0, #a, __FILE__, __LINE__, __PRETTY_FUNCTION__); \
		} \
	} while (0)
#else
#define ast_assert(a) do { } while (0)
#endif
#define ast_assert_return(a, ...) \
	do { \
		if (__builtin_expect(!(a), 0)) { \
			ast_assert(a); \
			return __VA_ARGS__; \
		} \
	} while (0)

/* output gets 32 (md5) or 40 (sha1) hexadecimal digits and a NUL; digest the 20 raw bytes. */
void ast_md5_hash(char *output, const char *input);
void ast_sha1_hash(char *output, const char *input);
void ast_sha1_hash_uint(uint8_t *digest, const char *input);

/*
 * Base64.  dst holds max bytes; what does not fit is left out (encoding stops at the last whole group of four).  Each
 * gives the number of bytes written, without the closing NUL.  Decoding stops at the first byte that is not of the
 * alphabet, and closes dst with a NUL when there is room for it.
 */
int ast_base64encode(char *dst, const unsigned char *src, int srclen, int max);
int ast_base64encode_full(char *dst, const unsigned char *src, int srclen, int max, int linebreaks);
int ast_base64decode(unsigned char *dst, const char *src, int max);
/* Base64 in allocated memory, to be freed with ast_free; NULL when out of memory. */
char *ast_base64encode_string(const char *src);
char *ast_base64decode_string(const char *src);

/* The characters that a URI encoder does not change. */
#define AST_URI_ALPHANUM (1 << 0)
#define AST_URI_MARK (1 << 1)
#define AST_URI_UNRESERVED (AST_URI_ALPHANUM | AST_URI_MARK)
#define AST_URI_LEGACY_SPACE (1 << 2)	/* '+' stands for a blank. */
#define AST_URI_SIP_USER_UNRESERVED (1 << 20)
extern const struct ast_flags ast_uri_http;
extern const struct ast_flags ast_uri_http_legacy;
extern const struct ast_flags ast_uri_sip_user;
/* string with %XX for the characters that spec does not keep, cut to buflen bytes with the NUL; gives outbuf. */
char *ast_uri_encode(const char *string, char *outbuf, int buflen, struct ast_flags spec);
/* Decodes in place. */
void ast_uri_decode(char *s, struct ast_flags spec);

/* A random number from 0 to 2^31 - 1; one from 0 to 1. */
long int ast_random(void);
#define ast_random_double() (((double) ast_random()) / RAND_MAX)

/* Creates a thread: 0, or an errno. The thread may call the whole API. */
#define AST_STACKSIZE (((sizeof(void *) * 8 * 8) - 16) * 1024)
#define AST_STACKSIZE_LOW (((sizeof(void *) * 8 * 2) - 16) * 1024)
int ast_background_stacksize(void);
#define AST_BACKGROUND_STACKSIZE ast_background_stacksize()
int ast_pthread_create_stack(pthread_t *thread, pthread_attr_t *attr, void *(*start_routine)(void *), void *data,
	size_t stacksize, const char *file, const char *caller, int line, const char *start_fn);
int ast_pthread_create_detached_stack(pthread_t *thread, pthread_attr_t *attr, void *(*start_routine)(void *),
	void *data, size_t stacksize, const char *file, const char *caller, int line, const char *start_fn);
#define ast_pthread_create(a, b, c, d) \
	ast_pthread_create_stack(a, b, c, d, 0, __FILE__, __FUNCTION__, __LINE__, #c)
#define ast_pthread_create_detached(a, b, c, d) \
	ast_pthread_create_detached_stack(a, b, c, d, 0, __FILE__, __FUNCTION__, __LINE__, #c)
#define ast_pthread_create_background(a, b, c, d) \
	ast_pthread_create_stack(a, b, c, d, AST_BACKGROUND_STACKSIZE, __FILE__, __FUNCTION__, __LINE__, #c)
#define ast_pthread_create_detached_background(a, b, c, d) \
	ast_pthread_create_detached_stack(a, b, c, d, AST_BACKGROUND_STACKSIZE, __FILE__, __FUNCTION__, __LINE__, #c)
/* The system's number of this thread. */
int ast_get_tid(void);

/* Sets or clears flags of an open file (fcntl), such as O_NONBLOCK: 0, or -1, which is logged. */
enum ast_fd_flag_operation { AST_FD_FLAG_SET, AST_FD_FLAG_CLEAR };
int __ast_fd_set_flags(int fd, int flags, enum ast_fd_flag_operation op, const char *file, int lineno, const char *function);
#define ast_fd_set_flags(fd, flags) \
	__ast_fd_set_flags((fd), (flags), AST_FD_FLAG_SET, __FILE__, __LINE__, __PRETTY_FUNCTION__)
#define ast_fd_clear_flags(fd, flags) \
	__ast_fd_set_flags((fd), (flags), AST_FD_FLAG_CLEAR, __FILE__, __LINE__, __PRETTY_FUNCTION__)
/* A non-blocking socket, and a non-blocking pipe. */
#define ast_socket_nonblock(domain, type, protocol) socket((domain), (type) | SOCK_NONBLOCK, (protocol))
#define ast_pipe_nonblock(filedes) pipe2((filedes), O_NONBLOCK)
/* Waits until a file can be read, or written: 1, or 0 after a number of milliseconds (negative: no limit), or -1. */
int ast_wait_for_input(int fd, int ms);
int ast_wait_for_output(int fd, int ms);
/* Writes all bytes to a file, which may be non-blocking, within a number of milliseconds: 0, or -1. */
int ast_carefulwrite(int fd, char *s, int len, int timeoutms);

/* The machine's network address, or else a random one; such six bytes as text, and out of text (0 or -1). */
struct ast_eid;
void ast_set_default_eid(struct ast_eid *eid);
char *ast_eid_to_str(char *s, int maxlen, struct ast_eid *eid);
int ast_str_to_eid(struct ast_eid *eid, const char *s);
/* 0 when two ids are equal; 1 when all six bytes of an id are 0. */
int ast_eid_cmp(const struct ast_eid *eid1, const struct ast_eid *eid2);
int ast_eid_is_empty(const struct ast_eid *eid);

/* string with a backslash before the characters to escape in a quoted SIP text, or before semicolons; gives outbuf. */
char *ast_escape_quoted(const char *string, char *outbuf, int buflen);
char *ast_escape_semicolons(const char *string, char *outbuf, int buflen);
/* string with entities for the characters that XML reserves: 0, or -1 when it was cut; an entity is never cut. */
int ast_xml_escape(const char *string, char *outbuf, size_t buflen);
/* Whether PATH leads to a program of that name. */
int ast_check_command_in_path(const char *cmd);
/* Every '^' becomes a comma. */
void ast_replace_subargument_delimiter(char *s);

/* Makes a directory and those above it, with mode less the umask: 0, or an errno. */
int ast_mkdir(const char *path, int mode);
/* Makes a directory below a directory, which a path with .. or a link does not leave: 0, or an errno. */
int ast_safe_mkdir(const char *base_path, const char *path, int mode);
/* 1 when each character of a text may stand in an encoded URI, and each %XX is whole; 0 otherwise, and for NULL. */
int ast_uri_verify_encoded(const char *string);
/* Lets the packets of a socket be fragmented on their way. */
void ast_enable_packet_fragmentation(int sock);
/* 1 when the file can be read, 0 otherwise. */
int ast_file_is_readable(const char *filename);

#include "asterisk/strings.h"

#ifdef __cplusplus
}
#endif

#endif
