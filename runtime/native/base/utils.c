/*
 * Files, machines, versions: small things that modules ask (asterisk/utils.h, network.h, ast_version.h).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"

#include <fcntl.h>

#include "asterisk/ast_version.h"
#include "asterisk/network.h"
#include "asterisk/poll-compat.h"
#include "asterisk/time.h"

/* ---- files ---- */

int __ast_fd_set_flags(int fd, int flags, enum ast_fd_flag_operation op, const char *file, int lineno, const char *function)
{
	int before = fcntl(fd, F_GETFL), after = op == AST_FD_FLAG_SET ? before | flags : before & ~flags;

	if (before >= 0 && (after == before || fcntl(fd, F_SETFL, after) >= 0)) {
		return 0;
	}
	ast_log(__LOG_ERROR, file, lineno, function, "cannot change the flags of descriptor %d: %s\n", fd, strerror(errno));
	return -1;
}

static int wait_for(int fd, short what, int ms)
{
	struct pollfd asked = { fd, what, 0 };

	return ast_poll(&asked, 1, ms);
}

int ast_wait_for_input(int fd, int ms)
{
	return wait_for(fd, POLLIN | POLLPRI, ms);
}

int ast_wait_for_output(int fd, int ms)
{
	return wait_for(fd, POLLOUT, ms);
}

int ast_carefulwrite(int fd, char *s, int len, int timeoutms)
{
	struct timeval start = ast_tvnow();

	while (len > 0) {
		ssize_t written = write(fd, s, (size_t) len);

		if (written < 0 && errno != EAGAIN && errno != EINTR) {
			return -1;
		}
		if (written > 0) {
			s += written;
			len -= (int) written;
		} else if (wait_for(fd, POLLOUT, ast_remaining_ms(start, timeoutms)) <= 0) {
			return -1;
		}
	}
	return 0;
}

/* ---- identity of the machine ---- */

/* The address of the first network interface that has one, but for the loopback: 0, or -1. */
static int hardware_address(struct ast_eid *eid)
{
	struct if_nameindex *all = if_nameindex();
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), found = 0, i;

	for (i = 0; all && fd >= 0 && !found && all[i].if_index; i++) {
		struct ifreq request = { 0 };

		ast_copy_string(request.ifr_name, all[i].if_name, sizeof(request.ifr_name));
		if (!ioctl(fd, SIOCGIFHWADDR, &request)) {
			memcpy(eid->eid, request.ifr_hwaddr.sa_data, sizeof(eid->eid));
			found = !ast_eid_is_empty(eid);
		}
	}
	if (all) {
		if_freenameindex(all);
	}
	if (fd >= 0) {
		close(fd);
	}
	return found ? 0 : -1;
}

void ast_set_default_eid(struct ast_eid *eid)
{
	if (hardware_address(eid)) {
		long random_bits = ast_random();

		memcpy(eid->eid, &random_bits, sizeof(eid->eid));
		eid->eid[0] = 0x02;	/* A locally administered address. */
	}
}

char *ast_eid_to_str(char *s, int maxlen, struct ast_eid *eid)
{
	const unsigned char *b = eid->eid;

	if (maxlen > 0) {
		s[0] = '\0';
	}
	if (maxlen >= (int) sizeof("00:00:00:00:00:00")) {
		snprintf(s, (size_t) maxlen, "%02x:%02x:%02x:%02x:%02x:%02x", b[0], b[1], b[2], b[3], b[4], b[5]);
	}
	return s;
}

int ast_str_to_eid(struct ast_eid *eid, const char *s)
{
	unsigned int b[6];
	int used = -1;
	size_t i;

	if (!s || sscanf(s, "%2x:%2x:%2x:%2x:%2x:%2x%n", &b[0], &b[1], &b[2], &b[3], &b[4], &b[5], &used) != 6 || s[used]) {
		return -1;
	}
	for (i = 0; i < ARRAY_LEN(b); i++) {
		eid->eid[i] = (unsigned char) b[i];
	}
	return 0;
}

