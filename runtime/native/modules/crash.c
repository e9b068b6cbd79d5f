/*
 * The crash handler: reports the crashing module, its callback and the cure, or the core's operation and its client.
 *
 * The handler runs on a stack of its own, so that a stack overflow is reported too.  It calls async-signal-safe
 * functions only, except for the backtrace, which is loaded beforehand.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"

#include <dlfcn.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <ucontext.h>

#if __has_include(<execinfo.h>)
#include <execinfo.h>
#else
#include <unwind.h>	/* musl has no backtrace(); the compiler's library walks the stack, as it does for glibc's. */
#endif

#define STACK_SIZE (64 * 1024)

static const struct {
	int number;
	const char *name;
} signals[] = {
	{ SIGSEGV, "SIGSEGV, invalid memory access" },
	{ SIGBUS, "SIGBUS, invalid memory access" },
	{ SIGFPE, "SIGFPE, invalid arithmetic operation" },
	{ SIGILL, "SIGILL, illegal instruction" },
	{ SIGABRT, "SIGABRT, abort" },
	{ SIGTRAP, "SIGTRAP, breakpoint" },
	{ SIGSYS, "SIGSYS, system call not allowed" },
};

static int installed;	/* Atomic: threads may run before; with it they see `stacks`. */
static int also = -1;		/* A file for the message and the backtrace, or -1: then both go to standard error. */
static char also_name[512];	/* The name of that file, for the message on standard error. */
static pthread_key_t stacks;	/* Each thread's stack for the handler, freed with the thread. */
static __thread int prepared;
static char program[16];	/* The name of the thread that installed the handler; threads have it until they get another. */

static const char *signal_name(int number)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(signals); i++) {
		if (signals[i].number == number) {
			return signals[i].name;
		}
	}
	return "a signal";
}

/* A message put together without the C library's formatting. */
struct crash_message {
	char text[1024];
	size_t used;
};

static void add(struct crash_message *message, const char *text)
{
	size_t length = strlen(text), room = sizeof(message->text) - message->used;

	length = MIN(length, room);
	memcpy(message->text + message->used, text, length);
	message->used += length;
}

static void say(const struct crash_message *message, int fd)
{
	ssize_t ignored = fd < 0 ? 0 : write(fd, message->text, message->used);

	(void) ignored;
}

/* The part of a path after its last slash. */
static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* ---- what this thread does ---- */

#define MOST_DOINGS 8
#define DOING_SIZE 192

/* Python sets the operation of a thread: of the core, or of a module, which C does not know when it is in Python. */
struct doing {
	const struct asterism_mark *within;	/* The innermost mark there was: a newer one says more than this. */
	char module[64];
	char what[DOING_SIZE];
};

static __thread struct {
	int depth;	/* May exceed the room: deeper entries are not reported. */
	struct doing known[MOST_DOINGS];
} doings;

void asterism_doing(const char *module, const char *what)
{
	struct doing *doing = &doings.known[doings.depth];

	asterism_crash_prepare_thread();
	if (doings.depth < MOST_DOINGS) {
		doing->within = asterism_marks;
		ast_copy_string(doing->module, module, sizeof(doing->module));
		ast_copy_string(doing->what, what, sizeof(doing->what));
	}
	__atomic_signal_fence(__ATOMIC_SEQ_CST);	/* The handler, in this thread, sees a complete entry or none. */
	doings.depth++;
}

void asterism_done(void)
{
	doings.depth -= doings.depth > 0;
}

static const struct doing *innermost_doing(void)
{
	return doings.depth ? &doings.known[MIN(doings.depth, MOST_DOINGS) - 1] : NULL;
}

/* The module whose code ran, and its activity: an empty module means the core, an empty text means unknown. */
struct culprit {
	const char *module;
	const char *what;
};

static int is_core(const char *module)
{
	return !module[0] || !strcmp(module, AST_MODULE);
}

static struct culprit culprit(void)
{
	const struct asterism_mark *mark = asterism_marks;
	const struct doing *doing = innermost_doing();

	if (doing && doing->within == mark && !is_core(doing->module)) {
		return (struct culprit) { doing->module, doing->what };
	}
	if (mark && !is_core(mark->module)) {
		return (struct culprit) { mark->module, mark->callback };
	}
	if (doing && (doing->within == mark || !mark)) {
		return (struct culprit) { is_core(doing->module) ? "" : doing->module, doing->what };
	}
	return (struct culprit) { "", mark ? mark->callback : "" };
}

