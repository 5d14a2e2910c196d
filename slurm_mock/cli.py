"""slurm-mock: switches the mock on for a command, a shell or a session, and steers it."""

import argparse
import os
import sys

from . import __version__
from .common.hostlist import BadHostlist
from .common.parse_time import BadValue, is_number, parse_duration, stamp
from .conf.read_config import ConfError
from .host import local
from .site import activate, clusters, lesson
from .site.activate import speed
from .store.connection import StoreError


def main(argv=None):
    """Run `slurm-mock ARGV...`; the exit code."""
    local.install()
    parser = build_parser()
    words = list(sys.argv[1:] if argv is None else argv)
    try:
        options = parser.parse_args(words)
    except SystemExit as error:
        return error.code
    if not getattr(options, "function", None):
        parser.print_help()
        return 2
    try:
        return options.function(options)
    except (activate.ActivateError, StoreError, ConfError, BadHostlist, BadValue) as error:
        sys.stderr.write(f"slurm-mock: error: {error}\n")
        return 1
    except OSError as error:
        if isinstance(error, FileNotFoundError) and error.filename is None:
            told = "the working directory is gone: cd to one that is there"
        else:
            place = f"{error.filename}: " if error.filename is not None else ""
            told = (f"{place}{error.strerror}: nothing was changed; make room or choose another "
                    "--state")
        sys.stderr.write(f"slurm-mock: error: {told}\n")
        return 1
    except KeyboardInterrupt:
        return 130


def build_parser():
    """The command line; each sub-command names its function."""
    parser = argparse.ArgumentParser(
        prog="slurm-mock", description="Slurm's commands without a cluster, for teaching and tests.")
    parser.add_argument("--version", action="version", version=f"slurm-mock {__version__}")
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--cluster", metavar="NAME|CONF",
                        help="a bundled cluster or the path of a slurm.conf (default: the lesson's)")
    common.add_argument("--state", metavar="DIR",
                        help="where the clusters' state lies (default: your own)")
    common.add_argument("--speed", metavar="N", type=speed,
                        help="how many times faster the clock runs, or `step` for the deterministic "
                             "clock that moves only when somebody waits")
    load = common.add_mutually_exclusive_group()
    load.add_argument("--load", dest="load", action="store_true", default=None,
                      help="with other people's jobs (default for the bundled clusters)")
    load.add_argument("--no-load", dest="load", action="store_false",
                      help="without other people's jobs")
    commands = parser.add_subparsers(metavar="COMMAND")

    def add(name, function, text, command=False):
        sub = commands.add_parser(name, parents=[common], help=text, description=text)
        sub.set_defaults(function=function)
        if command:
            sub.add_argument("command", nargs=argparse.REMAINDER, metavar="-- COMMAND [ARG...]")
        return sub

    add("run", run, "run a command with the mock's Slurm first on PATH", command=True)
    add("env", env, "print `export` lines for eval \"$(slurm-mock env)\"")
    add("shell", shell, "an interactive shell with the mock's Slurm")
    add("admin", admin, "run a command as the cluster's administrator", command=True)
    add("reset", reset, "end all jobs and start afresh")
    add("status", status, "say which cluster, what runs, what time it is there")
    add("advance", advance, "let the cluster's clock run ahead").add_argument(
        "duration", help="such as 90 (seconds), 10m, 2h, 1d or 1-02:30:00")
    text = "make a cluster's slurm.conf from saved output of scontrol show config, partition and node"
    sub = commands.add_parser("import", help=text, description=text)
    sub.set_defaults(function=import_)
    sub.add_argument("folder", help="a new folder for slurm.conf and gres.conf")
    sub.add_argument("files", nargs="+", metavar="FILE", help="what scontrol printed (-: standard input)")
    commands.add_parser("clusters", help="list the bundled clusters").set_defaults(function=listing)
    return parser


def opened(options, admin_too=False):
    """(Place, Controller, environment with the mock on) for the options given. Raises
    ActivateError, StoreError."""
    cwd = os.getcwd()
    where = find_place(options, cwd)
    ctl = activate.ensure(where, os.environ, cwd, options.speed, options.load)
    changed = dict(os.environ)
    for name, value in activate.environment(where, os.environ, admin_too).items():
        if value is None:
            changed.pop(name, None)
        else:
            changed[name] = value
    return where, ctl, changed


