"""Job priorities: priority/basic and priority/multifactor.

Source: slurm.conf(5), PriorityType and PriorityWeight*; the numbers agree with what
`scontrol show job` of Slurm 22.05.8 gives for the same job.
"""

TOP = 4294901759        # where priority/basic begins to count down


def initial(ctl, job):
    """The priority of a job at its submission; at least 1 (0 means held)."""
    config = ctl.config
    if not config.get("PriorityType", "priority/basic").endswith("multifactor"):
        number = ctl.store.meta("basic_priority", TOP)
        ctl.store.set_meta("basic_priority", number - 1)
        return max(1, number - job.nice)
    return multifactor(config, job, ctl.parts(), *totals(ctl), ctl.now)


def totals(ctl):
    """(nodes, CPUs) of the whole cluster."""
    return ctl.store.db.execute("SELECT COUNT(*), SUM(cpus) FROM nodes").fetchone()


def multifactor(config, job, parts, nodes, cpus, now):
    """Sum of weight x factor (0 to 1) over age, size and partition, less nice."""
    def weight(name):
        return int(config.get("PriorityWeight" + name, 0))

    highest = max([p.priority_factor for p in parts.values()], default=1) or 1
    part = parts.get(job.partition.split(",")[0])
    longest = _seconds(config.get("PriorityMaxAge", "7-0"))
    age = min(1.0, (now - job.eligible_time) / longest) if job.eligible_time else 0.0
    asked = max(job.ntasks * job.cpus_per_task, job.min_nodes)
    size = (job.min_nodes / nodes + asked / cpus) / 2
    if config.get("PriorityFavorSmall", "NO").upper() == "YES":
        size = 1 - size
    total = (weight("Age") * age
             + weight("JobSize") * max(0.0, min(1.0, size))
             + weight("Partition") * (part.priority_factor / highest if part else 0))
    return max(1, int(total) - job.nice)


def _seconds(text):
    from .units import parse_duration
    return max(1, parse_duration(text))
