"""What a call of the core API costs, group by group: ``bench/api_costs.py [--calls N]``.

Each row is a piece of C in a module, run N times on a channel; the best of five runs, in microseconds.  What is
hot is in ``hot_calls.py``, against plain C.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from typing import NamedTuple

from boundary import best, module, prepare
from native_support import FOOT, settings_of

from runtime.core.core import Core
from runtime.dialplan import functions
from runtime.model.emulated_channel import Channel
from runtime.modules.module_opening import open_module, open_native


class Row(NamedTuple):
    """Something a module does."""

    words: str
    code: str
    """C statements; ``chan`` is a channel, ``i`` counts."""
    share: int = 1
    """It is done only so often: the number of calls, divided by this."""


# fmt: off
ROWS = [
    Row("read a number strictly", 'int n; KEEP(ast_str_to_int("7", &n));'),
    Row("encode in base64", 'char out[64]; ast_base64encode(out, (const unsigned char *) "some text", 9, 64);'),
    Row("digest with MD5", 'char out[33]; ast_md5_hash(out, "some text");'),
    Row("log a message of a level that is off", 'ast_debug(3, "%d of them\\n", i);'),
    Row("log a message that nobody shows", 'ast_verb(9, "%d of them\\n", i);'),
    Row("ask whether a text says yes", 'KEEP(ast_true("yes"));'),
    Row("read a text of a channel", "KEEP(ast_channel_exten(chan));"),
    Row("read a number of a channel", "KEEP(ast_channel_priority(chan));"),
    Row("ask whether a channel is hung up", "KEEP(ast_check_hangup(chan));"),
    Row("set a text of a channel", 'ast_channel_exten_set(chan, i & 1 ? "100" : "200");'),
    Row("set a variable of a channel", 'pbx_builtin_setvar_helper(chan, "name", "value");', 4),
    Row("read a variable of a channel", 'KEEP(pbx_builtin_getvar_helper(chan, "name"));'),
    Row("replace variables in a text", 'char out[9]; pbx_substitute_variables_helper(chan, "a ${name} b", out, 9);', 4),
    Row("evaluate an expression", 'char out[64]; pbx_substitute_variables_helper(chan, "$[1 + 2]", out, 64);', 10),
    Row("add a job to a schedule and delete it", "KEEP(ast_sched_del(sched, ast_sched_add(sched, 60000, job, NULL)));"),
    Row("build an object of JSON", 'ast_json_unref(ast_json_pack("{s: i, s: s}", "a", i, "b", "text"));'),
    Row("write it as text", "char *out = ast_json_dump_string(json); ast_json_free(out);", 10),
    Row("read it from text", 'ast_json_unref(ast_json_load_string("{\\"a\\": 1}", NULL));', 10),
    Row("read a configuration file of 3 lines", "ast_config_destroy(ast_config_load(conf, none));", 100),
    Row("register an application and take it away", 'KEEP(ast_register_application("Costs", cost_0, NULL, NULL) |'
        ' ast_unregister_application("Costs"));', 10),
]
# fmt: on

HEAD = """
#include "asterisk.h"
#include "asterisk/module.h"
#include "asterisk/app.h"
#include "asterisk/channel.h"
#include "asterisk/config.h"
#include "asterisk/conversions.h"
#include "asterisk/json.h"
#include "asterisk/pbx.h"
#include "asterisk/sched.h"
#include "asterisk/utils.h"

#define KEEP(value) do { volatile __typeof__(value) kept = (value); (void) kept; } while (0)

static struct ast_sched_context *sched;
static struct ast_json *json;
static const char *conf = "costs.conf";
static const struct ast_flags none;
static int job(const void *data attribute_unused) { return 0; }
"""

JOB = """
static int cost_%(number)d(struct ast_channel *chan attribute_unused, const char *data)
{
	int i, count = atoi(data);

	for (i = 0; i < count; i++) {
		%(code)s
	}
	return 0;
}
"""

FRAME = """
static const struct { const char *name; int (*run)(struct ast_channel *, const char *); } jobs[] = { %(jobs)s };

static int unload_module(void)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(jobs); i++) {
		ast_unregister_application(jobs[i].name);
	}
	ast_json_unref(json);
	ast_sched_context_destroy(sched);
	return 0;
}

static int load_module(void)
{
	size_t i;
	int bad = 0;

	sched = ast_sched_context_create();
	json = ast_json_pack("{s: i, s: s}", "a", 1, "b", "text");
	for (i = 0; i < ARRAY_LEN(jobs); i++) {
		bad |= ast_register_application(jobs[i].name, jobs[i].run, NULL, NULL);
	}
	return sched && json && !bad ? AST_MODULE_LOAD_SUCCESS : AST_MODULE_LOAD_DECLINE;
}
"""


def source() -> str:
    """The module, with an application for each row."""
    jobs = [JOB % {"number": number, "code": row.code} for number, row in enumerate(ROWS)]
    names = ", ".join(f'{{ "Cost{number}", cost_{number} }}' for number in range(len(ROWS)))
    return "".join([HEAD, *jobs, FRAME % {"jobs": names}, FOOT])


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--calls", type=int, default=50_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="api-costs-") as name:
        room = Path(name)
        includes = prepare(room)
        core = Core(settings_of(room))
        (room / "etc").mkdir()
        (room / "etc" / "costs.conf").write_text("[general]\nname = value\nother => 3\n")
        open_native(room, core)
        opened = open_module(module(room, includes, "res_costs", source()))
        if opened.load():
            raise SystemExit("the module of the benchmark does not load")
        channel = Channel()
        channel.variables.set("name", "value")
        for number, row in enumerate(ROWS):
            count = options.calls // row.share
            taken = best(lambda: functions.execute(core, channel, f"Cost{number}", str(count)))  # noqa: B023
            print(f"{row.words:<42} {taken / count * 1e6:10.3f} us")
        opened.unload()


if __name__ == "__main__":
    main()
