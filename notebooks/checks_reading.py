"""Probes of 02-reading-the-cluster: what sinfo and squeue say."""

import re

import checks_typed as typed
from checks_findings import open_task, probe, right, wrong
from checks_slurm import answer, find_job, newest_job, own_jobs


def rows(text):
    return [line.split("|") for line in text.splitlines() if "|" in line]


@probe
def nodes_counted(expect):
    """Does a variable hold the number of idle nodes of a partition?  expect: variable, partition."""
    variable, partition = expect["variable"], expect["partition"]
    value = typed.variable(variable)
    if value is None:
        return open_task(f"there is no variable `{variable}` yet.")
    # one line a node and partition, "idle" without a sign behind it
    nodes = rows(answer("sinfo", "-h", "-N", "-o", "%R|%N|%T"))
    states = {node: state for part, node, state in nodes if part == partition}
    idle = sum(state == "idle" for state in states.values())
    if isinstance(value, (list, tuple)):
        return wrong("list-of-numbers", f"`{variable}` is a list: `!` gives the lines that a command has printed.",
                     "take the line out of it by `[0]`, and make a number of it by `int()`.")
    if isinstance(value, str):
        return wrong("number-as-text", f"`{variable}` is a piece of text.", "`int()` makes a number of it.")
    if value == idle:
        return right(f"{idle} nodes of {partition} are idle at this moment, of {len(states)}.", idle=idle)
    if value == len(states):
        return wrong("every-state", f"{value} is the number of all nodes of {partition}, the busy ones too.",
                     "only the line whose state is `idle`.")
    everywhere = [node for _, node, state in nodes if state == "idle"]
    if value in (len(everywhere), len(set(everywhere))):
        return wrong("every-partition", f"{value} nodes are idle in all partitions together.",
                     f"`-p {partition}` shows no other.")
    if value == sum(map(int, answer("sinfo", "-h", "-p", partition, "-t", "idle", "-o", "%D").split())):
        return wrong("kept-ones-too", f"{value} nodes have no job; some of them are drained or reserved, and not for you.",
                     "`-t idle` counts those as well. The line whose state is `idle`, and nothing else, does not.")
    if value == 1:
        return wrong("lines-not-nodes", "one line of `sinfo` says `idle`; it stands for several nodes.",
                     "the column NODES has their number.")
    return wrong("other-number", f"{value} is not the number of idle nodes.",
                 "jobs come and go: ask Slurm again, and then run the check at once.")


@probe
def partition_found(expect):
    """Does a variable name a partition that has a node with the most memory?  expect: variable."""
    variable = expect["variable"]
    value = typed.variable(variable)
    if value is None:
        return open_task(f"there is no variable `{variable}` yet.")
    memory = {}
    for part, megabytes in rows(answer("sinfo", "-h", "-N", "-o", "%R|%m")):
        memory[part] = max(memory.get(part, 0), int(megabytes.rstrip("+")))
    most = max(memory.values())
    if isinstance(value, (int, float)):
        return wrong("size-not-name", f"`{variable}` is a number.", "the name of the partition is asked for, not its size.")
    name = str(value).strip()
    if name.endswith("*") and name[:-1] in memory:
        return wrong("star-kept", f"the `*` is no part of the name: it says that {name[:-1]} is the default.",
                     "leave it out, as you would behind `-p`.")
    if name not in memory:
        return wrong("no-partition", f"there is no partition {name[:30]!r}.", "its name, as `sinfo` writes it, in quotes.")
    if memory[name] < most:
        return wrong("smaller-memory", f"the nodes of {name} have {memory[name]} MB at most; there are some with {most}.",
                     "compare the last column, digit by digit.")
    return right(f"{name} has nodes with {most} MB.", memory=round(most / 1000))


@probe
def reasons_told(expect):
    """Does a dictionary say for what each job waits?  expect: variable, names."""
    variable = expect["variable"]
    value = typed.variable(variable)
    if value is None:
        return open_task(f"there is no variable `{variable}` yet.")
    if not isinstance(value, dict):
        return wrong("not-by-name", f"`{variable}` is no dictionary.", 'write `{"late": "...", "held": "...", "next": "..."}`.')
    for name in expect["names"]:
        job = newest_job(name)
        if job is None or job.over:
            return open_task(f"there is no job `{name}` of yours that waits: run the cell above first.")
        said = str(value.get(name, "")).strip().strip("()")
        if not said:
            return wrong("job-left-out", f"`{variable}` says nothing about the job `{name}`.", "an entry for each of the three.")
        if said.upper() in ("PD", "PENDING"):
            return wrong("state-for-reason", f"`{said}` is the state of `{name}`: that it waits. The reason says for what.",
                         "the last column of `squeue`, in parentheses.")
        if said != job.reason:
            return wrong("not-its-reason", f"`{name}` does not wait for {said[:40]!r}.",
                         f"`!squeue -j {job.id}` shows its line alone.")
    return right("you know for what each of the three waits.")


@probe
def start_told(expect):
    """Does a variable hold the expected start of a job, as Slurm writes it?  expect: variable, name."""
    variable = expect["variable"]
    value = typed.variable(variable)
    job = newest_job(expect["name"])
    if job is None or job.over:
        return open_task(f"there is no job `{expect['name']}` of yours that waits: run the cell of step 3 first.")
    if value is None:
        return open_task(f"there is no variable `{variable}` yet.")
    start, submitted = rows(answer("squeue", "-h", "-j", job.id, "-o", "%S|%V"))[0]
    if isinstance(value, (list, tuple)):
        return wrong("list-of-starts", f"`{variable}` is a list.", "take the one line out of it: `[0]`.")
    said = str(value).strip()
    if said == start:
        return right(f"job {job.id} is expected to start at {start}.", start=start)
    if said == submitted:
        return wrong("submit-time", f"{said} is when the job was submitted.", "`--start` makes `squeue` show the expected start.")
    if re.fullmatch(r"\d\d?:\d\d(:\d\d)?", said):
        return wrong("time-only", f"{said} is a time; a job may start on another day.", "the whole text, with the date and the `T`.")
    return wrong("other-start", f"{said[:40]!r} is not what Slurm expects.", f"`!squeue --start -j {job.id}`")


@probe
def queue_cleared(expect):
    """Are the jobs of these names cancelled?  expect: names."""
    known = {name: [find_job(str(number)) for number, called in own_jobs().items() if called == name] for name in expect["names"]}
    if not all(known.values()):
        return open_task("the three jobs have not been submitted yet: run the cell of step 3 first.")
    alive = {name: [job for job in jobs if job and not job.over] for name, jobs in known.items()}
    left = [name for name, jobs in alive.items() if jobs]
    if not left:
        return right("none of the three is in the queue any more.")
    tried = typed.last(r"scancel")
    source = tried.source if tried else ""
    if re.search(r"%scancel.*\$", source):
        return wrong("dollar-in-magic", "a magic is not run by a shell: nobody has put a value in place of the `$`.",
                     "with `!` in front the shell does; in a magic, braces around a Python variable.")
    if re.search(r"scancel\s+(late|held|next)\b", source):
        return wrong("name-as-number", "behind `scancel` stands a job's number; a word there is none.",
                     "`--name=` takes a name, and braces make IPython fill in a variable.")
    if len(left) < len(known):
        return wrong("some-left", f"still in the queue: {', '.join(left)}.", "`!squeue --me` shows what is left of yours.")
    return open_task("all three are still in the queue.")
