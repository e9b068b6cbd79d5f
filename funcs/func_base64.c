/*
 * The functions BASE64_ENCODE and BASE64_DECODE.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/*** MODULEINFO
	<support_level>core</support_level>
 ***/

#include "asterisk.h"

#include "asterisk/module.h"
#include "asterisk/pbx.h"
#include "asterisk/strings.h"
#include "asterisk/utils.h"

#define ALPHABET "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

static int encode_read(struct ast_channel *chan attribute_unused, const char *cmd, char *data, struct ast_str **str,
	ssize_t len)
{
	char *encoded;

	if (ast_strlen_zero(data)) {
		ast_log(LOG_WARNING, "%s needs the text to encode: %s(text)\n", cmd, cmd);
		return -1;
	}
	encoded = ast_base64encode_string(data);
	if (!encoded) {
		return -1;
	}
	ast_str_set(str, len, "%s", encoded);
	ast_free(encoded);
	return 0;
}

/* Warns about text after the encoded part, unless it is a newline or blanks. */
static void check_encoding(const char *cmd, const char *data)
{
	size_t length = strspn(data, ALPHABET);
	size_t padding = strspn(data + length, "=");
	const char *rest = ast_skip_blanks(data + length + padding);

	if (*rest) {
		ast_log(LOG_WARNING, "%s: byte %td is not base64; it and all bytes after it are ignored\n", cmd, rest - data + 1);
	} else if (length % 4 == 1) {
		ast_log(LOG_WARNING, "%s: the last of %zu characters is incomplete and is ignored\n", cmd, length);
	}
}

static int decode_read(struct ast_channel *chan attribute_unused, const char *cmd, char *data, struct ast_str **str,
	ssize_t len)
{
	size_t room, decoded, shown;
	char *text;

	if (ast_strlen_zero(data)) {
		ast_log(LOG_WARNING, "%s needs the text to decode: %s(text)\n", cmd, cmd);
		return -1;
	}
	check_encoding(cmd, data);
	room = strlen(data) / 4 * 3 + 4;
	text = ast_malloc(room);
	if (!text) {
		return -1;
	}
	decoded = ast_base64decode((unsigned char *) text, data, room - 1);
	text[decoded] = '\0';
	shown = strlen(text);
	if (shown < decoded) {
		ast_log(LOG_WARNING, "%s: the decoded data has a NUL at byte %zu, which ends the text\n", cmd, shown + 1);
	}
	ast_str_set(str, len, "%s", text);
	ast_free(text);
	return 0;
}

static struct ast_custom_function functions[] = {
	{
		.name = "BASE64_ENCODE",
		.synopsis = "Encodes a text in base64.",
		.syntax = "BASE64_ENCODE(text)",
		.arguments = "text - the text to encode; it must not be empty.",
		.desc = "Gives one line in the alphabet of RFC 4648, padded with '='.",
		.seealso = "BASE64_DECODE()",
		.read2 = encode_read,
	},
	{
		.name = "BASE64_DECODE",
		.synopsis = "Decodes a text from base64.",
		.syntax = "BASE64_DECODE(text)",
		.arguments = "text - the text to decode; it must not be empty.",
		.desc =
			"Decodes up to the first character that is not base64, and logs its position.\n"
			"The decoded data should be text: a value ends at the first NUL.",
		.seealso = "BASE64_ENCODE()",
		.read2 = decode_read,
	},
};

static void unregister(size_t count)
{
	while (count--) {
		ast_custom_function_unregister(&functions[count]);
	}
}

static int unload_module(void)
{
	unregister(ARRAY_LEN(functions));
	return 0;
}

static int load_module(void)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(functions); i++) {
		if (ast_custom_function_register(&functions[i])) {
			unregister(i);
			return AST_MODULE_LOAD_DECLINE;
		}
	}
	return AST_MODULE_LOAD_SUCCESS;
}

AST_MODULE_INFO_STANDARD(ASTERISK_GPL_KEY, "Base64 encoding and decoding");
