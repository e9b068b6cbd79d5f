/*
 * A stand-in for Asterisk: reads asterisk.conf and modules.conf, opens modules, answers commands on a Unix socket.
 *
 * The variable STAND_IN makes it misbehave: "crash" at the start, "deaf" (never fully booted), "wounded" (exits 3).
 */
#include <dlfcn.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "asterisk.h"
#include "asterisk/cli.h"
#include "asterisk/module.h"

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
static char etc_dir[512], module_dir[512], run_dir[512];

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

	fprintf(out, "Module                         Description                              Use Count  Status      Support Level\n");
	for (place = 0; place < MOST; place++) {
		if (modules[place].handle && strstr(modules[place].name, like)) {
			fprintf(out, "%-27s.so %-40.40s 0          %-11s extended\n", modules[place].name,
				modules[place].info ? modules[place].info->description : "", modules[place].runs ? "Running" : "Not Running");
			count++;
		}
	}
	fprintf(out, "%d modules loaded\n", count);
}

/* Returns 0 to go on. */
static int answer(FILE *out, const char *line)
{
	char name[200];
	int place;

	if (!strcmp(line, "core waitfullybooted")) {
		fprintf(out, "Asterisk has fully booted.\n");
	} else if (!strcmp(line, "core stop now")) {
		return 1;
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
	int sock = socket(AF_UNIX, SOCK_STREAM, 0);
	char buf[4096];
	ssize_t count;

	if (connect(sock, (struct sockaddr *) &there, sizeof(there))) {
		fprintf(stderr, "Unable to connect to remote asterisk (does %s exist?)\n", there.sun_path);
		return 1;
	}
	if (write(sock, line, strlen(line)) < 0 || shutdown(sock, SHUT_WR)) {
		return 1;
	}
	while ((count = read(sock, buf, sizeof(buf))) > 0) {
		fwrite(buf, 1, count, stdout);
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

		while (count < (ssize_t) sizeof(line) - 1 && (more = read(client, line + count, sizeof(line) - 1 - count)) > 0) {
			count += more;
		}
		line[count] = '\0';
		out = fdopen(client, "w");
		over = answer(out, line);
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
