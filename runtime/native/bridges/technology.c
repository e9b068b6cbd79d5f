/*
 * The technologies of bridges: those of modules, and two of the core (asterisk/bridge_technology.h).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "bridges.h"

#include "states/providers.h"

static struct asterism_providers technologies = ASTERISM_PROVIDERS("bridge technology");

#define EVERY_MIX \
	(AST_BRIDGE_CAPABILITY_EARLY | AST_BRIDGE_CAPABILITY_NATIVE | AST_BRIDGE_CAPABILITY_1TO1MIX \
		| AST_BRIDGE_CAPABILITY_MULTIMIX)

static int give_to_others(struct ast_bridge *bridge, struct ast_bridge_channel *from, struct ast_frame *frame)
{
	return ast_bridge_queue_everyone_else(bridge, from, frame);
}

static int give_to_nobody(struct ast_bridge *bridge attribute_unused, struct ast_bridge_channel *from attribute_unused,
	struct ast_frame *frame attribute_unused)
{
	return 0;
}

static struct ast_bridge_technology passing = {
	.name = "core_bridge", .capabilities = EVERY_MIX, .write = give_to_others,
};
static struct ast_bridge_technology holding = {
	.name = "core_holding", .capabilities = AST_BRIDGE_CAPABILITY_HOLDING, .write = give_to_nobody,
};

int __ast_bridge_technology_register(struct ast_bridge_technology *technology, struct ast_module *mod)
{
	if (!technology || ast_strlen_zero(technology->name) || !technology->capabilities || !technology->write) {
		ast_log(LOG_WARNING, "a bridge technology needs a name, capabilities and write: '%s' is not registered\n",
			technology ? S_OR(technology->name, "") : "");
		return -1;
	}
	technology->mod = mod;
	technology->suspended = 0;
	return asterism_provider_add(&technologies, technology->name, (void (*)(void)) technology);
}

static struct ast_bridge_technology *of_provider(const struct asterism_provider *found)
{
	return found ? (struct ast_bridge_technology *) found->callback : NULL;
}

int ast_bridge_technology_unregister(struct ast_bridge_technology *technology)
{
	const struct ast_bridge_technology *found;

	if (!technology || !technology->name) {
		return -1;
	}
	found = of_provider(asterism_provider_lock(&technologies, technology->name));
	asterism_provider_unlock(&technologies);
	return found == technology ? asterism_provider_remove(&technologies, technology->name) : -1;
}

void ast_bridge_technology_suspend(struct ast_bridge_technology *technology)
{
	if (technology) {
		technology->suspended = 1;
	}
}

void ast_bridge_technology_unsuspend(struct ast_bridge_technology *technology)
{
	if (technology) {
		technology->suspended = 0;
	}
}

static int suits(const struct ast_bridge_technology *technology, struct ast_bridge *bridge, uint32_t wanted)
{
	return !technology->suspended && technology->capabilities & wanted
		&& (!technology->compatible || technology->compatible(bridge));
}

/* The best technology with one of these capabilities, whose module is then in use; NULL for none. */
static struct ast_bridge_technology *best_for(struct ast_bridge *bridge, uint32_t wanted)
{
	struct ast_bridge_technology *best = suits(&passing, bridge, wanted) ? &passing
		: suits(&holding, bridge, wanted) ? &holding : NULL;
	const struct asterism_provider *one;

	asterism_provider_lock(&technologies, NULL);
	for (one = technologies.first; one; one = one->next) {
		struct ast_bridge_technology *found = of_provider(one);

		if (suits(found, bridge, wanted) && (!best || found->preference > best->preference)) {
			best = found;
		}
	}
	if (best && best->mod) {
		ast_module_ref(best->mod);
	}
	asterism_provider_unlock(&technologies);
	return best;
}

static void release(struct ast_bridge_technology *technology)
{
	if (technology->mod) {
		ast_module_unref(technology->mod);
	}
}

/* Lets a bridge use a technology, which it owns: 0, or -1. */
static int use(struct ast_bridge *bridge, struct ast_bridge_technology *technology)
{
	bridge->technology = technology;
	if ((technology->create && technology->create(bridge)) || (technology->start && technology->start(bridge))) {
		ast_log(LOG_WARNING, "bridge %s: the technology '%s' does not start\n", bridge->uniqueid, technology->name);
		if (technology->destroy) {
			technology->destroy(bridge);
		}
		bridge->technology = NULL;
		release(technology);
		return -1;
	}
	return 0;
}

