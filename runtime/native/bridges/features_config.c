/*
 * The configuration of features (asterisk/features_config.h): what features.conf says, read anew for each question.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "bridges.h"

#include "asterisk/features_config.h"

#define FILE_NAME "features.conf"

/* An option of features.conf, its default, and where a structure has it. */
struct row {
	const char *section;
	const char *name;
	const char *usual;
	size_t offset;
	int is_number;
};

#define TEXT(type, section, field, usual) { section, #field, usual, offsetof(struct type, field), 0 }
#define NUMBER(type, section, field, usual) { section, #field, usual, offsetof(struct type, field), 1 }

static const struct row general[] = {
	TEXT(ast_features_general_config, "general", courtesytone, ""),
	TEXT(ast_features_general_config, "general", recordingfailsound, ""),
	NUMBER(ast_features_general_config, "general", featuredigittimeout, "1000"),
};
static const struct row transfers[] = {
	TEXT(ast_features_xfer_config, "general", xfersound, "beep"),
	TEXT(ast_features_xfer_config, "general", xferfailsound, "beeperr"),
	TEXT(ast_features_xfer_config, "general", atxferabort, "*1"),
	TEXT(ast_features_xfer_config, "general", atxfercomplete, "*2"),
	TEXT(ast_features_xfer_config, "general", atxferthreeway, "*3"),
	TEXT(ast_features_xfer_config, "general", atxferswap, "*4"),
	TEXT(ast_features_xfer_config, "general", transferretrysound, "pbx-invalid"),
	TEXT(ast_features_xfer_config, "general", transferinvalidsound, "privacy-incorrect"),
	TEXT(ast_features_xfer_config, "general", transferannouncesound, "pbx-transfer"),
	NUMBER(ast_features_xfer_config, "general", transferdigittimeout, "3"),
	NUMBER(ast_features_xfer_config, "general", atxfernoanswertimeout, "15"),
	NUMBER(ast_features_xfer_config, "general", atxferloopdelay, "10"),
	NUMBER(ast_features_xfer_config, "general", atxfercallbackretries, "2"),
	NUMBER(ast_features_xfer_config, "general", atxferdropcall, "0"),
	NUMBER(ast_features_xfer_config, "general", transferdialattempts, "3"),
};
static const struct row pickups[] = {
	TEXT(ast_features_pickup_config, "general", pickupexten, "*8"),
	TEXT(ast_features_pickup_config, "general", pickupsound, ""),
	TEXT(ast_features_pickup_config, "general", pickupfailsound, ""),
};
static const struct row map[] = {
	TEXT(ast_featuremap_config, "featuremap", blindxfer, "#"),
	TEXT(ast_featuremap_config, "featuremap", disconnect, "*"),
	TEXT(ast_featuremap_config, "featuremap", atxfer, ""),
	TEXT(ast_featuremap_config, "featuremap", parkcall, ""),
	TEXT(ast_featuremap_config, "featuremap", automixmon, ""),
};

/* The value of an option, which is valid as long as the configuration. */
static const char *value_of(struct ast_config *config, const struct row *row)
{
	const char *value = config ? ast_variable_retrieve(config, row->section, row->name) : NULL;

	return value ? value : row->usual;
}

static struct ast_config *read_file(void)
{
	const struct ast_flags flags = { 0 };
	struct ast_config *config = ast_config_load(FILE_NAME, flags);

	return config == CONFIG_STATUS_FILEINVALID ? NULL : config;
}

static unsigned int number_of(const char *value)
{
	unsigned int number = 0;

	return ast_true(value) ? 1 : sscanf(value, "%30u", &number) == 1 ? number : 0;
}

/* The configuration in a structure that is an object; NULL when out of memory. */
#define FILLED(type, rows) \
	({ \
		struct type *made_ = ao2_alloc_options(sizeof(*made_), free_ ## type, AO2_ALLOC_OPT_LOCK_NOLOCK); \
		struct ast_config *config_ = read_file(); \
		size_t i_; \
		\
		if (made_ && ast_string_field_init(made_, 128)) { \
			ao2_ref(made_, -1); \
			made_ = NULL; \
		} \
		for (i_ = 0; made_ && i_ < ARRAY_LEN(rows); i_++) { \
			const char *value_ = value_of(config_, &(rows)[i_]); \
			char *place_ = (char *) made_ + (rows)[i_].offset; \
			\
			if ((rows)[i_].is_number) { \
				*(unsigned int *) (void *) place_ = number_of(value_); \
			} else { \
				ast_string_field_ptr_set(made_, (const char **) (void *) place_, value_); \
			} \
		} \
		ast_config_destroy(config_); \
		made_; \
	})

#define GETTER(type, rows, getter) \
static void free_ ## type(void *object) \
{ \
	struct type *config = object; \
	\
	ast_string_field_free_memory(config); \
} \
struct type *getter(struct ast_channel *chan attribute_unused) \
{ \
	return FILLED(type, rows); \
}
GETTER(ast_features_general_config, general, ast_get_chan_features_general_config)
GETTER(ast_features_xfer_config, transfers, ast_get_chan_features_xfer_config)
GETTER(ast_features_pickup_config, pickups, ast_get_chan_features_pickup_config)
GETTER(ast_featuremap_config, map, ast_get_chan_featuremap_config)

/* A copy of the value of an option of the table, or NULL. */
static char *copy_of(const struct row *rows, size_t count, const char *name)
{
	struct ast_config *config = name ? read_file() : NULL;
	char *copy = NULL;
	size_t i;

	for (i = 0; name && i < count && !copy; i++) {
		if (!strcasecmp(rows[i].name, name)) {
			copy = ast_strdup(value_of(config, &rows[i]));
		}
	}
	ast_config_destroy(config);
	return copy;
}

char *ast_get_chan_features_xferfailsound(struct ast_channel *chan attribute_unused)
{
	return copy_of(transfers, ARRAY_LEN(transfers), "xferfailsound");
}

char *ast_get_chan_features_atxferabort(struct ast_channel *chan attribute_unused)
{
	return copy_of(transfers, ARRAY_LEN(transfers), "atxferabort");
}

int ast_get_builtin_feature(struct ast_channel *chan attribute_unused, const char *feature, char *buf, size_t len)
{
	char *digits = buf && len ? copy_of(map, ARRAY_LEN(map), feature) : NULL;
	int result = digits && strlen(digits) < len ? 0 : -1;

	if (!result) {
		ast_copy_string(buf, digits, len);
	}
	ast_free(digits);
	return result;
}

int ast_get_feature(struct ast_channel *chan, const char *feature, char *buf, size_t len)
{
	return ast_get_builtin_feature(chan, feature, buf, len);
}

struct ao2_container *ast_get_chan_applicationmap(struct ast_channel *chan attribute_unused)
{
	return ao2_container_alloc_list(AO2_ALLOC_OPT_LOCK_NOLOCK, 0, NULL, NULL);
}