def find_place(options, cwd):
    """The cluster meant: the one that is on already, if no option says another. Raises
    ActivateError, StoreError."""
    current = os.environ.get("MOCK_SLURM_STATE")
    if current and not options.cluster and not options.state and os.path.isdir(current):
        from .store.store import Store
        store = Store(current)
        path = store.meta("conf_path")
        name = "" if store.meta("own_conf") else os.path.basename(os.path.dirname(path))
        store.close()
        return activate.Place(path, name, current)
    return activate.place(options.cluster, options.state, os.environ, cwd)


def words_of(options):
    """The command after `--`. Raises ActivateError where there is none."""
    words = options.command
    if words and words[0] == "--":
        words = words[1:]
    if not words:
        raise activate.ActivateError("no command given: slurm-mock run [OPTIONS] -- COMMAND [ARG...]")
    return words


def execute(words, changed):
    """Become the command; exit codes as a shell gives them when it cannot be run."""
    sys.stdout.flush()
    try:
        os.execvpe(words[0], words, changed)
    except FileNotFoundError:
        sys.stderr.write(f"slurm-mock: error: {words[0]}: command not found\n")
        return 127
    except OSError as error:
        sys.stderr.write(f"slurm-mock: error: {words[0]}: {error.strerror}\n")
        return 126


def run(options):
    """`slurm-mock run -- COMMAND`: become the command, the mock's Slurm first on PATH. Raises
    ActivateError."""
    words = words_of(options)
    _, ctl, changed = opened(options)
    ctl.close()
    return execute(words, changed)


def admin(options):
    """`slurm-mock admin -- COMMAND`: the same, as the cluster's administrator. Raises ActivateError."""
    words = words_of(options)
    _, ctl, changed = opened(options, admin_too=True)
    ctl.close()
    return execute(words, changed)


def env(options):
    """`slurm-mock env`: print the lines for eval that switch the mock on; the exit code. Raises
    ActivateError."""
    import shlex
    where, ctl, _ = opened(options)
    ctl.close()
    for name, value in activate.environment(where, os.environ).items():
        print(f"unset {name}" if value is None else f"export {name}={shlex.quote(value)}")
    return 0


def shell(options):
    """`slurm-mock shell`: become the user's shell (SHELL), the mock's Slurm first on PATH and the
    cluster in its prompt. Raises ActivateError."""
    where, ctl, changed = opened(options)
    name = ctl.config.get("ClusterName", "cluster")
    ctl.close()
    program = os.environ.get("SHELL") or "/bin/sh"
    if os.path.basename(program) != "bash":
        changed["PS1"] = f"({name}) $ "
        return execute([program], changed)
    import shlex
    rc = os.path.join(where.state, "etc", "bashrc")
    activate._write(rc, (f"[ -r ~/.bashrc ] && . ~/.bashrc\n. {shlex.quote(where.state)}/etc/bashenv\n"
                         f"PS1=\"({name}) $PS1\"\n"))
    return execute([program, "--rcfile", rc, "-i"], changed)


def reset(options):
    """`slurm-mock reset`: end all jobs and remove the cluster's state; the exit code. Raises
    ActivateError where some of it stays."""
    try:
        where = find_place(options, os.getcwd())
    except StoreError:
        # the cluster that is on is damaged: that is what reset is for
        where = activate.Place("", os.path.basename(os.environ["MOCK_SLURM_STATE"]), os.environ["MOCK_SLURM_STATE"])
    if os.path.isdir(where.state):
        end_all(where.state)
    if os.path.exists(where.state):
        raise activate.ActivateError(f"{where.state} is still there, or in part: remove it by hand (rm -r)")
    print(f"slurm-mock: {where.name or where.conf}: all jobs ended, the cluster starts afresh")
    return 0


