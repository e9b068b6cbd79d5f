/*
 * Channels.  Channels are emulated: a channel has a name, a dialplan position and variables, and carries no media.
 *
 * A text that an accessor gives is valid until the field is set again: lock the channel to use it, or copy it.  Every
 * accessor needs a channel; for NULL, and for a channel that is gone, it gives "", 0 or NULL and logs an error.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef ASTERISM_CHANNEL_H
#define ASTERISM_CHANNEL_H

#include "asterisk/abstract_jb.h"
#include "asterisk/alertpipe.h"
#include "asterisk/astobj2.h"
#include "asterisk/callerid.h"
#include "asterisk/causes.h"
#include "asterisk/channelstate.h"
#include "asterisk/chanvars.h"
#include "asterisk/config.h"
#include "asterisk/datastore.h"
#include "asterisk/endpoints.h"
#include "asterisk/format_cap.h"
#include "asterisk/frame.h"
#include "asterisk/framehook.h"
#include "asterisk/linkedlists.h"
#include "asterisk/lock.h"
#include "asterisk/logger.h"
#include "asterisk/poll-compat.h"
#include "asterisk/stasis.h"
#include "asterisk/stringfields.h"
#include "asterisk/utils.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The size of a channel name in bytes, with the closing NUL. */
#define AST_MAX_EXTENSION 80
#define AST_MAX_CONTEXT 80
#define AST_MAX_ACCOUNT_CODE 80
#define AST_MAX_PUBLIC_UNIQUEID 149	/* Of a unique id that a caller gives; with room for ";1" and a NUL below. */
#define AST_MAX_UNIQUEID (AST_MAX_PUBLIC_UNIQUEID + 2 + 1)
#define AST_MAX_TENANT_ID 64
#define AST_MAX_USER_FIELD 256
#define MAX_LANGUAGE 40
#define MAX_MUSICCLASS 80

/* States of a channel. */
enum ast_channel_state {
	AST_STATE_DOWN,
	AST_STATE_RESERVED,
	AST_STATE_OFFHOOK,
	AST_STATE_DIALING,
	AST_STATE_RING,
	AST_STATE_RINGING,
	AST_STATE_UP,
	AST_STATE_BUSY,
	AST_STATE_DIALING_OFFHOOK,
	AST_STATE_PRERING,
};

enum ama_flags {
	AST_AMA_NONE = 0,
	AST_AMA_OMIT,
	AST_AMA_BILLING,
	AST_AMA_DOCUMENTATION,
};

/* What is known of the caller's display for text (ADSI). */
enum ast_channel_adsicpe {
	AST_ADSI_UNKNOWN,
	AST_ADSI_AVAILABLE,
	AST_ADSI_UNAVAILABLE,
	AST_ADSI_OFFHOOKONLY,
};

struct ast_channel;
/* A channel in a group: see app.h. */
struct ast_group_info {
	struct ast_channel *chan;
	char *category;		/* NULL for none. */
	char *group;
	AST_LIST_ENTRY(ast_group_info) group_list;
};

/* Groups 0 to 63 as bits. */
typedef unsigned long long ast_group_t;
/* Called to give the time of a frame. */
typedef int (*ast_timing_func_t)(const void *data);

struct ast_audiohook_list;
struct ast_bridge;
struct ast_bridge_channel;
struct ast_framehook_list;
struct ast_msg_data;
struct ast_stream_topology;

enum ast_bridge_result {
	AST_BRIDGE_COMPLETE = 0,
	AST_BRIDGE_FAILED = -1,
	AST_BRIDGE_FAILED_NOWARN = -2,
	AST_BRIDGE_RETRY = -3,
};

/* What the two of a call may ask for. */
enum {
	AST_FEATURE_PLAY_WARNING = (1 << 0),
	AST_FEATURE_REDIRECT = (1 << 1),
	AST_FEATURE_DISCONNECT = (1 << 2),
	AST_FEATURE_ATXFER = (1 << 3),
	AST_FEATURE_AUTOMON = (1 << 4),
	AST_FEATURE_PARKCALL = (1 << 5),
	AST_FEATURE_AUTOMIXMON = (1 << 6),
};
#define AST_FEATURE_DTMF_MASK \
	(AST_FEATURE_REDIRECT | AST_FEATURE_DISCONNECT | AST_FEATURE_ATXFER | AST_FEATURE_AUTOMON \
		| AST_FEATURE_PARKCALL | AST_FEATURE_AUTOMIXMON)

/* How two channels are bridged (asterisk/features.h).  Of features, disconnection by digits is there; limits are stored. */
struct ast_bridge_config {
	struct ast_flags features_caller;
	struct ast_flags features_callee;
	struct timeval start_time;
	struct timeval nexteventts;
	struct timeval feature_start_time;
	long feature_timer;
	long timelimit;
	long play_warning;
	long warning_freq;
	const char *warning_sound;
	const char *end_sound;
	const char *start_sound;
	unsigned int flags;
	void (*end_bridge_callback)(void *);
	void *end_bridge_callback_data;
	void (*end_bridge_callback_data_fixup)(struct ast_bridge_config *bconfig, struct ast_channel *originator,
		struct ast_channel *terminator);
	struct ast_stream_topology *answer_topology;
};

#include "asterisk/channel_fields.h"

