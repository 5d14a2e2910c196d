"""Room for a step in its job: which nodes, how many tasks on each, what it holds there; the wait for it.

Source: srun(1); allocate.c of srun and step_mgr.c; tests/conformance/cases/commands/90-variables-in-a-job.sh and
93-steps-in-a-job.sh.
"""

import _signal
import os

from ... import machine
from ...common import log, slurm_errno, tres
from ...common.hostlist import BadHostlist, fold, typed
from ...common.records import ACTIVE, INFINITE, Step, unpack_alloc
from ...common.slurm_errno import Refused
from ...common.step_layout import layout, named, tasks_on_nodes
from ...slurmd.env import asks_for_gres, usable_cpus
from ...slurmd.task import Task
from ..shared.call import Fail
from ..shared.submit import host
from ..slurm_opt.request import FEWER_NODES
from .ends import not_created

# What ends the wait of a step for room in its job.
PENDING_ENDS = (_signal.SIGINT, _signal.SIGHUP, _signal.SIGQUIT, _signal.SIGTERM, _signal.SIGUSR1, _signal.SIGUSR2)
PER_NODE_IGNORED = (
    "Warning: can't honor --ntasks-per-node set to {each} which doesn't match the requested tasks "
    "{tasks} with the number of requested nodes {nodes}. Ignoring --ntasks-per-node.")


