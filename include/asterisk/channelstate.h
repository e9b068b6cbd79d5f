/*
 * The states of channels: `enum ast_channel_state`, which stands in channel.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef ASTERISM_CHANNELSTATE_H
#define ASTERISM_CHANNELSTATE_H

#include "asterisk/channel.h"

#endif
