/*
 * Frames as values.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"

#include "asterisk/format_cache.h"
#include "asterisk/frame.h"

#define ALL_ALLOCATED (AST_MALLOCD_HDR | AST_MALLOCD_DATA | AST_MALLOCD_SRC)

struct ast_frame ast_null_frame = { .frametype = AST_FRAME_NULL, };

static int has_format(const struct ast_frame *frame)
{
	return frame->frametype == AST_FRAME_VOICE || frame->frametype == AST_FRAME_VIDEO
		|| frame->frametype == AST_FRAME_IMAGE;
}

void ast_frame_free(struct ast_frame *frame, int cache attribute_unused)
{
	struct ast_frame *next;

	for (; frame; frame = next) {
		next = AST_LIST_NEXT(frame, frame_list);
		if (!frame->mallocd) {
			continue;
		}
		if (frame->mallocd & AST_MALLOCD_DATA && frame->data.ptr) {
			ast_free((char *) frame->data.ptr - frame->offset);
		}
		if (frame->mallocd & AST_MALLOCD_SRC) {
			ast_free((void *) frame->src);
		}
		if (frame->mallocd & AST_MALLOCD_HDR) {
			if (has_format(frame)) {
				ao2_cleanup(frame->subclass.format);
			}
			ast_free(frame);
		}
	}
}

void ast_frame_dtor(struct ast_frame *frame)
{
	ast_frfree(frame);
}

/* Copies the data and the source of a frame: 0, or -1 when out of memory. */
static int copy_parts(struct ast_frame *copy, const struct ast_frame *frame)
{
	if (frame->datalen > 0 && frame->data.ptr) {
		char *room = ast_malloc((size_t) frame->datalen + AST_FRIENDLY_OFFSET);

		if (!room) {
			return -1;
		}
		copy->offset = AST_FRIENDLY_OFFSET;
		copy->data.ptr = memcpy(room + AST_FRIENDLY_OFFSET, frame->data.ptr, (size_t) frame->datalen);
		copy->mallocd |= AST_MALLOCD_DATA;
	} else {
		copy->data = frame->data;
		copy->offset = 0;
	}
	copy->src = frame->src ? ast_strdup(frame->src) : NULL;
	copy->mallocd |= copy->src ? AST_MALLOCD_SRC : 0;
	return frame->src && !copy->src ? -1 : 0;
}

struct ast_frame *__ast_frdup(const struct ast_frame *fr, const char *file, int line, const char *func)
{
	struct ast_frame *copy;

	if (!fr) {
		ast_log(__LOG_ERROR, file, line, func, "the frame to copy is NULL\n");
		return NULL;
	}
	copy = __ast_calloc(1, sizeof(*copy), file, line, func);
	if (!copy) {
		return NULL;
	}
	*copy = *fr;
	AST_LIST_NEXT(copy, frame_list) = NULL;
	copy->mallocd = AST_MALLOCD_HDR;
	copy->mallocd_hdr_len = sizeof(*copy);
	if (has_format(copy)) {
		ao2_bump(copy->subclass.format);
	}
	if (copy_parts(copy, fr)) {
		ast_frfree(copy);
		return NULL;
	}
	return copy;
}

struct ast_frame *__ast_frisolate(struct ast_frame *fr, const char *file, int line, const char *func)
{
	struct ast_frame *copy;

	if (!fr || fr->mallocd == ALL_ALLOCATED) {
		return fr;
	}
	copy = __ast_frdup(fr, file, line, func);
	if (copy && fr->mallocd) {
		ast_frfree(fr);
	}
	return copy;
}

void ast_swapcopy_samples(void *dst, const void *src, int samples)
{
	const unsigned char *from = src;
	unsigned char *to = dst;
	int i;

	for (i = 0; i < samples; i++) {
		unsigned char low = from[2 * i];

		to[2 * i] = from[2 * i + 1];
		to[2 * i + 1] = low;
	}
}

/* The linear samples of a frame; NULL, and none, when it has none. */
static int16_t *samples_of(struct ast_frame *frame, int *count)
{
	*count = 0;
	if (!frame || frame->frametype != AST_FRAME_VOICE || !frame->subclass.format
			|| !ast_format_cache_is_slinear(frame->subclass.format) || !frame->data.ptr) {
		return NULL;
	}
	*count = MIN(MAX(frame->samples, 0), frame->datalen / (int) sizeof(int16_t));
	return frame->data.ptr;
}

static int16_t cut(long sample)
{
	return (int16_t) MIN(MAX(sample, INT16_MIN), INT16_MAX);
}

int ast_frame_clear(struct ast_frame *frame)
{
	int count;
	int16_t *samples = samples_of(frame, &count);

	if (!samples) {
		return -1;
	}
	memset(samples, 0, (size_t) count * sizeof(*samples));
	return 0;
}

int ast_frame_adjust_volume(struct ast_frame *f, int adjustment)
{
	int i, count;
	int16_t *samples = samples_of(f, &count);

	for (i = 0; samples && adjustment && i < count; i++) {
		samples[i] = cut(adjustment > 0 ? (long) samples[i] * adjustment : (long) samples[i] / -(long) adjustment);
	}
	return samples ? 0 : -1;
}

int ast_frame_slinear_sum(struct ast_frame *f1, struct ast_frame *f2)
{
	int i, first, second;
	int16_t *to = samples_of(f1, &first), *from = samples_of(f2, &second);

	if (!to || !from || f1->samples != f2->samples) {
		return -1;
	}
	for (i = 0; i < MIN(first, second); i++) {
		to[i] = cut((long) to[i] + from[i]);
	}
	return 0;
}
