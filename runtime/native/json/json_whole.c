/*
 * JSON: comparing and copying whole values, and the objects that many places need (asterisk/json.h).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "json.h"

#include "asterisk/astobj2.h"

static int equal(const struct ast_json *a, const struct ast_json *b, int depth);

static int equal_containers(const struct ast_json *a, const struct ast_json *b, int depth)
{
	const struct body *left = a->body, *right = b->body;
	const struct member *member, *other;
	size_t i;

	if (left->size != right->size || depth >= JSON_DEEPEST) {
		return 0;
	}
	for (i = 0; left->items && i < left->size; i++) {
		if (!equal(left->items[i], right->items[i], depth + 1)) {
			return 0;
		}
	}
	for (member = left->first; member; member = member->next) {
		other = asterism_json_member(right, member->key);
		if (!other || !equal(member->value, other->value, depth + 1)) {
			return 0;
		}
	}
	return 1;
}

static int equal(const struct ast_json *a, const struct ast_json *b, int depth)
{
	if (!a || !b || a->type != b->type) {
		return 0;
	}
	switch (a->type) {
	case AST_JSON_OBJECT:
	case AST_JSON_ARRAY:
		return a == b || equal_containers(a, b, depth);
	case AST_JSON_STRING:
		return !strcmp(a->text, b->text);
	case AST_JSON_INTEGER:
		return a->integer == b->integer;
	case AST_JSON_REAL:
		return a->real == b->real;
	default:
		return 1;
	}
}

int ast_json_equal(const struct ast_json *lhs, const struct ast_json *rhs)
{
	return equal(lhs, rhs, 0);
}

static struct ast_json *copy(const struct ast_json *value, int depth);

/* A copy of an entry, or a reference to it below the wanted depth. */
static struct ast_json *entry(struct ast_json *value, int depth)
{
	return depth ? copy(value, depth) : ast_json_ref(value);
}

static struct ast_json *copy_container(const struct ast_json *value, int depth)
{
	struct ast_json *made = asterism_json_container(value->type);
	const struct member *member;
	size_t i;
	int failed = !made;

	for (i = 0; !failed && value->body->items && i < value->body->size; i++) {
		failed = ast_json_array_append(made, entry(value->body->items[i], depth - 1));
	}
	for (member = value->body->first; !failed && member; member = member->next) {
		failed = ast_json_object_set(made, member->key, entry(member->value, depth - 1));
	}
	if (failed) {
		ast_json_unref(made);
		return NULL;
	}
	return made;
}

/* depth: the number of levels of containers to copy. */
static struct ast_json *copy(const struct ast_json *value, int depth)
{
	switch (ast_json_typeof(value)) {
	case AST_JSON_OBJECT:
	case AST_JSON_ARRAY:
		return copy_container(value, depth);
	case AST_JSON_STRING:
		return ast_json_string_create(value->text);
	case AST_JSON_INTEGER:
		return ast_json_integer_create(value->integer);
	case AST_JSON_REAL:
		return ast_json_real_create(value->real);
	default:
		return (struct ast_json *) value;	/* NULL, or one of those that are always the same. */
	}
}

struct ast_json *ast_json_copy(const struct ast_json *value)
{
	return copy(value, 1);
}

static int is_deeper(const struct ast_json *value, int depth)
{
	const struct body *body = ast_json_is_array(value) || ast_json_is_object(value) ? value->body : NULL;
	const struct member *member = body ? body->first : NULL;
	size_t i;

	if (!body || !depth) {
		return body != NULL;
	}
	for (i = 0; body->items && i < body->size; i++) {
		if (is_deeper(body->items[i], depth - 1)) {
			return 1;
		}
	}
	for (; member; member = member->next) {
		if (is_deeper(member->value, depth - 1)) {
			return 1;
		}
	}
	return 0;
}

struct ast_json *ast_json_deep_copy(const struct ast_json *value)
{
	if (is_deeper(value, JSON_DEEPEST)) {
		ast_log(LOG_WARNING, "cannot copy JSON that is nested more than %d levels deep\n", JSON_DEEPEST);
		return NULL;
	}
	return copy(value, JSON_DEEPEST + 1);
}

/* ---- common objects ---- */

struct ast_json *ast_json_name_number(const char *name, const char *number)
{
	return ast_json_pack("{s: s, s: s}", "name", AST_JSON_UTF8_VALIDATE(name), "number", AST_JSON_UTF8_VALIDATE(number));
}

struct ast_json *ast_json_timeval(const struct timeval tv, const char *zone)
{
	char day[40], offset[8];
	struct tm tm;

	if (zone) {
		char text[64];
		__typeof__(asterism_table.asterism_zone_text) zone_text = asterism_table.asterism_zone_text;

		return zone_text && !zone_text((long) tv.tv_sec, (int) tv.tv_usec, zone, text, sizeof(text))
			? ast_json_string_create(text) : NULL;
	}
	if (!localtime_r(&tv.tv_sec, &tm) || !strftime(day, sizeof(day), "%Y-%m-%dT%H:%M:%S", &tm)
		|| !strftime(offset, sizeof(offset), "%z", &tm)) {
		return NULL;
	}
	return ast_json_stringf("%s.%03d%s", day, (int) (tv.tv_usec / 1000), offset);
}

