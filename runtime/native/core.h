/*
 * The functions of libasterism.so that Python calls.
 *
 * cffi reads this file too (without its preprocessor lines), so it holds plain declarations only.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef ASTERISM_CORE_H
#define ASTERISM_CORE_H

/* ---- modules: module.c ---- */

/* The state of a dlopen, filled by the constructors that run inside it. */
struct asterism_opening {
	struct ast_module *module;
	const struct ast_module_info *registered[4];
	int count;
	char error[1024];
};

struct ast_module *asterism_module_new(const char *name);
void asterism_module_keep(struct ast_module *mod);
void asterism_module_drop(struct ast_module *mod);
const char *asterism_module_name(const struct ast_module *mod);
int asterism_module_uses(const struct ast_module *mod);
int asterism_module_use(struct ast_module *mod, int change);
void asterism_module_set_running(struct ast_module *mod, int running);

void *asterism_open(struct asterism_opening *opening, const char *path, int flags);
int asterism_close(struct ast_module *mod, void *handle, char *error, size_t size);
int asterism_is_mapped(const char *path);
int asterism_threads_of(const char *module);	/* The number of running threads that the module created: thread.c. */
int asterism_owns(void *handle, const void *address);
const void *asterism_begin(void *handle);

/* ---- the call of a thread: log.c, as in asterisk/logger.h ---- */

unsigned int ast_read_threadstorage_callid(void);
int ast_callid_threadstorage_auto(unsigned int *callid);
void ast_callid_threadstorage_auto_clean(unsigned int callid, int callid_created);

/* ---- calls into modules, marked for the crash handler: call.c ---- */

int asterism_call(const char *module, const char *callback, int (*function)(void));
int asterism_call_execute(const char *module, const char *callback,
	int (*execute)(struct ast_channel *, const char *), struct ast_channel *chan, const char *data);
int asterism_call_read(const char *module, struct ast_custom_function *acf, struct ast_channel *chan, char *data,
	char *buf, size_t len);
int asterism_call_read2(const char *module, struct ast_custom_function *acf, struct ast_channel *chan, char *data,
	struct ast_str **str, ssize_t len);
int asterism_call_write(const char *module, struct ast_custom_function *acf, struct ast_channel *chan, char *data,
	const char *value);
/* The callbacks of the structures of functions that are not made in C. */
int asterism_function_read2(struct ast_channel *chan, const char *cmd, char *data, struct ast_str **str, ssize_t len);
int asterism_function_write(struct ast_channel *chan, const char *cmd, char *data, const char *value);
char *asterism_call_cli(const char *module, struct ast_cli_entry *entry, int command, struct ast_cli_args *args);

int asterism_call_action(const char *module, const char *action,
	int (*func)(struct mansession *, const struct message *), struct mansession *s, const struct message *m);
int asterism_call_hook(const char *module, const char *hook, int (*helper)(int, const char *, char *), int category,
	const char *event, char *body);

/* The module whose callback this thread is in; NULL when it is in none. */
const char *asterism_calling_module(void);

/* ---- the state of the process around callbacks: process.c ---- */

enum asterism_process_change {
	ASTERISM_PROCESS_SAME,
	ASTERISM_PROCESS_MENDED,	/* The state was changed and completely restored. */
	ASTERISM_PROCESS_CHANGED,	/* Something could not be put back. */
	ASTERISM_PROCESS_RUINED,	/* The program cannot go on: it lost its rights, or its descriptors. */
};
struct asterism_process;

/* The state now, in this thread; NULL when out of memory. */
struct asterism_process *asterism_process_note(void);
/* Puts back what differs from a state, and writes what that was, each in a line, into room.  Thorough: looks at all. */
enum asterism_process_change asterism_process_compare(struct asterism_process *noted, int is_thorough, char *room,
	size_t size);
