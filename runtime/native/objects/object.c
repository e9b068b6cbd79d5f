/*
 * Objects with a count of references and a lock (asterisk/astobj2.h).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"

#include <stdalign.h>

#include "asterisk/astobj2.h"

#include "container.h"

#define ALIVE 0x2a0b1ec7u
#define GONE 0xdead0b1eu
#define PROXY (1u << 31)	/* An option: the object is a weak proxy. */

/* Stands before the object's data; its lock, when it has one of its own, behind them. */
struct object {
	void *lock;		/* An ast_mutex_t or an ast_rwlock_t; or the object whose lock it uses. */
	void *partner;		/* The weak proxy of an object, or the object of a weak proxy; NULL for neither. */
	/* Behind the first 16 bytes, which the C library writes into when the block is freed. */
	ao2_destructor_fn destructor;
	unsigned int magic;
	unsigned int options;
	int references;
	unsigned int size;	/* The size of the whole block in bytes; a larger one counts as UINT_MAX. */
	alignas(16) char data[];
};

/*
 * Objects that are gone stay readable for a while, so that a reference given back twice is found out and not a read of
 * memory that is something else by then.
 */
#define KEPT 64
#define KEPT_SIZE 1024

struct kept {
	unsigned int next;
	void *blocks[KEPT];
};

static void free_kept(void *data)
{
	struct kept *kept = data;
	size_t i;

	for (i = 0; i < KEPT; i++) {
		ast_free(kept->blocks[i]);
	}
	ast_free(kept);
}

AST_THREADSTORAGE_CUSTOM(kept_blocks, NULL, free_kept);

/* Frees a block after KEPT more have gone in this thread. */
static void free_later(void *block, size_t size)
{
	struct kept *kept = size <= KEPT_SIZE ? ast_threadstorage_get(&kept_blocks, sizeof(*kept)) : NULL;

	if (kept) {
		SWAP(block, kept->blocks[kept->next % KEPT]);
		kept->next++;
	}
	ast_free(block);
}

static struct object *object_of(void *data)
{
	return (struct object *) ((char *) data - offsetof(struct object, data));
}

static void *__attribute__((noinline, cold)) refused(void *data, const char *doing, const char *file, int line,
	const char *func)
{
	unsigned int magic = data ? __atomic_load_n(&object_of(data)->magic, __ATOMIC_ACQUIRE) : 0;

	ast_log_safe(__LOG_ERROR, file, line, func, "cannot %s %s\n", doing, !data ? "a NULL object"
		: magic == GONE ? "an object that is already destroyed: its last reference was released before" : "a pointer that is not an object");
	return NULL;
}

/* The object of a data pointer; NULL, which is logged, for another pointer. */
static force_inline struct object *checked(void *data, const char *doing, const char *file, int line, const char *func)
{
	if (__builtin_expect(data && __atomic_load_n(&object_of(data)->magic, __ATOMIC_ACQUIRE) == ALIVE, 1)) {
		return object_of(data);
	}
	return refused(data, doing, file, line, func);
}

int asterism_object_is(void *data, const char *doing, const char *file, int line, const char *func)
{
	return checked(data, doing, file, line, func) != NULL;
}

int asterism_object_is_of(const void *data, void (*destructor)(void *))
{
	const struct object *object = data ? object_of((void *) data) : NULL;

	return object && __atomic_load_n(&object->magic, __ATOMIC_ACQUIRE) == ALIVE && object->destructor == destructor;
}

static unsigned int lock_kind(const struct object *object)
{
	return object->options & AO2_ALLOC_OPT_LOCK_MASK;
}

static size_t lock_size(unsigned int options)
{
	static const size_t sizes[] = {
		[AO2_ALLOC_OPT_LOCK_MUTEX] = sizeof(ast_mutex_t), [AO2_ALLOC_OPT_LOCK_RWLOCK] = sizeof(ast_rwlock_t),
		[AO2_ALLOC_OPT_LOCK_NOLOCK] = 0, [AO2_ALLOC_OPT_LOCK_OBJ] = 0,
	};

	return sizes[options & AO2_ALLOC_OPT_LOCK_MASK];
}

