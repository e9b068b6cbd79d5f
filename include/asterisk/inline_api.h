/* AST_INLINE_API(prototype, body): a small function defined in a header. SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef ASTERISM_INLINE_API_H
#define ASTERISM_INLINE_API_H

/* A comma in the body ends a macro argument, hence the dots. */
#define AST_INLINE_API(hdr, ...) static hdr; static inline hdr __VA_ARGS__

#endif
