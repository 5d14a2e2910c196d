"""scancel: end jobs and steps, or send them a signal."""

from ..common import job_array, signals, slurm_errno
from ..common.getopt import NONE, REQUIRED, Option
from ..common.parse_time import atoi, leading_number
from ..common.records import ACTIVE, PENDING, STATE_CODES
from ..common.slurm_errno import Refused
from ..slurmctld.uid import user_name
from .shared.call import Fail

TABLE = [
    Option("account", "A", REQUIRED, "only jobs charged to this account", env="SCANCEL_ACCOUNT"),
    Option("batch", "b", NONE, "signal the batch script only", env="SCANCEL_BATCH"),
    Option("ctld", "", NONE, "send the signal through the controller", env="SCANCEL_CTLD", effect=False),
    Option("full", "f", NONE, "signal the batch script, its children and the steps", env="SCANCEL_FULL"),
    Option("hurry", "H", NONE, "do not stage data out", env="SCANCEL_HURRY", effect=False),
    Option("interactive", "i", NONE, "ask before each job", env="SCANCEL_INTERACTIVE"),
    Option("cluster", "", REQUIRED, "another name of --clusters", dest="clusters"),
    Option("clusters", "M", REQUIRED, "clusters to look at", env="SLURM_CLUSTERS"),
    Option("jobname", "n", REQUIRED, "only jobs of this name", dest="name"),
    Option("name", "", REQUIRED, "the same", env="SCANCEL_NAME"),
    Option("nodelist", "w", REQUIRED, "only jobs that use one of these nodes"),
    Option("partition", "p", REQUIRED, "only jobs in this partition", env="SCANCEL_PARTITION"),
    Option("qos", "q", REQUIRED, "only jobs with this QOS", env="SCANCEL_QOS"),
    Option("quiet", "Q", NONE, "no message for a job that has ended"),
    Option("reservation", "R", REQUIRED, "only jobs in this reservation"),
    Option("signal", "s", REQUIRED, "the signal to send, by name or number"),
    Option("sibling", "", REQUIRED, "the sibling job of a federation", effect=False),
    Option("state", "t", REQUIRED, "only jobs in this state: pending, running, suspended", env="SCANCEL_STATE"),
    Option("me", "", NONE, "only the caller's own jobs"),
    Option("user", "u", REQUIRED, "only jobs of this user", env="SCANCEL_USER"),
    Option("verbose", "v", NONE, "say what is done", env="SCANCEL_VERBOSE"),
    Option("version", "V", NONE, "print the version"),
    Option("wckey", "", REQUIRED, "only jobs with this workload key", env="SCANCEL_WCKEY"),
    Option("help", "", NONE, "print this list"),
    Option("usage", "", NONE, "print a short form"),
]
# Options beside the filters with which scancel itself looks for the jobs that it is given.
SELECTING = ("batch", "interactive", "signal")
FILTERS = ("account", "name", "nodelist", "partition", "qos", "reservation", "state", "user",
           "wckey", "me")
# Those whose variables say true or false, and what -v calls each filter.
BOOLEANS = {"batch", "full", "interactive", "verbose"}
FILTER_WORDS = (("account", "account"), ("name", "job_name"), ("nodelist", "nodelist"), ("partition", "partition"), ("qos", "qos"),
                ("reservation", "reservation"), ("state", "state"), ("user", "user_name"), ("wckey", "wckey"))


