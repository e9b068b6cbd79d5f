"""Configuration files into structures: asterisk/config_options.h."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from native_support import FOOT, HEAD

from runtime.core.core import Core
from runtime.modules.module_opening import SharedModule, open_module

SHOP = """
#include "asterisk/acl.h"
#include "asterisk/config_options.h"
#include "asterisk/netsock2.h"
#include "asterisk/stringfields.h"
struct general {
	AST_DECLARE_STRING_FIELDS(
		AST_STRING_FIELD(title);
	);
	int limit;
	unsigned int open, port;
	int pause;
	double rate;
	char word[6];
	struct ast_flags flags;
	struct ast_sockaddr address;
	struct ast_ha *acl;
	char custom[40];
};
struct item {
	int price;
	char name[20];
};
struct shop {
	struct general *general;
	struct ao2_container *items;
};
static AO2_GLOBAL_OBJ_STATIC(current);
static char told[200];
AO2_STRING_FIELD_CMP_FN(item, name)
static void general_end(void *obj)
{
	struct general *general = obj;

	ast_string_field_free_memory(general);
	ast_free_ha(general->acl);
}
static void shop_end(void *obj)
{
	struct shop *shop = obj;

	ao2_cleanup(shop->general);
	ao2_cleanup(shop->items);
}
static void *shop_alloc(void)
{
	struct shop *shop = ao2_alloc(sizeof(*shop), shop_end);

	shop->general = ao2_alloc(sizeof(*shop->general), general_end);
	if (ast_string_field_init(shop->general, 16)) {
		return NULL;
	}
	shop->items = ao2_container_alloc_list(AO2_ALLOC_OPT_LOCK_MUTEX, 0, NULL, item_cmp_fn);
	return shop;
}
static void *item_new(const char *category)
{
	struct item *item = strcmp(category, "nothing") ? ao2_alloc(sizeof(*item), NULL) : NULL;

	if (item) {
		ast_copy_string(item->name, category, sizeof(item->name));
	}
	return item;
}
static void *item_find(struct ao2_container *items, const char *category)
{
	return ao2_find(items, category, OBJ_SEARCH_KEY);
}
static int item_check(void *obj)
{
	return ((struct item *) obj)->price < 0;
}
static int is_sold(const char *text)
{
	return !strcasecmp(text, "sold");
}
static struct aco_type general_type = {
	.type = ACO_GLOBAL, .name = "general", .category_match = ACO_WHITELIST_EXACT, .category = "general",
	.item_offset = offsetof(struct shop, general),
};
static struct aco_type ignored_type = {
	.type = ACO_IGNORE, .name = "gone", .category_match = ACO_WHITELIST, .category = "^old-",
};
static struct aco_type item_type = {
	.type = ACO_ITEM, .name = "item", .category_match = ACO_BLACKLIST, .category = "^(general|note)$",
	.matchfield = "state", .matchfunc = is_sold,
	.item_alloc = item_new, .item_find = item_find, .item_prelink = item_check,
		.item_offset = offsetof(struct shop, items),
};
static struct aco_type *generals[] = ACO_TYPES(&general_type);
static struct aco_type *items[] = ACO_TYPES(&item_type);
static struct aco_file conf = {
	.filename = "shop.conf", .alias = "store.conf", .skip_category = "^note$",
	.types = ACO_TYPES(&general_type, &ignored_type, &item_type),
};
static int before(void);
static void after(void)
{
	strcat(told, "after ");
}
CONFIG_INFO_STANDARD(info, current, shop_alloc,
	.files = ACO_FILES(&conf), .pre_apply_config = before, .post_apply_config = after);
