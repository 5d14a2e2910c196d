"""A command's process."""

import subprocess
import sys

LAUNCH = "import sys; sys.argv = {argv!r}; from slurm_mock.launch import launch; launch({name!r}, {state!r})"


def launched(name, *argv, state="/nowhere", **more):
    code = LAUNCH.format(argv=[name, *argv], name=name, state=state)
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, **more)


def test_it_ends_with_the_commands_exit_code():
    done = launched("squeue", "--version")
    assert (done.returncode, done.stdout, done.stderr) == (0, "slurm-wlm 22.05.8\n", "")
    assert launched("squeue", "--nosuch").returncode == 1


def test_a_release_may_be_handed_over():
    code = "import sys; sys.argv = ['sinfo', '-V']; from slurm_mock.launch import launch; launch('sinfo', '/nowhere', 2205)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "slurm-wlm 22.05.8\n"


def test_a_daemon_is_a_function_of_a_module(tmp_path):
    (tmp_path / "made.py").write_text("def go(state, *args):\n    open(state + '/told', 'w').write(repr(args))\n")
    code = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); from slurm_mock.launch import daemon; daemon('made', 'go', {str(tmp_path)!r}, (7,))"
    subprocess.run([sys.executable, "-c", code], check=True)
    assert (tmp_path / "told").read_text() == "(7,)"
