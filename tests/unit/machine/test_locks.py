"""Signs of life: locks that end with their holder, and pokes that wake it."""

import os
import signal
import time

import pytest

from slurm_mock.machine.locks import JOB, KEEPER, SLEEPER, STEP, Alive, Doorbell


@pytest.fixture
def alive(tmp_path):
    one = Alive(str(tmp_path))
    yield one
    os.close(one.fd)


def child(state, who):
    """A process that holds a byte until it is killed; its id."""
    read, write = os.pipe()
    pid = os.fork()
    if not pid:
        held = Alive(state).hold(who)
        os.write(write, b"y" if held else b"n")
        signal.pause()
        os._exit(0)
    assert os.read(read, 1) == b"y"
    os.close(read)
    os.close(write)
    return pid


def end(pid):
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)


@pytest.mark.parametrize("who", [KEEPER, JOB + 7, STEP + 12345, SLEEPER + 1])
def test_a_dead_holder_holds_nothing(alive, tmp_path, who):
    assert alive.holder(who) == 0
    pid = child(str(tmp_path), who)
    assert alive.holder(who) == pid and alive.holder(who + 1) == 0
    assert not alive.hold(who)
    end(pid)
    assert alive.holder(who) == 0 and not alive.poke(who)
    assert alive.hold(who) and alive.holder(who) == os.getpid()
    alive.drop(who)
    assert alive.holder(who) == 0


def test_the_lock_file_is_the_owners_alone(alive, tmp_path):
    assert os.stat(tmp_path / "alive.lock").st_mode & 0o777 == 0o600


def test_a_poke_rings_the_bell(tmp_path, alive):
    read, write = os.pipe()
    pid = os.fork()
    if not pid:
        bell = Doorbell()
        Alive(str(tmp_path)).hold(KEEPER)
        os.write(write, b"r")
        rings = bell.wait(10)
        os.write(write, bytes(rings))
        os._exit(0)
    assert os.read(read, 1) == b"r"
    begun = time.monotonic()
    assert alive.poke(KEEPER)
    assert os.read(read, 10) == bytes([signal.SIGURG])
    assert time.monotonic() - begun < 5
    os.waitpid(pid, 0)
    os.close(read)
    os.close(write)


def test_a_ring_before_the_wait_is_not_lost():
    old = signal.getsignal(signal.SIGURG)
    try:
        bell = Doorbell()
        os.kill(os.getpid(), signal.SIGURG)
        begun = time.monotonic()
        assert signal.SIGURG in bell.wait(10)
        assert time.monotonic() - begun < 5 and bell.wait(0) == b""
    finally:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGURG, old)
