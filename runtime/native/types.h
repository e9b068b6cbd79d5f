/*
 * The structures that both sides see, in the form that cffi reads.
 *
 * Their real definitions stand in include/asterisk, with macros that cffi cannot expand.  runtime.bridge.generate
 * writes a _Static_assert for the size and for each offset below, so that a difference does not compile.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

struct ast_channel;
struct ast_module;
struct ast_app;
struct ast_threadstorage;
struct ast_config;
struct ast_category;
struct ast_comment;
struct ast_string_field_pool;
struct ast_db_entry;
struct ast_channel_iterator;
struct ast_context;
struct ast_exten;
struct ast_include;
struct ast_ignorepat;
struct ast_sw;
struct ast_hashtab;
struct ast_test;
struct ast_json;
struct stasis_subscription;

enum ast_channel_state { AST_STATE_DOWN };
enum ama_flags { AST_AMA_NONE };
enum ast_pbx_result { AST_PBX_SUCCESS, AST_PBX_FAILED = -1 };
enum ast_module_load_result { AST_MODULE_LOAD_SUCCESS, AST_MODULE_LOAD_FAILURE = -1 };
enum ast_module_unload_mode { AST_FORCE_SOFT };
enum ast_module_support_level { AST_MODULE_SUPPORT_UNKNOWN };
enum ast_module_reload_result { AST_MODULE_RELOAD_SUCCESS };
enum ast_custom_function_escalation { AST_CFE_NONE };
enum ast_test_result_state { AST_TEST_NOT_RUN };
enum ast_test_command { TEST_INIT };
enum ast_getdata_result { AST_GETDATA_COMPLETE, AST_GETDATA_FAILED = -1 };
enum ast_say_case_sensitivity { AST_SAY_CASE_NONE };
enum ast_waitstream_fr_cb_values { AST_WAITSTREAM_CB_REWIND = 1 };
typedef void (ast_waitstream_fr_cb)(struct ast_channel *chan, long ms, enum ast_waitstream_fr_cb_values val);

struct ast_flags {
	unsigned int flags;
};

struct ast_timing {
	int hastime;
	unsigned int monthmask;
	unsigned int daymask;
	unsigned int dowmask;
	unsigned int minmask[48];
	char *timezone;
};

struct ast_str {
	size_t len;
	size_t used;
	struct ast_threadstorage *ts;
	char str[];
};

struct ast_json_error {
	int line;
	int column;
	int position;
	char text[160];
	char source[160];
};

struct ast_variable {
	const char *name;
	const char *value;
	struct ast_variable *next;
	const char *file;
	int lineno;
	int object;
	int blanklines;
	int inherited;
	struct ast_comment *precomments;
	struct ast_comment *sameline;
	struct ast_comment *trailing;
	char stuff[];
};

struct ast_module_info {
	struct ast_module *self;
	int (*load)(void);
	int (*reload)(void);
	int (*unload)(void);
	const char *name;
	const char *description;
	const char *key;
	unsigned int flags;
	const char buildopt_sum[33];
	unsigned char load_pri;
	const char *requires;
	const char *optional_modules;
	const char *enhances;
	void *reserved1;
	void *reserved2;
	void *reserved3;
	void *reserved4;
	int support_level;
};

struct ast_cli_args {
	const int fd;
	const int argc;
	const char * const *argv;
	const char *line;
	const char *word;
	const int pos;
	const int n;
};

struct ast_cli_entry {
	const char * const cmda[16];
	const char * const summary;
	const char *usage;
	int inuse;
	struct ast_module *module;
	char *_full_cmd;
	int cmdlen;
	int args;
	char *command;
	char *(*handler)(struct ast_cli_entry *e, int cmd, struct ast_cli_args *a);
	struct { struct ast_cli_entry *next; } list;
};

struct ast_string_field_vector {
	const char ***elems;
	size_t max;
	size_t current;
};

struct ast_string_field_mgr {
	const char *last_alloc;
	struct ast_string_field_pool *embedded_pool;
	struct ast_string_field_vector string_fields;
};

struct ast_custom_function {
	const char *name;
	struct ast_string_field_pool *__field_mgr_pool;
	const char *synopsis;
	const char *desc;
	const char *syntax;
	const char *arguments;
	const char *seealso;
	struct ast_string_field_mgr __field_mgr;
	int docsrc;
	int (*read)(struct ast_channel *chan, const char *function, char *data, char *buf, size_t len);
	int (*read2)(struct ast_channel *chan, const char *cmd, char *data, struct ast_str **str, ssize_t len);
	size_t read_max;
	int (*write)(struct ast_channel *chan, const char *function, char *data, const char *value);
	struct ast_module *mod;
	unsigned int read_escalates:1;
	unsigned int write_escalates:1;
	struct { struct ast_custom_function *next; } acflist;
	const char *since;
	const char *provided_by;
};

struct ast_test_info {
	const char *name;
	const char *category;
	const char *summary;
	const char *description;
	unsigned int explicit_only;
};

struct ast_test_capture {
	char *outbuf;
	size_t outlen;
	char *errbuf;
	size_t errlen;
	int pid;
	int exitcode;
};

/* Python's data for an action: the number that identifies the request. */
struct mansession {
	long request;
};

struct message {
	unsigned int hdrcount;
	const char *headers[128];
};

struct manager_custom_hook {
	char *file;
	int (*helper)(int category, const char *event, char *body);
	struct { struct manager_custom_hook *next; } list;
};
