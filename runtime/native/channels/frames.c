/*
 * Frames on a channel: a queue that modules fill, digits of the line, and silence.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"

#include "asterisk/astobj2.h"
#include "asterisk/audiohook.h"
#include "asterisk/format_cache.h"
#include "asterisk/framehook.h"

#include "record.h"

#define FRAME_MS 20
#define WOKEN 1	/* What stands for a digit when a wait was woken: WOKEN of runtime/model/line.py. */

void asterism_frames_end(struct asterism_frames *frames)
{
	struct ast_frame *frame;

	while ((frame = AST_LIST_REMOVE_HEAD(&frames->queue, frame_list))) {
		ast_frfree(frame);
	}
	ao2_cleanup(frames->read);
	ao2_cleanup(frames->write);
	ao2_cleanup(frames->raw_read);
	ao2_cleanup(frames->raw_write);
}

/* Waits on the line: the code of a digit, WOKEN, 0 in time, or -1 when the channel is hung up. */
static int wait_on_line(struct ast_channel *chan, int ms)
{
	__typeof__(asterism_table.asterism_line_wait) wait_on = asterism_table.asterism_line_wait;

	return wait_on ? wait_on(chan, ms) : -1;
}

static int has_frame(struct ast_channel *chan, struct asterism_frames *frames)
{
	int result;

	ao2_lock(chan);
	result = frames->digit || !AST_LIST_EMPTY(&frames->queue);
	ao2_unlock(chan);
	return result || asterism_tech_has_frame(chan);
}

int ast_waitfor(struct ast_channel *chan, int ms)
{
	struct asterism_frames *frames = asterism_channel_frames(chan, __func__);
	int slice = ms < 0 ? FRAME_MS : MIN(ms, FRAME_MS), digit;

	if (!frames || ast_check_hangup(chan)) {
		return -1;
	}
	if (has_frame(chan, frames)) {
		return ms < 0 ? 1 : MAX(ms, 1);
	}
	do {
		digit = wait_on_line(chan, slice);
		/* In a bridge there may be something else to do than to read a frame. */
	} while (digit == WOKEN && !has_frame(chan, frames) && !ast_channel_internal_bridge_channel(chan));
	if (digit < 0) {
		return -1;
	}
	if (digit == WOKEN) {
		return ms < 0 ? 1 : MAX(ms, 1);
	}
	if (digit) {
		ao2_lock(chan);
		frames->digit = (char) digit;
		ao2_unlock(chan);
		return ms < 0 ? 1 : MAX(ms, 1);
	}
	if (ms < 0) {
		return 1;
	}
	return slice < FRAME_MS ? 0 : MAX(ms - slice, 1);
}

struct ast_channel *ast_waitfor_n(struct ast_channel **chan, int n, int *ms)
{
	int i, rest;

	for (i = 0; i < n; i++) {
		struct asterism_frames *frames = asterism_channel_frames(chan[i], __func__);

		if (frames && has_frame(chan[i], frames)) {
			return chan[i];
		}
	}
	rest = n > 0 ? ast_waitfor(chan[0], *ms) : 0;
	if (*ms >= 0) {
		*ms = MAX(rest, 0);
	}
	return rest ? chan[0] : NULL;
}

/* Bytes that are silence in a format, one a sample; -1 for formats that have none. */
static int silent_byte(const struct ast_format *format)
{
	if (ast_format_cache_is_slinear((struct ast_format *) format)) {
		return 0;
	}
	if (ast_format_cmp(format, ast_format_ulaw) == AST_FORMAT_CMP_EQUAL) {
		return 0xff;
	}
	return ast_format_cmp(format, ast_format_alaw) == AST_FORMAT_CMP_EQUAL ? 0xd5 : -1;
}

/* A frame of silence; one without anything for a format whose silence is not known. */
static struct ast_frame *silence(struct ast_format *format)
{
	char data[192 * FRAME_MS * sizeof(int16_t)];
	int samples = (int) ast_format_get_sample_rate(format) * FRAME_MS / 1000, byte = silent_byte(format);
	struct ast_frame frame = {
		.frametype = AST_FRAME_VOICE,
		.subclass.format = format,
		.samples = samples,
		.datalen = samples * (byte ? 1 : (int) sizeof(int16_t)),
		.data.ptr = data,
		.src = ASTERISM_SILENCE,
	};

	if (byte < 0 || frame.datalen > (int) sizeof(data)) {
		return &ast_null_frame;
	}
	PRETENDED("no audio arrives on channels: ast_read gives silence");
	memset(data, byte, (size_t) frame.datalen);
	return ast_frdup(&frame);
}

static struct ast_frame *digit_frame(char digit)
{
	struct ast_frame frame = { .frametype = AST_FRAME_DTMF_END, .subclass.integer = digit, .len = 100, .src = "line", };

