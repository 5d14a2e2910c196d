"""What sacct was asked for: numbers, jobs, steps."""

import pytest

from slurm_mock.commands.sacct.process import number_range, selection
from slurm_mock.commands.shared.call import Fail
from slurm_mock.common.records import STEP_BATCH
from tests.clusters.reading import Tiny


@pytest.mark.parametrize("text, jobs", [
    ("12", [(12, None, None, None)]), ("12,13_4", [(12, None, None, None), (13, 4, None, None)]), ("14.0", [(14, None, None, 0)]),
    ("15.batch", [(15, None, None, STEP_BATCH)]), ("16+1", [(16, None, 1, None)])])
def test_jobs_and_steps_by_name(text, jobs):
    assert selection(text) == jobs


@pytest.mark.parametrize("text, told", [
    ("x", "Bad job/step specified: x"), ("12_x", "Bad job array element specified: 12"), ("12.x", "Bad step specified: 12")])
def test_names_that_are_none(text, told):
    with pytest.raises(Fail) as failed:
        selection(text)
    assert (failed.value.text, failed.value.level) == (told, "fatal")


def test_ranges():
    assert number_range("2-4", "--nnodes") == (2, 4) and number_range("3", "--nnodes") == (3, 3)
    with pytest.raises(Fail):
        number_range("a-b", "--nnodes")


def test_the_window_and_the_state(tmp_path):
    one = Tiny(tmp_path / "s", AccountingStorageType="accounting_storage/slurmdbd")
    job = one.ended()

    def found(*words):
        return one.run("sacct", "-a", "-n", "-X", "-P", "-o", "jobid", *words).out.split()

    assert found("-S", "now-1hour") == [str(job.id)] and found("-j", str(job.id)) == [str(job.id)]
    assert found("-S", "now-1hour", "-E", "now", "-s", "F") == []
    assert found("-S", "now-2days", "-E", "now-1day") == []
    assert one.run("sacct", "-o", "nosuch").code == 1
