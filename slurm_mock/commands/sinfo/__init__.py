"""sinfo: partitions and nodes. Source: sinfo(1) of Slurm 22.05."""

from ...common import parse_time, print_fields
from ...common.getopt import REQUIRED, Option
from ...common.hostlist import BadHostlist
from ...common.records import ACTIVE
from ...common.release import as_of
from ...slurmctld import node_info
from ...slurmctld.cluster import JOB_COLUMNS, Cluster
from ..shared.call import FORMAT_AND_LONG, Fail
from ..shared.view import View, clock_line
from . import groups as sinfo_groups
from . import print as sinfo_print

OPTIONS = (
    Option("all", "a", help="hidden and forbidden partitions too", env="SINFO_ALL"),
    Option("dead", "d", help="only nodes that do not respond"),
    Option("exact", "e", help="one line only for nodes of the same size"),
    Option("federation", help="all clusters of the federation", effect=False),
    Option("help", help="this text"),
    Option("hide", help="no hidden partitions"),
    Option("iterate", "i", REQUIRED, "print again every so many seconds"),
    Option("local", help="only this cluster", effect=False),
    Option("long", "l", help="more columns"),
    Option("cluster", "", REQUIRED, "another name of --clusters", dest="clusters"),
    Option("clusters", "M", REQUIRED, "ask these clusters", env="SLURM_CLUSTERS"),
    Option("nodes", "n", REQUIRED, "only these nodes"),
    Option("noconvert", help="leave units as they are"),
    Option("noheader", "h", help="no title line"),
    Option("Node", "N", help="a line for each node"),
    Option("format", "o", REQUIRED, "columns by letter: \"%9P %.6D %N\"", env="SINFO_FORMAT"),
    Option("Format", "O", REQUIRED, "columns by name: partition:9,nodes:.6"),
    Option("partition", "p", REQUIRED, "only these partitions (comma list)",
           env="SINFO_PARTITION"),
    Option("responding", "r", help="only nodes that respond"),
    Option("list-reasons", "R", help="why nodes are down or drained"),
    Option("summarize", "s", help="a line for each partition"),
    Option("sort", "S", REQUIRED, "order, by column letters: #P,-t", env="SINFO_SORT"),
    Option("states", "t", REQUIRED, "only nodes in these states"),
    Option("reservation", "T", help="reservations instead of nodes"),
    Option("usage", help="a short summary"),
    Option("verbose", "v", help="tell what was asked"),
    Option("version", "V", help="the version"),
    Option("json", help="nodes and partitions as JSON"),
    Option("yaml", help="nodes and partitions as YAML"),
)
SYNOPSIS = "[OPTION]..."

# What is shown where nothing is asked for, by release.
DEFAULT = {2205: "partition:9 ,available:.5 ,time:.10 ,nodes:.6 ,statecompact:.6 ,nodelist:0"}
LONG = {2205: "partition:9 ,available:.5 ,time:.10 ,size:.10 ,root:.4 ,oversubscribe:.8 ,"
              "groups:.10 ,nodes:.6 ,statelong:.11 ,nodelist:0"}
SUMMARY = {2205: "partition:9 ,available:.5 ,time:.10 ,nodeaiot:.16 ,nodelist:0"}
NODES = {2205: "nodelist:0 ,nodes:.6 ,partition:.9 ,statecompact:6"}
NODES_LONG = {2205: "nodelist:0 ,nodes:.6 ,partition:.9 ,statelong:.11 ,cpus:4 ,"
                    "socketcorethread:.8 ,memory:.6 ,disk:.8 ,weight:.6 ,features:.8 ,reason:20"}
REASONS = {2205: "reason:20 ,user:9 ,timestamp:19 ,nodelist:0"}
REASONS_LONG = {2205: "reason:20 ,userlong:12 ,timestamp:19 ,statecompact:6 ,nodelist:0"}

# What every reading needs of a node; fields add what they print
NEEDED = ("name", "idx", "cpus", "state", "flags")
# With fewer nodes sinfo_many would not pay.
MANY = 500


class Query:
    """What was asked for."""

    def __init__(self, told):
        """told: what input environment variables say, {dest: value}."""
        self.all, self.sort = "all" in told, told.get("sort")
        self.partitions = self.nodes = self.states = self.format = None
        self.by_name = self.default = self.dead = self.responding = self.exact = False
        self.long = self.node = self.reasons = self.summarize = self.reservation = False
        self.noheader = self.verbose = self.states_and = self.all_states = self.fit_nodes = self.fit_part = False
        self.convert, self.iterate, self.dump, self.cluster = True, 0, "", ""
        self.states_text = self.nodes_text = self.partition_text = None


