"""What slurmctld tells of a node: its state as Slurm writes and orders it (IDLE, drng*, MIXED+DRAIN),
what is in use of it.

A state is a base and flags, as Cluster.node_state gives them.  Source: sinfo(1),
NODE STATE CODES; the numbers are those of slurm.h, by which sinfo sorts.
"""

from ..common.hostlist import ranges
from ..common.records import cpus_for_jobs
from .job_info import unit_text

BASES = ("UNKNOWN", "DOWN", "IDLE", "ALLOCATED", "ERROR", "MIXED", "FUTURE")
BITS = {"PERFCTRS": 4, "RESERVED": 5, "CLOUD": 7, "RESUME": 8, "DRAIN": 9, "COMPLETING": 10,
        "NO_RESPOND": 11, "POWERED_DOWN": 12, "FAIL": 13, "POWERING_UP": 14, "MAINT": 15,
        "REBOOT": 16, "POWERING_DOWN": 18, "REBOOT_ISSUED": 20, "PLANNED": 21,
        "INVALID_REG": 22, "POWER_DOWN": 23, "POWER_UP": 24}
# The order in which the complete form names flags, and its words for them
COMPLETE = {"CLOUD": "CLOUD", "COMPLETING": "COMPLETING", "DRAIN": "DRAIN",
            "INVALID_REG": "INVALID_REG", "FAIL": "FAIL", "MAINT": "MAINTENANCE",
            "POWER_DOWN": "POWER_DOWN", "POWER_UP": "POWER_UP", "PERFCTRS": "PERFCTRS",
            "POWERED_DOWN": "POWERED_DOWN", "REBOOT": "REBOOT_REQUESTED",
            "REBOOT_ISSUED": "REBOOT_ISSUED", "RESERVED": "RESERVED", "RESUME": "RESUME",
            "NO_RESPOND": "NOT_RESPONDING", "PLANNED": "PLANNED",
            "POWERING_UP": "POWERING_UP", "POWERING_DOWN": "POWERING_DOWN"}
_SUFFIXES = (("MAINT", "$"), ("REBOOT_ISSUED", "^"), ("REBOOT", "@"), ("POWERING_UP", "#"),
             ("POWERING_DOWN", "%"), ("POWERED_DOWN", "~"), ("POWER_DOWN", "!"),
             ("NO_RESPOND", "*"))
_COMPACT = {"DRAINING": "DRNG", "DRAINED": "DRAIN", "FAILING": "FAILG", "ALLOCATED": "ALLOC",
            "COMPLETING": "COMP", "MIXED": "MIX", "FUTURE": "FUTR", "UNKNOWN": "UNK",
            "REBOOT": "BOOT", "RESERVED": "RESV", "PLANNED": "PLND", "PERFCTRS": "NPC"}
_BUSY = ("ALLOCATED", "MIXED")


def number(base, flags):
    """The state as slurm.h's number."""
    value = BASES.index(base)
    for flag in flags:
        value |= 1 << BITS.get(flag, 30)
    return value


def text(base, flags, compact=False):
    """The one-word form: "DRAINING*", or compact "DRNG*"."""
    word, suffix = _word(base, flags)
    return (_COMPACT.get(word, word) if compact else word) + suffix


def _word(base, flags):
    if not flags:
        return ("?" if base == "ERROR" else base), ""
    suffix = ""
    for flag, mark in _SUFFIXES:
        if flag in flags:
            suffix = mark
            break
    silent = "*" if "NO_RESPOND" in flags else ""
    if "INVALID_REG" in flags:
        return "INVAL", ""
    if "MAINT" in flags and "DRAIN" not in flags and base not in _BUSY + ("DOWN",):
        return "MAINT", silent
    if ("REBOOT" in flags or "REBOOT_ISSUED" in flags) and base not in _BUSY:
        return "REBOOT", "^" if "REBOOT_ISSUED" in flags else silent
    completing = "COMPLETING" in flags
    if "DRAIN" in flags:
        return ("DRAINING" if completing or base in _BUSY else "DRAINED"), suffix
    if "FAIL" in flags:
        return ("FAILING" if completing or base == "ALLOCATED" else "FAIL"), silent
    if base == "ALLOCATED":
        return base, suffix or ("+" if completing else "")
    if completing and base != "DOWN":
        return "COMPLETING", suffix
    if base == "IDLE" and not suffix:
        for flag in ("PERFCTRS", "RESERVED", "PLANNED"):
            if flag in flags:
                return flag, ""
    if base == "MIXED" and not suffix and "PLANNED" in flags:
        return base, "-"
    if base == "UNKNOWN":
        return base, silent
    return base, suffix


