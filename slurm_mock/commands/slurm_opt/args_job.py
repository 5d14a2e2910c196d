"""Options about a job as a whole: when it runs, whose it is, its files and its environment.

Of each what reads it (set_...) and what is told of it (tell_...), as table.Opt describes them;
before these what many options do.  Source: sbatch(1), slurm_opt.c's messages;
tests/conformance/transcripts/sbatch/sbatch-values.txt and options/env-options.txt.
"""

from ...common import parse_time, proc_args
from ...common.records import INFINITE, UNLIMITED, Job
from ...conf.params import acctg_freq
from ..shared.call import Fail

PROFILES = ("none", "all", "energy", "task", "lustre", "network")
SAMPLED = ("task", "energy", "network", "filesystem")
LIMITS = ("ALL", "NONE", "AS", "CORE", "CPU", "DATA", "FSIZE", "MEMLOCK", "NOFILE", "NPROC", "RSS",
          "STACK")
# Fields of which an empty value says nothing.
UNSAID = ("dependency", "reservation")
MOST_THREADS = 60                # that srun recommends
# Fields of which slurmctld keeps 16 bits.
SHORT = ("cores_per_socket", "min_cpus_node", "ntasks_per_core", "ntasks_per_node", "ntasks_per_socket", "ntasks_per_tres",
         "sockets_per_node", "threads_per_core")
UNLIMITED_TASKS = ("ntasks_per_core", "ntasks_per_socket")
# What --profile=all stands for.
_PROFILES = ("Energy", "Lustre", "Network", "Task")


# ---- what many options do -----------------------------------------------------------

def invalid(row, code=255):
    """Raises Fail: the option's value can't be read. code: the command's exit code."""
    raise Fail.error(f"Invalid --{row.dest} specification", code)


def whole(name, value, positive=True):
    """A number, above 0 where it must be `positive`. name: what it is of, as the message says it. Raises Fail."""
    try:
        return proc_args.parse_int(name, value, positive)
    except proc_args.BadNumber as error:
        raise Fail.error(str(error)) from None


def count(request, row, value):
    """A number above 0; only looked at where the row has no field. Raises Fail."""
    number = whole(f"--{row.dest}", value)
    if row.field in SHORT:
        number &= 0xFFFF
        # the highest number but one says nothing, the highest of some that there is no limit
        unsaid = number == 0xFFFE or (number == 0xFFFF and row.field in UNLIMITED_TASKS)
        number = getattr(Job(), row.field) if unsaid else number
    if row.field:
        setattr(request.job, row.field, number)


def number(request, row, value):
    """A number that may be 0, and "" for that; it is only looked at. Raises Fail."""
    if value is not None:
        whole(f"--{row.dest}", value, positive=False)


def memory(request, row, value):
    """A size in MiB. Raises Fail."""
    try:
        size = proc_args.parse_memory(value)
        setattr(request.job, row.field, size & 0xFFFFFFFF if row.field == "min_tmp_disk" else size)
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


def hints(given):
    """The words of --hint among options that were given, in small letters."""
    return set(filter(None, given.get("hint", "").lower().split(",")))


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
    request.job.time_limit = UNLIMITED if minutes == INFINITE else minutes


def set_time_min(request, row, value):
    """--time-min: field time_min, in minutes. Raises Fail for what is no time."""
    request.job.time_min = _minutes(row, value)


def set_moment(request, row, value):
    """--begin, --deadline: the row's field, in seconds since the epoch. Raises Fail for what is no time."""
    from ...common.moment import BadTime, parse_when
    moment = 0
    try:
        moment = parse_when(value, request.now)
    except BadTime as error:
        request.call.err.write(f"{error}\n".encode("utf-8", "surrogateescape"))
    if not moment:
        invalid(row)
    setattr(request.job, row.field, moment)


def set_delay_boot(request, row, value):
    """--delay-boot: field delay_boot, in seconds. Raises Fail for what is no time."""
    try:
        request.job.delay_boot = parse_time.parse_duration(value) & 0xFFFFFFFF
    except parse_time.BadValue:
        invalid(row)


def set_immediate(request, row, value):
    """--immediate[=SECONDS]: how long the request may wait, 1 (at once) where nothing is said; 0:
    it need not start soon. Raises Fail."""
    request.immediate = 1 if value is None else whole(row.dest, value, positive=False)


def tell_mpi(given, job):
    """--mpi to the tasks: but for none, which needs no plugin."""
    kind = given.get("mpi", "none")
    return {"SLURM_MPI_TYPE": kind} if kind != "none" else {}


def set_quiet(request, row, value):
    """--quiet: how often it stands."""
    request.quiet += 1


def set_kill_command(request, row, value):
    """--kill-command[=SIGNAL]: only looked at. Raises Fail for what is no signal."""
    from ...common.signals import any_number
    if value is not None and not any_number(value):
        invalid(row)


