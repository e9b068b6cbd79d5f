/*
 * The driver's requests about hash tables, descriptors, lists of addresses and call records (asterisk/hashtab.h, io.h,
 * acl.h, cdr.h, cel.h).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"
#include "driver.h"

#include "asterisk/acl.h"
#include "asterisk/cdr.h"
#include "asterisk/cel.h"
#include "asterisk/hashtab.h"
#include "asterisk/io.h"

static int destroyed;

static unsigned int hash_number(const void *object)
{
	return ast_hashtab_hash_int(*(const int *) object);
}

static void *copy_number(const void *object)
{
	int *copy = malloc(sizeof(*copy));

	if (copy) {
		*copy = *(const int *) object;
	}
	return copy;
}

static void free_number(void *object)
{
	destroyed++;
	free(object);
}

/* A thousand numbers are added, found, taken out, walked and copied. */
void hashtab_try(char *text)
{
	struct ast_hashtab *tab = ast_hashtab_create(7, ast_hashtab_compare_ints, ast_hashtab_resize_java,
		ast_hashtab_newsize_java, hash_number, 1), *copy;
	int i, key = 7, found = 0, sum = 0, *number, *gone;
	struct ast_hashtab_iter *it;

	(void) text;
	for (i = 0; i < 1000; i++) {
		ast_hashtab_insert_safe(tab, copy_number(&i));
	}
	for (i = 0; i < 1000; i++) {
		found += ast_hashtab_lookup(tab, &i) != NULL;
	}
	printf("%d of %d, one %d, again %d, ", found, ast_hashtab_size(tab), *(int *) ast_hashtab_lookup(tab, &key),
		ast_hashtab_insert_safe(tab, &key));
	gone = ast_hashtab_remove_object_via_lookup(tab, &key);
	printf("gone %d %s, ", *gone, ast_hashtab_remove_this_object(tab, gone) ? "still" : "none");
	free(gone);
	it = ast_hashtab_start_traversal(tab);
	while ((number = ast_hashtab_next(it))) {
		sum += *number;
	}
	ast_hashtab_end_traversal(it);
	copy = ast_hashtab_dup(tab, copy_number);
	printf("sum %d, copy %d of %d, ", sum, ast_hashtab_size(copy), ast_hashtab_size(tab));
	ast_hashtab_destroy(tab, free_number);
	ast_hashtab_destroy(copy, free_number);
	printf("destroyed %d", destroyed);
	destroyed = 0;
}

struct pair {
	struct io_context *context;
	int *other;
	const char *name;
	int *again;
};

/* Empties the descriptor, and takes the other one out. */
static int on_ready(int *id, int fd, short events, void *data)
{
	struct pair *pair = data;
	char byte;

	(void) id;
	(void) events;
	printf("%s", pair->name);
	if (pair->other) {
		ast_io_remove(pair->context, pair->other);
		pair->again = ast_io_add(pair->context, fd, on_ready, AST_IO_IN, data);
		pair->name = "second";
		pair->other = NULL;
		return 0;
	}
	return read(fd, &byte, 1) == 1;
}

void io_try(char *text)
{
	struct io_context *context = io_context_create();
	struct pair one = { context, NULL, "first", NULL }, two = { context, NULL, "never", NULL };
	int left[2], right[2], stranger = 0, *id;

	(void) text;
	if (pipe(left) || pipe(right)) {
		return;
	}
	id = ast_io_add(context, left[0], on_ready, AST_IO_IN, &one);
	one.other = ast_io_add(context, right[0], on_ready, AST_IO_IN, &two);
	printf("none %d, ", ast_io_wait(context, 0));
	ast_io_change(context, id, -1, NULL, AST_IO_IN, NULL);
	if (write(left[1], "x", 1) != 1 || write(right[1], "x", 1) != 1) {
		return;
	}
	printf("both 2: ");
	printf(ast_io_wait(context, 0) == 2 ? ", again 1: " : "?");
	printf(ast_io_wait(context, 0) == 1 ? ", then " : "?");
	printf("%d, ", ast_io_wait(context, 0));
	printf("unknown %d %s", ast_io_remove(context, &stranger),
		ast_io_change(context, &stranger, 0, NULL, 0, NULL) ? "?" : "NULL");
	io_context_destroy(context);
	close(left[0]);
	close(left[1]);
	close(right[0]);
	close(right[1]);
}

/* A sense and lines, each on its own line, and then addresses: the lines as they were read, and who is allowed. */
void acl_try(char *text)
{
	char *sense = strsep(&text, "\n"), *lines = strsep(&text, "\n"), *address;
	struct ast_acl_list *all = NULL, *copy;
	struct ast_str *shown = ast_str_create(16);
	struct ast_ha *one = NULL;
	struct ast_sockaddr parsed;
	int error = 0, flag = 0;

	one = ast_append_ha("deny", "0.0.0.0/0,::/0", NULL, &error);
	one = ast_append_ha(sense, lines, one, &error);
	ast_ha_join_cidr(one ? one->next->next : NULL, &shown);
	printf("%s %d", ast_str_buffer(shown), error);
	ast_append_acl("deny", "0.0.0.0/0,::/0", &all, NULL, &flag);
	ast_append_acl(sense, lines, &all, NULL, &flag);
	copy = ast_duplicate_acl_list(all);
	ast_free_acl_list(all);
	while ((address = strsep(&text, "\n"))) {
		if (ast_sockaddr_parse(&parsed, address, 0)) {
			printf(" %d%d", ast_apply_ha(one, &parsed), ast_apply_acl_nolog(copy, &parsed));
		}
	}
	printf(" %d%d", ast_acl_list_is_empty(copy), flag);
	ast_free_acl_list(copy);
	ast_free_ha(one);
	ast_free(shown);
}

/* A type of service: its number, and its name. */
void tos_try(char *text)
{
	unsigned int tos = 0, cos = 0;
	int is_tos = ast_str2tos(text, &tos), is_cos = ast_str2cos(text, &cos);

	printf("%d %u %s %d %u", is_tos, tos, ast_tos2str(tos), is_cos, cos);
}

/* The name of a field: its value, as a text and raw. */
void cdr_try(char *text)
{
	struct ast_cdr *cdr = ast_cdr_alloc(), *copy;
	char room[40], *value;

	ast_copy_string(cdr->src, "100", sizeof(cdr->src));
	cdr->start = (struct timeval) { 0, 5 };
	cdr->duration = 61;
	cdr->disposition = AST_CDR_ANSWERED;
	cdr->sequence = 7;
	AST_LIST_INSERT_HEAD(&cdr->varshead, ast_var_assign("own", "mine"), entries);
	copy = ast_cdr_dup(cdr);
	ast_cdr_free(cdr);
	ast_cdr_format_var(copy, text, &value, room, sizeof(room), 0);
	printf("%s ", S_OR(value, "none"));
	ast_cdr_format_var(copy, text, &value, room, sizeof(room), 1);
	printf("%s %d %s", S_OR(value, "none"), ast_cel_str_to_event_type(text),
		S_OR(ast_cel_get_type_name(ast_cel_str_to_event_type(text)), "none"));
	ast_cdr_free(copy);
}
