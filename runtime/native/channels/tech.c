/*
 * Channel technologies: what modules register, and what their own channels ask them for.
 *
 * A channel of the core has `asterism_emulated_tech`, which has no callbacks.  Callbacks of a channel's technology are
 * called with the channel locked, as in Asterisk, but for `send_html`, for which Asterisk does not lock it either.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"

#include <poll.h>

#include "asterisk/astobj2.h"
#include "asterisk/causes.h"
#include "asterisk/devicestate.h"

#include "../states/providers.h"
#include "record.h"

static struct asterism_providers technologies = ASTERISM_PROVIDERS("channel technology");

const struct ast_channel_tech asterism_emulated_tech = {
	.type = "Emulated",
	.description = "A channel without media",
};

int ast_channel_register(const struct ast_channel_tech *tech)
{
	/* A provider is an address of the module that registers it, of a function or not. */
	return asterism_provider_add(&technologies, tech ? tech->type : NULL, (void (*)(void)) tech);
}

static const struct ast_channel_tech *tech_of_provider(const struct asterism_provider *found)
{
	return found ? (const struct ast_channel_tech *) found->callback : NULL;
}

const struct ast_channel_tech *ast_get_channel_tech(const char *name)
{
	const struct ast_channel_tech *tech = tech_of_provider(asterism_provider_lock(&technologies, name));

	asterism_provider_unlock(&technologies);
	return tech;
}

int asterism_technology_state(const char *technology, const char *number)
{
	const struct ast_channel_tech *tech = tech_of_provider(asterism_provider_lock(&technologies, technology));
	int state = !tech ? -1 : tech->devicestate ? MAX(tech->devicestate(number), 0) : AST_DEVICE_UNKNOWN;

	asterism_provider_unlock(&technologies);
	return state;
}

void ast_channel_unregister(const struct ast_channel_tech *tech)
{
	if (tech && ast_get_channel_tech(tech->type) == tech) {
		asterism_provider_remove(&technologies, tech->type);
	}
}

struct ast_variable *ast_channeltype_list(void)
{
	struct ast_variable *list = NULL, **end = &list;
	const struct asterism_provider *one;

	asterism_provider_lock(&technologies, NULL);
	for (one = technologies.first; one; one = one->next) {
		*end = ast_variable_new(one->name, S_OR(tech_of_provider(one)->description, ""), "");
		end = *end ? &(*end)->next : end;
	}
	asterism_provider_unlock(&technologies);
	return list;
}

static void describe(struct asterism_channel_type *told, const struct ast_channel_tech *tech)
{
	const int can[] = { tech->devicestate != NULL, tech->presencestate != NULL, tech->indicate != NULL,
		tech->transfer != NULL, tech->send_digit_begin != NULL, tech->send_digit_end != NULL, tech->send_html != NULL,
		tech->send_image != NULL, tech->send_text != NULL };
	struct ast_str *formats = ast_str_alloca(sizeof(told->formats));
	size_t i;

	*told = (struct asterism_channel_type) { .can = 0 };
	snprintf(told->name, sizeof(told->name), "%s", tech->type);
	snprintf(told->description, sizeof(told->description), "%s", S_OR(tech->description, ""));
	snprintf(told->formats, sizeof(told->formats), "%s",
		tech->capabilities ? ast_format_cap_get_names(tech->capabilities, &formats) : "(nothing)");
	for (i = 0; i < ARRAY_LEN(can); i++) {
		told->can |= (unsigned int) can[i] << i;
	}
}

int asterism_channel_types(struct asterism_channel_type *told, int room)
{
	const struct asterism_provider *one;
	int found = 0;

	asterism_provider_lock(&technologies, NULL);
	for (one = technologies.first; one; one = one->next, found++) {
		if (found < room) {
			describe(&told[found], tech_of_provider(one));
		}
	}
	asterism_provider_unlock(&technologies);
	return found;
}

/* The technology of a channel, with the channel locked; NULL, unlocked, for what is not a channel. */
static const struct ast_channel_tech *lock_tech(struct ast_channel *chan, const char *function)
{
	const struct ast_channel_tech *tech = asterism_channel_native(chan, ASTERISM_NATIVE_TECH, function);

	if (tech) {
		ao2_lock(chan);
	}
	return tech;
}

