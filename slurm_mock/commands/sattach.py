"""sattach: see the output of a step that runs.

Its input is not passed on.  Source: sattach(1).
"""

import os

from ..common import slurm_errno
from ..common.getopt import NONE, REQUIRED, Option
from ..common.hostlist import expand
from ..common.job_array import unpack
from ..common.parse_time import INT_MAX, strtol
from ..common.records import ENDED, PENDING
from ..common.step_layout import of_step
from ..machine.locks import STEP
from ..slurmd import attach
from .shared.call import Fail
from .shared.selected_step import parse

TABLE = [
    Option("error-filter", "", REQUIRED, "errors of this task only"),
    Option("help", "h", NONE, "print this list"),
    Option("input-filter", "", REQUIRED, "input to this task only"),
    Option("label", "l", NONE, "the task's number before each line"),
    Option("layout", "", NONE, "tell which task runs where, and end"),
    Option("output-filter", "", REQUIRED, "output of this task only"),
    Option("quiet", "Q", NONE, "say less"),
    Option("usage", "u", NONE, "print a short form"),
    Option("verbose", "v", NONE, "say more"),
    Option("version", "V", NONE, "print the version"),
]


def main(call):
    """Print what the tasks write until the step ends; the worst exit code of its tasks. Raises Fail."""
    found, operands = call.getopt(TABLE)
    given = {option.dest: value for option, value in found}
    if call.informs(given, "[OPTIONS...] JOB.STEP", TABLE):
        return 0
    tasks = {"output": None, "error": None, "input": None}
    for option, value in found:
        if option.dest.endswith("_filter"):
            stream = option.dest.partition("_")[0]
            tasks[stream] = wanted(value, stream)
    only = {1: tasks["output"], 2: tasks["error"]}
    call.quiet = sum(option.dest == "quiet" for option, _ in found)
    if len(operands) != 1:
        usage_error(call, "too many parameters")
    ctl = call.controller
    ctl.settle()
    job, step = lookup(call, ctl, operands[0])
    if "layout" in given:
        return show_layout(call, step)
    if job.uid != ctl.caller.uid and not ctl.caller.admin:
        for node in expand(step.nodelist):
            call.log(f"Node {node}: no tasks running")
        return 0
    return look_on(call, ctl, step, only, "label" in given)


def usage_error(call, text):
    """A command line that sattach does not understand. Always raises Fail."""
    call.print("Usage: sattach [options] <jobid.stepid>")
    raise Fail.error(text)


def wanted(value, stream):
    """The task that --output-filter and its like name. Raises Fail for what is no number."""
    number, rest = strtol(value)
    if rest == value or rest.strip(" \t\n\v\f\r") or number < 0:
        raise Fail.error(f'Invalid numeric value "{value}" for {stream}-filter.')
    if number > INT_MAX:
        raise Fail.error(f"Numeric argument {number} to big for {stream}-filter.")
    return number


def lookup(call, ctl, text):
    """"12.0" -> (Job, running Step). Raises Fail."""
    number, task, component, key = parse(text)
    if key is None:
        usage_error(call, "Failed to parse stepid from command line options")
    found = [job for job in ctl.store.named(number) if number and component in (None, job.het_offset)
             and (task is None or job.array_task == task or task in unpack(job.array_tasks))]
    job = found[0] if found else None
    why = (slurm_errno.ESLURM_INVALID_JOB_ID if job is None else
           slurm_errno.ESLURM_JOB_PENDING if job.phase == PENDING else
           slurm_errno.ESLURM_ALREADY_DONE if job.phase >= ENDED else None)
    steps = [s for s in ctl.store.steps(job.id) if s.step_id == key and s.state == "RUNNING"] \
        if job else []
    if why or not steps:
        raise Fail.error("Could not get job step info",
                         errno=why or slurm_errno.ESLURM_INVALID_JOB_ID)
    return job, steps[0]


def show_layout(call, step):
    """--layout: the tasks on each node."""
    nodes, where = expand(step.nodelist), of_step(step)
    call.print(f"Job step layout:\n\t{step.ntasks} tasks, {len(nodes)} nodes ({step.nodelist})\n")
    for index, node in enumerate(nodes):
        ranks = [rank for rank, place in enumerate(where) if place == index]
        call.print(f"\tNode {index} ({node}), {len(ranks)} task(s): "
                   + "".join(f"{rank} " for rank in ranks))
    return 0


def look_on(call, ctl, step, only, label):
    """Pass on what the step's srun hands out, to the end of the step."""
    folder = attach.folder(ctl.state, step.job_id, step.step_id)
    os.makedirs(folder, 0o700, exist_ok=True)
    name = os.path.join(folder, str(os.getpid()))
    os.mkfifo(name, 0o600)
    worst, width, rest = 0, len(str(max(0, step.ntasks - 1))), {}
    try:
        fd = os.open(name, os.O_RDONLY | os.O_NONBLOCK)
        if not ctl.alive.poke(STEP + step.pid):
            return 0
        os.set_blocking(fd, True)
        wait_for_writer(fd, ctl, step)
        with open(fd, "rb") as stream:
            for kind, rank, what in attach.frames(stream):
                if kind == "x":
                    worst = max(worst, tell_end(call, rank, what))
                elif only[kind] in (None, rank):
                    out = call.out if kind == 1 else call.err
                    out.write(labelled(rest, kind, rank, what, width) if label else what)
                    out.flush()
    finally:
        os.unlink(name)
        try:
            os.rmdir(folder)
        except OSError:
            pass                         # others look on, too
    return worst


def wait_for_writer(fd, ctl, step):
    """Until the step's srun has opened the pipe, or has gone."""
    import select
    poll = select.poll()
    poll.register(fd, select.POLLIN)
    while not poll.poll(200):
        if not ctl.alive.holder(STEP + step.pid):
            return


def labelled(rest, kind, rank, data, width):
    """Whole lines with the task's number; what is left over waits in `rest`."""
    *whole, rest[kind, rank] = (rest.get((kind, rank), b"") + data).split(b"\n")
    return b"".join(b"%*d: %s\n" % (width, rank, line) for line in whole)


def tell_end(call, rank, status):
    """Say how a task ended, if not well; its exit code."""
    code = status >> 8 & 255
    if code and not status & 127:
        call.error(f"task {rank} exited with exit code {code}")
    return code
