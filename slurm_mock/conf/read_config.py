"""Read slurm.conf and the files beside it into plain data.

Obeys slurm.conf(5): `Key=Value` pairs, case-insensitive keys, `#` comments, a line
that ends in `\\` goes on, `Include FILE`, DEFAULT node and partition lines, node
ranges.  Nothing that the file names (devices, hosts, folders) has to exist.
"""

import os

from ..common.hostlist import BadHostlist, expand, order, ranges
from ..common.parse_time import BadValue, parse_limit
from ..common.records import FOREVER, Node
from ..common.release import CURRENT
from ..common.tres import SHARED, tres_weights
from . import keywords
from .params import multifactor
from .weights import uncounted

# As wide as Slurm keeps them: most numbers, counts of CPUs and ports, MiB of memory.
MOST_NUMBER, MOST_CPUS, MOST_MEMORY = (1 << 32) - 1, (1 << 16) - 1, (1 << 48) - 1
# What is TYPE=NUMBER,...: of the cluster, of a partition.
WEIGHTS = ("PriorityWeightTRES", "TRESBillingWeights")


class ConfError(Exception):
    """A file that cannot be used; the text names file, line and what to do."""


class Conf:
    """What the files say.

    config      {Key: value} in slurm.conf's spelling
    nodes       [Node], by name
    partitions  [(name, {Key: value})] in the order of the file
    down        [(names, state, flags, reason)] from DownNodes lines
    unknown     ["file:line: Key"] of keywords that slurm.conf(5) does not have
    files       [(path, mtime in ns)] of all that was read
    keywords    {kind of line: {keyword in small letters: its spelling}} of the release
    """

    def __init__(self, release=CURRENT):
        self.keywords = {kind: keywords.table(kind, release) for kind in keywords.KINDS}
        self.config, self.nodes, self.partitions = {}, [], []
        self.down, self.unknown, self.files, self.gres = [], [], [], []
        self.node_sets = {}


def read(path, release=CURRENT):
    """The slurm.conf at `path` -> Conf, as that release of Slurm reads it. Raises ConfError."""
    conf = Conf(release)
    node_defaults, part_defaults = {}, {}
    for where, pairs in conf_lines(path, conf):
        kind = pairs[0][0].lower()
        if kind == "nodename":
            _node_line(conf, where, pairs, node_defaults)
        elif kind == "partitionname":
            _partition_line(conf, where, pairs, part_defaults)
        elif kind == "downnodes":
            words = {k.lower(): v for k, v in pairs}
            state = node_state(words.get("state", "DOWN").split("*")[0].upper())
            conf.down.append((_names(words["downnodes"], where),
                              state["state"], state["flags"], words.get("reason", "")))
        elif kind == "nodeset":
            words = {k.lower(): v for k, v in pairs}
            conf.node_sets[words["nodeset"]] = (words.get("nodes", ""), words.get("feature", ""))
        else:
            for key, value in pairs:
                _set(conf, where, key, value)
    if "ClusterName" not in conf.config:
        raise ConfError(f"{path}: ClusterName is missing: add a line such as ClusterName=mycluster")
    if not conf.nodes:
        raise ConfError(f"{path}: no NodeName line: a cluster needs at least one node")
    _complete(conf.config)
    # slurmctld keeps the cluster's name in small letters and its nodes sorted
    conf.config["ClusterName"] = conf.config["ClusterName"].lower()
    conf.nodes.sort(key=lambda node: order(node.name))
    for idx, node in enumerate(conf.nodes):
        node.idx = idx
    _read_gres(path, conf)
    _count_gres(path, conf)
    _bind_gres(path, conf)
    _resolve_partitions(path, conf)
    _weigh(path, conf)
    return conf


def _complete(config):
    """What holds of the selection of nodes where the file says nothing of it."""
    kind = config.setdefault("SelectType", "select/linear")
    if kind.rpartition("/")[2].startswith("cons_"):
        config.setdefault("SelectTypeParameters", "CR_Core_Memory")


def _set(conf, where, key, value):
    name = conf.keywords["config"].get(key.lower())
    if name is None:
        conf.unknown.append(f"{where}: {key}")
        return
    if name == "SlurmctldHost" and name in conf.config:
        return                       # the second is the backup controller
    check(name, value, where)
    conf.config[name] = value


