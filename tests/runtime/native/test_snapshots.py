"""Snapshots of channels, endpoints and mailboxes, and messages about them, as C modules make and hear them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from native_support import Ask, Try

HEADERS = (
    *("stasis_channels", "stasis_endpoints", "stasis_system", "mwi", "devicestate", "presencestate", "manager"),
    "format_cache",
)
HEARD = r"""
static void hear(void *data, struct stasis_subscription *sub, struct stasis_message *message)
{
	struct ast_json *json = stasis_message_to_json(message, NULL);
	struct ast_manager_event_blob *event = stasis_message_to_ami(message);

	if (stasis_subscription_final_message(sub, message) ||
		stasis_message_type(message) == stasis_subscription_change_type()) {
		return;
	}
	if (json) {
		ast_json_object_del(json, "timestamp");
		ast_json_object_del(ast_json_object_get(json, "channel"), "creationtime");
		ast_json_object_del(ast_json_object_get(json, "channel"), "id");
	}
	SAY("%s %s%s\n", stasis_message_type_name(stasis_message_type(message)),
		json ? ast_json_dump_string_format(json, AST_JSON_SORTED) : "", event ? event->manager_event : "");
	ast_json_unref(json);
	ao2_cleanup(event);
}
"""


@pytest.fixture
def tried(tried_application: Try) -> Callable[..., list[str]]:
    """Runs the body of an application with a callback ``hear``, and gives what it said."""

    def run(body: str) -> list[str]:
        return tried_application(HEADERS, body, HEARD)

    return run


def test_a_snapshot_is_what_a_channel_was(tried) -> None:
    assert tried(r"""
	struct ast_channel *made = ast_channel_alloc(0, AST_STATE_RING, "100", "Ann", "acct", "s", "default", NULL, NULL, 0,
		"Snap/1");
	struct ast_channel_snapshot *one = ast_channel_snapshot_create(made), *later;
	struct ao2_container *all = ast_channel_cache_all(), *named = ast_channel_cache_by_name();
	struct ast_str *lines;

	ast_channel_unlock(made);
	ast_channel_priority_set(made, 7);
	later = ast_channel_snapshot_get_latest(ast_channel_uniqueid(made));
	SAY("%s %s %s %d %d\n", one->base->name, one->caller->number, one->caller->name, (int) one->state,
		one->dialplan->priority);
	SAY("%d %d %d\n", later->dialplan->priority, ast_channel_snapshot_cep_equal(one, later),
		ast_channel_snapshot_caller_id_equal(one, later));
	SAY("%d %d\n", ao2_container_count(all), ao2_container_count(named));
	ao2_cleanup(ao2_find(named, "Snap/1", OBJ_SEARCH_KEY));
	SAY("%d\n", ast_channel_snapshot_get_latest("nothing") || ast_channel_snapshot_create(NULL));
	lines = ast_manager_build_channel_state_string_prefix(one, "X");
	SAY("%.28s\n", strchr(ast_str_buffer(lines), 10) + 1);
	ast_free(lines);
	ao2_cleanup(all);
	ao2_cleanup(named);
	ast_hangup(made);
	SAY("%d %s\n", ast_channel_snapshot_get_latest_by_name("Snap/1") == NULL, one->base->accountcode);
	ao2_cleanup(one);
	ao2_cleanup(later);
""") == [
        "Snap/1 100 Ann 4 1",
        "7 0 1",
        "1 1",
        "ERROR ast_channel_snapshot_create: the channel is NULL",
        "0",
        "XChannelState: 4\r\nXChannelSt",
        "1 acct",
    ]


def test_snapshots_are_published_unless_they_are_held_back(tried) -> None:
    assert tried(r"""
	struct stasis_subscription *sub = stasis_subscribe_synchronous(ast_channel_topic_all(), hear, NULL);
	struct ast_channel *made = ast_channel_alloc(0, AST_STATE_RING, "", "", "", "", "", NULL, NULL, 0, "Snap/1");

	ast_channel_unlock(made);
	SAY("created\n");
	ast_channel_stage_snapshot(made);
	ast_setstate(made, AST_STATE_UP);
	ast_set_callerid(made, "5", NULL, NULL);
	SAY("held back\n");
	ast_channel_stage_snapshot_done(made);
	SAY("%d\n", ast_channel_snapshot(made)->state == AST_STATE_UP);
	ast_hangup(made);
	stasis_unsubscribe_and_join(sub);
	ast_channel_publish_snapshot(NULL);
