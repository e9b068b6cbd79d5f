"""States of devices and people, tables, and waiting for descriptors: asterisk/devicestate.h and its neighbours."""

from __future__ import annotations

import pytest
from native_support import Ask

from runtime.api import provided_states
from runtime.cli.core import state_commands
from runtime.core.commands.clients import Transcript
from runtime.core.core import Core
from runtime.core.states import Presence

DEVICES = """
#include "asterisk/devicestate.h"
#include "asterisk/presencestate.h"
#include "asterisk/stasis.h"
static char told[200];
static enum ast_device_state lamp(const char *data)
{
	if (!strcmp(data, "kitchen")) {
		return AST_DEVICE_INUSE;
	}
	return !strcmp(data, "hall") ? AST_DEVICE_RINGING : AST_DEVICE_NOT_INUSE;
}
static enum ast_presence_state person(const char *data, char **subtype, char **message)
{
	*subtype = ast_strdup(data);
	*message = ast_strdup("back soon");
	return AST_PRESENCE_AWAY;
}
static void note(void *data, struct stasis_subscription *sub, struct stasis_message *message)
{
	if (stasis_message_type(message) == ast_device_state_message_type()) {
		struct ast_device_state_message *state = stasis_message_data(message);

		snprintf(told + strlen(told), sizeof(told) - strlen(told), "%s=%s/%d ", state->device,
			ast_devstate_str(state->state), state->eid != NULL);
	} else if (stasis_message_type(message) == ast_presence_state_message_type()) {
		struct ast_presence_state_message *state = stasis_message_data(message);

		snprintf(told + strlen(told), sizeof(told) - strlen(told), "%s=%s/%s/%s ", state->provider,
			ast_presence_state2str(state->state), state->subtype, state->message);
	}
}
static int answer(struct ast_channel *chan, const char *cmd, char *data, char *buf, size_t len)
{
	struct stasis_subscription *all = stasis_subscribe(ast_device_state_topic_all(), note, NULL);
	struct stasis_subscription *one = stasis_subscribe(ast_device_state_topic("Lamp:hall"), note, NULL);
	struct stasis_subscription *people = stasis_subscribe(ast_presence_state_topic_all(), note, NULL);

	told[0] = '\\0';
	ast_devstate_changed(AST_DEVICE_UNKNOWN, AST_DEVSTATE_CACHABLE, "Lamp:%s", "kitchen");
	ast_publish_device_state_full("Lamp:cellar", AST_DEVICE_ONHOLD, AST_DEVSTATE_NOT_CACHABLE, NULL);
	stasis_unsubscribe_and_join(all);
	ast_devstate_changed_literal(AST_DEVICE_BUSY, AST_DEVSTATE_CACHABLE, "Lamp:hall");
	stasis_unsubscribe_and_join(one);
	ast_presence_state_changed(AST_PRESENCE_NOT_SET, NULL, NULL, "Person:%s", "ann");
	ast_presence_state_changed_literal(AST_PRESENCE_XA, "x", NULL, "Person:bob");
	stasis_unsubscribe_and_join(people);
	snprintf(buf, len, "%s| %s %s %s %s %s", told, ast_devstate_str(ast_device_state("Lamp:kitchen")),
		ast_devstate_str(ast_device_state("Lamp:kitchen&Lamp:hall")), ast_devstate2str(ast_device_state("Nix:1")),
		ast_devstate_str(ast_device_state("SIP/1")), ast_devstate_str(ast_device_state(NULL)));
	return 0;
}
static struct ast_custom_function states = { .name = "STATES", .read = answer };
static int unload_module(void) { return ast_custom_function_unregister(&states); }
static int load_module(void)
{
	if (ast_devstate_prov_add("Lamp", lamp) || !ast_devstate_prov_add("lamp", lamp)
		|| ast_presence_state_prov_add("Person", person) || !ast_devstate_prov_del("nix")
		|| !ast_devstate_prov_add(NULL, lamp) || !ast_devstate_prov_add("x", NULL)) {
		return AST_MODULE_LOAD_DECLINE;
	}
	return ast_custom_function_register(&states);
}
"""


