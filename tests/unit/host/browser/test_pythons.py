"""host/browser/pythons.py, popen.py: python3 in this interpreter, and subprocess as programs see it."""

import subprocess
import sys

import pytest

from slurm_mock.host.browser import popen

pytestmark = pytest.mark.skipif(sys.version_info < (3, 11), reason="just-bash needs Python 3.11")


@pytest.mark.parametrize("line, told", [
    ("python3 -c 'import sys; print(sys.argv[1:], end=str())' a b", (0, b"['a', 'b']", b"")),
    ("echo 'print(6 * 7)' | python3", (0, b"42\n", b"")), ("echo in | python3 -c 'print(input() + \"side\")'", (0, b"inside\n", b"")),
    ("python3 -c 'import sys; sys.exit(5)'", (5, b"", b"")), ("python3 -c 'import sys; sys.exit(\"why\")'", (1, b"", b"why\n")),
    ("X=1 python3 -c 'import os; print(os.environ[\"X\"])'; echo ${X:-unset}", (0, b"1\nunset\n", b"")),
    ("python3 -c 'import sys; print(1, file=sys.stderr); sys.stdout.buffer.write(b\"raw\")' 2>&1", (0, b"1\nraw", b"")),
])
def test_a_program_of_its_own(small, line, told):
    assert small(line) == told


def test_mistakes_of_programs_are_told_as_python_tells_them(small):
    code, _, err = small("python3 nosuch.py")
    assert code == 2 and b"can't open file" in err and b"No such file or directory" in err
    code, _, err = small("python3 -c 'import nosuch'")
    assert code == 1 and err.startswith(b"Traceback") and err.endswith(b"No module named 'nosuch'\n") and b"pythons.py" not in err


def test_popen_lets_its_program_run_while_it_is_read(small, tmp_path):
    with popen.Popen(["bash", "-c", "echo one; sleep 100; echo two"], stdout=subprocess.PIPE, text=True, cwd=tmp_path) as process:
        assert process.stdout.readline() == "one\n" and process.poll() is None
        assert process.stdout.readline() == "two\n" and process.wait() == 0


def test_popen_signals_and_codes(small):
    process = popen.Popen(["sleep", "100"])
    process.terminate()
    assert process.wait() == -15
    assert popen.Popen("exit 3", shell=True).wait() == 3
    with pytest.raises(FileNotFoundError):
        popen.Popen(["nosuch"])
    with pytest.raises(FileNotFoundError):
        popen.Popen(["true"], cwd="/nosuch")
    assert popen.system("exit 3") == 3 << 8
