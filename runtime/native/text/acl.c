/*
 * Access control lists (asterisk/acl.h).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include "asterisk/acl.h"

/* ---- addresses as bytes ---- */

/* The bytes of an address, 4 or 16, or none. */
static unsigned char *bytes_of(struct ast_sockaddr *addr, int *count)
{
	*count = addr->ss.ss_family == AF_INET ? 4 : addr->ss.ss_family == AF_INET6 ? 16 : 0;
	return addr->ss.ss_family == AF_INET ? (unsigned char *) &((struct sockaddr_in *) &addr->ss)->sin_addr
		: (unsigned char *) &((struct sockaddr_in6 *) &addr->ss)->sin6_addr;
}

/* Clears the bits of an address that its mask does not have. */
static void apply_mask(struct ast_sockaddr *addr, const struct ast_sockaddr *netmask)
{
	struct ast_sockaddr mask = *netmask;
	int i, count, other;
	unsigned char *bytes = bytes_of(addr, &count), *bits = bytes_of(&mask, &other);

	for (i = 0; i < count && count == other; i++) {
		bytes[i] &= bits[i];
	}
}

/* A mask of the first bits, of the family of an address: 0, or -1 when there are not so many. */
static int mask_of_bits(const struct ast_sockaddr *addr, int bits, struct ast_sockaddr *mask)
{
	int i, count;
	unsigned char *bytes;

	*mask = *addr;
	bytes = bytes_of(mask, &count);
	if (bits < 0 || bits > count * 8) {
		return -1;
	}
	for (i = 0; i < count; i++) {
		int left = bits - i * 8;

		bytes[i] = (unsigned char) (left >= 8 ? 0xFF : left <= 0 ? 0 : 0xFF << (8 - left));
	}
	return 0;
}

static int read_mask(const char *text, const struct ast_sockaddr *addr, struct ast_sockaddr *mask)
{
	char *end;
	long bits;

	if (strpbrk(text, ".:")) {
		return ast_sockaddr_parse(mask, text, PARSE_PORT_FORBID) && mask->ss.ss_family == addr->ss.ss_family ? 0 : -1;
	}
	bits = strtol(text, &end, 10);
	return *text && !*end && bits >= 0 && bits <= 128 ? mask_of_bits(addr, (int) bits, mask) : -1;
}

/* The bits of a mask, or -1 when ones stand behind a zero. */
static int bits_of(const struct ast_sockaddr *netmask)
{
	struct ast_sockaddr mask = *netmask, same;
	int i, count, bits = 0;
	unsigned char *bytes = bytes_of(&mask, &count);

	for (i = 0; i < count; i++) {
		bits += __builtin_popcount(bytes[i]);
	}
	return !mask_of_bits(&mask, bits, &same) && !ast_sockaddr_cmp_addr(&mask, &same) ? bits : -1;
}

/* ---- lines ---- */

void ast_free_ha(struct ast_ha *ha)
{
	struct ast_ha *next;

	for (; ha; ha = next) {
		next = ha->next;
		ast_free(ha);
	}
}

void ast_copy_ha(const struct ast_ha *from, struct ast_ha *to)
{
	to->addr = from->addr;
	to->netmask = from->netmask;
	to->sense = from->sense;
}

struct ast_ha *ast_duplicate_ha_list(struct ast_ha *original)
{
	struct ast_ha *first = NULL, **end = &first;

	for (; original; original = original->next) {
		*end = ast_calloc(1, sizeof(**end));
		if (!*end) {
			ast_free_ha(first);
			return NULL;
		}
		ast_copy_ha(original, *end);
		end = &(*end)->next;
	}
	return first;
}

/* Reads one address with its mask into a line: 0, or -1. */
static int read_line(char *text, struct ast_ha *line, int with_port)
{
	char *mask = strchr(text, '/');
	struct ast_sockaddr whole;

	if (mask) {
		*mask++ = '\0';
	}
	if (!ast_sockaddr_parse(&whole, text, with_port ? 0 : PARSE_PORT_FORBID)) {
		return -1;
	}
	if (!ast_sockaddr_ipv4_mapped(&whole, &line->addr)) {
		line->addr = whole;
	}
	if (mask ? read_mask(mask, &line->addr, &line->netmask)
		: mask_of_bits(&line->addr, line->addr.ss.ss_family == AF_INET ? 32 : 128, &line->netmask)) {
		return -1;
	}
	apply_mask(&line->addr, &line->netmask);
	return 0;
}

