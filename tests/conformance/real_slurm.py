"""A real Slurm of ten nodes on one machine, for as long as a test or a person needs it.

As a library::

    with RealSlurm() as slurm:
        slurm.run(["sinfo"], user="alice")

and by hand::

    python tests/conformance/real_slurm.py start --dir /tmp/real   # prints export lines
    python tests/conformance/real_slurm.py stop --dir /tmp/real

Everything lives in the folder: configuration, munge key and socket, database,
logs, spool.  Neither ``/etc/slurm`` nor a service of the machine is touched.
Sources: slurm.conf(5), slurmdbd.conf(5), gres.conf(5), munged(8), mariadbd(8).
"""

from __future__ import annotations

import argparse
import ctypes
import fcntl
import os
import pwd
import random
import re
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

VERSION = "22.05.8"
PACKAGES = ("slurm-wlm", "munge", "slurmdbd", "mariadb-server-core", "mariadb-client-core")
PROGRAMS = ("slurmctld", "slurmd", "slurmdbd", "munged", "mariadbd", "mariadb-install-db", "mariadb")
LEARNER = "alice"
LEARNER_UID = 1001  # as recorded

TEMPLATES = Path(__file__).parent / "cluster"
# One line of slurm.conf a node; real_slurm adds Port=, in this order.
NODES = (
    *(f"NodeName=c{i} Sockets=2 CoresPerSocket=4 ThreadsPerCore=1 RealMemory=16000"
      " Feature=haswell,ib Weight=1" for i in range(1, 6)),
    *(f"NodeName=f{i} Sockets=2 CoresPerSocket=8 ThreadsPerCore=1 RealMemory=64000"
      " Feature=haswell,fat Weight=10" for i in range(1, 3)),
    *(f"NodeName=g{i} Sockets=2 CoresPerSocket=4 ThreadsPerCore=1 RealMemory=32000"
      " Gres=gpu:k80:2 Feature=haswell,gpu Weight=20" for i in range(1, 3)),
    "NodeName=h1 Sockets=2 CoresPerSocket=4 ThreadsPerCore=2 RealMemory=24000"
    " Feature=rome,ht Weight=30",
)
# Carried by the daemons alone (jobs get their submitter's environment), so that
# stop() can tell this cluster's left-over slurmstepd from anybody else's.
MARK = "REAL_SLURM_DIR"
# These know nothing of the cluster but a key, and tables that can be dropped: forget() keeps them.
KEPT = ("munged", "mariadbd")
# slurmctld takes 1.6 s to end in peace, to save what forget() then removes.
NEEDS_NO_PEACE = ("slurmctld", "slurmscriptd")
# Nobody minds if the machine's crash loses the database: no write waits for the disk.
NOT_FOR_GOOD = ("--innodb-flush-log-at-trx-commit=0", "--innodb-flush-method=nosync", "--skip-sync-frm",
                "--skip-innodb-doublewrite", "--innodb-log-file-size=8M")
POLL = 0.05  # seconds between two looks at whether a daemon is there, or gone
DEBIAN_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


class Unavailable(RuntimeError):
    """A real Slurm 22.05.8 can't be had here; the text says why."""


def installed_version() -> str | None:
    """Version that ``slurmctld -V`` tells (``22.05.8``), or None without one."""
    program = shutil.which("slurmctld", path=DEBIAN_PATH)
    if program is None:
        return None
    told = subprocess.run([program, "-V"], capture_output=True, text=True).stdout
    return told.split()[-1] if told.split() else None


def require() -> None:
    """Raise Unavailable, saying what to do, where Slurm 22.05.8 can't be started."""
    if os.geteuid() != 0:
        raise Unavailable("a real Slurm needs root: slurmd starts jobs as other users")
    missing = [p for p in PROGRAMS if shutil.which(p, path=DEBIAN_PATH) is None]
    if missing:
        raise Unavailable(f"no {', '.join(missing)}: apt install {' '.join(PACKAGES)}")
    found = installed_version()
    if found != VERSION:
        raise Unavailable(f"found Slurm {found}; only {VERSION} (Debian 12) is compared with")


