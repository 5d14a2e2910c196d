"""Command line options, parsed as glibc's getopt_long does for Slurm's commands.

Each command has a table of `Option`s: data, so that help texts, the coverage page, the input
environment variables and the parser come from one place.  Who reads a table reads what `known`
leaves of it: the options that one release of Slurm has.  `import argparse` alone would cost more
time than a whole command may take.
"""

from .release import CURRENT, RELEASES, there

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import TypeVar

    # a row of a table: an Option, or a kind of them
    Row = TypeVar("Row", bound="Option")

NONE, REQUIRED, OPTIONAL = 0, 1, 2
FIRST = RELEASES[0]


class Option:
    """One row of a command's table of options.

    name, letter  as they are typed, without dashes; "" where the option has none
    arg           whether it takes a value: NONE, REQUIRED or OPTIONAL
    help          its line in --help, "" for none
    dest          what the command calls it, where several spellings mean one thing
    env           the input environment variable that says the same, "" for none
    effect        does it change what the command does? If not it is read, checked and passed over
    since, until  the releases in which it came and went (release.there)
    """

    __slots__ = ("name", "letter", "arg", "help", "dest", "env", "effect", "since", "until")

    def __init__(self, name: str, letter: str = "", arg: int = NONE, help: str = "",
                 dest: "str | None" = None, env: str = "", effect: bool = True, since: int = 2205,
                 until: "int | None" = None) -> None:
        self.name, self.letter, self.arg, self.help = name, letter, arg, help
        self.dest = dest or (name or letter).replace("-", "_")
        self.env, self.effect, self.since, self.until = env, effect, since, until


class UsageError(Exception):
    """A command line that getopt refuses; the text is glibc's."""


def known(table: "Iterable[Row]", release: int = CURRENT) -> "list[Row]":
    """The rows of a table that a release of Slurm has, in the table's order."""
    return [row for row in table if row.since == FIRST and row.until is None     # most, and at once
            or there(row.since, row.until, release)]


def environment(table: "Iterable[Option]", env: "Mapping[str, str]",
                release: int = CURRENT) -> "dict[str, str]":
    """What input environment variables say in the place of options: {dest: value}, in the table's
    order. env: {variable: value}."""
    return {o.dest: env[o.env] for o in table
            if o.env in env and there(o.since, o.until, release)}


def getopt(argv: "Sequence[str]", table: "Iterable[Row]", permute: bool = True,
           release: int = CURRENT) -> "tuple[list[tuple[Row, str | None]], list[str]]":
    """Split argv into [(Option, value or None)] and the operands left over.

    With `permute` options may follow operands, as in squeue; without, the first
    operand ends the options, as in sbatch. Options that the release does not have are unknown.
    Raises UsageError.
    """
    rows = known(table, release)
    longs = {o.name: o for o in rows if o.name}
    letters = {o.letter: o for o in rows if o.letter}
    found: "list[tuple[Row, str | None]]" = []
    operands: "list[str]" = []
    i = 0
    while i < len(argv):
        word = argv[i]
        i += 1
        if word == "--":
            operands += argv[i:]
            break
        if word.startswith("--"):
            name, eq, text = word[2:].partition("=")
            value: "str | None" = text
            option = _long(name, longs, word)
            if eq and not option.arg:
                raise UsageError(f"option '--{option.name}' doesn't allow an argument")
            if not eq:
                value = None
                if option.arg == REQUIRED:
                    if i >= len(argv):
                        raise UsageError(f"option '--{option.name}' requires an argument")
                    value, i = argv[i], i + 1
            found.append((option, value))
        elif word.startswith("-") and word != "-":
            i = _letters(word[1:], argv, i, letters, found)
        elif permute:
            operands.append(word)
        else:
            operands += argv[i - 1:]
            break
    return found, operands


def _long(name: str, longs: "Mapping[str, Row]", word: str) -> "Row":
    """A long name or the unambiguous beginning of one -> its Option. Raises UsageError."""
    if name in longs:
        return longs[name]
    fits = [n for n in longs if n.startswith(name)]
    if len({(longs[n].dest, longs[n].arg) for n in fits}) == 1:
        return longs[fits[0]]
    if fits:
        raise UsageError(f"option '{word}' is ambiguous; possibilities: "
                         + " ".join(f"'--{n}'" for n in fits))
    raise UsageError(f"unrecognized option '{word}'")


def _letters(cluster: str, argv: "Sequence[str]", i: int, letters: "Mapping[str, Row]",
             found: "list[tuple[Row, str | None]]") -> int:
    """Enter the options of letters that stand together, "ab5", in `found`; i: the place in argv of the
    next word, which may be the last one's value. The place behind it. Raises UsageError."""
    while cluster:
        letter, cluster = cluster[0], cluster[1:]
        option = letters.get(letter)
        if option is None:
            raise UsageError(f"invalid option -- '{letter}'")
        if not option.arg:
            found.append((option, None))
            continue
        if cluster or option.arg == OPTIONAL:
            found.append((option, cluster or None))
            return i
        if i >= len(argv):
            raise UsageError(f"option requires an argument -- '{letter}'")
        found.append((option, argv[i]))
        return i + 1
    return i


def usage(name: str, synopsis: str, table: "Iterable[Option]", release: int = CURRENT) -> str:
    """The text of --help, made from the table."""
    lines = [f"Usage: {name} {synopsis}"]
    for o in known(table, release):
        if not o.help:
            continue
        value = {NONE: "", REQUIRED: "=VALUE", OPTIONAL: "[=VALUE]"}[o.arg]
        left = ", ".join(filter(None, [f"-{o.letter}" if o.letter else "",
                                       f"--{o.name}{value}" if o.name else ""]))
        lines.append(f"  {left:<32} {o.help}")
    return "\n".join(lines) + "\n"
