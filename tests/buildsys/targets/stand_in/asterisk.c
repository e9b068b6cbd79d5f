/*
 * A stand-in for Asterisk: reads asterisk.conf and modules.conf, opens modules, answers commands on a Unix socket, logs
 * and runs unit tests.
 *
 * The variable STAND_IN makes it misbehave: "crash" at the start, "deaf" (never fully booted), "wounded" (exits 3).
 */
#include <dlfcn.h>
#include <stdarg.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "asterisk.h"
#include "asterisk/cli.h"
#include "asterisk/module.h"
#include "asterisk/test.h"

#define MOST 64

struct loaded {
	char name[80];
	void *handle;
	const struct ast_module_info *info;
	int runs;
};

static struct loaded modules[MOST];
static struct { const char *words; const char *(*answer)(void); } commands[MOST];
static const struct ast_module_info *registered;
static char etc_dir[512], module_dir[512], run_dir[512], log_dir[512];
static int is_deaf;

struct ast_test {
	ast_test_cb_t *call;
	struct ast_test_info info;
	enum ast_test_result_state state;
	char said[400];
};

static struct ast_test tests[MOST];

void ast_log(const char *level, const char *file, const char *fmt, ...)
{
	char path[600];
	FILE *out;
	va_list ap;

	snprintf(path, sizeof(path), "%s/messages", log_dir);
	out = fopen(path, "a");
	if (out) {
		fprintf(out, "[Jan  1 00:00:00] %s[1] %s: ", level, file);
		va_start(ap, fmt);
		vfprintf(out, fmt, ap);
		va_end(ap);
		fputc('\n', out);
		fclose(out);
	}
}

static struct ast_test *test_of(ast_test_cb_t *call)
{
	int place = 0;

	while (place < MOST - 1 && tests[place].call != call) {
		place++;
	}
	return &tests[place];
}

int ast_test_register(ast_test_cb_t *call)
{
	struct ast_test *made = test_of(NULL);

	memset(made, 0, sizeof(*made));
	made->call = call;
	made->state = AST_TEST_NOT_RUN;
	call(&made->info, TEST_INIT, NULL);
	return 0;
}

int ast_test_unregister(ast_test_cb_t *call)
{
	test_of(call)->call = NULL;
	return 0;
}

void ast_test_status_update_full(struct ast_test *test, const char *file, const char *func, int line, const char *said)
{
	snprintf(test->said, sizeof(test->said), "[%s:%s:%d]: %s", file, func, line, said);
}

static void execute_tests(const char *category, const char *name)
{
	int place;

	for (place = 0; place < MOST; place++) {
		struct ast_test *test = &tests[place];

		if (test->call && !strcmp(test->info.category, category) && !strcmp(test->info.name, name)) {
			test->state = test->call(&test->info, TEST_EXECUTE, test);
		}
	}
}

static void write_tests(const char *file)
{
	static const char *const words[] = { "NOT RUN", "PASS", "FAIL" };
	FILE *out = fopen(file, "w");
	int place;

	for (place = 0; out && place < MOST; place++) {
		const struct ast_test *test = &tests[place];

		if (test->call) {
			fprintf(out, "\nName:              %s\nCategory:          %s\nSummary:           s\nDescription:       d\n",
				test->info.name, test->info.category);
			fprintf(out, "Result:            %s\n", words[test->state]);
		}
		if (test->call && test->state == AST_TEST_FAIL) {
			fprintf(out, "Time:              0\nError Description: %s\n\n", test->said);
		}
	}
	if (out) {
		fclose(out);
	}
}

void ast_module_register(const struct ast_module_info *info)
{
	/* As in Asterisk, the program holds the sum that it demands. */
	registered = strcmp(info->buildopt_sum, AST_BUILDOPT_SUM) ? NULL : info;
}

void ast_module_unregister(const struct ast_module_info *info)
{
}

void stand_in_command(const char *words, const char *(*answer)(void))
{
	int place = 0;

	while (place < MOST - 1 && commands[place].words && strcmp(commands[place].words, words)) {
		place++;
	}
	commands[place].words = words;
	commands[place].answer = answer;
}

static void setting(const char *line, const char *name, char *into)
{
	size_t length = strlen(name);
	const char *arrow = strstr(line, "=> ");

	if (!strncmp(line, name, length) && arrow) {
		snprintf(into, 512, "%s", arrow + 3);
	}
}