def end_all(state):
    """End what runs in a state directory and remove it."""
    import shutil

    from . import machine
    from .machine.locks import IDLE, IDLES, JOB, KEEPER, STEP
    from .machine.proctrack import marked, send, table, tree
    try:
        from .common.records import ACTIVE
        from .store.store import Store
        store = Store(state)
        jobs = [job.id for job in store.jobs(ACTIVE)]
        steps = [step.pid for step in store.steps() if step.state == "RUNNING" and step.pid]
        store.close()
    except StoreError:
        jobs, steps = [], []
    alive = machine.here.alive(state)
    owners = [alive.holder(KEEPER), *[alive.holder(IDLE + n) for n in range(IDLES)],
              *[alive.holder(JOB + j) for j in jobs],
              *[alive.holder(STEP + p) for p in steps]]
    processes = table()
    for owner in filter(None, owners):
        if owner != os.getpid():
            send([*tree(processes, owner), owner], 9)
    send(marked(state), 9)
    alive.close()
    shutil.rmtree(state, ignore_errors=True)


def status(options):
    """`slurm-mock status`: print which cluster, where its state lies, its clock, jobs and keeper;
    the exit code. Raises ActivateError."""
    where, ctl, _ = opened(options)
    ctl.settle()
    from .common.records import ACTIVE, PENDING
    from .machine.locks import KEEPER
    from .store.queue import counts
    count = counts(ctl.store)
    how = "step" if ctl.clock.stepping else f"{ctl.clock.speed:g} x"
    print(f"cluster  {ctl.config.get('ClusterName')} ({where.conf})")
    print(f"state    {where.state}")
    mails = os.path.join(where.state, "mail")
    if os.path.isdir(mails):
        print(f"mail     {mails} ({', '.join(sorted(os.listdir(mails)))})")
    print(f"clock    {stamp(ctl.now)} (speed {how})")
    mine, others = [[count.get((simulated, phase), 0) for phase in (ACTIVE, PENDING)]
                    for simulated in (False, True)]
    print(f"jobs     {mine[0]} of yours run, {mine[1]} wait; "
          f"{others[0]} of others run, {others[1]} wait")
    print(f"keeper   {'process %d' % ctl.alive.holder(KEEPER) if ctl.alive.holder(KEEPER) else 'none'}")
    ctl.close()
    return 0


def advance(options):
    """`slurm-mock advance DURATION`: let all happen that is due until then, and print the time; the
    exit code. Raises ActivateError."""
    seconds = duration(options.duration)
    _, ctl, _ = opened(options)
    from .host.stepping import drive
    drive(ctl, lambda: False, ctl.clock.now() + seconds)
    ctl.mind()
    print(stamp(ctl.now))
    ctl.close()
    return 0


def duration(text):
    """"90", "10m", "2h", "1d", "1:30:00", "1-02:00:00" -> seconds. Raises ActivateError."""
    units = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
    if len(text) > 12:
        raise activate.ActivateError(f"{text!r} is longer than the clock goes: the year 9999 is its last")
    if is_number(text[:-1]) and text[-1:] in units:
        return int(text[:-1]) * units[text[-1]]
    if is_number(text):
        return int(text)
    try:
        seconds = -1 if text.startswith("-") else parse_duration(text)
    except BadValue:
        seconds = -1
    if seconds < 0:
        raise activate.ActivateError(
            f"{text!r} is not a duration: give seconds, or 10m, 2h, 1d, 1-02:30:00")
    return seconds


def listing(options):
    """`slurm-mock clusters`: print the bundled clusters, the lesson's marked; the exit code."""
    facts = lesson.facts(os.getcwd(), os.environ)
    for name in clusters.names():
        mark = "  (the lesson's)" if name == (facts.get("cluster") or activate.DEFAULT) else ""
        print(f"{name}{mark}")
    return 0


def import_(options):
    """`slurm-mock import FOLDER FILE...`."""
    from .conf.import_cluster import ImportFailed, write
    texts = []
    try:
        for name in options.files:
            if name == "-":
                texts.append(sys.stdin.read())
            else:
                with open(name, errors="replace") as file:
                    texts.append(file.read())
        path = write("\n\n".join(texts), options.folder)
    except (ImportFailed, OSError) as error:
        told = error if isinstance(error, ImportFailed) else f"{error.filename}: {error.strerror}"
        sys.stderr.write(f"slurm-mock: error: {told}. Nothing was written\n")
        return 1
    print(f"{path}: try it with `slurm-mock shell --cluster {path}`")
    return 0