""") == [
        "ast_channel_snapshot_type ",
        "created",
        "held back",
        "ast_channel_snapshot_type ",
        "1",
        "ast_channel_snapshot_type ",
        "ERROR ast_channel_flags: the channel is NULL",
    ]


def test_events_of_a_channel_become_json_and_events_of_the_manager(tried) -> None:
    channel = (
        '"accountcode":"","caller":{"name":"","number":""},"connected":{"name":"","number":""},'
        '"dialplan":{"app_data":"","app_name":"","context":"default","exten":"s","priority":1},"language":"en",'
        '"name":"Snap/1","protocol_id":"","state":"Ring"'
    )
    assert tried(r"""
	struct ast_channel *made = ast_channel_alloc(0, AST_STATE_RING, "", "", "", "s", "default", NULL, NULL, 0,
		"Snap/1");
	struct stasis_subscription *sub = stasis_subscribe_synchronous(ast_channel_topic_all(), hear, NULL);
	struct ast_json *json = ast_json_pack("{s: s, s: s}", "direction", "Received", "digit", "5");
	struct ast_json *user = ast_json_pack("{s: s, s: s}", "eventname", "Mine", "Key", "value");

	ast_channel_unlock(made);
	ast_channel_publish_varset(made, "A", "b\nc");
	ast_channel_publish_varset(NULL, "G", "");
	ast_channel_publish_blob(made, ast_channel_dtmf_end_type(), json);
	ast_channel_publish_cached_blob(made, ast_channel_talking_start(), NULL);
	ast_channel_publish_blob(made, ast_channel_masquerade_type(), json);
	ast_multi_object_blob_single_channel_publish(made, ast_multi_user_event_type(), user);
	ast_json_unref(json);
	ast_json_unref(user);
	stasis_unsubscribe_and_join(sub);
	ast_hangup(made);
""") == [
        f'ast_channel_varset_type {{"channel":{{{channel}}},"type":"ChannelVarset","value":"b\\nc",'
        '"variable":"A"}VarSet',
        'ast_channel_varset_type {"type":"ChannelVarset","value":"","variable":"G"}VarSet',
        f'ast_channel_dtmf_end_type {{"channel":{{{channel}}},"digit":"5","direction":"Received",'
        '"type":"ChannelDtmfReceived"}',
        f'ast_channel_talking_start {{"channel":{{{channel}}},"type":"ChannelTalkingStarted"}}ChannelTalkingStart',
        "ast_channel_masquerade_type ",
        f'ast_multi_user_event_type {{"channel":{{{channel}}},"eventname":"Mine","type":"ChannelUserevent",'
        '"userevent":{"Key":"value","eventname":"Mine"}}UserEvent',
    ]


def test_a_dial_is_told_with_both_channels(tried) -> None:
    assert tried(r"""
	struct ast_channel *caller = ast_channel_alloc(0, 0, "", "", "", "", "", NULL, NULL, 0, "Snap/caller");
	struct ast_channel *peer = ast_channel_alloc(0, 0, "", "", "", "", "", NULL, NULL, 0, "Snap/peer");
	struct ast_json *json = ast_json_pack("{s: s}", "a", "b");
	struct ast_multi_channel_blob *multi = ast_multi_channel_blob_create(json);
	struct ao2_container *found;

	ast_channel_unlock(caller);
	ast_channel_unlock(peer);
	ast_multi_channel_blob_add_channel(multi, "Caller", ast_channel_snapshot_create(caller));
	ast_multi_channel_blob_add_channel(multi, "Peer", ast_channel_snapshot_create(peer));
	ast_multi_channel_blob_add_channel(multi, "Peer", ast_channel_snapshot_create(caller));
	ast_multi_channel_blob_add_channel(NULL, "Peer", ast_channel_snapshot_create(caller));
	found = ast_multi_channel_blob_get_channels(multi, "peer");
	SAY("%d %s %d\n", ao2_container_count(found), ast_multi_channel_blob_get_channel(multi, "caller")->base->name,
		ast_multi_channel_blob_get_channel(multi, "nobody") == NULL);
	ao2_cleanup(found);
	ao2_cleanup(multi);
	ast_json_unref(json);
	SAY("%d\n", ast_multi_channel_blob_create(NULL) == NULL);
	ast_channel_publish_dial(caller, peer, "peer", "ANSWER");
	ast_channel_publish_dial(NULL, NULL, NULL, NULL);
	ast_hangup(caller);
	ast_hangup(peer);
