"""host/browser/world.py: which processes are a job's, and whose end somebody will ask for."""

from slurm_mock.host.browser.cluster_clock import ClusterClock
from slurm_mock.host.browser.programs import PROGRAMS
from slurm_mock.host.browser.world import Lab
from slurm_mock.posix.wait import Wait

JOB = {"MOCK_SLURM_DRIVEN": "1", "SLURMD_NODENAME": "n7", "SLURM_CPUS_ON_NODE": "4(x2)"}


async def waiting(process):
    await Wait(until=5.0)


def test_what_a_job_is_told():
    world = Lab(ClusterClock(), PROGRAMS)
    mine, jobs = (world.spawn(waiting, env, "/", {}) for env in ({}, JOB))
    assert (world.apart(mine), world.apart(jobs)) == (False, True)
    assert world.node_name(JOB) == "n7" and world.node_name({}) and (world.nproc(JOB), world.nproc({})) == ("4", "1")
    world.clear()


def test_an_interrupt_leaves_jobs_alone():
    world = Lab(ClusterClock(), PROGRAMS)

    async def main(process):
        for env in ({}, JOB):
            world.spawn(waiting, env, "/", {})
        await Wait(until=9.0)

    process = world.spawn(main, {}, "/", {})
    assert world.turn_of(process)
    world.interrupt(process)
    assert [world.apart(one) for one in world.processes.values()] == [True]
    world.clear()


def test_children_are_kept_until_they_are_asked_for_or_their_parent_has_gone():
    world = Lab(ClusterClock(), PROGRAMS)

    async def main(process):
        world.adopt(world.spawn(waiting, {}, "/", {}))
        return 0

    parent = world.spawn(main, {}, "/", {})
    of_nobody = world.adopt(world.spawn(waiting, {}, "/", {}))
    world.turn()
    assert len(world.children) == 2 and parent.status == 0
    last = world.adopt(world.spawn(waiting, {}, "/", {}))
    assert set(world.children) == {of_nobody, last}
    world.clear()
    assert not world.children and not world.processes and world.now == 0.0
