"""slurm.conf read anew by `scontrol reconfigure`.  (Expectations: cases/commands/95-partitions; scontrol(1).)"""

import pytest


@pytest.fixture
def cluster(living):
    """A cluster of its own slurm.conf, whose user is an administrator there."""
    return living(0.0)


def test_what_changed_takes_effect_and_jobs_stay(cluster):
    file = cluster.conf
    job = cluster.out("sbatch --parsable -H --wrap true").strip()
    node = cluster.out("sinfo -h -N -o %N").split()[0]
    cluster.out(f"MOCK_SLURM_ADMIN=1 scontrol update nodename={node} state=drain reason=disk")
    file.write_text(file.read_text() + "PartitionName=later Nodes=ALL MaxTime=7\n")
    told = cluster.sh("MOCK_SLURM_ADMIN=1 scontrol reconfigure")
    assert (told.returncode, told.stderr) == (0, "")
    assert "later up 7:00" in cluster.out("sinfo -h -p later -o '%P %a %l'")
    assert cluster.out(f"squeue -h -j {job} -o %T") == "PENDING\n"
    assert cluster.out(f"sinfo -h -n {node} -p later -o '%T %E'") == "drained disk\n"


def test_a_file_that_cannot_be_read_changes_nothing(cluster):
    file = cluster.conf
    before = cluster.out("sinfo -h")
    file.write_text(file.read_text() + "PartitionName=bad Nodes=ALL MaxTime=\n")
    told = cluster.sh("MOCK_SLURM_ADMIN=1 scontrol reconfigure")
    assert told.returncode == 1 and told.stderr.startswith("slurm_reconfigure error: ") and "Traceback" not in told.stderr
    assert cluster.out("sinfo -h") == before


def test_an_ordinary_user_may_not(cluster):
    told = cluster.sh("scontrol reconfigure")
    assert (told.returncode, told.stderr) == (1, "slurm_reconfigure error: Invalid user id\n")
