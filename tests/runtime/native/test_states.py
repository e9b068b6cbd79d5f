"""States of devices and people, tables, and waiting for descriptors: asterisk/devicestate.h and its neighbours."""

from __future__ import annotations

from native_support import Ask

from runtime.core.core import Core

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
    assert core.functions.find("STATES").read(None, "") == (
        "Lamp:kitchen=INUSE/1 Lamp:cellar=ONHOLD/0 Lamp:hall=BUSY/1 Person:ann=away/ann/back soon Person:bob=xa/x/ "
        "| INUSE RINGINUSE Invalid INVALID INVALID"
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


def test_a_table_finds_removes_and_grows(ask: Ask):
    assert (
        ask("hashtab", b"") == "1000 of 1000, one 7, again 0, gone 7 none, sum 499493, copy 999 of 999, destroyed 1998"
    )


def test_several_descriptors_are_waited_for_and_callbacks_may_remove_each_other(ask: Ask):
    assert ask("io", b"") == "none 0, both 2: first, again 1: second, then 0, unknown -1 NULL"
