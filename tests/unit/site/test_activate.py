"""Switching the mock on: launchers, PATH, and what real clients do to an environment."""

import os
import shutil
import subprocess
import sys

import pytest

from slurm_mock import cli
from slurm_mock.site import activate
from tests.clusters.living import CLEAN, CONF


def test_launchers_name_this_python_and_are_isolated(stepping):
    with open(os.path.join(stepping.state, "bin", "squeue"), encoding="utf-8") as f:
        first = f.readline()
    assert first == f"#!{os.path.realpath(sys.executable)} -IS\n"


@pytest.mark.parametrize("folder", ["with blank", "d" * 130])
def test_odd_paths_of_python(stepping, tmp_path, monkeypatch, folder):
    python = tmp_path / folder / "python3"
    python.parent.mkdir()
    python.write_text(f'#!/bin/sh\nexec "{os.path.realpath(sys.executable)}" "$@"\n')
    python.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(python))
    launcher = tmp_path / "squeue"
    activate._launcher(str(launcher), "squeue", stepping.state)
    assert launcher.read_text().startswith("#!/bin/sh\n")
    done = subprocess.run([launcher, "-h", "-o", "%i"], env=stepping.env, capture_output=True,
                          text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    done = subprocess.run([launcher, "--nope"], env=stepping.env, capture_output=True, text=True)
    assert done.returncode == 1 and "--nope" in done.stderr


def test_nobodys_home_is_not_the_working_directory(monkeypatch):
    monkeypatch.setattr(os.path, "expanduser", lambda path: path)       # nobody in the passwd file
    assert activate.default_root({"HOME": "/h"}) == "/h/.local/state/slurm_mock"
    assert activate.default_root({"XDG_STATE_HOME": "/x"}) == "/x/slurm_mock"
    with pytest.raises(activate.ActivateError, match="--state DIR"):
        activate.default_root({})


@pytest.mark.parametrize("broken", ["chmod", "replace"])
def test_a_file_that_cannot_be_written_leaves_nothing_behind(tmp_path, monkeypatch, broken):
    def full(*_):
        raise OSError(28, "No space left on device")
    path = tmp_path / "file"
    path.write_text("before")
    monkeypatch.setattr(os, broken, full)
    with pytest.raises(OSError) as error:
        activate._write(str(path), "after")
    assert (error.value.filename, os.listdir(tmp_path)) == (str(path), ["file"])
    assert path.read_text() == "before"


def test_clients_that_drop_the_environment(stepping):
    stepping.out("sbatch -Q -H -J mine --wrap true")
    done = subprocess.run(["env", "-i", f"{stepping.state}/bin/squeue", "-h", "-o", "%j"], cwd="/",
                          capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "mine\n", "")
    done = stepping.sh("for v in ${!SLURM*}; do unset $v; done; squeue -h -o %j")
    assert done.stdout == "mine\n"


def test_a_job_submitted_with_an_empty_environment(stepping):
    stepping.script("job.sh", "type -p squeue hostname; hostname; sleep 3\n")
    done = stepping.sh(f"env -i {stepping.state}/bin/sbatch -W -Q job.sh")
    assert (done.returncode, done.stderr) == (0, "")
    assert stepping.read("slurm-1.out").splitlines() == [
        f"{stepping.state}/bin/squeue", f"{stepping.state}/node/hostname", "n1"]


def test_steps_with_an_empty_environment(stepping):
    srun = f"SLURM_JOB_ID=$SLURM_JOB_ID {stepping.state}/bin/srun -n1 hostname"
    stepping.script("job.sh", f"env -i PATH=/usr/bin {srun}; env -i {srun}; echo $?\n")
    stepping.out("sbatch -W -Q -n2 job.sh")
    host, *without_path = stepping.read("slurm-1.out").splitlines()
    assert host == "n1"
    assert sorted(without_path) == ["2", "slurmstepd-n1: error: execve(): hostname: No such file or directory",
                                    "srun: error: n1: task 0: Exited with exit code 2"]


def test_path_holds_one_cluster_only(tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "slurm.conf").write_text(CONF)
    env = {**CLEAN, "HOME": str(tmp_path)}
    places = [activate.place(str(tmp_path / n / "slurm.conf"), str(tmp_path / "s"), env, "/")
              for n in ("a", "b")]
    assert places[0].state != places[1].state
    for where in (*places, places[0]):
        activate.ensure(where, env, "/", 0).close()
        env.update(activate.environment(where, env))
        assert [p for p in env["PATH"].split(":") if p.startswith(str(tmp_path))] == \
            [where.state + "/bin"]


def test_a_bash_env_of_the_users_own_is_still_read(living, tmp_path):
    cluster = living()
    own = tmp_path / "own.sh"
    own.write_text("MINE=from-bash-env\n")
    env = {**CLEAN, "HOME": str(tmp_path), "BASH_ENV": str(own)}
    env.update(activate.environment(cluster.place, env))
    done = subprocess.run(["bash", "-c", "echo $MINE; type -p squeue"], env=env, capture_output=True,
                          text=True)
    assert done.stdout == f"from-bash-env\n{cluster.state}/bin/squeue\n"


def test_variables_of_a_real_job_are_dropped(stepping):
    env = {**CLEAN, "SLURM_JOB_ID": "77", "SLURM_NTASKS": "4"}
    changes = activate.environment(stepping.place, env)
    assert changes["SLURM_JOB_ID"] is None and changes["SLURM_NTASKS"] is None
    changes = activate.environment(stepping.place, {**stepping.env, "SLURM_JOB_ID": "77"})
    assert "SLURM_JOB_ID" not in changes


def test_installing_puts_no_slurm_command_on_path():
    folder = os.path.dirname(sys.executable)
    assert shutil.which("sbatch", path=folder) is None


def test_rights_by_uid_in_a_conf_of_ones_own(living):
    alice, root = living(user="alice"), living(user="")
    drain = "scontrol update nodename=n1 state=drain reason=x"
    assert alice.sh(drain).stderr == "slurm_update error: Invalid user id\n"
    assert (root.sh(drain).returncode == 0) is (os.getuid() == 0)


def test_what_the_conf_names_outside_is_never_touched(living, tmp_path):
    outside = tmp_path / "outside"
    conf = CONF + "".join(f"{key}={outside}/{key}\n" for key in (
        "StateSaveLocation", "SlurmdSpoolDir", "SlurmctldLogFile", "SlurmdLogFile",
        "SlurmctldPidFile", "PluginDir", "Prolog", "Epilog", "MailProg", "JobCompLoc"))
    cluster = living(conf=conf)
    cluster.sh("sbatch -W -Q --mail-type=ALL --wrap 'sleep 5'")
    assert cluster.job().state == "COMPLETED" and not outside.exists()


@pytest.mark.parametrize("key", ["SlurmdParameter", "Nonsense"])
def test_unknown_keywords_are_passed_over_with_a_warning(tmp_path, capfd, key):
    conf = tmp_path / "slurm.conf"
    conf.write_text(CONF + f"{key}=1\n")
    env = {**CLEAN, "HOME": str(tmp_path)}
    activate.ensure(activate.place(str(conf), str(tmp_path / "s"), env, "/"), env, "/", 0).close()
    assert f"{conf}:16: {key}" in capfd.readouterr().err


def test_first_starts_at_once_make_one_cluster(tmp_path):
    state = tmp_path / "state"
    command = [sys.executable, "-m", "slurm_mock", "run", "--cluster", "small", "--state", str(state), "--",
               "sbatch", "-H", "-Q", "--wrap", "true"]
    env = {**CLEAN, "HOME": str(tmp_path)}
    try:
        starts = [subprocess.Popen(command, env=env, cwd=tmp_path, stderr=subprocess.PIPE, text=True) for _ in range(4)]
        assert [(start.communicate()[1], start.returncode) for start in starts] == [("", 0)] * 4
        command[-5:] = ["squeue", "-h", "-t", "all", "-o", "%u"]
        users = subprocess.run(command, env=env, cwd=tmp_path, capture_output=True, text=True).stdout.split()
        alone = [*command[:7], str(tmp_path / "other"), *command[8:]]
        others = subprocess.run(alone, env=env, cwd=tmp_path, capture_output=True, text=True).stdout.split()
    finally:
        for place in (state, tmp_path / "other"):
            cli.end_all(str(place / "small"))
    assert len(others) > 3 and len(users) == len(others) + 4
