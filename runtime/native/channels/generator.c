/*
 * Generators: what makes the audio of a channel.  A generator is asked for as many samples as were read, each time a
 * voice frame is read; what it writes is not heard.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"

#include "asterisk/astobj2.h"
#include "asterisk/format_cache.h"

#include "record.h"

/* The generator of a channel that is locked, when it has data, or NULL. */
static struct ast_generator *active(struct ast_channel *chan)
{
	return ast_channel_generatordata(chan) ? ast_channel_generator(chan) : NULL;
}

/* Releases the generator of a channel that is locked. */
static void release(struct ast_channel *chan)
{
	struct ast_generator *generator = active(chan);
	void *data = ast_channel_generatordata(chan);

	ast_channel_generatordata_set(chan, NULL);
	ast_channel_generator_set(chan, NULL);
	ast_clear_flag(ast_channel_flags(chan), AST_FLAG_WRITE_INT);
	if (generator && generator->release) {
		generator->release(chan, data);
	}
}

int ast_activate_generator(struct ast_channel *chan, struct ast_generator *gen, void *params)
{
	void *data;

	if (!gen || !asterism_channel_record(chan, __func__)) {
		return -1;
	}
	ao2_lock(chan);
	release(chan);
	data = gen->alloc ? gen->alloc(chan, params) : NULL;
	ast_channel_generatordata_set(chan, data);
	ast_channel_generator_set(chan, gen->alloc && !data ? NULL : gen);
	ao2_unlock(chan);
	return gen->alloc && !data ? -1 : 0;
}

void ast_deactivate_generator(struct ast_channel *chan)
{
	if (asterism_channel_record(chan, __func__)) {
		ao2_lock(chan);
		release(chan);
		ao2_unlock(chan);
	}
}

/* The samples to be generated for a frame: as many as last as long in the format that is written. */
static int samples_for(struct ast_channel *chan, const struct ast_frame *frame)
{
	long written = (long) ast_format_get_sample_rate(ast_channel_writeformat(chan));
	long read = frame->subclass.format ? (long) ast_format_get_sample_rate(frame->subclass.format) : 0;

	return read > 0 ? (int) (frame->samples * written / read) : frame->samples;
}

void asterism_generator_run(struct ast_channel *chan, const struct ast_frame *frame)
{
	struct ast_generator *generator;
	void *data;
	int samples, failed;

	ao2_lock(chan);
	generator = active(chan);
	data = ast_channel_generatordata(chan);
	if (!generator || !generator->generate || frame->frametype != AST_FRAME_VOICE || ast_channel_timingfunc(chan)) {
		ao2_unlock(chan);
		return;
	}
	samples = samples_for(chan, frame);
	ast_channel_generatordata_set(chan, NULL);	/* The generator is told of what it writes itself otherwise. */
	ao2_unlock(chan);
	failed = generator->generate(chan, data, frame->datalen, samples);
	ao2_lock(chan);
	if (ast_channel_generator(chan) == generator && !ast_channel_generatordata(chan)) {
		ast_channel_generatordata_set(chan, data);
		if (failed) {
			release(chan);
		}
	} else if (generator->release) {
		generator->release(chan, data);	/* It was replaced meanwhile, without its data. */
	}
	ao2_unlock(chan);
}

void asterism_generator_digit(struct ast_channel *chan, char digit)
{
	struct ast_generator *generator;

	ao2_lock(chan);
	generator = active(chan);
	if (generator && generator->digit) {
		generator->digit(chan, digit);
	}
	ao2_unlock(chan);
}

int asterism_generator_has(struct ast_channel *chan)
{
	int result;

	ao2_lock(chan);
	if (active(chan) && ast_test_flag(ast_channel_flags(chan), AST_FLAG_WRITE_INT)) {
		release(chan);
	}
	result = active(chan) != NULL;
	ao2_unlock(chan);
	return result;
}

/* ---- silence ---- */

struct ast_silence_generator {
	struct ast_format *before;	/* The format that was written, with a reference. */
};

static void *silence_alloc(struct ast_channel *chan attribute_unused, void *params)
{
	return params;
}

static void silence_release(struct ast_channel *chan attribute_unused, void *data attribute_unused)
{
}

static int silence_generate(struct ast_channel *chan, void *data attribute_unused, int len attribute_unused, int samples)
{
	int16_t room[960] = { 0 };
	struct ast_frame frame = {
		.frametype = AST_FRAME_VOICE,
		.subclass.format = ast_format_slin,
		.data.ptr = room,
		.samples = MIN(samples, (int) ARRAY_LEN(room)),
		.datalen = MIN(samples, (int) ARRAY_LEN(room)) * (int) sizeof(room[0]),
		.src = "silence",
	};

	return ast_write(chan, &frame) ? -1 : 0;
}

static struct ast_generator silence = { silence_alloc, silence_release, silence_generate, NULL, NULL };

struct ast_silence_generator *ast_channel_start_silence_generator(struct ast_channel *chan)
{
	struct ast_silence_generator *state;

	if (!asterism_channel_record(chan, __func__) || !(state = ast_calloc(1, sizeof(*state)))) {
		return NULL;
	}
	state->before = ao2_bump(ast_channel_writeformat(chan));
	ast_set_write_format(chan, ast_format_slin);
	ast_activate_generator(chan, &silence, state);
	return state;
}

void ast_channel_stop_silence_generator(struct ast_channel *chan, struct ast_silence_generator *state)
{
	int is_active;

	if (!state) {
		return;
	}
	if (asterism_channel_record(chan, __func__)) {
		ao2_lock(chan);
		is_active = ast_channel_generator(chan) == &silence;
		if (is_active) {
			release(chan);
		}
		ao2_unlock(chan);
		if (is_active) {
			ast_set_write_format(chan, state->before);
		}
	}
	ao2_cleanup(state->before);
	ast_free(state);
}
