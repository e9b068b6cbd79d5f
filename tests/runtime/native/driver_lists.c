/*
 * The driver's requests about lists and string fields (asterisk/linkedlists.h, dlinkedlists.h, stringfields.h).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"
#include "driver.h"

#include "asterisk/dlinkedlists.h"
#include "asterisk/linkedlists.h"
#include "asterisk/stringfields.h"

/* ---- lists: elements are named by one letter; a letter before it says what is done ---- */

struct one {
	char name[2];
	AST_LIST_ENTRY(one) list;
};

struct two {
	char name;
	AST_DLLIST_ENTRY(two) list;
};

AST_RWLIST_HEAD(ones, one);
AST_RWDLLIST_HEAD(twos, two);

static struct one singles[128];
static struct two doubles[128];

static struct one *single(char name)
{
	struct one *one = &singles[(unsigned char) name % 128];

	one->name[0] = name;
	return one;
}

static struct two *twin(char name)
{
	struct two *two = &doubles[(unsigned char) name % 128];

	two->name = name;
	return two;
}

/* While going over the list: an element named in the text is removed (-x), moved to the other list (>x), or met by y (y+x). */
static void change_singles(struct ones *list, struct ones *other, const char *what, char at, char put)
{
	struct one *one;

	AST_RWLIST_TRAVERSE_SAFE_BEGIN(list, one, list) {
		if (one->name[0] != at) {
			continue;
		}
		if (*what == '-') {
			AST_RWLIST_REMOVE_CURRENT(list);
		} else if (*what == '>') {
			AST_RWLIST_MOVE_CURRENT(other, list);
		} else {
			AST_RWLIST_INSERT_BEFORE_CURRENT(single(put), list);
		}
		one = NULL;
	}
	AST_RWLIST_TRAVERSE_SAFE_END;
}

void list_try(char *text)
{
	struct ones list, other;
	struct one *one;
	char *at;

	AST_RWLIST_HEAD_INIT(&list);
	AST_RWLIST_HEAD_INIT(&other);
	for (at = text; at[0] && at[1] && at[2]; at += 3) {
		switch (at[0]) {
		case 'h':
			AST_RWLIST_INSERT_HEAD(&list, single(at[1]), list);
			break;
		case 't':
			AST_RWLIST_INSERT_TAIL(&list, single(at[1]), list);
			break;
		case 's':
			AST_RWLIST_INSERT_SORTALPHA(&list, single(at[1]), list, name);
			break;
		case 'o':
			AST_RWLIST_INSERT_TAIL(&other, single(at[1]), list);
			break;
		case 'a':
			AST_RWLIST_APPEND_LIST(&list, &other, list);
			break;
		case 'i':
			AST_RWLIST_INSERT_LIST_AFTER(&list, &other, single(at[1]), list);
			break;
		case 'r':
			AST_RWLIST_REMOVE(&list, single(at[1]), list);
			break;
		default:
			change_singles(&list, &other, at, at[1], at[2]);
		}
	}
	AST_RWLIST_TRAVERSE(&list, one, list) {
		putchar(one->name[0]);
	}
	printf("%c/", AST_RWLIST_LAST(&list) ? AST_RWLIST_LAST(&list)->name[0] : '-');
	AST_RWLIST_TRAVERSE(&other, one, list) {
		putchar(one->name[0]);
	}
	printf("%c", AST_RWLIST_LAST(&other) ? AST_RWLIST_LAST(&other)->name[0] : '-');
	AST_RWLIST_HEAD_DESTROY(&list);
	AST_RWLIST_HEAD_DESTROY(&other);
}

#define CHANGE_TWIN(at, put) do { \
	if (two->name != (at)[1]) { \
		continue; \
	} \
	switch ((at)[0]) { \
	case '-': \
		AST_RWDLLIST_REMOVE_CURRENT(list); \
		break; \
	case '>': \
		AST_RWDLLIST_MOVE_CURRENT(&other, list); \
		break; \
	case '<': \
		AST_RWDLLIST_MOVE_CURRENT_BACKWARDS(&other, list); \
		break; \
	case '+': \
		AST_RWDLLIST_INSERT_BEFORE_CURRENT(twin(put), list); \
		break; \
	default: \
		AST_RWDLLIST_INSERT_AFTER_CURRENT(twin(put), list); \
	} \
	two = NULL; \
} while (0)

static void print_twins(struct twos *list)
{
	struct two *two;

	AST_RWDLLIST_TRAVERSE(list, two, list) {
		putchar(two->name);
	}
	putchar('/');
	AST_RWDLLIST_TRAVERSE_BACKWARDS(list, two, list) {
		putchar(two->name);
	}
	putchar(' ');
}