/* ---- outgoing calls ---- */

/* The formats of a request: those that the technology has, too, or all of them; media is not translated. */
static struct ast_format_cap *formats_for(const struct ast_channel_tech *tech, const struct ast_format_cap *wanted)
{
	struct ast_format_cap *formats = ast_format_cap_alloc(AST_FORMAT_CAP_FLAG_DEFAULT);

	if (formats && wanted) {
		if (tech->capabilities) {
			ast_format_cap_get_compatible(wanted, tech->capabilities, formats);
		}
		if (ast_format_cap_empty(formats)) {
			ast_format_cap_append_from_cap(formats, wanted, AST_MEDIA_TYPE_UNKNOWN);
		}
	}
	return formats;
}

static struct ast_channel *request_of(const struct ast_channel_tech *tech, const char *type,
	struct ast_format_cap *wanted, const struct ast_assigned_ids *ids, const struct ast_channel *requestor,
	const char *addr, int *cause)
{
	struct ast_format_cap *formats = formats_for(tech, wanted);
	struct ast_channel *chan;

	if (!formats || !tech->requester) {
		ast_log(LOG_WARNING, "the channel technology '%s' makes no channels for calls\n", type);
		ao2_cleanup(formats);
		return NULL;
	}
	chan = tech->requester(type, formats, ids, requestor, addr, cause);
	ao2_ref(formats, -1);
	return chan;
}

struct ast_channel *ast_request(const char *type, struct ast_format_cap *request_cap,
	const struct ast_assigned_ids *assignedids, const struct ast_channel *requestor, const char *addr, int *cause)
{
	const struct ast_channel_tech *tech;
	struct ast_channel *chan = NULL;
	int ignored;

	cause = cause ? cause : &ignored;
	*cause = AST_CAUSE_NOTDEFINED;
	/* Locked until the channel is made, so that the technology stays registered meanwhile. */
	tech = tech_of_provider(asterism_provider_lock(&technologies, type));
	if (tech) {
		chan = request_of(tech, type, request_cap, assignedids, requestor, addr, cause);
	}
	asterism_provider_unlock(&technologies);
	if (!tech) {
		ast_log(LOG_WARNING, "there is no channel technology '%s'\n", S_OR(type, ""));
		*cause = AST_CAUSE_NOSUCHDRIVER;
	}
	return chan;
}

int ast_call(struct ast_channel *chan, const char *addr, int timeout)
{
	const struct ast_channel_tech *tech = lock_tech(chan, __func__);
	int result = -1;

	if (!tech) {
		return -1;
	}
	if (!ast_test_flag(ast_channel_flags(chan), AST_FLAG_ZOMBIE) && !ast_check_hangup(chan)) {
		if (tech->call) {
			result = tech->call(chan, addr, timeout);
		}
		ast_set_flag(ast_channel_flags(chan), AST_FLAG_OUTGOING);
	}
	ao2_unlock(chan);
	return result;
}

int ast_pre_call(struct ast_channel *chan, const char *sub_args)
{
	const struct ast_channel_tech *tech = lock_tech(chan, __func__);
	int result = 0;

	if (!tech) {
		return -1;
	}
	if (tech->pre_call) {
		result = tech->pre_call(chan, sub_args);
	} else if (!ast_strlen_zero(sub_args)) {
		ast_log(LOG_WARNING, "subroutines before a call are not run: '%s'\n", sub_args);
		result = -1;
	}
	ao2_unlock(chan);
	return result;
}

int ast_transfer(struct ast_channel *chan, char *dest)
{
	const struct ast_channel_tech *tech = lock_tech(chan, __func__);
	int result = -1;

	if (!tech) {
		return -1;
	}
	if (!ast_check_hangup(chan)) {
		result = tech->transfer ? tech->transfer(chan, dest) : 0;	/* 0: not supported. */
		result = tech->transfer && !result ? 1 : result;
	}
	ao2_unlock(chan);
	return result;
}

/* ---- the course of a call ---- */

void asterism_channel_finish(struct ast_channel *chan)
{
	const struct ast_channel_tech *tech = lock_tech(chan, __func__);

	if (!tech) {
		return;
	}
	ast_deactivate_generator(chan);
	if (!ast_test_flag(ast_channel_flags(chan), AST_FLAG_ZOMBIE)) {
		ast_set_flag(ast_channel_flags(chan), AST_FLAG_ZOMBIE);
		if (tech->hangup) {
			tech->hangup(chan);
		}
	}
	ao2_unlock(chan);
	asterism_channel_drop(chan);
}

