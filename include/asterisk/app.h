/*
 * Arguments and options of applications and functions, and what applications ask callers.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef ASTERISM_APP_H
#define ASTERISM_APP_H

#include <stddef.h>

#include "asterisk/config.h"
#include "asterisk/file.h"
#include "asterisk/linkedlists.h"
#include "asterisk/stasis.h"
#include "asterisk/stringfields.h"
#include "asterisk/strings.h"
#include "asterisk/threadstorage.h"
#include "asterisk/utils.h"

#ifdef __cplusplus
extern "C" {
#endif

struct ast_channel;

/*
 *     AST_DECLARE_APP_ARGS(args,
 *         AST_APP_ARG(level);
 *         AST_APP_ARG(text);
 *     );
 *     AST_STANDARD_APP_ARGS(args, copy_of_data);
 *
 * gives args.argc, args.level and args.text: pointers into the split text, NULL for missing arguments.
 */
#define AST_APP_ARG(name) char *name
#define AST_DEFINE_APP_ARGS_TYPE(type, arglist) \
	struct __subtype_##type { arglist }; \
	struct type { \
		unsigned int argc; \
		union { \
			char *argv[sizeof(struct __subtype_##type) / sizeof(char *)]; \
			struct { arglist }; \
		}; \
	}
#define AST_DECLARE_APP_ARGS(name, arglist) AST_DEFINE_APP_ARGS_TYPE(argtype_##name, arglist) name = { 0, }

#define AST_APP_ARGS_SPLIT_(args, parse, sep, remove_chars) \
	args.argc = __ast_app_separate_args((parse), (sep), (remove_chars), args.argv, \
		((sizeof(args) - offsetof(typeof(args), argv)) / sizeof(args.argv[0])))
/* Split at commas and remove quotes and backslashes; RAW keeps them; NONSTANDARD splits at sep. */
#define AST_STANDARD_APP_ARGS(args, parse) AST_APP_ARGS_SPLIT_(args, parse, ',', 1)
#define AST_STANDARD_RAW_ARGS(args, parse) AST_APP_ARGS_SPLIT_(args, parse, ',', 0)
#define AST_NONSTANDARD_APP_ARGS(args, parse, sep) AST_APP_ARGS_SPLIT_(args, parse, sep, 1)
#define AST_NONSTANDARD_RAW_ARGS(args, parse, sep) AST_APP_ARGS_SPLIT_(args, parse, sep, 0)

/*
 * Splits buf, in place, into at most arraylen parts; the last one takes the rest.  Delimiters inside (), [] and ""
 * and after a backslash do not count.  Gives the number of parts.
 */
unsigned int __ast_app_separate_args(char *buf, char delim, int remove_chars, char **array, int arraylen);
#define ast_app_separate_args(a, b, c, d) __ast_app_separate_args(a, b, 1, c, d)

/*
 *     AST_APP_OPTIONS(options, BEGIN_OPTIONS
 *         AST_APP_OPTION('q', OPT_QUIET),
 *         AST_APP_OPTION_ARG('t', OPT_TIME, OPT_ARG_TIME),
 *     END_OPTIONS);
 */
struct ast_app_option {
	uint64_t flag;
	unsigned int arg_index;	/* Place of its argument in args, plus one; 0 when it takes none. */
};
#define BEGIN_OPTIONS {
#define END_OPTIONS }
#define AST_APP_OPTIONS(holder, options...) static const struct ast_app_option holder[128] = options
#define AST_APP_OPTION(option, flagno) [option] = { .flag = flagno }
#define AST_APP_OPTION_ARG(option, flagno, argno) [option] = { .flag = flagno, .arg_index = argno + 1 }

/* Reads "qt(10)" into flags and args, in place: 0, or -1 when a closing parenthesis is missing. */
int ast_app_parse_options(const struct ast_app_option *options, struct ast_flags *flags, char **args, char *optstr);
int ast_app_parse_options64(const struct ast_app_option *options, struct ast_flags64 *flags, char **args, char *optstr);

/* One character of a text with backslash sequences (\n \r \t \xHH \0OOO): 0 and the consumed length, or -1. */
int ast_get_encoded_char(const char *stream, char *result, size_t *consumed);
/* Decodes a whole text, cut to result_size bytes; gives result. */
char *ast_get_encoded_str(const char *stream, char *result, size_t result_size);
/* Decodes a whole text into *str, cut to maxlen bytes unless maxlen is 0: 0, or -1 when out of memory. */
int ast_str_get_encoded_str(struct ast_str **str, int maxlen, const char *stream);

/* The unit of a length of time that names none. */
enum ast_timelen {
	TIMELEN_HOURS,
	TIMELEN_MINUTES,
	TIMELEN_SECONDS,
	TIMELEN_MILLISECONDS,
};
/* Reads 1.5h, 10m, 30s or 200ms (in any case) into milliseconds, at most INT_MAX: 0, or -1 when the text is not a duration. */
int ast_app_parse_timelen(const char *timestr, int *result, enum ast_timelen defunit);

/* What came of asking for digits. */
enum ast_getdata_result {
	AST_GETDATA_FAILED = -1,	/* The channel is hung up. */
	AST_GETDATA_COMPLETE = 0,
	AST_GETDATA_TIMEOUT = 1,
	AST_GETDATA_INTERRUPTED = 2,
	AST_GETDATA_EMPTY_END_TERMINATED = 3,	/* The terminator came first. */
};
/*
 * Plays prompts, with '&' between them, and reads at most maxlen digits into s (maxlen + 1 bytes) until '#' or a digit of
 * terminator.  timeout in milliseconds for each digit; 0 for that of the dialplan, less than 0 for none.
 */
enum ast_getdata_result ast_app_getdata(struct ast_channel *c, const char *prompt, char *s, int maxlen, int timeout);
enum ast_getdata_result ast_app_getdata_terminator(struct ast_channel *c, const char *prompt, char *s, int maxlen,
	int timeout, char *terminator);
/* Gives 1 when ctrlfd can be read; audiofd gets nothing. */
int ast_app_getdata_full(struct ast_channel *c, const char *prompt, char *s, int maxlen, int timeout, int audiofd,
	int ctrlfd);
/* Plays a sound that any digit ends: 0, the digit, or -1 when the channel is hung up. */
int ast_play_and_wait(struct ast_channel *chan, const char *fn);
/* Collects the digits of an extension behind a dial tone: 1 when there is one, 0 when not, or -1. */
int ast_app_dtget(struct ast_channel *chan, const char *context, char *collect, size_t size, int maxlen, int timeout);
/*
 * Plays a sound that digits of stop end, and those of the others move by skipms; *offsetms gets the length that was
 * heard.  0, the digit, or -1.
 */
int ast_control_streamfile(struct ast_channel *chan, const char *file, const char *fwd, const char *rev, const char *stop,
	const char *pause, const char *restart, int skipms, long *offsetms);
int ast_control_streamfile_lang(struct ast_channel *chan, const char *file, const char *fwd, const char *rev,
	const char *stop, const char *suspend, const char *restart, int skipms, const char *lang, long *offsetms);
int ast_control_streamfile_w_cb(struct ast_channel *chan, const char *file, const char *fwd, const char *rev,
	const char *stop, const char *pause, const char *restart, int skipms, long *offsetms, ast_waitstream_fr_cb cb);
/* Sends digits from a channel, between milliseconds apart: 0, or -1 when it is hung up meanwhile. */
int ast_dtmf_stream(struct ast_channel *chan, struct ast_channel *peer, const char *digits, int between,
	unsigned int duration);
void ast_dtmf_stream_external(struct ast_channel *chan, const char *digits, int between, unsigned int duration);

/* Runs text with /bin/sh -c and waits for its end: its exit status, or -1 when it cannot be run or ends by a signal. */
int ast_safe_system(const char *s);

#ifdef __cplusplus
}
#endif

#endif
