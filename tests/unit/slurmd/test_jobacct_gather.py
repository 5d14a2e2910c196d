"""What tasks use: records, samples, limits."""

import subprocess
import sys

from slurm_mock.commands.shared import usage_fields
from slurm_mock.common import jobacct
from slurm_mock.common.records import Step
from slurm_mock.conf import params as params_module
from slurm_mock.slurmd import jobacct_gather as usage


class FakeClock:
    stepping = True

    def __init__(self, now):
        self.time = now

    def now(self):
        return self.time


class FakeController:
    def __init__(self, **config):
        self.clock, self.config = FakeClock(1000.0), config

    @property
    def now(self):
        return int(self.clock.time)


class Rusage:
    ru_utime, ru_stime, ru_maxrss, ru_majflt, ru_inblock, ru_oublock = 1.5, 0.25, 4096, 3, 2, 1


def test_records_survive_the_store():
    tasks = [jobacct.Used(0, 0, 5, 6, 7, 8, 9, 10), jobacct.Used(3, 1)]
    again = jobacct.unpack(jobacct.pack(tasks))
    assert [(t.rank, t.node, t.cpu, t.rss, t.vm, t.pages, t.read, t.write) for t in again] == [
        (0, 0, 5, 6, 7, 8, 9, 10), (3, 1, 0, 0, 0, 0, 0, 0)]
    assert jobacct.unpack("") == []


def test_frequency_reads_both_forms():
    assert params_module.frequency(FakeController()) == 30
    assert params_module.frequency(FakeController(JobAcctGatherFrequency="5")) == 5
    assert params_module.frequency(FakeController(JobAcctGatherFrequency="task=7,energy=3")) == 7
    assert params_module.frequency(FakeController(JobAcctGatherFrequency="energy=3")) == 0
    assert params_module.frequency(FakeController(JobAcctGatherType="jobacct_gather/none")) == 0


def test_a_step_that_ends_before_the_first_sample_has_no_usage():
    ctl = FakeController(JobAcctGatherFrequency="5")
    sampler = usage.Sampler(ctl, 1000, {})
    ctl.clock.time = 1004.9
    assert sampler.turn() is None and sampler.result({(0, 0): Rusage}) == ""
    ctl.clock.time = 1005.0
    assert sampler.result({(0, 0): Rusage}) == "0,0,1750000,4096,0,3,1024,512"


def test_a_living_process_is_measured_and_its_limit_found():
    child = subprocess.Popen([sys.executable, "-c", "x = bytearray(b'x') * (60 << 20); "
                              "print(1, flush=True); input()"],
                             stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        child.stdout.readline()
        found = usage.sample({(2, 1): child.pid})
        used = jobacct.Used(2, 1, *found[2, 1])
        assert 60 << 10 < used.rss <= used.vm and used.read > 0
        for params, limit, over in (("OverMemoryKill", 50, True), ("OverMemoryKill", 5000, False),
                                    ("OverMemoryKill", 0, False), ("", 50, False)):
            ctl = FakeController(JobAcctGatherFrequency="1", JobAcctGatherParams=params)
            sampler = usage.Sampler(ctl, 1000, {(2, 1): child.pid}, limits={1: limit})
            assert sampler.turn() is None            # not yet due
            ctl.clock.time = 1001
            told = sampler.turn()
            assert bool(told) == over
            if over:
                assert told[0] == 1 and told[1] > told[2] == 50 << 20
    finally:
        child.communicate(b"\n")
    assert usage.sample({(0, 0): child.pid}) == {}


def test_fields_tell_the_tasks_apart():
    class View:
        @staticmethod
        def size(number, unit):
            return str(int(number))

    class Row:
        step = Step(nodelist="n[1-2]", end_time=5, usage="0,0,1000000,10,20,0,0,4;1,1,3000000,30,40,2,0,8")

    told = {name: text(Row, View) for name, text in (
        ("AveRSS", usage_fields.average("rss")), ("MaxRSS", usage_fields.most("rss")),
        ("MaxRSSTask", usage_fields.which("rss")), ("MaxRSSNode", usage_fields.where("rss")),
        ("MinCPU", usage_fields.least("cpu")), ("AveCPU", usage_fields.average("cpu")),
        ("MinCPUTask", usage_fields.which("cpu", min)),
        ("Tot", usage_fields.read_in(usage_fields.total)),
        ("OutMaxTask", usage_fields.out_tasks(max)))}
    assert told == {
        "AveRSS": "20480", "MaxRSS": "30720", "MaxRSSTask": "1", "MaxRSSNode": "n2",
        "MinCPU": "00:00:01", "AveCPU": "00:00:02", "MinCPUTask": "0",
        "Tot": "cpu=00:00:04,energy=0,fs/disk=0,mem=40960,pages=2,vmem=61440",
        "OutMaxTask": "fs/disk=1"}