def complete(base, flags):
    """Base and all flags: "IDLE+DRAIN+NOT_RESPONDING"."""
    return "+".join([base] + [word for flag, word in COMPLETE.items() if flag in flags])


# ---- states asked for (sinfo -t) --------------------------------------------

# (names of which a word may be the beginning, base or None, flags), in the order tried
ASKED = (
    (("UNKNOWN", "UNK"), "UNKNOWN", ()), (("DOWN",), "DOWN", ()), (("IDLE",), "IDLE", ()),
    (("ALLOCATED", "ALLOC"), "ALLOCATED", ()), (("?",), "ERROR", ()),
    (("MIXED", "MIX"), "MIXED", ()), (("FUTURE", "FUTR"), "FUTURE", ()),
    (("PLANNED", "PLND"), None, ("PLANNED",)), (("DRAIN",), None, ("DRAIN",)),
    (("DRAINED",), "IDLE", ("DRAIN",)), (("RESV", "RESERVED"), None, ("RESERVED",)),
    (("PERFCTRS", "NPC"), None, ("PERFCTRS",)),
    (("DRAINING", "DRNG"), "ALLOCATED", ("DRAIN",)),
    (("COMPLETING", "COMP"), None, ("COMPLETING",)), (("NO_RESPOND",), None, ("NO_RESPOND",)),
    (("POWERING_DOWN", "POWRING_DN"), None, ("POWERING_DOWN",)),
    (("POWERED_DOWN", "POWERED_DN"), None, ("POWERED_DOWN",)),
    (("POWER_DOWN", "POW_DN"), None, ("POWER_DOWN",)),
    (("POWERING_UP",), None, ("POWERING_UP",)), (("FAIL",), None, ("FAIL",)),
    (("MAINT",), None, ("MAINT",)), (("REBOOT", "BOOT"), None, ("REBOOT",)),
    (("REBOOT^", "BOOT^"), None, ("REBOOT_ISSUED",)), (("CLOUD",), None, ("CLOUD",)),
)
VALID = ("unknown,down,idle,allocated,?,mixed,future,drain,drained,draining,no_respond,reserved,"
         "perfctrs,cloud,completing,powering_down,powered_down,power_down,powering_up,fail,maint,"
         "reboot,reboot^,unknown")


def asked(word):
    """A word of -t -> (base or None, flags), or None when there is no such state."""
    word = word.upper()
    for names, base, flags in ASKED:
        if any(name.startswith(word) for name in names):
            return base, flags
    return None


def matches(wanted, base, flags):
    """Is a node in the state asked for?"""
    want_base, want_flags = wanted
    if want_flags == ("DRAIN",):
        busy = base in _BUSY
        return "DRAIN" in flags and (want_base is None or busy == (want_base == "ALLOCATED"))
    if want_flags:
        return want_flags[0] in flags
    if want_base == "ALLOCATED":
        return base in _BUSY
    return base == want_base


def configured_tres(node, cluster):
    """CfgTRES of a node: what jobs may have of it, "cpu=8,mem=16G,billing=8,gres/gpu=2". It is billed as the
    dearest of its partitions would."""
    from ..common.tres import billing, gres_counts, max_tres, tracked
    config, counts = cluster.config, {"cpu": cpus_for_jobs(node), "mem": node.memory, **gres_counts(node.gres)}
    most = max_tres(config)
    bills = [billing(counts, part.weights, most) for part in cluster.parts.values() if node.name in part.node_set]
    bill = max(bills, default=counts["cpu"])
    return ",".join([f"cpu={counts['cpu']},mem={unit_text(node.memory, 2)}", *([f"billing={bill}"] if bill else []),
                     *tracked(gres_counts(node.gres), config)])


