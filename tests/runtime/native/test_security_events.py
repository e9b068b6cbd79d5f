"""Security events (asterisk/security_events.h): what is reported, by C modules and by the core, comes as JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from asterism.errors import AsterismError
from runtime.api.security_events import DETAILS, Transport, Who, report
from runtime.core.core import Core
from runtime.dialplan import functions
from runtime.model.emulated_channel import Channel

LISTENER = """
#include "asterisk/security_events.h"
#include "asterisk/stasis.h"

static struct stasis_subscription *sub;
static char *last;

static void hear(void *data, struct stasis_subscription *self, struct stasis_message *message)
{
	struct ast_json_payload *payload = stasis_message_data(message);

	if (stasis_message_type(message) == ast_security_event_type()) {
		ast_free(last);
		last = ast_json_dump_string(payload->json);
	}
}
static int tell(struct ast_channel *chan, const char *cmd, char *data, char *buf, size_t len)
{
	ast_copy_string(buf, S_OR(last, "-"), len);
	ast_free(last);
	last = NULL;
	return 0;
}
/* Reports a kind, all of whose fields are there. */
static int make(struct ast_channel *chan, const char *cmd, char *data, char *buf, size_t len)
{
	static const uint32_t versions[] = { 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 1, 2, 1, 1 };
	struct ast_sockaddr address;
	struct timeval began = { 1700000000, 0 };
	union {
		struct ast_security_event_common common;
		struct ast_security_event_chal_resp_failed texts;
		struct ast_security_event_successful_auth number;
		struct ast_security_event_unexpected_addr address;
	} event = { .texts = { .challenge = "1", .response = "2", .expected_response = "3" } };

	ast_sockaddr_parse(&address, "[2001:db8::1]:5060", 0);
	event.common = (struct ast_security_event_common) {
		.event_type = atoi(data), .version = versions[atoi(data) % 15], .service = "TEST", .module = AST_MODULE,
		.account_id = "bob", .session_id = "s1", .session_tv = &began,
		.local_addr = { &address, AST_TRANSPORT_UDP }, .remote_addr = { &address, AST_TRANSPORT_TLS },
	};
	if (event.common.event_type == AST_SECURITY_EVENT_SUCCESSFUL_AUTH) {
		event.number.using_password = 1;
	} else if (event.common.event_type == AST_SECURITY_EVENT_UNEXPECTED_ADDR) {
		event.address.expected_addr = event.common.local_addr;
	}
	if (strchr(data, 'v')) {
		event.common.version = 7;
	} else if (strchr(data, 's')) {
		event.common.service = NULL;
	}
	snprintf(buf, len, "%d", ast_security_event_report(AST_SEC_EVT(&event)));
	return 0;
}
static struct ast_custom_function functions[] = { { .name = "LAST", .read = tell }, { .name = "MAKE", .read = make } };
static int unload_module(void)
{
	sub = stasis_unsubscribe_and_join(sub);
	ast_free(last);
	return 0;
}
static int load_module(void)
{
	sub = stasis_subscribe_synchronous(ast_security_topic(), hear, NULL);
	return ast_custom_function_register(&functions[0]) || ast_custom_function_register(&functions[1]);
}
"""


@pytest.fixture
def ask(core: Core, opened) -> Any:
    module = opened("res_hear", LISTENER, "-Wno-unused-parameter", callbacks="")
    assert module.load() == 0
    yield lambda call: functions.read_function(core, Channel(), call)
    assert module.unload() == 0


MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[-+]\d{4}")


def event(text: str) -> dict[str, Any]:
    """An event without its times, which are checked for their form."""
    heard: dict[str, Any] = json.loads(text)
    times = [heard.pop(name) for name in ("EventTV", "SessionTV") if name in heard]
    assert all(MOMENT.fullmatch(time) for time in times)
    return heard


BASE = {
    "Service": "TEST",
    "AccountID": "bob",
    "SessionID": "s1",
    "LocalAddress": "IPV6/UDP/2001:db8::1/5060",
    "RemoteAddress": "IPV6/TLS/2001:db8::1/5060",
    "Module": "res_hear",
}
KINDS: list[tuple[str, str, str, dict[str, str]]] = [
    ("FailedACL", "Error", "1", {"ACLName": "1"}),
    ("InvalidAccountID", "Error", "1", {}),
    ("SessionLimit", "Error", "1", {}),
    ("MemoryLimit", "Error", "1", {}),
    ("LoadAverageLimit", "Error", "1", {}),
    ("RequestNotSupported", "Error", "1", {"RequestType": "1"}),
    ("RequestNotAllowed", "Error", "1", {"RequestType": "1", "RequestParams": "2"}),
    ("AuthMethodNotAllowed", "Error", "1", {"AuthMethod": "1"}),
    ("RequestBadFormat", "Error", "1", {"RequestType": "1", "RequestParams": "2"}),
    ("SuccessfulAuth", "Informational", "1", {"UsingPassword": "1"}),
    ("UnexpectedAddress", "Error", "2", {"ExpectedAddress": "IPV6/UDP/2001:db8::1/5060"}),
    ("ChallengeResponseFailed", "Error", "1", {"Challenge": "1", "Response": "2", "ExpectedResponse": "3"}),
    ("InvalidPassword", "Error", "2", {"Challenge": "1", "ReceivedChallenge": "2", "ReceivedHash": "3"}),
    ("ChallengeSent", "Informational", "1", {"Challenge": "1"}),
    ("InvalidTransport", "Error", "1", {"AttemptedTransport": "1"}),
]


def test_each_kind_that_a_module_reports_comes_with_its_fields(ask: Callable[[str], str], log: list[str]):
    for number, (_, severity, version, details) in enumerate(KINDS):
        assert ask(f"MAKE({number})") == "0"
        assert event(ask("LAST()")) == {
            "SecurityEvent": number, "EventVersion": version, "Severity": severity, **BASE, **details
        }  # fmt: skip
    assert log == []


def test_what_cannot_be_reported_is_told_and_not_published(ask: Callable[[str], str], log: list[str]):
    assert [ask(f"MAKE({what})") for what in ("15", "0v", "12s")] == ["-1"] * 3
    assert ask("LAST()") == "-"
    assert log == [
        "ERROR unknown security event type 15",
        "ERROR the security event FailedACL must have version 1, not 7",
        "ERROR the security event InvalidPassword is not reported: Service is missing",
    ]


WHO = Who("AMI", "admin", "192.0.2.1:4711", "127.0.0.1:5038", "0x1", Transport.TCP)


def test_the_core_reports_the_same_kinds(ask: Callable[[str], str]):
    assert [name for name, *_ in KINDS] == list(DETAILS)
    for number, (kind, severity, version, fields) in enumerate(KINDS):
        given = dict.fromkeys(DETAILS[kind], "192.0.2.9:1")
        report(kind, WHO, using_password=True, **given)
        values = {name: "1" if name == "UsingPassword" else "192.0.2.9:1" for name in fields}
        if "ExpectedAddress" in values:
            values["ExpectedAddress"] = "IPV4/TCP/192.0.2.9/1"
        assert event(ask("LAST()")) == {
            "SecurityEvent": number,
            "EventVersion": version,
            "Severity": severity,
            "Service": "AMI",
            "AccountID": "admin",
            "SessionID": "0x1",
            "LocalAddress": "IPV4/TCP/127.0.0.1/5038",
            "RemoteAddress": "IPV4/TCP/192.0.2.1/4711",
            **values,
        }


NOWHERE = Who("AMI", "admin", "nowhere", "127.0.0.1:5038")


@pytest.mark.parametrize(
    ("kind", "who", "details", "told"),
    [
        ("InvalidPasswort", WHO, {}, "unknown security event 'InvalidPasswort'"),
        ("ChallengeSent", WHO, {"chalenge": "1"}, "the security event ChallengeSent has no detail 'chalenge'"),
        ("SessionLimit", NOWHERE, {}, "cannot report the security event SessionLimit of AMI"),
    ],
)
def test_a_mistake_of_the_core_is_told(
    kind: str, who: Who, details: dict[str, str], told: str, ask: Callable[[str], str]
):
    with pytest.raises(AsterismError) as caught:
        report(kind, who, **details)
    assert [fault.what for fault in caught.value.faults] == [told]
    assert ask("LAST()") == "-"
