"""The in-process shell against real bash: shell_snippets.py and mistake_snippets.py, each run by both."""

import os
import re
import shutil
import signal
import subprocess
import sys

import pytest

from slurm_mock.host import browser
from tests.needs import need
from tests.unit.posix.shell.mistake_snippets import SNIPPETS as MISTAKES
from tests.unit.posix.shell.shell_snippets import DIFFERENT, FILES, SNIPPETS

pytestmark = pytest.mark.skipif(sys.version_info < (3, 11), reason="just-bash needs Python 3.11")

# What a fresh Debian does not have beside bash.
MAY_BE_MISSING = {"bc", "column"}
ENV = {"PATH": "/usr/bin:/bin", "HOME": "/root", "LANG": "C.UTF-8"}


@pytest.fixture(autouse=True)
def same_umask():
    """Some snippets set the umask, which is this process' own."""
    mask = os.umask(0o022)
    os.umask(mask)
    yield
    os.umask(mask)


def folder(path):
    for name, text in FILES.items():
        file = path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return str(path)


def undisturbed():
    """As in a login shell: nohup ignores a lost connection, and `trap` would tell."""
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


def by_bash(script, cwd):
    done = subprocess.run([shutil.which("bash"), script], cwd=cwd, env=ENV, capture_output=True,
                          stdin=subprocess.DEVNULL, timeout=60, preexec_fn=undisturbed)
    return done.returncode, done.stdout, done.stderr


def by_us(script, cwd):
    browser.install()
    try:
        return browser.run(["bash", script], ENV, cwd)
    finally:
        browser.uninstall()


def both(tmp_path, snippet):
    """What bash and our shell make of a snippet, without the names of their folders."""
    script = tmp_path / "snippet.sh"
    script.write_text(snippet + "\n")
    results = []
    for name, run in (("bash", by_bash), ("ours", by_us)):
        cwd = folder(tmp_path / name)
        results.append(tuple(part.replace(cwd.encode(), b"FOLDER") if isinstance(part, bytes) else part
                             for part in run(str(script), cwd)))
    return results


@pytest.mark.parametrize("snippet", [s for s in [*SNIPPETS, *MISTAKES] if s not in DIFFERENT])
def test_as_bash_does_it(tmp_path, snippet):
    for name in MAY_BE_MISSING.intersection(re.findall(r"\w+", snippet)):
        need(name)
    bash, ours = both(tmp_path, snippet)
    assert ours == bash


def test_what_is_listed_as_different_still_is(tmp_path):
    """A snippet that is the same now leaves the list (which may be empty)."""
    for number, (snippet, reason) in enumerate(DIFFERENT.items()):
        (tmp_path / str(number)).mkdir()
        bash, ours = both(tmp_path / str(number), snippet)
        assert ours != bash, f"no longer different: {reason}"


def test_enough_is_compared_and_the_same():
    assert len(SNIPPETS) == len(set(SNIPPETS)) >= 350
    assert set(DIFFERENT) <= set(SNIPPETS) and len(SNIPPETS) - len(DIFFERENT) >= 345
    assert all(DIFFERENT.values())


@pytest.mark.parametrize("script, message", [
    ("coproc cat", "coproc does not work in the browser lab"),
    ("trap 'echo e' ERR", "ERR does not work in the browser lab"),
    ("awk 'BEGIN { getline x }'", "getline does not work in the browser lab"),
    ("awk 'BEGIN { print 1 | \"sort\" }'", "a pipe to a command does not work in the browser lab"),
    ("awk 'BEGIN { print ( }'", "syntax error"),
    ("awk '{ print $-1 }' words.txt", "out of range field -1"),
    ("awk 'BEGIN { print 1 / 0 }'", "division by zero"),
    ("tail -f words.txt", "-f does not work in the browser lab"),
    ("make", "this program does not run in the browser lab"),
])
def test_what_cannot_work_says_so(tmp_path, script, message):
    browser.install()
    try:
        code, _, err = browser.run(script, ENV, folder(tmp_path / "here"), shell=True)
    finally:
        browser.uninstall()
    assert code and message in err.decode() and "Traceback" not in err.decode()


def test_no_snippet_leaves_a_file_open(tmp_path):
    """Pipes, here-documents and redirections are closed when their processes are gone."""
    before = len(os.listdir("/proc/self/fd")) if os.path.exists("/proc/self/fd") else 0
    for snippet in SNIPPETS[38:60]:
        by_us_cwd = folder(tmp_path / "here")
        browser.install()
        browser.run(["bash", "-c", snippet], ENV, by_us_cwd)
        browser.uninstall()
    after = len(os.listdir("/proc/self/fd")) if os.path.exists("/proc/self/fd") else 0
    assert after == before


def shell(script, path):
    browser.install()
    try:
        return browser.run(script, ENV, folder(path / "here"), shell=True)
    finally:
        browser.uninstall()


@pytest.mark.parametrize("script, out, message", [
    ("echo '. ./a.sh' > a.sh; bash a.sh; echo after", b"after\n", b"nested too deeply"),
    ("bash -c 'f() { eval f; }; f'; echo $?", b"1\n", b"nested too deeply"),
    ("declare -n a=b; declare -n b=a; x=$a; echo on", b"on\n", b""),
    ("printf '%*d' 99999999999 1; echo $?", b"1\n", b"too great"),
    ("mapfile -C echo x < words.txt; echo $?", b"1\n", b"-C and -c do not work in the browser lab"),
    ("sleep 5 & sleep 6 & jobs; wait %1; jobs; sleep 9 & jobs | wc -l; kill %3 && kill %2; wait; jobs", b"""\
[1]-  Running                 sleep 5 &
[2]+  Running                 sleep 6 &
[2]+  Running                 sleep 6 &
2
""", b""),
    ("sleep 5 & sleep 6 & kill $(jobs -p); wait; echo $?", b"0\n", b""),
    ("sleep 1 & sleep 7 & sleep 2; jobs; jobs; kill $!", b"""\
[1]-  Done                    sleep 1
[2]+  Running                 sleep 7 &
[2]+  Running                 sleep 7 &
""", b""),
    ("{ sleep 3; } | { read -t 1 x; echo $?; read -t 0; echo $?; }", b"142\n1\n", b""),
    ("x=$(printf '9%.0s' {1..5000}); echo $((x % 10))", b"-1\n", b""),
])
def test_what_bash_cannot_show(tmp_path, script, out, message):
    """It would wait for real seconds, die of it, or do what cannot be done here."""
    code, shown, err = shell(script, tmp_path)
    assert (code, shown) == (0, out) and message in err and b"Traceback" not in err
