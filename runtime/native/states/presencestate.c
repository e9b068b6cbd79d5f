/*
 * The presence of people (asterisk/presencestate.h).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "providers.h"

#include "asterisk/astobj2.h"
#include "asterisk/presencestate.h"
#include "bus/stasis.h"

static const char * const names[] = {
	[AST_PRESENCE_NOT_SET] = "not_set",
	[AST_PRESENCE_UNAVAILABLE] = "unavailable",
	[AST_PRESENCE_AVAILABLE] = "available",
	[AST_PRESENCE_AWAY] = "away",
	[AST_PRESENCE_XA] = "xa",
	[AST_PRESENCE_CHAT] = "chat",
	[AST_PRESENCE_DND] = "dnd",
};

const char *ast_presence_state2str(enum ast_presence_state state)
{
	return (unsigned int) state < ARRAY_LEN(names) ? names[state] : "";
}

enum ast_presence_state ast_presence_state_val(const char *val)
{
	unsigned int state;

	for (state = 0; val && state < ARRAY_LEN(names); state++) {
		if (!strcasecmp(val, names[state])) {
			return (enum ast_presence_state) state;
		}
	}
	return AST_PRESENCE_INVALID;
}

static struct asterism_providers providers = ASTERISM_PROVIDERS("presence state provider");

int ast_presence_state_prov_add(const char *label, ast_presence_state_prov_cb_type callback)
{
	return asterism_provider_add(&providers, label, (void (*)(void)) callback);
}

int ast_presence_state_prov_del(const char *label)
{
	return asterism_provider_remove(&providers, label);
}

enum ast_presence_state ast_presence_state_nocache(const char *presence_provider, char **subtype, char **message)
{
	enum ast_presence_state state = AST_PRESENCE_INVALID;
	char *label = presence_provider ? strdup(presence_provider) : NULL, *data = label ? strchr(label, ':') : NULL;
	struct asterism_provider *provider;

	*subtype = *message = NULL;
	if (data) {
		*data++ = '\0';
		provider = asterism_provider_lock(&providers, label);
		if (provider) {
			state = ((ast_presence_state_prov_cb_type) (void *) provider->callback)(data, subtype, message);
		}
		asterism_provider_unlock(&providers);
	}
	free(label);
	return state;
}

enum ast_presence_state ast_presence_state(const char *presence_provider, char **subtype, char **message)
{
	return ast_presence_state_nocache(presence_provider, subtype, message);
}

int asterism_presence(const char *provider, char **subtype, char **message)
{
	enum ast_presence_state state;

	*subtype = *message = NULL;
	state = ast_presence_state(provider, subtype, message);
	return (unsigned int) state <= AST_PRESENCE_INVALID ? (int) state : AST_PRESENCE_INVALID;
}

/* ---- messages ---- */

static struct stasis_topic *topic;
static struct stasis_message_type *message_type;

static struct ast_manager_event_blob *to_ami(struct stasis_message *message)
{
	struct ast_presence_state_message *told = stasis_message_data(message);

	return ast_manager_event_blob_create(EVENT_FLAG_CALL, "PresenceStateChange",
		"Presentity: %s\r\nStatus: %s\r\nSubtype: %s\r\nMessage: %s\r\n", told->provider,
		ast_presence_state2str(told->state), told->subtype, told->message);
}

static void make(void)
{
	static struct stasis_message_vtable vtable = { .to_ami = to_ami };

	topic = stasis_topic_create("presence_state:all");
	message_type = asterism_stasis_core_type("ast_presence_state_message_type", &vtable);
	stasis_forward_all(topic, ast_manager_get_topic());
}

static pthread_once_t made = PTHREAD_ONCE_INIT;

struct stasis_topic *ast_presence_state_topic_all(void)
{
	pthread_once(&made, make);
	return topic;
}

struct stasis_message_type *ast_presence_state_message_type(void)
{
	pthread_once(&made, make);
	return message_type;
}

static const char *provider_of(struct stasis_message *message)
{
	const struct ast_presence_state_message *told = stasis_message_type(message) == ast_presence_state_message_type()
		? stasis_message_data(message) : NULL;

	return told ? told->provider : NULL;
}

static struct stasis_cache *cache;
static struct stasis_caching_topic *cached;
static pthread_once_t caching = PTHREAD_ONCE_INIT;

static void begin_caching(void)
{
	struct asterism_mark mark;

	asterism_enter(&mark, AST_MODULE, "the cache of presence");
	cache = stasis_cache_create(provider_of);
	cached = cache ? stasis_caching_topic_create(ast_presence_state_topic_all(), cache) : NULL;
	asterism_leave(&mark);
}

struct stasis_cache *ast_presence_state_cache(void)
{
	pthread_once(&caching, begin_caching);
	return cache;
}

struct stasis_topic *ast_presence_state_topic_cached(void)
{
	pthread_once(&caching, begin_caching);
	return stasis_caching_get_topic(cached);
}

static void free_data(void *object)
{
	ast_string_field_free_memory((struct ast_presence_state_message *) object);
}

static int publish(enum ast_presence_state state, const char *subtype, const char *message, const char *provider)
{
	struct ast_presence_state_message *told = ao2_alloc_options(sizeof(*told), free_data, AO2_ALLOC_OPT_LOCK_NOLOCK);
	struct stasis_message *made_message = NULL;

	if (told && !ast_string_field_init(told, 256)) {
		told->state = state;
		ast_string_field_set(told, provider, provider);
		ast_string_field_set(told, subtype, S_OR(subtype, ""));
		ast_string_field_set(told, message, S_OR(message, ""));
		made_message = stasis_message_create(ast_presence_state_message_type(), told);
	}
	if (made_message) {
		stasis_publish(ast_presence_state_topic_all(), made_message);
	}
	ao2_cleanup(told);
	ao2_cleanup(made_message);
	return made_message ? 0 : -1;
}

int ast_presence_state_changed_literal(enum ast_presence_state state, const char *subtype, const char *message,
	const char *presence_provider)
{
	char *own_subtype = NULL, *own_message = NULL;
	int result;

	if (ast_strlen_zero(presence_provider)) {
		return -1;
	}
	if (state == AST_PRESENCE_NOT_SET) {
		state = ast_presence_state_nocache(presence_provider, &own_subtype, &own_message);
		subtype = own_subtype;
		message = own_message;
	}
	result = state == AST_PRESENCE_INVALID ? -1 : publish(state, subtype, message, presence_provider);
	free(own_subtype);
	free(own_message);
	return result;
}

int ast_presence_state_changed(enum ast_presence_state state, const char *subtype, const char *message, const char *fmt, ...)
{
	struct asterism_place place = { "ast_presence_state_changed", 0, "ast_presence_state_changed" };
	char room[256], *allocated = NULL, *provider;
	va_list ap;
	int result;

	va_start(ap, fmt);
	provider = asterism_format(room, sizeof(room), &allocated, &place, fmt, ap);
	va_end(ap);
	result = ast_presence_state_changed_literal(state, subtype, message, provider);
	free(allocated);
	return result;
}