class Allocated:
    """Part of step.Run, which has the call, the controller, the job and the request."""

    number = None                        # the step's, where it is known before
    warned = False
    per_node = 0                         # tasks, where neither srun nor the environment says

    def new_tasks(self, counts, nodes):
        """The tasks, by rank, each with its node."""
        return [Task(rank, nodes[i]) for rank, i in enumerate(
            layout(counts, self.distribution(nodes)))]

    def distribution(self, nodes):
        """--distribution, with the node of each rank where a list says it."""
        if not self.request.order:
            return self.asked.distribution
        return "arbitrary=" + ",".join(str(nodes.index(name)) for name in self.request.order)

    def create(self):
        """Find room for the step in its job; waits while other steps have it. A generator, whose
        value is (Step, tasks on each node, node names). Raises Fail."""
        told, bell = False, None
        while True:
            with self.ctl.store:
                self.job = self.ctl.store.job(self.job.id)
                layout = self.layout()
                if layout:
                    step = self.ctl.begin_step(self.new_step(*layout))
                    break
            if self.job.phase != ACTIVE:
                raise not_created(self.job.id, slurm_errno.ESLURM_ALREADY_DONE)
            if not told and not ("constraint" in self.given and self.inside):
                self.call.log(f"Job {self.job.id} step creation temporarily disabled, retrying "
                              f"({self.call.strerror(slurm_errno.ESLURM_NODES_BUSY)})")
                told = True
            bell = bell or machine.here.bell(*PENDING_ENDS)
            yield from machine.here.pause(self.ctl, self.may_try)
            rings = [ring for ring in bell.wait(0) if ring in PENDING_ENDS]
            if rings:
                self.call.log(f"Cancelled pending job step with signal {rings[0]}")
                raise not_created(self.job.id, slurm_errno.ESLURM_ALREADY_DONE)
        if told:
            self.call.log(f"Step created for job {self.job.id}")
        counts, nodes = layout
        return step, counts, nodes

    def may_try(self):
        """Is it worth another try to create the step? Raises Fail."""
        self.job = self.ctl.store.job(self.job.id)
        return self.job.phase != ACTIVE or self.layout() is not None

    def excluded(self, text):
        """The names of -x. Raises Fail."""
        try:
            return set(self.call.node_names(text))
        except BadHostlist:
            self.call.error("hostlist_shift: no hostlist given")
            raise not_created(self.job.id, slurm_errno.ESLURM_INVALID_NODE_NAME) from None

    gres = None                          # {node: {"gpu:K80": [indices]}} that the step has; None: nothing is known of it

    def layout(self):
        """(tasks on each node, node names), or None while the room or the GRES are taken. Raises Fail."""
        found = self.tasks_and_nodes()
        if not found or not any(share.gres for share in unpack_alloc(self.job.alloc)) and not self.inside:
            return found
        from ...slurmctld.gres_step import of_step
        others = () if "overlap" in self.given else self.running()
        try:
            self.gres = of_step(self.given if self.inside else {}, self.job, others, dict(zip(found[1], found[0])),
                                bool(asks_for_gres(self.job)))
        except Refused as refused:
            if refused.before:
                self.call.error(refused.before)
            raise not_created(self.job.id, refused.errno) from None
        return None if self.gres is None else found

    @property
    def inside(self):
        """Was the job there before srun?"""
        return "SLURM_JOB_ID" in self.call.env or "jobid" in self.given

    def tasks_and_nodes(self):
        """As layout, whatever is with GRES."""
        asked, job = self.asked, self.job
        shares = unpack_alloc(job.alloc)
        shares = shares[int(self.given.get("relative") or 0):]
        if asked.req_nodes:
            wanted = [name for name in typed(asked.req_nodes) if name]
            if not set(wanted) <= {s.node for s in shares}:
                raise not_created(self.job.id, slurm_errno.ESLURM_REQUESTED_NODE_CONFIG_UNAVAILABLE)
            shares = [s for s in shares if s.node in wanted]
        if asked.exc_nodes:
            without = self.excluded(asked.exc_nodes)
            shares = [s for s in shares if s.node not in without]
            if not shares:
                raise Fail.error("Hostlist is empty!  Can't run job.")
            if not without <= self.ctl.cluster().nodes.keys():
                raise not_created(self.job.id, slurm_errno.ESLURM_INVALID_NODE_NAME)
        nodes = (asked.max_nodes if asked.nodes_given else len(shares) if asked.req_nodes
                 else self.request.nodes_of_job or job.num_nodes)
        if "constraint" in self.given and self.inside:
            shares = [s for s in shares if self.has_features(s.node)]
            if len(shares) < (asked.min_nodes if asked.nodes_given else nodes):
                return None              # as if there were more nodes to come
        if self.memory_wanted() > min(s.mem for s in shares) > 0:
            raise not_created(job.id, slurm_errno.ESLURM_INVALID_TASK_MEMORY)
        if asked.nodes_given and asked.min_nodes > len(shares):
            raise Fail.error(f"Only allocated {len(shares)} nodes asked for {asked.min_nodes}")
        ntasks = asked.ntasks if asked.ntasks_given else (
            job.ntasks if job.het_id and job.ntasks_given and not asked.nodes_given
            else (asked.ntasks_per_node or self.per_node or 1) * min(nodes, len(shares)))
        if ntasks < nodes:
            if asked.nodes_given or asked.ntasks_given:
                # though -Q stands: srun looks at it later
                self.call.tell(log.line(self.call.name, FEWER_NODES.format(tasks=ntasks, nodes=nodes)))
            nodes = ntasks
        shares = shares[:nodes]
        if (asked.ntasks_given and 0 < asked.ntasks_per_node * nodes < ntasks
                and not self.warned):
            self.call.log(PER_NODE_IGNORED.format(
                each=asked.ntasks_per_node, tasks=ntasks, nodes=nodes))
            self.warned = True
        per_task = asked.cpus_per_task if asked.cpus_per_task_given else 1
        names = [s.node for s in shares]
        if self.request.order or asked.distribution.startswith("arbitrary"):
            from .hostfile import counts
            return counts(self.request, ntasks, names, job.id), names
        rooms = [cpus // per_task for cpus in usable_cpus(self.ctl, job, shares)]
        if asked.overcommit or job.overcommit:
            dealt = asked.distribution
            if dealt.startswith("cyclic"):
                rooms = [ntasks] * len(shares)
            elif not dealt.startswith("plane"):
                dealt = "block,pack"                             # what is too much for the CPUs goes round
            return tasks_on_nodes(ntasks, rooms, dealt), names
        if sum(rooms) < ntasks:
            raise not_created(self.job.id, slurm_errno.ESLURM_TOO_MANY_REQUESTED_CPUS)
        if "overlap" not in self.given:
            taken = self.taken()
            if not self.exact and any(taken.get(s.node) for s in shares):
                return None
            for share in shares:
                share.cpus -= taken.get(share.node, 0)
            rooms = [cpus // per_task for cpus in usable_cpus(self.ctl, job, shares)]
            if sum(rooms) < ntasks or min(rooms) < 1:
                return None
        if asked.ntasks_per_node:
            fewer = [min(r, asked.ntasks_per_node) for r in rooms]
            rooms = fewer if sum(fewer) >= ntasks else rooms
        counts = tasks_on_nodes(ntasks, rooms, asked.distribution)
        return (counts, names) if sum(counts) == ntasks else None

    def has_features(self, name):
        """Has a node what --constraint names?"""
        from ...slurmctld.select_nodes import has_features
        return bool(self.asked.features) and has_features(self.ctl.cluster().nodes[name], self.asked.features)

    def memory_wanted(self):
        """MiB of a node that the step asks for; 0 where it does not say."""
        asked = self.asked
        return (asked.mem_per_cpu or 0) * (asked.cpus_per_task or 1) or asked.mem_per_node or 0

    @property
    def exact(self):
        """Does the step hold only what its tasks need (--exact, implied by -c and --exclusive),
        or all that the job has of its nodes?"""
        return ("exact" in self.given or "exclusive" in self.given and self.asked.ntasks_given
                or bool(self.asked.cpus_per_task_given))

    def taken(self):
        """CPUs that the job's other running steps hold on each node."""
        used = {}
        for step in self.running():
            for share in unpack_alloc(step.alloc):
                used[share.node] = used.get(share.node, 0) + share.cpus
        return used

    def running(self):
        """The job's other Steps that hold something."""
        return [step for step in self.ctl.store.steps(self.job.id)
                if step.state == "RUNNING" and step.step_id >= 0 and step.alloc]

    def new_step(self, counts, nodes):
        """The Step that is asked for. counts: tasks on each of `nodes`."""
        from ...common.records import Share, pack_alloc
        overlap = "overlap" in self.given or self.asked.overcommit
        held, gres = self.held(nodes, counts), self.gres or {}
        cpus = sum(held[n] for n in nodes)
        return Step(
            job_id=self.job.id, step_id=self.number,
            name=self.asked.name or os.path.basename(self.command[0]),
            nodelist=fold(nodes), num_nodes=len(nodes), ntasks=sum(counts), num_cpus=cpus,
            tasks_per_node=",".join(map(str, counts)),
            layout=named(self.distribution(nodes)), pid=machine.here.pid(),
            alloc="" if overlap else pack_alloc(
                [Share(n, held[n], gres=gres.get(n)) for n in nodes]),
            host=self.call.env.get("SLURMD_NODENAME") or host(self.call),
            alloc_tres=tres.tres_text([Share(n, held[n], self.memory(n, held[n]), gres.get(n)) for n in nodes],
                                        self.ctl.config, None),
            time_limit=max(self.asked.time_limit, INFINITE), submit_line=" ".join([self.call.name, *self.call.argv]))

    def held(self, nodes, counts):
        """{node: CPUs that the step holds}."""
        if self.exact:
            per_task = self.asked.cpus_per_task if self.asked.cpus_per_task_given else 1
            return {n: c * per_task for n, c in zip(nodes, counts)}
        return {s.node: s.cpus for s in unpack_alloc(self.job.alloc)}

    def memory(self, node, cpus):
        """MiB of a node that the step holds: the job's memory there, by CPU."""
        share = next(s for s in unpack_alloc(self.job.alloc) if s.node == node)
        return share.mem * cpus // share.cpus if share.cpus else 0
