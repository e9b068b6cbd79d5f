/*
 * The protocol AudioSocket.  Implemented by the module res_audiosocket.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef ASTERISM_RES_AUDIOSOCKET_H
#define ASTERISM_RES_AUDIOSOCKET_H

#include "asterisk/frame.h"
#include "asterisk/uuid.h"

#ifdef __cplusplus
extern "C" {
#endif

struct ast_channel;

enum ast_audiosocket_msg_kind {
	AST_AUDIOSOCKET_KIND_HANGUP = 0x00,
	AST_AUDIOSOCKET_KIND_UUID = 0x01,
	AST_AUDIOSOCKET_KIND_DTMF = 0x03,
	AST_AUDIOSOCKET_KIND_AUDIO = 0x10,
	AST_AUDIOSOCKET_KIND_AUDIO_SLIN12 = 0x11,
	AST_AUDIOSOCKET_KIND_AUDIO_SLIN16 = 0x12,
	AST_AUDIOSOCKET_KIND_AUDIO_SLIN24 = 0x13,
	AST_AUDIOSOCKET_KIND_AUDIO_SLIN32 = 0x14,
	AST_AUDIOSOCKET_KIND_AUDIO_SLIN44 = 0x15,
	AST_AUDIOSOCKET_KIND_AUDIO_SLIN48 = 0x16,
	AST_AUDIOSOCKET_KIND_AUDIO_SLIN96 = 0x17,
	AST_AUDIOSOCKET_KIND_AUDIO_SLIN192 = 0x18,
	AST_AUDIOSOCKET_KIND_ERROR = 0xFF,
};

/* A connection to HOST:PORT, made while the channel is serviced; the beginning of a call with an id; frames both ways. */
const int ast_audiosocket_connect(const char *server, struct ast_channel *chan);
const int ast_audiosocket_init(const int svc, const char *id);
const int ast_audiosocket_send_frame(const int svc, const struct ast_frame *f);
struct ast_frame *ast_audiosocket_receive_frame(const int svc);
struct ast_frame *ast_audiosocket_receive_frame_with_hangup(const int svc, int *const hangup);

#ifdef __cplusplus
}
#endif

#endif
