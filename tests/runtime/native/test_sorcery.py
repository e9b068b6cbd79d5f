"""Objects kept by wizards: asterisk/sorcery.h, and the wizards memory, config and astdb."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from native_support import FOOT, HEAD, ROOT

from runtime.core.core import Core
from runtime.modules.module_opening import SharedModule, open_module

PHONES = r"""
#include "asterisk/json.h"
#include "asterisk/sorcery.h"
struct phone {
	SORCERY_OBJECT(details);
	AST_DECLARE_STRING_FIELDS(
		AST_STRING_FIELD(owner);
	);
	unsigned int ring, loud;
	int volume;
};
static struct ast_sorcery *sorcery;
static char told[400];
AST_MUTEX_DEFINE_STATIC(telling);
static ast_cond_t news = PTHREAD_COND_INITIALIZER;
static void phone_end(void *obj)
{
	ast_string_field_free_memory((struct phone *) obj);
}
static void *phone_alloc(const char *id)
{
	struct phone *phone = ast_sorcery_generic_alloc(sizeof(*phone), phone_end);

	if (phone && ast_string_field_init(phone, 16)) {
		ao2_ref(phone, -1);
		return NULL;
	}
	return phone;
}
static int phone_apply(const struct ast_sorcery *own, void *obj)
{
	return ((struct phone *) obj)->volume > 11;
}
static void tell(const char *what, const char *which)
{
	ast_mutex_lock(&telling);
	snprintf(told + strlen(told), sizeof(told) - strlen(told), "%s %s; ", what, which);
	ast_cond_signal(&news);
	ast_mutex_unlock(&telling);
}
static void created(const void *object) { tell("created", ast_sorcery_object_get_id(object)); }
static void updated(const void *object) { tell("updated", ast_sorcery_object_get_id(object)); }
static void deleted(const void *object) { tell("deleted", ast_sorcery_object_get_id(object)); }
static void loaded(const char *type) { tell("loaded", type); }
static const struct ast_sorcery_observer observer = { created, updated, deleted, loaded };
static void mapped(const char *name, struct ast_sorcery *own, const char *type, struct ast_sorcery_wizard *wizard,
	const char *args, void *data)
{
	tell(type, wizard->name);
}
static const struct ast_sorcery_instance_observer watcher = { .wizard_mapped = mapped };