""") == ["2 Snap/caller 1", "1"]


def test_snapshots_have_the_variables_that_are_asked_for(tried) -> None:
    assert tried(r"""
	char *names[] = { "COLOUR", "" };
	struct ast_channel_snapshot *one;
	struct ast_json *json;

	pbx_builtin_setvar_helper(chan, "COLOUR", "red");
	ast_channel_set_ari_vars(2, names);
	one = ast_channel_snapshot_create(chan);
	json = ast_channel_snapshot_to_json(one, NULL);
	SAY("%s %d %d\n", ast_json_dump_string_format(ast_json_object_get(json, "channelvars"), AST_JSON_SORTED),
		ast_channel_has_ari_vars(), ast_channel_has_manager_vars());
	ast_channel_set_ari_vars(0, NULL);
	ast_json_unref(json);
	ao2_cleanup(one);
""") == ['{"COLOUR":"red"} 1 0']


def test_an_endpoint_tells_of_its_state_and_its_channels(tried) -> None:
    assert tried(r"""
	struct ast_endpoint *one = ast_endpoint_create("Tech", "ann"), *found;
	struct ast_channel *made = ast_channel_alloc(0, 0, "", "", "", "", "", NULL, NULL, 0, "Snap/1");
	struct ast_endpoint_snapshot *last;
	struct ast_json *json;

	ast_channel_unlock(made);
	ast_endpoint_set_state(one, AST_ENDPOINT_ONLINE);
	ast_endpoint_add_channel(one, made);
	found = ast_endpoint_find_by_id("Tech/ann");
	SAY("%d %s %s %s\n", found == one, ast_endpoint_get_id(one), ast_endpoint_get_tech(one),
		ast_endpoint_state_to_string(ast_endpoint_get_state(one)));
	ao2_cleanup(found);
	last = ast_endpoint_snapshot_create(one);
	json = ast_endpoint_snapshot_to_json(last, NULL);
	SAY("%d %s\n", last->num_channels, ast_json_string_get(ast_json_object_get(json, "state")));
	ast_json_unref(json);
	ao2_cleanup(last);
	ast_hangup(made);
	last = ast_endpoint_snapshot_create(one);
	SAY("%d\n", last->num_channels);
	ao2_cleanup(last);
	ast_endpoint_shutdown(one);
	SAY("%d\n", ast_endpoint_find_by_id("Tech/ann") == NULL);
	SAY("%d%d\n", ast_endpoint_create("Tech", "") == NULL, ast_endpoint_add_channel(NULL, chan));
""") == [
        "1 Tech/ann Tech online",
        "1 online",
        "0",
        "1",
        "ERROR an endpoint needs a technology and a resource",
        "1-1",
    ]


def test_states_of_an_endpoint_are_told_to_the_manager(tried) -> None:
    assert tried(r"""
	struct ast_endpoint *one = ast_endpoint_create("Tech", "bob");
	struct stasis_subscription *sub = stasis_subscribe_synchronous(ast_endpoint_topic(one), hear, NULL);
	struct ast_json *json = ast_json_pack("{s: s}", "peer_status", "Registered");

	ast_endpoint_blob_publish(one, ast_endpoint_state_type(), json);
	ast_json_unref(json);
	stasis_unsubscribe_and_join(sub);
	sub = stasis_subscribe_synchronous(ast_system_topic(), hear, NULL);
	ast_system_publish_registry("Tech", "bob", "example.org", "Registered", NULL);
	stasis_unsubscribe_and_join(sub);
	ast_endpoint_shutdown(one);
