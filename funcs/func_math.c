/*
 * The functions MATH, INC and DEC.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/*** MODULEINFO
	<support_level>core</support_level>
 ***/

#include "asterisk.h"

#include <math.h>

#include "asterisk/module.h"
#include "asterisk/app.h"
#include "asterisk/channel.h"
#include "asterisk/conversions.h"
#include "asterisk/pbx.h"
#include "asterisk/strings.h"
#include "asterisk/utils.h"

#define MATH_USAGE "MATH(number operator number[,type])"

/* An operator, and the one of the three functions that computes it. */
struct operator {
	const char *sign;
	double (*real)(double, double);
	int (*whole)(int64_t, int64_t, int64_t *);	/* Computes with integers: 0, or -1. */
	int (*holds)(double, double);
};

struct expression {
	double left;
	double right;
	const struct operator *operator;
};

static double add(double a, double b)
{
	return a + b;
}

static double subtract(double a, double b)
{
	return a - b;
}

static double multiply(double a, double b)
{
	return a * b;
}

static double divide(double a, double b)
{
	if (b == 0) {
		ast_log(LOG_WARNING, "MATH: division by zero, 0 is used\n");
		return 0;
	}
	return a / b;
}

static int modulo(int64_t a, int64_t b, int64_t *result)
{
	if (b == 0) {
		ast_log(LOG_WARNING, "MATH: remainder of a division by zero, 0 is used\n");
	}
	/* The processor traps on the smallest number % -1, whose result is 0. */
	*result = b == 0 || b == -1 ? 0 : a % b;
	return 0;
}

static int check_shift(int64_t count)
{
	if (count >= 0 && count < 64) {
		return 0;
	}
	ast_log(LOG_WARNING, "MATH: cannot shift a number by %" PRId64 " bits, only by 0 to 63\n", count);
	return -1;
}

static int shift_left(int64_t a, int64_t b, int64_t *result)
{
	if (check_shift(b)) {
		return -1;
	}
	*result = (int64_t) ((uint64_t) a << b);
	return 0;
}

static int shift_right(int64_t a, int64_t b, int64_t *result)
{
	if (check_shift(b)) {
		return -1;
	}
	*result = a >> b;
	return 0;
}

static int bits_and(int64_t a, int64_t b, int64_t *result)
{
	*result = a & b;
	return 0;
}

static int bits_or(int64_t a, int64_t b, int64_t *result)
{
	*result = a | b;
	return 0;
}

static int bits_xor(int64_t a, int64_t b, int64_t *result)
{
	*result = a ^ b;
	return 0;
}

static int is_less(double a, double b)
{
	return a < b;
}

static int is_greater(double a, double b)
{
	return a > b;
}

static int is_at_most(double a, double b)
{
	return a <= b;
}

static int is_at_least(double a, double b)
{
	return a >= b;
}

static int is_equal(double a, double b)
{
	return a == b;
}

/* A longer sign is listed before a sign that is its prefix. */
static const struct operator operators[] = {
	{ .sign = "AND", .whole = bits_and },
	{ .sign = "XOR", .whole = bits_xor },
	{ .sign = "OR", .whole = bits_or },
	{ .sign = "<<", .whole = shift_left },
	{ .sign = ">>", .whole = shift_right },
	{ .sign = "<=", .holds = is_at_most },
	{ .sign = ">=", .holds = is_at_least },
	{ .sign = "==", .holds = is_equal },
	{ .sign = "<", .holds = is_less },
	{ .sign = ">", .holds = is_greater },
	{ .sign = "+", .real = add },
	{ .sign = "-", .real = subtract },
	{ .sign = "*", .real = multiply },
	{ .sign = "/", .real = divide },
	{ .sign = "%", .whole = modulo },
	{ .sign = "^", .real = pow },
};

/* Parses the number at the beginning of text: the text after it, or NULL without a number. */
static const char *parse_number(const char *text, double *number)
{
	char *rest;

	*number = strtod(text, &rest);
	if (rest == text) {
		ast_log(LOG_WARNING, "MATH: a number is expected at '%s'\n", text);
		return NULL;
	}
	return ast_skip_blanks(rest);
}

