"""What the tasks of a step use: sampled while they run, and what wait4 tells of their end.

A step keeps one record a task, as text: "rank,node,cpu,rss,vm,pages,read,write;..." with CPU
time in microseconds, memory in KiB, pages as major faults, and bytes.  As with Slurm's
jobacct_gather/linux a step that ends before the first sample (JobAcctGatherFrequency) has
none.  Sources: slurm.conf(5); proc(5); getrusage(2).
"""

import os

from .. import machine
from ..common.jobacct import FIELDS, Used, pack
from ..conf.params import frequency
from ..machine.proctrack import tree

# What slurmstepd tells of a step with too much memory, and then of its job.
OVER_MEMORY = "StepId={step} exceeded memory limit ({used} > {limit}), being killed"
OVER_MEMORY_NOTE = "Exceeded job memory limit"


class Sampler:
    """Samples the tasks of one step in their owner's process.

    began: its start; roots: {(rank, node index): process id}; without(): process ids that are
    another step's; limits: {node index: MiB}, obeyed where slurm.conf says so; acctg_freq: what was asked
    for, see Job.acctg_freq.
    """

    def __init__(self, ctl, began, roots, without=tuple, limits=None, acctg_freq=0):
        self.ctl, self.began, self.roots, self.without = ctl, began, roots, without
        self.every = frequency(ctl, acctg_freq)
        self.due = ctl.clock.now() + self.every if self.every else 0
        self.seen = {}
        params = ctl.config.get("JobAcctGatherParams", "").lower().split(",")
        self.limits = (limits or {}) if "overmemorykill" in params else {}

    def turn(self):
        """Take a sample if one is due. Where memory limits are enforced: (node index, bytes in
        use, limit in bytes) of a node on which the tasks use too much; else None."""
        now = self.ctl.clock.now()
        if not self.every or now < self.due:
            return None
        self.due = now + self.every
        in_use = {}
        for (rank, node), amounts in sample(self.roots, self.without()).items():
            used = Used(rank, node, *amounts)
            in_use[node] = in_use.get(node, 0) + used.rss * 1024
            used.top(self.seen.get(rank))
            self.seen[rank] = used
        for node, amount in in_use.items():
            limit = self.limits[node] << 20 if node in self.limits else 0
            if 0 < limit < amount:
                return node, amount, limit
        return None

    def _unwatched(self):
        """Would there have been a sample, had the clock not jumped, or were there a /proc?"""
        blind = self.ctl.clock.stepping or not os.path.exists("/proc/self/stat")
        return blind and self.ctl.now - self.began >= self.every

    def result(self, ended):
        """The text for Step.usage. ended: {(rank, node): rusage of wait4}."""
        if not self.every or not self.seen and not self._unwatched():
            return ""
        for (rank, node), rusage in ended.items():
            used = Used(rank, node, *at_end(rusage))
            if rank in self.seen and self.without is not tuple:
                # wait4 counts what the script's steps used, too
                continue
            used.top(self.seen.get(rank))
            self.seen[rank] = used
        return pack(self.seen[rank] for rank in sorted(self.seen))


def at_end(rusage):
    """The amounts that the kernel tells of an ended process and its children."""
    return (int((rusage.ru_utime + rusage.ru_stime) * 1e6), rusage.ru_maxrss, 0,
            rusage.ru_majflt, rusage.ru_inblock * 512, rusage.ru_oublock * 512)


def sample(roots, without=(), processes=None):
    """{key: amounts} of the trees below roots {key: process id}, now. Linux only."""
    from ..machine.proctrack import table
    processes = table() if processes is None else processes
    found = {}
    for key, pid in roots.items():
        amounts = [0] * len(FIELDS)
        for one in {pid, *tree(processes, pid)} - set(without):
            for i, amount in enumerate(machine.here.amounts(one)):
                amounts[i] += amount
        if any(amounts):
            found[key] = amounts
    return found


def of_process(pid):
    """The amounts of one process; () if it has gone or cannot be seen."""
    try:
        with open(f"/proc/{pid}/stat", "rb") as f:
            stat = f.read().rpartition(b")")[2].split()
        with open(f"/proc/{pid}/io", "rb") as f:
            io = dict(line.split(b": ") for line in f.read().splitlines())
    except OSError:
        return ()
    tick = 1_000_000 // os.sysconf("SC_CLK_TCK")
    page = os.sysconf("SC_PAGE_SIZE") // 1024
    # fields of proc(5), counted from the state, which is the third
    return ((sum(map(int, stat[11:15])) * tick), int(stat[21]) * page, int(stat[20]) // 1024,
            int(stat[9]), int(io[b"rchar"]), int(io[b"wchar"]))
