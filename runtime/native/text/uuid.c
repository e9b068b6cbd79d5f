/*
 * Random UUIDs (asterisk/uuid.h).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"

#include <fcntl.h>

#include "asterisk/uuid.h"

struct ast_uuid {
	unsigned char bytes[16];
};

static int fill(unsigned char *bytes, size_t size)
{
	int fd = open("/dev/urandom", O_RDONLY | O_CLOEXEC);
	ssize_t got = fd < 0 ? -1 : read(fd, bytes, size);

	if (fd >= 0) {
		close(fd);
	}
	return got == (ssize_t) size ? 0 : -1;
}

struct ast_uuid *ast_uuid_generate(void)
{
	struct ast_uuid *uuid = ast_malloc(sizeof(*uuid));

	if (!uuid) {
		return NULL;
	}
	if (fill(uuid->bytes, sizeof(uuid->bytes))) {
		ast_log(LOG_ERROR, "cannot read random numbers from /dev/urandom\n");
		ast_free(uuid);
		return NULL;
	}
	uuid->bytes[6] = (uuid->bytes[6] & 0x0f) | 0x40;	/* Version 4, */
	uuid->bytes[8] = (uuid->bytes[8] & 0x3f) | 0x80;	/* of the usual variant. */
	return uuid;
}

char *ast_uuid_to_str(struct ast_uuid *uuid, char *buf, size_t size)
{
	char *at = buf;
	size_t i;

	if (!uuid || !buf || size < AST_UUID_STR_LEN) {
		return NULL;
	}
	for (i = 0; i < sizeof(uuid->bytes); i++) {
		at += sprintf(at, i == 4 || i == 6 || i == 8 || i == 10 ? "-%02x" : "%02x", uuid->bytes[i]);
	}
	return buf;
}

char *ast_uuid_generate_str(char *buf, size_t size)
{
	struct ast_uuid *uuid = ast_uuid_generate();
	char *text = ast_uuid_to_str(uuid, buf, size);

	ast_free(uuid);
	return text;
}

/* The value of a hexadecimal digit; -1 for another character. */
static int value_of(char digit)
{
	if (digit >= '0' && digit <= '9') {
		return digit - '0';
	}
	digit |= 0x20;
	return digit >= 'a' && digit <= 'f' ? digit - 'a' + 10 : -1;
}

struct ast_uuid *ast_str_to_uuid(char *str)
{
	struct ast_uuid *uuid = str && strlen(str) == AST_UUID_STR_LEN - 1 ? ast_calloc(1, sizeof(*uuid)) : NULL;
	size_t i, used = 0;

	for (i = 0; uuid && i < AST_UUID_STR_LEN - 1; i++) {
		int is_dash = i == 8 || i == 13 || i == 18 || i == 23, digit = value_of(str[i]);

		if (is_dash ? str[i] != '-' : digit < 0) {
			ast_free(uuid);
			return NULL;
		}
		if (!is_dash) {
			uuid->bytes[used / 2] = (unsigned char) (uuid->bytes[used / 2] << 4 | digit);
			used++;
		}
	}
	return uuid;
}

struct ast_uuid *ast_uuid_copy(struct ast_uuid *src)
{
	struct ast_uuid *copy = src ? ast_malloc(sizeof(*copy)) : NULL;

	if (copy) {
		*copy = *src;
	}
	return copy;
}

int ast_uuid_compare(struct ast_uuid *left, struct ast_uuid *right)
{
	return memcmp(left->bytes, right->bytes, sizeof(left->bytes));
}

void ast_uuid_clear(struct ast_uuid *uuid)
{
	memset(uuid->bytes, 0, sizeof(uuid->bytes));
}

int ast_uuid_is_nil(struct ast_uuid *uuid)
{
	static const struct ast_uuid nil;

	return !ast_uuid_compare(uuid, (struct ast_uuid *) &nil);
}
