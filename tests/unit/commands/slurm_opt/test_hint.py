"""--hint."""

import pytest

from slurm_mock.commands.shared.call import Fail
from slurm_mock.commands.slurm_opt.hint import heed
from tests.unit.commands.slurm_opt.options import request


def heeded(*words, env=()):
    made = request(*words, env=env)
    if "hint" in made.given:
        heed(made)
    return made


@pytest.mark.parametrize("hint, threads, cores", [
    ("compute_bound", 1, None), ("memory_bound", 1, 1), ("nomultithread", 1, None), ("multithread", None, None)])
def test_what_it_stands_for(hint, threads, cores):
    job = heeded(f"--hint={hint}").job
    assert (job.threads_per_core, job.cores_per_socket) == (threads, cores)


def test_what_says_as_much_goes_before_it():
    made = heeded("--hint=nomultithread", "--ntasks-per-core=2")
    assert "hint" not in made.given and made.job.hint == ""
    assert "hint" in heeded("--hint=nomultithread", env={"SBATCH_THREADS_PER_CORE": "2"}).given, "a variable does not"


def test_an_unknown_one_and_help():
    with pytest.raises(Fail, match="unrecognized --hint argument"):
        heeded("--hint=fast")
    made = request("--hint=help")
    with pytest.raises(Fail):
        heed(made)
    assert b"compute_bound" in made.call.out.getvalue()
