"""Options about what a job gets: nodes and how much of each, how the tasks are dealt out to them
and what these are bound to.

Of each what reads it (set_...) and what is told of it (tell_...), as table.Opt describes them.
Most about bindings and frequencies are of no effect: a mock binds nothing.  Source: sbatch(1),
srun(1), slurm_opt.c's messages; tests/conformance/transcripts/sbatch/sbatch-values.txt and
options/env-options.txt.
"""

from ...common import parse_time, slurm_errno
from ...common.parse_time import is_number
from ..shared.call import Fail
from .args_job import count, invalid, note_empty, number, whole

GPU_BIND = ("closest", "none", "single:", "map_gpu:", "mask_gpu:", "per_task:", "verbose")
MEM_BIND = ("nosort", "sort", "quiet", "q", "verbose", "v", "none", "no", "rank", "local",
            "map_mem", "mask_mem", "prefer", "p")
MEM_BIND_HELP = """What --mem-bind may say of a task's memory:
  local            on the socket where the task runs
  rank             by the task's rank
  map_mem:LIST, mask_mem:LIST   on these sockets, task by task
  sort, nosort     with or without sorting the pages first
  none             anywhere
  quiet, verbose   say nothing of it, or say it
"""

NO_CORE_SPEC = ("Ignoring -S since it's not allowed by configuration "
                "(AllowSpecResourcesUsage = No)")
NO_THREAD_SPEC = ("Ignoring --thread-spec since it's not allowed by configuration "
                  "(AllowSpecResourcesUsage = No)")
NO_BINDING = "cluster configuration lacks support for cpu binding"


# ---- how many ---------------------------------------------------------------------

def set_nodes(request, row, value):
    """--nodes=MIN[-MAX]: fields min_nodes, max_nodes, nodes_given. Raises Fail for a count that is none."""
    try:
        low, high = (0, 0) if value == "0" else parse_time.parse_node_range(value)
    except parse_time.BadValue:
        raise Fail.error(f'"{value}" is not a valid node count', 255) from None
    if high < low:
        raise Fail.error(f"Maximum node count {high} is less than minimum node count {low}", 255)
    job = request.job
    job.min_nodes, job.max_nodes, job.nodes_given = low, high, 1


def set_ntasks(request, row, value):
    """--ntasks: field ntasks, and that it was said. Raises Fail for no number above 0."""
    count(request, row, value)
    request.job.ntasks_given = 1


def set_cpus_per_task(request, row, value):
    """--cpus-per-task: field cpus_per_task, and that it was said. Raises Fail for no number above 0."""
    count(request, row, value)
    request.job.cpus_per_task_given = 1


def tell_mem_per_gpu(given, job):
    """--mem-per-gpu to what is started, in MiB."""
    return {"SLURM_MEM_PER_GPU": str(job.mem_per_gpu)} if job.mem_per_gpu else {}


def set_extra_node_info(request, row, value):
    """--extra-node-info=SOCKETS[:CORES[:THREADS]], any of them *: fields sockets_per_node,
    cores_per_socket, threads_per_core. Raises Fail."""
    fields = value.split(":") if value else ()
    names = ("sockets_per_node", "cores_per_socket", "threads_per_core")
    for name, field, place in zip(names, fields, ("first", "second", "third")):
        if field != "*":
            setattr(request.job, name, whole(f"{place} arg of -B", field))


def tell_threads_per_core(given, job):
    """--threads-per-core to what is started."""
    return {"SLURM_THREADS_PER_CORE": str(job.threads_per_core)} if job.threads_per_core else {}


def tell_overcommit(given, job):
    """--overcommit to what is started: that it was said."""
    return {"SLURM_OVERCOMMIT": "1"} if job.overcommit else {}


def set_core_spec(request, row, value):
    """--core-spec: without effect but for a message that it is not allowed. Raises Fail for what is no
    number."""
    number(request, row, value)
    if not request.quiet:
        request.call.error(NO_CORE_SPEC)


def set_thread_spec(request, row, value):
    """--thread-spec: the number is looked at, and a message says that it is not allowed. Raises
    Fail for no number above 0."""
    count(request, row, value)
    if not request.quiet:
        request.call.error(NO_THREAD_SPEC)


# ---- which ------------------------------------------------------------------------

def set_nodefile(request, row, value):
    """--nodefile=FILE: field req_nodes, the names that stand in the file. Raises Fail where it
    cannot be read."""
    try:
        with open(request.call.path(value), encoding="utf-8", errors="replace") as f:
            request.job.req_nodes = ",".join(f.read().split())
    except OSError as error:
        if value:
            request.call.error(f"slurm_allocate_resources error opening file {value}, {error.strerror}")
        raise Fail.error("Invalid --nodefile node file", 255) from None


