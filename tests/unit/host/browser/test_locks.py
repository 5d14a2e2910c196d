"""Who is alive among the processes of one interpreter."""

import signal
import sys

import pytest

from slurm_mock.host.browser.locks import Alive, Bell, machine_pid
from slurm_mock.host.browser.world import world
from slurm_mock.posix.kernel import INTERPRETER
from slurm_mock.posix.wait import Wait

pytestmark = pytest.mark.skipif(sys.version_info < (3, 11), reason="just-bash needs Python 3.11")


def test_a_lock_is_held_until_it_is_dropped(in_process):
    locks, other = Alive("/state"), Alive("/other")
    assert locks.hold(7) and locks.hold(7) and locks.holder(7) == machine_pid() == INTERPRETER
    assert not other.holder(7) and locks.poke(7)
    locks.drop(7)
    assert not locks.holder(7) and not locks.poke(7)


def test_a_lock_goes_with_its_process(in_process):
    locks, held = Alive("/state"), []

    async def holds(process):
        held.append((locks.hold(1), locks.holder(1) == process.pid))
        await Wait(until=1.0)

    process = world.spawn(holds, {}, "/", {})
    world.turn()
    assert held == [(True, True)] and not Alive("/state").hold(1), "another one's"
    world.run(process)
    assert not locks.holder(1) and locks.hold(1)


def test_a_bell_notes_signals(in_process):
    rung = []

    async def listens(process):
        bell = Bell(signal.SIGUSR1)
        await Wait(until=2.0)
        rung.append((bell.wait(0), bell.wait(0)))

    process = world.spawn(listens, {}, "/", {})
    world.turn()
    world.kill(process.pid, signal.SIGUSR1)
    world.run(process)
    assert rung == [(bytes([signal.SIGUSR1]), b"")]
