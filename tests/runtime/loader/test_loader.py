"""The loader's rules, on modules that are plain values."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from asterism.errors import AsterismError, Fault
from runtime.conf import conf_file
from runtime.core.actions import Action
from runtime.core.commands.command import Command
from runtime.core.commands.command_table import Table
from runtime.core.core import Core, Force, Reload
from runtime.core.manager_message import Parser
from runtime.core.message_log import Level
from runtime.core.registry import Function
from runtime.dialplan import functions
from runtime.loader import start_report
from runtime.loader.loader import Loader
from runtime.loader.modules_conf import Wanted, WantedModule, wanted
from runtime.manager.request import Request, perform
from runtime.model.module_record import UndefinedSymbolError


def conf(loader: Loader, text: str = "autoload = yes\n") -> Wanted:
    return wanted(conf_file.loads(f"[modules]\n{text}", "modules.conf"), loader.files())


def table(loader: Loader) -> list[tuple[str, int, bool]]:
    return [(row.file, row.use_count, row.running) for row in loader.rows()]


def message(call: Callable[[], object]) -> str:
    with pytest.raises(AsterismError) as caught:
        call()
    return str(caught.value)


# ---- the start


def test_modules_start_in_order_and_say_so_at_verbosity_one_and_two(loader, shelf, journal) -> None:
    shelf.add("res_a", requires=("res_b",), description="First")
    shelf.add("res_b", description="Second")
    assert loader.start(conf(loader)) == []
    assert shelf.calls() == ["load res_b", "load res_a"]
    assert [(record.verbosity, record.text) for record in journal.records if record.level is Level.VERBOSE] == [
        (1, "Asterisk Dynamic Loader Starting:"),
        (1, "Loading res_b.so."),
        (2, "res_b.so => (Second)"),
        (1, "Loading res_a.so."),
        (2, "res_a.so => (First)"),
    ]
    assert table(loader) == [("res_a.so", 0, True), ("res_b.so", 1, True)]


@pytest.mark.parametrize(("standins", "lost"), [(False, ["needs http, which is not there"]), (True, [])])
def test_a_part_of_the_core_counts_as_a_module_that_runs(standins: bool, lost: list[str], core, shelf) -> None:
    """Of Asterisk's parts that are not here, modules may require those for whose functions there are stand-ins."""
    core.settings = core.settings._replace(options=core.settings.options._replace(standins=standins))
    loader = Loader(core, shelf.open, shelf.directory)
    shelf.add("res_a", requires=("manager", "logger"))
    shelf.add("res_b", requires=("http",))
    assert [fault.what for fault in loader.start(conf(loader))] == lost
    assert table(loader) == [("res_a.so", 0, True), ("res_b.so", 0, standins)]


def test_a_symbol_that_comes_from_a_module_listed_later_is_waited_for(loader, shelf, undefined) -> None:
    shelf.add("res_a")
    shelf.add("res_b", flags=1)
    shelf.spoil("res_a", lambda: None if "global res_b" in shelf.trace else undefined)
    assert loader.start(conf(loader, "load = res_a\nload = res_b\n")) == []
    assert shelf.trace == ["close res_b", "global res_b", "load res_b", "load res_a"]


def test_only_the_last_attempt_to_open_is_reported(loader, shelf, undefined) -> None:
    shelf.add("res_a")
    shelf.add("res_b")
    shelf.spoil("res_a", lambda: undefined)
    assert loader.start(conf(loader)) == [undefined]
    assert table(loader) == [("res_b.so", 0, True)]


@pytest.mark.parametrize(
    ("said", "what"),
    [
        ({"description": None}, "has no description"),
        ({"key": None}, "has no licence key"),
        ({"key": "none"}, "has a licence key that is not valid"),
    ],
)
def test_a_module_that_fails_a_check_is_closed_and_not_listed(loader, shelf, said, what) -> None:
    shelf.add("res_a", **said)
    assert [fault.what for fault in loader.start(conf(loader))] == [what]
    assert shelf.trace == ["close res_a"]
    assert table(loader) == []


