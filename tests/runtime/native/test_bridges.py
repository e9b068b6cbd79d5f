"""What C modules do with bridges: channels enter, hear each other, trade places and leave."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from native_support import Try

HEADERS = (
    "bridge",
    "bridge_after",
    "bridge_basic",
    "bridge_internal",
    "bridge_roles",
    "causes",
    "features",
    "features_config",
    "parking",
    "pickup",
    "stasis_bridges",
)


@pytest.fixture
def tried(tried_application: Try) -> Callable[..., list[str]]:
    """Runs the body of an application, and gives what it said."""

    def run(body: str, before: str = "") -> list[str]:
        return tried_application(HEADERS, body, CHANNELS + before)

    return run


CHANNELS = r"""
/* Channels that say what they are told, in one order: each waits until the other has spoken. */
static int heard_texts, is_silent;
static int hear_text(struct ast_channel *chan, const char *words)
{
	if (!is_silent) {
		SAY("%s hears %s\n", ast_channel_name(chan), words);
	}
	__atomic_add_fetch(&heard_texts, 1, __ATOMIC_SEQ_CST);
	return 0;
}
static struct ast_channel_tech told = { .type = "Told", .send_text = hear_text };
static struct ast_channel *new_channel(const char *name)
{
	struct ast_channel *chan = ast_channel_alloc(0, AST_STATE_UP, "1", NULL, "", "s", "default", NULL,
		NULL, 0, "Told/%s", name);

	ast_channel_tech_set(chan, &told);
	ast_channel_unlock(chan);
	return chan;
}
static void say(struct ast_channel *chan, const char *words, int times)
{
	struct ast_frame frame = { .frametype = AST_FRAME_TEXT, .data.ptr = (void *) words,
		.datalen = (int) strlen(words) + 1 };

	__atomic_store_n(&heard_texts, 0, __ATOMIC_SEQ_CST);
	ast_queue_frame(chan, &frame);
	while (__atomic_load_n(&heard_texts, __ATOMIC_SEQ_CST) < times) {
		usleep(1000);
	}
}
static struct ast_bridge *new_bridge(unsigned int flags)
{
	const uint32_t mixes = AST_BRIDGE_CAPABILITY_1TO1MIX | AST_BRIDGE_CAPABILITY_MULTIMIX;

