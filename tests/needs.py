"""What a test needs from outside of Python: got by apt where we may, else the test is skipped.

``need("chromium")`` returns the program's path.  Where it is missing it is installed if this is
root on a machine with apt-get; else the test is skipped and the reason printed.  On Debian 12 as
root with ``CI=true`` nothing may be missing: there the skip becomes a failure.
"""

from __future__ import annotations

import contextlib
import fcntl
import functools
import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pytest


@dataclass(frozen=True)
class Need:
    """A program, by the names it may have, and the Debian packages that bring it; of packages without
    programs files (patterns) below /, all of which they bring."""

    programs: tuple[str, ...]
    packages: tuple[str, ...]
    files: tuple[str, ...] = ()


NEEDS = {
    "chromium": Need(("chromium", "chromium-browser", "google-chrome"), ("chromium",)),
    "firefox": Need(("firefox-esr", "firefox"), ("firefox-esr",)),
    "slurm": Need(("slurmctld",), ("slurm-wlm", "munge")),
    "slurmdbd": Need(("slurmdbd",), ("slurmdbd",)),
    "mariadb": Need(("mariadbd",), ("mariadb-server-core", "mariadb-client-core")),
    "slurm-perl": Need((), ("libslurm-perl", "libslurmdb-perl"),
                       ("usr/lib/*/perl5/*/Slurm.pm", "usr/lib/*/perl5/*/Slurmdb.pm")),
    "munge": Need(("munged",), ("munge",)),
    "sshd": Need(("sshd",), ("openssh-server",)),
    "ssh": Need(("ssh",), ("openssh-client",)),
    "openssl": Need(("openssl",), ("openssl",)),
    "unshare": Need(("unshare",), ("util-linux",)),
    "shellcheck": Need(("shellcheck",), ("shellcheck",)),
    "bc": Need(("bc",), ("bc",)),
    "column": Need(("column",), ("bsdextrautils",)),
    "git": Need(("git",), ("git",)),
    "btrfs": Need(("btrfs",), ("btrfs-progs",)),
    "mkfs.btrfs": Need(("mkfs.btrfs",), ("btrfs-progs",)),
}

# Daemons live in sbin, which an ordinary user's PATH leaves out.
SEARCH_PATH = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin", "/sbin"])
POLICY = Path("/usr/sbin/policy-rc.d")
LOCK = Path(tempfile.gettempdir()) / f"tests-needs-{os.getuid()}.lock"


def need(name: str) -> Path:
    """Return the path of the program or file that NEEDS lists as ``name``, installing it if allowed.

    Skips the calling test when it can't be had; fails it where `skips_are_failures`.
    Raises KeyError for a name that is not in NEEDS.
    """
    wanted = NEEDS[name]
    path, why_not = _provide(wanted)
    if path is None:
        unavailable(f"{name} is needed: {why_not}")
    return path


def unavailable(reason: str) -> None:
    """End the calling test: skipped for ``reason``, or failed where `skips_are_failures`."""
    if skips_are_failures():
        pytest.fail(f"{reason} (a skip is a failure on Debian 12 as root with CI=true)")
    pytest.skip(reason)


def skips_are_failures() -> bool:
    """True on Debian 12 as root with CI=true, where every package can be installed."""
    return os.environ.get("CI") == "true" and os.geteuid() == 0 and _os_release() == ("debian", "12")


def find(wanted: Need) -> Path | None:
    """Return where the first of the need's programs (or files) is, or None."""
    there = [next(Path("/").glob(pattern), None) for pattern in wanted.files]
    if all(there) and there:
        return there[0]
    for program in wanted.programs:
        found = shutil.which(program, path=SEARCH_PATH)
        if found:
            return Path(found)
    return None


@functools.cache
def _provide(wanted: Need) -> tuple[Path | None, str]:
    path = find(wanted)
    if path:
        return path, ""
    packages = " ".join(wanted.packages)
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return None, f"install it with: apt install {packages}"
    with _one_at_a_time():
        error = "" if find(wanted) else _apt_install(wanted.packages)
    return find(wanted), f"apt-get install {packages} failed: {error}"


def _apt_install(packages: tuple[str, ...]) -> str:
    """Install without starting a daemon; return "" or the end of what apt-get said.

    What packages there are is asked anew only where the machine's lists don't do: it takes seconds each time.
    """
    apt = ["apt-get", "-q", "-y", "-o", "DPkg::Lock::Timeout=300", "--no-install-recommends"]
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    result = None
    with _no_daemons():
        for command in ("install", *packages), ("update",), ("install", *packages):
            result = subprocess.run(
                [*apt, *command], env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True
            )
            if command[0] == "install" and result.returncode == 0:
                break
    return "" if result.returncode == 0 else (result.stdout + result.stderr)[-1000:]


@contextlib.contextmanager
def _no_daemons():
    """Keep package scripts from starting services: Debian's policy-rc.d, for this while only."""
    if POLICY.exists():
        yield
        return
    POLICY.write_text("#!/bin/sh\nexit 101\n")
    POLICY.chmod(0o755)
    try:
        yield
    finally:
        POLICY.unlink(missing_ok=True)


@contextlib.contextmanager
def _one_at_a_time():
    with LOCK.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _os_release() -> tuple[str, str]:
    """Return (ID, VERSION_ID) of os-release(5), empty strings where there is none."""
    try:
        lines = Path("/etc/os-release").read_text().splitlines()
    except OSError:
        return "", ""
    fields = dict(line.split("=", 1) for line in lines if "=" in line)
    return fields.get("ID", "").strip('"'), fields.get("VERSION_ID", "").strip('"')
