/*
 * The older events, from before stasis.h: only the names of their fields are defined.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef ASTERISM_EVENT_H
#define ASTERISM_EVENT_H

#include "asterisk/event_defs.h"

#ifdef __cplusplus
extern "C" {
#endif

/* "Service", "RemoteAddress", ...; NULL of an unknown type. */
const char *ast_event_get_ie_type_name(enum ast_event_ie_type ie_type);

#ifdef __cplusplus
}
#endif

#endif
