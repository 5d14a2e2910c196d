"""srun over components of a heterogeneous job."""

import sys

import pytest

pytestmark = pytest.mark.skipif(sys.version_info < (3, 11), reason="just-bash needs Python 3.11")


def test_each_component_runs_its_program(small):
    code, out, _ = small("srun -n1 echo first : -n1 echo second")
    assert code == 0 and sorted(out.split()) == [b"first", b"second"]
    assert small("sacct -n -X -P -o jobid,state")[1] == b"101+0|COMPLETED\n101+1|COMPLETED\n"


def test_groups_of_a_job_that_is_there(small):
    small("sbatch -W -o out -n1 : -n1 --wrap 'srun --het-group=0,1 echo both; srun --het-group=1 echo one'")
    assert sorted(small("cat out")[1].split()) == [b"both", b"both", b"one"]


def test_the_worst_of_the_components_counts(small):
    assert small("srun -n1 true : -n1 bash -c 'exit 4'")[0] == 4
