"""configure-jupyter under bad luck: Ctrl-C, full and read-only disks, two runs at once, the prompt."""

from __future__ import annotations

import importlib.machinery
import importlib.util
import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import pexpect
import pytest

from tests.needs import unavailable
from tests.setup.files import leftovers, snapshot
from tests.setup.machine import SETUP, require_root

CONFIG = ".jupyter/jupyter_notebook_config"
MOMENTS = 40


def verdict(learner, before, returncode):
    """Check that a run did all or nothing; return True if it did all."""
    after = snapshot(learner.home)
    assert leftovers(learner.home) == []
    if after == before:
        assert returncode in (130, -signal.SIGINT)
        return False
    assert returncode == 0
    return True


def interrupted_at(learner, env, command, seconds, password=b"correct horse\n"):
    """Start a run, press Ctrl-C after so many seconds; return (exit code, stderr)."""
    with learner.popen(
        command, env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        process.stdin.write(password)
        process.stdin.close()
        process.stdin = None
        time.sleep(seconds)
        try:
            os.killpg(process.pid, signal.SIGINT)  # as a terminal does: openssl gets it too
        except ProcessLookupError:
            pass
        _, error = process.communicate(timeout=60)
    return process.returncode, error.decode()


@pytest.mark.slow
@pytest.mark.parametrize("state", ["fresh", "configured"])
def test_ctrl_c_at_any_moment_leaves_all_as_it_was_or_done(learner, new_env, state):
    command = [learner.home / "configure-jupyter", "--password-stdin"]
    if state == "configured":
        learner.configure(new_env)
        script = learner.home / f"{CONFIG}.py"
        script.write_text(script.read_text() + "# mine\n")
        command += ["--renew", "--new-password"]
    started = time.monotonic()
    folder = throwaway(learner)
    more = {"HOME": str(folder)}
    assert learner.configure(new_env, *command[2:], more=more).returncode == 0
    duration = time.monotonic() - started
    shutil.rmtree(folder)
    outcomes = []
    for moment in range(MOMENTS):
        before = snapshot(learner.home)
        code, error = interrupted_at(
            learner, new_env, command, duration * 1.2 * moment / MOMENTS
        )
        outcomes.append(verdict(learner, before, code))
        if code == 130:
            assert error == "configure-jupyter: interrupted: nothing was changed\n"
        if outcomes[-1] and state == "fresh":
            learner.run([command[0], "--remove"], new_env)
            # What stays after --remove is the empty ~/Private, which may be the centre's.
    assert outcomes.count(False) >= 5, "no Ctrl-C came in time: the test shows nothing"
    assert outcomes.count(True) >= 1
    assert learner.run([command[0], "--check"], new_env).returncode in (0, 2)
    assert learner.configure(new_env).returncode == 0


def throwaway(learner) -> Path:
    folder = Path(tempfile.mkdtemp(dir="/var/tmp", prefix="home-"))
    os.chown(folder, learner.uid, learner.gid)
    return folder


def test_ctrl_c_while_openssl_works(learner, new_env):
    """One sure moment, for make test: a stand-in openssl that takes its time."""
    slow = learner.home / "bin/openssl"
    slow.parent.mkdir()
    slow.write_text('#!/bin/sh\ntouch "$HOME/started"; sleep 20\n')
    slow.chmod(0o755)
    os.chown(slow.parent, learner.uid, learner.gid)
    path = {"PATH": f"{slow.parent}:{new_env.variables['PATH']}"}
    before = snapshot(learner.home)
    process = learner.popen(
        [learner.home / "configure-jupyter", "--password-stdin"], new_env, more=path,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    process.stdin.write(b"correct horse\n")
    process.stdin.flush()
    while not (learner.home / "started").exists():
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGINT)
    _, error = process.communicate(timeout=20)
    assert (process.returncode, error) == (
        130, b"configure-jupyter: interrupted: nothing was changed\n")  # fmt: skip
    (learner.home / "started").unlink()
    assert snapshot(learner.home) == before


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_lost_connection_at_the_prompt(learner, new_env, number):
    before = snapshot(learner.home)
    child = terminal(learner, new_env)
    child.expect("New password for Jupyter: ")
    os.kill(child.pid, number)
    child.wait()
    assert child.exitstatus == 130
    assert snapshot(learner.home) == before


# --- the prompt ----------------------------------------------------------------------------------


def terminal(learner, env, *options):
    """Start configure-jupyter on a terminal of its own, as this user."""
    return pexpect.spawn(
        "setpriv",
        ["--reuid", str(learner.uid), "--regid", str(learner.gid), "--clear-groups",
         str(learner.home / "configure-jupyter"), *options],
        env=learner.environ(env), cwd=str(learner.home), timeout=30,
        # as in a login shell: under nohup the script would not mind a lost connection
        preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_DFL),
    )  # fmt: skip


