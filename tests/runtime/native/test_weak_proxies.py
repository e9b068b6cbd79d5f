"""Weak proxies of objects, texts matched by operators, hooks of files: astobj2.h, strings.h, config.h."""

from __future__ import annotations

from pathlib import Path

from runtime.core.core import Core

PROXIES = r"""
#include "asterisk/astobj2.h"
struct name {
	AO2_WEAKPROXY();
	char text[8];
};
static struct ao2_container *names;
static int ended, notified, running;
AO2_STRING_FIELD_CMP_FN(name, text)
static void end(void *obj) { ended++; }
static void notify(void *proxy, void *data)
{
	notified++;
	ao2_unlink(names, proxy);
}
/* Puts an object with a proxy into the container: the object, whose only reference is the caller's. */
static void *put(const char *text)
{
	struct name *proxy = ao2_weakproxy_alloc(sizeof(*proxy), NULL);
	void *object = ao2_alloc(1, end);

	ast_copy_string(proxy->text, text, sizeof(proxy->text));
	if (ao2_weakproxy_set_object(proxy, object, 0) || ao2_weakproxy_subscribe(proxy, notify, NULL, 0)) {
		return NULL;
	}
	ao2_link(names, proxy);
	ao2_ref(proxy, -1);
	return object;
}
/* Looks for the object while others release it; what is found is used. */
static void *look(void *data)
{
	int found = 0;

	while (running) {
		char *object = ao2_weakproxy_find(names, "b", OBJ_SEARCH_KEY, "");

		if (object) {
			found += *object == 0;
			ao2_ref(object, -1);
		}
	}
	return NULL;
}
static void race(void)
{
	pthread_t threads[3];
	int i;

	running = 1;
	for (i = 0; i < 3; i++) {
		ast_pthread_create(&threads[i], NULL, look, NULL);
	}
	for (i = 0; i < 300; i++) {
		ao2_ref(put("b"), -1);
	}
	running = 0;
	for (i = 0; i < 3; i++) {
		pthread_join(threads[i], NULL);
	}
}
static int answer(struct ast_channel *chan, const char *cmd, char *data, char *buf, size_t len)
{
	void *object = put("a"), *found = ao2_weakproxy_find(names, "a", OBJ_SEARCH_KEY, "");
	struct name *proxy = ao2_get_weakproxy(object), *other = ao2_weakproxy_alloc(sizeof(*other), NULL);
	struct ao2_container *objects = ao2_container_alloc_list(0, 0, NULL, NULL);

	snprintf(buf, len, "%d %d %d %d %d %d", found == object, ao2_ref(object, 0),
		ao2_weakproxy_set_object(proxy, other, 0), ao2_weakproxy_set_object(other, object, 0),
		ao2_weakproxy_ref_object(proxy, 0, 0), ao2_weakproxy_ref_object(object, 0, 0));
	ao2_container_dup_weakproxy_objs(objects, names, 0);
	snprintf(buf + strlen(buf), len - strlen(buf), " | %d", ao2_container_count(objects));
	ao2_ref(objects, -1);
	ao2_ref(found, -1);
	snprintf(buf + strlen(buf), len - strlen(buf), " | %d %d", ended, notified);
	ao2_ref(object, -1);
	snprintf(buf + strlen(buf), len - strlen(buf), " %d %d %d", ended, notified, ao2_container_count(names));
	snprintf(buf + strlen(buf), len - strlen(buf), " %d %d", ao2_weakproxy_get_object(proxy, 0) == NULL,
		ao2_weakproxy_ref_object(proxy, +1, 0));
	ao2_weakproxy_subscribe(proxy, notify, NULL, 0);
	snprintf(buf + strlen(buf), len - strlen(buf), " %d | %d %d %d", notified,
		ao2_weakproxy_subscribe(NULL, notify, NULL, 0), ao2_weakproxy_unsubscribe(proxy, notify, NULL, 0),
		ao2_weakproxy_find(names, "x", OBJ_SEARCH_KEY, "") == NULL);
	ao2_ref(proxy, -1);
	ao2_ref(other, -1);
	ended = 0;
	race();
	snprintf(buf + strlen(buf), len - strlen(buf), " | %d %d", ended, ao2_container_count(names));
	return 0;
}
static struct ast_custom_function function = { .name = "PROXIES", .read = answer };
static int unload_module(void)
{
	ao2_ref(names, -1);
	return ast_custom_function_unregister(&function);
}
static int load_module(void)
{
	names = ao2_container_alloc_list(AO2_ALLOC_OPT_LOCK_MUTEX, 0, NULL, name_cmp_fn);
	return ast_custom_function_register(&function);
}
"""


