/*
 * Sounds.  Nothing is sounded: a sound is an event with its name on the line of the channel, and takes a second of the
 * time of the call.
 *
 * A relative name is a prompt, and always there.  An absolute name needs a file of that name with some extension.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef ASTERISM_FILE_H
#define ASTERISM_FILE_H

#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

struct ast_channel;

#define AST_DIGIT_NONE ""		/* No key interrupts. */
#define AST_DIGIT_ANY "0123456789#*ABCD"	/* Any key does. */
#define AST_DIGIT_ANYNUM "0123456789"	/* Any digit does. */

#define SEEK_FORCECUR 10

/* What ast_waitstream_fr_w_cb tells its callback. */
enum ast_waitstream_fr_cb_values {
	AST_WAITSTREAM_CB_REWIND = 1,
	AST_WAITSTREAM_CB_FASTFORWARD,
	AST_WAITSTREAM_CB_START,
};
typedef void (ast_waitstream_fr_cb)(struct ast_channel *chan, long ms, enum ast_waitstream_fr_cb_values val);

/* Begins to play a sound in place of another: 0, or -1 when there is no such sound or the channel is hung up. */
int ast_streamfile(struct ast_channel *c, const char *filename, const char *preflang);
/* Waits for the end of the sound: 0, the digit of breakon that ended it, or -1 when the channel is hung up. */
int ast_waitstream(struct ast_channel *c, const char *breakon);
/* Both, and stops the sound. */
int ast_stream_and_wait(struct ast_channel *chan, const char *file, const char *digits);
/* Stops the sound: 0. */
int ast_stopstream(struct ast_channel *c);
/* Waits as ast_waitstream does, but for a digit that is an extension of a context. */
int ast_waitstream_exten(struct ast_channel *c, const char *context);
/* Digits of forward and rewind move the end of the sound by ms milliseconds; cb is told. */
int ast_waitstream_fr(struct ast_channel *c, const char *breakon, const char *forward, const char *rewind, int ms);
int ast_waitstream_fr_w_cb(struct ast_channel *c, const char *breakon, const char *forward, const char *rewind, int ms,
	ast_waitstream_fr_cb cb);
/* Gives 1 when monfd can be read.  audiofd gets nothing: no audio arrives. */
int ast_waitstream_full(struct ast_channel *c, const char *breakon, int audiofd, int monfd);

/* 1 when there is a sound, in a format (an extension) unless NULL; 0 otherwise. */
int ast_fileexists(const char *filename, const char *fmt, const char *preflang);
/* Renames, copies or deletes the files of a sound, those of one extension unless NULL: 0, or -1 when one fails. */
int ast_filerename(const char *oldname, const char *newname, const char *fmt);
int ast_filecopy(const char *oldname, const char *newname, const char *fmt);
int ast_filedelete(const char *filename, const char *fmt);

/* A new file whose name ends with XXXXXX, replaced in place, open for reading and writing; NULL on error. */
FILE *ast_file_mkftemp(char *template_name, mode_t mode);
/* A new file in a directory: its descriptor, or -1; *filename is for ast_free. */
int ast_file_fdtemp(const char *path, char **filename, const char *template_name);

/* Called for each file of a directory; anything but 0 ends the walk. */
typedef int (*ast_file_on_file)(const char *dir_name, const char *filename, void *obj);
/* Calls on_file for each regular file, max_depth directories deep: 0, what on_file ended it with, or -1 for a directory that
 * cannot be read. */
int ast_file_read_dirs(const char *dir_name, ast_file_on_file on_file, void *obj, int max_depth);
#define ast_file_read_dir(dir_name, on_file, obj) ast_file_read_dirs((dir_name), (on_file), (obj), 1)

/* Leaves of extensions with '|' between them one for each format, in place; NULL when none is known. */
char *ast_format_str_reduce(char *fmts);

#ifdef __cplusplus
}
#endif

#endif
