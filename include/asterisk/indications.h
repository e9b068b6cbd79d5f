/*
 * Tones of a country.  A tone is an event on the line, with its name or its frequencies; there is one zone, "us".
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef ASTERISM_INDICATIONS_H
#define ASTERISM_INDICATIONS_H

#include "asterisk/astobj2.h"
#include "asterisk/utils.h"

#ifdef __cplusplus
extern "C" {
#endif

struct ast_channel;

/* A tone: "dial" and "350+440". */
struct ast_tone_zone_sound {
	const char *name;
	const char *data;
	AST_LIST_ENTRY(ast_tone_zone_sound) entry;
	union {
		uint32_t __padding;
		struct {
			unsigned int killme:1;
		};
	};
};

#define MAX_TONEZONE_COUNTRY 16

/* The tones of a country. */
struct ast_tone_zone {
	char country[MAX_TONEZONE_COUNTRY];
	char description[40];
	unsigned int nrringcadence;
	int *ringcadence;
	AST_LIST_HEAD_NOLOCK(, ast_tone_zone_sound) tones;
	union {
		uint32_t __padding;
		struct {
			unsigned int killme:1;
		};
	};
};

/* A part of a tone: frequencies in Hz, time in milliseconds. */
struct ast_tone_zone_part {
	unsigned int freq1;
	unsigned int freq2;
	unsigned int time;
	unsigned int modulate:1;
	unsigned int midinote:1;
};

/* Reads a part, "350+440/1000": 0, or -1. */
int ast_tone_zone_part_parse(const char *s, struct ast_tone_zone_part *tone_data);
/* A zone by its country, with a reference; the default for NULL, NULL for an unknown one. */
struct ast_tone_zone *ast_get_indication_zone(const char *country);
/* A tone of a zone by its name, with a reference; of the default zone for NULL; NULL for an unknown one. */
struct ast_tone_zone_sound *ast_get_indication_tone(const struct ast_tone_zone *zone, const char *indication);
/* Starts and stops a tone on a channel: 0, or -1 when the channel is hung up. */
int ast_playtones_start(struct ast_channel *chan, int vol, const char *tonelist, int interruptible);
void ast_playtones_stop(struct ast_channel *chan);
/* The number of zones, and an iterator over them. */
int ast_tone_zone_count(void);
struct ao2_iterator ast_tone_zone_iterator_init(void);

#define ast_tone_zone_lock(tz) ao2_lock(tz)
#define ast_tone_zone_unlock(tz) ao2_unlock(tz)
#define ast_tone_zone_trylock(tz) ao2_trylock(tz)

/* References; unref gives NULL. */
static inline struct ast_tone_zone *ast_tone_zone_unref(struct ast_tone_zone *tz)
{
	ao2_ref(tz, -1);
	return NULL;
}

static inline struct ast_tone_zone *ast_tone_zone_ref(struct ast_tone_zone *tz)
{
	ao2_ref(tz, +1);
	return tz;
}

static inline struct ast_tone_zone_sound *ast_tone_zone_sound_unref(struct ast_tone_zone_sound *ts)
{
	ao2_ref(ts, -1);
	return NULL;
}

static inline struct ast_tone_zone_sound *ast_tone_zone_sound_ref(struct ast_tone_zone_sound *ts)
{
	ao2_ref(ts, +1);
	return ts;
}

#ifdef __cplusplus
}
#endif

#endif
