/*
 * The application Read: asks the caller for digits.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/*** MODULEINFO
	<support_level>core</support_level>
 ***/

/*** DOCUMENTATION
	<application name="Read" language="en_US">
		<synopsis>Reads digits into a variable.</synopsis>
		<syntax>
			<parameter name="variable" required="true">
				<para>The variable that gets the digits, without the terminator.</para>
			</parameter>
			<parameter name="prompts" argsep="&amp;">
				<argument name="prompt" />
				<argument name="prompt2" multiple="true" />
			</parameter>
			<parameter name="maxdigits">
				<para>The most digits, after which the call goes on at once; 1 to 255.</para>
			</parameter>
			<parameter name="options">
				<optionlist>
					<option name="s"><para>Reads nothing when the call is not answered.</para></option>
					<option name="n"><para>Does not answer the call.</para></option>
					<option name="i"><para>The prompt is a tone, such as dial.</para></option>
					<option name="t" argsep=",">
						<argument name="terminator" />
						<para>Digits that end the input, in place of #; without an argument none does.</para>
					</option>
					<option name="e"><para>The variable gets the terminator when it was pressed first.</para></option>
				</optionlist>
			</parameter>
			<parameter name="attempts">
				<para>How often the prompts are played as long as nothing is pressed.</para>
			</parameter>
			<parameter name="timeout">
				<para>Seconds for each digit, in place of those of the dialplan.</para>
			</parameter>
		</syntax>
		<description>
			<para>Plays prompts, which a digit interrupts, and reads digits until #.</para>
			<variablelist>
				<variable name="READSTATUS">
					<value name="OK" />
					<value name="ERROR" />
					<value name="HANGUP" />
					<value name="INTERRUPTED" />
					<value name="SKIPPED" />
					<value name="TIMEOUT" />
				</variable>
			</variablelist>
		</description>
		<see-also>
			<ref type="application">Background</ref>
			<ref type="application">Playback</ref>
		</see-also>
	</application>
 ***/

#include "asterisk.h"

#include "asterisk/module.h"
#include "asterisk/app.h"
#include "asterisk/channel.h"
#include "asterisk/conversions.h"
#include "asterisk/file.h"
#include "asterisk/indications.h"
#include "asterisk/pbx.h"
#include "asterisk/strings.h"

static const char app[] = "Read";

#define MOST_DIGITS 255

enum {
	OPT_SKIP = (1 << 0),
	OPT_INDICATION = (1 << 1),
	OPT_NOANSWER = (1 << 2),
	OPT_TERMINATOR = (1 << 3),
	OPT_KEEP_TERMINATOR = (1 << 4),
};
enum {
	OPT_ARG_TERMINATOR,
	OPT_ARG_ARRAY_SIZE,
};
AST_APP_OPTIONS(read_options, BEGIN_OPTIONS
	AST_APP_OPTION('s', OPT_SKIP),
	AST_APP_OPTION('i', OPT_INDICATION),
	AST_APP_OPTION('n', OPT_NOANSWER),
	AST_APP_OPTION_ARG('t', OPT_TERMINATOR, OPT_ARG_TERMINATOR),
	AST_APP_OPTION('e', OPT_KEEP_TERMINATOR),
END_OPTIONS);

/* What is asked for. */
struct request {
	const char *variable;
	const char *prompts;
	char *terminator;
	struct ast_flags flags;
	int most;	/* Digits. */
	int attempts;
	int timeout;	/* In milliseconds; 0 for those of the dialplan. */
};

/* Starts the tone that is named in place of a prompt. */
static void start_tone(struct ast_channel *chan, const char *name)
{
	struct ast_tone_zone_sound *tone = ast_get_indication_tone(NULL, S_OR(name, ""));

	if (tone) {
		ast_playtones_start(chan, 0, tone->data, 0);
		ast_tone_zone_sound_unref(tone);
	}
}

