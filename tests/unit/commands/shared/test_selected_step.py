"""How jobs and steps are named."""

import pytest

from slurm_mock.commands.shared.call import Fail
from slurm_mock.commands.shared.selected_step import parse_list
from slurm_mock.common.records import STEP_BATCH


@pytest.mark.parametrize("text, jobs", [
    ("12", [(12, None, None, None)]), ("12,13_4", [(12, None, None, None), (13, 4, None, None)]), ("14.0", [(14, None, None, 0)]),
    ("15.batch", [(15, None, None, STEP_BATCH)]), ("16+1", [(16, None, 1, None)]), ("17.0.1,17-3", [(17, None, None, 0), (17, None, None, None)]),
    ("18_1+0", [(18, 1, None, None)]), ("99999999999", [(1215752191, None, None, None)]), (",", [])])
def test_jobs_and_steps_by_name(text, jobs):
    assert parse_list(text) == jobs


@pytest.mark.parametrize("text, told", [
    ("x", "Bad job/step specified: x"), ("12_x", "Bad job array element specified: 12"), ("12.x", "Bad step specified: 12"),
    ("12+", "Bad hetjob offset specified: 12"), (" 12", "Bad job/step specified:  12"), ("\u0663", "Bad job/step specified: \u0663")])
def test_names_that_are_none(text, told):
    with pytest.raises(Fail) as failed:
        parse_list(text)
    assert (failed.value.text, failed.value.level) == (told, "fatal")