def test_other_build_options_are_refused_and_named(core, shelf) -> None:
    loader = Loader(core, shelf.open, shelf.directory, ("sum-one", ["A", "C"]))
    shelf.add("res_a", buildopt_sum="sum-two", buildopts=("A", "B"))
    shelf.add("res_b", buildopt_sum="sum-two")
    shelf.add("res_bb", buildopt_sum="da6642af068ee5e6490c5b1d2cc1d238")  # of a default Asterisk
    shelf.add("res_c", buildopt_sum="")
    shelf.add("res_d", buildopt_sum="sum-one")
    assert [fault.why for fault in loader.start(conf(loader))] == [
        "B: on in the module, off in this tree; C: off in the module, on in this tree",
        "of options that its file does not name; compile it against this tree's headers",
        "OPTIONAL_API: on in the module, off in this tree; A: off in the module, on in this tree; "
        "C: off in the module, on in this tree",
    ]
    assert table(loader) == [("res_c.so", 0, True), ("res_d.so", 0, True)]


def test_a_decline_leaves_a_module_open_and_takes_its_dependents_along(loader, shelf) -> None:
    shelf.add("res_a", requires=("res_b",))
    shelf.add("res_b", results={"load": 1})
    faults = loader.start(conf(loader))
    assert [fault.what for fault in faults] == ["declined to load", "needs res_b.so, which does not run"]
    assert table(loader) == [("res_a.so", 0, False), ("res_b.so", 0, False)]


@pytest.mark.parametrize(
    ("said", "why", "cure"),
    [
        (
            [],
            "its load callback returned AST_MODULE_LOAD_DECLINE and said nothing",
            "with 'core set debug 5', 'module load res_a.so' may say more",
        ),
        ([(3, "no line\nat all\n")], "it said: no line", "mend that, then 'module load res_a.so'"),
        (
            [(4, "no card\n"), (2, "bye\n")],
            "it said: no card",
            "mend that, then 'module load res_a.so'; the log has all 2 lines it said",
        ),
    ],
)
def test_a_decline_is_told_in_the_modules_own_words(core, loader, shelf, said, why, cure) -> None:
    def load() -> int:
        for level, text in said:
            core.logger.log(level, "res_a.c", 1, "load_module", text)
        return 1

    shelf.add("res_a")
    loader.open(WantedModule("res_a"))
    shelf.opened["res_a"].load = load
    assert message(lambda: loader._start_later(loader.find("res_a"))) == (
        f"{shelf.directory}/res_a.so: declined to load: {why}\n    {cure}"
    )


def test_a_decline_for_want_of_a_configuration_file_names_the_file(core, loader, shelf) -> None:
    def load() -> int:
        core.note_missing("/etc/asterism/res_a.conf")
        return 1

    shelf.add("res_a")
    loader.open(WantedModule("res_a"))
    shelf.opened["res_a"].load = load
    assert message(lambda: loader._start_later(loader.find("res_a"))) == (
        f"{shelf.directory}/res_a.so: declined to load: it found no res_a.conf\n"
        "    write /etc/asterism/res_a.conf, then 'module load res_a.so'"
    )
    core.note_missing("/etc/asterism/res_b.conf")  # by a command, later: nobody collects it


def test_an_undefined_symbol_names_who_would_provide_it(loader, shelf, monkeypatch) -> None:
    symbol = UndefinedSymbolError("x", Fault("it needs 'x', which nobody provides", code="undefined-symbol"))

    def fail(path, *, global_symbols=False):
        if path.stem == "res_a":
            raise symbol
        return shelf.open(path, global_symbols=global_symbols)

    shelf.add("res_a")
    shelf.add("res_b")
    shelf.add("res_c")
    monkeypatch.setattr("asterism.modulefile.reader.providers", lambda paths, names: {"x": ["res_b.so", "res_c.so"]})
    loader._open_module = fail
    loader.start(conf(loader, "load = res_a\nnoload = res_c\n"))
    assert str(loader.failed["res_a"]) == (
        "it needs 'x', which nobody provides: 'res_b.so' and 'res_c.so' would provide it\n"
        "    add 'load = res_b.so' to modules.conf; modules.conf says 'noload = res_c.so'"
    )
    assert message(lambda: loader.load("res_a")).split("\n")[1] == "    load 'res_b.so' first; load 'res_c.so' first"


