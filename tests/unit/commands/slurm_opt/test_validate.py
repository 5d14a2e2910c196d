"""Options that forbid each other, or of which one goes before the other (validate_options_salloc_sbatch_srun)."""

import pytest

from slurm_mock.commands.shared.call import Fail
from slurm_mock.commands.slurm_opt.validate import NOT_ALLOWED, validate
from tests.unit.commands.slurm_opt.options import request


def looked_over(*words, **more):
    asked = request(*words, **more)
    validate(asked)
    return asked


@pytest.mark.parametrize("words, env, told", [
    ("--mem=1G --mem-per-cpu=1G", {}, "--mem, --mem-per-cpu, and --mem-per-gpu are mutually exclusive."),
    ("", {"SBATCH_MEM_PER_CPU": "1", "SBATCH_MEM_PER_GPU": "1"},
     "SLURM_MEM_PER_CPU, SLURM_MEM_PER_GPU, and SLURM_MEM_PER_NODE are mutually exclusive."),
    ("--core-spec=1 --thread-spec=1", {}, "-S/--core-spec and --thred-spec options are mutually exclusive"),
    ("", {"SBATCH_CORE_SPEC": "1", "SBATCH_THREAD_SPEC": "1"},
     "Both --core-spec and --thread-spec set using environment variables. Those options are mutually exclusive."),
    ("--ntasks-per-gpu=2 --ntasks-per-tres=3", {}, "Inconsistent values set to --ntasks-per-gpu=2 and --ntasks-per-tres=3 "),
    ("--ntasks-per-gpu=2 --ntasks-per-node=1", {}, "--ntasks-per-node is mutually exclusive with --ntasks-per-gpu and SLURM_NTASKS_PER_GPU"),
    ("--ntasks-per-gpu=2", {"SBATCH_GPUS_PER_TASK": "1"},
     "SLURM_GPUS_PER_TASK is mutually exclusive with --ntasks-per-gpu and SLURM_NTASKS_PER_GPU")])
def test_what_does_not_go_together(words, env, told):
    with pytest.raises(Fail) as wrong:
        looked_over(*words.split(), env=env.items())
    assert (wrong.value.text, wrong.value.level) == (told, "fatal")


def test_what_is_typed_goes_before_a_variable():
    asked = looked_over("--mem=1G", env={"SBATCH_MEM_PER_CPU": "2G"}.items())
    assert (asked.job.mem_per_node, asked.job.mem_per_cpu) == (1024, None) and "mem-per-cpu" not in asked.given


@pytest.mark.parametrize("word, option", [("--core-spec=1", "-S"), ("--thread-spec=1", "--thread-spec")])
def test_cores_for_the_system_are_not_allowed(word, option):
    asked = looked_over(word)
    assert NOT_ALLOWED.format(option=option) in asked.call.err.getvalue().decode()


def test_cores_for_the_system_where_they_are_allowed():
    asked = request("--core-spec=1")
    asked.call.controller.config["AllowSpecResourcesUsage"] = "Yes"
    validate(asked)
    assert asked.call.err.getvalue() == b""
