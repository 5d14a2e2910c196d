"""Small cases that others chose, each with real Slurm's answer: played on the mock and on real Slurm.

    python -m tests.conformance.cases [--side mock|real] [--record] NAME...

plays cases and prints where they differ; --record writes real Slurm's answer beside the case.

cases/commands/*.sh: command lines of a user, on the cluster of cases/commands/slurm.conf with its
accounts.  Each was reduced from a public report about a program that calls Slurm, which its first
line names; those from 70 on are variants of them, asked of real Slurm here.  cases/sites/*.case: one small slurm.conf each, with command lines; what they are about
stands in the first line.  `--- opts`: root (by root, not by the learner), dbd (slurmdbd keeps accounts),
bare (nothing of any_site.USUAL).  Answers stand beside them, in NAME.expected.
"""

from __future__ import annotations

import argparse
import difflib
import os
import pwd
import re
import shutil
import socket
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests.conformance import any_site, original_seff, sides
from tests.conformance.real_slurm import LEARNER, LEARNER_UID

FOLDER = Path(__file__).parent / "cases"
TIMEOUT = 600  # seconds that one case may take
# How a case's lines are run: each shows what it prints, and its exit code.
T = 't() { echo "### $*"; "$@" 2>&1; echo "[rc=$?]"; }\n'
SCRIPTS = {"s.sh": "#!/bin/sh\nsleep 300\n", "j.sh": "#!/bin/sh\ntrue\n",
           # ... but for one variable, which was not shown where the answers come from.
           "e.sh": "#!/bin/sh\nenv | grep ^SLURM_ | grep -v ^SLURM_JOB_GPUS= | sort\n"}


# Where the recorded scheduler took longer than a look a second later: seconds until a job starts.
SLOW = {"sites/01-deftime-over-maxtime": "2"}


# Programs that a case calls and Debian's Slurm does not bring: where they are, made below a folder.
PROGRAMS = {"commands/80-seff": original_seff.folder}


@dataclass(frozen=True)
class Case:
    """path: its file; conf: the cluster it runs on; script: what bash runs; user: who runs it."""

    path: Path
    conf: any_site.Conf
    script: str
    user: str

    @property
    def name(self) -> str:
        return f"{self.path.parent.name}/{self.path.stem}"

    @property
    def expected(self) -> Path:
        return self.path.with_suffix(".expected")

    @property
    def is_site(self) -> bool:
        return self.path.suffix == ".case"

    def answer(self) -> list[str]:
        """What real Slurm said, in the words of `normalised`."""
        return normalised(self.expected.read_text(), self.is_site).splitlines()


def read(path: Path) -> Case:
    """A case's file."""
    return _site(path) if path.suffix == ".case" else _commands(path)


def _site(path: Path) -> Case:
    parts: dict[str, str] = {}
    name = "what"
    for line in path.read_text().splitlines(keepends=True):
        if line.startswith("--- "):
            name = line[4:].strip()
        else:
            parts[name] = parts.get(name, "") + line
    opts = parts.get("opts", "").split()
    conf = any_site.Conf(parts["conf"], parts.get("gres", ""), "bare" in opts, "dbd" in opts)
    return Case(path, conf, T + parts["cmds"], "root" if "root" in opts else LEARNER)


# Where the cluster of cases/commands was when its answers were recorded: here any_site says it.
PLACES = re.compile(r"^(?:Slurm\w*(?:Host|User|Port|Dir|File)|StateSaveLocation|AccountingStorage(?:Host|Port))=.*\n"
                    r"| (?:NodeHostname|Port)=\S+", re.MULTILINE)


def _commands(path: Path) -> Case:
    folder = path.parent
    text = path.read_text()
    # who runs it is called learner there
    user = "root" if re.match(r"# user: root\n", text) else LEARNER
    conf = any_site.Conf(
        PLACES.sub("", (folder / "slurm.conf").read_text()),
        re.sub(r"File=\S*/(t\d+n\d+)/nvidia(\d)", r"File=/g/\1_\2", (folder / "gres.conf").read_text()),
        database=True, commands=tuple((folder / "accounts.txt").read_text().replace("learner", LEARNER).splitlines()))
    return Case(path, conf, text, user)


def paths() -> list[Path]:
    """All cases."""
    return sorted([*FOLDER.glob("*/*.sh"), *FOLDER.glob("*/*.case")], key=str)


def all_cases() -> list[Case]:
    return [read(path) for path in paths() if path.name != "lib.sh"]


