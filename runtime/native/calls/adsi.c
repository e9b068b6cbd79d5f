/*
 * Telephones with displays for text: calls of the functions that a module has installed (asterisk/adsi.h).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"

#include "asterisk/adsi.h"

static const struct adsi_funcs *installed;
static pthread_rwlock_t using = PTHREAD_RWLOCK_INITIALIZER;

void ast_adsi_install_funcs(const struct adsi_funcs *funcs)
{
	if (funcs && funcs->version < AST_ADSI_VERSION) {
		ast_log(LOG_WARNING, "functions for ADSI of version %u are refused: version %d is needed\n", funcs->version,
			AST_ADSI_VERSION);
		return;
	}
	pthread_rwlock_wrlock(&using);
	installed = funcs;
	pthread_rwlock_unlock(&using);
}

/* Calls a function of the module, which cannot take it away meanwhile; 0 without one. */
#define DISPATCHED(function, parameters, arguments) \
	int ast_adsi_ ## function parameters \
	{ \
		int result = 0; \
		\
		pthread_rwlock_rdlock(&using); \
		if (installed && installed->function) { \
			result = installed->function arguments; \
		} \
		pthread_rwlock_unlock(&using); \
		return result; \
	}
DISPATCHED(begin_download,
	(struct ast_channel *chan, char *service, unsigned char *fdn, unsigned char *sec, int version),
	(chan, service, fdn, sec, version))
DISPATCHED(end_download, (struct ast_channel *chan), (chan))
DISPATCHED(channel_restore, (struct ast_channel *chan), (chan))
DISPATCHED(print, (struct ast_channel *chan, char **lines, int *align, int voice), (chan, lines, align, voice))
DISPATCHED(load_session, (struct ast_channel *chan, unsigned char *app, int ver, int data), (chan, app, ver, data))
DISPATCHED(unload_session, (struct ast_channel *chan), (chan))
DISPATCHED(transmit_message, (struct ast_channel *chan, unsigned char *msg, int msglen, int msgtype),
	(chan, msg, msglen, msgtype))
DISPATCHED(transmit_message_full,
	(struct ast_channel *chan, unsigned char *msg, int msglen, int msgtype, int dowait),
	(chan, msg, msglen, msgtype, dowait))
DISPATCHED(read_encoded_dtmf, (struct ast_channel *chan, unsigned char *buf, int maxlen), (chan, buf, maxlen))
DISPATCHED(connect_session, (unsigned char *buf, unsigned char *fdn, int ver), (buf, fdn, ver))
DISPATCHED(query_cpeid, (unsigned char *buf), (buf))
DISPATCHED(query_cpeinfo, (unsigned char *buf), (buf))
DISPATCHED(get_cpeid, (struct ast_channel *chan, unsigned char *cpeid, int voice), (chan, cpeid, voice))
DISPATCHED(get_cpeinfo, (struct ast_channel *chan, int *width, int *height, int *buttons, int voice),
	(chan, width, height, buttons, voice))
DISPATCHED(download_connect,
	(unsigned char *buf, char *service, unsigned char *fdn, unsigned char *sec, int ver), (buf, service, fdn, sec, ver))
DISPATCHED(disconnect_session, (unsigned char *buf), (buf))
DISPATCHED(download_disconnect, (unsigned char *buf), (buf))
DISPATCHED(data_mode, (unsigned char *buf), (buf))
DISPATCHED(clear_soft_keys, (unsigned char *buf), (buf))
DISPATCHED(clear_screen, (unsigned char *buf), (buf))
DISPATCHED(voice_mode, (unsigned char *buf, int when), (buf, when))
DISPATCHED(available, (struct ast_channel *chan), (chan))
DISPATCHED(display, (unsigned char *buf, int page, int line, int just, int wrap, char *col1, char *col2),
	(buf, page, line, just, wrap, col1, col2))
DISPATCHED(set_line, (unsigned char *buf, int page, int line), (buf, page, line))
DISPATCHED(load_soft_key,
	(unsigned char *buf, int key, const char *llabel, const char *slabel, char *ret, int data),
	(buf, key, llabel, slabel, ret, data))
DISPATCHED(set_keys, (unsigned char *buf, unsigned char *keys), (buf, keys))
DISPATCHED(input_control, (unsigned char *buf, int page, int line, int display, int format, int just),
	(buf, page, line, display, format, just))
DISPATCHED(input_format, (unsigned char *buf, int num, int dir, int wrap, char *format1, char *format2),
	(buf, num, dir, wrap, format1, format2))
