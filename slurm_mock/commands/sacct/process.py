"""What sacct was asked for, and the jobs that it means.

Source: sacct(1), in particular DEFAULT TIME WINDOW.
"""

import time
from errno import EINVAL

from ...common import release
from ...common.getopt import UsageError, getopt
from ...common.hostlist import BadHostlist, expand, typed
from ...common.moment import BadTime, parse_when
from ...common.parse_time import BadValue, as_int, is_number, parse_limit
from ...common.records import ENDED, INFINITE, STATE_CODES
from ...slurmctld.job_info import WAITING
from ...slurmctld.uid import user_name
from ...store import accounting
from ..shared import acct_fields, acct_opts
from ..shared.acct_print import BAD_FIELD
from ..shared.call import FORMAT_AND_LONG, Fail
from ..shared.selected_step import parse_list

SYNOPSIS = "[OPTION]..."
ACCOUNTED = ("PENDING", "RUNNING", "SUSPENDED", "COMPLETED", "CANCELLED", "FAILED", "TIMEOUT",
             "NODE_FAIL", "PREEMPTED", "BOOT_FAIL", "DEADLINE", "OUT_OF_MEMORY", "REQUEUED",
             "RESIZING", "REVOKED")


class Query:
    """What was asked for. Lists are None where nothing was said."""

    def __init__(self):
        self.all_users = self.brief = self.script = self.environment = self.duplicates = False
        self.long = self.noheader = self.truncate = self.allocations = self.verbose = False
        self.convert, self.unit, self.parsable, self.delimiter, self.dump = True, None, "", "|", ""
        self.start = self.end = 0
        self.format = self.columns = self.jobs = self.states = self.users = None
        self.accounts = self.constraints = self.groups = self.names = self.nodes = None
        self.partitions = self.qos = self.wckeys = self.nowhere = None
        self.qos_text, self.completion = None, False
        self.node_range = self.cpu_range = None
        self.limit_min = self.limit_max = None


def split(text):
    """A comma list -> its words, those that are empty left out."""
    return [t for t in text.split(",") if t]


def read(call):
    """Options and environment -> Query; None when all is said. Raises Fail."""
    query = Query()
    try:
        options, operands = getopt(call.argv, acct_opts.OPTIONS, release=call.release)
    except UsageError as error:
        raise Fail.info(str(error)) from None
    now = call.controller.now
    say = None
    for option, value in options:
        if option.dest == "version":
            call.informs(["version"], SYNOPSIS, acct_opts.OPTIONS)
            return None
        if option.dest in ("help", "helpformat", "usage"):
            say = option.dest
            continue
        _take(call, query, option.dest, value, now)
    _check(call, query, operands, now)
    if say == "helpformat":
        help_fields(call)
    elif say:
        call.informs([say], SYNOPSIS, acct_opts.OPTIONS)
    return None if say else query


def _ask(call, query):
    """What needs the accounts themselves is looked at when all options have been. Raises Fail."""
    if query.completion:
        raise Fail.bare("Slurm job completion is disabled")
    if query.qos_text is not None:
        qos(call, query, query.qos_text)


