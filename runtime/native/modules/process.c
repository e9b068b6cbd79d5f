/*
 * The state of the process that a module's callback must preserve: users and groups, signals, the working directory,
 * the umask, limits, the environment, and the descriptors of the program.
 *
 * The state is recorded before a callback and compared after it; changes are undone as far as the system allows.  A
 * child process that returns from the callback which forked it is ended, so that it does not become a second server.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"

#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>

extern char **environ;

/*
 * Signals that the program handles or ignores, and SIGCHLD, whose change would lose the end of its child processes.
 * Only the first QUICK_SIGNALS are compared while many modules start: code that changes others usually changes these.
 */
#define QUICK_SIGNALS 5
#define QUICK_LIMITS 1
static const struct {
	int number;
	const char *name;
} signals[] = {
	{ SIGHUP, "SIGHUP" }, { SIGINT, "SIGINT" }, { SIGTERM, "SIGTERM" }, { SIGCHLD, "SIGCHLD" }, { SIGSEGV, "SIGSEGV" },
	{ SIGUSR1, "SIGUSR1" }, { SIGPIPE, "SIGPIPE" }, { SIGBUS, "SIGBUS" }, { SIGFPE, "SIGFPE" }, { SIGILL, "SIGILL" },
	{ SIGABRT, "SIGABRT" }, { SIGTRAP, "SIGTRAP" }, { SIGSYS, "SIGSYS" },
};

static const struct {
	int number;
	const char *name;
} limits[] = {
	{ RLIMIT_NOFILE, "RLIMIT_NOFILE" }, { RLIMIT_FSIZE, "RLIMIT_FSIZE" }, { RLIMIT_AS, "RLIMIT_AS" },
	{ RLIMIT_NPROC, "RLIMIT_NPROC" },
};

struct ids {
	uid_t user, effective_user, saved_user;
	gid_t group, effective_group, saved_group;
};

struct asterism_process {
	struct ids ids;
	sigset_t blocked;	/* Of this thread. */
	struct sigaction actions[ARRAY_LEN(signals)];
	struct rlimit limits[ARRAY_LEN(limits)];
	mode_t umask;
	int variables;		/* The number of environment variables. */
	char directory[PATH_MAX];	/* Empty when the system does not say. */
};

/* ---- what was found ---- */

/* Lines of text in a room of the caller's; what does not fit is left out. */
struct findings {
	char *room;
	size_t size, used;
	enum asterism_process_change worst;
};

static void is_worse(struct findings *findings, enum asterism_process_change change)
{
	if (change > findings->worst) {
		findings->worst = change;
	}
}

static void __attribute__((format(printf, 3, 4))) found(struct findings *findings, int is_mended, const char *fmt, ...)
{
	size_t left = findings->size - findings->used;
	va_list ap;
	int length;

	is_worse(findings, is_mended ? ASTERISM_PROCESS_MENDED : ASTERISM_PROCESS_CHANGED);
	va_start(ap, fmt);
	length = vsnprintf(findings->room + findings->used, left, fmt, ap);
	va_end(ap);
	if (length > 0 && (size_t) length + 1 < left) {
		findings->used += (size_t) length;
		findings->room[findings->used++] = '\n';
	}
	findings->room[findings->used] = '\0';
}

/* ---- the descriptors of the program ---- */

struct own {
	int fd;
	int spare;	/* A duplicate, to put the descriptor back from. */
	int flags;
	dev_t device;
	ino_t inode;
	struct own *next;
};
static struct own *owned;	/* Changed by the thread that calls modules only. */

/* Spare descriptors have numbers above those that a loop over all small numbers closes. */
#define SPARES 400

static int is_same(const struct own *own, int fd)
{
	struct stat status;

	return fd >= 0 && !fstat(fd, &status) && status.st_dev == own->device && status.st_ino == own->inode;
}

/* Connections come and go with their clients, and log files are opened again: both change often. */
static int is_lasting(int fd, const struct stat *status)
{
	int listening = 0, flags = fcntl(fd, F_GETFL);
	socklen_t size = sizeof(listening);

	if (fd <= STDERR_FILENO) {
		return 1;
	}
	if (S_ISSOCK(status->st_mode)) {
		return !getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listening, &size) && listening;
	}
	return flags >= 0 && !(flags & O_APPEND);
}

static void keep(int fd, const struct stat *status)
{
	struct own *own = calloc(1, sizeof(*own));

	if (!own) {
		return;
	}
	own->fd = fd;
	own->flags = fcntl(fd, F_GETFD);
	own->device = status->st_dev;
	own->inode = status->st_ino;
	own->spare = fcntl(fd, F_DUPFD_CLOEXEC, SPARES);
	own->next = owned;
	owned = own;
}

void asterism_process_own(int fd)
{
	struct stat status;

	if (!fstat(fd, &status) && is_lasting(fd, &status)) {
		keep(fd, &status);
	}
}

void asterism_process_lend(int fd)
{
	struct stat status;

	if (!fstat(fd, &status)) {
		keep(fd, &status);
	}
}

static void drop(struct own *own)
{
	if (is_same(own, own->spare)) {
		close(own->spare);
	}
	free(own);
}

