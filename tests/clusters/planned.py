"""A cluster in memory and jobs asked for by sbatch's options: for the parts that need no store.

It is the cluster of tests/conformance, so that what real Slurm answered there holds here.
"""

import io
import itertools
import os
import shlex
import tempfile

from slurm_mock.commands.sbatch import TABLE
from slurm_mock.commands.shared.call import Call
from slurm_mock.commands.slurm_opt.request import Request
from slurm_mock.common.getopt import getopt
from slurm_mock.common.hostlist import fold
from slurm_mock.common.records import ACTIVE, Partition, pack_alloc, unpack_alloc
from slurm_mock.conf import read_config
from slurm_mock.slurmctld.cluster import Cluster, Part

NOW = 1_772_442_000
CONF = """\
ClusterName=conf
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
DefMemPerCPU=500
PriorityType=priority/multifactor
PriorityWeightAge=1000
PriorityWeightJobSize=100
PriorityWeightPartition=10000
PriorityMaxAge=7-00:00:00
GresTypes=gpu
NodeName=c[1-5] Sockets=2 CoresPerSocket=4 RealMemory=16000 Feature=haswell,ib Weight=1
NodeName=f[1-2] Sockets=2 CoresPerSocket=8 RealMemory=64000 Feature=haswell,fat Weight=10
NodeName=g[1-2] Sockets=2 CoresPerSocket=4 RealMemory=32000 Gres=gpu:k80:2 Feature=haswell,gpu Weight=20
NodeName=h1 Sockets=2 CoresPerSocket=4 ThreadsPerCore=2 RealMemory=24000 Feature=rome,ht Weight=30
PartitionName=main  Nodes=c[1-5] Default=YES MaxTime=1-00:00:00 DefaultTime=01:00:00 PriorityJobFactor=10
PartitionName=debug Nodes=c[1-2] MaxTime=00:30:00 MaxNodes=2 PriorityTier=10
PartitionName=fat   Nodes=f[1-2] MaxTime=02:00:00 DefaultTime=00:10:00 OverSubscribe=EXCLUSIVE
PartitionName=gpu   Nodes=g[1-2] MaxTime=12:00:00
PartitionName=ht    Nodes=h1 MaxTime=12:00:00
PartitionName=all   Nodes=ALL MaxTime=INFINITE MaxMemPerCPU=4000
PartitionName=down  Nodes=c5 State=DOWN
PartitionName=off   Nodes=c5 State=INACTIVE
"""
_ids = itertools.count(1)


def cluster(text=CONF, now=NOW, reservations=()):
    """The cluster that a slurm.conf describes, idle."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "slurm.conf")
        with open(path, "w", encoding="utf-8") as f:
            f.write(text)
        read = read_config.read(path)
    parts = [Part(Partition(name=name, idx=i, nodes=fold(words["Nodes"].split(",")),
                            state=words.get("State", "UP")), words)
             for i, (name, words) in enumerate(read.partitions)]
    return Cluster(now, read.config, read.nodes, parts, list(reservations), [])


def ask(options="", **fields):
    """A pending Job as sbatch makes it of these options."""
    call = Call("sbatch", [], {}, "/", None, io.BytesIO(), io.BytesIO(), "")
    request = Request(call, NOW)
    request.apply(getopt(shlex.split(options), TABLE)[0])
    job = request.finished()
    job.partition = job.partition or "main"
    job.id = next(_ids)
    for name, value in fields.items():
        setattr(job, name, value)
    return job


def run(place, job, shares, since=0):
    """Let a job run on these shares since so many seconds ago."""
    job.phase, job.state, job.alloc = ACTIVE, "RUNNING", pack_alloc(shares)
    job.start_time = place.now - since
    place.occupy(job)
    return job


def seen(shares):
    """Shares as SLURM_JOB_NODELIST, SLURM_JOB_CPUS_PER_NODE and SLURM_TASKS_PER_NODE show them."""
    if shares is None:
        return None
    from slurm_mock.slurmd.env import counts_text
    return " ".join([fold([s.node for s in shares]), counts_text([s.cpus for s in shares]),
                     counts_text([s.tasks or 1 for s in shares])])


__all__ = ["CONF", "NOW", "ask", "cluster", "run", "seen", "unpack_alloc"]