	return ast_frdup(&frame);
}

/* What is read next of queue, line and technology; otherwise silence in the format that is read. */
static struct ast_frame *next_frame(struct ast_channel *chan, struct asterism_frames *frames)
{
	struct ast_frame *frame;
	struct ast_format *format;
	char digit;

	ao2_lock(chan);
	frame = AST_LIST_REMOVE_HEAD(&frames->queue, frame_list);
	digit = frame ? 0 : frames->digit;
	frames->digit = frame ? frames->digit : 0;
	format = ao2_bump(frames->read ? frames->read : ast_format_slin);
	ao2_unlock(chan);
	if (!frame) {
		frame = digit ? digit_frame(digit) : asterism_tech_read(chan);
	}
	if (!frame) {
		frame = silence(format);
	}
	ao2_ref(format, -1);
	return frame;
}

/* Shows a frame, which is the core's own, to the hooks: frame hooks may take it, audio hooks change it. */
static struct ast_frame *hooked(struct ast_channel *chan, struct ast_frame *frame, int is_read)
{
	ao2_lock(chan);
	frame = is_read ? ast_framehook_list_read_event(ast_channel_framehooks(chan), frame)
		: ast_framehook_list_write_event(ast_channel_framehooks(chan), frame);
	frame = ast_audiohook_write_list(chan, ast_channel_audiohooks(chan),
		is_read ? AST_AUDIOHOOK_DIRECTION_READ : AST_AUDIOHOOK_DIRECTION_WRITE, frame);
	ao2_unlock(chan);
	return frame ? frame : &ast_null_frame;
}

struct ast_frame *ast_read(struct ast_channel *chan)
{
	struct asterism_frames *frames = asterism_channel_frames(chan, __func__);
	struct ast_frame *frame;

	if (!frames || ast_check_hangup(chan)) {
		return NULL;
	}
	frame = next_frame(chan, frames);
	if (frame && frame->frametype == AST_FRAME_CONTROL && frame->subclass.integer == AST_CONTROL_HANGUP) {
		ast_frfree(frame);
		ast_softhangup(chan, AST_SOFTHANGUP_DEV);
		return NULL;
	}
	if (frame) {
		frame = hooked(chan, frame, 1);
		if (frame->frametype == AST_FRAME_DTMF_END) {
			asterism_generator_digit(chan, (char) frame->subclass.integer);
		}
		asterism_generator_run(chan, frame);
	}
	return frame;
}

/* Text of a frame, which need not be closed by a NUL. */
static int write_text(struct ast_channel *chan, const struct ast_frame *frame)
{
	char *text = frame->data.ptr && frame->datalen > 0 ? ast_strndup(frame->data.ptr, (size_t) frame->datalen) : NULL;
	int result = text ? ast_sendtext(chan, text) : 0;

	ast_free(text);
	return result;
}

static int write_one(struct ast_channel *chan, struct ast_frame *frame)
{
	switch (frame->frametype) {
	case AST_FRAME_TEXT:
		return write_text(chan, frame);
	case AST_FRAME_CONTROL:
		return ast_indicate_data(chan, frame->subclass.integer, frame->data.ptr, (size_t) MAX(frame->datalen, 0));
	case AST_FRAME_DTMF_BEGIN:
		return 0;	/* The end of the digit is sent as a whole digit. */
	case AST_FRAME_DTMF_END:
		return ast_senddigit_begin(chan, (char) frame->subclass.integer);
	case AST_FRAME_NULL:
		return 0;
	default:
		return asterism_tech_write(chan, frame);
	}
}

/* Shows a copy of a frame to the hooks, when there are some, and writes what they make of it. */
static int write_hooked(struct ast_channel *chan, struct ast_frame *frame)
{
	struct ast_frame *copy;
	int result;

	if (ast_framehook_list_is_empty(ast_channel_framehooks(chan)) && !ast_channel_audiohooks(chan)) {
		return write_one(chan, frame);
	}
	copy = ast_frdup(frame);
	if (!copy) {
		return -1;
	}
	copy = hooked(chan, copy, 0);
	result = write_one(chan, copy);
	ast_frfree(copy);
	return result;
}

int ast_write(struct ast_channel *chan, struct ast_frame *frame)
{
	if (!asterism_channel_frames(chan, __func__) || ast_check_hangup(chan)) {
		return -1;
	}
	if (frame && frame->frametype == AST_FRAME_VOICE && asterism_generator_has(chan)) {
		return 0;
	}
	for (; frame; frame = AST_LIST_NEXT(frame, frame_list)) {
		if (write_hooked(chan, frame)) {
			return -1;
		}
	}
	return 0;
}

