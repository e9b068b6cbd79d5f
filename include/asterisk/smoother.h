/*
 * Smoothers: voice frames of any length in, frames of a given length out.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef ASTERISM_SMOOTHER_H
#define ASTERISM_SMOOTHER_H

#include "asterisk/compiler.h"
#include "asterisk/endian.h"

#ifdef __cplusplus
extern "C" {
#endif

#define AST_SMOOTHER_FLAG_G729 (1 << 0)	/* A frame of 10 ms behind a silent one is given on. */
#define AST_SMOOTHER_FLAG_BE (1 << 1)
#define AST_SMOOTHER_FLAG_FORCED (1 << 2)

struct ast_frame;
struct ast_smoother;

/* A smoother for frames of so many bytes; NULL when out of memory, or for less than 1 byte. */
struct ast_smoother *ast_smoother_new(int bytes);
void ast_smoother_free(struct ast_smoother *s);
void ast_smoother_set_flags(struct ast_smoother *smoother, int flags);
int ast_smoother_get_flags(struct ast_smoother *smoother);
int ast_smoother_test_flag(struct ast_smoother *s, int flag);
/* Forgets what is left; reconfigure keeps that, for frames of another length. */
void ast_smoother_reset(struct ast_smoother *s, int bytes);
void ast_smoother_reconfigure(struct ast_smoother *s, int bytes);
/* Takes the samples of a voice frame, swapping the bytes of 16 bits: 0, or -1 for another frame or format, or too much. */
int __ast_smoother_feed(struct ast_smoother *s, struct ast_frame *f, int swap);
/* The next frame, which belongs to the smoother and is valid until the next call; NULL when there are not enough samples. */
struct ast_frame *ast_smoother_read(struct ast_smoother *s);

#define ast_smoother_feed(s, f) __ast_smoother_feed((s), (f), 0)
#if __BYTE_ORDER == __LITTLE_ENDIAN
#define ast_smoother_feed_be(s, f) __ast_smoother_feed((s), (f), 1)
#define ast_smoother_feed_le(s, f) __ast_smoother_feed((s), (f), 0)
#else
#define ast_smoother_feed_be(s, f) __ast_smoother_feed((s), (f), 0)
#define ast_smoother_feed_le(s, f) __ast_smoother_feed((s), (f), 1)
#endif

#ifdef __cplusplus
}
#endif

#endif
