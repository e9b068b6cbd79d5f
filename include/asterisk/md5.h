/* MD5 piece by piece; ast_md5_hash of utils.h digests a text at once. SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef ASTERISM_MD5_H
#define ASTERISM_MD5_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#ifndef MD5_DIGEST_LENGTH
#define MD5_DIGEST_LENGTH 16
#endif

/* A digest in progress: its state, the number of bits so far (low half first), and the bytes of an incomplete block. */
struct MD5Context {
	uint32_t buf[4];
	uint32_t bits[2];
	unsigned char in[64] __attribute__((aligned(__alignof__(uint32_t))));
};

/* Begins a digest; adds len bytes; writes the digest and clears the context. */
void MD5Init(struct MD5Context *context);
void MD5Update(struct MD5Context *context, unsigned char const *buf, unsigned len);
void MD5Final(unsigned char digest[MD5_DIGEST_LENGTH], struct MD5Context *context);
/* Adds one block, as 16 numbers, to the state. */
void MD5Transform(uint32_t buf[4], uint32_t const in[16]);

#ifdef __cplusplus
}
#endif

#endif
