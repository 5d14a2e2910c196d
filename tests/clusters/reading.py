"""A small cluster for the tests of the reading commands: a store filled by hand, no processes.

The clock stands at NOW and nothing is scheduled (MOCK_SLURM_DRIVEN), so that what a
command prints depends on the records alone; `pass_time` schedules when a test says so.
"""

import marshal
import time

from slurm_mock import api
from slurm_mock.common.hostlist import expand, fold
from slurm_mock.common.records import (ACTIVE, ENDED, PENDING, Job, Node, Partition, Share, Step,
                                       pack_alloc)
from slurm_mock.slurmctld import background
from slurm_mock.slurmctld.clock import Clock
from slurm_mock.slurmctld.controller import Controller
from slurm_mock.store.store import Store

NOW = int(time.mktime((2026, 3, 2, 9, 0, 0, 0, 0, -1)))
CONFIG = {"ClusterName": "tiny", "SlurmctldHost": "tinyhead", "SlurmUser": "slurm",
          "SelectType": "select/cons_tres", "SelectTypeParameters": "CR_Core_Memory",
          "DefMemPerCPU": "500", "MaxArraySize": "1001"}
USERS = {"ada": 1000, "bob": 1001, "carol": 1002}


class Tiny:
    """Nodes n[1-6] with 8 CPUs, g1 with GPUs; partitions main (default), short, gpu, secret."""

    def __init__(self, path, user="ada", **config):
        path.mkdir(mode=0o700, exist_ok=True)
        self.state = str(path)
        self.user = user
        self.store = Store(self.state, create=True)
        Clock.start(self.store, 0)
        self.store.set_data("config", {**CONFIG, **config})
        for i, name in enumerate(expand("n[1-6],g1")):
            gpu = name == "g1"
            self.store.insert(Node(
                name=name, idx=i, addr=name, hostname=name, cpus=8, sockets=2, cores=4,
                memory=32000 if gpu else 16000, weight=20 if gpu else 1,
                features="k80" if gpu else "ib", active_features="k80" if gpu else "ib",
                gres="gpu:k80:2" if gpu else "", boot_time=NOW - 7200, slurmd_start=NOW - 3600,
                last_busy=NOW - 600))
        self.partition("main", "n[1-6]", Default="YES", MaxTime="1-00:00:00",
                       DefaultTime="01:00:00")
        self.partition("short", "n[1-2]", MaxTime="00:30:00", MaxNodes="2", PriorityTier="10")
        self.partition("gpu", "g1", MaxTime="12:00:00", OverSubscribe="EXCLUSIVE")
        self.partition("secret", "n6", Hidden="YES")

    def partition(self, name, nodes, state="UP", **options):
        count = len(self.store.select(Partition))
        self.store.insert(Partition(name=name, idx=count, nodes=nodes, state=state,
                                    options=marshal.dumps(options, 4)))

    def node(self, name, **changes):
        node = self.store.select(Node, "WHERE name=?", (name,))[0]
        for field, value in changes.items():
            setattr(node, field, value)
        self.store.update(node)

    def job(self, user="ada", **fields):
        """A waiting job; says more by `fields`."""
        values = dict(user=user, uid=USERS.get(user, 0), group_name="users", gid=100, name="job",
                      partition="main", reason="Priority", priority=100, submit_time=NOW - 300,
                      eligible_time=NOW - 300, accrue_time=NOW - 300, time_limit=60,
                      num_nodes=1, account="edu", work_dir=f"/home/{user}", command=f"/home/{user}/job.sh",
                      alloc_node="login", alloc_sid=4711)
        job = Job(**{**values, **fields})
        self.store.insert(job)
        return job

    def running(self, nodes, since=60, cpus=8, user="ada", **fields):
        """A job that has run for `since` seconds on whole `nodes`."""
        names = expand(nodes)
        shares = [Share(n, cpus, cpus * 500) for n in names]
        return self.job(user, **{**dict(
            phase=ACTIVE, state="RUNNING", reason="None", nodelist=fold(names), launched=1,
            num_nodes=len(names), num_cpus=cpus * len(names), batch_host=names[0],
            start_time=NOW - since, end_time=NOW - since + 3600, alloc=pack_alloc(shares),
            alloc_tres=f"cpu={cpus * len(names)},mem={cpus * len(names) * 500}M,"
                       f"node={len(names)},billing={cpus * len(names)}"), **fields})

    def ended(self, state="COMPLETED", **fields):
        return self.job(**{**dict(
            phase=ENDED, state=state, reason="None", nodelist="n1", num_nodes=1, num_cpus=1,
            batch_host="n1", start_time=NOW - 200, end_time=NOW - 100), **fields})

    def step(self, job, step_id=0, **fields):
        self.store.insert(Step(**{**dict(
            job_id=job.id, step_id=step_id, name="hostname", start_time=job.start_time,
            nodelist=job.nodelist, num_nodes=job.num_nodes, ntasks=job.num_nodes,
            num_cpus=job.num_cpus), **fields}))

    def controller(self, user=None, admin=False):
        """slurmctld as the user has it, or the cluster's administrator; nothing happens by itself."""
        env = {"MOCK_SLURM_DRIVEN": "1", "MOCK_SLURM_USER": user or self.user}
        return Controller.open(self.state, {**env, "MOCK_SLURM_ADMIN": "1"} if admin else env)

    def pass_time(self, seconds=0):
        """Let the clock go on, and all be done that is due then: jobs start and end in the store, no
        process does."""
        ctl = self.controller()
        ctl.clock.jump(ctl.clock.now() + seconds)
        with ctl.store:
            background.advance(ctl, ctl.now)
        ctl.close()

    def run(self, name, *argv, **env):
        """Run a command -> Result with text."""
        result = api.run(name, argv, env={
            "MOCK_SLURM_DRIVEN": "1", "MOCK_SLURM_USER": self.user, **env}, state=self.state)
        result.out, result.err = result.out.decode(), result.err.decode()
        return result


__all__ = ["ACTIVE", "ENDED", "NOW", "PENDING", "Tiny"]