def test_states_are_told_by_providers_published_and_forgotten_with_their_module(core: Core, opened, log: list[str]):
    module = opened("res_lamps", DEVICES, "-Wno-unused-parameter", callbacks="")
    assert module.load() == 0
    assert core.states.extension("Lamp:kitchen&Lamp:hall") == (9, "InUse&Ringing")
    assert core.states.extension("Nix:1") == (4, "Unavailable")
    assert core.states.presence("Person:ann") == Presence("away", "ann", "back soon")
    assert core.functions.find("STATES").read(None, "") == (
        "Lamp:kitchen=INUSE/1 Lamp:kitchen=INUSE/0 Lamp:cellar=ONHOLD/0 Lamp:hall=BUSY/1 Lamp:hall=BUSY/0 "
        "Person:ann=away/ann/back soon Person:bob=xa/x/ "
        "| INUSE BUSY Invalid INVALID INVALID"
    )
    assert module.unload() == 0
    core.forget_module("res_lamps")
    module.close()
    left = "module res_lamps left its {} registered; it has been removed"
    assert log == [
        "WARNING there is a device state provider 'lamp' already",
        *(
            f"WARNING {left.format(what)}"
            for what in ("presence state provider 'Person'", "device state provider 'Lamp'")
        ),
    ]


NUMBERS = """
#include "asterisk/devicestate.h"
static enum ast_device_state of_number(const char *data) { return (enum ast_device_state) atoi(data); }
static int unload_module(void) { return ast_devstate_prov_del("State"); }
static int load_module(void) { return ast_devstate_prov_add("State", of_number); }
"""


def test_each_state_of_a_device_gives_an_extension_a_state(core: Core, opened):
    module = opened("res_numbers", NUMBERS, callbacks="")
    assert module.load() == 0
    assert [core.states.extension(f"State:{number}") for number in range(9)] == [
        (0, "Idle"),  # unknown
        (0, "Idle"),  # not in use
        (1, "InUse"),
        (2, "Busy"),
        (4, "Unavailable"),  # no such device
        (4, "Unavailable"),
        (8, "Ringing"),
        (9, "InUse&Ringing"),
        (16, "Hold"),
    ]
    assert module.unload() == 0


TECHNOLOGY = """
#include "asterisk/channel.h"
static int say(struct ast_channel *chan, const char *text) { return !chan || !text; }
static int state_of(const char *number) { return !number; }
static struct ast_channel_tech tech = {
	.type = "Lamp", .description = "Lamps", .send_text = say, .devicestate = state_of
};
static int unload_module(void) { return 0; }
static int load_module(void) { return ast_channel_register(&tech); }
"""


def test_technologies_are_listed_with_what_their_callbacks_can_do(core: Core, opened):
    module = opened("chan_lamp", TECHNOLOGY, callbacks="")
    assert module.load() == 0
    lamp = provided_states.ChannelType("Lamp", "Lamps", frozenset({"devicestate", "text"}), "(nothing)")
    assert provided_states.channel_types() == [lamp]
    core.commands.register(*state_commands.commands(core))
    client = Transcript()
    assert core.commands.run("core show channeltype lamp", client).ok
    assert client.output.splitlines()[:2] == ["-- Info about channel driver: Lamp --", "  Device State: yes"]
    module.unload()
    core.forget_module("chan_lamp")
    module.close()
    assert provided_states.channel_types() == []


def test_a_table_finds_removes_and_grows(ask: Ask):
    assert (
        ask("hashtab", b"") == "1000 of 1000, one 7, again 0, gone 7 none, sum 499493, copy 999 of 999, destroyed 1998"
    )


def test_several_descriptors_are_waited_for_and_callbacks_may_remove_each_other(ask: Ask):
    assert ask("io", b"") == "none 0, both 2: first, again 1: second, then 0, unknown -1 NULL"


