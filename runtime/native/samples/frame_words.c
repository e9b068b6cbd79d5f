/*
 * Frames in words, and how long their sound is (asterisk/frame.h, asterisk/codec.h, asterisk/format.h).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"

#include "asterisk/astobj2.h"
#include "asterisk/codec.h"
#include "asterisk/format.h"
#include "asterisk/format_cache.h"
#include "asterisk/frame.h"

char *ast_frame_type2str(enum ast_frame_type frame_type, char *ftype, size_t len)
{
	static const char *const names[] = {
		[AST_FRAME_DTMF_END] = "DTMF End", [AST_FRAME_VOICE] = "Voice", [AST_FRAME_VIDEO] = "Video",
		[AST_FRAME_CONTROL] = "Control", [AST_FRAME_NULL] = "Null Frame", [AST_FRAME_IAX] = "IAX Specific",
		[AST_FRAME_TEXT] = "Text", [AST_FRAME_IMAGE] = "Image", [AST_FRAME_HTML] = "HTML", [AST_FRAME_CNG] = "CNG",
		[AST_FRAME_MODEM] = "Modem", [AST_FRAME_DTMF_BEGIN] = "DTMF Begin", [AST_FRAME_BRIDGE_ACTION] = "Bridge",
		[AST_FRAME_BRIDGE_ACTION_SYNC] = "Synchronous Bridge", [AST_FRAME_RTCP] = "RTCP",
		[AST_FRAME_TEXT_DATA] = "Text Data",
	};
	const char *name = (size_t) frame_type < ARRAY_LEN(names) ? names[frame_type] : NULL;

	if (name) {
		ast_copy_string(ftype, name, len);
	} else {
		snprintf(ftype, len, "Unknown Frametype '%u'", (unsigned int) frame_type);
	}
	return ftype;
}

static const char *const control_names[] = {
	[AST_CONTROL_HANGUP] = "Hangup", [AST_CONTROL_RING] = "Ring", [AST_CONTROL_RINGING] = "Ringing",
	[AST_CONTROL_ANSWER] = "Answer", [AST_CONTROL_BUSY] = "Busy", [AST_CONTROL_TAKEOFFHOOK] = "Take Off Hook",
	[AST_CONTROL_OFFHOOK] = "Line Off Hook", [AST_CONTROL_CONGESTION] = "Congestion", [AST_CONTROL_FLASH] = "Flash",
	[AST_CONTROL_WINK] = "Wink", [AST_CONTROL_OPTION] = "Option", [AST_CONTROL_RADIO_KEY] = "Key Radio",
	[AST_CONTROL_RADIO_UNKEY] = "Unkey Radio", [AST_CONTROL_PROGRESS] = "Progress",
	[AST_CONTROL_PROCEEDING] = "Proceeding", [AST_CONTROL_HOLD] = "Hold", [AST_CONTROL_UNHOLD] = "Unhold",
	[AST_CONTROL_VIDUPDATE] = "Video Update", [AST_CONTROL_SRCUPDATE] = "Media Source Update",
	[AST_CONTROL_TRANSFER] = "Transfer", [AST_CONTROL_CONNECTED_LINE] = "Connected Line",
	[AST_CONTROL_REDIRECTING] = "Redirecting", [AST_CONTROL_T38_PARAMETERS] = "T38 Parameters",
	[AST_CONTROL_CC] = "CC", [AST_CONTROL_SRCCHANGE] = "Media Source Change", [AST_CONTROL_AOC] = "AOC",
	[AST_CONTROL_END_OF_Q] = "Endof Q", [AST_CONTROL_INCOMPLETE] = "Incomplete", [AST_CONTROL_MCID] = "MCID",
	[AST_CONTROL_UPDATE_RTP_PEER] = "Update RTP Peer", [AST_CONTROL_PVT_CAUSE_CODE] = "Private Cause Code",
	[AST_CONTROL_STREAM_TOPOLOGY_REQUEST_CHANGE] = "Stream Topology Request Change",
	[AST_CONTROL_STREAM_TOPOLOGY_CHANGED] = "Stream Topology Changed",
};

static void tell_control(const struct ast_frame *f, char *subclass, size_t size)
{
	int which = f->subclass.integer;
	const char *name = which >= 0 && (size_t) which < ARRAY_LEN(control_names) ? control_names[which] : NULL;

	if (name) {
		ast_copy_string(subclass, name, size);
	} else {
		snprintf(subclass, size, "Unknown control '%d'", which);
	}
}

/* The first characters of a text frame, which need not be closed by a NUL. */
static void tell_text(const struct ast_frame *f, char *room, size_t size)
{
	int length = (int) MIN((size_t) MAX(f->datalen, 0), size - 1);

	snprintf(room, size, "%.*s", f->data.ptr ? length : 0, (const char *) S_OR((const char *) f->data.ptr, ""));
}