/* The reasons for a hangup. */
enum ast_channel_softhangup_flag {
	AST_SOFTHANGUP_DEV = (1 << 0),
	AST_SOFTHANGUP_ASYNCGOTO = (1 << 1),	/* No hangup: the channel continues at another place. */
	AST_SOFTHANGUP_SHUTDOWN = (1 << 2),
	AST_SOFTHANGUP_TIMEOUT = (1 << 3),
	AST_SOFTHANGUP_APPUNLOAD = (1 << 4),	/* The dialplan of the channel has ended. */
	AST_SOFTHANGUP_EXPLICIT = (1 << 5),	/* The application Hangup was run. */
	AST_SOFTHANGUP_ALL = (0xFFFFFFFF)
};

/* How the dialplan reads and writes a function: 0, or -1. buf and *str hold at most len bytes with the NUL. */
typedef int (*ast_acf_read_fn_t)(struct ast_channel *chan, const char *function, char *data, char *buf, size_t len);
typedef int (*ast_acf_read2_fn_t)(struct ast_channel *chan, const char *cmd, char *data, struct ast_str **str, ssize_t len);
typedef int (*ast_acf_write_fn_t)(struct ast_channel *chan, const char *function, char *data, const char *value);

/* ---- properties of a channel: see also channel_fields.h ---- */

/* Sets the state: 0. */
int ast_setstate(struct ast_channel *chan, enum ast_channel_state state);
/* The creation time of a channel, and its age in seconds or milliseconds. */
struct timeval ast_channel_creationtime(struct ast_channel *chan);
int ast_channel_get_duration(struct ast_channel *chan);
int64_t ast_channel_get_duration_ms(struct ast_channel *chan);
/* How long ago a channel was answered, in seconds or milliseconds; 0 before the answer. */
int ast_channel_get_up_time(struct ast_channel *chan);
int64_t ast_channel_get_up_time_ms(struct ast_channel *chan);

/* The name of a state, a cause or an AMA flag; and the number of a name, or -1. */
const char *ast_state2str(enum ast_channel_state state);
const char *ast_cause2str(int cause);
int ast_str2cause(const char *name);
const char *ast_channel_amaflags2string(enum ama_flags flags);
enum ama_flags ast_channel_string2amaflag(const char *flag);

/*
 * The list of the channel's variables, the newest first.  Modules may add variables (ast_var_assign), remove them
 * (AST_LIST_REMOVE, then ast_var_delete) and walk the list, with the channel locked.
 */
struct varshead *ast_channel_varshead(struct ast_channel *chan);

/* ---- who is involved in a call; laid out as in Asterisk 20 and later ---- */

enum AST_PARTY_CHAR_SET {
	AST_PARTY_CHAR_SET_UNKNOWN = 0,
	AST_PARTY_CHAR_SET_ISO8859_1 = 1,
	AST_PARTY_CHAR_SET_WITHDRAWN = 2,
	AST_PARTY_CHAR_SET_ISO8859_2 = 3,
	AST_PARTY_CHAR_SET_ISO8859_3 = 4,
	AST_PARTY_CHAR_SET_ISO8859_4 = 5,
	AST_PARTY_CHAR_SET_ISO8859_5 = 6,
	AST_PARTY_CHAR_SET_ISO8859_7 = 7,
	AST_PARTY_CHAR_SET_ISO10646_BMPSTRING = 8,
	AST_PARTY_CHAR_SET_ISO10646_UTF_8STRING = 9,
};

/* A name; str is allocated, as all texts below are. */
struct ast_party_name {
	char *str;
	int char_set;
	int presentation;	/* AST_PRES_... */
	unsigned char valid;	/* Whether str is valid. */
};

struct ast_party_number {
	char *str;
	int plan;		/* As in Q.931. */
	int presentation;
	unsigned char valid;
};

struct ast_party_subaddress {
	char *str;
	int type;
	unsigned char odd_even_indicator;
	unsigned char valid;
};

struct ast_party_id {
	struct ast_party_name name;
	struct ast_party_number number;
	struct ast_party_subaddress subaddress;
	char *tag;		/* A note of a module. */
};

/* Which parts an update changes. */
struct ast_set_party_id {
	unsigned char name;
	unsigned char number;
	unsigned char subaddress;
};

/* The dialed number. */
struct ast_party_dialed {
	struct {
		char *str;
		int plan;
	} number;
	struct ast_party_subaddress subaddress;
	int transit_network_select;
};

/* The caller. */
struct ast_party_caller {
	struct ast_party_id id;
	struct ast_party_id ani;	/* For billing. */
	struct ast_party_id priv;
	int ani2;
};

struct ast_set_party_caller {
	struct ast_set_party_id id;
	struct ast_set_party_id ani;
	struct ast_set_party_id priv;
};

/* The connected party. */
struct ast_party_connected_line {
	struct ast_party_id id;
	struct ast_party_id ani;
	struct ast_party_id priv;
	int ani2;
	int source;
};

struct ast_set_party_connected_line {
	struct ast_set_party_id id;
	struct ast_set_party_id ani;
	struct ast_set_party_id priv;
};

struct ast_party_redirecting_reason {
	char *str;
	int code;
};

/* The party that redirected the call. */
struct ast_party_redirecting {
	struct ast_party_id orig;
	struct ast_party_id from;
	struct ast_party_id to;
	struct ast_party_id priv_orig;
	struct ast_party_id priv_from;
	struct ast_party_id priv_to;
	struct ast_party_redirecting_reason reason;
	struct ast_party_redirecting_reason orig_reason;
	int count;
};

struct ast_set_party_redirecting {
	struct ast_set_party_id orig;
	struct ast_set_party_id from;
	struct ast_set_party_id to;
	struct ast_set_party_id priv_orig;
	struct ast_set_party_id priv_from;
	struct ast_set_party_id priv_to;
};

