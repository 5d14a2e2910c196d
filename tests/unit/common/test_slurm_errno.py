"""Slurm's error numbers, as `scontrol errnumstr` tells them (slurm_errno.h, slurm_errno.c)."""

import pytest

from tests.clusters.reading import Tiny


@pytest.fixture
def told(tmp_path):
    tiny = Tiny(tmp_path / "state")
    return lambda number: tiny.run("scontrol", "errnumstr", str(number)).out.strip()


@pytest.mark.parametrize("number, text", [
    (2000, "Invalid partition name specified"),                     # ESLURM_INVALID_PARTITION_NAME
    (2002, "Access/permission denied"),                             # ESLURM_ACCESS_DENIED
    (2010, "Invalid user id"),                                      # ESLURM_USER_ID_MISSING
    (2014, "Requested node configuration is not available"),        # ..._REQUESTED_NODE_CONFIG_UNAVAILABLE
    (2017, "Invalid job id specified"),                             # ESLURM_INVALID_JOB_ID
    (2021, "Job/step already completing or completed"),             # ESLURM_ALREADY_DONE
    (2045, "Invalid account or account/partition combination specified"),
    (2050, "Job violates accounting/QOS policy (job submit limit, user's size and/or time limits)"),
    (2066, "Invalid qos specification"),                            # ESLURM_INVALID_QOS
    (2108, "Operation not permitted on individual component of heterogeneous job"),
])
def test_texts(told, number, text):
    assert told(number) == text


def test_numbers_of_the_machine_and_of_nobody(told):
    assert told(2) == "No such file or directory"
    assert told(1999).startswith("Unknown error 1999") or told(1999) == "Unknown error 1999"