char *ast_frame_subclass2str(struct ast_frame *f, char *subclass, size_t slen, char *moreinfo, size_t mlen)
{
	char more[64] = "";

	ast_copy_string(subclass, "N/A", slen);
	switch (f->frametype) {
	case AST_FRAME_DTMF_BEGIN:
	case AST_FRAME_DTMF_END:
		if (slen > 1) {
			snprintf(subclass, slen, "%c", f->subclass.integer);
		}
		break;
	case AST_FRAME_CONTROL:
		tell_control(f, subclass, slen);
		break;
	case AST_FRAME_VOICE:
	case AST_FRAME_VIDEO:
	case AST_FRAME_IMAGE:
		ast_copy_string(subclass, f->subclass.format ? ast_format_get_name(f->subclass.format) : "unknown", slen);
		break;
	case AST_FRAME_TEXT:
		tell_text(f, more, sizeof(more));
		break;
	case AST_FRAME_MODEM:
		snprintf(subclass, slen, "Unknown MODEM frame '%d'", f->subclass.integer);
		break;
	default:
		break;
	}
	if (moreinfo && mlen) {
		ast_copy_string(moreinfo, more, mlen);
	}
	return subclass;
}

int ast_frame_adjust_volume_float(struct ast_frame *f, float adjustment)
{
	int16_t *samples = f->data.ptr;
	int i;

	if (f->frametype != AST_FRAME_VOICE || !ast_format_cache_is_slinear(f->subclass.format)) {
		return -1;
	}
	for (i = 0; i < f->datalen / (int) sizeof(*samples) && adjustment != 0; i++) {
		float value = adjustment > 0 ? (float) samples[i] * adjustment : (float) samples[i] / -adjustment;

		samples[i] = (int16_t) MAX(MIN(value, INT16_MAX), INT16_MIN);
	}
	return 0;
}

/* ---- lengths ---- */

unsigned int ast_codec_samples_count(struct ast_frame *frame)
{
	const struct ast_format *format = frame ? frame->subclass.format : NULL;
	struct ast_codec *codec;
	int counted;

	if (!format || (frame->frametype != AST_FRAME_VOICE && frame->frametype != AST_FRAME_VIDEO)) {
		return 0;
	}
	codec = ast_format_get_codec(format);
	counted = codec && codec->samples_count ? codec->samples_count(frame) : -1;
	ao2_cleanup(codec);
	if (counted >= 0) {
		return (unsigned int) counted;
	}
	if (ast_format_cache_is_slinear((struct ast_format *) format)) {
		return (unsigned int) frame->datalen / (unsigned int) sizeof(int16_t);
	}
	if (ast_format_cmp(format, ast_format_ulaw) == AST_FORMAT_CMP_EQUAL
		|| ast_format_cmp(format, ast_format_alaw) == AST_FORMAT_CMP_EQUAL) {
		return (unsigned int) frame->datalen;
	}
	return (unsigned int) MAX(frame->samples, 0);
}

unsigned int ast_codec_determine_length(const struct ast_codec *codec, unsigned int samples)
{
	if (codec && codec->get_length) {
		return (unsigned int) codec->get_length(samples);
	}
	return codec && codec->sample_rate ? samples * 1000 / codec->sample_rate : 0;
}

unsigned int ast_format_determine_length(const struct ast_format *format, unsigned int samples)
{
	unsigned int rate = format ? ast_format_get_sample_rate(format) : 0;

	return rate ? samples * 1000 / rate : 0;
}