def set_signal(request, row, value):
    """--signal=[B:]SIGNAL[@SECONDS]: field signal, as it is typed. Raises Fail for what is none."""
    from ...common.signals import parse_warning
    if parse_warning(value, batch=request.call.name == "sbatch") is None:
        invalid(row)
    request.job.signal = value


# ---- its place in the queue ---------------------------------------------------------

def set_hold(request, row, value):
    """--hold: field hold, "user" for one who holds his own job."""
    request.job.hold = "user"


def set_nice(request, row, value):
    """--nice[=NUMBER]: field nice, 100 where nothing is said and 0 for what begins with no number. Raises
    Fail for one beyond Slurm's range."""
    number = 100 if value is None else parse_time.strtol(value)[0]
    # of the lowest number in 64 bits C has no absolute value
    request.job.nice = 0 if number == -parse_time.LONG_MAX - 1 else number
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
    if value[:1] not in tuple("aAtT"):
        invalid(row)
    request.job.open_mode = "append" if value[0] in "aA" else "truncate"


def tell_open_mode(given, job):
    """--open-mode to what is started: its first letter."""
    return {"SLURM_OPEN_MODE": job.open_mode[0]} if job.open_mode else {}


# ---- its environment ----------------------------------------------------------------

def tell_export(given, job):
    """--export to what is started, where it is not ALL."""
    if not given.get("export") or given["export"] == "ALL":
        return {}
    # then sbatch asks for the environment of a fresh login
    return {"SLURM_EXPORT_ENV": given["export"], "SLURM_GET_USER_ENV": "1"}


def set_get_user_env(request, row, value):
    """--get-user-env[=SECONDS[S|L]]: only looked at. Raises Fail for what is no number."""
    if value and parse_time.strtol(value)[1][:1] not in ("", *"sSlL"):
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
        request.debug = whole("--verbose", value or "", positive=False)


def set_mail_type(request, row, value):
    """--mail-type=WORD,...: field mail_type; one adds to another. Raises Fail where no word is one."""
    from ...slurmctld.mail import types
    known = types(value)
    if known is None:
        invalid(row)
    request.job.mail_type = types(f"{request.job.mail_type},{known}") or ""


def set_acctg_freq(request, row, value):
    """--acctg-freq=[KIND=]SECONDS,...: field acctg_freq, those of task. Raises Fail."""
    wrong = [part for part in value.split(",") if part and not _says_frequency(part)]
    for part in wrong:
        request.call.error(f"Invalid --acctg-freq specification: {part}")
    if wrong:
        raise Fail(code=255)
    request.job.acctg_freq = acctg_freq(value)


def _says_frequency(part):
    """Is there a number, at its beginning or behind the name of what is sampled?"""
    texts = [part] + [part[part.lower().index(f"{kind}=") + len(kind) + 1:] for kind in SAMPLED if f"{kind}=" in part.lower()]
    return any(rest != text and parse_time.as_int(number) != -1
               for text in texts for number, rest in [parse_time.strtol(text)])


def set_priority(request, row, value):
    """--priority=NUMBER|TOP: only looked at, for it is an operator's. Raises Fail for one beyond Slurm's range."""
    number = 0 if value.upper() == "TOP" else parse_time.strtol(value)[0]
    if number < 0:
        raise Fail.error("Priority must be >= 0", 255)
    if number >= 0xfffffffe:
        raise Fail.error(f"Priority must be < {0xfffffffe}", 255)


def set_wait_all_nodes(request, row, value):
    """--wait-all-nodes=0|1: only looked at. Raises Fail for another number."""
    if whole(f"--{row.dest}", value, positive=False) & 0xFFFF > 1:
        invalid(row)


def set_resv_ports(request, row, value):
    """--resv-ports[=COUNT]: only looked at, under another name. Raises Fail for what is no number."""
    if value is not None:
        whole("--resv-port", value, positive=False)


def set_threads(request, row, value):
    """--threads: only looked at; srun says when it takes them for too many. Raises Fail for no number above 0."""
    number = whole("--threads", value)
    if number > MOST_THREADS:
        request.call.error(f"Thread value --threads={number} exceeds recommended limit of {MOST_THREADS}")
    if number <= 0:
        request.call.error("pmi server max threads must be greater than zero")


def set_send_libs(request, row, value):
    """--send-libs[=yes|no]: only looked at. Raises Fail for another word."""
    if value is not None and value.lower() not in ("yes", "y", "no", "n"):
        invalid(row)


def set_compress(request, row, value):
    """--compress[=lz4|none]: only looked at, and a word that is neither is told of."""
    if value is not None and value.lower() not in ("lz4", "none"):
        request.call.error(f"Compression type '{value}' unknown, disabling compression support.")


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
