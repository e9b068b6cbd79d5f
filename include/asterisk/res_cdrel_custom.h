/*
 * Records of calls and channel events by templates, into files and databases.
 * Implemented by the module res_cdrel_custom.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef ASTERISM_RES_CDREL_CUSTOM_H
#define ASTERISM_RES_CDREL_CUSTOM_H

#include "asterisk/vector.h"

#ifdef __cplusplus
extern "C" {
#endif

enum cdrel_backend_type {
	cdrel_backend_text = 0,
	cdrel_backend_db,
	cdrel_backend_type_end,
};
enum cdrel_record_type {
	cdrel_record_cdr = 0,
	cdrel_record_cel,
	cdrel_record_type_end,
};

struct cdrel_config;
AST_VECTOR(cdrel_configs, struct cdrel_config *);

struct cdrel_configs *cdrel_load_module(enum cdrel_backend_type backend_type, enum cdrel_record_type record_type,
	const char *config_filename, const char *backend_name, void *logging_cb);
int cdrel_reload_module(enum cdrel_backend_type backend_type, enum cdrel_record_type record_type, struct cdrel_configs
	**configs, const char *config_filename);
int cdrel_unload_module(enum cdrel_backend_type backend_type, enum cdrel_record_type record_type, struct cdrel_configs
	*configs, const char *backend_name);
int cdrel_logger(struct cdrel_configs *configs, void *data);

#ifdef __cplusplus
}
#endif

#endif