/* The parties of a channel: read and written in place, with the channel locked. */
struct ast_party_caller *ast_channel_caller(struct ast_channel *chan);
struct ast_party_connected_line *ast_channel_connected(struct ast_channel *chan);
struct ast_party_dialed *ast_channel_dialed(struct ast_channel *chan);
struct ast_party_redirecting *ast_channel_redirecting(struct ast_channel *chan);
/* Sets number, name and ANI of the caller; NULL does not change a part, "" removes it. */
void ast_set_callerid(struct ast_channel *chan, const char *cid_num, const char *cid_name, const char *cid_ani);
/* Sets the parts that update selects, all parts for NULL. */
void ast_channel_set_caller(struct ast_channel *chan, const struct ast_party_caller *caller,
	const struct ast_set_party_caller *update);
/* Sets the parties of a redirection that update selects, all for NULL; the second indicates that, too. */
void ast_channel_set_redirecting(struct ast_channel *chan, const struct ast_party_redirecting *redirecting,
	const struct ast_set_party_redirecting *update);
void ast_channel_update_redirecting(struct ast_channel *chan, const struct ast_party_redirecting *redirecting,
	const struct ast_set_party_redirecting *update);
void ast_channel_set_caller_event(struct ast_channel *chan, const struct ast_party_caller *caller,
	const struct ast_set_party_caller *update);

/*
 * For each structure: init clears it without freeing; copy replaces dest; set_init begins an update, without texts and
 * with the rest as in guide; set takes over the texts of src; free frees the texts.
 */
void ast_party_name_init(struct ast_party_name *init);
void ast_party_name_copy(struct ast_party_name *dest, const struct ast_party_name *src);
void ast_party_name_set_init(struct ast_party_name *init, const struct ast_party_name *guide);
void ast_party_name_set(struct ast_party_name *dest, const struct ast_party_name *src);
void ast_party_name_free(struct ast_party_name *doomed);
void ast_party_number_init(struct ast_party_number *init);
void ast_party_number_copy(struct ast_party_number *dest, const struct ast_party_number *src);
void ast_party_number_set_init(struct ast_party_number *init, const struct ast_party_number *guide);
void ast_party_number_set(struct ast_party_number *dest, const struct ast_party_number *src);
void ast_party_number_free(struct ast_party_number *doomed);
void ast_party_subaddress_init(struct ast_party_subaddress *init);
void ast_party_subaddress_copy(struct ast_party_subaddress *dest, const struct ast_party_subaddress *src);
void ast_party_subaddress_set_init(struct ast_party_subaddress *init, const struct ast_party_subaddress *guide);
void ast_party_subaddress_set(struct ast_party_subaddress *dest, const struct ast_party_subaddress *src);
void ast_party_subaddress_free(struct ast_party_subaddress *doomed);
void ast_party_id_init(struct ast_party_id *init);
void ast_party_id_copy(struct ast_party_id *dest, const struct ast_party_id *src);
void ast_party_id_set_init(struct ast_party_id *init, const struct ast_party_id *guide);
void ast_party_id_set(struct ast_party_id *dest, const struct ast_party_id *src,
	const struct ast_set_party_id *update);
void ast_party_id_free(struct ast_party_id *doomed);
void ast_party_dialed_init(struct ast_party_dialed *init);
void ast_party_dialed_copy(struct ast_party_dialed *dest, const struct ast_party_dialed *src);
void ast_party_dialed_set_init(struct ast_party_dialed *init, const struct ast_party_dialed *guide);
void ast_party_dialed_set(struct ast_party_dialed *dest, const struct ast_party_dialed *src);
void ast_party_dialed_free(struct ast_party_dialed *doomed);
void ast_party_caller_init(struct ast_party_caller *init);
void ast_party_caller_copy(struct ast_party_caller *dest, const struct ast_party_caller *src);
void ast_party_caller_set_init(struct ast_party_caller *init, const struct ast_party_caller *guide);
void ast_party_caller_set(struct ast_party_caller *dest, const struct ast_party_caller *src,
	const struct ast_set_party_caller *update);
void ast_party_caller_free(struct ast_party_caller *doomed);
void ast_party_connected_line_init(struct ast_party_connected_line *init);
void ast_party_connected_line_copy(struct ast_party_connected_line *dest, const struct ast_party_connected_line *src);
void ast_party_connected_line_set_init(struct ast_party_connected_line *init, const struct ast_party_connected_line *guide);
void ast_party_connected_line_set(struct ast_party_connected_line *dest, const struct ast_party_connected_line *src,
	const struct ast_set_party_connected_line *update);
void ast_party_connected_line_free(struct ast_party_connected_line *doomed);
void ast_party_redirecting_init(struct ast_party_redirecting *init);
void ast_party_redirecting_copy(struct ast_party_redirecting *dest, const struct ast_party_redirecting *src);
void ast_party_redirecting_free(struct ast_party_redirecting *doomed);
void ast_party_redirecting_set_init(struct ast_party_redirecting *init, const struct ast_party_redirecting *guide);
void ast_party_redirecting_set(struct ast_party_redirecting *dest, const struct ast_party_redirecting *src,
	const struct ast_set_party_redirecting *update);
/* Makes every part invalid; invalidate keeps the texts, reset frees them. */
void ast_party_id_invalidate(struct ast_party_id *id);
void ast_party_id_reset(struct ast_party_id *id);
/* The presentation of name and number together: the more restricted one. */
int ast_party_id_presentation(const struct ast_party_id *id);

/* ---- data of modules on a channel; lock it for all of these ---- */

AST_LIST_HEAD_NOLOCK(ast_datastore_list, ast_datastore);