def main(call):
    """Cancel (or signal) the jobs named, or all that the filters select; the exit code. Raises Fail."""
    found, operands = call.getopt(TABLE)
    given = {option.dest: value for option, value in found}
    if call.informs(given, "[OPTIONS...] [job_id[_array_id][.step_id]...]", TABLE):
        return 0
    told, signum = variables(call), None
    given = {**told, **given}
    # each is looked at where it stands, the variable before all as if it were the option
    typed = [(option.dest, value) for option, value in found]
    for name, value in [("clusters", told["clusters"]), *typed] if "clusters" in told else typed:
        if name == "clusters":
            from .shared.clusters_opt import chosen
            chosen(call, value)
        elif name == "signal":
            signum = signal_number(value)
        elif name == "state":
            given["state"] = state_name(value)
    targets = [target for word in operands for target in targets_of(call, word)]
    ctl = call.controller
    ctl.settle()
    filters = {k: v for k, v in given.items() if k in FILTERS}
    whose = [option.dest for option, _ in found if option.dest in ("user", "me")]
    if whose and whose[-1] == "me":          # of the two the last one holds
        filters["user"] = ctl.caller.user
    elif "user" in filters:
        known_user(ctl, filters["user"])
    filters.pop("me", None)
    if not targets and not filters:
        raise Fail.error("No job identification provided")
    code = 0
    if targets and (given.keys() & {*FILTERS, *SELECTING}
                    or any(step is not None for _, _, step, _ in targets)):
        code = after_a_look(call, ctl, targets, filters, signum, given)
    elif targets:
        with ctl.store:                  # at one stroke: else a task of an array might start meanwhile
            for job_id, tasks, step, text in targets:
                if "-]" in text:         # scancel reads [1-] as 1; slurmctld, which gets the text, does not
                    tasks = []
                found = find(ctl, job_id, tasks)
                if not found:
                    code |= nothing_found(call, ctl, job_id, tasks, text, given)
                for job in found:
                    code |= act(call, ctl, job, tasks, step, signum, given, text)
    elif given.keys() & {"interactive", "signal"}:
        code = by_filters(call, ctl, filters, signum, given)
    else:
        with ctl.store:
            code = by_filters(call, ctl, filters, signum, given)
    ctl.moved()
    return code


def signal_number(value):
    """The signal that --signal says: a name, or a number of whatever size. Raises Fail for what says none."""
    signum = signals.any_number(value)
    if not signum:
        raise Fail.bare(f"Unknown job signal: {value}")
    return signum


def variables(call):
    """What SCANCEL_ACCOUNT and the like say in the place of options, and SLURM_CLUSTERS: {dest: value}. Raises Fail for
    no state."""
    told = call.environment(TABLE)
    for name in BOOLEANS & told.keys():
        word = told[name].lower()
        if word not in ("t", "true"):
            del told[name]
        if word not in ("t", "true", "f", "false"):
            call.error(f"Unrecognized SCANCEL_{name.upper()} value: {call.env['SCANCEL_' + name.upper()]}")
    for name in ("account", "qos"):
        if name in told:
            told[name] = told[name].lower()
    if "state" in told:
        told["state"] = state_name(told["state"], "Unrecognized SCANCEL_STATE value")
    return told


def none_matches(call, filters, given):
    """-v tells that no active job passes all filters."""
    said = "".join(f"{word}={filters[name]} " for name, word in FILTER_WORDS if name in filters)
    if "verbose" in given and said:
        call.error(f"No active jobs match ALL job filters, including: {said}")


def kind_of_job(given):
    """The word before "job" of -v's line."""
    return "full " if "full" in given else "batch " if "batch" in given else ""


def nothing_found(call, ctl, job_id, tasks, text, given):
    """There is no such job: Slurm says so only if asked to be verbose, but always where "12+0" is asked of
    a job that is not heterogeneous. The exit code."""
    errno = slurm_errno.ESLURM_INVALID_JOB_ID
    if isinstance(job_id, tuple) and not job_id[1] and ctl.store.job(job_id[0]):
        errno = slurm_errno.ESLURM_NOT_HET_JOB
    elif tasks and any(job.array_min <= task <= job.array_max for job in ctl.store.array_jobs(job_id) for task in tasks):
        errno = slurm_errno.ESLURM_ALREADY_DONE          # a task that was cancelled while it waited
    verbose = "verbose" in given
    if verbose:
        call.log(f"Terminating {kind_of_job(given)}job {text}")
    if verbose or errno == slurm_errno.ESLURM_NOT_HET_JOB:
        not_killed(call, f"job id {text}", errno)
    return errno & 255 if errno == slurm_errno.ESLURM_NOT_HET_JOB else 0


def by_filters(call, ctl, filters, signum, given):
    """All jobs that the caller may cancel and that pass the filters."""
    code = 0
    found = [job for job in ctl.store.jobs(PENDING, ACTIVE)
             if (ctl.caller.admin or job.uid == ctl.caller.uid) and matches(call, job, filters)]
    if not found:
        none_matches(call, filters, given)
    for job in found:
        code |= act(call, ctl, job, None, None, signum, given, "")
    return code


