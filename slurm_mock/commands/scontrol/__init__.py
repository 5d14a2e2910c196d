"""scontrol: looks at one thing in full, and steers. Source: scontrol(1) of Slurm 22.05."""

from ...common import release
from ..shared.call import Fail
from ..shared.view import View
from .opts import COMMANDS, OPTIONS, begins, print_help

# Slurm words two of its messages about arguments the other way round
_KEYWORD_LAST = ("create", "update", "delete", "verbose", "version")


class Session:
    """One run of scontrol: the call, the flags so far, the exit code in the end."""

    def __init__(self, call):
        self.call, self.code = call, 0
        self.told = call.environment(OPTIONS)        # {option: value of its variable}
        self.all, self.future = "all" in self.told, "future" in self.told
        self.detail = self.one_line = self.quiet = self.verbose = self.ended = False
        self.view = None

    def open(self):
        """A View of the cluster as it is now."""
        ctl = self.call.controller
        ctl.settle()
        self.view = View(ctl, self.call.env)
        self.view.complain = self.call.error
        self.view.all = self.all
        return self.view

    def fail(self, text="", code=1):
        """Remember a failure and say why on stderr, as it stands."""
        self.code = code
        if text and not self.quiet:
            self.call.tell(text + "\n")

    def error(self, text, code=1):
        """The same, as a line of Slurm's log."""
        self.code = code
        self.call.error(text)

    def perror(self, what, errno, code=1):
        """The same, as slurm_perror says it: what failed, and the text of the error."""
        self.fail(f"{what}: {self.call.strerror(errno)}", code)


def main(call):
    """Run scontrol; see Call for what goes in and out. Returns the exit code. Raises Fail."""
    session, cluster = Session(call), None
    options, words = call.getopt(OPTIONS, permute=True, argv=_before_flags(call.argv))
    for option, value in options:
        name = option.dest
        if name == "help":
            print_help(call)
            return 0
        if name == "version":
            call.print(release.package_version(call.release))
            return 0
        if name == "clusters":
            cluster = value
        elif name == "uid":
            from ...slurmctld.uid import user_name
            if user_name(call.controller, value) is None:
                raise Fail.error(f'--uid="{value}" invalid', 0)
        _flag(session, name)
    if cluster or "clusters" in session.told:
        from ..shared.clusters_opt import chosen
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
        session.call.print(release.package_version(session.call.release))
    elif name in ("exit", "quit"):
        session.ended = True
    else:
        _flag(session, name)


def interactive(session):
    """Commands from standard input, a line each."""
    from ..shared.interactive import typed
    for words in typed(session, again=True):
        run(session, words)
    if session.ended:
        session.call.print()
