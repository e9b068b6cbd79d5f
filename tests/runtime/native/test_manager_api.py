"""manager.h: actions, events and hooks of C modules, and of Python modules."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from native_support import Ask
from waiting import until

from asterism.errors import AsterismError
from asterism.values import replace
from runtime.core.core import Core
from runtime.core.events import Event, Style
from runtime.core.login_reports import Report
from runtime.core.manager_message import Parser
from runtime.manager.request import Request, perform
from runtime.modules.module_opening import Native, SharedModule, open_module

Open = Callable[..., SharedModule]

HEADERS = ("manager", "astobj2", "config", "json")
INCLUDE = "".join(f'#include "asterisk/{name}.h"\n' for name in HEADERS)


def asked(core: Core, text: str) -> Request:
    """A request with its answer."""
    request = Request(core, Parser().feed(textwrap.dedent(text).lstrip().encode() + b"\n\n")[0])
    action = core.actions.find(request.message.action)
    assert action is not None
    perform(request, action)
    return request


def heard(core: Core) -> list[Event]:
    """Every event from now on."""
    events: list[Event] = []
    core.events.listen(events.append)
    return events


ACTION = """\
    static int act(struct mansession *s, const struct message *m)
    {
        (void) s;
        (void) m;
        {body}
    }
    static int load_module(void)
    {
        return ast_manager_register("Act", EVENT_FLAG_SYSTEM | EVENT_FLAG_USER, act, "Acts");
    }
    static int unload_module(void) { return ast_manager_unregister("Act"); }
