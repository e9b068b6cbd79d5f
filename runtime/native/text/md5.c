/*
 * MD5 (RFC 1321), for modules that digest piece by piece.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"

#include "asterisk/md5.h"

/* Of step i: the first 32 bits behind the point of |sin(i + 1)|. */
static const uint32_t sines[64] = {
	0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613, 0xfd469501,
	0x698098d8, 0x8b44f7af, 0xffff5bb1, 0x895cd7be, 0x6b901122, 0xfd987193, 0xa679438e, 0x49b40821,
	0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa, 0xd62f105d, 0x02441453, 0xd8a1e681, 0xe7d3fbc8,
	0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed, 0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a,
	0xfffa3942, 0x8771f681, 0x6d9d6122, 0xfde5380c, 0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70,
	0x289b7ec6, 0xeaa127fa, 0xd4ef3085, 0x04881d05, 0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665,
	0xf4292244, 0x432aff97, 0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92, 0xffeff47d, 0x85845dd1,
	0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1, 0xf7537e82, 0xbd3af235, 0x2ad7d2bb, 0xeb86d391,
};

/* How far the steps of each round turn, four by four. */
static const unsigned char turns[4][4] = { { 7, 12, 17, 22 }, { 5, 9, 14, 20 }, { 4, 11, 16, 23 }, { 6, 10, 15, 21 } };

static uint32_t turned(uint32_t word, unsigned int by)
{
	return word << by | word >> (32 - by);
}

/* The function of a step on three words, and the index of its word in the block of 16. */
static uint32_t mixed(unsigned int step, uint32_t b, uint32_t c, uint32_t d, unsigned int *word)
{
	switch (step / 16) {
	case 0:
		*word = step;
		return (b & c) | (~b & d);
	case 1:
		*word = (5 * step + 1) % 16;
		return (d & b) | (~d & c);
	case 2:
		*word = (3 * step + 5) % 16;
		return b ^ c ^ d;
	default:
		*word = 7 * step % 16;
		return c ^ (b | ~d);
	}
}

void MD5Transform(uint32_t buf[4], uint32_t const in[16])
{
	uint32_t a = buf[0], b = buf[1], c = buf[2], d = buf[3];
	unsigned int step, word;

	for (step = 0; step < 64; step++) {
		uint32_t sum = a + mixed(step, b, c, d, &word) + sines[step];

		a = d;
		d = c;
		c = b;
		b += turned(sum + in[word], turns[step / 16][step % 4]);
	}
	buf[0] += a;
	buf[1] += b;
	buf[2] += c;
	buf[3] += d;
}

/* Processes a full block, whose bytes are little-endian words. */
static void take_block(struct MD5Context *context)
{
	uint32_t words[16];
	size_t i;

	for (i = 0; i < ARRAY_LEN(words); i++) {
		const unsigned char *byte = context->in + 4 * i;

		words[i] = byte[0] | (uint32_t) byte[1] << 8 | (uint32_t) byte[2] << 16 | (uint32_t) byte[3] << 24;
	}
	MD5Transform(context->buf, words);
}

void MD5Init(struct MD5Context *context)
{
	*context = (struct MD5Context) { .buf = { 0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476 } };
}

void MD5Update(struct MD5Context *context, unsigned char const *buf, unsigned len)
{
	unsigned int used = context->bits[0] / 8 % 64;
	uint64_t bits = ((uint64_t) context->bits[1] << 32 | context->bits[0]) + 8 * (uint64_t) len;

	context->bits[0] = (uint32_t) bits;
	context->bits[1] = (uint32_t) (bits >> 32);
	while (len) {
		unsigned int count = len < 64 - used ? len : 64 - used;

		memcpy(context->in + used, buf, count);
		buf += count;
		len -= count;
		used += count;
		if (used == 64) {
			take_block(context);
			used = 0;
		}
	}
}

/* Writes numbers with their lowest byte first. */
static void put_numbers(unsigned char *to, const uint32_t *numbers, size_t count)
{
	size_t i;

	for (i = 0; i < 4 * count; i++) {
		to[i] = (unsigned char) (numbers[i / 4] >> 8 * (i % 4));
	}
}

void MD5Final(unsigned char digest[MD5_DIGEST_LENGTH], struct MD5Context *context)
{
	static const unsigned char padding[64] = { 0x80 };
	unsigned char length[8];

	put_numbers(length, context->bits, 2);
	MD5Update(context, padding, 1 + (119 - context->bits[0] / 8 % 64) % 64);
	MD5Update(context, length, sizeof(length));
	put_numbers(digest, context->buf, 4);
	explicit_bzero(context, sizeof(*context));	/* The input may have been a password. */
}
