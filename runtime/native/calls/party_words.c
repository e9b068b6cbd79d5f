/*
 * Words for the numbers in parties (asterisk/callerid.h).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"

#include "asterisk/callerid.h"

/* A number, its word, and what people are told; further rows of a number have other words that are understood. */
struct wording {
	int number;
	const char *word;
	const char *told;
};

static const struct wording reasons[] = {
	{ AST_REDIRECTING_REASON_UNKNOWN, "unknown", "Unknown" },
	{ AST_REDIRECTING_REASON_USER_BUSY, "cfb", "Call Forwarding Busy" },
	{ AST_REDIRECTING_REASON_NO_ANSWER, "cfnr", "Call Forwarding No Reply" },
	{ AST_REDIRECTING_REASON_UNAVAILABLE, "unavailable", "Callee is Unavailable" },
	{ AST_REDIRECTING_REASON_UNCONDITIONAL, "cfu", "Call Forwarding Unconditional" },
	{ AST_REDIRECTING_REASON_TIME_OF_DAY, "time_of_day", "Time of Day" },
	{ AST_REDIRECTING_REASON_DO_NOT_DISTURB, "dnd", "Do Not Disturb" },
	{ AST_REDIRECTING_REASON_DEFLECTION, "deflection", "Call Deflection" },
	{ AST_REDIRECTING_REASON_FOLLOW_ME, "follow_me", "Follow Me" },
	{ AST_REDIRECTING_REASON_OUT_OF_ORDER, "out_of_order", "Called DTE Out-Of-Order" },
	{ AST_REDIRECTING_REASON_AWAY, "away", "Callee is Away" },
	{ AST_REDIRECTING_REASON_CALL_FWD_DTE, "cf_dte", "Call Forwarding By The Called DTE" },
	{ AST_REDIRECTING_REASON_SEND_TO_VM, "send_to_vm", "Call is being redirected to user's voicemail" },
	{ AST_REDIRECTING_REASON_USER_BUSY, "user-busy", "" },
	{ AST_REDIRECTING_REASON_NO_ANSWER, "no-answer", "" },
	{ AST_REDIRECTING_REASON_UNCONDITIONAL, "unconditional", "" },
	{ AST_REDIRECTING_REASON_TIME_OF_DAY, "time-of-day", "" },
	{ AST_REDIRECTING_REASON_DO_NOT_DISTURB, "do-not-disturb", "" },
	{ AST_REDIRECTING_REASON_FOLLOW_ME, "follow-me", "" },
	{ AST_REDIRECTING_REASON_OUT_OF_ORDER, "out-of-service", "" },
};

static const struct wording sources[] = {
	{ AST_CONNECTED_LINE_UPDATE_SOURCE_UNKNOWN, "unknown", "Unknown" },
	{ AST_CONNECTED_LINE_UPDATE_SOURCE_ANSWER, "answer", "Normal Call Answering" },
	{ AST_CONNECTED_LINE_UPDATE_SOURCE_DIVERSION, "diversion", "Call Diversion (Deprecated, use REDIRECTING)" },
	{ AST_CONNECTED_LINE_UPDATE_SOURCE_TRANSFER, "transfer_active", "Call Transfer(Active)" },
	{ AST_CONNECTED_LINE_UPDATE_SOURCE_TRANSFER, "transfer", "" },
	{ AST_CONNECTED_LINE_UPDATE_SOURCE_TRANSFER_ALERTING, "transfer_alerting", "Call Transfer(Alerting)" },
};

static const struct wording charsets[] = {
	{ AST_PARTY_CHAR_SET_UNKNOWN, "unknown", "Unknown" },
	{ AST_PARTY_CHAR_SET_ISO8859_1, "iso8859-1", "ISO8859-1" },
	{ AST_PARTY_CHAR_SET_WITHDRAWN, "withdrawn", "Withdrawn" },
	{ AST_PARTY_CHAR_SET_ISO8859_2, "iso8859-2", "ISO8859-2" },
	{ AST_PARTY_CHAR_SET_ISO8859_3, "iso8859-3", "ISO8859-3" },
	{ AST_PARTY_CHAR_SET_ISO8859_4, "iso8859-4", "ISO8859-4" },
	{ AST_PARTY_CHAR_SET_ISO8859_5, "iso8859-5", "ISO8859-5" },
	{ AST_PARTY_CHAR_SET_ISO8859_7, "iso8859-7", "ISO8859-7" },
	{ AST_PARTY_CHAR_SET_ISO10646_BMPSTRING, "bmp", "ISO10646 Bmp String" },
	{ AST_PARTY_CHAR_SET_ISO10646_UTF_8STRING, "utf8", "ISO10646 UTF-8 String" },
};

static int parsed(const struct wording *table, size_t count, const char *word)
{
	size_t i;

	for (i = 0; word && i < count; i++) {
		if (!strcasecmp(table[i].word, word)) {
			return table[i].number;
		}
	}
	return -1;
}

static const struct wording *found(const struct wording *table, size_t count, int number)
{
	static const struct wording none = { -1, "not-known", "not-known" };
	size_t i;

	for (i = 0; i < count; i++) {
		if (table[i].number == number) {
			return &table[i];
		}
	}
	return &none;
}

#define PARSED(table, word) parsed(table, ARRAY_LEN(table), word)
#define FOUND(table, number) found(table, ARRAY_LEN(table), number)

int ast_redirecting_reason_parse(const char *data)
{
	return PARSED(reasons, data);
}

int ast_connected_line_source_parse(const char *data)
{
	return PARSED(sources, data);
}

int ast_party_name_charset_parse(const char *data)
{
	return PARSED(charsets, data);
}

const char *ast_redirecting_reason_name(const struct ast_party_redirecting_reason *data)
{
	return ast_strlen_zero(data->str) ? FOUND(reasons, data->code)->word : data->str;
}

const char *ast_connected_line_source_name(int data)
{
	return FOUND(sources, data)->word;
}

const char *ast_party_name_charset_str(int data)
{
	return FOUND(charsets, data)->word;
}

const char *ast_redirecting_reason_describe(int data)
{
	return FOUND(reasons, data)->told;
}

const char *ast_connected_line_source_describe(int data)
{
	return FOUND(sources, data)->told;
}

const char *ast_party_name_charset_describe(int data)
{
	return FOUND(charsets, data)->told;
}
