/*
 * Arguments and options of applications and functions, and what applications ask callers.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef ASTERISM_APP_H
#define ASTERISM_APP_H

#include <stddef.h>

#include "asterisk/config.h"
#include "asterisk/file.h"
#include "asterisk/linkedlists.h"
#include "asterisk/stasis.h"
#include "asterisk/stringfields.h"
#include "asterisk/strings.h"
#include "asterisk/threadstorage.h"
#include "asterisk/utils.h"

#ifdef __cplusplus
extern "C" {
#endif

struct ast_channel;

/*
 *     AST_DECLARE_APP_ARGS(args,
 *         AST_APP_ARG(level);
 *         AST_APP_ARG(text);
 *     );
 *     AST_STANDARD_APP_ARGS(args, copy_of_data);
 *
 * gives args.argc, args.level and args.text: pointers into the split text, NULL for missing arguments.
 */
#define AST_APP_ARG(name) char *name
#define AST_DEFINE_APP_ARGS_TYPE(type, arglist) \
	struct __subtype_##type { arglist }; \
	struct type { \
		unsigned int argc; \
		union { \
			char *argv[sizeof(struct __subtype_##type) / sizeof(char *)]; \
			struct { arglist }; \
		}; \
	}
#define AST_DECLARE_APP_ARGS(name, arglist) AST_DEFINE_APP_ARGS_TYPE(argtype_##name, arglist) name = { 0, }

#define AST_APP_ARGS_SPLIT_(args, parse, sep, remove_chars) \
	args.argc = __ast_app_separate_args((parse), (sep), (remove_chars), args.argv, \
		((sizeof(args) - offsetof(typeof(args), argv)) / sizeof(args.argv[0])))
/* Split at commas and remove quotes and backslashes; RAW keeps them; NONSTANDARD splits at sep. */
#define AST_STANDARD_APP_ARGS(args, parse) AST_APP_ARGS_SPLIT_(args, parse, ',', 1)
#define AST_STANDARD_RAW_ARGS(args, parse) AST_APP_ARGS_SPLIT_(args, parse, ',', 0)
#define AST_NONSTANDARD_APP_ARGS(args, parse, sep) AST_APP_ARGS_SPLIT_(args, parse, sep, 1)
#define AST_NONSTANDARD_RAW_ARGS(args, parse, sep) AST_APP_ARGS_SPLIT_(args, parse, sep, 0)

/*
 * Splits buf, in place, into at most arraylen parts; the last one takes the rest.  Delimiters inside (), [] and ""
 * and after a backslash do not count.  Gives the number of parts.
 */
unsigned int __ast_app_separate_args(char *buf, char delim, int remove_chars, char **array, int arraylen);
#define ast_app_separate_args(a, b, c, d) __ast_app_separate_args(a, b, 1, c, d)

/*
 *     AST_APP_OPTIONS(options, BEGIN_OPTIONS
 *         AST_APP_OPTION('q', OPT_QUIET),
 *         AST_APP_OPTION_ARG('t', OPT_TIME, OPT_ARG_TIME),
 *     END_OPTIONS);
 */
struct ast_app_option {
	uint64_t flag;
	unsigned int arg_index;	/* Place of its argument in args, plus one; 0 when it takes none. */
};
#define BEGIN_OPTIONS {
#define END_OPTIONS }
#define AST_APP_OPTIONS(holder, options...) static const struct ast_app_option holder[128] = options
#define AST_APP_OPTION(option, flagno) [option] = { .flag = flagno }
#define AST_APP_OPTION_ARG(option, flagno, argno) [option] = { .flag = flagno, .arg_index = argno + 1 }

/* Reads "qt(10)" into flags and args, in place: 0, or -1 when a closing parenthesis is missing. */
int ast_app_parse_options(const struct ast_app_option *options, struct ast_flags *flags, char **args, char *optstr);
int ast_app_parse_options64(const struct ast_app_option *options, struct ast_flags64 *flags, char **args, char *optstr);

/* One character of a text with backslash sequences (\n \r \t \xHH \0OOO): 0 and the consumed length, or -1. */
int ast_get_encoded_char(const char *stream, char *result, size_t *consumed);
/* Decodes a whole text, cut to result_size bytes; gives result. */
char *ast_get_encoded_str(const char *stream, char *result, size_t result_size);
/* Decodes a whole text into *str, cut to maxlen bytes unless maxlen is 0: 0, or -1 when out of memory. */
int ast_str_get_encoded_str(struct ast_str **str, int maxlen, const char *stream);

/* The unit of a length of time that names none. */
enum ast_timelen {
	TIMELEN_HOURS,
	TIMELEN_MINUTES,
	TIMELEN_SECONDS,
	TIMELEN_MILLISECONDS,
};
/* Reads 1.5h, 10m, 30s or 200ms (in any case) into milliseconds, at most INT_MAX: 0, or -1 when the text is not a duration. */
int ast_app_parse_timelen(const char *timestr, int *result, enum ast_timelen defunit);

/* What came of asking for digits. */
enum ast_getdata_result {
	AST_GETDATA_FAILED = -1,	/* The channel is hung up. */
	AST_GETDATA_COMPLETE = 0,
	AST_GETDATA_TIMEOUT = 1,
	AST_GETDATA_INTERRUPTED = 2,
	AST_GETDATA_EMPTY_END_TERMINATED = 3,	/* The terminator came first. */
};
/*
 * Plays prompts, with '&' between them, and reads at most maxlen digits into s (maxlen + 1 bytes) until '#' or a digit of
 * terminator.  timeout in milliseconds for each digit; 0 for that of the dialplan, less than 0 for none.
 */
enum ast_getdata_result ast_app_getdata(struct ast_channel *c, const char *prompt, char *s, int maxlen, int timeout);
enum ast_getdata_result ast_app_getdata_terminator(struct ast_channel *c, const char *prompt, char *s, int maxlen,
	int timeout, char *terminator);
/* Gives 1 when ctrlfd can be read; audiofd gets nothing. */
int ast_app_getdata_full(struct ast_channel *c, const char *prompt, char *s, int maxlen, int timeout, int audiofd,
	int ctrlfd);
/* Plays a sound that any digit ends: 0, the digit, or -1 when the channel is hung up. */
int ast_play_and_wait(struct ast_channel *chan, const char *fn);
/* Collects the digits of an extension behind a dial tone: 1 when there is one, 0 when not, or -1. */
int ast_app_dtget(struct ast_channel *chan, const char *context, char *collect, size_t size, int maxlen, int timeout);
/*
 * Plays a sound that digits of stop end, and those of the others move by skipms; *offsetms gets the length that was
 * heard.  0, the digit, or -1.
 */
int ast_control_streamfile(struct ast_channel *chan, const char *file, const char *fwd, const char *rev, const char *stop,
	const char *pause, const char *restart, int skipms, long *offsetms);
int ast_control_streamfile_lang(struct ast_channel *chan, const char *file, const char *fwd, const char *rev,
	const char *stop, const char *suspend, const char *restart, int skipms, const char *lang, long *offsetms);
int ast_control_streamfile_w_cb(struct ast_channel *chan, const char *file, const char *fwd, const char *rev,
	const char *stop, const char *pause, const char *restart, int skipms, long *offsetms, ast_waitstream_fr_cb cb);
/* Sends digits from a channel, between milliseconds apart: 0, or -1 when it is hung up meanwhile. */
int ast_dtmf_stream(struct ast_channel *chan, struct ast_channel *peer, const char *digits, int between,
	unsigned int duration);
void ast_dtmf_stream_external(struct ast_channel *chan, const char *digits, int between, unsigned int duration);

/* Runs text with /bin/sh -c and waits for its end: its exit status, or -1 when it cannot be run or ends by a signal. */
int ast_safe_system(const char *s);

/* A buffer of each thread for ast_str_thread_get, which any function may overwrite. */
extern struct ast_threadstorage ast_str_thread_global_buf;

/* ---- child processes ---- */

/* fork(); the child has the signals of a new program.  stop_reaper and cleanup have no effect. */
int ast_safe_fork(int stop_reaper);
void ast_safe_fork_cleanup(void);
/* Closes the descriptors above n, in a child process. */
void ast_close_fds_above_n(int n);
/* Runs a program and waits: its status as of waitpid, or -1.  dualfork has no effect. */
int ast_safe_execvp(int dualfork, const char *file, char *const argv[]);

/* ---- locks of directories, by a file in them ---- */

enum AST_LOCK_RESULT {
	AST_LOCK_SUCCESS = 0,
	AST_LOCK_TIMEOUT = -1,
	AST_LOCK_PATH_NOT_FOUND = -2,
	AST_LOCK_FAILURE = -3,
};
/* Locks a directory, waiting for 5 s at most; unlock gives 0, or -1. */
enum AST_LOCK_RESULT ast_lock_path(const char *path);
int ast_unlock_path(const char *path);

/* ---- subroutines of the dialplan, which a module runs ---- */

struct ast_app_stack_funcs {
	void *module;
	int (*run_sub)(struct ast_channel *chan, const char *args, int ignore_hangup);
	const char *(*expand_sub_args)(struct ast_channel *chan, const char *args);
};
/* Sets the functions of a module, NULL for none. */
void ast_install_stack_functions(const struct ast_app_stack_funcs *funcs);
/* Runs "context,extension,priority(arguments)" on sub_chan, while the other (or NULL) is serviced: 0, or -1. */
int ast_app_exec_sub(struct ast_channel *autoservice_chan, struct ast_channel *sub_chan, const char *sub_args,
	int ignore_hangup);
int ast_app_run_sub(struct ast_channel *autoservice_chan, struct ast_channel *sub_chan, const char *sub_location,
	const char *sub_args, int ignore_hangup);
/* The arguments with context and extension of the channel where they are left out, to be freed; NULL on failure. */
const char *ast_app_expand_sub_args(struct ast_channel *chan, const char *args);

/* ---- voicemail, which a module provides; laid out as in Asterisk 20 and later ---- */

struct ast_vm_recording_data {
	AST_DECLARE_STRING_FIELDS(
		AST_STRING_FIELD(context);
		AST_STRING_FIELD(mailbox);
		AST_STRING_FIELD(folder);
		AST_STRING_FIELD(recording_file);
		AST_STRING_FIELD(recording_ext);
		AST_STRING_FIELD(call_context);
		AST_STRING_FIELD(call_extension);
		AST_STRING_FIELD(call_callerchan);
		AST_STRING_FIELD(call_callerid);
	);
	int call_priority;
};

struct ast_vm_msg_snapshot {
	AST_DECLARE_STRING_FIELDS(
		AST_STRING_FIELD(msg_id);
		AST_STRING_FIELD(callerid);
		AST_STRING_FIELD(callerchan);
		AST_STRING_FIELD(exten);
		AST_STRING_FIELD(origdate);
		AST_STRING_FIELD(origtime);
		AST_STRING_FIELD(duration);
		AST_STRING_FIELD(folder_name);
		AST_STRING_FIELD(flag);
	);
	unsigned int msg_number;
	AST_LIST_ENTRY(ast_vm_msg_snapshot) msg;
};

struct ast_vm_mailbox_snapshot {
	int total_msg_num;
	int folders;
	AST_LIST_HEAD_NOLOCK(, ast_vm_msg_snapshot) *snapshots;	/* A list for each folder. */
};

enum ast_vm_snapshot_sort_val {
	AST_VM_SNAPSHOT_SORT_BY_ID = 0,
	AST_VM_SNAPSHOT_SORT_BY_TIME,
};

typedef int (ast_has_voicemail_fn)(const char *mailboxes, const char *folder);
typedef int (ast_inboxcount_fn)(const char *mailboxes, int *newmsgs, int *oldmsgs);
typedef int (ast_inboxcount2_fn)(const char *mailboxes, int *urgentmsgs, int *newmsgs, int *oldmsgs);
typedef int (ast_sayname_fn)(struct ast_channel *chan, const char *mailbox_id);
typedef int (ast_messagecount_fn)(const char *mailbox_id, const char *folder);
typedef int (ast_copy_recording_to_vm_fn)(struct ast_vm_recording_data *vm_rec_data);
typedef const char *(ast_vm_index_to_foldername_fn)(int id);
typedef struct ast_vm_mailbox_snapshot *(ast_vm_mailbox_snapshot_create_fn)(const char *mailbox, const char *context,
	const char *folder, int descending, enum ast_vm_snapshot_sort_val sort_val, int combine_INBOX_and_OLD);
typedef struct ast_vm_mailbox_snapshot *(ast_vm_mailbox_snapshot_destroy_fn)(
	struct ast_vm_mailbox_snapshot *mailbox_snapshot);
typedef int (ast_vm_msg_move_fn)(const char *mailbox, const char *context, size_t num_msgs, const char *oldfolder,
	const char *old_msg_ids[], const char *newfolder);
typedef int (ast_vm_msg_remove_fn)(const char *mailbox, const char *context, size_t num_msgs, const char *folder,
	const char *msgs[]);
typedef int (ast_vm_msg_forward_fn)(const char *from_mailbox, const char *from_context, const char *from_folder,
	const char *to_mailbox, const char *to_context, const char *to_folder, size_t num_msgs, const char *msg_ids[],
	int delete_old);
typedef void (ast_vm_msg_play_cb)(struct ast_channel *chan, const char *playfile, int duration);
typedef int (ast_vm_msg_play_fn)(struct ast_channel *chan, const char *mailbox, const char *context, const char *folder,
	const char *msg_num, ast_vm_msg_play_cb *cb);

#define VM_MODULE_VERSION 2
/* What a module does; any of the callbacks may be NULL. */
struct ast_vm_functions {
	unsigned int module_version;
	const char *module_name;
	struct ast_module *module;
	ast_has_voicemail_fn *has_voicemail;
	ast_inboxcount_fn *inboxcount;
	ast_inboxcount2_fn *inboxcount2;
	ast_messagecount_fn *messagecount;
	ast_copy_recording_to_vm_fn *copy_recording_to_vm;
	ast_vm_index_to_foldername_fn *index_to_foldername;
	ast_vm_mailbox_snapshot_create_fn *mailbox_snapshot_create;
	ast_vm_mailbox_snapshot_destroy_fn *mailbox_snapshot_destroy;
	ast_vm_msg_move_fn *msg_move;
	ast_vm_msg_remove_fn *msg_remove;
	ast_vm_msg_forward_fn *msg_forward;
	ast_vm_msg_play_fn *msg_play;
};

#define VM_GREETER_MODULE_VERSION 1
struct ast_vm_greeter_functions {
	unsigned int module_version;
	const char *module_name;
	struct ast_module *module;
	ast_sayname_fn *sayname;
};

/* Registers the functions of a module: 0, or -1 for another version, or while those of another module are registered. */
int __ast_vm_register(const struct ast_vm_functions *vm_table, struct ast_module *module);
int __ast_vm_greeter_register(const struct ast_vm_greeter_functions *vm_table, struct ast_module *module);
#define ast_vm_register(vm_table) __ast_vm_register((vm_table), AST_MODULE_SELF)
#define ast_vm_greeter_register(vm_table) __ast_vm_greeter_register((vm_table), AST_MODULE_SELF)
void ast_vm_unregister(const char *module_name);
void ast_vm_greeter_unregister(const char *module_name);
int ast_vm_is_registered(void);
int ast_vm_greeter_is_registered(void);

/* Ask the module; without one 0 messages, -1 or NULL, and a message in the log. */
int ast_app_has_voicemail(const char *mailboxes, const char *folder);
int ast_app_inboxcount(const char *mailboxes, int *newmsgs, int *oldmsgs);
int ast_app_inboxcount2(const char *mailboxes, int *urgentmsgs, int *newmsgs, int *oldmsgs);
int ast_app_messagecount(const char *mailbox_id, const char *folder);
int ast_app_sayname(struct ast_channel *chan, const char *mailbox_id);
int ast_app_copy_recording_to_vm(struct ast_vm_recording_data *vm_rec_data);
const char *ast_vm_index_to_foldername(int id);
struct ast_vm_mailbox_snapshot *ast_vm_mailbox_snapshot_create(const char *mailbox, const char *context,
	const char *folder, int descending, enum ast_vm_snapshot_sort_val sort_val, int combine_INBOX_and_OLD);
struct ast_vm_mailbox_snapshot *ast_vm_mailbox_snapshot_destroy(struct ast_vm_mailbox_snapshot *mailbox_snapshot);
int ast_vm_msg_move(const char *mailbox, const char *context, size_t num_msgs, const char *oldfolder,
	const char *old_msg_ids[], const char *newfolder);
int ast_vm_msg_remove(const char *mailbox, const char *context, size_t num_msgs, const char *folder, const char *msgs[]);
int ast_vm_msg_forward(const char *from_mailbox, const char *from_context, const char *from_folder,
	const char *to_mailbox, const char *to_context, const char *to_folder, size_t num_msgs, const char *msg_ids[],
	int delete_old);
int ast_vm_msg_play(struct ast_channel *chan, const char *mailbox, const char *context, const char *folder,
	const char *msg_num, ast_vm_msg_play_cb *cb);

/* ---- groups of channels, as GROUP() sets them: "name@category" ---- */

/* Splits a group; without a name -1.  Both rooms may be NULL. */
int ast_app_group_split_group(const char *data, char *group, int group_max, char *category, int category_max);
/* Puts a channel into a group, out of the one that it had in the category: 0, or -1.  discard: out of all. */
int ast_app_group_set_channel(struct ast_channel *chan, const char *data);
int ast_app_group_discard(struct ast_channel *chan);
int ast_app_group_update(struct ast_channel *oldchan, struct ast_channel *newchan);
/* How many channels are in a group; in groups whose names, and whose categories, match regular expressions. */
int ast_app_group_get_count(const char *group, const char *category);
int ast_app_group_match_get_count(const char *groupmatch, const char *category);
/* The list of all, to be locked while it is walked (group_list of channel.h). */
struct ast_group_info *ast_app_group_list_head(void);
int ast_app_group_list_rdlock(void);
int ast_app_group_list_wrlock(void);
int ast_app_group_list_unlock(void);

/* ---- calls of queues ---- */

/* The topics of queue applications: of all, and of one. */
struct stasis_topic *ast_queue_topic_all(void);
struct stasis_topic *ast_queue_topic(const char *queuename);

#ifdef __cplusplus
}
#endif

#endif
