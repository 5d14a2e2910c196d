"""Random sequences of command lines, run on the mock and on real Slurm in step.

    pytest tests/conformance/test_random.py -m slow --hypothesis-seed=7

tries another series than the one that `make ci` tries; CONFORMANCE_EXAMPLES says how many
sequences, CONFORMANCE_SECONDS after how many seconds to stop (as `make nightly` has them).  A failure prints the whole sequence as a transcript (transcript.py), ready to be
kept as one.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from tests.conformance import random_commands as commands
from tests.conformance.normalise import Normaliser
from tests.conformance.pair import STATES, Different, Pair, Reused
from tests.conformance.transcript import Result, Step

EXAMPLES = int(os.environ.get("CONFORMANCE_EXAMPLES", "2"))
ENOUGH = float(os.environ.get("CONFORMANCE_SECONDS", "120"))  # seconds, after which no further command line is tried
# What is drawn must not depend on how the sides behave: lines speak of this many jobs, and
# Pair.named() says which of those submitted are meant.
JOBS = 6


def machine(pair: Pair, tally, until: float):
    """The state machine for a pair of sides."""

    class Sequence(RuleBasedStateMachine):
        """A learner who submits, steers, cancels, looks."""

        def __init__(self):
            super().__init__()
            if time.monotonic() < until:
                pair.trail.clear()
                pair.begin()

        @rule(data=st.data())
        def submit(self, data):
            self.both(pair.change, data.draw(commands.submit(JOBS)))

        @rule(data=st.data(), kind=st.sampled_from(("steer", "update", "cancel")))
        def change(self, data, kind):
            self.both(pair.change, data.draw(getattr(commands, kind)(JOBS)))

        @rule(data=st.data())
        def look(self, data):
            for _ in range(2):
                self.both(pair.ask, data.draw(commands.look(JOBS)))

        def both(self, verb, line):
            """Run a line; what differs is tried once more from the start, for chance's sake."""
            if time.monotonic() > until:
                return
            line = pair.named(line)
            try:
                verb(line)
            except Different as different:
                tally.again(different.what)
                pair.again()
            tally.add(Step("$", line), "identical")

    return Sequence


@pytest.mark.slow
@pytest.mark.timeout(900 + ENOUGH)
def test_random_sequences(real, mock, base, tally, request):
    """The mock answers each line of each sequence as real Slurm does."""
    seeded = request.config.getoption("--hypothesis-seed") is not None
    asked = settings(max_examples=EXAMPLES, stateful_step_count=20, deadline=None,
                     derandomize=not seeded, database=None, print_blob=False,
                     phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    pair = Pair(Reused(real.cluster), mock, base)
    before = tally.total()
    run_state_machine_as_test(machine(pair, tally, time.monotonic() + ENOUGH), settings=asked)
    # on the slowest of machines a few sequences at least
    assert tally.total() - before > 20


# ---- the comparison itself: does it see what differs? -------------------------------

QUEUE = ("             JOBID PARTITION     NAME     USER ST       TIME  NODES NODELIST(REASON)\n"
         "             70007      main  long.sh    alice  R       0:03      1 c1\n")


class Canned:
    """A side that answers every line with the same."""

    def __init__(self, name: str, result: Result):
        self.name, self.result = name, result

    def settle(self, variant: str) -> None:
        pass

    def folder(self, base: Path, name: str) -> Path:
        return base

    def normaliser(self, folder: Path) -> Normaliser:
        return Normaliser()

    def write(self, path: Path, text: str) -> None:
        pass

    def run(self, line, folder, env=None, admin=False) -> Result:
        if line == STATES:
            return Result("70007|RUNNING|None|c1|WORK/long.sh\n", "", 0)
        return self.result


def paired(real: Result, mock: Result) -> Pair:
    return Pair(Canned("real", real), Canned("mock", mock), Path("/nowhere"), patience=0)


def changed_at_each_place(text: str):
    """The text with a blank more, a letter else, a letter less, wherever something stands."""
    for place, letter in enumerate(text):
        for new in (" " + letter, "", "x" if letter != "x" else "y"):
            yield text[:place] + new + text[place + 1:]


def test_equal_answers_pass_and_are_written_down():
    pair = paired(Result(QUEUE, "", 0), Result(QUEUE.replace("0:03", "0:41"), "", 0))
    pair.ask("squeue")
    pair.change("sbatch long.sh")
    assert [step.text for _, step in pair.trail] == ["squeue", "sbatch long.sh"]
    assert pair.story().startswith("$ squeue\n>              JOBID PARTITION")


def test_each_changed_blank_or_letter_is_caught():
    told = 0
    time_at = QUEUE.index("0:03")
    for text in changed_at_each_place(QUEUE):
        if text.startswith(QUEUE[:time_at]) and text.endswith(QUEUE[time_at + 4:]):
            continue                    # another time, of the same width or not, is no matter
        pair = paired(Result(QUEUE, "", 0), Result(text, "", 0))
        with pytest.raises(Different, match="differs from real Slurm"):
            pair.ask("squeue")
        told += 1
    assert told > 400


@pytest.mark.parametrize("other", [Result("a\n", "", 1), Result("", "a\n", 0), Result("a", "", 0),
                                   Result("a\na\n", "", 0), Result("a\n", "b\n", 0),
                                   Result("", "", 0)])
@pytest.mark.parametrize("verb", ["ask", "change"])
def test_exit_code_stream_and_line_break_are_caught(other, verb):
    with pytest.raises(Different):
        getattr(paired(Result("a\n", "", 0), other), verb)("squeue")


def test_another_state_of_the_jobs_is_caught():
    pair = paired(Result("Submitted batch job 70007\n", "", 0),
                  Result("Submitted batch job 70007\n", "", 0))
    pair.sides[1].run = lambda line, *_, **__: Result(
        "70007|PENDING|Resources||WORK/long.sh\n" if line == STATES
        else "Submitted batch job 70007\n", "", 0)
    with pytest.raises(Different, match="PENDING"):
        pair.change("sbatch long.sh")


def test_what_differed_once_is_run_again_from_the_start():
    pair = paired(Result("a\n", "", 0), Result("a\n", "", 0))
    pair.ask("squeue -h")
    pair.ask("sinfo -h")
    pair.again()
    assert [step.text for _, step in pair.trail] == ["squeue -h", "sinfo -h"]
    pair.sides[1].result = Result("b\n", "", 0)
    with pytest.raises(Different):
        pair.again()


def test_lines_speak_of_jobs_that_were_submitted():
    pair = paired(Result("", "", 0), Result("", "", 0))
    assert pair.named("scancel $J3 ${J2}_[1-2]") == "scancel 999999 999999_[1-2]"
    for side in pair.jobs.values():
        side += ["70007", "70009"]
    assert pair.named("squeue -j $J1,$J2,$J3,${J4}_5,$JOBS") == "squeue -j $J1,$J2,$J1,${J2}_5,$JOBS"
