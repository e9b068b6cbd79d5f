/*
 * The codecs by number and name (asterisk/codec.h).  Codecs are added and never removed, as in main/codec.c of Asterisk.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"

#include "asterisk/astobj2.h"
#include "asterisk/format_cache.h"
#include "asterisk/vector.h"

static pthread_rwlock_t codecs_lock = PTHREAD_RWLOCK_INITIALIZER;
static AST_VECTOR(, struct ast_codec *) codecs;

/* The codec of a name, without a reference and with the lock held; a rate of 0 and an unknown type match any. */
static struct ast_codec *find(const char *name, enum ast_media_type type, unsigned int sample_rate)
{
	size_t i;

	for (i = 0; name && i < AST_VECTOR_SIZE(&codecs); i++) {
		struct ast_codec *codec = AST_VECTOR_GET(&codecs, i);

		if (!strcasecmp(codec->name, name) && (!type || codec->type == type)
			&& (!sample_rate || codec->sample_rate == sample_rate)) {
			return codec;
		}
	}
	return NULL;
}

/* A copy that outlives the module. */
static struct ast_codec *copied(const struct ast_codec *codec)
{
	struct ast_codec *copy = ao2_alloc_options(sizeof(*copy), NULL, AO2_ALLOC_OPT_LOCK_NOLOCK);

	if (copy) {
		*copy = *codec;
		copy->name = ast_strdup(codec->name);
		copy->description = ast_strdup(S_OR(codec->description, ""));
	}
	return copy && copy->name && copy->description ? copy : NULL;
}

struct ast_codec *asterism_codec_add(const struct ast_codec *codec)
{
	struct ast_codec *added = NULL;

	pthread_rwlock_wrlock(&codecs_lock);
	if (!find(codec->name, codec->type, codec->sample_rate) && (added = copied(codec))) {
		added->id = (unsigned int) AST_VECTOR_SIZE(&codecs) + 1;
		added = AST_VECTOR_APPEND(&codecs, added) ? NULL : added;
	}
	pthread_rwlock_unlock(&codecs_lock);
	return added;
}

/* What is wrong with a codec of a module, or NULL. */
static const char *fault_of(const struct ast_codec *codec)
{
	if (!codec || ast_strlen_zero(codec->name)) {
		return "it has no name";
	}
	if (codec->type == AST_MEDIA_TYPE_UNKNOWN) {
		return "it has no media type";
	}
	return codec->type == AST_MEDIA_TYPE_AUDIO && !codec->sample_rate ? "a codec of audio needs a sample rate" : NULL;
}

int __ast_codec_register(struct ast_codec *codec, struct ast_module *mod)
{
	const char *fault = fault_of(codec);

	if (!fault && !asterism_codec_add(codec)) {
		fault = "there is one of this name, type and rate already";
	}
	if (fault) {
		ast_log(LOG_ERROR, "cannot register the codec '%s': %s\n", S_OR(codec ? codec->name : NULL, ""), fault);
		return -1;
	}
	ast_module_shutdown_ref(mod);
	return 0;
}

void asterism_codecs_closing(void *handle)
{
	size_t i;

	pthread_rwlock_wrlock(&codecs_lock);
	for (i = 0; i < AST_VECTOR_SIZE(&codecs); i++) {
		struct ast_codec *codec = AST_VECTOR_GET(&codecs, i);

		if (asterism_owns(handle, (const void *) codec->samples_count)) {
			codec->samples_count = NULL;
		}
		if (asterism_owns(handle, (const void *) codec->get_length)) {
			codec->get_length = NULL;
		}
	}
	pthread_rwlock_unlock(&codecs_lock);
}

struct ast_codec *ast_codec_get(const char *name, enum ast_media_type type, unsigned int sample_rate)
{
	struct ast_codec *codec;

	pthread_rwlock_rdlock(&codecs_lock);
	codec = ao2_bump(find(name, type, sample_rate));
	pthread_rwlock_unlock(&codecs_lock);
	return codec;
}

struct ast_codec *ast_codec_get_by_id(int id)
{
	struct ast_codec *codec = NULL;

	pthread_rwlock_rdlock(&codecs_lock);
	if (id > 0 && (size_t) id <= AST_VECTOR_SIZE(&codecs)) {
		codec = ao2_bump(AST_VECTOR_GET(&codecs, (size_t) id - 1));
	}
	pthread_rwlock_unlock(&codecs_lock);
	return codec;
}

int ast_codec_get_max(void)
{
	int count;

	pthread_rwlock_rdlock(&codecs_lock);
	count = (int) AST_VECTOR_SIZE(&codecs);
	pthread_rwlock_unlock(&codecs_lock);
	return count + 1;
}
