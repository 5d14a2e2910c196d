"""slurm.conf as slurmctld takes it: nodes and partitions into the store, and `scontrol reconfigure`.  Source: read_config.c.
"""

import marshal

from ..common import slurm_errno
from ..common.hostlist import expand, fold
from ..common.records import Node, Partition
from ..common.slurm_errno import Refused, RefusedInWords
from ..conf import read_config
from .clock import Clock
from .state import account_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .state import State


def reconfigure(ctl: "State") -> None:
    """Read slurm.conf anew: what changed takes effect, jobs and the states of nodes stay; what scontrol changed of
    partitions is as the file says it. Raises Refused."""
    if not ctl.caller.admin:
        raise Refused(slurm_errno.ESLURM_USER_ID_MISSING)
    try:
        read = read_config.read(ctl.store.meta("conf_path"), ctl.slurm_release)
    except read_config.ConfError as error:
        raise RefusedInWords(str(error)) from None
    with ctl.store:
        enter(ctl.store, read, ctl.store.nodes())
        ctl.dirty()


def configured_gres(ctl: "State", name: str) -> str:
    """The GRES that slurm.conf gives a node; "" for none."""
    read = read_config.read(ctl.store.meta("conf_path"), ctl.slurm_release)
    return next((str(node.gres) for node in read.nodes if node.name == name), "")


def enter(store, read, before):
    """Write configuration, nodes and partitions into the store. read: of conf/read_config; before: the Nodes that are
    there, whose states stay."""
    dynamic = ("state", "flags", "reason", "reason_uid", "reason_user", "reason_time",
               "boot_time", "slurmd_start", "last_busy")
    kept = {node.name: node for node in before}
    store.set_data("config", read.config)
    store.set_data("conf_files", read.files)
    now = int(Clock(store).now())
    for node in read.nodes:
        node.boot_time = now - 86400 * 21
        node.slurmd_start = now - 3600
        node.last_busy = now
        node.free_mem = node.memory
        old = kept.get(node.name)
        if old:
            for name in dynamic:
                setattr(node, name, getattr(old, name))
    _take_down(read, now)
    store.replace(Node, read.nodes)
    store.replace(Partition, [_partition(idx, *line) for idx, line in enumerate(read.partitions)])


def _take_down(read, now):
    """What DownNodes says of nodes; who says so is the controller, which reads the file."""
    who = read.config.get("SlurmUser", "root").split("(")[0]
    nodes = {node.name: node for node in read.nodes}
    for names, state, flags, reason in read.down:
        for node in [nodes[name] for name in names if name in nodes]:
            node.state, node.flags, node.reason = state, flags, reason
            node.reason_user, node.reason_uid, node.reason_time = who, account_of(who, 0)[1], now


def _partition(idx, name, words):
    """The record of a partition's line of slurm.conf, the idx-th."""
    options = {k: v for k, v in words.items() if k not in ("Nodes", "State")}
    return Partition(name=name, idx=idx, nodes=fold(expand(words["Nodes"])),
                     options=marshal.dumps(options, 4), state=words.get("State", "UP").upper())
