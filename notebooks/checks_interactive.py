"""Probes of 06-interactive: an allocation, the steps in it, and giving it back."""

import re
import socket

import checks_typed as typed
from checks_findings import open_task, probe, right, wrong
from checks_slurm import answer, find_job, newest_job, own_jobs, run, submit_line
from checks_wait import wait_for
from checks_writing import kept_number


class Step:
    """A step as the accounts know it: number "7.0", name, state, exit code, seconds."""

    def __init__(self, number, name, state, code, seconds):
        self.number, self.name, self.state, self.exit = number, name, state.split(" ")[0], code
        self.seconds = int(seconds or 0)


def steps(job_id, least=0):
    """The Steps that srun has made in a job, waiting some seconds for the accounts to know `least` of them."""
    for pause in (1, 2, 4, 8, 0):
        lines = answer("sacct", "-n", "-P", "-j", job_id, "-o", "JobID,JobName,State,ExitCode,ElapsedRaw").splitlines()
        found = [Step(*line.split("|")) for line in lines if re.match(r"[\d_]+\.\d+\|", line)]
        if len(found) >= least or not pause:
            return found
        run("sleep", str(pause))
    return []


def made_by(job):
    """The command that made a job: "salloc", "srun" or "sbatch"; "" where the accounts don't keep it."""
    return submit_line(job.id).split(" ")[0].rpartition("/")[2]


def this_computer():
    """The names that the computer of this notebook goes by."""
    return {socket.gethostname(), run("hostname")[1].strip()}


@probe
def allocation_held(expect):
    """Is there an allocation, made by salloc, as the task asks for it?

    expect: name, variable (for its number), minutes, nodes.
    """
    job = newest_job(expect["name"])
    if job is None:
        return open_task(f"Slurm knows no allocation called {expect['name']} of yours from this folder.")
    if job.state == "COMPLETING":
        job = wait_for(job)  # then its state says how it has ended
    maker = made_by(job)
    if maker == "sbatch":
        return wrong("batch-job", f"job {job.id} is a batch job: it runs its script and is gone. There is nothing in it for you to "
                     "give commands to.", "`salloc` in the place of `sbatch`, and no script.")
    if maker == "srun":
        return wrong("step-only", f"`srun` has made allocation {job.id} for its one command, and has given it back.",
                     "`salloc` makes one that lasts.")
    if job.state == "COMPLETED":
        return wrong("given-back-at-once", f"allocation {job.id} has lasted as long as the command behind its options, and is gone.",
                     "no command, and the option `--no-shell`.")
    if job.state == "TIMEOUT":
        return wrong("allocation-timed-out", f"the time of allocation {job.id} is over, and Slurm has taken it back.",
                     "make another one, and go through the steps within its time.")
    if not job.over and job.state != "RUNNING":
        return open_task(f"allocation {job.id} is {job.state} ({job.reason or 'None'}): it has no node yet.")
    if job.minutes != expect["minutes"]:
        return wrong("limit-asked", f"allocation {job.id} may last {job.minutes or 0:g} minutes; the task wants {expect['minutes']}.",
                     "a bare number behind `-t` counts minutes, `a:b` is minutes:seconds and `a:b:c` hours:minutes:seconds.")
    if job.node_count != expect["nodes"]:
        return wrong("node-count", f"allocation {job.id} has {job.node_count} nodes.", f"the task wants {expect['nodes']}: the option "
                     "is `-N`.")
    problem = kept_number(expect["variable"], job, "the number is the last word of salloc's line: `.split()[-1]`.")
    return problem or right(f"allocation {job.id} is made, and {job.nodes} in it is yours.", job=job.id)