@pytest.mark.parametrize(
    ("sense", "lines", "expected"),
    [
        ("permit", "192.0.2.7/24", "!192.0.2.0/24 0 11 11 00 00 00"),
        ("permit", "192.0.2.0/255.255.255.0, !192.0.2.7", "!192.0.2.0/24,192.0.2.7/32 0 00 11 00 00 00"),
        ("permit", "2001:db8::/32", "!2001:db8::/32 0 00 00 11 00 00"),
        ("permit", "::ffff:192.0.2.7", "!192.0.2.7/32 0 11 00 00 00 00"),
        ("permit", "192.0.2.7:5060", " 1 00 00 00 00 00"),
        ("permit", "192.0.2.0/33", " 1 00 00 00 00 00"),
        ("permit", "192.0.2.0/::1", " 1 00 00 00 00 00"),
        ("permit", "", " 1 00 00 00 00 00"),
        ("permit", "192.0.2.0/255.0.255.0", "!192.0.2.0/255.0.255.0 0 11 11 00 00 00"),
    ],
)
def test_the_last_line_that_fits_an_address_counts(sense: str, lines: str, expected: str, ask: Ask):
    asked = [sense, lines, "192.0.2.7:99", "::ffff:192.0.2.8", "[2001:db8::1]:5060", "198.51.100.1"]
    assert ask("acl", "\n".join(asked).encode()) == expected


def test_an_unknown_list_denies_every_address(ask: Ask):
    assert ask("acl", b"acl\nnix,other\n192.0.2.7") == " 1 00 01"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("ef", "0 184 EF -1 0"),
        ("0x10", "0 16 unknown -1 0"),
        ("7", "0 7 unknown 0 7"),
        ("256", "-1 0 CS0 -1 0"),
        ("", "-1 0 CS0 -1 0"),
        ("nix", "-1 0 CS0 -1 0"),
    ],
)
def test_a_type_of_service_is_a_name_or_a_number(given: str, expected: str, ask: Ask):
    assert ask("tos", given.encode()) == expected


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("src", "100 100 -1 none"),
        ("START", "none 0.000005 -1 none"),
        ("duration", "61 61 -1 none"),
        ("disposition", "ANSWERED 8 -1 none"),
        ("sequence", "7 7 -1 none"),
        ("own", "mine mine -1 none"),
        ("answer", "none 0.000000 4 ANSWER"),
        ("nix", "none none -1 none"),
    ],
)
def test_a_field_of_a_record_is_shown(field: str, expected: str, ask: Ask):
    assert ask("cdr", field.encode()) == expected


BACKENDS = """
#include "asterisk/cdr.h"
#include "asterisk/cel.h"
static int store(struct ast_cdr *cdr) { return 0; }
static void note(struct ast_event *event) { }
static int unload_module(void) { return ast_cdr_unregister("mine") || ast_cel_backend_unregister("mine"); }
static int load_module(void)
{
	return ast_cdr_register("mine", "My records", store) || !ast_cdr_register("Mine", "Again", store)
		|| ast_cdr_backend_suspend("mine") || ast_cdr_backend_unsuspend("mine") || !ast_cdr_backend_suspend("nix")
		|| ast_cdr_modifier_register("left", "", store) || ast_cel_backend_register("mine", note)
		|| !ast_cel_backend_register("mine", note) || ast_cdr_is_enabled() || ast_cel_check_enabled();
}
"""


def test_back_ends_are_registered_once_and_those_that_are_left_go(core: Core, opened, log: list[str]):
    module = opened("cdr_mine", BACKENDS, "-Wno-unused-parameter", callbacks="")
    assert (module.load(), module.unload()) == (0, 0)
    core.forget_module("cdr_mine")
    module.close()
    assert log == [
        "WARNING there is a CDR back end 'Mine' already",
        "WARNING there is a CEL back end 'mine' already",
        "WARNING module cdr_mine left its CDR modifier 'left' registered; it has been removed",
    ]
