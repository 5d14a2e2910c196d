"""What weighs in slurm.conf: the factors of a job's priority (PriorityWeight...) and TRES.
"""

from ..common.tres import tres_weights

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

# The factors that have a weight; TRES has one for each.
NAMES = ("Age", "Assoc", "Fairshare", "JobSize", "Partition", "QOS")
# What every cluster counts; AccountingStorageTRES names more.
COUNTED = ("cpu", "mem", "energy", "node", "billing", "fs/disk", "vmem", "pages")


def weights(config: "Mapping[str, str]") -> "dict[str, Any]":
    """{factor: weight}; "TRES" is {name: weight}."""
    found = {name: int(config.get("PriorityWeight" + name, 0)) for name in NAMES}
    found["TRES"] = tres_weights(config.get("PriorityWeightTRES", ""))
    return found


def uncounted(weights: "Mapping[str, float]", config: "Mapping[str, str]") -> "list[str]":
    """Those TRES, of some that have weights, that the cluster does not count: Slurm refuses their weights."""
    return sorted(weights.keys() - {*COUNTED, *config.get("AccountingStorageTRES", "").lower().split(",")})
