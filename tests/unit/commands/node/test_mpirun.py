"""mpirun: ranks as a job step, or where it is."""

import sys

import pytest

pytestmark = pytest.mark.skipif(sys.version_info < (3, 11), reason="just-bash needs Python 3.11")


def test_ranks_of_a_job(small):
    small("sbatch -W -n3 -o out --wrap 'mpirun -np 2 bash -c \"echo \\$OMPI_COMM_WORLD_RANK of \\$OMPI_COMM_WORLD_SIZE\"; mpirun echo all'")
    lines = small("cat out")[1].decode().splitlines()
    assert sorted(lines[:2]) == ["0 of 2", "1 of 2"] and lines[2:] == ["all"] * 3, "without -n as many as the job has tasks"


@pytest.mark.parametrize("words, message", [
    ("-n 0 true", "-n 0: the number of ranks is a whole number of at least 1"), ("-n 2", "no program to run: type mpirun -n RANKS PROGRAM"),
    ("--nosuch true", "only -n (-np) N, --oversubscribe and --tag-output are known here")])
def test_mistakes(small, words, message):
    small(f"sbatch -W -o out --wrap 'mpirun {words}'")
    assert message in small("cat out")[1].decode()
