/*
 * Variables of bridges, and how their technologies are to mix sound and show video.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "bridges.h"

#include "channels/record.h"

/* ---- variables ---- */

static struct ast_var_t *find(const struct ast_bridge *bridge, const char *name)
{
	struct ast_var_t *variable = NULL;

	if (bridge && name) {
		AST_LIST_TRAVERSE(&bridge->bridgevars, variable, entries) {
			if (!strcmp(ast_var_name(variable), name)) {
				break;
			}
		}
	}
	return variable;
}

int ast_bridge_set_variable(struct ast_bridge *bridge, const char *name, const char *value, int report_events attribute_unused)
{
	struct ast_var_t *old, *variable = NULL;

	if (!bridge || ast_strlen_zero(name) || (value && !(variable = ast_var_assign(name, value)))) {
		return -1;
	}
	ao2_lock(bridge);
	old = find(bridge, name);
	if (old) {
		AST_LIST_REMOVE(&bridge->bridgevars, old, entries);
		ast_var_delete(old);
	}
	if (variable) {
		AST_LIST_INSERT_TAIL(&bridge->bridgevars, variable, entries);
	}
	ao2_unlock(bridge);
	return 0;
}

const char *ast_bridge_get_variable(const struct ast_bridge *bridge, const char *name)
{
	const struct ast_var_t *variable = find(bridge, name);

	return variable ? ast_var_value(variable) : NULL;
}

void ast_bridge_vars_set(struct ast_channel *chan, const char *name, const char *pvtid)
{
	if (asterism_channel_record(chan, __func__)) {
		pbx_builtin_setvar_helper(chan, "BRIDGEPEER", name);
		pbx_builtin_setvar_helper(chan, "BRIDGEPVTCALLID", pvtid);
	}
}

/* ---- sound ---- */

#define SETTER(name, field) \
void name(struct ast_bridge *bridge, unsigned int value) \
{ \
	if (bridge) { \
		ao2_lock(bridge); \
		bridge->softmix.field = value; \
		ao2_unlock(bridge); \
	} \
}
SETTER(ast_bridge_set_internal_sample_rate, internal_sample_rate)
SETTER(ast_bridge_set_maximum_sample_rate, maximum_sample_rate)
SETTER(ast_bridge_set_mixing_interval, internal_mixing_interval)
SETTER(ast_bridge_set_binaural_active, binaural_active)
SETTER(ast_bridge_set_send_sdp_label, send_sdp_label)
SETTER(ast_bridge_set_video_update_discard, video_mode.video_update_discard)

/* ---- video ---- */

const char *ast_bridge_video_mode_to_string(enum ast_bridge_video_mode_type video_mode)
{
	static const char *const names[] = {
		[AST_BRIDGE_VIDEO_MODE_NONE] = "none", [AST_BRIDGE_VIDEO_MODE_SINGLE_SRC] = "single",
		[AST_BRIDGE_VIDEO_MODE_TALKER_SRC] = "talker", [AST_BRIDGE_VIDEO_MODE_SFU] = "sfu",
	};

	return (size_t) video_mode < ARRAY_LEN(names) ? names[video_mode] : "";
}

/* The channel that is shown, in the place that the mode has for it; NULL when the mode has none. */
static struct ast_channel **shown(struct ast_bridge *bridge)
{
	struct ast_bridge_video_mode *mode = &bridge->softmix.video_mode;

	return mode->mode == AST_BRIDGE_VIDEO_MODE_SINGLE_SRC ? &mode->mode_data.single_src_data.chan_vsrc
		: mode->mode == AST_BRIDGE_VIDEO_MODE_TALKER_SRC ? &mode->mode_data.talker_src_data.chan_vsrc : NULL;
}

static void show(struct ast_bridge *bridge, struct ast_channel *chan)
{
	struct ast_channel **place = shown(bridge);

	if (place && *place != chan) {
		ao2_cleanup(*place);
		*place = ao2_bump(chan);
	}
}

void ast_bridge_remove_video_src(struct ast_bridge *bridge, struct ast_channel *chan)
{
	struct ast_channel **place;

	if (bridge) {
		ao2_lock(bridge);
		place = shown(bridge);
		if (place && (!chan || *place == chan)) {
			show(bridge, NULL);
		}
		ao2_unlock(bridge);
	}
}

static void set_mode(struct ast_bridge *bridge, enum ast_bridge_video_mode_type mode, struct ast_channel *chan)
{
	if (!bridge) {
		return;
	}
	ao2_lock(bridge);
	show(bridge, NULL);
	memset(&bridge->softmix.video_mode.mode_data, 0, sizeof(bridge->softmix.video_mode.mode_data));
	bridge->softmix.video_mode.mode = mode;
	show(bridge, chan);
	ao2_unlock(bridge);
}

void ast_bridge_set_single_src_video_mode(struct ast_bridge *bridge, struct ast_channel *video_src_chan)
{
	set_mode(bridge, AST_BRIDGE_VIDEO_MODE_SINGLE_SRC, video_src_chan);
}

void ast_bridge_set_talker_src_video_mode(struct ast_bridge *bridge)
{
	set_mode(bridge, AST_BRIDGE_VIDEO_MODE_TALKER_SRC, NULL);
}

void ast_bridge_set_sfu_video_mode(struct ast_bridge *bridge)
{
	set_mode(bridge, AST_BRIDGE_VIDEO_MODE_SFU, NULL);
}