static int before(void)
{
	struct shop *pending = aco_pending_config(&info);

	strcat(told, "before ");
	return pending->general->limit == 13;
}
static int custom(const struct aco_option *opt, struct ast_variable *var, void *obj)
{
	struct general *general = obj;

	snprintf(general->custom, sizeof(general->custom), "%s/%s/%u/%d", var->name, var->value,
		aco_option_get_flags(opt),
		(int) aco_option_get_argument(opt, 3));
	return !strcmp(var->value, "wrong");
}
static int taken(const struct aco_option *opt, struct ast_variable *var, void *obj)
{
	return 0;
}
static int register_options(void)
{
	return aco_option_register(&info, "title", ACO_EXACT, generals, "A shop", OPT_STRINGFIELD_T, 1,
			STRFLDSET(struct general, title))
		|| aco_option_register(&info, "limit", ACO_EXACT, generals, "5", OPT_INT_T, PARSE_IN_RANGE,
			FLDSET(struct general, limit), 1, 99)
		|| aco_option_register(&info, "open", ACO_EXACT, generals, "yes", OPT_BOOL_T, 1, FLDSET(struct general, open))
		|| aco_option_register(&info, "port", ACO_EXACT, generals, "80", OPT_UINT_T,
			PARSE_IN_RANGE | PARSE_RANGE_DEFAULTS,
			FLDSET(struct general, port), 1, 65535)
		|| aco_option_register(&info, "pause", ACO_EXACT, generals, "2", OPT_TIMELEN_T, 0, FLDSET(struct general,
			pause),
			TIMELEN_SECONDS)
		|| aco_option_register(&info, "rate", ACO_EXACT, generals, "0.5", OPT_DOUBLE_T, 0, FLDSET(struct general,
			rate))
		|| aco_option_register(&info, "word", ACO_EXACT, generals, NULL, OPT_CHAR_ARRAY_T, 0,
			CHARFLDSET(struct general, word))
		|| aco_option_register(&info, "loud", ACO_EXACT, generals, "no", OPT_BOOLFLAG_T, 1, FLDSET(struct general,
			flags), 4)
		|| aco_option_register(&info, "address", ACO_EXACT, generals, "192.0.2.1:5", OPT_SOCKADDR_T, 0,
			FLDSET(struct general, address))
		|| aco_option_register(&info, "permit", ACO_EXACT, generals, NULL, OPT_ACL_T, 1, FLDSET(struct general, acl))
		|| aco_option_register(&info, "unused", ACO_EXACT, generals, NULL, OPT_NOOP_T, 0, 0)
		|| aco_option_register_custom(&info, "x-", ACO_PREFIX, generals, NULL, custom, 7)
		|| aco_option_register_custom(&info, "^y[0-9]$", ACO_REGEX, generals, NULL, custom, 8)
		|| aco_option_register_deprecated(&info, "name", generals, "title")
		|| aco_option_register_custom(&info, "state", ACO_EXACT, items, NULL, taken, 0)
		|| aco_option_register(&info, "price", ACO_EXACT, items, "3", OPT_INT_T, 0, FLDSET(struct item, price));
}
/* What is not valid is refused: the number of refusals. */
static int refusals(void)
{
	struct aco_type *none[] = { NULL };
	struct ast_variable *var = ast_variable_new("limit", "x", "");
	int count = (aco_info_init(NULL) != 0) + (aco_info_init(&info) != 0)
		+ (aco_option_register(NULL, "a", ACO_EXACT, generals, NULL, OPT_NOOP_T, 0, 0) != 0)
		+ (aco_option_register(&info, "a", ACO_EXACT, none, NULL, OPT_NOOP_T, 0, 0) != 0)
		+ (aco_option_register(&info, NULL, ACO_EXACT, generals, NULL, OPT_NOOP_T, 0, 0) != 0)
		+ (aco_option_register(&info, "(", ACO_REGEX, generals, NULL, OPT_NOOP_T, 0, 0) != 0)
		+ (aco_option_register(&info, "a", ACO_EXACT, generals, NULL, OPT_CHAR_ARRAY_T, 0, 0) != 0)
		+ (aco_option_register_custom(&info, "a", ACO_EXACT, generals, NULL, NULL, 0) != 0)
		+ (aco_option_register_deprecated(&info, "", generals, "b") != 0)
		+ (aco_process_var(&general_type, "general", NULL, NULL) != 0)
		+ (aco_process_var(NULL, "general", var, var) != 0)
		+ (aco_set_defaults(&general_type, NULL, NULL) != 0)
		+ (aco_process_config(NULL, 0) == ACO_PROCESS_ERROR) + (aco_pending_config(&info) == NULL)
		+ (aco_option_get_flags(NULL) == 0) + (aco_process_ast_config(&info, NULL, NULL) == ACO_PROCESS_ERROR);

	ast_variables_destroy(var);
	return count;
}
static int answer(struct ast_channel *chan, const char *cmd, char *data, char *buf, size_t len)
{
	int result = strcmp(data, "refusals") ? (int) aco_process_config(&info, !strcmp(data, "reload")) : refusals();
	struct shop *shop = ao2_global_obj_ref(current);
	struct general *own = shop ? shop->general : NULL;
	struct ao2_iterator each;
	struct item *item;

	snprintf(buf, len, "%s%d", told, result);
	told[0] = '\\0';
	if (!shop) {
		return 0;
	}
	snprintf(buf + strlen(buf), len - strlen(buf),
		" %s limit=%d open=%d port=%u pause=%d rate=%g word=%s flags=%u %s acl=%d %s",
		own->title, own->limit, own->open != 0, own->port, own->pause, own->rate, own->word, own->flags.flags,
		ast_sockaddr_stringify(&own->address), own->acl != NULL, own->custom);
	each = ao2_iterator_init(shop->items, 0);
	for (; (item = ao2_iterator_next(&each)); ao2_ref(item, -1)) {
		snprintf(buf + strlen(buf), len - strlen(buf), " %s=%d", item->name, item->price);
	}
	ao2_iterator_destroy(&each);
	ao2_ref(shop, -1);
	return 0;
}
static struct ast_custom_function function = { .name = "SHOP", .read = answer };
static int unload_module(void)
{
	aco_info_destroy(&info);
	aco_info_destroy(&info);
	ao2_global_obj_release(current);
	return ast_custom_function_unregister(&function);
}
static int load_module(void)
{
	if (aco_info_init(&info) || register_options()) {
		return AST_MODULE_LOAD_DECLINE;
	}
	return ast_custom_function_register(&function);
}
"""
DEFAULTS = "A shop limit=5 open=1 port=80 pause=2000 rate=0.5 word= flags=0 192.0.2.1:5 acl=0 "
FULL = """\
[note]
what = ever
[general]
name = The shop
LIMIT = 7
open = no
port = 70000
pause = 3ms
rate = 1.25
word = lengthy
loud = true
address = [2001:db8::1]:7
permit = 10.0.0.0/8
unused = x
y5 = z
[old-stuff]
bread = 1
[bread]
state = sold
price = 4
[cheese](bread)
[bread]
price = 5
"""


@pytest.fixture(scope="module")
def shop_file(compile_into, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The module, compiled once for all tests."""
    return compile_into(tmp_path_factory.mktemp("shop"), "res_shop", HEAD + SHOP + FOOT, "-Wno-unused-parameter")


