"""sacct's Ave, Max and Min fields, and the TRES usage.  (Expectations: sacct(1), transcripts/sacct/usage.txt.)"""

import pytest

from tests.clusters.reading import NOW, Tiny

# rank, node, cpu in microseconds, rss and vm in KiB, pages, bytes read and written
TWO = "0,0,3000000,1024,2048,4,1048576,0;1,1,1000000,3072,4096,2,3145728,2097152"


@pytest.fixture
def told(tmp_path):
    """A function of fields -> their values for a step of two tasks on n1 and n2."""
    tiny = Tiny(tmp_path / "s", AccountingStorageType="accounting_storage/slurmdbd")
    job = tiny.ended(id=5, nodelist="n[1-2]", num_nodes=2)
    tiny.step(job, 0, state="COMPLETED", end_time=NOW - 100, usage=TWO, ntasks=2)
    tiny.step(job, 1, state="COMPLETED", end_time=NOW - 100, usage="")

    def run(fields, step="5.0"):
        return tiny.run("sacct", "-nP", "-j", step, "-o", fields).out.strip("\n").split("|")
    return run


@pytest.mark.parametrize("fields, values", [
    ("maxrss,maxrssnode,maxrsstask,averss", ["3M", "n2", "1", "2M"]),
    ("maxvmsize,maxvmsizenode,maxvmsizetask,avevmsize", ["4M", "n2", "1", "3M"]),
    ("mincpu,mincpunode,mincputask,avecpu", ["00:00:01", "n2", "1", "00:00:02"]),
    ("maxpages,maxpagesnode,maxpagestask,avepages", ["4", "n1", "0", "3"]),
    ("maxdiskread,maxdiskreadnode,avediskread", ["3M", "n2", "2M"]),
    ("maxdiskwrite,maxdiskwritetask,avediskwrite", ["2M", "1", "1.00M"]),
    ("avecpufreq", ["0"])])                # 1.00M: _print_small_double() of sacct's print.c
def test_of_two_tasks(told, fields, values):
    assert told(fields) == values


def test_all_at_once(told):
    assert told("tresusageinmax,tresusageinmaxnode,tresusageinmaxtask") == [
        "cpu=00:00:03,energy=0,fs/disk=3M,mem=3M,pages=4,vmem=4M",
        "cpu=n1,energy=n1,fs/disk=n2,mem=n2,pages=n1,vmem=n2", "cpu=0,fs/disk=1,mem=1,pages=0,vmem=1"]
    assert told("tresusageoutmax,tresusageoutmaxtask,tresusageouttot")[1] == "fs/disk=1"
    assert told("tresusageinmin")[0].startswith("cpu=00:00:01,")


def test_a_step_that_was_never_measured(told):
    assert told("maxrss,avecpu,maxrssnode,tresusageinave,tresusageinmax", "5.1") == ["", "", "", "energy=0", ""]


def test_little_is_shown_in_parts_of_a_mebibyte(tmp_path):
    tiny = Tiny(tmp_path / "t", AccountingStorageType="accounting_storage/slurmdbd")
    tiny.step(tiny.ended(id=5), 0, state="COMPLETED", end_time=NOW - 100, usage="0,0,0,0,0,0,11083,0")
    assert tiny.run("sacct", "-nP", "-j", "5.0", "-o", "maxdiskread,maxdiskwrite").out == "0.01M|0\n"
