r"""Command lines with the output that real Slurm gave: read, run, compared, written.

A transcript is a text file.  The first letter of each line says what it is::

    # a remark
    $ sbatch -p nope job.sh        a command line of the learner
    @ scontrol update ...          a command line of the administrator
    > text                         what it must print on stdout
    ! text                         ... and on stderr
    = 1                            its exit code, where that is not 0
    % file job.sh                  makes a file of the lines behind it ...
    | #!/bin/bash                  ... of which this is one
    % await 1 RUNNING              waits until the first job has this state
    % await 1 TIMEOUT 150          ... for up to 150 seconds
    % await-sacct 1 FAILED         the same, asking sacct
    % await-file NAME WORD         waits until a file holds a word
    % sleep 2                      waits seconds
    % conf limits                  at the beginning: slurm.conf as cluster/variants/limits.conf has it

In a command line ``$J1`` is the id of the first job that was submitted.
A blank at a line's end is followed by ``¶``; ``¬`` ends a text whose last line
has no line break.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from tests.conformance.normalise import JOB_ID

FOLDER = Path(__file__).parent / "transcripts"
ANNOUNCED = re.compile(r"(?:Submitted batch job|job allocation|^(?=\d+(?:;\w+)?$)) ?(\d+)", re.M)
NO_JOB = "999999"  # stands for a job that should have been submitted, and was not
PATIENCE = 60  # seconds that an awaited state may take


@dataclass
class Result:
    """What a command line gave: two texts and an exit code."""

    stdout: str
    stderr: str
    code: int

    def lines(self) -> list[str]:
        """As the lines of a transcript."""
        told = _marked(">", self.stdout) + _marked("!", self.stderr)
        return told + ([f"= {self.code}"] if self.code else [])


@dataclass
class Step:
    """One ``$``, ``@`` or ``%`` line, the remarks before it and the lines it must give."""

    kind: str
    text: str
    remarks: list[str] = field(default_factory=list)
    body: list[str] = field(default_factory=list)

    @property
    def command(self) -> str:
        """The Slurm command that the line is about, "shell" where it is none."""
        for word in self.text.replace("|", " ").replace("(", " ").split():
            if word in COMMANDS:
                return word
        return "shell"


COMMANDS = ("sbatch", "srun", "salloc", "scancel", "squeue", "sinfo", "scontrol", "sacct",
            "sacctmgr", "sstat", "sprio", "sshare", "sreport", "sdiag", "sattach", "sbcast",
            "strigger")


class Malformed(ValueError):
    """A transcript's line that can't be read; tells file and line."""


def paths(folder: Path = FOLDER) -> dict[str, Path]:
    """All transcripts by name, sorted by it, in whatever folder they lie; raises Malformed."""
    found: dict[str, Path] = {}
    for path in sorted(folder.rglob("*.txt"), key=lambda path: path.stem):
        if path.stem in found:
            raise Malformed(f"two transcripts have the same name: {found[path.stem]} and {path}")
        found[path.stem] = path
    return found


def read(path: Path) -> list[Step]:
    """The steps of a transcript; raises Malformed."""
    steps: list[Step] = []
    remarks: list[str] = []
    for number, line in enumerate(path.read_text().splitlines(), 1):
        kind, text = line[:1], line[2:]
        if kind in ("", "#"):
            remarks.append(line)
        elif kind in "$@%":
            steps.append(Step(kind, text, remarks))
            remarks = []
        elif kind in ">!=|" and steps:
            steps[-1].body.append(line)
        else:
            raise Malformed(f"{path.name}:{number}: can't be read: {line!r}")
    if remarks:
        steps.append(Step("", "", remarks))
    return steps


def variant(steps: list[Step]) -> str:
    """The variant of slurm.conf that the transcript is for, "" if it names none."""
    names = [step.text.split()[1] for step in steps if step.kind == "%" and step.text.startswith("conf ")]
    return names[0] if names else ""


def write(path: Path, steps: list[Step]) -> None:
    """Write the transcript anew."""
    lines: list[str] = []
    for step in steps:
        lines += step.remarks
        if step.kind:
            lines += [f"{step.kind} {step.text}", *step.body]
    path.write_text("\n".join(lines) + "\n")


def play(steps: list[Step], side, folder: Path, recording: bool = False):
    """Run the steps on a side in an empty folder; yields (step, lines it gave) of commands.

    Job ids become those of the transcript, by the commands that tell them; when
    recording they are numbered anew.  Raises TimeoutError where an awaited state
    does not come.
    """
    normal = side.normaliser(folder)
    jobs: list[str] = []
    for step in steps:
        if step.kind == "%":
            _direct(step, side, folder, jobs)
        elif step.kind:
            result = side.run(step.text, folder, env=ids(jobs), admin=step.kind == "@")
            told = announced(result.stdout + result.stderr)
            if recording:
                jobs += told
            else:
                expected = announced("\n".join(line[2:] for line in step.body))
                for place, job in enumerate(expected):
                    jobs.append(told[place] if place < len(told) else NO_JOB)
                    normal.ids.setdefault(jobs[-1], job)
            yield step, Result(normal(result.stdout, step.text),
                               normal(result.stderr, step.text), result.code).lines()


def announced(text: str) -> list[str]:
    """The ids of submitted jobs that the text tells, each once."""
    return [job for job in dict.fromkeys(ANNOUNCED.findall(text)) if JOB_ID.fullmatch(job)]


def _direct(step: Step, side, folder: Path, jobs: list[str]) -> None:
    word, *args = step.text.split()
    if word == "conf":
        return  # see variant()
    if word == "file":
        text = "".join(line[2:].removesuffix("¶") + "\n" for line in step.body)
        side.write(folder / args[0], text.replace("␍", "\r"))
    elif word == "sleep":
        side.pause(float(args[0]))
    elif word == "await":
        ask = f"scontrol -o show job {_job(args[0], jobs)}"
        _await(side, folder, ask, [f"JobState={state} " for state in args[1].split("|")],
               patience=float(args[2]) if args[2:] else PATIENCE)
    elif word == "await-sacct":
        # slurmctld tells slurmdbd every few seconds; before, a step may stand there alone,
        # in a job that is called "allocation".
        ask = f"sacct -n -X -P -o state,jobname -j {_job(args[0], jobs)} | grep -v '|allocation$'"
        _await(side, folder, ask, args[1].split("|"))
    elif word == "await-file":
        _await(side, folder, f"cat {args[0]} 2>&1", args[1:], ids(jobs))
    else:
        raise Malformed(f"no such directive: % {step.text}")


def _job(word: str, jobs: list[str]) -> str:
    number, tail = (word.split("_") + [""])[:2]
    if int(number) > len(jobs):
        raise Malformed(f"fewer than {number} jobs were submitted")
    job_id = jobs[int(number) - 1]
    return f"{job_id}_{tail}" if tail else job_id


def ids(jobs: list[str]) -> dict[str, str]:
    return {f"J{i}": job for i, job in enumerate(jobs, 1)}


def _await(side, folder: Path, ask: str, wanted: list[str],
           env: dict[str, str] | None = None, patience: float = PATIENCE) -> None:
    deadline = side.now() + patience
    while True:
        told = side.run(ask, folder, env=env).stdout
        if any(text in told for text in wanted):
            return
        if side.now() > deadline:
            raise TimeoutError(f"{ask}: no {' or '.join(wanted)} in {patience:.0f} s, but:\n{told}")
        side.pause(0.25)


def _marked(mark: str, text: str) -> list[str]:
    if not text:
        return []
    lines = text.replace("\r", "␍").split("\n")
    if lines[-1] == "":
        lines.pop()
    else:
        lines[-1] += "¬"
    return [f"{mark} {line}¶" if line.endswith(" ") else f"{mark} {line}".rstrip() for line in lines]
