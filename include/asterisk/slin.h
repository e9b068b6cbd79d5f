/*
 * Linear sample frames of 20 ms, by which translators measure what a translation costs.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef ASTERISM_SLIN_H
#define ASTERISM_SLIN_H

#include "asterisk/format_cache.h"
#include "asterisk/frame.h"

/* A sawtooth of 500 Hz in 160 samples, or of 1000 Hz in 320: a frame that is the same at each call. */
#define ASTERISM_SLIN_SAMPLE_(count, named) ({ \
	static int16_t asterism_samples[count]; \
	static struct ast_frame asterism_frame = { \
		.frametype = AST_FRAME_VOICE, .datalen = sizeof(asterism_samples), .samples = (count), \
		.data.ptr = asterism_samples, .src = __func__, \
	}; \
	int asterism_at; \
	for (asterism_at = 0; asterism_at < (count); asterism_at++) { \
		asterism_samples[asterism_at] = (int16_t) ((asterism_at % 16 - 8) * 2000); \
	} \
	asterism_frame.subclass.format = (named); \
	&asterism_frame; \
})

static inline struct ast_frame *slin8_sample(void)
{
	return ASTERISM_SLIN_SAMPLE_(160, ast_format_slin);
}

static inline struct ast_frame *slin16_sample(void)
{
	return ASTERISM_SLIN_SAMPLE_(320, ast_format_slin16);
}

#endif