/* Adds a datastore to a channel, which frees the datastore when it is destroyed: 0. */
int ast_channel_datastore_add(struct ast_channel *chan, struct ast_datastore *datastore);
/* Removes a datastore from a channel without freeing it: 0, or -1 when the channel does not have it. */
int ast_channel_datastore_remove(struct ast_channel *chan, struct ast_datastore *datastore);
/* The channel's datastore of a type and (unless NULL) of a name, or NULL. */
struct ast_datastore *ast_channel_datastore_find(struct ast_channel *chan, const struct ast_datastore_info *info,
	const char *uid);
/* Copies the inherited datastores of from: 0. */
int ast_channel_datastore_inherit(struct ast_channel *from, struct ast_channel *to);
struct ast_datastore_list *ast_channel_datastores(struct ast_channel *chan);

/* ---- life ---- */

/* The channel's lock (recursive), and references to it: a channel is an object.  unref gives NULL. */
#define ast_channel_lock(chan) ao2_lock(chan)
#define ast_channel_unlock(chan) ao2_unlock(chan)
#define ast_channel_trylock(chan) ao2_trylock(chan)
#define ast_channel_ref(c) ({ typeof(c) __ast_channel = (c); ao2_ref(__ast_channel, +1); __ast_channel; })
#define ast_channel_unref(c) ({ ao2_ref((c), -1); (struct ast_channel *) NULL; })
#define ast_channel_cleanup(c) ({ ao2_cleanup(c); (struct ast_channel *) NULL; })

/* A channel for variables only, released with ast_channel_unref or ast_channel_release. */
#define ast_dummy_channel_alloc() __ast_dummy_channel_alloc(__FILE__, __LINE__, __PRETTY_FUNCTION__)
struct ast_channel *__ast_dummy_channel_alloc(const char *file, int line, const char *function);
struct ast_channel *ast_channel_release(struct ast_channel *chan);
/* Unique ids for a new channel, instead of generated ones. */
struct ast_assigned_ids {
	const char *uniqueid;
	const char *uniqueid2;
};

struct ast_endpoint;

/*
 * A new channel, locked, whose name is formatted; the channel is listed until ast_hangup, which releases the reference.
 * needqueue, uniqueid2 and endpoint have no effect; the linkedid is that of the requestor.
 */
struct ast_channel *__ast_channel_alloc(int needqueue, int state, const char *cid_num, const char *cid_name,
	const char *acctcode, const char *exten, const char *context, const struct ast_assigned_ids *assignedids,
	const struct ast_channel *requestor, enum ama_flags amaflag, struct ast_endpoint *endpoint, const char *file,
	int line, const char *function, const char *name_fmt, ...) __attribute__((format(printf, 15, 16)));
#define ast_channel_alloc(needqueue, state, cid_num, cid_name, acctcode, exten, context, assignedids, requestor, amaflag, ...) \
	__ast_channel_alloc((needqueue), (state), (cid_num), (cid_name), (acctcode), (exten), (context), (assignedids), \
		(requestor), (amaflag), NULL, __FILE__, __LINE__, __FUNCTION__, __VA_ARGS__)
void ast_hangup(struct ast_channel *chan);

/* ---- technologies: how a module makes channels of its own; laid out as in Asterisk 20 and later ---- */

struct ast_assigned_ids;
struct ast_cc_config_params;
typedef void (*ast_cc_callback_fn)(struct ast_channel *chan, struct ast_cc_config_params *cc_params,
	const char *monitor_type, const char *const device_name, const char *const dialstring, void *private_data);

enum {
	AST_CHAN_TP_WANTSJITTER = (1 << 0),
	AST_CHAN_TP_CREATESJITTER = (1 << 1),
	AST_CHAN_TP_INTERNAL = (1 << 2),
	AST_CHAN_TP_SEND_TEXT_DATA = (1 << 3),
};

/*
 * A technology.  requester, call, hangup, answer, read, write, write_video, send_text, send_html, send_digit_begin,
 * send_digit_end, indicate, setoption, queryoption, transfer and pre_call are called, all but requester with the channel
 * locked; the others are not.
 */
