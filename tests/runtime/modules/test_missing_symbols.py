"""Which symbols a module lacks, and who would provide them."""

from __future__ import annotations

from collections.abc import Callable

from runtime_support import Place

from asterism.errors import Fault
from runtime.modules.missing_symbols import with_providers

LACKS = Fault("it needs 2 symbols", why="a header", cure="build it", names=("a", "b"))


def test_files_that_provide_some_or_all_symbols_are_named_with_what_to_do() -> None:
    cures = {"res_p.so": "load 'res_p.so' first", "res_q.so": "'res_q.so' was refused"}
    some = with_providers(LACKS, {"a": ["res_p.so"]}, cures)
    assert (some.why, some.cure) == (
        "'res_p.so' would provide 1 of them; a header",
        "load 'res_p.so' first; build it",
    )
    both = with_providers(LACKS, {"a": ["res_p.so"], "b": ["res_q.so", "res_p.so"]}, cures)
    assert (both.why, both.cure) == (
        "'res_p.so' and 'res_q.so' would provide them",
        "load 'res_p.so' first; 'res_q.so' was refused",
    )
    assert with_providers(LACKS, {"c": ["res_p.so"]}, cures) == LACKS


def test_the_loader_tells_all_symbols_and_not_only_the_linkers_first(
    place: Place, compiled: Callable[..., None]
) -> None:
    compiled("res_lacks", "extern int nix_one(void), nix_two(void); return nix_two() + nix_one();")
    done = place.asterism("-cq")
    assert (done.returncode, done.stderr) == (
        0,
        f"{place.modules}/res_lacks.so: it needs 2 symbols that nobody provides, 'nix_one' and 'nix_two'\n"
        "    load the module that provides it, or build this one against the headers of this version\n",
    )
