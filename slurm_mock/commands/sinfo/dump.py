"""sinfo --json and --yaml."""

from ..shared import data_parser
from ..shared.dump import whole_view, write


def dump(call, kind):
    """Print all nodes; the exit code."""
    view = whole_view(call)
    nodes = view.controller.store.nodes()
    return write(call, "nodes", [data_parser.node(node, view) for node in nodes], kind)
