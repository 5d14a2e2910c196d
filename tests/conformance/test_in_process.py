"""The transcripts of real Slurm on the in-process machine: one interpreter, no process, virtual time.

That the desktop's mock gives the same is what test_transcripts.py shows; so the command lines counted
here give the same bytes on real Slurm, on the desktop and in the browser lab.  What differs is listed
in in_process.toml, in the form of deviations.toml, each with its reason.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.conformance import compare, transcript
from tests.conformance.in_process import InProcess

pytestmark = [
    pytest.mark.skipif(sys.version_info < (3, 11), reason="just-bash needs Python 3.11"),
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="transcripts are recorded on Linux"),
]

FOLDER = Path(__file__).parent
LISTED = FOLDER / "in_process.toml"
QUICK = ("arrays", "story-first-job")
# What jobs do when they run; what only queries, asks code that knows of no machine.
SLOW = ("arrays-cancel", "dependencies", "distribution", "env-batch", "env-srun", "hetjob-batch",
        "hetjob-steps", "hints", "limits", "long-limits", "mail", "many-choices", "pending",
        "plain", "preempt", "refused-jobs", "requeue", "sacct", "sacctmgr-modify", "salloc",
        "sbatch-errors", "sbatch-output", "sbatch-scripts", "sbatch-wait", "sbcast", "scancel",
        "scontrol-steer", "sinfo-empty", "squeue-steps", "srun-signals", "srun-steps", "srun-tasks",
        "sstat", "story-interactive", "timelimit", "usage", "verbose", "workdir")
LEAST = 800


@pytest.fixture(scope="module")
def in_process(base):
    side = InProcess(base / "inprocess" / "cluster", base)
    side.same = {}
    yield side
    side.close()
    print(f"\nin-process: {sum(side.same.values())} command lines give the bytes that real Slurm and the desktop give")


@pytest.mark.timeout(120)
@pytest.mark.parametrize("name", [*QUICK, *(pytest.param(name, marks=pytest.mark.slow) for name in SLOW)])
def test_as_real_slurm_and_as_on_the_desktop(in_process, base, name):
    wrong, same = played(in_process, base, name)
    assert not wrong, "\n\n".join([f"{len(wrong)} command lines differ", *wrong])
    assert same
    in_process.same[name] = same


def played(side, base, name):
    """Play a transcript: (what is wrong, how many command lines are the same)."""
    listed = {d.command: d for d in compare.deviations(LISTED) if d.transcript == name}
    desktop = {d.command: d for d in compare.deviations() if d.transcript == name}
    steps = transcript.read(transcript.paths()[name])
    wrong, same, unused = [], 0, dict(listed)
    side.settle(transcript.variant(steps))
    try:
        for step, got in transcript.play(steps, side, side.folder(base, name)):
            if got == step.body:
                same += 1
            elif step.text in listed and listed[step.text].explains(step.body, got):
                unused.pop(step.text, None)
            elif step.text not in desktop or not desktop[step.text].explains(step.body, got):
                wrong.append(compare.difference(step, got))
    except TimeoutError as error:
        wrong.append(f"then the transcript could not go on: {error}")
    if unused and not wrong:
        wrong.append(f"listed in {LISTED.name}, but do not differ: {list(unused)}")
    return wrong, same


@pytest.mark.slow
def test_at_least_so_many_are_the_same(in_process):
    """Runs after the others of this file, and not alone."""
    assert set(SLOW) <= set(in_process.same), "run this file whole: -m slow"
    assert sum(in_process.same[name] for name in SLOW) >= LEAST


def test_what_is_listed_exists_and_has_a_reason():
    paths = transcript.paths()
    for deviation in compare.deviations(LISTED):
        steps = {step.text for step in transcript.read(paths[deviation.transcript])}
        assert deviation.transcript in (*QUICK, *SLOW) and deviation.command in steps and len(deviation.reason) > 20
