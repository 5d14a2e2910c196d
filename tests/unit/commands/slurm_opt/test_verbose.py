"""-v of sbatch, salloc and srun: which options are in effect, and what becomes of the step.

The lines are those of Slurm 22.05.8 (tests/conformance/transcripts/options/verbose.txt).
"""

import pytest

BLOCK = """\
{0}: defined options
{0}: -------------------- --------------------
{1}{0}: -------------------- --------------------
{0}: end of defined options
"""


def block(command, **options):
    lines = [f"{command}: {name:<20}: {value}\n" for name, value in options.items()]
    return BLOCK.format(command, "".join(lines))


@pytest.mark.parametrize("words, options", [
    (["-t", "90", "--mem=2048", "-N", "1-1"],
     {"mem": "2G", "nodes": "1", "time": "01:30:00", "verbose": 1}),
    (["-v", "-o", "a.txt", "-D", "/tmp"],
     {"chdir": "/tmp", "output": "/tmp/a.txt", "verbose": 2}),
    (["--signal=B:10@30", "--nice", "-C", "x", "--contiguous"],
     {"contiguous": "set", "constraint": "x", "nice": 100, "signal": "B:USR1@30", "verbose": 1})])
def test_options_are_told_in_slurms_order_before_anything_else(stepping, words, options):
    done = stepping.command("sbatch", "-v", "-p", "nope", *words, "--wrap", "true")
    names = sorted([*options, "partition", "wrap"],
                   key=lambda name: "contiguous+" if name == "constraint" else name)
    options = {"partition": "nope", "wrap": "true", **options}
    assert done.code == 1
    assert done.err == block("sbatch", **{name: options[name] for name in names}) + (
        "sbatch: error: invalid partition specified: nope\n"
        "sbatch: error: Batch job submission failed: Invalid partition name specified\n")


@pytest.mark.parametrize("command, env, level", [
    ("sbatch", {"SBATCH_DEBUG": "3"}, 3), ("srun", {"SLURM_DEBUG": "1"}, 2),
    ("salloc", {"SALLOC_DEBUG": "x"}, 1), ("salloc", {"SBATCH_DEBUG": "3"}, 1)])
def test_the_environment_may_ask_for_it(stepping, command, env, level):
    words = ["--wrap=true"] if command == "sbatch" else ["true"]
    done = stepping.command(command, "-v", "-p", "nope", *words, **env)
    assert f"{command}: verbose             : {level}\n" in done.err


def test_a_v_in_the_script_comes_too_late(stepping):
    stepping.script("job.sh", "#!/bin/bash\n#SBATCH -v\ntrue\n")
    assert stepping.command("sbatch", "-H", "job.sh").err == ""


@pytest.mark.parametrize("command", ["sbatch", "salloc", "srun"])
def test_loud_and_quiet_exclude_each_other(stepping, command):
    words = ["--wrap=true"] if command == "sbatch" else ["true"]
    done = stepping.command(command, "-v", "-Q", *words)
    assert (done.out, done.code) == ("", 1)
    assert done.err == f"{command}: error: don't specify both --verbose (-v) and --quiet (-Q)\n"
    assert not stepping.contents()["jobs"]


def test_srun_tells_of_its_tasks(stepping):
    done = stepping.sh("srun -v -N2 -n3 bash -c 'exit $((SLURM_PROCID / 2))'")
    task = "srun: launch/slurm: _task_"
    got = "Received task exit notification for"
    assert done.returncode == 1
    assert done.stderr == block("srun", nodes=2, ntasks=3, verbose=1) + (
        "srun: jobid 1: nodes(2):`n[1-2]', cpu counts: 2(x1),1(x1)\n"
        "srun: launch/slurm: launch_p_step_launch: CpuBindType=(null type)\n"
        "srun: launching StepId=1.0 on host n1, 2 tasks: [0-1]\n"
        "srun: launching StepId=1.0 on host n2, 1 tasks: 2\n"
        f"{task}start: Node n1, 2 tasks started\n{task}start: Node n2, 1 tasks started\n"
        f"{task}finish: {got} 2 tasks of StepId=1.0 (status=0x0000).\n"
        f"{task}finish: n1: tasks 0-1: Completed\n"
        f"{task}finish: {got} 1 task of StepId=1.0 (status=0x0100).\n"
        "srun: error: n2: task 2: Exited with exit code 1\n")