"""


@pytest.fixture
def act(opened: Open, core: Core) -> Callable[[str], SharedModule]:
    """Opens and loads a module whose action Act has this body."""

    def make(body: str) -> SharedModule:
        module = opened("res_act", INCLUDE + textwrap.dedent(ACTION).replace("{body}", body), callbacks="")
        assert module.load() == 0
        return module

    return make


def test_an_action_reads_headers_and_answers(act: Callable[[str], SharedModule], core: Core) -> None:
    module = act(
        'astman_append(s, "Response: %s\\r\\nCount: %u\\r\\n", astman_get_header(m, "name"), m->hdrcount);'
        'astman_append(s, "None: <%s>\\r\\n\\r\\n", astman_get_header(m, "Nam")); return 0;'
    )
    found = core.actions.find("act")
    assert found is not None
    assert (found.name, found.authority, found.synopsis, found.module) == ("Act", 1 | 64, "Acts", "res_act")
    request = asked(core, "Action: act\nNAME:   Bob\nName: second")
    assert request.answer == "Response: Bob\r\nCount: 3\r\nNone: <>\r\n\r\n"
    assert not request.ends
    assert module.unload() == 0
    assert core.actions.find("act") is None


def test_answers_carry_the_action_id_and_no_forged_headers(act: Callable[[str], SharedModule], core: Core) -> None:
    act(
        'char *id = (char *) astman_get_header(m, "X");'
        'astman_send_ack(s, m, NULL); astman_send_ack(s, m, "done"); astman_send_error(s, m, "a\\r\\nEvent: b");'
        'astman_send_response(s, m, "Goodbye", id); astman_send_error_va(s, m, "no %s in %d", "x", 7);'
        "return AMI_DESTROY;"
    )
    request = asked(core, "Action: Act\nActionID: i 1\nX: y")
    assert request.answer == (
        "Response: Success\r\nActionID: i 1\r\n\r\n"
        "Response: Success\r\nActionID: i 1\r\nMessage: done\r\n\r\n"
        "Response: Error\r\nActionID: i 1\r\nMessage: a  Event: b\r\n\r\n"
        "Response: Goodbye\r\nActionID: i 1\r\nMessage: y\r\n\r\n"
        "Response: Error\r\nActionID: i 1\r\nMessage: no x in 7\r\n\r\n"
    )
    assert request.ends


def test_a_list_has_a_start_entries_and_an_end_with_headers_of_its_own(
    act: Callable[[str], SharedModule], core: Core
) -> None:
    act(
        'astman_send_listack(s, m, "Two follow", "start");'
        'for (int i = 0; i < 2; i++) astman_append(s, "Event: Entry\\r\\nNumber: %d\\r\\n\\r\\n", i);'
        'astman_send_list_complete_start(s, m, "EntriesComplete", 2); astman_append(s, "More: yes\\r\\n");'
        "astman_send_list_complete_end(s); return 0;"
    )
    assert asked(core, "Action: Act\nActionID: 9").answer == (
        "Response: Success\r\nActionID: 9\r\nEventList: start\r\nMessage: Two follow\r\n\r\n"
        "Event: Entry\r\nNumber: 0\r\n\r\n"
        "Event: Entry\r\nNumber: 1\r\n\r\n"
        "Event: EntriesComplete\r\nActionID: 9\r\nEventList: Complete\r\nListItems: 2\r\nMore: yes\r\n\r\n"
    )


def test_variables_come_in_either_order(act: Callable[[str], SharedModule], core: Core) -> None:
    act(
        "struct ast_variable *v, *natural = astman_get_variables_order(m, ORDER_NATURAL);"
        "struct ast_variable *last = astman_get_variables(m);"
        'for (v = natural; v; v = v->next) astman_append(s, "%s=%s;", v->name, v->value);'
        'astman_append(s, " last %s\\r\\n\\r\\n", last ? last->name : "none");'
        "ast_variables_destroy(natural); ast_variables_destroy(last); return 0;"
    )
    assert asked(core, 'Action: Act\nVariable: a=1,b="x, y"\nvariable: c=2=3,,=4,d').answer == (
        "a=1;b=x, y;c=2=3; last c\r\n\r\n"
    )
    assert asked(core, "Action: Act").answer == " last none\r\n\r\n"


def test_a_name_that_is_taken_is_refused_and_the_modules_action_goes_with_it(
    act: Callable[[str], SharedModule], opened: Open, core: Core, log: list[str]
) -> None:
    act("return 0;")
    other = opened("res_other", INCLUDE + textwrap.dedent(ACTION).replace("{body}", "return 0;"), callbacks="")
    assert other.load() == -1
    assert [line.split("\n")[0] for line in log] == [
        "WARNING the action 'Act' exists already: module res_act registered it"
    ]
    assert core.forget_module("res_act") == ["manager action Act"]
    assert other.load() == 0


def test_events_are_formatted_only_when_somebody_listens(act: Callable[[str], SharedModule], core: Core) -> None:
    act(
        'manager_event(EVENT_FLAG_USER | EVENT_FLAG_SYSTEM, "Greeting", "Name: %s\\r\\nAge: %d\\n\\r\\n", "Bob", 7);'
        'manager_event(EVENT_FLAG_USER, "Empty", NO_EXTRA_FIELDS);'
        "astman_send_ack(s, m, NULL); return 0;"
    )
    asked(core, "Action: Act")
    events = heard(core)
    asked(core, "Action: Act")
    assert events == [
        Event("Greeting", 1 | 64, "Event: Greeting\r\nPrivilege: system,user,all\r\nName: Bob\r\nAge: 7\r\n\r\n"),
        Event("Empty", 64, "Event: Empty\r\nPrivilege: user,all\r\n\r\n"),
    ]
    core.events.ignore(events.append)
    asked(core, "Action: Act")
    assert len(events) == 2


def test_debugging_names_the_place_in_the_module(act: Callable[[str], SharedModule], core: Core) -> None:
    act('manager_event(EVENT_FLAG_USER, "E", "A: %d\\r\\n", 1); astman_send_ack(s, m, NULL); return 0;')
    events = heard(core)
    core.events.style = Style(debug=True, systemname="here", disabled=frozenset({"Other"}))
    asked(core, "Action: Act")
    (event,) = events
    assert event.values("SequenceNumber") == ["0"]
    assert event.values("File")[0].endswith("res_act.c")
    assert event.values("Func") == ["act"]
    assert event.values("SystemName") == ["here"]
    core.events.style = Style(disabled=frozenset({"E"}))
    asked(core, "Action: Act")
    assert len(events) == 1


def test_an_event_about_channels_tells_the_variables_that_are_wanted(
    act: Callable[[str], SharedModule], core: Core
) -> None:
    act(
        "struct ast_channel *chan = ast_dummy_channel_alloc();"
        'pbx_builtin_setvar_helper(chan, "A", "1");'
        'ast_manager_event(chan, EVENT_FLAG_CALL, "Call", "B: %d\\r\\n", 2);'
        "ast_channel_unref(chan); astman_send_ack(s, m, NULL); return 0;"
    )
    events = heard(core)
    core.events.style = Style(channelvars=("A", "C"))
    asked(core, "Action: Act")
    (event,) = events
    name = event.text.split("ChanVariable(")[1].split(")")[0]
    assert event.text == (
        f"Event: Call\r\nPrivilege: call,all\r\nB: 2\r\nChanVariable({name}): A=1\r\nChanVariable({name}): C=\r\n\r\n"
    )


def test_an_object_is_an_event_with_a_header_for_each_entry(act: Callable[[str], SharedModule], core: Core) -> None:
    act(
        'struct ast_json *o = ast_json_pack("{s: s, s: i, s: b, s: n, s: [i, {s: s}], s: {s: b}}",'
        '"A", "x", "B", 7, "C", 1, "D", "E", 1, "f", "g", "H", "i", 0);'
        'ast_manager_publish_event("Blob", EVENT_FLAG_SYSTEM, o); ast_json_unref(o);'
        "astman_send_ack(s, m, NULL); return 0;"
    )
    events = heard(core)
    asked(core, "Action: Act")
    assert [event.text for event in events] == [
        "Event: Blob\r\nPrivilege: system,all\r\nA: x\r\nB: 7\r\nC: True\r\nD: \r\n"
        "E(0): 1\r\nE(1)/f: g\r\nH/i: False\r\n\r\n"
    ]


def test_who_comes_to_the_manager_is_a_security_event_and_forges_no_header(native: Native, core: Core) -> None:
    events = heard(core)
    told = Report("InvalidAccountID", "eve\r\nEvent: Trust", "192.0.2.1:4000", "[::1]:5038", "0x7")
    core.login_report(told)
    core.login_report(replace(told, kind="ChallengeResponseFailed", account="bob", details=ANSWER))
    core.login_report(replace(told, kind="SuccessfulAuth", account="bob"))
    shown = [[line for line in event.text.split("\r\n") if not line.startswith("EventTV: ")] for event in events]
    common = ["Privilege: security,all"]
    where = ["SessionID: 0x7", "LocalAddress: IPV6/TCP/::1/5038", "RemoteAddress: IPV4/TCP/192.0.2.1/4000"]
    version = "EventVersion: 1"
    error, fine = ["Severity: Error", "Service: AMI", version], ["Severity: Informational", "Service: AMI", version]
    assert [sorted(lines) for lines in shown] == [
        sorted([*common, *error, *where, "Event: InvalidAccountID", "AccountID: eve  Event: Trust", "", ""]),
        sorted(
            [
                *(*common, *error, *where, "Event: ChallengeResponseFailed", "AccountID: bob"),
                *("Challenge: <none>", "Response: 0", "ExpectedResponse: <hidden>", "", ""),
            ]
        ),
        sorted([*common, *fine, *where, "Event: SuccessfulAuth", "AccountID: bob", "UsingPassword: 0", "", ""]),
    ]


MESSAGES = """\
    #include "asterisk/stasis.h"
    static struct ast_manager_event_blob *to_ami(struct stasis_message *message)
    {
        return ast_manager_event_blob_create(EVENT_FLAG_USER, "Told", "Number: %d\\r\\n",
            *(int *) stasis_message_data(message));
    }
    STASIS_MESSAGE_TYPE_DEFN_LOCAL(told_type, .to_ami = to_ami)
    STASIS_MESSAGE_TYPE_DEFN_LOCAL(plain_type)
    static void publish(struct stasis_topic *topic, struct stasis_message_type *type, int number)
    {
        int *data = ao2_alloc(sizeof(*data), NULL);
        struct stasis_message *message;

        *data = number;
        message = stasis_message_create(type, data);
        stasis_publish(topic, message);
        ao2_cleanup(message);
        ao2_cleanup(data);
    }
    static int act(struct mansession *s, const struct message *m)
    {
        struct stasis_topic *own = stasis_topic_create("test:own");
        struct stasis_forward *forward = stasis_forward_all(own, ast_manager_get_topic());

        publish(ast_manager_get_topic(), told_type(), 1);
        publish(own, told_type(), 2);
        publish(own, plain_type(), 3);
        stasis_forward_cancel(forward);
        publish(own, told_type(), 4);
        publish(ast_manager_get_topic(), told_type(), 5);
        ao2_cleanup(own);
        astman_send_ack(s, m, ast_webmanager_check_enabled() ? "web" : NULL);
        return 0;
    }
    static int load_module(void)
    {
        return STASIS_MESSAGE_TYPE_INIT(told_type) || STASIS_MESSAGE_TYPE_INIT(plain_type)
            || ast_manager_register("Act", 0, act, NULL);
    }
    static int unload_module(void)
    {
        STASIS_MESSAGE_TYPE_CLEANUP(told_type);
        STASIS_MESSAGE_TYPE_CLEANUP(plain_type);
        return ast_manager_unregister("Act");
    }
