"""A month of other people's jobs leaves a bundled cluster neither empty nor full."""

import heapq

import pytest

from slurm_mock.common.records import ACTIVE, unpack_alloc
from slurm_mock.site import clusters
from slurm_mock.slurmctld import load
from tests.clusters.bundled import NOW, opened, profile_of


def usable(cluster, node):
    return cluster.takes_work(node) and node.name not in cluster.reserved_now()


class Month:
    """A tiny cluster of its own: the smallest job first, on the nodes of the lowest weight; whoever
    fits may start.  The real scheduler does better; this one shows what the arrivals ask for."""

    def __init__(self, name):
        self.cluster, opening = opened(name)
        self.profile = profile_of(name)
        nodes = self.cluster.nodes
        self.free = {n: nodes[n].cpus for n in nodes if usable(self.cluster, nodes[n])}
        self.order = {part.name: sorted((n for n in part.node_names if n in self.free),
                                        key=lambda n: nodes[n].weight)
                      for part in self.cluster.parts.values()}
        self.ends, self.queue, self.serial = [], [], 0
        for job in opening.jobs:
            if job.phase == ACTIVE:
                self.hold(job, [(s.node, s.cpus) for s in unpack_alloc(job.alloc)], job.start_time)
            elif not (job.hold or job.dependency or job.begin_time or job.req_nodes):
                self.queue.append(job)
        self.arrivals = self.records = 0
        # each hour: share of nodes in use, is a node idle where jobs go by default, jobs waiting
        self.samples = []

    def hold(self, job, shares, start):
        for node, cpus in shares:
            self.free[node] -= cpus
        self.serial += 1
        end = start + min(job.sim_seconds, job.time_limit * 60)
        heapq.heappush(self.ends, (end, self.serial, shares))

    def schedule(self, now):
        full = set()
        for job in sorted(self.queue, key=lambda job: job.min_nodes):
            cpus = (0 if self.cluster.parts[job.partition].exclusive
                    else job.num_cpus // job.min_nodes)
            kind = job.partition, job.gres, cpus
            if kind in full:
                continue
            found = []
            for n in self.order[job.partition]:
                node = self.cluster.nodes[n]
                want = cpus or node.cpus
                if (self.free[n] >= want and node.memory >= (job.mem_per_node or 0)
                        and node.gres.startswith(job.gres.rpartition(":")[0])):
                    found.append((n, want))
                    if len(found) == job.min_nodes:
                        break
            if len(found) < job.min_nodes:
                full.add(kind)
                continue
            self.queue.remove(job)
            self.hold(job, found, now)

    def run(self):
        now, stop, hour = NOW, NOW + 30 * 86400, NOW
        gap, job = load.arrival(self.profile, 0, now)
        due = now + gap
        home = self.cluster.default_partition() or self.cluster.parts["main"]
        while now < stop:
            now = min(due, self.ends[0][0] if self.ends else due)
            while hour <= now:
                busy = sum(self.free[n] < self.cluster.nodes[n].cpus for n in self.free)
                idle = sum(self.free[n] == self.cluster.nodes[n].cpus for n in self.order[home.name])
                self.samples.append((busy / len(self.free), idle > 0, len(self.queue)))
                hour += 3600
            while self.ends and self.ends[0][0] <= now:
                for node, cpus in heapq.heappop(self.ends)[2]:
                    self.free[node] += cpus
            if due == now:
                self.arrivals += 1
                self.records += job.array_count or 1
                self.queue += [job.copy() for _ in range(job.array_count or 1)]
                gap, job = load.arrival(self.profile, self.arrivals, now)
                due = now + gap
            self.schedule(now)
        return self


@pytest.mark.parametrize("name", clusters.names())
def test_a_month_neither_drains_nor_fills_the_cluster(name):
    month = Month(name).run()
    use = [u for u, _, _ in month.samples]
    weeks = [use[i:i + 168] for i in range(0, 28 * 24, 168)]
    queue = [q for _, _, q in month.samples]
    assert month.arrivals <= month.records <= 10_000
    assert 0.60 <= sum(use) / len(use) <= 0.75
    for week in weeks:
        assert 0.5 <= sum(week) / len(week) <= 0.85
    assert max(queue) <= 60 and min(queue[-168:]) <= 5
    # a learner's job of one node would nearly always start at once
    assert sum(idle for _, idle, _ in month.samples) / len(use) >= 0.9