void asterism_process_forget(struct asterism_process *noted);
/*
 * Marks a descriptor as the program's own, which modules must not change; a temporary one is ignored.  The second
 * function closes duplicates of descriptors that the program has closed meanwhile, the third forgets all descriptors.
 */
void asterism_process_own(int fd);
void asterism_process_refresh(void);
void asterism_process_disown(void);
/* A temporary mark for the time of a callback; and its end. */
void asterism_process_lend(int fd);
void asterism_process_take_back(int fd);
/* To be called once, before any module: saves the environment, and starts to watch child processes.  0, or an error. */
int asterism_process_begin(void);

/* ---- tests that modules bring: test.c ---- */

/* A test with its own description; NULL when out of memory. */
struct ast_test *asterism_test_new(const char *module,
	enum ast_test_result_state (*cb)(struct ast_test_info *, enum ast_test_command, struct ast_test *));
void asterism_test_free(struct ast_test *test);
const struct ast_test_info *asterism_test_info(const struct ast_test *test);
/* Sets the functions called before and after it; NULL leaves the old one. */
void asterism_test_around(struct ast_test *test, int (*init)(struct ast_test_info *, struct ast_test *),
	int (*cleanup)(struct ast_test_info *, struct ast_test *));
enum ast_test_result_state asterism_test_run(struct ast_test *test, struct ast_cli_args *args);
/* The messages of its last run. */
const char *asterism_test_status(const struct ast_test *test);

/* ---- crashes: crash.c ---- */

int asterism_crash_install(void);
void asterism_crash_also(int fd, const char *name);
/* Marks the operation of this thread until the matching end, and its module; an empty name stands for the core. */
void asterism_doing(const char *module, const char *what);
void asterism_done(void);

/* ---- channels: channel.c ---- */

struct asterism_record;

struct ast_channel *asterism_channel_new(struct asterism_record *record);
/* Adds a reference: 1, or 0 when the last reference is being released. */
int asterism_channel_use(struct ast_channel *chan);
void asterism_channel_drop(struct ast_channel *chan);
/* Lets the technology hang up, once, and releases a reference: tech.c. */
void asterism_channel_finish(struct ast_channel *chan);

/* ---- the record of a channel, its fields by their index in runtime/model/channel_fields.py: record.c ---- */

/* An empty record, with one reference; NULL when out of memory. */
struct asterism_record *asterism_record_new(void);
void asterism_record_drop(struct asterism_record *record);
/* The length of a text, which is copied with its NUL into room when it fits. */
size_t asterism_record_text(struct asterism_record *record, int which, char *room, size_t size);
/* Sets a text; when out of memory, the old one stays. */
void asterism_record_set_text(struct asterism_record *record, int which, const char *value);
long long asterism_record_number(struct asterism_record *record, int which);
void asterism_record_set_number(struct asterism_record *record, int which, long long value);
/* Sets bits of a number and clears others, in one step. */
void asterism_record_change_number(struct asterism_record *record, int which, long long added, long long removed);

/* ---- variables of a channel: variables.c ---- */

/* The value, to be freed; NULL when not set or out of memory. */
char *asterism_variables_get(struct asterism_record *record, const char *name);
/* Replaces the newest variable of that name, or deletes it when the value is NULL: 0, or -1 when out of memory. */
int asterism_variables_set(struct asterism_record *record, const char *name, const char *value);
/* Adds a variable that hides others of the same name. */
void asterism_variables_push(struct asterism_record *record, const char *name, const char *value);
/* Names as they were set and values, the newest first, each with a NUL behind it, to be freed; NULL: no memory. */
char *asterism_variables_all(struct asterism_record *record, size_t *size);

/* ---- strings: strings.c ---- */

struct ast_str *asterism_str_new(size_t size);
int asterism_str_set(struct ast_str **str, ssize_t max_len, const char *text, size_t length);
const char *asterism_str_text(const struct ast_str *str);
char *asterism_copy(const char *data, size_t length);
void asterism_free(void *pointer);

/* ---- the manager: manager.c ---- */

