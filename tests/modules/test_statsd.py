"""res_statsd and res_auth_stats: security events are counted, and sent to a real socket."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from module_runtime import Answer, Runtime, compile_module

REPORTER = """
#include "asterisk.h"
#include "asterisk/module.h"
#include "asterisk/cli.h"
#include "asterisk/security_events.h"
#include "asterisk/statsd.h"

static char *report(struct ast_cli_entry *e, int cmd, struct ast_cli_args *a)
{
	struct ast_sockaddr address;
	struct ast_security_event_inval_password event = {
		.common.version = AST_SECURITY_EVENT_INVAL_PASSWORD_VERSION, .common.service = "AMI",
		.common.account_id = "bob", .common.session_id = "1",
		.common.local_addr = { &address, AST_TRANSPORT_TCP }, .common.remote_addr = { &address, AST_TRANSPORT_TCP },
	};

	switch (cmd) {
	case CLI_INIT:
		e->command = "report";
		e->usage = "Usage: report KIND ADDRESS\\n";
		return NULL;
	case CLI_GENERATE:
		return NULL;
	}
	event.common.event_type = atoi(a->argv[1]);
	if (event.common.event_type != AST_SECURITY_EVENT_INVAL_PASSWORD) {
		event.common.version = 1;
	}
	ast_sockaddr_parse(&address, a->argv[2], 0);
	ast_security_event_report(AST_SEC_EVT(&event));
	return CLI_SUCCESS;
}
static char *figures(struct ast_cli_entry *e, int cmd, struct ast_cli_args *a)
{
	switch (cmd) {
	case CLI_INIT:
		e->command = "figures";
		e->usage = "Usage: figures\\n";
		return NULL;
	case CLI_GENERATE:
		return NULL;
	}
	(void) a;
	ast_statsd_log("gauge", AST_STATSD_GAUGE, 3);
	ast_statsd_log_string("gauge", AST_STATSD_GAUGE, "-2", 1.0);
	ast_statsd_log_full_va("%s.time", AST_STATSD_TIMER, -9, 2.0, "a:b|c@d");
	ast_statsd_log_string_va("%s.%d", AST_STATSD_HISTOGRAM, "0.5", 1.0, "text", 1);
	ast_statsd_log("often", AST_STATSD_METER, 1);
	ast_statsd_log_sample("never", 1, 0.0);
	ast_statsd_log_sample("last", INTMAX_MIN, 1.0);
	return CLI_SUCCESS;
}
static struct ast_cli_entry entries[] = { AST_CLI_DEFINE(report, "Report"), AST_CLI_DEFINE(figures, "Figures") };
static int unload_module(void) { return ast_cli_unregister_multiple(entries, ARRAY_LEN(entries)); }
static int load_module(void) { return ast_cli_register_multiple(entries, ARRAY_LEN(entries)); }
AST_MODULE_INFO_STANDARD(ASTERISK_GPL_KEY, "Reports");
"""

WATCHER = """
/*** MODULEINFO
	<support_level>extended</support_level>
	<depend>res_statsd</depend>
 ***/
#include "asterisk.h"

ASTERISK_FILE_VERSION(__FILE__, "$Revision: $")

#include "asterisk/module.h"
#include "asterisk/stasis.h"
#include "asterisk/security_events.h"
#include "asterisk/json.h"
#include "asterisk/statsd.h"

static struct stasis_subscription *watching;

static void failed(void *data, struct stasis_subscription *sub, struct stasis_message *message)
{
	struct ast_json_payload *payload;
	struct ast_str *name;
	char *address;

	(void) data;
	(void) sub;
	if (stasis_message_type(message) != ast_security_event_type()) {
		return;
	}
	payload = stasis_message_data(message);
	if (ast_json_integer_get(ast_json_object_get(payload->json, "SecurityEvent"))
		!= AST_SECURITY_EVENT_INVAL_PASSWORD) {
		return;
	}
	name = ast_str_create(64);
	address = ast_strdupa(ast_json_string_get(ast_json_object_get(payload->json, "RemoteAddress")));
	*strrchr(address, '/') = '\\0';
	ast_str_set(&name, 0, "watched.%s.%s", ast_json_string_get(ast_json_object_get(payload->json, "Service")), address);
	ast_statsd_log(ast_str_buffer(name), AST_STATSD_METER, 1);
	ast_free(name);
}

