"""What squeue was asked for: options, environment, and the lists they name.

Source: squeue(1) of Slurm 22.05, options and environment variables.
"""

from ...common.getopt import OPTIONAL, REQUIRED, Option
from ...common.hostlist import BadHostlist, fold
from ...common.parse_time import atoi, leading_number
from ...common.records import STATE_CODES
from ..shared.call import FORMAT_AND_LONG, Fail

# What is shown where nothing is asked for, by release: of jobs, of them with --long, of steps.
DEFAULT = {2205: "jobarrayid:.18 ,partition:.9 ,name:.8 ,username:.8 ,statecompact:.2 ,"
                 "timeused:.10 ,numnodes:.6 ,reasonlist:0"}
LONG = {2205: "jobarrayid:.18 ,partition:.9 ,name:.8 ,username:.8 ,state:.8 ,timeused:.10 ,"
              "timelimit:.9 ,numnodes:.6 ,reasonlist:0"}
STEPS = {2205: "%.15i %.8j %.9P %.8u %.9M %N"}

OPTIONS = (
    Option("accounts", "A", REQUIRED, "only jobs of these accounts (comma list)", dest="account",
           env="SQUEUE_ACCOUNT"),
    Option("", "U", REQUIRED, "the same", dest="account"),
    Option("all", "a", help="jobs of hidden partitions too", env="SQUEUE_ALL"),
    Option("array", "r", help="one line for every array task", env="SQUEUE_ARRAY"),
    Option("array-unique", help="tell apart tasks that wait for different reasons",
           env="SQUEUE_ARRAY_UNIQUE"),
    Option("Format", "O", REQUIRED, "columns by name: jobid:10,name:.20,...",
           env="SQUEUE_FORMAT2"),
    Option("format", "o", REQUIRED, "columns by letter: \"%.18i %9P\"", env="SQUEUE_FORMAT"),
    Option("federation", help="jobs of the whole federation", effect=False),
    Option("help", help="this text"),
    Option("hide", help="no jobs of hidden partitions"),
    Option("iterate", "i", REQUIRED, "print again every so many seconds"),
    Option("jobs", "j", OPTIONAL, "only these jobs (comma list of ids)"),
    Option("local", help="only this cluster's jobs", effect=False),
    Option("long", "l", help="more columns"),
    Option("licenses", "L", REQUIRED, "only jobs that asked for these licenses",
           env="SQUEUE_LICENSES"),
    Option("cluster", "", REQUIRED, "another name of --clusters", dest="clusters"),
    Option("clusters", "M", REQUIRED, "ask these clusters", env="SLURM_CLUSTERS"),
    Option("me", help="only your own jobs"),
    Option("name", "n", REQUIRED, "only jobs of these names", env="SQUEUE_NAMES"),
    Option("noconvert", help="leave units as they are: 2048M, not 2G"),
    Option("node", "", REQUIRED, "another name of --nodelist", dest="nodelist"),
    Option("nodes", "", REQUIRED, "another name of --nodelist", dest="nodelist"),
    Option("nodelist", "w", REQUIRED, "only jobs on these nodes"),
    Option("noheader", "h", help="no title line"),
    Option("partitions", "p", REQUIRED, "only jobs of these partitions", env="SQUEUE_PARTITION"),
    Option("priority", "P", help="one line for every partition that a job asks for",
           env="SQUEUE_PRIORITY"),
    Option("qos", "q", REQUIRED, "only jobs of these qualities of service", env="SQUEUE_QOS"),
    Option("reservation", "R", REQUIRED, "only jobs of this reservation"),
    Option("sib", help="another name of --sibling", dest="sibling", effect=False),
    Option("sibling", help="all siblings of federated jobs", effect=False),
    Option("sort", "S", REQUIRED, "order, by column letters: P,t,-p", env="SQUEUE_SORT"),
    Option("start", help="waiting jobs with their expected start"),
    Option("steps", "s", OPTIONAL, "job steps, all or these"),
    Option("states", "t", REQUIRED, "only jobs in these states, or \"all\"", env="SQUEUE_STATES"),
    Option("usage", help="a short summary"),
    Option("user", "u", REQUIRED, "only jobs of these users", env="SQUEUE_USERS"),
    Option("users", "", REQUIRED, "another name of --user", dest="user"),
    Option("verbose", "v", help="tell what was asked"),
    Option("version", "V", help="the version"),
    Option("json", help="the queue as JSON"),
    Option("yaml", help="the queue as YAML"),
)
SYNOPSIS = "[OPTION]..."

START = "%.18i %.9P %.8j %.8u %.2t %.19S %.6D %20Y %R"

