"""Room for a step in its job, in one interpreter.  (Expectations: cases/commands/90-variables-in-a-job, 93-steps-in-a-job.)"""

import sys

import pytest

pytestmark = pytest.mark.skipif(sys.version_info < (3, 11), reason="just-bash needs Python 3.11")
NODES = "hostname | sort | uniq -c | tr -s ' '"


@pytest.mark.parametrize("options, counts", [
    ("-n3 -N2", ["2", "1"]), ("-O -n6", ["4", "2"]), ("-O -n9 -m cyclic", ["5", "4"]), ("-O -n6 -m block:cyclic", ["4", "2"]), ("--ntasks-per-node=2 -n4", ["3", "1"]),
    ("-N2 -n2", ["1", "1"])])
def test_how_many_tasks_on_each_node(small, options, counts):
    out = small(f"salloc -Q -n4 -N2 srun {options} {NODES}")[1].decode()
    assert [line.split()[0] for line in out.splitlines()] == counts


@pytest.mark.parametrize("options, text", [
    ("--mem-per-cpu=900G", "Unable to create step for job 101: Memory required by task is not available"),
    ("-n5", "Unable to create step for job 101: More processors requested than permitted"),
    ("-N3", "Only allocated 2 nodes asked for 3"),
    ("--gres=", "Unable to create step for job 101: Invalid Trackable RESource (TRES) specification")])
def test_what_a_step_cannot_have(small, options, text):
    code, out, err = small(f"salloc -Q -n4 -N2 --mem-per-cpu=100 srun {options} true")
    assert code == 1 and text in err.decode() and out == b""


def test_one_step_waits_for_the_other(small):
    small("sbatch -Q -W -n1 -o out --wrap 'srun sleep 5 & srun sleep 5; wait'")
    assert b"step creation temporarily disabled, retrying (Requested nodes are busy)" in small("cat out")[1]
    assert small("sacct -n -P -X -o elapsedraw")[1] >= b"10"
