"""What sacct was asked for: numbers, the window."""

import pytest

from slurm_mock.commands.sacct.process import number_range
from slurm_mock.commands.shared.call import Fail
from tests.clusters.reading import Tiny


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


@pytest.mark.parametrize("text", ["²", "1-²", "٣"])
def test_digits_that_are_none_to_c(text):
    with pytest.raises(Fail) as failed:
        number_range(text, "requested node range")
    assert failed.value.text == f'Invalid numeric value "{text}" for requested node range.'
