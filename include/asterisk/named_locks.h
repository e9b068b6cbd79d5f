/*
 * Locks by name: everybody who asks for a name has the same lock, as long as somebody has it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef ASTERISM_NAMED_LOCKS_H
#define ASTERISM_NAMED_LOCKS_H

#include "asterisk/astobj2.h"

#ifdef __cplusplus
extern "C" {
#endif

enum ast_named_lock_type {
	AST_NAMED_LOCK_TYPE_MUTEX = AO2_ALLOC_OPT_LOCK_MUTEX,
	AST_NAMED_LOCK_TYPE_RWLOCK = AO2_ALLOC_OPT_LOCK_RWLOCK,
};

struct ast_named_lock;

/* The lock with a name among those of a kind, with a reference: an object for ao2_lock and its like; NULL when out of memory. */
struct ast_named_lock *__ast_named_lock_get(const char *filename, int lineno, const char *func,
	enum ast_named_lock_type lock_type, const char *keyspace, const char *key);
#define ast_named_lock_get(lock_type, keyspace, key) \
	__ast_named_lock_get(__FILE__, __LINE__, __PRETTY_FUNCTION__, (lock_type), (keyspace), (key))
#define ast_named_lock_put(lock) ao2_cleanup(lock)

#ifdef __cplusplus
}
#endif

#endif