struct ast_channel_tech {
	const char * const type;
	const char * const description;
	struct ast_format_cap *capabilities;
	int properties;
	struct ast_channel *(* const requester)(const char *type, struct ast_format_cap *cap,
		const struct ast_assigned_ids *assignedids, const struct ast_channel *requestor, const char *addr, int *cause);
	struct ast_channel *(* const requester_with_stream_topology)(const char *type,
		struct ast_stream_topology *topology, const struct ast_assigned_ids *assignedids,
		const struct ast_channel *requestor, const char *addr, int *cause);
	int (* const devicestate)(const char *device_number);
	int (* const presencestate)(const char *presence_provider, char **subtype, char **message);
	int (* const send_digit_begin)(struct ast_channel *chan, char digit);
	int (* const send_digit_end)(struct ast_channel *chan, char digit, unsigned int duration);
	int (* const call)(struct ast_channel *chan, const char *addr, int timeout);
	int (* const hangup)(struct ast_channel *chan);
	int (* const answer)(struct ast_channel *chan);
	int (* const answer_with_stream_topology)(struct ast_channel *chan, struct ast_stream_topology *topology);
	struct ast_frame *(* const read)(struct ast_channel *chan);
	struct ast_frame *(* const read_stream)(struct ast_channel *chan);
	int (* const write)(struct ast_channel *chan, struct ast_frame *frame);
	int (* const write_stream)(struct ast_channel *chan, int stream_num, struct ast_frame *frame);
	int (* const send_text)(struct ast_channel *chan, const char *text);
	int (* const send_image)(struct ast_channel *chan, struct ast_frame *frame);
	int (* const send_html)(struct ast_channel *chan, int subclass, const char *data, int len);
	struct ast_frame *(* const exception)(struct ast_channel *chan);
	enum ast_bridge_result (* const early_bridge)(struct ast_channel *c0, struct ast_channel *c1);
	int (* const indicate)(struct ast_channel *c, int condition, const void *data, size_t datalen);
	int (* const fixup)(struct ast_channel *oldchan, struct ast_channel *newchan);
	int (* const setoption)(struct ast_channel *chan, int option, void *data, int datalen);
	int (* const queryoption)(struct ast_channel *chan, int option, void *data, int *datalen);
	int (* const transfer)(struct ast_channel *chan, const char *newdest);
	int (* const write_video)(struct ast_channel *chan, struct ast_frame *frame);
	int (* const write_text)(struct ast_channel *chan, struct ast_frame *frame);
	int (*func_channel_read)(struct ast_channel *chan, const char *function, char *data, char *buf, size_t len);
	int (*func_channel_write)(struct ast_channel *chan, const char *function, char *data, const char *value);
	const char *(*get_pvt_uniqueid)(struct ast_channel *chan);
	int (*cc_callback)(struct ast_channel *inbound, const char *dest, ast_cc_callback_fn callback);
	int (*pre_call)(struct ast_channel *chan, const char *sub_args);
	int (* const send_text_data)(struct ast_channel *chan, struct ast_msg_data *data);
};

/* Registers a technology under its type: 0, or -1 when the type is taken. */
int ast_channel_register(const struct ast_channel_tech *tech);
void ast_channel_unregister(const struct ast_channel_tech *tech);
/* The technology of a type in any case, or NULL; all of them, with their descriptions, for ast_variables_destroy. */
const struct ast_channel_tech *ast_get_channel_tech(const char *name);
struct ast_variable *ast_channeltype_list(void);

/*
 * A new channel of a technology for a call to addr, or NULL with the reason in *cause.  The formats are those that the
 * technology has, too; when there are none, all of request_cap: media is not translated.
 */
struct ast_channel *ast_request(const char *type, struct ast_format_cap *request_cap,
	const struct ast_assigned_ids *assignedids, const struct ast_channel *requestor, const char *addr, int *cause);
/* Begins the call: 0, or -1 when the channel is hung up or its technology does not call. */
int ast_call(struct ast_channel *chan, const char *addr, int timeout);
/* What is to be done before a call: the technology's pre_call.  Subroutines are not run: -1. */
int ast_pre_call(struct ast_channel *chan, const char *sub_args);
/* Has the technology transfer the caller: 1, 0 when it does not transfer, or less than 0. */
int ast_transfer(struct ast_channel *chan, char *dest);
/* Transfers as ast_transfer does; *protocol gets the cause of the technology's protocol, which is always 0. */
int ast_transfer_protocol(struct ast_channel *chan, char *dest, int *protocol);
/* Starts two tones of frequencies in Hz, for milliseconds (0: without end), and ends them; tonepair waits.  0, or -1. */
int ast_tonepair_start(struct ast_channel *chan, int freq1, int freq2, int duration, int vol);
void ast_tonepair_stop(struct ast_channel *chan);
int ast_tonepair(struct ast_channel *chan, int freq1, int freq2, int duration, int vol);
#define AST_MUTE_DIRECTION_READ (1 << 0)
#define AST_MUTE_DIRECTION_WRITE (1 << 1)
/* Leaves out frames of a type that a channel reads or writes, until that is taken back as often: 0, or -1. */
int ast_channel_suppress(struct ast_channel *chan, unsigned int direction, enum ast_frame_type frametype);
int ast_channel_unsuppress(struct ast_channel *chan, unsigned int direction, enum ast_frame_type frametype);
/* Waits for channels and descriptors, *ms milliseconds at most: the channel, or NULL with *outfd, -1 for none. */
struct ast_channel *ast_waitfor_nandfds(struct ast_channel **c, int n, int *fds, int nfds, int *exception, int *outfd,
	int *ms);
/* What became of an outgoing call, AST_CONTROL_..., in words. */
const char *ast_channel_reason2str(int reason);
/* Sets variables of a channel: name and value of each. */
void ast_set_variables(struct ast_channel *chan, struct ast_variable *vars);
/* Cuts "SIP/a-0001" to "SIP/a". */
void ast_channel_name_to_dial_string(char *channel_name);
/* Calls a function for every channel, as with ao2_callback_data, until it gives CMP_STOP: the channel, or NULL. */
struct ast_channel *ast_channel_callback(ao2_callback_data_fn *cb_fn, void *arg, void *data, int ao2_flags);
/* Sets or asks an option of the technology, AST_OPTION_...: its result, or -1 with errno ENOSYS. */
int ast_channel_setoption(struct ast_channel *chan, int option, void *data, int datalen, int block);
int ast_channel_queryoption(struct ast_channel *chan, int option, void *data, int *datalen, int block);
/* HTML for the caller: whether the technology takes it; sends it or an address: its result, or -1. */
int ast_channel_supports_html(struct ast_channel *channel);
int ast_channel_sendhtml(struct ast_channel *channel, int subclass, const char *data, int datalen);
int ast_channel_sendurl(struct ast_channel *channel, const char *url);
/* The device of a channel: what the technology says, or its name up to the last dash; 0, or -1. */
int ast_channel_get_device_name(struct ast_channel *chan, char *device_name, size_t name_buffer_length);

