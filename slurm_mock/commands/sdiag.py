"""sdiag: what the controller has done. Source: sdiag(1) of Slurm 22.05.

The mock has no daemon: threads, agents, remote calls and the microseconds of scheduling
cycles are 0, as on an idle controller; the counts of jobs are the cluster's.
"""

import time

from ..common import slurm_errno
from ..common.getopt import REQUIRED, Option
from .shared.call import Fail

OPTIONS = (
    Option("all", "a", help="all statistics"),
    Option("reset", "r", help="set the counters to 0 (operators only)"),
    Option("sort-by-id", "i", help="remote calls by their number"),
    Option("sort-by-time", "t", help="remote calls by total time"),
    Option("sort-by-time2", "T", help="remote calls by average time"),
    Option("cluster", "", REQUIRED, "another name of --clusters", dest="clusters"),
    Option("clusters", "M", REQUIRED, "ask this cluster"),
    Option("help", help="this text"),
    Option("usage", help="a short summary"),
    Option("version", "V", help="the version"),
)
SYNOPSIS = "[-M cluster] [-aritT]"
RULE = "*" * 55

PAGE = """\
{rule}
sdiag output at {now}
Data since      {since}
{rule}
Server thread count:  0
Agent queue size:     0
Agent count:          0
Agent thread count:   0
DBD Agent queue size: 0

Jobs submitted: {submitted}
Jobs started:   {started}
Jobs completed: {completed}
Jobs canceled:  {canceled}
Jobs failed:    {failed}

Job states ts:  {states}
Jobs pending:   {pending}
Jobs running:   {running}

Main schedule statistics (microseconds):
\tLast cycle:   0
\tMax cycle:    0
\tTotal cycles: 0
\tLast queue length: 0

Backfilling stats
\tTotal backfilled jobs (since last slurm start): 0
\tTotal backfilled jobs (since last stats cycle start): 0
\tTotal backfilled heterogeneous job components: 0
\tTotal cycles: 0
\tLast cycle when: {last}
\tLast cycle: 0
\tMax cycle:  0
\tLast depth cycle: 0
\tLast depth cycle (try sched): 0
\tLast queue length: 0
\tLast table size: 0

Latency for 1000 calls to gettimeofday(): 0 microseconds

Remote Procedure Call statistics by message type

Remote Procedure Call statistics by user

Pending RPC statistics
\tNo pending RPCs
"""


def main(call):
    """Run sdiag; see Call for what goes in and out. Returns the exit code. Raises Fail."""
    options, _ = call.getopt(OPTIONS)
    if call.informs([o.dest for o, _ in options], SYNOPSIS, OPTIONS):
        return 0
    asked = {option.dest: value for option, value in options}
    ctl = call.controller
    if "clusters" in asked:
        from .shared.clusters_opt import chosen as asked_cluster
        asked_cluster(call, asked["clusters"])
    if "reset" in asked:
        if not ctl.caller.admin:
            raise Fail.bare("slurm_reset_statistics", 255, slurm_errno.ESLURM_ACCESS_DENIED)
        with ctl.store:
            ctl.store.set_meta("stats_since", ctl.now)
        call.print("Reset scheduling statistics")
        return 0
    ctl.settle()
    call.print(PAGE.format(rule=RULE, **counters(ctl)), end="")
    return 0


def counters(ctl):
    """What the page is filled with."""
    from ..store.accounting import counts
    since = ctl.store.meta("stats_since") or ctl.store.meta("boot_time", 0)

    return {
        "now": moment(ctl.now), "since": moment(since), "states": moment(ctl.now),
        "last": moment(ctl.store.meta("last_backfill", 0)),
        **counts(ctl.store, since)}


def moment(when):
    """Mon Nov 23 02:36:19 2026 (1795401379)"""
    return f"{time.strftime('%a %b %d %H:%M:%S %Y', time.localtime(when))} ({when})"
