/*
 * Subscriptions that call another function for each type (asterisk/stasis_message_router.h).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "stasis.h"

#include "asterisk/stasis_message_router.h"
#include "asterisk/vector.h"

struct route {
	struct stasis_message_type *type;	/* With a reference; NULL of the default. */
	int is_update;	/* For changes of a cache whose messages have this type. */
	stasis_subscription_cb callback;
	void *data;
};

/* The subscription holds the router until the last message; the module's pointer is valid as long. */
struct stasis_message_router {
	struct stasis_subscription *sub;
	AST_VECTOR(, struct route) routes;
	struct route otherwise;
};

static void drop_route(struct route route)
{
	ao2_cleanup(route.type);
}

static void free_router(void *object)
{
	struct stasis_message_router *router = object;

	AST_VECTOR_CALLBACK_VOID(&router->routes, drop_route);
	AST_VECTOR_FREE(&router->routes);
}

#define IS_SAME(route, wanted) ((route).type == (wanted).type && (route).is_update == (wanted).is_update)

/* Whether a route takes a message. */
static int takes(const struct route *route, struct stasis_message *message)
{
	struct stasis_message_type *type = stasis_message_type(message);

	if (!route->is_update) {
		return route->type == type;
	}
	return type == stasis_cache_update_type()
		&& ((struct stasis_cache_update *) stasis_message_data(message))->type == route->type;
}

/* The route of a message: a copy, since routes may change while its callback runs. */
static struct route find_route(struct stasis_message_router *router, struct stasis_message *message)
{
	struct route route;
	size_t i;

	ao2_lock(router);
	route = router->otherwise;
	for (i = 0; i < AST_VECTOR_SIZE(&router->routes); i++) {
		/* A change of a cache goes to the route of its type before the one of all changes. */
		if (!route.is_update && takes(AST_VECTOR_GET_ADDR(&router->routes, i), message)) {
			route = AST_VECTOR_GET(&router->routes, i);
		}
	}
	ao2_unlock(router);
	return route;
}

static void dispatch(void *data, struct stasis_subscription *sub, struct stasis_message *message)
{
	struct stasis_message_router *router = data;
	struct route route = find_route(router, message);

	if (route.callback) {
		route.callback(route.data, sub, message);
	}
	if (stasis_subscription_final_message(sub, message)) {
		ao2_ref(router, -1);
	}
}

static struct stasis_message_router *create(struct stasis_topic *topic, enum asterism_stasis_where where,
	const struct asterism_place *place)
{
	struct stasis_message_router *router = ao2_alloc(sizeof(*router), free_router);

	if (!router) {
		return NULL;
	}
	AST_VECTOR_INIT(&router->routes, 0);
	/* Only the last message is delivered until a route asks for more. */
	router->sub = asterism_stasis_subscribe(topic, dispatch, router, where, STASIS_SUBSCRIPTION_FILTER_SELECTIVE, place);
	if (!router->sub) {
		ao2_ref(router, -1);
		return NULL;
	}
	return router;
}

struct stasis_message_router *__stasis_message_router_create(struct stasis_topic *topic, const char *file, int lineno,
	const char *func)
{
	struct asterism_place place = { file, lineno, func };

	return create(topic, ASTERISM_STASIS_OWN_THREAD, &place);
}

struct stasis_message_router *__stasis_message_router_create_pool(struct stasis_topic *topic, const char *file,
	int lineno, const char *func)
{
	struct asterism_place place = { file, lineno, func };

	return create(topic, ASTERISM_STASIS_POOL, &place);
}

void stasis_message_router_unsubscribe(struct stasis_message_router *router)
{
	if (router) {
		stasis_unsubscribe(router->sub);
	}
}

void stasis_message_router_unsubscribe_and_join(struct stasis_message_router *router)
{
	if (router) {
		stasis_unsubscribe_and_join(router->sub);
	}
}

