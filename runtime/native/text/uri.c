/*
 * URIs.  The flags arrive as a structure by value, which only the compiler passes on surely.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"

char *ast_uri_encode(const char *string, char *outbuf, int buflen, struct ast_flags spec)
{
	__typeof__(asterism_table.asterism_uri_encode) encode = asterism_table.asterism_uri_encode;

	if (!outbuf || buflen <= 0) {
		return outbuf;
	}
	*outbuf = '\0';
	if (encode) {
		encode(string, outbuf, buflen, spec.flags);
	}
	return outbuf;
}

void ast_uri_decode(char *s, struct ast_flags spec)
{
	__typeof__(asterism_table.asterism_uri_decode) decode = asterism_table.asterism_uri_decode;

	if (s && decode) {
		decode(s, spec.flags);
	}
}
