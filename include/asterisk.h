/*
 * Asterism: what every C module includes first.
 *
 * Build options, the usual system headers, allocation, and the names that every other header needs.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef ASTERISM_ASTERISK_H
#define ASTERISM_ASTERISK_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1
#endif

#ifdef __has_include
#if !__has_include("asterisk/autoconfig.h") || !__has_include("asterisk/buildopts.h")
#error "asterisk/autoconfig.h or asterisk/buildopts.h is missing: run ./configure, or take the flags 'asterism config --cflags' prints"
#endif
#endif

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "asterisk/autoconfig.h"
#include "asterisk/buildopts.h"
#include "asterisk/compat.h"
#include "asterisk/compiler.h"
#include "asterisk/astmm.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Without a build system beside it, a module is one without build options; the loader accepts an empty sum. */
#ifndef AST_BUILDOPT_SUM
#define AST_BUILDOPT_SUM ""
#endif
#ifndef AST_BUILDOPTS
#define AST_BUILDOPTS ""
#endif

#ifndef PATH_MAX
#define PATH_MAX 4096
#endif

#define AST_DIR_MODE 0777	/* Mode of a directory made for the runtime, before the umask. */
#define AST_FILE_MODE 0666	/* Mode of a file made for the runtime, before the umask. */
#define AST_CURL_USER_AGENT "asterisk-libcurl-agent/1.0"	/* How modules name themselves to web servers. */
#define DEFAULT_LANGUAGE "en"	/* Language of a channel that names none. */
#define DEFAULT_SAMPLE_RATE 8000	/* Samples a second of usual audio. */
#define DEFAULT_SAMPLES_PER_MS ((DEFAULT_SAMPLE_RATE) / 1000)

/* strtok keeps its place in a global; a module runs in many threads. */
#undef strtok
#define strtok __PLEASE_USE_strtok_r_INSTEAD_OF_strtok__

/* Gives this process real-time priority, or (0) the usual one: 0, or -1. */
int ast_set_priority(int pri);

struct ast_channel;
struct ast_frame;
struct ast_module;
struct ast_variable;
struct ast_str;
struct ast_sched_context;
struct ast_json;

/* __stringify(X): the expansion of the macro X as a string literal. */
#define __stringify_1(x) #x
#define __stringify(x) __stringify_1(x)

/*
 * ASTERISK_FILE_VERSION(__FILE__, "$Revision: $"): names the version of a source file.
 *
 * Modules written for Asterisk up to 13 begin with it, without a semicolon.  Both texts stand in the module's file, where
 * `asterism modinfo` finds them; the running program keeps no version, as in every later Asterisk.
 */
#define ASTERISK_FILE_VERSION(file, version) \
	static const char __attribute__((used)) __asterism_source[] = "asterism-source:" file " " version;
#define ASTERISK_REGISTER_FILE() ASTERISK_FILE_VERSION(__FILE__, "")

/*
 * AST_MODULE_SELF: this module, as a `struct ast_module *`.
 *
 * The build passes -DAST_MODULE_SELF_SYM=__internal_NAME_self; AST_MODULE_INFO defines that function.
 */
#if defined(AST_MODULE_SELF_SYM)
struct ast_module *AST_MODULE_SELF_SYM(void);
#define AST_MODULE_SELF AST_MODULE_SELF_SYM()
#elif defined(AST_IN_CORE) || defined(AST_NOT_MODULE)
#define AST_MODULE_SELF NULL
#else
#error "AST_MODULE_SELF_SYM is not defined: compile with -DAST_MODULE='\"NAME\"' -DAST_MODULE_SELF_SYM=__internal_NAME_self"
#endif

#ifdef __cplusplus
}
#endif

#endif
