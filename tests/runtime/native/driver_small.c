/*
 * The driver's requests about dates, identifiers and other small things (asterisk/localtime.h, uuid.h, utils.h).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"
#include "driver.h"

#include <fcntl.h>

#include "asterisk/app.h"
#include "asterisk/astobj2.h"
#include "asterisk/ast_version.h"
#include "asterisk/localtime.h"
#include "asterisk/md5.h"
#include "asterisk/network.h"
#include "asterisk/term.h"
#include "asterisk/unaligned.h"
#include "asterisk/uri.h"
#include "asterisk/uuid.h"

/* A fake zone, two hours ahead of UTC, in which it is always summer. */
static long zone_offset(const char *zone, long seconds, int is_local, int *is_dst, char *abbreviation, int size)
{
	(void) seconds;
	(void) is_local;
	*is_dst = 1;
	ast_copy_string(abbreviation, zone, (size_t) size);
	return 7200;
}

/* Seconds, microseconds and a format, each on its own line: the text, read back and made a moment again. */
void localtime_try(char *text)
{
	char *format = strrchr(text, '\n'), room[64], *rest;
	struct timeval moment = { 0, 0 }, again;
	struct ast_tm tm, parsed;
	int written;

	if (!format) {
		return;
	}
	sscanf(text, "%ld\n%ld", &moment.tv_sec, &moment.tv_usec);
	asterism_table.asterism_zone_offset = zone_offset;
	ast_localtime(&moment, &tm, "X/Y");
	written = ast_strftime(room, sizeof(room), format + 1, &tm);
	printf("%d [%s] ", written, room);
	rest = ast_strptime(room, format + 1, &parsed);
	again = ast_mktime(&tm, "X/Y");
	printf("%s %ld.%06ld %s", rest ? "read" : "-", (long) again.tv_sec, (long) again.tv_usec, tm.tm_zone);
	asterism_table.asterism_zone_offset = NULL;
}

void uuid_try(char *text)
{
	struct ast_uuid *one = ast_uuid_generate(), *read, *copy = ast_uuid_copy(one);
	char room[AST_UUID_STR_LEN], other[AST_UUID_STR_LEN];

	ast_uuid_to_str(one, room, sizeof(room));
	read = ast_str_to_uuid(room);
	printf("%d%d %c %d ", ast_uuid_compare(one, read), ast_uuid_compare(one, copy), room[14], strchr("89ab", room[19]) != NULL);
	printf("%d ", strcmp(room, ast_uuid_generate_str(other, sizeof(other))) != 0);
	printf("%d%d ", ast_uuid_to_str(one, room, 36) == NULL, ast_uuid_is_nil(copy));
	ast_uuid_clear(copy);
	printf("%d ", ast_uuid_is_nil(copy));
	ast_free(read);
	read = ast_str_to_uuid(text);
	printf("%s", read ? ast_uuid_to_str(read, room, sizeof(room)) : "-");
	ast_free(one);
	ast_free(read);
	ast_free(copy);
}

void small_try(char *text)
{
	char room[12], number[9] = { 0 };
	struct in_addr address = { htonl(0x7f000001) };
	struct ast_eid eid, same;
	int ends[2];

	printf("[%s] ", ast_escape_quoted(text, room, sizeof(room)));
	printf("[%s] ", ast_escape_semicolons(text, room, sizeof(room)));
	ast_copy_string(room, text, sizeof(room));
	ast_replace_subargument_delimiter(room);
	printf("[%s] ", room);
	put_unaligned_uint32(number + 1, 0x01020304);
	put_unaligned_uint16(number + 5, 0x0506);
	printf("%x %x ", get_unaligned_uint32(number + 1), get_unaligned_uint16(number + 5));
	put_unaligned_uint64(number + 1, 0x0102030405060708ULL);
	printf("%d ", get_unaligned_uint64(number + 1) == 0x0102030405060708ULL);
	printf("%d", ast_str_to_eid(&eid, "00:11:22:33:44:aa"));
	printf("%d ", ast_str_to_eid(&same, "00:11:22:33:44"));
	printf("%s ", ast_eid_to_str(room, sizeof(room), &eid));
	same = eid;
	printf("%d%d ", ast_eid_cmp(&eid, &same), ast_eid_is_empty(&eid));
	ast_set_default_eid(&same);
	printf("%d ", ast_eid_is_empty(&same));
	if (pipe(ends)) {
		return;
	}
	printf("%d%d", ast_fd_set_flags(ends[1], O_NONBLOCK), ast_fd_clear_flags(-1, O_NONBLOCK));
	printf("%d%d", ast_wait_for_input(ends[0], 0), ast_wait_for_output(ends[1], 0));
	printf("%d", ast_carefulwrite(ends[1], text, (int) strlen(text), 100));
	printf("%d ", ast_wait_for_input(ends[0], 0));
	close(ends[0]);
	close(ends[1]);
	asterism_set_version("1.12.3");
	printf("%s %s %s %s", ast_inet_ntoa(address), ast_get_version(), ast_get_version_num(), ast_get_build_opts());
}

