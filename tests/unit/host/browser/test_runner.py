"""host/browser/runner.py: it can do all that machine.Machine can, asked in the same way."""

import ast
import inspect
import shutil
import sys
from pathlib import Path

import pytest

import slurm_mock
from slurm_mock.machine import Machine
from tests.clusters.in_one_process import ENV, here

pytestmark = pytest.mark.skipif(sys.version_info < (3, 11), reason="just-bash needs Python 3.11")

METHODS = sorted(name for name, value in vars(Machine).items() if inspect.isfunction(value))


@pytest.mark.parametrize("name", METHODS)
def test_each_method_of_the_machine_has_its_counterpart(name):
    """Defined anew, not inherited from the machine with processes, and with the same parameters."""
    from slurm_mock.host.browser.runner import InProcess
    own = vars(InProcess).get(name)
    assert own is not None, f"InProcess lacks {name}: it would do what a machine with processes does"
    assert [(p.kind, p.default) for p in inspect.signature(own).parameters.values()] == \
        [(p.kind, p.default) for p in inspect.signature(getattr(Machine, name)).parameters.values()]


def test_all_that_is_asked_of_the_machine_is_there():
    """Every `machine.here.NAME` of the package is a name of Machine's."""
    asked = set()
    for path in Path(slurm_mock.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Attribute) \
                    and node.value.attr == "here" and getattr(node.value.value, "id", "") == "machine":
                asked.add(node.attr)
    assert asked and asked <= set(dir(Machine)), asked - set(dir(Machine))


def test_only_one_place_asks_whether_this_is_a_browser():
    """host/notebook.in_one_process; all else asks the machine."""
    package = Path(slurm_mock.__file__).parent
    places = {str(path.relative_to(package)) for path in package.rglob("*.py")
              if "emscripten" in path.read_text(encoding="utf-8")}
    assert places == {"host/notebook.py"}


def test_what_the_script_leaves_behind_may_say_a_last_word(small):
    small("sbatch -W -o out --wrap '(trap \"echo bye; exit\" TERM; sleep 1000) & sleep 1'")
    assert small("cat out")[1] in (b"bye\n", b"Terminated\nbye\n")


def test_standard_input_reaches_every_task(small):
    assert small("printf 'one\\ntwo\\n' | srun -n 3 cat | sort | uniq -c")[1] == b"      3 one\n      3 two\n"


@pytest.mark.parametrize("line, told", [
    ("srun -l sh -c 'seq 30000' | (sleep 5; wc -l)", (0, b"30000\n", b"")),
    ("srun -l sh -c 'seq 30000' | head -n 1; echo ${PIPESTATUS[0]}", (0, b"0: 1\n0\n", b"")),
    ("seq 30000 | srun -n 2 wc -l", (0, b"30000\n30000\n", b"")),
    ("printf 'a\\nb\\n' | srun -n 2 head -n 1", (0, b"a\na\n", b""))])
def test_more_than_a_pipe_holds(small, line, told):
    """srun passes it on as on the desktop, whoever reads slowly, or not to the end."""
    assert small(line) == told


@pytest.mark.parametrize("line, told", [
    ("printf '#!/no/such\\n' > bad; chmod +x bad; srun ./bad; echo $?",
     (0, b"2\n", b"slurmstepd-n1: error: execve(): HERE/./bad: No such file or directory\nsrun: error: n1: task 0: Exited with exit code 2\n")),
    ("srun -i nofile cat; echo $?",
     (0, b"1\n", b"srun: error: Could not open stdin file: No such file or directory\n")),
    ("srun -l -D /nosuch pwd", (0, b"0: /tmp\n", 2 * b"slurmstepd-n1: error: couldn't chdir to `/nosuch': No such file or directory: going to "
                                b"/tmp instead\n"))])
def test_a_task_that_cannot_be_as_it_should(small, line, told, tmp_path):
    """The same words as on the desktop (slurmd/task.py, TaskProgram)."""
    code, out, err = small(line)
    assert (code, out, err.replace(str(tmp_path).encode(), b"HERE")) == told


def test_what_a_task_leaves_behind_ends_with_it(small):
    assert small("srun -l sh -c '(sleep 100; echo late) & echo now'; sacct -n -X -o elapsed") == (0, b"0: now\n  00:00:00 \n", b"")


def test_a_state_that_is_gone_ends_its_supervisors(small, tmp_path):
    from slurm_mock.host.browser.world import world
    small("sbatch --wrap 'sleep 1000'")
    assert len(world.processes) > 1
    shutil.rmtree(tmp_path / "state")
    assert here("sleep 5", ENV, str(tmp_path)) == (0, b"", b"")
    assert not world.processes


def test_slurmstepd_complains_after_the_script_has_ended(small):
    """The error file is open as long as its supervisor."""
    code, out, _ = small("sbatch -W -t 1 -o out --wrap 'sleep 1000'; cat out")
    assert b"CANCELLED AT 2026-03-02T09:01:00 DUE TO TIME LIMIT ***" in out


def test_a_mistake_of_ours_ends_the_job_once(small, monkeypatch, capsys):
    from slurm_mock.slurmd import batch_step
    monkeypatch.setattr(batch_step.Script, "environment", None)
    code, out, err = small("sbatch -W --wrap true; sacct -n -X -o state")
    assert code == 0 and out.split()[-1] == b"FAILED"
    assert "a mistake in the browser lab itself" in capsys.readouterr().err or b"mistake" in err


def test_timeout_waits_on_the_clusters_clock(small):
    code, out, _ = small("sbatch --wrap 'sleep 9; echo > done'; timeout 5 sleep 100; ls done; timeout 5 sleep 100; ls done")
    assert out.endswith(b"101\ndone\n")


def test_little_is_read_to_start_with(small):
    """The tools of just-bash and their many modules come with the first command that needs them."""
    import subprocess
    program = ("import sys\nbefore = set(sys.modules)\nfrom slurm_mock.host import browser\nfrom slurm_mock.site import activate\nbrowser.install()\n"
               "env = {'PATH': '/usr/bin:/bin'}\nassert browser.run('true; cd /; echo $((1 + 1))', env, '/', shell=True)[0] == 0\n"
               "print(*sorted({name.partition('.')[0] for name in set(sys.modules) - before}))\n")
    done = subprocess.run([sys.executable, "-I", "-c", program], capture_output=True, text=True, timeout=60)
    names = set(done.stdout.split())
    assert "slurm_mock" in names, done.stderr
    assert not names & {"just_bash", "asyncio", "pandas", "numpy", "IPython", "argparse", "json", "dataclasses", "logging", "socket"}
