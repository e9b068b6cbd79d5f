"""What GNU make prints of its recipes."""

from __future__ import annotations

from buildsys.adopted import recipes
from buildsys.adopted.recipes import Recipe

TOP = """\
make: Entering directory '/src'
Makefile:12: target 'main/a.o' does not exist
echo "   [CC] a.c -> a.o"
gcc -c main/a.c \\
  -o main/a.o
# a comment of the recipe
Makefile:20: update target 'all' due to: main/a.o res
make -C res all
make[1]: Entering directory '/src/res'
Makefile:3: target 'res_x.so' does not exist
gcc -shared -o res_x.so res_x.o; \\
make[1]: Nothing to be done for 'other'.
make[1]: Leaving directory '/src/res'
touch all
# Make data base, printed on Mon
.PHONY: all clean
variable = value
# Finished Make data base on Mon
make: Leaving directory '/src'
"""


def test_each_recipe_has_its_directory_target_needs_and_commands() -> None:
    printed = recipes.read(TOP, "/src")
    assert printed.recipes == (
        Recipe(
            "/src",
            "main/a.o",
            (),
            ('echo "   [CC] a.c -> a.o"', "gcc -c main/a.c   -o main/a.o"),
            "Makefile:12",
        ),
        Recipe("/src", "all", ("main/a.o", "res"), ("touch all",), "Makefile:20"),
        Recipe("/src/res", "res_x.so", (), ("gcc -shared -o res_x.so res_x.o",), "Makefile:3"),
    )
    assert printed.phony == {"/src/all", "/src/clean"}


def test_a_line_that_starts_a_make_and_does_more_is_entangled() -> None:
    text = """\
Makefile:3: target 'all' does not exist
for each in a b; do make -C $each; done
make[1]: Entering directory '/src/a'
make[1]: Leaving directory '/src/a'
printf 'one
"""
    (recipe,) = recipes.read(text, "/src").recipes
    assert (recipe.commands, recipe.entangled) == (("printf 'one",), ("for each in a b; do make -C $each; done",))


def test_a_data_base_is_trimmed_to_its_phony_targets() -> None:
    assert recipes.trimmed(TOP).splitlines()[-5:] == [
        "touch all",
        "# Make data base, printed on Mon",
        ".PHONY: all clean",
        "# Finished Make data base on Mon",
        "make: Leaving directory '/src'",
    ]
    assert recipes.read(recipes.trimmed(TOP), "/src") == recipes.read(TOP, "/src")