def test_the_report_gives_root_causes_first() -> None:
    codes = ["need", "absent", "declined", "something new", "build-options", "undefined-symbol", "no-configuration"]
    faults = [Fault(f"fault {code}", cure=f"mend {code}", code=code) for code in codes]
    assert start_report.text([*faults, faults[0]]) == (
        "undefined symbol (1):\n  fault undefined-symbol\n      mend undefined-symbol\n"
        "other build options (1):\n  fault build-options\n      mend build-options\n"
        "other reasons (1):\n  fault something new\n      mend something new\n"
        "no configuration (1):\n  fault no-configuration\n      mend no-configuration\n"
        "declined (1):\n  fault declined\n      mend declined\n"
        "need what is not there (1):\n  fault absent\n      mend absent\n"
        "need what does not run (1):\n  fault need\n      mend need"
    )


def test_what_other_threads_say_meanwhile_is_not_taken_for_the_modules_words(core) -> None:
    with core.logger.overhearing() as said:
        other = threading.Thread(target=core.logger.error, args=("elsewhere",))
        other.start()
        other.join()
        core.logger.warning("here")
        core.logger.verbose(1, "by the way")
        with core.logger.overhearing() as inner:
            core.logger.error("within")
    core.logger.error("afterwards")
    assert [record.text for record in said] == ["here", "within"]
    assert [record.text for record in inner] == ["within"]


def test_a_result_that_means_nothing_is_a_decline_and_a_mistake_of_the_module(loader, shelf) -> None:
    shelf.add("res_a", results={"load": 42})
    faults = loader.start(conf(loader))
    assert [fault.what for fault in faults] == ["returned 42 from its load callback, which means nothing"]
    assert table(loader) == [("res_a.so", 0, False)]


def test_a_failure_stops_the_start_with_status_two_and_all_faults(loader, shelf) -> None:
    shelf.add("res_a", results={"load": 1})
    shelf.add("res_b", results={"load": -1})
    shelf.add("res_c")
    with pytest.raises(AsterismError) as caught:
        loader.start(conf(loader))
    assert caught.value.status == 2
    assert [(fault.what, fault.why) for fault in caught.value.faults] == [
        ("declined to load", "its load callback returned AST_MODULE_LOAD_DECLINE and said nothing"),
        (
            "failed to load",
            "its load callback returned AST_MODULE_LOAD_FAILURE and said nothing; "
            "that is a failure, not a decline: the start stops",
        ),
    ]
    assert shelf.calls() == ["load res_a", "load res_b"]


def test_a_required_module_that_cannot_be_opened_stops_the_start_before_any_load(loader, shelf) -> None:
    shelf.add("res_b")
    with pytest.raises(AsterismError) as caught:
        loader.start(conf(loader, "require = res_a\nload = res_b\n"))
    assert caught.value.status == 2
    assert [fault.what for fault in caught.value.faults] == [
        "there is no module 'res_a'",
        "the required module 'res_a' cannot be loaded",
    ]
    assert shelf.calls() == []


@pytest.mark.parametrize(
    ("text", "cure"),
    [
        ("load = res_a\n", "build and install 'res_x'"),
        ("load = res_a\nnoload = res_x\n", "modules.conf says 'noload = res_x'"),
        ("load = res_a\nload = res_x\n", "'res_x' could not be opened; see what is said of it"),
    ],
)
def test_a_missing_need_comes_with_what_to_do(loader, shelf, text, cure) -> None:
    shelf.add("res_a", requires=("res_x",))
    faults = loader.start(conf(loader, text))
    assert (faults[-1].what, faults[-1].cure) == ("needs res_x, which is not there", cure)


def test_a_deprecated_module_is_warned_of(loader, shelf, journal) -> None:
    shelf.add("res_a", support_level=3)
    loader.start(conf(loader))
    assert journal.lines(Level.WARNING) == ["res_a.so is deprecated: it may be missing in a later version"]


