"""Stasis (asterisk/stasis.h, stasis_message_router.h): what comes, in which order, and from many threads."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from native_support import Ask

from asterism.errors import AsterismError
from runtime.api.security_events import Who, report
from runtime.api.stasis import publish, subscriptions, topics
from runtime.cli import stasis_commands as builtin
from runtime.core.commands.clients import Transcript
from runtime.core.core import Core
from runtime.dialplan import functions
from runtime.model.emulated_channel import Channel
from runtime.modules.module_opening import open_module

KINDS = ["m", "p", "s"]
"""Subscriptions with a thread of their own, in the pool, and called where the message is published."""


@pytest.mark.parametrize("kind", KINDS)
def test_a_subscription_gets_what_it_accepts_in_order_and_its_end_last(kind: str, ask: Ask):
    assert ask("stasis", kind.encode()) == (
        "0010 11 "  # types made; the one that stasis.conf declines is none; one topic for one name
        "S 1 3 6 7 end | "
        "t/one 10 11 0 S 1 2 end | "  # a circle of forwards is refused
        "0-10 ! 2 3 4 end | "  # a second route for a type is refused
        "[9]00 111 3 0 "  # to JSON; three messages about circles and NULL, no subscription left
        "0"
    )


def hammered(send: Ask, kind: str) -> set[str]:
    """The different answers of five hammers, each of fewer messages than a queue may hold without an alert."""
    return {send("stasis-threads", f"{kind}100".encode()) for _ in range(5)}


@pytest.mark.parametrize("kind", KINDS)
def test_no_message_is_lost_doubled_or_out_of_order_while_others_come_and_go(kind: str, ask: Ask):
    assert hammered(ask, kind) == {"0 0 0 0"}


@pytest.mark.parametrize("kind", KINDS)
def test_publishing_and_subscribing_have_no_race(kind: str, raced: Ask):
    assert hammered(raced, kind) == {"0 0 0 0"}


LISTENER = """
#include "asterisk/stasis.h"

static struct stasis_topic *topic;
static int heard;

static void hear(void *data, struct stasis_subscription *sub, struct stasis_message *message)
{
	heard++;
}
static struct ast_json *to_json(struct stasis_message *message, const struct stasis_message_sanitizer *sanitize)
{
	return ast_json_pack("[s]", stasis_message_type_name(stasis_message_type(message)));
}
STASIS_MESSAGE_TYPE_DEFN_LOCAL(word_type, .to_json = to_json)

