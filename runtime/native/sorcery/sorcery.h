/*
 * Objects kept by wizards (asterisk/sorcery.h): what its files share.  instances.c has wizards, instances and their
 * mappings, registration.c their types and fields, objects.c single objects, keeping.c what wizards are asked.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef ASTERISM_SORCERY_INSIDE_H
#define ASTERISM_SORCERY_INSIDE_H

#include "internal.h"

#include "asterisk/sorcery.h"
#include "asterisk/vector.h"

/* A registered wizard; modules hold it by its callbacks. */
struct wizard {
	struct ast_sorcery_wizard callbacks;
	struct ao2_container *observers;
};

/* A wizard of a type. */
struct mapping {
	struct wizard *wizard;
	void *data;
	unsigned int flags;	/* enum ast_sorcery_wizard_apply_flags. */
	char arguments[];
};

struct field {
	char name[MAX_OBJECT_FIELD];
	int has_regex;
	regex_t regex;
	sorcery_field_handler handler;
	sorcery_fields_handler multiple_handler;
	intptr_t args[];
};

struct ast_sorcery_object_type {
	char name[MAX_OBJECT_TYPE];
	sorcery_transform_handler transform;
	sorcery_apply_handler apply;
	sorcery_copy_handler copy;
	sorcery_diff_handler diff;
	AST_VECTOR_RW(mappings, struct mapping *) mappings;
	struct ao2_container *fields;
	struct ao2_container *observers;
	struct ast_taskprocessor *teller;	/* Tells the observers; made for the first of them. */
	int reloadable;
	struct aco_type type;
	struct aco_file *file;	/* With this type alone; and the info with this file alone. */
	struct aco_info *info;
};

struct ast_sorcery {
	struct ao2_container *types;
	struct ao2_container *observers;
	const char *module_name;	/* In the weak proxy of the instance. */
};

/* What every object has behind its structure. */
struct ast_sorcery_object {
	char *id;
	char type[MAX_OBJECT_TYPE];
	ao2_destructor_fn destructor;
	struct ast_variable *extended;
	struct timeval created;
	int is_dynamic;
};

/* The wrapper of somebody's callbacks in a container of observers. */
struct observer {
	const void *callbacks;
};

/* Calls a callback of each observer; observers that are added or removed meanwhile do no harm. */
#define TELL(observers, kind, callback, ...) do { \
	struct ao2_iterator each_ = ao2_iterator_init(observers, 0); \
	struct observer *observer_; \
	for (; (observer_ = ao2_iterator_next(&each_)); ao2_ref(observer_, -1)) { \
		const struct kind *callbacks_ = observer_->callbacks; \
		if (callbacks_->callback) { \
			callbacks_->callback(__VA_ARGS__); \
		} \
	} \
	ao2_iterator_destroy(&each_); \
} while (0)

HIDDEN struct ao2_container *asterism_observers_new(void);
/* 0, or -1 when out of memory or for NULL. */
HIDDEN int asterism_observer_add(struct ao2_container *observers, const void *callbacks);
HIDDEN void asterism_observer_remove(struct ao2_container *observers, const void *callbacks);

/* The type of an object, with a reference; NULL, which is logged, for NULL or an unknown type. */
HIDDEN struct ast_sorcery_object_type *asterism_sorcery_type_of(const struct ast_sorcery *sorcery, const void *object);

/* A callback of the container of types: their observers are told nothing more (keeping.c). */
HIDDEN int asterism_sorcery_silence(void *obj, void *arg, int flags);

#endif
