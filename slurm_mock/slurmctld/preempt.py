"""Preemption: which running jobs make room for a more important one, and what becomes of them.

Pure functions.  Source: slurm.conf(5), PreemptType, PreemptMode; sacctmgr(1), Preempt,
PreemptMode and GraceTime of a QOS.  Suspending (SUSPEND, GANG) is not done: such jobs stay.
"""

from .select_nodes import place


class Preemption:
    """How a cluster preempts. qos: {name: Qos} of the accounting database."""

    def __init__(self, config, qos):
        self.kind = config.get("PreemptType", "preempt/none").rpartition("/")[2]
        self.modes = modes(config.get("PreemptMode", "OFF"))
        self.qos = qos

    @classmethod
    def of(cls, ctl):
        """That of a controller's cluster; None if it does not preempt."""
        if ctl.config.get("PreemptType", "preempt/none").endswith("none"):
            return None
        return cls(ctl.config, ctl.book().qos)

    def mode(self, cluster, job):
        """What becomes of a running job that has to go: CANCEL, REQUEUE; "" if it stays."""
        words = self.modes
        if self.kind == "qos" and job.qos in self.qos:
            own = modes(self.qos[job.qos].preempt_mode)
            words = words if own == {"CLUSTER"} else own
        elif self.kind == "partition_prio" and job.partition in cluster.parts:
            own = cluster.parts[job.partition].options.get("PreemptMode")
            words = modes(own) if own else words
        if "REQUEUE" in words:
            return "REQUEUE" if job.requeue and job.batch_flag else "CANCEL"
        return "CANCEL" if "CANCEL" in words else ""

    def grace(self, cluster, job):
        """Seconds that the job gets between being told and being ended."""
        if self.kind == "qos":
            return self.qos[job.qos].grace_time if job.qos in self.qos else 0
        part = cluster.parts.get(job.partition)
        return int(part.options.get("GraceTime", 0)) if part else 0

    def candidates(self, cluster, job, part):
        """Running jobs that this one may push out, the least important first."""
        found = []
        if self.kind == "qos":
            mine = self.qos.get(job.qos)
            lower = set(mine.preempt.split(",")) if mine and mine.preempt else ()
            found = [j for j in cluster.active if j.qos in lower]
            found.sort(key=lambda j: (self.qos[j.qos].priority if j.qos in self.qos else 0,
                                      j.priority, -j.start_time))
        elif self.kind == "partition_prio":
            tier = part.priority_tier
            found = [j for j in cluster.active if j.partition in cluster.parts
                     and cluster.parts[j.partition].priority_tier < tier]
            found.sort(key=lambda j: (cluster.parts[j.partition].priority_tier, j.priority,
                                      -j.start_time))
        return [j for j in found if j.state == "RUNNING" and not j.preempt_time
                and self.mode(cluster, j)]

    def victims(self, cluster, job, part, blocked):
        """The jobs that must go so that this one can start on a partition; [] if that is no help,
        or if those that are going already leave room enough."""
        possible = self.candidates(cluster, job, part)
        if not possible:
            return []
        picture = cluster.twin(cluster.now, dict(cluster.use))
        for other in cluster.active:
            if other.state == "COMPLETING" or other.preempt_time:
                picture.release(other)
        gone = []
        shares = place(picture, job, part, blocked)
        for victim in possible:
            if shares:
                break
            picture.release(victim)
            gone.append(victim)
            shares = place(picture, job, part, blocked)
        if not shares:
            return []
        wanted = {s.node for s in shares}
        return [j for j in gone if any(j in cluster.use[name].jobs for name in wanted
                                       if name in cluster.use)]


def modes(text):
    """"requeue,gang" (PreemptMode) -> {"REQUEUE", "GANG"}."""
    return {word.strip().upper() for word in text.split(",")}
