"""Take out of a command's output what differs from run to run, and nothing else.

Columns keep their widths: a time stamp becomes another text of nineteen
characters, a job id another id of five digits.  test_normalise.py shows that a
changed blank, column or exit code is still seen.
"""

from __future__ import annotations

import pwd
import re
import socket
from dataclasses import dataclass, field

from tests.conformance.real_slurm import LEARNER_UID

# FirstJobId of the tests' clusters: ids of five digits that look like nothing else.
FIRST_JOB_ID = 70001
SLURM_UID = 64030  # as recorded: Debian's package gives it, and the mock where no user is called so
JOB_ID = re.compile(r"(?<!\d)70\d{3}(?!\d)")

# What a machine, a moment or a process gives; the replacement has the same width
# wherever a column may follow.
RULES = tuple((re.compile(pattern, re.MULTILINE), text) for pattern, text in (
    (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?", "YYYY-MM-DDThh:mm:ss"),
    (r"\b[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4}\b", "Day Mon dd hh:mm:ss YYYY"),
    (r"(?<![\d:-])00:00:\d\d(\.\d+)?(?![\d:])", "00:00:ss"),
    (r"(?<![\d:.-])00:\d\d\.\d{3}(?!\d)", "00:ss.mmm"),
    (r"AllocNode:Sid=[\w.-]+:\d+", "AllocNode:Sid=HOST:SID"),
    (r"Port=\d+", "Port=N"),
    (r"(SrunHost:Pid=\w+):\d+", r"\1:N"),
    # Which of its two schedulers started a job is chance.
    (r"Scheduler=(Main|Backfill)(:\*)?$", "Scheduler=NAME"),
    (r"Scheduler=(Main|Backfill)(:\*)?(?= Partition=)", "Scheduler=NAME"),
    (r"CPULoad=(\d+\.\d+|N/A)", "CPULoad=N"),
    (r"FreeMem=(\d+|N/A)", "FreeMem=N"),
    (r"^ +OS=.*$", "   OS=TEXT"),
    (r" OS=Linux \S+ #.*? (?=RealMemory)", " OS=TEXT "),
    (r"^((?:\d+: )?SLURM_(?:TASK_PID|LAUNCH_NODE_IPADDR|SRUN_COMM_HOST|SRUN_COMM_PORT"
     r"|STEP_LAUNCHER_PORT|SUBMIT_HOST|WORKING_CLUSTER))=.*$", r"\1=VALUE"),
    (r"\(pid \d+\)", "(pid N)"),
))
# squeue's TIME; elsewhere such a text is an exit code and a signal.
TIME_USED = re.compile(r"(?<![\d:-])0:\d\d(?![\d:])")
REVOKED = re.compile(r"^salloc: Job allocation (\d+) has been revoked\.\n", re.MULTILINE)


@dataclass
class Normaliser:
    """Normalises the outputs of one sequence of command lines.

    ``paths`` maps a folder to the word that stands for it, ``uid`` is the learner's, ``slurm_uid`` that of the
    machine's user slurm, if it has one.
    ``ids`` maps job ids to what they become; others are numbered from FIRST_JOB_ID as
    they appear.
    """

    paths: dict[str, str] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)
    uid: int = LEARNER_UID
    slurm_uid: int = field(default_factory=lambda: _uid_here("slurm", SLURM_UID))

    def __call__(self, text: str, command: str = "") -> str:
        """The text without what differs; `command` is the command line that gave it."""
        for folder in sorted(self.paths, key=len, reverse=True):
            text = text.replace(folder, self.paths[folder])
        text = re.sub(rf"\b{re.escape(socket.gethostname())}\b", "HOST", text)
        for pattern, replacement in RULES:
            text = pattern.sub(replacement, text)
        if self.uid != LEARNER_UID:
            text = re.sub(rf"(?<!\d){self.uid}(?!\d)", str(LEARNER_UID), text)
        if self.slurm_uid != SLURM_UID:
            text = re.sub(rf"(?<=\bslurm\(){self.slurm_uid}(?=\))", str(SLURM_UID), text)
        if "squeue" in command:
            text = TIME_USED.sub("0:ss", text)
        text = REVOKED.sub(lambda m: "" if _told_otherwise(m[1], text) else m[0], text)
        return JOB_ID.sub(lambda m: self._renumber(m[0]), text)

    def _renumber(self, job_id: str) -> str:
        if job_id not in self.ids:
            used = set(self.ids.values())
            number = FIRST_JOB_ID
            while str(number) in used:
                number += 1
            self.ids[job_id] = str(number)
        return self.ids[job_id]


def _uid_here(name: str, otherwise: int) -> int:
    try:
        return pwd.getpwnam(name).pw_uid
    except KeyError:
        return otherwise


def _told_otherwise(job: str, text: str) -> bool:
    """Whether salloc says the same by itself: then the controller's notice comes by chance."""
    return (f"Relinquishing job allocation {job}\n" in text
            or "salloc: error: Job submit/allocate failed" in text
            or "salloc: error: Unable to allocate resources" in text)