static int tell(struct ast_channel *chan, const char *cmd, char *data, char *buf, size_t len)
{
	struct stasis_message *message = stasis_message_create(word_type(), topic);
	struct ast_json *json = stasis_message_to_json(message, NULL);
	char *text = ast_json_dump_string(json);

	stasis_publish(topic, message);
	ast_copy_string(buf, S_OR(text, "-"), len);
	ast_json_free(text);
	ast_json_unref(json);
	ao2_cleanup(message);
	return 0;
}
static struct ast_custom_function function = { .name = "TELL", .read = tell };
static int unload_module(void) { return 0; }
static int load_module(void)
{
	topic = stasis_topic_create("words");
	if (STASIS_MESSAGE_TYPE_INIT(word_type)) {
		return AST_MODULE_LOAD_DECLINE;
	}
	if (!stasis_subscribe_pool(topic, hear, NULL) || !stasis_subscribe_synchronous(topic, hear, NULL)) {
		return AST_MODULE_LOAD_DECLINE;
	}
	return ast_custom_function_register(&function);
}
"""


def test_what_a_module_left_subscribed_is_ended_and_told(core: Core, opened):
    module = opened("res_listener", LISTENER, "-Wno-unused-parameter", callbacks="")
    assert module.load() == 0
    assert functions.read_function(core, Channel(), "TELL()") == '["word_type"]'
    # The library may have other topics, of tests before this one.
    own = [each.topic for each in subscriptions() if each.module == "res_listener"]
    assert (own, [topic.subscribers for topic in topics() if topic.name == "words"]) == (["words", "words"], [2])
    assert core.forget_module("res_listener") == ["function TELL"] + ["subscription to topic 'words'"] * 2
    left = [topic.subscribers for topic in topics() if topic.name == "words"]
    assert (core.forget_module("res_listener"), left) == ([], [0])


def test_the_console_shows_topics_and_who_subscribed(core: Core, opened):
    assert opened("res_listener", LISTENER, "-Wno-unused-parameter", callbacks="").load() == 0
    core.commands.register(*builtin.commands())

    def ask(line: str) -> str:
        client = Transcript()
        core.commands.run(line, client)
        return client.output + "".join(client.errors)

    # The library may have other topics, of tests before this one, and they may have had the same one.
    published = next(topic.published for topic in topics() if topic.name == "words")
    heading, *rows, count = ask("stasis show topics").splitlines()
    assert heading.split() == ["Name", "Subscribers", "Messages", "Forwarded", "to"]
    assert ["words", "2", str(published)] in [row.split() for row in rows]
    assert count.split()[0] == str(len(rows))
    told = json.loads(ask("stasis show topic words json"))
    assert (told["published"], [one["module"] for one in told["subscriptions"]]) == (published, ["res_listener"] * 2)
    assert "words" in [topic["name"] for topic in json.loads(ask("stasis show topics json"))]
    lines = ask("stasis show topic words").splitlines()
    assert lines[:5] == [
        "Name: words",
        "Detail: (none)",
        f"Messages: {published}",
        "Forwarded to: (none)",
        "Subscriptions: 2",
    ]
    assert [line.partition(", ")[2][-9:] for line in lines[5:]] == [
        "s waiting",
        "published",
    ] or "1 message waiting" in lines[5]
    assert "there is no topic 'word'" in ask("stasis show topic word")


def test_types_that_stasis_conf_declines_are_not_made(core: Core, opened, tmp_path: Path, log: list[str]):
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc" / "stasis.conf").write_text("[declined_message_types]\ndecline = word_type\n")
    assert opened("res_listener", LISTENER, "-Wno-unused-parameter", callbacks="").load() == 0
    assert functions.read_function(core, Channel(), "TELL()") == "-"
    assert log == []


PYTHON = '''
"""Hears words.

/*** MODULEINFO
    <support_level>extended</support_level>
***/
"""

from runtime.api.module import ModuleInfo
from runtime.api.stasis import publish, subscription

MODULE = ModuleInfo("Hears words")
HEARD = []


@subscription("spoken")
def hear(message):
    if message.data == "bad":
        raise ValueError("a bad word")
    HEARD.append((message.topic, message.type, message.data))


@subscription("security:all")
def watch(message):
    HEARD.append((message.topic, message.type, message.data["Service"]))


def load_module():
    publish("spoken", {"word": [1, None, "é"]}, "word_type")
    publish("spoken", "bad")
    publish("spoken", 7)
'''


def test_a_python_module_publishes_and_hears_in_order_until_it_is_unloaded(core: Core, tmp_path: Path, log: list[str]):
    (tmp_path / "res_words.py").write_text(PYTHON.strip() + "\n")
    module = open_module(tmp_path / "res_words.py")
    assert module.load() == 0
    report("SessionLimit", Who("AMI", "bob", "192.0.2.1:1", "127.0.0.1:1"))
    heard = module.code.HEARD
    assert module.unload() == 0  # what was published before is heard first
    publish("spoken", "too late")
    assert sorted(heard, key=lambda each: each[0]) == [
        ("security:all", "ast_security_event_type", "AMI"),
        ("spoken", "word_type", {"word": [1, None, "é"]}),
        ("spoken", "json", 7),
    ]
    assert [line.splitlines()[0] for line in log] == ["ERROR res_words.hear: a bad word"]
    assert core.forget_module("res_words") == []
    module.close()


def test_what_python_cannot_publish_is_refused(core: Core):
    for topic, kind in (("", "x"), ("t", "")):
        with pytest.raises(AsterismError, match="cannot publish a message on topic"):
            publish(topic, 1, kind)
    with pytest.raises(ValueError, match="NUL"):
        publish("t", "\0")
    assert "t" not in [topic.name for topic in topics()]
