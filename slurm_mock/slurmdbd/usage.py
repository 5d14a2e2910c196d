"""What jobs have used, charged to associations and QOS, and forgotten as time passes.

Kept in the store under "usage": {"time", "assoc": {id: {"": billing seconds, TRES: seconds}},
"qos": {name: the same}}.  Source: slurm.conf(5), PriorityDecayHalfLife,
PriorityUsageResetPeriod; QOS flag NoDecay and UsageFactor in sacctmgr(1).
"""

from ..common.records import ENDED
from ..common.tres import tres_dict
from ..conf.params import flags, period
from ..store.accounting import ran_since
from . import fair_tree

EMPTY = {"time": 0, "assoc": {}, "qos": {}}


def ran(job, since, until):
    """Seconds that a job ran between two moments (seconds since the epoch), without those in which it
    was suspended. Of several such spells only how long they took is known: it counts as if the job
    had run without a break until the last of them began."""
    if not job.start_time:
        return 0
    end = min(job.end_time if job.phase >= ENDED else until, until)
    if not job.suspend_time:
        return max(0, end - max(job.start_time, since))
    before = max(0, min(job.start_time + job.pre_suspend, until) - max(job.start_time, since))
    if job.state == "SUSPENDED":
        return before
    return before + max(0, end - max(job.suspend_time, since))


def charged(kept, book, jobs, now, half_life):
    """The usage at `now`, from what was kept and the jobs that ran since: a new dict."""
    since = kept["time"]
    left = fair_tree.decay(half_life, max(0, now - since)) if since else 1.0
    forever = {name for name, q in book.qos.items() if "nodecay" in q.flags.lower().split(",")}
    fresh = {
        "time": now,
        "assoc": {key: {name: value * left for name, value in used.items()}
                  for key, used in kept["assoc"].items()},
        "qos": {key: {name: value * (1.0 if key in forever else left)
                      for name, value in used.items()} for key, used in kept["qos"].items()}}
    for job in jobs:
        seconds = ran(job, since, now)
        if not seconds:
            continue
        qos = book.qos.get(job.qos)
        times = seconds * fair_tree.decay(half_life, seconds) * (qos.usage_factor if qos else 1.0)
        tres = tres_dict(job.alloc_tres)
        used = {name: count * times for name, count in tres.items()}
        used[""] = tres.get("billing", 0) * times
        used["wall"] = times
        fair_tree.charge(fresh["assoc"], book, job.assoc_id, used)
        if qos:
            mine = fresh["qos"].setdefault(job.qos, {})
            for name, amount in used.items():
                mine[name] = mine.get(name, 0.0) + amount
    return fresh


def update(ctl, now):
    """Charge what ran since the last time until `now` (seconds since the epoch), and work out
    everybody's fair-share anew. Returns the usage."""
    store, book = ctl.store, ctl.book()
    kept = store.data("usage", EMPTY)
    kept = reset(kept, ctl.config, now)
    fresh = charged(kept, book, ran_since(store, kept["time"]), now,
                    period(ctl.config, "PriorityDecayHalfLife", "7-0"))
    store.set_data("usage", fresh)
    store.set_data("fairshare", {
        key: share.factor for key, share in standing(ctl, fresh).items()
        if share.factor is not None})
    return fresh


def standing(ctl, kept):
    """{association id: fair_tree.Share} for a usage."""
    config = ctl.config
    return fair_tree.shares(ctl.book(), kept["assoc"],
                            int(config.get("FairShareDampeningFactor", 1)),
                            "NO_FAIR_TREE" not in flags(config))


def reset(kept, config, now):
    """PriorityUsageResetPeriod: when a new day, week, ... has begun, all is forgotten. The usage
    from then on."""
    import time
    word = config.get("PriorityUsageResetPeriod", "NONE").upper()
    if word in ("NONE", "NOW") or not kept["time"]:
        return kept
    then, at = time.localtime(kept["time"]), time.localtime(now)

    def sunday(t):
        """The day on which the week of a struct_time began, as (year, month, day)."""
        return time.localtime(time.mktime((t[0], t[1], t[2] - (t[6] + 1) % 7, 12, 0, 0, 0, 0, -1)))[:3]
    parts = {"DAILY": lambda t: t[:3], "MONTHLY": lambda t: t[:2], "YEARLY": lambda t: t[:1],
             "QUARTERLY": lambda t: (t[0], (t[1] - 1) // 3),
             # a week begins on Sunday, in whatever year that was
             "WEEKLY": sunday}
    key = parts.get(word)
    return kept if key is None or key(then) == key(at) else {**EMPTY, "time": kept["time"]}


def reset_associations(ctl, assoc_ids):
    """sacctmgr modify ... set RawUsage=0."""
    kept = ctl.store.data("usage", EMPTY)
    for key in assoc_ids:
        kept["assoc"].pop(key, None)
    ctl.store.set_data("usage", kept)
