/*
 * Bridges for calls between two (asterisk/bridge_basic.h, asterisk/features.h).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "bridges.h"

#include "asterisk/bridge_basic.h"
#include "asterisk/causes.h"
#include "asterisk/features.h"
#include "asterisk/features_config.h"

#include "channels/record.h"

struct ast_bridge_methods ast_bridge_basic_v_table;

static void __attribute__((constructor)) fill_methods(void)
{
	ast_bridge_basic_v_table = ast_bridge_base_v_table;
	ast_bridge_basic_v_table.name = "basic";
}

struct ast_bridge *ast_bridge_basic_new(void)
{
	struct ast_bridge *bridge = bridge_alloc(sizeof(*bridge), &ast_bridge_basic_v_table);

	return bridge_register(bridge_base_init(bridge,
		AST_BRIDGE_CAPABILITY_NATIVE | AST_BRIDGE_CAPABILITY_1TO1MIX | AST_BRIDGE_CAPABILITY_MULTIMIX,
		AST_BRIDGE_FLAG_DISSOLVE_HANGUP | AST_BRIDGE_FLAG_DISSOLVE_EMPTY | AST_BRIDGE_FLAG_SMART, NULL, NULL, NULL));
}

void ast_bridge_basic_set_flags(struct ast_bridge *bridge, unsigned int flags)
{
	if (bridge) {
		ao2_lock(bridge);
		ast_set_flag(&bridge->feature_flags, flags);
		ao2_unlock(bridge);
	}
}

/* ---- which features a channel may call for ---- */

static const struct ast_datastore_info info = { .type = "features of a call", .destroy = asterism_free };

static const struct {
	unsigned int flag;
	char letter;
} letters[] = {
	{ AST_FEATURE_REDIRECT, 't' }, { AST_FEATURE_DISCONNECT, 'h' }, { AST_FEATURE_PARKCALL, 'k' },
	{ AST_FEATURE_AUTOMIXMON, 'x' },
};

struct ast_flags *ast_bridge_features_ds_get(struct ast_channel *chan)
{
	struct ast_datastore *store = asterism_channel_record(chan, __func__) ? ast_channel_datastore_find(chan, &info, NULL)
		: NULL;

	return store ? store->data : NULL;
}

static int set_flags(struct ast_channel *chan, unsigned int flags, int is_added)
{
	struct ast_datastore *store;
	struct ast_flags *own;

	if (!asterism_channel_record(chan, __func__)) {
		return -1;
	}
	ao2_lock(chan);
	own = ast_bridge_features_ds_get(chan);
	if (!own && (store = ast_datastore_alloc(&info, NULL))) {
		store->data = own = ast_calloc(1, sizeof(*own));
		ast_channel_datastore_add(chan, store);
	}
	if (own) {
		own->flags = flags | (is_added ? own->flags : 0);
	}
	ao2_unlock(chan);
	return own ? 0 : -1;
}

int ast_bridge_features_ds_set(struct ast_channel *chan, struct ast_flags *flags)
{
	return flags ? set_flags(chan, flags->flags, 0) : -1;
}

int ast_bridge_features_ds_append(struct ast_channel *chan, struct ast_flags *flags)
{
	return flags ? set_flags(chan, flags->flags, 1) : -1;
}

int ast_bridge_features_ds_set_string(struct ast_channel *chan, const char *features)
{
	unsigned int flags = 0;
	size_t i;

	for (; features && *features; features++) {
		for (i = 0; i < ARRAY_LEN(letters) && letters[i].letter != tolower(*features); i++) {
		}
		if (i == ARRAY_LEN(letters)) {
			return -1;
		}
		flags |= letters[i].flag;
	}
	return set_flags(chan, flags, 0);
}

int ast_bridge_features_ds_get_string(struct ast_channel *chan, char *buffer, size_t buf_size)
{
	const struct ast_flags *own;
	size_t i, length = 0;

	if (!buffer || buf_size <= ARRAY_LEN(letters)) {
		return -1;
	}
	own = ast_bridge_features_ds_get(chan);
	for (i = 0; own && i < ARRAY_LEN(letters); i++) {
		if (own->flags & letters[i].flag) {
			buffer[length++] = letters[i].letter;
		}
	}
	buffer[length] = '\0';
	return own ? 0 : -1;
}

/* ---- a call ---- */

/* Ends the whole call when the channel types the digits of disconnection. */
static int hang_up_call(struct ast_bridge_channel *member, void *data attribute_unused)
{
	ast_bridge_channel_leave_bridge(member, BRIDGE_CHANNEL_STATE_END, AST_CAUSE_NORMAL_CLEARING);
	return 0;
}

static struct ast_bridge_features *features_for(const struct ast_flags *flags)
{
	struct ast_bridge_features *features = ast_bridge_features_new();

	if (features && ast_test_flag(flags, AST_FEATURE_DISCONNECT)) {
		char digits[MAXIMUM_DTMF_FEATURE_STRING];

		if (ast_bridge_features_enable(features, AST_BRIDGE_BUILTIN_HANGUP, NULL, NULL, NULL, 0)
			&& !ast_get_builtin_feature(NULL, "disconnect", digits, sizeof(digits))) {
			ast_bridge_dtmf_hook(features, digits, hang_up_call, NULL, NULL, 0);
		}
	}
	return features;
}

int ast_bridge_call_with_flags(struct ast_channel *chan, struct ast_channel *peer, struct ast_bridge_config *config,
	unsigned int flags)
{
	struct ast_bridge *bridge;
	struct ast_bridge_features *own;
	int result = -1;

	if (!asterism_channel_record(chan, __func__) || !asterism_channel_record(peer, __func__) || !config) {
		return -1;
	}
	bridge = ast_bridge_basic_new();
	if (!bridge) {
		return -1;
	}
	ast_bridge_basic_set_flags(bridge, flags);
	ast_bridge_vars_set(chan, ast_channel_name(peer), NULL);
	ast_bridge_vars_set(peer, ast_channel_name(chan), NULL);
	own = features_for(&config->features_caller);
	if (own && !ast_bridge_impart(bridge, peer, NULL, features_for(&config->features_callee),
		AST_BRIDGE_IMPART_CHAN_INDEPENDENT)) {
		result = ast_bridge_join(bridge, chan, NULL, own, NULL, 0);
	}
	ast_bridge_features_destroy(own);
	ast_bridge_destroy(bridge, 0);
	return result;
}

int ast_bridge_call(struct ast_channel *chan, struct ast_channel *peer, struct ast_bridge_config *config)
{
	return ast_bridge_call_with_flags(chan, peer, config, 0);
}

int ast_bridge_add_channel(struct ast_bridge *bridge, struct ast_channel *chan, struct ast_bridge_features *features,
	int play_tone, const char *xfersound)
{
	struct ast_bridge *from = ast_channel_get_bridge(chan);
	int result;

	if (from) {
		result = ast_bridge_move(bridge, from, chan, NULL, 1);
		ao2_ref(from, -1);
		ast_bridge_features_destroy(features);
	} else {
		result = ast_bridge_impart(bridge, chan, NULL, features, AST_BRIDGE_IMPART_CHAN_INDEPENDENT);
	}
	if (!result && play_tone && !ast_strlen_zero(xfersound)) {
		struct ast_bridge_channel *member = ast_channel_get_bridge_channel(chan);

		ast_bridge_channel_queue_playfile(member, NULL, xfersound, NULL);
		ao2_cleanup(member);
	}
	return result;
}