def test_the_password_is_asked_for_twice_without_echo(learner, env):
    child = terminal(learner, env)
    for line in ("short", "lösenord på åtta", "different words", "lösenord på åtta", "lösenord på åtta"):
        child.expect(["New password for Jupyter: ", "The same again: "])
        child.sendline(line)
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0, child.before
    seen = child.before.decode()
    for word in ("short", "different", "senord"):
        assert word not in seen
    # A password asked for on the terminal and one from standard input are the same.
    assert learner.configure(env, password="lösenord på åtta").stderr == ""


def test_three_tries_and_ctrl_c_give_the_terminal_back(learner, new_env):
    before = snapshot(learner.home)
    child = terminal(learner, new_env)
    for _ in range(3):
        child.expect("New password for Jupyter: ")
        child.sendline("short")
    child.expect("three tries")
    child.wait()
    assert child.exitstatus == 2
    child = terminal(learner, new_env)
    child.expect("New password for Jupyter: ")
    assert child.waitnoecho(5)
    child.sendintr()
    child.expect("interrupted: nothing was changed")
    child.wait()
    assert child.exitstatus == 130 and child.getecho()
    assert snapshot(learner.home) == before


# --- the disk ------------------------------------------------------------------------------------


def mounted(learner, folder, *options):
    """Mount a file system on a folder of the learner's; skip where that is not allowed."""
    folder.mkdir(exist_ok=True)
    result = subprocess.run(["mount", *options, folder], capture_output=True, text=True)
    if result.returncode:
        unavailable(f"mount is not allowed here: {result.stderr.strip()}")


@pytest.fixture
def small_disk(learner):
    """A home with 64 KiB: enough to begin, too little to end."""
    home = learner.home / "small"
    mounted(learner, home, "-t", "tmpfs", "-o", f"size=64k,uid={learner.uid},mode=700", "tmpfs")
    yield home
    subprocess.run(["umount", home], check=True)


@pytest.mark.parametrize("left", [0, 4096, 8192, 12288, 16384, 20480])
@pytest.mark.parametrize("state", ["fresh", "configured"])
def test_a_full_disk_changes_nothing(learner, new_env, small_disk, left, state):
    more = {"HOME": str(small_disk)}
    options = []
    if state == "configured":
        assert learner.configure(new_env, more=more).returncode == 0
        options = ["--renew", "--new-password"]
    with (small_disk / "filler").open("wb", buffering=0) as file:
        try:
            while file.write(bytes(4096)):
                pass
        except OSError:
            pass
        file.truncate(max(0, file.tell() - left))
    before = snapshot(small_disk)
    result = learner.configure(new_env, *options, more=more)
    assert result.returncode == 3, (result.stdout, result.stderr)
    lines = result.stderr.strip().splitlines()
    assert len(lines) == 1 and lines[0].endswith("nothing was changed")
    assert snapshot(small_disk) == before


@pytest.mark.parametrize("how", ["mode", "mount"])
def test_a_read_only_home(learner, new_env, how):
    home = learner.home / "ro"
    home.mkdir()
    if how == "mode":
        home.chmod(0o555)
    else:
        mounted(learner, home, "-t", "tmpfs", "-o", f"ro,uid={learner.uid}", "tmpfs")
    try:
        before = snapshot(learner.home)
        result = learner.configure(new_env, more={"HOME": str(home)})
        assert result.returncode == 3
        assert len(result.stderr.strip().splitlines()) == 1
        assert result.stderr.strip().endswith("nothing was changed")
        assert snapshot(learner.home) == before
    finally:
        if how == "mount":
            subprocess.run(["umount", home], check=True)