@pytest.fixture
def shop(core: Core, shop_file: Path) -> Iterator[Callable[[str], str]]:
    """Ask the module: processes its file, tells how that went and what it has."""
    module = open_module(shop_file)
    assert isinstance(module, SharedModule)
    assert module.load() == 0
    Path(core.settings.directories.astetcdir).mkdir(exist_ok=True)
    yield lambda word: core.functions.find("SHOP").read(None, word)
    assert module.unload() == 0
    core.forget_module("res_shop")
    module.close()


def write(core: Core, text: str, name: str = "shop.conf") -> None:
    Path(core.settings.directories.astetcdir, name).write_text(text)


def test_lines_become_fields_by_the_type_of_their_option(core: Core, shop, log: list[str]):
    write(
        core,
        FULL.replace("[cheese](bread)", "[cheese]\nstate = sold").replace(
            "[bread]\nprice", "[cream]\nstate=sold\nprice"
        ),
    )
    assert shop("load") == (
        "before after 0 The shop limit=7 open=0 port=65535 pause=3 rate=1.25 word=lengt flags=4 [2001:db8::1]:7 acl=1 "
        "y5/z/8/0 bread=4 cheese=3 cream=5"
    )
    etc = core.settings.directories.astetcdir
    assert log == [
        f"WARNING {etc}/shop.conf:4: 'name' is deprecated: write 'title'",
        f"WARNING {etc}/shop.conf:7: 'port = 70000' is not valid here: its default or its nearest limit is taken",
    ]