static struct ast_ha *append(const char *sense, const char *stuff, struct ast_ha *path, int *error, int with_port)
{
	int allows = sense && !strncasecmp(sense, "p", 1);
	char *copy = ast_strdup(S_OR(stuff, "")), *rest = copy, *text;
	struct ast_ha *first = path, **end = &first;

	while (*end) {
		end = &(*end)->next;
	}
	while ((text = strsep(&rest, ","))) {
		int is_opposite;
		struct ast_ha *line = ast_calloc(1, sizeof(*line));

		text = ast_strip(text);
		is_opposite = *text == '!';
		if (!line || read_line(ast_skip_blanks(text + is_opposite), line, with_port)) {
			ast_log(LOG_WARNING, "'%s' is not an address with a mask\n", stuff ? stuff : "");
			ast_free(line);
			if (error) {
				*error = 1;
			}
			break;
		}
		line->sense = allows != is_opposite ? AST_SENSE_ALLOW : AST_SENSE_DENY;
		*end = line;
		end = &line->next;
	}
	ast_free(copy);
	return first;
}

struct ast_ha *ast_append_ha(const char *sense, const char *stuff, struct ast_ha *path, int *error)
{
	return append(sense, stuff, path, error, 0);
}

struct ast_ha *ast_append_ha_with_port(const char *sense, const char *stuff, struct ast_ha *path, int *error)
{
	return append(sense, stuff, path, error, 1);
}

static int fits(const struct ast_ha *line, const struct ast_sockaddr *addr)
{
	struct ast_sockaddr masked = *addr;

	if (ast_sockaddr_is_ipv4_mapped(addr)) {
		ast_sockaddr_ipv4_mapped(addr, &masked);
	}
	if (masked.ss.ss_family != line->addr.ss.ss_family) {
		return 0;
	}
	apply_mask(&masked, &line->netmask);
	return !ast_sockaddr_cmp_addr(&masked, &line->addr)
		&& (!ast_sockaddr_port(&line->addr) || ast_sockaddr_port(&line->addr) == ast_sockaddr_port(addr));
}

enum ast_acl_sense ast_apply_ha(const struct ast_ha *ha, const struct ast_sockaddr *addr)
{
	enum ast_acl_sense sense = AST_SENSE_ALLOW;

	for (; ha && addr; ha = ha->next) {
		if (fits(ha, addr)) {
			sense = ha->sense;
		}
	}
	return sense;
}

static void join(const struct ast_ha *ha, struct ast_str **buf, int as_bits)
{
	for (; ha; ha = ha->next) {
		const char *sign = ha->sense == AST_SENSE_ALLOW ? "!" : "";
		int bits = as_bits ? bits_of(&ha->netmask) : -1;

		ast_str_append(buf, 0, "%s%s/", sign, ast_sockaddr_stringify_addr(&ha->addr));
		if (bits >= 0) {
			ast_str_append(buf, 0, "%d", bits);
		} else {
			ast_str_append(buf, 0, "%s", ast_sockaddr_stringify_addr(&ha->netmask));
		}
		ast_str_append(buf, 0, "%s", ha->next ? "," : "");
	}
}

void ast_ha_join(const struct ast_ha *ha, struct ast_str **buf)
{
	join(ha, buf, 0);
}

void ast_ha_join_cidr(const struct ast_ha *ha, struct ast_str **buf)
{
	join(ha, buf, 1);
}

void ast_ha_output(int fd, const struct ast_ha *ha, const char *prefix)
{
	int number;

	for (number = 0; ha; ha = ha->next, number++) {
		ast_cli(fd, "%s%3d: %s - %s/", S_OR(prefix, ""), number, ha->sense == AST_SENSE_ALLOW ? "allow" : " deny",
			ast_sockaddr_stringify_addr(&ha->addr));
		ast_cli(fd, "%s\n", ast_sockaddr_stringify_addr(&ha->netmask));
	}
}

