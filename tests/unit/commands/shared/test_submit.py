"""What sbatch, salloc and srun do alike when they submit.  (Expectations: sbatch(1);
transcripts/sbatch/sbatch-wait.txt, env-batch.txt.)"""

import io
import marshal
import os

import pytest

from slurm_mock.commands.shared import submit
from slurm_mock.commands.shared.call import Call, Fail
from slurm_mock.common.records import Job
from tests.clusters.reading import Tiny

ENV = {"HOME": "/home/ada", "PATH": "/bin", "EDITOR": "vi", "SLURM_CONF": "/etc/slurm.conf",
       "MOCK_SLURM_USER": "ada", "MOCK_SLURM_DRIVEN": "1"}


@pytest.fixture
def tiny(tmp_path):
    return Tiny(tmp_path / "s")


@pytest.fixture
def call(tiny, tmp_path):
    return Call("sbatch", ["-n", "2", "job.sh"], ENV, str(tmp_path), None, io.BytesIO(), io.BytesIO(), tiny.state)


def test_where_a_job_comes_from(call, tiny):
    job = Job()
    submit.come_from(call, job)
    assert (job.submit_line, job.alloc_node, job.alloc_sid) == ("sbatch -n 2 job.sh", os.uname().nodename, 1)
    tiny.store.set_meta("login_node", "login1")
    assert submit.host(call) == "login1"


@pytest.mark.parametrize("export, names", [
    ("ALL", {"HOME", "PATH", "EDITOR", "SLURM_CONF", "MOCK_SLURM_USER"}), ("NONE", {"SLURM_CONF", "MOCK_SLURM_USER"}),
    ("EDITOR,NOSUCH", {"EDITOR", "SLURM_CONF", "MOCK_SLURM_USER"}),
    ("ALL,A=1", {"HOME", "PATH", "EDITOR", "SLURM_CONF", "MOCK_SLURM_USER", "A"})])
def test_what_export_lets_through(call, export, names):
    found = submit.exported(call, export)
    assert set(found) == names and all(found[name] == ENV[name] for name in names & set(ENV))
    assert found.get("A", "1") == "1"


def kept(call, export, given=(), **fields):
    packed = marshal.loads(submit.pack_environment(call, Job(export=export, **fields), ["a"], dict(given), {"TOLD": "x"}))
    return dict(entry.decode().split("=", 1) for entry in packed["env"]), packed


def test_what_is_kept_with_the_script(call):
    env, packed = kept(call, "")
    assert (env["EDITOR"], env["TOLD"], env["SLURM_SUBMIT_DIR"]) == ("vi", "x", call.cwd)
    mask = os.umask(0o077)
    os.umask(mask)
    assert packed["args"] == ["a"] and packed["umask"] == mask


@pytest.mark.parametrize("text, mask", [("0077", 0o077), ("27", 0o027), ("27x", 0o027), ("x", 0), ("", 0), ("8", 0), ("17777", 0o777)])
def test_slurm_umask_is_the_umask_and_goes_no_further(call, text, mask):
    call.env = {**ENV, "SLURM_UMASK": text}
    env, packed = kept(call, "")
    assert packed["umask"] == mask and "SLURM_UMASK" not in env


def test_gpus_of_the_job_in_which_sbatch_stands_are_not_handed_on(call):
    call.env = {**ENV, "CUDA_VISIBLE_DEVICES": "1", "SLURM_GPUS_ON_NODE": "1"}
    assert kept(call, "")[0]["CUDA_VISIBLE_DEVICES"] == "1"
    call.env = {**call.env, "SLURM_JOB_GPUS": "1"}
    assert not kept(call, "")[0].keys() & {"CUDA_VISIBLE_DEVICES", "SLURM_GPUS_ON_NODE", "SLURM_JOB_GPUS"}


def test_without_all_there_is_a_fresh_login(call):
    env, _ = kept(call, "NONE")
    assert env["USER"] == env["LOGNAME"] == "ada" and env["MAIL"] == "/var/mail/ada" and "EDITOR" not in env


def test_a_file_of_variables(call, tmp_path):
    (tmp_path / "vars").write_bytes(b"A=1\0B=two words\0junk\0")
    assert submit.from_file(call, "vars") == {"A": "1", "B": "two words", "MOCK_SLURM_USER": "ada",
                                              "MOCK_SLURM_DRIVEN": "1"}
    env, _ = kept(call, "ALL", {"export-file": "vars"})
    assert env["A"] == "1" and "EDITOR" not in env
    with pytest.raises(Fail, match="Could not open user environment file nosuch"):
        submit.from_file(call, "nosuch")


def test_a_trial_uses_up_an_id(tiny):
    told = tiny.run("sbatch", "--test-only", "-N2", "--wrap", "true")
    assert (told.code, told.out, told.err) == (0, "", (
        "sbatch: Job 1 to start at 2026-03-02T09:00:00 using 2 processors on nodes n[1-2] in partition main\n"))
    assert tiny.store.job(1) is None and tiny.run("sbatch", "--wrap", "true").out == "Submitted batch job 2\n"


@pytest.mark.parametrize("words, says", [
    ("-p nosuch", "sbatch: error: invalid partition specified: nosuch\nallocation failure: Invalid partition name specified\n"),
    ("-N99", "allocation failure: Requested node configuration is not available\n")])
def test_trials_that_fail(tiny, words, says):
    told = tiny.run("sbatch", "--test-only", *words.split(), "--wrap", "true")
    assert (told.code, told.err) == (1, says)


def test_wait_gives_the_worst_exit_code(stepping):
    assert stepping.sh("sbatch -W -Q -a 0-2 --wrap 'sleep 5; exit $SLURM_ARRAY_TASK_ID'").returncode == 2
    assert stepping.sh("sbatch -W -Q --wrap 'kill -9 $$'").returncode == 1
