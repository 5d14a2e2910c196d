"""sacctmgr: reads and changes the accounting database. Source: sacctmgr(1) of Slurm 22.05."""

from ...common import slurm_errno
from ...common.getopt import Option
from ...common.print_table import fits
from . import messages
from .session import Session

OPTIONS = (
    Option("help", "h", help="this text"),
    Option("usage", "", help="this text", dest="help"),
    Option("immediate", "i", help="make the changes without asking"),
    Option("noheader", "n", help="no title lines"),
    Option("oneliner", "o", help="accepted, changes nothing"),
    Option("parsable", "p", help="columns with bars between them and at the end"),
    Option("parsable2", "P", help="columns with bars between them"),
    Option("quiet", "Q", help="no messages but errors"),
    Option("readonly", "r", help="refuse to change anything"),
    Option("associations", "s", help="accounts and users with their associations"),
    Option("verbose", "v", help="tell more"),
    Option("version", "V", help="the version"),
)
SYNOPSIS = "[OPTION]... [COMMAND [ENTITY [WORD]...]]"

# verb: (names with least letters, what it is, one line of help); the first that fits is taken
VERBS = (
    ("associations", 3, "associations", "show associations with accounts and users"),
    ("dump", 3, "dump", "CLUSTER [File=NAME]: write the associations of a cluster into a file"),
    ("help", 2, "help", "this text"),
    ("load", 2, "load", "FILE [Clean] [Cluster=NAME]: make what a dumped file says"),
    ("oneliner", 1, "oneliner", ""), ("quiet", 4, "quiet", "no messages but errors"),
    ("exit", 4, "exit", "end"), ("\\q", 2, "exit", ""), ("quit", 4, "exit", "end"),
    ("add", 3, "add", "ENTITY WORDS: a new account, user, coordinator, qos, cluster"),
    ("create", 3, "add", "the same"),
    ("archive", 3, "archive", "not in the mock"), ("clear", 3, "clear", "stats: forget the counts"),
    ("show", 3, "list", "ENTITY [WORDS]: list it"), ("list", 3, "list", "the same"),
    ("modify", 1, "modify", "ENTITY [where] WORDS set WORDS: change it"),
    ("update", 1, "modify", "the same"),
    ("delete", 3, "delete", "ENTITY [where] WORDS: delete it"), ("remove", 3, "delete", "the same"),
    ("verbose", 4, "verbose", "tell more"), ("readonly", 4, "readonly", "refuse to change anything"),
    ("reconfigure", 4, "reconfigure", "have the database read its configuration"),
    ("rollup", 2, "rollup", "have usage summed up"), ("shutdown", 4, "shutdown", "end the database"),
    ("version", 4, "version", "the version"),
)
ALONE = ("help", "oneliner", "quiet", "exit")          # "keyword:" in their messages
# What follows a verb: (names with least letters, entity)
ENTITIES = {
    "list": (("Accounts", 2, "account"), ("Acct", 4, "account"), ("Associations", 2, "assoc"),
             ("Clusters", 2, "cluster"), ("Configuration", 2, "config"), ("Events", 1, "event"),
             ("Federation", 1, "federation"), ("Problems", 1, "problem"), ("QOS", 1, "qos"),
             ("Resource", 4, "resource"), ("Reservations", 4, "reservation"),
             ("Resv", 4, "reservation"), ("RunawayJobs", 2, "runaway"), ("Stats", 1, "stats"),
             ("Transactions", 1, "transaction"), ("Txn", 1, "transaction"), ("TRES", 2, "tres"),
             ("Users", 1, "user"), ("WCKeys", 1, "wckey")),
    "add": (("Account", 1, "account"), ("Acct", 4, "account"), ("Cluster", 2, "cluster"),
            ("Coordinator", 2, "coordinator"), ("Federation", 1, "federation"), ("QOS", 1, "qos"),
            ("Resource", 1, "resource"), ("User", 1, "user")),
    "clear": (("Stats", 1, "stats"),),
    "archive": (("dump", 1, "dump"), ("load", 1, "load")),
    "modify": (("Accounts", 1, "account"), ("Acct", 4, "account"), ("Clusters", 5, "cluster"),
               ("Federation", 1, "federation"), ("Job", 1, "job"), ("QOS", 1, "qos"),
               ("Resource", 1, "resource"), ("Users", 1, "user")),
    "delete": (("Accounts", 1, "account"), ("Acct", 4, "account"), ("Clusters", 2, "cluster"),
               ("Coordinators", 2, "coordinator"), ("Federation", 1, "federation"), ("QOS", 2, "qos"),
               ("Resource", 1, "resource"), ("Users", 1, "user")),
}


