"""seff's figures, from records written by hand.  (Expectations: contribs/seff of 22.05.8 and 24.11.5, whose own
functions gave the sizes and times; tests/conformance/cases/commands/80-seff has what the original says.)"""

import pytest

from slurm_mock.commands import seff
from slurm_mock.common.jobacct import Used, pack
from tests.clusters.reading import Tiny


@pytest.fixture
def tiny(tmp_path):
    return Tiny(tmp_path / "state")


def measured(*rss):
    """What tasks used, from the KiB that each had at most."""
    return pack(Used(rank, 0, 0, kib, 0, 0, 0, 0) for rank, kib in enumerate(rss))


def shown(done):
    """{name: value} of what seff printed."""
    return dict(line.split(": ", 1) for line in done.out.splitlines() if ": " in line)


def big(tiny, **fields):
    """A job that had eight CPUs and 4000 MiB of two nodes for 100 seconds."""
    return tiny.ended(**{**dict(num_nodes=2, num_cpus=8, nodelist="n[1-2]", min_nodes=2, mem_per_cpu=500,
                                alloc_tres="cpu=8,mem=4000M,node=2,billing=8"), **fields})


def test_what_cpus_and_memory_were_used(tiny):
    job = big(tiny, exit_code=3 << 8, state="FAILED")
    # the script, and two steps: the second has the larger task, though the first has more in all
    tiny.step(job, -5, state="COMPLETED", end_time=job.end_time, ntasks=1, user_usec=1_400_000, usage=measured(2048))
    tiny.step(job, 0, state="COMPLETED", end_time=job.end_time, ntasks=4, user_usec=60_000_000, sys_usec=100_000,
              usage=measured(400 << 10, 400 << 10, 400 << 10, 400 << 10))
    tiny.step(job, 1, state="FAILED", end_time=job.end_time, ntasks=2, usage=measured(500 << 10, 100 << 10))
    assert tiny.run("seff", str(job.id)).out == f"""\
Job ID: {job.id}
Cluster: tiny
User/Group: ada/users
State: FAILED (exit code 3)
Nodes: 2
Cores per node: 4
CPU Utilized: 00:01:02
CPU Efficiency: 7.75% of 00:13:20 core-walltime
Job Wall-clock time: 00:01:40
Memory Utilized: 1000.00 MB (estimated maximum)
Memory Efficiency: 25.00% of 3.91 GB (500.00 MB/core)
"""


def test_the_newer_one_adds_up_what_the_tasks_of_a_step_used(tiny):
    job = big(tiny)
    tiny.step(job, 0, state="COMPLETED", end_time=job.end_time, ntasks=4,
              usage=measured(*[400 << 10] * 3, 800 << 10))
    tiny.step(job, 1, state="COMPLETED", end_time=job.end_time, ntasks=1, usage=measured(900 << 10))
    ctl = tiny.controller()
    found = seff.Efficiency(job, ctl.store.steps(job.id), seff.AccountView(ctl, {}), 100)
    assert list(seff._lines(found, 2411, False))[-3:] == [
        "Memory Utilized: 1.95 GB", "Memory Efficiency: 50.00% of 3.91 GB (500.00 MB/core)",
        "The task which had the largest memory consumption differs by 160.00% from the average task max memory consumption"]
    debug = list(seff._lines(found, 2411, True))[1]
    assert debug == f"Slurm data: {job.id}  ada users COMPLETED tiny 8 2 4096000 0 0 100 2048000 0\n"
    ctl.close()


def test_memory_of_each_node_and_a_single_task(tiny):
    job = tiny.ended(mem_per_node=200, mem_per_cpu=None, alloc_tres="cpu=1,mem=200M,node=1,billing=1")
    tiny.step(job, -5, state="COMPLETED", end_time=job.end_time, ntasks=1, usage=measured(50 << 10))
    said = shown(tiny.run("seff", str(job.id)))
    assert said["Cores"] == "1" and said["Memory Utilized"] == "50.00 MB"
    assert said["Memory Efficiency"] == "25.00% of 200.00 MB"
    # of a step that was not named nothing counts
    said = shown(tiny.run("seff", f"{job.id}.0"))
    assert said["Memory Utilized"] == "0.00 MB (estimated maximum)"
    assert said["Memory Efficiency"] == "0.00% of 200.00 MB (200.00 MB/node)"


def test_jobs_that_wait_run_or_never_ran(tiny):
    waits, runs = tiny.job(num_cpus=4), tiny.running("n[2-3]")
    never = tiny.ended(state="CANCELLED", start_time=0, nodelist="", alloc_tres="", num_cpus=4, exit_code=9)
    assert tiny.run("seff", str(waits.id)).out.splitlines()[3:] == [
        "State: PENDING", "Cores: 1", "Efficiency not available for jobs in the PENDING state."]
    said = tiny.run("seff", str(runs.id)).out.splitlines()
    assert said[3:7] == ["State: RUNNING", "Nodes: 2", "Cores per node: 8", "CPU Utilized: 00:00:00"]
    assert said[-1] == "WARNING: Efficiency statistics may be misleading for RUNNING jobs."
    said = shown(tiny.run("seff", str(never.id)))
    assert (said["State"], said["Cores"]) == ("CANCELLED (exit code 0)", "1")
    assert said["CPU Efficiency"] == "0.00% of 00:00:00 core-walltime"


def test_tasks_of_arrays(tiny):
    one = tiny.ended(array_id=7, array_task=2)
    tiny.ended(array_id=7, array_task=1)         # of several the one with the least id is told of
    assert shown(tiny.run("seff", "7_2"))["Array Job ID"] == "7_2"
    assert shown(tiny.run("seff", "7"))["Job ID"] == str(one.id)
    missing = tiny.run("seff", "7_3")
    assert (missing.out, missing.err, missing.code) == ("", "Job not found.\n", 2)


@pytest.mark.parametrize("argv, out, err, code", [
    ([], "Usage: seff", "", 1), (["-h"], "Usage: seff", "", 1), (["1", "2"], "Usage: seff", "", 1),
    (["-v"], "seff Version 2.1\n", "", 1), (["-hv"], "seff Version 2.1\n", "", 1), (["-fv", "9"], "", "Job not found.\n", 2),
    (["-f", "-v", "9"], "", "Job not found.\n", 2), (["-dz", "9"], "", "Unknown option: z\nJob not found.\n", 2),
    (["--", "-5"], "", "perl: fatal: Bad job/step specified: -5\n", 1), ([""], "", "Job not found.\n", 2),
    (["5_x"], "", "perl: fatal: Bad job array element specified: 5\n", 1), (["9", "-v"], "Usage: seff", "", 1)])
def test_options_and_names_that_are_none(tiny, argv, out, err, code):
    done = tiny.run("seff", *argv)
    assert done.out.startswith(out) and bool(done.out) == bool(out)
    assert (done.err, done.code) == (err, code)


def test_sizes():
    sizes = (0, 0.5, 1, 1023, 1024, 102400, 1048575, 1048576, 1 << 30, 5e9, 1e16)
    assert "|".join(map(seff._size, sizes)) == (
        "0.00 MB|0.50 KB|1.00 KB|1023.00 KB|1.00 MB|100.00 MB|1024.00 MB|1.00 GB|1.00 TB|4.66 TB|8.88 EB")