/* A text as seconds with a fraction, and with its backslash sequences read. */
void parse_try(char *text)
{
	struct ast_str *whole = ast_str_create(4);
	struct timeval moment;
	int consumed, result = ast_get_timeval(text, &moment, ast_tv(1, 2), &consumed);

	printf("%d %ld.%06ld %d ", result, (long) moment.tv_sec, (long) moment.tv_usec, consumed);
	printf("%d ", ast_str_get_encoded_str(&whole, 0, text));
	printf("[%s]", ast_str_buffer(whole));
	ast_free(whole);
}

/* A length and, on the next line, a text: its digest, of pieces of that length. */
void md5_try(char *text)
{
	static const struct MD5Context empty;
	struct MD5Context context;
	unsigned char digest[MD5_DIGEST_LENGTH];
	char *rest;
	size_t piece = strtoul(text, &rest, 10), left = *rest ? strlen(++rest) : 0, i;

	MD5Init(&context);
	for (; left; left -= i, rest += i) {
		i = left < piece ? left : piece;
		MD5Update(&context, (const unsigned char *) rest, (unsigned int) i);
	}
	MD5Final(digest, &context);
	for (i = 0; i < sizeof(digest); i++) {
		printf("%02x", digest[i]);
	}
	printf(" %d", memcmp(&context, &empty, sizeof(context)));
}

/* A text in and out of colours, in exactly as many bytes as it has and in half of them. */
void term_try(char *text)
{
	int size = (int) strlen(text) + 1;
	char *room = ast_malloc((size_t) size), *half = ast_malloc((size_t) size / 2 + 1);
	struct ast_str *str = ast_str_create(8);

	printf("[%s] ", term_strip(room, text, size));
	printf("[%s] ", term_strip(half, text, size / 2 + 1));
	printf("[%s] ", term_color(half, text, COLOR_RED, COLOR_BRWHITE, size / 2 + 1));
	printf(COLORIZE_FMT "%s%s ", COLORIZE(COLOR_GREEN, 0, "x"), term_end(), term_quit());
	printf("%d[%s][%s] ", ast_term_color_code(&str, COLOR_BLUE, 0), ast_str_buffer(str), term_color_code(room, COLOR_RED, 0, size));
	ast_copy_string(room, text, (size_t) size);
	term_filter_escapes(room);
	hex(room);
	ast_free(str);
	ast_free(half);
	ast_free(room);
}

static const char *or_dash(const char *text)
{
	return text ? text : "-";
}

static void show_uri(struct ast_uri *uri)
{
	char *both = uri ? ast_uri_make_host_with_port(uri) : NULL;

	if (uri) {
		printf("%s|%s|%s|%s|%s|%s|%s|%d ", or_dash(ast_uri_scheme(uri)),
			or_dash(ast_uri_user_info(uri)), ast_uri_host(uri),
			or_dash(ast_uri_port(uri)), or_dash(ast_uri_path(uri)),
			or_dash(ast_uri_query(uri)), both, ast_uri_is_secure(uri));
	} else {
		printf("none ");
	}
	ast_free(both);
	ao2_cleanup(uri);
}

/* A URI, and the same as one of http and as one of a websocket. */
void uri_try(char *text)
{
	show_uri(ast_uri_parse(text));
	show_uri(ast_uri_parse_http(text));
	show_uri(ast_uri_parse_websocket(text));
}
