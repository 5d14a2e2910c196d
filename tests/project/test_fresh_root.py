"""tools/fresh-root and .ci/run: what they call, what they refuse, and that they write down no machine.

Making a root takes minutes: .ci/run does it for real, on every run.  Here programs of the machine are stand-ins that note
how they were called.
"""

import os
import re
import subprocess
import sys

import pytest

from tests.needs import need
from tests.site.conftest import ROOT

FRESH_ROOT = ROOT / "tools" / "fresh-root"
CI = ROOT / ".ci" / "run"
SCRIPTS = [FRESH_ROOT, CI]
# What apt-get says of where Debian comes from.
SOURCES = """[ "$*" = "--print-uris update" ] && cat <<EOF
'http://mirror.example/security/dists/bookworm-security/InRelease' security_InRelease 0
'http://mirror.example/debian/dists/bookworm/InRelease' debian_InRelease 0
EOF"""


@pytest.fixture
def machine(tmp_path):
    """Run a script on a machine whose id, uname and apt-get are these; (what was done, what else was called)."""
    folder, home, calls = tmp_path / "bin", tmp_path / "home", tmp_path / "calls"
    folder.mkdir()
    home.mkdir()

    def put(name, body):
        (folder / name).write_text(f"#!/bin/bash\n{body}\n")
        (folder / name).chmod(0o755)

    def run(script, *argv, uid=0, system="Linux", apt=SOURCES, **programs):
        put("id", f"echo {uid}")
        put("uname", f"echo {system}")
        if apt is not None:
            put("apt-get", apt)
        # whatever could change a machine, or take minutes
        for name in ("debootstrap", "mount", "umount", "unshare", "chroot", "make", "timeout"):
            put(name, f'echo "{name} $*" >>{calls}; exit 1')
        for name, body in programs.items():
            put(name, body)
        for name in ("awk", "bash", "cat", "dirname", "env", "find", "flock", "git", "mkdir", "mktemp", "python3", "rm",
                     "sed", "sha256sum", "tail", "true"):
            if not (folder / name).exists():
                (folder / name).symlink_to(f"/usr/bin/{name}")
        done = subprocess.run(["/bin/bash", script, *argv], env={"PATH": str(folder), "HOME": str(home)},
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)
        called = calls.read_text().splitlines() if calls.exists() else []
        return done, called

    run.home = home
    return run


@pytest.mark.parametrize("argv, said", [
    ([], "which command is to run"), (["--nonsense"], "unknown option --nonsense"), (["--can", "it"], "no argument"),
    (["-x", "make", "test"], "unknown option -x")])
def test_a_wrong_call_is_refused_and_touches_nothing(machine, argv, said):
    done, called = machine(FRESH_ROOT, *argv)
    assert (done.returncode, done.stdout, called) == (2, "", [])
    assert said in done.stderr and len(done.stderr.splitlines()) == 1
    assert list(machine.home.iterdir()) == []


@pytest.mark.parametrize("where, why", [
    ({"uid": 1000}, "only root may"), ({"system": "Darwin"}, "this is Darwin"), ({"apt": None}, "no apt-get"),
    ({"apt": SOURCES.replace("bookworm", "noble")}, "takes nothing from Debian's archive"),
    ({"apt": "exit 100"}, "takes nothing from Debian's archive")])
@pytest.mark.parametrize("argv", [["--can"], ["make", "test"]])
def test_where_no_root_can_be_made_it_says_why_and_touches_nothing(machine, where, why, argv):
    done, called = machine(FRESH_ROOT, *argv, **where)
    assert (done.returncode, done.stdout, called) == (1, "", [])
    assert why in done.stderr and len(done.stderr.splitlines()) == 1
    assert list(machine.home.iterdir()) == []


def test_where_a_root_can_be_made(machine):
    done, called = machine(FRESH_ROOT, "--can")
    assert (done.returncode, done.stdout, done.stderr, called) == (0, "", "", [])


