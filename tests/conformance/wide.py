"""Every option of every command with values that are none, odd or plain, on the mock and on real Slurm.

    python -m tests.conformance.wide [--seed N] [--minutes M] [--lines N] [--only WORDS] [--report FILE] [--again FILE]

draws command lines, runs them on both sides, and prints those that differ, grouped by command, option and
kind.  A line's answer is what it prints on both streams, its exit code, and of a job that was submitted (held)
what `scontrol show job` says of it.  Lines that only ask (squeue, sacct ...) are tried on a cluster with a few jobs of
known ends, those that submit on another: so what one line leaves behind changes no other's answer.  --again tries those
lines once more that differed in an earlier report.  --record keeps real Slurm's answers, of which CI plays a share on the
mock (test_wide.py).

Kinds: empty, zero, negative, huge, word, list, plain (a value that people give), repeat (two of them), nothing (no
value where one is wanted), variable (by the option's environment variable), directive (on a line of the
script), pair (two options at random).
"""

from __future__ import annotations

import argparse
import json
import lzma
import random
import re
import shlex
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from slurm_mock.commands.slurm_opt import table
from slurm_mock.site import coverage
from tests.conformance import any_site, cases, real_options, sides
from tests.conformance.random_commands import SUBMIT_OPTIONS

RECORDED = Path(__file__).parent / "wide.json.xz"      # [[command, option, kind, line, real Slurm's answer]]
CASE = cases.read(cases.FOLDER / "commands" / "05-show-job-equals.sh")    # whose cluster is used
CHUNK = 500                # lines between two fresh clusters
# How a line's options are used: so that it ends at once, and changes nothing for the next.
RUNS = {"sbatch": "s {}", "salloc": "timeout 4 salloc {} true", "srun": "timeout 4 srun {} true",
        "squeue": "squeue {}", "sinfo": "sinfo {}", "sacct": "sacct {}", "scancel": "scancel {} 39999",
        "sprio": "sprio {}", "sshare": "sshare {}", "sstat": "sstat {}", "sattach": "sattach {} 39999.0",
        "sbcast": "sbcast {} nothing /tmp/nothing"}
SUBMITS = ("sbatch", "salloc", "srun")
# What the lines that only ask find.
JOBS = r"""
sbatch -Q -J one --wrap=true; sbatch -Q -J two -n 2 -t 5 --wrap='srun true'; sbatch -Q -J bad --wrap='exit 3'; sbatch -Q -a 1-2 --wrap=true
sbatch -Q -H -J kept -p main; sbatch -Q -J after -d afterok:1 -H --wrap=true; sleep 3; srun true
for _ in $(seq 100); do [ -n "$(squeue -h -t R,CG,PD -o %i%r | grep -v Held)" ] || break; sleep 0.2; done; sleep 2
"""
SETUP = r"""
s() {
  local o rc
  case "$*" in *.sh) o=$(sbatch -H --parsable "$@");; *) o=$(sbatch -H --parsable "$@" --wrap=true);; esac; rc=$?
  [ -z "$o" ] || echo "$o"
  case "$o" in [0-9]*) scontrol show job "${o%%;*}"; scancel "${o%%;*}";; esac
  return $rc
}
export -f s
"""
ONE = ("printf '@@@ %d\\n' {number}; timeout 30 bash -c {text} >o 2>e </dev/null; r=$?\n"
       "sed 's/^/> /' o; sed 's/^/! /' e; printf '\\n= %d\\n' $r\n")
# By names and letters: what loops, waits or starts a shell, prints pages of our own words or of numbers that differ, tells
# of this moment, writes or reads files, or runs programs around the step.
LEFT_OUT = set("""iterate wait help usage helpstate helpreason helpformat helpformat2 get-user-env pty interactive no-shell
debugger-test json yaml bcast gid uid X input i error kill-command K deadline begin immediate I bell no-bell no-kill epilog
prolog task-epilog task-prolog multi-prog slurmd-debug preserve-env E propagate output o version V verbose v wait-all-nodes
container batch_script env-vars""".split())
# Comes by chance, before or after salloc or srun has ended.
REVOKED = re.compile(r"^! (salloc|srun): (Job allocation \w+ has been revoked|Force Terminated JobId=\w+)\.?\n", re.MULTILINE)
# sshare: how much was used until now.
USED = re.compile(r"(?<=[ |])[0-9]+(?=[ |])")
# srun and the node's slurmstepd write side by side.
TODAY = re.compile(r"^> [A-Z][a-z]{2} [A-Z][a-z]{2} [ 0-9]{2} [0-9:]{8} [0-9]{4}$", re.MULTILINE)
TASK_LINES = re.compile(r"^(! srun: error: .*: task .*\n)(! slurmstepd-.*\n)", re.MULTILINE)
VALUES = {"empty": [""], "zero": ["0"], "negative": ["-1"], "huge": ["4294967296", "99999999999999999999"],
          "word": ["nope"], "list": ["1,2", "a,b"]}
