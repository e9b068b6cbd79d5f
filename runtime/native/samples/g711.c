/*
 * The tables of G.711 (asterisk/ulaw.h, asterisk/alaw.h).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"

#include "asterisk/alaw.h"
#include "asterisk/ulaw.h"

#define BIAS 132	/* mu-law adds this before it looks for the segment. */

unsigned char __ast_lin2mu[16384];
short __ast_mulaw[256];
unsigned char __ast_lin2a[8192];
short __ast_alaw[256];

/* The number of the highest bit of a value above 0. */
static int highest_bit(int value)
{
	return 31 - __builtin_clz((unsigned int) value);
}

static unsigned char to_ulaw(int sample)
{
	int sign = sample < 0 ? 0x80 : 0, size = MIN(abs(sample), 32635) + BIAS, segment = highest_bit(size) - 7;

	return (unsigned char) ~(sign | segment << 4 | (size >> (segment + 3) & 0x0f));
}

static short from_ulaw(int byte)
{
	int coded = ~byte, size = (((coded & 0x0f) << 3) + BIAS) << (coded >> 4 & 7);

	return (short) (coded & 0x80 ? BIAS - size : size - BIAS);
}

static unsigned char to_alaw(int sample)
{
	int mask = sample >= 0 ? 0xd5 : 0x55, size = (sample >= 0 ? sample : ~sample) >> 3;
	int segment = MAX(highest_bit(size | 0x1f) - 4, 0);

	return (unsigned char) ((segment << 4 | (size >> MAX(segment, 1) & 0x0f)) ^ mask);
}

static short from_alaw(int byte)
{
	int coded = byte ^ 0x55, segment = coded >> 4 & 7, size = ((coded & 0x0f) << 4) + 8;

	size = segment ? (size + 0x100) << (segment - 1) : size;
	return (short) (coded & 0x80 ? size : -size);
}

static void __attribute__((constructor)) fill(void)
{
	int i;

	for (i = 0; i < 65536; i++) {
		__ast_lin2mu[i >> 2] = to_ulaw((int16_t) (i & ~3));
		__ast_lin2a[i >> 3] = to_alaw((int16_t) (i & ~7));
	}
	for (i = 0; i < 256; i++) {
		__ast_mulaw[i] = from_ulaw(i);
		__ast_alaw[i] = from_alaw(i);
	}
}
