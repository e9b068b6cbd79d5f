/*
 * The application Playback: plays sounds to the caller.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/*** MODULEINFO
	<support_level>core</support_level>
 ***/

/*** DOCUMENTATION
	<application name="Playback" language="en_US">
		<synopsis>Plays sounds.</synopsis>
		<syntax>
			<parameter name="sounds" required="true" argsep="&amp;">
				<argument name="sound" required="true" />
				<argument name="sound2" multiple="true" />
			</parameter>
			<parameter name="options">
				<optionlist>
					<option name="skip">
						<para>Plays nothing when the call is not answered.</para>
					</option>
					<option name="noanswer">
						<para>Does not answer the call.</para>
					</option>
				</optionlist>
			</parameter>
		</syntax>
		<description>
			<para>Plays sounds one after the other, named without their extensions, and answers the call before
			unless an option says otherwise. A sound that does not exist is logged and passed over.</para>
			<variablelist>
				<variable name="PLAYBACKSTATUS">
					<value name="SUCCESS" />
					<value name="FAILED" />
				</variable>
			</variablelist>
		</description>
		<see-also>
			<ref type="application">Background</ref>
			<ref type="application">Read</ref>
		</see-also>
	</application>
 ***/

#include "asterisk.h"

#include "asterisk/module.h"
#include "asterisk/app.h"
#include "asterisk/channel.h"
#include "asterisk/file.h"
#include "asterisk/pbx.h"
#include "asterisk/strings.h"

static const char app[] = "Playback";

/* Plays one sound: 0, 1 when it does not exist, or -1 when the channel is hung up. */
static int play(struct ast_channel *chan, const char *sound)
{
	int result = ast_streamfile(chan, sound, ast_channel_language(chan));

	if (result) {
		return ast_check_hangup(chan) ? -1 : 1;
	}
	result = ast_waitstream(chan, AST_DIGIT_NONE);
	ast_stopstream(chan);
	return result;
}

/* Plays all sounds: 0, or -1 when the channel is hung up. */
static int play_all(struct ast_channel *chan, char *sounds)
{
	const char *sound;
	int result = 0, failed = 0;

	while (result >= 0 && (sound = strsep(&sounds, "&"))) {
		if (*sound) {
			result = play(chan, sound);
			failed |= result > 0;
		}
	}
	pbx_builtin_setvar_helper(chan, "PLAYBACKSTATUS", failed ? "FAILED" : "SUCCESS");
	return MIN(result, 0);
}

static int playback_exec(struct ast_channel *chan, const char *data)
{
	AST_DECLARE_APP_ARGS(args,
		AST_APP_ARG(sounds);
		AST_APP_ARG(options);
	);

	if (ast_strlen_zero(data)) {
		ast_log(LOG_WARNING, "Playback needs a sound: Playback(sound[&sound...][,options])\n");
		return -1;
	}
	AST_STANDARD_APP_ARGS(args, ast_strdupa(data));
	if (ast_channel_state(chan) != AST_STATE_UP) {
		if (strstr(S_OR(args.options, ""), "skip")) {
			pbx_builtin_setvar_helper(chan, "PLAYBACKSTATUS", "SUCCESS");
			return 0;
		}
		if (!strstr(S_OR(args.options, ""), "noanswer") && ast_answer(chan)) {
			return -1;
		}
	}
	return play_all(chan, args.sounds);
}

static int unload_module(void)
{
	return ast_unregister_application(app);
}

static int load_module(void)
{
	return ast_register_application_xml(app, playback_exec) ? AST_MODULE_LOAD_DECLINE : AST_MODULE_LOAD_SUCCESS;
}

AST_MODULE_INFO_STANDARD(ASTERISK_GPL_KEY, "Playback: sounds for the caller");