def _take(call, query, name, value, now):
    flags = {"allusers": "all_users", "brief": "brief", "batch_script": "script",
             "duplicates": "duplicates", "env_vars": "environment", "long": "long",
             "noheader": "noheader", "truncate": "truncate", "allocations": "allocations",
             "verbose": "verbose"}
    lists = {"accounts": "accounts", "constraints": "constraints", "name": "names",
             "partition": "partitions", "wckeys": "wckeys"}
    if name in flags:
        setattr(query, flags[name], True)
    elif name in lists:
        if not value and name in ("wckeys", "constraints"):
            return
        setattr(query, lists[name], (getattr(query, lists[name]) or []) + split(value))
    elif name == "associations":
        query.nowhere = [*(query.nowhere or []), "-x"]       # the mock's have no numbers that people know
    elif name == "completion":
        query.completion = True
    elif name == "file":
        import os
        if not os.path.isfile(call.path(value)):
            raise Fail.bare(f"{value} is not a valid file")
        query.completion = True
    elif name == "flags":
        if not _known_flags(value):
            raise Fail.error(f"str_2_job_flags: Invalid job flag {split(value)[0]}")
        if not value:
            query.nowhere = [*(query.nowhere or []), "-F"]   # of jobs without flags there are none
    elif name == "delimiter":
        query.delimiter = value
    elif name in ("parsable", "parsable2"):
        query.parsable = "p" if name == "parsable" else "P"
    elif name == "noconvert":
        query.convert = False
    elif name == "units":
        if value[:1].upper() not in tuple(acct_opts.UNITS):
            # of an empty one Slurm's text ends with the byte that ends a text in C
            call.error(f"Invalid unit type '{value[:1]}'. Possible options are '{acct_opts.UNITS}'"
                       if value else "Invalid unit type '")
            raise Fail.fatal("Invalid unit type")
        query.unit = acct_opts.UNITS.index(value[0].upper()) + 1
    elif name == "format":
        query.format = (query.format or "") + value + ","
    elif name in ("starttime", "endtime"):
        if not value:
            return                           # as if nothing were said
        setattr(query, name.removesuffix("time"), past(value, now))
    elif name == "jobs":
        # job 0 is none, and where no other is named all are meant
        found = [one for one in (query.jobs or []) + parse_list(value) if one[0]]
        query.jobs = found or ([(0, None, None, None)] if value.strip(",") or query.jobs else [])
    elif name == "state":
        query.states = (query.states or []) + states(value)
    elif name == "user":
        users(call, query, value)
    elif name == "group":
        groups(query, value)
    elif name == "nodelist":
        try:
            query.nodes = set(typed(value))
        except BadHostlist:
            raise Fail.error("Invalid argument", EINVAL) from None
    elif name == "qos":
        query.qos_text = value
    elif name == "reason":
        from ...common.job_reason import known
        for word in split(value):
            if not known(word):
                raise Fail.fatal(f"unrecognized job reason value '{word}'")
    elif name in ("nnodes", "ncpus"):
        what = "requested node range" if name == "nnodes" else "requested cpu range"
        setattr(query, "node_range" if name == "nnodes" else "cpu_range", number_range(value, what))
    elif name in ("timelimit_min", "timelimit_max"):
        try:
            limit = parse_limit(value)
        except BadValue:
            limit = 0
        if as_int(limit) <= 0 and limit != INFINITE:
            raise Fail.fatal("Invalid time limit specification")
        if name == "timelimit_min":
            query.limit_min = limit
        else:
            query.limit_max = limit
    elif name == "clusters":
        mine = call.controller.config["ClusterName"].lower()
        if not {c.lower() for c in split(value)} & {mine, "all", "-1"}:
            query.nowhere = [*(query.nowhere or []), "-M"]
    elif name == "whole_hetjob":
        if value is not None and value.lower() not in ("yes", "y", "no", "n"):
            raise Fail.error(f'Invalid --whole-hetjob value "{value}". Valid values: [yes|no].')
    elif name in ("json", "yaml"):
        query.dump = name


def _known_flags(value):
    known = ("none", "schedsubmit", "schedmain", "schedbackfill", "notset", "startrecieved")
    return all(any(k.startswith(word.lower()) for k in known) for word in split(value))


def _check(call, query, operands, now):
    """What only all options together tell: the window, the users, the fields."""
    if query.script or query.environment:
        query.allocations = True
        what = "job environment" if query.environment else "job scripts"
        if not query.jobs:
            raise Fail.fatal(f"When requesting {what} you must also request specific jobs with "
                             "the '-j' option.")
        if query.script and query.environment:
            raise Fail.fatal("Options --batch-script and --env-vars are mutually exclusive")
    if query.long and query.format is not None:
        raise Fail.fatal(FORMAT_AND_LONG)
    _window(query, now)
    if query.end and query.start > query.end:
        from ...common.parse_time import stamp
        raise Fail.error(f"Start time ({stamp(query.start)}) requested is after end time "
                         f"({stamp(query.end)}).")
    if call.controller.config.get("AccountingStorageType", "accounting_storage/none").endswith(
            "/none"):
        raise Fail.bare("Slurm accounting storage is disabled")
    _ask(call, query)
    if query.users is None and (query.jobs or query.nodes is not None
                                or call.controller.caller.uid == 0 and call.controller.caller.admin):
        query.all_users = True
    if query.users is None and not query.all_users:
        query.users = [call.controller.caller.user]
    text = (query.format or "") + (
        release.as_of(acct_fields.BRIEF, call.release) + "," if query.brief else "") + (
        release.as_of(acct_fields.LONG, call.release) + "," if query.long else "")
    if not text:
        default = release.as_of(acct_fields.DEFAULT, call.release)
        text = call.environment(acct_opts.OPTIONS).get("format", default)
    try:
        query.columns = acct_fields.columns(text, call.release)
    except acct_fields.BadField as bad:
        for old, new in (("allocgres", "AllocTRES"), ("reqgres", "ReqTRES")):
            if str(bad).lower() == old:
                raise Fail.fatal(f"{new[:-4]}GRES has been removed, please use {new}") from None
        raise Fail.error(BAD_FIELD.format(name=bad)) from None
    if operands:
        for text in ("Unknown arguments:", *(f" {word}" for word in operands)):
            call.error(text)
        raise Fail(code=1)


