/*
 * Sends the metrics of other modules (asterisk/statsd.h) over UDP to the statsd server in statsd.conf.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/*** MODULEINFO
	<support_level>extended</support_level>
 ***/

#include "asterisk.h"

#include <unistd.h>

#include "asterisk/module.h"
#include "asterisk/astobj2.h"
#include "asterisk/config.h"
#include "asterisk/network.h"
#include "asterisk/netsock2.h"
#include "asterisk/strings.h"
#include "asterisk/threadstorage.h"
#include "asterisk/utils.h"

#define AST_API_MODULE
#include "asterisk/statsd.h"

#define DEFAULT_PORT "8125"

/* The settings of statsd.conf and the socket: replaced as a whole, so that a reload does not disturb senders. */
struct client {
	int fd;
	struct ast_sockaddr server;
	int add_newline;
	int meter_support;
	char prefix[];
};

/* NULL while sending is disabled. */
static AO2_GLOBAL_OBJ_STATIC(current);

AST_THREADSTORAGE(message_room);
AST_THREADSTORAGE(name_room);

/* ---- sending ---- */

static int is_chosen(double sample_rate)
{
	return sample_rate >= 1.0 || (sample_rate > 0.0 && ast_random_double() < sample_rate);
}

/* Appends a name without characters that would end it. */
static void append_name(struct ast_str **message, const char *name)
{
	size_t start = ast_str_strlen(*message);
	char *at;

	ast_str_append(message, 0, "%s", name);
	for (at = ast_str_buffer(*message) + start; *at; at++) {
		if (strchr(":|@\r\n", *at)) {
			*at = '_';
		}
	}
}

static void send_value(const struct client *client, const char *name, const char *type, const char *value,
	double sample_rate)
{
	struct ast_str *message = ast_str_thread_get(&message_room, 128);
	int is_renamed = !strcmp(type, AST_STATSD_METER) && !client->meter_support;

	if (!message) {
		return;
	}
	ast_str_reset(message);
	append_name(&message, client->prefix);
	append_name(&message, name);
	ast_str_append(&message, 0, "%s:%s|%s", is_renamed ? "_meter" : "", value, is_renamed ? AST_STATSD_COUNTER : type);
	if (sample_rate < 1.0) {
		ast_str_append(&message, 0, "|@%.2f", sample_rate);
	}
	if (client->add_newline) {
		ast_str_append(&message, 0, "\n");
	}
	/* A metric that cannot be sent is dropped. */
	if (sendto(client->fd, ast_str_buffer(message), ast_str_strlen(message), MSG_DONTWAIT | MSG_NOSIGNAL,
		(const struct sockaddr *) &client->server.ss, client->server.len) < 0) {
		ast_debug(1, "cannot send a metric to %s: %s\n", ast_sockaddr_stringify(&client->server), strerror(errno));
	}
}

void AST_OPTIONAL_API_NAME(ast_statsd_log_string)(const char *metric_name, const char *metric_type, const char *value,
	double sample_rate)
{
	struct client *client = is_chosen(sample_rate) ? ao2_global_obj_ref(current) : NULL;

	if (client && metric_name && metric_type && value) {
		send_value(client, metric_name, metric_type, value, sample_rate);
	}
	ao2_cleanup(client);
}

void AST_OPTIONAL_API_NAME(ast_statsd_log_full)(const char *metric_name, const char *metric_type, intmax_t value,
	double sample_rate)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRIdMAX, value);
	ast_statsd_log_string(metric_name, metric_type, text, sample_rate);
}

void AST_OPTIONAL_API_NAME(ast_statsd_log)(const char *metric_name, const char *metric_type, intmax_t value)
{
	ast_statsd_log_full(metric_name, metric_type, value, 1.0);
}

void AST_OPTIONAL_API_NAME(ast_statsd_log_sample)(const char *metric_name, intmax_t value, double sample_rate)
{
	ast_statsd_log_full(metric_name, AST_STATSD_COUNTER, value, sample_rate);
}

void AST_OPTIONAL_API_NAME(ast_statsd_log_string_va)(const char *metric_name, const char *metric_type, const char *value,
	double sample_rate, ...)
{
	struct ast_str *name = ast_str_thread_get(&name_room, 128);
	va_list ap;

	va_start(ap, sample_rate);
	if (name && ast_str_set_va(&name, 0, metric_name, ap) >= 0) {
		ast_statsd_log_string(ast_str_buffer(name), metric_type, value, sample_rate);
	}
	va_end(ap);
}