#define SFU_SETTER(name, type, field) \
void name(struct ast_bridge *bridge, type value) \
{ \
	if (bridge) { \
		ao2_lock(bridge); \
		if (bridge->softmix.video_mode.mode == AST_BRIDGE_VIDEO_MODE_SFU) { \
			bridge->softmix.video_mode.mode_data.sfu_data.field = value; \
		} \
		ao2_unlock(bridge); \
	} \
}
SFU_SETTER(ast_bridge_set_remb_send_interval, unsigned int, remb_send_interval)
SFU_SETTER(ast_brige_set_remb_behavior, enum ast_bridge_video_sfu_remb_behavior, remb_behavior)
SFU_SETTER(ast_bridge_set_remb_estimated_bitrate, float, estimated_bitrate)

void ast_bridge_update_talker_src_video_mode(struct ast_bridge *bridge, struct ast_channel *chan,
	int talker_energy attribute_unused, int is_keyframe)
{
	if (bridge && is_keyframe) {
		ao2_lock(bridge);
		if (bridge->softmix.video_mode.mode == AST_BRIDGE_VIDEO_MODE_TALKER_SRC) {
			show(bridge, chan);
		}
		ao2_unlock(bridge);
	}
}

int ast_bridge_number_video_src(struct ast_bridge *bridge)
{
	struct ast_channel **place;
	int result;

	if (!bridge) {
		return 0;
	}
	ao2_lock(bridge);
	place = shown(bridge);
	result = place && *place;
	ao2_unlock(bridge);
	return result;
}

int ast_bridge_is_video_src(struct ast_bridge *bridge, struct ast_channel *chan)
{
	struct ast_channel **place;
	int result;

	if (!bridge || !chan) {
		return 0;
	}
	ao2_lock(bridge);
	place = shown(bridge);
	result = place && *place == chan;
	ao2_unlock(bridge);
	return result;
}

/* ---- transfers ---- */

void ast_bridge_set_transfer_variables(struct ast_channel *chan, const char *value, int is_attended)
{
	if (asterism_channel_record(chan, __func__)) {
		pbx_builtin_setvar_helper(chan, is_attended ? "ATTENDEDTRANSFER" : "BLINDTRANSFER", value);
		pbx_builtin_setvar_helper(chan, is_attended ? "BLINDTRANSFER" : "ATTENDEDTRANSFER", NULL);
	}
}

/* Sends everybody but one channel to a place of the dialplan; the bridge is locked. */
static enum ast_transfer_result send_others(struct ast_bridge *bridge, struct ast_channel *transferer, const char *context,
	const char *exten)
{
	struct ast_bridge_channel *member;
	enum ast_transfer_result result = AST_BRIDGE_TRANSFER_INVALID;

	AST_LIST_TRAVERSE(&bridge->channels, member, entry) {
		if (member->chan != transferer) {
			ast_bridge_set_transfer_variables(member->chan, ast_channel_name(transferer), 0);
			ast_bridge_set_after_goto(member->chan, context, exten, 1);
			ast_bridge_channel_leave_bridge(member, BRIDGE_CHANNEL_STATE_END_NO_DISSOLVE, 0);
			result = AST_BRIDGE_TRANSFER_SUCCESS;
		}
	}
	return result;
}

enum ast_transfer_result ast_bridge_transfer_blind(int is_external attribute_unused, struct ast_channel *transferer,
	const char *exten, const char *context, transfer_channel_cb new_channel_cb attribute_unused,
	void *user_data attribute_unused)
{
	struct ast_bridge *bridge = ast_channel_get_bridge(transferer);
	enum ast_transfer_result result;

	if (!bridge) {
		return AST_BRIDGE_TRANSFER_INVALID;
	}
	if (ast_strlen_zero(exten) || !ast_exists_extension(NULL, S_OR(context, "default"), exten, 1, NULL)) {
		ao2_ref(bridge, -1);
		return AST_BRIDGE_TRANSFER_INVALID;
	}
	ao2_lock(bridge);
	if (ast_test_flag(&bridge->feature_flags, AST_BRIDGE_FLAG_TRANSFER_PROHIBITED)) {
		result = AST_BRIDGE_TRANSFER_NOT_PERMITTED;
	} else {
		result = send_others(bridge, transferer, S_OR(context, "default"), exten);
		if (result == AST_BRIDGE_TRANSFER_SUCCESS) {
			ast_bridge_channel_leave_bridge(bridge_find_channel(bridge, transferer), BRIDGE_CHANNEL_STATE_END, 0);
		}
	}
	ao2_unlock(bridge);
	ao2_ref(bridge, -1);
	return result;
}

enum ast_transfer_result ast_bridge_transfer_attended(struct ast_channel *to_transferee, struct ast_channel *to_transfer_target)
{
	struct ast_bridge *first = ast_channel_get_bridge(to_transferee), *second = ast_channel_get_bridge(to_transfer_target);
	struct ast_channel *leaving[] = { to_transferee, to_transfer_target };
	enum ast_transfer_result result = AST_BRIDGE_TRANSFER_INVALID;

	if (first && second && first != second) {
		result = (first->feature_flags.flags | second->feature_flags.flags) & AST_BRIDGE_FLAG_TRANSFER_PROHIBITED
			? AST_BRIDGE_TRANSFER_NOT_PERMITTED
			: ast_bridge_merge(first, second, 0, leaving, ARRAY_LEN(leaving)) ? AST_BRIDGE_TRANSFER_FAIL
			: AST_BRIDGE_TRANSFER_SUCCESS;
		if (result == AST_BRIDGE_TRANSFER_SUCCESS) {
			ast_bridge_remove(first, to_transferee);
		}
	}
	ao2_cleanup(first);
	ao2_cleanup(second);
	return result;
}
