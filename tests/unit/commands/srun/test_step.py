"""A step's tasks on their nodes, in one interpreter."""

import sys

import pytest

pytestmark = pytest.mark.skipif(sys.version_info < (3, 11), reason="just-bash needs Python 3.11")


def test_tasks_are_dealt_out_to_nodes(small):
    code, out, err = small("srun -N2 -n4 bash -c 'echo $SLURM_PROCID $SLURM_NODEID $SLURM_LOCALID $SLURM_NTASKS'")
    assert (code, err) == (0, b"")
    lines = sorted(line.split() for line in out.decode().splitlines())
    assert [line[0] for line in lines] == ["0", "1", "2", "3"] and {line[1] for line in lines} == {"0", "1"}
    assert all(line[3] == "4" for line in lines)


def test_labels_and_several_programs(small):
    assert sorted(small("srun -l -n2 echo x")[1].splitlines()) == [b"0: x", b"1: x"]
    small("printf '0 echo first\\n1 echo second %%t\\n' > progs")
    assert sorted(small("srun -n2 --multi-prog progs")[1].splitlines()) == [b"first", b"second 1"]


def test_the_worst_exit_code_is_the_steps(small):
    code, _, err = small("srun -n2 bash -c 'exit $SLURM_PROCID'")
    assert code == 1 and b"task 1: Exited with exit code 1" in err
    assert small("sacct -n -P -o state,exitcode")[1].splitlines()[-1] == b"FAILED|1:0"


def test_a_program_that_is_not_there_and_no_command(small):
    code, _, err = small("srun nosuchprogram")
    assert code == 2 and b"execve(): nosuchprogram: No such file or directory" in err
    assert small("srun -n1")[2].startswith(b"srun: fatal: No command given to execute.")


def test_files_of_tasks(small):
    assert small("srun -n2 -o out.%t echo hello; cat out.0 out.1") == (0, b"hello\nhello\n", b"")
    assert small("echo typed | srun -i 0 -n2 cat")[1] == b"typed\n"


def test_steps_of_a_job_have_numbers(small):
    small("sbatch -W -n2 -o out --wrap 'srun -n1 echo a; srun -n2 echo b'")
    assert small("sacct -n -P -j 101 -o jobid | tail -2")[1] == b"101.0\n101.1\n"
