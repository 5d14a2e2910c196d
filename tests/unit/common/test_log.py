"""Lines of Slurm's log (log.c): who, the level's word, the message."""

import pytest

from slurm_mock.common import log


@pytest.mark.parametrize("level, line", [
    ("info", "squeue: x\n"), ("error", "squeue: error: x\n"), ("fatal", "squeue: fatal: x\n")])
def test_levels(level, line):
    assert log.line("squeue", "x", level) == line


def test_slurmstepds_have_a_node():
    assert log.stepd_error("n1", "x") == "slurmstepd-n1: error: x\n"
    assert log.CANCELLED.format(what="JOB 7", node="n1", time="now", why=" DUE TO TIME LIMIT") == (
        "*** JOB 7 ON n1 CANCELLED AT now DUE TO TIME LIMIT ***")
