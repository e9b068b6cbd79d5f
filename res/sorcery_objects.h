/*
 * Objects of sorcery in a container, for the wizards that keep them in one.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef RES_SORCERY_OBJECTS_H
#define RES_SORCERY_OBJECTS_H

#include <regex.h>

#include "asterisk/astobj2.h"
#include "asterisk/config.h"
#include "asterisk/sorcery.h"

/* Whether an object has fields; without fields, every object has. */
static inline int has_fields(const struct ast_sorcery *sorcery, void *object, const struct ast_variable *fields)
{
	struct ast_variable *own = fields ? ast_sorcery_objectset_create(sorcery, object) : NULL;
	int matches = !fields || ast_variable_lists_match(own, fields, 0);

	ast_variables_destroy(own);
	return matches;
}

static inline int begins_with(const char *id, const char *prefix, size_t length)
{
	return !strncmp(id, prefix, length);
}

/* What is looked for; everything when all is NULL. */
struct sought {
	const struct ast_sorcery *sorcery;
	const struct ast_variable *fields;
	const regex_t *regex;
	const char *prefix;
	size_t length;
};

static inline int is_sought(const struct sought *sought, void *object)
{
	const char *id = ast_sorcery_object_get_id(object);

	return (!sought->regex || !regexec(sought->regex, id, 0, NULL, 0))
		&& (!sought->prefix || begins_with(id, sought->prefix, sought->length))
		&& has_fields(sought->sorcery, object, sought->fields);
}

/* Links all that is looked for into another container; or, for NULL, gives the first with a reference. */
static inline void *look(struct ao2_container *kept, const struct sought *sought, struct ao2_container *found)
{
	struct ao2_iterator each;
	void *object;

	if (!kept) {
		return NULL;
	}
	each = ao2_iterator_init(kept, 0);
	for (; (object = ao2_iterator_next(&each)); ao2_ref(object, -1)) {
		if (is_sought(sought, object)) {
			if (!found) {
				break;
			}
			ao2_link(found, object);
		}
	}
	ao2_iterator_destroy(&each);
	return object;
}

/* Links all whose ids match an expression; the empty one matches all.  One that is not valid matches none. */
static inline void look_by_regex(struct ao2_container *kept, const char *pattern, struct ao2_container *found)
{
	struct sought sought = { .regex = NULL };
	regex_t regex;

	if (regcomp(&regex, pattern, REG_EXTENDED | REG_NOSUB)) {
		return;
	}
	sought.regex = &regex;
	look(kept, &sought, found);
	regfree(&regex);
}

#endif