def ensure_user(name: str = LEARNER) -> pwd.struct_passwd:
    """The ordinary user who submits; made by useradd where missing, if it can be with the id of the records.

    Else the first user of a fresh machine would get 1000, and the megabytes of a job could not be told from it.
    """
    with open(Path(tempfile.gettempdir()) / f"ensure-user-{os.getuid()}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)    # tests run side by side
        try:
            return pwd.getpwnam(name)
        except KeyError:
            add = ["useradd", "--create-home", "--shell", "/bin/bash"]
            if not any(entry.pw_uid == LEARNER_UID for entry in pwd.getpwall()):
                add += ["--uid", str(LEARNER_UID)]
            subprocess.run([*add, name], check=True)
            return pwd.getpwnam(name)


def free_ports(count: int) -> int:
    """First of `count` neighbouring TCP ports of 127.0.0.1 that nobody listens on.

    Below 32768, where Linux begins to hand out ports to outgoing connections:
    one of those would now and then take a daemon's port.
    """
    for _ in range(200):
        base = random.randrange(12000, 32768 - count)
        held = []
        try:
            for port in range(base, base + count):
                held.append(probe := socket.socket())
                probe.bind(("127.0.0.1", port))
            return base
        except OSError:
            continue
        finally:
            for probe in held:
                probe.close()
    raise Unavailable(f"no {count} neighbouring free ports between 12000 and 32768")


def write_configuration(folder: Path, variant: str = "") -> Path:
    """Fill in the templates for a cluster in this folder; returns the path of slurm.conf.

    variant names a file of cluster/variants, whose lines take the place of those in
    slurm.conf that set the same.  Nothing else is made: the mock needs none of the hosts,
    devices and folders named there.
    """
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o755)
    base = free_ports(2 + len(NODES))
    values = {
        "dir": str(folder), "host": socket.gethostname().split(".")[0],
        "plugin_dir": str(next(Path("/usr/lib").glob("*/slurm-wlm"), "/usr/lib/slurm")),
        "port_slurmctld": str(base), "port_slurmdbd": str(base + 1),
        "nodes": "\n".join(f"{line} NodeAddr=127.0.0.1 Port={base + 2 + i}"
                           for i, line in enumerate(NODES)),
    }
    for template in TEMPLATES.glob("*.in"):
        target = folder / template.stem
        text = template.read_text()
        if variant and target.name == "slurm.conf":
            text = vary(text, (TEMPLATES / "variants" / f"{variant}.conf").read_text())
        target.write_text(re.sub(r"@(\w+)@", lambda m: values[m[1]], text))
        if target.name == "slurmdbd.conf":
            target.chmod(0o600)
    return folder / "slurm.conf"


def vary(text: str, variant: str) -> str:
    """slurm.conf with the lines of a variant: Slurm warns of what is set twice.

    A key without value is left out.
    """
    news = [line for line in variant.splitlines() if line and not line.startswith("#")]
    keys = tuple(line.partition("=")[0] + "=" for line in news)
    kept = [line for line in text.splitlines() if not line.startswith(keys)]
    return "\n".join([*kept, *(line for line in news if not line.endswith("="))]) + "\n"


def can_name_hosts() -> bool:
    """True if a process may have a host name of its own (``unshare --uts``)."""
    tried = subprocess.run(["unshare", "--uts", "hostname", "c1"], capture_output=True)
    return tried.returncode == 0


def _die_with_parent() -> None:
    pr_set_pdeathsig = 1
    ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGTERM)


