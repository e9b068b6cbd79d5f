/*
 * The driver's requests about channels (asterisk/channel.h, chanvars.h).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"
#include "driver.h"

#include "asterisk/astobj2.h"
#include "asterisk/audiohook.h"
#include "asterisk/format_cache.h"
#include "asterisk/framehook.h"

#include "fields.h"

/* What Python says of a global variable that is not set. */
static const char *unset(struct ast_channel *chan, const char *name)
{
	(void) chan;
	(void) name;
	return NULL;
}

static void say(struct ast_channel *chan, const char *name)
{
	printf("%s=%s ", name, S_OR(pbx_builtin_getvar_helper(chan, name), "(none)"));
}

static void show_all(struct asterism_record *record)
{
	size_t size, at;
	char *all = asterism_variables_all(record, &size);

	for (at = 0; all && at < size; at += strlen(all + at) + 1) {
		printf("[%s]", all + at);
	}
	free(all);
}

/* A module changes the list of a channel in place, between changes by the core; the text is the value. */
void channel_variables(char *text)
{
	struct asterism_record *record = asterism_record_new();
	struct ast_channel *chan = asterism_channel_new(record);
	struct ast_var_t *var = ast_var_assign("X", text), *inherited = ast_var_assign("__Y", text);
	int i;

	asterism_table.asterism_variable_get = unset;
	AST_LIST_INSERT_HEAD(ast_channel_varshead(chan), var, entries);
	AST_LIST_INSERT_HEAD(ast_channel_varshead(chan), inherited, entries);
	say(chan, "X");
	pbx_builtin_pushvar_helper(chan, "X", "hides");
	say(chan, "_X");
	pbx_builtin_setvar_helper(chan, "X", NULL);
	AST_LIST_REMOVE(ast_channel_varshead(chan), var, entries);
	ast_var_delete(var);
	say(chan, "X");
	for (i = 0; i < 98; i++) {
		pbx_builtin_setvar_helper(chan, "Y", i % 3 ? text : NULL);	/* The core takes what the module put in. */
	}
	ast_channel_release(chan);
	show_all(record);	/* They outlive the channel's object. */
	asterism_record_drop(record);
	asterism_table.asterism_variable_get = NULL;
}

/* ---- fields ---- */

static int reasons_at_the_end;

static void note_the_end(struct ast_channel *chan)
{
	reasons_at_the_end = ast_check_hangup(chan) * 10 + (int) strlen(ast_channel_exten(chan));
}

/* The text is set and read; a text that was read stays readable while the field is set again and again. */
void channel_fields(char *text)
{
	struct asterism_record *record = asterism_record_new();
	struct ast_channel *chan = asterism_channel_new(record);
	const char *first;
	char room[8];
	size_t length;
	int i;

	ast_channel_exten_set(chan, text);
	first = ast_channel_exten(chan);
	hex(first);
	ast_channel_exten_set(chan, first);
	printf("%d ", first == ast_channel_exten(chan));
	for (i = 0; i < 16; i++) {
		snprintf(room, sizeof(room), "%d", i);
		ast_channel_exten_set(chan, room);
	}
	hex(first);
	length = asterism_record_text(record, ASTERISM_TEXT_EXTEN, room, 2);
	printf("%zu ", length);
	ast_channel_exten_set(chan, NULL);
	hex(ast_channel_exten(chan));
	ast_channel_callgroup_set(chan, 1ULL << 63);
	ast_channel_dtmf_digit_to_emulate_set(chan, '#');
	ast_channel_tech_pvt_set(chan, record);
	printf("%d %c %d %d", ast_channel_callgroup(chan) == 1ULL << 63, ast_channel_dtmf_digit_to_emulate(chan),
		ast_channel_tech_pvt(chan) == record, ast_channel_fdno(chan));
	asterism_table.asterism_channel_gone = note_the_end;
	ast_softhangup(chan, AST_SOFTHANGUP_DEV);
	ast_channel_exten_set(chan, "four");
	ast_channel_release(chan);
	asterism_table.asterism_channel_gone = NULL;
	printf(" %d", reasons_at_the_end);
	asterism_record_drop(record);
}