/* The same for doubly linked lists; a capital 'B' in the third place goes backwards, otherwise it is the one to put in. */
void dllist_try(char *text)
{
	struct twos list, other;
	struct two *two;
	char *at;

	AST_RWDLLIST_HEAD_INIT(&list);
	AST_RWDLLIST_HEAD_INIT(&other);
	for (at = text; at[0] && at[1] && at[2]; at += 3) {
		switch (at[0]) {
		case 'h':
			AST_RWDLLIST_INSERT_HEAD(&list, twin(at[1]), list);
			break;
		case 't':
			AST_RWDLLIST_INSERT_TAIL(&list, twin(at[1]), list);
			break;
		case 'o':
			AST_RWDLLIST_INSERT_TAIL(&other, twin(at[1]), list);
			break;
		case 'a':
			AST_RWDLLIST_APPEND_DLLIST(&list, &other, list);
			break;
		case 'r':
			two = AST_RWDLLIST_REMOVE_VERIFY(&list, twin(at[1]), list);
			printf("%c", two ? two->name : '-');
			break;
		case 'f':
			two = AST_RWDLLIST_REMOVE_HEAD(&list, list);
			printf("%c", two ? two->name : '-');
			break;
		case 'l':
			two = AST_RWDLLIST_REMOVE_TAIL(&list, list);
			printf("%c", two ? two->name : '-');
			break;
		default:
			if (at[2] == 'B') {
				AST_RWDLLIST_TRAVERSE_BACKWARDS_SAFE_BEGIN(&list, two, list) {
					CHANGE_TWIN(at, 'B');
				}
				AST_RWDLLIST_TRAVERSE_BACKWARDS_SAFE_END;
			} else {
				AST_RWDLLIST_TRAVERSE_SAFE_BEGIN(&list, two, list) {
					CHANGE_TWIN(at, at[2]);
				}
				AST_RWDLLIST_TRAVERSE_SAFE_END;
			}
		}
	}
	print_twins(&list);
	print_twins(&other);
	AST_RWDLLIST_HEAD_DESTROY(&list);
	AST_RWDLLIST_HEAD_DESTROY(&other);
}

/* ---- string fields ---- */

struct fields {
	AST_DECLARE_STRING_FIELDS(
		AST_STRING_FIELD(a);
		AST_STRING_FIELD(b);
		AST_STRING_FIELD(c);
	);
	int between;
	AST_STRING_FIELD_EXTENDED(d);
};

static struct fields *fields_new(int embedded)
{
	struct fields *fields = embedded ? ast_calloc_with_stringfields(1, struct fields, 16) : ast_calloc(1, sizeof(*fields));

	if (!embedded && ast_string_field_init(fields, 16)) {
		abort();
	}
	ast_string_field_init_extended(fields, d);
	return fields;
}

/* A letter for the field, then '=' and a length; '+' (its own text and more), '<' (without its first byte) or '0'. */
static void fields_change(struct fields *fields, const char *at)
{
	ast_string_field *field = ((ast_string_field *[]) {
		AST_STRING_FIELD_PLACE_(fields, a), AST_STRING_FIELD_PLACE_(fields, b), AST_STRING_FIELD_PLACE_(fields, c),
		AST_STRING_FIELD_PLACE_(fields, d),
	})[(at[0] - 'a') & 3];

	switch (at[1]) {
	case '+':
		ast_string_field_ptr_build(fields, field, "%s[%c]%s", *field, at[0], *field);
		break;
	case '<':
		ast_string_field_ptr_set(fields, field, **field ? *field + 1 : NULL);
		break;
	case '0':
		ast_string_field_ptr_set(fields, field, "");
		break;
	default:
		ast_string_field_ptr_build(fields, field, "%.*s", at[1] - '0', "123456789");
	}
}

void fields_try(char *text)
{
	struct fields *fields = fields_new(text[0] == 'e'), *copy = fields_new(text[0] != 'e');
	const char *at;

	for (at = text + 1; at[0] && at[1]; at += 2) {
		if (at[0] == 'r') {
			ast_string_field_init(fields, AST_STRINGFIELD_RESET);
		} else {
			fields_change(fields, at);
		}
	}
	ast_string_field_set(copy, a, "to be replaced");
	printf("%d ", ast_string_fields_copy(copy, fields));
	printf("%d ", ast_string_fields_cmp(copy, fields));
	printf(".%s.%s.%s.%s ", copy->a, copy->b, copy->c, copy->d);
	ast_string_field_set(copy, d, "!");
	printf("%d ", ast_string_fields_cmp(copy, fields) != 0);
	ast_string_field_free_memory(fields);
	ast_string_field_free_memory(copy);
	ast_free(fields);
	ast_free(copy);
}

/* What is wrong is told, and what is too long for a head goes through all the same. */
void fields_mistakes(char *text)
{
	struct fields *none = NULL, *unready = ast_calloc(1, sizeof(*unready)), *ready = fields_new(0);
	char *large = ast_malloc(200001);
	int i;

	logged = 0;
	printf("%d %d %d ", ast_string_field_set(none, a, text), ast_string_field_init(none, 1), ast_string_fields_cmp(none, none));
	printf("%d %d ", ast_string_field_set(unready, a, text), unready->a == NULL);
	printf("%d ", ast_string_field_init(unready, 0));
	for (i = 0; i < 5; i++) {
		memset(large, 'x', 200000);
		large[200000 - i * 50000] = '\0';
		ast_string_field_set(ready, a, large);
		ast_string_field_build(ready, b, "%s%s", ready->a, text);
		printf("%zu ", strlen(ready->b) - strlen(ready->a));
	}
	ast_string_field_build(ready, c, "%d", 7);
	printf("%s %d", ready->c, logged);
	ast_string_field_free_memory(ready);
	ast_free(ready);
	ast_free(unready);
	ast_free(large);
}