""") == [
        'ast_endpoint_state_type {"endpoint":{"channel_ids":[],"resource":"bob","state":"unknown","technology":"Tech"},'
        '"peer":{"peer_status":"Registered"},"type":"PeerStatusChange"}PeerStatus',
        "ast_system_registry_type Registry",
    ]


def test_a_mailbox_has_subscribers_publishers_and_observers(tried) -> None:
    assert tried(r"""
	struct ast_mwi_observer observer = { .on_unsubscribe = NULL };
	struct ast_mwi_subscriber *sub = ast_mwi_add_subscriber("1@default"), *pooled = ast_mwi_subscribe_pool("2",
		stasis_subscription_cb_noop, NULL);
	struct ast_mwi_publisher *publisher = ast_mwi_add_publisher("1@default");
	struct ast_mwi_state *state = ast_mwi_subscriber_data(sub);

	SAY("%s %d\n", state->uniqueid, state->new_msgs);
	ao2_cleanup(state);
	SAY("%d %d\n", ast_mwi_publish(publisher, 1, 2, 3, NULL, NULL), ast_mwi_publish(NULL, 0, 0, 0, NULL, NULL));
	SAY("%d%d\n", ast_mwi_add_observer(&observer), ast_mwi_add_observer(NULL));
	ast_mwi_remove_observer(&observer);
	SAY("%d %d\n", ast_mwi_subscriber_subscription(sub) == NULL, ast_mwi_subscriber_subscription(pooled) != NULL);
	SAY("%d %d\n", ast_publish_mwi_state("", "", 1, 1), ast_delete_mwi_state("nobody", "default"));
	ao2_cleanup(publisher);
	ast_mwi_unsubscribe(sub);
	ast_mwi_unsubscribe_and_join(pooled);
	ast_mwi_unsubscribe(NULL);
""") == ["1@default 0", "0 -1", "0-1", "1 1", "-1 0"]


def test_caches_keep_the_states_of_mailboxes_devices_and_presence(tried) -> None:
    assert tried(r"""
	struct stasis_message *kept;
	struct ast_mwi_state *state;

	ast_mwi_state_cache();
	ast_device_state_cache();
	ast_presence_state_cache();
	ast_publish_mwi_state("7", "default", 3, 4);
	ast_devstate_changed(AST_DEVICE_INUSE, AST_DEVSTATE_NOT_CACHABLE, "Custom:b");
	kept = stasis_cache_get(ast_mwi_state_cache(), ast_mwi_state_type(), "7@default");
	state = stasis_message_data(kept);
	SAY("%d %d\n", state->new_msgs, state->old_msgs);
	ao2_cleanup(kept);
	SAY("%d\n", stasis_cache_get(ast_device_state_cache(), ast_device_state_message_type(), "Custom:b") == NULL);
""") == ["3 4", "1"]


CACHED = (
    HEARD
    + r"""
static void show(const char *device)
{
	struct stasis_message *all = stasis_cache_get_by_eid(ast_device_state_cache(), ast_device_state_message_type(),
		device, NULL);
	struct ast_device_state_message *told = stasis_message_data(all);

	SAY("%s\n", told ? ast_devstate_str(told->state) : "none");
	ao2_cleanup(all);
}
"""
)


def test_the_cache_sums_up_what_machines_say_of_a_device(tried_application: Try) -> None:
    assert tried_application(
        HEADERS,
        r"""
	struct ast_eid other;

	memset(&other, 0xff, sizeof(other));
	ast_device_state_cache();
	ast_devstate_changed(AST_DEVICE_NOT_INUSE, AST_DEVSTATE_CACHABLE, "Custom:a");
	show("Custom:a");
	ast_publish_device_state_full("Custom:a", AST_DEVICE_INUSE, AST_DEVSTATE_CACHABLE, &other);
	show("Custom:a");
	ast_devstate_changed(AST_DEVICE_RINGING, AST_DEVSTATE_CACHABLE, "Custom:a");
	show("Custom:a");
	SAY("%d %d\n", ast_device_state_clear_cache("Custom:a"), ast_device_state_clear_cache("Custom:none"));
	show("Custom:none");
""",
        CACHED,
    ) == ["NOT_INUSE", "INUSE", "RINGINUSE", "0 -1", "none"]


def test_snapshots_are_whole_while_eight_threads_change_the_channel(ask: Ask, raced: Ask) -> None:
    assert (ask("snapshot-threads", b""), raced("snapshot-threads", b"")) == ("1", "1")


def test_what_is_not_a_channel_has_no_snapshot(ask: Ask) -> None:
    assert ask("snapshot-mistakes", b"ann") == "1111-1 -1 6"
