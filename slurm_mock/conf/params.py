"""What a key of slurm.conf means: its value as a number, a set of words or a yes and no.
"""

from ..common.parse_time import is_number

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

ENFORCE = ("associations", "limits", "nojobs", "nosteps", "qos", "safe", "wckeys")
# SchedulerParameters and what they are where slurm.conf says nothing.
PARAMETERS = {"default_queue_depth": 100, "bf_max_job_test": 500, "bf_interval": 30,
              "bf_window": 1440, "max_script_size": 4 << 20}
# What slurmctld makes of a time without end: -1 minutes, as seconds in 32 bits without sign (136 years).
UNLIMITED_PERIOD = (1 << 32) - 60


def accounted(config: "Mapping[str, str]") -> bool:
    """Is there an accounting database (AccountingStorageType)? Without one an account is a word
    that the job carries, and there is no QOS."""
    return config.get("AccountingStorageType", "").endswith("slurmdbd")


def enforced(config: "Mapping[str, str]") -> "set[str]":
    """AccountingStorageEnforce of slurm.conf -> the set of what is enforced, with what it implies."""
    words = {w.strip().lower() for w in config.get("AccountingStorageEnforce", "none").split(",")}
    if "all" in words or "1" in words:
        words |= {"associations"} if "1" in words else {"associations", "limits", "qos", "safe", "wckeys"}
    if "safe" in words:
        words.add("limits")
    if words & {"limits", "qos", "wckeys"}:
        words.add("associations")
    if "nojobs" in words:
        words.add("nosteps")
    return frozenset(words & set(ENFORCE))


def parameter(config: "Mapping[str, str]", name: str) -> int:
    """A number of SchedulerParameters."""
    for word in config.get("SchedulerParameters", "").split(","):
        key, _, value = word.partition("=")
        if key == name and is_number(value):
            return int(value)
    return PARAMETERS[name]


def min_age(ctl: "Any") -> int:
    """Seconds that a job stays in the queue after its end (MinJobAge)."""
    return int(ctl.config.get("MinJobAge", 300))


def memory_setting(kind: str, options: "Mapping[str, str]",
                   config: "Mapping[str, str]") -> "tuple[int, bool]":
    """DefMemPer... or MaxMemPer...: (MiB, is it for each CPU?), 0 where there is none; a
    partition's own goes before the cluster's."""
    for words in options, config:
        for per in ("CPU", "Node"):
            value = words.get(f"{kind}MemPer{per}")
            if value is not None:
                return int(value) if is_number(value) else 0, per == "CPU"
    return 0, False


def most_memory(part: "Any", config: "Mapping[str, str]") -> "tuple[int, bool]":
    """(MiB, is it for each CPU?) that a job may have of a node in a partition; 0: all."""
    return memory_setting("Max", part.options, config)


def counts_memory(config: "Mapping[str, str]") -> bool:
    """Is memory something that jobs take from each other (SelectTypeParameters=CR_..._Memory)?"""
    return "MEMORY" in config.get("SelectTypeParameters", "").upper()


def multifactor(config: "Mapping[str, str]") -> bool:
    """Does the cluster use priority/multifactor?"""
    return config.get("PriorityType", "priority/basic").endswith("multifactor")


def flags(config: "Mapping[str, str]") -> "set[str]":
    """The words of PriorityFlags, in capitals."""
    return {w.strip().upper() for w in config.get("PriorityFlags", "").split(",")}


def period(config: "Mapping[str, str]", name: str, default: str) -> int:
    """A time of slurm.conf in seconds, at least 1; 0 where it says 0 or NONE, UNLIMITED_PERIOD where it
    says UNLIMITED, INFINITE or -1. Raises BadValue."""
    from ..common.parse_time import parse_duration
    from ..common.records import INFINITE
    text = config.get(name, default)
    if text.upper() in ("0", "NONE"):
        return 0
    seconds = parse_duration(text)
    return UNLIMITED_PERIOD if seconds == INFINITE else max(1, seconds)


def task_frequency(text: str) -> "int | None":
    """Seconds of --acctg-freq and JobAcctGatherFrequency, 30 or task=30,energy=5: those of task, where they say
    something of it."""
    for word in text.split(","):
        key, _, value = word.rpartition("=")
        if key.lower() in ("", "task") and is_number(value):
            return int(value)
    return None


def acctg_freq(text: str) -> int:
    """What --acctg-freq asks for, see Job.acctg_freq."""
    seconds = task_frequency(text)
    return 0 if seconds is None else seconds or -1


def frequency(ctl: "Any", asked: int = 0) -> int:
    """Cluster seconds between two samples (JobAcctGatherFrequency); 0: none. asked: a job's own, see
    Job.acctg_freq."""
    if ctl.config.get("JobAcctGatherType", "").endswith("none"):
        return 0
    return max(0, asked or task_frequency(ctl.config.get("JobAcctGatherFrequency", "30")) or 0)
