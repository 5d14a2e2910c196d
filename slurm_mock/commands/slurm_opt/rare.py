"""Options of a job that few ask for: checked as Slurm checks them, most of no effect here.

A mock has no burst buffers, no frequencies and no switches.  What an option says is kept where
a command shows it, and refused where Slurm refuses it.  Source: sbatch(1), slurm_opt.c's
messages; tests/conformance/transcripts/sbatch/sbatch-values.txt.
"""

from ...common import parse_time
from ...common.cpu_frequency import FREQUENCIES, GOVERNORS
from ..shared.call import Fail

# Accepted and checked as by Slurm, but the mock's jobs run alike with and without them.
WITHOUT_EFFECT = frozenset((
    "accel-bind", "acctg-freq", "bb", "bbf", "bcast-exclude", "bell", "cluster-constraint",
    "compress", "container", "context", "core-spec", "cpu-bind", "cpu-freq", "cpu_bind",
    "debugger-test", "delay-boot", "gpu-bind", "gpu-freq", "gres-flags", "ignore-pbs", "mcs-label",
    "mem-bind", "mpi", "msg-timeout", "network", "no-bell", "no-kill", "power", "profile",
    "resv-ports", "send-libs", "slurmd-debug", "switches", "thread-spec", "threads", "wait-all-nodes",
    "x11",
))
KEPT = {"bb": "burst_buffer", "container": "container", "batch": "batch_features",
        "hint": "hint", "cpu-freq": "cpu_freq", "gpu-freq": "gpu_freq", "gpu-bind": "gpu_bind"}
GPU_BIND = ("closest", "none", "single:", "map_gpu:", "mask_gpu:", "per_task:", "verbose")
MEM_BIND = ("nosort", "sort", "quiet", "q", "verbose", "v", "none", "no", "rank", "local", "map_mem",
            "mask_mem", "prefer", "p")
PROFILES = ("none", "all", "energy", "task", "lustre", "network")
SAMPLED = ("task", "energy", "network", "filesystem")
LIMITS = ("ALL", "NONE", "AS", "CORE", "CPU", "DATA", "FSIZE", "MEMLOCK", "NOFILE", "NPROC", "RSS",
          "STACK")
HINTS = """What --hint may say of an application:
  compute_bound    it computes: one task for each core, all cores of a socket
  memory_bound     it moves data: one core of each socket
  multithread      it gains from a core's further threads
  nomultithread    it does not: one thread of each core
"""
MEM_BIND_HELP = """What --mem-bind may say of a task's memory:
  local            on the socket where the task runs
  rank             by the task's rank
  map_mem:LIST, mask_mem:LIST   on these sockets, task by task
  sort, nosort     with or without sorting the pages first
  none             anywhere
  quiet, verbose   say nothing of it, or say it
"""


def take(request, name, value):
    """One such option. Raises Fail in Slurm's words."""
    check = _CHECKS.get(name)
    if check:
        check(request, name, value)
    if name in KEPT:
        setattr(request.job, KEPT[name], value)


NO_THREAD_SPEC = ("Ignoring --thread-spec since it's not allowed by configuration "
                  "(AllowSpecResourcesUsage = No)")


def _refuse(name, code=255):
    raise Fail.error(f"Invalid --{name} specification", code)


def _number(request, name, value):
    return request._count(name, value)


def _burst_buffer_file(request, name, value):
    import os
    if not os.path.isfile(request.call.path(value)):
        _refuse(name, 1)


def _switches(request, name, value):
    count, at, wait = value.partition("@")
    request.job.switches = request._count(name, count)
    try:
        request.job.switch_wait = parse_time.parse_duration(wait) if at else -1
    except parse_time.BadValue:
        _refuse(name)


def _switch_wait(request, name, value):
    try:
        request.job.switch_wait = parse_time.parse_duration(value)
    except parse_time.BadValue:
        request.job.switch_wait = -1


def _delay_boot(request, name, value):
    try:
        request.job.delay_boot = parse_time.parse_limit(value)
    except parse_time.BadValue:
        _refuse(name)


def _power(request, name, value):
    if value.lower() in ("level", ""):
        request.job.power = value.upper()
        return
    request.job.power = ""
    if not request.quiet:
        for _ in range(2):
            request.call.error(f"Ignoring unrecognized power option ({value})")


def _thread_spec(request, name, value):
    _number(request, name, value)
    if not request.quiet:
        request.call.error(NO_THREAD_SPEC)


def _gpu_freq(request, name, value):
    for part in value.lower().split(","):
        kind, _, frequency = part.rpartition("=")
        if part == "verbose":
            continue
        if kind not in ("", "memory") or not (
                frequency in FREQUENCIES or frequency.isdecimal()):
            raise Fail.error(f"Invalid --gpu-freq argument: gpu:{value}", 255)


def _gpu_bind(request, name, value):
    for part in value.lower().removeprefix("verbose,").split(";"):
        if not part.startswith(GPU_BIND):
            raise Fail.error(f"Invalid --gpu-bind argument: gpu:{value}", 255)


BAD_CPU_FREQ = "Invalid --cpu-freq argument"


def _cpu_freq(request, name, value):
    span, _, governor = value.lower().partition(":")
    words = span.split("-")
    known = all(w in FREQUENCIES or w in GOVERNORS or w.isdecimal() for w in words)
    if known and governor and len(words) == 1:
        request.call.error(f"gov on cpu-frec ({governor}) illegal without max")
        raise Fail.error(BAD_CPU_FREQ, 255)
    if not known or len(words) > 3 or (governor and governor not in GOVERNORS):
        request.call.error(f'unrecognized --cpu-freq argument "{value}"')
        raise Fail.error(BAD_CPU_FREQ, 255)