def _window(query, now):
    """Defaults of -S and -E: midnight to now; with -s the present instant; with -j all time."""
    if query.states:
        if not query.start and not query.jobs:
            query.start = now
        if query.start and not query.end:
            query.end = query.start
    elif not query.jobs and not query.start:
        today = time.localtime(now)
        query.start = int(time.mktime((today.tm_year, today.tm_mon, today.tm_mday,
                                       0, 0, 0, 0, 0, -1)))
    if not query.end:
        query.end = now
    if query.end in (query.start, now):
        query.end += 1


def past(text, now):
    """A time of -S or -E -> seconds since the epoch. A time of day means today's, a date this or
    last year's. Raises Fail."""
    try:
        return parse_when(text, now, past=True)
    except BadTime as error:
        raise Fail.bare(str(error)) from None


# ---- lists ------------------------------------------------------------------

def states(text):
    """"pd,R" (-s) -> ["PENDING", "RUNNING"]. Raises Fail for a state that accounting does not have."""
    found = []
    for word in split(text):
        upper = word.upper()
        name = next((n for n, code in STATE_CODES.items() if upper in (n, code)), None)
        if name is None and upper != "RESV_DEL_HOLD":
            raise Fail.fatal(f"unrecognized job state value '{word}'")
        if name not in ACCOUNTED:
            raise Fail.fatal(f"job state {word} is not supported / accounted")
        found.append(name)
    return found


def users(call, query, text):
    """-u: names or numbers of users are added to the query's list; -1 asks for those of all. Raises
    Fail for a user whom nobody knows."""
    if text == "-1":
        query.all_users = True
        return
    if not text:
        raise Fail(code=1)
    query.all_users, query.users, before = False, query.users or [], len(query.users or [])
    for word in split(text):
        name = user_name(call.controller, word)
        if name is None:
            raise Fail.error(f"Invalid user id: {word}")
        if name not in query.users:
            query.users.append(name)
    if len(query.users) == before:
        raise Fail(code=1)


def groups(query, text):
    """-g: groups by name or number are added, as numbers, to the query's list. Raises Fail for one
    that this machine has not."""
    import grp
    if not text:
        raise Fail(code=1)
    query.groups, before = query.groups or [], len(query.groups or [])
    for word in split(text):
        try:
            entry = grp.getgrgid(int(word)) if is_number(word) else grp.getgrnam(word)
        except (KeyError, OverflowError):
            raise Fail.error(f"Invalid group id: {word}") from None
        if entry.gr_gid not in query.groups:
            query.groups.append(entry.gr_gid)
    if len(query.groups) == before:
        raise Fail(code=1)                   # a group that was named before is none that is added


def qos(call, query, text):
    """-q: the query's QOS, in small letters, instead of those that an option before named. Raises
    Fail for one that there is not."""
    known = call.controller.book().qos
    query.qos = []
    for word in split(text):
        if word.lower() not in known:
            call.error(f"You gave a bad qos '{word}'. Valid QOS's are {','.join(known)}")
            raise Fail.fatal("problem processing qos list")
        query.qos.append(word.lower())


def number_range(text, what):
    """"2-4" -> (2, 4); "2" -> (2, 2). what: the range as the message calls it. Raises Fail."""
    low, dash, high = text.partition("-")
    if not is_number(low) or (dash and not is_number(high)):
        raise Fail.error(f'Invalid numeric value "{text}" for {what}.')
    return int(low), int(high if dash else low)


# ---- jobs -------------------------------------------------------------------

def select(query, view, steps_of=None):
    """The jobs asked for, in sacct's order. With --duplicates earlier runs of requeued jobs are
    among them, and their steps in `steps_of`, by id and submit time."""
    store = view.controller.store
    if query.nowhere:
        return []
    if query.jobs:
        ids = sorted({number for number, *_ in query.jobs})
        found = accounting.known_since(store, 0) if 0 in ids else accounting.numbered(store, ids)
        jobs = [j for j in found if wanted(query, j)]
    else:
        jobs = accounting.known_since(store, query.start)
    if query.duplicates and steps_of is not None:
        for job, steps in accounting.earlier_runs(store):
            if not query.jobs or wanted(query, job):
                steps_of[job.id, job.submit_time] = steps
                jobs.append(job)
    for test in _tests(query, view):
        jobs = [j for j in jobs if test(j)]
    far = 0xFFFFFFFE
    jobs.sort(key=lambda j: (j.submit_time, j.array_id,
                             far if j.array_task is None else j.array_task, j.id))
    return jobs


def wanted(query, job):
    """Is the job one of those that -j names, be it as a task of an array or as a component?"""
    return any(_is(job, *chosen[:3]) for chosen in query.jobs)


def _is(job, number, task, offset):
    if task is not None:
        return job.array_id == number and job.array_task == task
    if offset is not None:
        return job.het_id == number and job.het_offset == offset
    return number in (0, job.id, job.array_id, job.het_id)


