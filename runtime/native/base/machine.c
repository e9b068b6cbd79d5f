/*
 * The order of bytes, the priority of the process, directories, packets of sockets (asterisk/compat.h, utils.h).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"

#include <endian.h>
#include <netinet/ip.h>
#include <sched.h>

uint64_t ntohll(uint64_t net64)
{
	return be64toh(net64);
}

uint64_t htonll(uint64_t host64)
{
	return htobe64(host64);
}

int ast_set_priority(int pri)
{
	struct sched_param wanted = { .sched_priority = pri ? 10 : 0 };

	return sched_setscheduler(0, pri ? SCHED_RR : SCHED_OTHER, &wanted) && pri ? -1 : 0;
}

/* The deepest directory of a path that exists, its links followed, for free(); the path is cut there. */
static char *existing_part(char *path)
{
	char *found, *slash;

	while (!(found = realpath(path, NULL)) && (slash = strrchr(path, '/')) && slash != path) {
		*slash = '\0';
	}
	return found;
}

int ast_safe_mkdir(const char *base_path, const char *path, int mode)
{
	char whole[PATH_MAX], cut[PATH_MAX], *base, *part;
	int inside;
	size_t length;

	if (!base_path || !path || strstr(path, "..")) {
		return base_path && path ? EPERM : EFAULT;
	}
	base = realpath(base_path, NULL);
	if (!base) {
		return errno;
	}
	length = strlen(base);
	snprintf(whole, sizeof(whole), *path == '/' ? "%.0s%s" : "%s/%s", base, path);
	ast_copy_string(cut, whole, sizeof(cut));
	part = existing_part(cut);
	inside = part && !strncmp(part, base, length) && (!part[length] || part[length] == '/');
	free(part);
	free(base);
	return inside ? ast_mkdir(whole, mode) : EPERM;
}

void ast_enable_packet_fragmentation(int sock)
{
#ifdef IP_MTU_DISCOVER
	int never = IP_PMTUDISC_DONT;

	if (setsockopt(sock, IPPROTO_IP, IP_MTU_DISCOVER, &never, sizeof(never))) {
		ast_log(LOG_WARNING, "cannot let packets be fragmented: %s\n", strerror(errno));
	}
#else
	(void) sock;
#endif
}
