"""The bundled clusters in their opening state, without a store or a scheduler."""

import os

from slurm_mock.common.records import ACTIVE, Partition
from slurm_mock.conf import read_config
from slurm_mock.site import clusters
from slurm_mock.slurmctld import load
from slurm_mock.slurmctld.cluster import Cluster, Part

NOW = 1_540_450_000               # 2018-10-25, a Thursday

STATES = {("DOWN", ("NO_RESPOND",)): "down*", ("IDLE", ("DRAIN",)): "drain",
          ("IDLE", ("RESERVED",)): "resv", ("ALLOCATED", ()): "alloc", ("MIXED", ()): "mix",
          ("IDLE", ()): "idle"}


def profile_of(name):
    return load.read(os.path.join(os.path.dirname(clusters.path(name)), "load.conf"))


def opened(name, now=NOW):
    """A bundled cluster in its opening state: (Cluster, Opening)."""
    path = clusters.path(name)
    read = read_config.read(path)
    parts = [Part(Partition(name=part, idx=i, nodes=words["Nodes"]), words)
             for i, (part, words) in enumerate(read.partitions)]
    nodes = {node.name: node for node in read.nodes}
    opening = load.opening(profile_of(name), nodes, {part.name: part for part in parts}, now)
    for names, state, flags, *_ in opening.nodes:
        for node in names:
            nodes[node].state, nodes[node].flags = state, flags
    active = [job for job in opening.jobs if job.phase == ACTIVE]
    return Cluster(now, read.config, read.nodes, parts, opening.reservations, active), opening


def by_state(cluster, part):
    """{state: [node names]} of one partition."""
    found = {}
    for name in part.node_names:
        state = STATES[cluster.node_state(cluster.nodes[name])]
        found.setdefault(state, []).append(name)
    return found
