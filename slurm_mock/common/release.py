"""The release of Slurm that speaks, as one number, and what differs by it alone.

2205 is 22.05.  Rows of tables (options, fields, lines) bear `since` and `until`: the releases in
which they came and went; `there` compares.  A text or a default that differs is {release: value},
which `as_of` reads.  What is not in a table asks nobody for the release.
"""

# The releases that rows may name, in their order.
RELEASES = (2205, 2411, 2605)
# The one that the mock speaks.
CURRENT = 2205
# What each calls itself.
NUMBERS = {2205: "22.05.8"}
# SLURM_PROTOCOL_VERSION, which accounting shows of a cluster.
PROTOCOLS = {2205: 9728}


def there(since=2205, until=None, release=CURRENT):
    """Is what came in the release `since`, and went in `until` (None: never), in this release?"""
    return since <= release and (until is None or release < until)


def as_of(value, release=CURRENT):
    """A value as this release has it.  What differs between releases is {release: value}: then it
    is that of the last one not after this, None where the first is later."""
    if not isinstance(value, dict):
        return value
    return value.get(max([first for first in value if first <= release], default=None))


def in_release(rows, release=CURRENT):
    """Those rows (with `since` and `until`) of a table that this release has: a list."""
    return [row for row in rows if there(row.since, row.until, release)]


def version(release=CURRENT):
    """What the release calls itself."""
    return as_of(NUMBERS, release)


def package_version(release=CURRENT):
    """The same as --version says it: Debian's package, whose name is in the version."""
    return f"slurm-wlm {version(release)}"


def protocol(release=CURRENT):
    """SLURM_PROTOCOL_VERSION."""
    return as_of(PROTOCOLS, release)


def parts(release=CURRENT):
    """The release's number as Slurm's JSON tells it: {"major": 22, "micro": 8, "minor": 5}."""
    major, minor, micro = map(int, version(release).split("."))
    return {"major": major, "micro": micro, "minor": minor}
