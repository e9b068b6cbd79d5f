/*
 * Counts logins and refusals: the security events of all services, by service and event type and, if enabled in
 * auth_stats.conf, by address.  The counts are sent to a statsd server (res_statsd), and `auth stats show`
 * shows them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/*** MODULEINFO
	<use type="module">res_statsd</use>
	<support_level>extended</support_level>
 ***/

#include "asterisk.h"

#include "asterisk/module.h"
#include "asterisk/astobj2.h"
#include "asterisk/cli.h"
#include "asterisk/config.h"
#include "asterisk/conversions.h"
#include "asterisk/json.h"
#include "asterisk/security_events.h"
#include "asterisk/stasis.h"
#include "asterisk/statsd.h"
#include "asterisk/strings.h"

#define OTHERS "others"	/* The name for all addresses beyond the limit. */

struct settings {
	int per_address;
	int most_addresses;
	char prefix[64];
};

static AO2_GLOBAL_OBJ_STATIC(settings);

/* A count: key is "SERVICE KIND" or "SERVICE ADDRESS". */
struct tally {
	long count;	/* Changed atomically, as is the next. */
	time_t last;
	char key[];
};

static struct ao2_container *by_kind, *by_address;

static struct stasis_subscription *sub;

/* ---- counting ---- */

static int order(const void *left, const void *right, int flags)
{
	const char *key = (flags & OBJ_SEARCH_MASK) == OBJ_SEARCH_KEY ? right : ((const struct tally *) right)->key;

	return strcmp(((const struct tally *) left)->key, key);
}

static struct tally *new_tally(const char *key)
{
	size_t size = strlen(key) + 1;
	struct tally *tally = ao2_alloc_options(sizeof(*tally) + size, NULL, AO2_ALLOC_OPT_LOCK_NOLOCK);

	if (tally) {
		memcpy(tally->key, key, size);
	}
	return tally;
}

/*
 * Counts a key: 1, or 0 for a new key when the number of keys has reached most.  Only the callback of the subscription
 * adds keys, so a key that is not found does not exist.
 */
static int count_key(struct ao2_container *tallies, const char *key, int most)
{
	struct tally *tally = ao2_find(tallies, key, OBJ_SEARCH_KEY);

	if (!tally && ao2_container_count(tallies) < most) {
		tally = new_tally(key);
		if (tally) {
			ao2_link(tallies, tally);
		}
	}
	if (!tally) {
		return 0;
	}
	__atomic_add_fetch(&tally->count, 1, __ATOMIC_RELAXED);
	__atomic_store_n(&tally->last, time(NULL), __ATOMIC_RELAXED);
	ao2_ref(tally, -1);
	return 1;
}

/* The address in "IPV4/UDP/192.0.2.1/5060"; NULL without an address. */
static char *address_of(char *room, size_t size, const char *text)
{
	char *port, *address;

	ast_copy_string(room, S_OR(text, ""), size);
	port = strrchr(room, '/');
	if (!port) {
		return NULL;
	}
	*port = '\0';
	address = strrchr(room, '/');
	return address ? address + 1 : NULL;
}

/* A name for statsd, without dots, which separate the parts of a name. */
static char *undotted(char *text)
{
	char *at;

	for (at = text; *at; at++) {
		if (*at == '.' || *at == ' ') {
			*at = '_';
		}
	}
	return text;
}

static int is_refusal(enum ast_security_event_type type)
{
	return type != AST_SECURITY_EVENT_SUCCESSFUL_AUTH && type != AST_SECURITY_EVENT_CHAL_SENT;
}

static void count_address(const struct settings *set, const char *service, struct ast_json *event)
{
	char room[128], key[256];
	char *address = address_of(room, sizeof(room), ast_json_object_string_get(event, "RemoteAddress"));

	if (!address) {
		return;
	}
	snprintf(key, sizeof(key), "%s %s", service, address);
	if (!count_key(by_address, key, set->most_addresses)) {
		snprintf(key, sizeof(key), "%s %s", service, OTHERS);
		count_key(by_address, key, INT_MAX);
		address = ast_strdupa(OTHERS);
	}
	ast_statsd_log_full_va("%s.%s.address.%s", AST_STATSD_COUNTER, 1, 1.0, set->prefix, service, undotted(address));
}