int ast_raw_answer(struct ast_channel *chan)
{
	__typeof__(asterism_table.asterism_line_answer) answer = asterism_table.asterism_line_answer;
	const struct ast_channel_tech *tech = lock_tech(chan, __func__);
	enum ast_channel_state state;
	int result = 0;

	if (!tech) {
		return -1;
	}
	state = ast_channel_state(chan);
	if (ast_check_hangup(chan)) {
		result = -1;
	} else if (tech->answer && (state == AST_STATE_RING || state == AST_STATE_RINGING)) {
		result = tech->answer(chan);
	}
	ao2_unlock(chan);
	return result ? result : answer ? answer(chan) : -1;
}

int ast_answer(struct ast_channel *chan)
{
	return ast_raw_answer(chan);
}

int ast_auto_answer(struct ast_channel *chan)
{
	return ast_channel_state(chan) == AST_STATE_UP ? 0 : ast_answer(chan);
}

int ast_indicate_data(struct ast_channel *chan, int condition, const void *data, size_t datalen)
{
	__typeof__(asterism_table.asterism_line_indicate) indicate = asterism_table.asterism_line_indicate;
	const struct ast_channel_tech *tech = lock_tech(chan, __func__);

	if (!tech) {
		return -1;
	}
	/* What the technology does not know is told the caller by a tone, as a channel without technology does. */
	if (tech->indicate) {
		tech->indicate(chan, condition, data, datalen);
	}
	ao2_unlock(chan);
	return indicate ? indicate(chan, condition) : -1;
}

int ast_indicate(struct ast_channel *chan, int condition)
{
	return ast_indicate_data(chan, condition, NULL, 0);
}

int ast_sendtext(struct ast_channel *chan, const char *text)
{
	__typeof__(asterism_table.asterism_line_text) tell = asterism_table.asterism_line_text;
	const struct ast_channel_tech *tech = lock_tech(chan, __func__);
	int result = 0;

	if (!tech) {
		return -1;
	}
	if (ast_check_hangup(chan)) {
		result = -1;
	} else if (tech->send_text && !ast_strlen_zero(text)) {
		result = tech->send_text(chan, text);
	}
	ao2_unlock(chan);
	return result || ast_strlen_zero(text) ? result : tell ? tell(chan, text) : -1;
}

int ast_senddigit_begin(struct ast_channel *chan, char digit)
{
	__typeof__(asterism_table.asterism_line_digit) send = asterism_table.asterism_line_digit;
	const struct ast_channel_tech *tech = lock_tech(chan, __func__);

	if (!tech) {
		return -1;
	}
	if (tech->send_digit_begin) {
		ast_channel_sending_dtmf_digit_set(chan, digit);
		tech->send_digit_begin(chan, digit);
	}
	ao2_unlock(chan);
	return send ? send(chan, digit) : -1;
}

int ast_senddigit_end(struct ast_channel *chan, char digit, unsigned int duration)
{
	const struct ast_channel_tech *tech = lock_tech(chan, __func__);

	if (!tech) {
		return -1;
	}
	if (tech->send_digit_end) {
		ast_channel_sending_dtmf_digit_set(chan, 0);
		tech->send_digit_end(chan, digit, duration);
	}
	ao2_unlock(chan);
	return ast_check_hangup(chan) ? -1 : 0;
}

int ast_senddigit(struct ast_channel *chan, char digit, unsigned int duration)
{
	unsigned int lasts = MAX(duration, 100U);

	if (ast_senddigit_begin(chan, digit) || ast_safe_sleep(chan, (int) MIN(lasts, (unsigned int) INT_MAX))) {
		return -1;
	}
	return ast_senddigit_end(chan, digit, lasts);
}

int ast_senddigit_external(struct ast_channel *chan, char digit, unsigned int duration)
{
	return ast_senddigit(chan, digit, duration);
}

/* ---- options ---- */

