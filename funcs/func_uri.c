/*
 * The functions URIENCODE and URIDECODE.
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

static int encode_read(struct ast_channel *chan attribute_unused, const char *cmd, char *data, struct ast_str **str,
	ssize_t len)
{
	const char *text = S_OR(data, "");
	size_t room = strlen(text);
	char *encoded;

	if (room > INT_MAX / 3 - 1) {
		ast_log(LOG_ERROR, "%s: the result of %zu bytes is too long\n", cmd, room);
		return -1;
	}
	room = room * 3 + 1;	/* Every byte may become %XX. */
	encoded = ast_calloc(1, room);
	if (!encoded) {
		return -1;
	}
	ast_uri_encode(text, encoded, room, ast_uri_http);
	ast_str_set(str, len, "%s", encoded);
	ast_free(encoded);
	return 0;
}

static int decode_read(struct ast_channel *chan attribute_unused, const char *cmd, char *data, struct ast_str **str,
	ssize_t len)
{
	if (data && strstr(data, "%00")) {
		ast_log(LOG_WARNING, "%s: %%00 is a NUL, which ends the text\n", cmd);
	}
	ast_str_set(str, len, "%s", S_OR(data, ""));
	ast_uri_decode(ast_str_buffer(*str), ast_uri_http);
	ast_str_update(*str);
	return 0;
}

static struct ast_custom_function functions[] = {
	{
		.name = "URIENCODE",
		.synopsis = "Encodes a text for use in a URI.",
		.syntax = "URIENCODE(text)",
		.arguments = "text - the text to encode.",
		.desc = "Letters, digits and - _ . ! ~ * ' ( ) stay as they are; every other byte becomes\n"
			"'%' and two hexadecimal digits (RFC 2396).",
		.seealso = "URIDECODE()",
		.read2 = encode_read,
	},
	{
		.name = "URIDECODE",
		.synopsis = "Decodes a text from a URI.",
		.syntax = "URIDECODE(text)",
		.arguments = "text - the text to decode.",
		.desc =
			"'%' and two hexadecimal digits become the byte with that value; everything else\n"
			"stays as it is (RFC 2396).",
		.seealso = "URIENCODE()",
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

AST_MODULE_INFO_STANDARD(ASTERISK_GPL_KEY, "Encoding and decoding for URIs");
