"""squeue: the queue. Source: squeue(1) of Slurm 22.05."""

from ...common import print_fields, slurm_errno
from ...common.hostlist import expand
from ...common.records import ACTIVE, ENDED, PENDING
from ...common.release import as_of
from ...slurmctld import job_info
from ..shared.call import Fail
from ..shared.view import View, clock_line
from . import print as squeue_print
from . import sort
from .opts import DEFAULT, LONG, finish, read, split

# With fewer jobs that wait plain.py would not pay.
MANY = 300


def main(call):
    """Run squeue; see Call for what goes in and out. Returns the exit code. Raises Fail."""
    query, operands = read(call)
    if query is None:
        return 0
    if query.dump:
        from .dump import dump
        return dump(call, query.dump)
    finish(call, query, operands)
    ctl = call.controller
    while True:
        ctl.settle()
        view = View(ctl, call.env, query.convert)
        if not query.noheader and (query.iterate or query.verbose or query.long):
            call.print(clock_line(view.now))
        if query.cluster and not query.noheader:
            call.print(f"CLUSTER: {query.cluster}")
        if query.steps_flag:
            from .steps import show as show_steps
            show_steps(call, query, view)
        else:
            show(call, query, view)
        if not query.iterate:
            return 0
        call.print()
        call.out.flush()
        from ..shared.iterate import wait
        yield from wait(ctl, query.iterate)


# ---- jobs -------------------------------------------------------------------

def show(call, query, view):
    """Print the jobs once. Raises Fail for an order that there is not, and for a single id that no
    job has."""
    cols = _columns(call, query)
    try:
        steps, bad = sort.plan(query.sort or sort.DEFAULT), None
    except sort.BadSort as error:
        steps, bad = [], error
    jobs, plain = _split(query, view, cols, set(print_fields.needs(cols)) | sort.needs(steps))
    if view.bad_time_format is not None and any(c.field.header.endswith("TIME") for c in cols):
        call.error(f"invalid SLURM_TIME_FORMAT = '{view.bad_time_format}'")
    jobs = select(query, view, job_info.listed(jobs))
    tiers = None
    if query.priority:
        tiers = {name: part.priority_tier for name, part in view.parts.items()}
    if not query.array and not query.array_unique:
        combine(jobs)
    jobs = sort.arrange(jobs, steps, view, tiers)
    for letter, _ in steps:
        if letter == "b":
            call.log("Invalid sort specification: b")
    lines = [] if query.noheader else [print_fields.header(cols)]
    if bad:
        call.out.write(print_fields.to_bytes("".join([line + "\n" for line in lines])))
        raise Fail.error(f"Invalid sort specification: {bad}")
    line = print_fields.printer(cols, view)
    if query.array:
        view.env = dict(view.env, SLURM_BITSTR_LEN="0")
        jobs = tasks_apart(jobs)
    if plain:
        call.out.write(b"\n".join([print_fields.to_bytes(text) for text in lines]
                                  + plain.among(jobs, line) + [b""]))
        return
    lines += [line(job) for job in jobs]
    if lines:
        call.out.write(print_fields.to_bytes("\n".join(lines) + "\n"))


def _columns(call, query):
    def bad(what):
        call.error(print_fields.BAD_FORMAT.format(what=what))
    if query.format is not None:
        return print_fields.letters(query.format, squeue_print.LETTERS, bad, release=call.release)
    text = query.long_format
    if text is None:
        text = as_of(LONG if query.long else DEFAULT, call.release)
    return print_fields.names(text, lambda name: squeue_print.by_name(name, call.release), bad)


def _split(query, view, cols, wanted):
    """(jobs that may be asked for, the rest as plain.Plain or None)."""
    if view.controller.store.many_pending(MANY):
        from . import plain as squeue_plain
        if squeue_plain.fits(query, cols):
            return squeue_plain.split(query, view, cols,
                                      lambda odd: load(query, view, wanted, odd))
    return load(query, view, wanted), None


def load(query, view, wanted, odd=None):
    """The jobs that may be asked for, by id, with the columns that are needed (`wanted`, to which
    those of the filters are added); odd: of those that wait only these. Raises Fail for a single id
    that no job has."""
    for column, asked in (("account", query.accounts), ("qos", query.qos), ("user", query.users),
                          ("licenses", query.licenses), ("reservation", query.reservation),
                          ("nodelist", query.nodes), ("name", query.names), ("het_id", query.jobs)):
        if asked is not None:
            wanted.add(column)
    wanted.add("partition")
    store = view.controller.store
    phases = (PENDING, ACTIVE, ENDED)
    if query.jobs and len(query.jobs) == 1:
        number = query.jobs[0][0]
        jobs = store.named(number, sorted(wanted))
        if not jobs:
            raise Fail.bare("slurm_load_jobs error", errno=slurm_errno.ESLURM_INVALID_JOB_ID)
        return jobs
    if query.states is None:
        phases = (PENDING, ACTIVE)
    if odd is not None:
        phases = phases[1:]
    return store.jobs(*phases, columns=sorted(wanted), ids=odd or ())


