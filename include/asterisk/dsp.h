/*
 * Detection of silence and noise.  Tones and digits are not detected in audio.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef ASTERISM_DSP_H
#define ASTERISM_DSP_H

#ifdef __cplusplus
extern "C" {
#endif

struct ast_channel;
struct ast_frame;

#define DSP_FEATURE_SILENCE_SUPPRESS (1 << 0)
#define DSP_FEATURE_BUSY_DETECT (1 << 1)
#define DSP_FEATURE_DIGIT_DETECT (1 << 3)
#define DSP_FEATURE_FAX_DETECT (1 << 4)

#define DSP_DIGITMODE_DTMF 0
#define DSP_DIGITMODE_MF 1
#define DSP_DIGITMODE_NOQUELCH (1 << 8)
#define DSP_DIGITMODE_MUTECONF (1 << 9)
#define DSP_DIGITMODE_MUTEMAX (1 << 10)
#define DSP_DIGITMODE_RELAXDTMF (1 << 11)

#define DSP_PROGRESS_TALK (1 << 16)
#define DSP_PROGRESS_RINGING (1 << 17)
#define DSP_PROGRESS_BUSY (1 << 18)
#define DSP_PROGRESS_CONGESTION (1 << 19)
#define DSP_FEATURE_CALL_PROGRESS \
	(DSP_PROGRESS_TALK | DSP_PROGRESS_RINGING | DSP_PROGRESS_BUSY | DSP_PROGRESS_CONGESTION)
#define DSP_FEATURE_WAITDIALTONE (1 << 20)
#define DSP_FEATURE_FREQ_DETECT (1 << 21)

#define DSP_FAXMODE_DETECT_CNG (1 << 0)
#define DSP_FAXMODE_DETECT_CED (1 << 1)
#define DSP_FAXMODE_DETECT_SQUELCH (1 << 2)
#define DSP_FAXMODE_DETECT_ALL (DSP_FAXMODE_DETECT_CNG | DSP_FAXMODE_DETECT_CED)

#define DSP_TONE_STATE_SILENCE 0
#define DSP_TONE_STATE_RINGING 1
#define DSP_TONE_STATE_DIALTONE 2
#define DSP_TONE_STATE_TALKING 3
#define DSP_TONE_STATE_BUSY 4
#define DSP_TONE_STATE_SPECIAL1 5
#define DSP_TONE_STATE_SPECIAL2 6
#define DSP_TONE_STATE_SPECIAL3 7
#define DSP_TONE_STATE_HUNGUP 8

struct ast_dsp;

/* Times of tone and pause in milliseconds. */
struct ast_dsp_busy_pattern {
	int length;
	int pattern[4];
};

enum threshold {
	THRESHOLD_SILENCE = 0,
	THRESHOLD_MAX = 1,
};

/* A detector for 8,000 samples a second, or another rate; NULL when out of memory. */
struct ast_dsp *ast_dsp_new(void);
struct ast_dsp *ast_dsp_new_with_rate(unsigned int sample_rate);
void ast_dsp_free(struct ast_dsp *dsp);
unsigned int ast_dsp_get_sample_rate(const struct ast_dsp *dsp);
/* The mean of the samples below which a frame is silent: 512 at first; the one of the settings: 256. */
void ast_dsp_set_threshold(struct ast_dsp *dsp, int threshold);
int ast_dsp_get_threshold_from_settings(enum threshold which);
/*
 * Whether a frame is silent, and since how many milliseconds; with its mean.  Linear frames are measured; of ulaw and
 * alaw only frames without any sound are silent.
 */
int ast_dsp_silence(struct ast_dsp *dsp, struct ast_frame *f, int *totalsilence);
int ast_dsp_silence_with_energy(struct ast_dsp *dsp, struct ast_frame *f, int *totalsilence, int *frames_energy);
/* Whether a frame is not silent, and since how many milliseconds. */
int ast_dsp_noise(struct ast_dsp *dsp, struct ast_frame *f, int *totalnoise);
/* Gives the frame as it is: nothing is detected. */
struct ast_frame *ast_dsp_process(struct ast_channel *chan, struct ast_dsp *dsp, struct ast_frame *inf);
/* Nothing is detected: 0. */
int ast_dsp_call_progress(struct ast_dsp *dsp, struct ast_frame *inf);
int ast_dsp_busydetect(struct ast_dsp *dsp);
int ast_dsp_was_muted(struct ast_dsp *dsp);
int ast_dsp_get_tstate(struct ast_dsp *dsp);
int ast_dsp_get_tcount(struct ast_dsp *dsp);
/* Forgets how long it was silent. */
void ast_dsp_reset(struct ast_dsp *dsp);
void ast_dsp_digitreset(struct ast_dsp *dsp);
/* Settings of what is not detected: stored without effect; 0. */
void ast_dsp_set_features(struct ast_dsp *dsp, int features);
int ast_dsp_get_features(struct ast_dsp *dsp);
void ast_dsp_set_busy_count(struct ast_dsp *dsp, int cadences);
void ast_dsp_set_busy_pattern(struct ast_dsp *dsp, const struct ast_dsp_busy_pattern *cadence);
int ast_dsp_set_call_progress_zone(struct ast_dsp *dsp, char *zone);
int ast_dsp_set_digitmode(struct ast_dsp *dsp, int digitmode);
int ast_dsp_set_freqmode(struct ast_dsp *dsp, int freq, int dur, int db, int squelch);
int ast_dsp_set_faxmode(struct ast_dsp *dsp, int faxmode);

#ifdef __cplusplus
}
#endif

#endif
