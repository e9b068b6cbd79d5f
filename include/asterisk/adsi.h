/*
 * Telephones with displays for text (ADSI).
 *
 * A module installs the functions; without one each gives 0, as when the telephone has no display.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef ASTERISM_ADSI_H
#define ASTERISM_ADSI_H

#include "asterisk/callerid.h"

#ifdef __cplusplus
extern "C" {
#endif

struct ast_channel;

/* Types of messages, and what they consist of. */
#define ADSI_MSG_DISPLAY 132
#define ADSI_MSG_DOWNLOAD 133
#define ADSI_LOAD_SOFTKEY 128
#define ADSI_INIT_SOFTKEY_LINE 129
#define ADSI_LOAD_VIRTUAL_DISP 130
#define ADSI_LINE_CONTROL 131
#define ADSI_INFORMATION 132
#define ADSI_DISC_SESSION 133
#define ADSI_SWITCH_TO_DATA 134
#define ADSI_SWITCH_TO_VOICE 135
#define ADSI_CLEAR_SOFTKEY 136
#define ADSI_INPUT_CONTROL 137
#define ADSI_INPUT_FORMAT 138
#define ADSI_SWITCH_TO_PERIPH 139
#define ADSI_MOVE_DATA 140
#define ADSI_LOAD_DEFAULT 141
#define ADSI_CONNECT_SESSION 142
#define ADSI_CLEAR_TYPE_AHEAD 143
#define ADSI_DISPLAY_CALL_BUF 144
#define ADSI_CLEAR_CALL_BUF 145
#define ADSI_SWITCH_TO_ALT 146
#define ADSI_SWITCH_TO_GRAPHICS 147
#define ADSI_CLEAR_SCREEN 148
#define ADSI_QUERY_CONFIG 149
#define ADSI_QUERY_CPEID 150
#define ADSI_SWITCH_TO_APP 151
#define ADSI_LOAD_SOFTKEY_TABLE 128
#define ADSI_LOAD_PREDEF_DISP 129
#define ADSI_LOAD_SCRIPT 130
#define ADSI_DOWNLOAD_CONNECT 131
#define ADSI_DOWNLOAD_DISC 132
#define ADSI_ENCODED_DTMF 0x80
#define ADSI_ON_HOOK 0x81
#define ADSI_OFF_HOOK 0x82
#define ADSI_FLASH 0x83
#define ADSI_DIAL_TONE_DETECT 0x84
#define ADSI_LINE_NUMBER 0x85
#define ADSI_BLANK 0x86
#define ADSI_SEND_CHARS 0x87
#define ADSI_CLEAR_CHARS 0x88
#define ADSI_BACKSPACE 0x89
#define ADSI_TAB_COLUMN 0x8A
#define ADSI_GOTO_LINE 0x8B
#define ADSI_GOTO_LINE_REL 0x8C
#define ADSI_PAGE_UP 0x8D
#define ADSI_PAGE_DOWN 0x8E
#define ADSI_EXTENDED_DTMF 0x8F
#define ADSI_DELAY 0x90
#define ADSI_DIAL_PULSE_ONE 0x91
#define ADSI_SWITCH_TO_DATA2 0x92
#define ADSI_SWITCH_TO_VOICE2 0x93
#define ADSI_DISP_CALL_BUF 0x94
#define ADSI_CLEAR_CALL_B 0x95
#define ADSI_DISPLAY_CONTROL 0x98
#define ADSI_DISPLAY_SOFT_KEYS 0x99
#define ADSI_CHANGE_STATE 0x9A
#define ADSI_START_CLEAR_TIMER 0x9B
#define ADSI_SET_SCRIPT_FLAG 0x9C
#define ADSI_JUMP_TO_SUBSCRIPT 0x9D
#define ADSI_EVENT_22_TRIGGER 0x9E
#define ADSI_EVENT_23_TRIGGER 0x9f
#define ADSI_EXIT 0xA0
#define ADSI_INFO_PAGE 0x0
#define ADSI_COMM_PAGE 0x1
#define ADSI_KEY_APPS 16
#define ADSI_JUST_LEFT 0x2
#define ADSI_JUST_RIGHT 0x1
#define ADSI_JUST_CENT 0x0
#define ADSI_JUST_IND 0x3
#define ADSI_KEY_SKT 0x80
#define ADSI_KEY_HILITE 0x40
#define ADSI_DIR_FROM_LEFT (0)
#define ADSI_DIR_FROM_RIGHT (1)

