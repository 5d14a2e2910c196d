"""Processes as /proc shows them."""

import subprocess
import threading

import pytest

from slurm_mock.machine import proctrack


@pytest.mark.parametrize("few", [-1, 1 << 30], ids=["listed", "asked for one by one"])
def test_what_began_after_a_process(monkeypatch, few):
    monkeypatch.setattr(proctrack, "FEW", few)
    first, going = subprocess.Popen(["sleep", "60"]), threading.Event()
    thread = threading.Thread(target=going.wait)
    thread.start()
    second = subprocess.Popen(["sleep", "60"])
    gone = subprocess.Popen(["true"])
    gone.wait()
    try:
        found = proctrack.began_after(first.pid)
    finally:
        going.set()
        thread.join()
        for one in first, second:
            one.kill()
            one.wait()
    assert str(second.pid) in found
    assert not {str(pid) for pid in (first.pid, thread.native_id, gone.pid)} & set(found)