def main(call):
    """Run sacctmgr; see Call for what goes in and out. Returns the exit code. Raises Fail where
    there is no database."""
    options, words = call.getopt(OPTIONS, permute=True)
    names = [option.dest for option, _ in options]
    if "help" in names or "version" in names:
        call.informs(["help" if "help" in names else "version"], SYNOPSIS, OPTIONS)
        if "help" in names:
            print_verbs(call)
        return 0
    if not call.controller.config.get("AccountingStorageType", "").endswith("/slurmdbd"):
        from ..shared.call import Fail
        raise Fail.bare(messages.NO_DATABASE)
    session = Session(call)
    for name in names:
        if name in ("parsable", "parsable2"):
            session.parsable = "ending" if name == "parsable" else "bare"
        session.asks &= name != "immediate"
        session.header &= name != "noheader"
        session.readonly |= name == "readonly"
        session.with_assoc |= name == "associations"
    if words:
        run(session, words)
        return session.exit_code
    return interactive(session)


def run(session, words):
    """Carry out one command."""
    word, args = words[0], words[1:]
    verb = next((v for name, least, v, _ in VERBS if fits(word, name, least)), None)
    if verb is None:
        session.fail(messages.INVALID_KEYWORD.format(word=word))
    elif args and verb in ALONE:
        session.fail(messages.TOO_MANY_COLON.format(word=word))
        _alone(session, verb)
    elif args and verb in ("verbose", "readonly", "reconfigure", "shutdown", "version"):
        session.fail(messages.TOO_MANY.format(word=word))
        _alone(session, verb)
    elif verb in ("dump", "load"):
        from . import file
        (file.dump if verb == "dump" else file.load)(session, args)
    elif verb in ENTITIES:
        entity = next((e for name, least, e in ENTITIES[verb] if args and fits(args[0], name, least)), None)
        if verb not in ("list", "clear") and session.readonly:
            session.fail(messages.READONLY)
        elif entity is None:
            session.exit_code = 1
            session.tell(messages.NO_ENTITY[verb].rstrip("\n"))
        else:
            _on(session, verb, entity, args[1:])
    else:
        _alone(session, verb)


def _on(session, verb, entity, words):
    """Carry out a verb on an entity."""
    from .verbs import FUNCTIONS
    function = FUNCTIONS.get((verb, entity))
    if function:
        function(session, words)
    else:
        session.fail(messages.NOT_HERE.format(what=f"{verb} {entity}"))


def _alone(session, verb):
    """Verbs without an entity."""
    if verb == "associations":
        session.with_assoc = True
    elif verb == "readonly":
        session.readonly = True
    elif verb == "exit":
        session.ended = True
    elif verb == "help":
        session.call.informs(["help"], SYNOPSIS, OPTIONS)
        print_verbs(session.call)
    elif verb == "version":
        session.call.informs(["version"], SYNOPSIS, OPTIONS)
    elif verb == "shutdown":
        session.fail(messages.NO_SHUTDOWN.format(
            why=session.call.strerror(slurm_errno.ESLURM_ACCESS_DENIED if session.level() < 2
                                      else slurm_errno.ESLURM_DISABLED)))


def interactive(session):
    """Commands from standard input, a line each; the exit code is the last mistake's."""
    from ..shared.interactive import typed
    code = 0
    for words in typed(session, echo=True, again=True, comments=True):
        session.exit_code = 0
        session.forget()
        run(session, words)
        code = session.exit_code or code
    return code


def print_verbs(call):
    """The second half of --help: sacctmgr's commands, a line each, on stdout."""
    lines = ["Commands:\n"] + [f"  {name:<16} {text}\n" for name, _, _, text in VERBS if text]
    call.print("".join(lines), end="")
