"""A real Slurm, and the mock, on any slurm.conf: the clusters of the cases.

A case gives the lines of slurm.conf that it is about, and perhaps a gres.conf.  Here stands what
it takes to run all of its nodes on this machine: ports, keys, folders.  Both sides read the same
file, but for those.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import re
import shutil
import socket
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from slurm_mock.common.hostlist import expand
from tests.conformance import sides
from tests.conformance.real_slurm import RealSlurm, can_name_hosts, ensure_user, free_ports, require

# What a case's slurm.conf begins with, where it says nothing else of the same.
USUAL = {"ClusterName": "mini", "SelectType": "select/cons_tres", "SelectTypeParameters": "CR_Core_Memory"}
# What it takes to run it here.  Where a case says the same keyword, its own value counts.
GROUND = """\
SlurmctldHost=@host@
SlurmctldPort=@port@
SlurmUser=slurm
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=@dir@/munge/munge.socket
StateSaveLocation=@dir@/state
SlurmctldPidFile=@dir@/run/slurmctld.pid
SlurmctldLogFile=@dir@/log/slurmctld.log
SlurmdPidFile=@dir@/run/slurmd.%n.pid
SlurmdLogFile=@dir@/log/slurmd.%n.log
SlurmdSpoolDir=@dir@/spool.%n
SlurmdParameters=config_overrides
PluginDir=@plugin_dir@
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
MpiDefault=none
ReturnToService=2
"""
DATABASE = """\
AccountingStorageType=accounting_storage/slurmdbd
AccountingStorageHost=127.0.0.1
AccountingStoragePort=@dbdport@
AccountingStoragePass=@dir@/munge/munge.socket
"""
SLURMDBD = """\
DbdHost=@host@
DbdAddr=127.0.0.1
DbdPort=@dbdport@
SlurmUser=slurm
AuthType=auth/munge
AuthInfo=socket=@dir@/munge/munge.socket
PidFile=@dir@/run/slurmdbd.pid
LogFile=@dir@/log/slurmdbd.log
StorageType=accounting_storage/mysql
StorageHost=localhost
StorageUser=slurm
StoragePass=slurm
StorageLoc=slurm_acct_db
PluginDir=@plugin_dir@
"""
# Nodes that slurm.conf leaves out; they have no slurmd.
NO_NODE = ("DEFAULT",)


@dataclass(frozen=True)
class Conf:
    """text: a case's slurm.conf; gres: its gres.conf; bare: nothing of USUAL; database: slurmdbd keeps
    accounts; commands: what the administrator types first, lines of sacctmgr."""

    text: str
    gres: str = ""
    bare: bool = False
    database: bool = False
    commands: tuple[str, ...] = ()

    def node_lines(self) -> list[tuple[str, list[str]]]:
        """(a NodeName line, its nodes) of all nodes, in their order."""
        found = []
        for line in self.text.splitlines():
            if match := re.match(r"\s*nodename=(\S+)", line, re.IGNORECASE):
                if match[1].upper() not in NO_NODE:
                    found.append((line, list(expand(match[1]))))
        return found

    def nodes(self) -> list[str]:
        """The names of all nodes."""
        return [name for _, names in self.node_lines() for name in names]


def write(conf: Conf, folder: Path) -> Path:
    """Write slurm.conf, gres.conf and slurmdbd.conf of a case into a folder; the path of slurm.conf."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o755)
    nodes = conf.nodes()
    base = free_ports(2 + len(nodes))
    values = {"dir": str(folder), "host": socket.gethostname().split(".")[0], "port": str(base),
              "dbdport": str(base + 1),
              "plugin_dir": str(next(Path("/usr/lib").glob("*/slurm-wlm"), "/usr/lib/slurm"))}

    def filled(text: str) -> str:
        return re.sub(r"@(\w+)@", lambda m: values[m[1]], text)

    own = {line.partition("=")[0].strip().lower() for line in conf.text.splitlines()}
    ground = filled(GROUND + (DATABASE if conf.database else "")).splitlines()
    usual = {} if conf.bare else dict(USUAL)
    if "selecttype" in own:
        usual.pop("SelectTypeParameters", None)
    ground += [f"{key}={value}" for key, value in usual.items()]
    kept = [line for line in ground if line.partition("=")[0].lower() not in own]
    lines, port = [], base + 2
    for line in conf.text.splitlines():
        for whole, names in conf.node_lines():
            if line == whole:
                ports = f"{port}" if len(names) == 1 else f"[{port}-{port + len(names) - 1}]"
                line = f"{line} NodeHostname={values['host']} NodeAddr=127.0.0.1 Port={ports}"
                port += len(names)
                break
        lines.append(line)
    (folder / "slurm.conf").write_text("\n".join([*kept, *lines]) + "\n")
    gres = folder / "gres.conf"
    gres.unlink(missing_ok=True)
    if conf.gres:
        gres.write_text(conf.gres.replace("File=/g/", f"File={folder}/dev/"))
    (folder / "slurmdbd.conf").write_text(filled(SLURMDBD) if conf.database else "")
    (folder / "slurmdbd.conf").chmod(0o600)
    return folder / "slurm.conf"


