"""Licenses: what the cluster has (slurm.conf's Licenses), what running jobs hold.

Source: slurm.conf(5), Licenses; sbatch(1), -L: "a:2,b" asks for all, "a:2;b" for one of them.
"""

from ..common.parse_time import is_number, whole

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ..common.records import Job


class BadLicenses(ValueError):
    """The text names what the cluster does not have, or more of it than there is."""


def parse(text: str) -> "dict[str, int]":
    """"ansys:2,matlab" -> {"ansys": 2, "matlab": 1}; a count that is no number is 1."""
    found: "dict[str, int]" = {}
    for item in text.replace(";", ",").split(","):
        name, _, count = item.replace("=", ":").partition(":")
        if name:
            found[name] = found.get(name, 0) + (whole(count) if is_number(count) else 1)
    return found


def check(config: "Mapping[str, str]", text: str) -> None:
    """Has the cluster (slurm.conf: config) what a --licenses asks for, and as much? Raises BadLicenses."""
    have = parse(config.get("Licenses", ""))
    counts = [item.replace("=", ":").partition(":")[2] for item in text.replace(";", ",").split(",")]
    if any(count and not is_number(count) for count in counts) or any(
            count > have.get(name, -1) for name, count in parse(text).items()):
        raise BadLicenses(text)


def free(config: "Mapping[str, str]", active: "Iterable[Job]") -> "dict[str, int]":
    """{name: how many nobody holds}."""
    left = parse(config.get("Licenses", ""))
    for job in active:
        if job.licenses:
            take(left, job.licenses)
    return left


def take(left: "dict[str, int]", text: str) -> bool:
    """Take what a job asks for out of `left`; False (and nothing taken) if it is not there."""
    asked = list(parse(text).items())
    if ";" in text:
        asked = [(name, count) for name, count in asked if left.get(name, 0) >= count][:1]
        if not asked:
            return False
    if any(left.get(name, 0) < count for name, count in asked):
        return False
    for name, count in asked:
        left[name] -= count
    return True
