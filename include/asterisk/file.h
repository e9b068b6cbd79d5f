/* Sound files.  Media is not supported; only the constants that modules use are defined. SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef ASTERISM_FILE_H
#define ASTERISM_FILE_H

#include <fcntl.h>
#include <sys/mman.h>

#define AST_DIGIT_NONE ""		/* No key interrupts. */
#define AST_DIGIT_ANY "0123456789#*ABCD"	/* Any key does. */
#define AST_DIGIT_ANYNUM "0123456789"	/* Any digit does. */

#endif
