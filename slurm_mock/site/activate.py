"""Switching the mock on: the state directory of a cluster, its commands, the environment.

Nothing is put on anyone's PATH by installing the package; only an environment made
here has the mock's commands first.
"""

import marshal
import os
import stat
import sys

from .. import commands, machine
from ..common.release import CURRENT
from ..conf import read_config
from ..conf.params import enforced
from ..slurmctld.clock import Clock
from ..slurmctld.controller import Controller
from ..slurmctld.read_config import enter
from ..slurmctld.state import identify
from ..slurmd import modules
from ..slurmdbd import register
from ..store.connection import VERSION
from ..store.schema import set_aside
from ..store.store import Store
from . import clusters, lesson

DEFAULT = "tegner"
# The package: what launchers run, and what is compiled.
HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


class ActivateError(Exception):
    """The mock cannot be switched on as asked; the text says why and what to do."""


class Place:
    """A cluster and where its state lies.

    conf: path of slurm.conf; name: of a bundled cluster, "" for a conf given by path.
    """

    def __init__(self, conf_path, name, state):
        self.conf, self.name, self.state = conf_path, name, state


def place(cluster, state_root, env, cwd):
    """Which cluster, and its state directory. Each cluster has its own below the root. Raises
    ActivateError.

    cluster: name or path of a slurm.conf; None: what the environment or the lesson says.
    state_root: directory; None: the user's own.
    """
    facts = lesson.facts(cwd, env)
    cluster = cluster or env.get("MOCK_SLURM_CLUSTER") or facts.get("cluster") or DEFAULT
    root = os.path.abspath(state_root or env.get("MOCK_SLURM_ROOT") or default_root(env))
    if cluster in clusters.names():
        return Place(clusters.path(cluster), cluster, os.path.join(root, cluster))
    path = os.path.abspath(os.path.join(cwd, cluster))
    if os.path.isdir(path):
        path = os.path.join(path, "slurm.conf")
    if not os.path.isfile(path):
        raise ActivateError(
            f"no cluster {cluster!r}: the bundled ones are {', '.join(clusters.names())}; "
            "for another one give the path of its slurm.conf")
    import zlib
    mark = f"{zlib.crc32(path.encode()):08x}"
    return Place(path, "", os.path.join(root, f"conf-{mark}"))


def default_root(env):
    """The user's own state: XDG_STATE_HOME/slurm_mock (XDG base directory specification). Raises
    ActivateError where there is no home directory."""
    base = env.get("XDG_STATE_HOME")
    if not base:
        home = env.get("HOME") or os.path.expanduser("~")
        if home.startswith("~"):
            raise ActivateError("HOME is not set and you have no home directory: say with --state DIR "
                                "where the clusters' state shall lie")
        base = os.path.join(home, ".local", "state")
    return os.path.join(base, "slurm_mock")


def ensure(where, env, cwd, speed=None, load=None):
    """Open the cluster of a Place, made if it is not there yet. Returns its Controller. Raises
    ActivateError, StoreError.

    speed: clock speed, 0 steps (None: as it is; the machine's for a new one). load: other people's
    jobs (None: yes for a bundled cluster).
    """
    private_folder(os.path.dirname(where.state))
    private_folder(where.state)
    if stat.S_IMODE(os.stat(where.state).st_mode) != 0o700:
        os.chmod(where.state, 0o700)
    _not_lost(where.state)
    aside = set_aside(where.state)
    store = Store(where.state, create=True)
    if store.meta("config") is None and _create(store, where, env, cwd, speed, load):
        if aside:
            _go_on_after(store, *aside)
    else:
        _refresh(store, where, env, cwd)
    ctl = Controller(store, identify(store, env), env)
    if speed is not None and ctl.clock.speed != speed:
        ctl.clock.set_speed(speed)
    if store.meta("load_conf") and not store.meta("load_opened"):
        from ..slurmctld.other_users import open_with_load
        with store:
            if not store.meta("load_opened"):        # another command may have begun at once
                open_with_load(ctl, store.meta("load_conf"))
                store.set_meta("load_opened", 1)
    if load is False and store.meta("load_next"):
        with store:
            store.set_meta("load_next", None)
    write_commands(where.state, lesson.facts(cwd, env), where.name)
    return ctl


def _go_on_after(store, name, version, next_id):
    """A new store takes the place of one of an older format: say so, and go on with its ids."""
    with store:
        store.set_meta("next_job_id", max(next_id, store.meta("next_job_id")))
    sys.stderr.write(
        f"slurm-mock: the cluster's state was written by an older version of slurm_mock (format "
        f"{version}, this one reads {VERSION}). No job waited or ran in it: it is kept as {name}, "
        "and the cluster starts with an empty queue and history\n")


