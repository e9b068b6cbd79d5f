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

int ast_uri_verify_encoded(const char *string)
{
	if (!string) {
		return 0;
	}
	for (; *string; string++) {
		if (*string == '%') {
			if (!isxdigit((unsigned char) string[1]) || !isxdigit((unsigned char) string[2])) {
				return 0;
			}
			string += 2;
		} else if (!isalnum((unsigned char) *string) && !strchr("-_.+", *string)) {
			return 0;
		}
	}
	return 1;
}
