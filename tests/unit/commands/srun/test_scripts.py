"""Prologs and epilogs of steps.  (Expectations: cases/commands/92-prologs, real Slurm.)"""

import pytest

from slurm_mock import machine
from slurm_mock.commands.srun.scripts import Scripts, told


@pytest.mark.parametrize("output, changes, printed", [
    (b"export A=1\nexport  B = x \nexport C=a b=c\n", {"A": "1", "B": " x ", "C": "a b=c"}, b""),
    (b"unset A\nunset \nunset   B \n", {"A": None, "B": None}, b""),
    (b"print one\nprint   two\nplain\n  export D=1\nexport BAD\n", {}, b"one\ntwo\n"),
    (b"export LAST=1", {"LAST": "1"}, b""), (b"", {}, b"")])
def test_what_a_task_prolog_says(output, changes, printed):
    assert told(output) == (changes, printed)


@pytest.fixture
def run(stepping, tmp_path):
    """Run srun with a script of these lines at {script} of its options; (exit code, stdout, stderr)."""
    def call(options, lines, command="true", mode=0o755):
        path = tmp_path / "script"
        path.write_text(f"#!/bin/sh\n{lines}\n")
        path.chmod(mode)
        told = stepping.sh(f"srun {options.format(script=path)} {command}")
        return told.returncode, told.stdout, told.stderr
    return call


def test_sruns_own_run_before_and_after(run):
    code, out, err = run("--prolog={script} --epilog={script}", 'echo "$SLURM_SCRIPT_CONTEXT $*"', "echo body")
    assert (code, out, err) == (0, "prolog_srun echo body\nbody\nepilog_srun echo body\n", "")


def test_what_they_end_with_is_told(run):
    assert run("--epilog={script}", "exit 3")[::2] == (0, "srun: error: srun epilog failed status=3\n")
    code, _, err = run("--prolog={script}", "kill -9 $$")
    assert code == 0 and err.startswith("srun: error: script did not exit normally\n"
                                        "srun: error: srun prolog failed rc = 1. Aborting step.\n")


def test_a_script_that_may_not_be_run(run):
    assert run("--prolog=/nowhere", "")[2] == "srun: Access denied for /nowhere: No such file or directory\n"
    for none in ("none", "NONE", ""):
        assert run(f"--prolog={none} --epilog={none}", "")[2] == ""


def test_a_tasks_prolog_sets_prints_and_unsets(run):
    code, out, err = run("-l -n2 --export=ALL,GONE=1 --task-prolog={script}",
                         'echo "export MINE=$SLURM_PROCID"; echo unset GONE; echo print hello',
                         "sh -c 'echo $MINE ${GONE-gone} $SLURM_SCRIPT_CONTEXT'")
    assert (code, sorted(out.splitlines()), err) == (
        0, ["0: 0 gone prolog_task", "0: hello", "1: 1 gone prolog_task", "1: hello"], "")


def test_a_task_whose_prolog_fails_does_not_run(run):
    code, out, err = run("--task-prolog={script}", "exit 4", "echo body")
    assert code == 4 and out == ""
    assert "error: --task-prolog failed status=4\n" in err and "task 0: Exited with exit code 4\n" in err
    code, out, err = run("--task-prolog=script", "", "echo body")
    assert code == 1 and out == "" and "run_command: user task_prolog is not fully qualified pathname (script)\n" in err


def test_a_tasks_epilog(run, tmp_path):
    noted = tmp_path / "noted"
    assert run("-n2 --task-epilog={script}", f'echo "$SLURM_SCRIPT_CONTEXT $SLURM_PROCID" >> {noted}; echo unseen')[:2] == (0, "")
    assert sorted(noted.read_text().splitlines()) == ["epilog_task 0", "epilog_task 1"]
    code, _, err = run("--task-epilog={script}", "exit 3")
    assert code == 0 and "error: TaskEpilog failed status=768\n" in err
    assert "error: Could not run user task_epilog [/nowhere]: access denied\n" in run("--task-epilog=/nowhere", "")[2]


def test_where_there_can_be_no_more_processes_it_is_told():
    class Full:
        def start(self, script):
            raise OSError(11, "Resource temporarily unavailable")

    class Call:
        said = []

        def error(self, text):
            self.said.append(text)

    run = Scripts()
    run.call = Call()
    before, machine.here = machine.here, Full()
    try:
        with pytest.raises(StopIteration) as ended:
            next(run._run(None))
    finally:
        machine.here = before
    assert ended.value.value == (1 << 8, b"") and Call.said == ["run_srun_script: fork: Resource temporarily unavailable"]