"""


def test_messages_on_the_managers_topic_become_events(opened: Open, core: Core) -> None:
    module = opened("res_told", INCLUDE + textwrap.dedent(MESSAGES), callbacks="")
    assert module.load() == 0
    events = heard(core)
    for _ in range(2):
        asked(core, "Action: Act")
    until(lambda: len(events) >= 6)
    assert [event.text for event in events] == [
        f"Event: Told\r\nPrivilege: user,all\r\nNumber: {number}\r\n\r\n" for number in (1, 2, 5, 1, 2, 5)
    ]
    assert module.unload() == 0


def test_headers_are_gathered_in_a_string_that_grows(act: Callable[[str], SharedModule], core: Core) -> None:
    act(
        "struct ast_str *fields = NULL; int i;"
        'for (i = 0; i < 100; i++) ast_str_append_event_header(&fields, "Name", "value");'
        'astman_append(s, "%s\\r\\n", ast_str_buffer(fields)); ast_free(fields); return 0;'
    )
    assert asked(core, "Action: Act").answer == "Name: value\r\n" * 100 + "\r\n"


def named(text: str) -> str:
    """What the driver finds under Name; a line is a header."""
    found = [line[5:] for line in text.split("\n") if line[:5].lower() == "name:"]
    return found[0].lstrip(" \t\n\v\f\r") if found else ""


@settings(deadline=None, max_examples=200)
@given(st.lists(st.text(alphabet='Namevribl:=, "\\é\r', max_size=20), max_size=8))
def test_c_reads_any_message_and_writes_it_back_under_the_sanitizers(ask: Ask, lines: list[str]) -> None:
    text = "\n".join([*lines, "Variable: x=1,y=2"])
    told = bytes.fromhex(ask("manager", text.encode()).strip().removeprefix(".")).decode()
    name = named(text)
    flat = name.replace("\r", " ")
    assert f"Message: {flat}\r\n" in told
    assert told.count("Heard|") == 1
    assert f"Heard|{name}|" in told
    assert "Unheard|" not in told
    assert told.endswith("b/c: 7\r\nd(0): True\r\nd(1): \r\n")
    natural, reverse = told.split(";Response")[0].rsplit(";", 1) if ";Response" in told else ("", "")
    assert natural.endswith("x=1,y=2,")
    assert reverse.startswith("y=2,x=1,")


ANSWER = {"challenge": "", "response": "0", "expected_response": "<hidden>"}

HOOK = """\
    static int called, category_seen; static char seen[512];
    static int helper(int category, const char *event, char *body)
    {
        called++; category_seen = category;
        snprintf(seen, sizeof(seen), "%s|%s", event, body);
        manager_event(EVENT_FLAG_USER, "FromHook", NO_EXTRA_FIELDS);
        return 0;
    }
    static struct manager_custom_hook hook = { .file = "res_hook", .helper = helper };
    static int say(struct mansession *s, const struct message *m)
    {
        int result = ast_hook_send_action(&hook, astman_get_header(m, "Ask"));
        astman_append(s, "%d %d %s\\r\\n\\r\\n", result, called, seen);
        return 0;
    }
    static int load_module(void)
    {
        ast_manager_register_hook(&hook);
        return ast_manager_register("Say", 0, say, NULL);
    }
    static int unload_module(void) { ast_manager_unregister_hook(&hook); return ast_manager_unregister("Say"); }
