/*
 * Signatures by RSA keys, and AES.
 * Implemented by the module res_crypto; while it is not loaded, calls fail.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef ASTERISM_CRYPTO_H
#define ASTERISM_CRYPTO_H

#include "asterisk/logger.h"
#include "asterisk/optional_api.h"

#ifdef __cplusplus
extern "C" {
#endif

#define AST_CRYPTO_RSA_KEY_BITS 1024
#define AST_CRYPTO_AES_BLOCKSIZE 128
#define AST_KEY_PUBLIC (1 << 0)
#define AST_KEY_PRIVATE (1 << 1)

struct ast_key;

struct aes_key {
	unsigned char raw[AST_CRYPTO_AES_BLOCKSIZE / 8];
};
typedef struct aes_key ast_aes_encrypt_key;
typedef struct aes_key ast_aes_decrypt_key;

/* A key by name and kind; signatures in base 64, or as they are; a text for the owner of a key. */
AST_OPTIONAL_API(struct ast_key *, ast_key_get, (const char *kname, int ktype), { return NULL; });
AST_OPTIONAL_API(int, ast_check_signature, (struct ast_key *key, const char *msg, const char *sig), { return -1; });
AST_OPTIONAL_API(int, ast_check_signature_bin, (struct ast_key *key, const char *msg, int msglen, const unsigned char
	*dsig), { return -1; });
AST_OPTIONAL_API(int, ast_sign, (struct ast_key *key, char *msg, char *sig), { return -1; });
AST_OPTIONAL_API(int, ast_sign_bin, (struct ast_key *key, const char *msg, int msglen, unsigned char *dsig), { return
	-1; });
AST_OPTIONAL_API(int, ast_encrypt_bin, (unsigned char *dst, const unsigned char *src, int srclen, struct ast_key
	*key), { return -1; });
AST_OPTIONAL_API(int, ast_decrypt_bin, (unsigned char *dst, const unsigned char *src, int srclen, struct ast_key
	*key), { return -1; });
/* AES by blocks of 16 bytes. */
AST_OPTIONAL_API(int, ast_aes_set_encrypt_key, (const unsigned char *key, ast_aes_encrypt_key *ctx), { return -1; });
AST_OPTIONAL_API(int, ast_aes_set_decrypt_key, (const unsigned char *key, ast_aes_decrypt_key *ctx), { return -1; });
AST_OPTIONAL_API(int, ast_aes_encrypt, (const unsigned char *in, unsigned char *out,
	const ast_aes_encrypt_key *key), { return -1; });
AST_OPTIONAL_API(int, ast_aes_decrypt, (const unsigned char *in, unsigned char *out,
	const ast_aes_decrypt_key *key), { return -1; });
AST_OPTIONAL_API(int, ast_crypto_loaded, (void), { return 0; });
AST_OPTIONAL_API(int, ast_crypto_reload, (void), { return 0; });

#ifdef __cplusplus
}
#endif

#endif