/* ---- what a channel has besides its fields ---- */

#define AST_MAX_FDS 11
#define AST_EXTENDED_FDS 12
#define AST_ALERT_FD (AST_MAX_FDS - 1)
#define AST_TIMING_FD (AST_MAX_FDS - 2)
#define AST_ALERT_FD (AST_MAX_FDS - 1)
#define AST_TIMING_FD (AST_MAX_FDS - 2)
#define AST_JITTERBUFFER_FD (AST_MAX_FDS - 5)

/* Descriptors of the technology, whose read is called when one of them can be read; -1 for none. */
void ast_channel_set_fd(struct ast_channel *chan, int which, int fd);
void ast_channel_internal_fd_set(struct ast_channel *chan, int which, int value);
void ast_channel_internal_fd_clear(struct ast_channel *chan, int which);
int ast_channel_fd(const struct ast_channel *chan, int which);
int ast_channel_fd_isset(const struct ast_channel *chan, int which);
int ast_channel_fd_count(const struct ast_channel *chan);
/* Adds a descriptor in the first free place from AST_EXTENDED_FDS on: the place, or -1. */
int ast_channel_fd_add(struct ast_channel *chan, int value);
/* The first of n descriptors that can be read within *ms milliseconds, of which the rest is left; or -1. */
int ast_waitfor_n_fd(int *fds, int n, int *ms, int *exception);
/* The formats of the channel, without a reference: signed linear until they are set. */
struct ast_format_cap *ast_channel_nativeformats(const struct ast_channel *chan);
void ast_channel_nativeformats_set(struct ast_channel *chan, struct ast_format_cap *value);
/* The topic of the channel, without a reference; the core publishes nothing on it. */
struct stasis_topic *ast_channel_topic(struct ast_channel *chan);
/* The last snapshot that was published (stasis_channels.h), without a reference, or NULL; lock the channel. */
struct ast_channel_snapshot *ast_channel_snapshot(const struct ast_channel *chan);
void ast_channel_snapshot_set(struct ast_channel *chan, struct ast_channel_snapshot *snapshot);
/* The variables, and functions, whose values snapshots have for the manager and for ARI; set copies the names. */
int ast_channel_has_manager_vars(void);
void ast_channel_set_manager_vars(size_t varc, char **vars);
struct varshead *ast_channel_get_manager_vars(struct ast_channel *chan);
int ast_channel_has_ari_vars(void);
void ast_channel_set_ari_vars(size_t varc, char **vars);
struct varshead *ast_channel_get_ari_vars(struct ast_channel *chan);
/* When the channel is to be hung up, with it locked; stored without effect.  Set so long from now on; 0 for never. */
struct timeval *ast_channel_whentohangup(struct ast_channel *chan);
void ast_channel_whentohangup_set(struct ast_channel *chan, struct timeval *value);
void ast_channel_setwhentohangup_tv(struct ast_channel *chan, struct timeval offset);
int ast_channel_cmpwhentohangup_tv(struct ast_channel *chan, struct timeval offset);
/* Sets or clears a flag, AST_FLAG_...; locks the channel. */
void ast_channel_set_flag(struct ast_channel *chan, unsigned int flag);
void ast_channel_clear_flag(struct ast_channel *chan, unsigned int flag);
/* Sets who hung up, unless known already; force: in any case. */
void ast_set_hangupsource(struct ast_channel *chan, const char *source, int force);
/* Answers a call that is not answered: 0, or -1. */
int ast_auto_answer(struct ast_channel *chan);
/* As ast_check_hangup; locks the channel. */
int ast_check_hangup_locked(struct ast_channel *chan);

enum ast_channel_requestor_relationship {
	AST_CHANNEL_REQUESTOR_BRIDGE_PEER,
	AST_CHANNEL_REQUESTOR_REPLACEMENT,
};
/* Gives a new channel the accounts of the one that asks for it; precious: unless it has an account.  Lock both. */
void ast_channel_req_accountcodes(struct ast_channel *chan, const struct ast_channel *requestor,
	enum ast_channel_requestor_relationship relationship);
void ast_channel_req_accountcodes_precious(struct ast_channel *chan, const struct ast_channel *requestor,
	enum ast_channel_requestor_relationship relationship);
/* Copies the variables that begin with an underscore, without it, and those with two.  Lock both. */
void ast_channel_inherit_variables(const struct ast_channel *parent, struct ast_channel *child);
void ast_connected_line_copy_from_caller(struct ast_party_connected_line *dest, const struct ast_party_caller *src);
void ast_connected_line_copy_to_caller(struct ast_party_caller *dest, const struct ast_party_connected_line *src);
/* Sets the parts of the connected party that update selects; the second one indicates the change, too. */
void ast_channel_set_connected_line(struct ast_channel *chan, const struct ast_party_connected_line *connected,
	const struct ast_set_party_connected_line *update);
void ast_channel_update_connected_line(struct ast_channel *chan, const struct ast_party_connected_line *connected,
	const struct ast_set_party_connected_line *update);
/* Subroutines about a change of parties are not run: -1, which stands for no subroutine. */
int ast_channel_connected_line_sub(struct ast_channel *autoservice_chan, struct ast_channel *sub_chan,
	const void *connected_info, int frame);
int ast_channel_redirecting_sub(struct ast_channel *autoservice_chan, struct ast_channel *sub_chan,
	const void *redirecting_info, int is_frame);
