/*
 * SMDI, messages of a telephone exchange over a serial line.
 * Implemented by the module res_smdi; while it is not loaded, no message is found.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef ASTERISM_SMDI_H
#define ASTERISM_SMDI_H

#include <termios.h>
#include <time.h>

#include "asterisk/config.h"
#include "asterisk/module.h"
#include "asterisk/optional_api.h"

#ifdef __cplusplus
extern "C" {
#endif

#define SMDI_MESG_NAME_LEN 80
#define SMDI_MESG_DESK_NUM_LEN 3
#define SMDI_MESG_DESK_TERM_LEN 4
#define SMDI_MWI_FAIL_CAUSE_LEN 3
#define SMDI_MAX_STATION_NUM_LEN 10
#define SMDI_MAX_FILENAME_LEN 256

struct ast_smdi_mwi_message {
	char name[SMDI_MESG_NAME_LEN];
	char fwd_st[SMDI_MAX_STATION_NUM_LEN + 1];
	char cause[SMDI_MWI_FAIL_CAUSE_LEN + 1];
	struct timeval timestamp;
};
struct ast_smdi_md_message {
	char name[SMDI_MESG_NAME_LEN];
	char mesg_desk_num[SMDI_MESG_DESK_NUM_LEN + 1];
	char mesg_desk_term[SMDI_MESG_DESK_TERM_LEN + 1];
	char fwd_st[SMDI_MAX_STATION_NUM_LEN + 1];
	char calling_st[SMDI_MAX_STATION_NUM_LEN + 1];
	char type;
	struct timeval timestamp;
};

struct ast_smdi_interface;

AST_OPTIONAL_API(struct ast_smdi_md_message *, ast_smdi_md_message_pop, (struct ast_smdi_interface *iface), { return
	NULL; });
AST_OPTIONAL_API(struct ast_smdi_md_message *, ast_smdi_md_message_wait, (struct ast_smdi_interface *iface, int
	timeout), { return NULL; });
AST_OPTIONAL_API(struct ast_smdi_mwi_message *, ast_smdi_mwi_message_pop, (struct ast_smdi_interface *iface), { return
	NULL; });
AST_OPTIONAL_API(struct ast_smdi_mwi_message *, ast_smdi_mwi_message_wait, (struct ast_smdi_interface *iface, int
	timeout), { return NULL; });
AST_OPTIONAL_API(struct ast_smdi_mwi_message *, ast_smdi_mwi_message_wait_station, (struct ast_smdi_interface *iface,
	int timeout, const char *station), { return NULL; });
AST_OPTIONAL_API(struct ast_smdi_interface *, ast_smdi_interface_find, (const char *iface_name), { return NULL; });
AST_OPTIONAL_API(int, ast_smdi_mwi_set, (struct ast_smdi_interface *iface, const char *mailbox), { return -1; });
AST_OPTIONAL_API(int, ast_smdi_mwi_unset, (struct ast_smdi_interface *iface, const char *mailbox), { return -1; });

#ifdef __cplusplus
}
#endif

#endif
