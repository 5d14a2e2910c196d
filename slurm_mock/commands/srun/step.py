"""srun: run tasks in parallel, as a step of a job or with an allocation of its own."""

import _signal
import os

from ... import machine
from ...common import log, slurm_errno, tres
from ...common.fname import fill, job_values, of_task
from ...common.hostlist import BadHostlist, fold, typed
from ...common.parse_time import atoi, is_number, stamp
from ...common.proc_args import parse_int
from ...common.records import ACTIVE, ENDED, INFINITE, Step, unpack_alloc
from ...common.step_layout import layout, named, packs, tasks_on_nodes
from ...machine.locks import STEP
from ...slurmd.attach import Stage, folder
from ...slurmd.env import (asks_for_gres, gpu_variables, job_variables, node_path, own_variables,
                           step_variables, task_variables, usable_cpus)
from ...slurmd.jobacct_gather import Sampler
from ...slurmd.task import Crew, Files, Task, Unopened
from ..shared.call import Fail
from ..shared.submit import exported, host
from ..slurm_opt.output_env import of_step
from ..slurm_opt.request import FEWER_NODES
from .ends import ENDING, Ends, not_created
from .verbose import Told

NO_COMMAND = "No command given to execute."
PER_NODE_IGNORED = (
    "Warning: can't honor --ntasks-per-node set to {each} which doesn't match the requested tasks "
    "{tasks} with the number of requested nodes {nodes}. Ignoring --ntasks-per-node.")


def job_named(call, ctl, text):
    """The running job a step goes into. text: its id. Raises Fail."""
    job = ctl.store.job(int(text)) if is_number(text) else None
    if job is None or (job.uid != ctl.caller.uid and not ctl.caller.admin):
        call.error(f"Unable to confirm allocation for job {text}: "
                   + call.strerror(slurm_errno.ESLURM_INVALID_JOB_ID))
    elif job.phase > ACTIVE:
        call.error(f"Slurm job {text} has expired")
    else:
        return job
    raise Fail.info(f"Check SLURM_JOB_ID environment variable. Expired or invalid job {text}")


def _is_terminal(stream):
    try:
        return os.isatty(stream.fileno())
    except (AttributeError, OSError, ValueError):
        return False


