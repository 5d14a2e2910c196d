"""sinfo on thousands of nodes: most of them are idle, and nothing has to be said of each.

Only the nodes that are not simply idle are read from the store and gathered as always; the idle
ones are what is left of their partition's ranges (common/node_ranges.py).
"""

from ...common.node_ranges import Ranges
from ...common.records import ACTIVE
from ...slurmctld.cluster import JOB_COLUMNS, Cluster
from ...store.nodes import not_idle
from . import groups as sinfo_groups
from .print import F_PARTITION, F_PARTITION_NAME

# More names are not asked for: older SQLites take no more values in a statement.
MOST = 900


def fits(query, columns):
    """Can the answer be given from counts and names? Not with filters, orders or columns that
    ask more of a node, nor where partitions are not told apart."""
    fields = [c.field for c in columns]
    return (query.sort is None and query.nodes is query.states is None
            and not (query.node or query.reasons or query.dead or query.responding)
            and (F_PARTITION in fields or F_PARTITION_NAME in fields)
            and not any(field.needs for field in fields))


def gather(view, parts, columns, wanted):
    """Partitions' nodes -> [Group] as groups.gather makes them, view's cluster holding only
    the nodes that are not simply idle. wanted: the columns of nodes to be read. None where it
    cannot be done so."""
    store = view.controller.store
    cluster = Cluster(view.now, view.config, [], view.parts.values(), store.reservations(),
                      store.jobs(ACTIVE, columns=JOB_COLUMNS))
    taken = {*cluster.use, *cluster.reserved_now()}
    if len(taken) > MOST:
        return None
    odd = not_idle(store, wanted, taken)
    cluster.nodes = {node.name: node for node in odd}
    view._cluster = cluster
    try:
        ranges = {part.name: Ranges(part.nodes) for part in parts}
    except ValueError:
        return None
    names = {part: [name for name in cluster.nodes if name in ranges[part]] for part in ranges}
    groups = sinfo_groups.gather(view, parts, columns, lambda node, state: True,
                                 names_of=lambda part: names[part.name])
    facts = sinfo_groups.node_facts(columns)
    for part in parts:
        rest = ranges[part.name].without(names[part.name])
        if not rest:
            continue
        group = _of_idle(groups, part, facts, view)
        if group is None:
            group = sinfo_groups.Group(part)
            groups.append(group)
        elif group.nodes and facts:
            # whose state is the group's, and sorts it? That of the first node
            return None
        others = [name for name in names[part.name] if name not in group.names]
        group.add_idle(len(rest), ranges[part.name].without(others))
    return groups


def _of_idle(groups, part, facts, view):
    """The group to which a partition's idle nodes belong, if there is one yet."""
    def said(node, state):
        return [fact(node, state, view) for fact in facts]
    idle = said(None, sinfo_groups.IDLE)
    for group in groups:
        if group.part is part and (not group.nodes
                                   or said(group.nodes[0], group.state) == idle):
            return group
    return None
