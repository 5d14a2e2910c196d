"""`module` in job scripts.  (Messages: Environment Modules 3.2, module(1).)"""

import os
import stat
import subprocess

import pytest

from slurm_mock.slurmd import modules


@pytest.fixture
def state(tmp_path):
    path = tmp_path / "a state"
    modules.write(str(path), "tegner", {"cluster": "tegner", "module_mine": "gcc/9.1 mine/1"})
    (path / "bashenv").write_text(modules.bashenv(str(path)))
    return path


def bash(state, script, **env):
    return subprocess.run(["bash", "-c", script], check=False, capture_output=True, text=True,
                          env={"PATH": os.defpath, "BASH_ENV": str(state / "bashenv"), **env})


def test_the_list_has_the_clusters_and_the_lessons(state):
    listed = (state / "etc" / "modules").read_text().split()
    assert listed == sorted({*modules.BUNDLED["tegner"], "gcc/9.1", "mine/1"})
    assert stat.S_IMODE(os.stat(state / "etc" / "modules").st_mode) == 0o600


def test_another_clusters_lesson_adds_nothing(tmp_path):
    modules.write(str(tmp_path), "small", {"cluster": "tegner", "module_mine": "mine/1"})
    assert (tmp_path / "etc" / "modules").read_text().split() == sorted(modules.BUNDLED["small"])


@pytest.mark.parametrize("script, loaded", [
    ("module load gcc/7.2.0 cuda/8.0", "gcc/7.2.0:cuda/8.0"), ("module load gcc", "gcc/9.1"),
    ("ml gcc/7.2.0; module add gcc/7.2.0", "gcc/7.2.0"),
    ("module load gcc/7.2.0 cuda/8.0 mine/1; module unload cuda/8.0", "gcc/7.2.0:mine/1"),
    ("module load gcc/7.2.0; module swap gcc/7.2.0 gcc/6.2.0", "gcc/6.2.0"), ("module load gcc; module purge", "")])
def test_what_is_loaded(state, script, loaded):
    done = bash(state, f"{script}; echo $LOADEDMODULES")
    assert (done.stdout, done.stderr, done.returncode) == (f"{loaded}\n", "", 0)


@pytest.mark.parametrize("script, says", [
    ("module load nosuch/1", "ModuleCmd_Load.c(213):ERROR:105: Unable to locate a modulefile for 'nosuch/1'\n"),
    ("module fly", "ModuleCmd.c(159):ERROR:26: Command 'fly' not recognized\n")])
def test_mistakes(state, script, says):
    done = bash(state, script)
    assert (done.stderr, done.returncode) == (says, 1)


def test_lists_go_to_stderr(state):
    done = bash(state, "module list; module load cuda/9.1; ml; module avail cuda")
    assert done.stdout == ""
    assert done.stderr == ("No Modulefiles Currently Loaded.\nCurrently Loaded Modulefiles:\n  1) cuda/9.1\n"
                           "cuda/8.0\ncuda/9.1\n")


def test_of_a_users_own_cluster_all_load(tmp_path):
    modules.write(str(tmp_path), "", {})
    (tmp_path / "bashenv").write_text(modules.bashenv(str(tmp_path)))
    done = bash(tmp_path, "module load any/1; echo $LOADEDMODULES")
    assert (done.stdout, done.stderr) == ("any/1\n", "")


@pytest.mark.parametrize("driven, first", [("", ["bin"]), ("1", ["bin", "node"])])
def test_the_mocks_commands_come_first_on_path(state, driven, first):
    path = bash(state, "echo $PATH", MOCK_SLURM_DRIVEN=driven).stdout.strip()
    assert path.split(":")[:len(first)] == [str(state / name) for name in first]
    assert path.endswith(os.defpath)