/* Whether events have listeners; without listeners, events of modules are not formatted. */
void asterism_manager_set_listening(int listening);

/* ---- JSON: json_text.c ---- */

/*
 * Builds a value from tokens: for each value a letter and its content, in the machine's byte order.  t, f, n;
 * i with 8 bytes; r with a double; s with a text; a with a count of 4 bytes and the entries; o with a count and, for each
 * entry, a text and a value.  A text is its length in 4 bytes, its UTF-8 and a NUL.
 */
struct ast_json *asterism_json_build(const char *tokens, size_t length);

/* ---- stasis: stasis.c ---- */

struct asterism_stasis_topic {
	char name[128];
	char detail[128];
	char targets[256];	/* The topics that it is forwarded to, one on each line. */
	int subscribers;
	unsigned long published;
};
struct asterism_stasis_subscription {
	char uniqueid[160];
	char topic[128];
	char module[64];
	long waiting;	/* The number of queued messages; -1 without a queue. */
};
/* Each function fills at most room records, and gives the total number. */
int asterism_stasis_topics(struct asterism_stasis_topic *told, int room);
int asterism_stasis_subscriptions(struct asterism_stasis_subscription *told, int room);

/* A remaining subscription of a module. */
enum asterism_stasis_left {
	ASTERISM_STASIS_NOTHING,
	ASTERISM_STASIS_SUBSCRIBED,	/* A subscription to topic, which was ended now. */
	ASTERISM_STASIS_ENDING,		/* A subscription that the module ended without waiting for its last message. */
	ASTERISM_STASIS_STUCK,		/* A subscription whose callback is running in this thread. */
};
/* Ends one subscription of a module per call; ASTERISM_STASIS_NOTHING when none is left. */
enum asterism_stasis_left asterism_stasis_forget(const char *module, char *topic, size_t size);

/* ---- stasis in Python: stasis_python.c ---- */

/* Publishes JSON (asterism_json_build) on a topic; topic and type are created if they do not exist: 0, or -1. */
int asterism_stasis_tell(const char *topic, const char *type, const char *tokens, size_t length);
/* Starts to deliver messages on a topic under a number (asterism_stasis_heard), and stops it. */
struct stasis_subscription *asterism_stasis_listen(const char *topic, const char *module, size_t number);
void asterism_stasis_unlisten(struct stasis_subscription *sub);

/* ---- security events: security_events.c ---- */

struct asterism_security {
	const char *kind;	/* "InvalidPassword". */
	const char *service;
	const char *module;	/* This and the next may be NULL, as far as the kind allows. */
	const char *account;
	const char *session;
	const char *local;	/* "192.0.2.1:5060". */
	const char *remote;
	int transport;		/* enum ast_transport. */
	int using_password;
	long long began;	/* When the session began, in microseconds since the epoch; 0 when that is not known. */
	const char *details[3];	/* The texts that the kind has besides, in their order. */
};
/* Publishes an event: 0, or -1 when the type is unknown, an address is not valid, or a field is missing. */
int asterism_security_report(const struct asterism_security *told);

/* ---- configuration files: config.c ---- */

/* The result of reading a file. */
enum asterism_config_status {
	ASTERISM_CONFIG_READ,
	ASTERISM_CONFIG_MISSING,
	ASTERISM_CONFIG_UNCHANGED,
	ASTERISM_CONFIG_INVALID,
};
/* Each function gives NULL or -1 when out of memory. */
struct ast_category *asterism_config_category(struct ast_config *cfg, const char *name, const char *file, int line,
	int is_template);
int asterism_config_base(struct ast_category *cat, const char *name);
int asterism_config_variable(struct ast_category *cat, const char *name, const char *value, const char *file, int line,
	int object, int inherited);

/* ---- taskprocessors: taskprocessor.c ---- */

