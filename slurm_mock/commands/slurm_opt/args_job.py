"""Options about a job as a whole: when it runs, whose it is, its files and its environment.

Of each what reads it (set_...) and what is told of it (tell_...), as table.Opt describes them;
before these what many options do.  Source: sbatch(1), slurm_opt.c's messages;
tests/conformance/transcripts/sbatch/sbatch-values.txt and options/env-options.txt.
"""

from ...common import parse_time
from ...common.parse_time import is_number
from ...common.records import INFINITE, UNLIMITED
from ...conf.params import acctg_freq
from ..shared.call import Fail

PROFILES = ("none", "all", "energy", "task", "lustre", "network")
SAMPLED = ("task", "energy", "network", "filesystem")
LIMITS = ("ALL", "NONE", "AS", "CORE", "CPU", "DATA", "FSIZE", "MEMLOCK", "NOFILE", "NPROC", "RSS",
          "STACK")
# Fields of which an empty value says nothing.
UNSAID = ("dependency", "reservation")
# What --profile=all stands for.
_PROFILES = ("Energy", "Lustre", "Network", "Task")


# ---- what many options do -----------------------------------------------------------

def invalid(row, code=255):
    """Raises Fail: the option's value can't be read. code: the command's exit code."""
    raise Fail.error(f"Invalid --{row.dest} specification", code)


def whole(name, value):
    """A number above 0. name: what it is of, as the message says it. Raises Fail."""
    number = parse_time.whole(value) if is_number(value) else 0
    if number < 1:
        raise Fail.error(f'Invalid numeric value "{value}" for {name}.')
    return number


def count(request, row, value):
    """A number above 0; only looked at where the row has no field. Raises Fail."""
    number = whole(f"--{row.dest}", value)
    if row.field:
        setattr(request.job, row.field, number)


def number(request, row, value):
    """A number that may be 0, and "" for that; it is only looked at. Raises Fail."""
    if value and not is_number(value):
        raise Fail.error(f'Invalid numeric value "{value}" for --{row.dest}.')


def memory(request, row, value):
    """A size in MiB. Raises Fail."""
    try:
        setattr(request.job, row.field, parse_time.parse_memory(value))
    except parse_time.BadValue:
        invalid(row)


def text(request, row, value):
    """The value as it is typed, in the row's field."""
    setattr(request.job, row.field, value)
    note_empty(request.job, row.field, value == "")


def note_empty(job, field, empty):
    """Keep in the job whether an option gave the field an empty value: of some that is refused, of others shown."""
    others = [name for name in job.empty.split(",") if name not in ("", field)]
    job.empty = ",".join([*others, field] if empty and field not in UNSAID else others)


def flag(request, row, value):
    """1 in the row's field."""
    setattr(request.job, row.field, 1)


# ---- times ------------------------------------------------------------------------

def _minutes(row, value):
    try:
        return parse_time.parse_limit(value) or INFINITE
    except parse_time.BadValue:
        return invalid(row)


def set_time(request, row, value):
    """--time: field time_limit, in minutes. Raises Fail for what is no time."""
    minutes = _minutes(row, value)
    # a number of minutes that is too large is read as none, a time that is stays one
    beyond = minutes == parse_time.MOST_MINUTES and is_number(value)
    request.job.time_limit = UNLIMITED if beyond or minutes == INFINITE else minutes


def set_time_min(request, row, value):
    """--time-min: field time_min, in minutes. Raises Fail for what is no time."""
    request.job.time_min = _minutes(row, value)


def set_moment(request, row, value):
    """--begin, --deadline: the row's field, in seconds since the epoch. Raises Fail for what is no time."""
    try:
        setattr(request.job, row.field, parse_time.parse_when(value, request.now))
    except parse_time.BadValue:
        if value:
            told = parse_time.BAD_TIME.format(value=value)
            request.call.err.write((told + "\n").encode("utf-8", "surrogateescape"))
        invalid(row)


def set_delay_boot(request, row, value):
    """--delay-boot: field delay_boot, in minutes. Raises Fail for what is no time."""
    try:
        request.job.delay_boot = parse_time.parse_limit(value)
    except parse_time.BadValue:
        invalid(row)


def set_immediate(request, row, value):
    """--immediate[=SECONDS]: how long the request may wait, 1 (at once) where nothing is said; 0:
    it need not start soon. Raises Fail."""
    zero = value is not None and is_number(value) and not parse_time.whole(value)
    request.immediate = 0 if zero else whole(row.dest, value or "1")


def set_signal(request, row, value):
    """--signal=[B:]SIGNAL[@SECONDS]: field signal, as it is typed. Raises Fail for what is none."""
    from ...common.signals import parse_warning
    if parse_warning(value) is None:
        invalid(row)
    request.job.signal = value


# ---- its place in the queue ---------------------------------------------------------

def set_hold(request, row, value):
    """--hold: field hold, "user" for one who holds his own job."""
    request.job.hold = "user"


def set_nice(request, row, value):
    """--nice[=NUMBER]: field nice, 100 where nothing is said and 0 for what is no number. Raises
    Fail for one beyond Slurm's range."""
    if not value:
        request.job.nice = 100
    else:
        value = value.strip(" \t")
        number, rest = parse_time.leading_number(value)
        request.job.nice = 0 if rest else number
    if abs(request.job.nice) > 2147483645:
        raise Fail.error("Invalid --nice value, out of range (+/- 2147483645)", 255)


def set_requeue(request, row, value):
    """--requeue: field requeue, 1."""
    request.job.requeue = 1