	return ast_bridge_base_new(mixes, flags, "a test", "talk", NULL);
}
"""


def test_channels_in_a_bridge_hear_each_other_and_a_channel_that_left_does_not(tried: Callable[..., list[str]]) -> None:
    assert tried(
        r"""
	struct ast_bridge *bridge = new_bridge(0);
	struct ast_channel *a = new_channel("a"), *b = new_channel("b"), *c = new_channel("c");
	struct ast_channel *peer;

	SAY("%d\n", ast_bridge_impart(bridge, a, NULL, NULL, 0));
	SAY("%d\n", ast_bridge_impart(bridge, b, NULL, NULL, 0));
	SAY("again %d\n", ast_bridge_impart(bridge, a, NULL, NULL, 0));
	peer = ast_channel_bridge_peer(a);
	SAY("peer %s, bridged %d\n", ast_channel_name(peer), ast_channel_is_bridged(b));
	ast_channel_unref(peer);
	say(a, "good day", 1);
	say(b, "and to you", 1);
	SAY("swap %d\n", ast_bridge_impart(bridge, c, b, NULL, 0));
	say(a, "who is there", 1);
	SAY("depart %d %d\n", ast_bridge_depart(b), ast_bridge_depart(c));
	SAY("again %d\n", ast_bridge_depart(c));
	SAY("%u left, bridged %d %d\n", bridge->num_channels, ast_channel_is_bridged(a), ast_channel_is_bridged(c));
	ast_bridge_destroy(bridge, AST_CAUSE_NORMAL_CLEARING);
	SAY("%d\n", ast_bridge_depart(a));
	ast_hangup(a);
	ast_hangup(b);
	ast_hangup(c);
	"""
    ) == [
        "0",
        "0",
        "WARNING Told/a is in a bridge already",
        "again -1",
        "peer Told/b, bridged 1",
        "Told/b hears good day",
        "Told/a hears and to you",
        "swap 0",
        "Told/c hears who is there",
        "depart 0 0",
        "again -1",
        "1 left, bridged 1 0",
        "0",
    ]


def test_a_channel_moves_and_bridges_merge(tried: Callable[..., list[str]]) -> None:
    assert tried(
        r"""
	struct ast_bridge *first = new_bridge(0), *second = new_bridge(0), *found;
	struct ast_channel *a = new_channel("a"), *b = new_channel("b"), *c = new_channel("c");
	int result = ast_bridge_impart(first, a, NULL, NULL, 0);

	result |= ast_bridge_impart(first, b, NULL, NULL, 0);
	result |= ast_bridge_impart(second, c, NULL, NULL, 0);
	SAY("%d move %d\n", result, ast_bridge_move(second, first, b, NULL, 0));
	SAY("again %d\n", ast_bridge_move(second, first, b, NULL, 0));
	say(c, "welcome", 1);
	SAY("merge %d\n", ast_bridge_merge(second, first, 0, NULL, 0));
	SAY("%u %u dissolved %d\n", first->num_channels, second->num_channels, first->dissolved);
	is_silent = 1;
	say(a, "here are all", 2);
	SAY("%d texts\n", heard_texts);
	found = ast_bridge_find_by_id(first->uniqueid);
	SAY("known %d\n", found != NULL);
	found = ast_bridge_find_by_id(second->uniqueid);
	SAY("known %d\n", found == second);
	ao2_ref(found, -1);
	ast_bridge_destroy(first, 0);
	ast_bridge_destroy(second, 0);
	SAY("%d %d %d\n", ast_bridge_depart(a), ast_bridge_depart(b), ast_bridge_depart(c));
	ast_hangup(a);
	ast_hangup(b);
	ast_hangup(c);
	"""
    ) == [
        "0 move 0",
        "again -1",
        "Told/b hears welcome",
        "merge 0",
        "0 3 dissolved 1",
        "2 texts",
        "known 0",
        "known 1",
        "0 0 0",
    ]


HOOKS = r"""
static int on(struct ast_bridge_channel *member, void *word) { SAY("%s\n", (char *) word); return 0; }
static int once(struct ast_bridge_channel *member, void *word) { SAY("%s\n", (char *) word); return -1; }
static int finish(struct ast_bridge_channel *member, void *word)
{
	SAY("%s\n", (char *) word);
	ast_bridge_channel_kick(member, AST_CAUSE_USER_BUSY);
	return 0;
}
static int ticks;
static int tick(struct ast_bridge_channel *member, void *word)
{
	if (++ticks == 2) {
		ast_bridge_channel_kick(member, 0);
	}
	return 5;
}
static void gone(void *word) { SAY("gone %s\n", (char *) word); }
static void callback(struct ast_channel *chan, void *word) { SAY("after %s\n", (char *) word); }
static void failed(enum ast_bridge_after_cb_reason reason, void *word)
{
	SAY("%s: %s\n", (char *) word, ast_bridge_after_cb_reason_string(reason));
}
"""


def test_hooks_are_called_when_a_channel_enters_types_digits_and_leaves(tried: Callable[..., list[str]]) -> None:
    assert tried(
        r"""
	struct ast_bridge *bridge = new_bridge(AST_BRIDGE_FLAG_DISSOLVE_HANGUP);
	struct ast_channel *a = new_channel("a");
	struct ast_bridge_features *features = ast_bridge_features_new();
	struct ast_frame one = { .frametype = AST_FRAME_DTMF_END, .subclass.integer = '1' };
	struct ast_frame two = { .frametype = AST_FRAME_DTMF_END, .subclass.integer = '2' };

	ast_bridge_join_hook(features, on, "enters", gone, 0);
	ast_bridge_leave_hook(features, on, "leaves", NULL, 0);
	ast_bridge_dtmf_hook(features, "11", once, "11 once", gone, 0);
	ast_bridge_dtmf_hook(features, "12", finish, "12", NULL, 0);
	SAY("bad %d %d %d\n", ast_bridge_dtmf_hook(features, "", on, NULL, NULL, 0),
		ast_bridge_interval_hook(features, 0, 0, on, NULL, NULL, 0), ast_bridge_join_hook(NULL, on, NULL, NULL, 0));
	ast_bridge_set_after_callback(a, callback, failed, "the first");
	ast_bridge_set_after_callback(a, callback, failed, "the second");
	ast_queue_frame(a, &one);
	ast_queue_frame(a, &one);
	ast_queue_frame(a, &one);
	ast_queue_frame(a, &two);
	SAY("joined %d\n", ast_bridge_join(bridge, a, NULL, features, NULL, 0));
	SAY("dissolved %d, cause %d\n", bridge->dissolved, ast_channel_hangupcause(a));
	ast_bridge_features_destroy(features);
	ast_bridge_destroy(bridge, 0);
	ast_hangup(a);
	""",
        HOOKS,
    ) == [
        "bad -1 -1 -1",
        "the first: another callback was set",
        "enters",
        "11 once",
        "gone 11 once",
        "12",
        "leaves",
        "after the second",
        "joined 0",
        "dissolved 1, cause 17",
        "gone enters",
    ]


def test_a_hook_of_an_interval_is_called_until_its_channel_leaves(tried: Callable[..., list[str]]) -> None:
    assert tried(
        r"""
	struct ast_bridge *bridge = new_bridge(0);
	struct ast_channel *a = new_channel("a");
	struct ast_bridge_features *features = ast_bridge_features_new();

	ast_bridge_interval_hook(features, 0, 1, tick, NULL, NULL, 0);
	SAY("joined %d\n", ast_bridge_join(bridge, a, NULL, features, NULL, 0));
	SAY("after %d\n", ticks);
	ast_bridge_features_destroy(features);
	ast_bridge_destroy(bridge, 0);
	ast_hangup(a);
	""",
        HOOKS,
    ) == ["joined 0", "after 2"]


def test_a_call_between_two_ends_with_the_first_that_hangs_up(tried: Callable[..., list[str]]) -> None:
    assert tried(
        r"""
	struct ast_channel *a = new_channel("a"), *b = new_channel("b");
	struct ast_bridge_config config = { .flags = 0 };

	ao2_ref(b, 1);
	ast_queue_hangup(a);
	SAY("%d\n", ast_bridge_call(a, b, &config));
	SAY("%s\n", pbx_builtin_getvar_helper(a, "BRIDGEPEER"));
	while (!ast_test_flag(ast_channel_flags(b), AST_FLAG_ZOMBIE)) {
		usleep(1000);
	}
	SAY("the peer is hung up\n");
	ao2_ref(b, -1);
	ast_hangup(a);
	"""
    ) == ["0", "Told/b", "the peer is hung up"]


def test_roles_and_places_after_a_bridge_are_kept_on_the_channel(tried: Callable[..., list[str]]) -> None:
    assert tried(
        r"""
	char place[40], digits[8], features[8];
	struct ast_channel *a = new_channel("a");

	SAY("%d\n", ast_channel_set_bridge_role_option(a, "agent", "mode", "x"));
	SAY("%d\n", ast_channel_add_bridge_role(a, "agent"));
	SAY("%d\n", ast_channel_set_bridge_role_option(a, "agent", "mode", "x"));
	SAY("%s\n", ast_channel_get_role_option(a, "agent", "mode"));
	SAY("[%s]\n", ast_channel_get_role_option(a, "agent", "none"));
	SAY("%d\n", ast_channel_get_role_option(a, "other", "none") == NULL);
	ast_channel_remove_bridge_role(a, "agent");
	SAY("%d %d\n", ast_channel_has_role(a, "agent"), ast_channel_add_bridge_role(a, ""));
	ast_bridge_set_after_goto(a, "default", "5", 3);
	ast_bridge_read_after_goto(a, place, sizeof(place));
	SAY("%s\n", place);
	ast_bridge_set_after_go_on(a, "default", "5", 3, NULL);
	ast_bridge_read_after_goto(a, place, sizeof(place));
	SAY("%s\n", place);
	ast_bridge_discard_after_goto(a);
	ast_bridge_read_after_goto(a, place, sizeof(place));
	SAY("[%s] %d\n", place, ast_bridge_setup_after_goto(a));
	SAY("%d\n", ast_get_builtin_feature(a, "blindxfer", digits, sizeof(digits)));
	SAY("%s %d\n", digits, ast_get_builtin_feature(a, "nix", digits, 8));
	SAY("%d\n", ast_get_builtin_feature(a, "blindxfer", digits, 1));
	SAY("%d\n", ast_bridge_features_ds_set_string(a, "th"));
	SAY("%d\n", ast_bridge_features_ds_set_string(a, "q"));
	SAY("%d\n", ast_bridge_features_ds_get_string(a, features, sizeof(features)));
	SAY("%s\n", features);
	ast_hangup(a);
	"""
    ) == [
        *("-1", "0", "0", "x", "[]", "1", "0 -1"),
        "default,5,3",
        "default,5,4",
        "[] -1",
        *("0", "# -1", "-1"),
        *("0", "-1", "0", "th"),
    ]


def test_null_and_what_is_not_a_channel_are_refused(tried: Callable[..., list[str]]) -> None:
    said = tried(
        r"""
	struct ast_bridge *bridge = new_bridge(0);
	struct ast_bridge_technology nameless = { .capabilities = 1 };

	SAY("%d %d %d\n", ast_bridge_join(NULL, NULL, NULL, NULL, NULL, 0), ast_bridge_join(bridge, NULL,
		NULL, NULL, NULL, 0),
		ast_bridge_impart(bridge, NULL, NULL, NULL, 0));
	SAY("%d %d %d %d\n", ast_bridge_depart(NULL), ast_bridge_kick(bridge, NULL), ast_bridge_remove(NULL, NULL),
		ast_bridge_move(bridge, bridge, NULL, NULL, 0));
	SAY("%d %d %d\n", ast_bridge_merge(bridge, NULL, 0, NULL, 0), ast_bridge_suspend(bridge, NULL),
		ast_bridge_destroy(NULL, 0));
	SAY("%d %d\n", ast_bridge_technology_register(&nameless), ast_bridge_technology_unregister(&nameless));
	SAY("%d %d\n", bridge_alloc(1, NULL) == NULL, ast_bridge_base_new(0, 0, NULL, NULL, NULL) == NULL);
	SAY("%d %d\n", ast_bridge_call(NULL, NULL, NULL), ast_bridge_features_init(NULL));
	SAY("%d %d\n", ast_bridge_channel_queue_frame(NULL, &ast_null_frame),
		ast_bridge_channel_queue_playfile(NULL, NULL, "x", NULL));
	SAY("%d %d %d\n", ast_can_pickup(NULL), ast_parking_register_bridge_features(NULL),
		ast_parking_provider_registered());
	SAY("%d %d\n", ast_bridge_snapshot_create(NULL) == NULL, ast_bridge_topic(NULL) == ast_bridge_topic_all());
	ast_bridge_destroy(bridge, 0);
	"""
    )
    assert [line for line in said if not line.startswith(("ERROR", "WARNING"))] == [
        "-1 -1 -1",
        "-1 -1 -1 -1",
        "-1 -1 -1",
        "-1 -1",
        "1 1",
        "-1 -1",
        "-1 -1",
        "0 -1 0",
        "1 1",
    ]


def test_a_technology_of_a_module_gets_what_the_channels_say(tried: Callable[..., list[str]]) -> None:
    assert tried(
        r"""
	struct ast_bridge *bridge;
	struct ast_channel *a = new_channel("a");
	struct ast_bridge_snapshot *snapshot;

	SAY("%d\n", ast_bridge_technology_register(&own));
	SAY("%d\n", ast_bridge_technology_register(&own));
	bridge = new_bridge(0);
	SAY("impart %d\n", ast_bridge_impart(bridge, a, NULL, NULL, 0));
	say(a, "hello", 1);
	snapshot = ast_bridge_snapshot_create(bridge);
	SAY("%s %s %u %d\n", snapshot->technology, snapshot->name, snapshot->num_channels,
		ao2_container_count(snapshot->channels));
	ao2_ref(snapshot, -1);
	ast_bridge_depart(a);
	ast_bridge_destroy(bridge, 0);
	SAY("%d\n", ast_bridge_technology_unregister(&own));
	SAY("%d\n", ast_bridge_technology_unregister(&own));
	ast_hangup(a);
	""",
        r"""
