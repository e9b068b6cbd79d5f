/* Requests about snapshots of channels: what is not a channel, and many threads. SPDX-License-Identifier: GPL-2.0-or-later */
#include "internal.h"

#include "asterisk/astobj2.h"
#include "asterisk/endpoints.h"
#include "asterisk/mwi.h"
#include "asterisk/stasis_channels.h"
#include "asterisk/stasis_endpoints.h"

#include "driver.h"

static struct ast_channel *shared;

static void *change_and_look(void *data)
{
	int i;

	for (i = 0; i < 200; i++) {
		struct ast_channel_snapshot *snapshot;

		ast_set_callerid(shared, data, data, NULL);
		snapshot = ast_channel_snapshot_create(shared);
		if (!snapshot || strcmp(snapshot->caller->name, snapshot->caller->number)) {
			printf("torn ");
		}
		ao2_cleanup(snapshot);
		ast_channel_publish_varset(shared, "A", data);
	}
	return NULL;
}

/* Threads change a channel while others take its snapshots: the names of all threads are whole. */
void snapshot_hammer(char *text)
{
	static char names[8][2] = { "a", "b", "c", "d", "e", "f", "g", "h" };
	pthread_t threads[8];
	struct asterism_record *record = asterism_record_new();
	size_t i;

	(void) text;
	shared = asterism_channel_new(record);
	for (i = 0; i < ARRAY_LEN(threads); i++) {
		pthread_create(&threads[i], NULL, change_and_look, names[i]);
	}
	for (i = 0; i < ARRAY_LEN(threads); i++) {
		pthread_join(threads[i], NULL);
	}
	printf("%d", ast_channel_snapshot(shared) != NULL);
	ao2_cleanup(shared);
	asterism_record_drop(record);
}

/* What is NULL or not a channel: nothing is made, and nothing is told. */
void snapshot_mistakes(char *text)
{
	static long not_a_channel[32];
	struct ast_endpoint *endpoint = ast_endpoint_create("Tech", text);
	int before = logged;

	ast_channel_publish_snapshot(NULL);
	ast_channel_publish_final_snapshot(NULL);
	ast_channel_stage_snapshot(NULL);
	ast_channel_stage_snapshot_done(NULL);
	ast_channel_publish_dial(NULL, NULL, NULL, NULL);
	ast_channel_publish_varset(NULL, NULL, NULL);
	ast_multi_channel_blob_add_channel(NULL, NULL, NULL);
	ast_multi_object_blob_add(NULL, STASIS_UMOS_CHANNEL, NULL);
	ast_multi_object_blob_single_channel_publish(NULL, NULL, NULL);
	ast_endpoint_shutdown(NULL);
	ast_mwi_unsubscribe(NULL);
	ast_mwi_remove_observer(NULL);
	printf("%d%d%d%d%d ", ast_channel_snapshot_create((struct ast_channel *) &not_a_channel[16]) == NULL,
		ast_channel_blob_create(NULL, NULL, NULL) == NULL, ast_channel_snapshot_to_json(NULL, NULL) == NULL,
		ast_mwi_create("", NULL) == NULL, ast_endpoint_add_channel(endpoint, NULL));
	printf("%d %d", ast_endpoint_remove_channel(endpoint, NULL), logged - before);
	ast_endpoint_shutdown(endpoint);
}
