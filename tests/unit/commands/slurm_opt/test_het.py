"""The command line of a heterogeneous job."""

import io

from slurm_mock.commands.shared.call import Call
from slurm_mock.commands.slurm_opt import het
from slurm_mock.commands.slurm_opt.table import SALLOC, table


def components(*words):
    call = Call("salloc", list(words), {}, "/", None, io.BytesIO(), io.BytesIO(), "")
    return het.options(call, table(SALLOC))


def test_colons_part_components_and_words_follow():
    found, rest = components("-n2", ":", "-n4", "-c2", "prog", ":", "x")
    assert [[(o.name, v) for o, v in given] for given in found] == [[("ntasks", "2")], [("ntasks", "4"), ("cpus-per-task", "2")]]
    assert rest == ["prog", ":", "x"]


def test_what_is_not_each_ones_own_holds_on():
    found, _ = components("-A", "lab", "-n2", ":", "-n4")
    assert [(o.name, v) for o, v in het.inherited(found, 1)] == [("account", "lab"), ("ntasks", "4")]
    assert [o.name for o, _ in het.inherited(found, 0)] == ["account", "ntasks"]
    assert [o.name for o, _ in het.inherited(found, 2)] == ["account"]


def test_marks_in_a_script():
    assert het.split(["-n1", "hetjob", "-n2", "packjob"], het.MARKS) == [["-n1"], ["-n2"], []]
