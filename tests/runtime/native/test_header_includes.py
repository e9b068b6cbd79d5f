"""Headers bring along what Asterisk's headers of the same name bring: modules written for it rely on that."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

INCLUDES = {
    "app": "file linkedlists stasis stringfields strings threadstorage utils vector",
    "callerid": "format frame",
    "channel": "config format_cap linkedlists lock poll-compat stasis stringfields utils",
    "config": "time utils",
    "endian": "compat",
    "format_cap": "codec",
    "lock": "time",
    "manager": "datastore network stringfields",
    "netsock2": "logger",
    "pbx": "channel format sched",
    "sem": "lock",
    "stringfields": "vector",
    "threadstorage": "utils",
    "utils": "endian localtime lock network strings time",
    "xmldoc": "stringfields strings",
}
"""Headers of Asterisk, and those that they include, themselves or by way of others."""

LATER = frozenset({"frame"})
"""Headers that are not here yet."""

SOURCES = {
    "a function that gives JSON": """
#include "asterisk.h"
#include "asterisk/module.h"
#include "asterisk/pbx.h"
#include "asterisk/app.h"
static struct ast_json *of(struct ast_variable *list)
{
	struct ast_json *object = ast_json_object_create();

	for (; list; list = list->next) {
		ast_json_object_set(object, list->name, ast_json_string_create(list->value));
	}
	return object;
}
static int load_module(void)
{
	AST_VECTOR(, struct ast_json *) all;

	AST_VECTOR_INIT(&all, 1);
	AST_VECTOR_APPEND(&all, of(NULL));
	ast_json_unref(AST_VECTOR_GET(&all, 0));
	AST_VECTOR_FREE(&all);
	return 0;
}
""",
    "an application with a configuration and an address": """
#include "asterisk.h"
#include "asterisk/module.h"
#include "asterisk/channel.h"
#include "asterisk/manager.h"
static AST_LIST_HEAD_STATIC(things, thing);
struct thing {
	AST_DECLARE_STRING_FIELDS(AST_STRING_FIELD(name););
	AST_LIST_ENTRY(thing) entry;
};
static int load_module(void)
{
	struct ast_flags flags = { 0 };
	struct ast_config *cfg = ast_config_load("thing.conf", flags);
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(25) };
	struct ast_format_cap *cap = ast_format_cap_alloc(AST_FORMAT_CAP_FLAG_DEFAULT);
	struct thing *thing = ast_calloc_with_stringfields(1, struct thing, 16);

	AST_LIST_LOCK(&things);
	AST_LIST_INSERT_HEAD(&things, thing, entry);
	AST_LIST_UNLOCK(&things);
	ao2_cleanup(cap);
	if (cfg != CONFIG_STATUS_FILEINVALID) {
		ast_config_destroy(cfg);
	}
	return address.sin_port == 0 || open("/dev/null", O_RDONLY) < 0;
}
""",
    "a thread that waits": """
#include "asterisk.h"
#include "asterisk/module.h"
#include "asterisk/lock.h"
static void *work(void *data)
{
	struct timeval now = ast_tvnow();
	struct stat status;

	ast_log(LOG_NOTICE, "%ld %d %s\\n", (long) now.tv_sec, stat("/", &status), strerror(errno));
	return data;
}
static int load_module(void)
{
	pthread_t thread;

	signal(SIGUSR2, SIG_DFL);
	return ast_pthread_create(&thread, NULL, work, NULL);
}
""",
}

FOOT = """
static int unload_module(void) { return 0; }
AST_MODULE_INFO_STANDARD(ASTERISK_GPL_KEY, "Test module");
"""


def included_by(header: str, includes: list[str]) -> set[str]:
    """Names of the headers of asterisk/ that one brings along."""
    compiler = shutil.which("gcc") or shutil.which("cc")
    assert compiler, "no C compiler"
    words = [compiler, "-MM", "-x", "c", *includes, "-"]
    source = f'#include "asterisk/{header}.h"\n'
    done = subprocess.run(words, input=source, capture_output=True, text=True, check=True)
    return set(re.findall(r"asterisk/([\w-]+)\.h", done.stdout)) - {header}


@pytest.mark.parametrize("header", INCLUDES)
def test_a_header_brings_along_what_asterisks_does(header: str, includes: list[str]):
    assert set(INCLUDES[header].split()) - LATER - included_by(header, includes) == set()


@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES)
def test_a_module_that_relies_on_other_headers_includes_compiles(source: str, compile_into, tmp_path: Path):
    assert compile_into(tmp_path, "res_relies", source + FOOT).is_file()