def main(call):
    """Run sinfo; see Call for what goes in and out. Returns the exit code. Raises Fail."""
    query = read(call)
    if query is None:
        return 0
    if query.dump:
        from .dump import dump
        return dump(call, query.dump)

    def bad(what):
        if query.by_name:
            call.error(print_fields.BAD_FORMAT.format(what=what))
        else:
            call.err.write(f"Invalid node format specification: {what}\n".encode())
    cols = _columns(query, bad, call.release)
    if query.verbose:
        from .verbose import echo
        echo(call, query, cols)
    ctl = call.controller
    while True:
        ctl.settle()
        view = View(ctl, call.env, query.convert)
        view.complain = call.error
        view.cluster_name = query.cluster
        if not query.noheader and (query.iterate or query.verbose or query.long):
            call.print(clock_line(view.now))
        if query.cluster and not query.noheader:
            call.print(f"CLUSTER: {query.cluster}")
        if query.reservation:
            show_reservations(call, query, view)
        else:
            show(call, query, view, cols)
        if not query.iterate:
            return 0
        call.print()
        call.out.flush()
        from ..shared.iterate import wait
        yield from wait(ctl, query.iterate)


def read(call):
    """Options and environment -> Query; None when all is said. Raises Fail."""
    told = call.environment(OPTIONS)
    query = Query(told)
    if "partition" in told:
        if query.all:
            raise Fail.error("Conflicting options, SINFO_ALL and SINFO_PARTITION, specified. "
                             "Please choose one or the other.")
        _take(call, query, "partition", told["partition"])
    options, _ = call.getopt(OPTIONS)
    given = set()
    for option, value in options:
        if option.dest == "usage":
            call.print(f"Usage: sinfo {SYNOPSIS}")
            return None
        if call.informs([option.dest], SYNOPSIS, OPTIONS):
            return None
        given.add(option.dest)
        _take(call, query, option.dest, value)
    if query.long and query.format is not None:
        raise Fail.fatal(FORMAT_AND_LONG)
    if {"all", "partition"} <= given:
        raise Fail.error("Conflicting options, -a and -p, specified. "
                         "Please choose one or the other.")
    if "clusters" in told and not query.cluster:
        from ..shared.clusters_opt import chosen
        query.cluster = chosen(call)
    if query.format is None:
        _default_format(call, query, told)
    if query.reasons and query.states is None:
        query.states_text = "down,fail,drain"
        query.states = states(call, query, query.states_text)
    return query


def _take(call, query, name, value):
    flags = {"dead": "dead", "responding": "responding", "exact": "exact", "long": "long",
             "Node": "node", "list_reasons": "reasons", "summarize": "summarize",
             "reservation": "reservation", "noheader": "noheader", "verbose": "verbose"}
    if name in flags:
        setattr(query, flags[name], True)
    elif name == "all":
        query.all, query.partitions, query.partition_text = True, None, None
    elif name == "hide":
        query.all = False
    elif name == "noconvert":
        query.convert = False
    elif name == "iterate":
        query.iterate = parse_time.leading_number(value)[0]
        if query.iterate <= 0:
            raise Fail.error(f"Error: invalid entry for --iterate={value}")
    elif name == "nodes":
        query.nodes_text = value
        try:
            query.nodes = set(call.node_names(value))
        except BadHostlist:
            raise Fail.error(f"'{value}' invalid entry for --nodes") from None
    elif name in ("format", "Format"):
        query.format, query.by_name = value, query.by_name or name == "Format"
    elif name == "partition":
        query.partition_text = value
        query.partitions, query.all = [p for p in value.split(",") if p], True
    elif name == "sort":
        query.sort = value
    elif name == "states":
        query.states_text, query.states = value, states(call, query, value)
    elif name == "clusters":
        from ..shared.clusters_opt import chosen
        query.cluster = chosen(call, value)
    elif name in ("json", "yaml"):
        query.dump = name


def states(call, query, text):
    """"idle,drain" -> what node_info.matches takes; of "all" the query says so. Raises Fail."""
    query.all_states = text.lower() == "all"
    if query.all_states:
        return []
    query.states_and = "&" in text
    found = []
    for word in text.replace("&", ",").split(","):
        if not word:
            continue
        state = node_info.asked(word)
        if state is None:
            call.error(f'Bad state string: "{word}"')
            raise Fail.error(f"valid states: {node_info.VALID}")
        found.append(state)
    return found


