"""Actions that answer with a list, or refuse in Asterisk's words: the database, the dialplan, channels and calls."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from manager_client import answered

from runtime.core.core import Core
from runtime.core.events import Event
from runtime.dialplan import dialplan_file
from runtime.model.emulated_channel import Channel, ChannelState, Hangup

EXTENSIONS = """\
[default]
exten => 100,1,NoOp(hello)
 same => n(lab),NoOp()
exten => 100,hint,SIP/100
include => other
ignorepat => 9
[other]
exten => s,1,NoOp(a,b)
exten => _1XX,1,NoOp(x)
include => default
"""


@pytest.fixture
def plan(core: Core) -> Core:
    """A core with a dialplan."""
    etc = Path(core.settings.directories.astetcdir)
    etc.mkdir(parents=True, exist_ok=True)
    (etc / "extensions.conf").write_text(EXTENSIONS)
    dialplan_file.load(core)
    return core


@pytest.fixture
def channel(core: Core) -> Iterator[Channel]:
    """A channel that is up."""
    made = Channel("Local/100@default-1;1", "default", "100", caller_number="7", caller_name='A "B"', created=0.0)
    made.uniqueid = made.linkedid = "1.1"
    core.channels.add(made)
    yield made
    core.channels.remove(made)


def error(message: str, *more: str) -> str:
    return "\n".join(["Response: Error", f"Message: {message}", *more, "", ""])


def start(message: str) -> str:
    return f"Response: Success\nEventList: start\nMessage: {message}\n\n"


def complete(event: str, count: int, *more: str) -> str:
    return "\n".join([f"Event: {event}", "EventList: Complete", f"ListItems: {count}", *more, "", ""])


# ---- the database ------------------------------------------------------------------------------------


def test_a_key_is_put_read_and_deleted(core: Core) -> None:
    key = ("Family: f", "Key: k")
    assert answered(core, "Action: DBPut", *key, "Val: a b") == (
        "Response: Success\nMessage: Updated database successfully\n\n"
    )
    assert answered(core, "Action: DBGet", *key, "ActionID: 1") == (
        "Response: Success\nActionID: 1\nEventList: start\nMessage: Result will follow\n\n"
        "Event: DBGetResponse\nFamily: f\nKey: k\nVal: a b\nActionID: 1\n\n"
        "Event: DBGetComplete\nActionID: 1\nEventList: Complete\nListItems: 1\n\n"
    )
    assert answered(core, "Action: DBDel", *key) == "Response: Success\nMessage: Key deleted successfully\n\n"
    assert answered(core, "Action: DBDel", *key) == error("Database entry could not be deleted")
    assert answered(core, "Action: DBGet", *key) == error("Database entry not found")


def test_a_tree_of_keys_is_listed_and_deleted(core: Core) -> None:
    for family, key in (("f", "a"), ("f/sub", "b"), ("g", "c")):
        core.database.put(family, key, "1")
    rows = [f"Event: DBGetTreeResponse\nKey: {key}\nVal: 1\n\n" for key in ("/f/a", "/f/sub/b", "/g/c")]
    for lines, found in (
        ((), rows),
        (("Family: f",), rows[:2]),
        (("Family: f", "Key: sub"), rows[1:2]),
        (("Family: x",), []),
    ):
        listed = answered(core, "Action: DBGetTree", *lines)
        assert listed == start("Result will follow") + "".join(found) + complete("DBGetTreeComplete", len(found))
    deleted = "Response: Success\nMessage: Key tree deleted successfully\n\n"
    assert answered(core, "Action: DBDelTree", "Family: f") == deleted
    assert answered(core, "Action: DBDelTree", "Family: f") == error("Database entry not found")
    assert core.database.tree() == [("/g/c", "1")]


@pytest.mark.parametrize("action", ["DBGet", "DBPut", "DBDel"])
def test_a_key_needs_its_family(core: Core, action: str) -> None:
    end = "" if action == "DBPut" else "."
    assert answered(core, f"Action: {action}", "Key: k") == error(f"No family specified{end}")
    assert answered(core, f"Action: {action}", "Family: f") == error(f"No key specified{end}")


def test_a_database_that_cannot_be_used_is_an_error_with_the_reason(core: Core) -> None:
    core.database.path.parent.parent.mkdir(parents=True, exist_ok=True)
    core.database.path.parent.write_text("")
    for action, words in (("DBPut", "Failed to update entry"), ("DBDelTree", "Database unavailable")):
        answer = answered(core, f"Action: {action}", "Family: f", "Key: k")
        assert answer.startswith(f"Response: Error\nMessage: {words}\nReason: ")


# ---- the dialplan ------------------------------------------------------------------------------------


def item(context: str, *fields: str) -> str:
    return "\n".join(["Event: ListDialplan", f"Context: {context}", *fields, "Registrar: pbx_config", "", ""])


DEFAULT = (
    item("default", "Extension: 100", "Priority: hint", "Application: SIP/100")
    + item("default", "Extension: 100", "Priority: 1", "Application: NoOp", "AppData: hello")
    + item("default", "Extension: 100", "ExtensionLabel: lab", "Priority: 2", "Application: NoOp", "AppData: ")
)
OTHER = item("other", "Extension: _1XX", "Priority: 1", "Application: NoOp", "AppData: x")


def counts(extensions: int, priorities: int, contexts: int) -> tuple[str, str, str]:
    return f"ListExtensions: {extensions}", f"ListPriorities: {priorities}", f"ListContexts: {contexts}"


def test_a_context_is_listed_with_its_includes_and_patterns(plan: Core) -> None:
    assert answered(plan, "Action: ShowDialPlan", "Context: default") == (
        start("DialPlan list will follow")
        + DEFAULT
        + item("default", "IncludeContext: other")
        + item("default", "IgnorePattern: 9")
        + complete("ShowDialPlanComplete", 5, *counts(1, 3, 1))
    )


def test_an_extension_is_looked_for_in_included_contexts_as_well(plan: Core) -> None:
    """A context that includes one that led to it is looked at once more, as Asterisk does."""
    assert answered(plan, "Action: ShowDialPlan", "Context: default", "Extension: 100") == (
        start("DialPlan list will follow")
        + DEFAULT
        + OTHER
        + DEFAULT
        + complete("ShowDialPlanComplete", 7, *counts(3, 7, 3))
    )


def test_contexts_are_listed_the_newest_first(plan: Core) -> None:
    listed = answered(plan, "Action: ShowDialPlan")
    assert listed.index("Context: other") < listed.index("Context: default")
    assert listed.endswith(complete("ShowDialPlanComplete", 8, *counts(3, 5, 2)))


def test_what_the_dialplan_has_not_is_told(plan: Core) -> None:
    show = "Action: ShowDialPlan"
    assert answered(plan, show, "Context: nix") == error("Did not find context nix")
    assert answered(plan, show, "Context: other", "Extension: 9") == error("Did not find extension 9@other")
    assert answered(plan, show, "Extension: 9") == error("Did not find extension 9 in any context")


def test_extensions_are_added_replaced_and_removed(plan: Core) -> None:
    def add(*more: str) -> str:
        place = ("Context: default", "Extension: 200", "Priority: 1", "Application: NoOp")
        return answered(plan, "Action: DialplanExtensionAdd", *place, *more)

    def remove(*more: str) -> str:
        return answered(plan, "Action: DialplanExtensionRemove", "Context: default", "Extension: 200", *more)

    assert add() == "Response: Success\nMessage: Added requested extension\n\n"
    assert add().startswith(
        "Response: Error\nMessage: That extension and priority already exist at that context\nReason: "
    )
    assert add("Replace: yes", "ApplicationData: x") == "Response: Success\nMessage: Added requested extension\n\n"
    found = plan.plans.current.find("default", "200", 1)
    assert found is not None
    assert found.step.data == "x"
    assert remove("Priority: 0") == error("The priority specified was invalid.")
    assert remove("Priority: 1") == (
        "Response: Success\nMessage: Removed the requested priority from the extension\n\n"
    )
    assert remove().startswith("Response: Error\nMessage: Failed to remove requested extension\nReason: ")
    add()
    assert remove() == "Response: Success\nMessage: Removed the requested extension\n\n"
    lacking = "Context, Extension, Priority, and Application must be defined for DialplanExtensionAdd."
    assert answered(plan, "Action: DialplanExtensionAdd", "Context: default") == error(lacking)


def test_an_extension_with_a_hint_is_unavailable_and_another_unknown(plan: Core) -> None:
    def state(hint: str, exten: str, number: int, words: str) -> str:
        return f"Exten: {exten}\nContext: default\nHint: {hint}\nStatus: {number}\nStatusText: {words}\n\n"

    ask = "Action: ExtensionState"
    head = "Response: Success\nMessage: Extension Status\n"
    assert answered(plan, ask, "Exten: 100") == head + state("SIP/100", "100", 4, "Unavailable")
    assert answered(plan, ask, "Exten: 1", "Context: default") == head + state("", "1", -1, "Unknown")
    assert answered(plan, ask) == error("Extension not specified")
    assert answered(plan, "Action: ExtensionStateList") == (
        start("Extension Statuses will follow")
        + "Event: ExtensionStatus\n"
        + state("SIP/100", "100", 4, "Unavailable")
        + complete("ExtensionStateListComplete", 1)
    )


# ---- channels ----------------------------------------------------------------------------------------

STATE = (
    "Channel: Local/100@default-1;1\nChannelState: 6\nChannelStateDesc: Up\nCallerIDNum: 7\n"
    'CallerIDName: A \\"B\\"\nConnectedLineNum: <unknown>\nConnectedLineName: <unknown>\nLanguage: en\nAccountCode: \n'
    "Context: default\nExten: 100\nPriority: 1\nUniqueid: 1.1\nLinkedid: 1.1\n"
)


def test_the_status_of_a_channel_has_the_variables_that_are_asked_for(
    core: Core, channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.time", lambda: 75.0)
    channel.variables.set("A", "1")
    channel.variables.set("B", "2")
    core.globals["G"] = "3"
    rest = (
        "Type: Local\nDNID: \nEffectiveConnectedLineNum: <unknown>\nEffectiveConnectedLineName: <unknown>\n"
        "TimeToHangup: 0\nBridgeID: \nApplication: \nData: \nNativeformats: (nothing)\nReadformat: none\nReadtrans: \n"
        "Writeformat: none\nWritetrans: \nCallgroup: 0\nPickupgroup: 0\nSeconds: 75\n"
    )
    asked = ("Channel: 1.1", "Variables: G,X", "AllVariables: yes", "ActionID: 5")
    assert answered(core, "Action: Status", *asked) == (
        "Response: Success\nActionID: 5\nEventList: start\nMessage: Channel status will follow\n\n"
        f"Event: Status\nPrivilege: Call\n{STATE}{rest}"
        "Variable: G=3\nVariable: X=\nVariable: B=2\nVariable: A=1\nActionID: 5\n\n"
        "Event: StatusComplete\nActionID: 5\nEventList: Complete\nListItems: 1\nItems: 1\n\n"
    )
    assert answered(core, "Action: Status", "Channel: nix") == error("No such channel")


def test_without_channels_lists_are_empty(core: Core) -> None:
    assert answered(core, "Action: Status") == (
        start("Channel status will follow") + complete("StatusComplete", 0, "Items: 0")
    )
    for action, message, event in (
        ("CoreShowChannels", "Channels will follow", "CoreShowChannelsComplete"),
        ("BridgeList", "Bridge listing will follow", "BridgeListComplete"),
        ("BridgeTechnologyList", "Bridge technology listing will follow", "BridgeTechnologyListComplete"),
    ):
        assert answered(core, f"Action: {action}") == start(message) + complete(event, 0)


def test_calls_whose_names_match_are_hung_up_as_a_list(core: Core, channel: Channel) -> None:
    hang_up = "Action: Hangup"
    assert answered(core, hang_up, "Channel: /^Local/", "Cause: 16") == (
        start("Channels hung up will follow")
        + f"Event: ChannelHungup\nChannel: {channel.name}\n\n"
        + complete("ChannelsHungupListComplete", 1)
    )
    assert (channel.softhangup, channel.hangupcause) == (Hangup.DEVICE, 16)
    assert answered(core, hang_up, "Channel: /x") == error("Regex format invalid, Channel param should be /regex/")
    assert answered(core, hang_up, "Channel: /[/").startswith(
        "Response: Error\nMessage: Regex compile failed on: /[/\nReason: "
    )
    assert answered(core, hang_up) == error("No channel specified")


def test_a_call_ends_when_its_time_is_over(core: Core, channel: Channel) -> None:
    timeout = "Action: AbsoluteTimeout"
    assert answered(core, timeout, "Channel: 1.1") == error("No timeout specified")
    assert answered(core, timeout, "Channel: 1.1", "Timeout: 86400") == "Response: Success\nMessage: Timeout Set\n\n"
    first = channel.attached["absolute timeout"]
    assert answered(core, timeout, "Channel: 1.1", "Timeout: 0.01") == "Response: Success\nMessage: Timeout Set\n\n"
    assert first.finished.is_set()
    channel.attached["absolute timeout"].join()
    assert channel.softhangup is Hangup.TIMEOUT


def test_a_call_is_sent_elsewhere_by_priority_or_label(plan: Core, channel: Channel) -> None:
    redirect = ("Action: Redirect", f"Channel: {channel.name}", "Context: default", "Exten: 100")
    assert answered(plan, *redirect, "Priority: lab") == "Response: Success\nMessage: Redirect successful\n\n"
    assert channel.target == ("default", "100", 2)
    assert answered(plan, *redirect, "Priority: nix") == error("Priority is invalid")
    assert answered(plan, *redirect) == error("Priority not specified")
    assert answered(plan, "Action: Redirect") == error("Channel not specified")
    channel.hang_up()
    assert answered(plan, *redirect, "Priority: 1") == error("Redirect failed, channel not up.")
    unknown = ("Action: Redirect", "Channel: Nix/1", "Context: c", "Exten: e", "Priority: 1")
    assert answered(plan, *unknown) == error("Channel does not exist: Nix/1")


REASON = "Reason: channels are emulated: they carry no media and are in no bridge"


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ("BlindTransfer", error("No channel specified")),
        ("BlindTransfer|Channel: 1.1", error("No extension specified")),
        ("BlindTransfer|Channel: x|Exten: 1", error("Channel specified does not exist")),
        ("BlindTransfer|Channel: 1.1|Exten: 1", error("Transfer invalid", REASON)),
        ("Atxfer|Channel: 1.1|Exten: 1", error("No attended transfer feature code found", REASON)),
        ("Bridge|Channel1: 1.1", error("Missing channel parameter in request")),
        ("Bridge|Channel1: 1.1|Channel2: x", error("Channel2 does not exist: x")),
        (
            "Bridge|Channel1: 1.1|Channel2: 1.1",
            error("Unable to add Channel1 to bridge: Local/100@default-1;1", REASON),
        ),
        ("BridgeInfo", error("BridgeUniqueid must be provided")),
        ("BridgeKick|Channel: 1.1", error("Channel is not in a bridge", REASON)),
        ("LocalOptimizeAway", error("'Channel' not specified.")),
        ("SendText|Channel: 1.1", error("No Message specified")),
        ("SendText|Channel: 1.1|Message: hi", error("Failure", REASON)),
        ("MessageSend", error("No 'To' address specified.")),
        ("MessageSend|To: sip:x", error("Message technology not found.")),
        ("CoreShowChannelMap", error("CoreShowChannelMap requires a channel.")),
        ("MailboxStatus", error("Mailbox not specified")),
        ("MailboxStatus|Mailbox: 1@x", "Response: Success\nMessage: Mailbox Status\nMailbox: 1@x\nWaiting: 0\n\n"),
        ("PresenceState|Provider: x", error("Invalid provider x or provider in invalid state")),
    ],
)
def test_what_needs_media_or_a_bridge_is_refused_in_asterisks_words(
    core: Core, channel: Channel, asked: str, answer: str
) -> None:
    assert answered(core, *f"Action: {asked}".split("|")) == answer


# ---- variables ---------------------------------------------------------------------------------------


def test_each_variable_that_is_set_is_an_event(core: Core, channel: Channel) -> None:
    told: list[Event] = []
    core.events.listen(told.append)
    for of, value in ((), 'say "hi"'), (("Channel: 1.1",), "x"):
        assert answered(core, "Action: Setvar", "Variable: __V", f"Value: {value}", *of) == (
            "Response: Success\nMessage: Variable Set\n\n"
        )
    head = "Event: VarSet\r\nPrivilege: dialplan,all\r\n"
    of_channel = STATE.replace("\n", "\r\n")
    assert [event.text for event in told] == [
        f'{head}Channel: none\r\nUniqueid: none\r\nVariable: __V\r\nValue: say \\"hi\\"\r\n\r\n',
        f"{head}{of_channel}Variable: __V\r\nValue: x\r\n\r\n",
    ]


def test_a_variable_is_read_as_in_the_dialplan(core: Core, channel: Channel) -> None:
    """Variables that always exist are read too, and parts of a value."""
    core.globals["LONG"] = "abcdef"
    etc = core.settings.directories.astetcdir
    for name, of, value in (
        ("LONG:1:2", (), "bc"),
        ("LONG:-2", (), "ef"),
        ("ASTETCDIR", (), etc),
        ("SYSTEMNAME", (), ""),
        ("EXTEN", ("Channel: 1.1",), "100"),
        ("EXTEN", (), ""),
    ):
        read = answered(core, "Action: Getvar", f"Variable: {name}", *of)
        assert read == f"Response: Success\nVariable: {name}\nValue: {value}\n\n"


def test_a_function_that_cannot_be_set_is_an_error_with_the_reason(core: Core) -> None:
    assert answered(core, "Action: Setvar", "Variable: NIX(x)", "Value: 1").startswith(
        "Response: Error\nMessage: Variable not set\nReason: there is no function 'NIX'\n"
    )


def test_the_state_of_a_channel_tells_the_variables_that_manager_conf_names(core: Core, channel: Channel) -> None:
    core.events.style = type(core.events.style)(channelvars=("A",))
    channel.state = ChannelState.RING
    channel.variables.set("A", "1")
    assert "ChannelStateDesc: Ring\n" in answered(core, "Action: CoreShowChannels")
    assert "Linkedid: 1.1\nChanVariable: A=1\nApplication: \n" in answered(core, "Action: CoreShowChannels")
