"""The records of the accounting database: their limits and what is kept of them."""

import pytest

from slurm_mock.common import slurmdb
from slurm_mock.common.slurmdb import (GROUP_LIMITS, INHERITED_LIMITS, QOS_LIMITS, RECORDS,
                                       Association, Qos, is_tres)


def test_limits_begin_unset_and_count_tres_as_text():
    """slurmdb.h: NO_VAL where nothing was said; a limit of TRES is a text like cpu=10."""
    for record, limits in ((Association, (*GROUP_LIMITS, *INHERITED_LIMITS)), (Qos, QOS_LIMITS)):
        kinds = {name: kind for name, kind, _ in record.fields}
        assert all(getattr(record(), name) is None for name in limits)
        assert {name: kinds[name] for name in limits} == {
            name: "TEXT" if "tres" in name else "INTEGER" for name in limits}
    assert is_tres("grp_tres_mins") and not is_tres("grp_jobs")


@pytest.mark.parametrize("record", RECORDS)
def test_what_is_deleted_stays_marked(record):
    """mysql_common.h: creation_time, mod_time, deleted; TRES and transactions stay for ever."""
    kept = {"creation_time", "mod_time", "deleted"} & set(record.columns)
    assert kept == (set() if record in (slurmdb.Tres, slurmdb.Transaction)
                    else {"creation_time", "mod_time", "deleted"})


def test_defaults_are_slurms():
    assert (Association().shares, Qos().usage_factor, slurmdb.User().admin_level) == (1, 1.0, "None")
    assert slurmdb.SHARES_PARENT == 0x7FFFFFFF            # SLURMDB_FS_USE_PARENT


def test_each_has_a_table_of_its_own():
    assert len({record.table for record in RECORDS}) == len(RECORDS)