/* ---- lists ---- */

struct ast_acl_list *ast_free_acl_list(struct ast_acl_list *acl)
{
	struct ast_acl *one;

	if (!acl) {
		return NULL;
	}
	AST_LIST_LOCK(acl);
	while ((one = AST_LIST_REMOVE_HEAD(acl, list))) {
		ast_free_ha(one->acl);
		ast_free(one);
	}
	AST_LIST_UNLOCK(acl);
	AST_LIST_HEAD_DESTROY(acl);
	ast_free(acl);
	return NULL;
}

static struct ast_acl *new_acl(const char *name)
{
	struct ast_acl *made = ast_calloc(1, sizeof(*made));

	if (made) {
		ast_copy_string(made->name, name, sizeof(made->name));
	}
	return made;
}

static struct ast_acl_list *new_list(void)
{
	struct ast_acl_list *made = ast_calloc(1, sizeof(*made));

	if (made) {
		AST_LIST_HEAD_INIT(made);
	}
	return made;
}

struct ast_acl_list *ast_duplicate_acl_list(struct ast_acl_list *original)
{
	struct ast_acl_list *copy = original ? new_list() : NULL;
	struct ast_acl *one, *made;

	if (!copy) {
		return NULL;
	}
	AST_LIST_LOCK(original);
	AST_LIST_TRAVERSE(original, one, list) {
		made = new_acl(one->name);
		if (made) {
			made->acl = ast_duplicate_ha_list(one->acl);
			made->is_invalid = one->is_invalid || (one->acl && !made->acl);
			made->is_realtime = one->is_realtime;
			AST_LIST_INSERT_TAIL(copy, made, list);
		}
	}
	AST_LIST_UNLOCK(original);
	return copy;
}

/* The list of a name, which is made when it is not there. */
static struct ast_acl *named(struct ast_acl_list *all, const char *name)
{
	struct ast_acl *one;

	AST_LIST_TRAVERSE(all, one, list) {
		if (!strcasecmp(one->name, name)) {
			return one;
		}
	}
	one = new_acl(name);
	if (one && *name) {
		AST_LIST_INSERT_TAIL(all, one, list);
	} else if (one) {
		AST_LIST_INSERT_HEAD(all, one, list);
	}
	return one;
}

static void add_names(struct ast_acl_list *all, const char *names)
{
	char *copy = ast_strdup(names), *rest = copy, *name;
	struct ast_acl *one;

	while ((name = strsep(&rest, ","))) {
		name = ast_strip(name);
		one = *name ? named(all, name) : NULL;
		if (one && !one->is_invalid) {
			ast_log(LOG_WARNING, "there is no access control list '%s': it denies every address\n", name);
			one->is_invalid = 1;
		}
	}
	ast_free(copy);
}

void ast_append_acl(const char *sense, const char *stuff, struct ast_acl_list **path, int *error, int *named_acl_flag)
{
	struct ast_acl *own;
	int failed = 0;

	if (!*path && !(*path = new_list())) {
		failed = 1;
	} else if (sense && !strncasecmp(sense, "a", 1)) {
		AST_LIST_LOCK(*path);
		add_names(*path, S_OR(stuff, ""));
		AST_LIST_UNLOCK(*path);
		if (named_acl_flag) {
			*named_acl_flag = 1;
		}
	} else {
		AST_LIST_LOCK(*path);
		own = named(*path, "");
		failed = !own;
		if (own) {
			own->acl = ast_append_ha(sense, stuff, own->acl, &failed);
		}
		AST_LIST_UNLOCK(*path);
	}
	if (failed && error) {
		*error = 1;
	}
}

int ast_acl_list_is_empty(struct ast_acl_list *acl_list)
{
	return !acl_list || !AST_LIST_FIRST(acl_list);
}

static enum ast_acl_sense apply(struct ast_acl_list *all, const struct ast_sockaddr *addr, const char *purpose, int log)
{
	enum ast_acl_sense sense = AST_SENSE_ALLOW;
	struct ast_acl *one;

