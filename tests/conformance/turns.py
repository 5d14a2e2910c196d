"""Which transcripts are played again on real Slurm, and who plays which on the mock.

A run on real Slurm proves that a recorded answer can be had again.  It is due when the transcript,
its slurm.conf or the harness has changed since the last one, which last_real_run.toml tells of; of
the others each has its turn once in seven.  The mock's side is always played whole, by several
workers where that is asked for.
"""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.conformance import sides, transcript
from tests.conformance.compare import tomllib

SHARES = 7
RECORD = Path(__file__).parent / "last_real_run.toml"
CLUSTER = Path(__file__).parent / "cluster"
HARNESS = ("real_slurm.py", "transcript.py", "normalise.py")
ALL, ITS_TURN, CHANGED, NEVER = ("all are", "it is their turn", "changed since the last time",
                                 "never done before")
UNKNOWN = 15  # seconds that a transcript takes of which nothing is known


@dataclass(frozen=True)
class Run:
    """The last time that a transcript gave its recorded answers on real Slurm."""

    date: str
    digest: str
    seconds: int
    share: int


def digests(paths: Mapping[str, Path]) -> dict[str, str]:
    """What each transcript's answers depend on, besides Slurm itself, as one word."""
    shared = [*sorted(CLUSTER.glob("*.in")), *(Path(__file__).parent / name for name in HARNESS)]
    # the mock, whose side is in the same file as the real one, is another matter
    texts = [file.read_bytes() for file in shared]
    texts += [inspect.getsource(side).encode() for side in (sides.Side, sides.Real)]
    told = {}
    for name, path in paths.items():
        own = [path.read_bytes()]
        if variant := transcript.variant(transcript.read(path)):
            own.append((CLUSTER / "variants" / f"{variant}.conf").read_bytes())
        whole = hashlib.sha256()
        for text in (*texts, *own):
            whole.update(b"%d\n" % len(text) + text)
        told[name] = whole.hexdigest()[:16]
    return told


def choose(digests: Mapping[str, str], runs: Mapping[str, Run], turn: int) -> dict[str, str]:
    """The transcripts (name: digest) whose run on real Slurm is due in this turn, each with why."""
    due = {}
    for name, now in digests.items():
        if name not in runs:
            due[name] = NEVER
        elif runs[name].digest != now:
            due[name] = CHANGED
        elif runs[name].share == turn % SHARES:
            due[name] = ITS_TURN
    return due


def divide(seconds: Mapping[str, float], parts: int, given: Mapping[str, int] | None = None) -> dict[str, int]:
    """The part (0, 1, ...) of each, such that all take about as long; some may have theirs already."""
    shares = {name: part for name, part in (given or {}).items() if name in seconds}
    sums = [sum(seconds[name] for name in shares if shares[name] == part) for part in range(parts)]
    for name in sorted(seconds.keys() - shares.keys(), key=lambda name: (-seconds[name], name)):
        shares[name] = sums.index(min(sums))
        sums[shares[name]] += seconds[name]
    return shares


def part(text: str, names: Collection[str], runs: Mapping[str, Run]) -> set[str]:
    """The transcripts of a worker that is called "1/2"; raises ValueError."""
    number, _, parts = text.partition("/")
    if not (number.isdigit() and parts.isdigit() and 1 <= int(number) <= int(parts)):
        raise ValueError(f"a part is told as 1/2, not as {text!r}")
    seconds = {name: runs[name].seconds if name in runs else UNKNOWN for name in names}
    return {name for name, at in divide(seconds, int(parts)).items() if at == int(number) - 1}


def read(path: Path = RECORD) -> dict[str, Run]:
    """The last run of each transcript that had one."""
    if not path.exists():
        return {}
    return {name: Run(**run) for name, run in tomllib.loads(path.read_text()).items()}


def text(runs: Mapping[str, Run]) -> str:
    """What `read` reads."""
    lines = ["# Written by `make conformance`: when each transcript last gave its recorded answers on real",
             "# Slurm, and with what digest (see turns.py).  `make ci` asks one share in each turn again."]
    lines += [f'{name} = {{ date = "{run.date}", digest = "{run.digest}", seconds = {run.seconds},'
              f" share = {run.share} }}" for name, run in sorted(runs.items())]
    return "\n".join(lines) + "\n"


def after(runs: Mapping[str, Run], played: Mapping[str, float], digests: Mapping[str, str],
          date: str) -> dict[str, Run]:
    """The runs, with those of today (name: seconds).

    Where all were played the shares are made anew, else who has one keeps it: none shall miss its
    turn.  What is no transcript any more is left out.
    """
    seconds = {name: played.get(name, runs[name].seconds if name in runs else UNKNOWN)
               for name in digests if name in played or name in runs}
    kept = {} if digests.keys() <= played.keys() else {name: run.share for name, run in runs.items()}
    shares = divide(seconds, SHARES, kept)
    return {name: Run(date, digests[name], round(played[name]), shares[name]) if name in played
            else runs[name] for name in seconds}