LETTERS = {"sbatch": table.SBATCH, "salloc": table.SALLOC, "srun": table.SRUN}


@dataclass(frozen=True)
class Line:
    """A command line: of which command, about which option(s), what kind of value, and its text."""

    command: str
    option: str
    kind: str
    text: str


@dataclass(frozen=True)
class Option:
    """An option as real Slurm has it: its names ("--account", "-A"), and whether it takes a value."""

    command: str
    names: tuple[str, ...]
    value: str

    @property
    def name(self) -> str:
        return self.names[0].lstrip("-")

    def written(self, value: str | None, short: bool = False) -> str:
        """The option with a value as a shell reads it."""
        if value is None:
            return self.names[-1] if short else self.names[0]
        if self.names[0].startswith("--") and not short:
            return f"{self.names[0]}={shlex.quote(value)}"
        return f"{self.names[-1]} {shlex.quote(value)}"


def options() -> dict[str, list[Option]]:
    """{command: its options} that can be tried, from slurm_options.txt."""
    found = defaultdict(list)
    for line in real_options.LISTED.read_text().splitlines():
        command, *names, value = line.split()
        if line[0] != "#" and command in RUNS and value in ("none", "required", "optional") and not (
                LEFT_OUT & {name.lstrip("-") for name in names}):
            found[command].append(Option(command, tuple(names), value))
    return found


def _plain() -> dict[str, tuple[str, ...]]:
    """{name or letter: values that people give}."""
    found = {}
    for form, values in SUBMIT_OPTIONS.items():
        found[form.replace("{}", "").strip().lstrip("-").rstrip("=")] = tuple(
            value.replace("\\", "").lstrip("=").strip("'") for value in values)
    return found


PLAIN = _plain()


def plain(option: Option) -> tuple[str, ...]:
    """Values that people give an option, those of a number where nothing is known."""
    for name in option.names:
        if PLAIN.get(name.lstrip("-")):
            return PLAIN[name.lstrip("-")]
    return ("1", "2", "main", "101")


def variables(command: str) -> dict[str, list[str]]:
    """{option: its environment variables}."""
    found = defaultdict(list)
    if command in LETTERS:
        for variable, row in table.variables(LETTERS[command]):
            found[row.name].append(variable)
    else:
        for row in coverage.table(command):
            if row.env:
                found[row.name].append(row.env)
    return found


def single(option: Option, rng: random.Random) -> Iterator[tuple[str, str]]:
    """(kind, words) of all lines about one option."""
    if option.value == "none":
        yield "plain", option.written(None)
        yield "repeat", f"{option.written(None)} {option.written(None)}"
        if option.names[0].startswith("--"):
            yield "word", f"{option.names[0]}=nope"
        return
    if option.value == "required":
        yield "nothing", option.written(None)
    else:
        yield "plain", option.written(None)
    for kind, values in VALUES.items():
        for value in values:
            yield kind, option.written(value)
    for value in plain(option):
        yield "plain", option.written(value, short=rng.random() < 0.5)
    one, two = rng.choice(plain(option)), rng.choice(plain(option))
    yield "repeat", f"{option.written(one)} {option.written(two)}"


def generate(seed: int, only: str = "") -> Iterator[Line]:
    """Lines without an end, the same for a seed: all of the single options, then pairs."""
    rng = random.Random(seed)
    every = options()
    first = []
    for command, known in every.items():
        env = variables(command)
        for option in known:
            for kind, words in single(option, rng):
                first.append(Line(command, option.name, kind, RUNS[command].format(words)))
            for variable in env[option.name]:
                for value in ("", "0", "nope", rng.choice(plain(option))):
                    first.append(Line(command, option.name, "variable",
                                      f"{variable}={shlex.quote(value)} {RUNS[command].format('')}"))
            if command == "sbatch":
                for value in ("", "nope", rng.choice(plain(option))):
                    line = option.written(value if option.value == "required" else None)
                    first.append(Line(command, option.name, "directive",
                                      f"printf '#!/bin/sh\\n#SBATCH %s\\ntrue\\n' {shlex.quote(line)} > d.sh; s d.sh"))
    rng.shuffle(first)
    yield from (line for line in first if asked_for(line, only))
    while not only or "pair" in only:
        command = rng.choice(list(every))
        pair = [rng.choice(every[command]) for _ in range(2)]
        words = [option.written(None if option.value == "none" else rng.choice(
            [*plain(option), *plain(option), *(value for values in VALUES.values() for value in values)])) for option in pair]
        line = Line(command, "+".join(sorted(option.name for option in pair)), "pair", RUNS[command].format(" ".join(words)))
        if asked_for(line, only):
            yield line


def asked_for(line: Line, words: str) -> bool:
    """Are all of the words (a comma list) among the line's command, option and kind?"""
    return set(filter(None, words.split(","))) <= {line.command, line.option, line.kind}