# job_state_num(): the order of Slurm's list of states
STATES = ("PENDING", "RUNNING", "SUSPENDED", "COMPLETED", "CANCELLED", "FAILED", "TIMEOUT",
          "NODE_FAIL", "PREEMPTED", "BOOT_FAIL", "DEADLINE", "OUT_OF_MEMORY", "COMPLETING",
          "CONFIGURING", "RESIZING", "RESV_DEL_HOLD", "REQUEUED", "REQUEUE_FED", "REQUEUE_HOLD",
          "REVOKED", "SIGNALING", "SPECIAL_EXIT", "STAGE_OUT", "STOPPED")


class Query:
    """What was asked for. Lists are None where nothing was said."""

    def __init__(self, told):
        """told: what input environment variables say, {dest: value}."""
        self.told = told
        self.all = self.array = self.array_unique = self.long = self.priority = False
        self.start = self.noheader = self.verbose = self.steps_flag = self.jobs_flag = False
        self.convert, self.iterate, self.dump, self.cluster = True, 0, "", ""
        self.format = self.long_format = self.sort = None
        self.accounts = self.jobs = self.steps = self.licenses = self.names = self.nodes = None
        self.partitions = self.qos = self.reservation = self.states = self.users = None


def read(call):
    """Options and environment -> (Query, operands); (None, []) when all is said. Raises Fail."""
    told = call.environment(OPTIONS)
    query = Query(told)
    query.all, query.array = "all" in told, "array" in told
    query.array_unique, query.priority = "array_unique" in told, "priority" in told
    query.sort = told.get("sort")
    formats_env, nodes = True, None
    options, operands = call.getopt(OPTIONS)
    for option, value in options:
        name = option.dest
        if call.informs([name], SYNOPSIS, OPTIONS):
            return None, []
        if name == "nodelist":
            nodes = value                    # of several only the last is looked at
        else:
            _take(call, query, name, value)
        if name in ("long", "format", "Format", "steps", "start"):
            formats_env = False
    if nodes is not None:
        query.nodes = node_names(call, nodes)
    if query.long and query.format is not None:
        raise Fail.fatal(FORMAT_AND_LONG)
    if formats_env:
        query.format = told.get("format")
        if query.format is None:
            query.long_format = told.get("Format")
    return query, operands


def _take(call, query, name, value):
    if name in ("all", "array", "array_unique", "long", "priority", "start", "noheader",
                "verbose"):
        setattr(query, name, True)
    elif name == "hide":
        query.all = False
    elif name == "noconvert":
        query.convert = False
    elif name == "iterate":
        query.iterate = leading_number(value)[0]
        if query.iterate <= 0:
            raise Fail.error(f"--iterate={value}\n")
    elif name == "account":
        query.accounts = split(value)
    elif name == "licenses":
        query.licenses = split(value)
    elif name == "name":
        query.names = split(value)
    elif name == "partitions":
        query.partitions, query.all = split(value), True
    elif name == "qos":
        query.qos = split(value)
    elif name == "reservation":
        query.reservation = value
    elif name == "sort":
        query.sort = value
    elif name == "states":
        query.states = states(call, value)
    elif name == "user":
        from ..shared.words import users
        query.users = users(call, value)
    elif name == "me":
        query.users = [call.controller.caller.user]
    elif name == "jobs":
        query.jobs_flag = True
        if value is not None:
            query.jobs = job_ids(value)
    elif name == "steps":
        query.steps_flag = True
        if value is not None:
            query.steps = step_ids(value)
    elif name == "format":
        if query.long_format is not None:
            raise Fail.error("-o (--format) is incompatible with -O (--Format)")
        query.format = value
    elif name == "Format":
        if query.format is not None:
            raise Fail.error("-O (--Format) is incompatible with -o (--format)")
        query.long_format = value
    elif name == "clusters":
        from ..shared.clusters_opt import chosen
        query.cluster = chosen(call, value)
    elif name in ("json", "yaml"):
        query.dump = name


def finish(call, query, operands):
    """Operands, what the environment says where no option did, and defaults. Raises Fail."""
    told = query.told
    if "clusters" in told and not query.cluster:
        from ..shared.clusters_opt import chosen
        query.cluster = chosen(call)
    if operands and query.jobs_flag:
        query.jobs = job_ids(operands.pop(0))
    elif operands and query.steps_flag:
        query.steps = step_ids(operands.pop(0))
    if operands:
        call.print(f"Usage: squeue {SYNOPSIS}")
        raise Fail.error(f"Unrecognized option: {operands[0]}")
    if query.jobs_flag and query.steps_flag and query.jobs is None:
        raise Fail.error("Incompatible options --jobs and --steps")
    if query.accounts is None and "account" in told:
        query.accounts = split(told["account"])
    if query.names is None and "name" in told:
        query.names = split(told["name"])
    if query.partitions is None and "licenses" in told:
        query.licenses = split(told["licenses"])
    if query.partitions is None and "partitions" in told:
        query.partitions, query.all = split(told["partitions"]), True
    if query.qos is None and "qos" in told:
        query.qos = split(told["qos"])
    if query.states is None and "states" in told:
        query.states = states(call, told["states"])
    if query.users is None and "user" in told:
        from ..shared.words import users
        query.users = users(call, told["user"])
    if query.start and not query.steps_flag:
        if query.format is None:
            query.format, query.long_format = START, None
        query.sort = "S" if query.sort is None else query.sort
        query.states = ["PENDING"] if query.states is None else query.states
    if query.verbose:
        echo(call, query)


