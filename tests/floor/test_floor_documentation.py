"""DOCUMENTATION blocks: what is read, and how Asterisk's console shows it."""

from __future__ import annotations

import json

import pytest

from asterism.documentation import blocks, layout, pages
from asterism.documentation.library import Library
from asterism.documentation.syntax_line import syntax

SOURCE = """\
/*** MODULEINFO
 ***/
/*** DOCUMENTATION
	<application name="Ring" language="en_US">
		<since>
			<version>1.2.0</version>
		</since>
		<synopsis>
			Ring a phone.
		</synopsis>
		<syntax>
			<parameter name="phone" required="true">
				<para>Which one, as <literal>a</literal>
				or <replaceable>name</replaceable>.</para>
			</parameter>
			<parameter name="options">
				<optionlist>
					<option name="t" hasparams="optional">
						<argument name="seconds" required="true">
							<para>How long.</para>
						</argument>
						<para>Stop by itself.</para>
					</option>
					<option name="q">
						<para>Quietly.</para>
					</option>
				</optionlist>
			</parameter>
		</syntax>
		<description>
			<para>Rings <emphasis>once</emphasis> and sets a variable that says how that went, so that the dialplan
			can go on.</para>
			<variablelist>
				<variable name="RINGSTATUS">
					<para>How it went.</para>
					<value name="OK">Somebody answered</value>
					<value name="NO"/>
				</variable>
			</variablelist>
			<note><para>See <filename>ring.conf</filename>.</para></note>
			<example title="Ring twice">
				same => n,Ring(a)
				same => n,Ring(a,q)
			</example>
		</description>
		<see-also>
			<ref type="application">Answer</ref>
			<ref type="function">CHANNEL</ref>
			<ref type="astcli">core show channels</ref>
		</see-also>
	</application>
 ***/
"""


def entry(text: str):
    return blocks.read(f"/*** DOCUMENTATION\n{text}\n ***/\n", "x.c").elements[0]


def test_an_application_is_laid_out_as_on_asterisks_console() -> None:
    found = blocks.read(SOURCE, "app_ring.c", "app_ring")
    said = layout.texts(found.elements[0])
    assert (found.faults, found.elements[0].get("module")) == ((), "app_ring")
    assert (said.synopsis, said.since) == ("Ring a phone.", "1.2.0")
    assert said.syntax == "Ring(phone[,options])"
    assert said.arguments == (
        "\nphone\n"
        "    Which one, as 'a' or <name>.\n"
        "\noptions\n"
        "    t[(seconds)]: \n"
        "        seconds - How long.\n"
        "        Stop by itself.\n"
        "\n"
        "    q: \n"
        "        Quietly.\n"
    )
    assert said.description == (
        "Rings *once* and sets a variable that says how that went, so that the dialplan\n"
        "can go on.\n"
        "${RINGSTATUS}: How it went.\n"
        "    OK:Somebody answered\n"
        "    NO\n"
        'NOTE: See "ring.conf".\n'
        "Example: Ring twice\n"
        "\n"
        " same => n,Ring(a)\n"
        " same => n,Ring(a,q)\n"
        " "
    )
    assert said.see_also == "Answer(), CHANNEL, 'core show channels'"


@pytest.mark.parametrize(
    ("parameters", "shown"),
    [
        ("", "X()"),
        ('<parameter name="a" required="yes"/>', "X(a)"),
        ('<parameter name="a"/> <parameter name="b"/> ', "X([a][,b])"),
        ('<parameter name="a"/><parameter name="b"/>', "X([a],[b])"),
        ('<parameter name="a"/> <parameter name="b" required="true"/>', "X([a],b)"),
        (' <parameter name="a"/> <parameter name="b" required="true"/>', "X([a,]b)"),
        ('<parameter name="a" required="true" multiple="true"/>', "X(a[,...])"),
        (
            '<parameter name="a" required="1" argsep="&amp;"><argument name="b" required="1"/>'
            '<argument name="c" multiple="1"/> </parameter>',
            "X(b[&c[&...]])",
        ),
        (
            '<parameter name="a" required="1" hasparams="optional"><argument name="b" required="1"/></parameter>',
            "X(a[(b)])",
        ),
    ],
)
def test_the_syntax_of_a_call_says_what_can_be_left_out(parameters: str, shown: str) -> None:
    assert syntax(entry(f'<application name="X"><syntax>{parameters}</syntax></application>')) == shown


def test_the_syntax_of_actions_events_and_agi_commands_has_their_own_form() -> None:
    inside = '<syntax><parameter name="Key" required="true"/><parameter name="Value"/></syntax>'
    assert syntax(entry(f'<manager name="Put">{inside}</manager>')) == "Action: Put\nKey: <value>\n[Value:] <value>"
    choice = '<parameter name="to"><enumlist><enum name="x"/></enumlist></parameter>'
    assert syntax(entry(f'<agi name="put"><syntax>{choice}</syntax></agi>')) == "put [{}]"
    assert syntax(entry(f'<agi name="put">{inside}</agi>')) == "put <Key> [<Value>]"