static int unload_module(void)
{
	watching = stasis_unsubscribe_and_join(watching);
	return 0;
}

static int load_module(void)
{
	watching = stasis_subscribe(ast_security_topic(), failed, NULL);
	return watching ? AST_MODULE_LOAD_SUCCESS : AST_MODULE_LOAD_FAILURE;
}

AST_MODULE_INFO_STANDARD(ASTERISK_GPL_KEY, "Watches");
"""


class Server:
    """A statsd server on a port of its own, which keeps what it is sent."""

    def __init__(self) -> None:
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.socket.settimeout(10)
        self.port = self.socket.getsockname()[1]

    def get(self, count: int) -> list[str]:
        """The next figures, sorted: modules send from threads of their own."""
        return sorted(self.socket.recv(65536).decode() for _ in range(count))


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server()
    yield made
    made.socket.close()


@pytest.fixture(scope="module")
def tried(runtime: Runtime, tree: Path, tmp_path_factory: pytest.TempPathFactory) -> Runtime:
    """A running program that has the two modules above."""
    room = tmp_path_factory.mktemp("tried")
    for name, source in (("res_reporter", REPORTER), ("res_watcher", WATCHER)):
        (room / f"{name}.c").write_text(source)
        compile_module(tree, room / f"{name}.c", runtime.modules)
        assert runtime.ask(f"module load {name}").status == 0
    return runtime


def sends(runtime: Runtime, server: Server, *lines: str) -> None:
    text = "\n".join(["[general]", "enabled = yes", f"server = 127.0.0.1:{server.port}", *lines, ""])
    runtime.config("statsd.conf", text)
    assert runtime.ask("module reload res_statsd").status == 0


def counts(runtime: Runtime, *lines: str) -> None:
    runtime.config("auth_stats.conf", "\n".join(["[general]", *lines, ""]))
    assert runtime.ask("module reload res_auth_stats").status == 0
    assert runtime.ask("auth stats reset").status == 0


def test_figures_are_sent_in_the_form_of_statsd(tried: Runtime, server: Server) -> None:
    sends(tried, server)
    assert tried.ask("figures").status == 0
    assert server.get(6) == [
        "a_b_c_d.time:-9|ms",
        "gauge:-2|g",
        "gauge:3|g",
        "last:-9223372036854775808|c",
        "often:1|m",
        "text.1:0.5|h",
    ]


def test_prefix_line_end_and_meters_are_as_statsd_conf_says(tried: Runtime, server: Server) -> None:
    sends(tried, server, "prefix = here", "add_newline = yes", "meter_support = no")
    assert tried.ask("figures").status == 0
    assert server.get(6) == [
        "here.a_b_c_d.time:-9|ms\n",
        "here.gauge:-2|g\n",
        "here.gauge:3|g\n",
        "here.last:-9223372036854775808|c\n",
        "here.often_meter:1|c\n",
        "here.text.1:0.5|h\n",
    ]


def table(runtime: Runtime) -> list[str]:
    """What 'auth stats show' prints, without the moments."""
    out = runtime.ask("auth stats show").out
    return [re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", "WHEN", line) for line in out.splitlines()]


def row(service: str, what: str, count: int) -> str:
    return f"{service:<16} {what:<40} {count:>8}  WHEN"


EVENTS = f"{'Service':<16} {'Event':<40} {'Count':>8}  Last"
ADDRESSES = f"{'Service':<16} {'Refused address':<40} {'Count':>8}  Last"


def test_security_events_are_counted_and_sent_by_service_and_kind(tried: Runtime, server: Server) -> None:
    sends(tried, server)
    counts(tried)
    for kind in ("12", "12", "1", "9"):
        assert tried.ask(f"report {kind} 192.0.2.1:4711") == Answer("", "", 0, ())
    assert server.get(6) == [
        "security.ami.InvalidAccountID:1|c",
        "security.ami.InvalidPassword:1|c",
        "security.ami.InvalidPassword:1|c",
        "security.ami.SuccessfulAuth:1|c",
        "watched.AMI.IPV4/TCP/192.0.2.1:1|m",
        "watched.AMI.IPV4/TCP/192.0.2.1:1|m",
    ]
    assert table(tried) == [
        EVENTS,
        row("ami", "InvalidAccountID", 1),
        row("ami", "InvalidPassword", 2),
        row("ami", "SuccessfulAuth", 1),
    ]


def test_addresses_that_are_refused_are_counted_up_to_a_number(tried: Runtime, server: Server) -> None:
    sends(tried, server)
    counts(tried, "prefix = auth", "per_address = yes", "addresses = 2")
    for kind, address in (
        ("1", "192.0.2.1:1"),
        ("1", "[2001:db8::1]:2"),
        ("1", "192.0.2.3:3"),
        ("1", "192.0.2.1:4"),
        ("9", "192.0.2.9:5"),
    ):
        assert tried.ask(f"report {kind} {address}").status == 0
    assert server.get(9) == [
        "auth.ami.InvalidAccountID:1|c",
        "auth.ami.InvalidAccountID:1|c",
        "auth.ami.InvalidAccountID:1|c",
        "auth.ami.InvalidAccountID:1|c",
        "auth.ami.SuccessfulAuth:1|c",
        "auth.ami.address.192_0_2_1:1|c",
        "auth.ami.address.192_0_2_1:1|c",
        "auth.ami.address.2001_db8__1:1|c",
        "auth.ami.address.others:1|c",
    ]
    assert table(tried)[3:] == [
        "",
        ADDRESSES,
        row("ami", "192.0.2.1", 2),
        row("ami", "2001:db8::1", 1),
        row("ami", "others", 1),
    ]


def test_a_setting_that_cannot_be_is_told_and_the_old_one_stays(tried: Runtime, server: Server) -> None:
    sends(tried, server)
    counts(tried)
    tried.config("auth_stats.conf", "[general]\nprefix = x\naddresses = many\n")
    told = "ERROR auth_stats.conf: addresses = 'many' is not a number of addresses"
    assert told in tried.ask("module reload res_auth_stats").log
    assert tried.ask("report 1 192.0.2.1:1").status == 0
    assert server.get(1) == ["security.ami.InvalidAccountID:1|c"]


def test_modules_that_send_figures_run_without_res_statsd_and_go_on_when_it_comes_back(
    tried: Runtime, server: Server
) -> None:
    sends(tried, server)
    counts(tried)
    assert tried.ask("module unload -f res_statsd").status == 0
    assert tried.ask("figures") == Answer("", "", 0, ())
    assert tried.ask("report 12 192.0.2.1:1").status == 0
    assert tried.ask("module load res_statsd").status == 0
    assert tried.ask("report 9 192.0.2.1:1").status == 0
    assert server.get(1) == ["security.ami.SuccessfulAuth:1|c"]
    assert table(tried)[1:] == [row("ami", "InvalidPassword", 1), row("ami", "SuccessfulAuth", 1)]


def test_nothing_is_sent_unless_statsd_conf_enables_it(tried: Runtime, server: Server) -> None:
    tried.config("statsd.conf", f"[general]\nserver = 127.0.0.1:{server.port}\n")
    assert tried.ask("module reload res_statsd").status == 0
    assert tried.ask("figures").status == 0
    sends(tried, server)
    assert tried.ask("figures").status == 0
    assert "gauge:3|g" in server.get(6)
    server.socket.settimeout(0)
    with pytest.raises(BlockingIOError):
        server.get(1)