	if (!all) {
		return AST_SENSE_ALLOW;
	}
	AST_LIST_LOCK(all);
	AST_LIST_TRAVERSE(all, one, list) {
		if (one->is_invalid || ast_apply_ha(one->acl, addr) != AST_SENSE_ALLOW) {
			sense = AST_SENSE_DENY;
			break;
		}
	}
	AST_LIST_UNLOCK(all);
	if (sense == AST_SENSE_DENY && log) {
		ast_log(LOG_NOTICE, "%sthe access control list denies %s\n", S_OR(purpose, ""),
			addr ? ast_sockaddr_stringify(addr) : "an unknown address");
	}
	return sense;
}

enum ast_acl_sense ast_apply_acl(struct ast_acl_list *acl_list, const struct ast_sockaddr *addr, const char *purpose)
{
	return apply(acl_list, addr, purpose, 1);
}

enum ast_acl_sense ast_apply_acl_nolog(struct ast_acl_list *acl_list, const struct ast_sockaddr *addr)
{
	return apply(acl_list, addr, NULL, 0);
}

void ast_acl_output(int fd, struct ast_acl_list *acl, const char *prefix)
{
	struct ast_acl *one;

	if (!acl) {
		return;
	}
	AST_LIST_LOCK(acl);
	AST_LIST_TRAVERSE(acl, one, list) {
		ast_cli(fd, "%sACL: %s%s\n", S_OR(prefix, ""), S_OR(one->name, "(unnamed)"), one->is_invalid ? " (denies all)" : "");
		ast_ha_output(fd, one->acl, prefix);
	}
	AST_LIST_UNLOCK(acl);
}

/* ---- quality of service ---- */

static const struct {
	const char *name;
	unsigned int value;
} services[] = {
	{ "CS0", 0x00 }, { "CS1", 0x20 }, { "AF11", 0x28 }, { "AF12", 0x30 }, { "AF13", 0x38 }, { "CS2", 0x40 },
	{ "AF21", 0x48 }, { "AF22", 0x50 }, { "AF23", 0x58 }, { "CS3", 0x60 }, { "AF31", 0x68 }, { "AF32", 0x70 },
	{ "AF33", 0x78 }, { "CS4", 0x80 }, { "AF41", 0x88 }, { "AF42", 0x90 }, { "AF43", 0x98 }, { "CS5", 0xA0 },
	{ "EF", 0xB8 }, { "CS6", 0xC0 }, { "CS7", 0xE0 },
};

static int number_up_to(const char *text, long most, unsigned int *number)
{
	char *end;
	long found = text ? strtol(text, &end, 0) : -1;

	if (!text || end == text || *end || found < 0 || found > most) {
		return -1;
	}
	*number = (unsigned int) found;
	return 0;
}

int ast_str2cos(const char *value, unsigned int *cos)
{
	return number_up_to(value, 7, cos);
}

int ast_str2tos(const char *value, unsigned int *tos)
{
	size_t i;

	for (i = 0; value && i < ARRAY_LEN(services); i++) {
		if (!strcasecmp(value, services[i].name)) {
			*tos = services[i].value;
			return 0;
		}
	}
	return number_up_to(value, 255, tos);
}

const char *ast_tos2str(unsigned int tos)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(services); i++) {
		if (services[i].value == tos) {
			return services[i].name;
		}
	}
	return "unknown";
}

/* ---- own addresses ---- */

int ast_ouraddrfor(const struct ast_sockaddr *them, struct ast_sockaddr *us)
{
	int port = ast_sockaddr_port(us), result = -1, fd;

	fd = ast_sockaddr_isnull(them) ? -1 : socket(them->ss.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0) {
		return -1;
	}
	us->len = sizeof(us->ss);
	if (!connect(fd, (const struct sockaddr *) &them->ss, them->len)
		&& !getsockname(fd, (struct sockaddr *) &us->ss, &us->len)) {
		ast_sockaddr_set_port(us, (uint16_t) port);
		result = 0;
	}
	close(fd);
	return result;
}
