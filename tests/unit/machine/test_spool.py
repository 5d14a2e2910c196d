"""The folder of a running batch job's script: named as slurmd names it (<spool of the node>/job<id>)."""

import os

from slurm_mock.common.records import Job
from slurm_mock.machine.spool import remove_spool, spool

JOB = Job(id=42, batch_host="n3")


def test_the_name_has_the_node_and_at_least_five_digits_of_the_id():
    assert spool("/state", JOB) == "/state/spool/n3/job00042"
    assert spool("/state", Job(id=1234567, batch_host="n3")) == "/state/spool/n3/job1234567"


def test_remove_takes_the_folder_with_what_is_in_it_and_no_other(tmp_path):
    other = Job(id=43, batch_host="n3")
    for job in (JOB, other):
        os.makedirs(spool(str(tmp_path), job))
        for name in ("slurm_script", "left"):
            with open(os.path.join(spool(str(tmp_path), job), name), "w"):
                pass
    remove_spool(str(tmp_path), JOB)
    assert os.listdir(tmp_path / "spool" / "n3") == ["job00043"]
    assert sorted(os.listdir(spool(str(tmp_path), other))) == ["left", "slurm_script"]


def test_what_is_not_there_need_not_be_removed(tmp_path):
    remove_spool(str(tmp_path), JOB)
    assert os.listdir(tmp_path) == []


def test_a_folder_that_somebody_put_there_stays(tmp_path):
    os.makedirs(os.path.join(spool(str(tmp_path), JOB), "folder"))
    remove_spool(str(tmp_path), JOB)
    assert os.listdir(spool(str(tmp_path), JOB)) == ["folder"]