static struct object *new_object(size_t data_size, ao2_destructor_fn destructor, unsigned int options,
	const char *file, int line, const char *func)
{
	size_t room = (data_size + 15) & ~(size_t) 15, size = sizeof(struct object) + room + lock_size(options);
	struct object *object = size > data_size ? __ast_calloc(1, size, file, line, func) : NULL;

	if (object) {
		object->destructor = destructor;
		object->options = options;
		object->references = 1;
		object->size = (unsigned int) MIN(size, (size_t) UINT_MAX);
		object->lock = lock_size(options) ? object->data + room : NULL;
		__atomic_store_n(&object->magic, ALIVE, __ATOMIC_RELEASE);
	}
	return object;
}

void *__ao2_alloc(size_t data_size, ao2_destructor_fn destructor_fn, unsigned int options, const char *tag,
	const char *file, int line, const char *func)
{
	struct object *object;

	(void) tag;
	if ((options & AO2_ALLOC_OPT_LOCK_MASK) == AO2_ALLOC_OPT_LOCK_OBJ) {
		ast_log_safe(__LOG_ERROR, file, line, func, "an object that shares a lock must be allocated with ao2_alloc_with_lockobj\n");
		return NULL;
	}
	object = new_object(data_size, destructor_fn, options, file, line, func);
	if (!object) {
		return NULL;
	}
	if (lock_kind(object) == AO2_ALLOC_OPT_LOCK_MUTEX) {
		ast_mutex_init((ast_mutex_t *) object->lock);
	} else if (lock_kind(object) == AO2_ALLOC_OPT_LOCK_RWLOCK) {
		ast_rwlock_init((ast_rwlock_t *) object->lock);
	}
	return object->data;
}

void *__ao2_alloc_with_lockobj(size_t data_size, ao2_destructor_fn destructor_fn, void *lockobj, const char *tag,
	const char *file, int line, const char *func)
{
	struct object *object;

	if (__ao2_ref(lockobj, +1, tag, file, line, func) < 0) {
		return NULL;
	}
	object = new_object(data_size, destructor_fn, AO2_ALLOC_OPT_LOCK_OBJ, file, line, func);
	if (!object) {
		__ao2_ref(lockobj, -1, tag, file, line, func);
		return NULL;
	}
	object->lock = lockobj;
	return object->data;
}

/* The last reference is gone. */
static void destroy(struct object *object)
{
	void *proxy = object->options & PROXY ? NULL : object->partner;

	if (object->destructor) {
		object->destructor(object->data);
	}
	__atomic_store_n(&object->magic, GONE, __ATOMIC_RELEASE);
	switch (lock_kind(object)) {
	case AO2_ALLOC_OPT_LOCK_MUTEX:
		ast_mutex_destroy((ast_mutex_t *) object->lock);
		break;
	case AO2_ALLOC_OPT_LOCK_RWLOCK:
		ast_rwlock_destroy((ast_rwlock_t *) object->lock);
		break;
	case AO2_ALLOC_OPT_LOCK_OBJ:
		ao2_ref(object->lock, -1);
		break;
	}
	free_later(object, object->size);
	if (proxy) {
		ao2_ref(proxy, -1);
	}
}

/*
 * Changes the count of references of an object that has a weak proxy, whose own reference counts as one; gives the old
 * count.  The last other reference is released under the lock of the proxy, which forgets the object there: nobody gets a
 * reference to an object that goes away.
 */
static int release_weakened(struct object *object, int delta)
{
	int before = __atomic_load_n(&object->references, __ATOMIC_RELAXED);
	struct ao2_weakproxy ended = { { NULL, NULL } };
	void *proxy = object->partner;

	while (before + delta > 1) {
		if (__atomic_compare_exchange_n(&object->references, &before, before + delta, 0, __ATOMIC_ACQ_REL,
			__ATOMIC_RELAXED)) {
			return before;
		}
	}
	ao2_lock(proxy);
	before = __atomic_fetch_add(&object->references, delta, __ATOMIC_ACQ_REL);
	if (before + delta == 1) {
		object_of(proxy)->partner = NULL;
		__atomic_store_n(&object->references, 0, __ATOMIC_RELEASE);
		SWAP(ended, *(struct ao2_weakproxy *) proxy);
	}
	ao2_unlock(proxy);
	asterism_weakproxy_notify(proxy, &ended);
	return before;
}

static int is_weakened(const struct object *object)
{
	return object->partner && !(object->options & PROXY);
}

