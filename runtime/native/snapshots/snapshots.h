/*
 * Declarations shared by what publishes snapshots.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef ASTERISM_SNAPSHOTS_H
#define ASTERISM_SNAPSHOTS_H

#include "bus/stasis.h"

/* Publishes an object as the data of a message, and releases it; nothing for NULL. */
HIDDEN void asterism_publish_data(struct stasis_topic *topic, struct stasis_message_type *type, void *data);

/* An empty container of snapshots of channels, by name. */
HIDDEN struct ao2_container *asterism_snapshots_by_name(void);

#endif