@pytest.mark.skipif(sys.platform != "linux", reason="it needs programs that Linux has")
def test_the_base_comes_from_where_this_machine_gets_debian_and_a_failure_is_told(machine):
    log = machine.home / ".cache/hpc-notebooks/fresh-root/debootstrap.log"
    done, called = machine(FRESH_ROOT, "make", "test", unshare='echo "$*"; echo E: no network >&2; exit 1')
    assert done.returncode == 1 and called == []
    assert log.read_text().split("\n")[0].endswith("/base.new http://mirror.example/debian")
    assert "E: no network" in done.stderr and f"debootstrap failed; all it said is in {log}" in done.stderr
    assert not (log.parent / "base").exists() and list(log.parent.glob("root.*")) == []


def test_help_is_the_scripts_own_beginning(machine):
    done, called = machine(FRESH_ROOT, "--help")
    assert done.returncode == 0 and called == []
    assert "tools/fresh-root COMMAND" in done.stdout and "set -e" not in done.stdout


# ---- .ci/run ---------------------------------------------------------------------------------


RUN = f'echo "timeout $*" >>"$HOME/../calls"; shift 2; [ "$*" != "$FAILS" ]'


@pytest.mark.parametrize("fails, code, parts", [
    ("", 0, ["tools/fresh-root make test", "make ci"]),
    ("tools/fresh-root make test", 1, ["tools/fresh-root make test"]),
    ("make ci", 1, ["tools/fresh-root make test", "make ci"])])
def test_ci_tests_in_a_fresh_root_then_here_and_fails_if_one_does(machine, fails, code, parts):
    done, called = machine(CI, timeout=RUN.replace("$FAILS", fails))
    assert done.returncode == code, done.stderr
    assert [line.split(maxsplit=3)[3] for line in called] == parts
    for part in parts:
        assert re.search(rf"^== {part}: exit code {int(part == fails)}, \d+ s$", done.stdout, re.M)


def test_all_of_ci_is_over_in_ninety_minutes(machine):
    done, called = machine(CI, timeout=RUN.replace("$FAILS", ""))
    minutes = [int(re.match(r"timeout --kill-after=1m (\d+)m ", line)[1]) for line in called]
    assert minutes[0] <= 15 and sum(minutes) + len(minutes) <= 90


def test_a_part_that_takes_too_long_is_told(machine):
    done, _ = machine(CI, timeout="exit 124")
    assert done.returncode == 124 and "tools/fresh-root make test: not done after 15m" in done.stderr


@pytest.mark.parametrize("where, why", [({"uid": 1000}, "only root may"), ({"system": "Darwin"}, "this is Darwin")])
def test_on_a_laptop_ci_says_why_it_tests_there(machine, where, why):
    done, called = machine(CI, timeout=RUN.replace("$FAILS", ""), **where)
    assert done.returncode == 0, done.stderr
    assert [line.split(maxsplit=3)[3] for line in called] == ["make test", "make ci"]
    assert "No fresh root here" in done.stdout and why in done.stdout


# ---- the scripts as files ----------------------------------------------------------------------


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_shellcheck(script):
    done = subprocess.run([need("shellcheck"), script], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_no_host_is_written_down(script):
    """Where packages come from is copied from the machine at run time."""
    assert re.findall(r"https?://[^/\s\"']+", script.read_text()) == []


def test_what_readme_asks_for_is_what_the_root_has():
    """And no more, but the certificates: without them no registry is reached."""
    asked = re.search(r"`apt install ([^`]+)` brings all three", (ROOT / "README.md").read_text())[1].split()
    packages = re.search(r"^PACKAGES=(\S+)", FRESH_ROOT.read_text(), re.M)[1].split(",")
    assert set(packages) == {*asked, "python3", "ca-certificates"}


def test_ci_can_be_started():
    assert os.access(FRESH_ROOT, os.X_OK)