def test_a_long_line_is_broken_at_a_blank_and_goes_on_under_its_beginning() -> None:
    text = "    one two three four\n" + "x" * 25
    assert layout.wrapped(text, 20) == f"    one two three\n    four\n{'x' * 20}\n{'x' * 5}"


def test_a_block_that_is_not_xml_is_told_with_its_line_and_left_out() -> None:
    text = 'int a;\n/*** DOCUMENTATION\n<function name="A">\n</fun>\n ***/\n'
    text += '/*** DOCUMENTATION\n<function name="B"/>\n***/\n'
    found = blocks.read(text, "func_a.c")
    assert [element.get("name") for element in found.elements] == ["B"]
    (fault,) = found.faults
    assert str(fault.place).startswith("func_a.c:4:")
    assert (fault.what, fault.severity) == ("the DOCUMENTATION block is not XML: mismatched tag", "warning")


def test_a_python_module_has_its_block_in_its_docstring() -> None:
    block = '<function name="A"><synopsis>B &amp; C</synopsis></function>'
    text = f'"""Greets.\n\n/*** DOCUMENTATION\n    {block}\n***/\n"""\n'
    assert [layout.synopsis(each) for each in blocks.read(text, "func_a.py").elements] == ["B & C"]


def test_a_file_says_what_its_blocks_said() -> None:
    elements = blocks.read(SOURCE, "app_ring.c", "app_ring").elements
    text = blocks.dumps(elements)
    assert text.startswith('<?xml version="1.0" encoding="UTF-8"?>\n<docs xmlns:xi=')
    assert [layout.texts(each) for each in blocks.loads(text)] == [layout.texts(each) for each in elements]
    with pytest.raises(ValueError, match="no element found"):
        blocks.loads("")


def test_an_include_brings_what_it_points_to_and_nothing_else() -> None:
    text = """<docs xmlns:xi="http://www.w3.org/2001/XInclude">
    <manager name="Login"><syntax><parameter name="ActionID"><para>Comes back.</para></parameter></syntax></manager>
    <manager name="Ping"><syntax>
      <xi:include xpointer="xpointer(/docs/manager[@name='Login']/syntax/parameter[@name='ActionID'])"/>
      <xi:include xpointer="xpointer(/docs/manager[@name='Gone']/syntax)"/>
      <xi:include href="/etc/passwd" parse="text"/>
    </syntax></manager>
    <manager name="Loop">
      <syntax><xi:include xpointer="xpointer(/docs/manager[@name='Loop']/syntax)"/></syntax>
    </manager>
    </docs>"""
    library = Library(blocks.loads(text))
    ping, loop = library.find("manager", "ping"), library.find("manager", "Loop")
    assert ping is not None
    assert loop is not None
    assert layout.texts(ping).arguments == "\nActionID\n    Comes back."
    assert syntax(ping) == "Action: Ping\n[ActionID:] <value>"


def test_of_entries_of_one_name_the_module_and_then_the_language_decide() -> None:
    def made(**about: str) -> str:
        words = " ".join(f'{name}="{value}"' for name, value in about.items())
        return f'<info name="A" {words}><para>{about}</para></info>'

    german, ours, theirs = made(language="de_DE"), made(language="en_US"), made(language="en_US", module="res_a")
    library = Library(blocks.loads(f"<docs>{german}{ours}{theirs}</docs>"))
    found = [library.find("info", "a"), library.find("info", "A", "res_a"), library.find("info", "A", "res_b")]
    assert [each.get("module", each.get("language")) for each in found if each is not None] == [
        "en_US",
        "res_a",
        "en_US",
    ]
    assert library.find("info", "b") is None


def test_pages_have_every_entry_by_kind_and_name() -> None:
    text = """<docs><function name="B"><synopsis>Is &lt;b&gt;.</synopsis></function>
    <application name="A" module="app_a"><synopsis>Does a_b.</synopsis></application><unknown name="C"/></docs>"""
    entries = pages.ordered(blocks.loads(text))
    assert pages.markdown(entries) == (
        "# Applications\n\n## A\n\nDoes a\\_b.\n\nProvided by app\\_a.\n\n### Syntax\n\n```\nA()\n```\n\n"
        "# Functions\n\n## B\n\nIs \\<b\\>.\n\n### Syntax\n\n```\nB()\n```\n\n"
    )
    assert "<h1>Functions</h1>\n<h2>B</h2>\n<p>Is &lt;b&gt;.</p>\n<h3>Syntax</h3>\n<pre>B()</pre>\n" in pages.html(
        entries
    )
    assert json.loads(json.dumps(pages.values(entries)))[0] == {
        "kind": "application",
        "name": "A",
        "module": "app_a",
        "synopsis": "Does a_b.",
        "since": "",
        "description": "",
        "syntax": "A()",
        "arguments": "",
        "see_also": "",
    }
