"""``stasis show topics|topic``: the topics of messages, and who subscribed."""

from __future__ import annotations

import json

from asterism.errors import AsterismError, Fault
from asterism.names import did_you_mean
from asterism.values import asdict
from runtime.api.stasis import SubscriptionState, TopicState, subscriptions, topics
from runtime.commands import SHOWUSAGE, Call, Command, Completing, Outcome


def commands() -> tuple[Command, ...]:
    """The commands."""
    return (
        Command("stasis show topics [json]", _show, "Show all topics", _TOPICS),
        Command("stasis show topic", _show_one, "Show a topic and its subscriptions", _TOPIC, _names),
    )


def _names(asked: Completing) -> list[str]:
    return [topic.name for topic in topics()] if asked.position == 3 else ["json"]


def _show(call: Call) -> Outcome | None:
    if call.args:
        return SHOWUSAGE
    found = topics()
    if call.words[-1].lower() == "json":
        call.line_out(json.dumps([asdict(topic) for topic in found], indent=2))
        return None
    width = max([len("Name"), *(len(topic.name) for topic in found)])
    call.line_out(f"{'Name':<{width}} {'Subscribers':>11} {'Messages':>10}  Forwarded to")
    for topic in found:
        line = f"{topic.name:<{width}} {topic.subscribers:>11} {topic.published:>10}  {', '.join(topic.targets)}"
        call.line_out(line.rstrip())
    call.line_out(f"{len(found)} topic{'s' * (len(found) != 1)}")
    return None


def _found(name: str) -> TopicState:
    found = topics()
    for topic in found:
        if topic.name == name:
            return topic
    cure = did_you_mean(name, [topic.name for topic in found]) or "'stasis show topics' lists those that are"
    raise AsterismError(Fault(f"there is no topic '{name}'", cure=cure, code="unknown-topic"))


def _show_one(call: Call) -> Outcome | None:
    as_json = [word.lower() for word in call.args[1:]] == ["json"]
    if len(call.args) != 1 + as_json:
        return SHOWUSAGE
    topic = _found(call.args[0])
    subscribed = [one for one in subscriptions() if one.topic == topic.name]
    if as_json:
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
    return f"{one.uniqueid}, {one.waiting} message{'s' * (one.waiting != 1)} waiting"


_TOPICS = """\
Usage: stasis show topics [json]
       Lists the topics of messages: how many subscriptions each has, how many messages
       were published on it, and the topics it is forwarded to. 'json' gives the same to
       programs.
"""
_TOPIC = """\
Usage: stasis show topic NAME [json]
       Shows a topic with its subscriptions: the module that subscribed, and how many
       messages wait for it.
"""