/* ---- the message ---- */

static void add_culprit(struct crash_message *message, const struct culprit *who, const char *did)
{
	add(message, who->module[0] ? "asterism: module " : "asterism: the core");
	add(message, who->module);
	add(message, did);
	add(message, who->what);
}

static void add_library(struct crash_message *message, const void *address)
{
	Dl_info info;

	if (address && dladdr(address, &info) && info.dli_fname) {
		add(message, ", in ");
		add(message, base_name(info.dli_fname));
	}
}

static void add_suspect(struct crash_message *message, const struct culprit *who, const void *address)
{
	if (who->what[0]) {
		add_culprit(message, who, " crashed in ");
	} else {
		add(message, "asterism: the program crashed outside of a module's callback");
	}
	if (!who->module[0]) {
		add_library(message, address);
	}
	add(message, " (");
}

static void add_cure(struct crash_message *message, const struct culprit *who)
{
	if (!who->module[0]) {
		return;
	}
	add(message, "    the next start skips the module until it is built again or trusted: 'module trust ");
	add(message, who->module);
	add(message, "'\n");
}

/* Adds the name of a thread whose activity is unknown. */
static void add_thread(struct crash_message *message, const struct culprit *who)
{
	char name[16] = "";

	if (who->what[0] || prctl(PR_GET_NAME, name) || !strcmp(name, program)) {
		return;
	}
	add(message, "    in the thread '");
	add(message, name);
	add(message, "'\n");
}

/* The address of the crashing instruction, which tells the owner of the code.  NULL on unsupported systems. */
static const void *instruction(const ucontext_t *context)
{
#if defined(__x86_64__) && defined(REG_RIP)
	return (const void *) context->uc_mcontext.gregs[REG_RIP];
#elif defined(__aarch64__) && defined(__linux__)
	return (const void *) context->uc_mcontext.pc;
#else
	(void) context;
	return NULL;
#endif
}

#define MOST_FRAMES 48

#if __has_include(<execinfo.h>)

static void say_backtrace(int fd)
{
	void *frames[MOST_FRAMES];
	int count = backtrace(frames, ARRAY_LEN(frames));

	backtrace_symbols_fd(frames, count, fd);
}

static void load_backtrace(void)
{
	void *frame;

	backtrace(&frame, 1);
}

#else

static struct {
	typeof(&_Unwind_Backtrace) walk;	/* NULL where that library is not installed. */
	typeof(&_Unwind_GetIP) address;
} unwinder;

struct walk {
	int fd;
	int left;
};

static void add_hex(struct crash_message *message, uintptr_t number)
{
	char text[2 * sizeof(number) + 3];
	char *first = text + sizeof(text) - 1;

	*first = '\0';
	do {
		*--first = "0123456789abcdef"[number % 16];
	} while (number /= 16);
	*--first = 'x';
	*--first = '0';
	add(message, first);
}

/* One line for a frame, as backtrace_symbols_fd() writes it: library(function+offset) [address]. */
static _Unwind_Reason_Code say_frame(struct _Unwind_Context *context, void *data)
{
	struct crash_message message = { .used = 0 };
	struct walk *walk = data;
	uintptr_t address = unwinder.address(context);
	Dl_info info;

	if (!address || !walk->left--) {
		return _URC_END_OF_STACK;
	}
	if (walk->fd < 0) {
		return _URC_NO_REASON;
	}
	if (dladdr((const void *) address, &info) && info.dli_fname) {
		const void *start = info.dli_sname ? info.dli_saddr : info.dli_fbase;

		add(&message, info.dli_fname);
		add(&message, "(");
		add(&message, info.dli_sname ? info.dli_sname : "");
		add(&message, "+");
		add_hex(&message, address - (uintptr_t) start);
		add(&message, ") ");
	}
	add(&message, "[");
	add_hex(&message, address);
	add(&message, "]\n");
	say(&message, walk->fd);
	return _URC_NO_REASON;
}

static void say_backtrace(int fd)
{
	struct walk walk = { fd, MOST_FRAMES };

	if (unwinder.walk) {
		unwinder.walk(say_frame, &walk);
	}
}