def test_a_weak_proxy_gives_its_object_until_the_last_reference_is_released(core: Core, opened, log: list[str]):
    module = opened("res_proxies", PROXIES, "-Wno-unused-parameter", callbacks="")
    assert module.load() == 0
    assert core.functions.find("PROXIES").read(None, "") == "1 3 -1 -1 3 -2 | 1 | 0 0 1 1 0 1 -1 2 | -1 0 1 | 300 0"
    assert module.unload() == 0
    assert log == ["ERROR cannot use as a weak proxy a NULL object"]


MATCHES = """
static int answer(struct ast_channel *chan, const char *cmd, char *data, char *buf, size_t len)
{
	AST_DECLARE_APP_ARGS(args, AST_APP_ARG(left); AST_APP_ARG(op); AST_APP_ARG(right););

	AST_STANDARD_APP_ARGS(args, data);
	snprintf(buf, len, "%d", strcmp(args.op, "in") ? ast_strings_match(args.left, args.op, args.right)
		: ast_in_delimited_string(args.left, args.right, '&'));
	return 0;
}
static struct ast_custom_function function = { .name = "MATCHES", .read = answer };
static int unload_module(void) { return ast_custom_function_unregister(&function); }
static int load_module(void)
{
	if (ast_strings_match(NULL, "=", "a") || ast_strings_match("a", NULL, NULL) || !ast_variables_match(NULL, NULL)
		|| ast_in_delimited_string(NULL, "a", '&') || ast_in_delimited_string("a", NULL, '&')) {
		return AST_MODULE_LOAD_DECLINE;
	}
	return ast_custom_function_register(&function);
}
"""


def test_texts_match_by_the_operators_of_realtime(core: Core, opened):
    module = opened("res_matches", '#include "asterisk/config.h"\n' + MATCHES, "-Wno-unused-parameter", callbacks="")
    assert module.load() == 0
    true = [
        "a,,a", "abc,,/^a.c$/", "10,=,10.0", "a,!=,b", "9,<,10", "b,>,a10", "9,<=,9", "b,>=,a", ",=,",
        "abcd,like,a%d", "abc,like,%", ",like,%", "aXbXb,like,a%b", "abc,like,abc", "abc,regex,b", "b,in,a&b&c",
        ",in,",
    ]  # fmt: skip
    false = [
        "a,,b", "abc,,/^b/", "9,>,10", "10,!=,10.0", "abc,like,a%b", "abc,like,ab", "a,regex,(", "a,near,a",
        "d,in,a&b&c", "a&b,in,a&b&c",
        "a,like,", "x,in,",
    ]  # fmt: skip
    read = core.functions.find("MATCHES").read
    assert {words: read(None, words) for words in [*true, *false]} == dict.fromkeys(true, "1") | dict.fromkeys(
        false, "0"
    )


HOOKS = """
static int hooked, lines;
static int hook(struct ast_config *cfg)
{
	struct ast_variable *var;

	hooked++;
	for (var = ast_variable_browse(cfg, "a"); var; var = var->next) {
		lines++;
	}
	ast_config_destroy(cfg);
	return 0;
}
static int answer(struct ast_channel *chan, const char *cmd, char *data, char *buf, size_t len)
{
	struct ast_flags flags = { CONFIG_FLAG_FILEUNCHANGED };

	ast_config_destroy(ast_config_load(data, flags));
	ast_config_destroy(ast_config_load2(data, "other", flags));
	snprintf(buf, len, "%d %d", hooked, lines);
	return 0;
}
static struct ast_custom_function function = { .name = "HOOKS", .read = answer };
static int unload_module(void)
{
	ast_config_hook_unregister("mine");
	ast_config_hook_unregister("mine");
	ast_config_hook_unregister(NULL);
	return ast_custom_function_unregister(&function);
}
static int load_module(void)
{
	if (!ast_config_hook_register(NULL, "a.conf", AST_MODULE, 0, hook)
		|| !ast_config_hook_register("mine", "a.conf", AST_MODULE, 0, NULL)
		|| ast_config_hook_register("mine", "b.conf", AST_MODULE, 0, hook)
		|| ast_config_hook_register("mine", "a.conf", AST_MODULE, 0, hook)) {
		return AST_MODULE_LOAD_DECLINE;
	}
	return ast_custom_function_register(&function);
}
"""


def test_a_hook_is_called_when_its_module_has_read_its_file(core: Core, opened):
    module = opened("res_hooks", '#include "asterisk/config.h"\n' + HOOKS, "-Wno-unused-parameter", callbacks="")
    etc = Path(core.settings.directories.astetcdir)
    etc.mkdir()
    (etc / "a.conf").write_text("[a]\nb = 1\nc = 2\n")
    (etc / "b.conf").write_text("[a]\nb = 1\n")
    assert module.load() == 0
    read = core.functions.find("HOOKS").read
    assert [read(None, name) for name in ("a.conf", "b.conf", "a.conf", "none.conf")] == ["1 2", "1 2", "1 2", "1 2"]
    (etc / "a.conf").write_text("[a]\n")
    assert read(None, "a.conf") == "2 2"