/* What the number of channels asks for. */
static uint32_t wanted_by(const struct ast_bridge *bridge)
{
	const uint32_t for_two = AST_BRIDGE_CAPABILITY_NATIVE | AST_BRIDGE_CAPABILITY_1TO1MIX;
	uint32_t wanted = bridge->allowed_capabilities;

	if (ast_test_flag(&bridge->feature_flags, AST_BRIDGE_FLAG_SMART) && wanted & AST_BRIDGE_CAPABILITY_MULTIMIX) {
		wanted = bridge->num_channels > 2 || !(wanted & for_two) ? AST_BRIDGE_CAPABILITY_MULTIMIX : wanted & for_two;
	}
	return wanted;
}

int asterism_bridge_start(struct ast_bridge *bridge)
{
	struct ast_bridge_technology *technology = best_for(bridge, wanted_by(bridge));

	if (!technology) {
		ast_log(LOG_WARNING, "no bridge technology has the capabilities %#x\n", bridge->allowed_capabilities);
		return -1;
	}
	return use(bridge, technology);
}

void asterism_bridge_stop(struct ast_bridge *bridge)
{
	struct ast_bridge_technology *technology = bridge->technology;

	if (technology) {
		if (technology->stop) {
			technology->stop(bridge);
		}
		if (technology->destroy) {
			technology->destroy(bridge);
		}
		bridge->technology = NULL;
		release(technology);
	}
}

void asterism_bridge_joined(struct ast_bridge *bridge, struct ast_bridge_channel *member)
{
	if (bridge->technology && bridge->technology->join && bridge->technology->join(bridge, member)) {
		ast_log(LOG_WARNING, "bridge %s: the technology '%s' does not accept %s\n", bridge->uniqueid,
			bridge->technology->name, ast_channel_name(member->chan));
	}
}

void asterism_bridge_left(struct ast_bridge *bridge, struct ast_bridge_channel *member)
{
	if (bridge->technology && bridge->technology->leave) {
		bridge->technology->leave(bridge, member);
	}
}

void asterism_bridge_adapt(struct ast_bridge *bridge)
{
	struct ast_bridge_technology *technology;
	struct ast_bridge_channel *member;

	if (bridge->dissolved || !ast_test_flag(&bridge->feature_flags, AST_BRIDGE_FLAG_SMART)) {
		return;
	}
	technology = best_for(bridge, wanted_by(bridge));
	if (!technology || technology == bridge->technology) {
		if (technology) {
			release(technology);
		}
		return;
	}
	AST_LIST_TRAVERSE(&bridge->channels, member, entry) {
		asterism_bridge_left(bridge, member);
	}
	asterism_bridge_stop(bridge);
	if (use(bridge, technology)) {
		use(bridge, &passing);
	}
	AST_LIST_TRAVERSE(&bridge->channels, member, entry) {
		asterism_bridge_joined(bridge, member);
	}
}

/* ---- for Python ---- */

static void tell(struct asterism_bridge_technology *told, const struct ast_bridge_technology *technology)
{
	snprintf(told->name, sizeof(told->name), "%s", technology->name);
	told->capabilities = technology->capabilities;
	told->preference = (unsigned int) technology->preference;
	told->is_suspended = technology->suspended;
}

int asterism_bridge_technologies(struct asterism_bridge_technology *told, int room)
{
	struct ast_bridge_technology *const own[] = { &passing, &holding };
	const struct asterism_provider *one;
	int found = 0, i;

	asterism_provider_lock(&technologies, NULL);
	for (i = 0; i < (int) ARRAY_LEN(own); i++, found++) {
		if (found < room) {
			tell(&told[found], own[i]);
		}
	}
	for (one = technologies.first; one; one = one->next, found++) {
		if (found < room) {
			tell(&told[found], of_provider(one));
		}
	}
	asterism_provider_unlock(&technologies);
	return found;
}

int asterism_bridge_technology_suspend(const char *name, int is_suspended)
{
	struct ast_bridge_technology *found = !strcmp(name, passing.name) ? &passing
		: !strcmp(name, holding.name) ? &holding : of_provider(asterism_provider_lock(&technologies, name));

	if (found) {
		found->suspended = is_suspended != 0;
	}
	if (found != &passing && found != &holding) {
		asterism_provider_unlock(&technologies);
	}
	return found ? 0 : -1;
}
