/*
 * Detection of silence (asterisk/dsp.h).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"

#include "asterisk/dsp.h"
#include "asterisk/format_cache.h"

#include "../channels/record.h"

#define THRESHOLD 512
#define THRESHOLD_OF_SETTINGS 256

struct ast_dsp {
	unsigned int rate;
	int threshold;
	int silence;	/* Milliseconds. */
	int noise;
	int features;
};

struct ast_dsp *ast_dsp_new_with_rate(unsigned int sample_rate)
{
	struct ast_dsp *dsp = ast_calloc(1, sizeof(*dsp));

	if (dsp) {
		dsp->rate = MAX(sample_rate, 1000U);
		dsp->threshold = THRESHOLD;
	}
	return dsp;
}

struct ast_dsp *ast_dsp_new(void)
{
	return ast_dsp_new_with_rate(8000);
}

void ast_dsp_free(struct ast_dsp *dsp)
{
	ast_free(dsp);
}

unsigned int ast_dsp_get_sample_rate(const struct ast_dsp *dsp)
{
	return dsp ? dsp->rate : 0;
}

void ast_dsp_set_threshold(struct ast_dsp *dsp, int threshold)
{
	if (dsp) {
		dsp->threshold = threshold;
	}
}

int ast_dsp_get_threshold_from_settings(enum threshold which)
{
	return which == THRESHOLD_SILENCE ? THRESHOLD_OF_SETTINGS : 0;
}

/* ---- silence ---- */

static int mean_of(const int16_t *samples, int count)
{
	long total = 0;
	int i;

	for (i = 0; i < count; i++) {
		total += labs(samples[i]);
	}
	return count ? (int) (total / count) : 0;
}

/* The bytes without sound of ulaw and alaw differ in their sign only. */
static int is_without_sound(const unsigned char *bytes, int count, unsigned char silent)
{
	int i;

	for (i = 0; i < count; i++) {
		if ((bytes[i] | 0x80) != silent) {
			return 0;
		}
	}
	return 1;
}

/* The mean and the number of samples of a voice frame: 0, or -1 when it cannot be measured. */
static int measure(const struct ast_frame *frame, int *mean, int *count)
{
	struct ast_format *format = frame && frame->frametype == AST_FRAME_VOICE ? frame->subclass.format : NULL;
	unsigned char silent;

	if (!format || !frame->data.ptr || frame->datalen < 0) {
		return -1;
	}
	if (ast_format_cache_is_slinear(format)) {
		*count = frame->datalen / (int) sizeof(int16_t);
		*mean = mean_of(frame->data.ptr, *count);
		return 0;
	}
	silent = ast_format_cmp(format, ast_format_ulaw) == AST_FORMAT_CMP_EQUAL ? 0xff
		: ast_format_cmp(format, ast_format_alaw) == AST_FORMAT_CMP_EQUAL ? 0xd5 : 0;
	*count = frame->datalen;
	*mean = is_without_sound(frame->data.ptr, *count, silent) ? 0 : INT16_MAX;
	return silent ? 0 : -1;
}

/* Counts a frame as silence or noise: whether it is silent, or -1. */
static int count_frame(struct ast_dsp *dsp, const struct ast_frame *frame, int *mean)
{
	int count, milliseconds;

	if (!dsp || measure(frame, mean, &count)) {
		ast_log(LOG_WARNING, "silence can be detected in linear frames, in ulaw and in alaw only\n");
		return -1;
	}
	milliseconds = (int) ((long) count * 1000 / (long) dsp->rate);
	if (*mean < dsp->threshold) {
		dsp->silence += milliseconds;
		dsp->noise = 0;
		return 1;
	}
	dsp->noise += milliseconds;
	dsp->silence = 0;
	return 0;
}

int ast_dsp_silence_with_energy(struct ast_dsp *dsp, struct ast_frame *f, int *totalsilence, int *frames_energy)
{
	int mean = 0, result = count_frame(dsp, f, &mean);

	if (totalsilence && dsp) {
		*totalsilence = dsp->silence;
	}
	if (frames_energy) {
		*frames_energy = mean;
	}
	return result > 0;
}

int ast_dsp_silence(struct ast_dsp *dsp, struct ast_frame *f, int *totalsilence)
{
	return ast_dsp_silence_with_energy(dsp, f, totalsilence, NULL);
}

int ast_dsp_noise(struct ast_dsp *dsp, struct ast_frame *f, int *totalnoise)
{
	int mean = 0, result = count_frame(dsp, f, &mean);

	if (totalnoise && dsp) {
		*totalnoise = dsp->noise;
	}
	return result == 0;
}

void ast_dsp_reset(struct ast_dsp *dsp)
{
	if (dsp) {
		dsp->silence = dsp->noise = 0;
	}
}

/* ---- what is not detected ---- */

struct ast_frame *ast_dsp_process(struct ast_channel *chan attribute_unused, struct ast_dsp *dsp attribute_unused,
	struct ast_frame *inf)
{
	PRETENDED("ast_dsp_process: tones and digits are not detected in audio");
	return inf;
}

int ast_dsp_call_progress(struct ast_dsp *dsp attribute_unused, struct ast_frame *inf attribute_unused)
{
	return 0;
}

int ast_dsp_busydetect(struct ast_dsp *dsp attribute_unused)
{
	return 0;
}

int ast_dsp_was_muted(struct ast_dsp *dsp attribute_unused)
{
	return 0;
}

int ast_dsp_get_tstate(struct ast_dsp *dsp attribute_unused)
{
	return DSP_TONE_STATE_SILENCE;
}

int ast_dsp_get_tcount(struct ast_dsp *dsp attribute_unused)
{
	return 0;
}

void ast_dsp_digitreset(struct ast_dsp *dsp attribute_unused)
{
}

void ast_dsp_set_features(struct ast_dsp *dsp, int features)
{
	if (dsp) {
		dsp->features = features;
	}
}

int ast_dsp_get_features(struct ast_dsp *dsp)
{
	return dsp ? dsp->features : 0;
}

void ast_dsp_set_busy_count(struct ast_dsp *dsp attribute_unused, int cadences attribute_unused)
{
}

void ast_dsp_set_busy_pattern(struct ast_dsp *dsp attribute_unused,
	const struct ast_dsp_busy_pattern *cadence attribute_unused)
{
}

int ast_dsp_set_call_progress_zone(struct ast_dsp *dsp attribute_unused, char *zone attribute_unused)
{
	return 0;
}

int ast_dsp_set_digitmode(struct ast_dsp *dsp attribute_unused, int digitmode attribute_unused)
{
	return 0;
}

int ast_dsp_set_freqmode(struct ast_dsp *dsp attribute_unused, int freq attribute_unused, int dur attribute_unused,
	int db attribute_unused, int squelch attribute_unused)
{
	return 0;
}

int ast_dsp_set_faxmode(struct ast_dsp *dsp attribute_unused, int faxmode attribute_unused)
{
	return 0;
}