@probe
def node_asked(expect):
    """Does a variable hold the node's name, as a step in the allocation has printed it?  expect: variable, name."""
    variable, job = expect["variable"], newest_job(expect["name"])
    value = typed.variable(variable)
    if job is None or value is None:
        return open_task(f"there is no variable `{variable}` yet.")
    if isinstance(value, (list, tuple)):
        return wrong("list", f"`{variable}` is a list: `!` gives the lines that a command has printed.", "take the one line out of it: `[0]`.")
    text = str(value).strip()
    if "error" in text:
        return wrong("srun-error", f"`srun` has run nothing. It said: `{text[:80]}`",
                     "behind `--jobid=` belongs a number; braces make IPython fill in that of your variable: `{alloc}`.")
    if text in this_computer() - {job.nodes}:
        return wrong("login-node", f"{text} is the computer that this notebook runs on.", "`srun --jobid=...` in front of `hostname` carries it "
                     "over to your node.")
    ran = steps(job.id, least=1)
    if not ran:
        other = newest_job()
        if int(other.id) > int(job.id) and made_by(other) == "srun":
            return wrong("own-allocation", f"this `srun` has got an allocation of its own, {other.id}, for its one command. In yours, {job.id}, "
                         "nothing has run.", "`--jobid=` and the number of your allocation.")
        return wrong("nothing-ran", f"nothing has run in allocation {job.id} yet.", "let the node say its name itself.")
    if text.split(".")[0] != job.nodes:
        return wrong("other-node", f"{text[:40]!r} is not the node of allocation {job.id}.", "what has `srun --jobid=... hostname` printed?")
    return right(f"your node is {job.nodes}, and step {ran[0].number} has run there.", step=ran[0].number, node=job.nodes)


@probe
def steps_told(expect):
    """Has a step failed while the allocation went on, and does the learner say so?

    expect: name, failed, state (names of variables), commands (that have to be steps).
    """
    job = newest_job(expect["name"])
    if job is None:
        return open_task(f"there is no allocation `{expect['name']}` yet: step 1.")
    failed, state = (typed.variable(expect[key]) for key in ("failed", "state"))
    if failed is None or state is None:
        return open_task(f"there is no variable `{expect['failed' if failed is None else 'state']}` yet.")
    ran = steps(job.id, least=4)
    bad = [step for step in ran if step.state == "FAILED"]
    if not bad:
        return wrong("no-failed-step", f"no step of allocation {job.id} has failed.",
                     "`!srun --jobid={alloc} false`: without `srun` it fails here, and Slurm knows nothing of it.")
    if bad[-1] is ran[-1]:
        return wrong("none-after-it", f"{bad[-1].number} is the last step so far.", "let `hostname` run once more in the allocation: can it, after "
                     "a failure?")
    missing = [command for command in expect["commands"] if command not in [step.name for step in ran]]
    if missing:
        return wrong("step-missing", f"`{missing[0]}` has not been a step of allocation {job.id}.", f"`!srun --jobid={{alloc}} {missing[0]}`, with what "
                     "belongs to it.")
    if isinstance(failed, (list, tuple)):
        return wrong("list", f"`{expect['failed']}` is a list.", "one number is asked for: `[0]` takes it out.")
    said = str(failed).strip()
    if said == job.id:
        return wrong("allocation-number", f"{said} is the number of the whole allocation.", "a step's number has a dot and a number behind it.")
    if re.fullmatch(r"\d+:\d+", said):
        return wrong("exit-code-told", f"{said} is an exit code.", "the first column of that line.")
    if said not in [step.number for step in bad]:
        return wrong("other-step", f"step {said[:30]} has not failed.", "the line whose state is FAILED.")
    return state_problem(str(state).strip(), job) or right(
        f"step {said} has failed, exit code {bad[0].exit}, and the allocation has gone on: {len(ran)} steps so far.", count=len(ran), failed=said)


def state_problem(said, job):
    """The Finding for a text that is not the allocation's state, or None."""
    if said in ("R", "CA", "F"):
        return wrong("short-form", f"`{said}` is the short form that `squeue` uses.", "`sacct` writes the state out in full.")
    if said.split(" ")[0] not in ("RUNNING", job.state):
        return wrong("state-of-step", f"{said[:30]!r} is not the state of the allocation.", "its line is the first one, with no dot in the number.")
    return None


