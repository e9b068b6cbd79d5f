/*
 * Factories of linear samples: frames go in, any number of samples comes out.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef ASTERISM_SLINFACTORY_H
#define ASTERISM_SLINFACTORY_H

#include <stddef.h>

#include "asterisk/frame.h"
#include "asterisk/linkedlists.h"

#ifdef __cplusplus
extern "C" {
#endif

struct ast_trans_pvt;

#define AST_SLINFACTORY_MAX_HOLD 1280

/* Laid out as in Asterisk; the samples wait in the frames of the queue and, those of a frame read in part, in hold. */
struct ast_slinfactory {
	AST_LIST_HEAD_NOLOCK(, ast_frame) queue;
	struct ast_trans_pvt *trans;
	short hold[AST_SLINFACTORY_MAX_HOLD];
	short *offset;
	size_t holdlen;
	unsigned int size;
	struct ast_format *format;
	struct ast_format *output_format;
};

/* An empty factory for 8 kHz; of another linear format: 0, or -1. */
void ast_slinfactory_init(struct ast_slinfactory *sf);
int ast_slinfactory_init_with_format(struct ast_slinfactory *sf, struct ast_format *slin_out);
void ast_slinfactory_destroy(struct ast_slinfactory *sf);
/* Adds a copy of a voice frame; one that is not of the factory's format counts as silence: the samples, or 0. */
int ast_slinfactory_feed(struct ast_slinfactory *sf, struct ast_frame *f);
/* Takes at most so many samples: their number. */
int ast_slinfactory_read(struct ast_slinfactory *sf, short *buf, size_t samples);
unsigned int ast_slinfactory_available(const struct ast_slinfactory *sf);
void ast_slinfactory_flush(struct ast_slinfactory *sf);

#ifdef __cplusplus
}
#endif

#endif
