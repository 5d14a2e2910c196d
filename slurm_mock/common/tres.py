"""Trackable resources: reading and writing cpu=2,mem=4G,gres/gpu=1.  Source: slurm.conf(5),
AccountingStorageTRES.
"""

from .parse_time import is_number
from .records import held_count

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .records import Share
    from .slurmdb import Tres

# GRES that are parts of GPUs (gres.conf(5)).
SHARED = ("mps", "shard")


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


def billing(counts: "Mapping[str, int]", weights: str = "", most: bool = False) -> int:
    """What these counts of TRES are billed: the CPUs, or by the weights of a partition
    (TRESBillingWeights, see tres_weights). most: only the dearest of them counts
    (PriorityFlags=MAX_TRES). Raises ValueError."""
    if not weights:
        return counts.get("cpu", 0)
    found = tres_weights(weights)
    costs = [count * found.get(name.lower(), 0.0) for name, count in counts.items()]
    return int(max(costs, default=0) if most else sum(costs))


def tres_weights(text: str) -> "dict[str, float]":
    """A TRESBillingWeights or PriorityWeightTRES, "CPU=1.0,Mem=0.25G,GRES/gpu=2.0" -> {"cpu": 1.0, ...}: for each of a
    TRES, of memory for each MiB; of one that stands twice the last. Raises ValueError with what is no weight."""
    found = {}
    for item in filter(None, text.split(",")):
        name, _, weight = item.lower().partition("=")
        try:
            found[name] = weight_of(name, weight)
        except ValueError:
            raise ValueError(item) from None
    return found


def weight_of(name: str, text: str) -> float:
    """A weight such as "1000" or, for each GiB instead of each MiB of memory, "0.25G" or "0.25GB". Raises ValueError."""
    end = next((i for i, letter in enumerate(text.upper()) if letter in "KMGTP"), len(text))
    if "_" in text or not text.isascii():
        raise ValueError(text)               # Python would read it, C does not
    weight = float(text[:end])
    if not abs(weight) < float("inf"):
        raise ValueError(text)               # Slurm takes it, and bills what no number holds
    if end < len(text):
        power = "KMGTP".index(text[end].upper())
        weight /= 1024 ** (power - 1 if name == "mem" else power + 1)
    return weight


def max_tres(config: "Mapping[str, str]") -> bool:
    """Does PriorityFlags of `config` (slurm.conf) say MAX_TRES?"""
    return "MAX_TRES" in config.get("PriorityFlags", "").upper()


def gres_counts(text: str, asked: bool = False) -> "dict[str, int]":
    """GRES as of a node, or as `asked` for, "gpu:K80:2,shm:5" -> {"gres/gpu": 2, "gres/gpu:K80": 2, "gres/shm": 5}."""
    found: "dict[str, int]" = {}
    for (name, kind), count in parse_gres(text, asked).items():
        for tres in {f"gres/{name}", f"gres/{name}:{kind}" if kind else f"gres/{name}"}:
            found[tres] = found.get(tres, 0) + count
    return found


def tracked(counts: "Mapping[str, int]", config: "Mapping[str, str]") -> "list[str]":
    """Those counts of GRES that AccountingStorageTRES of `config` (slurm.conf) names, as "gres/gpu=2"."""
    known = config.get("AccountingStorageTRES", "").lower().split(",")
    return [f"{name}={n}" for name, n in sorted(counts.items()) if n and name.lower() in known]


def held_gres(shares: "Sequence[Share]") -> "dict[str, int]":
    """{TRES: count} of the GRES of these shares, by kind and by kind and type: "gres/gpu", "gres/gpu:K80"."""
    counts: "dict[str, int]" = {}
    for share in shares:
        for kind, held in share.gres.items():
            kind = kind.partition("@")[0]
            for name in {"gres/" + kind.partition(":")[0], "gres/" + kind}:
                counts[name] = counts.get(name, 0) + held_count(held)
    return counts


def tres_text(shares: "Sequence[Share]", config: "Mapping[str, str]", weights: "str | None" = "") -> str:
    """What a job holds, as text: cpu=24,mem=500G,node=1,billing=24,gres/gpu=1. weights: its partition's
    TRESBillingWeights (billing), None: without billing, as a step's is. Of the GRES only those are
    counted that AccountingStorageTRES of `config` (slurm.conf) names."""
    from .proc_args import memory_text
    counts = held_tres(shares, weights or "", max_tres(config))
    parts = [f"cpu={counts['cpu']}"]
    if counts["mem"]:
        parts.append(f"mem={memory_text(counts['mem'])}")
    parts.append(f"node={len(shares)}")
    if weights is not None and counts["billing"]:
        parts.append(f"billing={counts['billing']}")
    return ",".join(parts + tracked(held_gres(shares), config))


def sorted_tres(text: "str | None") -> "str | None":
    """"node=1,cpu=2" -> "cpu=2,node=1": TRES by name; None and "" stay."""
    return ",".join(sorted(text.split(","))) if text else text


def count_of(word: str) -> "int | None":
    """A count of GRES: "2", "2K", "10G"; None for what is none."""
    digits = word.rstrip("KMGTPkmgtp")
    if not is_number(digits) or len(word) - len(digits) > 1:
        return None
    times: int = 1024 ** (" KMGTP".index(word[-1].upper()) if word != digits else 0)
    return int(digits) * times


def parse_gres(text: str, asked: bool = False) -> "dict[tuple[str, str], int]":
    """"gpu:K80:2,craynetwork:1" -> {("gpu", "K80"): 2, ("craynetwork", ""): 1}.

    A count that is not said is 1, "2K" is 2048; "(S:0)" and the like are dropped. asked: as a job asks for
    them, where the last count of a kind holds, and none is nothing said; those of a node add up.
    """
    found: "dict[tuple[str, str], int]" = {}
    for item in text.split(",") if text else ():
        parts = item.split("(")[0].replace("=", ":").split(":")
        if parts[0] == "gres":
            parts = parts[1:]
        count = 1
        if len(parts) > 1 and (number := count_of(parts[-1])) is not None:
            count = number
            parts.pop()
        name, kind = parts[0], parts[1] if len(parts) > 1 else ""
        if name and name != "none" and (count or not asked):
            found[name, kind] = count + (0 if asked else found.get((name, kind), 0))
    return found


def held_tres(shares: "Sequence[Share]", weights: str = "", most: bool = False) -> "dict[str, int]":
    """{TRES: count} of these shares: cpu, mem (MiB), node, billing (see there), and each kind of GRES, in
    all and of its type."""
    found = {"cpu": sum(s.cpus for s in shares), "mem": sum(s.mem for s in shares), "node": len(shares),
             **held_gres(shares)}
    found["billing"] = billing(found, weights, most)
    return found