class SiteSlurm(RealSlurm):
    """A real Slurm on a case's configuration; `conf` may be changed between two starts."""

    conf_of_case = Conf("")

    def begin(self, conf: Conf) -> None:
        """Run this configuration, with nothing left of the one before."""
        if self._pids():
            self.cancel_all()
        self._end()
        for entry in self.root.glob("*"):
            if entry.name != "munge":
                shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
        self.daemons = []
        self.conf_of_case = conf
        require()
        ensure_user()
        self._start()

    def _prepare(self) -> None:
        slurm, munge = pwd.getpwnam("slurm"), pwd.getpwnam("munge")
        write(self.conf_of_case, self.root)
        if self.conf_of_case.database:
            os.chown(self.root / "slurmdbd.conf", slurm.pw_uid, slurm.pw_gid)
        for name, owner in (("state", slurm), ("log", slurm), ("db", slurm), ("dbtmp", slurm), ("run", slurm),
                            ("munge", munge), ("dev", None), ("mail", slurm)):
            (self.root / name).mkdir(exist_ok=True)
            if owner is not None:
                os.chown(self.root / name, owner.pw_uid, owner.pw_gid)
        for names in re.findall(rf"File=({re.escape(str(self.root))}/dev/\S+)", self._gres()):
            for name in expand(names):
                # /dev/null's numbers: a device that opens, and does nothing
                os.mknod(name, 0o666 | stat.S_IFCHR, os.makedev(1, 3))

    def _gres(self) -> str:
        path = self.root / "gres.conf"
        return path.read_text() if path.exists() else ""

    def _start(self) -> None:
        self._prepare()
        self._start_munge()
        conf = self.conf_of_case
        if conf.database:
            self._start_database()
            self._daemon(["slurmdbd", "-D"], user="slurm", MYSQL_UNIX_PORT=str(self.socket))
            self._wait("slurmdbd", lambda: self._listens("DbdPort")
                       and self.run(["sacctmgr", "-n", "show", "cluster"]).returncode == 0)
            name = re.search(r"^clustername=(\S+)", self.conf.read_text(), re.M | re.I)[1]
            self.run(["sacctmgr", "-i", "add", "cluster", name])
            for line in conf.commands:
                self.run(["bash", "-c", line])
        self._daemon(["slurmctld", "-D", "-i"], user="slurm")
        self._wait("slurmctld", lambda: self._listens("SlurmctldPort")
                   and self.run(["scontrol", "ping"]).stdout.endswith("is UP\n"))
        name_hosts = can_name_hosts()
        for name in conf.nodes():
            command = ["slurmd", "-D", "-N", name]
            if name_hosts:
                command = ["unshare", "--uts", "sh", "-c", f"hostname {name}; exec slurmd -D -N {name}"]
            self._daemon(command)
        self._wait("nodes that have registered", self._idle)

    def _idle(self) -> bool:
        told = self.run(["sinfo", "-h", "-N", "-o", "%N %t %v"]).stdout.split("\n")
        return not any(re.search(r"\bunk|\*|#|\(null\)|N/A", line) for line in told)


class RealSite(sides.Real):
    """Commands of a real Slurm on a case's configuration."""

    as_user: pwd.struct_passwd | None = None     # who runs them, if not the learner

    def _bash(self, argv, folder, env, user, timeout=sides.COMMAND_TIMEOUT):
        return super()._bash(argv, folder, env, self.as_user or user, timeout)

    def settle(self, conf: Conf = Conf("")) -> None:
        """Begin anew on this configuration."""
        self.cluster.begin(conf)


class MockSite(sides.Mock):
    """Commands of the mock on a case's configuration."""

    as_user: pwd.struct_passwd | None = None
    delay = "0.3"                                # seconds until a job starts

    def _bash(self, argv, folder, env, user, timeout=sides.COMMAND_TIMEOUT):
        return super()._bash(argv, folder, env, self.as_user or user, timeout)

    def environment(self) -> dict[str, str]:
        """The answers are those of a cluster that takes its time."""
        return {**super().environment(), "MOCK_SLURM_START_DELAY": self.delay}

    def settle(self, conf: Conf = Conf("")) -> None:
        """Begin anew on this configuration."""
        if self.runs:
            self.close()
        self.home.mkdir(parents=True, exist_ok=True)
        write(conf, self.home)
        self.open()
        for line in conf.commands:
            told = self.run(line, self.base, admin=True)
            if told.code and "add cluster" not in line:      # it is there already
                raise RuntimeError(f"{line}: {told.stderr}")


@contextlib.contextmanager
def opened(name: str, base: Path) -> Iterator[sides.Side]:
    """A side for cases, "mock" or "real", whose folders lie in `base`, apart from those of the transcripts'
    sides: slurmctld does not start on the state of a cluster of another name."""
    base = base / "sites"
    base.mkdir(exist_ok=True)
    base.chmod(0o755)
    if name == "mock":
        side = MockSite(base / "mock" / "cluster", base)
        try:
            yield side
        finally:
            side.close()
    else:
        cluster = SiteSlurm(base / "real" / "cluster")
        cluster.root.mkdir(parents=True, exist_ok=True)
        try:
            yield RealSite(cluster)
        finally:
            cluster.stop()