int stasis_message_router_is_done(struct stasis_message_router *router)
{
	return !router || stasis_subscription_is_done(router->sub);
}

void stasis_message_router_publish_sync(struct stasis_message_router *router, struct stasis_message *message)
{
	if (router) {
		stasis_publish_sync(router->sub, message);
	}
}

int stasis_message_router_set_congestion_limits(struct stasis_message_router *router, long low_water, long high_water)
{
	return router ? stasis_subscription_set_congestion_limits(router->sub, low_water, high_water) : -1;
}

static int add_route(struct stasis_message_router *router, const struct route *route)
{
	int failed;

	ao2_lock(router);
	failed = AST_VECTOR_GET_CMP(&router->routes, *route, IS_SAME) != NULL
		|| AST_VECTOR_APPEND(&router->routes, *route);
	ao2_unlock(router);
	return failed;
}

static int add(struct stasis_message_router *router, struct route route, struct stasis_message_type *accepted)
{
	if (!router || !route.type || !route.callback) {
		return -1;	/* A type that stasis.conf declines is NULL, which is not an error. */
	}
	ao2_ref(route.type, +1);
	if (add_route(router, &route)) {
		ao2_ref(route.type, -1);
		return -1;
	}
	return stasis_subscription_accept_message_type(router->sub, accepted);
}

int stasis_message_router_add(struct stasis_message_router *router, struct stasis_message_type *message_type,
	stasis_subscription_cb callback, void *data)
{
	return add(router, (struct route) { message_type, 0, callback, data }, message_type);
}

int stasis_message_router_add_cache_update(struct stasis_message_router *router,
	struct stasis_message_type *message_type, stasis_subscription_cb callback, void *data)
{
	struct route route = { message_type, 1, callback, data };
	int failed = add(router, route, stasis_cache_update_type());

	if (!failed) {
		stasis_subscription_set_filter(router->sub, STASIS_SUBSCRIPTION_FILTER_SELECTIVE);
	}
	return failed;
}

static void remove_route(struct stasis_message_router *router, struct route route)
{
	ao2_lock(router);
	AST_VECTOR_REMOVE_CMP_UNORDERED(&router->routes, route, IS_SAME, drop_route);
	ao2_unlock(router);
}

void stasis_message_router_remove(struct stasis_message_router *router, struct stasis_message_type *message_type)
{
	if (router && message_type) {
		remove_route(router, (struct route) { .type = message_type });
		stasis_subscription_decline_message_type(router->sub, message_type);
	}
}

void stasis_message_router_remove_cache_update(struct stasis_message_router *router,
	struct stasis_message_type *message_type)
{
	if (router && message_type) {
		remove_route(router, (struct route) { .type = message_type, .is_update = 1 });
	}
}

int stasis_message_router_set_default(struct stasis_message_router *router, stasis_subscription_cb callback, void *data)
{
	if (!router || !callback) {
		return -1;
	}
	stasis_message_router_set_formatters_default(router, callback, data, STASIS_SUBSCRIPTION_FORMATTER_NONE);
	return 0;
}

void stasis_message_router_set_formatters_default(struct stasis_message_router *router, stasis_subscription_cb callback,
	void *data, enum stasis_subscription_message_formatters formatters)
{
	if (!router) {
		return;
	}
	stasis_subscription_accept_formatters(router->sub, formatters);
	ao2_lock(router);
	router->otherwise = (struct route) { NULL, 0, callback, data };
	ao2_unlock(router);
	if (formatters == STASIS_SUBSCRIPTION_FORMATTER_NONE) {
		stasis_subscription_set_filter(router->sub, STASIS_SUBSCRIPTION_FILTER_FORCED_NONE);
	}
}

void stasis_message_router_accept_formatters(struct stasis_message_router *router,
	enum stasis_subscription_message_formatters formatters)
{
	if (router) {
		stasis_subscription_accept_formatters(router->sub, formatters);
	}
}
