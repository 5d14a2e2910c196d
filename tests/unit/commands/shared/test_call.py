"""A command's life: streams that are closed, directories that are gone, a store that is bad."""

import ast
import io
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from slurm_mock import commands
from slurm_mock.commands.shared.call import Call, Fail, run
from slurm_mock.common import slurm_errno
from slurm_mock.host import local

COMMANDS = [["squeue"], ["sinfo"], ["scontrol", "show", "config"], ["sacct"], ["sbatch", "-V"],
            ["scancel", "77"], ["srun", "-V"], ["salloc", "-V"], ["sleep", "0"]]


def call(cluster, words, redirect="", **env):
    return subprocess.run(["bash", "-c", f'"$@" {redirect}', "bash", *words], cwd=cluster.work,
                          env={**cluster.env, **env}, capture_output=True, text=True, timeout=30)


@pytest.mark.parametrize("redirect", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-", "| true", "> /dev/full",
                                      "2> /dev/full"])
@pytest.mark.parametrize("words", COMMANDS, ids=lambda words: words[0])
def test_closed_streams(stepping, words, redirect):
    done = call(stepping, words, redirect)
    assert "Traceback" not in done.stderr + done.stdout
    if ">&-" not in redirect and "full" not in redirect:
        assert done.returncode in (0, 1), done


@pytest.mark.parametrize("command", ["srun cat", "srun -n2 cat", "salloc -Q cat"])
def test_who_is_started_has_the_streams_that_were_closed(stepping, command):
    done = stepping.sh(f"{command} <&-; echo $?")
    assert (done.stdout, done.stderr) == ("0\n", "")
    done = stepping.sh("salloc -Q sh -c 'echo lost; echo $? > code' >&-")
    assert (done.returncode, done.stdout, done.stderr, stepping.read("code")) == (0, "", "", "0\n")


def test_a_reader_that_goes_away(stepping):
    stepping.out("for i in 1 2 3; do sbatch -Q -H --wrap true; done")
    done = stepping.sh("set -o pipefail; squeue -r | head -1; echo ${PIPESTATUS[0]}; "
                       "scontrol show job | head -1")
    assert "Traceback" not in done.stderr and done.stdout.count("JOBID") == 1


@pytest.mark.parametrize("words", COMMANDS[:5], ids=lambda words: words[0])
def test_a_working_directory_that_is_gone(stepping, words):
    done = stepping.sh(f"mkdir gone && cd gone && rmdir ../gone && {' '.join(words)}")
    assert (done.returncode, done.stderr) == (0, "")


def test_submitting_from_a_directory_that_is_gone(stepping):
    done = stepping.sh("mkdir gone && cd gone && rmdir ../gone && sbatch --wrap true; sleep 5")
    assert "Traceback" not in done.stderr
    assert stepping.job() is None or stepping.job().state == "FAILED"


@pytest.mark.parametrize("words", COMMANDS[:4], ids=lambda words: words[0])
def test_a_damaged_store_is_named_with_its_cure(stepping, words):
    for name in os.listdir(stepping.state):
        if name.startswith("store.db"):
            with open(os.path.join(stepping.state, name), "wb") as f:
                f.write(b"nonsense" * 1000)
    done = call(stepping, words)
    assert done.returncode == 1 and "slurm-mock reset" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_store_that_is_gone(stepping):
    for name in os.listdir(stepping.state):
        if name.startswith("store.db"):
            os.unlink(os.path.join(stepping.state, name))
    done = call(stepping, ["squeue"])
    assert done.returncode == 1 and "switch the mock on with `slurm-mock run`" in done.stderr
    assert not os.path.exists(os.path.join(stepping.state, "store.db"))


@pytest.mark.parametrize("words", [["squeue", "-o", "\udcff"], ["squeue", "-n", "ü\udcfe"],
                                   ["sinfo", "-p", "\udcff"], ["scancel", "\udcff"],
                                   ["sbatch", "-J", "\udcff", "--hold", "--wrap", "true"],
                                   ["scontrol", "show", "job", "\udcff"], ["sleep", "\udcff"]],
                         ids=lambda words: words[0])
def test_bytes_that_are_no_text(stepping, words):
    done = subprocess.run([os.path.join(stepping.state, "bin", words[0]), *words[1:]],
                          cwd=stepping.work, env={**stepping.env, "LC_ALL": "C.UTF-8"},
                          capture_output=True)
    assert b"Traceback" not in done.stderr
    if words[0] == "sbatch":
        shown = subprocess.run([os.path.join(stepping.state, "bin", "squeue"), "-h", "-o", "%j"],
                               env=stepping.env, capture_output=True)
        # the store keeps text: what is none becomes the mark for that
        assert shown.stdout == "\ufffd\n".encode()


FAILS = """
from slurm_mock import commands, launch
def command(call):
    raise {error}
commands.find = lambda name: command
launch.launch("squeue", "/nowhere")
"""


@pytest.mark.parametrize("error, told", [
    ("PermissionError(13, 'Permission denied', '/some/file')", "/some/file: Permission denied"),
    ("PermissionError(13, 'Permission denied', b'/caf\\xe9')", "/caf\udce9: Permission denied"),
    ("OSError(28, 'No space left on device', '/some/file')", "/some/file: No space left on device"),
    ("OSError(28, 'No space left on device')", "write error: No space left on device"),
    ("OSError(24, 'Too many open files')", "Too many open files"), ("OSError('odd')", "odd")])
