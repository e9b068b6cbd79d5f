/*
 * Access control lists of addresses: permit and deny lines of a configuration, of which the last that fits counts.
 *
 * Not supported: named lists of acl.conf (an unknown name makes a list that denies everything) and looking up hosts
 * (ast_get_ip and its like).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef ASTERISM_ACL_H
#define ASTERISM_ACL_H

#include "asterisk/io.h"
#include "asterisk/linkedlists.h"
#include "asterisk/netsock2.h"
#include "asterisk/network.h"

#ifdef __cplusplus
extern "C" {
#endif

struct ast_str;

enum ast_acl_sense {
	AST_SENSE_DENY,
	AST_SENSE_ALLOW
};

/* A line: an address and its mask. */
struct ast_ha {
	struct ast_sockaddr addr;
	struct ast_sockaddr netmask;
	enum ast_acl_sense sense;
	struct ast_ha *next;
};

#define ACL_NAME_LENGTH 80

/* The lines of one list. */
struct ast_acl {
	struct ast_ha *acl;
	int is_realtime;
	int is_invalid;	/* The name is not known: everything is denied. */
	char name[ACL_NAME_LENGTH];	/* Empty for the lines of the configuration itself. */
	AST_LIST_ENTRY(ast_acl) list;
};
AST_LIST_HEAD(ast_acl_list, ast_acl);

/* Frees lines, or lists; the latter gives NULL. */
void ast_free_ha(struct ast_ha *ha);
struct ast_acl_list *ast_free_acl_list(struct ast_acl_list *acl);
/* Copies a line without its followers; duplicates lines, or lists. */
void ast_copy_ha(const struct ast_ha *from, struct ast_ha *to);
struct ast_ha *ast_duplicate_ha_list(struct ast_ha *original);
struct ast_acl_list *ast_duplicate_acl_list(struct ast_acl_list *original);

/*
 * Adds lines: sense is "permit" or "deny", stuff is "192.0.2.0/24", with a mask of bits or of an address, or several joined
 * by commas, each with a ! before it for the opposite.  The first line of all; *error is set to 1 when stuff cannot be read.
 */
struct ast_ha *ast_append_ha(const char *sense, const char *stuff, struct ast_ha *path, int *error);
struct ast_ha *ast_append_ha_with_port(const char *sense, const char *stuff, struct ast_ha *path, int *error);
/* Appends a rule to a list of lists, which is created when *path is NULL; with sense "acl", stuff is names of lists. */
void ast_append_acl(const char *sense, const char *stuff, struct ast_acl_list **path, int *error, int *named_acl_flag);
int ast_acl_list_is_empty(struct ast_acl_list *acl_list);

/* Whether lines or lists allow an address; purpose stands before the message of a refusal, and may be NULL. */
enum ast_acl_sense ast_apply_ha(const struct ast_ha *ha, const struct ast_sockaddr *addr);
enum ast_acl_sense ast_apply_acl(struct ast_acl_list *acl_list, const struct ast_sockaddr *addr, const char *purpose);
enum ast_acl_sense ast_apply_acl_nolog(struct ast_acl_list *acl_list, const struct ast_sockaddr *addr);

/* Appends lines to a text: "192.0.2.0/255.255.255.0,!...", or with bits. */
void ast_ha_join(const struct ast_ha *ha, struct ast_str **buf);
void ast_ha_join_cidr(const struct ast_ha *ha, struct ast_str **buf);
/* Writes lines or lists to a descriptor. */
void ast_ha_output(int fd, const struct ast_ha *ha, const char *prefix);
void ast_acl_output(int fd, struct ast_acl_list *acl, const char *prefix);

/* Reads the priority of a frame, 0 to 7, or a type of service, a number or a name: 0, or -1.  And its name, or "unknown". */
int ast_str2cos(const char *value, unsigned int *cos);
int ast_str2tos(const char *value, unsigned int *tos);
const char *ast_tos2str(unsigned int tos);

/* Which own address reaches another one: 0, or -1. */
int ast_ouraddrfor(const struct ast_sockaddr *them, struct ast_sockaddr *us);

#ifdef __cplusplus
}
#endif

#endif
