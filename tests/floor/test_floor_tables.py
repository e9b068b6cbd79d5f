"""Tables that are wider than a terminal: columns share its width, and what is no table stays as it is."""

from __future__ import annotations

from asterism.terminal.columns import broken

MODULES = """\
Module               Description                              Use Count  Status      Support Level
res_one.so           A module with a long description of many 0          Running              core
app_another.so       Short                                    12         Not Running      extended
res_third_one.so     Another one                              3          Running              core
3 modules loaded
"""


def test_columns_lose_blanks_before_words_are_wrapped() -> None:
    assert (
        broken(MODULES.replace("with a long description of many", "with a name                    "), 82)
        == """\
Module            Description           Use Count  Status       Support Level
res_one.so        A module with a name          0  Running      core
app_another.so    Short                        12  Not Running  extended
res_third_one.so  Another one                   3  Running      core
3 modules loaded
"""
    )


def test_cells_go_on_below_themselves_where_a_table_is_too_wide() -> None:
    assert (
        broken(MODULES, 64)
        == """\
Module            Description            Use  Status   Support
                                       Count           Level
res_one.so        A module with a          0  Running  core
                  long description of
                  many
app_another.so    Short                   12  Not      extended
                                              Running
res_third_one.so  Another one              3  Running  core
3 modules loaded
"""
    )


def test_a_table_that_fits_and_a_table_without_room_stay() -> None:
    assert broken(MODULES, 100) == MODULES
    assert broken("aaaa  bbbb  cccc\n" * 3, 12) == "aaaa  bbbb\n      cccc\n" * 3


def test_colours_take_no_columns_of_a_table() -> None:
    line = "\x1b[32m[*]\x1b[0m res_one               res        \x1b[2mA description\x1b[0m\n"
    assert broken(line * 3, 32) == "\x1b[32m[*]\x1b[0m res_one  res  \x1b[2mA description\x1b[0m\n" * 3


def test_rules_below_headings_are_as_long_as_their_columns() -> None:
    text = "Action          Class           Synopsis\n------          -----           --------\n"
    text += "Logoff          all             Ends the session of a client\n"
    assert (
        broken(text, 36)
        == """\
Action  Class  Synopsis
------  -----  --------
Logoff  all    Ends the session of a
               client
"""
    )


def test_long_words_are_parted_behind_a_comma_but_names_are_not() -> None:
    text = "a_name_of_many_letters  read,write,execute,originate  Does something\n" * 3
    assert (
        broken(text, 56)
        == """\
a_name_of_many_letters  read,write,execute,   Does
                        originate             something
a_name_of_many_letters  read,write,execute,   Does
                        originate             something
a_name_of_many_letters  read,write,execute,   Does
                        originate             something
"""
    )


def test_prose_with_two_blanks_is_not_a_table() -> None:
    text = "Some words.  Others follow here.  And more of them.\n" + "A line of prose without any columns in it.\n" * 2
    assert broken(text, 60) == text


def test_a_table_without_room_is_broken_line_by_line_to_its_end() -> None:
    text = "a_name_of_letters  bbbb  cccc\n" + "a                  bbbb  cccc\n" * 3
    assert broken(text, 20) == "a_name_of_letters\n    bbbb  cccc\n" + "a\n    bbbb  cccc\n" * 3
