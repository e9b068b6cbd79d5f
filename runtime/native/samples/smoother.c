/*
 * Frames of equal length (asterisk/smoother.h).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"

#include "asterisk/astobj2.h"
#include "asterisk/smoother.h"
#include "asterisk/time.h"

#define ROOM 8000

struct ast_smoother {
	int wanted;	/* Bytes of a frame. */
	int kept;	/* Bytes that wait. */
	int flags;
	float samples_per_byte;
	struct ast_format *format;	/* NULL before the first frame. */
	struct timeval delivery;
	struct ast_frame frame;		/* What was read last. */
	char out[AST_FRIENDLY_OFFSET + ROOM];
	char bytes[ROOM];
};

struct ast_smoother *ast_smoother_new(int bytes)
{
	struct ast_smoother *made = bytes < 1 || bytes > ROOM ? NULL : ast_calloc(1, sizeof(*made));

	if (made) {
		made->wanted = bytes;
	}
	return made;
}

void ast_smoother_free(struct ast_smoother *s)
{
	if (s) {
		ao2_cleanup(s->format);
		ast_free(s);
	}
}

void ast_smoother_set_flags(struct ast_smoother *smoother, int flags)
{
	smoother->flags = flags;
}

int ast_smoother_get_flags(struct ast_smoother *smoother)
{
	return smoother->flags;
}

int ast_smoother_test_flag(struct ast_smoother *s, int flag)
{
	return s->flags & flag;
}

void ast_smoother_reset(struct ast_smoother *s, int bytes)
{
	ao2_cleanup(s->format);
	s->format = NULL;
	s->kept = 0;
	s->delivery = ast_tv(0, 0);
	s->wanted = MIN(MAX(bytes, 1), ROOM);
}

void ast_smoother_reconfigure(struct ast_smoother *s, int bytes)
{
	s->wanted = MIN(MAX(bytes, 1), ROOM);
}

/* Whether the frame can be put behind what is kept; the first one sets the format. */
static int fits(struct ast_smoother *s, const struct ast_frame *f)
{
	if (f->frametype != AST_FRAME_VOICE || !f->subclass.format || f->datalen < 0 || (f->datalen && !f->data.ptr)) {
		ast_log(LOG_WARNING, "a smoother takes voice frames only\n");
		return 0;
	}
	if (!s->format) {
		s->format = ao2_bump(f->subclass.format);
		s->samples_per_byte = f->datalen ? (float) f->samples / (float) f->datalen : 1;
	} else if (ast_format_cmp(s->format, f->subclass.format) != AST_FORMAT_CMP_EQUAL) {
		ast_log(LOG_WARNING, "a smoother of %s frames was given one of %s\n", ast_format_get_name(s->format),
			ast_format_get_name(f->subclass.format));
		return 0;
	}
	if (f->datalen > ROOM - s->kept) {
		ast_log(LOG_WARNING, "a smoother has no room for %d bytes more\n", f->datalen);
		return 0;
	}
	return 1;
}

int __ast_smoother_feed(struct ast_smoother *s, struct ast_frame *f, int swap)
{
	if (!s || !f || !fits(s, f)) {
		return -1;
	}
	if (f->datalen && swap) {
		swab(f->data.ptr, s->bytes + s->kept, f->datalen);
	} else if (f->datalen) {
		memcpy(s->bytes + s->kept, f->data.ptr, (size_t) f->datalen);
	}
	if (!s->kept && !ast_tvzero(f->delivery)) {
		s->delivery = f->delivery;
	}
	s->kept += f->datalen;
	return 0;
}

struct ast_frame *ast_smoother_read(struct ast_smoother *s)
{
	int length = s ? MIN(s->kept, s->wanted) : 0;

	if (!length || (length < s->wanted && !(s->flags & AST_SMOOTHER_FLAG_G729 && s->kept % 10))) {
		return NULL;	/* The short frame of G.729 ends with a description of silence. */
	}
	memcpy(s->out + AST_FRIENDLY_OFFSET, s->bytes, (size_t) length);
	s->kept -= length;
	memmove(s->bytes, s->bytes + length, (size_t) s->kept);
	s->frame = (struct ast_frame) {
		.frametype = AST_FRAME_VOICE, .subclass.format = s->format, .data.ptr = s->out + AST_FRIENDLY_OFFSET,
		.offset = AST_FRIENDLY_OFFSET, .datalen = length, .samples = (int) ((float) length * s->samples_per_byte),
		.delivery = s->delivery,
	};
	if (!ast_tvzero(s->delivery)) {
		s->delivery = ast_tvadd(s->delivery, ast_samp2tv((unsigned int) s->frame.samples,
			ast_format_get_sample_rate(s->format)));
	}
	return &s->frame;
}
