"""``asterism completion bash|zsh|fish``: a shell script that completes verbs, options and members.

The scripts are static, so a key press does not start Python. Members come from ``menuselect-tree`` in the current
directory, or from the names of sources when that file is missing.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence

from asterism.__main__ import Verb, parser_of, verbs
from asterism.errors import AsterismError, Fault
from asterism.values import dataclass
from asterism.words import either

WITH_MEMBERS = frozenset({"show", "why", "enable", "disable", "only", "graph", "log", "test"})
"""Verbs whose arguments are members; the arguments of all other verbs are files."""

FLAGS = "-c -f -F -r -R -rx -s -v -d -g -m -n -q -T -X -U -G -C -V -h --probe --version --help"
"""The flags of the runtime, which are given without a verb."""

_DIRECTORIES = "addons apps bridges cdr cel channels codecs formats funcs pbx res tests"


@dataclass(frozen=True, slots=True)
class Option:
    """A long option of a verb."""

    name: str
    """The name with its dashes."""
    summary: str = ""
    names: tuple[str, ...] = ()
    """All spellings of the option, long and short."""
    takes_value: bool = False
    choices: tuple[str, ...] = ()
    """The possible values; when empty, a file name is completed."""


@dataclass(frozen=True, slots=True)
class Entry:
    """The completion for one verb."""

    verb: str
    summary: str
    options: tuple[Option, ...]

    @property
    def has_members(self) -> bool:
        """Whether the arguments of the verb are members."""
        return self.verb in WITH_MEMBERS


def entries() -> list[Entry]:
    """All verbs, with their options."""
    return [Entry(verb.name, verb.summary, _options(verb)) for verb in verbs().values()]


def _options(verb: Verb) -> tuple[Option, ...]:
    actions = parser_of(verb)._actions  # argparse has no public way to list the options of a parser
    shown = [action for action in actions if action.help != argparse.SUPPRESS]
    return tuple(_option(name, action) for action in shown for name in action.option_strings if name.startswith("--"))


def _option(name: str, action: argparse.Action) -> Option:
    return Option(
        name,
        "" if action.help in (None, argparse.SUPPRESS) else str(action.help).split(" (default")[0],
        tuple(action.option_strings),
        takes_value=action.nargs != 0,
        choices=tuple(map(str, action.choices or ())),
    )


_BASH = """\
# Completion of asterism for bash: source this file, or put it into ~/.local/share/bash-completion/completions/asterism
_asterism_members() {{
    if [ -r menuselect-tree ]; then
        sed -n 's/.*<member name="\\([^"]*\\)".*/\\1/p' menuselect-tree
    else
        local directory file
        for directory in {directories}; do
            for file in "$directory"/*_*.c "$directory"/*_*.cc "$directory"/*_*.py; do
                [ -e "$file" ] && file=${{file##*/}} && printf '%s\\n' "${{file%.*}}"
            done
        done
    fi
}}
_asterism() {{
    local word=${{COMP_WORDS[COMP_CWORD]}} words= value=
    local before=${{COMP_WORDS[COMP_CWORD - 1]}}
    COMPREPLY=()
    # bash breaks --format=svg into three words.
    [ "$word" = = ] && word=
    [ "$before" = = ] && before=${{COMP_WORDS[COMP_CWORD - 2]}}
    case "${{COMP_WORDS[1]}} $before" in
{values}    esac
    if [ "$COMP_CWORD" -eq 1 ] && [ "${{word:0:1}}" = - ]; then
        words='{flags}'
    elif [ "$COMP_CWORD" -eq 1 ]; then
        words='{verbs}'
    elif [ "$value" ]; then
        words=${{value#-}}
    elif [ "${{word:0:1}}" = - ]; then
        case ${{COMP_WORDS[1]}} in
{options}        esac
    else
        case ${{COMP_WORDS[1]}} in
            {members}) words=$(_asterism_members) ;;
            help) words='{verbs}' ;;
        esac
    fi
    local IFS=$' \\t\\n'
    COMPREPLY=($(compgen -W "$words" -- "$word"))
}}
complete -o default -F _asterism asterism
"""


def bash(found: Sequence[Entry]) -> str:
    """The script for bash."""
    options = "".join(
        f"            {e.verb}) words='{' '.join(option.name for option in e.options)}' ;;\n"
        for e in found
        if e.options
    )
    return _BASH.format(
        directories=_DIRECTORIES,
        flags=FLAGS,
        verbs=" ".join(entry.verb for entry in found),
        options=options,
        values="".join(map(_bash_values, found)),
        members="|".join(entry.verb for entry in found if entry.has_members),
    )


def _bash_values(entry: Entry) -> str:
    return "".join(_bash_value(entry.verb, option) for option in entry.options if option.takes_value)


def _bash_value(verb: str, option: Option) -> str:
    pattern = "|".join(f"'{verb} {name}'" for name in option.names)
    return f"        {pattern}) value='{' '.join(option.choices) or '-'}' ;;\n"


_ZSH = """\
#compdef asterism
# Completion of asterism for zsh: put this file as _asterism into a directory of $fpath, or source it after compinit.
_asterism_members() {{
    local -a members
    if [[ -r menuselect-tree ]]; then
        members=(${{(f)"$(sed -n 's/.*<member name="\\([^"]*\\)".*/\\1/p' menuselect-tree)"}})
    else
        members=({{{directories}}}/*_*.(c|cc|py)(N:t:r))
    fi
    _wanted members expl member compadd -a members
}}
_asterism() {{
    local -a verbs
    verbs=(
{verbs}    )
    if (( CURRENT == 2 )) && [[ $PREFIX = -* ]]; then
        compadd -- {flags}
        return
    fi
    if (( CURRENT == 2 )); then
        _describe -t verbs verb verbs
        return
    fi
    case $words[2] in
{cases}        *) _files ;;
    esac
}}
if [[ $funcstack[1] = _asterism ]]; then
    _asterism "$@"
else
    compdef _asterism asterism
fi
"""


def zsh(found: Sequence[Entry]) -> str:
    """The script for zsh."""
    verbs = "".join(f"        '{entry.verb}:{_zsh(entry.summary)}'\n" for entry in found)
    return _ZSH.format(
        directories=_DIRECTORIES.replace(" ", ","),
        flags=FLAGS,
        verbs=verbs,
        cases="".join(_zsh_case(entry) for entry in found),
    )


def _zsh_case(entry: Entry) -> str:
    if not entry.options and not entry.has_members:
        return ""
    words = "_asterism_members" if entry.has_members else "_files"
    options = "".join(f" '{option.name}[{_zsh(option.summary)}]{_zsh_value(option)}'" for option in entry.options)
    # The verb is a word of the line; for _arguments the line starts after it.
    shift = "shift words; (( CURRENT-- )); "
    return f"        {entry.verb}) {shift}_arguments{options} '*:word:{words}' ;;\n"


def _zsh_value(option: Option) -> str:
    if not option.takes_value:
        return ""
    return f":value:({' '.join(option.choices)})" if option.choices else ":value:_files"


def _zsh(text: str) -> str:
    return text.replace("'", "'\\''").replace("[", "(").replace("]", ")").replace(":", ",")


_FISH = """\
# Completion of asterism for fish: put this file as ~/.config/fish/completions/asterism.fish
function __asterism_members
    if test -r menuselect-tree
        sed -n 's/.*<member name="\\([^"]*\\)".*/\\1/p' menuselect-tree
    else
        for directory in {directories}
            for file in $directory/*_*.c $directory/*_*.cc $directory/*_*.py
                string replace -r '.*/(.*)\\.[a-z]+$' '$1' -- $file
            end
        end
    end
end
"""


def fish(found: Sequence[Entry]) -> str:
    """The script for fish."""
    lines = [_FISH.format(directories=_DIRECTORIES)]
    lines.append(f"complete -c asterism -n __fish_use_subcommand -f -a '{FLAGS}'\n")
    for entry in found:
        lines.append(f"complete -c asterism -n __fish_use_subcommand -a {entry.verb} -d '{_fish(entry.summary)}'\n")
        when = f"-n '__fish_seen_subcommand_from {entry.verb}'"
        if entry.has_members:
            lines.append(f"complete -c asterism -f {when} -a '(__asterism_members)'\n")
        lines += [
            f"complete -c asterism {when} -l {option.name[2:]}{_fish_value(option)} -d '{_fish(option.summary)}'\n"
            for option in entry.options
        ]
    return "".join(lines)


def _fish_value(option: Option) -> str:
    if not option.takes_value:
        return ""
    return f" -x -a '{' '.join(option.choices)}'" if option.choices else " -r -F"


def _fish(text: str) -> str:
    return text.replace("\\", "\\\\").replace("'", "\\'")


SHELLS: dict[str, Callable[[Sequence[Entry]], str]] = {"bash": bash, "zsh": zsh, "fish": fish}


def parser() -> argparse.ArgumentParser:
    """The command line of ``asterism completion``."""
    made = argparse.ArgumentParser(
        prog="asterism completion",
        usage="asterism completion bash|zsh|fish",
        description="Print the completion script of a shell.",
        epilog="Try it at once in bash: source <(asterism completion bash)",
    )
    made.add_argument("shell", choices=SHELLS, help="the shell")
    return made


def main(words: Sequence[str]) -> int:
    """Print the script of a shell.

    Raises:
        AsterismError: the shell is unknown; status 2.
    """
    shells = list(words)
    if shells in (["-h"], ["--help"]):
        parser().print_help()
        return 0
    if len(shells) != 1 or shells[0] not in SHELLS:
        what = f"there is no completion for '{' '.join(shells)}'" if shells else "no shell was named"
        raise AsterismError(Fault(what, cure=f"name {either(SHELLS)}", code="usage"), status=2)
    print(SHELLS[shells[0]](entries()), end="")
    return 0
