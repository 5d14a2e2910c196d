"""posix/kernel.py: processes take turns, wait, and hear signals; the clock jumps when all wait."""

import signal

import pytest

from slurm_mock.posix.files import Sink
from slurm_mock.posix.kernel import BREATHS, Deadlock, World
from slurm_mock.posix.wait import Signalled, Wait


@pytest.fixture
def world():
    return World()


def start(world, main, parent=None):
    said = []
    process = world.spawn(main, {}, "/", {1: Sink(said.append), 2: Sink(said.append)}, parent, name="test")
    return process, said


def test_a_program_runs_and_its_value_is_the_exit_code(world):
    async def main(process):
        await process.write("said\n")
        return 3

    process, said = start(world, main)
    assert world.run(process) == 3 << 8 and said == [b"said\n"] and not world.processes


def test_the_clock_jumps_to_who_wakes_first(world):
    order = []

    def sleeper(seconds):
        async def main(process):
            await Wait(until=seconds)
            order.append((seconds, world.now))
        return main

    for seconds in (50.0, 20.0):
        start(world, sleeper(seconds))
    last, _ = start(world, sleeper(60.0))
    world.run(last)
    assert order == [(20.0, 20.0), (50.0, 50.0), (60.0, 60.0)]


def test_signals_end_a_process_or_reach_its_handler(world):
    async def main(process):
        await Wait(until=100.0)

    process, _ = start(world, main)
    world.kill(process.pid, signal.SIGTERM)
    assert world.run(process) == signal.SIGTERM
    heard = []
    process, _ = start(world, main)
    process.handlers[signal.SIGTERM] = heard.append
    world.kill(process.pid, signal.SIGTERM)
    assert world.run(process) == 0 and heard == [signal.SIGTERM] and world.now == 100.0


def test_what_is_ignored_by_default_and_what_stops(world):
    async def main(process):
        await Wait(until=10.0)

    process, _ = start(world, main)
    for signum in (signal.SIGCHLD, signal.SIGWINCH, signal.SIGCONT):
        world.kill(process.pid, signum)
    assert not process.signals
    world.kill(process.pid, signal.SIGSTOP)
    other, _ = start(world, main)
    world.run(other)
    assert process.status is None and process.stopped
    world.kill(process.pid, signal.SIGCONT)
    assert world.run(process) == 0
    assert not world.kill(process.pid, signal.SIGTERM), "it has gone"


def test_a_child_inherits_what_is_ignored(world):
    async def main(process):
        return 0

    parent, _ = start(world, main)
    parent.handlers.update({signal.SIGINT: None, signal.SIGTERM: print})
    child, _ = start(world, main, parent)
    assert child.handlers == {signal.SIGINT: None} and child.parent == parent.pid and child.session == parent.session
    assert world.run(parent) == world.run(child) == 0


def test_who_is_killed_before_his_first_step_ends_too(world):
    async def main(process):
        raise AssertionError("it never began")

    process, _ = start(world, main)
    world.kill(process.pid, signal.SIGKILL)
    assert world.run(process) == signal.SIGKILL


def test_an_endless_loop_meets_its_end_in_time(world):
    """Who only breathes uses up the clock: a second, then ever more."""
    async def main(process):
        while world.now < 1000:
            await Wait(breath=True)

    process, _ = start(world, main)
    world.run(process)
    assert 1000 <= world.now < 4000 and BREATHS > 1


def test_nobody_will_ever_go_on(world):
    async def main(process):
        await Wait(lambda: False)

    process, said = start(world, main)
    with pytest.raises(Deadlock):
        world.drive(lambda: False)
    assert world.run(process) == signal.SIGINT and b"never comes by itself" in b"".join(said)


def test_a_mistake_ends_its_own_process_alone(world):
    async def broken(process):
        raise RuntimeError("oops")

    async def well(process):
        await Wait(until=5.0)

    bad, said = start(world, broken)
    good, _ = start(world, well)
    assert world.run(good) == 0 and bad.status == 1 << 8
    text = b"".join(said)
    assert b"a mistake in the browser lab itself" in text and b"oops" in text


def test_a_closed_file_ends_the_reader_not_the_world(world):
    async def main(process):
        raise Signalled(signal.SIGPIPE)

    process, _ = start(world, main)
    assert world.run(process) == signal.SIGPIPE


def test_run_until_may_go_beyond_the_process(world):
    done = []

    async def child(process):
        await Wait(until=9.0)
        done.append(1)

    async def main(process):
        world.spawn(child, {}, "/", {}, process, name="child")

    process, _ = start(world, main)
    world.run(process)
    assert not done
    world.run_until(process, lambda: done, beyond=True)
    assert done and world.now == 9.0