def _not_lost(state):
    """Refuse a state directory that was in use and whose store is gone or empty now."""
    file = os.path.join(state, "store.db")
    lost = not os.path.exists(file) or not os.path.getsize(file)
    if lost and _content(os.path.join(state, "etc", "launchers")) is not None:
        raise ActivateError(f"{file} is missing or empty, and with it the jobs that were in it: put "
                            "it back, or `slurm-mock reset` starts afresh")


def private_folder(path):
    """Make a directory that only its owner may enter. Raises ActivateError for one that others own
    or can write."""
    os.makedirs(path, mode=0o700, exist_ok=True)
    info = os.stat(path)
    if info.st_uid != os.getuid():
        raise ActivateError(f"{path} belongs to another user: choose another --state")
    if stat.S_IMODE(info.st_mode) & 0o022:
        raise ActivateError(f"{path} can be written by others: chmod 700 {path}, "
                            "or choose another --state")


def _create(store, where, env, cwd, speed, load):
    """Make the cluster; False if another command has made it meanwhile."""
    read = _read_conf(where.conf, store.meta("release", CURRENT))
    with store:
        if store.meta("config") is not None:
            return False
        Clock.start(store, machine.here.speed if speed is None else speed)
        store.set_meta("own_conf", 0 if where.name else 1)
        store.set_meta("conf_path", where.conf)
        store.set_meta("boot_time", int(Clock(store).now()))
        store.set_meta("last_moment", int(Clock(store).now()))
        store.set_meta("next_job_id", int(read.config.get("FirstJobId", 1)))
        enter(store, read, [])
        _site(store, where, lesson.facts(cwd, env), env)
        if where.name and load is not False:
            store.set_meta("load_conf", os.path.join(os.path.dirname(where.conf), "load.conf"))
    return True


def _refresh(store, where, env, cwd):
    """A slurm.conf that changed is read again, as by a restart of slurmctld: jobs stay."""
    known = store.data("conf_files") or []
    if not all(os.path.exists(path) and os.stat(path).st_mtime_ns == mtime
               for path, mtime in known):
        read = _read_conf(where.conf, store.meta("release", CURRENT))
        with store:
            enter(store, read, store.nodes())
            store.set_meta("next_event", 0)
    with store:
        _site(store, where, lesson.facts(cwd, env), env)


def _read_conf(path, release):
    try:
        read = read_config.read(path, release)
    except read_config.ConfError as error:
        raise ActivateError(str(error)) from None
    if read.unknown:
        sys.stderr.write("slurm-mock: warning: not keywords of slurm.conf in Slurm 22.05, passed "
                         f"over: {'; '.join(read.unknown)}\n")
    return read


def _site(store, where, facts, env):
    """What a cluster takes from the lesson: the user's allocation, and on a bundled cluster the
    reservation."""
    given = facts if facts.get("cluster") == where.name else {}
    account = _enrol(store, where, env.get("MOCK_SLURM_ALLOCATION") or given.get("allocation"), env)
    if not where.name:
        return
    login = (given.get("login_node") or given.get("login_host") or f"{where.name}-login").split(".")[0]
    if store.meta("login_node") != login:
        store.set_meta("login_node", login)
    name = env.get("MOCK_SLURM_RESERVATION") or given.get("reservation")
    if name and name.lower() != "none":
        _reserve(store, name, account)


def _enrol(store, where, allocation, env):
    """Let the user charge his allocation, where jobs must be charged to one; "none" stands for
    no allocation. Returns it."""
    register.register(store, store.data("config"), int(Clock(store).now()))
    if "associations" not in enforced(store.data("config")):
        return ""
    user = identify(store, {k: v for k, v in env.items() if k != "MOCK_SLURM_ADMIN"}).user
    known = (store.meta("enrolled") or "").split(" ")
    account = allocation or (known[1] if known[0] == user else
                             BUNDLED_ACCOUNT.get(where.name, "course"))
    if account == "none":
        store.set_meta("enrolled", f"{user} none")
        return ""
    if known != [user, account]:
        book = register.read(store, store.data("config"))
        if register.enrol(book, user, account, int(Clock(store).now())):
            register.save(store, book)
        store.set_meta("enrolled", f"{user} {account}")
    return account


# The account a learner has where no lesson says another.
BUNDLED_ACCOUNT = {"tegner": "edu20.dd2443", "dardel": "edu23.sf2568", "small": "course"}