static int create(struct ast_bridge *bridge) { SAY("create %s\n", bridge->name); return 0; }
static void destroy(struct ast_bridge *bridge) { SAY("destroy %s\n", bridge->name); }
static int join(struct ast_bridge *bridge, struct ast_bridge_channel *member) { SAY("join\n"); return 0; }
static void leave(struct ast_bridge *bridge, struct ast_bridge_channel *member) { SAY("leave\n"); }
static int write_one(struct ast_bridge *bridge, struct ast_bridge_channel *member, struct ast_frame *frame)
{
	if (frame->frametype == AST_FRAME_TEXT) {
		SAY("%s says %s\n", ast_channel_name(member->chan), (char *) frame->data.ptr);
		__atomic_add_fetch(&heard_texts, 1, __ATOMIC_SEQ_CST);
	}
	return 0;
}
static struct ast_bridge_technology own = {
	.name = "own", .capabilities = AST_BRIDGE_CAPABILITY_1TO1MIX, .preference = AST_BRIDGE_PREFERENCE_BASE_1TO1MIX,
	.create = create, .destroy = destroy, .join = join, .leave = leave, .write = write_one,
};
""",
    ) == [
        *("0", "WARNING there is a bridge technology 'own' already", "-1"),
        "create talk",
        "join",
        "impart 0",
        "Told/a says hello",
        "own talk 1 1",
        "leave",
        "destroy talk",
        *("0", "-1"),
    ]