int __ao2_ref(void *o, int delta, const char *tag, const char *file, int line, const char *func)
{
	struct object *object = checked(o, delta < 0 ? "release a reference to" : "add a reference to", file, line, func);
	int before, last = 0;	/* The count at which the last reference is gone. */

	(void) tag;
	if (!object) {
		return -1;
	}
	if (delta < 0 && is_weakened(object)) {
		last = 1;
		before = release_weakened(object, delta);
	} else {
		before = __atomic_fetch_add(&object->references, delta, delta < 0 ? __ATOMIC_ACQ_REL : __ATOMIC_RELAXED);
	}
	if (before + delta < last) {
		ast_log_safe(__LOG_ERROR, file, line, func, "an object had %d references, and %d were released\n", before, -delta);
		return -1;
	}
	if (delta && before + delta == last) {
		destroy(object);
	}
	return before;
}

int asterism_object_revive(void *data)
{
	struct object *object = object_of(data);
	int references = __atomic_load_n(&object->references, __ATOMIC_RELAXED);

	while (references > 0 && !__atomic_compare_exchange_n(&object->references, &references, references + 1, 0,
		__ATOMIC_ACQ_REL, __ATOMIC_RELAXED)) {
		continue;
	}
	return references > 0;
}

void __ao2_cleanup_debug(void *obj, const char *tag, const char *file, int line, const char *function)
{
	if (obj) {
		__ao2_ref(obj, -1, tag, file, line, function);
	}
}

void __ao2_cleanup(void *obj)
{
	ao2_cleanup(obj);
}

unsigned int ao2_options_get(void *obj)
{
	struct object *object = checked(obj, "ask", __FILE__, __LINE__, __func__);

	return object ? object->options & ~PROXY : 0;
}

/* ---- weak proxies: the rest is in weakproxy.c ---- */

void *__ao2_weakproxy_alloc(size_t data_size, ao2_destructor_fn destructor_fn, const char *tag, const char *file,
	int line, const char *func)
{
	void *proxy = data_size < sizeof(struct ao2_weakproxy) ? NULL
		: __ao2_alloc(data_size, destructor_fn, AO2_ALLOC_OPT_LOCK_MUTEX, tag, file, line, func);

	if (proxy) {
		object_of(proxy)->options |= PROXY;
	}
	return proxy;
}

int asterism_weakproxy_is(void *data, const char *file, int line, const char *func)
{
	struct object *object = checked(data, "use as a weak proxy", file, line, func);

	return object && (object->options & PROXY);
}

void *asterism_weakproxy_object(void *proxy)
{
	return object_of(proxy)->partner;
}

int __ao2_weakproxy_set_object(void *weakproxy, void *obj, int flags, const char *tag, const char *file, int line,
	const char *func)
{
	struct object *object = checked(obj, "weaken", file, line, func);
	int failed = 1;

	if (!asterism_weakproxy_is(weakproxy, file, line, func) || !object || object->options & PROXY) {
		return -1;
	}
	if (!(flags & OBJ_NOLOCK)) {
		ao2_lock(weakproxy);
	}
	if (!object_of(weakproxy)->partner && !object->partner) {
		__ao2_ref(weakproxy, +1, tag, file, line, func);
		__ao2_ref(obj, +1, tag, file, line, func);
		object_of(weakproxy)->partner = obj;
		object->partner = weakproxy;
		failed = 0;
	}
	if (!(flags & OBJ_NOLOCK)) {
		ao2_unlock(weakproxy);
	}
	return failed ? -1 : 0;
}

void *__ao2_get_weakproxy(void *obj, const char *tag, const char *file, int line, const char *func)
{
	struct object *object = checked(obj, "ask", file, line, func);

	if (!object || object->options & PROXY || !object->partner) {
		return NULL;
	}
	__ao2_ref(object->partner, +1, tag, file, line, func);
	return object->partner;
}

/* ---- locks ---- */

enum act { LOCK, TRY, UNLOCK };

static force_inline int mutex_act(ast_mutex_t *mutex, enum act act, const char *file, const char *func, int line, const char *var)
{
	switch (act) {
	case LOCK:
		return __ast_pthread_mutex_lock(file, line, func, var, mutex);
	case TRY:
		return __ast_pthread_mutex_trylock(file, line, func, var, mutex);
	default:
		return __ast_pthread_mutex_unlock(file, line, func, var, mutex);
	}
}

static int rwlock_act(ast_rwlock_t *lock, enum act act, int reads, const char *file, const char *func, int line,
	const char *var)
{
	switch (act) {
	case LOCK:
		return reads ? __ast_rwlock_rdlock(file, line, func, lock, var) : __ast_rwlock_wrlock(file, line, func, lock, var);
	case TRY:
		return reads ? __ast_rwlock_tryrdlock(file, line, func, lock, var)
			: __ast_rwlock_trywrlock(file, line, func, lock, var);
	default:
		return __ast_rwlock_unlock(file, line, func, lock, var);
	}
}