def split(text):
    """A comma list -> its words, those that are empty left out."""
    return [t for t in text.split(",") if t]


def states(call, text):
    """"pd,R" -> ["PENDING", "RUNNING"]; "all" -> []; "" -> [""], which no job is in. Raises Fail."""
    if not text:
        return [""]
    if text.lower() == "all":
        return []
    found = []
    for word in split(text):
        for name in STATES:
            if word.upper() in (name, STATE_CODES.get(name)):
                found.append(name)
                break
        else:
            call.error(f"Invalid job state specified: {word}")
            raise Fail.error(f"Valid job states include: {','.join(STATES)}\n")
    return found


def job_ids(text):
    """"12,13_4" -> [(12, None), (13, 4)]. Raises Fail."""
    found = []
    for word in split(text):
        number, rest = atoi(word), leading_number(word)[1]
        task = leading_number(rest[1:])[0] if rest[:1] == "_" else None
        if not 0 < number < 1 << 31:
            raise Fail.error(f"Invalid job id: {word}")
        found.append((number, task))
    return found


def step_ids(text):
    """"12.0,13_4.1" -> [(12, None, 0), (13, 4, 1)]. Raises Fail."""
    found = []
    for word in split(text):
        parts = [p for p in word.split(".") if p]
        if not parts:
            break
        number, rest = leading_number(parts[0])
        task = leading_number(rest[1:])[0] if rest[:1] == "_" else None
        if len(parts) < 2:
            raise Fail.error(f"Invalid job_step id: {parts[0]}.??")
        step = leading_number(parts[1])[0]
        if number <= 0 or step < 0:
            raise Fail.error(f"Invalid job_step id: {parts[0]}.{parts[1]}")
        found.append((number, task, step))
    return found


def node_names(call, text):
    """-w's list -> {names}, checked against the cluster's nodes; a host's name stands for its node.
    Raises Fail."""
    try:
        names = call.node_names(text)
    except BadHostlist:
        raise Fail.error(f"'{text}' invalid entry for --nodelist") from None
    known = call.controller.cluster().nodes
    hosts = {node.hostname: node.name for node in known.values()}
    found = set()
    for typed in names:
        name = typed
        if name == "localhost":
            import os
            name = os.uname().nodename.partition(".")[0]
        if name not in known and name not in hosts:
            raise Fail.error(f"Invalid node name {typed}")
        found.add(name if name in known else hosts[name])
    return found


def echo(call, query):
    """Print the options in effect."""
    def flag(value):
        return "true" if value else "false"

    def text(value):
        return "(null)" if value is None else value

    def words(value):
        return "(null)" if value is None else ",".join(map(str, value))
    jobs = None if query.jobs is None else [f"{n}" if t is None else f"{n}_{t}"
                                            for n, t in query.jobs]
    steps = None if query.steps is None else [f"{n}.{s}" for n, _, s in query.steps]
    rows = (
        ("all         ", flag(query.all)), ("array       ", flag(query.array)),
        ("federation  ", "false"), ("format      ", text(query.format)),
        ("iterate     ", query.iterate), ("job_flag    ", int(query.jobs_flag)),
        ("jobs        ", words(jobs)), ("licenses    ", words(query.licenses)),
        ("local       ", "false"), ("names       ", words(query.names)),
        ("nodes       ", fold(query.nodes) if query.nodes else ""),
        ("partitions  ", words(query.partitions)), ("priority    ", flag(query.priority)),
        ("reservation ", text(query.reservation)), ("sibling      ", "false"),
        ("sort        ", text(query.sort)), ("start_flag  ", int(query.start)),
        ("states      ", words(query.states)), ("step_flag   ", int(query.steps_flag)),
        ("steps       ", words(steps)), ("users       ", words(query.users)),
        ("verbose     ", int(query.verbose)),
    )
    rule = "-" * 29
    call.print("\n".join([rule, *[f"{name}= {value}" for name, value in rows], rule, "", ""]))
