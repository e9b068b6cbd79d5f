/*
 * The persistent database of keys and values, in families; a key may have parts, separated by slashes.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef ASTERISM_ASTDB_H
#define ASTERISM_ASTDB_H

#ifdef __cplusplus
extern "C" {
#endif

/* An entry of a list; its key is a whole one: "/family/key". */
struct ast_db_entry {
	struct ast_db_entry *next;
	char *key;
	char data[0];	/* The value. */
};

/* The value of a key, cut to valuelen bytes with the NUL: 0, or -1 with an empty text. */
int ast_db_get(const char *family, const char *key, char *value, int valuelen);
/* The whole value, for ast_free: 0, or -1 with NULL. */
int ast_db_get_allocated(const char *family, const char *key, char **out);
/* 1 when the key exists, 0 otherwise. */
int ast_db_exists(const char *family, const char *key);
/* Sets a key: 0 or -1.  The change is written when this returns. */
int ast_db_put(const char *family, const char *key, const char *value);
/* Deletes a key: 0 or -1.  For a key that does not exist, ast_db_del gives 0 and ast_db_del2 gives -1. */
int ast_db_del(const char *family, const char *key);
int ast_db_del2(const char *family, const char *key);
/* Deletes a family, or the keys below a prefix of it, or (NULL) all families: the number of deleted keys, or -1. */
int ast_db_deltree(const char *family, const char *keytree);
/* The entries of a family, or below a prefix of it, as a list sorted by key, for ast_db_freetree; NULL when empty.
 * A keytree that ends with '%' takes all keys that begin with the rest of it. */
struct ast_db_entry *ast_db_gettree(const char *family, const char *keytree);
/* The entries of a family whose keys begin with key_prefix and are longer. */
struct ast_db_entry *ast_db_gettree_by_prefix(const char *family, const char *key_prefix);
/* Frees a list of entries; NULL does nothing. */
void ast_db_freetree(struct ast_db_entry *entry);

#ifdef __cplusplus
}
#endif

#endif
