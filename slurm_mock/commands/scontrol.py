"""scontrol: looks at one thing in full, and steers. Source: scontrol(1) of Slurm 22.05."""

from .. import messages
from ..call import Fail
from ..formats.view import View
from ..options import REQUIRED, Option

OPTIONS = (
    Option("all", "a", help="hidden partitions too"),
    Option("cluster", "", REQUIRED, "another name of --clusters", dest="clusters"),
    Option("clusters", "M", REQUIRED, "ask this cluster"),
    Option("details", "d", help="more in \"show\""),
    Option("federation", help="all clusters of the federation"),
    Option("future", "F", help="nodes in state FUTURE too"),
    Option("help", "h", help="this text"),
    Option("hide", help="no hidden partitions"),
    Option("local", help="only this cluster"),
    Option("oneliner", "o", help="one line for each record"),
    Option("quiet", "Q", help="no messages but errors"),
    Option("sibling", help="all siblings of federated jobs"),
    Option("uid", "u", REQUIRED, "update as this user"),
    Option("usage", "", help="this text", dest="help"),
    Option("verbose", "v", help="tell more"),
    Option("version", "V", help="the version"),
)
SYNOPSIS = "[OPTION]... [COMMAND [ARGUMENT]...]"

# command: (least letters, module, function, least and most arguments, one line of help)
# A message about the number of arguments names the command as typed.
COMMANDS = (
    ("all", 2, None, None, 0, 9, "show hidden partitions too"),
    ("cancel_reboot", 3, "scontrol_admin", "cancel_reboot", 1, 1, "NODES: call a reboot off"),
    ("callerid", 3, "scontrol_admin", "callerid", 4, 5, ""),
    ("cluster", 2, "scontrol_admin", "cluster", 0, 9, "NAME: the cluster to ask"),
    ("completing", 2, "scontrol_show", "completing", 0, 0, "jobs that are completing"),
    ("create", 2, "scontrol_admin", "create", 1, 99, "KEY=VALUE...: a new partition, reservation"),
    ("details", 1, None, None, 0, 0, "more in show"),
    ("errnumstr", 2, "scontrol_admin", "errnumstr", 0, 99, "NUMBER: what an error number means"),
    ("exit", 2, None, None, 0, 0, "end"),
    ("getent", 6, None, None, 0, 9, ""),
    ("help", 2, None, None, 0, 0, "this text"),
    ("hide", 2, None, None, 0, 9, "no hidden partitions"),
    ("oneliner", 1, None, None, 0, 0, "one line for each record"),
    ("pidinfo", 3, "scontrol_steps", "pidinfo", 1, 1, "PID: the job of a process"),
    ("ping", 3, "scontrol_show", "ping", 0, 0, "is the controller there?"),
    ("quiet", 4, None, None, 0, 0, "no messages but errors"),
    ("quit", 4, None, None, 0, 0, "end"),
    ("reboot_nodes", 3, "scontrol_admin", "reboot", 0, 99, "NODES: reboot when idle"),
    ("reconfigure", 3, "scontrol_admin", "reconfigure", 0, 1, "read slurm.conf again"),
    ("requeue", 3, "scontrol_steer", "requeue", 1, 99, "JOBS: back into the queue"),
    ("requeuehold", 11, "scontrol_steer", "requeue_hold", 1, 99, "JOBS: back, and held"),
    ("hold", 4, "scontrol_steer", "hold", 1, 99, "JOBS: do not start them"),
    ("holdu", 5, "scontrol_steer", "hold", 1, 99, ""),
    ("uhold", 5, "scontrol_steer", "hold", 1, 99, "JOBS: the same, their owner may release them"),
    ("release", 3, "scontrol_steer", "release", 1, 99, "JOBS: let them start again"),
    ("suspend", 2, "scontrol_steer", "suspend", 1, 99, "JOBS: stop their processes"),
    ("resume", 3, "scontrol_steer", "suspend", 1, 99, "JOBS: let them go on"),
    ("top", 3, "scontrol_steer", "top", 1, 1, "JOBS: the first of yours"),
    ("token", 3, "scontrol_admin", "token", 0, 99, "a token for slurmrestd"),
    ("wait_job", 2, "scontrol_steer", "wait_job", 1, 1, "JOB: until its nodes are up"),
    ("setdebugflags", 9, "scontrol_admin", "set_debug_flags", 1, 1, "[+|-]FLAG"),
    ("setdebug", 2, "scontrol_admin", "set_debug", 1, 1, "LEVEL: slurmctld's messages"),
    ("schedloglevel", 3, "scontrol_admin", "set_schedlog", 1, 1, "LEVEL"),
    ("show", 3, "scontrol_show", "show", 0, 99, "ENTITY [ID]: job, node, partition, config, ..."),
    ("write", 5, "scontrol_steer", "write", 1, 3, "batch_script JOB [FILE]: a job's script"),
    ("takeover", 8, "scontrol_admin", "takeover", 0, 1, "by the backup controller"),
    ("shutdown", 8, "scontrol_admin", "shutdown", 0, 1, "end the daemons"),
    ("abort", 5, "scontrol_admin", "shutdown", 0, 1, "end the controller"),
    ("update", 1, "scontrol_update", "update", 1, 99, "KEY=VALUE...: change job, node, partition"),
    ("delete", 1, "scontrol_admin", "delete", 1, 99, "a partition or reservation"),
    ("verbose", 4, None, None, 0, 0, "tell more"),
    ("version", 4, None, None, 0, 0, "the version"),
    ("listpids", 1, "scontrol_steps", "listpids", 0, 2, "[JOB[.STEP] [NODE]]: processes of jobs"),
    ("notify", 1, "scontrol_steer", "notify", 2, 99, "JOB MESSAGE: write into its output"),
)
# Slurm words two of its messages about arguments the other way round
_KEYWORD_LAST = ("create", "update", "delete", "verbose", "version")