/* Asks once: the value of READSTATUS. */
static const char *ask(struct ast_channel *chan, const struct request *request, char *digits)
{
	int is_tone = ast_test_flag(&request->flags, OPT_INDICATION);
	int result;

	ast_stopstream(chan);
	if (is_tone) {
		start_tone(chan, request->prompts);
	}
	result = ast_app_getdata_terminator(chan, is_tone ? NULL : request->prompts, digits, request->most,
		request->timeout, request->terminator);
	ast_playtones_stop(chan);
	switch (result) {
	case AST_GETDATA_COMPLETE:
		return "OK";
	case AST_GETDATA_EMPTY_END_TERMINATED:
		if (ast_test_flag(&request->flags, OPT_KEEP_TERMINATOR)) {
			ast_copy_string(digits, request->terminator, MOST_DIGITS + 1);
		}
		return "OK";
	case AST_GETDATA_TIMEOUT:
		return "TIMEOUT";
	case AST_GETDATA_INTERRUPTED:
		return "INTERRUPTED";
	default:
		return ast_check_hangup(chan) ? "HANGUP" : "ERROR";
	}
}

static void read_digits(struct ast_channel *chan, const struct request *request)
{
	char digits[MOST_DIGITS + 1] = "";
	const char *status = "ERROR";
	int left;

	for (left = request->attempts; left > 0 && !*digits && !ast_check_hangup(chan); left--) {
		status = ask(chan, request, digits);
	}
	pbx_builtin_setvar_helper(chan, request->variable, digits);
	pbx_builtin_setvar_helper(chan, "READSTATUS", ast_check_hangup(chan) ? "HANGUP" : status);
}

/* A number from 1 to most; otherwise something else. */
static int number_or(const char *text, int most, int otherwise)
{
	int number;

	return ast_strlen_zero(text) || ast_str_to_int(text, &number) || number < 1 || number > most ? otherwise : number;
}

/* Whether digits can be read now: the call is up, or does not have to be. */
static int is_ready(struct ast_channel *chan, const struct request *request)
{
	if (ast_channel_state(chan) == AST_STATE_UP || ast_test_flag(&request->flags, OPT_NOANSWER)) {
		return 1;
	}
	if (ast_test_flag(&request->flags, OPT_SKIP)) {
		pbx_builtin_setvar_helper(chan, request->variable, "");
		pbx_builtin_setvar_helper(chan, "READSTATUS", "SKIPPED");
		return 0;
	}
	return !ast_answer(chan);
}

static int read_exec(struct ast_channel *chan, const char *data)
{
	char *option_args[OPT_ARG_ARRAY_SIZE] = { NULL, };
	struct request request = { .terminator = "#", };
	AST_DECLARE_APP_ARGS(args,
		AST_APP_ARG(variable);
		AST_APP_ARG(prompts);
		AST_APP_ARG(maxdigits);
		AST_APP_ARG(options);
		AST_APP_ARG(attempts);
		AST_APP_ARG(timeout);
	);

	pbx_builtin_setvar_helper(chan, "READSTATUS", "ERROR");
	AST_STANDARD_APP_ARGS(args, ast_strdupa(S_OR(data, "")));
	if (ast_strlen_zero(args.variable)) {
		ast_log(LOG_WARNING, "Read needs a variable: "
			"Read(variable[,prompts[,maxdigits[,options[,attempts[,timeout]]]]])\n");
		return 0;
	}
	if (!ast_strlen_zero(args.options)) {
		ast_app_parse_options(read_options, &request.flags, option_args, args.options);
	}
	if (ast_test_flag(&request.flags, OPT_TERMINATOR)) {
		request.terminator = S_OR(option_args[OPT_ARG_TERMINATOR], "");
	}
	request.variable = args.variable;
	request.prompts = args.prompts;
	request.most = number_or(args.maxdigits, MOST_DIGITS, MOST_DIGITS);
	request.attempts = number_or(args.attempts, INT_MAX, 1);
	if (!ast_strlen_zero(args.timeout) && ast_app_parse_timelen(args.timeout, &request.timeout, TIMELEN_SECONDS)) {
		ast_log(LOG_WARNING, "Read: '%s' is not a length of time\n", args.timeout);
	}
	if (is_ready(chan, &request)) {
		read_digits(chan, &request);
	}
	return 0;
}

static int unload_module(void)
{
	return ast_unregister_application(app);
}

static int load_module(void)
{
	return ast_register_application_xml(app, read_exec) ? AST_MODULE_LOAD_DECLINE : AST_MODULE_LOAD_SUCCESS;
}

AST_MODULE_INFO_STANDARD(ASTERISK_GPL_KEY, "Read: digits from the caller");