static void count_event(const struct settings *set, enum ast_security_event_type type, struct ast_json *event)
{
	const char *kind = ast_security_event_get_name(type), *given = ast_json_object_string_get(event, "Service");
	char service[64], key[128];

	if (!kind || ast_strlen_zero(given)) {
		return;
	}
	ast_copy_string(service, given, sizeof(service));
	undotted(ast_str_to_lower(service));
	snprintf(key, sizeof(key), "%s %s", service, kind);
	count_key(by_kind, key, INT_MAX);
	ast_statsd_log_full_va("%s.%s.%s", AST_STATSD_COUNTER, 1, 1.0, set->prefix, service, kind);
	if (set->per_address && is_refusal(type)) {
		count_address(set, service, event);
	}
}

static void on_event(void *data, struct stasis_subscription *self, struct stasis_message *message)
{
	struct ast_json_payload *payload = stasis_message_data(message);
	struct settings *set;

	(void) data;
	(void) self;
	if (stasis_message_type(message) != ast_security_event_type()) {
		return;	/* The start or the end of a subscription. */
	}
	set = ao2_global_obj_ref(settings);
	if (set) {
		count_event(set, (enum ast_security_event_type) ast_json_object_integer_get(payload->json, "SecurityEvent"),
			payload->json);
		ao2_ref(set, -1);
	}
}

/* ---- showing ---- */

static void show(int fd, struct ao2_container *tallies, const char *what)
{
	struct ao2_iterator at = ao2_iterator_init(tallies, 0);
	struct tally *tally;

	ast_cli(fd, "%-16s %-40s %8s  %s\n", "Service", what, "Count", "Last");
	while ((tally = ao2_iterator_next(&at))) {
		size_t service = strcspn(tally->key, " ");
		time_t last = __atomic_load_n(&tally->last, __ATOMIC_RELAXED);
		char when[32] = "";
		struct tm tm;

		strftime(when, sizeof(when), "%Y-%m-%d %H:%M:%S", localtime_r(&last, &tm));
		ast_cli(fd, "%-16.*s %-40s %8ld  %s\n", (int) service, tally->key, tally->key + service + 1,
			__atomic_load_n(&tally->count, __ATOMIC_RELAXED), when);
		ao2_ref(tally, -1);
	}
	ao2_iterator_destroy(&at);
}

static char *cli_show(struct ast_cli_entry *e, int cmd, struct ast_cli_args *a)
{
	struct settings *set;

	switch (cmd) {
	case CLI_INIT:
		e->command = "auth stats show";
		e->usage =
			"Usage: auth stats show\n"
			"       Shows how often each service accepted or refused a client, by the type of the\n"
			"       security event and, if per_address is set in auth_stats.conf, by address.\n";
		return NULL;
	case CLI_GENERATE:
		return NULL;
	}
	if (a->argc != e->args) {
		return CLI_SHOWUSAGE;
	}
	show(a->fd, by_kind, "Event");
	set = ao2_global_obj_ref(settings);
	if (set && set->per_address) {
		ast_cli(a->fd, "\n");
		show(a->fd, by_address, "Refused address");
	}
	ao2_cleanup(set);
	return CLI_SUCCESS;
}

static char *cli_reset(struct ast_cli_entry *e, int cmd, struct ast_cli_args *a)
{
	int count;

	switch (cmd) {
	case CLI_INIT:
		e->command = "auth stats reset";
		e->usage =
			"Usage: auth stats reset\n"
			"       Resets all counts to zero.\n";
		return NULL;
	case CLI_GENERATE:
		return NULL;
	}
	if (a->argc != e->args) {
		return CLI_SHOWUSAGE;
	}
	count = ao2_container_count(by_kind) + ao2_container_count(by_address);
	ao2_callback(by_kind, OBJ_UNLINK | OBJ_NODATA | OBJ_MULTIPLE, NULL, NULL);
	ao2_callback(by_address, OBJ_UNLINK | OBJ_NODATA | OBJ_MULTIPLE, NULL, NULL);
	ast_cli(a->fd, "%d counts reset.\n", count);
	return CLI_SUCCESS;
}

