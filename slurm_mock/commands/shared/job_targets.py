"""Jobs as scontrol and scancel name them: 12, 12_3, 12_[1-4,7], 12+1, [12-14], 12,13.

Source: scontrol(1), job_list; _is_job_id() for what is taken as one.
"""

from ...common import job_array
from ...common.hostlist import typed
from ...common.parse_time import is_number, leading_number
from ...slurmctld import job_mgr
from ...store.store import KNOWN, within


def split(text):
    """A job list -> the single job names in it, or None if it is no job list. Raises BadHostlist where
    brackets hold what looks like ids and can't be read."""
    words, word, depth = [], "", 0
    plus = under = False
    for char in text:
        if char == "+":
            if plus:
                return None
            plus = True
        elif char == "_":
            if under:
                return None
            under = True
        elif char in "[]":
            depth += 1 if char == "[" else -1
        elif char == "-":
            if not depth and not under:
                return None
        elif char in ", ":
            if not depth:
                words.append(word)
                word, plus, under = "", False, False
                continue
        elif not is_number(char):
            return None
        word += char
    if depth:
        return None
    found = []
    for word in filter(None, [*words, word]):
        head, underscore, tasks = word.partition("_")
        if "[" in head:
            found += [job + underscore + tasks for job in typed(head)]
        else:
            found.append(word)
    return [w.replace("[", "").replace("]", "") for w in found]


def matching(store, word):
    """A name as `split` gives it -> ([Job], {task: None} of tasks that are not there).

    A waiting array's record stands for many tasks; ask `single` for one of them. Where all of them
    are named it is meant as a whole.
    """
    number, rest = leading_number(word)
    if number <= 0 or rest[:1] == "+" and "_" in rest:
        return [], {}
    number = within(number)
    if rest[:1] == "_":
        try:
            wanted = job_array.parse(rest[1:])[0]
        except job_array.BadArray:
            return [], {}
        records = store.array_jobs(number, purged=False)
        found, missing, wholly = [], {}, []
        for task in wanted:
            record = next((r for r in records if r.array_task == task), None)
            if record is None:
                record = next((r for r in records if r.array_task is None
                               and task in job_array.unpack(r.array_tasks)), None)
            if record is None:
                missing[task] = None
            elif record.array_task is None and set(numbers_text(record)) <= set(wanted):
                if record not in wholly:
                    wholly.append(record)
                    found.append((record, None))
            else:
                found.append((record, task))
        return found, missing
    records = store.named(number)
    if rest[:1] == "+" and is_number(rest[1:]):
        offset = within(leading_number(rest[1:])[0])
        # a job that is not heterogeneous is its own component 0
        records = [job for job in store.components(number, *KNOWN) or records if (job.het_offset or 0) == offset]
    # tasks that were cancelled while they waited are forgotten beside the others
    records = [r for r in records if r.start_time or not r.end_time] or records
    return [(record, None) for record in records], {}


def single(store, record, task):
    """The record to act on: a task that still waits in its array's record is split off."""
    if task is None or record.array_task is not None:
        return record
    with store:
        fresh = store.job(record.id)
        return job_mgr.split(store, fresh, task) if fresh.array_tasks else fresh


def numbers_text(record):
    """The tasks that a record stands for."""
    return [record.array_task] if record.array_task is not None else job_array.unpack(
        record.array_tasks)
