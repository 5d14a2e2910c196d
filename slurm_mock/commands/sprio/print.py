"""The fields of sprio by letter, of jobs and of the line of weights. Source: sprio(1), -o."""

from ...common.print_fields import Field, known
from ...common.release import CURRENT
from ...conf.weights import NAMES

HIGHEST = 0xFFFFFFFF


class Row:
    """A waiting job on one of its partitions: `factors` is priority.Factors."""

    __slots__ = ("job", "partition", "factors")

    def __init__(self, job, partition, factors):
        self.job, self.partition, self.factors = job, partition, factors


class Weights:
    """The line of the configured weights."""

    def __init__(self, weights):
        self.weights = weights


def _of(for_job, for_weights=None):
    """A function of a row or the weights; what has no weight is blank there."""
    def text(row, view):
        if isinstance(row, Weights):
            return for_weights(row.weights) if for_weights else ""
        return for_job(row)
    return text


def _norm(name):
    return _of(lambda row: f"{row.factors.norm[name]:.7f}", lambda w: str(w[name]))


def _weighted(name):
    return _of(lambda row: f"{row.factors.weighted(name):.0f}", lambda w: str(w[name]))


def _tres_weights(weights):
    return ",".join(f"{name}={value:g}" for name, value in weights["TRES"].items()) or None


def _tres(row):
    return ",".join(f"{name}={int(value)}" for name, value in row.factors.weighted_tres().items())


def _tres_norm(row):
    return ",".join(f"{name}={value:.2f}" for name, value in row.factors.tres.items())


def _sum(row):
    return max(1.0, row.factors.total() - row.job.nice)


LETTERS = {
    "c": Field("CLUSTER", _of(lambda row: None)),
    "i": Field("JOBID", _of(lambda row: str(row.job.id), lambda w: "Weights")),
    "N": Field("NICE", _of(lambda row: str(row.job.nice))),
    "r": Field("PARTITION", _of(lambda row: row.partition)),
    "S": Field("SITE", _of(lambda row: "0", lambda w: "1")),
    "t": Field("TRES", _of(_tres_norm)),
    "T": Field("TRES", _of(_tres, _tres_weights)),
    "u": Field("USER", _of(lambda row: row.job.user)),
    "Y": Field("PRIORITY", _of(lambda row: str(int(_sum(row))))),
    "y": Field("PRIORITY", _of(lambda row: f"{_sum(row) / HIGHEST:.14f}")),
}
for _letter, _name in zip("abfjpq", NAMES):
    _title = _name.upper()
    LETTERS[_letter] = Field(_title, _norm(_name))
    LETTERS[_letter.upper()] = Field(_title, _weighted(_name))

# What each letter is sorted by.
KEYS = {
    "c": lambda row: "", "i": lambda row: row.job.id, "N": lambda row: row.job.nice,
    "r": lambda row: row.partition, "S": lambda row: 0, "t": lambda row: sum(row.factors.tres.values()),
    "T": lambda row: sum(row.factors.weighted_tres().values()), "u": lambda row: row.job.user,
    "Y": _sum, "y": _sum,
}
for _letter, _name in zip("abfjpq", NAMES):
    KEYS[_letter] = lambda row, name=_name: row.factors.norm[name]
    KEYS[_letter.upper()] = lambda row, name=_name: row.factors.weighted(name)


def default(weights, long, norm, users=False, release=CURRENT, siblings=False):
    """The format where -o says none: factors without weight have no column but with -l;
    users: jobs of certain users were asked for; siblings: those of a federation, each with its cluster."""
    cluster = "%.8c " if siblings else ""
    wanted = [letter for letter, name in zip("abfjpq", NAMES)
              if (long or weights[name]) and known(LETTERS, letter, release)]
    if norm:
        user = "%.8u " if long or users else ""
        shown = " ".join(f"%10{x}" for x in wanted)
        tres = " %20t" if long or weights["TRES"] else ""
        return f"%.15i %9r {cluster}{user}%10y {shown}{tres}"
    shown = " ".join(f"%.10{x.upper()}" for x in wanted)
    nice = " %.11N" if long else ""
    user = "%.8u " if long or users else ""
    tres = " %.20T" if long or weights["TRES"] else ""
    return f"%.15i %9r {cluster}{user}%.10Y %.10S {shown}{nice}{tres}"
