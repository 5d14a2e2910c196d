"""A cluster lives through random submissions, ends, cancellations, drained nodes and the hours:
whatever comes, no node holds more than it has, limits and dependencies are kept, and states
follow each other as they may."""

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from slurm_mock.common.records import ACTIVE, ENDED, PENDING
from slurm_mock.common.slurmdb import Qos
from slurm_mock.slurmctld import dependency, limits
from slurm_mock.slurmctld.backfill import plan
from slurm_mock.slurmctld.select_nodes import place
from slurm_mock.slurmdbd import register
from slurm_mock.slurmdbd.assoc_tree import add_account, add_user
from tests.clusters.planned import ask, cluster

LEGAL = {("", "PENDING"), ("PENDING", "RUNNING"), ("PENDING", "CANCELLED"),
         ("RUNNING", "COMPLETED"), ("RUNNING", "FAILED"), ("RUNNING", "CANCELLED"),
         ("RUNNING", "TIMEOUT"), ("RUNNING", "PENDING")}
USERS = ("ann", "ben", "cem")
MAX_JOBS, GROUP_CPUS = 3, 20          # of each user; of the QOS "tight" altogether

shapes = st.builds(
    lambda nodes, tasks, cpus, minutes, mem, extra, part: (
        f"-N {nodes} -n {max(nodes, tasks)} -c {cpus} -t {minutes} -p {part} {mem} {extra}"),
    st.integers(1, 3), st.integers(1, 10), st.integers(1, 3), st.integers(1, 40),
    st.sampled_from(["", "", "--mem=3000", "--mem-per-cpu=1500"]),
    st.sampled_from(["", "", "", "--exclusive", "-q tight", "-w c2", "-x c1,c3"]),
    st.sampled_from(["main", "main", "debug", "fat", "main,debug", "all"]))


def book():
    made = register.fresh({"ClusterName": "conf"}, 0)
    made.all_qos.append(Qos(name="tight", id=2, grp_tres=f"cpu={GROUP_CPUS}"))
    add_account(made, "lab", "root", 0)
    for user in USERS:
        add_user(made, user, "lab", 0, max_jobs=MAX_JOBS)
    return made


