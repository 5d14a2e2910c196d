"""slurm_mock/posix/ is a machine of its own: it knows nothing of Slurm, nor of the rest of the package."""

import ast
import re
import sys
from pathlib import Path

import pytest

import slurm_mock.posix

FOLDER = Path(slurm_mock.posix.__file__).parent
FILES = sorted(FOLDER.rglob("*.py"))
# whose text and file tools are borrowed, in the one file that does so
BORROWED = {"just_bash": "tools/borrowed.py"}


def imported(path):
    """(line, module) of each import of a file, at any depth: dotted names, ours from posix on."""
    package = ("posix", *path.relative_to(FOLDER).parts[:-1])
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = [] if not node.level else list(package[:len(package) - node.level + 1]) or ["(above)"]
            yield node.lineno, ".".join(base + ([node.module] if node.module else []))


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(FOLDER)))
def test_imports_are_its_own_or_the_standard_librarys(path):
    name = str(path.relative_to(FOLDER))
    allowed = sys.stdlib_module_names | {"posix"} | {other for other, file in BORROWED.items() if file == name}
    wrong = [f"line {line}: {module}" for line, module in imported(path) if module.partition(".")[0] not in allowed]
    assert not wrong, wrong


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(FOLDER)))
def test_it_has_no_word_of_slurms(path):
    """No variable, no name, no text: what is Slurm's comes from the host."""
    found = re.findall(r"(?i).*(?:slurm|\bsbatch|\bsrun|\bjob_id|\bcluster).*", path.read_text(encoding="utf-8"))
    found = [line for line in found if line != '"""A POSIX machine in one interpreter: processes, files, a '
             'shell, tools.  It knows nothing of Slurm."""']
    assert not found, found


def test_it_runs_alone():
    """A world with its own clock and programs, without anything else of the package."""
    import subprocess
    program = ("import sys\n"
               "from slurm_mock.posix.exec import Programs\n"
               "from slurm_mock.posix.files import Bytes, Sink\n"
               "from slurm_mock.posix.kernel import World\n"
               "from slurm_mock.posix import system\n"
               "world, said = World(programs=Programs([system.program], [system.interpreter])), []\n"
               "words = ['bash', '-c', 'sleep 3600 & echo 3 1 2 | tr \" \" \"\\\\n\" | sort; wait; nproc; echo $SECONDS']\n"
               "env = {'PATH': '/usr/bin:/bin'}\n"
               "files = {0: Bytes(b''), 1: Sink(said.append), 2: Sink(said.append)}\n"
               "status = world.run(world.spawn(world.programs.find(words, env, '/'), env, '/', files, name='bash'))\n"
               "print(status, b''.join(said), world.now)\n"
               "print(*sorted(name for name in sys.modules if name.startswith('slurm_mock.') and '.posix' not in name))\n")
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
    assert done.stdout == "0 b'1\\n2\\n3\\n1\\n3600\\n' 3600.0\n\n", done.stderr
