"""Options that bind tasks, and those of frequencies.

Expectations: slurm_resource_info.c, tres_bind.c, cpu_frequency.c; tests/conformance/cases/commands/84-bindings.sh has the same
of real Slurm.
"""

from types import SimpleNamespace

import pytest

from slurm_mock.commands.shared.call import Fail
from slurm_mock.commands.slurm_opt import args_bind
from slurm_mock.common.records import Job
from tests.unit.commands.slurm_opt.options import request


@pytest.mark.parametrize("words", ["--mem-bind=local", "--mem-bind=verbose,rank", "--mem-bind=map_mem:0,1", "--mem-bind=mask_mem=0x3,0xf*2",
                                   "--gpu-bind=closest", "--gpu-bind=c", "--gpu-bind=verbose,map_gpu:0,1*2", "--gpu-bind=mask_gpu:0x3,0xf",
                                   "--gpu-bind=per_task:2", "--gpu-freq=high,memory=low,verbose", "--gpu-freq=900"])
def test_what_is_taken(words):
    request(*words.split())


@pytest.mark.parametrize("words, told", [
    ("--mem-bind=101", 'unrecognized --mem-bind argument "101"'), ("--mem-bind=a,b", 'unrecognized --mem-bind argument "a,b"'),
    ("--mem-bind=local,nope", 'unrecognized --mem-bind argument "nope"'),
    ("--mem-bind=map_mem:", 'missing list for "--mem-bind=map_mem:<list>"'),
    ("--mem-bind=map_mem:0,x", 'unrecognized --mem-bind argument "x"'),
    ("--mem-bind=map_mem:0x", "Failed to validate number: 0x, the offending character is x"),
    ("--mem-bind=map_mem:1*0", "Invalid map_mem multiplier: 0"),
    ("--gpu-bind=map_gpu:x", "Invalid --gpu-bind argument: gpu:map_gpu:x"), ("--gpu-bind=map_gpu", "Invalid --gpu-bind argument: gpu:map_gpu"),
    ("--gpu-bind=", "Invalid --gpu-bind argument: gpu:"), ("--gpu-bind=single:-1", "Invalid --gpu-bind argument: gpu:single:-1"),
    ("--gpu-freq=", "Invalid --gpu-freq argument: gpu:"), ("--gpu-freq=HIGH", "Invalid --gpu-freq argument: gpu:HIGH"),
    ("--gpu-freq=core=high", "Invalid --gpu-freq argument: gpu:core=high")])
def test_what_is_refused(words, told):
    with pytest.raises(Fail) as wrong:
        request(*words.split())
    assert wrong.value.text == told


@pytest.mark.parametrize("value, said", [
    ("nope", ['unrecognized --cpu-bind argument "nope"']), ("map_cpu", ['missing list for "--cpu-bind=map_cpu:<list>"']),
    ("cores,2", ['unrecognized --cpu-bind argument "cores,2"'])])
def test_a_binding_to_cpus_that_is_none(value, said):
    errors = []
    call = SimpleNamespace(controller=SimpleNamespace(config={"TaskPlugin": "task/affinity"}), error=errors.append)
    with pytest.raises(Fail) as wrong:
        args_bind.check_cpu_bind(SimpleNamespace(given={"cpu-bind": value}, call=call))
    assert (wrong.value.text, wrong.value.level) == ("Failed to parse --cpu-bind= values.", "fatal") and errors == said


def test_what_a_step_is_told():
    assert args_bind.tell_cpu_bind({"cpu-bind": "v,map_cpu:0,1"}, Job())["SLURM_CPU_BIND"] == "verbose,map_cpu:0,1"
    assert args_bind.frequency_text("low-high:ondemand") == "Low-High:OnDemand"
    assert args_bind.frequency_text("low-highm1") == "Low-HighM1"
