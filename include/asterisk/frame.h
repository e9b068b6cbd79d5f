/*
 * Frames: what a channel reads and writes.  No audio arrives: the voice frames of a channel are silence.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef ASTERISM_FRAME_H
#define ASTERISM_FRAME_H

#include <stdint.h>
#include <sys/time.h>

#include "asterisk/endian.h"
#include "asterisk/format.h"
#include "asterisk/linkedlists.h"

#ifdef __cplusplus
extern "C" {
#endif

enum ast_frame_type {
	AST_FRAME_DTMF_END = 1,		/* A digit, in subclass.integer. */
	AST_FRAME_VOICE,
	AST_FRAME_VIDEO,
	AST_FRAME_CONTROL,		/* An ast_control_frame_type, in subclass.integer. */
	AST_FRAME_NULL,
	AST_FRAME_IAX,
	AST_FRAME_TEXT,
	AST_FRAME_IMAGE,
	AST_FRAME_HTML,
	AST_FRAME_CNG,
	AST_FRAME_MODEM,
	AST_FRAME_DTMF_BEGIN,
	AST_FRAME_BRIDGE_ACTION,
	AST_FRAME_BRIDGE_ACTION_SYNC,
	AST_FRAME_RTCP,
	AST_FRAME_TEXT_DATA,
};
#define AST_FRAME_DTMF AST_FRAME_DTMF_END

enum {
	AST_FRFLAG_HAS_TIMING_INFO = (1 << 0),
	AST_FRFLAG_REQUEUED = (1 << 1),
	AST_FRFLAG_HAS_SEQUENCE_NUMBER = (1 << 2),
};

struct ast_stream_topology;

struct ast_frame_subclass {
	int integer;
	union {
		struct ast_format *format;	/* Of voice, video and images. */
		struct ast_stream_topology *topology;
	};
	unsigned int frame_ending;
};

struct ast_frame {
	enum ast_frame_type frametype;
	struct ast_frame_subclass subclass;
	int datalen;		/* Bytes at data.ptr. */
	int samples;
	int mallocd;		/* What is freed with the frame: AST_MALLOCD_... */
	size_t mallocd_hdr_len;
	int offset;		/* Bytes before data.ptr that belong to the same memory. */
	const char *src;	/* Who made it. */
	union {
		void *ptr;
		uint32_t uint32;
		char pad[8];
	} data;
	struct timeval delivery;
	AST_LIST_ENTRY(ast_frame) frame_list;
	unsigned int flags;
	long ts;
	long len;
	int seqno;
	int stream_num;
};

#define AST_FRAME_SET_BUFFER(fr, _base, _ofs, _datalen) { \
	(fr)->data.ptr = (char *) _base + (_ofs); \
	(fr)->offset = (_ofs); \
	(fr)->datalen = (_datalen); \
}

/* A frame without anything, which is never freed. */
extern struct ast_frame ast_null_frame;

#define AST_FRIENDLY_OFFSET 64
#define AST_MIN_OFFSET 32

#define AST_MALLOCD_HDR (1 << 0)
#define AST_MALLOCD_DATA (1 << 1)
#define AST_MALLOCD_SRC (1 << 2)

#define AST_MODEM_T38 1
#define AST_MODEM_V150 2

#define AST_HTML_URL 1
#define AST_HTML_DATA 2
#define AST_HTML_BEGIN 4
#define AST_HTML_END 8
#define AST_HTML_LDCOMPLETE 16
#define AST_HTML_NOSUPPORT 17
#define AST_HTML_LINKURL 18
#define AST_HTML_UNLINK 19
#define AST_HTML_LINKREJECT 20

enum ast_control_frame_type {
	AST_CONTROL_HANGUP = 1,
	AST_CONTROL_RING = 2,
	AST_CONTROL_RINGING = 3,
	AST_CONTROL_ANSWER = 4,
	AST_CONTROL_BUSY = 5,
	AST_CONTROL_TAKEOFFHOOK = 6,
	AST_CONTROL_OFFHOOK = 7,
	AST_CONTROL_CONGESTION = 8,
	AST_CONTROL_FLASH = 9,
	AST_CONTROL_WINK = 10,
	AST_CONTROL_OPTION = 11,
	AST_CONTROL_RADIO_KEY = 12,
	AST_CONTROL_RADIO_UNKEY = 13,
	AST_CONTROL_PROGRESS = 14,
	AST_CONTROL_PROCEEDING = 15,
	AST_CONTROL_HOLD = 16,
	AST_CONTROL_UNHOLD = 17,
	AST_CONTROL_VIDUPDATE = 18,
	_XXX_AST_CONTROL_T38 = 19,
	AST_CONTROL_SRCUPDATE = 20,
	AST_CONTROL_TRANSFER = 21,
	AST_CONTROL_CONNECTED_LINE = 22,
	AST_CONTROL_REDIRECTING = 23,
	AST_CONTROL_T38_PARAMETERS = 24,
	AST_CONTROL_CC = 25,
	AST_CONTROL_SRCCHANGE = 26,
	AST_CONTROL_READ_ACTION = 27,
	AST_CONTROL_AOC = 28,
	AST_CONTROL_END_OF_Q = 29,
	AST_CONTROL_INCOMPLETE = 30,
	AST_CONTROL_MCID = 31,
	AST_CONTROL_UPDATE_RTP_PEER = 32,
	AST_CONTROL_PVT_CAUSE_CODE = 33,
	AST_CONTROL_MASQUERADE_NOTIFY = 34,
	AST_CONTROL_STREAM_TOPOLOGY_REQUEST_CHANGE = 35,
	AST_CONTROL_STREAM_TOPOLOGY_CHANGED = 36,
	AST_CONTROL_STREAM_TOPOLOGY_SOURCE_CHANGED = 37,
	AST_CONTROL_STREAM_STOP = 1000,
	AST_CONTROL_STREAM_SUSPEND = 1001,
	AST_CONTROL_STREAM_RESTART = 1002,
	AST_CONTROL_STREAM_REVERSE = 1003,
	AST_CONTROL_STREAM_FORWARD = 1004,
	AST_CONTROL_PLAYBACK_BEGIN = 1005,
	AST_CONTROL_RECORD_CANCEL = 1100,
	AST_CONTROL_RECORD_STOP = 1101,
	AST_CONTROL_RECORD_SUSPEND = 1102,
	AST_CONTROL_RECORD_MUTE = 1103,
};

