/*
 * Groups of channels (asterisk/app.h).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"

#include <regex.h>

#include "bus/stasis.h"

#include "channels/record.h"

#define LONGEST 80

static AST_RWLIST_HEAD_STATIC(groups, ast_group_info);

int ast_app_group_split_group(const char *data, char *group, int group_max, char *category, int category_max)
{
	const char *at = data ? strchr(data, '@') : NULL;
	int length = !data ? 0 : at ? (int) (at - data) : (int) strlen(data);

	if (group && group_max > 0) {
		snprintf(group, (size_t) group_max, "%.*s", length, S_OR(data, ""));
	}
	if (category && category_max > 0) {
		ast_copy_string(category, at ? at + 1 : "", (size_t) category_max);
	}
	return length ? 0 : -1;
}

static int has_category(const struct ast_group_info *one, const char *category)
{
	return !strcasecmp(S_OR(one->category, ""), S_OR(category, ""));
}

static void free_group(struct ast_group_info *one)
{
	free(one->group);
	free(one->category);
	free(one);
}

/* Takes a channel out of its groups in a category, or of all with NULL.  The list is locked. */
static void leave(const struct ast_channel *chan, const char *category)
{
	struct ast_group_info *one;

	AST_RWLIST_TRAVERSE_SAFE_BEGIN(&groups, one, group_list) {
		if (one->chan == chan && (!category || has_category(one, category))) {
			AST_RWLIST_REMOVE_CURRENT(group_list);
			free_group(one);
		}
	}
	AST_RWLIST_TRAVERSE_SAFE_END;
}

int ast_app_group_set_channel(struct ast_channel *chan, const char *data)
{
	char group[LONGEST], category[LONGEST];
	int is_out = ast_app_group_split_group(data, group, sizeof(group), category, sizeof(category));
	struct ast_group_info *added = is_out || !asterism_channel_record(chan, __func__) ? NULL : calloc(1, sizeof(*added));

	if (added) {
		*added = (struct ast_group_info) {
			.chan = chan, .group = strdup(group), .category = *category ? strdup(category) : NULL,
		};
	}
	AST_RWLIST_WRLOCK(&groups);
	leave(chan, category);
	if (added) {
		AST_RWLIST_INSERT_TAIL(&groups, added, group_list);
	}
	AST_RWLIST_UNLOCK(&groups);
	return added ? 0 : -1;
}

int ast_app_group_discard(struct ast_channel *chan)
{
	AST_RWLIST_WRLOCK(&groups);
	leave(chan, NULL);
	AST_RWLIST_UNLOCK(&groups);
	return 0;
}

int ast_app_group_update(struct ast_channel *oldchan, struct ast_channel *newchan)
{
	struct ast_group_info *one;

	AST_RWLIST_WRLOCK(&groups);
	leave(newchan, NULL);
	AST_RWLIST_TRAVERSE(&groups, one, group_list) {
		one->chan = one->chan == oldchan ? newchan : one->chan;
	}
	AST_RWLIST_UNLOCK(&groups);
	return 0;
}

int ast_app_group_get_count(const char *group, const char *category)
{
	const struct ast_group_info *one;
	int count = 0;

	if (ast_strlen_zero(group)) {
		return 0;
	}
	AST_RWLIST_RDLOCK(&groups);
	AST_RWLIST_TRAVERSE(&groups, one, group_list) {
		count += !strcasecmp(one->group, group) && has_category(one, category);
	}
	AST_RWLIST_UNLOCK(&groups);
	return count;
}

static int compiled(regex_t *expression, const char *text)
{
	if (regcomp(expression, text, REG_EXTENDED | REG_NOSUB)) {
		ast_log(LOG_WARNING, "'%s' is not a regular expression\n", text);
		return -1;
	}
	return 0;
}

static int matches(const regex_t *expression, const char *text)
{
	return !regexec(expression, text, 0, NULL, 0);
}

int ast_app_group_match_get_count(const char *groupmatch, const char *category)
{
	const struct ast_group_info *one;
	regex_t names, categories;
	int count = 0;

	if (ast_strlen_zero(groupmatch) || compiled(&names, groupmatch)) {
		return 0;
	}
	if (!ast_strlen_zero(category) && compiled(&categories, category)) {
		regfree(&names);
		return 0;
	}
	AST_RWLIST_RDLOCK(&groups);
	AST_RWLIST_TRAVERSE(&groups, one, group_list) {
		count += matches(&names, one->group)
			&& (ast_strlen_zero(category) || (one->category && matches(&categories, one->category)));
	}
	AST_RWLIST_UNLOCK(&groups);
	regfree(&names);
	if (!ast_strlen_zero(category)) {
		regfree(&categories);
	}
	return count;
}

struct ast_group_info *ast_app_group_list_head(void)
{
	return AST_RWLIST_FIRST(&groups);
}

int ast_app_group_list_rdlock(void)
{
	return AST_RWLIST_RDLOCK(&groups);
}

int ast_app_group_list_wrlock(void)
{
	return AST_RWLIST_WRLOCK(&groups);
}

int ast_app_group_list_unlock(void)
{
	return AST_RWLIST_UNLOCK(&groups);
}

/* ---- topics of queues ---- */

struct stasis_topic *ast_queue_topic_all(void)
{
	static struct stasis_topic *kept;

	return asterism_stasis_kept_topic(&kept, "queue:all");
}

struct stasis_topic *ast_queue_topic(const char *queuename)
{
	static struct stasis_topic_pool *pool;
	static pthread_mutex_t making = PTHREAD_MUTEX_INITIALIZER;

	pthread_mutex_lock(&making);
	pool = pool ? pool : stasis_topic_pool_create(ast_queue_topic_all());
	pthread_mutex_unlock(&making);
	return pool && queuename ? stasis_topic_pool_get_topic(pool, queuename) : NULL;
}