def answers(side: sides.Side, folder: Path, lines: list[Line]) -> list[str]:
    """What a side says to each line, without what differs from run to run."""
    script = SETUP + "".join(ONE.format(number=number, text=shlex.quote(line.text)) for number, line in enumerate(lines))
    side.write(folder / "lines.sh", script)
    side.as_user = side.user
    told = side.run("exec bash lines.sh", folder, timeout=30 * len(lines)).stdout
    found = [""] * len(lines)
    for part in told.split("@@@ ")[1:]:
        number, _, text = part.partition("\n")
        text = TODAY.sub("> TODAY", TASK_LINES.sub(r"\2\1", REVOKED.sub("", text)))
        if lines[int(number)].command == "sshare":
            text = USED.sub("N", text)
        found[int(number)] = cases.here(text, side, folder, CASE)
    return found


def compared(lines: list[Line], folders: dict, both: list[sides.Side], kept: list) -> list[tuple[Line, str, str]]:
    """The lines that differ, with the real answer and the mock's; real answers that are no chance are added to `kept`.
    What differs is asked once more, alone, for a job that just ends is chance."""
    told = [answers(side, folders[side.name], lines) for side in both]
    first = {line: texts for line, *texts in zip(lines, *told)}
    suspects = [line for line, texts in first.items() if texts[0] != texts[1]]
    kept += [[*vars(line).values(), texts[0]] for line, texts in first.items() if texts[0] == texts[1]]
    if not suspects:
        return []
    time.sleep(1)
    told = [answers(side, folders[side.name], suspects) for side in both]
    again = [(line, *texts) for line, *texts in zip(suspects, *told)]
    kept += [[*vars(line).values(), real] for line, real, _ in again if real == first[line][0]]
    return [(line, real, mock) for line, real, mock in again if real != mock]


def begin(case, jobs: str, folders: dict, both: list[sides.Side]) -> None:
    """A fresh cluster on each side, with these jobs."""
    for side in both:
        side.settle(case.conf)
        side.as_user = side.user
        if jobs:
            side.write(folders[side.name] / "jobs.sh", jobs)
            side.run("exec bash jobs.sh", folders[side.name], timeout=120)


def main() -> int:
    parser = argparse.ArgumentParser(description="Compare the mock with real Slurm on generated command lines.")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--lines", type=int, default=10**9, help="stop after so many distinct lines")
    parser.add_argument("--only", default="", metavar="WORDS", help="only lines of these commands, options, kinds: sbatch,empty")
    parser.add_argument("--report", type=Path, help="write all that differs here, as JSON")
    parser.add_argument("--record", action="store_true", help=f"keep real Slurm's answers in {RECORDED.name}")
    parser.add_argument("--again", type=Path, metavar="FILE", help="only the lines of this report")
    asked = parser.parse_args()
    until, seen, differ, kept = time.monotonic() + 60 * asked.minutes, {}, [], []
    source = generate(asked.seed, asked.only)
    if asked.again:
        source = (Line(*row[:4]) for row in json.loads(asked.again.read_text()))
    with tempfile.TemporaryDirectory(prefix="wide-", ignore_cleanup_errors=True) as name:
        base = Path(name)
        base.chmod(0o755)
        with any_site.opened("real", base) as real, any_site.opened("mock", base) as mock:
            folders = {}
            for side in (real, mock):
                side.delay = "0"
                folders[side.name] = side.folder(base, "wide")
            while time.monotonic() < until and len(seen) < asked.lines:
                chunk = []
                for line in source:
                    if line.text not in seen:
                        seen[line.text] = line
                        chunk.append(line)
                    if len(chunk) == CHUNK or len(seen) >= asked.lines:
                        break
                for submits in (False, True):
                    part = [line for line in chunk if (line.command in SUBMITS) == submits]
                    if part:
                        begin(CASE, "" if submits else JOBS, folders, [real, mock])
                        differ += compared(part, folders, [real, mock], kept)
                print(f"{len(seen)} lines, {len(differ)} differ", file=sys.stderr, flush=True)
                if len(chunk) < CHUNK:
                    break
    report(seen, differ)
    if asked.record:
        RECORDED.write_bytes(lzma.compress(json.dumps(kept).encode(), preset=9))
    if asked.report:
        asked.report.write_text(json.dumps([[*vars(line).values(), *texts] for line, *texts in differ], indent=1))
    return 1 if differ else 0


def report(seen: dict[str, Line], differ: list[tuple[Line, str, str]]) -> None:
    """Counts by kind, and the lines that differ by command and option."""
    kinds = Counter(line.kind for line in seen.values())
    wrong = Counter(line.kind for line, *_ in differ)
    print(f"{'kind':<10} {'lines':>6} {'differ':>6}")
    for kind, count in [*sorted(kinds.items()), ("all", len(seen))]:
        print(f"{kind:<10} {count:>6} {len(differ) if kind == 'all' else wrong[kind]:>6}")
    groups = defaultdict(list)
    for line, *_ in differ:
        groups[line.command, line.option].append(line)
    for (command, option), lines in sorted(groups.items()):
        print(f"\n{command} {option}")
        for line in lines:
            print(f"  {line.kind:<10} {line.text}")


if __name__ == "__main__":
    sys.exit(main())