class Run(Told, Ends):
    """One step from its creation to its end."""

    def __init__(self, call, ctl, job, request, command, more):
        self.call, self.ctl, self.job = call, ctl, job
        self.request, self.command, self.more = request, command, more
        self.given, self.asked = request.given, request.job
        self.status, self.aborted, self.interrupted = 0, False, 0.0
        self.sampler = self.over = None
        self.first_end, self.late, self.minded = 0, False, False
        self.unlaunched = self.left = False      # see Ends.unopened

    def go(self):
        """Create the step, run its tasks, say what went wrong; srun's exit code. A generator.
        Raises Fail."""
        self.notices()
        self.tell_job()
        step, counts, nodes = yield from self.create()
        self.step, self.nodes = step, nodes
        self.stage = Stage(folder(self.ctl.state, step.job_id, step.step_id))
        tasks = self.new_tasks(counts, nodes)
        self.tell_launch(tasks)
        programs = [self.program(task.rank) for task in tasks]
        self.crew = crew = Crew(tasks, self.files(), heeds=(*ENDING, _signal.SIGALRM))
        self.ctl.alive.hold(STEP + machine.here.pid())
        try:
            try:
                crew.start(lambda rank: programs[rank],
                           lambda task: self.environment(task, step, counts, nodes),
                           self.folder(), self.path)
            except OSError as error:
                raise self.not_started(error) from None
            except Unopened as bad:
                self.unopened(bad)
            else:
                self.sampler = Sampler(self.ctl, step.start_time, {
                    (task.rank, nodes.index(task.node)): task.pid for task in tasks},
                    limits={i: self.memory(n, self.held(nodes, counts)[n])
                            for i, n in enumerate(nodes)}, acctg_freq=self.asked.acctg_freq)
                yield from machine.here.mind(self.ctl, self.turn)
            self.minded = True
        finally:
            crew.kill()                  # no task may outlive who minds it
            crew.hang_up()
            for task in tasks:
                self.stage.ended(task.rank, task.status or 0)
            self.stage.close()
            self.status = crew.worst() if self.minded else 1 << 8
            self.measure(step)
            cancelled = (self.aborted or (self.status & 127) == 9) and not self.late
            told = crew.told(_signal.SIGKILL if self.late else None) if self.minded and not cancelled else self.status
            if not self.left:
                self.end_step(step, told, "CANCELLED" if cancelled and self.status else None)
            self.ctl.alive.drop(STEP + machine.here.pid())
        if self.unlaunched:
            self.status = 0
            return 0
        if self.over:
            self.over_memory()               # once more, when the tasks are looked at for the last time
        for line in self.report():
            self.call.log(line)
        if self.status & 127 in (_signal.SIGKILL, _signal.SIGTERM) and (not self.aborted or "kill-on-bad-exit" in self.given):
            self.call.log(f"Force Terminated StepId={step.job_id}.{step.step_id}")
        if self.status & 127:
            return 128 + (self.status & 127)
        return self.status >> 8 & 255

    def notices(self):
        """What is asked for that there is not: a terminal, of which it tells, ports, and GPUs. Raises
        Fail for all but the terminal."""
        if "pty" in self.given and not _is_terminal(self.call.out):
            self.no_terminal()
            del self.given["pty"]
        if parse_int("--resv-port", self.given.get("resv-ports") or "0", positive=False) \
                and "ports=" not in self.ctl.config.get("MpiParams", ""):
            raise not_created(self.job.id, slurm_errno.ESLURM_PORTS_INVALID)
        if self.given.get("cpus-per-gpu") and atoi(self.given["cpus-per-gpu"]) and not asks_for_gres(self.job):
            raise not_created(self.job.id, slurm_errno.ESLURM_INVALID_GRES)

    def no_terminal(self):
        """--pty where srun has no terminal."""
        self.call.error("ioctl(TIOCGWINSZ): Inappropriate ioctl for device")
        self.call.error("Not using a pseudo-terminal, disregarding --pty option")

    def end_step(self, step, status, state):
        """Enter the end of the step. status: a wait status; state: None where the status says it."""
        self.ctl.end_step(step, status, state)

    def steps(self):
        """The Steps that this run has made."""
        return [self.step]

    # ---- the step -------------------------------------------------------------

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
        told = False
        while True:
            with self.ctl.store:
                self.job = self.ctl.store.job(self.job.id)
                layout = self.layout()
                if layout:
                    step = self.ctl.begin_step(self.new_step(*layout))
                    break
            if self.job.phase != ACTIVE:
                raise not_created(self.job.id, slurm_errno.ESLURM_ALREADY_DONE)
            if not told:
                self.call.log(f"Job {self.job.id} step creation temporarily disabled, retrying "
                              f"({self.call.strerror(slurm_errno.ESLURM_NODES_BUSY)})")
                told = True
            yield from machine.here.pause(self.ctl, self.may_try)
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

    def layout(self):
        """(tasks on each node, node names), or None while the room is taken. Raises Fail."""
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
                 else job.num_nodes)
        if asked.nodes_given and asked.min_nodes > len(shares):
            raise Fail.error(f"Only allocated {len(shares)} nodes asked for {asked.min_nodes}")
        ntasks = asked.ntasks if asked.ntasks_given else (
            job.ntasks if job.het_id and job.ntasks_given and not asked.nodes_given
            else (asked.ntasks_per_node or self.per_node or 1) * min(nodes, len(shares)))
        if ntasks < nodes:
            if asked.nodes_given or asked.ntasks_given:
                self.call.log(FEWER_NODES.format(tasks=ntasks, nodes=nodes))
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
            if not asked.distribution.startswith("plane") and not packs(asked.distribution):
                rooms = [ntasks] * len(shares)
            return tasks_on_nodes(ntasks, rooms, asked.distribution), names
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
        if asked.ntasks_per_node and asked.ntasks_per_node * nodes >= ntasks:
            rooms = [min(r, asked.ntasks_per_node) for r in rooms]
        counts = tasks_on_nodes(ntasks, rooms, asked.distribution)
        return (counts, names) if sum(counts) == ntasks else None

    @property
    def exact(self):
        """Does the step hold only what its tasks need (--exact, implied by -c and --exclusive),
        or all that the job has of its nodes?"""
        return ("exact" in self.given or "exclusive" in self.given and self.asked.ntasks_given
                or bool(self.asked.cpus_per_task_given))

    def taken(self):
        """CPUs that the job's other running steps hold on each node."""
        used = {}
        for step in self.ctl.store.steps(self.job.id):
            if step.state == "RUNNING" and step.step_id >= 0 and step.alloc:
                for share in unpack_alloc(step.alloc):
                    used[share.node] = used.get(share.node, 0) + share.cpus
        return used

    def new_step(self, counts, nodes):
        """The Step that is asked for. counts: tasks on each of `nodes`."""
        from ...common.records import Share, pack_alloc
        overlap = "overlap" in self.given or self.asked.overcommit
        held = self.held(nodes, counts)
        cpus = sum(held[n] for n in nodes)
        return Step(
            job_id=self.job.id, step_id=self.number,
            name=self.asked.name or os.path.basename(self.command[0]),
            nodelist=fold(nodes), num_nodes=len(nodes), ntasks=sum(counts), num_cpus=cpus,
            tasks_per_node=",".join(map(str, counts)),
            layout=named(self.distribution(nodes)), pid=machine.here.pid(),
            alloc="" if overlap else pack_alloc(
                [Share(n, held[n]) for n in nodes]),
            host=self.call.env.get("SLURMD_NODENAME") or host(self.call),
            alloc_tres=tres.tres_text([Share(n, held[n], self.memory(n, held[n])) for n in nodes],
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

    # ---- the tasks -------------------------------------------------------------

    def files(self):
        """The Files of the tasks: -o, -e and -i, labels, a terminal for --pty."""
        asked, given = self.asked, self.given
        def name(option, value):
            if option not in given or value.lower().startswith("all"):
                return None              # srun looks at the beginning only: all.txt is "all"
            return "/dev/null" if value.lower().startswith("none") else value
        terminal = "pty" in given and machine.here.terminal()
        if "pty" in given and not terminal:
            self.no_terminal()
        return Files(name("output", asked.std_out), name("error", asked.std_err),
                     name("input", asked.std_in), "label" in given,
                     asked.open_mode == "append", terminal, self.stage)

    def path(self, task, pattern):
        """File name of -o, -e, -i for a task."""
        values = job_values(self.job, task.node, str(self.step.step_id),
                            self.nodes.index(task.node), task.rank)
        # what srun opens itself is where srun is
        return os.path.join(self.folder() if of_task(pattern) else self.call.cwd, fill(pattern, values))

    def folder(self):
        """The folder in which the tasks begin: --chdir, or srun's own."""
        chdir = self.given.get("chdir")
        return self.call.path(chdir) if chdir else self.call.cwd

    def program(self, rank):
        """What a task runs, [program, arguments]; with --multi-prog the file says it. Raises Fail."""
        if "multi-prog" not in self.given:
            program = self.command[0]
            if "/" in program and not program.startswith("/"):
                program = f"{self.call.cwd}/{program}"
            return [program, *self.command[1:]]
        from .multi_prog import lines
        try:
            with open(self.call.path(self.command[0]), encoding="utf-8", errors="surrogateescape") as f:
                found = lines(f.read())
        except OSError:
            raise Fail.error(f"Could not open multi_prog config file {self.command[0]}") from None
        for ranks, words in found:
            if ranks is None or rank in ranks:
                offset = rank if ranks is None else ranks.index(rank)
                return [w.replace("%t", str(rank)).replace("%o", str(offset)) for w in words]
        raise Fail.error(f"Configuration file {self.command[0]} invalid, no record for task id "
                         f"{rank}")

    def environment(self, task, step, counts, nodes):
        """The whole environment of a task (called in the task's process)."""
        node_index = nodes.index(task.node)
        gtids = [t.rank for t in self.crew.tasks if t.node == task.node]
        local = gtids.index(task.rank)
        # an empty one hands on nothing
        export = self.asked.export or ("NONE" if self.given.get("export") == "" else "ALL")
        # srun takes nothing beside NONE, sbatch does
        env = exported(self.call, "NONE" if "NONE" in export.split(",") else export)
        env.update(self.of_job())
        inside = "SLURM_JOB_ID" in self.call.env
        if "SLURM_GPUS_ON_NODE" in env and not asks_for_gres(self.job):
            # the batch script's GPUs are not the step's
            env = {k: v for k, v in env.items() if k not in gpu_variables({}, [0], [0])}
        told = of_step(self.given, self.asked, step.ntasks > step.num_nodes, inside,
                       self.call.release)
        env.update(told)
        if inside:
            env["SLURM_JOB_CPUS_PER_NODE_PACK_GROUP_0"] = env.get("SLURM_JOB_CPUS_PER_NODE", "")
        env.update(step_variables(self.ctl, self.job, step, counts))
        env.update(task_variables(self.ctl, self.job, step, task.rank, node_index, local, gtids,
                                  machine.here.pid(),
                                  told.get("SLURMD_TRES_BIND", "").removeprefix("gpu:")))
        if self.asked.cpus_per_task_given:
            env["SLURM_CPUS_PER_TASK"] = str(self.asked.cpus_per_task)
        if "label" in self.given:
            env["SLURM_LABELIO"] = "1"
        if self.more:
            env.update(self.more(task, local, len(gtids)))
        if "PATH" in env:
            env["PATH"] = node_path(self.ctl.state, env["PATH"])
        env.update(own_variables(self.ctl.state))
        env.setdefault("TMPDIR", "/tmp")
        return env

    def of_job(self):
        """The job's variables, as far as they are not there already."""
        inside = "SLURM_JOB_ID" in self.call.env
        return {k: v for k, v in job_variables(self.ctl, self.job).items()
                if (k not in self.call.env if inside else not k.startswith("SLURM_MEM_PER_"))}

    def turn(self, timeout):
        """One look at the tasks and at what the controller has decided; True when all is over."""
        rings = self.crew.turn(timeout)
        for ring in rings:
            if ring == _signal.SIGINT:
                self.interrupt()
            elif ring in ENDING and not self.aborted:
                self.forced(ring)
            elif ring == _signal.SIGCONT:
                self.call.log("got SIGCONT")
        if _signal.SIGURG in rings or not rings:
            self.obey()
        over = self.sampler.turn()
        if over and not self.over:
            self.over = over
            self.over_memory()
            self.step.cancelled_by = 0       # by root: slurmstepd asks for it
            self.abort(signum=_signal.SIGKILL)
        if ("kill-on-bad-exit" in self.given and not self.aborted
                and self.given["kill-on-bad-exit"] != "0"
                and any(t.status for t in self.crew.tasks)):
            self.terminating()
            self.abort(quiet=True)
        self.too_late()
        return self.crew.done

    def measure(self, step):
        """Note what the tasks used."""
        ended = {(t.rank, self.nodes.index(t.node)): t.rusage for t in self.crew.tasks if t.rusage}
        for used in ended.values():
            step.user_usec += int(used.ru_utime * 1e6)
            step.sys_usec += int(used.ru_stime * 1e6)
        step.usage = self.sampler.result(ended) if self.sampler else ""

    def obey(self):
        """Has the job or this step been cancelled?"""
        job = self.ctl.store.job(self.job.id)
        if (job.state == "COMPLETING" or job.phase >= ENDED) and not self.call.env.get("MOCK_SLURM_DRIVEN"):
            self.job = job
            if self.aborted and not job.kill_time:
                self.crew.send(_signal.SIGKILL)
            self.abort()
            return
        for step in self.ctl.store.steps(self.job.id):
            if step.step_id == self.step.step_id and step.cancelled_by is not None:
                self.step.cancelled_by = step.cancelled_by
                # of a step alone slurmctld asks for the end at once, with no time to heed it
                self.abort(signum=_signal.SIGKILL, told=True)

    def slurmstepd(self, node, text):
        """A line of a node's slurmstepd, which comes out at srun."""
        line = log.stepd_error(node, text).encode()
        self.stage.write(0, 2, line)
        self.call.err.write(line)
        self.call.err.flush()

    def abort(self, quiet=False, signum=_signal.SIGTERM, told=False):
        """End the tasks, with the lines that srun (unless quiet) and slurmstepd write. told: srun hears
        of it from slurmctld, when slurmstepd has begun with it."""
        if self.aborted:
            return
        self.aborted = True
        if not quiet and not told:
            self.waiting()
        node = self.crew.tasks[0].node
        final = self.ctl.store.job(self.job.id).final
        why = " DUE TO TIME LIMIT" if final == "TIMEOUT" else ""
        line = log.CANCELLED.format(
            what=f"STEP {self.step.job_id}.{self.step.step_id}", node=node,
            time=stamp(self.ctl.now), why=why)
        self.slurmstepd(node, line)
        if told:
            self.waiting()
        self.crew.send(_signal.SIGCONT)
        self.crew.send(signum)