static const struct operator *find_operator(const char *text)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(operators); i++) {
		if (ast_begins_with(text, operators[i].sign)) {
			return &operators[i];
		}
	}
	ast_log(LOG_WARNING, "MATH: one of + - * / %% ^ AND OR XOR << >> < > <= >= == is expected at '%s'\n", text);
	return NULL;
}

static int parse_expression(const char *text, struct expression *expression)
{
	text = parse_number(text, &expression->left);
	if (!text) {
		return -1;
	}
	expression->operator = find_operator(text);
	if (!expression->operator) {
		return -1;
	}
	text = parse_number(text + strlen(expression->operator->sign), &expression->right);
	if (!text) {
		return -1;
	}
	if (*text) {
		ast_log(LOG_WARNING, "MATH takes two numbers and one operator; '%s' is left over\n", text);
		return -1;
	}
	return 0;
}

/* The number without its fraction; -1 when it is too large, infinite or not a number. */
static int truncate_number(double number, int64_t *whole)
{
	if (!(number >= -0x1p63 && number < 0x1p63)) {
		ast_log(LOG_WARNING, "MATH: %g does not fit into a 64-bit integer\n", number);
		return -1;
	}
	*whole = (int64_t) number;
	return 0;
}

static int compute(const struct expression *expression, double *result)
{
	int64_t left, right, whole;

	if (expression->operator->real) {
		*result = expression->operator->real(expression->left, expression->right);
		return 0;
	}
	if (truncate_number(expression->left, &left) || truncate_number(expression->right, &right)
		|| expression->operator->whole(left, right, &whole)) {
		return -1;
	}
	*result = (double) whole;
	return 0;
}

static int format_float(double number, struct ast_str **str, ssize_t len)
{
	ast_str_set(str, len, "%f", number);
	return 0;
}

static int format_int(double number, struct ast_str **str, ssize_t len)
{
	int64_t whole;

	if (truncate_number(number, &whole)) {
		return -1;
	}
	ast_str_set(str, len, "%" PRId64, whole);
	return 0;
}

/* A negative number of 32 bits has 8 digits, as in Asterisk; a smaller number has 16. */
static int format_hex(double number, struct ast_str **str, ssize_t len)
{
	int64_t whole;

	if (truncate_number(number, &whole)) {
		return -1;
	}
	if (whole >= INT32_MIN && whole < 0) {
		ast_str_set(str, len, "%" PRIx32, (uint32_t) whole);
	} else {
		ast_str_set(str, len, "%" PRIx64, (uint64_t) whole);
	}
	return 0;
}

static int format_char(double number, struct ast_str **str, ssize_t len)
{
	if (!(number >= 1 && number < 256)) {
		ast_log(LOG_WARNING, "MATH: %g is not a character code\n", number);
		return -1;
	}
	ast_str_set(str, len, "%c", (unsigned char) number);
	return 0;
}

typedef int (*formatter)(double number, struct ast_str **str, ssize_t len);

static formatter find_formatter(const char *type)
{
	static const struct {
		const char *name;
		formatter format;
	} types[] = {
		{ "float", format_float },
		{ "f", format_float },
		{ "int", format_int },
		{ "i", format_int },
		{ "hex", format_hex },
		{ "h", format_hex },
		{ "char", format_char },
		{ "c", format_char },
	};
	size_t i;

	for (i = 0; i < ARRAY_LEN(types); i++) {
		if (!strcasecmp(types[i].name, type)) {
			return types[i].format;
		}
	}
	ast_log(LOG_WARNING, "MATH: unknown type '%s'; use float, int, hex or char\n", type);
	return NULL;
}

static int math_read(struct ast_channel *chan attribute_unused, const char *cmd attribute_unused, char *data,
	struct ast_str **str, ssize_t len)
{
	struct expression expression;
	formatter format;
	double result;
	AST_DECLARE_APP_ARGS(args,
		AST_APP_ARG(expression);
		AST_APP_ARG(type);
	);

	AST_STANDARD_APP_ARGS(args, data);
	if (ast_strlen_zero(args.expression)) {
		ast_log(LOG_WARNING, "MATH needs two numbers and an operator: " MATH_USAGE "\n");
		return -1;
	}
	format = args.type ? find_formatter(ast_strip(args.type)) : format_float;
	if (!format || parse_expression(args.expression, &expression)) {
		return -1;
	}
	if (expression.operator->holds) {
		ast_str_set(str, len, "%s", expression.operator->holds(expression.left, expression.right) ? "TRUE" : "FALSE");
		return 0;
	}
	return compute(&expression, &result) ? -1 : format(result, str, len);
}