def check(key, value, where):
    """Refuse a value that the mock counts with and could not read later. Raises ConfError."""
    if key in keywords.NUMBERS:
        _number({key: value}, key, 0, where)
    elif key in keywords.TIMES:
        _time(key, value, where)
    elif key == "MaxNodes":
        if value.upper() != "UNLIMITED":
            _number({key: value}, key, 0, where)
    elif key.startswith(("DefMemPer", "MaxMemPer")):
        if value.isdecimal():            # other words stand for none
            _number({key: value}, key, 0, where, MOST_MEMORY)
    elif key == "SlurmctldPort":         # a port, or a range of them
        for port in value.split("-"):
            _number({key: port}, key, 0, where, MOST_CPUS)
    elif key == "OverTimeLimit":
        words = value.split() or [""]    # "0 min", as scontrol shows it
        if words[0].upper() not in ("UNLIMITED", "INFINITE", "NONE"):
            _number({key: words[0]}, key, 0, where)
    elif key == "JobAcctGatherFrequency" and value:
        for i, item in enumerate(value.split(",")):
            kind, equals, seconds = item.partition("=")
            _number({key: seconds if equals or i else kind}, key, 0, where)
    elif key in WEIGHTS:
        try:
            tres_weights(value)
        except ValueError as error:
            raise ConfError(f"{where}: {key}={error.args[0]!r} is not a weight: give TYPE=NUMBER,..., such as "
                            "CPU=1.0,Mem=0.25G") from None


def _weigh(path, conf):
    """Refuse weights of what the cluster does not count, where they are asked for."""
    for words in conf.config, *(words for _, words in conf.partitions):
        for key in WEIGHTS[not multifactor(conf.config):]:
            for name in uncounted(tres_weights(words.get(key, "")), conf.config):
                raise ConfError(f"{path}: {key} names {name}, which is not counted: add it to AccountingStorageTRES")


def conf_lines(path, conf, above=()):
    """Yield ("file:line", [(key, value), ...]) of a file and of what it includes, and note the
    files in `conf`. above: real paths of the files in which it is included. Raises ConfError."""
    try:
        with open(path, encoding="utf-8", errors="surrogateescape") as f:
            text = f.read()
        conf.files.append((path, os.stat(path).st_mtime_ns))
    except OSError as error:
        raise ConfError(f"{path}: {error.strerror}") from None
    pending, first = "", 0
    for number, line in enumerate(text.split("\n"), 1):
        line = _without_comment(line).rstrip()
        first = first or number
        if line.endswith("\\"):
            pending += line[:-1] + " "
            continue
        indented = (pending + line)[:1].isspace()
        line, pending, begun, first = (pending + line).strip(), "", first, 0
        if not line:
            continue
        where = f"{path}:{begun}"
        if any("\udc80" <= letter <= "\udcff" for letter in line):
            raise ConfError(f"{where}: a letter that is not UTF-8: save the file as UTF-8 text")
        if line[:7].lower() == "include" and line[7:8].isspace():
            if indented:
                raise ConfError(f"{where}: blanks before Include: Slurm reads it only where a line begins with it")
            target = line[8:].strip()
            name = conf.config.get("ClusterName", "")
            if "%c" in target and not name:
                raise ConfError(f"{where}: %c stands for ClusterName, which must come before it")
            target = target.replace("%c", name.lower())
            target = os.path.join(os.path.dirname(path), target)
            if not os.path.exists(target):
                raise ConfError(f"{where}: there is no file {target} to include")
            inside = (*above, os.path.realpath(path))
            if os.path.realpath(target) in inside:
                raise ConfError(f"{where}: {target} would include itself without end")
            yield from conf_lines(target, conf, inside)
            continue
        yield where, _pairs(line, where)


def _without_comment(line):
    cut = 0
    while True:
        cut = line.find("#", cut)
        if cut < 0:
            return line
        if not cut or line[cut - 1] != "\\":
            return line[:cut]
        line = line[:cut - 1] + line[cut:]


def _pairs(line, where):
    """'NodeName=n1 Reason="a b"' -> [("NodeName", "n1"), ("Reason", "a b")]."""
    pairs, i, n = [], 0, len(line)
    while i < n:
        if line[i].isspace():
            i += 1
            continue
        eq = line.find("=", i)
        key = line[i:eq].strip() if eq > 0 else line[i:]
        # "+=" and "-=" change a list; the mock takes the value as it stands
        key = key.rstrip("+-")
        if eq < 0 or not key or any(c.isspace() for c in key):
            raise ConfError(f"{where}: cannot read {line[i:i + 40]!r}: expected Key=Value")
        i = eq + 1
        while i < n and line[i] in " \t":
            i += 1
        if i < n and line[i] == '"':
            end = line.find('"', i + 1)
            if end < 0:
                raise ConfError(f"{where}: the quote of {key} does not close")
            value, i = line[i + 1:end], end + 1
        else:
            end = i
            while end < n and not line[end].isspace():
                end += 1
            value, i = line[i:end], end
        pairs.append((key, value))
    return pairs


