/*
 * The function MD5.
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

#define DIGEST_SIZE 33	/* 32 hexadecimal digits and the closing NUL. */

static int md5_read(struct ast_channel *chan attribute_unused, const char *cmd, char *data, char *buf, size_t len)
{
	char digest[DIGEST_SIZE] = "";

	if (ast_strlen_zero(data)) {
		ast_log(LOG_WARNING, "%s needs the text to hash: %s(text)\n", cmd, cmd);
		return -1;
	}
	if (len < sizeof(digest)) {
		ast_log(LOG_ERROR, "%s: the digest does not fit into %zu bytes\n", cmd, len);
		return -1;
	}
	ast_md5_hash(digest, data);
	ast_copy_string(buf, digest, len);
	return *digest ? 0 : -1;
}

static struct ast_custom_function md5_function = {
	.name = "MD5",
	.synopsis = "Gives the MD5 digest of a text.",
	.syntax = "MD5(text)",
	.arguments = "text - the text to hash; it must not be empty.",
	.desc =
		"Gives 32 hexadecimal digits, in lower case. MD5 detects accidental changes only:\n"
		"do not use it against forgery.",
	.seealso = "SHA1()",
	.read = md5_read,
	.read_max = DIGEST_SIZE,
};

static int unload_module(void)
{
	return ast_custom_function_unregister(&md5_function);
}

static int load_module(void)
{
	return ast_custom_function_register(&md5_function) ? AST_MODULE_LOAD_DECLINE : AST_MODULE_LOAD_SUCCESS;
}

AST_MODULE_INFO_STANDARD(ASTERISK_GPL_KEY, "MD5 digests");
