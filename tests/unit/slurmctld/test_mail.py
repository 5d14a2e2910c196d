"""Mail about jobs. The subjects: Slurm 22.05.8, run with a MailProg that keeps its arguments."""

import os
import stat
import sys

import pytest

from slurm_mock.slurmctld import mail
from slurm_mock.slurmctld.controller import Controller


def subjects(cluster, user="alice"):
    with open(os.path.join(cluster.state, "mail", user)) as file:
        lines = file.read().splitlines()
    return [line[9:] for line in lines if line.startswith("Subject: ")]


@pytest.mark.parametrize("text, kept", [
    ("end,begin", "BEGIN,END"), ("ALL", "INVALID_DEPEND,BEGIN,END,FAIL,REQUEUE,STAGE_OUT"),
    ("NONE", ""), ("nope", None), ("BEGIN,nope", "BEGIN")])
def test_types(text, kept):
    assert mail.types(text) == kept


@pytest.mark.parametrize("script, subject", [
    ("sleep 3", "Slurm Job_id=1 Name=job.sh Ended, Run time 00:00:03, COMPLETED, ExitCode 0"),
    ("exit 3", "Slurm Job_id=1 Name=job.sh Failed, Run time 00:00:00, FAILED, ExitCode 3"),
    ("kill -9 $$", "Slurm Job_id=1 Name=job.sh Failed, Run time 00:00:00, FAILED")])
def test_how_a_job_ended(stepping, script, subject):
    stepping.script("job.sh", script)
    stepping.sh("sbatch -W -Q --mail-type=ALL job.sh")
    assert subjects(stepping) == ["Slurm Job_id=1 Name=job.sh Began, Queued time 00:00:00", subject]


def test_end_alone_tells_of_no_failure(stepping):
    stepping.sh("sbatch -W -Q --mail-type=END --wrap 'exit 3'")
    stepping.sh("sbatch -W -Q --mail-type=FAIL --wrap true")
    assert not os.path.exists(os.path.join(stepping.state, "mail"))


def test_an_array_has_one_message_or_one_a_task(stepping):
    stepping.sh("sbatch -W -Q -J a -a 1-3 --mail-type=END,FAIL --wrap 'exit $((SLURM_ARRAY_TASK_ID - 1))'")
    assert subjects(stepping) == ["Slurm Array Summary Job_id=1_* (1) Name=a Failed, Mixed, ExitCode [0-2]"]
    stepping.sh("sbatch -W -Q -J b -a 1-2 --mail-type=END,ARRAY_TASKS --wrap true")
    assert sorted(line.partition(" (")[0] for line in subjects(stepping)[1:]) == [
        "Slurm Array Task Job_id=4_1", "Slurm Array Task Job_id=4_2"]


def test_parts_of_the_time_limit(stepping):
    stepping.sh("sbatch -W -Q -J t -t 10 --mail-type=TIME_LIMIT,TIME_LIMIT_50,TIME_LIMIT_80,END "
                "--mail-user=x/y@z --wrap 'sleep 3600'")
    assert subjects(stepping, "x_y@z") == [
        "Slurm Job_id=1 Name=t Reached 50% of time limit, Run time 00:05:00",
        "Slurm Job_id=1 Name=t Reached 80% of time limit, Run time 00:08:00",
        "Slurm Job_id=1 Name=t Reached time limit, Run time 00:10:00"]
    path = os.path.join(stepping.state, "mail", "x_y@z")
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600


def test_a_dependency_that_cannot_be_met(stepping):
    stepping.sh("sbatch -Q -H --wrap true; sbatch -Q -d afterok:1 --mail-type=INVALID_DEPEND -J w "
                "--wrap true; scancel 1; squeue; squeue")
    assert subjects(stepping) == ["Slurm Job_id=2 Name=w Invalid dependency"]
    stepping.sh("scancel 2")


def test_status_says_where_the_mail_lies(stepping):
    stepping.sh("sbatch -W -Q --mail-type=END --mail-user=me --wrap true")
    told = stepping.sh(f"{sys.executable} -m slurm_mock status").stdout
    assert f"mail     {stepping.state}/mail (me)\n" in told


@pytest.mark.parametrize("to", [".", "..", "x" * 300, "taken"])
def test_mail_that_cannot_be_delivered_is_lost_and_nothing_else(stepping, to):
    os.makedirs(os.path.join(stepping.state, "mail", "taken"))
    assert stepping.out(f"sbatch -W --mail-type=ALL --mail-user={to} --wrap true"
                        ) == "Submitted batch job 1\n"
    assert stepping.out(f"srun --mail-type=ALL --mail-user={to} echo done") == "done\n"
    assert [stepping.job(number).state for number in (1, 2)] == ["COMPLETED", "COMPLETED"]
    assert os.listdir(os.path.join(stepping.state, "mail")) == ["taken"]


def test_a_full_disk_takes_no_mail_and_keeps_no_file_open(stepping):
    os.makedirs(os.path.join(stepping.state, "mail"))
    os.symlink("/dev/full", os.path.join(stepping.state, "mail", "me"))
    ctl = Controller.open(stepping.state, stepping.env)
    before = os.listdir("/dev/fd")
    mail.deliver(ctl, "me", "lost")
    assert os.listdir("/dev/fd") == before
    ctl.close()
