"""Both sides driven in step: each command line runs on the mock and on real Slurm.

What the real one gives is the expectation.  A command that changes something must
answer the same on both at once; then the pair waits until the jobs of both sides have
settled, in the same states.  A query is asked again for a while before it counts as
different: real Slurm schedules, and writes its accounts, every few seconds.
"""

from __future__ import annotations

import os
import re
import time
from pathlib import Path

from tests.conformance import compare, transcript
from tests.conformance.normalise import FIRST_JOB_ID
from tests.conformance.sides import Real
from tests.conformance.transcript import Result, Step

PATIENCE = float(os.environ.get("CONFORMANCE_PATIENCE", "30"))  # seconds
PAUSE = 0.2
A_LOOK = 1.5   # seconds in which the scheduler has looked at all jobs
VARIANT = "quick"   # of slurm.conf
NEVER_ENDS, ENDS = "long.sh", "short.sh"
SCRIPTS = {NEVER_ENDS: "#!/bin/bash\nsleep 3000\n",
           ENDS: "#!/bin/bash\necho here\nexit ${1:-0}\n"}
STATES = 'squeue -h -r -t all -j "$JOBS" -S i -o "%i|%T|%r|%N|%o"'
# Words of STATES that pass by themselves.  A job that waits for no reason has not yet been
# looked at.
PASSING = re.compile(rf"\|PENDING\|None\||\|(COMPLETING|CONFIGURING|SIGNALING)\||"
                     rf"\|RUNNING\|.*{re.escape(ENDS)}")
# Reasons that the scheduler's next look may change, though both sides agree on them by now.
UNSURE = re.compile(r"\|PENDING\|(?!JobHeld|BeginTime)")
# The jobs of a sequence run for as long as the sequence takes.
RUN_TIME = ((re.compile(r"RunTime=[\d:-]+"), "RunTime=TIME"),
            (re.compile(r"(?<![\d:-])\d:\d\d(?![\d:])"), "0:ss"))


def is_settled(told: list[str]) -> bool:
    """Will the answer to STATES stay as it is?"""
    return not any(map(PASSING.search, told))


class Reused(Real):
    """A real Slurm that is emptied between two sequences instead of started anew, and
    schedules every second (VARIANT).

    It remembers what ended; ask it for jobs by their ids.
    """

    LAST_JOB_ID = FIRST_JOB_ID + 700     # ids stay such that the normaliser knows them

    def settle(self, variant: str = "") -> None:
        """End all jobs."""
        if not self.used or variant != self.cluster.variant or self._next_id() > self.LAST_JOB_ID:
            super().settle(variant)
            return
        self.cluster.cancel_all()
        self.cluster.wait_for_cleanup(60)

    def _next_id(self) -> int:
        told = self.cluster.run(["scontrol", "show", "config"]).stdout
        return int(re.search(r"^NEXT_JOB_ID\s*= (\d+)", told, re.M)[1])


class Different(AssertionError):
    """The mock's answer is not the real one's: the transcript up to there, and what differs."""

    def __init__(self, story: str, what: str):
        super().__init__(f"{story}\n\nThe mock (+) differs from real Slurm (-):\n{what}")
        self.what = what


class Pair:
    """The real side and the mock, empty at first, and the command lines that both have run."""

    def __init__(self, real, mock, base: Path, patience: float = PATIENCE):
        self.sides = (real, mock)
        self.base, self.patience = base, patience
        self.trail: list[tuple] = []     # (the verb, its step)
        self.begin()

    def begin(self) -> None:
        """Empty both sides (the trail stays)."""
        self.jobs: dict[str, list[str]] = {}
        self.folders, self.normal = {}, {}
        for side in self.sides:
            side.settle(VARIANT)
            folder = self.folders[side.name] = side.folder(self.base, "random")
            self.normal[side.name] = side.normaliser(folder)
            self.jobs[side.name] = []
            for name, text in SCRIPTS.items():
                side.write(folder / name, text)

    @property
    def submitted(self) -> int:
        """How many jobs were submitted; `$J1` is the first one's id."""
        return min(map(len, self.jobs.values()))

    def named(self, line: str) -> str:
        """The line with its $J1, $J2, ... standing for jobs that were submitted, by turns."""
        def one(match):
            count = self.submitted
            if not count:
                return transcript.NO_JOB
            return match[0].replace(match[1], str((int(match[1]) - 1) % count + 1))
        return re.sub(r"\$(?:\{J(?=\d+\})|J)(\d+)\}?", one, line)

    def change(self, line: str, admin: bool = False) -> list[str]:
        """Run a command line that changes something; the lines that both gave.

        Raises Different.
        """
        step = Step("@" if admin else "$", line)
        self.trail.append((self.change, step))
        told = []
        for side in self.sides:
            result = self._run(side, step)
            self.jobs[side.name] += transcript.announced(result.stdout + result.stderr)
            told.append(self._lines(side, step, result))
        step.body = told[0]
        self._compare(step, told)
        self._wait_for_states()
        return told[0]

    def ask(self, line: str, admin: bool = False) -> list[str]:
        """Run a command line that changes nothing until both give the same; its lines."""
        step = Step("@" if admin else "$", line)
        self.trail.append((self.ask, step))
        return self._until_equal(step, lambda told: True)

    def again(self) -> None:
        """Run the whole trail once more, on empty sides; raises Different."""
        trail, self.trail = self.trail, []
        self.begin()
        for verb, step in trail:
            verb(step.text, step.kind == "@")

    def _wait_for_states(self) -> None:
        """Wait until the jobs are in the same states on both sides, and stay there."""
        if not self.submitted:
            return
        step = Step("$", STATES)
        told = self._until_equal(step, is_settled)
        while any(map(UNSURE.search, told)):
            time.sleep(A_LOOK)
            before, told = told, self._until_equal(step, is_settled)
            if told == before:
                return

    def _until_equal(self, step: Step, settled) -> list[str]:
        deadline = time.monotonic() + self.patience
        while True:
            known = {side.name: dict(self.normal[side.name].ids) for side in self.sides}
            told = [self._lines(side, step, self._run(side, step)) for side in self.sides]
            if told[0] == told[1] and settled(told[0]):
                step.body = told[0]
                return told[0]
            if time.monotonic() > deadline:
                step.body = told[0]
                self._compare(step, told)
                return told[0]
            for name, ids in known.items():
                self.normal[name].ids = ids
            time.sleep(PAUSE)

    def _run(self, side, step: Step) -> Result:
        jobs = self.jobs[side.name]
        # nobody's id where there is no job: an empty list means all, those of other sequences, too
        env = {"JOBS": ",".join(jobs) or transcript.NO_JOB, **transcript.ids(jobs)}
        return side.run(step.text, self.folders[side.name], env=env, admin=step.kind == "@")

    def _lines(self, side, step: Step, result: Result) -> list[str]:
        normal = self.normal[side.name]
        texts = []
        for text in (result.stdout, result.stderr):
            for pattern, word in RUN_TIME:
                text = pattern.sub(word, text)
            texts.append(normal(text, step.text))
        return Result(*texts, result.code).lines()

    def _compare(self, step: Step, told: list[list[str]]) -> None:
        if told[0] != told[1]:
            raise Different(self.story(), compare.difference(step, told[1]))

    def story(self) -> str:
        """What both sides have run, as a transcript."""
        return "\n".join(line for _, step in self.trail
                         for line in (f"{step.kind} {step.text}", *step.body))