# ---- load and unload


def test_a_running_module_is_not_loaded_again(loader, shelf) -> None:
    shelf.add("res_a")
    assert loader.load("res_a") == "res_a.so"
    assert message(lambda: loader.load("RES_A.so")) == "the module 'res_a.so' is running already"


def test_a_declined_module_is_closed_and_opened_afresh(loader, shelf) -> None:
    shelf.add("res_a", results={"load": 1})
    assert message(lambda: loader.load("res_a")).startswith(f"{shelf.directory}/res_a.so: declined to load: its")
    shelf.add("res_a")
    loader.load("res_a")
    assert shelf.trace == ["load res_a", "close res_a", "load res_a"]


def test_needs_must_run_before_a_module_is_loaded_by_hand(loader, shelf) -> None:
    shelf.add("res_a", requires=("res_b",))
    shelf.add("res_b")
    assert message(lambda: loader.load("res_a")) == "res_a.so needs res_b, which does not run\n    load 'res_b' first"
    loader.load("res_b")
    loader.load("res_a")
    assert shelf.calls() == ["load res_b", "load res_a"]
    assert table(loader) == [("res_a.so", 0, True), ("res_b.so", 1, True)]


@pytest.mark.parametrize("name", ["../res_a", "sub/res_a.so", "/etc/passwd", "."])
def test_a_name_never_leads_out_of_the_module_directory(loader, name) -> None:
    assert message(lambda: loader.load(name)).startswith(f"'{name}' cannot be the name of a module")


def test_no_name_is_told_as_such(loader) -> None:
    assert message(lambda: loader.load("")).startswith("expected the name of a module\n")


def test_a_name_that_is_nearly_right_is_suggested(loader, shelf) -> None:
    shelf.add("res_limit")
    assert message(lambda: loader.load("res_limti")) == (
        f"there is no module 'res_limti': no such file in {shelf.directory}\n    did you mean 'res_limit.so'?"
    )


def test_a_module_in_use_is_not_unloaded_and_its_users_are_named(loader, shelf) -> None:
    shelf.add("res_a", requires=("res_b",))
    shelf.add("res_b")
    loader.start(conf(loader))
    shelf.opened["res_b"].use(1)
    assert message(lambda: loader.unload("res_b")) == (
        "res_b.so has use count 2: res_a.so needs it; 1 other reference on it\n"
        "    unload 'res_a.so' first, or use 'module refresh res_b.so recursively'"
    )


def test_unloading_gives_back_the_references_on_needs(loader, shelf) -> None:
    shelf.add("res_a", requires=("res_b",))
    shelf.add("res_b")
    loader.start(conf(loader))
    loader.unload("res_a")
    assert table(loader) == [("res_b.so", 0, True)]
    loader.unload("res_b")
    assert shelf.calls() == ["load res_b", "load res_a", "unload res_a", "unload res_b"]


def test_firm_ignores_the_use_count_but_not_a_refusal(loader, shelf) -> None:
    shelf.add("res_a")
    shelf.add("res_b", results={"unload": -1})
    loader.start(conf(loader))
    for module in shelf.opened.values():
        module.use(1)
    loader.unload("res_a", Force.FIRM)
    assert "refuses to be unloaded" in message(lambda: loader.unload("res_b", Force.FIRM))
    assert table(loader) == [("res_b.so", 1, True)]


def test_hard_takes_a_module_out_although_it_refuses_and_still_tells(loader, shelf) -> None:
    shelf.add("res_a", results={"unload": -1})
    loader.load("res_a")
    told = message(lambda: loader.unload("res_a", Force.HARD))
    assert told.endswith("its unload callback returned -1\n    it was taken out all the same, as was asked")
    assert table(loader) == []


def test_a_module_without_an_unload_callback_is_refused_in_words(loader, shelf) -> None:
    shelf.add("res_a", has_unload=False)
    loader.load("res_a")
    assert message(lambda: loader.unload("res_a")) == (
        f"{shelf.directory}/res_a.so: has no unload callback\n"
        "    this module cannot be unloaded; stop the program to be rid of it"
    )