#define AST_ADSI_VERSION 1
/* What a module does. */
struct adsi_funcs {
	unsigned int version;
	int (*begin_download)(struct ast_channel *chan, char *service, unsigned char *fdn, unsigned char *sec, int version);
	int (*end_download)(struct ast_channel *chan);
	int (*channel_restore)(struct ast_channel *chan);
	int (*print)(struct ast_channel *chan, char **lines, int *align, int voice);
	int (*load_session)(struct ast_channel *chan, unsigned char *app, int ver, int data);
	int (*unload_session)(struct ast_channel *chan);
	int (*transmit_message)(struct ast_channel *chan, unsigned char *msg, int msglen, int msgtype);
	int (*transmit_message_full)(struct ast_channel *chan, unsigned char *msg, int msglen, int msgtype, int dowait);
	int (*read_encoded_dtmf)(struct ast_channel *chan, unsigned char *buf, int maxlen);
	int (*connect_session)(unsigned char *buf, unsigned char *fdn, int ver);
	int (*query_cpeid)(unsigned char *buf);
	int (*query_cpeinfo)(unsigned char *buf);
	int (*get_cpeid)(struct ast_channel *chan, unsigned char *cpeid, int voice);
	int (*get_cpeinfo)(struct ast_channel *chan, int *width, int *height, int *buttons, int voice);
	int (*download_connect)(unsigned char *buf, char *service, unsigned char *fdn, unsigned char *sec, int ver);
	int (*disconnect_session)(unsigned char *buf);
	int (*download_disconnect)(unsigned char *buf);
	int (*data_mode)(unsigned char *buf);
	int (*clear_soft_keys)(unsigned char *buf);
	int (*clear_screen)(unsigned char *buf);
	int (*voice_mode)(unsigned char *buf, int when);
	int (*available)(struct ast_channel *chan);
	int (*display)(unsigned char *buf, int page, int line, int just, int wrap, char *col1, char *col2);
	int (*set_line)(unsigned char *buf, int page, int line);
	int (*load_soft_key)(unsigned char *buf, int key, const char *llabel, const char *slabel, char *ret, int data);
	int (*set_keys)(unsigned char *buf, unsigned char *keys);
	int (*input_control)(unsigned char *buf, int page, int line, int display, int format, int just);
	int (*input_format)(unsigned char *buf, int num, int dir, int wrap, char *format1, char *format2);
};
/* Sets the functions of a module, NULL for none; those of an older version are refused. */
void ast_adsi_install_funcs(const struct adsi_funcs *funcs);

/* What a channel's telephone can do, and messages that are sent to it: 0, or -1. */
int ast_adsi_begin_download(struct ast_channel *chan, char *service, unsigned char *fdn, unsigned char *sec, int
	version);
int ast_adsi_end_download(struct ast_channel *chan);
int ast_adsi_channel_restore(struct ast_channel *chan);
int ast_adsi_print(struct ast_channel *chan, char **lines, int *align, int voice);
int ast_adsi_load_session(struct ast_channel *chan, unsigned char *app, int ver, int data);
int ast_adsi_unload_session(struct ast_channel *chan);
int ast_adsi_transmit_message(struct ast_channel *chan, unsigned char *msg, int msglen, int msgtype);
int ast_adsi_transmit_message_full(struct ast_channel *chan, unsigned char *msg, int msglen, int msgtype, int dowait);
int ast_adsi_read_encoded_dtmf(struct ast_channel *chan, unsigned char *buf, int maxlen);
int ast_adsi_get_cpeid(struct ast_channel *chan, unsigned char *cpeid, int voice);
int ast_adsi_get_cpeinfo(struct ast_channel *chan, int *width, int *height, int *buttons, int voice);
int ast_adsi_available(struct ast_channel *chan);
/* Write a part of a message: how many bytes. */
int ast_adsi_connect_session(unsigned char *buf, unsigned char *fdn, int ver);
int ast_adsi_query_cpeid(unsigned char *buf);
int ast_adsi_query_cpeinfo(unsigned char *buf);
int ast_adsi_download_connect(unsigned char *buf, char *service, unsigned char *fdn, unsigned char *sec, int ver);
int ast_adsi_disconnect_session(unsigned char *buf);
int ast_adsi_download_disconnect(unsigned char *buf);
int ast_adsi_data_mode(unsigned char *buf);
int ast_adsi_clear_soft_keys(unsigned char *buf);
int ast_adsi_clear_screen(unsigned char *buf);
int ast_adsi_voice_mode(unsigned char *buf, int when);
int ast_adsi_display(unsigned char *buf, int page, int line, int just, int wrap, char *col1, char *col2);
int ast_adsi_set_line(unsigned char *buf, int page, int line);
int ast_adsi_load_soft_key(unsigned char *buf, int key, const char *llabel, const char *slabel, char *ret, int data);
int ast_adsi_set_keys(unsigned char *buf, unsigned char *keys);
int ast_adsi_input_control(unsigned char *buf, int page, int line, int display, int format, int just);
int ast_adsi_input_format(unsigned char *buf, int num, int dir, int wrap, char *format1, char *format2);

#ifdef __cplusplus
}
#endif

#endif