static void load_backtrace(void)
{
	void *library = dlopen("libgcc_s.so.1", RTLD_NOW);

	unwinder.address = library ? (typeof(unwinder.address)) dlsym(library, "_Unwind_GetIP") : NULL;
	unwinder.walk = unwinder.address ? (typeof(unwinder.walk)) dlsym(library, "_Unwind_Backtrace") : NULL;
	say_backtrace(-1);
}

#endif

static void tell(int number, const ucontext_t *context)
{
	struct crash_message message = { .used = 0 };
	struct culprit who = culprit();

	add_suspect(&message, &who, instruction(context));
	add(&message, signal_name(number));
	add(&message, ")\n");
	add_thread(&message, &who);
	add_cure(&message, &who);
	say(&message, also);
	if (also_name[0]) {
		add(&message, "    the backtrace is in ");
		add(&message, also_name);
		add(&message, "\n");
	}
	say(&message, STDERR_FILENO);
	say_backtrace(also >= 0 ? also : STDERR_FILENO);
}

static void crashed(int number, siginfo_t *info, void *context)
{
	int kept = errno;

	tell(number, context);
	errno = kept;
	/*
	 * SA_RESETHAND has put the default action back.  A fault happens again when we return, so that a core dump shows
	 * the faulting place; a signal that somebody sent must be sent again, and so must those that come after their
	 * instruction.
	 */
	if (info->si_code <= 0 || number == SIGTRAP || number == SIGSYS) {
		raise(number);
	}
}

#ifdef __GLIBC__

static pid_t installer;

/*
 * exit() in a module's callback would end the program without a message, perhaps with a status that means success.
 * A child process of a module may exit.
 */
static void exited(int status, void *unused)
{
	struct crash_message message = { .used = 0 };
	struct culprit who = culprit();
	char number[16];

	(void) unused;
	if (!who.module[0] || getpid() != installer) {
		return;
	}
	snprintf(number, sizeof(number), " (exit %d", status);
	add_culprit(&message, &who, " ended the program in ");
	add(&message, number);
	add(&message, ")\n");
	add_cure(&message, &who);
	say(&message, also);
	say(&message, STDERR_FILENO);
	_exit(status ? status : 1);
}

static int watch_exit(void)
{
	installer = getpid();
	return on_exit(exited, NULL);
}

#else

static int watch_exit(void)
{
	return 0;
}

#endif

static void free_stack(void *stack)
{
	stack_t off = { .ss_flags = SS_DISABLE };

	sigaltstack(&off, NULL);
	munmap(stack, STACK_SIZE);
}

void asterism_crash_prepare_thread(void)
{
	stack_t there, ours = { .ss_size = STACK_SIZE };

	if (prepared || !__atomic_load_n(&installed, __ATOMIC_ACQUIRE)) {
		return;
	}
	prepared = 1;
	if (!sigaltstack(NULL, &there) && !(there.ss_flags & SS_DISABLE)) {
		return;	/* A sanitizer or Python made one. */
	}
	ours.ss_sp = mmap(NULL, STACK_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (ours.ss_sp == MAP_FAILED) {
		return;
	}
	if (sigaltstack(&ours, NULL) || pthread_setspecific(stacks, ours.ss_sp)) {
		free_stack(ours.ss_sp);
	}
}

int asterism_crash_install(void)
{
	struct sigaction action = { .sa_sigaction = crashed, .sa_flags = SA_SIGINFO | SA_ONSTACK | (int) SA_RESETHAND };
	size_t i;

	if (!installed && (pthread_key_create(&stacks, free_stack) || watch_exit())) {
		return -1;
	}
	__atomic_store_n(&installed, 1, __ATOMIC_RELEASE);
	prctl(PR_GET_NAME, program);
	load_backtrace();	/* Loads the backtrace's library now, not in the handler. */
	asterism_crash_prepare_thread();
	sigemptyset(&action.sa_mask);
	for (i = 0; i < ARRAY_LEN(signals); i++) {
		if (sigaction(signals[i].number, &action, NULL)) {
			return -1;
		}
	}
	return 0;
}

void asterism_crash_also(int fd, const char *name)
{
	also = fd;
	ast_copy_string(also_name, name, sizeof(also_name));
}
