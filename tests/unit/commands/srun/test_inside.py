"""What srun in a job reads of the job's variables.  (Expectations: cases/commands/90-variables-in-a-job, real Slurm.)"""

import sys

import pytest

pytestmark = pytest.mark.skipif(sys.version_info < (3, 11), reason="just-bash needs Python 3.11")


@pytest.mark.parametrize("variable, code, text", [
    ("SLURM_JOB_NUM_NODES=zz", 255, 'error: "zz" is not a valid node count'),
    ("SLURM_MEM_PER_CPU=zz", 255, "error: Invalid --mem-per-cpu specification"),
    ("SLURM_MEM_PER_NODE=5 SLURM_MEM_PER_CPU=5", 1,
     "fatal: SLURM_MEM_PER_CPU, SLURM_MEM_PER_GPU, and SLURM_MEM_PER_NODE are mutually exclusive."),
    ("SLURM_JOB_NODELIST=", 1, "error: No nodes in allocation, can't run job"),
    ("SLURM_JOB_NODELIST=n1", 1, "error: Only allocated 1 nodes asked for 2"),
    ("SLURM_JOB_ID=zz", 1, 'error: Invalid numeric value "zz" for --jobid.'),
    ("SLURM_WORKING_CLUSTER=odd", 1, "error: malformed cluster addr and port in SLURM_WORKING_CLUSTER env var: 'odd'"),
    ("SLURM_GPUS=1", 1, "error: Step requested GRES but job doesn't have GRES")])
def test_a_bad_variable_is_refused(small, variable, code, text):
    told = small(f"salloc -Q -n4 -N2 env {variable} srun true")
    assert told[0] == code and f"srun: {text}\n" in told[2].decode()


def test_as_many_nodes_as_the_variable_says(small):
    assert small("salloc -Q -n4 -N2 env SLURM_JOB_NUM_NODES=1 srun -n2 hostname | uniq | wc -l")[1].split() == [b"1"]


def test_cores_for_the_system_are_a_matter_of_the_job(small):
    assert b"Ignoring --core-spec value for a job step within an existing job." in small("salloc -Q srun -S1 true")[2]