void AST_OPTIONAL_API_NAME(ast_statsd_log_full_va)(const char *metric_name, const char *metric_type, intmax_t value,
	double sample_rate, ...)
{
	struct ast_str *name = ast_str_thread_get(&name_room, 128);
	va_list ap;

	va_start(ap, sample_rate);
	if (name && ast_str_set_va(&name, 0, metric_name, ap) >= 0) {
		ast_statsd_log_full(ast_str_buffer(name), metric_type, value, sample_rate);
	}
	va_end(ap);
}

/* ---- configuration ---- */

static void close_client(void *object)
{
	struct client *client = object;

	if (client->fd >= 0) {
		close(client->fd);
	}
}

/* Resolves "HOST[:PORT]": 0, or -1, which is logged. */
static int find_server(struct ast_sockaddr *server, const char *text)
{
	struct addrinfo hints = { .ai_socktype = SOCK_DGRAM }, *found;
	char *copy = ast_strdupa(text), *host, *port;
	int error;

	if (!ast_sockaddr_split_hostport(copy, &host, &port, 0)) {
		return -1;
	}
	error = getaddrinfo(host, S_OR(port, DEFAULT_PORT), &hints, &found);
	if (error) {
		ast_log(LOG_ERROR, "statsd.conf: cannot resolve the server '%s': %s\n", text, gai_strerror(error));
		return -1;
	}
	ast_sockaddr_setnull(server);
	memcpy(&server->ss, found->ai_addr, found->ai_addrlen);
	server->len = found->ai_addrlen;
	freeaddrinfo(found);
	return 0;
}

/* A client with its socket; or NULL, which is logged. */
static struct client *new_client(const char *server, const char *prefix)
{
	size_t size = strlen(prefix) + sizeof(".");
	struct client *client = ao2_alloc_options(sizeof(*client) + size, close_client, AO2_ALLOC_OPT_LOCK_NOLOCK);

	if (!client) {
		return NULL;
	}
	client->fd = -1;
	snprintf(client->prefix, size, "%s%s", prefix, ast_strlen_zero(prefix) ? "" : ".");
	if (!find_server(&client->server, server)) {
		client->fd = socket(client->server.ss.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
		if (client->fd < 0) {
			ast_log(LOG_ERROR, "cannot open a socket for the statsd server: %s\n", strerror(errno));
		}
	}
	if (client->fd < 0) {
		ao2_ref(client, -1);
		return NULL;
	}
	return client;
}

static int is_yes(const struct ast_config *cfg, const char *name, int otherwise)
{
	const char *value = ast_variable_retrieve((struct ast_config *) cfg, "general", name);

	return ast_strlen_zero(value) ? otherwise : ast_true(value);
}

static const char *text_of(struct ast_config *cfg, const char *name, const char *otherwise)
{
	return S_OR(ast_variable_retrieve(cfg, "general", name), otherwise);
}

/* Applies the settings of a file: 0, or -1 without a change. */
static int apply(struct ast_config *cfg)
{
	struct client *client = NULL;

	if (is_yes(cfg, "enabled", 0)) {
		client = new_client(text_of(cfg, "server", "127.0.0.1"), text_of(cfg, "prefix", ""));
		if (!client) {
			return -1;
		}
		client->add_newline = is_yes(cfg, "add_newline", 0);
		client->meter_support = is_yes(cfg, "meter_support", 1);
		ast_verb(2, "sending metrics to the statsd server %s\n", ast_sockaddr_stringify(&client->server));
	}
	ao2_global_obj_replace_unref(current, client);
	ao2_cleanup(client);
	return 0;
}

static int configure(int is_reload)
{
	struct ast_flags flags = { is_reload ? CONFIG_FLAG_FILEUNCHANGED : 0 };
	struct ast_config *cfg = ast_config_load("statsd.conf", flags);
	int failed;

	if (cfg == CONFIG_STATUS_FILEUNCHANGED) {
		return 0;
	}
	if (cfg == CONFIG_STATUS_FILEINVALID) {
		return -1;
	}
	if (!cfg) {
		/* Without a file, sending is disabled. */
		ao2_global_obj_release(current);
		return 0;
	}
	failed = apply(cfg);
	ast_config_destroy(cfg);
	return failed;
}

static int reload_module(void)
{
	return configure(1);
}

static int unload_module(void)
{
	ao2_global_obj_release(current);
	return 0;
}

static int load_module(void)
{
	return configure(0) ? AST_MODULE_LOAD_DECLINE : AST_MODULE_LOAD_SUCCESS;
}

AST_MODULE_INFO(ASTERISK_GPL_KEY, AST_MODFLAG_GLOBAL_SYMBOLS | AST_MODFLAG_LOAD_ORDER, "Metrics for a statsd server",
	.support_level = AST_MODULE_SUPPORT_EXTENDED,
	.load = load_module,
	.unload = unload_module,
	.reload = reload_module,
	.load_pri = AST_MODPRI_CORE,
);
