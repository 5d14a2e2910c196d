"""Asking Slurm, for the checks: squeue, scontrol and sacct, as a user would.

scontrol knows a job for some minutes after its end (MinJobAge of slurm.conf), sacct for ever, but
only where the cluster keeps accounts.  So each question goes to the one and then to the other.
"""

import contextlib
import getpass
import os
import re
import subprocess

ANSWER = 60  # seconds to wait for an answer of Slurm's
DAYS = 7  # how far back a job is looked for in the accounts

# States of a job that is not over, as squeue and sacct spell them.
ALIVE = ("PENDING", "CONFIGURING", "RUNNING", "COMPLETING", "SUSPENDED", "REQUEUED", "RESIZING", "STAGE_OUT")


class NoSlurm(Exception):
    """There is no Slurm here, or it does not answer; the text says what happened."""


_said = None  # {command line: what it gave} in one moment


@contextlib.contextmanager
def one_moment():
    """In this block nothing is asked twice, until it sleeps: what a check compares is of one moment."""
    global _said
    before, _said = _said, {}
    try:
        yield
    finally:
        _said = before


def run(*argv):
    """Run a command; (exit code, stdout, stderr)."""
    if _said is None:
        return _run(argv)
    if argv[0] == "sleep":
        _said.clear()
        return _run(argv)
    if argv not in _said:
        _said[argv] = _run(argv)
    return _said[argv]


def _run(argv):
    try:
        done = subprocess.run(argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              universal_newlines=True, timeout=ANSWER)
    except FileNotFoundError:
        raise NoSlurm(f"{argv[0]}: command not found") from None
    except subprocess.TimeoutExpired:
        raise NoSlurm(f"{argv[0]} gave no answer within {ANSWER} s") from None
    if done.returncode and re.search("contact|connect to slurm|refused", done.stderr, re.I):
        raise NoSlurm(done.stderr.strip().splitlines()[-1])
    return done.returncode, done.stdout, done.stderr


def answer(*argv):
    """What a command prints, or "" when it fails."""
    code, out, _ = run(*argv)
    return "" if code else out


def user():
    return getpass.getuser()


def header(command):
    """The names of the columns that squeue or sinfo prints."""
    lines = answer(command).splitlines()
    return lines[0].split() if lines else []


class Job:
    """What Slurm knows of a job; a field that it does not know is "".

    id: number as text; state: "RUNNING" ...; minutes: time limit (None: unlimited or unknown);
    node_count: how many nodes; nodes: their names, as Slurm writes them; exit: "0:0";
    submitted_by: the command line it was submitted with (only the accounts have it).
    dependency: what it still waits for, "afterok:7_*(unfulfilled)".
    """

    def __init__(self, job_id, **fields):
        self.id = job_id
        self.name = self.account = self.state = self.reason = self.nodes = ""
        self.workdir = self.stdout = self.stderr = self.exit = self.elapsed = self.partition = ""
        self.reservation = self.submitted_by = self.dependency = ""
        self.minutes = self.node_count = None
        self.__dict__.update(fields)

    @property
    def over(self):
        return self.state not in ALIVE


def find_job(job_id):
    """The Job of that number, or None."""
    return _from_scontrol(job_id) or _from_sacct(job_id)


def _from_scontrol(job_id):
    jobs = _all_from_scontrol(job_id)
    if not jobs:
        return None
    jobs[0].id = job_id  # an array goes by its own number, not by that of its first element
    return jobs[0]


def _all_from_scontrol(job_id):
    """The Jobs of that number: one, or those of an array's elements that have a record of their own."""
    return [_record(line) for line in answer("scontrol", "show", "job", "-o", job_id).splitlines() if line.strip()]


def _record(line):
    field = dict(re.findall(r"(\S+?)=(.*?)(?=\s+[\w/:&]+=|$)", line))

    def known(name):
        value = field.get(name, "")
        return "" if value in ("(null)", "N/A", "None") else value

    number, index = known("JobId"), known("ArrayTaskId")
    if index:
        number = known("ArrayJobId") + (f"_{index}" if index.isdigit() else f"_[{index}]")
    return Job(number, name=known("JobName"), account=known("Account"), state=known("JobState"),
               reason=known("Reason"), nodes=known("NodeList"), workdir=known("WorkDir"),
               stdout=known("StdOut"), stderr=known("StdErr"), exit=known("ExitCode"),
               elapsed=known("RunTime"), partition=known("Partition"), reservation=known("Reservation"),
               dependency=known("Dependency"),
               minutes=minutes(known("TimeLimit")), node_count=first_number(known("NumNodes")))


SACCT = ("JobID", "JobName", "Account", "State", "Partition", "NodeList", "WorkDir", "ExitCode", "Elapsed",
         "Timelimit", "AllocNodes", "ReqNodes", "SubmitLine")