static struct ast_cli_entry commands[] = {
	AST_CLI_DEFINE(cli_show, "Show counts of security events"),
	AST_CLI_DEFINE(cli_reset, "Reset the counts of security events"),
};

/* ---- configuration ---- */

/* Reads the settings of a file: 0, or -1, which is logged. */
static int read_settings(struct settings *set, struct ast_config *cfg)
{
	const char *per_address = ast_variable_retrieve(cfg, "general", "per_address");
	const char *addresses = ast_variable_retrieve(cfg, "general", "addresses");

	set->per_address = ast_true(per_address);
	ast_copy_string(set->prefix, S_OR(ast_variable_retrieve(cfg, "general", "prefix"), "security"), sizeof(set->prefix));
	if (!ast_strlen_zero(addresses) && (ast_str_to_int(addresses, &set->most_addresses) || set->most_addresses < 0)) {
		ast_log(LOG_ERROR, "auth_stats.conf: addresses = '%s' is not a number of addresses\n", addresses);
		return -1;
	}
	return 0;
}

static int configure(int is_reload)
{
	struct ast_flags flags = { is_reload ? CONFIG_FLAG_FILEUNCHANGED : 0 };
	struct ast_config *cfg = ast_config_load("auth_stats.conf", flags);
	struct settings *set;
	int failed = 0;

	if (cfg == CONFIG_STATUS_FILEUNCHANGED) {
		return 0;
	}
	set = cfg == CONFIG_STATUS_FILEINVALID ? NULL : ao2_alloc_options(sizeof(*set), NULL, AO2_ALLOC_OPT_LOCK_NOLOCK);
	if (!set) {
		return -1;
	}
	set->most_addresses = 1000;
	ast_copy_string(set->prefix, "security", sizeof(set->prefix));
	if (cfg) {
		failed = read_settings(set, cfg);
		ast_config_destroy(cfg);
	}
	if (!failed) {
		ao2_global_obj_replace_unref(settings, set);
	}
	ao2_ref(set, -1);
	return failed;
}

static int reload_module(void)
{
	return configure(1);
}

static struct ao2_container *new_tallies(void)
{
	return ao2_container_alloc_rbtree(AO2_ALLOC_OPT_LOCK_MUTEX, 0, order, NULL);
}

static int unload_module(void)
{
	ast_cli_unregister_multiple(commands, ARRAY_LEN(commands));
	sub = stasis_unsubscribe_and_join(sub);
	ao2_cleanup(by_kind);
	ao2_cleanup(by_address);
	by_kind = by_address = NULL;
	ao2_global_obj_release(settings);
	return 0;
}

static int load_module(void)
{
	by_kind = new_tallies();
	by_address = new_tallies();
	if (configure(0) || !by_kind || !by_address) {
		unload_module();
		return AST_MODULE_LOAD_DECLINE;
	}
	sub = stasis_subscribe_pool(ast_security_topic(), on_event, NULL);
	if (!sub || ast_cli_register_multiple(commands, ARRAY_LEN(commands))) {
		unload_module();
		return AST_MODULE_LOAD_DECLINE;
	}
	stasis_subscription_accept_message_type(sub, ast_security_event_type());
	stasis_subscription_set_filter(sub, STASIS_SUBSCRIPTION_FILTER_SELECTIVE);
	return AST_MODULE_LOAD_SUCCESS;
}

AST_MODULE_INFO(ASTERISK_GPL_KEY, AST_MODFLAG_LOAD_ORDER, "Counts of security events",
	.support_level = AST_MODULE_SUPPORT_EXTENDED,
	.load = load_module,
	.unload = unload_module,
	.reload = reload_module,
	.load_pri = AST_MODPRI_DEFAULT,
	.optional_modules = "res_statsd",
);
