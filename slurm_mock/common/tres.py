"""Trackable resources: reading and writing cpu=2,mem=4G,gres/gpu=1.  Source: slurm.conf(5),
AccountingStorageTRES.
"""

from .parse_time import is_number

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .records import Share
    from .slurmdb import Tres


def tres_dict(text: "str | None") -> "dict[str, int]":
    """ "cpu=10,mem=2.5G,gres/gpu=2" -> {"cpu": 10, "mem": 2560, "gres/gpu": 2}; None or "" -> {}. Memory is
    in MiB, with a unit or, as in the limits of accounting, without one."""
    found = {}
    for item in text.split(",") if text else ():
        name, _, value = item.rpartition("=")
        found[name] = (int(float(value[:-1]) * 1024 ** ("MGTP".index(value[-1])))
                       if value[-1:] in ("M", "G", "T", "P") else int(value))
    return found


def word(tres: "Tres") -> str:
    """A Tres as options write it: cpu, gres/gpu."""
    return f"{tres.type}/{tres.name}" if tres.name else tres.type


def tres_text(shares: "Sequence[Share]", config: "Mapping[str, str]", billing: bool = True) -> str:
    """What a job holds, as text: cpu=24,mem=500G,node=1,billing=24,gres/gpu=1 (a step's is
    without `billing`, which is the number of CPUs here). Of the GRES only those are counted that
    AccountingStorageTRES of `config` (slurm.conf) names."""
    from .parse_time import memory_text
    cpus, mem = sum(s.cpus for s in shares), sum(s.mem for s in shares)
    parts = [f"cpu={cpus}"]
    if mem:
        parts.append(f"mem={memory_text(mem)}")
    parts.append(f"node={len(shares)}")
    if billing:
        parts.append(f"billing={cpus}")
    tracked = config.get("AccountingStorageTRES", "").lower().split(",")
    counts: "dict[str, int]" = {}
    for share in shares:
        for kind, idx in share.gres.items():
            for name in "gres/" + kind.split(":")[0], "gres/" + kind:
                if name.lower() in tracked:
                    counts[name] = counts.get(name, 0) + len(idx)
    return ",".join(parts + [f"{name}={n}" for name, n in sorted(counts.items()) if n])


def parse_gres(text: str) -> "dict[tuple[str, str], int]":
    """"gpu:K80:2,craynetwork:1" -> {("gpu", "K80"): 2, ("craynetwork", ""): 1}.

    A count that is not said is 1; "(S:0)" and the like are dropped.
    """
    found: "dict[tuple[str, str], int]" = {}
    for item in text.split(",") if text else ():
        parts = item.split("(")[0].replace("=", ":").split(":")
        if parts[0] == "gres":
            parts = parts[1:]
        count = 1
        if len(parts) > 1 and is_number(parts[-1]):
            count = int(parts.pop())
        name, kind = parts[0], parts[1] if len(parts) > 1 else ""
        if name and name != "none":
            found[name, kind] = found.get((name, kind), 0) + count
    return found


def held_tres(shares: "Sequence[Share]") -> "dict[str, int]":
    """{TRES: count} of these shares: cpu, mem (MiB), node, billing, and each kind of GRES in all,
    whatever its type ("gres/gpu")."""
    cpus = sum(s.cpus for s in shares)
    found = {"cpu": cpus, "mem": sum(s.mem for s in shares), "node": len(shares), "billing": cpus}
    for share in shares:
        for kind, idx in share.gres.items():
            name = "gres/" + kind.partition(":")[0]
            found[name] = found.get(name, 0) + len(idx)
    return found
