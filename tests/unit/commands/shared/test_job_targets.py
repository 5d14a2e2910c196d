"""Jobs as scontrol and scancel name them.  (Expectations: scontrol(1), scancel(1).)"""

import pytest

from slurm_mock.commands.shared import job_targets
from tests.clusters.reading import Tiny


@pytest.mark.parametrize("text, names", [
    ("12", ["12"]), ("12,13 14", ["12", "13", "14"]), ("12_3", ["12_3"]), ("12_[1-4,7]", ["12_1-4,7"]),
    ("[12-14]", ["12", "13", "14"]), ("[12-13]_1", ["12_1", "13_1"]), ("12+1", ["12+1"]), ("12_1-3", ["12_1-3"]),
    ("", []), ("12,", ["12"])])
def test_lists(text, names):
    assert job_targets.split(text) == names


@pytest.mark.parametrize("text", ["name", "12a", "12-13", "12++1", "1_2_3", "[12", "12]", "-5", "1.0"])
def test_no_lists(text):
    assert job_targets.split(text) is None


@pytest.fixture
def tiny(tmp_path):
    tiny = Tiny(tmp_path / "s")
    tiny.job(id=12, array_id=12, array_tasks="1-3,7")
    tiny.running("n1", id=13, array_id=12, array_task=0)
    tiny.job(id=20, het_id=20, het_offset=0)
    tiny.job(id=21, het_id=20, het_offset=1)
    return tiny


def found(tiny, word):
    jobs, missing = job_targets.matching(tiny.store, word)
    return [(job.id, task) for job, task in jobs], list(missing)


@pytest.mark.parametrize("word, jobs, missing", [
    ("12", [(12, None), (13, None)], []), ("13", [(13, None)], []), ("99", [], []), ("12_0", [(13, 0)], []),
    ("12_1-2", [(12, 1), (12, 2)], []), ("12_5,7", [(12, 7)], [5]), ("12_x", [], []), ("20+1", [(21, None)], []),
    ("20", [(20, None), (21, None)], []), ("20+5", [], [])])
def test_matching(tiny, word, jobs, missing):
    assert found(tiny, word) == (jobs, missing)


def test_a_task_that_waits_becomes_a_record_of_its_own(tiny):
    (record, task), = job_targets.matching(tiny.store, "12_2")[0]
    one = job_targets.single(tiny.store, record, task)
    assert (one.id, one.array_task) != (12, None) and one.array_task == 2
    assert tiny.store.job(12).array_tasks == "1,3,7"
    assert job_targets.single(tiny.store, one, 2) is one
    assert job_targets.numbers_text(one) == [2] and job_targets.numbers_text(tiny.store.job(12)) == [1, 3, 7]
