"""Thousands of waiting jobs, listed quickly.

Of most jobs that wait there is little to say: each is alone (no array, no part of a
heterogeneous job) and in a partition that the caller sees.  The line of such a plain job is made
of its row by SQLite (Field.plain), which sorts them, too: its printf counts bytes, as C's does.
All other jobs go squeue's usual way, and their lines are put between.
"""

from _bisect import bisect_left

from ...common.print_fields import PREFIX, template, to_bytes
from ...common.records import PENDING, STATE_CODES, Job
from ...slurmctld.job_info import places
from .sort import default_key, start_key

_PLAIN = "state='PENDING' AND array_id=0 AND het_id=0 AND num_nodes>0 AND partition IN ({})"
# sort.start_key and default_key
_START = ("CASE WHEN expected_start>0 THEN max(expected_start, {now}) "
          "WHEN begin_time>{now} THEN begin_time ELSE 0 END")
_ORDER = ("partition, priority DESC, {start}=0, {start} DESC, "
          "CASE {start} WHEN 0 THEN -id ELSE id END")


def fits(query, columns):
    """Can lines be made of plain jobs' rows? Not in another order than squeue's own, nor where a
    filter or a column has to look closer."""
    return (not (query.sort or query.array or query.array_unique or query.priority)
            and (not query.states or "PENDING" in query.states)
            and query.accounts is query.jobs is query.licenses is query.names is None
            and query.nodes is query.partitions is query.qos is query.reservation is None
            and all([_fits(c) for c in columns]))


def _fits(column):
    field = column.field
    may_be_cut = isinstance(field.cut, str) and column.right and column.width
    return column.suffix.isascii() and (field is PREFIX or bool(field.plain) and not may_be_cut)


def split(query, view, columns, load):
    """(all jobs but the plain ones as load(ids of waiting jobs) finds them, Plain): both of one
    moment. (load(None), None) where too few are plain."""
    def both():
        plain = Plain(query, view, columns)
        if len(plain.odd) > len(plain.rows):
            return load(None), None
        jobs = load(plain.odd)
        plain.places = places(jobs)
        return jobs, plain
    return view.controller.store.at_once(both)


class Plain:
    """The plain jobs that wait, in squeue's order. odd: ids of the other ones that do."""

    def __init__(self, query, view, columns):
        known = [part.name for part in view.visible(query.all or view.caller.admin)]
        plain, start = _PLAIN.format(_marks(known)), _START.format(now=view.now)
        shown = [_shown(c) for c in columns if c.field is not PREFIX]
        line = f"CASE WHEN {plain} THEN CAST(printf({', '.join(['?', *shown])}) AS BLOB) END"
        users = query.users or []
        mine = "" if query.users is None else f" AND user IN ({_marks(users)})"
        rows = view.controller.store.rows(
            Job, (line, "partition", "priority", start, "id"),
            f"WHERE phase={PENDING}{mine} ORDER BY {_ORDER.format(start=start)}",
            [*known, template(columns), *users])
        self.odd = [row[4] for row in rows if row[0] is None]
        self.rows = [row for row in rows if row[0] is not None] if self.odd else rows
        self.now, self.places = view.now, {}

    def among(self, jobs, line):
        """All lines as bytes: the plain jobs' and those that line(job) prints of `jobs`, which
        are in squeue's order."""
        lines, done = [], 0
        for job in jobs:
            key = default_key(job.partition, STATE_CODES[job.state], job.priority,
                              start_key(job, self.now), self.places.get(job.id, job.id))
            place = bisect_left(self.rows, key, done, key=_key)
            lines += [row[0] for row in self.rows[done:place]]
            lines.append(to_bytes(line(job)))
            done = place
        return lines + [row[0] for row in self.rows[done:]]


def _key(row):
    _, partition, priority, start, number = row
    return default_key(partition, "PD", priority, start, number)


def _marks(values):
    return ",".join("?" * len(values))


def _shown(column):
    """What a column shows of a row, as SQL."""
    field = column.field
    return f"CASE WHEN {field.attr}<>'' THEN {field.attr} ELSE '{column.null()}' END" if field.attr else (
        field.plain.replace("{null}", column.null()))