def _names(text, where):
    try:
        return expand(text)
    except BadHostlist:
        raise ConfError(f"{where}: {text!r} is not a node list: write it like n[01-04,07]") from None


def _number(words, key, default, where, most=MOST_NUMBER):
    value = words.get(key)
    if value is None:
        return default
    try:
        number = int(value)
    except ValueError:
        raise ConfError(f"{where}: {key}={value!r} is not a whole number") from None
    if abs(number) > most:
        raise ConfError(f"{where}: {key}={value!r} is too large: {most} at most")
    return number


def _time(key, text, where):
    if text.upper() in ("NONE", "INFINITE", "UNLIMITED"):
        return
    try:
        parse_limit(text)
    except BadValue:
        raise ConfError(f"{where}: {key}={text!r} is not a time: give minutes, h:m:s or d-h, "
                        "or UNLIMITED") from None


def _node_line(conf, where, pairs, defaults):
    words = {}
    for key, value in pairs:
        if key.lower() not in conf.keywords["node"]:
            conf.unknown.append(f"{where}: {key}")
        words[key.lower()] = value
    if words["nodename"].upper() == "DEFAULT":
        defaults.update({k: v for k, v in words.items() if k != "nodename"})
        return
    words = {**defaults, **words}
    names = _names(words["nodename"], where)
    addrs = _names(words.get("nodeaddr", ""), where) if "nodeaddr" in words else []
    hosts = _names(words.get("nodehostname", ""), where) if "nodehostname" in words else []
    ports = _names(f"[{words['port'].strip('[]')}]", where) if "port" in words else []
    for port in ports:
        _number({"port": port}, "port", 0, where, MOST_CPUS)

    def count(key, default):
        return _number(words, key, default, where, MOST_CPUS)

    threads, boards = count("threadspercore", 1), count("boards", 1)
    sockets = count("sockets", count("socketsperboard", 0) * boards)
    cores = count("corespersocket", 1)
    cpus = count("cpus", 0) or count("procs", 0)
    if not sockets:
        sockets = max(1, cpus // (cores * threads)) if cpus else 1
    cpus = cpus or sockets * cores * threads
    _number({"cpus": cpus}, "cpus", 0, where, MOST_CPUS)
    spec_list = words.get("cpuspeclist", "")
    each = max(1, cpus // max(1, sockets * cores))
    spec = (len({int(cpu) // each for cpu in _names(f"[{spec_list}]", where)}) if spec_list
            else count("corespeccount", 0))
    known = {node.name for node in conf.nodes}
    for i, name in enumerate(names):
        if name in known:
            raise ConfError(f"{where}: node {name} is defined twice")
        known.add(name)
        conf.nodes.append(Node(
            name=name, idx=len(conf.nodes),
            addr=addrs[min(i, len(addrs) - 1)] if addrs else name,
            hostname=hosts[min(i, len(hosts) - 1)] if hosts else name,
            port=int(ports[min(i, len(ports) - 1)]) if ports else 6818,
            cpus=cpus, boards=boards, sockets=sockets, cores=cores, threads=threads,
            memory=_number(words, "realmemory", 1, where, MOST_MEMORY),
            tmp_disk=_number(words, "tmpdisk", 0, where),
            weight=_number(words, "weight", 1, where),
            features=words.get("features", words.get("feature", "")),
            active_features=words.get("features", words.get("feature", "")),
            gres=words.get("gres", ""),
            core_spec=spec, cpu_spec_list=spec_list,
            mem_spec=_number(words, "memspeclimit", 0, where, MOST_MEMORY),
            reason=words.get("reason", ""),
            **node_state(words.get("state", "UNKNOWN").upper())))


def node_state(word):
    """The State of a NodeName or DownNodes line -> the node's base state and flags. A real slurmd would
    register and turn UNKNOWN into IDLE; the mock's nodes do so at once."""
    if word == "DOWN":
        return {"state": word, "flags": "", "reason_user": "root"}
    if word == "CLOUD":
        return {"state": "IDLE", "flags": word}
    if word in ("DRAIN", "DRAINED", "FAIL"):
        return {"state": "IDLE", "flags": "DRAIN" if word != "FAIL" else "FAIL",
                "reason_user": "root"}
    return {"state": "IDLE", "flags": ""}


def _partition_line(conf, where, pairs, defaults):
    words = {}
    for key, value in pairs:
        name = conf.keywords["partition"].get(key.lower())
        if name is None:
            conf.unknown.append(f"{where}: {key}")
            continue
        words[name] = value
    if words["PartitionName"].upper() == "DEFAULT":
        defaults.update({k: v for k, v in words.items() if k != "PartitionName"})
        return
    words = {**defaults, **words}
    for key, value in words.items():
        check(key, value, where)
    if words.get("Default", "").upper() == "YES":
        for _, others in conf.partitions:        # the last one is it
            others.pop("Default", None)
    _drop_default_time(words)
    for name in words.pop("PartitionName").split(","):
        for i, (known, _) in enumerate(conf.partitions):
            if known == name:
                conf.partitions.pop(i)
                break
        conf.partitions.append((name, dict(words)))


def _drop_default_time(words):
    """A DefaultTime beyond MaxTime is none."""
    times = [words.get(key, "UNLIMITED").upper() for key in ("DefaultTime", "MaxTime")]
    default, most = (FOREVER if time in ("UNLIMITED", "INFINITE", "NONE") else parse_limit(time) for time in times)
    if default > most and times[0] != "NONE":
        words.pop("DefaultTime", None)


def _read_gres(path, conf):
    """gres.conf: only read for mistakes and for GRES that slurm.conf leaves out."""
    beside = os.path.join(os.path.dirname(path), "gres.conf")
    if not os.path.exists(beside):
        return
    for where, pairs in conf_lines(beside, conf):
        words = {k.lower(): v for k, v in pairs}
        for key, _ in pairs:
            if key.lower() not in conf.keywords["gres"]:
                conf.unknown.append(f"{where}: {key}")
        if "nodename" in words:
            _names(words["nodename"], where)
        conf.gres.append(words)


def _count_gres(where, conf):
    """Which of a node's GRES are only counted: no device stands behind them (File=). Of those that
    slurm.conf calls no_consume everybody may have all."""
    devices = set()
    for words in conf.gres:
        if "file" in words or "multiplefiles" in words or "autodetect" in words:
            for name in _names(words["nodename"], where) if "nodename" in words else [n.name for n in conf.nodes]:
                devices.add((name, words.get("name", "")))
    for node in conf.nodes:
        counted, items = [], []
        for item in node.gres.split(",") if node.gres else ():
            parts = item.split(":")
            free = "no_consume" in parts
            items.append(":".join(part for part in parts if part != "no_consume"))
            if parts[0] not in ("gpu", *SHARED) and (node.name, parts[0]) not in devices:
                counted.append(parts[0] + "*" * free)
        node.gres, node.gres_counted = ",".join(items), ",".join(dict.fromkeys(counted))


def _bind_gres(where, conf):
    """A node's GRES name the sockets whose cores gres.conf gives them: "gpu:v100:1(S:0)"."""
    nodes, sockets = {node.name: node for node in conf.nodes}, {}
    for words in conf.gres:
        cores = words.get("cores") or words.get("cpus")
        if not cores:
            continue
        for name in _names(words["nodename"], where) if "nodename" in words else nodes:
            if name in nodes:
                kind = words.get("name", "") + (f":{words['type']}" if "type" in words else "")
                sockets.setdefault((name, kind), set()).update(
                    int(core) // nodes[name].cores for core in _names(f"[{cores}]", where))
    for node in conf.nodes:
        items = node.gres.split(",")
        for place, item in enumerate(items):
            kind, _, count = item.rpartition(":")
            found = sockets.get((node.name, kind if count.isdecimal() else item))
            if found:
                items[place] = f"{item}(S:{ranges(sorted(found))})"
        node.gres = ",".join(items)


def _resolve_partitions(path, conf):
    """Partitions' Nodes may be ALL, a node set or node names."""
    known = {node.name for node in conf.nodes}
    for name, words in conf.partitions:
        text = words.get("Nodes", "")
        if text.upper() == "ALL":
            words["Nodes"] = ",".join(n.name for n in conf.nodes)
            continue
        names, sets = [], []
        for part in _names(text, path):
            if part in conf.node_sets:
                sets.append(part)
                names += _node_set(conf, path, *conf.node_sets[part])
            else:
                names.append(part)
        for node in names:
            if node not in known:
                raise ConfError(f"{path}: partition {name} names node {node}, "
                                f"which no NodeName line defines")
        words["Nodes"] = ",".join(names)
        if sets:
            words["NodeSets"] = ",".join(sets)


def _node_set(conf, path, nodes, feature):
    """The nodes of a NodeSet: those named, and those with the feature."""
    found = _names(nodes, path) if nodes else []
    return found + [n.name for n in conf.nodes
                    if feature and feature in n.features.split(",") and n.name not in found]
