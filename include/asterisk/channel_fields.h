/*
 * The fields of a channel.  Written by runtime.bridge.channel_accessors from runtime/model/channel_fields.py.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef ASTERISM_CHANNEL_FIELDS_H
#define ASTERISM_CHANNEL_FIELDS_H

struct ast_channel;
struct ast_audiohook_list;
struct ast_bridge;
struct ast_bridge_channel;
struct ast_cdr;
struct ast_channel_tech;
struct ast_filestream;
struct ast_framehook_list;
struct ast_generator;
struct ast_pbx;
struct ast_sched_context;
struct ast_timer;
struct ast_tone_zone;
struct ast_trans_pvt;

/* The name, Emulated/1. Lock the channel; the text is valid until it is set again. */
const char *ast_channel_name(const struct ast_channel *chan);
void ast_channel_name_set(struct ast_channel *chan, const char *value);

/* The unique id, SECONDS.NUMBER, like no other of this process. Needs no lock; the text is valid as long as the channel. */
const char *ast_channel_uniqueid(const struct ast_channel *chan);

/* The unique id of the channel that began the call. Needs no lock; the text is valid as long as the channel. */
const char *ast_channel_linkedid(const struct ast_channel *chan);

/* The context of the dialplan position. Lock the channel; the text is valid until it is set again. */
const char *ast_channel_context(const struct ast_channel *chan);
void ast_channel_context_set(struct ast_channel *chan, const char *value);

/* The extension of the dialplan position. Lock the channel; the text is valid until it is set again. */
const char *ast_channel_exten(const struct ast_channel *chan);
void ast_channel_exten_set(struct ast_channel *chan, const char *value);

/* The application that runs. Lock the channel; the text is valid until it is set again. */
const char *ast_channel_appl(const struct ast_channel *chan);
void ast_channel_appl_set(struct ast_channel *chan, const char *value);

/* The arguments of the application that runs. Lock the channel; the text is valid until it is set again. */
const char *ast_channel_data(const struct ast_channel *chan);
void ast_channel_data_set(struct ast_channel *chan, const char *value);

/* The language of sounds. Lock the channel; the text is valid until it is set again. */
const char *ast_channel_language(const struct ast_channel *chan);
void ast_channel_language_set(struct ast_channel *chan, const char *value);

/* The class of music on hold. Lock the channel; the text is valid until it is set again. */
const char *ast_channel_musicclass(const struct ast_channel *chan);
void ast_channel_musicclass_set(struct ast_channel *chan, const char *value);

/* The class of the music that was started last. Lock the channel; the text is valid until it is set again. */
const char *ast_channel_latest_musicclass(const struct ast_channel *chan);
void ast_channel_latest_musicclass_set(struct ast_channel *chan, const char *value);

/* The account of the call. Lock the channel; the text is valid until it is set again. */
const char *ast_channel_accountcode(const struct ast_channel *chan);
void ast_channel_accountcode_set(struct ast_channel *chan, const char *value);

/* The account of the peer, stored without effect. Lock the channel; the text is valid until it is set again. */
const char *ast_channel_peeraccount(const struct ast_channel *chan);
void ast_channel_peeraccount_set(struct ast_channel *chan, const char *value);

/* A text for records of calls. Lock the channel; the text is valid until it is set again. */
const char *ast_channel_userfield(const struct ast_channel *chan);
void ast_channel_userfield_set(struct ast_channel *chan, const char *value);

/* Where the call is forwarded to, stored without effect. Lock the channel; the text is valid until it is set again. */
const char *ast_channel_call_forward(const struct ast_channel *chan);
void ast_channel_call_forward_set(struct ast_channel *chan, const char *value);

/* The parking lot, stored without effect. Lock the channel; the text is valid until it is set again. */
const char *ast_channel_parkinglot(const struct ast_channel *chan);
void ast_channel_parkinglot_set(struct ast_channel *chan, const char *value);