static void read_conf(const char *file)
{
	char line[1024];
	FILE *in = fopen(file, "r");

	if (!in) {
		fprintf(stderr, "no configuration: %s\n", file);
		exit(1);
	}
	while (fgets(line, sizeof(line), in)) {
		line[strcspn(line, "\n")] = '\0';
		setting(line, "astetcdir", etc_dir);
		setting(line, "astmoddir", module_dir);
		setting(line, "astrundir", run_dir);
		setting(line, "astlogdir", log_dir);
	}
	fclose(in);
}

static struct loaded *find(const char *name)
{
	int place;

	for (place = 0; place < MOST; place++) {
		if (modules[place].handle && !strcmp(modules[place].name, name)) {
			return &modules[place];
		}
	}
	return NULL;
}

static int load(const char *name)
{
	char path[1100];
	struct loaded *made = find(name);
	int place = 0;

	if (made) {
		return 1;
	}
	while (modules[place].handle) {
		place++;
	}
	snprintf(path, sizeof(path), "%s/%s.so", module_dir, name);
	registered = NULL;
	modules[place].handle = dlopen(path, RTLD_NOW | RTLD_GLOBAL);
	if (!modules[place].handle) {
		printf("Error loading module '%s.so': %s\n", name, dlerror());
		return 1;
	}
	snprintf(modules[place].name, sizeof(modules[place].name), "%s", name);
	modules[place].info = registered;
	modules[place].runs = registered && registered->load && !registered->load();
	if (!modules[place].runs) {
		ast_log("ERROR", "loader.c", "%s declined to load.", name);
	}
	printf("%s %s.so\n", modules[place].runs ? "Loaded" : "Declined", name);
	fflush(stdout);
	return !modules[place].runs;
}

static int unload(const char *name)
{
	struct loaded *there = find(name);

	if (!there || (there->info && there->info->unload && there->info->unload())) {
		return 1;
	}
	memset(commands, 0, sizeof(commands));
	dlclose(there->handle);
	there->handle = NULL;
	return 0;
}

static void load_all(void)
{
	char path[600], line[256], name[200];
	FILE *in;

	snprintf(path, sizeof(path), "%s/modules.conf", etc_dir);
	in = fopen(path, "r");
	while (in && fgets(line, sizeof(line), in)) {
		if (sscanf(line, "load = %199[^.]", name) == 1) {
			load(name);
		}
	}
	if (in) {
		fclose(in);
	}
}

static void show(FILE *out, const char *like)
{
	int place, count = 0;

	fprintf(out, "%-30s %-40.40s %-10s %-11s %13s\n", "Module", "Description", "Use Count", "Status", "Support Level");
	for (place = 0; place < MOST; place++) {
		if (modules[place].handle && strstr(modules[place].name, like)) {
			char file[100];

			snprintf(file, sizeof(file), "%s.so", modules[place].name);
			fprintf(out, "%-30s %-40.40s %-10d %-11s %13s\n", file,
				modules[place].info ? modules[place].info->description : "", 0,
				modules[place].runs ? "Running" : "Not Running", "extended");
			count++;
		}
	}
	fprintf(out, "%d modules loaded\n", count);
}

/* Returns 0 to go on. */
static int answer(FILE *out, const char *line)
{
	char name[600], category[200];
	int place;

	if (!strcmp(line, "core waitfullybooted")) {
		fprintf(out, is_deaf ? "" : "Asterisk has fully booted.\n");
	} else if (!strcmp(line, "core stop now") || !strcmp(line, "core stop gracefully")) {
		return 1;
	} else if (sscanf(line, "test generate results txt \"%599[^\"]\"", name) == 1) {
		write_tests(name);
	} else if (sscanf(line, "test execute category \"%199[^\"]\" name \"%199[^\"]\"", category, name) == 2) {
		execute_tests(category, name);
	} else if (!strcmp(line, "core show version")) {
		fprintf(out, "Asterisk 20.99 stand-in\n");
	} else if (sscanf(line, "module show like %199s", name) == 1) {
		show(out, name);
	} else if (!strcmp(line, "module show")) {
		show(out, "");
	} else if (sscanf(line, "module load %199[^.\n]", name) == 1) {
		fprintf(out, load(name) ? "Unable to load module %s\n" : "Loaded %s\n", name);
	} else if (sscanf(line, "module unload %199[^.\n]", name) == 1) {
		fprintf(out, unload(name) ? "Unable to unload resource %s\n" : "Unloaded %s\n", name);
	} else {
		for (place = 0; place < MOST && commands[place].words; place++) {
			if (!strcmp(commands[place].words, line)) {
				fprintf(out, "%s\n", commands[place].answer());
				return 0;
			}
		}
		fprintf(out, "No such command '%s' (type 'core show help %s' for other possible commands)\n", line, line);
	}
	return 0;
}