def after_a_look(call, ctl, targets, filters, signum, given):
    """Jobs named beside filters or a signal: scancel looks first whether they are still
    active, and says so if not.  A task that waits stands for all that wait with it."""
    code, chosen = 0, {}
    for job_id, tasks, step, text in targets:
        for task in tasks or [None]:
            found = [job for job in find(ctl, job_id, tasks and [task]) or _alone(ctl, job_id)
                     if job.phase <= ACTIVE and job.state != "COMPLETING"]
            for job in found:
                chosen.setdefault((job.id, step), (job, step, text))
            if not found:
                code = 1
                label = str(job_id) + leading_number(text)[1] if task is None and not isinstance(job_id, tuple) else text
                if task is not None:
                    label = f"{job_id}_{task}{text[len(text.partition('.')[0]):]}"
                what = "job id" if step is None else "job step id"
                if "quiet" not in given:
                    not_killed(call, f"{what} {label}", slurm_errno.ESLURM_INVALID_JOB_ID)
    if "verbose" in given and filters and not any(matches(call, job, filters) for job, _, _ in chosen.values()):
        none_matches(call, filters, given)
    for job, step, text in chosen.values():
        if matches(call, job, filters):
            code |= act(call, ctl, job, None, step, signum, given, text)
    return code


def _alone(ctl, job_id):
    """The job that "12+3" means where scancel looks at the jobs itself: 12, if it has no such component."""
    job = ctl.store.job(job_id[0]) if isinstance(job_id, tuple) else None
    return [job] if job else []


def state_name(text, wrong="Invalid job state specified"):
    """"pd" or "pending" (-t) -> "PENDING". wrong: how the message begins. Raises Fail for what is no state."""
    word = text.upper()
    for name, short in STATE_CODES.items():
        if word in (name, short):
            return name
    raise Fail.bare(f"{wrong}: {text}\n"
                    "Valid job states are PENDING, RUNNING, and SUSPENDED")


def known_user(ctl, name):
    """The user that -u names has to exist, on this machine or among the cluster's people. Raises Fail."""
    if user_name(ctl, name) is None:
        raise Fail.error(f"Invalid user name: {name}")


def targets_of(call, word):
    """An operand -> [(job id, or (id, component), [tasks] or None, step or None, text)]: 12, 12_3,
    12_[1-4], 12_*, 12+1, 12.0, and several of them with commas between. Raises Fail."""
    found = []
    while True:
        number, rest = leading_number(word)
        if number <= 0:
            raise bad_id(word)
        job, tasks, step = atoi(word), None, None
        mark = rest[:1]
        if rest.startswith("_*"):
            rest = rest[2:]
        elif rest.startswith("_["):
            inside, bracket, rest = rest[1:].partition("]")
            if not bracket:
                raise bad_id(word)
            tasks = bracketed(call, inside + bracket, word)
        elif mark == "_":
            task, rest = counted(rest[1:], word)
            tasks = [task]
        elif mark == "+":
            offset, rest = counted(rest[1:], word)
            job = (job, offset)
        if rest.startswith("."):
            step, rest = counted(rest[1:], word)
        if rest[:1] not in ("", ","):
            raise bad_id(word)
        found.append((job, tasks, step, word[:len(word) - len(rest)]))
        if not rest:
            return found
        word = rest[1:]


def bad_id(word):
    """The Fail of what is no id."""
    return Fail.error(f"Invalid job id {word}")


def counted(text, word):
    """The number that a text begins with, 0 where there is none, and what follows. Raises Fail where
    it is negative."""
    number, rest = leading_number(text)
    if number < 0:
        raise bad_id(word)
    return number, rest


def bracketed(call, text, word):
    """"[1-3,7]" -> [1, 2, 3, 7]. Raises Fail."""
    from ..common.hostlist import BadHostlist
    try:
        return [int(number) for number in call.node_names(text)]
    except BadHostlist:
        raise bad_id(word) from None