"""


def test_a_hook_hears_events_asks_for_actions_and_goes_with_its_module(opened: Open, core: Core) -> None:
    module = opened("res_hook", INCLUDE + textwrap.dedent(HOOK), callbacks="")
    assert module.load() == 0
    assert core.events.publish("One", 1, [("A", 1)])
    assert asked(core, "Action: Say\nAsk: Nonsense").answer == (
        "-1 1 One|Event: One\r\nPrivilege: system,all\r\nA: 1\r\n\r\n\r\n\r\n"
    )
    assert asked(core, "Action: Say\nAsk: Action: Login").answer.startswith("0 2 HookResponse|Response: Error\r\n")
    assert core.forget_module("res_hook") == ["manager action Say", "manager hook"]
    assert not core.events.publish("Two", 1)


PYTHON = '''
"""Tickets.

/*** MODULEINFO
    <support_level>extended</support_level>
***/
"""

from runtime.api.manager import Request, manager_action, manager_event
from runtime.api.module import ModuleInfo

MODULE = ModuleInfo("Tickets")


@manager_action("Ticket", privilege="user", synopsis="Sells a ticket.", syntax={"To": "where"})
def ticket(request: Request) -> None:
    if not request.get("To"):
        request.error("To is missing")
        return
    request.ok("Have a nice trip", ("To", request.get("To")))
    manager_event("TicketSold", {"To": request.get("To")}, privilege="user,reporting")
'''


def test_a_python_module_has_actions_and_events_as_well(native: Native, core: Core, tmp_path: Path) -> None:
    file = tmp_path / "res_ticket.py"
    file.write_text(PYTHON)
    module = open_module(file)
    assert module.load() == 0
    events = heard(core)
    assert asked(core, "Action: Ticket").answer == "Response: Error\r\nMessage: To is missing\r\n\r\n"
    assert asked(core, "Action: Ticket\nTo: Rome\nActionID: 1").answer == (
        "Response: Success\r\nActionID: 1\r\nMessage: Have a nice trip\r\nTo: Rome\r\n\r\n"
    )
    assert events == [
        Event("TicketSold", 64 | 512, "Event: TicketSold\r\nPrivilege: user,reporting,all\r\nTo: Rome\r\n\r\n")
    ]
    assert module.unload() == 0
    assert core.actions.find("Ticket") is None
    module.close()


def test_a_class_that_is_none_does_not_open_the_module(native: Native, tmp_path: Path) -> None:
    file = tmp_path / "res_ticket.py"
    file.write_text(PYTHON.replace('privilege="user"', 'privilege="usr"'))
    with pytest.raises(AsterismError) as caught:
        open_module(file)
    assert (caught.value.faults[0].what, caught.value.faults[0].cure) == (
        "unknown class 'usr'",
        "did you mean 'user'?",
    )