def _default_format(call, query, told):
    query.default = query.by_name = True
    if query.summarize:
        query.format, query.fit_part = SUMMARY, True
    elif query.node:
        query.format = NODES_LONG if query.long else NODES
        query.fit_nodes = query.fit_part = True
    elif query.reasons:
        query.format = REASONS_LONG if query.long else REASONS
    elif "format" in told:
        query.format, query.by_name = told["format"], False
    else:
        query.format, query.fit_part = (LONG if query.long else DEFAULT), True
    query.format = as_of(query.format, call.release)


def _columns(query, bad, release):
    def letters(text):
        return print_fields.letters(text, sinfo_print.LETTERS, bad, sinfo_print.ALL, release)
    if not query.by_name:
        return letters(query.format)
    cols = []
    for token in query.format.split(","):
        if token.partition(":")[0].lower() == "all":
            cols += letters("%all")
        else:
            cols += print_fields.names(
                token, lambda name: print_fields.known(sinfo_print.NAMES, name, release), bad)
    return [c for c in cols if c.field is not print_fields.PREFIX or c.suffix]


def show(call, query, view, cols):
    """Print the nodes once."""
    parts = view.visible(query.all)
    if query.partitions is not None:
        parts = [p for p in parts if p.name in query.partitions]
    groups = _gather(query, view, parts, cols)
    sort = query.sort if query.sort is not None else "N" if query.node else "#P,-t"
    groups = sinfo_groups.arrange(groups, sort, view)
    _fit(query, view, cols, groups)
    lines = [] if query.noheader else [print_fields.header(cols)]
    line = print_fields.printer(cols, view)
    lines += [line(group) for group in groups]
    if lines:
        call.out.write(print_fields.to_bytes("\n".join(lines) + "\n"))


def _gather(query, view, parts, cols):
    """The partitions' nodes, in groups."""
    groups = None
    if view.controller.store.many_nodes(MANY):
        from . import many
        if many.fits(query, cols):
            groups = many.gather(view, parts, cols, NEEDED)
    if groups is None:
        view._cluster = _cluster(view, cols)
        groups = sinfo_groups.gather(view, parts, cols, _keep(query), query.node, query.exact,
                                     not query.reasons)
    return groups


def _cluster(view, cols):
    """The cluster with only those columns of nodes and jobs that are read."""
    store = view.controller.store
    wanted = dict.fromkeys([*NEEDED, *print_fields.needs(cols)])
    return Cluster(view.now, view.config, store.nodes(list(wanted)), view.parts.values(),
                   store.reservations(), store.jobs(ACTIVE, columns=JOB_COLUMNS))


def _keep(query):
    """The test whether a node is to be shown."""
    def keep(node, state):
        base, flags = state
        if query.nodes is not None and node.name not in query.nodes:
            return False
        if query.dead and "NO_RESPOND" not in flags:
            return False
        if query.responding and "NO_RESPOND" in flags:
            return False
        if query.states is not None and not query.all_states:
            found = [node_info.matches(state, base, flags) for state in query.states]
            return all(found) if query.states_and else any(found)
        return True
    return keep


def _fit(query, view, cols, groups):
    """In the default formats two columns are as wide as their contents."""
    for column in cols:
        field = column.field
        if query.fit_part and field in (sinfo_print.F_PARTITION, sinfo_print.F_PARTITION_NAME):
            column.width = max([9] + [len(group.part.name) + group.part.default
                                      for group in groups])
        elif query.fit_nodes and field is sinfo_print.F_NODELIST:
            column.width = max([9] + [len(field.text(group, view)) for group in groups])
        elif field is sinfo_print.F_PARTITION and column.width > 0:
            column.field = _starred(column.width)


def _starred(width):
    """The partition column of a given width: a name that is too long ends in its star."""
    def text(group, view):
        name = sinfo_print.F_PARTITION.text(group, view)
        return name[:width - 1] + "*" if group.part.default and len(name) > width else name
    return print_fields.Field("PARTITION", text)


def show_reservations(call, query, view):
    """sinfo -T."""
    from ...common.parse_time import elapsed_text
    found = view.controller.store.reservations()
    if not found:
        call.print("No reservations in the system")
        return
    width = 9 if query.noheader else max([9] + [len(r.name) for r in found])
    form = f"%-{width}s  %8s  %19s  %19s  %11s  %s"
    if not query.noheader:
        call.print(form % ("RESV_NAME", "STATE", "START_TIME", "END_TIME", "DURATION", "NODELIST"))
    for res in found:
        active = res.start_time <= view.now <= res.end_time
        call.print(form % (res.name, "ACTIVE" if active else "INACTIVE",
                           view.stamp(res.start_time, "Unknown"),
                           view.stamp(res.end_time, "Unknown"),
                           elapsed_text(res.end_time - res.start_time, True), res.nodes))