int ast_eid_cmp(const struct ast_eid *eid1, const struct ast_eid *eid2)
{
	return memcmp(eid1, eid2, sizeof(*eid1));
}

int ast_eid_is_empty(const struct ast_eid *eid)
{
	static const struct ast_eid none;

	return !ast_eid_cmp(eid, &none);
}

const char *ast_inet_ntoa(struct in_addr ia)
{
	static __thread char room[INET_ADDRSTRLEN];

	return inet_ntop(AF_INET, &ia, room, sizeof(room));
}

/* ---- text ---- */

/* Copies a text with a backslash before each character that must have one; a pair that does not fit whole is left out. */
static char *escape(const char *string, char *outbuf, int buflen, int (*must)(unsigned char))
{
	char *out = outbuf, *end = outbuf ? outbuf + buflen - 1 : NULL;

	if (!string || !outbuf || buflen <= 0) {
		return outbuf;
	}
	for (; *string; string++) {
		int escaped = must((unsigned char) *string);

		if (end - out < 1 + escaped) {
			break;
		}
		if (escaped) {
			*out++ = '\\';
		}
		*out++ = *string;
	}
	*out = '\0';
	return outbuf;
}

static int is_unquotable(unsigned char c)
{
	return c == '"' || c == '\\' || c == 0x7f || (c < ' ' && c != '\t' && c != '\v');
}

static int is_semicolon(unsigned char c)
{
	return c == ';';
}

char *ast_escape_quoted(const char *string, char *outbuf, int buflen)
{
	return escape(string, outbuf, buflen, is_unquotable);
}

char *ast_escape_semicolons(const char *string, char *outbuf, int buflen)
{
	return escape(string, outbuf, buflen, is_semicolon);
}

static const char *entity_of(char character)
{
	switch (character) {
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '&':
		return "&amp;";
	case '"':
		return "&quot;";
	case '\'':
		return "&apos;";
	default:
		return NULL;
	}
}

int ast_xml_escape(const char *string, char *outbuf, size_t buflen)
{
	size_t used = 0, length;
	const char *entity;

	if (!string || !outbuf || !buflen) {
		return -1;
	}
	for (; *string; string++, used += length) {
		entity = entity_of(*string);
		length = entity ? strlen(entity) : 1;
		if (used + length >= buflen) {
			break;
		}
		memcpy(outbuf + used, entity ? entity : string, length);
	}
	outbuf[used] = '\0';
	return *string ? -1 : 0;
}

int ast_check_command_in_path(const char *cmd)
{
	const char *path = getenv("PATH");
	char *copy = ast_strlen_zero(cmd) || !path ? NULL : strdup(path), *rest = copy, *directory;
	char file[PATH_MAX];
	int found = 0;

	while (!found && (directory = strsep(&rest, ":"))) {
		snprintf(file, sizeof(file), "%s/%s", directory, cmd);
		found = !access(file, X_OK);
	}
	free(copy);
	return found;
}

void ast_replace_subargument_delimiter(char *s)
{
	for (; s && *s; s++) {
		*s = *s == '^' ? ',' : *s;
	}
}

/* ---- versions ---- */

static char version[32] = "";
static char version_number[16] = "0";

void asterism_set_version(const char *text)
{
	unsigned int major = 0, minor = 0, patch = 0;

	sscanf(text, "%u.%u.%u", &major, &minor, &patch);
	ast_copy_string(version, text, sizeof(version));
	snprintf(version_number, sizeof(version_number), "%u", major * 10000 + minor * 100 + patch);
}

const char *ast_get_version(void)
{
	return version;
}

const char *ast_get_version_num(void)
{
	return version_number;
}

const char *ast_get_build_opts(void)
{
	return AST_BUILDOPTS;
}
