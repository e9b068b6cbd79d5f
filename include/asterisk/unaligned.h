/* Numbers at any address, in the machine's own order of bytes. SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef ASTERISM_UNALIGNED_H
#define ASTERISM_UNALIGNED_H

#include <stdint.h>
#include <string.h>

static inline uint64_t get_unaligned_uint64(const void *p)
{
	uint64_t value;

	memcpy(&value, p, sizeof(value));
	return value;
}

static inline unsigned int get_unaligned_uint32(const void *p)
{
	uint32_t value;

	memcpy(&value, p, sizeof(value));
	return value;
}

static inline unsigned short get_unaligned_uint16(const void *p)
{
	uint16_t value;

	memcpy(&value, p, sizeof(value));
	return value;
}

static inline void put_unaligned_uint64(void *p, uint64_t datum)
{
	memcpy(p, &datum, sizeof(datum));
}

static inline void put_unaligned_uint32(void *p, unsigned int datum)
{
	uint32_t value = datum;

	memcpy(p, &value, sizeof(value));
}

static inline void put_unaligned_uint16(void *p, unsigned short datum)
{
	uint16_t value = datum;

	memcpy(p, &value, sizeof(value));
}

#endif
