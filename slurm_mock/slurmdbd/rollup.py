"""Who used how much in a period: pure sums over jobs, for sreport.

Usage is in seconds of a TRES (cpu: CPU seconds; mem: MiB seconds).  Source: sreport(1).
"""

from ..common.tres import tres_dict
from .usage import ran


def by_association(jobs, since, until, tres_of):
    """{association id: {TRES name: seconds}}; tres_of(job) is the text of what it holds."""
    found = {}
    for job in jobs:
        seconds = ran(job, since, until)
        if seconds <= 0 or not job.assoc_id:
            continue
        mine = found.setdefault(job.assoc_id, {})
        for name, count in tres_dict(tres_of(job)).items():
            mine[name] = mine.get(name, 0) + count * seconds
    return found


def with_parents(book, used):
    """The same, with what is used below an account added to it and all above it."""
    total = {}
    for assoc_id, counts in used.items():
        assoc = book.by_id(assoc_id)
        for one in book.lineage(assoc) if assoc else ():
            mine = total.setdefault(one.id, {})
            for name, seconds in counts.items():
                mine[name] = mine.get(name, 0) + seconds
    return total


MOST_CPUS = (1 << 32) - 1


def groups(bounds):
    """The groups of job sizes that these bounds part: [(fewest CPUs, most CPUs)]. Bounds need not
    rise; behind a last bound of 0 there is no group."""
    found, low = [], 0
    for bound in bounds:
        found.append((low, (bound - 1) & MOST_CPUS))
        low = bound
    return found + [(low, MOST_CPUS)] * bool(low)


def sizes(jobs, since, until, bounds):
    """[(job, place among `groups`, CPU seconds)] of what ran, once for each group that it is in."""
    found, spans = [], groups(bounds)
    for job in jobs:
        seconds = ran(job, since, until)
        if seconds > 0:
            found += [(job, place, job.num_cpus * seconds) for place, (low, high) in enumerate(spans)
                      if low <= job.num_cpus <= high]
    return found


def utilization(counts, used, down, since, until):
    """{TRES name: {"allocated", "down", "idle", "reported"}} of a cluster that was there from
    `since` to `until`; counts: what it has, used and down: seconds of each TRES."""
    found = {}
    for name, count in counts.items():
        reported = count * max(0, until - since)
        gone = min(reported, down.get(name, 0))
        taken = min(reported - gone, used.get(name, 0))
        found[name] = {"allocated": taken, "down": gone, "idle": reported - gone - taken,
                       "reported": reported}
    return found


def rounded(moment, default, local):
    """A moment of a report -> the full hour nearest to it, as slurmdbd's sums are by the hour."""
    import time
    if moment is None:
        return default
    parts = list(local(moment))
    minute = parts[4] + (parts[5] >= 30)
    return int(time.mktime((*parts[:3], parts[3] + (minute >= 30), 0, 0, 0, 0, -1)))