def set_accel_bind(request, row, value):
    """--accel-bind=LETTERS: only looked at. Raises Fail for one that is none."""
    if not value or set(value) - set("gnv"):
        invalid(row)


def set_exclusive(request, row, value):
    """--exclusive[=user|mcs]: field exclusive. Raises Fail for another word."""
    if value not in (None, "", "user", "mcs"):
        invalid(row)
    request.job.exclusive = value or "exclusive"


def set_oversubscribe(request, row, value):
    """--oversubscribe: field exclusive, "shared"."""
    request.job.exclusive = "shared"


def set_switches(request, row, value):
    """--switches=COUNT[@TIME]: fields switches and switch_wait, in seconds (-1: not said). Raises Fail."""
    number, at, wait = value.partition("@")
    request.job.switches = whole(f"--{row.dest}", number)
    try:
        request.job.switch_wait = parse_time.parse_duration(wait) if at else -1
    except parse_time.BadValue:
        invalid(row)


def set_switch_wait(request, row, value):
    """The environment's time to wait for switches: field switch_wait, in seconds; -1 for what is none."""
    try:
        request.job.switch_wait = parse_time.parse_duration(value)
    except parse_time.BadValue:
        request.job.switch_wait = -1


def set_power(request, row, value):
    """--power=level: field power; another word is told of and left out."""
    if value.lower() in ("level", ""):
        request.job.power = value.upper()
        return
    request.job.power = ""
    if not request.quiet:
        for _ in range(2):
            request.call.error(f"Ignoring unrecognized power option ({value})")


def set_no_kill(request, row, value):
    """--no-kill[=off|no]: only looked at. Raises Fail for another word."""
    if value is not None and value.lower() not in ("off", "no"):
        invalid(row)


# ---- generic resources --------------------------------------------------------------

def _is_count(text):
    return is_number(text[:-1] if text[-1:].upper() in tuple("KMGTP") else text)


def set_gres(request, row, value):
    """--gres=NAME[:TYPE][:COUNT],...: fields gres and tres_per_node; "none": no more. Raises Fail for one
    without a name."""
    note_empty(request.job, "gres", value == "")
    if value.lower() in ("", "none"):
        request.job.gres = request.job.tres_per_node = ""
        return
    parts = [part.removeprefix("gres:") for part in value.split(",")]
    if any(not part.split(":")[0] for part in value.split(",")):
        raise Fail.error(request.call.strerror(slurm_errno.ESLURM_INVALID_GRES))
    if any(len(words) > 2 and not _is_count(words[2]) for words in (part.split(":") for part in parts)):
        raise Fail.error(request.call.strerror(slurm_errno.ESLURM_INVALID_GRES))
    request.job.gres = ",".join(parts)
    request.job.tres_per_node = ",".join(f"gres:{part}" for part in parts)


def _gpus(value):
    """"a100:2,v100" -> "gres:gpu:a100:2,gres:gpu:v100"."""
    return ",".join(f"gres:gpu:{part}" for part in value.split(","))


def set_gpus(request, row, value):
    """--gpus, --gpus-per-socket, --gpus-per-task: the row's field, a TRES per job, socket or task."""
    setattr(request.job, row.field, _gpus(value) if value else "")


def set_gpus_per_node(request, row, value):
    """--gpus-per-node=[TYPE:]COUNT,...: as --gres of these GPUs. Raises Fail."""
    if value:
        set_gres(request, row, _gpus(value).replace("gres:", ""))


def tell_gpus_per_task(given, job):
    """To a step."""
    if not _gpus_by_task(given):
        return {}
    return {"SLURMD_TRES_BIND": "gpu:per_task:" + given["gpus-per-task"].rpartition(":")[2]}


def _gpus_by_task(given):
    return (given.get("gpus-per-task") and not given.get("gpu-bind")
            and not given.get("gpus-per-node"))


def tell_ntasks_per_gpu(given, job):
    """To a step."""
    if not given.get("ntasks-per-gpu"):
        return {}
    told = {"SLURM_NTASKS_PER_TRES": given["ntasks-per-gpu"]}
    if not _gpus_by_task(given):
        told["SLURMD_TRES_BIND"] = "gpu:single:" + given["ntasks-per-gpu"]
    return told