/* Whether the channel is in a bridge; the other channel of two there, its bridge, and its part in it, with a reference, or NULL. */
int ast_channel_is_bridged(const struct ast_channel *chan);
struct ast_channel *ast_channel_bridge_peer(struct ast_channel *chan);
struct ast_bridge *ast_channel_get_bridge(const struct ast_channel *chan);
struct ast_bridge_channel *ast_channel_get_bridge_channel(struct ast_channel *chan);
/* Media is not translated: 0, or -1 for what is not a channel. */
int ast_channel_make_compatible(struct ast_channel *chan, struct ast_channel *peer);
/* Hangs up the peer of a channel that is served meanwhile. */
void ast_autoservice_chan_hangup_peer(struct ast_channel *chan, struct ast_channel *peer);
/* Groups as bits of a text such as "1,3-5"; as such a text in buf, which is given. */
ast_group_t ast_get_group(const char *s);
char *ast_print_group(char *buf, int buflen, ast_group_t group);

/* ---- generators: what is written is not heard ---- */

/* alloc and release are called with the channel locked, generate without, each time a voice frame is read. */
struct ast_generator {
	void *(*alloc)(struct ast_channel *chan, void *params);
	void (*release)(struct ast_channel *chan, void *data);
	int (*generate)(struct ast_channel *chan, void *data, int len, int samples);	/* 0, or -1 to be deactivated. */
	void (*digit)(struct ast_channel *chan, char digit);
	void (*write_format_change)(struct ast_channel *chan, void *data);	/* Not called. */
};

/* Activates a generator in place of another: 0, or -1 when its alloc gives NULL. */
int ast_activate_generator(struct ast_channel *chan, struct ast_generator *gen, void *params);
void ast_deactivate_generator(struct ast_channel *chan);
/* A generator of silence until the matching stop, or NULL. */
struct ast_silence_generator;
struct ast_silence_generator *ast_channel_start_silence_generator(struct ast_channel *chan);
void ast_channel_stop_silence_generator(struct ast_channel *chan, struct ast_silence_generator *state);

/* A reference to a channel, or NULL: by name or unique id, by the beginning of the name, by dialplan position. */
struct ast_channel *ast_channel_get_by_name(const char *name);
struct ast_channel *ast_channel_get_by_name_prefix(const char *name, size_t name_len);
struct ast_channel *ast_channel_get_by_exten(const char *exten, const char *context);
struct ast_channel *ast_channel_get_by_uniqueid(const char *uniqueid);

/* An iterator over all channels, over channels by name or its beginning, or by extension; NULL matches any. */
struct ast_channel_iterator;
struct ast_channel_iterator *ast_channel_iterator_all_new(void);
struct ast_channel_iterator *ast_channel_iterator_by_name_new(const char *name, size_t name_len);
struct ast_channel_iterator *ast_channel_iterator_by_exten_new(const char *exten, const char *context);
/* A reference to the next channel that still exists, or NULL. */
struct ast_channel *ast_channel_iterator_next(struct ast_channel_iterator *i);
/* NULL. */
struct ast_channel_iterator *ast_channel_iterator_destroy(struct ast_channel_iterator *i);

/* Answers a call: 0.  ast_raw_answer does so too. */
int ast_answer(struct ast_channel *chan);
int ast_raw_answer(struct ast_channel *chan);
/* Requests the hangup of a channel, for a reason (AST_SOFTHANGUP_...): 0.  nolock needs the channel locked. */
int ast_softhangup(struct ast_channel *chan, int cause);
int ast_softhangup_nolock(struct ast_channel *chan, int cause);
/* Clears reasons for a hangup. */
void ast_channel_clear_softhangup(struct ast_channel *chan, int flag);
int ast_channel_softhangup_internal_flag(struct ast_channel *chan);
void ast_channel_softhangup_internal_flag_set(struct ast_channel *chan, int value);
void ast_channel_softhangup_internal_flag_add(struct ast_channel *chan, int value);
void ast_channel_softhangup_internal_flag_clear(struct ast_channel *chan, int value);
/* The number of channels. */
int ast_active_channels(void);

/* Has no effect, because media is not emulated: 0. */
int ast_autoservice_start(struct ast_channel *chan);
int ast_autoservice_stop(struct ast_channel *chan);
/* 1 when the channel is to be hung up. */
int ast_check_hangup(struct ast_channel *chan);
/* Waits ms milliseconds of the call's time: 0, or -1 when the channel is hung up meanwhile. */
int ast_safe_sleep(struct ast_channel *chan, int ms);
int ast_safe_sleep_without_silence(struct ast_channel *chan, int ms);
/* Waits as long as cond gives something else than 0: 0, or -1 when the channel is hung up meanwhile. */
int ast_safe_sleep_conditional(struct ast_channel *chan, int ms, int (*cond)(void *), void *data);

/* ---- frames: the voice frames that are read are silence, what is written is not heard ---- */

/* Waits at most ms milliseconds (less than 0: without an end) for a frame: the rest of the time, 0, or -1 when hung up. */
int ast_waitfor(struct ast_channel *chan, int ms);
/* The first of n channels with a frame within *ms milliseconds, of which the rest is left; or NULL. */
struct ast_channel *ast_waitfor_n(struct ast_channel **chan, int n, int *ms);
/* The next frame for ast_frfree: a digit, what was queued, or 20 milliseconds of silence; NULL when hung up. */
struct ast_frame *ast_read(struct ast_channel *chan);
/* Writes a frame, which stays the caller's: 0, or -1 when hung up.  Texts, digits and conditions are noticed. */
int ast_write(struct ast_channel *chan, struct ast_frame *frame);
/* Puts a copy of a frame at the end or the head of those that are read next: 0, or -1. */
int ast_queue_frame(struct ast_channel *chan, struct ast_frame *f);
int ast_queue_frame_head(struct ast_channel *chan, struct ast_frame *f);
int ast_queue_control(struct ast_channel *chan, enum ast_control_frame_type control);
int ast_queue_control_data(struct ast_channel *chan, enum ast_control_frame_type control, const void *data,
	size_t datalen);
