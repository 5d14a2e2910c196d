"""A batch script that runs: its files, its environment, what is said in its output.  (Expectations: sbatch(1);
slurmstepd's lines in transcripts/jobs and stories.)  Whole lives of jobs are test_slurmstepd.py's."""

import marshal
import os
import re

import pytest

from slurm_mock.common.records import Job, Share, pack_alloc
from slurm_mock.slurmd import batch_step
from tests.clusters.reading import Tiny


class Bell:
    """Nothing wakes us but the time that is over."""

    def wait(self, seconds):
        batch_step.pause(min(seconds or 0, 0.01))
        return b""


@pytest.fixture
def tiny(tmp_path):
    tiny = Tiny(tmp_path / "s")
    tiny.store.set_meta("conf_path", "/etc/slurm.conf")
    (tmp_path / "work").mkdir()
    return tiny


def ran(tiny, folder, text, env=(), args=(), umask=0o022, **fields):
    """(wait status, Script) of a script that ran to its end as job 1."""
    job = tiny.running("n1", cpus=2, work_dir=str(folder / "work"), name="mine", end_time=0, time_limit=-1, **fields)
    given = {"env": [b"PATH=/usr/bin:/bin", *env], "args": list(args), "umask": umask}
    tiny.store.put_script(job.id, text.encode(), marshal.dumps(given, 4))
    script = batch_step.Script(tiny.controller(), job)
    steps = script.run(Bell())
    try:
        while True:
            next(steps)
    except StopIteration as end:
        return end.value, script
    finally:
        script.close()


def test_its_status_output_and_arguments(tiny, tmp_path):
    status, _ = ran(tiny, tmp_path, '#!/bin/sh\necho "$# $2"; pwd; echo odd >&2; exit 3\n', args=["a", "b c"])
    assert status == 3 << 8
    assert (tmp_path / "work" / "slurm-1.out").read_text() == f"2 b c\n{tmp_path / 'work'}\nodd\n"
    assert not os.path.exists(os.path.join(tiny.state, "spool", "n1", "job00001")), "nothing stays in the spool folder"


def test_its_environment(tiny, tmp_path):
    ran(tiny, tmp_path, "#!/bin/sh\nenv; echo SELF=$$\n", env=[b"MINE=1", b"SLURM_JOB_ID=99"])
    found = dict(line.split("=", 1) for line in (tmp_path / "work" / "slurm-1.out").read_text().splitlines())
    assert (found["MINE"], found["SLURM_JOB_ID"], found["ENVIRONMENT"], found["TMPDIR"]) == ("1", "1", "BATCH", "/tmp")
    assert found["SLURM_TASK_PID"] == found["SELF"]
    assert found["PATH"] == f"{tiny.state}/bin:{tiny.state}/node:/usr/bin:/bin"


def test_files_by_name(tiny, tmp_path):
    (tmp_path / "work" / "in").write_text("typed\n")
    (tmp_path / "work" / "mine-1").write_text("before\n")
    ran(tiny, tmp_path, "#!/bin/sh\ncat; echo odd >&2; umask\n", std_in="in", std_out="%x-%j", std_err="%N.err", umask=0o027)
    assert (tmp_path / "work" / "mine-1").read_text() == "typed\n0027\n"
    assert (tmp_path / "work" / "n1.err").read_text() == "odd\n"


@pytest.mark.parametrize("fields", [{"open_mode": "append"}, {"restarts": 1}])
def test_output_that_is_kept(tiny, tmp_path, fields):
    (tmp_path / "work" / "slurm-1.out").write_text("before\n")
    ran(tiny, tmp_path, "#!/bin/sh\necho new\n", **fields)
    assert (tmp_path / "work" / "slurm-1.out").read_text() == "before\nnew\n"


@pytest.mark.parametrize("fields", [{"std_in": "nofile"}, {"std_err": "no/folder"}])
def test_files_that_cannot_be_opened_are_signal_53(tiny, tmp_path, fields):
    status, _ = ran(tiny, tmp_path, "#!/bin/sh\ntouch ran\n", **fields)
    assert status == 53 and not (tmp_path / "work" / "ran").exists()


def test_an_interpreter_that_is_not_there(tiny, tmp_path):
    status, _ = ran(tiny, tmp_path, "#!/bin/nosuchshell -x\n")
    assert status == 2 << 8
    assert (tmp_path / "work" / "slurm-1.out").read_text() == (
        "slurmstepd-n1: error: execve(): bad interpreter(/bin/nosuchshell): No such file or directory\n")


@pytest.mark.parametrize("fields, why", [
    ({"final": "CANCELLED"}, ""), ({"final": "TIMEOUT"}, " DUE TO TIME LIMIT"), ({"final": "REQUEUED"}, " DUE TO JOB REQUEUE"),
    ({"final": "CANCELLED", "preempt_time": 1}, " DUE TO PREEMPTION")])
def test_a_job_that_was_told_to_end(tiny, tmp_path, fields, why):
    status, _ = ran(tiny, tmp_path, "#!/bin/sh\nexec sleep 60\n", state="COMPLETING", kill_time=1 << 40, **fields)
    assert status == 15
    assert re.fullmatch(rf"slurmstepd-n1: error: \*\*\* JOB 1 ON n1 CANCELLED AT \d{{4}}-\d\d-\d\dT[\d:]{{8}}{why} \*\*\*\n",
                        (tmp_path / "work" / "slurm-1.out").read_text())


def test_names():
    assert batch_step.default_output(Job()) == "slurm-%j.out"
    assert batch_step.default_output(Job(array_task=0)) == "slurm-%A_%a.out"
    assert batch_step.first_memory(Job(alloc=pack_alloc([Share("n1", 2, 1000), Share("n2", 2, 700)]))) == {0: 1000}
