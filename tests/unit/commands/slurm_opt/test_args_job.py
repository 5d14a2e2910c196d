"""Options about a job as a whole."""

import pytest

from slurm_mock.commands.shared.call import Fail
from slurm_mock.commands.slurm_opt import args_job
from slurm_mock.common.records import UNLIMITED, Job
from tests.unit.commands.slurm_opt.options import NOW, request


@pytest.mark.parametrize("word, field, value", [
    ("-t10", "time_limit", 10), ("--time=1-0", "time_limit", 1440), ("-t0", "time_limit", UNLIMITED), ("--time-min=5", "time_min", 5),
    ("--begin=now+60", "begin_time", NOW + 60), ("-H", "hold", "user"), ("--nice=5", "nice", 5), ("--nice", "nice", 100),
    ("--requeue", "requeue", 1), ("--no-requeue", "requeue", 0), ("--open-mode=a", "open_mode", "append"),
    ("--output=none", "std_out", "/dev/null"), ("--mail-type=end,fail", "mail_type", "END,FAIL"), ("--acctg-freq=task=7", "acctg_freq", 7),
    ("--kill-on-invalid-dep=YES", "kill_invalid_dep", "yes"), ("--signal=B:USR1@60", "signal", "B:USR1@60")])
def test_what_they_set(word, field, value):
    assert getattr(request(word).job, field) == value


@pytest.mark.parametrize("words, empty", [
    (["--account="], "account"), (["-C", ""], "features"), (["--account=", "--account=x"], ""), (["--account=x", "--account="], "account"),
    (["--qos=", "--licenses="], "qos,licenses"), (["--dependency=", "--reservation="], ""), (["--gres="], "gres"),
    (["--output="], "std_out"), (["--mcs-label="], "mcs_label"), (["--gpus="], "")])
def test_an_empty_value_is_kept_in_mind(words, empty):
    assert request(*words).job.empty == empty


@pytest.mark.parametrize("word", ["--begin=now", "-B", "--gpus-per-node=", "--gpus-per-task=", "--acctg-freq="])
def test_an_empty_value_that_says_nothing(word):
    job = request(*([word, ""] if word == "-B" else [word])).job
    assert (job.nice, job.tres_per_node, job.tres_per_task, job.sockets_per_node, job.acctg_freq) == (
        100 if word == "--nice=" else 0, "", "", Job().sockets_per_node, 0)


@pytest.mark.parametrize("word, told", [
    ("--time=soon", "Invalid --time specification"), ("--signal=NOSUCH", "Invalid --signal specification"),
    ("--nice=3000000000", "Invalid --nice value, out of range (+/- 2147483645)"), ("--open-mode=x", "Invalid --open-mode specification"),
    ("--uid=1", "--uid only permitted by root user"), ("--profile=x", "invalid --profile=x option"),
    ("--propagate=NOSUCH", "--propagate=NOSUCH is not valid."), ("--kill-on-invalid-dep=maybe", "Invalid --kill-on-invalid-dep specification")])
def test_what_cannot_be_read(word, told):
    with pytest.raises(Fail) as failed:
        request(word)
    assert (failed.value.text, failed.value.level) == (told, "error")


def test_what_a_job_is_told():
    assert args_job.tell_open_mode({}, Job(open_mode="append")) == {"SLURM_OPEN_MODE": "a"}
    assert args_job.tell_export({"export": "ALL"}, Job()) == {}
    assert args_job.tell_export({"export": "NONE"}, Job()) == {"SLURM_EXPORT_ENV": "NONE", "SLURM_GET_USER_ENV": "1"}
    assert args_job.profile_text("task,energy") == "Energy,Task" and args_job.profile_text("all") == "Energy,Lustre,Network,Task"