/* Who hung up. Lock the channel; the text is valid until it is set again. */
const char *ast_channel_hangupsource(const struct ast_channel *chan);
void ast_channel_hangupsource_set(struct ast_channel *chan, const char *value);

/* The context of dialed extensions, stored without effect. Lock the channel; the text is valid until it is set again. */
const char *ast_channel_dialcontext(const struct ast_channel *chan);
void ast_channel_dialcontext_set(struct ast_channel *chan, const char *value);

/* The tenant, stored without effect. Lock the channel; the text is valid until it is set again. */
const char *ast_channel_tenantid(const struct ast_channel *chan);
void ast_channel_tenantid_set(struct ast_channel *chan, const char *value);

/* The priority of the dialplan position. Needs no lock. */
int ast_channel_priority(const struct ast_channel *chan);
void ast_channel_priority_set(struct ast_channel *chan, int value);

/* The cause of the hangup, AST_CAUSE_..., or 0. Needs no lock. */
int ast_channel_hangupcause(const struct ast_channel *chan);
void ast_channel_hangupcause_set(struct ast_channel *chan, int value);

/* The cause of the hangup as the technology knows it, stored without effect. Needs no lock. */
int ast_channel_tech_hangupcause(const struct ast_channel *chan);
void ast_channel_tech_hangupcause_set(struct ast_channel *chan, int value);

/* How the call is billed. Needs no lock. */
enum ama_flags ast_channel_amaflags(const struct ast_channel *chan);
void ast_channel_amaflags_set(struct ast_channel *chan, enum ama_flags value);

/* The state. Needs no lock. */
enum ast_channel_state ast_channel_state(const struct ast_channel *chan);
void ast_channel_state_set(struct ast_channel *chan, enum ast_channel_state value);

/* The technology, never NULL. Lock the channel. */
const struct ast_channel_tech *ast_channel_tech(const struct ast_channel *chan);
void ast_channel_tech_set(struct ast_channel *chan, const struct ast_channel_tech *value);

/* The data of the channel technology, or NULL. Kept for modules; lock the channel. */
void *ast_channel_tech_pvt(const struct ast_channel *chan);
void ast_channel_tech_pvt_set(struct ast_channel *chan, void *value);

/* The dialplan run, stored without effect. Kept for modules; lock the channel. */
struct ast_pbx *ast_channel_pbx(const struct ast_channel *chan);
void ast_channel_pbx_set(struct ast_channel *chan, struct ast_pbx *value);

/* The record of the call, stored without effect. Kept for modules; lock the channel. */
struct ast_cdr *ast_channel_cdr(const struct ast_channel *chan);
void ast_channel_cdr_set(struct ast_channel *chan, struct ast_cdr *value);

/* What music on hold keeps, or NULL. Kept for modules; lock the channel. */
void *ast_channel_music_state(const struct ast_channel *chan);
void ast_channel_music_state_set(struct ast_channel *chan, void *value);

/* The generator, or NULL. Lock the channel. */
struct ast_generator *ast_channel_generator(const struct ast_channel *chan);
void ast_channel_generator_set(struct ast_channel *chan, struct ast_generator *value);

/* What the generator keeps, or NULL. Lock the channel. */
void *ast_channel_generatordata(const struct ast_channel *chan);
void ast_channel_generatordata_set(struct ast_channel *chan, void *value);

/* The frame hooks, or NULL. Lock the channel. */
struct ast_framehook_list *ast_channel_framehooks(const struct ast_channel *chan);
void ast_channel_framehooks_set(struct ast_channel *chan, struct ast_framehook_list *value);

/* The audio hooks, or NULL. Lock the channel. */
struct ast_audiohook_list *ast_channel_audiohooks(const struct ast_channel *chan);
void ast_channel_audiohooks_set(struct ast_channel *chan, struct ast_audiohook_list *value);

/* The number of the call in the log, or 0. Kept for modules; lock the channel. */
ast_callid ast_channel_callid(const struct ast_channel *chan);
void ast_channel_callid_set(struct ast_channel *chan, ast_callid value);