struct asterism_taskprocessor {
	char name[128];
	char owner[80];
	char slowest[128];
	int subsystem;
	int alert;
	int suspended;
	int executing;
	unsigned long processed;
	long size;
	long deepest;
	long low;
	long high;
	long lowest;
	long highest;
};

/* Gives the number of taskprocessors; their records are filled when there is room for all. */
int asterism_taskprocessors(struct asterism_taskprocessor *told, int room);
void asterism_taskprocessor_reset(const char *name);
/* Microseconds until a new task was executed; -1 for an unknown taskprocessor or after the time limit. */
long asterism_taskprocessor_ping(const char *name, int seconds);

/* ---- formats of modules: interfaces.c ---- */

/* Takes away what a module that goes has said of the attributes of formats. */
void asterism_interfaces_forget(const char *module);

/* ---- timers of modules: timers.c ---- */

/* Takes away the interfaces of a module that goes. */
void asterism_timers_forget(const char *module);

/* ---- the database: astdb.c ---- */

struct ast_db_entry *asterism_db_entry(const char *key, const char *value, struct ast_db_entry *next);
void ast_db_freetree(struct ast_db_entry *entry);

/* ---- stand-ins: stand_in.c ---- */

struct asterism_stand_in_call {
	const char *name;	/* The missing function. */
	const char *module;	/* The calling module; a module may have several records for a name. */
	unsigned long calls;
};

/* A new stand-in: its number, or -1 when there is no room.  Text functions return an empty text, all others 0. */
int asterism_stand_in_new(const char *name, int is_text);
/* To be called after a module is closed: its calls are kept, its addresses may be reused by another module. */
void asterism_stand_ins_closed(const char *module);
/* Gives the number of places that called stand-ins, and fills the records of the first `room` places. */
int asterism_stand_in_calls(struct asterism_stand_in_call *told, int room);

/* ---- states and technologies of modules: dialplan.c, presencestate.c, tech.c ---- */

/* The state of an extension whose hint names devices joined by '&' (enum ast_extension_states), and its name. */
int asterism_extension_state(const char *devices, const char **name);
/* The enum ast_presence_state of a provider, with texts to be freed, or NULL. */
int asterism_presence(const char *provider, char **subtype, char **message);

struct asterism_channel_type {
	char name[80];
	char description[80];
	char formats[384];
	unsigned int can;	/* The callbacks it has, by the bits that runtime/api/provided_states.py names. */
};
/* Fills at most room records, and gives the total number. */
int asterism_channel_types(struct asterism_channel_type *told, int room);

/* ---- bridges: bridges/bridge.c, bridges/technology.c ---- */

struct asterism_bridge_told {
	char id[80];
	char kind[40];
	char technology[40];
	char name[80];
	char creator[80];
	char video[16];
	long long created;	/* Seconds since the epoch. */
	int channels;
	int is_invisible;
};
/* Fill at most room records, and give the total number. */
int asterism_bridges(struct asterism_bridge_told *told, int room);
struct asterism_bridge_technology {
	char name[80];
	unsigned int capabilities;	/* AST_BRIDGE_CAPABILITY_... as bits. */
	unsigned int preference;
	int is_suspended;
};
int asterism_bridge_technologies(struct asterism_bridge_technology *told, int room);
/* Suspends a technology, or ends that: 0, or -1 when it is not registered. */
int asterism_bridge_technology_suspend(const char *name, int is_suspended);
/* The names of the channels in a bridge, a line each, to be freed; NULL when there is no such bridge. */
char *asterism_bridge_channels(const char *id);
/* Ends a bridge; removes a channel from one: 0, or -1 when it is not there. */
int asterism_bridge_end(const char *id);
int asterism_bridge_kick(const char *id, struct ast_channel *chan);

/* ---- data that modules read: data.c ---- */

void asterism_set_path(int which, const char *value);
void asterism_set_levels(int verbose, int debug, int trace);
void asterism_set_options(unsigned long set, unsigned long clear);
void asterism_set_times(long started, long reloaded);
void asterism_set_version(const char *text);

#endif