void asterism_process_take_back(int fd)
{
	struct own **at = &owned, *own;

	while ((own = *at) && own->fd != fd) {
		at = &own->next;
	}
	if (own) {
		*at = own->next;
		drop(own);
	}
}

/* Forgets descriptors that the program itself has closed or opened again, or all. */
static void forget(int all)
{
	struct own **at = &owned, *own;

	while ((own = *at)) {
		if (!all && is_same(own, own->fd)) {
			at = &own->next;
			continue;
		}
		*at = own->next;
		drop(own);
	}
}

void asterism_process_refresh(void)
{
	forget(0);
}

void asterism_process_disown(void)
{
	forget(1);
}

/* Whether all descriptors are still open, with a single call. */
static int are_all_open(void)
{
	struct pollfd asked[64];
	nfds_t count = 0, i;
	const struct own *own;

	for (own = owned; own && count < ARRAY_LEN(asked); own = own->next) {
		asked[count++] = (struct pollfd) { .fd = own->fd };
	}
	if (poll(asked, count, 0) < 0) {
		return 0;
	}
	for (i = 0; i < count; i++) {
		if (asked[i].revents & POLLNVAL) {
			return 0;
		}
	}
	return !own;
}

static int put_back(const struct own *own)
{
	return is_same(own, own->spare) && dup3(own->spare, own->fd, own->flags & FD_CLOEXEC ? O_CLOEXEC : 0) >= 0;
}

/* Occupies the number of a lost descriptor, so that it is not reused while the program stops. */
static void fill(const struct own *own)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (null >= 0 && null != own->fd) {
		dup3(null, own->fd, O_CLOEXEC);
		close(null);
	}
}

static void compare_descriptors(struct findings *findings)
{
	int lost = 0, mended = 0;
	struct own *own;

	if (are_all_open()) {
		return;
	}
	for (own = owned; own; own = own->next) {
		if (!is_same(own, own->fd)) {
			if (put_back(own)) {
				mended++;
			} else {
				fill(own);
				lost += own->fd > STDERR_FILENO;
			}
		}
	}
	if (mended) {
		found(findings, 1, "it closed %d descriptor%s of the program", mended, mended == 1 ? "" : "s");
	}
	if (lost) {
		found(findings, 0, "it closed %d descriptor%s of the program", lost, lost == 1 ? "" : "s");
		is_worse(findings, ASTERISM_PROCESS_RUINED);
		forget(1);
	}
}

/* ---- everything else ---- */

static void read_ids(struct ids *ids)
{
	getresuid(&ids->user, &ids->effective_user, &ids->saved_user);
	getresgid(&ids->group, &ids->effective_group, &ids->saved_group);
}

static void compare_ids(const struct asterism_process *before, struct findings *findings)
{
	const struct ids *then = &before->ids;
	struct ids now;

	read_ids(&now);
	if (!memcmp(&now, then, sizeof(now))) {
		return;
	}
	if (!setresuid(then->user, then->effective_user, then->saved_user)
		&& !setresgid(then->group, then->effective_group, then->saved_group)) {
		found(findings, 1, "it changed the user or the group of the process");
		return;
	}
	found(findings, 0, "it changed the user of the process from %u to %u, the group from %u to %u",
		(unsigned int) then->effective_user, (unsigned int) now.effective_user, (unsigned int) then->effective_group,
		(unsigned int) now.effective_group);
	is_worse(findings, ASTERISM_PROCESS_RUINED);
}

static void compare_mask(const struct asterism_process *before, struct findings *findings)
{
	sigset_t now;
	int i;

	pthread_sigmask(SIG_SETMASK, NULL, &now);
	for (i = 1; i < NSIG; i++) {
		if (sigismember(&now, i) != sigismember(&before->blocked, i)) {
			found(findings, !pthread_sigmask(SIG_SETMASK, &before->blocked, NULL), "it changed which signals are blocked");
			return;
		}
	}
}

static int is_same_action(const struct sigaction *one, const struct sigaction *other)
{
	return one->sa_flags & SA_SIGINFO ? one->sa_sigaction == other->sa_sigaction : one->sa_handler == other->sa_handler;
}

static void compare_actions(const struct asterism_process *before, int is_thorough, struct findings *findings)
{
	char names[256] = "";
	int is_mended = 1;
	size_t i, used = 0;

	for (i = 0; i < ARRAY_LEN(signals) && (i < QUICK_SIGNALS || is_thorough || used); i++) {
		struct sigaction now;

		if (sigaction(signals[i].number, NULL, &now) || is_same_action(&before->actions[i], &now)) {
			continue;
		}
		is_mended &= !sigaction(signals[i].number, &before->actions[i], NULL);
		used += (size_t) snprintf(names + used, sizeof(names) - used, "%s%s", used ? ", " : "", signals[i].name);
	}
	if (used) {
		found(findings, is_mended, "it changed what happens on %s", names);
	}
}