static force_inline int lock_act_once(struct object *object, enum act act, enum ao2_lock_req how, const char *file, const char *func, int line,
	const char *var)
{
	switch (lock_kind(object)) {
	case AO2_ALLOC_OPT_LOCK_MUTEX:
		return mutex_act(object->lock, act, file, func, line, var);
	case AO2_ALLOC_OPT_LOCK_RWLOCK:
		return rwlock_act(object->lock, act, how == AO2_LOCK_REQ_RDLOCK, file, func, line, var);
	default:
		return 0;
	}
}

static force_inline int lock_act(void *data, enum act act, enum ao2_lock_req how, const char *file, const char *func,
	int line, const char *var)
{
	struct object *object = checked(data, act == UNLOCK ? "unlock" : "lock", file, line, func);

	/* An object that uses the lock of one that uses a third one's. */
	while (object && lock_kind(object) == AO2_ALLOC_OPT_LOCK_OBJ) {
		object = checked(object->lock, act == UNLOCK ? "unlock" : "lock", file, line, func);
	}
	return object ? lock_act_once(object, act, how, file, func, line, var) : EINVAL;
}

int __ao2_lock(void *a, enum ao2_lock_req lock_how, const char *file, const char *func, int line, const char *var)
{
	return lock_act(a, LOCK, lock_how, file, func, line, var);
}

int __ao2_trylock(void *a, enum ao2_lock_req lock_how, const char *file, const char *func, int line, const char *var)
{
	return lock_act(a, TRY, lock_how, file, func, line, var);
}

int __ao2_unlock(void *a, const char *file, const char *func, int line, const char *var)
{
	return lock_act(a, UNLOCK, AO2_LOCK_REQ_MUTEX, file, func, line, var);
}

/* A mutex, which almost all have, is taken here; everything else, and what goes wrong, the long way. */
void asterism_object_lock(void *data, enum ao2_lock_req how)
{
	struct object *object = object_of(data);

	if (lock_kind(object) != AO2_ALLOC_OPT_LOCK_MUTEX || pthread_mutex_lock(&((ast_mutex_t *) object->lock)->mutex)) {
		__ao2_lock(data, how, __FILE__, __func__, __LINE__, "object");
	}
}

void asterism_object_unlock(void *data)
{
	struct object *object = object_of(data);

	if (lock_kind(object) != AO2_ALLOC_OPT_LOCK_MUTEX || pthread_mutex_unlock(&((ast_mutex_t *) object->lock)->mutex)) {
		__ao2_unlock(data, __FILE__, __func__, __LINE__, "object");
	}
}

void *ao2_object_get_lockaddr(void *obj)
{
	struct object *object = checked(obj, "ask", __FILE__, __LINE__, __func__);

	if (!object) {
		return NULL;
	}
	return lock_kind(object) == AO2_ALLOC_OPT_LOCK_OBJ ? ao2_object_get_lockaddr(object->lock) : object->lock;
}

/* ---- global objects ---- */

void *__ao2_global_obj_replace(struct ao2_global_obj *holder, void *obj, const char *tag, const char *file, int line,
	const char *func, const char *name)
{
	void *old;

	if (!holder || (obj && __ao2_ref(obj, +1, tag, file, line, func) < 0)) {
		return NULL;
	}
	__ast_rwlock_wrlock(file, line, func, &holder->lock, name);
	old = holder->obj;
	holder->obj = obj;
	__ast_rwlock_unlock(file, line, func, &holder->lock, name);
	return old;
}

int __ao2_global_obj_replace_unref(struct ao2_global_obj *holder, void *obj, const char *tag, const char *file, int line,
	const char *func, const char *name)
{
	void *old = __ao2_global_obj_replace(holder, obj, tag, file, line, func, name);

	__ao2_cleanup_debug(old, tag, file, line, func);
	return old != NULL;
}

void *__ao2_global_obj_ref(struct ao2_global_obj *holder, const char *tag, const char *file, int line, const char *func,
	const char *name)
{
	void *obj;

	if (!holder) {
		return NULL;
	}
	__ast_rwlock_rdlock(file, line, func, &holder->lock, name);
	obj = holder->obj;
	if (obj) {
		__ao2_ref(obj, +1, tag, file, line, func);
	}
	__ast_rwlock_unlock(file, line, func, &holder->lock, name);
	return obj;
}
