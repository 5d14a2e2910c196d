"""Heterogeneous jobs: what is typed, how components live and die together."""

import pytest

from slurm_mock.commands.slurm_opt import het
from slurm_mock.commands.slurm_opt.table import SBATCH, rows
from slurm_mock.commands.srun.het import groups

TIME, TASKS, HOLD = (rows(SBATCH)[name] for name in ("time", "ntasks", "hold"))


def test_words_are_split_at_the_marks():
    assert het.split("-n1 a : b : c".split()) == [["-n1", "a"], ["b"], ["c"]]
    assert het.split(["-n1", "packjob", "hetjob"], het.MARKS) == [["-n1"], [], []]
    assert het.split([]) == [[]]


@pytest.mark.parametrize("text, found", [
    ("0,2-3", [0, 2, 3]), ("1", [1]), ("3-1", []), ("9", [9]), ("0-9999999999", [0, 1, 2, 3, 4]),
    ("7-9999999999", [7]), ("1-" + "9" * 5000, [1, 2, 3, 4])])
def test_no_more_groups_are_listed_than_tell_of_a_mistake(text, found):
    assert groups(text, 4) == found


def test_a_range_of_groups_that_are_not_there(stepping):
    done = stepping.sh("salloc -Q -n1 : -n1 srun --het-group=0-9999999999 true")
    assert done.returncode == 1 and done.stderr == (
        "srun: error: Requested het-group offset exceeds highest hetjob index (2 > 1)\n")


def test_components_inherit_what_is_not_a_component_s_own():
    found = [[(TIME, "5"), (TASKS, "2")], [(HOLD, None)], [(TIME, "7")]]
    assert het.inherited(found, 0) == found[0]
    assert het.inherited(found, 1) == [(TIME, "5"), (HOLD, None)]
    assert het.inherited(found, 2) == [(TIME, "5"), (HOLD, None), (TIME, "7")]
    assert het.inherited(found, 3) == [(TIME, "5"), (HOLD, None), (TIME, "7")]


def test_components_start_together_on_nodes_of_their_own(stepping):
    stepping.out("sbatch -n1 : -n1 --wrap 'sleep 100'")
    rows = sorted(stepping.out("squeue -h -o '%i %t %N'").splitlines())
    assert [row[:5] for row in rows] == ["1+0 R", "1+1 R"]
    assert rows[0].split()[2] != rows[1].split()[2]
    stepping.sh("scancel 1")


def test_nobody_starts_where_one_has_no_room(stepping):
    stepping.out("sbatch -n1 : -N 99 --wrap 'sleep 100'; sbatch -n1 --wrap 'sleep 50'")
    assert sorted(stepping.out("squeue -h -o '%i %t'").splitlines()) == ["1+0 PD", "1+1 PD", "3 R"]
    stepping.sh("scancel 1 3")


@pytest.mark.parametrize("verb, left", [
    ("scancel 1", []), ("scancel 1+1", ["1+0"]), ("scancel --me", []),
    ("scancel 1+0", [])])
def test_the_leader_takes_the_others_with_it(stepping, verb, left):
    stepping.out("sbatch -n1 : -n1 --wrap 'sleep 100'")
    stepping.sh(verb + "; sleep 2")
    assert stepping.out("squeue -h -o %i").split() == left
    stepping.sh("scancel 1")


def test_a_component_that_waits_is_not_cancelled_alone(stepping):
    stepping.out("sbatch -H -n1 : -n1 --wrap true")
    told = stepping.sh("scancel 1+1")
    assert told.returncode == 60
    assert "not permitted on individual component" in told.stderr
    assert len(stepping.out("squeue -h").splitlines()) == 2


def test_hold_and_release_of_the_leader_are_for_all(stepping):
    stepping.out("sbatch -H -n1 : -n1 --wrap 'sleep 100'; scontrol release 1")
    assert sorted(stepping.out("squeue -h -o '%i %t'").splitlines()) == ["1+0 R", "1+1 R"]
    stepping.sh("scancel 1")


def test_one_bad_component_and_nothing_is_accepted(stepping):
    told = stepping.sh("sbatch -n1 : -p nope --wrap true")
    assert told.returncode == 1 and "invalid partition specified: nope" in told.stderr
    assert stepping.out("squeue -h") == ""


def test_a_group_that_is_not_there(stepping):
    told = stepping.sh("salloc -Q -n1 : -n1 srun --het-group=2 hostname")
    assert told.returncode == 1
    assert "Requested het-group offset exceeds highest hetjob index (2 > 1)" in told.stderr
    assert stepping.sh("salloc -Q -n1 : -n1 srun --het-group=x true").returncode == 1


def test_ranks_count_through_the_components(stepping):
    told = stepping.out("salloc -Q -n1 : -n2 srun --het-group=0-1 "
                        "bash -c 'echo $SLURM_PROCID/$SLURM_NTASKS $SLURM_NODEID'")
    assert sorted(told.splitlines()) == ["0/3 0", "1/3 1", "2/3 1"]
