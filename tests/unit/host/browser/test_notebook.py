"""A notebook on the in-process machine: unmodified slurm_magic, !cmd, %%bash, %load, subprocess."""

import json
import os
import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(sys.version_info < (3, 11), reason="just-bash needs Python 3.11")

# Runs the cells given on stdin in an IPython shell that may start no process; what each printed.
DRIVER = """
import io, json, os, sys
from contextlib import redirect_stderr, redirect_stdout
from IPython.core.interactiveshell import InteractiveShell
def forbidden(*args, **more):
    raise AssertionError("a process of the operating system's")
for name in ("fork", "execve", "posix_spawn", "kill", "popen"):
    setattr(os, name, forbidden)
ip = InteractiveShell.instance()
ip.ast_node_interactivity = "last_expr"
results = []
for cell in json.load(sys.stdin):
    out = io.StringIO()
    with redirect_stdout(out), redirect_stderr(out):
        done = ip.run_cell(cell)
    error = done.error_before_exec or done.error_in_exec
    results.append([out.getvalue(), repr(error) if error else ""])
print(json.dumps(results))
"""


@pytest.fixture
def cells(tmp_path):
    """cells(*texts) -> [(printed, error)]."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(("MOCK_", "SLURM_"))}
    env.update(MOCK_SLURM_MACHINE="inprocess", MOCK_SLURM_CLUSTER="small", MOCK_SLURM_LOAD="no",
               MOCK_SLURM="always", MOCK_SLURM_ROOT=str(tmp_path / "state"), HOME=str(tmp_path),
               IPYTHONDIR=str(tmp_path / "ipython"), NO_COLOR="1")

    def run(*texts):
        done = subprocess.run([sys.executable, "-c", DRIVER], input=json.dumps(texts), cwd=tmp_path,
                              env=env, capture_output=True, text=True, timeout=100)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.splitlines()[-1])

    return run


def test_the_magics_of_slurm_magic(cells):
    """The cells of the episode's challenge, with slurm_magic as it comes from PyPI."""
    results = cells(
        "%load_ext slurm_mock", "%load_ext slurm_magic",
        "%%sbatch\n#!/bin/bash\n#SBATCH -J hello -t 2 -o out\nsrun -n 1 hostname\nsleep 60\necho end",
        "jobs = %squeue\nprint(list(jobs['NAME']), list(jobs['ST']))",
        "%%bash\nsleep 30\ncat out",
        "import time; time.sleep(40)\n!cat out; squeue -h",
        "nodes = %sinfo\nprint(len(nodes))",
        "%scancel 101")
    assert [error for _, error in results] == [""] * len(results), results
    texts = [text for text, _ in results]
    assert texts[0].startswith("slurm_mock: MOCK_SLURM=always, so the mock is on: cluster small")
    assert texts[3] == "['hello'] ['R']\n"
    assert texts[4] == "n1\n" and texts[5] == "n1\nend\n" and texts[6] == "2\n"


def test_the_shell_in_cells(cells):
    results = cells(
        "%load_ext slurm_mock", "!echo one; echo two >&2", "lines = !seq 3\nprint(list(lines))",
        "!exit 3\nprint(_exit_code)", "name = 'you'\n!echo hello $name {1 + 1}",
        "%%writefile job.sh\n#!/bin/bash\necho from the file\n",
        "!sbatch -W -o job.out job.sh && cat job.out", "%%bash --out text\necho kept",
        "print(text, end='')", "%%bash\nexit 4", "%%bash --no-raise-error\nexit 4")
    texts = [text for text, _ in results]
    assert texts[1] == "one\ntwo\n" and texts[2] == "['1', '2', '3']\n" and texts[3] == "3\n"
    assert texts[4] == "hello you 2\n"
    assert texts[6] == "Submitted batch job 101\nfrom the file\n" and texts[8] == "kept\n"
    assert "CalledProcessError" in results[9][1] and not results[10][1]


def test_subprocess_as_programs_use_it(cells):
    results = cells(
        "%load_ext slurm_mock", "import subprocess as s",
        "print(s.check_output(['squeue', '-h'], text=True) == '')",
        "print(s.run('echo out; echo err >&2; exit 2', shell=True, capture_output=True))",
        "print(s.run(['cat'], input='fed', text=True, stdout=s.PIPE).stdout)",
        "print(s.run(['srun', 'hostname'], stdout=s.PIPE, stderr=s.STDOUT).stdout)",
        "s.run(['nosuchprogram'])", "s.run(['make'])",
        "with s.Popen(['seq', '2'], stdout=s.PIPE, text=True) as p:\n    print([line for line in p.stdout])",
        "s.run(['false'], check=True)")
    texts = [text for text, _ in results]
    assert texts[2] == "True\n" and "returncode=2, stdout=b'out\\n', stderr=b'err\\n'" in texts[3]
    assert texts[4] == "fed\n" and texts[5] == "b'n1\\n'\n" and texts[8] == "['1\\n', '2\\n']\n"
    assert results[6][1].startswith("FileNotFoundError")
    assert "does not run in the browser lab" in results[7][1]
    assert "CalledProcessError" in results[9][1]


def test_a_command_in_a_cell_has_one_stream_as_on_a_terminal(cells):
    """Its words on stderr stand in the cell's stdout, where the desktop's terminal puts them."""
    texts = cells("%load_ext slurm_mock",
                  "import io, contextlib\nwith contextlib.redirect_stderr(io.StringIO()) as other:\n"
                  "    get_ipython().system('sbatch -p nope --wrap true; echo after')\nother.getvalue()")
    printed = texts[1][0]
    assert "invalid partition specified: nope" in printed and printed.index("nope") < printed.index("after")
    assert printed.rstrip().endswith("''")
