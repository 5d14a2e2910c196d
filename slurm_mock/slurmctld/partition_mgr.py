"""Partitions as slurmctld keeps them: scontrol's create, update and delete partition.  Source: partition_mgr.c.
"""

import marshal

from ..common import slurm_errno
from ..common.records import ACTIVE, PENDING, Partition
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


def create_partition(ctl: "State", name: str, settings: "Mapping[str, str]") -> None:
    """Make a partition: settings as of update_partition. It is there, without nodes, even where one of them is refused.
    Raises Refused, and ValueError."""
    if not ctl.caller.admin:
        raise Refused(slurm_errno.ESLURM_USER_ID_MISSING)
    with ctl.store:
        known = ctl.store.partitions()
        if not name or any(part.name == name for part in known):
            raise Refused(slurm_errno.ESLURM_INVALID_PARTITION_NAME)
        ctl.store.insert(Partition(name=name, idx=max([part.idx for part in known], default=-1) + 1, options=marshal.dumps({"MinNodes": "1"}, 4)))
    update_partition(ctl, name, settings)


def delete_partition(ctl: "State", name: str) -> None:
    """Remove a partition that no job waits for or runs in. Raises Refused."""
    if not ctl.caller.admin:
        raise Refused(slurm_errno.ESLURM_USER_ID_MISSING)
    with ctl.store:
        if ctl.store.partition(name) is None:
            raise Refused(slurm_errno.ESLURM_INVALID_PARTITION_NAME)
        if any(name in job.partition.split(",") for job in ctl.store.jobs(PENDING, ACTIVE)):
            raise Refused(slurm_errno.ESLURM_PARTITION_IN_USE)
        ctl.store.delete_partition(name)
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