def _reserve(store, name, account):
    """The course's reservation: idle nodes of the default partition, for a week."""
    from ..common.records import Reservation
    if store.reservation(name):
        return
    from ..slurmctld.cluster import Part
    parts = [Part(p, marshal.loads(p.options)) for p in store.partitions()]
    part = next((p for p in parts if p.default), parts[0])
    nodes = part.node_names[-max(1, len(part.node_names) // 8):]
    now = int(Clock(store).now())
    from ..common.hostlist import fold
    store.insert(Reservation(name=name, start_time=now, end_time=now + 7 * 86400,
                             nodes=fold(nodes), partition=part.name, flags="SPEC_NODES",
                             accounts=account))


# ---- commands --------------------------------------------------------------

def write_commands(state, facts, bundled):
    """Write the launchers, the shell's start-up file and the list of modules."""
    modules.write(state, bundled, facts)
    machine.here.launchers(state)


def write_launchers(state, compiled=True):
    """Write the commands' files, when they are missing or of another version; compiled: byte
    code of the package, too."""
    mark = f"{sys.executable} {HERE} {os.stat(__file__).st_mtime_ns}"
    stamp = os.path.join(state, "etc", "launchers")
    if _content(stamp) == mark:
        return
    store = Store(state)
    release = store.meta("release", CURRENT)
    store.close()
    for folder, names in (("bin", (*commands.SLURM, "sleep")), ("node", commands.NODE)):
        os.makedirs(os.path.join(state, folder), mode=0o700, exist_ok=True)
        for name in names:
            _launcher(os.path.join(state, folder, name), name, state, release)
    _write(os.path.join(state, "etc", "bashenv"), modules.bashenv(state))
    if compiled:
        _compile()
    _write(stamp, mark)


def _launcher(path, name, state, release=CURRENT):
    """A command's file: this very Python, isolated, without site-packages."""
    root = os.path.dirname(HERE)
    # a Ctrl-C that comes while Python still reads its modules ends it without a word
    body = ("import _signal, sys\n"
            "if _signal.getsignal(2) == _signal.default_int_handler:\n"
            "    _signal.signal(2, _signal.SIG_DFL)\n"
            f"sys.path.insert(0, {root!r})\n"
            f"from slurm_mock import pack\npack = pack.use({name!r})\n"
            f"from slurm_mock.launch import launch\nlaunch({name!r}, {state!r}, {release}, pack)\n")
    python = os.path.realpath(sys.executable)
    if len(python) < 120 and " " not in python:
        text = f"#!{python} -IS\n{body}"
    else:
        # the kernel takes neither a long path nor blanks behind #!
        text = f"#!/bin/sh\n'''exec' \"{python}\" -IS \"$0\" \"$@\"\n'''\n{body}"
    _write(path, text, 0o700)


def _compile():
    """Byte code for all modules: without it a command takes five times as long."""
    import compileall
    compileall.compile_dir(HERE, quiet=2, legacy=False)


def _write(path, text, mode=0o600):
    """Write a file whole or not at all."""
    os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
    aside = f"{path}.{os.getpid()}"
    try:
        with open(aside, "w", encoding="utf-8") as f:
            f.write(text)
        os.chmod(aside, mode)
        os.replace(aside, path)
    except OSError as error:
        if os.path.exists(aside):
            os.unlink(aside)
        raise OSError(error.errno, error.strerror, path) from None


def _content(path):
    try:
        with open(path, encoding="utf-8") as f:
            return f.read()
    except OSError:
        return None


# ---- environment -------------------------------------------------------------

def environment(where, env, admin=False):
    """The changes that switch the mock on in an environment: {name: value or None to unset}."""
    state = where.state
    folders = [p for p in env.get("PATH", "/usr/local/bin:/usr/bin:/bin").split(":")
               if not is_ours(p)]
    changes = {
        "PATH": ":".join([os.path.join(state, "bin"), *folders]),
        "MOCK_SLURM_STATE": state,
        "BASH_ENV": os.path.join(state, "etc", "bashenv"),
    }
    other = env.get("BASH_ENV", "")
    if other and not other.endswith("/etc/bashenv"):
        changes["MOCK_SLURM_BASH_ENV"] = other
    if "SLURM_JOB_ID" in env and not env.get("MOCK_SLURM_STATE"):
        # inside a job of a real Slurm: its variables do not speak of this cluster
        changes.update({name: None for name in env if name.startswith("SLURM_")})
    if admin:
        changes["MOCK_SLURM_ADMIN"] = "1"
    return changes


def is_ours(folder):
    """Is this the bin folder of some cluster of the mock's?"""
    return (os.path.basename(folder) in ("bin", "node")
            and os.path.exists(os.path.join(os.path.dirname(folder), "etc", "launchers")))


def speed(text):
    """--speed: a number above 0, or "step" (0). Raises argparse.ArgumentTypeError."""
    if text == "step":
        return 0.0
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0 < number < 1e9:
        import argparse
        raise argparse.ArgumentTypeError(f"{text!r}: give a number above 0, or `step`")
    return number