# --- two runs at once ----------------------------------------------------------------------------


@pytest.mark.parametrize("round_", range(3))
def test_two_runs_at_once_do_no_harm(learner, new_env, round_):
    passwords = [b"the first one", b"the second one"]
    command = [learner.home / "configure-jupyter", "--password-stdin"]
    runs = [
        learner.popen(command, new_env, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                      stderr=subprocess.PIPE)  # fmt: skip
        for _ in passwords
    ]
    for run, password in zip(runs, passwords):
        run.stdin.write(password + b"\n")
        run.stdin.close()
    for run in runs:
        run.stdin = None
        run.communicate(timeout=60)
        assert run.returncode == 0
    assert leftovers(learner.home) == []
    script = (learner.home / f"{CONFIG}.py").read_text()
    assert script.count("# >>> configure-jupyter") == 1
    tree = json.loads((learner.home / f"{CONFIG}.json").read_text())
    assert tree["NotebookApp"]["password"].startswith("sha512:")
    assert learner.run([learner.home / "configure-jupyter", "--check"], new_env).returncode == 0


def test_a_run_waits_for_the_lock_and_ctrl_c_ends_the_wait(learner, new_env):
    require_root()
    learner.configure(new_env)
    lock = learner.home / ".jupyter/.lock"
    holder = subprocess.Popen(
        ["python3", "-c", "import fcntl, sys, time; f = open(sys.argv[1], 'w');"
         "fcntl.lockf(f, fcntl.LOCK_EX); print('held', flush=True); time.sleep(60)", lock],
        stdout=subprocess.PIPE, user=learner.uid, group=learner.gid,
    )  # fmt: skip
    try:
        assert holder.stdout.readline() == b"held\n"
        before = snapshot(learner.home)
        code, _ = interrupted_at(
            learner, new_env, [learner.home / "configure-jupyter", "--renew"], 2.5, b"\n"
        )
        assert code == 130 and snapshot(learner.home) == before
    finally:
        holder.kill()
        holder.wait()
        holder.stdout.close()


# --- a disk that fails in the middle of the renames ----------------------------------------------


def configure_jupyter():
    """The script as a module."""
    loader = importlib.machinery.SourceFileLoader("configure", str(SETUP / "configure-jupyter"))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("configure", loader))
    loader.exec_module(module)
    return module


def test_ctrl_c_just_when_the_lock_is_made(tmp_path, monkeypatch):
    """No Ctrl-C can be timed so well: it comes from inside of the call that makes the file."""
    module = configure_jupyter()
    make = os.open

    def interrupted(path, *arguments):
        descriptor = make(path, *arguments)
        os.kill(os.getpid(), signal.SIGINT)
        return descriptor

    monkeypatch.setattr(module.os, "open", interrupted)
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    module.Signals.install()
    stage = module.Stage(str(tmp_path / "private"))
    try:
        with pytest.raises(module.Interrupted):
            stage.lock(str(tmp_path / "config"))
        stage.clean()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("failing", range(4))
def test_renames_that_fail_are_undone(tmp_path, monkeypatch, failing):
    """No full disk can be timed so well: the error is put into the n-th call."""
    module = configure_jupyter()
    (tmp_path / "old").write_text("old")
    (tmp_path / "doomed").write_text("doomed")
    tmp_path.joinpath("folder").mkdir(mode=0o755)
    before = snapshot(tmp_path)
    stage = module.Stage(str(tmp_path / "private"))
    stage.modes.append((str(tmp_path / "folder"), 0o700, 0o755))
    stage.replace(str(tmp_path / "old"), b"new")
    stage.replace(str(tmp_path / "fresh"), b"new")
    stage.delete(str(tmp_path / "doomed"))
    calls = []

    def fail_at(original):
        def call(*arguments):
            calls.append(original.__name__)
            if len(calls) == failing + 1:
                raise OSError(5, "Input/output error")
            return original(*arguments)

        return call

    for name in ("chmod", "rename", "unlink"):
        monkeypatch.setattr(module.os, name, fail_at(getattr(os, name)))
    with pytest.raises(OSError, match="Input/output"):
        stage.commit()
    stage.clean()
    monkeypatch.undo()
    module.Signals.held = False
    assert snapshot(tmp_path) == before
