"""``stasis show topics|topic``: message topics and their subscribers."""

from __future__ import annotations

import json

from asterism.errors import Fault
from asterism.names import did_you_mean
from asterism.values import asdict
from asterism.words import counted
from runtime.api.stasis import SubscriptionState, subscriptions, topics
from runtime.core.commands.command import Command, CommandCall, Outcome, declare, failure


def commands() -> tuple[Command, ...]:
    """The commands."""
    return (
        declare("stasis show topics [json]", _show, "Show all topics", _TOPICS),
        declare("stasis show topic <topic> [json]", _show_one, "Show a topic and its subscriptions", _TOPIC),
    )


def _show(call: CommandCall) -> Outcome | None:
    found = topics()
    if call.has("json"):
        call.line_out(json.dumps([asdict(topic) for topic in found], indent=2))
        return None
    width = max([len("Name"), *(len(topic.name) for topic in found)])
    call.line_out(f"{'Name':<{width}} {'Subscribers':>11} {'Messages':>10}  Forwarded to")
    for topic in found:
        line = f"{topic.name:<{width}} {topic.subscribers:>11} {topic.published:>10}  {', '.join(topic.targets)}"
        call.line_out(line.rstrip())
    call.line_out(counted(len(found), "topic"))
    return None


def _unknown(call: CommandCall, name: str) -> Outcome:
    call.line_out(f"Specified topic '{name}' does not exist")
    cure = did_you_mean(name, [topic.name for topic in topics()]) or "'stasis show topics' lists those that are"
    return failure(Fault(f"there is no topic '{name}'", cure=cure, code="unknown-topic"))


def _show_one(call: CommandCall) -> Outcome | None:
    name = call.value("topic")
    topic = next((one for one in topics() if one.name == name), None)
    if topic is None:
        return _unknown(call, name)
    subscribed = [one for one in subscriptions() if one.topic == topic.name]
    if call.has("json"):
        call.line_out(json.dumps({**asdict(topic), "subscriptions": [asdict(one) for one in subscribed]}, indent=2))
        return None
    call.line_out(f"Name: {topic.name}")
    call.line_out(f"Detail: {topic.detail or '(none)'}")
    call.line_out(f"Messages: {topic.published}")
    call.line_out(f"Forwarded to: {', '.join(topic.targets) or '(none)'}")
    call.line_out(f"Subscriptions: {len(subscribed)}")
    for one in subscribed:
        call.line_out(f"  {one.module}: {_told(one)}")
    return None


def _told(one: SubscriptionState) -> str:
    if one.waiting is None:
        return f"{one.uniqueid}, called where a message is published"
    return f"{one.uniqueid}, {counted(one.waiting, 'message')} waiting"


_TOPICS = """\
Lists the topics of messages: how many subscriptions each has, how many messages
were published on it, and the topics it is forwarded to. 'json' gives the same to
programs.
"""
_TOPIC = """\
Shows a topic with its subscriptions: the module that subscribed, and how many
messages wait for it.
"""
