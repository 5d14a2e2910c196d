"""host/local.py: this computer's children, and files as it has them: descriptors."""

import os
import signal
import time

import pytest

from slurm_mock.host.local import Local
from slurm_mock.machine.locks import Doorbell
from tests.unit.machine.test_daemonize import Simple

HERE = Local()


def end_of(pid):
    """As `ended`, once it has."""
    end = time.monotonic() + 20
    while time.monotonic() < end:
        ended = HERE.ended(pid)
        if ended:
            return ended
        time.sleep(0.01)
    raise AssertionError("it has not ended")


def test_a_child_its_pipe_and_its_end(tmp_path):
    theirs, ours = HERE.pipe(writes=True)
    fed, feed = HERE.pipe(writes=False)
    assert HERE.take(ours) == b"", "nothing yet"
    pid = HERE.start(Simple(["sh", "-c", "cat; exit 3"], str(tmp_path), {0: fed, 1: theirs}))
    HERE.close(theirs)
    HERE.close(fed)
    assert HERE.offer(feed, b"hello") == 5
    assert HERE.ready(None, [ours], [feed], 20) == ([], [feed]) or HERE.ready(None, [ours], [], 20)
    assert HERE.ready(None, [ours], [], 20) == ([ours], []) and HERE.take(ours) == b"hello"
    HERE.close(feed)
    status, used = end_of(pid)
    assert status == 3 << 8 and used.ru_maxrss > 0
    assert HERE.take(ours) is None, "the end"
    HERE.close(ours)


def test_a_full_pipe_takes_no_more_and_one_that_nobody_reads_breaks():
    theirs, ours = HERE.pipe(writes=False)
    while HERE.offer(ours, bytes(4096)):
        continue
    HERE.close(theirs)
    for write in (HERE.offer, HERE.put):
        with pytest.raises(BrokenPipeError):
            write(ours, b"x")
    HERE.close(ours)


def test_signals_and_what_a_child_leaves(tmp_path):
    # it tells its number when it cannot be ended any more
    script = "(trap '' TERM; exec sh -c 'echo $$; while :; do sleep 0.1; done') & wait"
    theirs, ours = HERE.pipe(writes=True)
    pid = HERE.start(Simple(["sh", "-c", script], str(tmp_path), {1: theirs}))
    HERE.close(theirs)
    assert HERE.ready(None, [ours], [], 20)[0]
    left = int(HERE.take(ours))
    HERE.signal_child(pid, signal.SIGTERM)
    assert end_of(pid)[0] == signal.SIGTERM and os.path.exists(f"/proc/{left}")
    HERE.sweep_child(pid)
    assert HERE.ready(None, [ours], [], 20)[0] and HERE.take(ours) is None, "nobody has the pipe any more"
    HERE.close(ours)
    HERE.sweep_child(pid)


def test_killing_children(tmp_path):
    pids = [HERE.start(Simple(["sleep", "1000"], str(tmp_path), {})) for _ in range(2)]
    assert {pid: status for pid, (status, _) in HERE.kill_children(pids).items()} == dict.fromkeys(pids, 9)


def test_waiting_for_the_bell():
    before = {signum: signal.getsignal(signum) for signum in (signal.SIGUSR1, signal.SIGUSR2)}
    bell, began = Doorbell(signal.SIGUSR2), time.monotonic()
    try:
        os.kill(os.getpid(), signal.SIGUSR2)
        assert HERE.ready(bell, [], [], 20) and time.monotonic() - began < 10
        assert bell.wait(0) == bytes([signal.SIGUSR2])
    finally:
        signal.set_wakeup_fd(-1)
        for signum, handler in before.items():
            signal.signal(signum, handler)
        os.close(bell.read)
        os.close(bell.write)


def test_what_a_process_reads(tmp_path):
    kept = os.dup(0)
    try:
        for name, kind in (("/dev/null", "nothing"), (__file__, "data")):
            fd = os.open(name, os.O_RDONLY)
            os.dup2(fd, 0)
            os.close(fd)
            assert HERE.input_kind() == kind
        ours, theirs = os.openpty()
        os.dup2(theirs, 0)
        assert HERE.input_kind() == "terminal"
        os.close(theirs)
        os.close(0)
        assert HERE.input_kind() == "nothing"
        os.close(ours)
    finally:
        os.dup2(kept, 0)
        os.close(kept)


def test_signals_that_interrupt_do_again_what_they_did_before():
    before = signal.signal(signal.SIGUSR2, signal.SIG_DFL), signal.signal(signal.SIGALRM, signal.SIG_IGN)
    try:
        restore = Local().interrupted_by(signal.SIGUSR2, signal.SIGALRM)
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGUSR2)
            time.sleep(5)
        os.kill(os.getpid(), signal.SIGALRM)             # ignored before, and ignored now
        restore()
        assert signal.getsignal(signal.SIGUSR2) == signal.SIG_DFL and signal.getsignal(signal.SIGALRM) == signal.SIG_IGN
    finally:
        signal.signal(signal.SIGUSR2, before[0])
        signal.signal(signal.SIGALRM, before[1])