struct ast_json *ast_json_ipaddr(const struct ast_sockaddr *addr, enum ast_transport transport_type)
{
	const char *transport = ast_transport2str(transport_type), *family;
	char host[AST_SOCKADDR_BUFLEN];

	if (ast_sockaddr_isnull(addr)) {
		return NULL;
	}
	family = ast_sockaddr_is_ipv4(addr) || ast_sockaddr_is_ipv4_mapped(addr) ? "IPV4" : "IPV6";
	ast_copy_string(host, ast_sockaddr_stringify_addr(addr), sizeof(host));
	/* A set of several transports is shown as none. */
	if (!strcmp(transport, "Undefined")) {
		return ast_json_stringf("%s/%s/%s", family, host, ast_sockaddr_stringify_port(addr));
	}
	return ast_json_stringf("%s/%s/%s/%s", family, transport, host, ast_sockaddr_stringify_port(addr));
}

struct ast_json *ast_json_dialplan_cep_app(const char *context, const char *exten, int priority, const char *app_name,
	const char *app_data)
{
	return ast_json_pack("{s: s?, s: s?, s: o, s: s?, s: s?}", "context", context, "exten", exten,
		"priority", priority == -1 ? ast_json_null() : ast_json_integer_create(priority),
		"app_name", app_name, "app_data", app_data);
}

struct ast_json *ast_json_dialplan_cep(const char *context, const char *exten, int priority)
{
	return ast_json_dialplan_cep_app(context, exten, priority, "", "");
}

static void free_payload(void *data)
{
	ast_json_unref(((struct ast_json_payload *) data)->json);
}

struct ast_json_payload *ast_json_payload_create(struct ast_json *json)
{
	struct ast_json_payload *payload = ao2_alloc(sizeof(*payload), free_payload);

	if (payload) {
		payload->json = ast_json_ref(json);
	}
	return payload;
}

/* ---- variables ---- */

static struct ast_variable *forget(struct ast_variable **variables)
{
	ast_variables_destroy(*variables);
	return *variables = NULL;
}

enum ast_json_to_ast_vars_code ast_json_to_ast_variables(struct ast_json *json_variables,
	struct ast_variable **variables)
{
	struct body *body = asterism_json_body(json_variables, AST_JSON_OBJECT);
	struct ast_variable *tail = NULL, *made;
	struct member *member;

	*variables = NULL;
	for (member = body ? body->first : NULL; member; member = member->next) {
		if (!member->key[0]) {
			continue;
		}
		if (member->value->type != AST_JSON_STRING) {
			forget(variables);
			return AST_JSON_TO_AST_VARS_CODE_INVALID_TYPE;
		}
		made = ast_variable_new(member->key, member->value->text, "");
		if (!made) {
			forget(variables);
			return AST_JSON_TO_AST_VARS_CODE_OOM;
		}
		tail = ast_variable_list_append_hint(variables, tail, made);
	}
	return AST_JSON_TO_AST_VARS_CODE_SUCCESS;
}

enum ast_json_nvp_ast_vars_code ast_json_nvp_array_to_ast_variables(struct ast_json *json_array,
	struct ast_variable **variables)
{
	size_t i, count = ast_json_array_size(json_array);
	struct ast_variable *tail = NULL, *made;

	*variables = NULL;
	for (i = 0; i < count; i++) {
		struct ast_json *pair = ast_json_array_get(json_array, i);
		const char *name = ast_json_object_string_get(pair, "name"), *value = ast_json_object_string_get(pair, "value");

		if (!name || !value) {
			forget(variables);
			return AST_JSON_NVP_AST_VARS_CODE_INVALID_TYPE;
		}
		made = ast_variable_new(name, value, "");
		if (!made) {
			forget(variables);
			return AST_JSON_NVP_AST_VARS_CODE_OOM;
		}
		tail = ast_variable_list_append_hint(variables, tail, made);
	}
	return count ? AST_JSON_NVP_AST_VARS_CODE_SUCCESS : AST_JSON_NVP_AST_VARS_CODE_NO_INPUT;
}

struct ast_json *ast_variables_to_json_nvp_array(struct ast_variable *variables)
{
	struct ast_json *array = variables ? ast_json_array_create() : NULL;

	for (; array && variables; variables = variables->next) {
		if (ast_json_array_append(array, ast_json_pack("{s: s, s: s}", "name", variables->name, "value",
			variables->value))) {
			ast_json_unref(array);
			return NULL;
		}
	}
	return array;
}

static int is_among(const char *name, const char *names)
{
	size_t length = strlen(name), next;

	for (; names && *names; names += next + (names[next] == ',')) {
		next = strcspn(names, ",");
		if (next == length && !strncmp(names, name, length)) {
			return 1;
		}
	}
	return 0;
}

struct ast_json *ast_json_object_create_vars(const struct ast_variable *variables, const char *excludes)
{
	struct ast_json *object = ast_json_object_create();

	for (; object && variables; variables = variables->next) {
		if (!is_among(variables->name, excludes)) {
			ast_json_object_set(object, variables->name, ast_json_string_create(variables->value));
		}
	}
	return object;
}

struct ast_json *ast_json_channel_vars(struct varshead *channelvars)
{
	struct ast_json *object = ast_json_object_create();
	struct ast_var_t *variable;

	if (object && channelvars) {
		AST_LIST_TRAVERSE(channelvars, variable, entries) {
			ast_json_object_set(object, variable->name, ast_json_string_create(variable->value));
		}
	}
	return object;
}
