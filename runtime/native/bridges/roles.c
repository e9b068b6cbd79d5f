/*
 * Roles of channels in bridges (asterisk/bridge_roles.h).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "bridges.h"

#include "channels/record.h"

struct option {
	AST_LIST_ENTRY(option) entry;
	char name[AST_ROLE_LEN];
	char value[AST_ROLE_LEN];
};

struct role {
	AST_LIST_ENTRY(role) entry;
	AST_LIST_HEAD_NOLOCK(, option) options;
	char name[AST_ROLE_LEN];
};

/* The data of a datastore, and of a bridge channel. */
AST_LIST_HEAD_NOLOCK(bridge_roles_datastore, role);

static void free_role(struct role *role)
{
	struct option *option;

	while ((option = AST_LIST_REMOVE_HEAD(&role->options, entry))) {
		ast_free(option);
	}
	ast_free(role);
}

static void free_roles(void *data)
{
	struct bridge_roles_datastore *roles = data;
	struct role *role;

	while (roles && (role = AST_LIST_REMOVE_HEAD(roles, entry))) {
		free_role(role);
	}
	ast_free(roles);
}

static const struct ast_datastore_info info = { .type = "bridge roles", .destroy = free_roles };

/* The roles of a channel that is locked; makes them when wanted. */
static struct bridge_roles_datastore *roles_of(struct ast_channel *chan, int is_made)
{
	struct ast_datastore *store = ast_channel_datastore_find(chan, &info, NULL);

	if (!store && is_made && (store = ast_datastore_alloc(&info, NULL))) {
		store->data = ast_calloc(1, sizeof(struct bridge_roles_datastore));
		ast_channel_datastore_add(chan, store);
	}
	return store ? store->data : NULL;
}

static struct role *find_role(struct bridge_roles_datastore *roles, const char *name)
{
	struct role *role = NULL;

	if (roles && name) {
		AST_LIST_TRAVERSE(roles, role, entry) {
			if (!strcmp(role->name, name)) {
				break;
			}
		}
	}
	return role;
}

static struct option *find_option(struct role *role, const char *name)
{
	struct option *option = NULL;

	if (role && name) {
		AST_LIST_TRAVERSE(&role->options, option, entry) {
			if (!strcmp(option->name, name)) {
				break;
			}
		}
	}
	return option;
}

static struct role *add_role(struct bridge_roles_datastore *roles, const char *name)
{
	struct role *role = roles ? ast_calloc(1, sizeof(*role)) : NULL;

	if (role) {
		ast_copy_string(role->name, name, sizeof(role->name));
		AST_LIST_INSERT_TAIL(roles, role, entry);
	}
	return role;
}

static int set_option(struct role *role, const char *name, const char *value)
{
	struct option *option = find_option(role, name);

	if (role && !option && (option = ast_calloc(1, sizeof(*option)))) {
		ast_copy_string(option->name, name, sizeof(option->name));
		AST_LIST_INSERT_TAIL(&role->options, option, entry);
	}
	if (!option) {
		return -1;
	}
	ast_copy_string(option->value, S_OR(value, ""), sizeof(option->value));
	return 0;
}

static int is_name(const char *name)
{
	return !ast_strlen_zero(name) && strlen(name) < AST_ROLE_LEN;
}

int ast_channel_add_bridge_role(struct ast_channel *chan, const char *role_name)
{
	struct bridge_roles_datastore *roles;
	int result;

	if (!asterism_channel_record(chan, __func__) || !is_name(role_name)) {
		return -1;
	}
	ao2_lock(chan);
	roles = roles_of(chan, 1);
	result = find_role(roles, role_name) || add_role(roles, role_name) ? 0 : -1;
	ao2_unlock(chan);
	return result;
}

void ast_channel_remove_bridge_role(struct ast_channel *chan, const char *role_name)
{
	struct bridge_roles_datastore *roles;
	struct role *role;

	if (!asterism_channel_record(chan, __func__)) {
		return;
	}
	ao2_lock(chan);
	roles = roles_of(chan, 0);
	role = find_role(roles, role_name);
	if (role) {
		AST_LIST_REMOVE(roles, role, entry);
		free_role(role);
	}
	ao2_unlock(chan);
}

void ast_channel_clear_bridge_roles(struct ast_channel *chan)
{
	struct bridge_roles_datastore *roles;
	struct role *role;

	if (!asterism_channel_record(chan, __func__)) {
		return;
	}
	ao2_lock(chan);
	roles = roles_of(chan, 0);
	while (roles && (role = AST_LIST_REMOVE_HEAD(roles, entry))) {
		free_role(role);
	}
	ao2_unlock(chan);
}

int ast_channel_set_bridge_role_option(struct ast_channel *chan, const char *role_name, const char *option, const char *value)
{
	int result;

	if (!asterism_channel_record(chan, __func__) || !is_name(option) || strlen(S_OR(value, "")) >= AST_ROLE_LEN) {
		return -1;
	}
	ao2_lock(chan);
	result = set_option(find_role(roles_of(chan, 0), role_name), option, value);
	ao2_unlock(chan);
	return result;
}

int ast_channel_has_role(struct ast_channel *chan, const char *role_name)
{
	int result;

	if (!asterism_channel_record(chan, __func__)) {
		return 0;
	}
	ao2_lock(chan);
	result = find_role(roles_of(chan, 0), role_name) != NULL;
	ao2_unlock(chan);
	return result;
}

static const char *value_in(struct bridge_roles_datastore *roles, const char *role_name, const char *name)
{
	struct role *role = find_role(roles, role_name);
	const struct option *option = find_option(role, name);

	return option ? option->value : role ? "" : NULL;
}

const char *ast_channel_get_role_option(struct ast_channel *chan, const char *role_name, const char *option)
{
	const char *value;

	if (!asterism_channel_record(chan, __func__)) {
		return NULL;
	}
	ao2_lock(chan);
	value = value_in(roles_of(chan, 0), role_name, option);
	ao2_unlock(chan);
	return value;
}

int ast_bridge_channel_has_role(struct ast_bridge_channel *bridge_channel, const char *role_name)
{
	return bridge_channel && find_role(bridge_channel->bridge_roles, role_name) != NULL;
}

const char *ast_bridge_channel_get_role_option(struct ast_bridge_channel *bridge_channel, const char *role_name,
	const char *option)
{
	return bridge_channel ? value_in(bridge_channel->bridge_roles, role_name, option) : NULL;
}

static struct bridge_roles_datastore *copy_of(struct bridge_roles_datastore *roles)
{
	struct bridge_roles_datastore *copy = ast_calloc(1, sizeof(*copy));
	const struct role *role;
	const struct option *option;

	AST_LIST_TRAVERSE(roles, role, entry) {
		struct role *made = add_role(copy, role->name);

		AST_LIST_TRAVERSE(&role->options, option, entry) {
			set_option(made, option->name, option->value);
		}
	}
	return copy;
}

int ast_bridge_channel_establish_roles(struct ast_bridge_channel *bridge_channel)
{
	struct bridge_roles_datastore *roles;

	if (!bridge_channel || bridge_channel->bridge_roles) {
		return -1;
	}
	ao2_lock(bridge_channel->chan);
	roles = roles_of(bridge_channel->chan, 0);
	bridge_channel->bridge_roles = roles ? copy_of(roles) : NULL;
	ao2_unlock(bridge_channel->chan);
	return 0;
}

void ast_bridge_channel_clear_roles(struct ast_bridge_channel *bridge_channel)
{
	if (bridge_channel) {
		free_roles(bridge_channel->bridge_roles);
		bridge_channel->bridge_roles = NULL;
	}
}
