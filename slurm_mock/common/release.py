"""The release of Slurm that speaks, as one number, and what differs by it alone.

2205 is 22.05.  Rows of tables (options, fields, lines) bear `since` and `until`: the releases in
which they came and went; `there` compares.  A text or a default that differs is {release: value},
which `as_of` reads.  What is not in a table asks nobody for the release.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any, TypeVar

    # a row of a table, with `since` and `until`
    Kind = TypeVar("Kind", bound=Any)

# The releases that rows may name, in their order.
RELEASES = (2205, 2411, 2605)
# The one that the mock speaks.
CURRENT = 2205
# What each calls itself.
NUMBERS = {2205: "22.05.8"}
# SLURM_PROTOCOL_VERSION, which accounting shows of a cluster.
PROTOCOLS = {2205: 9728}


def there(since: int = 2205, until: "int | None" = None, release: int = CURRENT) -> bool:
    """Is what came in the release `since`, and went in `until` (None: never), in this release?"""
    return since <= release and (until is None or release < until)


def as_of(value: "Any", release: int = CURRENT) -> "Any":
    """A value as this release has it.  What differs between releases is {release: value}: then it
    is that of the last one not after this, None where the first is later."""
    if not isinstance(value, dict):
        return value
    return value.get(max([first for first in value if first <= release], default=0))


def in_release(rows: "Iterable[Kind]", release: int = CURRENT) -> "list[Kind]":
    """Those rows (with `since` and `until`) of a table that this release has: a list."""
    return [row for row in rows if there(row.since, row.until, release)]


def version(release: int = CURRENT) -> str:
    """What the release calls itself."""
    number: str = as_of(NUMBERS, release)
    return number


def package_version(release: int = CURRENT) -> str:
    """The same as --version says it: Debian's package, whose name is in the version."""
    return f"slurm-wlm {version(release)}"


def protocol(release: int = CURRENT) -> int:
    """SLURM_PROTOCOL_VERSION."""
    number: int = as_of(PROTOCOLS, release)
    return number


def parts(release: int = CURRENT) -> "dict[str, int]":
    """The release's number as Slurm's JSON tells it: {"major": 22, "micro": 8, "minor": 5}."""
    major, minor, micro = map(int, version(release).split("."))
    return {"major": major, "micro": micro, "minor": minor}
