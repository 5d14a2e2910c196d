"""Read load.conf: how a bundled cluster opens, and the profile of what arrives.

Lines of Key=Value as in slurm.conf(5); the first key says what the line is about:

Seed=              chance begins here: another number, another run of luck
ArrivalsPerDay=    on the average of a week
QuietHours=        how busy users are outside of office hours, in them being 1
WorkDir=           pattern of the jobs' folders; %u user, %i the user's initial
User=              Uid= Account=
Node=              State= Flags= Reason= Since= By=: a node that is not simply up
Reservation=       Nodes= Partition= Users= Accounts= Flags= Since= For=
Running=           (its nodes) a job that runs: Elapsed= so far, Runs= in all, Waited= before
Waiting=           (its name) a job that waits: Since= Array= Dependency= Hold= Begin= NodeList=
Arrival=           (its weight) a kind of job.  Name, User, Nodes, Cpus, TimeLimit and Array are
                   lists, of which one is chosen, what stands twice twice as often; Runs= percent
                   of the time limit; Fails= and Timeouts= percent of the jobs

Cpus= is per node and without meaning where whole nodes are handed out, Mem= per node, Gres= per
node, times D-HH:MM:SS, Since= and Elapsed= before the opening, Begin= after it.
"""

from ..common.hostlist import BadHostlist, expand
from ..common.parse_time import BadValue, parse_duration
from ..common.proc_args import parse_memory
from .read_config import Conf, ConfError, conf_lines


def _words(text):
    return text.split(",")


def _numbers(text):
    return [_whole(n) for n in _words(text)]


def _times(text):
    return [parse_duration(t) for t in _words(text)]


def _whole(text):
    """A whole number from 1."""
    if int(text) < 1:
        raise BadValue(text)
    return int(text)


def _rate(text):
    """A number above 0."""
    if not 0 < float(text) < 1e6:
        raise BadValue(text)
    return float(text)


def _percent(text):
    low, dash, high = text.partition("-")
    if not 0 <= int(low) <= int(high or low) <= 100:
        raise BadValue(text)
    return int(low), int(high if dash else low)


def _gres(text):
    kind, _, count = text.rpartition(":")
    if not kind:
        raise BadValue(text)
    _whole(count)
    return text


def _array(text):
    """0-7, 0-7%2: the tasks of an array and how many of them may run at once."""
    tasks, percent, limit = text.partition("%")
    low, _, high = tasks.partition("-")
    if int(high) <= int(low) or percent and _whole(limit) > int(high):
        raise BadValue(text)
    return text


def _arrays(text):
    return [_array(item) for item in _words(text)]


# What a line may say, and how its value is read.
JOB = {"user": str, "name": str, "partition": str, "timelimit": parse_duration, "nodes": _whole,
       "cpus": _whole, "mem": parse_memory, "gres": _gres, "features": str, "runs": parse_duration,
       "command": str}
LINES = {
    "seed": {"seed": int},
    "arrivalsperday": {"arrivalsperday": _rate},
    "quiethours": {"quiethours": _rate},
    "workdir": {"workdir": str},
    "user": {"user": str, "uid": int, "account": str},
    "node": {"node": expand, "state": str, "flags": str, "reason": str, "since": parse_duration,
             "by": str},
    "reservation": {"reservation": str, "nodes": expand, "partition": str, "users": str,
                    "accounts": str, "flags": str, "since": parse_duration, "for": parse_duration},
    "running": {"running": expand, "elapsed": parse_duration, "waited": parse_duration, **JOB},
    "waiting": {"waiting": str, "since": parse_duration, "array": _array, "dependency": str,
                "hold": str, "begin": parse_duration, "nodelist": str, **JOB},
    "arrival": {**JOB, "arrival": _whole, "user": _words, "name": _words,
                "nodes": _numbers, "cpus": _numbers, "timelimit": _times, "array": _arrays,
                "runs": _percent, "fails": int, "timeouts": int},
}
# The rest of a line is optional.
NEEDED = {
    "user": ("uid", "account"), "node": ("state",), "reservation": ("nodes", "for"),
    "running": ("user", "name", "partition", "timelimit", "elapsed", "runs"),
    "waiting": ("user", "partition", "nodes", "timelimit", "since", "runs"),
    "arrival": ("user", "name", "partition", "nodes", "timelimit", "runs"),
}
SINGLE = ("seed", "arrivalsperday", "quiethours", "workdir")


def read(path):
    """A load.conf -> profile: plain dicts, lists, text and numbers, so that it can be kept.

    Times are seconds, memory MiB.  Raises ConfError, which names file and line.
    """
    profile = {"user": [], "node": [], "reservation": [], "running": [], "waiting": [],
               "arrival": [], "workdir": "/home/%u", "quiethours": 1.0}
    for where, pairs in conf_lines(path, Conf()):
        kind = pairs[0][0].lower()
        if kind not in LINES:
            raise ConfError(f"{where}: {pairs[0][0]}: a line begins with one of "
                            f"{', '.join(LINES)}")
        line = _line(where, LINES[kind], pairs)
        for key in NEEDED.get(kind, ()):
            if key not in line:
                raise ConfError(f"{where}: {pairs[0][0]} needs {key}=")
        if kind in SINGLE:
            profile.update(line)
        else:
            profile[kind].append(line)
    for key in ("seed", "arrivalsperday"):
        if key not in profile:
            raise ConfError(f"{path}: {key}= is missing")
    users = {user["user"] for user in profile["user"]}
    for kind in ("running", "waiting", "arrival"):
        for line in profile[kind]:
            asked = line["user"]
            for user in [asked] if isinstance(asked, str) else asked:
                if user not in users:
                    raise ConfError(f"{path}: no User line for {user}")
    profile["user"] = {user["user"]: user for user in profile["user"]}
    return profile


def _line(where, readers, pairs):
    line = {}
    for key, value in pairs:
        reader = readers.get(key.lower())
        if reader is None:
            raise ConfError(f"{where}: {key}: this line takes {', '.join(readers)}")
        try:
            line[key.lower()] = reader(value)
        except (BadValue, BadHostlist, ValueError):
            raise ConfError(f"{where}: {key}={value!r} cannot be read") from None
    return line


def check(profile, nodes, parts):
    """Raises ConfError where the profile names what the cluster does not have."""
    for kind, key in (("node", "node"), ("running", "running"), ("reservation", "nodes")):
        for line in profile[kind]:
            for name in line[key]:
                if name not in nodes:
                    raise ConfError(f"load.conf names node {name}, "
                                    "which slurm.conf does not define")
                kind_of_gres = line.get("gres", "").rpartition(":")[0]
                if kind_of_gres not in nodes[name].gres:
                    raise ConfError(f"load.conf gives {line['gres']} of node {name}, "
                                    f"which has {nodes[name].gres or 'none'}")
    for kind in ("running", "waiting", "arrival"):
        for line in profile[kind]:
            if line["partition"] not in parts:
                raise ConfError(f"load.conf names partition {line['partition']}, "
                                "which slurm.conf does not define")