def select(query, view, jobs):
    """The jobs that the filters let pass."""
    tests = []
    if query.jobs is not None:
        jobs = [job for job in jobs if _wanted_id(query, job)]
    if not query.all and query.jobs is None and not view.caller.admin:
        visible = {p.name for p in view.visible()}
        if len(visible) < len(view.parts):
            me = view.caller.user
            tests.append(lambda j: j.partition in visible or j.user == me
                         or any(p in visible for p in j.partition.split(",")))
    if query.licenses is not None:
        tests.append(lambda j: any(t.partition(":")[0] in query.licenses
                                   for t in j.licenses.split(",")))
    if query.accounts is not None:
        accounts = {a.lower() for a in query.accounts}
        tests.append(lambda j: j.account.lower() in accounts)
    if query.qos is not None:
        qos = {q.lower() for q in query.qos}
        tests.append(lambda j: j.qos.lower() in qos)
    if query.states is None:
        ended = ("COMPLETED", "CANCELLED", "FAILED", "TIMEOUT", "NODE_FAIL", "PREEMPTED",
                 "BOOT_FAIL", "DEADLINE", "OUT_OF_MEMORY")
        if query.jobs is not None:
            tests.append(lambda j: j.state not in ended)
    elif query.states:
        tests.append(lambda j: j.state in query.states)
    if query.nodes is not None:
        tests.append(lambda j: not query.nodes.isdisjoint(expand(j.nodelist)))
    if query.users is not None:
        tests.append(lambda j: j.user in query.users)
    if query.reservation is not None:
        tests.append(lambda j: j.reservation == query.reservation != "")
    if query.names is not None:
        names = {n.lower() for n in query.names}
        tests.append(lambda j: j.name.lower() in names)
    for test in tests:
        jobs = [job for job in jobs if test(job)]
    if query.priority:
        jobs = [job.copy(partition=name) for job in jobs for name in split(job.partition)
                if query.partitions is None or name in query.partitions]
    elif query.partitions is not None:
        jobs = [j for j in jobs if any(p in query.partitions for p in j.partition.split(","))]
    return jobs


def _wanted_id(query, job):
    """Does -j name this job? Of a waiting array only the named tasks stay."""
    tasks = []
    for number, task in query.jobs:
        if task is None:
            if number in (job.array_id, job.id, job.het_id):
                return True
        elif number == job.array_id:
            if job.array_task == task:
                return True
            tasks.append(task)
    if not tasks or not job.array_tasks:
        return False
    from ...slurmctld.job_info import task_numbers
    left = [t for t in task_numbers(job.array_tasks) if t in tasks]
    if not left:
        return False
    if len(left) == 1:
        job.array_task = left[0]
    else:
        from ...common.hostlist import ranges
        job.array_tasks, job.array_limit = ranges(left), 0
    return True


def combine(jobs):
    """Waiting tasks that have records of their own join their array's line (in place)."""
    heads = {}
    for job in jobs:
        if job.array_id and job.array_task is None and job.state == "PENDING":
            heads[job.array_id, job.name, job.partition] = job
    if not heads:
        return
    joined = {}
    for job in jobs:
        if job.array_id and job.array_task is not None and job.state == "PENDING":
            head = heads.get((job.array_id, job.name, job.partition))
            if head:
                joined.setdefault(head, []).append(job)
    if not joined:
        return
    from ...common.hostlist import ranges
    from ...slurmctld.job_info import task_numbers
    gone = set()
    for head, tasks in joined.items():
        numbers = set(task_numbers(head.array_tasks))
        for task in tasks:
            numbers.add(task.array_task)
            if task.reason not in head.reason:
                head.reason += f",{task.reason}"
            gone.add(task.id)
        # the client writes the list anew, without the limit of running tasks
        head.array_tasks, head.array_limit = ranges(sorted(numbers)), 0
    jobs[:] = [job for job in jobs if job.id not in gone]


def tasks_apart(jobs):
    """--array: every waiting task by itself."""
    from ...slurmctld.job_info import task_numbers
    for job in jobs:
        if not job.array_id or job.array_task is not None:
            yield job
            continue
        for number in task_numbers(job.array_tasks):
            job.array_task = number
            yield job