class Session:
    """One run of scontrol: the call, the flags so far, the exit code in the end."""

    def __init__(self, call):
        self.call, self.code = call, 0
        self.all = "SCONTROL_ALL" in call.env
        self.detail = self.one_line = self.quiet = self.verbose = self.ended = False
        self.future = "SCONTROL_FUTURE" in call.env
        self.view = None

    def open(self):
        """A View of the cluster as it is now."""
        ctl = self.call.controller
        ctl.settle()
        self.view = View(ctl, self.call.env)
        self.view.all = self.all
        return self.view

    def fail(self, text="", code=1):
        """Remember a failure and say why on stderr, as it stands."""
        self.code = code
        if text and not self.quiet:
            self.call.out.flush()
            self.call.err.write((text + "\n").encode("utf-8", "surrogateescape"))

    def error(self, text, code=1):
        """The same, as a line of Slurm's log."""
        self.code = code
        self.call.error(text)


def main(call):
    """Run scontrol; see Call for what goes in and out. Returns the exit code."""
    session, cluster = Session(call), None
    options, words = call.getopt(OPTIONS, permute=True, argv=_before_flags(call.argv))
    for option, value in options:
        name = option.dest
        if name == "help":
            print_help(call)
            return 0
        if name == "version":
            call.print(messages.VERSION)
            return 0
        if name == "clusters":
            cluster = value
        elif name == "uid":
            from .people import user_name
            if user_name(call.controller, value) is None:
                raise Fail(f'error: --uid="{value}" invalid', 0)
        _flag(session, name)
    if cluster or "SLURM_CLUSTERS" in call.env:
        from ..other_clusters import chosen
        chosen(call, cluster)
    if words:
        run(session, words)
    else:
        interactive(session)
    return session.code


def _before_flags(argv):
    """setdebugflags takes words like -backfill, which are no options."""
    for i, word in enumerate(argv):
        if word.lower().startswith("setdebugf"):
            return [*argv[:i], "--", *argv[i:]]
    return argv


def _flag(session, name):
    if name == "all":
        session.all = True
    elif name == "hide":
        session.all = session.detail = False
    elif name == "details":
        session.detail = True
    elif name == "oneliner":
        session.one_line = True
    elif name == "quiet":
        session.quiet = True
    elif name == "verbose":
        session.verbose = True
    elif name == "future":
        session.future = True


def begins(word, name, least):
    """Is `word` the beginning of `name`, with at least `least` letters? Case does not matter."""
    return len(word) >= least and name.startswith(word.lower())


def run(session, words):
    """Carry out one command."""
    tag, args = words[0], words[1:]
    # requeue is tried before requeuehold, as in Slurm; only the whole word means the latter
    for name, least, module, function, fewest, most, _ in COMMANDS:
        if begins(tag, name, least):
            break
    else:
        session.fail(f"invalid keyword: {tag}")
        return
    if name == "show" and not args:
        session.fail(f"too few arguments for keyword:{tag}")
    elif len(args) < fewest:
        few = "missing argument" if name in ("pidinfo", "cancel_reboot") else "too few arguments"
        session.fail(f"{few} for {tag} keyword" if name in _KEYWORD_LAST
                     else f"{few} for keyword:{tag}")
    elif len(args) > most:
        session.fail(f"too many arguments for {tag} keyword" if name in _KEYWORD_LAST
                     else f"too many arguments for keyword:{tag}")
    elif function:
        getattr(__import__(f"{__package__}.{module}", fromlist=[function]), function)(
            session, tag.lower(), args)
    elif name == "help":
        print_help(session.call)
    elif name == "version":
        session.call.print(messages.VERSION)
    elif name in ("exit", "quit"):
        session.ended = True
    else:
        _flag(session, name)


def interactive(session):
    """Commands from standard input, a line each."""
    from .words import split
    call, last = session.call, ""
    while not session.ended:
        call.print("scontrol: ", end="")
        call.out.flush()
        line = call.stdin.readline() if call.stdin else b""
        if not line:
            break
        text = line.decode("utf-8", "surrogateescape").rstrip("\n")
        if text == "!!":
            text = last
        last = text
        words = split(text)
        if words:
            run(session, words)
    call.print()


def print_help(call):
    from ..options import usage
    lines = [usage("scontrol", SYNOPSIS, OPTIONS), "Commands:\n"]
    lines += [f"  {name:<16} {text}\n" for name, *_, text in COMMANDS if text]
    call.print("".join(lines), end="")