def part_tres(part, nodes, config):
    """TRES of a partition of these nodes, as it is shown; None where it has none."""
    if not nodes:
        return None
    from ..common.tres import billing, gres_counts, max_tres, tracked
    counts = {"cpu": sum(map(cpus_for_jobs, nodes)), "mem": sum(n.memory for n in nodes), "node": len(nodes)}
    gres = {}
    for node in nodes:
        for name, count in gres_counts(node.gres).items():
            gres[name] = gres.get(name, 0) + count
    bill = billing({**counts, **gres}, part.weights, max_tres(config))
    return ",".join([f"cpu={counts['cpu']},mem={unit_text(counts['mem'], 2)},node={counts['node']}",
                     *([f"billing={bill}"] if bill else []), *tracked(gres, config)])


def os_text():
    """The operating system, which the mock's nodes share with the machine they run on."""
    import os
    name = os.uname()
    return f"OS={name.sysname} {name.release} {name.version} "


def alloc_tres(cpus, memory, use, config):
    """What is in use of a node, as AllocTRES= has it: "cpu=2,mem=4G,gres/gpu=1"; "" for nothing."""
    if not cpus:
        return ""
    from ..common.tres import held_gres, tracked
    return ",".join([f"cpu={cpus}", *([f"mem={unit_text(memory, 2)}"] if memory else []),
                     *tracked(held_gres([use]), config)])


def gres_used(node, cluster, config):
    """GresUsed of a node: "gpu:k80:1(IDX:0)"; None where no GRES are known."""
    from ..common.tres import SHARED
    use = cluster.use.get(node.name)
    held = use.gres if use else {}
    found = {t: [] for t in config.get("GresTypes", "").split(",") if t}
    counted = node.gres_counted.replace("*", "").split(",")
    shared = {name: sorted({int(full.partition("@")[2]) for full in held if full.startswith(name + "@")})
              for name in SHARED}
    for item in node.gres.split(",") if node.gres else ():
        kind = item.partition("(")[0].rpartition(":")[0] or item
        name = kind.partition(":")[0]
        if name in SHARED:
            continue
        index = held.get(kind, 0 if name in counted else [])
        if isinstance(index, int):
            text = f"{kind}:{index}"
        else:
            text = f"{kind}:{len(index)}" + (f"(IDX:{ranges(sorted(index)) or 'N/A'})" if ":" in kind else "")
        found.setdefault(name, []).append(text)
    for name, gpus in shared.items():
        if gpus:
            found.setdefault(name, []).append(f"{name}:(null):{len(gpus)}(IDX:{ranges(gpus)})")
    return ",".join(text for name, texts in found.items() for text in texts or [f"{name}:0"]) or None


# ---- partitions -----------------------------------------------------------

def max_share(part):
    """OverSubscribe -> (FORCE?, count); count 0 means EXCLUSIVE."""
    kind, _, count = part.oversubscribe.partition(":")
    if kind == "EXCLUSIVE":
        return False, 0
    if kind in ("FORCE", "YES"):
        return kind == "FORCE", int(count or 4)
    return False, 1


def share_text(part, view=None):
    """OverSubscribe of a partition as it is shown: NO, YES:4, FORCE:2, EXCLUSIVE."""
    force, count = max_share(part)
    if not count:
        return "EXCLUSIVE"
    return f"FORCE:{count}" if force else "NO" if count == 1 else f"YES:{count}"


def preempt_mode(part, config):
    """PreemptMode of a partition: its own, or the cluster's."""
    return part.options.get("PreemptMode", config.get("PreemptMode", "OFF")).upper()