static void compare_limits(const struct asterism_process *before, int is_thorough, struct findings *findings)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(limits) && (i < QUICK_LIMITS || is_thorough || findings->used); i++) {
		const struct rlimit *then = &before->limits[i];
		struct rlimit now;

		if (getrlimit(limits[i].number, &now) || (now.rlim_cur >= then->rlim_cur && now.rlim_max >= then->rlim_max)) {
			continue;	/* A raised limit does no harm. */
		}
		found(findings, !setrlimit(limits[i].number, then), "it lowered the limit %s to %llu", limits[i].name,
			(unsigned long long) now.rlim_cur);
	}
}

static mode_t read_umask(void)
{
	/* The strictest one meanwhile: a file that another thread makes right now is rather too private. */
	mode_t mask = umask(0077);

	umask(mask);
	return mask;
}

static void compare_umask(const struct asterism_process *before, struct findings *findings)
{
	mode_t now = read_umask();

	if (now != before->umask) {
		umask(before->umask);
		found(findings, 1, "it changed the umask to %03o", (unsigned int) now);
	}
}

static void read_directory(char *room)
{
	if (!getcwd(room, PATH_MAX)) {
		room[0] = '\0';
	}
}

static void compare_directory(const struct asterism_process *before, struct findings *findings)
{
	char now[PATH_MAX];

	read_directory(now);
	if (strcmp(now, before->directory)) {
		found(findings, before->directory[0] && !chdir(before->directory), "it changed the working directory to '%s'", now);
	}
}

static int count_variables(void)
{
	int count = 0;

	while (environ && environ[count]) {
		count++;
	}
	return count;
}

/* The environment as it was when the program began. */
static char **kept_variables;

static void keep_variables(void)
{
	int count = count_variables(), i;

	kept_variables = calloc((size_t) count + 1, sizeof(*kept_variables));
	for (i = 0; kept_variables && i < count; i++) {
		kept_variables[i] = strdup(environ[i]);
	}
}

static void put_variables_back(void)
{
	char **kept, name[256];

	for (kept = kept_variables; kept && *kept; kept++) {
		size_t length = strcspn(*kept, "=");

		if (length < sizeof(name)) {
			ast_copy_string(name, *kept, length + 1);
			setenv(name, *kept + length + ((*kept)[length] == '='), 0);
		}
	}
}

static void compare_variables(const struct asterism_process *before, struct findings *findings)
{
	int now = count_variables();

	if (now < before->variables) {
		found(findings, 1, "it removed %d variable%s from the environment", before->variables - now,
			before->variables - now == 1 ? "" : "s");
		put_variables_back();
	}
}

struct asterism_process *asterism_process_note(void)
{
	struct asterism_process *noted = malloc(sizeof(*noted));
	size_t i;

	if (!noted) {
		return NULL;
	}
	read_ids(&noted->ids);
	pthread_sigmask(SIG_SETMASK, NULL, &noted->blocked);
	for (i = 0; i < ARRAY_LEN(signals); i++) {
		sigaction(signals[i].number, NULL, &noted->actions[i]);
	}
	for (i = 0; i < ARRAY_LEN(limits); i++) {
		getrlimit(limits[i].number, &noted->limits[i]);
	}
	noted->umask = read_umask();
	noted->variables = count_variables();
	read_directory(noted->directory);
	forget(0);
	return noted;
}

enum asterism_process_change asterism_process_compare(struct asterism_process *noted, int is_thorough, char *room,
	size_t size)
{
	struct findings findings = { room, size, 0, ASTERISM_PROCESS_SAME };

	room[0] = '\0';
	compare_limits(noted, is_thorough, &findings);	/* First: descriptors may be put back above a limit that was lowered. */
	compare_ids(noted, &findings);
	compare_descriptors(&findings);
	compare_mask(noted, &findings);
	compare_actions(noted, is_thorough, &findings);
	compare_umask(noted, &findings);
	compare_directory(noted, &findings);
	compare_variables(noted, &findings);
	noted->variables = count_variables();
	return findings.worst;
}

void asterism_process_forget(struct asterism_process *noted)
{
	free(noted);
}

/* ---- child processes ---- */

static __thread const struct asterism_mark *forked_in;	/* In a child process: the callback that made it. */

/* A child that lives on would keep the locks of the run directory: it has none of the program's descriptors. */
static void in_child(void)
{
	const struct own *own;

	forked_in = asterism_marks;
	for (own = owned; own; own = own->next) {
		if (own->fd > STDERR_FILENO) {
			close(own->fd);
		}
		if (own->spare >= 0) {
			close(own->spare);
		}
	}
}

int asterism_process_begin(void)
{
	if (kept_variables) {
		return 0;
	}
	keep_variables();
	return pthread_atfork(NULL, NULL, in_child);
}

void asterism_process_returned(const struct asterism_mark *mark)
{
	char text[512];
	int length;
	ssize_t ignored;

	if (__builtin_expect(!forked_in || forked_in != mark, 1)) {
		return;
	}
	length = snprintf(text, sizeof(text),
		"asterism: module %s called fork() in %s, and the child process returned from it: the child ends\n"
		"    a child process must call exec or _exit\n", mark->module, mark->callback);
	ignored = write(STDERR_FILENO, text, MIN((size_t) length, sizeof(text) - 1));
	(void) ignored;
	_exit(1);
}