def find(ctl, job_id, tasks):
    """The records meant by an id: a whole array when no task is named."""
    if isinstance(job_id, tuple):
        from ..slurmctld.job_mgr import components
        return [job for job in components(ctl, job_id[0]) if job.het_offset == job_id[1]]
    array = ctl.store.array_jobs(job_id)
    if not array:
        job = ctl.store.job(job_id)
        return [job] if job and tasks is None else []
    if tasks is None:
        alone = ctl.store.job(job_id)
        if alone and alone.array_id != job_id:
            return [alone]
        return array
    return [j for j in array if j.array_task in tasks
            or j.array_tasks and set(job_array.unpack(j.array_tasks)) & set(tasks)]


def matches(call, job, filters):
    """Does a job pass all filters? The nodes are looked at last, and of a list that can't be read is
    told for each job."""
    from ..common.hostlist import BadHostlist, expand
    if any(value != str(getattr(job, name)) for name, value in filters.items() if name != "nodelist"):
        return False
    if "nodelist" not in filters:
        return True
    try:
        return not set(call.node_names(filters["nodelist"])).isdisjoint(expand(job.nodelist))
    except BadHostlist:
        call.error("hostlist_pop: no hostlist given")
        return False


def act(call, ctl, job, tasks, step, signum, given, text):
    """Do it to one record; 0, or 1 after a message."""
    label = text or known_as(job)
    if step is not None and job.phase == PENDING:
        return 0
    if "interactive" in given and not confirmed(call, job, step):
        return 0
    if "verbose" in given:
        kind = kind_of_job(given) if step is None else ""
        call.log(f"Terminating {kind}job {label}" if signum is None
                 else f"Signal {signum} to {kind}job {label}")
    try:
        if step is not None and signum is None:
            ctl.cancel_step(job, step)
        elif step is not None:
            ctl.signal(job, signals.local(signum or 9), step=step)
        elif signum is None or (signum == 9 and not given.keys() & {"batch", "full"}):
            cancel(ctl, job, tasks)
        elif job.phase == PENDING:
            return 0
        else:
            ctl.signal(job, signals.local(signum), batch="batch" in given, full="full" in given)
    except Refused as refused:
        ended = refused.errno == slurm_errno.ESLURM_ALREADY_DONE
        if ended and ("quiet" in given or not text):
            return 0
        # Slurm says nothing about jobs that have ended unless asked to be verbose
        if not ended or "verbose" in given:
            what = f"job step {label}" if step is not None else f"job id {label}"
            not_killed(call, what, refused.errno)
        if refused.errno in TOLD_AS_NUMBER:
            return refused.errno & 255
        return 0 if ended else 1
    return 0


# Errors whose number is scancel's exit code, as far as a byte holds it.
TOLD_AS_NUMBER = (slurm_errno.ESLURM_NOT_WHOLE_HET_JOB, slurm_errno.ESLURM_ACCESS_DENIED)


def not_killed(call, what, errno):
    """Tell of a job or step that could not be signalled, and why."""
    call.error(f"Kill job error on {what}: {call.strerror(errno)}")


def cancel(ctl, job, tasks):
    """Cancel a job; of a waiting array only the tasks named. Raises Refused."""
    if tasks is None or not job.array_tasks or job.phase > ACTIVE:
        ctl.cancel(job)
    else:
        ctl.cancel_tasks(job, tasks)


def known_as(job):
    """A record's id as a user would write it: 12, 12_3, 12_[4-7]."""
    if not job.array_id:
        return str(job.id)
    from ..slurmctld.job_info import tasks_text
    task = job.array_task
    return f"{job.array_id}_" + (f"[{tasks_text(job.array_tasks, 0)}]" if task is None
                                 else str(task))


def confirmed(call, job, step):
    """Ask on stdout, read the answer from stdin."""
    what = (f"Cancel job_id={job.id} name={job.name} partition={job.partition} [y/n]? "
            if step is None else f"Cancel step_id={job.id}.{step} name={job.name} "
            f"partition={job.partition} [y/n]? ")
    call.print(what, end="")
    call.out.flush()
    return call.stdin.readline().strip().lower() in (b"y", b"yes")