/* The argument of the timing function. Kept for modules; lock the channel. */
void *ast_channel_timingdata(const struct ast_channel *chan);
void ast_channel_timingdata_set(struct ast_channel *chan, void *value);

/* The timing function; while there is one, frames that are read drive no generator. Lock the channel. */
ast_timing_func_t ast_channel_timingfunc(const struct ast_channel *chan);
void ast_channel_timingfunc_set(struct ast_channel *chan, ast_timing_func_t value);

/* The schedule, or NULL. Kept for modules; lock the channel. */
struct ast_sched_context *ast_channel_sched(const struct ast_channel *chan);
void ast_channel_sched_set(struct ast_channel *chan, struct ast_sched_context *value);

/* The file that is played, or NULL. Kept for modules; lock the channel. */
struct ast_filestream *ast_channel_stream(const struct ast_channel *chan);
void ast_channel_stream_set(struct ast_channel *chan, struct ast_filestream *value);

/* The video that is played, or NULL. Kept for modules; lock the channel. */
struct ast_filestream *ast_channel_vstream(const struct ast_channel *chan);
void ast_channel_vstream_set(struct ast_channel *chan, struct ast_filestream *value);

/* The timer, or NULL. Kept for modules; lock the channel. */
struct ast_timer *ast_channel_timer(const struct ast_channel *chan);
void ast_channel_timer_set(struct ast_channel *chan, struct ast_timer *value);

/* The tone zone, or NULL. Kept for modules; lock the channel. */
struct ast_tone_zone *ast_channel_zone(const struct ast_channel *chan);
void ast_channel_zone_set(struct ast_channel *chan, struct ast_tone_zone *value);

/* The translation of what is read, or NULL. Kept for modules; lock the channel. */
struct ast_trans_pvt *ast_channel_readtrans(const struct ast_channel *chan);
void ast_channel_readtrans_set(struct ast_channel *chan, struct ast_trans_pvt *value);

/* The translation of what is written, or NULL. Kept for modules; lock the channel. */
struct ast_trans_pvt *ast_channel_writetrans(const struct ast_channel *chan);
void ast_channel_writetrans_set(struct ast_channel *chan, struct ast_trans_pvt *value);

/* The channel that this one takes over, or NULL. Kept for modules; lock the channel. */
struct ast_channel *ast_channel_masq(const struct ast_channel *chan);
void ast_channel_masq_set(struct ast_channel *chan, struct ast_channel *value);

/* The channel that takes over this one, or NULL. Kept for modules; lock the channel. */
struct ast_channel *ast_channel_masqr(const struct ast_channel *chan);
void ast_channel_masqr_set(struct ast_channel *chan, struct ast_channel *value);

/* The bridge that it is in, or NULL. Lock the channel. */
struct ast_bridge *ast_channel_internal_bridge(const struct ast_channel *chan);
void ast_channel_internal_bridge_set(struct ast_channel *chan, struct ast_bridge *value);

/* Its part in a bridge, or NULL; it is there before it enters and after it has left. Lock the channel. */
struct ast_bridge_channel *ast_channel_internal_bridge_channel(const struct ast_channel *chan);
void ast_channel_internal_bridge_channel_set(struct ast_channel *chan, struct ast_bridge_channel *value);

/* The function that waits on the channel, or NULL. Kept for modules; lock the channel. */
const char *ast_channel_blockproc(const struct ast_channel *chan);
void ast_channel_blockproc_set(struct ast_channel *chan, const char *value);

/* The thread that waits on the channel. Kept for modules; lock the channel. */
int ast_channel_blocker_tid(const struct ast_channel *chan);
void ast_channel_blocker_tid_set(struct ast_channel *chan, int value);

/* Whether the caller has a display for text. Kept for modules; lock the channel. */
enum ast_channel_adsicpe ast_channel_adsicpe(const struct ast_channel *chan);
void ast_channel_adsicpe_set(struct ast_channel *chan, enum ast_channel_adsicpe value);

