"""What must be true of a cluster afterwards, whatever was done to it."""

from __future__ import annotations

from slurm_mock.common.hostlist import expand
from slurm_mock.common.records import ACTIVE, ENDED, Job, Node, unpack_alloc
from slurm_mock.store.store import Store

FINAL = {"COMPLETED", "CANCELLED", "FAILED", "TIMEOUT", "NODE_FAIL", "DEADLINE", "PREEMPTED"}
# From one state to the next that an observer may see; any state may be missed in between.
NEXT = {
    "PENDING": {"RUNNING", "COMPLETING", *FINAL},
    "RUNNING": {"COMPLETING", "PENDING", "SUSPENDED", *FINAL},
    "SUSPENDED": {"RUNNING", "COMPLETING", "PENDING", *FINAL},
    "COMPLETING": {"PENDING", "RUNNING", *FINAL},
}


def jobs_of(state) -> list[Job]:
    """All jobs that the store knows."""
    store = Store(state)
    try:
        return store.select(Job, "ORDER BY id")
    finally:
        store.close()


def faults(state, over=True, steady=True) -> list[str]:
    """What is wrong with a store. over: nothing may run any more.  steady: the clock never went
    back; else times of different moments are not compared: who began before a step back may have
    ended earlier than that, as in Slurm."""
    store = Store(state)
    try:
        wrong = [f"integrity: {row[0]}" for row in store.db.execute("PRAGMA integrity_check")
                 if row[0] != "ok"]
        nodes = {node.name: node for node in store.select(Node)}
        jobs = store.select(Job, "ORDER BY id")
        wrong += overbooked(nodes, [job for job in jobs if job.phase == ACTIVE])
        wrong += _booked_twice(nodes, jobs) if steady else []
        for job in jobs:
            wrong += _job_faults(job, steady)
            if over and job.phase < ENDED:
                wrong.append(f"{job.id} is {job.state} for {job.reason}")
        if over:
            wrong += [f"step {step.job_id}.{step.step_id} is {step.state}"
                      for step in store.steps() if step.state == "RUNNING"]
            wrong += [f"sleeper {row}" for row in store.db.execute("SELECT * FROM sleepers")]
        return wrong
    finally:
        store.close()


def _job_faults(job, steady):
    if job.phase >= ENDED:
        if job.state not in FINAL:
            yield f"{job.id} ended as {job.state}"
        if steady and job.start_time and not job.submit_time <= job.start_time <= job.end_time:
            yield f"{job.id}: {job.submit_time}, {job.start_time}, {job.end_time} out of order"
        if job.final or job.kill_time:
            yield f"{job.id} is over and still to be ended"


def overbooked(nodes, active) -> list[str]:
    """Nodes that hold more CPUs or memory than they have at this moment."""
    cpus, memory = {}, {}
    for job in active:
        for share in unpack_alloc(job.alloc):
            cpus[share.node] = cpus.get(share.node, 0) + share.cpus
            memory[share.node] = memory.get(share.node, 0) + share.mem
    return [f"{name} holds {cpus[name]} CPUs, {memory[name]} MB for {[j.id for j in active]}"
            for name in cpus
            if cpus[name] > nodes[name].cpus or memory[name] > nodes[name].memory]


def _booked_twice(nodes, jobs):
    """The same over all the past: at each start, who was running then? A second is no instant:
    a job may start in the one in which another ends."""
    ran = [job for job in jobs if job.start_time and job.alloc and job.phase >= ENDED]
    wrong = []
    for moment in {job.start_time for job in ran}:
        wrong += overbooked(nodes, [job for job in ran
                                    if job.start_time <= moment < job.end_time])
    return wrong


def disorder(seen) -> list[str]:
    """`seen`: {job id: [(state, restarts) as observed]}; changes that Slurm does not know."""
    wrong = []
    for job_id, states in seen.items():
        for (before, runs), (after, runs_after) in zip(states, states[1:]):
            if before != after and after not in NEXT.get(before, {"PENDING"} if
                                                         runs_after > runs else ()):
                wrong.append(f"{job_id}: {before} -> {after}")
            if runs_after < runs:
                wrong.append(f"{job_id}: {runs} restarts became {runs_after}")
    return wrong


def node_names(job) -> list[str]:
    return expand(job.nodelist)