def test_what_is_no_write_error_is_not_called_so(error, told):
    done = subprocess.run([sys.executable, "-c", FAILS.format(error=error)], capture_output=True,
                          env={**os.environ, "PYTHONPATH": os.getcwd(), "PYTHONUTF8": "1"})
    assert (done.returncode, done.stderr.decode("utf-8", "surrogateescape")) == (1, f"squeue: error: {told}\n")


def test_ctrl_c(stepping):
    import signal
    import time
    waiting = stepping.popen("trap - INT; sbatch -Q --exclusive -w n1 -t 5 --wrap "
                             "'python3 -c \"while True: pass\"'; exec squeue")
    time.sleep(1.0)
    os.killpg(waiting.pid, signal.SIGINT)
    out, err = waiting.communicate(timeout=20)
    assert "Traceback" not in err
    stepping.tool("reset")


LARGE, ENDLESS = "9" * 20, "9" * 4400       # more than SQLite takes, more than Python reads


@pytest.mark.parametrize("line", [
    f"sbatch -a 1-3%{LARGE} --wrap true",
    f"scontrol update jobid=1 numtasks={LARGE}", f"scontrol show hostlist n{ENDLESS}"])
def test_numbers_that_nothing_can_take(stepping, line):
    stepping.out("sbatch -Q -H --wrap true")
    before = stepping.contents()
    done = stepping.sh(line)
    assert done.returncode == 1 and "a number is too large" in done.stderr and "Traceback" not in done.stderr
    assert stepping.contents() == before


@pytest.mark.parametrize("line, told", [
    (f"sbatch --gres=gpu:{ENDLESS} --wrap true", "Pathname of a file, directory or other parameter too long"),
    (f"sbatch --mem={LARGE} --wrap true", "sbatch: error: Invalid --mem specification"),
    (f"squeue -j {LARGE}", f"squeue: error: Invalid job id: {LARGE}"),
    (f"scontrol hold {ENDLESS}", "Invalid job id specified for job 9"),
    (f"sattach {ENDLESS}.0", "sattach: error: Could not get job step info: Invalid job id specified"),
    (f"sstat -j {ENDLESS}", "sstat: error: couldn't get steps for job 4294967295")])
def test_numbers_for_which_slurm_has_words(stepping, line, told):
    stepping.out("sbatch -Q -H --wrap true")
    before = stepping.contents()
    assert told in stepping.sh(line).stderr
    assert stepping.contents() == before


@pytest.mark.parametrize("line", [f"scontrol show job {LARGE}", f"scontrol hold {LARGE}", f"scontrol hold {LARGE}_1"])
def test_a_job_of_such_a_number_is_not_known(stepping, line):
    done = stepping.sh(line)
    assert done.returncode == 1 and "Invalid job id specified" in done.stderr


@pytest.mark.parametrize("line, shown", [
    ("srun -Q echo $'\\xe9'; sacct -n -X -o state", "COMPLETED"),
    ("sbatch -Q -H --wrap true; scontrol update jobid=1 comment=$'a\\xff'; squeue -h -o %k", "a\ufffd"),
    ("scontrol update nodename=n1 state=drain reason=$'b\\xff'; sinfo -h -n n1 -o %E", "b\ufffd"),
    ("sinfo -h -p $'\\xff'; squeue -h -p $'\\xff' -n $'\\xff'; echo fine", "fine"),
    ("sbatch --begin=$'\\xff' --wrap true 2>/dev/null || echo refused", "refused")])
def test_bytes_that_are_no_utf_8(living, line, shown):
    cluster = living(0.0, user="slurm")
    done = subprocess.run(["bash", "-c", line], cwd=cluster.work, env=cluster.env, capture_output=True, timeout=60)
    assert done.stderr == b"" and done.stdout.decode("utf-8", "replace").split()[-1] == shown, done


@pytest.mark.parametrize("fail, code, told", [
    (Fail.fatal("x"), 1, "squeue: fatal: x\n"), (Fail.error("x", 255), 255, "squeue: error: x\n"),
    (Fail.info("x"), 1, "squeue: x\n"), (Fail.bare("x"), 1, "x\n"), (Fail(code=3), 3, ""),
    (Fail.error("Job 7", errno=slurm_errno.ESLURM_INVALID_JOB_ID), 1,
     "squeue: error: Job 7: Invalid job id specified\n"),
    (Fail.bare("slurm_load_jobs error", errno=slurm_errno.ESLURM_INVALID_JOB_ID), 1,
     "slurm_load_jobs error: Invalid job id specified\n"),
], ids=lambda value: str(value) if isinstance(value, int) else None)
def test_how_a_command_fails(fail, code, told):
    """By the level of its message, and the number of an error (%m in C)."""
    def command(call):
        call.print("before")
        raise fail
    local.install()
    out = io.BytesIO()
    given = Call("squeue", [], {}, "/", None, out, out, "/nowhere")
    assert (run(command, given), out.getvalue().decode()) == (code, "before\n" + told)
    assert str(fail) in told


def test_levels_of_a_call():
    out = io.BytesIO()
    call = Call("squeue", [], {}, "/", None, out, out, "/nowhere")
    call.error("one")
    call.log("two")
    call.tell("three\n")
    assert out.getvalue() == b"squeue: error: one\nsqueue: two\nthree\n"
    assert call.strerror(2002) == "Access/permission denied"


def levels_by_hand():
    """(file, line) of literals that write a level's word themselves; slurmd's and the mock's own
    tool's are none of the commands'."""
    for path in sorted(Path(commands.__file__).parent.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and re.match(
                    r"(\w+: )?(error|fatal): ", node.value):
                yield str(path), node.lineno


def test_nobody_writes_a_level_by_hand():
    assert list(levels_by_hand()) == []
