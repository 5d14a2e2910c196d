"""The cluster's clock: its speeds, jumps, and where a stepping one begins."""

import time

import pytest

from slurm_mock.slurmctld.clock import STEP_START, Clock
from slurm_mock.store.store import Store


@pytest.fixture
def store(tmp_path):
    one = Store(str(tmp_path), create=True)
    yield one
    one.close()


def test_a_stepping_clock_stands_still(store):
    Clock.start(store, 0)
    clock = Clock(store)
    assert clock.stepping and clock.now() == time.mktime(STEP_START)
    time.sleep(0.02)
    assert clock.now() == time.mktime(STEP_START)
    assert clock.real(3600) == 0


def test_a_jump_goes_forward_only(store):
    Clock.start(store, 0)
    clock = Clock(store)
    start = clock.now()
    clock.jump(start + 100)
    assert clock.now() == start + 100
    clock.jump(start + 50)
    assert clock.now() == start + 100


def test_it_runs_as_fast_as_told(store, monkeypatch):
    monkeypatch.setattr(time, "time", lambda: 1000.0)
    Clock.start(store, 60)
    clock = Clock(store)
    monkeypatch.setattr(time, "time", lambda: 1002.5)
    assert clock.now() == 1150
    assert clock.real(60) == 1 and clock.real(-5) == 0
    clock.jump(2000)
    assert clock.now() == 2000
    monkeypatch.setattr(time, "time", lambda: 1003.5)
    assert clock.now() == 2060


def test_another_speed_goes_on_from_now(store, monkeypatch):
    monkeypatch.setattr(time, "time", lambda: 1000.0)
    Clock.start(store, 60)
    clock = Clock(store)
    monkeypatch.setattr(time, "time", lambda: 1010.0)
    clock.set_speed(2)
    assert clock.now() == 1600 and Clock(store).speed == 2
    monkeypatch.setattr(time, "time", lambda: 1020.0)
    assert clock.now() == 1620
    clock.set_speed(0)
    monkeypatch.setattr(time, "time", lambda: 9999.0)
    assert clock.stepping and clock.now() == 1620