def test_what_a_module_leaves_registered_goes_with_it(core, loader, shelf, journal) -> None:
    shelf.add("res_a")
    loader.load("res_a")
    core.commands.register(Command("a show", lambda call: None, module="res_a"))
    loader.unload("res_a")
    assert core.commands.find(["a", "show"]) is None
    assert journal.lines(Level.WARNING) == ["res_a.so left its command 'a show' registered; it has been removed"]


def test_a_module_is_held_while_a_command_of_it_runs(core, loader, shelf) -> None:
    from runtime.core.commands.clients import Transcript

    shelf.add("res_a")
    loader.load("res_a")
    core.commands.register(Command("a go", lambda call: loader.unload("res_a") and None, module="res_a"))
    client = Transcript()
    assert not core.commands.run("a go", client).ok
    assert client.errors == ["res_a.so has use count 1: something uses it\n"]
    assert table(loader) == [("res_a.so", 0, True)]


# ---- reload


def test_reload_says_what_became_of_it(core, loader, shelf) -> None:
    shelf.add("res_a", has_reload=True)
    shelf.add("res_b", has_reload=True, results={"reload": -1})
    shelf.add("res_c")
    shelf.add("res_d", has_reload=True, results={"load": 1})
    loader.start(conf(loader))
    core.booted.set()
    shelf.calls()
    names = ["res_a", "res_b", "res_c", "res_d", "res_e"]
    assert [loader.reload(name) for name in names] == [
        Reload.SUCCESS,
        Reload.ERROR,
        Reload.NOT_IMPLEMENTED,
        Reload.UNINITIALIZED,
        Reload.NOT_FOUND,
    ]
    assert shelf.calls() == ["reload res_a", "reload res_b"]
    assert loader.reload() is Reload.SUCCESS
    assert shelf.calls() == ["reload res_a", "reload res_b"]


def test_reloads_asked_for_during_the_start_are_done_after_it_once_each(core, loader, shelf) -> None:
    shelf.add("res_a", has_reload=True)
    loader.start(conf(loader))
    shelf.calls()
    assert [loader.reload(name) for name in ("res_a", "RES_A.so")] == [Reload.QUEUED, Reload.QUEUED]
    core.booted.set()
    loader.run_queued_reloads()
    assert shelf.calls() == ["reload res_a"]


# ---- refresh


def three_in_a_row(loader: Loader, shelf) -> None:
    shelf.add("res_a", requires=("res_b",))
    shelf.add("res_b")
    shelf.add("res_c", requires=("res_a",))
    loader.start(conf(loader))
    shelf.calls()


def test_refresh_recursively_takes_all_dependents_down_and_up_again(loader, shelf) -> None:
    three_in_a_row(loader, shelf)
    loader.refresh("res_b", recursively=True)
    assert shelf.calls() == [f"unload res_{x}" for x in "cab"] + [f"load res_{x}" for x in "bac"]
    assert table(loader) == [("res_a.so", 1, True), ("res_b.so", 1, True), ("res_c.so", 0, True)]


def test_refresh_touches_nothing_when_one_of_them_is_in_use(loader, shelf) -> None:
    three_in_a_row(loader, shelf)
    shelf.opened["res_a"].use(1)
    assert message(lambda: loader.refresh("res_b", recursively=True)) == (
        "res_b.so cannot be unloaded: 1 reference on res_a.so would be left\n    nothing was changed"
    )
    assert shelf.calls() == []


def test_refresh_loads_again_what_it_unloaded_before_one_refused(loader, shelf) -> None:
    shelf.add("res_a", requires=("res_b",))
    shelf.add("res_b", results={"unload": -1})
    loader.start(conf(loader))
    shelf.calls()
    assert "refuses to be unloaded" in message(lambda: loader.refresh("res_b", recursively=True))
    assert shelf.calls() == ["unload res_a", "unload res_b", "load res_a"]
    assert table(loader) == [("res_a.so", 0, True), ("res_b.so", 1, True)]


