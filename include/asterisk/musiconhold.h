/* Music on hold: an event with the name of its class on the line. SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef ASTERISM_MUSICONHOLD_H
#define ASTERISM_MUSICONHOLD_H

#ifdef __cplusplus
extern "C" {
#endif

struct ast_channel;

/* Starts music of a class; without one of the channel's own class, of interpclass, or of "default": 0. */
int ast_moh_start(struct ast_channel *chan, const char *mclass, const char *interpclass);
void ast_moh_stop(struct ast_channel *chan);
/* Stops the music. */
void ast_moh_cleanup(struct ast_channel *chan);

#ifdef __cplusplus
}
#endif

#endif