/* Adds step to the number of a variable; -1 when the value is not a number or the sum does not fit. */
static int count_on(struct ast_channel *chan, const char *cmd, const char *name, int step, intmax_t *number)
{
	const char *value = pbx_builtin_getvar_helper(chan, name);

	if (ast_strlen_zero(value)) {
		ast_log(LOG_NOTICE, "%s: the variable '%s' has no value\n", cmd, name);
		return -1;
	}
	if (ast_str_to_imax(ast_skip_blanks(value), number) || __builtin_add_overflow(*number, step, number)) {
		ast_log(LOG_NOTICE, "%s: the variable '%s' holds '%s', which is not an integer of 64 bits\n", cmd, name, value);
		return -1;
	}
	return 0;
}

static int step_variable(struct ast_channel *chan, const char *cmd, const char *name, int step, char *buf, size_t len)
{
	intmax_t number;
	int result = -1;

	if (ast_strlen_zero(name)) {
		ast_log(LOG_WARNING, "%s needs the name of a variable: %s(variable)\n", cmd, cmd);
		return -1;
	}
	if (!chan) {
		ast_log(LOG_WARNING, "%s needs a channel, because it changes a channel variable\n", cmd);
		return -1;
	}
	/* The lock keeps other threads from changing the variable between reading and writing. */
	ast_channel_lock(chan);
	if (!count_on(chan, cmd, name, step, &number)) {
		snprintf(buf, len, "%jd", number);
		result = pbx_builtin_setvar_helper(chan, name, buf);
	}
	ast_channel_unlock(chan);
	return result;
}

static int inc_read(struct ast_channel *chan, const char *cmd, char *data, char *buf, size_t len)
{
	return step_variable(chan, cmd, data, 1, buf, len);
}

static int dec_read(struct ast_channel *chan, const char *cmd, char *data, char *buf, size_t len)
{
	return step_variable(chan, cmd, data, -1, buf, len);
}

static struct ast_custom_function functions[] = {
	{
		.name = "MATH",
		.synopsis = "Calculates with two numbers.",
		.syntax = MATH_USAGE,
		.arguments =
			"operator - + - * /           as in C\n"
			"           %                 the remainder; fractions are cut off first\n"
			"           ^                 to the power of\n"
			"           AND OR XOR << >>  bitwise; fractions are cut off first\n"
			"           < > <= >= ==      give TRUE or FALSE, whatever the type\n"
			"type     - the format of the result: float (f; the default, with six digits\n"
			"           after the point), int (i), hex (h) or char (c).",
		.desc =
			"Blanks around numbers are allowed: MATH(170 AND 63,int) is 42. A division by\n"
			"zero gives 0 and a warning. Numbers have the precision of the C type double.",
		.seealso = "INC(), DEC()",
		.read2 = math_read,
	},
	{
		.name = "INC",
		.synopsis = "Adds one to a variable and gives its new value.",
		.syntax = "INC(variable)",
		.arguments = "variable - its name: INC(count), not INC(${count}).",
		.desc = "Fails, and does not change the variable, when its value is not a whole number.",
		.seealso = "DEC(), MATH()",
		.read = inc_read,
		.read_max = 24,
	},
	{
		.name = "DEC",
		.synopsis = "Subtracts one from a variable and gives its new value.",
		.syntax = "DEC(variable)",
		.arguments = "variable - its name: DEC(count), not DEC(${count}).",
		.desc = "Fails, and does not change the variable, when its value is not a whole number.",
		.seealso = "INC(), MATH()",
		.read = dec_read,
		.read_max = 24,
	},
};

static void unregister(size_t count)
{
	while (count--) {
		ast_custom_function_unregister(&functions[count]);
	}
}

static int unload_module(void)
{
	unregister(ARRAY_LEN(functions));
	return 0;
}

static int load_module(void)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(functions); i++) {
		if (ast_custom_function_register(&functions[i])) {
			unregister(i);
			return AST_MODULE_LOAD_DECLINE;
		}
	}
	return AST_MODULE_LOAD_SUCCESS;
}

AST_MODULE_INFO_STANDARD(ASTERISK_GPL_KEY, "Arithmetic");