def test_refresh_tells_a_load_that_failed_from_an_unload_that_did(loader, shelf) -> None:
    shelf.add("res_a")
    loader.load("res_a")
    shelf.spoil("res_a", lambda: Fault("it is no shared object", code="not-elf"))
    with pytest.raises(AsterismError) as caught:
        loader.refresh("res_a")
    assert [(fault.code, fault.what) for fault in caught.value.faults] == [
        ("not-loaded-again", "res_a.so was unloaded and could not be loaded again: it is no shared object"),
    ]


# ---- the end


def test_shutdown_goes_from_the_last_started_to_the_first_again_and_again(loader, shelf) -> None:
    shelf.add("res_a")
    shelf.add("res_b")
    shelf.add("res_c", requires=("res_a",))
    loader.start(conf(loader))
    shelf.calls()
    assert loader.shutdown() == []
    assert shelf.calls() == ["unload res_c", "unload res_b", "unload res_a"]


def test_shutdown_passes_over_what_is_in_use(loader, shelf) -> None:
    shelf.add("res_a")
    shelf.add("res_b")
    loader.start(conf(loader))
    shelf.opened["res_a"].use(1)
    shelf.calls()
    assert not loader.is_idle()
    assert loader.shutdown() == ["res_a.so"]
    assert shelf.calls() == ["unload res_b"]


def test_why_modules_do_not_run_is_kept_until_they_do(loader, shelf) -> None:
    shelf.add("res_a", results={"load": 1})
    loader.start(conf(loader))
    assert [fault.what for fault in loader.failed.values()] == ["declined to load"]
    shelf.add("res_a")
    loader.load("res_a")
    assert loader.failed == {}


def test_the_table_guards_with_the_loader(core: Core, loader: Loader) -> None:
    assert isinstance(core.commands, Table)
    with core.holding("res_none", "its command", lambda: True) as running:
        assert not running


def held(core: Core, module: str, *, is_there: bool = True, dialplan: bool = False) -> bool:
    """Whether something of a module may be called now, by a thread of its own."""
    found: list[bool] = []

    def ask() -> None:
        with core.holding(module, "its command", lambda: is_there, dialplan=dialplan) as may:
            found.append(may)

    thread = threading.Thread(target=ask)
    thread.start()
    thread.join()
    return found[0]


def test_what_is_not_registered_any_more_is_not_called_although_its_module_runs(core, loader, shelf) -> None:
    shelf.add("res_a")
    loader.start(conf(loader))
    assert (held(core, "res_a"), held(core, "res_a", is_there=False)) == (True, False)


def test_a_module_is_in_use_while_something_of_it_runs(core, loader, shelf) -> None:
    shelf.add("res_a")
    loader.start(conf(loader))
    with core.holding("res_a", "its command", lambda: True):
        assert table(loader) == [("res_a.so", 1, True)]
        with pytest.raises(AsterismError, match="use count 1"):
            loader.unload("res_a")
    assert loader.unload("res_a") == "res_a.so"


def test_nobody_enters_a_module_that_is_being_stopped_but_the_thread_that_stops_it(core, loader, shelf) -> None:
    shelf.add("res_a")
    loader.start(conf(loader))
    module, seen = shelf.opened["res_a"], []

    def unload() -> int:
        with core.holding("res_a", "its function", lambda: True) as own:
            seen.append((own, held(core, "res_a"), held(core, "res_a", dialplan=True), module.running))
        return -1

    module.unload = unload
    with pytest.raises(AsterismError, match="refuses to be unloaded"):
        loader.unload("res_a")
    assert seen == [(True, False, False, False)]
    assert (held(core, "res_a"), module.running) == (True, True)


def test_only_applications_and_functions_may_be_called_while_their_module_loads(core, loader, shelf) -> None:
    shelf.add("res_a")
    loader.start(conf(loader))
    loader.unload("res_a")
    seen = []
    shelf.at_load["res_a"] = lambda: seen.append((held(core, "res_a"), held(core, "res_a", dialplan=True)))
    loader.load("res_a")
    assert seen == [(False, True)]