static void show(char *buf, size_t len, void *obj)
{
	struct phone *phone = obj;
	const char *colour = phone ? ast_sorcery_object_get_extended(phone, "colour") : NULL;

	if (phone) {
		snprintf(buf + strlen(buf), len - strlen(buf), "%s=%s/%u/%s/%d%s%s ", ast_sorcery_object_get_id(phone),
			phone->owner, phone->ring, phone->loud ? "loud" : "low", phone->volume, colour ? "/" : "", S_OR(colour,
				""));
	}
	ao2_cleanup(phone);
}
static int by_id(const void *left, const void *right, int flags)
{
	return ast_sorcery_object_id_sort(left, right, flags);
}
/* Shows a container in the order of the ids. */
static void show_all(char *buf, size_t len, struct ao2_container *found)
{
	struct ao2_container *sorted = ao2_container_alloc_rbtree(AO2_ALLOC_OPT_LOCK_NOLOCK, 0, by_id,
		ast_sorcery_object_id_compare);
	struct ao2_iterator each;
	void *object;

	if (found) {
		ao2_container_dup(sorted, found, 0);
	}
	each = ao2_iterator_init(sorted, 0);
	while ((object = ao2_iterator_next(&each))) {
		show(buf, len, object);
	}
	ao2_iterator_destroy(&each);
	ao2_cleanup(found);
	ao2_ref(sorted, -1);
}
static int create(const char *type, const char *id, const char *owner)
{
	struct phone *phone = ast_sorcery_alloc(sorcery, type, id);
	int failed = !phone || ast_string_field_set(phone, owner, owner) || ast_sorcery_create(sorcery, phone);

	ao2_cleanup(phone);
	return failed;
}
/* Changes a copy: what differs, and whether it was kept. */
static void update(char *buf, size_t len, const char *type, const char *id, const char *name, const char *value)
{
	struct phone *old = ast_sorcery_retrieve_by_id(sorcery, type, id), *copy = ast_sorcery_copy(sorcery, old);
	struct ast_variable *set = ast_variable_new(name, value, ""), *changes = NULL;
	int failed = ast_sorcery_objectset_apply(sorcery, copy, set) || ast_sorcery_diff(sorcery, old, copy, &changes)
		|| ast_sorcery_update(sorcery, copy);

	snprintf(buf, len, "%d %s=%s%s", failed, changes ? changes->name : "", changes ? changes->value : "",
		changes && changes->next ? "..." : "");
	ast_variables_destroy(set);
	ast_variables_destroy(changes);
	ao2_cleanup(old);
	ao2_cleanup(copy);
}
static int delete(const char *type, const char *id)
{
	struct phone *phone = ast_sorcery_retrieve_by_id(sorcery, type, id);
	int failed = !phone || ast_sorcery_delete(sorcery, phone);

	ao2_cleanup(phone);
	return failed;
}
static void as_json(char *buf, size_t len, const char *type, const char *id)
{
	struct phone *phone = ast_sorcery_retrieve_by_id(sorcery, type, id);
	struct ast_json *json = ast_sorcery_objectset_json_create(sorcery, phone);
	char *text = ast_json_dump_string_format(json, AST_JSON_SORTED);

	ast_copy_string(buf, S_OR(text, ""), len);
	ast_json_free(text);
	ast_json_unref(json);
	ao2_cleanup(phone);
}
/* What is not valid is refused: the number of refusals. */
static int refusals(void)
{
	struct ast_sorcery_wizard nameless = { .name = "" }, twin = { .name = "memory" };
	struct ast_sorcery_wizard *wizard;
	struct ast_variable *changes;

	return (__ast_sorcery_open(NULL, "", 0, "") == NULL) + (ast_sorcery_retrieve_by_module_name("nobody") == NULL)
		+ (ast_sorcery_retrieve_by_module_name(NULL) == NULL)
		+ (ast_sorcery_wizard_register(&nameless) != 0) + (ast_sorcery_wizard_register(&twin) != 0)
		+ (ast_sorcery_wizard_register(NULL) != 0) + (ast_sorcery_wizard_unregister(&nameless) != 0)
		+ (ast_sorcery_apply_default(sorcery, "other", "nowhere", NULL) == AST_SORCERY_APPLY_FAIL)
		+ (ast_sorcery_apply_default(sorcery, "other", "config", "x.conf,what=1") == AST_SORCERY_APPLY_FAIL)
		+ (ast_sorcery_apply_default(sorcery, "memory", "memory", NULL) == AST_SORCERY_APPLY_DEFAULT_UNNECESSARY)
		+ (ast_sorcery_apply_wizard_mapping(sorcery, "memory", "memory", NULL, 0) == AST_SORCERY_APPLY_DUPLICATE)
		+ (ast_sorcery_object_register(sorcery, "nothing", phone_alloc, NULL, NULL) != 0)
		+ (ast_sorcery_object_register(sorcery, "memory", phone_alloc, NULL, NULL) != 0)
		+ (ast_sorcery_object_field_register(sorcery, "nothing", "a", "", OPT_NOOP_T, 0, 0) != 0)
		+ (ast_sorcery_object_fields_register(sorcery, "memory", "(", NULL, NULL) != 0)
		+ (ast_sorcery_alloc(sorcery, "nothing", "a") == NULL) + (ast_sorcery_alloc(NULL, "memory", "a") == NULL)
		+ (ast_sorcery_create(sorcery, NULL) != 0) + (ast_sorcery_copy(sorcery, NULL) == NULL)
		+ (ast_sorcery_diff(sorcery, NULL, NULL, &changes) != 0) + (ast_sorcery_object_get_id(NULL) == NULL)
		+ (ast_sorcery_retrieve_by_id(sorcery, "memory", "") == NULL)
		+ (ast_sorcery_retrieve_by_regex(sorcery, "memory", NULL) == NULL)
		+ (ast_sorcery_get_wizard_mapping_count(sorcery, "nothing") == -1)
		+ (ast_sorcery_get_wizard_mapping(sorcery, "memory", 7, &wizard, NULL) != 0)
		+ (ast_sorcery_remove_wizard_mapping(sorcery, "memory", "nobody") != 0);
}
static int answer(struct ast_channel *chan, const char *cmd, char *data, char *buf, size_t len)
{
	struct timespec end = { time(NULL) + 10, 0 };
	struct ast_variable *fields = NULL;
	AST_DECLARE_APP_ARGS(args, AST_APP_ARG(type); AST_APP_ARG(verb); AST_APP_ARG(id); AST_APP_ARG(name);
		AST_APP_ARG(value););

	AST_STANDARD_APP_ARGS(args, data);
	buf[0] = '\0';
	if (!strcmp(args.verb, "create")) {
		snprintf(buf, len, "%d", create(args.type, args.id, args.name));
	} else if (!strcmp(args.verb, "get")) {
		show(buf, len, ast_sorcery_retrieve_by_id(sorcery, args.type, args.id));
	} else if (!strcmp(args.verb, "update")) {
		update(buf, len, args.type, args.id, args.name, args.value);
	} else if (!strcmp(args.verb, "delete")) {
		snprintf(buf, len, "%d", delete(args.type, args.id));
	} else if (!strcmp(args.verb, "regex")) {
		show_all(buf, len, ast_sorcery_retrieve_by_regex(sorcery, args.type, args.id));
	} else if (!strcmp(args.verb, "prefix")) {
		show_all(buf, len, ast_sorcery_retrieve_by_prefix(sorcery, args.type, args.id, strlen(args.id)));
	} else if (!strcmp(args.verb, "all")) {
		show_all(buf, len, ast_sorcery_retrieve_by_fields(sorcery, args.type, AST_RETRIEVE_FLAG_MULTIPLE, NULL));
	} else if (!strcmp(args.verb, "many")) {
		fields = ast_variable_new(args.id, args.name, "");
		show_all(buf, len, ast_sorcery_retrieve_by_fields(sorcery, args.type, AST_RETRIEVE_FLAG_MULTIPLE, fields));
	} else if (!strcmp(args.verb, "one")) {
		fields = ast_variable_new(args.id, args.name, "");
		show(buf, len, ast_sorcery_retrieve_by_fields(sorcery, args.type, AST_RETRIEVE_FLAG_DEFAULT, fields));
	} else if (!strcmp(args.verb, "json")) {
		as_json(buf, len, args.type, args.id);
	} else if (!strcmp(args.verb, "reload")) {
		ast_sorcery_reload_object(sorcery, args.type);
	} else if (!strcmp(args.verb, "refusals")) {
		snprintf(buf, len, "%d", refusals());
	} else if (!strcmp(args.verb, "told")) {
		ast_mutex_lock(&telling);
		while (!strstr(told, args.id) && !ast_cond_timedwait(&news, &telling, &end)) {
			continue;
		}
		ast_copy_string(buf, told, len);
		ast_mutex_unlock(&telling);
	}
	ast_variables_destroy(fields);
	return 0;
}
static struct ast_custom_function function = { .name = "PHONES", .read = answer };
static int kept(const char *type)
{
	return ast_sorcery_object_register(sorcery, type, phone_alloc, NULL, phone_apply)
		|| ast_sorcery_object_field_register(sorcery, type, "owner", "nobody", OPT_STRINGFIELD_T, 0,
			STRFLDSET(struct phone, owner))
		|| ast_sorcery_object_field_register(sorcery, type, "ring", "2", OPT_UINT_T, 0, FLDSET(struct phone, ring))
		|| ast_sorcery_object_field_register(sorcery, type, "loud", "no", OPT_YESNO_T, 1, FLDSET(struct phone, loud))
		|| ast_sorcery_object_field_register(sorcery, type, "volume", "5", OPT_INT_T, 0, FLDSET(struct phone, volume))
		|| ast_sorcery_object_field_register_alias(sorcery, type, "rings", "2", OPT_UINT_T, 0, FLDSET(struct phone,
			ring))
		|| ast_sorcery_object_field_register(sorcery, type, "type", "", OPT_NOOP_T, 0, 0)
		|| ast_sorcery_observer_add(sorcery, type, &observer);
}
static int unload_module(void)
{
	ast_sorcery_unref(sorcery);
	return ast_custom_function_unregister(&function);
}
static int load_module(void)
{
	sorcery = ast_sorcery_open();
	if (ast_sorcery_instance_observer_add(sorcery, &watcher)) {
		return AST_MODULE_LOAD_DECLINE;
	}
	ast_sorcery_apply_default(sorcery, "memory", "memory", NULL);
	ast_sorcery_apply_default(sorcery, "config", "config", "phones.conf,criteria=type=phone");
	ast_sorcery_apply_default(sorcery, "astdb", "astdb", "phones");
	if (kept("memory") || kept("config") || kept("astdb")) {
		return AST_MODULE_LOAD_DECLINE;
	}
	ast_sorcery_load(sorcery);
	return ast_custom_function_register(&function);
}
"""
CONF = """\
[settings]
type = other
[ann]
type = phone
owner = Ann
rings = 4
loud = yes
@colour = red
[bob]
type = phone
owner = Bob
"""
WIZARDS = ("memory", "config", "astdb")


@pytest.fixture(scope="module")
def module_files(compile_into, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The three wizards and the module that uses them, compiled once for all tests."""
    room = tmp_path_factory.mktemp("phones")
    flags = ("-Wno-unused-parameter", f"-I{ROOT / 'res'}")
    sources = {f"res_sorcery_{name}": (ROOT / f"res/res_sorcery_{name}.c").read_text() for name in WIZARDS}
    sources["res_phones"] = HEAD + PHONES + FOOT
    return [compile_into(room, name, source, *flags) for name, source in sources.items()]