class RealSlurm:
    """Ten-node Slurm in folder `root` (a temporary one if None), as a context manager.

    ``lasting`` daemons outlive this process (the command line's ``start``);
    otherwise they end with it, even if it is killed.  ``variant`` is write_configuration's.
    Errors: Unavailable.
    """

    def __init__(self, root: Path | None = None, lasting: bool = False):
        self.temporary = root is None
        self.root = Path(root or tempfile.mkdtemp(prefix="real-slurm-"))
        self.lasting = lasting
        self.variant = ""
        self.socket = self.root / "db" / "mariadb.socket"
        self.conf = self.root / "slurm.conf"
        self.daemons: list[subprocess.Popen] = []

    # -- life -----------------------------------------------------------------

    def __enter__(self) -> RealSlurm:
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *exc) -> None:
        self.stop()
        if self.temporary:
            shutil.rmtree(self.root, ignore_errors=True)

    def start(self) -> None:
        """Configure and start all daemons; returns when all nodes are idle."""
        require()
        ensure_user()
        if self._pids():
            raise Unavailable(f"{self.root} has a running cluster already: stop it first")
        self._start()

    def forget(self) -> None:
        """Start anew: no jobs, no history, FirstJobId again; slurm.conf as self.variant has it.

        All of Slurm's own daemons end, what they have saved is removed, and the next slurmdbd
        finds a database without tables.
        """
        self.cancel_all()
        for pid in self._pids(*NEEDS_NO_PEACE):
            self._kill(pid, signal.SIGKILL)
        self._end(KEPT)
        for name in ("state", "mail", *(f"spool.{line.split()[0][9:]}" for line in NODES)):
            self._remove(self.root / name)
        if not self._empty_database():
            self._end(("munged",))
            self._remove(self.root / "db")
        self.daemons = [daemon for daemon in self.daemons if daemon.poll() is None]
        self._start()

    def _start(self) -> None:
        """Configure, and start what does not run."""
        self._prepare()
        if not self._pids("munged"):
            self._start_munge()
        if "slurmdbd" in self.conf.read_text():
            if not self._pids("mariadbd"):
                self._start_database()
            self._daemon(["slurmdbd", "-D"], user="slurm", MYSQL_UNIX_PORT=str(self.socket))
            self._wait("slurmdbd", lambda: self._listens("DbdPort")
                       and self.run(["sacctmgr", "-n", "show", "cluster"]).returncode == 0)
            self.run(["sacctmgr", "-i", "add", "cluster", "conf"])
        self._daemon(["slurmctld", "-D", "-i"], user="slurm")
        self._wait("slurmctld", lambda: self._listens("SlurmctldPort")
                   and self.run(["scontrol", "ping"]).stdout.endswith("is UP\n"))
        name_hosts = can_name_hosts()
        for line in NODES:
            name = line.split()[0].removeprefix("NodeName=")
            command = ["slurmd", "-D", "-N", name]
            if name_hosts:
                command = ["unshare", "--uts", "sh", "-c",
                           f"hostname {name}; exec slurmd -D -N {name}"]
            self._daemon(command)
        self._wait("ten idle nodes", self._idle)

    def _remove(self, folder: Path) -> None:
        """A killed daemon's last write may come late: half a database is none."""
        def gone():
            shutil.rmtree(folder, ignore_errors=True)
            return not folder.exists()
        self._wait(f"{folder} removed", gone)

    def stop(self) -> None:
        """Cancel every job, end every process of this cluster, by its id."""
        if self.conf.exists() and self._pids():
            self.cancel_all()
        self._end()
        (self.root / "pids").unlink(missing_ok=True)

    def _end(self, kept: Sequence[str] = ()) -> None:
        """End this cluster's processes, in peace if they do it in time; those of some names stay."""
        def others() -> list[int]:
            return [pid for pid in self._pids() if _name(pid) not in kept]
        for patience, number in ((20, signal.SIGTERM), (5, signal.SIGKILL)):
            for pid in others():
                self._kill(pid, number)
            deadline = time.monotonic() + patience
            while others() and time.monotonic() < deadline:
                for daemon in self.daemons:
                    daemon.poll()
                time.sleep(POLL)

    # -- use ------------------------------------------------------------------

    def environment(self) -> dict[str, str]:
        """What a process needs in its environment to talk to this cluster."""
        return {"SLURM_CONF": str(self.conf), "PATH": DEBIAN_PATH}

    def run(self, argv: list[str], user: str | None = None, **options) -> subprocess.CompletedProcess:
        """Run a client command; options as for subprocess.run, output captured as text."""
        options.setdefault("timeout", 60)
        env = options.pop("env", {})
        account = pwd.getpwnam(user or "root")
        return subprocess.run(
            argv, capture_output=True, text=True, user=account.pw_uid, group=account.pw_gid,
            extra_groups=[], env={"HOME": account.pw_dir, "USER": account.pw_name,
                                  "LOGNAME": account.pw_name, "SHELL": "/bin/bash",
                                  **self.environment(), **env}, **options)

    def wait_for_cleanup(self, seconds: float = 10) -> None:
        """Wait until no job is completing, for some seconds at most."""
        deadline = time.monotonic() + seconds
        while self.run(["squeue", "-h", "-t", "CG"]).stdout and time.monotonic() < deadline:
            time.sleep(0.05)

    # -- parts ----------------------------------------------------------------

    def _prepare(self) -> None:
        """Folders and devices that the configuration names."""
        slurm, munge = pwd.getpwnam("slurm"), pwd.getpwnam("munge")
        write_configuration(self.root, self.variant)
        os.chown(self.root / "slurmdbd.conf", slurm.pw_uid, slurm.pw_gid)
        for name, owner in (("state", slurm), ("log", slurm), ("db", slurm), ("dbtmp", slurm), ("run", slurm),
                            ("munge", munge), ("dev", None), ("mail", slurm)):
            (self.root / name).mkdir(exist_ok=True)
            if owner is not None:
                os.chown(self.root / name, owner.pw_uid, owner.pw_gid)
        (self.root / "mailprog").chmod(0o755)
        for number in range(2):
            device = self.root / "dev" / f"gpu{number}"
            if not device.exists():
                # /dev/null's numbers: a device that opens, and does nothing
                os.mknod(device, 0o666 | stat.S_IFCHR, os.makedev(1, 3))

    def _start_munge(self) -> None:
        folder = self.root / "munge"
        munge = pwd.getpwnam("munge")
        key = folder / "munge.key"
        if not key.exists():
            key.write_bytes(os.urandom(128))
            os.chown(key, munge.pw_uid, munge.pw_gid)
            key.chmod(0o600)
        folder.chmod(0o755)
        self._daemon(["munged", "--foreground", "--force", "--num-threads=10", f"--socket={folder}/munge.socket",
                      f"--key-file={key}", f"--log-file={folder}/munged.log",
                      f"--pid-file={folder}/munged.pid", f"--seed-file={folder}/munged.seed"],
                     user="munge")
        self._wait("munged", (folder / "munge.socket").exists)

    def _start_database(self) -> None:
        data = self.root / "db"
        # another MariaDB that starts clears the temporary tables of all away
        options = ["--no-defaults", f"--datadir={data}", f"--tmpdir={self.root / 'dbtmp'}", *NOT_FOR_GOOD]
        slurm = pwd.getpwnam("slurm")
        first = []
        if not (data / "mysql").exists():
            made = subprocess.run(["mariadb-install-db", *options, "--skip-test-db", "--user=slurm"],
                                  capture_output=True, text=True)
            if made.returncode:
                raise Unavailable(f"mariadb-install-db: {made.stdout}{made.stderr}")
            init = data / "init.sql"
            init.write_text("CREATE DATABASE slurm_acct_db;\n"
                            "CREATE USER slurm@localhost IDENTIFIED BY 'slurm';\n"
                            "GRANT ALL ON slurm_acct_db.* TO slurm@localhost;\n")
            os.chown(init, slurm.pw_uid, slurm.pw_gid)
            first = [f"--init-file={init}"]
        self._daemon(["mariadbd", *options, f"--socket={self.socket}",
                      "--skip-networking", f"--pid-file={data}/mariadbd.pid",
                      "--innodb-buffer-pool-size=64M", "--innodb-lock-wait-timeout=900", *first],
                     user="slurm")
        self._wait("mariadbd", self.socket.exists)

    def _empty_database(self) -> bool:
        """Leave no table to the next slurmdbd; False where a running mariadbd refuses it."""
        if not self._pids("mariadbd"):
            return not (self.root / "db" / "mysql").exists()
        done = self.run(["mariadb", "--no-defaults", f"--socket={self.socket}", "-e",
                         "DROP DATABASE slurm_acct_db; CREATE DATABASE slurm_acct_db"], user="slurm")
        if done.returncode:
            print(f"real Slurm: mariadbd is started anew: {done.stderr}")
        return done.returncode == 0

    def _idle(self) -> bool:
        told = self.run(["sinfo", "-h", "-o", "%D %t", "-p", "all"]).stdout
        return told == f"{len(NODES)} idle\n"

    def cancel_all(self) -> None:
        """Cancel what waits and runs, and wait until no process of a job is left."""
        active = "ids=$(squeue -h -t PD,R,S,CF,CG,SO,ST -o %A | sort -u); test -z \"$ids\""
        self.run(["bash", "-c", f"{active} || scancel $ids"])
        for patience, command in ((15, "scancel -s KILL $ids"), (10, "true")):
            deadline = time.monotonic() + patience
            while time.monotonic() < deadline:
                if self.run(["bash", "-c", active]).returncode == 0:
                    return
                time.sleep(0.2)
            self.run(["bash", "-c", f"{active} || {command}"])

    def _daemon(self, command: list[str], user: str | None = None, **env: str) -> None:
        account = pwd.getpwnam(user or "root")
        log = open(self.root / "log" / f"{command[0]}.out", "ab")
        daemon = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/",
            user=account.pw_uid, group=account.pw_gid, extra_groups=[],
            start_new_session=True, preexec_fn=None if self.lasting else _die_with_parent,
            env={**self.environment(), MARK: str(self.root), **env})
        log.close()
        self.daemons.append(daemon)
        with open(self.root / "pids", "a") as pids:
            pids.write(f"{daemon.pid}\n")

    def _wait(self, what: str, ready, seconds: float = 60) -> None:
        deadline = time.monotonic() + seconds
        while not ready():
            dead = [d for d in self.daemons if d.poll() is not None]
            if dead:
                raise Unavailable(f"{dead[0].args} ended with {dead[0].returncode}, see {self.root}/log")
            if time.monotonic() > deadline:
                raise Unavailable(f"{what}: not there after {seconds} s, see {self.root}/log")
            time.sleep(POLL)

    def _listens(self, key: str) -> bool:
        """Does somebody listen on this port of the configuration?  Slurm's commands ask, and ask
        again only after a second."""
        texts = (self.conf.read_text(), (self.root / "slurmdbd.conf").read_text())
        port = re.search(rf"^{key}=(\d+)$", "\n".join(texts), re.M)
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", int(port[1]))) == 0

    def _pids(self, *names: str) -> list[int]:
        """Living processes that carry this folder's mark; only those of some names, if named."""
        mark = f"{MARK}={self.root}".encode()
        found = []
        for environ in Path("/proc").glob("[0-9]*/environ"):
            try:
                if mark in environ.read_bytes().split(b"\0"):
                    state = (environ.parent / "stat").read_text().rpartition(")")[2].split()[0]
                    if state != "Z" and (not names or _name(int(environ.parent.name)) in names):
                        found.append(int(environ.parent.name))
            except OSError:
                continue
        return found

    @staticmethod
    def _kill(pid: int, number: int) -> None:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            pass


def _name(pid: int) -> str:
    """A process's name, "" if there is none."""
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:
        return ""


def main() -> int:
    parser = argparse.ArgumentParser(description="Start or stop a real Slurm in a folder.")
    parser.add_argument("verb", choices=("start", "stop"))
    parser.add_argument("--dir", required=True, type=Path)
    parser.add_argument("--variant", default="", help="a file of cluster/variants, without .conf")
    asked = parser.parse_args()
    slurm = RealSlurm(asked.dir.resolve(), lasting=True)
    slurm.variant = asked.variant
    if asked.verb == "stop":
        slurm.stop()
        return 0
    try:
        slurm.start()
    except Unavailable as why:
        print(f"real_slurm: {why}", file=sys.stderr)
        slurm.stop()
        return 1
    print(f"export SLURM_CONF={slurm.conf}\nexport PATH={DEBIAN_PATH}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