def tasks_of_gpus(job):
    """--ntasks-per-gpu: the number of tasks from that of GPUs, or the other way round."""
    each = job.ntasks_per_tres
    gpus = job.tres_per_job.rpartition(":")[2]
    if is_number(gpus):
        if not job.ntasks_given:
            job.ntasks, job.ntasks_given = int(gpus) * each, 1
    elif job.ntasks_given:
        job.gpus_implied = -(-job.ntasks // each)


def set_gres_flags(request, row, value):
    """--gres-flags=disable-binding|enforce-binding: field gres_binding, Yes or No. Raises Fail for
    another word."""
    if value.lower() not in ("disable-binding", "enforce-binding"):
        invalid(row)
    request.job.gres_binding = "Yes" if value.lower().startswith("en") else "No"


# ---- tasks on nodes -----------------------------------------------------------------

def set_distribution(request, row, value):
    """--distribution: field distribution, its words in full, or plane=SIZE. Raises Fail for what is
    none."""
    from ...common.step_layout import spelled_out
    if value.lower().startswith("plane"):
        request.job.distribution = f"plane={_plane_size(request, row, value)}"
        return
    try:
        request.job.distribution = spelled_out(value)
    except ValueError:
        invalid(row)


def _plane_size(request, row, value):
    """The number in plane=2; of a plane that says none, the environment's."""
    equals, size = value.partition("=")[1:]
    size = size if equals else request.call.env.get("SLURM_DIST_PLANESIZE", "")
    digits = size.lstrip().removeprefix("+")
    number = parse_time.whole(digits) if is_number(digits) else 0
    if not 0 < number < 1 << 31:
        request.call.error("Invalid plane size or size not specified")
        invalid(row)
    return number


def tell_distribution(given, job):
    """--distribution to what is started: its name, and the size of a plane."""
    if not job.distribution:
        return {}
    kind, equals, rest = job.distribution.partition("=")
    told = {"SLURM_DISTRIBUTION": kind}
    if equals and kind == "plane":
        told["SLURM_DIST_PLANESIZE"] = rest
    return told


def tell_job_distribution(given, job):
    """To a job: the nodes of an arbitrary distribution, too."""
    told = tell_distribution(given, job)
    if job.distribution.startswith("arbitrary"):
        from ...common.hostlist import expand, fold
        told["SLURM_ARBITRARY_NODELIST"] = fold(expand(job.req_nodes))
    return told


# ---- words of a binding -------------------------------------------------------------

def _loudness(words):
    return "verbose" if words.split(",")[0] in ("verbose", "v") else "quiet"


def _kind(words):
    """"verbose,map_cpu:0,1" -> ("map_cpu:", "0,1")."""
    first, _, rest = words.partition(",")
    if first in ("verbose", "v", "quiet", "q"):
        words = rest
    kind, colon, places = words.partition(":")
    return kind + colon, places


def _hints(given):
    return set(filter(None, given.get("hint", "").lower().split(",")))


# ---- CPUs ---------------------------------------------------------------------------

def _cpu_bind(given, job):
    """(the option's words, kind, list) of a step's binding to CPUs, None if there is none."""
    if given.get("cpu-bind"):
        words = given["cpu-bind"].lower()
        kind, places = _kind(words)
        if kind in ("cores", "threads", "sockets", "ldoms", "boards"):
            places = words               # so Slurm keeps it, and shows it twice
        return (words, kind, places) if kind else None
    hints = _hints(given)
    for asked, kind in ((hints & {"multithread", "nomultithread"}, "threads"), (hints, "cores"),
                        (job.threads_per_core == 1, "threads"),
                        (given.get("ntasks-per-core"), "cores"),
                        (given.get("ntasks-per-socket"), "sockets")):
        if asked:
            return "", kind, ""
    return None


def set_cpu_bind(request, row, value):
    """--cpu-bind: kept as it is typed. Raises Fail for an empty one."""
    if not value:
        request.call.log(NO_BINDING)
        request.call.error('unrecognized --cpu-bind argument ""')
        raise Fail.fatal("Failed to parse --cpu-bind= values.")


def tell_cpu_bind(given, job):
    """--cpu-bind, or what others say of it, to a step: its words one by one."""
    bound = _cpu_bind(given, job)
    if not bound:
        return {}
    words, kind, places = bound
    loud = _loudness(words)
    return {"SLURM_CPU_BIND": f"{loud},{kind}{places}", "SLURM_CPU_BIND_LIST": places,
            "SLURM_CPU_BIND_TYPE": kind, "SLURM_CPU_BIND_VERBOSE": loud}


def cpu_binding(given, job):
    """How srun -v calls a step's binding to CPUs."""
    bound = _cpu_bind(given, job)
    return bound[1].rstrip(":") if bound else "(null type)"


def binds_in_vain(request):
    """Is a binding to CPUs asked for in so many words, and the cluster has none?"""
    plugins = request.call.controller.config.get("TaskPlugin", "task/none")
    return (bool(request.given.get("cpu-bind") or request.given.get("threads-per-core"))
            and "affinity" not in plugins and "cgroup" not in plugins)


def set_cpu_freq(request, row, value):
    """--cpu-freq=LOW[-HIGH[:GOVERNOR]]: field cpu_freq, as it is typed, in kHz where it is a
    number. Raises Fail for what is none."""
    from ...common.cpu_frequency import FREQUENCIES, GOVERNORS
    span, _, governor = value.lower().partition(":")
    words = span.split("-")
    known = all(w in FREQUENCIES or w in GOVERNORS or is_number(w) for w in words)
    if known and governor and len(words) == 1:
        request.call.error(f"gov on cpu-frec ({governor}) illegal without max")
        raise Fail.error("Invalid --cpu-freq argument", 255)
    if not known or len(words) > 3 or (governor and governor not in GOVERNORS):
        request.call.error(f'unrecognized --cpu-freq argument "{value}"')
        raise Fail.error("Invalid --cpu-freq argument", 255)
    request.job.cpu_freq = value


def tell_cpu_freq(given, job):
    """--cpu-freq to what is started, as Slurm writes it."""
    asked = given.get("cpu-freq")
    return {"SLURM_CPU_FREQ_REQ": frequency_text(asked)} if asked else {}


def frequency_text(text):
    """"low-high:ondemand" -> "Low-High:OnDemand"."""
    span, colon, governor = text.partition(":")
    return "-".join(map(_capital, span.split("-"))) + colon + (
        {"ondemand": "OnDemand", "powersave": "PowerSave", "userspace": "UserSpace",
         "schedutil": "SchedUtil"}.get(governor.lower(), governor.capitalize()))


def _capital(word):
    return "HighM1" if word.lower() == "highm1" else word.capitalize()


# ---- memory -------------------------------------------------------------------------

def set_mem_bind(request, row, value):
    """--mem-bind: only looked at. Raises Fail for a word that is none, and after the help that
    "help" asks for."""
    if value == "help":
        request.call.print(MEM_BIND_HELP, end="")
        raise Fail(code=255)
    for word in value.lower().split(","):
        word = word.partition(":")[0].partition("=")[0]
        if word not in MEM_BIND and not word.startswith("0x") and not is_number(word):
            raise Fail.error(f'unrecognized --mem-bind argument "{value}"', 255)


def tell_mem_bind(given, job):
    """--mem-bind to a job."""
    if not given.get("mem-bind"):
        return {}
    words = given["mem-bind"].lower()
    return {"SLURM_MEM_BIND": words, "SLURM_MEM_BIND_VERBOSE": _loudness(words)}


def tell_step_mem_bind(given, job):
    """--mem-bind to a step: its words one by one."""
    if not given.get("mem-bind"):
        return {}
    words = given["mem-bind"].lower()
    loud = _loudness(words)
    kind, places = _kind(words)
    return {"SLURM_MEM_BIND": f"{loud},{kind}{places}", "SLURM_MEM_BIND_LIST": places,
            "SLURM_MEM_BIND_TYPE": kind, "SLURM_MEM_BIND_VERBOSE": loud}


# ---- GPUs ---------------------------------------------------------------------------

def set_gpu_bind(request, row, value):
    """--gpu-bind: field gpu_bind, as it is typed. Raises Fail for what begins with no word of GPU_BIND."""
    for part in value.lower().removeprefix("verbose,").split(";"):
        if not part.startswith(GPU_BIND):
            raise Fail.error(f"Invalid --gpu-bind argument: gpu:{value}", 255)
    request.job.gpu_bind = value


def set_gpu_freq(request, row, value):
    """--gpu-freq=[memory=]FREQUENCY,...: field gpu_freq, as it is typed, in MHz where it is a
    number. Raises Fail for what is none."""
    from ...common.cpu_frequency import FREQUENCIES
    for part in value.lower().split(","):
        kind, _, frequency = part.rpartition("=")
        if part == "verbose":
            continue
        if kind not in ("", "memory") or not (
                frequency in FREQUENCIES or is_number(frequency)):
            raise Fail.error(f"Invalid --gpu-freq argument: gpu:{value}", 255)
    request.job.gpu_freq = value


def tell_gpu_freq(given, job):
    """To a step."""
    return {"SLURMD_TRES_FREQ": "gpu:" + given["gpu-freq"]} if given.get("gpu-freq") else {}


# ---- what an application is like ------------------------------------------------------

def tell_hint(given, job):
    """--hint=multithread to what is started: no limit of tasks for a core."""
    if "multithread" in _hints(given):
        return {"SLURM_NTASKS_PER_CORE": "65535"}    # as many as like to
    return {}


def tell_job_hint(given, job):
    """--hint to a job: its words, too."""
    return ({"SLURM_HINT": given["hint"]} if given.get("hint") else {}) | tell_hint(given, job)