@pytest.fixture
def phones(core: Core, module_files: list[Path]) -> Iterator[Callable[[str], str]]:
    """Ask the module: TYPE,VERB,ID,NAME,VALUE."""
    etc = Path(core.settings.directories.astetcdir)
    etc.mkdir(exist_ok=True)
    Path(core.settings.directories.astdbdir).mkdir(exist_ok=True)
    (etc / "phones.conf").write_text(CONF)
    opened = [open_module(file) for file in module_files]
    for module in opened:
        assert isinstance(module, SharedModule)
        assert module.load() == 0
        module.set_running(True)
    yield lambda words: core.functions.find("PHONES").read(None, words)
    for module in reversed(opened):
        assert isinstance(module, SharedModule)
        assert module.use_count == 0
        assert module.unload() == 0
        core.forget_module(module.info.name)
        module.close()


@pytest.mark.parametrize("kind", ["memory", "astdb"])
def test_objects_are_created_found_changed_and_deleted(phones, kind: str):
    asked = [
        "create,ann,Ann", "create,ann,Other", "create,amy,Amy", "create,bob,Bob", "get,ann", "get,nobody",
        "update,bob,ring,9", "update,bob,volume,12", "update,bob,nothing,1", "update,nobody,ring,1", "get,bob",
        "all", "regex,^a", "regex,(", "prefix,am", "many,ring >,3", "many,owner like,A%", "one,owner,/^B/",
        "one,owner,x",
        "delete,ann", "delete,ann", "all", "json,bob",
    ]  # fmt: skip
    assert [phones(f"{kind},{words}").rstrip() for words in asked] == [
        "0", "1", "0", "0", "ann=Ann/2/low/5", "",
        "0 ring=9", "1 =", "1 =", "1 =", "bob=Bob/9/low/5",
        "amy=Amy/2/low/5 ann=Ann/2/low/5 bob=Bob/9/low/5", "amy=Amy/2/low/5 ann=Ann/2/low/5", "", "amy=Amy/2/low/5",
        "bob=Bob/9/low/5", "amy=Amy/2/low/5 ann=Ann/2/low/5", "bob=Bob/9/low/5", "",
        "0", "1", "amy=Amy/2/low/5 bob=Bob/9/low/5", '{"loud":"no","owner":"Bob","ring":"9","volume":"5"}',
    ]  # fmt: skip
    told = phones(f"{kind},told,deleted ann").rstrip("; ").split("; ")
    assert [line for line in told if "loaded" not in line or line == f"loaded {kind}"] == [
        "memory memory", "config config", "astdb astdb",
        f"loaded {kind}", "created ann", "created amy", "created bob", "updated bob", "deleted ann",
    ]  # fmt: skip