def _from_sacct(job_id):
    rows = _sacct("-j", job_id)
    if not rows:
        return None
    rows[-1].id = job_id
    return rows[-1]


def _sacct(*argv):
    out = answer("sacct", "-n", "-X", "-P", "-S", f"now-{DAYS}days", "-o", ",".join(SACCT), *argv)
    jobs = []
    for line in out.splitlines():
        row = dict(zip(SACCT, line.split("|", len(SACCT) - 1)))
        nodes = "" if row["NodeList"] == "None assigned" else row["NodeList"]
        # "CANCELLED by 1000" is the state and who did it
        jobs.append(Job(row["JobID"], name=row["JobName"], account=row["Account"],
                        state=row["State"].split(" ")[0], partition=row["Partition"], nodes=nodes,
                        workdir=row["WorkDir"], exit=row["ExitCode"], elapsed=row["Elapsed"],
                        minutes=minutes(row["Timelimit"]), submitted_by=row["SubmitLine"],
                        node_count=first_number(row["AllocNodes"]) or first_number(row["ReqNodes"])))
    return jobs


_forgotten = 0  # jobs up to this number were before the challenge's last new beginning


def forget_until(number):
    """From now on jobs up to `number` don't count (0: all count)."""
    global _forgotten
    _forgotten = number


def own_jobs():
    """{number: name} of your jobs that were submitted in this folder; an array counts as one."""
    here = os.path.realpath(os.getcwd())
    out = answer("squeue", "-h", "-u", user(), "-t", "all", "-o", "%F|%j|%Z")
    found = [tuple(line.split("|", 2)) for line in out.splitlines() if line.count("|") >= 2]
    found += [(job.id, job.name, job.workdir) for job in _sacct("-u", user())]
    return {number: name for job_id, name, folder in found
            if (number := first_number(job_id) or 0) > _forgotten and os.path.realpath(folder) == here}


def newest_job(name=None):
    """Your newest Job that was submitted in this folder (and is called `name`), or None."""
    numbers = [number for number, called in own_jobs().items() if name in (None, called)]
    return find_job(str(max(numbers))) if numbers else None


def newest_number():
    """The number of your newest job of this folder, 0 for none."""
    return max(own_jobs(), default=0)


def cancel_all(names):
    """End your jobs of this folder that have one of these names; the numbers of those that were alive."""
    alive = [str(number) for number, name in sorted(own_jobs().items())
             if name in names and any(not job.over for job in elements(number))]
    for number in alive:
        run("scancel", number)
    return alive


def elements(job_id, least=None):
    """The Jobs of an array, one for each element that has a record of its own; a single job is its own.

    least: how many elements there are, if that is known; the accounts are only asked for what scontrol has
    forgotten.
    """
    now = _all_from_scontrol(str(job_id))
    single = len(now) == 1 and "_" not in now[0].id
    if single or (least and sum(len(indices(job.id)) for job in now) >= least):
        before = []
    else:
        before = _sacct("-j", str(job_id))
    found = {job.id: job for job in before if not (now and "[" in job.id)}
    found.update((job.id, job) for job in now)
    return [found[key] for key in sorted(found, key=lambda key: (first_number(key.partition("_")[2].strip("[")) or 0, key))]


def submit_line(job_id):
    """The command line that a job was submitted with, or "": only the accounts keep it.

    They hear of a job some seconds after its submission.
    """
    for pause in (1, 2, 4, 8, 0):
        rows = _sacct("-j", str(job_id).split("_")[0])
        if rows and rows[0].submitted_by:
            return rows[0].submitted_by
        if pause and not run("sacct", "-n", "-X")[0]:
            run("sleep", str(pause))
    return ""


def script_of(job_id):
    """The batch script as Slurm keeps it while it knows the job, or ""."""
    return answer("scontrol", "write", "batch_script", job_id, "-")


def indices(text):
    """The indices that an element's number such as "7_[2-4,8%2]" or "7_1" stands for: [2, 3, 4, 8], [1]."""
    found = []
    for part in re.sub(r"^\d+_?|%\d+|[][]", "", text).split(","):
        span, _, step = part.partition(":")
        first, _, last = span.partition("-")
        if first.isdigit():
            found += range(int(first), int(last or first) + 1, int(step or 1))
    return found


# ---- values ----------------------------------------------------------------------------------


def minutes(text):
    """Slurm's "[days-]hours:minutes:seconds" as minutes; None for UNLIMITED and for nothing."""
    days, _, clock = text.rpartition("-")
    parts = clock.split(":")
    if len(parts) != 3 or not all(part.isdigit() for part in parts):
        return None
    hours, mins, seconds = map(int, parts)
    return int(days or 0) * 1440 + hours * 60 + mins + seconds / 60


def first_number(text):
    """The number that a text such as "1" or "1-4" begins with, or None."""
    match = re.match(r"\d+", text)
    return int(match.group()) if match else None