def set_no_requeue(request, row, value):
    """--no-requeue: field requeue, 0."""
    request.job.requeue = 0


def set_kill_on_invalid_dep(request, row, value):
    """--kill-on-invalid-dep=yes|no: field kill_invalid_dep. Raises Fail for another word."""
    if value.lower() not in ("yes", "no"):
        invalid(row)
    request.job.kill_invalid_dep = value.lower()


def set_clusters(request, row, value):
    """--clusters: the cluster's own name in request.given. Raises Fail for a cluster that there is not."""
    # what was typed was looked at before, in a first reading that knows no variables
    if not request.quiet or row.dest not in request.typed:
        from ..shared.clusters_opt import chosen
        chosen(request.call, value)
    request.given["clusters"] = request.call.controller.config.get("ClusterName", "")


def for_root(request, row, value):
    """--uid, --gid: without effect. Raises Fail for all but the administrator."""
    if not request.call.controller.caller.admin:
        raise Fail.error(f"--{row.dest} only permitted by root user", 255)


# ---- its files ----------------------------------------------------------------------

def set_file(request, row, value):
    """--input, --output, --error: the row's field, a file name; "none" is /dev/null."""
    setattr(request.job, row.field, "/dev/null" if value.lower() == "none" else value)
    note_empty(request.job, row.field, value == "")


def set_open_mode(request, row, value):
    """--open-mode=append|truncate: field open_mode, the word in full. Raises Fail for another."""
    if value[:1] not in ("a", "t"):
        invalid(row)
    request.job.open_mode = "append" if value[0] == "a" else "truncate"


def tell_open_mode(given, job):
    """--open-mode to what is started: its first letter."""
    return {"SLURM_OPEN_MODE": job.open_mode[0]} if job.open_mode else {}


def set_burst_buffer_file(request, row, value):
    """--bbf=FILE: only looked at. Raises Fail where there is no such file."""
    import os
    if not os.path.isfile(request.call.path(value)):
        invalid(row, 1)


# ---- its environment ----------------------------------------------------------------

def tell_export(given, job):
    """--export to what is started, where it is not ALL."""
    if not given.get("export") or given["export"] == "ALL":
        return {}
    # then sbatch asks for the environment of a fresh login
    return {"SLURM_EXPORT_ENV": given["export"], "SLURM_GET_USER_ENV": "1"}


def set_get_user_env(request, row, value):
    """--get-user-env[=SECONDS[S|L]]: only looked at. Raises Fail for what is no number."""
    if value and not is_number(value[:-1] if value[-1] in "SL" else value):
        invalid(row)


def tell_get_user_env(given, job):
    """--get-user-env to what is started: that it was said."""
    return {"SLURM_GET_USER_ENV": "1"} if "get-user-env" in given else {}


def set_propagate(request, row, value):
    """--propagate[=LIMIT,...]: only looked at, the mock hands all limits on. Raises Fail for a
    limit that Slurm does not know."""
    words = (value or "ALL").split(",")
    for word in words:
        known = LIMITS[2:] if words[1:] else LIMITS
        if word.removeprefix("RLIMIT_") not in known:
            request.call.error(f"Bad rlimit name: {word}")
            raise Fail.error(f"--propagate={value} is not valid.")


# ---- what is said of it ---------------------------------------------------------------

def set_verbose(request, row, value):
    """-v: say more with each one that is typed; of the environment a number, which is how much the
    daemons say."""
    if row.dest in request.typed:
        request.verbose += 1
    else:
        request.debug = int(value) if value and is_number(value) else 0


def set_mail_type(request, row, value):
    """--mail-type=WORD,...: field mail_type. Raises Fail for a word that is none."""
    from ...slurmctld.mail import types
    known = types(value)
    if known is None:
        invalid(row)
    request.job.mail_type = known


def set_acctg_freq(request, row, value):
    """--acctg-freq=[KIND=]SECONDS,...: field acctg_freq, those of task. Raises Fail."""
    for part in filter(None, value.split(",")):
        kind, equals, seconds = part.rpartition("=")
        if not is_number(seconds) or (equals and kind.lower() not in SAMPLED):
            raise Fail.error(f"Invalid --acctg-freq specification: {value}", 255)
    request.job.acctg_freq = acctg_freq(value)


def set_mcs_label(request, row, value):
    """--mcs-label: kept is only whether it is empty, for no cluster of the mock's has a plugin for labels."""
    note_empty(request.job, "mcs_label", value == "")


def set_x11(request, row, value):
    """--x11[=all|batch|first|last]: only looked at, other words say nothing. Raises Fail where there is no X server
    to hand windows on to."""
    if (value or "all").lower() in ("all", "batch", "first", "last") and not request.call.env.get("DISPLAY"):
        raise Fail.error("No DISPLAY variable set, cannot setup x11 forwarding.", 255)


def set_profile(request, row, value):
    """--profile=KIND,...: only looked at. Raises Fail for a word that is none of PROFILES."""
    if any(word.lower() not in PROFILES for word in value.split(",")):
        raise Fail.error(f"invalid --profile={value} option", 255)


def tell_profile(given, job):
    """--profile to what is started: the words as Slurm writes them."""
    return {"SLURM_PROFILE": profile_text(given["profile"])} if given.get("profile") else {}


def profile_text(value):
    """"task,energy" -> "Energy,Task"."""
    words = [word.capitalize() for word in value.split(",")]
    if "All" in words:
        return ",".join(_PROFILES)
    return ",".join(sorted(words)) if "None" not in words else "None"