def test_sections_of_a_file_are_objects_and_a_reload_reads_what_has_changed(core: Core, phones, log: list[str]):
    conf = Path(core.settings.directories.astetcdir, "phones.conf")
    assert phones("config,all") == "ann=Ann/4/loud/5/red bob=Bob/2/low/5 "
    assert phones("config,create,carl,Carl") == "1"
    conf.write_text(CONF.replace("Bob", "Robert"))
    assert phones("config,get,bob") == "bob=Bob/2/low/5 "
    phones("config,reload")
    assert phones("config,get,bob") == "bob=Robert/2/low/5 "
    log.clear()
    conf.write_text(CONF + "ring = often\n[carl]\ntype = phone\nvolume = 12\n[dora]\ntype = phone\n")
    phones("config,reload")
    assert phones("config,all") == "ann=Ann/4/loud/5/red bob=Robert/2/low/5 dora=nobody/2/low/5 "
    assert log == [
        f"ERROR {conf}:12: 'often' is not a valid value of 'ring'",
        "ERROR phones.conf: [bob] cannot be used as an object of type 'config': the old one stays",
        "ERROR phones.conf: [carl] cannot be used as an object of type 'config'",
    ]


@pytest.mark.parametrize("text", ["[ann\n", "[ann]\ntype=phone\n[ann]\ntype=phone\n", None])
def test_a_file_that_cannot_be_used_leaves_the_objects_as_they_are(core: Core, phones, text: str | None):
    conf = Path(core.settings.directories.astetcdir, "phones.conf")
    conf.unlink()
    if text is not None:
        conf.write_text(text)
    phones("config,reload")
    assert phones("config,all") == "ann=Ann/4/loud/5/red bob=Bob/2/low/5 "