int ast_channel_setoption(struct ast_channel *chan, int option, void *data, int datalen, int block attribute_unused)
{
	const struct ast_channel_tech *tech = lock_tech(chan, __func__);
	int result = -1;

	if (!tech) {
		return -1;
	}
	if (tech->setoption) {
		result = tech->setoption(chan, option, data, datalen);
	} else {
		errno = ENOSYS;
	}
	ao2_unlock(chan);
	return result;
}

int ast_channel_queryoption(struct ast_channel *chan, int option, void *data, int *datalen, int block attribute_unused)
{
	const struct ast_channel_tech *tech = lock_tech(chan, __func__);
	int result = -1;

	if (!tech) {
		return -1;
	}
	if (tech->queryoption) {
		result = tech->queryoption(chan, option, data, datalen);
	} else {
		errno = ENOSYS;
	}
	ao2_unlock(chan);
	return result;
}

int ast_channel_supports_html(struct ast_channel *chan)
{
	const struct ast_channel_tech *tech = asterism_channel_native(chan, ASTERISM_NATIVE_TECH, __func__);

	return tech && tech->send_html;
}

int ast_channel_sendhtml(struct ast_channel *chan, int subclass, const char *data, int datalen)
{
	const struct ast_channel_tech *tech = asterism_channel_native(chan, ASTERISM_NATIVE_TECH, __func__);

	return tech && tech->send_html ? tech->send_html(chan, subclass, data, datalen) : -1;
}

int ast_channel_sendurl(struct ast_channel *chan, const char *url)
{
	return ast_channel_sendhtml(chan, AST_HTML_URL, url, url ? (int) strlen(url) + 1 : 0);
}

int ast_channel_get_device_name(struct ast_channel *chan, char *device_name, size_t name_buffer_length)
{
	char *dash;
	int length = (int) MIN(name_buffer_length, (size_t) INT_MAX);

	if (!device_name || !name_buffer_length || !asterism_channel_record(chan, __func__)) {
		return -1;
	}
	if (!ast_channel_queryoption(chan, AST_OPTION_DEVICE_NAME, device_name, &length, 0)) {
		return 0;
	}
	ao2_lock(chan);
	ast_copy_string(device_name, ast_channel_name(chan), name_buffer_length);
	ao2_unlock(chan);
	dash = strrchr(device_name, '-');
	if (dash) {
		*dash = '\0';
	}
	return 0;
}

/* ---- frames of a technology ---- */

/* Whether something has arrived on a descriptor of the channel, which is then its fdno. */
static int has_arrived(struct ast_channel *chan)
{
	int i, count = ast_channel_fd_count(chan);

	for (i = 0; i < count; i++) {
		struct pollfd one = { .fd = ast_channel_fd(chan, i), .events = POLLIN | POLLPRI, };

		if (one.fd >= 0 && poll(&one, 1, 0) > 0) {
			ast_channel_fdno_set(chan, i);
			return 1;
		}
	}
	return 0;
}

int asterism_tech_has_frame(struct ast_channel *chan)
{
	const struct ast_channel_tech *tech = lock_tech(chan, __func__);
	int result = tech && tech->read && has_arrived(chan);

	if (tech) {
		ao2_unlock(chan);
	}
	return result;
}

struct ast_frame *asterism_tech_read(struct ast_channel *chan)
{
	const struct ast_frame hangup = {
		.frametype = AST_FRAME_CONTROL, .subclass.integer = AST_CONTROL_HANGUP, .src = "technology",
	};
	const struct ast_channel_tech *tech = lock_tech(chan, __func__);
	struct ast_frame *frame = NULL;

	if (!tech) {
		return NULL;
	}
	if (tech->read && has_arrived(chan)) {
		frame = tech->read(chan);
		frame = frame ? ast_frisolate(frame) : ast_frdup(&hangup);
	}
	ao2_unlock(chan);
	return frame;
}

int asterism_tech_write(struct ast_channel *chan, struct ast_frame *frame)
{
	const struct ast_channel_tech *tech = lock_tech(chan, __func__);
	int (*write)(struct ast_channel *, struct ast_frame *);
	int result = 0;

	if (!tech) {
		return -1;
	}
	write = frame->frametype == AST_FRAME_VIDEO ? tech->write_video : tech->write;
	if (write) {
		result = write(chan, frame);
	}
	ao2_unlock(chan);
	return result;
}
