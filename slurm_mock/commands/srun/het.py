"""srun over components of a heterogeneous job: `srun --het-group=0,1 a`, `srun a : b`."""

import os

from ...common.hostlist import BadHostlist, fold
from ...common.parse_time import is_number, whole
from ...slurmctld import job_mgr
from ...slurmd.env import job_variables
from ...slurmd.task import Task
from ..shared.allocate import obtain
from ..shared.call import Fail
from ..slurm_opt import het
from ..slurm_opt.args_bind import check_cpu_bind
from ..slurm_opt.request import Request
from ..slurm_opt.table import SRUN, table
from .step import NO_COMMAND, Run, job_named


MOST_COMPONENTS = 128        # MAX_HET_JOB_COMPONENTS


def execute(call, argv):
    """One step in several components: a generator, as srun.execute. Raises Fail."""
    ctl = call.controller
    found, commands = [], []
    for words in het.split(argv):
        given, command = call.getopt(table(SRUN), permute=False, argv=words, code=255)
        found.append(given)
        commands.append(command or (commands[-1] if commands else []))
    if not commands[0]:
        raise Fail.fatal(NO_COMMAND)
    requests = [request(call, ctl, found, number) for number in range(len(found))]
    for asked, command in zip(requests, commands):
        if "multi-prog" in asked.given:
            from .multi_prog import read
            read(call, command[0])
    inside = call.env.get("SLURM_JOB_ID", "")
    if inside:
        leader = job_named(call, ctl, inside)
        run = Together(call, ctl, chosen(call, ctl, leader, requests, commands))
        return (yield from run.go())
    jobs = []
    for asked, command in zip(requests, commands):
        job = asked.finished()
        job.name = job.name or os.path.basename(command[0])
        job.command = command[0]
        jobs.append(job)
    leader = yield from obtain(call, jobs[0], "quiet" in requests[0].given,
                               requests[0].immediate, others=jobs[1:])
    run = Together(call, ctl, list(zip(job_mgr.components(ctl, leader.id), requests, commands)))
    code = 1
    try:
        code = yield from run.go()
    finally:
        ctl.end_job(leader.id, run.status)
        ctl.moved()
    return code


def request(call, ctl, found, number):
    """The options of one component."""
    asked = Request(call, ctl.now)
    asked.environment()
    asked.apply(het.inherited(found, number))
    asked.validate()
    check_cpu_bind(asked)
    asked.look_over()
    return asked


def chosen(call, ctl, leader, requests, commands):
    """[(job, request, command)] of the components in which to run. Raises Fail."""
    jobs = job_mgr.components(ctl, leader.het_id) if leader.het_id else [leader]
    parts = []
    for number, (asked, command) in enumerate(zip(requests, commands)):
        text = asked.given.get("het-group")
        try:
            asked_for = groups(text, len(jobs)) if text is not None else [number]
        except BadHostlist as bad:
            call.error(bad.told)
            raise Fail.error(f"Invalid --het-group value: {text}") from None
        for group in asked_for:
            if group >= len(jobs):
                raise Fail.error("Requested het-group offset exceeds highest hetjob index "
                                 f"({group} > {len(jobs) - 1})")
            parts.append((jobs[group], asked, command))
    return sorted(parts, key=lambda part: part[0].het_offset or 0)


def check_groups(call, text):
    """Look at --het-group where there is no heterogeneous job. Raises Fail for what names no component."""
    try:
        found = groups(text.removeprefix("[").removesuffix("]"), MOST_COMPONENTS)
    except BadHostlist as bad:
        call.error(bad.told)
        found = []
    if not found or max(found) >= MOST_COMPONENTS:
        raise Fail.error(f"Invalid --het-group value: {text}")


def groups(text, count):
    """"0,2-3" -> [0, 2, 3], of a range no more than the first that is not among `count`.
    Raises BadHostlist."""
    found = []
    for word in text.split(","):
        low, dash, high = word.partition("-")
        if not is_number(low) or (dash and not is_number(high)):
            raise BadHostlist(text, range=word)
        first, last = whole(low), whole(high if dash else low)
        found += range(first, min(last, max(first, count)) + 1)
    return found


class Together(Run):
    """A step of the same number in each of several components, with ranks counted through."""

    loud = 0                             # -v tells of one job only

    def __init__(self, call, ctl, parts):
        super().__init__(call, ctl, *parts[0], None)
        self.parts = [Run(call, ctl, *part, None) for part in parts]
        for part in self.parts:
            part.per_node = part.job.ntasks_per_node

    def create(self):
        """Create a step of the same number in each component, one after the other. A generator,
        whose value is as that of Run.create, with all nodes together. Raises Fail."""
        number, nodes, counts, begun = None, [], [], []
        for part in self.parts:
            part.number = number
            part.step, part.counts, part.nodes = yield from part.create()
            number = part.step.step_id
            begun.append(part.step)
            nodes += part.nodes
            counts += part.counts
        jobs = [part.job for part in self.parts]
        leader = self.ctl.store.job(jobs[0].het_id or jobs[0].id)
        # what the tasks are told of: one job and one step on all these nodes
        self.job = leader.copy(
            alloc=";".join(job.alloc for job in jobs), num_nodes=sum(j.num_nodes for j in jobs),
            nodelist=_joined([job.nodelist for job in jobs]))
        step = begun[0].copy(
            job_id=leader.id, nodelist=_joined([s.nodelist for s in begun]), num_nodes=len(nodes),
            ntasks=sum(counts), num_cpus=sum(s.num_cpus for s in begun))
        return step, counts, nodes

    def new_tasks(self, counts, nodes):
        """The tasks of all components, their ranks counted through."""
        found = []
        for part in self.parts:
            found += [Task(len(found) + task.rank, task.node, "label" in part.given)
                      for task in part.new_tasks(part.counts, part.nodes)]
        return found

    def files(self):
        """As Run.files, of the first component; each task says for itself whether it is labelled."""
        files = super().files()
        files.label = False              # each task says for itself
        return files

    def tasks(self):
        """The tasks of each part."""
        first = 0
        for part in self.parts:
            last = first + sum(part.counts)
            yield part, self.crew.tasks[first:last]
            first = last

    def program(self, rank):
        """What the task of this rank runs: as its own component says. Raises Fail."""
        for part in self.parts:
            if rank < sum(part.counts):
                return part.program(rank)
            rank -= sum(part.counts)

    def of_job(self):
        """The variables of the job that all components make together."""
        return job_variables(self.ctl, self.job)

    def report(self):
        """Lines about tasks that failed, component by component."""
        return [line for _, tasks in self.tasks() for line in self.crew.report(tasks)]

    def steps(self):
        """The Steps of all components."""
        return [part.step for part in self.parts]

    def end_step(self, step, status, state):
        """Enter the end of the step in each component; what was used is told of the first only."""
        for part in self.parts:
            mine = part.step
            mine.cancelled_by = step.cancelled_by
            if part is self.parts[0]:
                mine.usage, mine.user_usec, mine.sys_usec = (
                    step.usage, step.user_usec, step.sys_usec)
            self.ctl.end_step(mine, status, state)


def _joined(nodelists):
    """Node lists one behind the other, folded where that keeps the order."""
    from ...common.hostlist import expand
    names = [name for text in nodelists for name in expand(text)]
    folded = fold(names)
    return folded if expand(folded) == names else ",".join(nodelists)