class Life(RuleBasedStateMachine):
    """The scheduler between all that can happen to it."""

    def __init__(self):
        super().__init__()
        self.here, self.book = cluster(), book()
        self.jobs, self.started, self.serial = {}, {}, 0

    # ---- what happens ---------------------------------------------------------

    @rule(shape=shapes, user=st.sampled_from(USERS), urgent=st.integers(0, 3))
    def submit(self, shape, user, urgent):
        self.enter(shape, user, urgent)

    @precondition(lambda self: self.jobs)
    @rule(shape=shapes, user=st.sampled_from(USERS), data=st.data(),
          kind=st.sampled_from(["afterok", "afterany", "afternotok", "after"]))
    def submit_dependent(self, shape, user, data, kind):
        other = data.draw(st.sampled_from(sorted(self.jobs)))
        self.enter(shape, user, 0, dependency=f"{kind}:{other}")

    @rule(user=st.sampled_from(USERS), tasks=st.integers(2, 6), limit=st.integers(0, 3))
    def submit_array(self, user, tasks, limit):
        job = self.enter("-t 10", user, 0, array_tasks=f"1-{tasks}", array_limit=limit)
        job.array_id = job.id

    @rule(minutes=st.integers(1, 30))
    def time_passes(self, minutes):
        self.here.now += minutes * 60
        for job in list(self.here.active):
            if job.start_time + job.time_limit * 60 <= self.here.now:
                self.end(job, "TIMEOUT")

    @precondition(lambda self: self.here.active)
    @rule(data=st.data(), state=st.sampled_from(["COMPLETED", "FAILED", "CANCELLED"]))
    def a_job_ends(self, data, state):
        self.end(data.draw(st.sampled_from(self.here.active)), state)

    @precondition(lambda self: self.here.active)
    @rule(data=st.data())
    def a_job_is_requeued(self, data):
        job = data.draw(st.sampled_from(self.here.active))
        if job.array_id:
            return
        self.here.release(job)
        self.become(job, "PENDING")
        job.phase, job.start_time, job.alloc, job.dependency = PENDING, 0, "", ""

    @precondition(lambda self: any(j.phase == PENDING for j in self.jobs.values()))
    @rule(data=st.data())
    def a_waiting_job_is_cancelled(self, data):
        waiting = [j for j in self.jobs.values() if j.phase == PENDING]
        job = data.draw(st.sampled_from(waiting))
        self.become(job, "CANCELLED")
        job.phase = ENDED

    @rule(name=st.sampled_from(["c1", "c2", "f1"]), flags=st.sampled_from(["", "DRAIN"]))
    def a_node_is_drained_or_resumed(self, name, flags):
        self.here.nodes[name].flags = flags
        self.here.known.clear()

    @rule()
    def schedule(self):
        waiting = [j for j in self.jobs.values() if j.phase == PENDING and self.free(j)]
        waiting.sort(key=lambda j: (-j.priority, j.id))
        ledger = limits.Ledger(self.book, self.here.active, self.here.now)
        drained = {n for n, node in self.here.nodes.items() if node.flags}
        for decision in plan(self.here, waiting, limits=ledger):
            if decision.shares:
                assert not drained & {s.node for s in decision.shares}, "started on a drained node"
                self.start(decision)
            else:
                assert decision.reason
                assert not decision.expected or decision.expected >= self.here.now

    # ---- how it is carried out --------------------------------------------------

    def enter(self, shape, user, urgent, **fields):
        job = ask(shape, user=user, account="lab", assoc_id=self.book.get("lab", user).id,
                  submit_time=self.here.now, **fields)
        self.serial += 1
        job.id, job.priority, job.state = self.serial, 100 * urgent + 1, ""
        self.become(job, "PENDING")
        part = self.here.parts[job.partition.split(",")[0]]
        if place(self.here, job, part, empty=True):
            self.jobs[job.id] = job
        return job

    def become(self, job, state):
        assert (job.state, state) in LEGAL, f"{job.state} -> {state}"
        job.state = state

    def free(self, job):
        """Does its dependency hold?"""
        verdict, _ = dependency.state(job, self.here.now, self.find)
        return verdict == dependency.MET

    def find(self, job_id, task):
        found = self.jobs.get(job_id)
        tasks = [j for j in self.jobs.values() if job_id and j.array_id == job_id]
        return tasks or ([found] if found else [])

    def start(self, decision):
        job, running = decision.job, decision.running
        if decision.task is not None:
            tasks = limits_left(job.array_tasks, decision.task)
            if tasks:
                self.serial += 1
                running.id, running.state = self.serial, "PENDING"
                job.array_tasks = tasks
            else:
                job.array_tasks, running.id = "", job.id
        running.state = "PENDING"
        self.become(running, "RUNNING")
        cpus = sum(s.cpus for s in decision.shares)
        running.alloc_tres = f"cpu={cpus},node={len(decision.shares)},billing={cpus}"
        running.array_tasks = ""
        self.jobs[running.id] = running

    def end(self, job, state):
        self.here.release(job)
        self.become(job, state)
        job.phase, job.end_time = ENDED, self.here.now

    # ---- what always holds --------------------------------------------------------

    @invariant()
    def no_node_is_over_allocated(self):
        for name, use in self.here.use.items():
            node = self.here.nodes[name]
            assert use.cpus <= node.cpus and use.mem <= node.memory, name
            assert len(use.jobs) == 1 or not use.exclusive, f"{name} is shared, but not to be"

    @invariant()
    def the_books_agree(self):
        running = [j.id for j in self.jobs.values() if j.phase == ACTIVE]
        assert sorted(running) == sorted(j.id for j in self.here.active)
        held = {j.id for use in self.here.use.values() for j in use.jobs}
        assert held == set(running)

    @invariant()
    def limits_are_kept(self):
        active = self.here.active
        for user in USERS:
            assert sum(j.user == user for j in active) <= MAX_JOBS
        tight = [j for j in active if j.qos == "tight"]
        cpus = sum(int(j.alloc_tres.partition(",")[0].partition("=")[2]) for j in tight)
        assert cpus <= GROUP_CPUS
        for job in active:
            if job.array_limit:
                assert sum(j.array_id == job.array_id for j in active) <= job.array_limit

    @invariant()
    def dependencies_are_kept(self):
        for job in self.here.active:
            if job.dependency.startswith("afterok"):
                other = self.jobs[int(job.dependency.partition(":")[2])]
                assert other.array_id or other.state == "COMPLETED"


def limits_left(text, task):
    """The tasks of an array without one: "2-5"."""
    from slurm_mock.common import job_array
    left = [t for t in job_array.unpack(text) if t != task]
    return job_array.pack(left) if left else ""


def live(examples, steps):
    from hypothesis.stateful import run_state_machine_as_test
    run_state_machine_as_test(Life, settings=settings(
        max_examples=examples, stateful_step_count=steps, deadline=None, derandomize=True))


def test_a_short_life():
    live(8, 40)


@pytest.mark.slow
def test_ten_thousand_steps():
    live(200, 50)
