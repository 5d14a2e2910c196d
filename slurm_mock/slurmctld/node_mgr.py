"""Nodes as slurmctld keeps them: `scontrol update node`, and what becomes of the jobs on a node that
fails.  Source: node_mgr.c.
"""

from ..common import slurm_errno
from ..common.hostlist import BadHostlist, expand, fold, typed
from ..common.records import ACTIVE
from ..common.slurm_errno import Refused

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from ..common.records import Node
    from .state import State


def update_node(ctl: "State", names: "Iterable[str]", changes: "Mapping[str, Any]") -> None:
    """Change nodes: {field: value} of state (DRAIN, RESUME, DOWN, ...), reason, comment, extra,
    weight, features, active_features, gres; others are left alone. Raises Refused."""
    if not ctl.caller.admin:
        raise Refused(slurm_errno.ESLURM_USER_ID_MISSING)
    with ctl.store:
        nodes = {n.name: n for n in ctl.store.nodes()}
        for name in names:
            if name not in nodes:
                raise Refused(slurm_errno.ESLURM_INVALID_NODE_NAME)
        for name in names:
            node = nodes[name]
            if "reason" in changes:
                node.reason = changes["reason"]
                node.reason_user, node.reason_uid = ctl.caller.user, ctl.caller.uid
                node.reason_time = ctl.now
            if "state" in changes:
                _set_state(ctl, node, changes["state"].upper())
            if node.state != "DOWN" and not {"DRAIN", "FAIL"} & set(node.flags.split(",")):
                node.reason, node.reason_time, node.reason_user = "", 0, ""   # it needs none
            if "gres" in changes:
                _look_at_gres(ctl, name, changes["gres"])
            for field in ("comment", "extra", "weight", "features", "active_features", "gres"):
                if field in changes:
                    setattr(node, field, changes[field])
            ctl.store.update(node)
        ctl.dirty()


def _look_at_gres(ctl: "State", name: str, text: str) -> None:
    """May a node be said to have these GRES? Not more than its configuration says. Raises Refused."""
    from ..common.tres import parse_gres
    from .read_config import configured_gres
    own = parse_gres(configured_gres(ctl, name))
    if any(count > own.get(kind, 0) for kind, count in parse_gres(text).items()):
        raise Refused(slurm_errno.ESLURM_INVALID_GRES)


def _set_state(ctl: "State", node: "Node", state: str) -> None:
    """Let a node be in the state that was asked for. Raises Refused."""
    flags = [f for f in node.flags.split(",") if f]
    if state in ("DRAIN", "FAIL"):
        flags = [f for f in flags if f != state] + [state]
    elif state in ("RESUME", "IDLE", "UNDRAIN"):
        drop = ("DRAIN",) if state == "UNDRAIN" else ("DRAIN", "FAIL", "NO_RESPOND")
        flags = [f for f in flags if f not in drop]
        if state != "UNDRAIN":
            if node.state == "DOWN":
                node.state = "IDLE"
    elif state == "DOWN":
        node.state = "DOWN"
        _fail_jobs(ctl, node)
    else:
        raise Refused(slurm_errno.ESLURM_INVALID_NODE_STATE)
    node.flags = ",".join(flags)


def _fail_jobs(ctl: "State", node: "Node") -> None:
    """A node goes down: its jobs end with NODE_FAIL, or wait again."""
    from ..common.records import BATCH, SIMULATED
    from . import job_mgr
    for job in ctl.store.jobs(ACTIVE):
        if node.name not in expand(job.nodelist):
            continue
        job.failed_node = node.name
        job.final = "REQUEUED" if job.kind == BATCH and job.requeue else "NODE_FAIL"
        if job.kind == SIMULATED:
            job.reason = "NodeDown"
            job_mgr.finish(ctl, job, "NODE_FAIL", ctl.now)
        else:
            ctl.store.update(job, "failed_node")
            job_mgr.begin_kill(ctl, job, ctl.now)


def known_nodes(ctl: "State", text: str) -> str:
    """A node list, or ALL, -> folded; Refused where it names a node that is not there (slurmctld
    refuses, too, but has then given the partition the nodes that are)."""
    known = [node.name for node in ctl.store.nodes()]
    try:
        names = known if text.upper() == "ALL" else typed(text)
    except BadHostlist:
        raise Refused(slurm_errno.ESLURM_INVALID_NODE_NAME) from None
    if not set(names) <= set(known):
        raise Refused(slurm_errno.ESLURM_INVALID_NODE_NAME)
    return fold(names)
