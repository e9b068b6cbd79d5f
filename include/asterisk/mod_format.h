/*
 * File formats of sounds, as modules register them.  A format is known by its extensions; nothing is read or written in
 * it, because no audio arrives.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef ASTERISM_MOD_FORMAT_H
#define ASTERISM_MOD_FORMAT_H

#include "asterisk/file.h"
#include "asterisk/frame.h"

#ifdef __cplusplus
extern "C" {
#endif

struct ast_filestream;
struct ast_module;

/* A file format; its callbacks are kept and not called. */
struct ast_format_def {
	char name[80];
	char exts[80];			/* Extensions, with '|' between them. */
	char mime_types[80];		/* With '|' between them. */
	struct ast_format *format;
	int (*open)(struct ast_filestream *s);
	int (*rewrite)(struct ast_filestream *s, const char *comment);
	int (*write)(struct ast_filestream *, struct ast_frame *);
	int (*seek)(struct ast_filestream *, off_t, int);
	int (*trunc)(struct ast_filestream *fs);
	off_t (*tell)(struct ast_filestream *fs);
	struct ast_frame *(*read)(struct ast_filestream *, int *whennext);
	void (*close)(struct ast_filestream *);
	char *(*getcomment)(struct ast_filestream *);
	AST_LIST_ENTRY(ast_format_def) list;
	int buf_size;
	int desc_size;
	struct ast_module *module;
};

struct ast_channel;
struct ast_trans_pvt;
struct ast_translator_pvt;

/* An open file. */
struct ast_filestream {
	struct ast_format_def *fmt;
	int flags;
	mode_t mode;
	char *open_filename;
	char *filename;
	char *realfilename;
	struct ast_filestream *vfs;
	struct ast_trans_pvt *trans;
	struct ast_translator_pvt *tr;
	struct ast_format *lastwriteformat;
	int lasttimeout;
	struct ast_channel *owner;
	FILE *f;
	struct ast_frame fr;
	char *buf;
	void *_private;
	const char *orig_chan_name;
	char *write_buffer;
};

/* Registers a format, of which a copy is kept: 0, or -1 for a name that is taken.  Unregisters one: 0, or -1. */
int __ast_format_def_register(const struct ast_format_def *f, struct ast_module *mod);
#define ast_format_def_register(f) __ast_format_def_register(f, AST_MODULE_SELF)
int ast_format_def_unregister(const char *name);
/* The format of an extension, without a reference; NULL for an unknown one. */
struct ast_format *ast_get_format_for_file_ext(const char *file_ext);
/* The first extension of the format with a MIME type: 1, or 0 when there is none. */
int ast_get_extension_for_mime_type(const char *mime_type, char *buffer, size_t capacity);

#ifdef __cplusplus
}
#endif

#endif