def wanted_steps(query, job):
    """(the job itself?, ids of single steps)"""
    if not query.jobs:
        return True, ()
    ids = set()
    for number, task, offset, step in query.jobs:
        if _is(job, number, task, offset):
            if step is None:
                return True, ()
            ids.add(step)
    return False, ids


def _tests(query, view):
    tests = [lambda j: _in_window(query, j)]
    if query.users is not None and not query.all_users:
        tests.append(lambda j: j.user in query.users)
    if query.accounts is not None:
        accounts = {a.lower() for a in query.accounts}
        tests.append(lambda j: j.account.lower() in accounts)
    if query.groups is not None:
        tests.append(lambda j: j.gid in query.groups)
    if query.names is not None:
        tests.append(lambda j: j.name in query.names)
    if query.partitions is not None:
        tests.append(lambda j: j.partition in query.partitions)
    if query.qos is not None:
        tests.append(lambda j: j.qos.lower() in query.qos)
    if query.wckeys is not None:
        tests.append(lambda j: j.wckey in query.wckeys)
    if query.constraints is not None:
        tests.append(lambda j: j.features in query.constraints)
    if query.nodes is not None:
        tests.append(lambda j: j.nodelist and not query.nodes.isdisjoint(expand(j.nodelist)))
    for field, span in (("num_nodes", query.node_range), ("num_cpus", query.cpu_range)):
        if span:
            tests.append(lambda j, f=field, s=span: j.start_time
                         and s[0] <= getattr(j, f) <= s[1])
    if query.limit_min is not None:
        most = query.limit_max if query.limit_max is not None else query.limit_min
        tests.append(lambda j: j.time_limit is not None
                     and query.limit_min <= j.time_limit <= most)
    return tests


def _in_window(query, job):
    """Does the job belong to the time window (and the states) asked for?"""
    start = 0 if job.state in ("PENDING",) else job.start_time
    end = job.end_time if job.phase >= ENDED or job.state == "COMPLETING" else 0
    begun = acct_fields.eligible(job)
    if query.states:
        row = acct_fields.Row(job)
        state = acct_fields.state(row)
        for wanted_state in query.states:
            if wanted_state == "PENDING":
                fits = begun and query.end > begun and (
                    query.start < start if start else
                    query.start < end if end else state == "PENDING")
            elif wanted_state == "RUNNING":
                fits = start and query.end > start and (
                    query.start < end or (not end and state == "RUNNING"))
            elif wanted_state == "SUSPENDED":
                fits = state == "SUSPENDED"
            else:
                fits = state == wanted_state and end and query.start <= end <= query.end
            if fits:
                return True
        return False
    if query.jobs and not query.start:
        return True
    if query.jobs:
        # asked for by its id, a job that never was eligible counts from its submission
        begun = job.submit_time
    return bool(begun) and begun < query.end and (not end or end >= query.start)


def rows(query, view):
    """The rows asked for, in sacct's order: jobs by submit time, each before its steps."""
    steps_of = {}                        # of the earlier runs of requeued jobs
    for job in select(query, view, steps_of):
        whole, ids = wanted_steps(query, job)
        steps = steps_of.get((job.id, job.submit_time))
        if steps is None or query.allocations:
            steps = [] if query.allocations else view.controller.store.steps(job.id)
        if whole:
            yield timed(acct_fields.Row(job, None, steps), query, view)
        for step in steps:
            if whole or step.step_id in ids:
                yield timed(acct_fields.Row(job, step), query, view)


def timed(row, query, view):
    """Fill in a row's times."""
    job, step = row.job, row.step
    over = job.phase >= ENDED
    if step:
        row.start, row.end = step.start_time, step.end_time
        if not row.end and over:
            row.end = job.end_time
    else:
        row.start = 0 if job.state in WAITING and not over else job.start_time
        row.end = job.end_time if over or job.state == "COMPLETING" else 0
        if job.state == "SUSPENDED":
            row.suspended = view.now - job.suspend_time
        elif job.suspend_time and row.start:
            row.suspended = max(0, job.suspend_time - job.start_time - job.pre_suspend)
    if query.truncate:
        limit = min(query.end, view.now)
        if row.start:
            row.start = max(row.start, query.start)
        if not row.end or row.end > limit:
            row.end = limit
        row.start = row.start or row.end
    if row.start:
        row.elapsed = max(0, (row.end or view.now) - row.start - row.suspended)
    return row


def help_fields(call):
    """--helpformat: the names, four a line."""
    names = [f"{field.name:<19}" for field in release.in_release(acct_fields.FIELDS, call.release)]
    lines = [" ".join(names[i:i + 4]) for i in range(0, len(names), 4)]
    call.print("\n".join(lines))
