"""tools/make-venv picks a Python that will do, or says what to install."""

import os
import subprocess

import pytest

from tests.site.conftest import ROOT

# Stand-ins for a machine's Pythons: what they say to the script's questions.
FINE = 'case $* in *venv\\ --clear*) mkdir -p "$4";; --version) echo Python 3.11.9;; esac'
TOO_OLD = "case $2 in *version_info*) exit 1;; esac"
WITHOUT_PIP = 'case $2 in *ensurepip*) exit 1;; *"%d.%d"*) echo 3.11;; esac'
SHIM = 'echo "pyenv: command not found" >&2; exit 127'


@pytest.fixture
def machine(tmp_path):
    """Run tools/make-venv on a machine with these Pythons on PATH, and no other."""

    def run(pythons, **environ):
        folder = tmp_path / "bin"
        folder.mkdir(exist_ok=True)
        for name in ("mkdir", "sh"):
            (folder / name).symlink_to(f"/bin/{name}")
        for name, script in pythons.items():
            (folder / name).write_text(f"#!/bin/sh\n{script}\n")
            (folder / name).chmod(0o755)
        # /usr/bin/python3 is the script's last resort: this machine has none.
        script = (
            (ROOT / "tools" / "make-venv").read_text().replace("/usr/bin/python3", "/none/python3")
        )
        return subprocess.run(
            ["/bin/sh", "-c", script, "make-venv", str(tmp_path / "venv")],
            env={"PATH": str(folder), **environ},
            capture_output=True,
            text=True,
            timeout=30,
        )

    return run


def test_the_first_that_will_do_is_taken(machine, tmp_path):
    done = machine({"python3": TOO_OLD, "python3.13": SHIM, "python3.12": FINE, "python3.11": SHIM})
    assert done.returncode == 0
    assert "python3.12" in done.stdout
    assert (tmp_path / "venv").is_dir()


def test_debian_without_venv_names_the_package(machine):
    done = machine({"python3": WITHOUT_PIP})
    assert done.returncode == 1
    assert "apt install python3.11-venv" in done.stderr


def test_no_python_at_all(machine):
    done = machine({"python3": TOO_OLD})
    assert done.returncode == 1
    assert "No Python >= 3.10 found on PATH" in done.stderr


def test_python_that_was_named_and_will_not_do(machine):
    done = machine({"python3": FINE, "mine": TOO_OLD}, PYTHON="mine")
    assert done.returncode == 1
    assert "PYTHON=mine is no Python >= 3.10" in done.stderr


@pytest.mark.parametrize("pythons", [{"python3": WITHOUT_PIP}, {}])
def test_one_clear_message_and_no_traceback(machine, pythons):
    done = machine(pythons)
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    assert 1 <= len(done.stderr.splitlines()) <= 2


@pytest.mark.slow
def test_this_machines_python_makes_an_environment(tmp_path):
    venv = tmp_path / "with blanks" / "venv"
    subprocess.run(
        [ROOT / "tools" / "make-venv", venv], check=True, env={"PATH": os.environ["PATH"]}
    )
    version = "import sys; print(sys.version_info >= (3, 10))"
    said = subprocess.run([venv / "bin" / "python", "-c", version], check=True, capture_output=True)
    assert said.stdout == b"True\n"


# A Python whose environments hold this very script, and whose pip has always done its work.
STAND_IN = """#!/bin/sh
case $* in
    *"venv --clear"*) rm -rf "$4"; mkdir -p "$4/bin"; cp "$0" "$4/bin/python" ;;
    *--version*) echo Python 3.11.9 ;;
    *"pip"*install*) test ! -e "${0%/bin/python}/cut" ;;
esac
"""


def test_an_installation_cut_short_begins_anew(tmp_path):
    python, venv = tmp_path / "python3", tmp_path / "venv"
    python.write_text(STAND_IN)
    python.chmod(0o755)

    def install():
        return subprocess.run(
            ["make", f"VENV={venv}", f"{venv}/.installed"],
            cwd=ROOT, env={**os.environ, "PYTHON": str(python)}, capture_output=True, text=True,
        )  # fmt: skip

    assert "making" in install().stdout
    assert (venv / ".installed").exists()
    (venv / ".installed").unlink()
    assert "making" not in install().stdout, "what was installed whole is added to"
    (venv / ".installed").unlink()
    (venv / "cut").touch()
    assert install().returncode != 0
    assert not (venv / ".installed").exists()
    done = install()
    assert (done.returncode, "making" in done.stdout) == (0, True)
    assert (venv / ".installed").exists()