@pytest.mark.parametrize("text", ["", "{", "[]", '{"ring": "x"}', '{"nothing": "1"}', "\x01"])
def test_a_damaged_object_of_the_database_is_passed_over(core: Core, phones, log: list[str], text: str):
    phones("astdb,create,ann,Ann")
    core.database.put("phones/astdb", "bob", text)
    assert phones("astdb,all") == "ann=Ann/2/low/5 "
    assert phones("astdb,get,bob") == ""
    assert log[-1] == "ERROR the database has no usable object 'bob' of type 'astdb'"


def test_what_is_not_valid_is_refused_and_nothing_crashes(phones):
    assert phones("memory,refusals") == "26"


def test_an_instance_whose_wizards_cannot_be_applied_is_refused_and_can_be_opened_later(
    core: Core, module_files: list[Path], log: list[str]
):
    etc = Path(core.settings.directories.astetcdir)
    etc.mkdir(exist_ok=True)
    Path(core.settings.directories.astdbdir).mkdir(exist_ok=True)
    (etc / "phones.conf").write_text(CONF)
    (etc / "sorcery.conf").write_text("[res_phones]\nmemory = nothing\n")
    opened = [open_module(file) for file in module_files]
    assert [module.load() for module in opened] == [0, 0, 0, 1]
    for module in opened[:-1]:
        module.set_running(True)
    assert log[-2:] == [
        "ERROR the wizard 'nothing' cannot keep objects of type 'memory': there is no such wizard",
        "ERROR cannot apply [res_phones] of sorcery.conf",
    ]
    (etc / "sorcery.conf").unlink()
    log.clear()
    assert opened[-1].load() == 0, log
    for module in reversed(opened):
        assert module.unload() == 0
        core.forget_module(module.info.name)
        module.close()