/* NULL, an object that is not a channel, and a channel that is gone give failure values and one message a call. */
void channel_mistakes(char *text)
{
	struct asterism_record *record = asterism_record_new();
	struct ast_channel *gone = asterism_channel_new(record);
	void *wrong[] = { NULL, record, gone, text };
	size_t i;

	ast_channel_release(gone);
	for (i = 0; i < 3; i++) {
		struct ast_channel *chan = wrong[i];

		logged = 0;
		ast_channel_name_set(chan, text);
		ast_channel_priority_set(chan, 1);
		ast_channel_tech_pvt_set(chan, text);
		ast_channel_softhangup_internal_flag_set(chan, 1);
		ast_set_callerid(chan, text, text, text);
		printf("'%s' %d %d %d %d %d %d %d %d, ", ast_channel_name(chan), ast_channel_priority(chan),
			ast_channel_tech_pvt(chan) == NULL, ast_check_hangup(chan), ast_softhangup(chan, 1),
			ast_setstate(chan, AST_STATE_UP), ast_channel_caller(chan) == NULL, ast_channel_varshead(chan) == NULL,
			ast_channel_datastores(chan) == NULL);
		printf("%d logged; ", logged);
	}
	asterism_record_drop(record);
}

static int hang_up(struct ast_channel *chan, int ms)
{
	(void) ms;
	ast_softhangup(chan, AST_SOFTHANGUP_DEV);
	return '5';
}

/* The channel is hung up while each of these calls waits on the line, and a digit arrives all the same. */
void channel_hangups(char *text)
{
	struct asterism_record *record = asterism_record_new();
	struct ast_channel *chan = asterism_channel_new(record);
	struct ast_frame frame = { .frametype = AST_FRAME_TEXT, .data.ptr = text, .datalen = (int) strlen(text), };
	struct ast_channel *all[] = { chan };
	int ms = 100;

	asterism_table.asterism_line_wait = hang_up;
	printf("%d ", ast_waitfor(chan, 100));
	printf("%d ", ast_waitfor(chan, 100));
	printf("%d ", ast_read(chan) == NULL);
	ast_channel_clear_softhangup(chan, AST_SOFTHANGUP_ALL);
	ast_frfree(ast_read(chan));	/* The digit. */
	printf("%d ", ast_waitfor_n(all, 1, &ms) == chan);
	printf("%d %d ", ast_check_hangup(chan), ast_write(chan, &frame));
	ast_queue_frame(chan, &frame);
	ast_queue_control(chan, AST_CONTROL_HANGUP);
	ast_channel_clear_softhangup(chan, AST_SOFTHANGUP_ALL);
	ast_frfree(ast_read(chan));
	printf("%d ", ast_read(chan) == NULL);
	printf("%d", ast_channel_softhangup_internal_flag(chan));
	asterism_table.asterism_line_wait = NULL;
	ast_channel_release(chan);
	asterism_record_drop(record);
}

#define TIMES 300

struct worker {
	struct ast_channel *chan;
	struct asterism_record *record;
	int number;
	int bad;
};

/* What a module does with a channel, some of it with the lock and some without. */
static void as_a_module(struct worker *worker, const char *mine)
{
	struct ast_channel *chan = worker->chan;

	ast_channel_priority_set(chan, worker->number);
	pbx_builtin_setvar_helper(chan, "X", mine);
	ast_set_callerid(chan, mine, mine, NULL);
	ast_channel_lock(chan);
	ast_channel_exten_set(chan, mine);
	worker->bad += strlen(ast_channel_exten(chan)) != 8 || strlen(pbx_builtin_getvar_helper(chan, "X")) != 8;
	worker->bad += ast_channel_priority(chan) < 0 || ast_channel_priority(chan) > 7;
	ast_channel_tech_pvt_set(chan, worker);
	worker->bad += ast_channel_tech_pvt(chan) != worker;
	ast_channel_unlock(chan);
	ast_channel_softhangup_internal_flag_add(chan, 1 << worker->number);
	worker->bad += !ast_check_hangup(chan);
}

/* What Python does with its record. */
static void as_python(struct worker *worker, const char *mine)
{
	char room[16];

	worker->bad += asterism_record_text(worker->record, ASTERISM_TEXT_EXTEN, room, sizeof(room)) != 8;
	worker->bad += asterism_record_text(worker->record, ASTERISM_TEXT_CALLER_NUMBER, room, sizeof(room)) != 8;
	asterism_record_set_text(worker->record, ASTERISM_TEXT_EXTEN, mine);
	asterism_record_set_text(worker->record, ASTERISM_TEXT_CALLER_NAME, mine);
	asterism_record_change_number(worker->record, ASTERISM_NUMBER_SOFTHANGUP, 1LL << (8 + worker->number), 0);
}

static void *work(void *data)
{
	struct worker *worker = data;
	char mine[16];
	int i;

	for (i = 0; i < TIMES; i++) {
		snprintf(mine, sizeof(mine), "%04d%04d", worker->number, i);
		ao2_ref(worker->chan, +1);
		as_a_module(worker, mine);
		as_python(worker, mine);
		ao2_ref(worker->chan, -1);
	}
	ast_channel_release(worker->chan);
	return NULL;
}

