"""Partitions as slurmctld keeps them: `scontrol update partition`.  Source: partition_mgr.c.
"""

import marshal

from ..common import messages
from ..common.records import Partition
from ..common.slurm_errno import Refused
from .cluster import Part
from .node_mgr import known_nodes


def update_partition(ctl, name, changes):
    """Change a partition: State, and any key of its slurm.conf line."""
    if not ctl.caller.admin:
        raise Refused(messages.BAD_USER)
    with ctl.store:
        found = ctl.store.select(Partition, "WHERE name=?", (name,))
        if not found:
            raise Refused(messages.BAD_PARTITION)
        part = found[0]
        options = marshal.loads(part.options)
        for key, value in changes.items():
            if key == "State":
                if value.upper() not in ("UP", "DOWN", "DRAIN", "INACTIVE"):
                    raise Refused(messages.BAD_PARTITION_STATE)
                part.state = value.upper()
            elif key == "Nodes":
                part.nodes = known_nodes(ctl, value)
            else:
                options[key] = value
        part.options = marshal.dumps(options, 4)
        Part(part, options)              # a value that cannot be read must not get in
        ctl.store.update(part)
        ctl.dirty()
