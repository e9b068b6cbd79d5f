/*
 * Samples in mu-law (G.711), as tables: AST_LIN2MU codes a linear sample, AST_MULAW decodes a byte.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef ASTERISM_ULAW_H
#define ASTERISM_ULAW_H

#ifdef __cplusplus
extern "C" {
#endif

/* The tables, which are filled before any module is opened. */
extern unsigned char __ast_lin2mu[16384];
extern short __ast_mulaw[256];

#define AST_LIN2MU(a) (__ast_lin2mu[((unsigned short) (a)) >> 2])
#define AST_MULAW(a) (__ast_mulaw[(a)])

#ifdef __cplusplus
}
#endif

#endif