static struct sockaddr_un address(void)
{
	struct sockaddr_un made = { .sun_family = AF_UNIX };

	snprintf(made.sun_path, sizeof(made.sun_path), "%s/asterisk.ctl", run_dir);
	return made;
}

static int ask(const char *line)
{
	struct sockaddr_un there = address();
	int sock = socket(AF_UNIX, SOCK_STREAM, 0), is_greeting = 1;
	char sent[1024], byte;

	if (connect(sock, (struct sockaddr *) &there, sizeof(there))) {
		fprintf(stderr, "Unable to connect to remote asterisk (does %s exist?)\n", there.sun_path);
		return 1;
	}
	snprintf(sent, sizeof(sent), "cli quit after %s", line);
	if (write(sock, sent, strlen(sent) + 1) < 0) {
		return 1;
	}
	while (read(sock, &byte, 1) == 1) {
		if (!is_greeting) {
			putchar(byte);
		} else if (byte == '\n') {
			is_greeting = 0;
		}
	}
	return 0;
}

static void end(int number)
{
	_exit(0);
}

static void note_pid(void)
{
	char path[600];
	FILE *out;

	snprintf(path, sizeof(path), "%s/asterisk.pid", run_dir);
	out = fopen(path, "w");
	if (out) {
		fprintf(out, "%ld\n", (long) getpid());
		fclose(out);
	}
}

static int serve(void)
{
	struct sockaddr_un here = address();
	int listener = socket(AF_UNIX, SOCK_STREAM, 0), over = 0;

	unlink(here.sun_path);
	if (bind(listener, (struct sockaddr *) &here, sizeof(here)) || listen(listener, 8)) {
		perror(here.sun_path);
		return 1;
	}
	while (!over) {
		int client = accept(listener, NULL, NULL);
		char line[1024];
		ssize_t count = 0, more;
		FILE *out;

		dprintf(client, "host/%ld/20.99 stand-in\n", (long) getpid());
		do {
			more = read(client, line + count, sizeof(line) - 1 - count);
			count += more > 0 ? more : 0;
		} while (more > 0 && line[count - 1]);
		line[count] = '\0';
		out = fdopen(client, "w");
		if (!strncmp(line, "cli quit after ", 15)) {
			over = answer(out, line + 15);
			ast_log("VERBOSE", "asterisk.c", "Remote UNIX connection disconnected");
		}
		fclose(out);
	}
	return 0;
}

int main(int argc, char *argv[])
{
	const char *conf = "/etc/asterisk/asterisk.conf", *line = NULL, *mood = getenv("STAND_IN");
	int option, has_console = 0;
	char typed[1024];

	while ((option = getopt(argc, argv, "C:cfngqrx:vV")) != -1) {
		if (option == 'C') {
			conf = optarg;
		} else if (option == 'x') {
			line = optarg;
		} else if (option == 'c') {
			has_console = 1;
		} else if (option == 'V') {
			puts("Asterisk 20.99 stand-in");
			return 0;
		}
	}
	read_conf(conf);
	if (line) {
		return ask(line);
	}
	signal(SIGTERM, end);
	is_deaf = mood && !strcmp(mood, "deaf");
	if (mood && !strcmp(mood, "crash")) {
		abort();
	}
	if (mood && !strcmp(mood, "wounded")) {
		fprintf(stderr, "ERROR: it cannot go on\n");
		return 3;
	}
	note_pid();
	load_all();
	puts("Asterisk Ready.");
	ast_log("VERBOSE", "asterisk.c", "Asterisk Ready.");
	fflush(stdout);
	if (!has_console) {
		return serve();
	}
	while (fgets(typed, sizeof(typed), stdin)) {
		typed[strcspn(typed, "\n")] = '\0';
		if (answer(stdout, typed)) {
			break;
		}
		fflush(stdout);
	}
	return 0;
}
