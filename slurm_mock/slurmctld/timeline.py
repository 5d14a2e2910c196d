"""What the running jobs will leave free, moment by moment: where a waiting job looks ahead.

Pictures are made as they are asked for and share with each other what does not change.
Sets of nodes are masks (Cluster.mask).
"""

from bisect import bisect_right

from ..common.hostlist import expand
from ..common.records import INFINITE, UNLIMITED

FAR = 1 << 60


def seconds(job, part):
    """Seconds that the job may run; FAR where there is no limit."""
    limit = job.time_limit
    if limit is None or limit == INFINITE:
        limit = part.default_time or part.max_time
    return limit * 60 if limit and limit != UNLIMITED else FAR


def ends(cluster, job):
    """When a running job ends at the latest, in seconds since the epoch."""
    part = cluster.parts.get(job.partition)
    length = seconds(job, part) if part else FAR
    return (job.start_time or cluster.now) + length


def reserved(cluster, res):
    """Mask of the nodes of a reservation."""
    key = "reserved", res.nodes
    mask = cluster.known.get(key)
    if mask is None:
        mask = cluster.known[key] = cluster.mask(expand(res.nodes) if res.nodes else ())
    return mask


class Timeline:
    """The cluster's future as far as it is known: running jobs end at their time limits."""

    def __init__(self, cluster):
        self.cluster = cluster
        self.leaving = sorted(((max(ends(cluster, job), cluster.now), i, job)
                               for i, job in enumerate(cluster.active)), reverse=True)
        # moment after moment: the picture, and the nodes on which something came free then
        self.times, self.pictures, self.freed = [cluster.now], [cluster], [0]

    def ends(self):
        """The moments at which running jobs end, in seconds since the epoch."""
        return {when for when, _, _ in self.leaving} | set(self.times[1:])

    def at(self, when):
        """(picture, index of it) as it is from `when` on."""
        while self.leaving and self.leaving[-1][0] <= when:
            then = self.leaving[-1][0]
            picture = self.cluster.twin(then, dict(self.pictures[-1].use))
            freed = 0
            while self.leaving and self.leaving[-1][0] <= then:
                freed |= self.cluster.mask(picture.release(self.leaving.pop()[2]))
            self.times.append(then)
            self.pictures.append(picture)
            self.freed.append(freed)
        index = bisect_right(self.times, when) - 1
        return self.pictures[index], index

    def freed_between(self, index, other):
        """Mask of the nodes on which something comes free after picture `index`, up to picture `other`."""
        mask = 0
        for freed in self.freed[index + 1:other + 1]:
            mask |= freed
        return mask