@probe
def places_told(expect):
    """Do two variables say where salloc's command ran, and where srun's?  expect: name, here, there (variables)."""
    job = newest_job(expect["name"])
    if job is None:
        return open_task(f"Slurm knows no allocation called {expect['name']} of yours from this folder.")
    here, there = (typed.variable(expect[key]) for key in ("here", "there"))
    if here is None or there is None:
        return open_task(f"there is no variable `{expect['here' if here is None else 'there']}` yet.")
    if not job.over and job.state != "COMPLETING":
        return wrong("still-held", f"allocation {job.id} is still {job.state}.", "behind salloc's options the command, in place of `--no-shell`.")
    if not steps(job.id, least=1):
        other = newest_job()
        if int(other.id) > int(job.id) and made_by(other) == "srun":
            return wrong("semicolon-split", f"the `;` has ended salloc's line for the shell: `srun` has run behind it, in an allocation of its own "
                         f"({other.id}).", 'quotes keep the two together: `bash -c "hostname; srun hostname"`.')
        return wrong("no-srun", f"nothing has run on the node of allocation {job.id}.", "what shall run there stands behind `srun`.")
    if any(isinstance(value, (list, tuple)) for value in (here, there)):
        return wrong("list", "one of the two is a list.", "a name each: take them out of the lines, `[0]` and `[1]`.")
    here, there = str(here).strip(), str(there).strip()
    if "salloc:" in here + there:
        return wrong("salloc-line", "one of the two is a message of salloc's own.", "of the lines that came back, take those that don't begin with `salloc:`.")
    if there in this_computer() and here.split(".")[0] == job.nodes:
        return wrong("swapped", "the two are the wrong way round.", "which of the two commands has left the notebook's computer?")
    if there.split(".")[0] != job.nodes or here not in this_computer():
        return wrong("other-places", f"{here[:30]!r} and {there[:30]!r} are not where the two commands have run.", "the two lines that are names, in "
                     "their order.")
    return right(f"plain `hostname` has run here, on {here}; behind `srun` it has run on {there}.", node=there)


@probe
def given_back(expect):
    """Are the allocations of these names over?  expect: names; the first is the one the learner kept."""
    kept = newest_job(expect["names"][0])
    if kept is None:
        return open_task(f"there has been no allocation `{expect['names'][0]}` yet: step 1.")
    numbers = sorted(number for number, name in own_jobs().items() if name in expect["names"])
    left = [job for job in map(find_job, map(str, numbers)) if job and not job.over and job.state != "COMPLETING"]
    if left:
        return still_held(left, some=len(left) < len(numbers))
    ran = steps(kept.id, least=1)
    cores, held = (answer("sacct", "-n", "-X", "-P", "-j", kept.id, "-o", "AllocCPUS,ElapsedRaw").strip() or "0|0").split("|")[:2]
    return right(f"nothing of yours is held any more. Allocation {kept.id} ended as {kept.state}.",
                 cores=cores, held=held, used=sum(step.seconds for step in ran))


def still_held(left, some):
    """The Finding for allocations that are still there; some: others of the name are over."""
    tried = typed.last(r"\bscancel\b|^\s*!?\s*exit\b")
    source = tried.source if tried else ""
    held = ", ".join(job.id for job in left)
    if "scancel" not in source and tried:
        return wrong("exit-typed", f"still yours: {held}. `exit` ends a shell, here the one that was started for this line; your allocation has none.",
                     "`scancel` ends an allocation, as it ends any job.")
    if re.search(r"scancel\s+[a-z]", source):
        return wrong("name-as-number", f"still yours: {held}. Behind `scancel` stands a number; a word there is none.",
                     "`--name=` takes a name, and braces make IPython fill in a variable.")
    if re.search(r"scancel\s+\S*\.\d", source):
        return wrong("step-cancelled", f"still yours: {held}. A number with a dot is one step; its end leaves the allocation as it is.",
                     "the number without the dot stands for the whole.")
    if some and "scancel" in source:
        return wrong("some-left", f"one is given back; still yours: {held}.", "`!squeue --me` shows them; `--name=` takes all of a name.")
    return open_task(f"still yours: {held}.")