/* Asks for the end of the call: 0. */
int ast_queue_hangup(struct ast_channel *chan);
int ast_queue_hangup_with_cause(struct ast_channel *chan, int cause);
/* Sets the format of what is read and written, of any codec: 0, or -1 for NULL. */
int ast_set_read_format(struct ast_channel *chan, struct ast_format *format);
int ast_set_write_format(struct ast_channel *chan, struct ast_format *format);
int ast_queue_hold(struct ast_channel *chan, const char *musicclass);
int ast_queue_unhold(struct ast_channel *chan);
/* The formats without references: signed linear of 8 kHz at first; the raw ones are the same until they are set. */
struct ast_format *ast_channel_readformat(struct ast_channel *chan);
struct ast_format *ast_channel_writeformat(struct ast_channel *chan);
struct ast_format *ast_channel_rawreadformat(struct ast_channel *chan);
struct ast_format *ast_channel_rawwriteformat(struct ast_channel *chan);
void ast_channel_set_readformat(struct ast_channel *chan, struct ast_format *format);
void ast_channel_set_writeformat(struct ast_channel *chan, struct ast_format *format);
void ast_channel_set_rawreadformat(struct ast_channel *chan, struct ast_format *format);
void ast_channel_set_rawwriteformat(struct ast_channel *chan, struct ast_format *format);
/* Flags of the channel, AST_FLAG_...; read and written in place, with the channel locked. */
struct ast_flags *ast_channel_flags(struct ast_channel *chan);

enum {
	AST_FLAG_DEFER_DTMF = (1 << 1),
	AST_FLAG_WRITE_INT = (1 << 2),
	AST_FLAG_BLOCKING = (1 << 3),
	AST_FLAG_ZOMBIE = (1 << 4),
	AST_FLAG_EXCEPTION = (1 << 5),
	AST_FLAG_MOH = (1 << 6),
	AST_FLAG_SPYING = (1 << 7),
	AST_FLAG_IN_AUTOLOOP = (1 << 9),
	AST_FLAG_OUTGOING = (1 << 10),
	AST_FLAG_IN_DTMF = (1 << 12),
	AST_FLAG_EMULATE_DTMF = (1 << 13),
	AST_FLAG_END_DTMF_ONLY = (1 << 14),
	AST_FLAG_MASQ_NOSTREAM = (1 << 16),
	AST_FLAG_BRIDGE_HANGUP_RUN = (1 << 17),
	AST_FLAG_DISABLE_WORKAROUNDS = (1 << 20),
	AST_FLAG_DISABLE_DEVSTATE_CACHE = (1 << 21),
	AST_FLAG_BRIDGE_DUAL_REDIRECT_WAIT = (1 << 22),
	AST_FLAG_ORIGINATED = (1 << 23),
	AST_FLAG_DEAD = (1 << 24),
	AST_FLAG_SNAPSHOT_STAGE = (1 << 25),
	AST_FLAG_TIMINGDATA_IS_AO2_OBJ = (1 << 26),
	AST_FLAG_SUBROUTINE_EXEC = (1 << 27),
};

/* ---- digits, texts and states; see also file.h, say.h and app.h ---- */

/* Waits for a digit, ms milliseconds, less than 0 without an end: the digit, 0 in time, or -1 when hung up. */
int ast_waitfordigit(struct ast_channel *c, int ms);
/* Gives 1 when ctrlfd can be read; audiofd gets nothing: no audio arrives. */
int ast_waitfordigit_full(struct ast_channel *c, int ms, const char *breakon, int audiofd, int ctrlfd);
enum ast_getdata_result;
/*
 * Reads at most len digits into s (len + 1 bytes) until one of enders: an ast_getdata_result.  The times in milliseconds:
 * ftimeout for the first digit, timeout for each other.
 */
int ast_readstring(struct ast_channel *c, char *s, int len, int timeout, int ftimeout, char *enders);
int ast_readstring_full(struct ast_channel *c, char *s, int len, int timeout, int ftimeout, char *enders, int audiofd,
	int ctrlfd);
/* Sends a text message to the caller: 0, or -1 when the channel is hung up. */
int ast_sendtext(struct ast_channel *chan, const char *text);
/* No text comes from a caller: NULL and -1 after timeout milliseconds. */
char *ast_recvtext(struct ast_channel *chan, int timeout);
int ast_recvchar(struct ast_channel *chan, int timeout);
/* Sends a digit to the caller: 0, or -1 when the channel is hung up. */
int ast_senddigit(struct ast_channel *chan, char digit, unsigned int duration);
int ast_senddigit_begin(struct ast_channel *chan, char digit);
int ast_senddigit_end(struct ast_channel *chan, char digit, unsigned int duration);
int ast_senddigit_external(struct ast_channel *chan, char digit, unsigned int duration);
/* Tells the caller a condition (AST_CONTROL_RINGING, AST_CONTROL_BUSY ...; -1 stops tones): 0, or -1 when hung up. */
int ast_indicate(struct ast_channel *chan, int condition);
int ast_indicate_data(struct ast_channel *chan, int condition, const void *data, size_t datalen);

#ifdef __cplusplus
}
#endif

#include "asterisk/cdr.h"	/* Uses what stands above. */

#endif
