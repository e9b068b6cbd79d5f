/*
 * Samples in A-law (G.711), as tables: AST_LIN2A codes a linear sample, AST_ALAW decodes a byte.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef ASTERISM_ALAW_H
#define ASTERISM_ALAW_H

#ifdef __cplusplus
extern "C" {
#endif

/* The tables, which are filled before any module is opened. */
extern unsigned char __ast_lin2a[8192];
extern short __ast_alaw[256];

#define AST_LIN2A(a) (__ast_lin2a[((unsigned short) (a)) >> 3])
#define AST_ALAW(a) (__ast_alaw[(int) (a)])

#ifdef __cplusplus
}
#endif

#endif
