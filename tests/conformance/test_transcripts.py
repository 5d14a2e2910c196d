"""Each transcript, recorded from real Slurm, is played on the mock and again on real Slurm."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conformance import compare, transcript

TRANSCRIPTS = sorted((Path(__file__).parent / "transcripts").glob("*.txt"))
# Played on both sides by `make test`, in about a minute; `make ci` plays all.
SMOKE = {"real": ("sbatch-errors", "story-interactive"),
         "mock": ("sbatch-errors", "squeue-errors", "scontrol-show", "sinfo-views",
                  "story-first-job", "story-interactive")}
CASES = [
    pytest.param(name, path, id=f"{name}-{path.stem}",
                 marks=() if path.stem in SMOKE[name] else pytest.mark.slow)
    for name in ("mock", "real") for path in TRANSCRIPTS
]


@pytest.mark.parametrize(("side", "path"), CASES, indirect=["side"])
def test_transcript(side, path, base, tally):
    """Every command line gives the recorded lines; the mock may deviate as listed."""
    known = {d.command: d for d in compare.deviations()
             if d.transcript == path.stem and side.name == "mock"}
    unused, wrong = dict(known), []
    try:
        for step, got in transcript.play(transcript.read(path), side, side.folder(base, path.stem)):
            deviation = known.get(step.text)
            if got == step.body:
                outcome = "identical"
            elif deviation and deviation.explains(step.body, got):
                outcome = "deviating"
                unused.pop(step.text, None)
            else:
                outcome = "different"
                wrong.append(compare.difference(step, got))
            if side.name == "mock":
                tally.add(step, outcome)
    except TimeoutError as error:
        wrong.append(f"then the transcript could not go on: {error}")
    assert not wrong, "\n\n".join([f"{len(wrong)} command lines differ", *wrong])
    assert not unused, f"listed in deviations.toml, but do not deviate: {list(unused)}"


def test_deviations_name_command_lines_that_exist():
    steps = {path.stem: {s.text for s in transcript.read(path)} for path in TRANSCRIPTS}
    for deviation in compare.deviations():
        assert deviation.command in steps.get(deviation.transcript, ()), deviation


def test_every_transcript_has_answers():
    silent = [path.stem for path in TRANSCRIPTS if not any(s.body for s in transcript.read(path)
                                                           if s.kind in "$@" and s.kind)]
    assert not silent, "record them: python -m tests.conformance.record " + " ".join(silent)
