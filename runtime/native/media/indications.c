/*
 * Tones of a country: one zone, as objects that modules hold.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"

#include "asterisk/indications.h"

static const struct {
	const char *name;
	const char *data;
} tones[] = {
	{ "dial", "350+440" },
	{ "busy", "480+620/500,0/500" },
	{ "ring", "440+480/2000,0/4000" },
	{ "congestion", "480+620/250,0/250" },
	{ "callwaiting", "440/300,0/10000" },
	{ "dialrecall", "!350+440/100,!0/100,!350+440/100,!0/100,!350+440/100,!0/100,350+440" },
	{ "record", "1400/500,0/15000" },
	{ "info", "!950/330,!1400/330,!1800/330,0" },
	{ "stutter", "!350+440/100,!0/100,!350+440/100,!0/100,!350+440/100,!0/100,!350+440/100,!0/100,350+440" },
};

static void free_zone(void *data)
{
	struct ast_tone_zone *zone = data;
	struct ast_tone_zone_sound *sound;

	while ((sound = AST_LIST_REMOVE_HEAD(&zone->tones, entry))) {
		ao2_ref(sound, -1);
	}
	free(zone->ringcadence);
}

static struct ast_tone_zone_sound *new_sound(const char *name, const char *data)
{
	struct ast_tone_zone_sound *sound = ao2_alloc(sizeof(*sound), NULL);

	if (sound) {
		sound->name = name;
		sound->data = data;
	}
	return sound;
}

static int fill(struct ast_tone_zone *zone)
{
	size_t i;

	zone->ringcadence = calloc(2, sizeof(*zone->ringcadence));
	if (!zone->ringcadence) {
		return -1;
	}
	zone->nrringcadence = 2;
	zone->ringcadence[0] = 2000;
	zone->ringcadence[1] = 4000;
	for (i = 0; i < ARRAY_LEN(tones); i++) {
		struct ast_tone_zone_sound *sound = new_sound(tones[i].name, tones[i].data);

		if (!sound) {
			return -1;
		}
		AST_LIST_INSERT_TAIL(&zone->tones, sound, entry);
	}
	return 0;
}

static int is_known(const char *country)
{
	return ast_strlen_zero(country) || !strcasecmp(country, "us");
}

struct ast_tone_zone *ast_get_indication_zone(const char *country)
{
	struct ast_tone_zone *zone = is_known(country) ? ao2_alloc(sizeof(*zone), free_zone) : NULL;

	if (!zone) {
		return NULL;
	}
	ast_copy_string(zone->country, "us", sizeof(zone->country));
	ast_copy_string(zone->description, "United States / North America", sizeof(zone->description));
	if (fill(zone)) {
		ao2_ref(zone, -1);
		return NULL;
	}
	return zone;
}

struct ast_tone_zone_sound *ast_get_indication_tone(const struct ast_tone_zone *zone, const char *indication)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(tones) && (!zone || is_known(zone->country)); i++) {
		if (!strcasecmp(S_OR(indication, ""), tones[i].name)) {
			return new_sound(tones[i].name, tones[i].data);
		}
	}
	return NULL;
}

/* The name of a tone whose frequencies are given; the frequencies themselves when they have none. */
static const char *name_of(const char *tonelist)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(tones); i++) {
		if (!strcmp(tones[i].data, tonelist)) {
			return tones[i].name;
		}
	}
	return tonelist;
}

int ast_playtones_start(struct ast_channel *chan, int vol attribute_unused, const char *tonelist,
	int interruptible attribute_unused)
{
	__typeof__(asterism_table.asterism_tone_start) start = asterism_table.asterism_tone_start;

	return start && !ast_strlen_zero(tonelist) ? start(chan, name_of(tonelist)) : -1;
}

int ast_tone_zone_count(void)
{
	return 1;
}

struct ao2_iterator ast_tone_zone_iterator_init(void)
{
	struct ao2_container *zones = ao2_container_alloc_list(AO2_ALLOC_OPT_LOCK_MUTEX, 0, NULL, NULL);
	struct ast_tone_zone *zone = ast_get_indication_zone(NULL);
	struct ao2_iterator iterator;

	if (zones && zone) {
		ao2_link(zones, zone);
	}
	ao2_cleanup(zone);
	iterator = ao2_iterator_init(zones, 0);
	ao2_cleanup(zones);
	return iterator;
}

int ast_tone_zone_part_parse(const char *s, struct ast_tone_zone_part *tone_data)
{
	if (!s || !tone_data) {
		return -1;
	}
	memset(tone_data, 0, sizeof(*tone_data));
	if (sscanf(s, "%30u+%30u/%30u", &tone_data->freq1, &tone_data->freq2, &tone_data->time) >= 2) {
		return 0;
	}
	if (sscanf(s, "%30u*%30u/%30u", &tone_data->freq1, &tone_data->freq2, &tone_data->time) >= 2) {
		tone_data->modulate = 1;
		return 0;
	}
	tone_data->freq2 = 0;
	if (sscanf(s, "%30u/%30u", &tone_data->freq1, &tone_data->time) >= 1) {
		return 0;
	}
	if (sscanf(s, "M%30u/%30u", &tone_data->freq1, &tone_data->time) >= 1) {
		tone_data->midinote = 1;
		return 0;
	}
	return -1;
}