def test_a_module_that_declined_is_not_closed_while_a_function_of_it_runs(core, loader, shelf) -> None:
    shelf.add("res_a", results={"load": 1})
    began, go_on, threads = threading.Event(), threading.Event(), []

    def call() -> None:
        with core.holding("res_a", "its function", lambda: True, dialplan=True):
            began.set()
            go_on.wait(20)

    def begin() -> None:
        threads.append(threading.Thread(target=call))
        threads[0].start()
        began.wait(20)

    shelf.at_load["res_a"] = begin
    loader.start(conf(loader))
    with pytest.raises(AsterismError, match="use count 1"):
        loader.unload("res_a")
    go_on.set()
    threads[0].join()
    assert loader.unload("res_a") == "res_a.so"


def test_a_command_that_does_not_run_is_not_asked_for_completions_either(core, loader, shelf) -> None:
    shelf.add("res_a")
    loader.start(conf(loader))
    core.commands.register(Command("a show", lambda call: None, complete=lambda asked: ["word"], module="res_a"))
    core.commands.register(Command("b show", lambda call: None, complete=lambda asked: ["word"], module="res_none"))
    assert (core.commands.complete("a show "), core.commands.complete("b show ")) == (["word"], [])


def test_what_is_taken_away_between_finding_and_calling_is_not_there(core, loader, shelf, monkeypatch) -> None:
    shelf.add("res_a")
    loader.start(conf(loader))
    called: list[str] = []
    stale = Function("GONE", lambda channel, text: called.append(text) or "", module="res_a")
    monkeypatch.setattr(core.functions, "find", lambda name: stale)
    with pytest.raises(AsterismError, match="there is no function 'GONE'"):
        functions.read_function(core, None, "GONE(x)")
    action = Action("Gone", lambda request: called.append("action"), module="res_a")
    request = Request(core, Parser().feed(b"Action: Gone\r\n\r\n")[0])
    perform(request, action)
    assert request.answer == "Response: Error\r\nMessage: The module res_a is not running\r\n\r\n"
    assert called == []


def test_a_module_cannot_unload_itself_in_its_own_callback(loader, shelf) -> None:
    shelf.add("res_a")
    said = []

    def unload_itself() -> None:
        with pytest.raises(AsterismError) as caught:
            loader.unload("res_a")
        said.append(str(caught.value))

    shelf.at_load["res_a"] = unload_itself
    loader.start(conf(loader))
    assert said == ["res_a.so has use count 1: something uses it"]
    assert table(loader) == [("res_a.so", 0, True)]


def test_a_module_is_off_the_list_before_it_is_closed(loader, shelf) -> None:
    shelf.add("res_a")
    loader.start(conf(loader))
    seen = []
    shelf.opened["res_a"].close = lambda: seen.append((loader.rows(), loader.names(), loader.order(), loader.is_idle()))
    loader.unload("res_a")
    assert seen == [([], [], [], True)]


def test_the_list_is_read_while_nothing_is_closed(loader, shelf) -> None:
    """Whoever reads the use count of a module of the list keeps those from closing it that would."""
    shelf.add("res_a")
    loader.start(conf(loader))
    module = shelf.opened["res_a"]
    other = threading.Thread(target=loader.unload, args=("res_a",))

    class Looked(type(module)):
        @property
        def build(self) -> str:
            other.start()
            other.join(0.05)
            return "closed" if "close res_a" in self.trace else "open"

        @build.setter
        def build(self, _text: str) -> None:
            """The fake sets it."""

    module.__class__ = Looked
    assert [row.build for row in loader.rows()] == ["open"]
    other.join()
    assert loader.rows() == []


def test_nobody_keeps_a_reference_on_a_module_that_went_by_force(loader, shelf) -> None:
    shelf.add("res_a", requires=("res_b",))
    shelf.add("res_b")
    loader.start(conf(loader))
    loader.unload("res_b", Force.FIRM)
    loader.load("res_b")
    loader.unload("res_a")
    assert table(loader) == [("res_b.so", 0, True)]