# What a machine, a moment or a process gives, on either side and in what was recorded elsewhere.
RULES = tuple((re.compile(pattern, re.MULTILINE), text) for pattern, text in (
    (r"<TIME>|\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\b", "TIME"),
    (r"^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4}$", "@CTIME"),
    (r"(?<![\d:-])00:00:(\d\d|SS)(?![\d:])", "00:00:SS"),
    (r"(?<![\d:-])0:(\d\d|SS)(?= )", "0:SS"),
    (r"AllocNode:Sid=\S+", "AllocNode:Sid=X"),
    (r"\bPort=\w+", "Port=P"), (r"CPULoad=\S+", "CPULoad=X"), (r"FreeMem=\S+", "FreeMem=X"),
    (r"RunTime=\S+", "RunTime=X"), (r"^   OS=.*$", "   OS=X"),
    (r"Version=\S+", "Version=V"),
))
# In a site's answers ids are not told apart.
SITE_RULES = tuple((re.compile(pattern, re.MULTILINE), text) for pattern, text in (
    (r"Submitted batch job \d+", "Submitted batch job N"), (r"\bJob \d+ to start", "Job N to start"),
    (r"^(vm|HOST) (\d+/\d+/\d+/\d+) (\w+) \d+$", r"\1 \2 \3 FREE"),
))


def normalised(text: str, site: bool) -> str:
    """An answer without what differs from run to run."""
    for pattern, word in RULES + (SITE_RULES if site else ()):
        text = pattern.sub(word, text)
    # In which order the messages of srun and slurmstepd arrive is chance.
    return re.sub(r"(?:^  err\| .*\n)+", lambda m: "".join(sorted(m[0].splitlines(True))), text, flags=re.M)


def here(text: str, side: sides.Side, folder: Path, case: Case) -> str:
    """An answer in the words of the records: vm for this host, learner for who runs it."""
    text = text.replace(str(folder), f"/WORK/_/{case.path.stem}").replace(str(side.home), "CLUSTER")
    text = re.sub(rf"\b{re.escape(socket.gethostname().split('.')[0])}\b", "vm", text)
    if not case.is_site:
        text = re.sub(rf"\b{LEARNER}\b", "learner", text)
        user = side.user
        text = re.sub(rf"(?<!\d)({user.pw_uid}|{LEARNER_UID})(?!\d)", "2101", text)
        ids: dict[str, str] = {}
        text = re.sub(r"(?<!\d)40\d{3}(?!\d)",
                      lambda m: ids.setdefault(m[0], f"J{len(ids) + 1:04d}"), text)
    return normalised(text, case.is_site)


def play(case: Case, side: sides.Side, base: Path) -> list[str]:
    """Run a case on a side, on a cluster made for it; what was said."""
    side.delay = SLOW.get(case.name, "0.3")
    side.settle(case.conf)
    folder = side.folder(base, case.path.stem)
    user = pwd.getpwnam("root") if case.user == "root" and os.geteuid() == 0 else side.user
    if case.is_site:
        for name, text in SCRIPTS.items():
            side.write(folder / name, text)
        script = folder / "case.sh"
    else:
        work = folder / "case"
        work.mkdir()
        shutil.copy(FOLDER / "commands" / "lib.sh", work)
        os.chown(work, user.pw_uid, user.pw_gid)
        script = work / "case.sh"
    side.write(script, case.script)
    where = folder
    if not case.is_site:
        where = folder / "empty"
        where.mkdir()
    os.chown(where, user.pw_uid, user.pw_gid)
    side.as_user = user
    programs = ""
    if side.name == "real" and case.name in PROGRAMS:
        programs = f"PATH={PROGRAMS[case.name](base)}:$PATH "
    try:
        done = side.run(f"{programs}exec bash {script}", where, timeout=TIMEOUT)
    finally:
        side.as_user = None
    return here(done.stdout + done.stderr, side, where, case).splitlines()


def differences(case: Case, got: list[str]) -> list[str]:
    """The lines of a unified comparison; none where the answer is real Slurm's."""
    return list(difflib.unified_diff(case.answer(), got, "real Slurm", "here", lineterm="", n=1))[2:]


def main() -> int:
    parser = argparse.ArgumentParser(description="Play cases, and print where they differ.")
    parser.add_argument("--side", choices=("mock", "real"), default="mock")
    parser.add_argument("--record", action="store_true", help="write real Slurm's answer")
    parser.add_argument("names", nargs="*", help="sites/05-two-defaults, or a part of it; all if none is named")
    asked = parser.parse_args()
    cases = [case for case in all_cases() if not asked.names or any(name in case.name for name in asked.names)]
    wrong = 0
    with tempfile.TemporaryDirectory(prefix="cases-", ignore_cleanup_errors=True) as folder:
        base = Path(folder)
        base.chmod(0o755)
        with any_site.opened("real" if asked.record else asked.side, base) as side:
            for case in cases:
                got = play(case, side, base)
                if asked.record:
                    case.expected.write_text("\n".join(got) + "\n")
                    continue
                told = differences(case, got)
                wrong += bool(told)
                print(f"{case.name}: {'differs' if told else 'same'}", *told, sep="\n", flush=True)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
