/*
 * JSON: objects (asterisk/json.h).  Their members stand in a list, in the order in which they were put in; once there
 * are more than a few, in buckets of a hash table as well.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "json.h"

#include <sys/random.h>

#define FEW 8	/* Members that are found as fast one after the other. */

static uint64_t secret;

static void make_secret(void)
{
	if (getrandom(&secret, sizeof(secret), GRND_NONBLOCK) != sizeof(secret)) {
		secret = (uint64_t) time(NULL) ^ (uint64_t) (uintptr_t) &secret;
	}
	secret |= 1;
}

/* Keys come from strangers: the secret keeps them from choosing ones that share a bucket. */
static uint64_t hash_of(const char *key)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	uint64_t hash;

	pthread_once(&once, make_secret);
	for (hash = secret; *key; key++) {
		hash = (hash ^ (unsigned char) *key) * (secret ^ UINT64_C(0x9e3779b97f4a7c14));
		hash ^= hash >> 29;
	}
	return hash;
}

static struct member *search(const struct body *body, const char *key, uint64_t hash)
{
	struct member *member = body->buckets ? body->buckets[hash & (body->buckets_count - 1)] : body->first;

	while (member && (member->hash != hash || strcmp(member->key, key))) {
		member = body->buckets ? member->neighbour : member->next;
	}
	return member;
}

struct member *asterism_json_member(const struct body *body, const char *key)
{
	return search(body, key, hash_of(key));
}

/* ---- changing the two structures ---- */

static void into_bucket(struct body *body, struct member *member)
{
	struct member **bucket = &body->buckets[member->hash & (body->buckets_count - 1)];

	member->neighbour = *bucket;
	*bucket = member;
}

static void out_of_bucket(struct body *body, struct member *member)
{
	struct member **link = &body->buckets[member->hash & (body->buckets_count - 1)];

	while (*link != member) {
		link = &(*link)->neighbour;
	}
	*link = member->neighbour;
}

/* Adds buckets.  When out of memory, the old ones stay in use, or the list if there are none. */
static void spread(struct body *body)
{
	size_t count = body->buckets_count ? 2 * body->buckets_count : 4 * FEW;
	struct member **buckets, *member;

	if (body->size <= (body->buckets_count ? body->buckets_count : FEW)) {
		return;
	}
	buckets = ast_calloc(count, sizeof(*buckets));
	if (!buckets) {
		return;
	}
	ast_free(body->buckets);
	body->buckets = buckets;
	body->buckets_count = count;
	for (member = body->first; member; member = member->next) {
		into_bucket(body, member);
	}
}

static int add(struct body *body, const char *key, uint64_t hash, struct ast_json *value)
{
	size_t size = strlen(key) + 1;
	struct member *member = ast_malloc(sizeof(*member) + size);

	if (!member) {
		return -1;
	}
	memcpy(member->key, key, size);
	member->hash = hash;
	member->value = value;
	member->next = NULL;
	member->previous = body->last;
	*(body->last ? &body->last->next : &body->first) = member;
	body->last = member;
	body->size++;
	if (body->buckets) {
		into_bucket(body, member);
	}
	spread(body);
	return 0;
}

static void take_out(struct body *body, struct member *member)
{
	*(member->previous ? &member->previous->next : &body->first) = member->next;
	*(member->next ? &member->next->previous : &body->last) = member->previous;
	body->size--;
	if (body->buckets) {
		out_of_bucket(body, member);
	}
	ast_json_unref(member->value);
	ast_free(member);
}

void asterism_json_members_free(struct body *body)
{
	while (body->first) {
		struct member *member = body->first;

		body->first = member->next;
		ast_json_unref(member->value);
		ast_free(member);
	}
	body->last = NULL;
	ast_free(body->buckets);
	body->buckets = NULL;
	body->buckets_count = 0;
}

/* ---- what modules call ---- */

struct ast_json *ast_json_object_create(void)
{
	return asterism_json_container(AST_JSON_OBJECT);
}

