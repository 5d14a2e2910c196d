"""The names of reasons that sacct --reason takes (job_reason_num in slurm_protocol_defs.c)."""

from slurm_mock.common.job_reason import NAMES, known


def test_names_in_whatever_case():
    assert known("Resources") and known("jobhelduser") and known("QOSGRPCPULIMIT")
    assert not known("nope") and not known("") and not known("1")


def test_each_stands_once():
    assert len(NAMES) == len({name.lower() for name in NAMES}) > 190