def test_an_empty_file_gives_the_defaults_and_the_other_name_of_a_file_is_tried(core: Core, shop):
    write(core, "", "store.conf")
    assert shop("load") == f"before after 0 {DEFAULTS}"


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("[general]\nlimit = 200\n", ["ERROR {conf}:2: '200' is not a valid value of 'limit'"]),
        ("[general]\nlimit = x\n", ["ERROR {conf}:2: 'x' is not a valid value of 'limit'"]),
        ("[general]\ntitle =\n", ["ERROR {conf}:2: '' is not a valid value of 'title'"]),
        ("[general]\nbread = 1\n", ["ERROR {conf}:2: there is no option 'bread' in [general]"]),
        ("[general]\nx-1 = wrong\n", ["ERROR {conf}:2: 'wrong' is not a valid value of 'x-1'"]),
        (
            "[cake]\nprice = 1\n",
            ["ERROR [cake] needs a line 'state'", "ERROR shop.conf: [cake] is not a section of this file"],
        ),
        ("[cake]\nstate = free\n", ["ERROR shop.conf: [cake] is not a section of this file"]),
        ("[cake]\nstate = sold\nprice = -1\n", []),
        ("[nothing]\nstate = sold\n", []),
    ],
)
def test_a_fault_keeps_the_whole_file_out(core: Core, shop, log: list[str], text: str, faults: list[str]):
    write(core, "[general]\ntitle = Before\n")
    before = shop("load")
    log.clear()
    write(core, text)
    assert shop("load") == before.replace("before after 0", "2")
    conf = f"{core.settings.directories.astetcdir}/shop.conf"
    section = text.partition("]")[0] + "]"
    used = [] if "is not a section" in str(faults) else [f"ERROR shop.conf: {section} cannot be used"]
    assert log == [*(fault.format(conf=conf) for fault in faults), *used]


def test_the_module_may_refuse_what_was_read(core: Core, shop):
    write(core, "[general]\nlimit = 13\n")
    assert shop("load") == "before 2"


def test_a_reload_reads_what_has_changed_and_a_missing_file_is_an_error(core: Core, shop, log: list[str]):
    write(core, "[general]\nlimit = 6\n")
    assert shop("reload") == f"before after 0 {DEFAULTS}".replace("limit=5", "limit=6")
    assert shop("reload") == f"1 {DEFAULTS}".replace("limit=5", "limit=6")
    write(core, "[general]\nlimit = 17\n")
    assert shop("reload") == f"before after 0 {DEFAULTS}".replace("limit=5", "limit=17")
    Path(core.settings.directories.astetcdir, "shop.conf").unlink()
    assert shop("reload") == f"2 {DEFAULTS}".replace("limit=5", "limit=17")
    assert log == ["ERROR cannot use 'shop.conf': no such file"]
    write(core, "[general\n")
    assert shop("reload") == f"2 {DEFAULTS}".replace("limit=5", "limit=17")


def test_what_is_not_valid_is_refused_and_nothing_crashes(shop):
    assert shop("refusals") == "16"
