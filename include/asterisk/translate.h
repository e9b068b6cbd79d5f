/*
 * Translators between codecs, as modules register them.  They are listed and not used: no audio arrives.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef ASTERISM_TRANSLATE_H
#define ASTERISM_TRANSLATE_H

#include "asterisk/format_cache.h"
#include "asterisk/format_cap.h"
#include "asterisk/frame.h"
#include "asterisk/linkedlists.h"
#include "asterisk/plc.h"

#ifdef __cplusplus
extern "C" {
#endif

struct ast_module;
struct ast_trans_pvt;

/* The cost of a translation: what is lossless (LL) or lossy (LY) before and behind it, and the sample rate. */
enum ast_trans_cost_table {
	AST_TRANS_COST_LL_LL_ORIGSAMP = 400000,
	AST_TRANS_COST_LL_LY_ORIGSAMP = 600000,
	AST_TRANS_COST_LL_LL_UPSAMP = 800000,
	AST_TRANS_COST_LL_LY_UPSAMP = 825000,
	AST_TRANS_COST_LL_LL_DOWNSAMP = 850000,
	AST_TRANS_COST_LL_LY_DOWNSAMP = 875000,
	AST_TRANS_COST_LL_UNKNOWN = 885000,
	AST_TRANS_COST_LY_LL_ORIGSAMP = 900000,
	AST_TRANS_COST_LY_LY_ORIGSAMP = 915000,
	AST_TRANS_COST_LY_LL_UPSAMP = 930000,
	AST_TRANS_COST_LY_LY_UPSAMP = 945000,
	AST_TRANS_COST_LY_LL_DOWNSAMP = 960000,
	AST_TRANS_COST_LY_LY_DOWNSAMP = 975000,
	AST_TRANS_COST_LY_UNKNOWN = 985000,
};

struct ast_translator {
	char name[80];
	struct ast_codec src_codec;		/* By name, type and sample rate. */
	struct ast_codec dst_codec;
	struct ast_codec *core_src_codec;	/* The codecs of the core: set when it is registered. */
	struct ast_codec *core_dst_codec;
	const char *format;
	int table_cost;
	int comp_cost;
	int (*newpvt)(struct ast_trans_pvt *);
	int (*framein)(struct ast_trans_pvt *pvt, struct ast_frame *in);
	struct ast_frame *(*frameout)(struct ast_trans_pvt *pvt);
	void (*feedback)(struct ast_trans_pvt *pvt, struct ast_frame *feedback);
	void (*destroy)(struct ast_trans_pvt *pvt);
	struct ast_frame *(*sample)(void);
	int buffer_samples;
	int buf_size;
	int desc_size;
	int native_plc;
	struct ast_module *module;
	int active;
	int src_fmt_index;
	int dst_fmt_index;
	AST_LIST_ENTRY(ast_translator) list;
};

/* A translation under way. */
struct ast_trans_pvt {
	struct ast_translator *t;
	struct ast_frame f;
	int samples;
	int datalen;
	void *pvt;
	union {
		char *c;
		unsigned char *uc;
		int16_t *i16;
		uint8_t *ui8;
	} outbuf;
	plc_state_t *plc;
	struct ast_trans_pvt *next;
	struct timeval nextin;
	struct timeval nextout;
	struct ast_format *explicit_dst;
	int interleaved_stereo;
};

/* Registers a translator, which stays where it is: 0, or -1 for unknown codecs and twice.  Unregisters it: 0, or -1. */
int __ast_register_translator(struct ast_translator *t, struct ast_module *module);
#define ast_register_translator(t) __ast_register_translator(t, AST_MODULE_SELF)
int ast_unregister_translator(struct ast_translator *t);
/* Sets and clears t->active. */
void ast_translator_activate(struct ast_translator *t);
void ast_translator_deactivate(struct ast_translator *t);
/* How many translations lead from one format to another: 0 for one codec, 1 for a translator, otherwise -1. */
unsigned int ast_translate_path_steps(struct ast_format *dest, struct ast_format *src);
/* The first format that both sets have, twice, with references: 0, or -1 when they have none. */
int ast_translator_best_choice(struct ast_format_cap *dst_cap, struct ast_format_cap *src_cap,
	struct ast_format **dst_fmt_out, struct ast_format **src_fmt_out);
/* The frame that a translator has made, of so many samples in its buffer; NULL without any. */
struct ast_frame *ast_trans_frameout(struct ast_trans_pvt *pvt, int datalen, int samples);

#ifdef __cplusplus
}
#endif

#endif
