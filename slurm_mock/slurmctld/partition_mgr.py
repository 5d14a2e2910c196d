"""Partitions as slurmctld keeps them: `scontrol update partition`.  Source: partition_mgr.c.
"""

import marshal

from ..common import slurm_errno
from ..common.slurm_errno import Refused, RefusedInWords
from ..common.tres import tres_weights
from ..conf.weights import uncounted
from .cluster import Part
from .node_mgr import known_nodes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from .state import State


def update_partition(ctl: "State", name: str, changes: "Mapping[str, str]") -> None:
    """Change a partition: State, and any key of its slurm.conf line, {key: text}. Raises Refused, and
    ValueError for a value that cannot be read."""
    if not ctl.caller.admin:
        raise Refused(slurm_errno.ESLURM_USER_ID_MISSING)
    with ctl.store:
        part = ctl.store.partition(name)
        if part is None:
            raise Refused(slurm_errno.ESLURM_INVALID_PARTITION_NAME)
        options = marshal.loads(part.options)
        for key, value in changes.items():
            if key == "State":
                if value.upper() not in ("UP", "DOWN", "DRAIN", "INACTIVE"):
                    raise RefusedInWords("Invalid partition state specified")
                part.state = value.upper()
            elif key == "Nodes":
                part.nodes = known_nodes(ctl, value)
            else:
                if key == "TRESBillingWeights":
                    _known_weights(value, ctl.config)
                if key == "Default" and value.upper() == "YES":
                    _no_other_default(ctl, name)
                options[key] = value
        part.options = marshal.dumps(options, 4)
        Part(part, options)              # a value that cannot be read must not get in
        ctl.store.update(part)
        ctl.dirty()


def _no_other_default(ctl: "State", name: str) -> None:
    """There is one default partition: all but this one are none any more."""
    for part in ctl.store.partitions():
        options = marshal.loads(part.options)
        if part.name != name and options.pop("Default", None):
            part.options = marshal.dumps(options, 4)
            ctl.store.update(part)


def _known_weights(text: str, config: "Mapping[str, str]") -> None:
    """Raises Refused where a TRESBillingWeights cannot be read or weighs what is not counted."""
    try:
        known = not uncounted(tres_weights(text), config)
    except ValueError:
        known = False
    if not known:
        raise Refused(slurm_errno.ESLURM_INVALID_TRES_BILLING_WEIGHTS)