def _profile(request, name, value):
    if any(word.lower() not in PROFILES for word in value.split(",")):
        raise Fail.error(f"invalid --profile={value} option", 255)


def _acctg_freq(request, name, value):
    for part in value.split(","):
        kind, equals, seconds = part.rpartition("=")
        if not seconds.isdecimal() or (equals and kind.lower() not in SAMPLED):
            raise Fail.error(f"Invalid --acctg-freq specification: {value}", 255)
        if kind.lower() in ("", "task"):
            request.job.acctg_freq = int(seconds)


def _gres_flags(request, name, value):
    if value.lower() not in ("disable-binding", "enforce-binding"):
        _refuse(name)
    request.job.gres_binding = "Yes" if value.lower().startswith("en") else "No"


def _mem_bind(request, name, value):
    if value == "help":
        request.call.print(MEM_BIND_HELP, end="")
        raise Fail(code=255)
    for word in value.lower().split(","):
        word = word.partition(":")[0].partition("=")[0]
        if word not in MEM_BIND and not word.startswith("0x") and not word.isdecimal():
            raise Fail.error(f'unrecognized --mem-bind argument "{value}"', 255)


def _distribution(request, name, value):
    from ...common.step_layout import spelled_out
    if value.lower().startswith("plane"):
        request.job.distribution = f"plane={_plane_size(request, value)}"
        return
    try:
        request.job.distribution = spelled_out(value)
    except ValueError:
        _refuse(name)


def _plane_size(request, value):
    """The number in plane=2; of a plane that says none, the environment's."""
    equals, size = value.partition("=")[1:]
    size = size if equals else request.call.env.get("SLURM_DIST_PLANESIZE", "")
    digits = size.lstrip().removeprefix("+")
    number = parse_time.whole(digits) if digits.isdecimal() and digits.isascii() else 0
    if not 0 < number < 1 << 31:
        request.call.error("Invalid plane size or size not specified")
        _refuse("distribution")
    return number


def hint(request):
    """Take what --hint stands for; other options that say as much go before it, but not a
    variable's before one that was typed. Raises Fail."""
    given, job = request.given, request.job
    others = given.keys() & {"ntasks-per-core", "threads-per-core", "extra-node-info", "cpu-bind"}
    if "hint" in request.typed:
        others &= request.typed
        if given.get("cpu-bind", "").lower() in ("verbose", "v", "quiet", "q"):
            others -= {"cpu-bind"}       # says nothing of where
    if others:
        del given["hint"]
        job.hint = ""
        return
    job.threads_per_core = None
    for word in job.hint.split(","):
        _take_hint(request, job, word)


def _take_hint(request, job, word):
    kind = word.lower()
    if kind == "help":
        request.call.print(HINTS, end="")
        raise Fail(code=1)
    if kind not in ("compute_bound", "memory_bound", "multithread", "nomultithread"):
        raise Fail.error(f'unrecognized --hint argument "{word}", see --hint=help')
    job.threads_per_core = None if kind == "multithread" else 1
    if kind.endswith("_bound"):
        job.cores_per_socket = 1 if kind == "memory_bound" else None


def _propagate(request, name, value):
    words = (value or "ALL").split(",")
    for word in words:
        known = LIMITS[2:] if words[1:] else LIMITS
        if word.removeprefix("RLIMIT_") not in known:
            request.call.error(f"Bad rlimit name: {word}")
            raise Fail.error(f"--propagate={value} is not valid.")


def _no_kill(request, name, value):
    if value is not None and value.lower() not in ("off", "no"):
        _refuse(name)


def _get_user_env(request, name, value):
    if value and not (value[:-1] if value[-1] in "SL" else value).isdecimal():
        _refuse(name)


def _ntasks_per_gpu(request, name, value):
    request.job.ntasks_per_tres = request._count(name, value)


def _spread_job(request, name, value):
    request.job.spread_job = 1


def _immediate(request, name, value):
    zero = value is not None and value.isdecimal() and not parse_time.whole(value)
    request.immediate = 0 if zero else request._count(name, value or "1", "")


def _verbose(request, name, value):
    request.verbose += 1


_CHECKS = {
    "bbf": _burst_buffer_file, "switches": _switches,
    "switch-wait": _switch_wait, "delay-boot": _delay_boot, "power": _power,
    "thread-spec": _thread_spec, "gpu-freq": _gpu_freq, "gpu-bind": _gpu_bind,
    "cpu-freq": _cpu_freq, "profile": _profile, "acctg-freq": _acctg_freq,
    "gres-flags": _gres_flags, "mem-bind": _mem_bind, "propagate": _propagate,
    "distribution": _distribution, "no-kill": _no_kill, "get-user-env": _get_user_env, "wait-all-nodes": _number,
    "spread-job": _spread_job, "ntasks-per-gpu": _ntasks_per_gpu,
    "immediate": _immediate, "verbose": _verbose,
}


def tasks_of_gpus(job):
    """--ntasks-per-gpu: the number of tasks from that of GPUs, or the other way round."""
    each = job.ntasks_per_tres
    gpus = job.tres_per_job.rpartition(":")[2]
    if gpus.isdecimal():
        if not job.ntasks_given:
            job.ntasks, job.ntasks_given = int(gpus) * each, 1
    elif job.ntasks_given:
        job.gpus_implied = -(-job.ntasks // each)