size_t ast_json_object_size(struct ast_json *object)
{
	struct body *body = asterism_json_body(object, AST_JSON_OBJECT);

	return body ? body->size : 0;
}

struct ast_json *ast_json_object_get(struct ast_json *object, const char *key)
{
	struct member *found = (struct member *) ast_json_object_iter_at(object, key);

	return found ? found->value : NULL;
}

/* Takes the value over, also when it fails. */
static int set(struct body *body, const char *key, struct ast_json *value)
{
	uint64_t hash = hash_of(key);
	struct member *member = search(body, key, hash);

	if (member) {
		SWAP(member->value, value);
		ast_json_unref(value);
		return 0;
	}
	if (add(body, key, hash, value)) {
		ast_json_unref(value);
		return -1;
	}
	return 0;
}

int ast_json_object_set(struct ast_json *object, const char *key, struct ast_json *value)
{
	struct body *body = asterism_json_body(object, AST_JSON_OBJECT);

	if (!body || !value || value == object || !ast_json_utf8_check(key)) {
		ast_json_unref(value);
		return -1;
	}
	return set(body, key, value);
}

int ast_json_object_del(struct ast_json *object, const char *key)
{
	struct member *member = (struct member *) ast_json_object_iter_at(object, key);

	if (!member) {
		return -1;
	}
	take_out(object->body, member);
	return 0;
}

int ast_json_object_clear(struct ast_json *object)
{
	struct body *body = asterism_json_body(object, AST_JSON_OBJECT);

	if (!body) {
		return -1;
	}
	asterism_json_members_free(body);
	body->size = 0;
	return 0;
}

enum which { ALL, EXISTING, MISSING };

static int update(struct ast_json *object, struct ast_json *other, enum which which)
{
	struct body *into = asterism_json_body(object, AST_JSON_OBJECT), *from = asterism_json_body(other, AST_JSON_OBJECT);
	struct member *member;

	if (!into || !from) {
		return -1;
	}
	for (member = from->first; member; member = member->next) {
		if (which != ALL && !search(into, member->key, member->hash) != (which == MISSING)) {
			continue;
		}
		if (set(into, member->key, ast_json_ref(member->value))) {
			return -1;
		}
	}
	return 0;
}

int ast_json_object_update(struct ast_json *object, struct ast_json *other)
{
	return update(object, other, ALL);
}

int ast_json_object_update_existing(struct ast_json *object, struct ast_json *other)
{
	return update(object, other, EXISTING);
}

int ast_json_object_update_missing(struct ast_json *object, struct ast_json *other)
{
	return update(object, other, MISSING);
}

struct ast_json_iter *ast_json_object_iter(struct ast_json *object)
{
	struct body *body = asterism_json_body(object, AST_JSON_OBJECT);

	return body ? (struct ast_json_iter *) body->first : NULL;
}

struct ast_json_iter *ast_json_object_iter_at(struct ast_json *object, const char *key)
{
	struct body *body = asterism_json_body(object, AST_JSON_OBJECT);

	return body && key ? (struct ast_json_iter *) asterism_json_member(body, key) : NULL;
}

struct ast_json_iter *ast_json_object_iter_next(struct ast_json *object, struct ast_json_iter *iter)
{
	(void) object;
	return iter ? (struct ast_json_iter *) ((struct member *) iter)->next : NULL;
}

const char *ast_json_object_iter_key(struct ast_json_iter *iter)
{
	return iter ? ((struct member *) iter)->key : NULL;
}

struct ast_json *ast_json_object_iter_value(struct ast_json_iter *iter)
{
	return iter ? ((struct member *) iter)->value : NULL;
}

int ast_json_object_iter_set(struct ast_json *object, struct ast_json_iter *iter, struct ast_json *value)
{
	struct member *member = (struct member *) iter;

	if (!ast_json_is_object(object) || !member || !value || value == object) {
		ast_json_unref(value);
		return -1;
	}
	SWAP(member->value, value);
	ast_json_unref(value);
	return 0;
}