/* Options of a channel's technology: ast_channel_setoption and ast_channel_queryoption. */
#define AST_OPTION_FLAG_REQUEST 0
#define AST_OPTION_FLAG_ACCEPT 1
#define AST_OPTION_FLAG_REJECT 2
#define AST_OPTION_FLAG_QUERY 4
#define AST_OPTION_FLAG_ANSWER 5
#define AST_OPTION_FLAG_WTF 6
#define AST_OPTION_TONE_VERIFY 1
#define AST_OPTION_TDD 2
#define AST_OPTION_RELAXDTMF 3
#define AST_OPTION_AUDIO_MODE 4
#define AST_OPTION_TXGAIN 5
#define AST_OPTION_RXGAIN 6
#define AST_OPTION_OPRMODE 7
#define AST_OPTION_ECHOCAN 8
#define AST_OPTION_CHANNEL_WRITE 9
#define AST_OPTION_T38_STATE 10
#define AST_OPTION_FORMAT_READ 11
#define AST_OPTION_FORMAT_WRITE 12
#define AST_OPTION_MAKE_COMPATIBLE 13
#define AST_OPTION_DIGIT_DETECT 14
#define AST_OPTION_FAX_DETECT 15
#define AST_OPTION_DEVICE_NAME 16
#define AST_OPTION_CC_AGENT_TYPE 17
#define AST_OPTION_SECURE_SIGNALING 18
#define AST_OPTION_SECURE_MEDIA 19

/* Frees a frame, and what was allocated with it. */
void ast_frame_free(struct ast_frame *frame, int cache);
#define ast_frfree(fr) ast_frame_free(fr, 1)
void ast_frame_dtor(struct ast_frame *frame);
/* The frame with all of its parts allocated, or NULL; the given one must not be used any more.  A copy of a frame. */
#define ast_frisolate(fr) __ast_frisolate(fr, __FILE__, __LINE__, __PRETTY_FUNCTION__)
struct ast_frame *__ast_frisolate(struct ast_frame *fr, const char *file, int line, const char *func);
#define ast_frdup(fr) __ast_frdup(fr, __FILE__, __LINE__, __PRETTY_FUNCTION__)
struct ast_frame *__ast_frdup(const struct ast_frame *fr, const char *file, int line, const char *func);
/* Swaps the bytes of samples of 16 bits. */
void ast_swapcopy_samples(void *dst, const void *src, int samples);
/* Makes the samples of a voice frame silence, whose format has to be linear: 0, or -1. */
int ast_frame_clear(struct ast_frame *frame);
/* Multiplies (above 0) or divides (below 0) linear samples; adds those of another frame, cut to 16 bits: 0, or -1. */
int ast_frame_adjust_volume(struct ast_frame *f, int adjustment);
/* Adjusts the volume by a fraction: above 0 louder, below 0 quieter; -1 for a frame that is not linear. */
int ast_frame_adjust_volume_float(struct ast_frame *f, float adjustment);
/* The data of AST_CONTROL_PVT_CAUSE_CODE: why a channel ended, with a text of its technology. */
struct ast_control_pvt_cause_code {
	char chan_name[80];
	unsigned int emulate_sip_cause:1;
	int ast_cause;
	char code[1];		/* As long as it is. */
};

/* The type of a frame, "Voice"; and what it carries, "Ringing", with the text of a text frame in moreinfo.  The room. */
char *ast_frame_type2str(enum ast_frame_type frame_type, char *ftype, size_t len);
char *ast_frame_subclass2str(struct ast_frame *f, char *subclass, size_t slen, char *moreinfo, size_t mlen);
int ast_frame_slinear_sum(struct ast_frame *f1, struct ast_frame *f2);

#ifdef __cplusplus
}
#endif

#endif
