/* The order of bytes: __BYTE_ORDER, __LITTLE_ENDIAN, __BIG_ENDIAN. SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef ASTERISM_ENDIAN_H
#define ASTERISM_ENDIAN_H

#include <endian.h>

#include "asterisk/compat.h"

#endif
