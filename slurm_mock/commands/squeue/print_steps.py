"""Fields of squeue --steps. The record is a StepRow: a step together with its job."""

from ...common.print_fields import Field, known
from ...common.records import INFINITE
from ...common.release import CURRENT
from ...slurmctld import job_info as values
from ...slurmctld.job_info import node_list


def step_id(row, view):
    """STEPID: the step's id by that of its job, 12_3.0."""
    return values.step_id(row.job, row.step)


def used(row, now):
    """Seconds that the step has run until `now` (since the epoch), without the time its job is
    suspended."""
    step, job = row.step, row.job
    if job.state == "SUSPENDED":
        return max(0, job.pre_suspend - (step.start_time - job.start_time))
    return (step.end_time or now) - step.start_time


def _limit(row, view):
    limit = row.step.time_limit
    return "UNLIMITED" if limit in (INFINITE, None) else values.seconds_text(limit * 60)


def _array_task(row, view):
    return "N/A" if row.job.array_task is None else str(row.job.array_task)


def _null(header):
    return Field(header, lambda row, view: None)


NODES = Field("NODELIST", lambda row, view: node_list(row.step.nodelist), cut=False,
              cut_header=False)
LETTERS = {
    "A": Field("TASKS", lambda row, view: str(row.step.ntasks)),
    "b": _null("TRES_PER_JOB"),
    "i": Field("STEPID", step_id),
    "j": Field("NAME", lambda row, view: row.step.name),
    "l": Field("TIME_LIMIT", _limit, cut=False),
    "M": Field("TIME", lambda row, view: values.seconds_text(used(row, view.now)), cut=False),
    "N": NODES,
    "P": Field("PARTITION", lambda row, view: row.job.partition),
    "S": Field("START_TIME", lambda row, view: view.stamp(row.step.start_time)),
    "U": Field("UID", lambda row, view: str(row.job.uid)),
    "u": Field("USER", lambda row, view: row.job.user),
}
NAMES = {
    "arrayjobid": Field("ARRAY_JOB_ID", lambda row, view: str(row.job.array_id)),
    "arraytaskid": Field("ARRAY_TASK_ID", _array_task),
    "cluster": Field("CLUSTER", lambda row, view: view.config["ClusterName"]),
    "cpufreq": Field("CPU_FREQ", lambda row, view: "0-0:0"),
    "cpus-per-tres": _null("CPUS_PER_TRES"),
    "gres": LETTERS["b"],
    "jobid": Field("JOB_ID", lambda row, view: str(row.job.id)),
    "mem-per-tres": _null("MEM_PER_TRES"),
    "network": _null("NETWORK"),
    "nodes": NODES,
    "numcpus": Field("NUM_CPUS", lambda row, view: str(row.step.num_cpus)),
    "partition": LETTERS["P"],
    "resvports": _null("RESERVED_PORTS"),
    "starttime": LETTERS["S"],
    "stepid": LETTERS["i"],
    "stepname": LETTERS["j"],
    "stepstate": Field("STATE", lambda row, view: row.step.state),
    "timelimit": LETTERS["l"],
    "timeused": LETTERS["M"],
    "tres-bind": _null("TRES_BIND"),
    "tres-freq": _null("TRES_FREQ"),
    "tres-per-job": _null("TRES_PER_STEP"),
    "tres-per-step": _null("TRES_PER_STEP"),
    "tres-per-node": _null("TRES_PER_JOB"),
    "tres-per-socket": _null("TRES_PER_SOCKET"),
    "tres-per-task": _null("TRES_PER_TASK"),
    "userid": LETTERS["U"],
    "username": LETTERS["u"],
}


def by_name(name, release=CURRENT):
    """The field that -O calls so in that release; None."""
    if name.startswith("container"):
        return _null("CONTAINER")
    return LETTERS["A"] if name.startswith("numtask") else known(NAMES, name, release)
