"""sdiag: the counters that the mock has, and who may reset them."""

import pytest

from tests.clusters.reading import NOW, Tiny


@pytest.fixture
def tiny(tmp_path):
    made = Tiny(tmp_path / "s")
    made.store.set_meta("boot_time", NOW - 7200)
    made.job()
    made.running("n1")
    made.ended()
    made.ended("CANCELLED")
    made.ended("TIMEOUT")
    made.ended(start_time=NOW - 9000, end_time=NOW - 8000, submit_time=NOW - 9100)
    return made


def number(out, title):
    return int(next(line for line in out.splitlines() if line.strip().startswith(title)).split()[-1])


def test_jobs_since_the_start_are_counted(tiny):
    out = tiny.run("sdiag").out
    found = {title: number(out, f"Jobs {title}:") for title in (
        "submitted", "started", "completed", "canceled", "failed", "pending", "running")}
    assert found == {"submitted": 5, "started": 4, "completed": 1, "canceled": 1, "failed": 1,
                     "pending": 1, "running": 1}
    assert out.splitlines()[1].startswith("sdiag output at ") and "No pending RPCs" in out


def test_only_an_operator_resets(tiny):
    done = tiny.run("sdiag", "-r")
    assert (done.code, done.out, done.err) == (
        255, "", "slurm_reset_statistics: Access/permission denied\n")
    done = tiny.run("sdiag", "-r", MOCK_SLURM_ADMIN="1")
    assert (done.code, done.out) == (0, "Reset scheduling statistics\n")
    assert number(tiny.run("sdiag").out, "Jobs submitted:") == 0


def test_mistakes(tiny):
    done = tiny.run("sdiag", "--nope")
    assert (done.code, done.err.splitlines()[0]) == (1, "sdiag: unrecognized option '--nope'")


def test_another_cluster_is_not_known(tiny):
    done = tiny.run("sdiag", "-M", "nope")
    assert (done.code, done.err.splitlines()[0]) == (
        1, "sdiag: error: No cluster 'nope' known by database.")
    assert tiny.run("sdiag", "-M", "tiny").code == 0
