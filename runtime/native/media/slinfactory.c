/*
 * Factories of linear samples (asterisk/slinfactory.h).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"

#include "asterisk/astobj2.h"
#include "asterisk/format_cache.h"
#include "asterisk/slinfactory.h"

void ast_slinfactory_init(struct ast_slinfactory *sf)
{
	ast_slinfactory_init_with_format(sf, ast_format_slin);
}

int ast_slinfactory_init_with_format(struct ast_slinfactory *sf, struct ast_format *slin_out)
{
	memset(sf, 0, sizeof(*sf));
	sf->offset = sf->hold;
	if (!slin_out || !ast_format_cache_is_slinear(slin_out)) {
		return -1;
	}
	sf->output_format = ao2_bump(slin_out);
	return 0;
}

void ast_slinfactory_flush(struct ast_slinfactory *sf)
{
	struct ast_frame *frame;

	while ((frame = AST_LIST_REMOVE_HEAD(&sf->queue, frame_list))) {
		ast_frfree(frame);
	}
	sf->size = 0;
	sf->holdlen = 0;
	sf->offset = sf->hold;
}

void ast_slinfactory_destroy(struct ast_slinfactory *sf)
{
	ast_slinfactory_flush(sf);
	ao2_cleanup(sf->output_format);
	sf->output_format = NULL;
}

/* A copy of the frame; silence of the same length when it is not of the factory's format. */
static struct ast_frame *linear(const struct ast_slinfactory *sf, const struct ast_frame *frame)
{
	unsigned int wanted = ast_format_get_sample_rate(sf->output_format), rate;
	struct ast_frame *silence;
	int samples;

	if (ast_format_cmp(frame->subclass.format, sf->output_format) == AST_FORMAT_CMP_EQUAL && frame->data.ptr) {
		return ast_frdup(frame);
	}
	rate = MAX(ast_format_get_sample_rate(frame->subclass.format), 1U);
	samples = (int) MIN((unsigned long) MAX(frame->samples, 0) * wanted / rate, 96000UL);
	silence = ast_calloc(1, sizeof(*silence));
	if (silence) {
		silence->frametype = AST_FRAME_VOICE;
		silence->subclass.format = ao2_bump(sf->output_format);
		silence->samples = samples;
		silence->datalen = samples * (int) sizeof(int16_t);
		silence->data.ptr = ast_calloc((size_t) MAX(samples, 1), sizeof(int16_t));
		silence->mallocd = AST_MALLOCD_HDR | AST_MALLOCD_DATA;
	}
	return silence;
}

int ast_slinfactory_feed(struct ast_slinfactory *sf, struct ast_frame *f)
{
	struct ast_frame *copy = NULL;

	if (f && f->frametype == AST_FRAME_VOICE && f->subclass.format && sf->output_format) {
		copy = linear(sf, f);
	}
	if (!copy) {
		return 0;
	}
	if (!copy->data.ptr || copy->samples <= 0 || copy->datalen < copy->samples * (int) sizeof(int16_t)) {
		ast_frfree(copy);
		return 0;
	}
	AST_LIST_INSERT_TAIL(&sf->queue, copy, frame_list);
	sf->size += (unsigned int) copy->samples;
	return (int) sf->size;
}

/* Takes samples of the hold: their number. */
static size_t from_hold(struct ast_slinfactory *sf, short *buf, size_t samples)
{
	size_t count = MIN(samples, sf->holdlen);

	memcpy(buf, sf->offset, count * sizeof(*buf));
	sf->offset += count;
	sf->holdlen -= count;
	return count;
}

/* Takes the first frame, of which the rest goes into the hold: the number of samples. */
static size_t from_frame(struct ast_slinfactory *sf, short *buf, size_t samples)
{
	struct ast_frame *frame = AST_LIST_REMOVE_HEAD(&sf->queue, frame_list);
	const short *data = frame->data.ptr;
	size_t there = (size_t) frame->samples, count = MIN(samples, there);

	memcpy(buf, data, count * sizeof(*buf));
	sf->holdlen = MIN(there - count, (size_t) AST_SLINFACTORY_MAX_HOLD);
	sf->size -= (unsigned int) (there - count - sf->holdlen);	/* What the hold has no room for is lost. */
	memcpy(sf->hold, data + count, sf->holdlen * sizeof(*data));
	sf->offset = sf->hold;
	ast_frfree(frame);
	return count;
}

int ast_slinfactory_read(struct ast_slinfactory *sf, short *buf, size_t samples)
{
	size_t taken = 0;

	while (taken < samples && (sf->holdlen || !AST_LIST_EMPTY(&sf->queue))) {
		taken += sf->holdlen ? from_hold(sf, buf + taken, samples - taken) : from_frame(sf, buf + taken, samples - taken);
	}
	sf->size -= (unsigned int) taken;
	return (int) taken;
}

unsigned int ast_slinfactory_available(const struct ast_slinfactory *sf)
{
	return sf->size;
}
