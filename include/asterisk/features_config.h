/*
 * The configuration of features: what features.conf says, for all channels.
 *
 * The values are those of Asterisk without a file.  A structure is an object, to be released.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef ASTERISM_FEATURES_CONFIG_H
#define ASTERISM_FEATURES_CONFIG_H

#include "asterisk/stringfields.h"

#ifdef __cplusplus
extern "C" {
#endif

struct ao2_container;
struct ast_channel;

struct ast_features_general_config {
	AST_DECLARE_STRING_FIELDS(
	AST_STRING_FIELD(courtesytone);
	AST_STRING_FIELD(recordingfailsound);
	);
	unsigned int featuredigittimeout;
};
struct ast_features_general_config *ast_get_chan_features_general_config(struct ast_channel *chan);
struct ast_features_xfer_config {
	AST_DECLARE_STRING_FIELDS (
	AST_STRING_FIELD(xfersound);
	AST_STRING_FIELD(xferfailsound);
	AST_STRING_FIELD(atxferabort);
	AST_STRING_FIELD(atxfercomplete);
	AST_STRING_FIELD(atxferthreeway);
	AST_STRING_FIELD(atxferswap);
	AST_STRING_FIELD(transferretrysound);
	AST_STRING_FIELD(transferinvalidsound);
	AST_STRING_FIELD(transferannouncesound);
	);
	unsigned int transferdigittimeout;
	unsigned int atxfernoanswertimeout;
	unsigned int atxferloopdelay;
	unsigned int atxfercallbackretries;
	unsigned int atxferdropcall;
	unsigned int transferdialattempts;
};
struct ast_features_xfer_config *ast_get_chan_features_xfer_config(struct ast_channel *chan);
/* Texts to be freed. */
char *ast_get_chan_features_xferfailsound(struct ast_channel *chan);
char *ast_get_chan_features_atxferabort(struct ast_channel *chan);
struct ast_features_pickup_config {
	AST_DECLARE_STRING_FIELDS (
	AST_STRING_FIELD(pickupexten);
	AST_STRING_FIELD(pickupsound);
	AST_STRING_FIELD(pickupfailsound);
	);
};
struct ast_features_pickup_config *ast_get_chan_features_pickup_config(struct ast_channel *chan);
struct ast_featuremap_config {
	AST_DECLARE_STRING_FIELDS (
	AST_STRING_FIELD(blindxfer);
	AST_STRING_FIELD(disconnect);
	AST_STRING_FIELD(atxfer);
	AST_STRING_FIELD(parkcall);
	AST_STRING_FIELD(automixmon);
	);
};
struct ast_featuremap_config *ast_get_chan_featuremap_config(struct ast_channel *chan);
/* The digits of a feature such as "blindxfer": 0; -1 for none, and when buf is too small. */
int ast_get_builtin_feature(struct ast_channel *chan, const char *feature, char *buf, size_t len);
int ast_get_feature(struct ast_channel *chan, const char *feature, char *buf, size_t len);
#define AST_FEATURE_MAX_LEN 11
struct ast_applicationmap_item {
	AST_DECLARE_STRING_FIELDS (
	AST_STRING_FIELD(name);
	AST_STRING_FIELD(app);
	AST_STRING_FIELD(app_data);
	AST_STRING_FIELD(moh_class);
	);
	char dtmf[AST_FEATURE_MAX_LEN];
	unsigned int activate_on_self;
};
/* The applications that digits call, an empty container. */
struct ao2_container *ast_get_chan_applicationmap(struct ast_channel *chan);

#ifdef __cplusplus
}
#endif

#endif
