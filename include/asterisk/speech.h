/*
 * Recognition of speech by engines.  Implemented by the module res_speech.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef ASTERISM_SPEECH_H
#define ASTERISM_SPEECH_H

#include "asterisk/linkedlists.h"
#include "asterisk/lock.h"

#ifdef __cplusplus
extern "C" {
#endif

struct ast_channel;
struct ast_format;
struct ast_format_cap;

enum ast_speech_flags {
	AST_SPEECH_QUIET = (1 << 0),
	AST_SPEECH_SPOKE = (1 << 1),
	AST_SPEECH_HAVE_RESULTS = (1 << 2),
};
enum ast_speech_states {
	AST_SPEECH_STATE_NOT_READY = 0,
	AST_SPEECH_STATE_READY,
	AST_SPEECH_STATE_WAIT,
	AST_SPEECH_STATE_DONE,
};
enum ast_speech_results_type {
	AST_SPEECH_RESULTS_TYPE_NORMAL = 0,
	AST_SPEECH_RESULTS_TYPE_NBEST,
};

struct ast_speech {
	ast_mutex_t lock;
	unsigned int flags;
	char *processing_sound;
	int state;
	struct ast_format *format;
	void *data;
	struct ast_speech_result *results;
	enum ast_speech_results_type results_type;
	struct ast_speech_engine *engine;
};

/* What a module that recognizes speech does. */
struct ast_speech_engine {
	char *name;
	int (*create)(struct ast_speech *speech, struct ast_format *format);
	int (*destroy)(struct ast_speech *speech);
	int (*load)(struct ast_speech *speech, const char *grammar_name, const char *grammar);
	int (*unload)(struct ast_speech *speech, const char *grammar_name);
	int (*activate)(struct ast_speech *speech, const char *grammar_name);
	int (*deactivate)(struct ast_speech *speech, const char *grammar_name);
	int (*write)(struct ast_speech *speech, void *data, int len);
	int (*dtmf)(struct ast_speech *speech, const char *dtmf);
	int (*start)(struct ast_speech *speech);
	int (*change)(struct ast_speech *speech, const char *name, const char *value);
	int (*get_setting)(struct ast_speech *speech, const char *name, char *buf, size_t len);
	int (*change_results_type)(struct ast_speech *speech, enum ast_speech_results_type results_type);
	struct ast_speech_result *(*get)(struct ast_speech *speech);
	struct ast_format_cap *formats;
	AST_LIST_ENTRY(ast_speech_engine) list;
};

/* A text that was recognized, with its score. */
struct ast_speech_result {
	char *text;
	int score;
	int nbest_num;
	char *grammar;
	AST_LIST_ENTRY(ast_speech_result) list;
};

const char *ast_speech_results_type_to_string(enum ast_speech_results_type type);
struct ast_speech *ast_speech_new(const char *engine_name, const struct ast_format_cap *formats);
int ast_speech_destroy(struct ast_speech *speech);
void ast_speech_start(struct ast_speech *speech);
int ast_speech_write(struct ast_speech *speech, void *data, int len);
int ast_speech_dtmf(struct ast_speech *speech, const char *dtmf);
int ast_speech_grammar_activate(struct ast_speech *speech, const char *grammar_name);
int ast_speech_grammar_deactivate(struct ast_speech *speech, const char *grammar_name);
int ast_speech_grammar_load(struct ast_speech *speech, const char *grammar_name, const char *grammar);
int ast_speech_grammar_unload(struct ast_speech *speech, const char *grammar_name);
struct ast_speech_result *ast_speech_results_get(struct ast_speech *speech);
int ast_speech_results_free(struct ast_speech_result *result);
int ast_speech_change(struct ast_speech *speech, const char *name, const char *value);
int ast_speech_get_setting(struct ast_speech *speech, const char *name, char *buf, size_t len);
int ast_speech_change_results_type(struct ast_speech *speech, enum ast_speech_results_type results_type);
int ast_speech_change_state(struct ast_speech *speech, int state);
int ast_speech_register(struct ast_speech_engine *engine);
int ast_speech_unregister(const char *engine_name);
struct ast_speech_engine *ast_speech_unregister2(const char *engine_name);
struct ast_speech_engine *ast_speech_find_engine(const char *engine_name);
void ast_speech_unregister_engines(int (*should_unregister)(const struct ast_speech_engine *engine, void *data), void
	*data, void (*on_unregistered)(void *obj));

#ifdef __cplusplus
}
#endif

#endif
