"""Each transcript, recorded from real Slurm, is played on the mock and again on real Slurm."""

from __future__ import annotations

import time

import pytest

from tests.conformance import compare, transcript

TRANSCRIPTS = transcript.paths().values()
# Played on both sides by `make test`, in about a minute; `make ci` plays all on the mock, and on
# real Slurm those that are due (turns.py).
SMOKE = {"real": ("sbatch-errors", "story-interactive"),
         "mock": ("sbatch-errors", "squeue-errors", "scontrol-show", "sinfo-views",
                  "story-first-job", "story-interactive")}
CASES = [
    pytest.param(name, path, id=f"{name}-{path.stem}",
                 marks=() if path.stem in SMOKE[name] else pytest.mark.slow)
    for name in ("mock", "real") for path in TRANSCRIPTS
]


# Both sides race in real time: whether a job has started when the next command looks is chance,
# on a loaded machine more than ever.  What differs is played anew; it must be as recorded then,
# and the table at the end tells of it.
TRIES = {"real": 3, "mock": 2}


@pytest.mark.timeout(900)
@pytest.mark.parametrize(("side", "path"), CASES, indirect=["side"])
def test_transcript(side, path, base, tally):
    """Every command line gives the recorded lines; the mock may deviate as listed."""
    for _ in range(TRIES[side.name]):
        begun = time.monotonic()
        wrong, outcomes = played(side, path, base)
        if not wrong:
            break
        tally.again(f"{side.name} {path.stem}: {wrong[0]}")
    tally.played.add((side.name, path.stem))
    if side.name == "mock":
        for step, outcome in outcomes:
            tally.add(step, outcome)
    if side.name == "real" and not wrong:
        tally.seconds[path.stem] = time.monotonic() - begun
    assert not wrong, "\n\n".join([f"{len(wrong)} command lines differ", *wrong])


def played(side, path, base):
    """Play a transcript once: what is wrong, and [(step, outcome)]."""
    known = {d.command: d for d in compare.deviations()
             if d.transcript == path.stem and side.name == "mock"}
    unused, wrong, outcomes = dict(known), [], []
    steps = transcript.read(path)
    side.settle(transcript.variant(steps))
    try:
        for step, got in transcript.play(steps, side, side.folder(base, path.stem)):
            deviation = known.get(step.text)
            if got == step.body:
                outcome = "identical"
            elif deviation and deviation.explains(step.body, got):
                outcome = "deviating"
                unused.pop(step.text, None)
            else:
                outcome = "different"
                wrong.append(compare.difference(step, got))
            outcomes.append((step, outcome))
    except TimeoutError as error:
        wrong.append(f"then the transcript could not go on: {error}")
    if unused and not wrong:
        wrong.append(f"listed in deviations.toml, but do not deviate: {list(unused)}")
    return wrong, outcomes


def test_deviations_name_command_lines_that_exist():
    steps = {path.stem: {s.text for s in transcript.read(path)} for path in TRANSCRIPTS}
    for deviation in compare.deviations():
        assert deviation.command in steps.get(deviation.transcript, ()), deviation


def test_every_transcript_has_answers():
    silent = [path.stem for path in TRANSCRIPTS if not any(s.body for s in transcript.read(path)
                                                           if s.kind in "$@" and s.kind)]
    assert not silent, "record them: python -m tests.conformance.record " + " ".join(silent)