static int queue(struct ast_channel *chan, const struct ast_frame *frame, int is_first)
{
	struct asterism_frames *frames = asterism_channel_frames(chan, __func__);
	__typeof__(asterism_table.asterism_line_wake) wake = asterism_table.asterism_line_wake;
	struct ast_frame *copy = frames && frame ? ast_frdup(frame) : NULL;

	if (!copy) {
		return -1;
	}
	ao2_lock(chan);
	if (is_first) {
		AST_LIST_INSERT_HEAD(&frames->queue, copy, frame_list);
	} else {
		AST_LIST_INSERT_TAIL(&frames->queue, copy, frame_list);
	}
	ao2_unlock(chan);
	if (wake) {
		wake(chan);
	}
	return 0;
}

int ast_queue_frame(struct ast_channel *chan, struct ast_frame *f)
{
	return queue(chan, f, 0);
}

int ast_queue_frame_head(struct ast_channel *chan, struct ast_frame *f)
{
	return queue(chan, f, 1);
}

int ast_queue_control_data(struct ast_channel *chan, enum ast_control_frame_type control, const void *data,
	size_t datalen)
{
	struct ast_frame frame = {
		.frametype = AST_FRAME_CONTROL,
		.subclass.integer = (int) control,
		.data.ptr = (void *) data,
		.datalen = data ? (int) MIN(datalen, (size_t) INT_MAX) : 0,
	};

	return queue(chan, &frame, 0);
}

int ast_queue_control(struct ast_channel *chan, enum ast_control_frame_type control)
{
	return ast_queue_control_data(chan, control, NULL, 0);
}

int ast_queue_hangup(struct ast_channel *chan)
{
	return ast_softhangup(chan, AST_SOFTHANGUP_DEV);
}

int ast_queue_hangup_with_cause(struct ast_channel *chan, int cause)
{
	if (cause >= 0) {
		ast_channel_hangupcause_set(chan, cause);
	}
	return ast_queue_hangup(chan);
}

static int set_format(struct ast_channel *chan, struct ast_format **place, struct ast_format *format)
{
	struct ast_format *old;

	if (!place || !format) {
		return -1;
	}
	ao2_lock(chan);
	old = *place;
	*place = ao2_bump(format);
	ao2_unlock(chan);
	ao2_cleanup(old);
	return 0;
}

int ast_set_read_format(struct ast_channel *chan, struct ast_format *format)
{
	struct asterism_frames *frames = asterism_channel_frames(chan, __func__);

	return set_format(chan, frames ? &frames->read : NULL, format);
}

int ast_set_write_format(struct ast_channel *chan, struct ast_format *format)
{
	struct asterism_frames *frames = asterism_channel_frames(chan, __func__);

	return set_format(chan, frames ? &frames->write : NULL, format);
}

struct ast_format *ast_channel_readformat(struct ast_channel *chan)
{
	struct asterism_frames *frames = asterism_channel_frames(chan, __func__);

	return frames && frames->read ? frames->read : ast_format_slin;
}

struct ast_format *ast_channel_writeformat(struct ast_channel *chan)
{
	struct asterism_frames *frames = asterism_channel_frames(chan, __func__);

	return frames && frames->write ? frames->write : ast_format_slin;
}

struct ast_format *ast_channel_rawreadformat(struct ast_channel *chan)
{
	struct asterism_frames *frames = asterism_channel_frames(chan, __func__);

	return frames && frames->raw_read ? frames->raw_read : ast_channel_readformat(chan);
}

struct ast_format *ast_channel_rawwriteformat(struct ast_channel *chan)
{
	struct asterism_frames *frames = asterism_channel_frames(chan, __func__);

	return frames && frames->raw_write ? frames->raw_write : ast_channel_writeformat(chan);
}

void ast_channel_set_readformat(struct ast_channel *chan, struct ast_format *format)
{
	ast_set_read_format(chan, format);
}

void ast_channel_set_writeformat(struct ast_channel *chan, struct ast_format *format)
{
	ast_set_write_format(chan, format);
}

void ast_channel_set_rawreadformat(struct ast_channel *chan, struct ast_format *format)
{
	struct asterism_frames *frames = asterism_channel_frames(chan, __func__);

	set_format(chan, frames ? &frames->raw_read : NULL, format);
}

void ast_channel_set_rawwriteformat(struct ast_channel *chan, struct ast_format *format)
{
	struct asterism_frames *frames = asterism_channel_frames(chan, __func__);

	set_format(chan, frames ? &frames->raw_write : NULL, format);
}

struct ast_flags *ast_channel_flags(struct ast_channel *chan)
{
	struct asterism_frames *frames = asterism_channel_frames(chan, __func__);

	return frames ? &frames->flags : NULL;
}