/* Eight threads at one channel, whose last reference one of them releases while Python still has the record. */
void channel_hammer(char *text)
{
	struct asterism_record *record = asterism_record_new();
	struct ast_channel *chan = asterism_channel_new(record);
	struct worker workers[8];
	pthread_t threads[8];
	int i, bad = 0;

	asterism_table.asterism_variable_get = unset;
	ast_channel_exten_set(chan, "00000000");
	for (i = 0; i < 8; i++) {
		workers[i] = (struct worker) { ao2_bump(chan), record, i, 0 };
		ast_pthread_create(&threads[i], NULL, work, &workers[i]);
	}
	ast_channel_release(chan);
	for (i = 0; i < 8; i++) {
		pthread_join(threads[i], NULL);
		bad += workers[i].bad;
	}
	printf("%d %llx", bad, (unsigned long long) asterism_record_number(record, ASTERISM_NUMBER_SOFTHANGUP));
	asterism_table.asterism_variable_get = NULL;
	asterism_record_drop(record);
	(void) text;
}

/* ---- hooks and generators that end, and hang up, inside of their own callbacks ---- */

static int ended;

static void *begin(struct ast_channel *chan, void *params)
{
	(void) chan;
	return params;
}

static void end(struct ast_channel *chan, void *data)
{
	(void) data;
	ended += ast_channel_generator(chan) == NULL;
}

static int make(struct ast_channel *chan, void *data, int len, int samples)
{
	(void) data;
	(void) len;
	(void) samples;
	ast_deactivate_generator(chan);
	return 0;
}

static struct ast_generator generator = { begin, end, make, NULL, NULL };

static struct ast_frame *on_frame(struct ast_channel *chan, struct ast_frame *frame, enum ast_framehook_event event,
	void *data)
{
	struct ast_frame text = { .frametype = AST_FRAME_TEXT, .data.ptr = data, .datalen = 1, };

	if (event == AST_FRAMEHOOK_EVENT_READ && frame) {
		ast_framehook_detach(chan, 1);
		ast_softhangup(chan, AST_SOFTHANGUP_DEV);
		ast_frfree(frame);
		return ast_frdup(&text);
	}
	return frame;
}

static void on_end(void *data)
{
	(void) data;
	ended += 10;
}

static int on_sound(struct ast_audiohook *hook, struct ast_channel *chan, struct ast_frame *frame,
	enum ast_audiohook_direction direction)
{
	(void) frame;
	(void) direction;
	return ast_audiohook_remove(chan, hook);
}

static void *listen_in(void *data)
{
	struct ast_channel *chan = data;
	int i;

	for (i = 0; i < 50; i++) {
		struct ast_audiohook spy;
		struct ast_frame *heard;

		ast_audiohook_init(&spy, AST_AUDIOHOOK_TYPE_SPY, "spy", 0);
		ast_audiohook_attach(chan, &spy);
		ast_frfree(ast_read(chan));
		ast_audiohook_lock(&spy);
		heard = ast_audiohook_read_frame(&spy, 160, AST_AUDIOHOOK_DIRECTION_READ, ast_format_slin);
		if (heard) {
			ast_frfree(heard);
		}
		ast_audiohook_detach(&spy);
		ast_audiohook_unlock(&spy);
		ast_audiohook_destroy(&spy);
	}
	return NULL;
}

void channel_hooks(char *text)
{
	struct ast_framehook_interface hook = {
		AST_FRAMEHOOK_INTERFACE_VERSION, .event_cb = on_frame, .destroy_cb = on_end, .data = text,
	};
	struct asterism_record *record = asterism_record_new();
	struct ast_channel *chan = asterism_channel_new(record);
	struct ast_audiohook changer;
	pthread_t threads[4];
	size_t i;

	ended = 0;
	for (i = 0; i < ARRAY_LEN(threads); i++) {
		ast_pthread_create(&threads[i], NULL, listen_in, chan);
	}
	for (i = 0; i < ARRAY_LEN(threads); i++) {
		pthread_join(threads[i], NULL);
	}
	ast_activate_generator(chan, &generator, text);
	ast_frfree(ast_read(chan));
	printf("%d ", ended);
	ast_audiohook_init(&changer, AST_AUDIOHOOK_TYPE_MANIPULATE, "changer", 0);
	changer.manipulate_callback = on_sound;
	ast_audiohook_attach(chan, &changer);
	ast_frfree(ast_read(chan));
	printf("%d ", changer.status == AST_AUDIOHOOK_STATUS_DONE);
	ast_framehook_attach(chan, &hook);
	ast_frfree(ast_read(chan));
	printf("%d %d ", ast_check_hangup(chan), ended);
	ast_audiohook_attach(chan, &changer);
	ast_channel_release(chan);
	ast_audiohook_destroy(&changer);
	printf("%d", ended);
	asterism_record_drop(record);
}