/* The call groups, as bits. Kept for modules; lock the channel. */
ast_group_t ast_channel_callgroup(const struct ast_channel *chan);
void ast_channel_callgroup_set(struct ast_channel *chan, ast_group_t value);

/* The groups whose calls it may pick up, as bits. Kept for modules; lock the channel. */
ast_group_t ast_channel_pickupgroup(const struct ast_channel *chan);
void ast_channel_pickupgroup_set(struct ast_channel *chan, ast_group_t value);

/* How often it rang. Kept for modules; lock the channel. */
int ast_channel_rings(const struct ast_channel *chan);
void ast_channel_rings_set(struct ast_channel *chan, int value);

/* The job that plays the file, or -1. Kept for modules; lock the channel. */
int ast_channel_streamid(const struct ast_channel *chan);
void ast_channel_streamid_set(struct ast_channel *chan, int value);

/* The job that plays the video, or -1. Kept for modules; lock the channel. */
int ast_channel_vstreamid(const struct ast_channel *chan);
void ast_channel_vstreamid_set(struct ast_channel *chan, int value);

/* The descriptor of the timer, or -1. Kept for modules; lock the channel. */
int ast_channel_timingfd(const struct ast_channel *chan);
void ast_channel_timingfd_set(struct ast_channel *chan, int value);

/* The descriptor on which something arrived, or -1. Lock the channel. */
int ast_channel_fdno(const struct ast_channel *chan);
void ast_channel_fdno_set(struct ast_channel *chan, int value);

/* Whether it is on hold, as AST_CONTROL_HOLD or AST_CONTROL_UNHOLD. Kept for modules; lock the channel. */
int ast_channel_hold_state(const struct ast_channel *chan);
void ast_channel_hold_state_set(struct ast_channel *chan, int value);

/* The condition that the caller sees, AST_CONTROL_.... Kept for modules; lock the channel. */
int ast_channel_visible_indication(const struct ast_channel *chan);
void ast_channel_visible_indication_set(struct ast_channel *chan, int value);

/* The transfer capability of ISDN. Kept for modules; lock the channel. */
unsigned short ast_channel_transfercapability(const struct ast_channel *chan);
void ast_channel_transfercapability_set(struct ast_channel *chan, unsigned short value);

/* How many frames were read. Kept for modules; lock the channel. */
unsigned int ast_channel_fin(const struct ast_channel *chan);
void ast_channel_fin_set(struct ast_channel *chan, unsigned int value);

/* How many frames were written. Kept for modules; lock the channel. */
unsigned int ast_channel_fout(const struct ast_channel *chan);
void ast_channel_fout_set(struct ast_channel *chan, unsigned int value);

/* How many samples were read. Kept for modules; lock the channel. */
unsigned long ast_channel_insmpl(const struct ast_channel *chan);
void ast_channel_insmpl_set(struct ast_channel *chan, unsigned long value);

/* How many samples were written. Kept for modules; lock the channel. */
unsigned long ast_channel_outsmpl(const struct ast_channel *chan);
void ast_channel_outsmpl_set(struct ast_channel *chan, unsigned long value);

/* How long an emulated digit lasts, in milliseconds. Kept for modules; lock the channel. */
unsigned int ast_channel_emulate_dtmf_duration(const struct ast_channel *chan);
void ast_channel_emulate_dtmf_duration_set(struct ast_channel *chan, unsigned int value);

/* The digit that is emulated, or 0. Kept for modules; lock the channel. */
char ast_channel_dtmf_digit_to_emulate(const struct ast_channel *chan);
void ast_channel_dtmf_digit_to_emulate_set(struct ast_channel *chan, char value);

/* The digit that is sent, or 0. Lock the channel. */
char ast_channel_sending_dtmf_digit(const struct ast_channel *chan);
void ast_channel_sending_dtmf_digit_set(struct ast_channel *chan, char value);

#endif
