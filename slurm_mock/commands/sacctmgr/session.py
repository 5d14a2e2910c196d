"""One run of sacctmgr: what it has changed, whether it may, and what it asks before it commits.
"""

from ...common import slurm_errno
from . import messages
from .words import ADMIN_LEVELS

PATIENCE = 30.0                          # seconds


class Session:
    """One run of sacctmgr: how it prints, whether it asks, what it has read."""

    def __init__(self, call):
        self.call, self.ctl = call, call.controller
        self.asks, self.header, self.parsable = True, True, ""
        self.readonly = self.with_assoc = self.ended = False
        self.exit_code, self._book = 0, None

    @property
    def book(self):
        """The database, for this command alone: it may be changed and thrown away."""
        if self._book is None:
            from ...slurmdbd.register import read
            self._book = read(self.ctl.store, self.ctl.config)
        return self._book

    def forget(self):
        """What was changed and not committed."""
        self._book = None

    def print(self, text="", end="\n"):
        """Text on stdout, with `end` behind it."""
        self.call.print(text, end)

    def tell(self, text):
        """A line on stderr, as it is."""
        self.call.tell(text + "\n")

    def fail(self, text):
        """A line on stderr, as it is; the exit code is 1 from now on."""
        self.tell(text)
        self.exit_code = 1

    def refuse(self, errno):
        """What slurmdbd answered, and that it is a failure."""
        self.fail(messages.REQUEST.format(why=self.call.strerror(errno)))

    def error(self, text):
        """A line of the log; the exit code is left to the caller."""
        self.call.error(text)

    # ---- rights ------------------------------------------------------------

    def level(self):
        """0 for an ordinary user, 1 for an operator, 2 for an administrator."""
        caller = self.ctl.caller
        user = self.book.users.get(caller.user)
        own = ("None", "Operator", "Administrator").index(user.admin_level) if user else 0
        return 2 if caller.admin else own

    def coordinates(self, account):
        """Is the caller a coordinator of the account, or of one above it?"""
        return self.book.coordinates(self.ctl.caller.user, account)

    # ---- lists of QOS ------------------------------------------------------

    def qos_list(self, text, sign="", signed=False):
        """A comma list of QOS -> names, or [(sign, name)]; None, and a message, when it is bad.
        Nothing at all is [("", "")]: no list of one's own."""
        from ..shared.words import unquoted
        if not text:
            return [("", "")] if signed else []
        found = []
        for name in unquoted(text).split(","):
            mark = sign
            if name[:1] in ("+", "-"):
                mark, name = name[0], name[1:]
            if not name:
                self.error(messages.EMPTY_QOS)
                return None
            if name not in self.book.qos:
                self.error(messages.BAD_QOS.format(
                    name=name, known=",".join(self.book.qos) or "(null)"))
                return None
            if found and bool(mark) != bool(found[0][0]):
                self.error(messages.MIXED_QOS)
                return None
            if (mark, name) not in found:
                found.append((mark, name))
        return found if signed else [name for _, name in found]

    # ---- changes -----------------------------------------------------------

    def commit(self, action, where="", info=""):
        """Ask, then write what was changed; False when it was thrown away."""
        from ...slurmdbd.register import keep_ids
        if not ask(self, messages.COMMIT):
            self.print(messages.DISCARDED)
            with self.ctl.store as store:
                keep_ids(store, self.book)
            self.forget()
            return False
        from ...common.slurmdb import Transaction
        from ...slurmdbd.register import save
        with self.ctl.store as store:
            save(store, self.book)
            store.insert(Transaction(time=self.ctl.now, action=action, actor=self.ctl.caller.user,
                                     where_text=where, info=info, cluster=self.book.cluster))
            self.ctl.dirty()
        self.forget()
        self.ctl.moved()
        return True


def ask(session, question):
    """Ask on stdout, read one letter from stdin; "y" is yes. With -i the answer is yes."""
    if not session.asks:
        return True
    session.print(messages.ASK.format(question=question))
    letter = ""
    while letter.lower() not in ("y", "n", "\n") or not letter:
        if letter:
            session.print(messages.ASK_AGAIN)
        session.print(messages.PROMPT, end="")
        session.call.out.flush()
        letter = read_letter(session.call.stdin)
        if letter is None:
            session.print(messages.TIMEOUT)
            return False
        session.print()
        if not letter:
            return False                 # the end of stdin: nobody will ever answer
    return letter.lower() == "y"


def read_letter(stdin):
    """One letter, "" at the end of input, None when nobody answered in time."""
    if stdin is None:
        return ""
    try:
        number = stdin.fileno()
    except (OSError, ValueError, AttributeError):
        return stdin.read(1).decode("latin-1")       # no file: it has its answer or none
    import select
    if not select.select([number], [], [], PATIENCE)[0]:
        return None
    before = None
    if stdin.isatty():
        import termios
        before = termios.tcgetattr(number)
        mode = termios.tcgetattr(number)
        mode[3] &= ~termios.ICANON
        termios.tcsetattr(number, termios.TCSANOW, mode)
    try:
        return stdin.read(1).decode("latin-1")
    finally:
        if before is not None:
            termios.tcsetattr(number, termios.TCSANOW, before)


def level_named(text):
    """AdminLevel by name or its beginning."""
    word = text.lower()
    return next((level for level in ADMIN_LEVELS if word and level.lower().startswith(word)), None)


def denied(session, what):
    """May not: what an attempt to add is told."""
    session.fail(messages.PROBLEM_ADDING.format(
        what=what, why=session.call.strerror(slurm_errno.ESLURM_ACCESS_DENIED)))
    session.forget()


def refused(session):
    """May not: what an attempt to change or delete is told. What was changed is thrown away."""
    session.error(messages.NO_PRIVILEGE)
    session.refuse(slurm_errno.ESLURM_ACCESS_DENIED)
    session.forget()


def clusters_known(session, wanted):
    """Is one of these clusters in the database, or is none named? Tells of each that is not there."""
    for name in wanted:
        if name not in session.book.clusters:
            session.fail(messages.NO_CLUSTER.format(name=name))
    return not wanted or any(name in session.book.clusters for name in wanted)
