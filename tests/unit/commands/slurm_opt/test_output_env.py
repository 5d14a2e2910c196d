"""What the commands tell of their options; the values are those of Slurm 22.05.8
(tests/conformance/transcripts/options/env-options.txt)."""

from types import SimpleNamespace

import pytest

from slurm_mock.commands.slurm_opt.args_bind import NO_BINDING, check_cpu_bind
from slurm_mock.commands.slurm_opt.output_env import of_job, of_step
from slurm_mock.common.records import Job


def told(given, command="sbatch", **fields):
    return of_job(given, Job(**fields), command)


@pytest.mark.parametrize("given, fields, expected", [
    ({}, {}, {}),
    ({"gpus": "k80:1"}, {}, {"SLURM_GPUS": "k80:1"}),
    ({}, {"distribution": "plane=2"}, {"SLURM_DISTRIBUTION": "plane", "SLURM_DIST_PLANESIZE": "2"}),
    ({}, {"distribution": "pack"}, {"SLURM_DISTRIBUTION": "pack"}),
    ({}, {"distribution": "arbitrary", "req_nodes": "c2,c1"},
     {"SLURM_DISTRIBUTION": "arbitrary", "SLURM_ARBITRARY_NODELIST": "c[1-2]"}),
    ({"cpu-freq": "low-high:OnDemand"}, {"cpu_freq": "low-high:ondemand"}, {"SLURM_CPU_FREQ_REQ": "Low-High:OnDemand"}),
    ({"profile": "all"}, {}, {"SLURM_PROFILE": "Energy,Lustre,Network,Task"}),
    ({"mem-bind": "verbose,local"}, {},
     {"SLURM_MEM_BIND": "verbose,local", "SLURM_MEM_BIND_VERBOSE": "verbose"}),
    ({"hint": "nomultithread"}, {"threads_per_core": 1},
     {"SLURM_HINT": "nomultithread", "SLURM_THREADS_PER_CORE": "1"}),
    ({"hint": "Multithread"}, {}, {"SLURM_HINT": "Multithread", "SLURM_NTASKS_PER_CORE": "65535"}),
])
def test_what_sbatch_and_salloc_tell(given, fields, expected):
    assert told(given, **fields) == told(given, "salloc", **fields) == expected


@pytest.mark.parametrize("given, expected", [
    ({"export": "ALL"}, {}), ({"get-user-env": None}, {"SLURM_GET_USER_ENV": "1"}),
    ({"export": "NONE"}, {"SLURM_EXPORT_ENV": "NONE", "SLURM_GET_USER_ENV": "1"}),
])
def test_only_sbatch_tells_of_the_environment(given, expected):
    assert told(given) == expected
    assert told(given, "salloc") == {}


@pytest.mark.parametrize("given, bound", [
    ({"cpu-bind": "map_cpu:0,1"}, "quiet,map_cpu:0,1"),
    ({"cpu-bind": "cores"}, "quiet,corescores"),
    ({"hint": "compute_bound"}, "quiet,cores"),
    ({"hint": "compute_bound,nomultithread"}, "quiet,threads"),
    ({"hint": "multithread"}, "quiet,threads"),
    ({"ntasks-per-socket": "1"}, "quiet,sockets"),
    ({}, None),
])
def test_a_step_is_told_how_it_is_bound(given, bound):
    assert of_step(given, Job(), False, False).get("SLURM_CPU_BIND") == bound


def test_how_a_step_is_spread():
    assert of_step({}, Job(), True, True) == {"SLURM_DISTRIBUTION": "block"}
    assert of_step({}, Job(), False, True) == {"SLURM_DISTRIBUTION": "cyclic"}
    assert of_step({}, Job(), False, False) == {}


def test_gpus_of_a_task():
    assert of_step({"gpus-per-task": "k80:1"}, Job(), False, False) == {
        "SLURMD_TRES_BIND": "gpu:per_task:1"}
    assert of_step({"gpus-per-task": "1", "gpus-per-node": "1"}, Job(), False, False) == {}


@pytest.mark.parametrize("given, plugin, vain", [
    ({"cpu-bind": "none"}, "task/none", True), ({"threads-per-core": "1"}, "task/none", True),
    ({"cpu-bind": "none"}, "task/affinity", False), ({"hint": "nomultithread"}, "task/none", False)])
def test_a_binding_asked_for_in_so_many_words(given, plugin, vain):
    controller = SimpleNamespace(config={"TaskPlugin": plugin})
    said = []
    request = SimpleNamespace(given=given, call=SimpleNamespace(controller=controller, log=said.append))
    check_cpu_bind(request)
    assert said == ([NO_BINDING] if vain else [])
